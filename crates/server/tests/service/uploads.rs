//! What becomes of an upload, and what its sender is told.

use crate::client::{
    Pairs, Part, code, fields_and_file, form, form_type, one_file, photo, post, post_old, status,
    upload,
};
use crate::program::{Program, eventually};
use remote::api::UPLOAD_MEDIA_TYPE;
use reqwest::Client;
use sha2::Digest;

fn sha256(bytes: &[u8]) -> String {
    hex::encode(sha2::Sha256::digest(bytes))
}

#[tokio::test]
async fn an_upload_is_stored_under_its_date_and_answered_in_the_clients_tongue() {
    let program = Program::monolith(&[]);
    let first = photo(1);
    let accepted = upload(&program, "IMG 1.jpg", &first).await;
    assert_eq!(accepted.key, "2024/05/IMG 1.jpg");
    assert_eq!(accepted.sha256, sha256(&first));
    assert!(!accepted.duplicate);
    let stored = program.images().join("2024/05/IMG 1.jpg");
    assert!(std::fs::read(stored).unwrap() == first);

    let old = post_old(&program, one_file("IMG 2.jpg", &photo(2))).await;
    assert_eq!(old.status(), 201);
    assert_eq!(old.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(old.text().await.unwrap(), "The image was stored.\n");
    assert!(program.images().join("2024/05/IMG 2.jpg").exists());

    // Under a stage, with a slash at the end, and with another name for the field.
    let body = form(&[Part {
        disposition: "name=\"image\"; filename=\"IMG 3.jpg\"",
        content_type: None,
        bytes: &photo(3),
    }]);
    let staged = Client::new()
        .post(program.url("/Prod/upload/"))
        .header("content-type", form_type())
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(staged.status(), 201);
    assert!(program.images().join("2024/05/IMG 3.jpg").exists());
}

#[tokio::test]
async fn the_same_bytes_are_a_duplicate_and_others_get_a_suffix() {
    let program = Program::monolith(&[]);
    let (first, second) = (photo(1), photo(2));
    let short = &sha256(&second)[..8];
    //  name, bytes, key, duplicate
    let cases = [
        ("a.jpg", &first, "2024/05/a.jpg".to_owned(), false),
        ("a.jpg", &first, "2024/05/a.jpg".to_owned(), true),
        ("a.jpg", &second, format!("2024/05/a-{short}.jpg"), false),
        ("a.jpg", &second, format!("2024/05/a-{short}.jpg"), true),
        // The same picture under another key is stored.
        ("b.jpg", &first, "2024/05/b.jpg".to_owned(), false),
    ];
    for (name, bytes, key, duplicate) in cases {
        let accepted = upload(&program, name, bytes).await;
        assert_eq!(
            (accepted.key, accepted.duplicate),
            (key, duplicate),
            "{name}"
        );
    }
    let originals = program.files();
    let originals = originals
        .iter()
        .filter(|file| file.ends_with(".jpg") && !file.starts_with(".imgn/"));
    assert_eq!(originals.count(), 3);
}

#[tokio::test]
async fn what_the_form_says_decides_where_nothing_else_is_known_and_must_be_true() {
    let program = Program::monolith(&[]);
    let plain = samples::jpeg(&samples::JpegOptions {
        seed: 9,
        ..Default::default()
    });
    let (hash, size) = (sha256(&plain), plain.len().to_string());
    let wrong = "00".repeat(32);
    //  name, fields, status, code or key
    let cases: [(&str, Pairs<'_>, u16, &str); 9] = [
        ("nothing said", &[], 201, "undated/0.jpg"),
        ("mtime", &[("mtime", "1588561321")], 201, "2020/05/1.jpg"),
        (
            "taken at",
            &[("taken_at", "2019-06-01T12:30:00"), ("mtime", "1588561321")],
            201,
            "2019/06/2.jpg",
        ),
        (
            "all of it",
            &[
                ("sha256", &hash),
                ("size", &size),
                ("type", "image/jpeg"),
                ("taken_at", "2018-01-02T03:04:05"),
                ("mtime", "1588561321.5"),
            ],
            201,
            "2018/01/3.jpg",
        ),
        ("another hash", &[("sha256", &wrong)], 422, "other_bytes"),
        ("another size", &[("size", "7")], 422, "other_bytes"),
        ("no hash", &[("sha256", "xyz")], 400, "bad_field"),
        ("no date", &[("taken_at", "soon")], 400, "bad_field"),
        ("a future field", &[("album", "x")], 201, "undated/8.jpg"),
    ];
    for (i, (name, fields, status, expected)) in cases.into_iter().enumerate() {
        let body = fields_and_file(fields, &format!("{i}.jpg"), &plain);
        let answer = post(&program, body).await;
        assert_eq!(answer.status(), status, "{name}");
        let json: serde_json::Value = answer.json().await.unwrap();
        let found = json.get("key").or(json.get("code")).unwrap();
        assert_eq!(found, expected, "{name}");
    }
}

#[tokio::test]
async fn a_refusal_is_400_for_old_clients_and_telling_for_ours() {
    let program = Program::monolith(&["--max-upload", "100K"]);
    let large = vec![0xff; 200 << 10];
    let nothing = form(&[Part {
        disposition: "name=\"sha256\"",
        content_type: None,
        bytes: b"",
    }]);
    let two = {
        let (one, other) = (photo(1), photo(2));
        let part = |bytes| Part {
            disposition: "name=\"file\"; filename=\"a.jpg\"",
            content_type: None,
            bytes,
        };
        form(&[part(&one), part(&other)])
    };
    //  name, body, our status, our code
    let cases = [
        ("no file", nothing, 400, "no_file"),
        ("empty", one_file("a.jpg", b""), 400, "empty"),
        ("text", one_file("a.txt", b"hello"), 415, "not_a_photo"),
        (
            "a film",
            one_file("a.jpg", b"\0\0\0\x18ftypisom\0\0\0\x01isomavc1"),
            415,
            "not_a_photo",
        ),
        ("two files", two, 400, "bad_form"),
        ("too large", one_file("a.jpg", &large), 413, "too_large"),
        ("no form", b"hello".to_vec(), 400, "truncated"),
    ];
    for (name, body, our_status, our_code) in cases {
        let ours = post(&program, body.clone()).await;
        assert_eq!(ours.status(), our_status, "{name}");
        assert_eq!(code(ours).await, our_code, "{name}");
        let old = post_old(&program, body).await;
        assert_eq!(old.status(), 400, "{name}");
        assert_eq!(
            old.text().await.unwrap(),
            "This cannot be stored here as an image.\n",
            "{name}"
        );
    }
    assert_eq!(program.files(), [""; 0]);
}

#[tokio::test]
async fn an_unreadable_photo_is_taken_from_our_client_alone_and_only_saved() {
    let program = Program::monolith(&[]);
    let html = b"<script>alert(1)</script>";
    let old = post_old(&program, one_file("a.jpg", html)).await;
    assert_eq!(old.status(), 400);
    assert_eq!(program.files(), [""; 0]);

    let accepted = upload(&program, "a.jpg", html).await;
    let answer = reqwest::get(program.url(&format!("/gallery/{}", accepted.key)))
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "application/octet-stream");
    assert_eq!(answer.headers()["content-disposition"], "attachment");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert!(answer.bytes().await.unwrap() == html[..]);
}

#[tokio::test]
async fn an_upload_that_was_begun_is_finished_before_the_end() {
    use std::io::{Read, Write};
    let program = Program::monolith(&[]);
    let (bytes, kind) = (photo(1), form_type());
    let body = one_file("a.jpg", &bytes);
    let head = format!(
        "POST /upload HTTP/1.1\r\nHost: localhost\r\nAccept: {UPLOAD_MEDIA_TYPE}\r\n\
         Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = std::net::TcpStream::connect(&program.address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body[..body.len() / 2]).unwrap();
    eventually("its arrival", || async {
        program
            .files()
            .iter()
            .any(|file| file.starts_with(".imgn/tmp/"))
    })
    .await;
    program.terminate();
    program.said("what was begun is finished first").await;
    eventually("that nobody else is let in", || async {
        std::net::TcpStream::connect(&program.address).is_err()
    })
    .await;
    stream.write_all(&body[body.len() / 2..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(status(&answer), Some(201), "{answer}");
    program.said("everything that was begun is finished").await;
    assert!(std::fs::read(program.images().join("2024/05/a.jpg")).unwrap() == bytes);
    let left = program.files();
    assert!(
        !left.iter().any(|file| file.starts_with(".imgn/tmp/")),
        "{left:?}"
    );
}

#[tokio::test]
async fn curl_uploads_as_the_originals_readme_says() {
    let program = Program::monolith(&[]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("photo.jpg");
    std::fs::write(&file, photo(1)).unwrap();
    let curl = |words: Vec<String>| {
        let mut command = tokio::process::Command::new("curl");
        command.args(["-s", "--noproxy", "*", "-w", "\n%{http_code}"]);
        command.args(words);
        async move {
            let output = command.output().await.expect("curl is there");
            String::from_utf8(output.stdout).unwrap()
        }
    };
    let form = format!("file=@{}", file.display());
    let said = curl(vec!["-F".into(), form, program.url("/upload")]).await;
    assert_eq!(said, "The image was stored.\n\n201");
    let listed = curl(vec![program.url("/gallery")]).await;
    assert!(listed.contains("gallery/2024/05/photo.jpg"), "{listed}");
    let none = curl(vec!["-F".into(), "file=".into(), program.url("/upload")]).await;
    assert!(none.ends_with("\n400"), "{none}");
}
