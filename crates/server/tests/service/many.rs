//! Many clients at once: no error, every image once, memory that does not grow with them.

use crate::client::{form_type, gallery, one_file, photo, post};
use crate::program::{Program, eventually};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use tokio::task::JoinSet;

const CLIENTS: u64 = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_at_once_are_all_served_and_every_image_gets_its_metadata() {
    let program = std::sync::Arc::new(Program::monolith(&[]));
    let mut uploads = JoinSet::new();
    for client in 0..CLIENTS {
        let program = std::sync::Arc::clone(&program);
        uploads.spawn(async move {
            let answer = post(&program, one_file(&format!("{client}.jpg"), &photo(client))).await;
            assert_eq!(answer.status(), 201);
        });
    }
    while let Some(done) = uploads.join_next().await {
        done.unwrap();
    }
    eventually("metadata of all", || async {
        gallery(&program)
            .await
            .iter()
            .all(|entry| entry.metadata.is_some())
    })
    .await;
    let hashes: BTreeSet<_> = gallery(&program)
        .await
        .into_iter()
        .map(|entry| entry.sha256.unwrap())
        .collect();
    assert_eq!(hashes.len() as u64, CLIENTS);
    let left = program.files();
    assert!(!left.iter().any(|file| file.starts_with(".imgn/tmp/")));
}

/// Two hundred uploads of 8 MB are 1.6 GB; those who are half done hold a buffer each.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_does_not_grow_with_what_is_on_its_way() {
    const SIZE: usize = 8 << 20;
    let program = std::sync::Arc::new(Program::monolith(&[]));
    let mut body = photo(1);
    body.resize(SIZE, 7);
    let body = std::sync::Arc::new(one_file("a.jpg", &body));
    let head = format!(
        "POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        form_type(),
        body.len()
    );
    let head = std::sync::Arc::new(head);
    let mut uploads = JoinSet::new();
    for _ in 0..CLIENTS {
        let (program, head, body) = (program.clone(), head.clone(), body.clone());
        uploads.spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(&program.address).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body[..SIZE / 8]).unwrap();
            stream
        });
    }
    let halfway = uploads.join_all().await;
    assert_eq!(halfway.len() as u64, CLIENTS);
    let mut whole = JoinSet::new();
    for mut stream in halfway.into_iter().take(20) {
        let body = body.clone();
        whole.spawn_blocking(move || {
            stream.write_all(&body[SIZE / 8..]).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        });
    }
    while let Some(done) = whole.join_next().await {
        done.unwrap();
    }
    // Those that were sent are 1.6 times 200 MB; all of them would be 1.6 GB.
    let memory = program.memory();
    assert!(memory < 200 << 20, "{} MB", memory >> 20);
}
