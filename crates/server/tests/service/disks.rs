//! Disks that are full, or may only be read: said as such, nothing half done, and on again afterwards.

use crate::client::{code, one_file, photo, post, post_old, upload};
use crate::program::{Program, eventually, files};
use std::fs;
use testbed::Disk;

fn large(seed: u64, size: usize) -> Vec<u8> {
    let mut bytes = photo(seed);
    bytes.resize(size, 7);
    bytes
}

#[tokio::test]
async fn a_full_disk_is_said_and_holds_no_half_image() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path().join("disk"), "size=5m") else {
        println!("not run: this account may not mount a small disk");
        return;
    };
    let program = Program::with(&["--folder", disk.path.to_str().unwrap()], &[]);
    //  name, size: there is room for one of the two copies that it takes; for none
    let cases = [("in the store", 3 << 20), ("on its way", 6 << 20)];
    for (name, size) in cases {
        let body = one_file("a.jpg", &large(1, size));
        let ours = post(&program, body.clone()).await;
        assert_eq!(ours.status(), 507, "{name}");
        assert_eq!(code(ours).await, "full", "{name}");
        let old = post_old(&program, body).await;
        assert!(old.status().is_server_error(), "{name}");
        assert_eq!(files(&disk.path), [""; 0], "{name}");
    }
    disk.again("size=64m");
    let accepted = upload(&program, "a.jpg", &large(1, 6 << 20)).await;
    assert!(fs::read(disk.path.join(accepted.key)).unwrap() == large(1, 6 << 20));
}

#[tokio::test]
async fn a_disk_that_may_only_be_read_is_still_shown() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(folder.path().join("disk"), "size=16m") else {
        println!("not run: this account may not mount a small disk");
        return;
    };
    let program = Program::with(&["--folder", disk.path.to_str().unwrap()], &[]);
    let accepted = upload(&program, "a.jpg", &photo(1)).await;
    eventually("its sidecar", || async {
        disk.path.join(format!("{}.meta", accepted.key)).exists()
    })
    .await;
    eventually("that nothing is being written", || async {
        disk.try_again("ro")
    })
    .await;
    let refused = post(&program, one_file("b.jpg", &photo(2))).await;
    assert_eq!(refused.status(), 503);
    assert_eq!(code(refused).await, "read_only");
    // Also by one that is started only then, which says so at once.
    let later = Program::with(&["--folder", disk.path.to_str().unwrap()], &[]);
    assert!(
        later.log().contains("nothing can be written"),
        "{}",
        later.log()
    );
    assert_eq!(crate::client::gallery(&later).await.len(), 1);
    drop(later);
    let list = crate::client::gallery(&program).await;
    assert_eq!(list.len(), 1);
    let original = reqwest::get(program.url(&format!("/{}", list[0].src)))
        .await
        .unwrap();
    assert!(original.bytes().await.unwrap() == photo(1));

    disk.again("rw");
    upload(&program, "b.jpg", &photo(2)).await;
}
