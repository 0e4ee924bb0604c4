//! A link to a photo is given to somebody who has no key.

use crate::home::{Home, jpeg};
use testbed::{Server, visit};

on_plain_servers! {
    a_photo_that_is_backed_up_is_shown_to_whoever_has_its_link
}

async fn a_photo_that_is_backed_up_is_shown_to_whoever_has_its_link(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let file = home.put("Größe.jpg", &jpeg(1));
    let name = file.to_str().unwrap();
    home.ok(&["sync", "--once"]);

    let run = home.ok(&["link", name, "--expires", "1h"]);
    assert!(
        run.stderr.contains("It shows Größe.jpg to whoever has it"),
        "{run:?}"
    );
    let answer = visit(run.stdout.trim()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body, jpeg(1));
    assert_eq!(answer.content_type.as_deref(), Some("image/jpeg"));

    let said = home.json(&["link", name, "--destination", "home"]);
    assert_eq!(said["destination_name"], "home");
    assert_eq!(visit(said["url"].as_str().unwrap()).await.status, 200);
    let left = said["until"].as_i64().unwrap() - jiff::Timestamp::now().as_millisecond();
    assert!((86_000_000..=86_400_000).contains(&left), "a day: {left}");

    for word in ["8d", "0s"] {
        assert_eq!(home.run(&["link", name, "--expires", word]).code, 2);
    }
    assert_eq!(home.run(&["link", "no such photo"]).code, 2);

    // What is no longer there is not promised.
    let key = bucket
        .list_originals()
        .await
        .into_iter()
        .map(|(key, _)| key);
    let key = key.into_iter().find(|key| key.ends_with(".jpg")).unwrap();
    bucket.delete(&key).await;
    let gone = home.run(&["link", name]);
    assert_eq!(gone.code, 3, "{gone:?}");
    assert!(gone.stdout.is_empty(), "{gone:?}");
}

#[test]
fn a_folder_gives_no_link_and_neither_does_a_photo_that_is_not_safe() {
    let home = Home::new();
    home.watch_pictures();
    home.add_folder_destination("nas");
    let file = home.put("a.jpg", &jpeg(1));
    let name = file.to_str().unwrap();
    home.ok(&["sync", "--once"]);
    let run = home.run(&["link", name]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("A folder gives no links"), "{run:?}");

    home.ok(&["destination", "remove", "nas"]);
    home.add_folder_destination("other");
    let run = home.run(&["link", name]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("not backed up there yet"), "{run:?}");
}
