//! Without a network: everything is seen, what waits is said, and it goes on by itself.

use crate::bucket::Bucket;
use crate::desk::Desk;
use crate::first_run;

#[tokio::test]
async fn a_stopped_server_leaves_the_gallery_and_the_queue_drains_when_it_is_back() {
    let mut bucket = Bucket::new().await;
    let desk = Desk::new().await.with_keys(&bucket);
    write(&desk, "before.jpg", 1);
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    window
        .tiles("the first is safe", |tiles| {
            tiles.iter().all(|t| t.state == "backed_up") && tiles.len() == 1
        })
        .await;
    window.close().await;

    bucket.stop();
    for (name, seed) in [("one.jpg", 2), ("two.jpg", 3)] {
        write(&desk, name, seed);
    }
    let window = desk.open().await;
    window
        .tiles("all three are browsable", |tiles| tiles.len() == 3)
        .await;
    window.read("[data-testid=status-line]", "Offline").await;
    window
        .read("[data-testid=status-line]", "2 photos wait")
        .await;
    window
        .click("[data-testid=tile][data-name='before.jpg']")
        .await;
    window.read("[data-testid=panel]", "before.jpg").await;
    window.see("[data-testid=lightbox] img").await;

    bucket.start_again().await;
    window
        .tiles("the queue drains by itself", |tiles| {
            tiles.len() == 3 && tiles.iter().all(|tile| tile.state == "backed_up")
        })
        .await;
    let stored = bucket.originals().await;
    assert_eq!(stored.len(), 3, "{stored:?}");
    for (name, seed) in [("before.jpg", 1), ("one.jpg", 2), ("two.jpg", 3)] {
        let key = stored
            .iter()
            .find(|key| key.ends_with(name))
            .expect("stored");
        assert_eq!(bucket.read(key).await, samples::plain(seed), "{name}");
    }
    window.close().await;
}

#[tokio::test]
async fn a_bucket_that_was_removed_is_told_by_the_photo_that_goes_up_and_nothing_is_safe_there() {
    let bucket = Bucket::new().await;
    let desk = Desk::new().await.with_keys(&bucket);
    write(&desk, "before.jpg", 1);
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    window
        .tiles("the first is safe", |tiles| {
            tiles.iter().all(|t| t.state == "backed_up") && tiles.len() == 1
        })
        .await;
    bucket.is_complete(1).await;
    let _server = bucket.remove().await;
    // It was asked a moment ago, and would not be for long.
    write(&desk, "one.jpg", 2);
    window
        .tiles("none is safe", |tiles| {
            tiles.len() == 2 && tiles.iter().all(|tile| tile.state != "backed_up")
        })
        .await;
    window.click("[data-testid=nav-storage]").await;
    window.read("main", "1 photo was safe here").await;
    window.close().await;
}

#[tokio::test]
async fn photos_that_are_only_in_the_bucket_are_shown_as_online_only() {
    let bucket = Bucket::new().await;
    let elsewhere = samples::plain(9);
    bucket
        .put("2020/02/From another machine.jpg", &elsewhere)
        .await;
    let desk = Desk::new().await;
    write(&desk, "here.jpg", 1);
    let window = desk.open().await;
    first_run::into_bucket(&window, &bucket).await;
    let tiles = window
        .tiles("both are listed", |tiles| {
            tiles.len() == 2 && tiles.iter().any(|tile| tile.state == "backed_up")
        })
        .await;
    let online = tiles
        .iter()
        .find(|tile| tile.name == "From another machine.jpg");
    assert_eq!(online.expect("it is listed").state, "online_only");
    // The bucket has no thumbnail of it either: its name stands for it.
    const CARD: &str = "[data-testid=tile][data-state=online_only]";
    window.read(CARD, "From another machine").await;
    window.click(CARD).await;
    window
        .read("[data-testid=panel]", "not on this machine")
        .await;
    assert_eq!(
        bucket.read("2020/02/From another machine.jpg").await,
        elsewhere
    );
    window.close().await;
}

fn write(desk: &Desk, name: &str, seed: u64) {
    std::fs::write(desk.pictures().join(name), samples::plain(seed)).unwrap();
}
