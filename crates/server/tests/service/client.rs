//! Clients: one that knows our media type, one that does not, and one that writes any bytes.

use crate::program::Program;
use remote::api::{Accepted, Entry, Refused, UPLOAD_MEDIA_TYPE};
use reqwest::{Client, Response, StatusCode};
use samples::{Exif, JpegOptions};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

const BOUNDARY: &str = "----------------------------imgn";

/// Names and values.
pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

/// One part of a form.
pub(crate) struct Part<'a> {
    /// What follows `form-data; `.
    pub(crate) disposition: &'a str,
    pub(crate) content_type: Option<&'a str>,
    pub(crate) bytes: &'a [u8],
}

pub(crate) fn form_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

pub(crate) fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        write!(
            body,
            "--{BOUNDARY}\r\nContent-Disposition: form-data; {}\r\n",
            part.disposition
        )
        .unwrap();
        if let Some(content_type) = part.content_type {
            write!(body, "Content-Type: {content_type}\r\n").unwrap();
        }
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(part.bytes);
        body.extend_from_slice(b"\r\n");
    }
    write!(body, "--{BOUNDARY}--\r\n").unwrap();
    body
}

/// A form with one file in it.
pub(crate) fn one_file(name: &str, bytes: &[u8]) -> Vec<u8> {
    fields_and_file(&[], name, bytes)
}

pub(crate) fn fields_and_file(fields: Pairs<'_>, name: &str, bytes: &[u8]) -> Vec<u8> {
    let names: Vec<_> = fields
        .iter()
        .map(|(name, _)| format!("name=\"{name}\""))
        .collect();
    let file = format!("name=\"file\"; filename=\"{name}\"");
    let mut parts: Vec<_> = fields
        .iter()
        .zip(&names)
        .map(|((_, value), name)| Part {
            disposition: name,
            content_type: None,
            bytes: value.as_bytes(),
        })
        .collect();
    parts.push(Part {
        disposition: &file,
        content_type: Some("image/jpeg"),
        bytes,
    });
    form(&parts)
}

/// Posts a form, as an old client does.
pub(crate) async fn post_old(program: &Program, body: Vec<u8>) -> Response {
    Client::new()
        .post(program.url("/upload"))
        .header("content-type", form_type())
        .body(body)
        .send()
        .await
        .unwrap()
}

/// Posts a form, as our client does.
pub(crate) async fn post(program: &Program, body: Vec<u8>) -> Response {
    Client::new()
        .post(program.url("/upload"))
        .header("accept", UPLOAD_MEDIA_TYPE)
        .header("content-type", form_type())
        .body(body)
        .send()
        .await
        .unwrap()
}

/// Uploads, and must succeed.
pub(crate) async fn upload(program: &Program, name: &str, bytes: &[u8]) -> Accepted {
    let answer = post(program, one_file(name, bytes)).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(answer.headers()["content-type"], UPLOAD_MEDIA_TYPE);
    answer.json().await.unwrap()
}

/// The code of a refusal.
pub(crate) async fn code(answer: Response) -> String {
    answer.json::<Refused>().await.unwrap().code
}

pub(crate) async fn gallery(program: &Program) -> Vec<Entry> {
    let answer = reqwest::get(program.url("/gallery")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

/// What a program gets that writes these bytes and reads to the end.
pub(crate) fn raw(program: &Program, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(&program.address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let mut writer = stream.try_clone().unwrap();
    let request = request.to_vec();
    // One that is refused early may not be read to its end.
    let writing = std::thread::spawn(move || {
        if writer.write_all(&request).is_ok() {
            drop(writer.shutdown(Shutdown::Write));
        }
    });
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..read]);
    }
    writing.join().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of an answer as it came over the wire; none: there was no answer.
pub(crate) fn status(answer: &str) -> Option<u16> {
    answer.split(' ').nth(1)?.parse().ok()
}

/// A small photo, taken in May 2024.
pub(crate) fn photo(seed: u64) -> Vec<u8> {
    samples::jpeg(&JpegOptions {
        seed,
        exif: Exif {
            taken_at: Some("2024-05-04T12:30:00".parse().unwrap()),
            ..Exif::default()
        },
        ..JpegOptions::default()
    })
}
