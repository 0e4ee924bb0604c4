//! Requests that are meant to harm: each refused, nothing written, and the server goes on.

use crate::client::{Part, code, form, form_type, one_file, photo, post, post_old, raw, status};
use crate::program::Program;
use remote::api::UPLOAD_MEDIA_TYPE;
use std::io::Write;

/// A PNG whose header says 100,000 × 100,000.
fn bomb() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        png.extend_from_slice(&u32::try_from(data.len()).unwrap().to_be_bytes());
        png.extend_from_slice(kind);
        png.extend_from_slice(data);
        png.extend_from_slice(&crc(&[kind, data].concat()).to_be_bytes());
    };
    let side = 100_000_u32.to_be_bytes();
    chunk(b"IHDR", &[&side[..], &side[..], &[8, 0, 0, 0, 0]].concat());
    chunk(b"IDAT", &[0; 4096]);
    chunk(b"IEND", &[]);
    png
}

/// As in the PNG specification, annex D.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                0xedb8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            }
        })
    })
}

#[tokio::test]
async fn hostile_uploads_are_refused_and_nothing_is_written() {
    let program = Program::monolith(&[]);
    let good = photo(1);
    let named = |disposition| {
        form(&[Part {
            disposition,
            content_type: Some("image/jpeg"),
            bytes: &good,
        }])
    };
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let html = b"<!doctype html><script>alert(1)</script>";
    let long_header = format!("name=\"file\"; filename=\"{}.jpg\"", "a".repeat(200_000));
    let many: Vec<_> = (0..100)
        .map(|_| Part {
            disposition: "name=\"x\"",
            content_type: None,
            bytes: b"1",
        })
        .collect();
    //  name, body, code for our client, or none where it may be stored
    let cases = [
        ("no filename", named("name=\"file\""), Some("no_filename")),
        (
            "an empty filename",
            named("name=\"file\"; filename=\"\""),
            Some("no_filename"),
        ),
        (
            "up and away",
            named("name=\"file\"; filename=\"../../a.jpg\""),
            Some("bad_filename"),
        ),
        (
            "absolute",
            named("name=\"file\"; filename=\"/etc/a.jpg\""),
            Some("bad_filename"),
        ),
        (
            "up with backslashes",
            named("name=\"file\"; filename=\"..\\..\\a.jpg\""),
            Some("bad_filename"),
        ),
        ("a name without end", named(&long_header), Some("bad_form")),
        ("fields without end", form(&many), Some("bad_form")),
        (
            "a script in an SVG",
            one_file("a.svg", svg),
            Some("not_a_photo"),
        ),
        ("an SVG named .jpg", one_file("a.jpg", svg), None),
        ("HTML named .jpg", one_file("a.jpg", html), None),
        ("HTML", one_file("a.html", html), Some("not_a_photo")),
        (
            "a bomb",
            one_file("a.png", &bomb()),
            Some("too_many_pixels"),
        ),
        ("0 bytes", one_file("a.jpg", b""), Some("empty")),
    ];
    for (name, body, expected) in cases {
        let old = post_old(&program, body.clone()).await;
        assert_eq!(old.status(), 400, "{name}");
        let text = old.text().await.unwrap();
        assert_eq!(text, "This cannot be stored here as an image.\n", "{name}");
        if let Some(expected) = expected {
            let ours = post(&program, body).await;
            assert!(ours.status().is_client_error(), "{name}");
            assert_eq!(code(ours).await, expected, "{name}");
        }
        assert_eq!(program.files(), [""; 0], "{name}");
    }
    let after = post(&program, one_file("a.jpg", &good)).await;
    assert_eq!(after.status(), 201);
}

#[tokio::test]
async fn requests_that_are_none_are_refused_over_the_wire() {
    let program = Program::monolith(&["--max-upload", "1M", "--patience", "1s"]);
    let kind = form_type();
    let body = one_file("a.jpg", &photo(1));
    let upload = |headers: &str, body: &[u8]| {
        let mut request = format!(
            "POST /upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"
        )
        .into_bytes();
        request.extend_from_slice(body);
        request
    };
    let length = body.len();
    let mut headers = b"GET /gallery HTTP/1.1\r\nHost: localhost\r\n".to_vec();
    for i in 0..10_000 {
        write!(headers, "X-{i}: {}\r\n", "a".repeat(1000)).unwrap();
    }
    let mut chunked = Vec::new();
    for _ in 0..64 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend_from_slice(&[b'a'; 0x10000]);
        chunked.extend_from_slice(b"\r\n");
    }
    let part_headers = {
        let mut body = b"------------------------------imgn\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n".to_vec();
        body.extend_from_slice(format!("X: {}\r\n\r\n", "a".repeat(900_000)).as_bytes());
        body
    };
    //  name, request, statuses
    let cases: [(&str, Vec<u8>, &[u16]); 9] = [
        ("10 MB of headers", headers, &[431]),
        (
            "a body that ends early",
            upload(
                &format!("Content-Type: {kind}\r\nContent-Length: {length}"),
                &body[..length / 2],
            ),
            &[400],
        ),
        (
            "a form that ends early",
            upload(
                &format!("Content-Type: {kind}\r\nContent-Length: {}", length / 2),
                &body[..length / 2],
            ),
            &[400],
        ),
        (
            "headers of a part without end",
            upload(
                &format!(
                    "Content-Type: {kind}\r\nContent-Length: {}",
                    part_headers.len()
                ),
                &part_headers,
            ),
            &[400],
        ),
        (
            "a length beyond the limit",
            upload(
                &format!("Content-Type: {kind}\r\nContent-Length: 99999999999"),
                b"",
            ),
            &[400],
        ),
        (
            "chunks beyond the limit",
            upload(
                &format!("Content-Type: {kind}\r\nTransfer-Encoding: chunked"),
                &chunked,
            ),
            &[400],
        ),
        (
            "no type",
            upload(&format!("Content-Length: {length}"), &body),
            &[400],
        ),
        (
            "two lengths",
            upload(
                &format!("Content-Type: {kind}\r\nContent-Length: {length}\r\nContent-Length: 5"),
                &body,
            ),
            &[400],
        ),
        (
            "no HTTP",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
            &[400],
        ),
    ];
    for (name, request, statuses) in cases {
        let answer = raw(&program, &request);
        let found = status(&answer);
        assert!(
            found.is_some_and(|found| statuses.contains(&found)),
            "{name}: {answer:?}"
        );
        assert_eq!(program.files(), [""; 0], "{name}");
    }
    let silent = format!(
        "POST /upload HTTP/1.1\r\nHost: localhost\r\nAccept: {UPLOAD_MEDIA_TYPE}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut stream = std::net::TcpStream::connect(&program.address).unwrap();
    stream.write_all(silent.as_bytes()).unwrap();
    stream.write_all(&body[..length / 2]).unwrap();
    let mut answer = [0; 4096];
    let read = std::io::Read::read(&mut stream, &mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert_eq!(
        status(&answer),
        Some(408),
        "a sender that falls silent: {answer}"
    );
    assert_eq!(program.files(), [""; 0]);
    let health = reqwest::get(program.url("/healthz")).await.unwrap();
    assert_eq!(health.status(), 200);
}

#[tokio::test]
async fn hostile_metadata_is_nothing_in_the_gallerys_text() {
    let program = Program::monolith(&[]);
    let text = "<img src=x onerror=alert('x')>`&";
    let photo = samples::jpeg(&samples::JpegOptions {
        exif: samples::Exif {
            description: Some(text.to_owned()),
            make: Some(text.to_owned()),
            ..Default::default()
        },
        ..Default::default()
    });
    let accepted = crate::client::upload(&program, "'><b>.jpg", &photo).await;
    crate::program::eventually("its metadata", || async {
        program
            .images()
            .join(format!("{}.meta", accepted.key))
            .exists()
    })
    .await;
    let answer = reqwest::get(program.url("/gallery")).await.unwrap();
    let raw = answer.text().await.unwrap();
    assert!(raw.is_ascii());
    assert!(!raw.contains(['<', '>', '\'', '&', '`']), "{raw}");
    let list: Vec<remote::api::Entry> = serde_json::from_str(&raw).unwrap();
    assert_eq!(list[0].meta, "96x64");
    let metadata = list[0].metadata.as_ref().unwrap();
    assert_eq!(metadata["description"], text);
}
