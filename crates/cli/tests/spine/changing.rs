//! Files that change while they go up: what arrives is one of the versions, never a mixture.

use crate::gate::Gate;
use crate::home::{Home, eventually, interrupt, large_jpeg, originals, rest, sha256};
use std::fs;
use std::path::Path;
use testbed::Server;

/// More than the system keeps in its own buffers: the rest is read from the file later.
const PHOTO: usize = 24 << 20;
/// What has passed when the file changes.
const BEGUN: u64 = 2 << 20;

on_plain_servers! {
    a_photo_rewritten_while_it_goes_up_arrives_as_it_is_now
    a_photo_rewritten_under_the_same_size_and_date_arrives_as_it_is_now
    a_photo_cut_short_while_it_goes_up_arrives_as_it_is_now
    a_photo_replaced_by_another_file_while_it_goes_up_is_not_mixed_with_it
}

async fn a_photo_rewritten_while_it_goes_up_arrives_as_it_is_now(server: Server) {
    let new = large_jpeg(2, PHOTO + 1);
    changed_while_it_goes_up(server, &new, |path| fs::write(path, &new).unwrap()).await;
}

/// Only the bytes tell: nothing else of the file is different.
async fn a_photo_rewritten_under_the_same_size_and_date_arrives_as_it_is_now(server: Server) {
    let new = large_jpeg(2, PHOTO);
    let rewrite = |path: &Path| {
        let before = fs::metadata(path).unwrap().modified().unwrap();
        // Without O_TRUNC the size is never another one, either.
        let file = fs::File::options().write(true).open(path).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, &new, 0).unwrap();
        file.set_modified(before).unwrap();
    };
    changed_while_it_goes_up(server, &new, rewrite).await;
}

async fn a_photo_cut_short_while_it_goes_up_arrives_as_it_is_now(server: Server) {
    let new = large_jpeg(1, PHOTO)[..PHOTO / 2].to_vec();
    let cut = |path: &Path| {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_len(PHOTO as u64 / 2).unwrap();
    };
    changed_while_it_goes_up(server, &new, cut).await;
}

async fn a_photo_replaced_by_another_file_while_it_goes_up_is_not_mixed_with_it(server: Server) {
    let new = large_jpeg(2, PHOTO);
    let replace = |path: &Path| {
        let beside = path.with_extension("new");
        fs::write(&beside, &new).unwrap();
        rest(&beside);
        fs::rename(beside, path).unwrap();
    };
    changed_while_it_goes_up(server, &new, replace).await;
}

/// `change` strikes when a part of the old photo has passed and the rest is not yet read; `new` is
/// what the file then holds.
async fn changed_while_it_goes_up(server: Server, new: &[u8], change: impl FnOnce(&Path)) {
    let bucket = server.bucket().await;
    let gate = Gate::start(&bucket.endpoint.url).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.add_bucket(&bucket.endpoint, &gate.url(), &bucket.name);
    let old = large_jpeg(1, PHOTO);
    let path = home.put("a.jpg", &old);
    gate.allow(BEGUN);
    let mut watch = home.spawn(&["sync", "--watch"]);
    gate.stands_still().await;
    change(&path);
    gate.open();
    eventually("the photo is there as it is now", async || {
        originals(&bucket).await.contains_key(&sha256(new))
    })
    .await;
    interrupt(watch.id());
    assert_eq!(watch.wait().unwrap().code(), Some(0));

    home.ok(&["sync", "--once"]);
    // The old one may have been read to its end, from the file that was open.
    let versions = [sha256(&old), sha256(new)];
    let there = originals(&bucket).await;
    assert!(
        there
            .iter()
            .all(|(found, keys)| versions.contains(found) && keys.len() == 1),
        "{there:?}"
    );
    assert_eq!(home.states()["a.jpg"], "backed_up");
}
