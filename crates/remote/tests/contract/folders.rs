//! What can only happen to a folder.

use crate::source::{Source, key, quiet};
use bytes::Bytes;
use remote::{Error, Folder, Marker, Put, Remote, Retry};
use std::path::Path;
use tempfile::TempDir;

async fn claimed() -> (TempDir, Folder, Marker) {
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path().to_owned());
    let (marker, _) = folder.claim().await.unwrap();
    (root, folder, marker)
}

#[tokio::test]
async fn a_folder_that_is_unmounted_between_two_photos_is_not_filled() {
    let (root, folder, marker) = claimed().await;
    let source = Source::new("photo");
    folder
        .put(&key("a.jpg"), &source.original(), &quiet)
        .await
        .unwrap();

    // An empty mount point is what is left of a disk that went away.
    let away = tempfile::tempdir().unwrap();
    let moved = away.path().join("disk");
    std::fs::rename(root.path(), &moved).unwrap();
    std::fs::create_dir(root.path()).unwrap();

    for put in [
        folder
            .put(&key("b.jpg"), &source.original(), &quiet)
            .await
            .map(drop),
        folder
            .put_derived(
                &key("a.jpg").sidecar(),
                Bytes::from_static(b"{}"),
                "application/json",
            )
            .await,
        folder
            .verify(&key("a.jpg"), 5, &source.sha256)
            .await
            .map(drop),
        folder.list(None).await.map(drop),
        folder.check(&marker).await,
    ] {
        assert!(matches!(put, Err(Error::NotMounted { .. })), "{put:?}");
    }
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 0);

    std::fs::remove_dir(root.path()).unwrap();
    assert!(matches!(
        folder.check(&marker).await,
        Err(Error::NotMounted { .. })
    ));
    std::fs::rename(&moved, root.path()).unwrap();
    folder.check(&marker).await.unwrap();
    let put = folder
        .put(&key("b.jpg"), &source.original(), &quiet)
        .await
        .unwrap();
    assert!(matches!(put, Put::Stored(_)), "{put:?}");
}

#[tokio::test]
async fn another_disk_in_the_same_place_is_another_library() {
    let (root, folder, _) = claimed().await;
    let (other, _, _) = claimed().await;
    std::fs::copy(
        other.path().join(Marker::KEY),
        root.path().join(Marker::KEY),
    )
    .unwrap();
    let put = folder
        .put(&key("a.jpg"), &Source::new("photo").original(), &quiet)
        .await;
    assert!(matches!(put, Err(Error::WrongLibrary { .. })), "{put:?}");
    assert!(!root.path().join("a.jpg").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed_out_of_a_folder() {
    let (root, folder, _) = claimed().await;
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.jpg"), "secret").unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("2024")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.jpg"), root.path().join("a.jpg"))
        .unwrap();

    let source = Source::new("photo");
    for name in ["2024/b.jpg", "a.jpg"] {
        let put = folder.put(&key(name), &source.original(), &quiet).await;
        assert!(matches!(put, Err(Error::Io { .. })), "{name}: {put:?}");
        assert_eq!(put.unwrap_err().retry(), Retry::WhenSettingsChange);
    }
    assert!(folder.get(&key("2024/secret.jpg"), 100).await.is_err());
    assert!(folder.get(&key("a.jpg"), 100).await.is_err());
    assert_eq!(folder.list(None).await.unwrap().objects, []);
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_folder_in_the_way_of_a_photo_is_left() {
    let (root, folder, _) = claimed().await;
    std::fs::create_dir(root.path().join("a.jpg")).unwrap();
    std::fs::write(root.path().join("2024"), "a file").unwrap();
    let source = Source::new("photo");
    let put = folder
        .put(&key("a.jpg"), &source.original(), &quiet)
        .await
        .unwrap();
    assert_eq!(put, Put::KeyTaken);
    let put = folder
        .put(&key("2024/b.jpg"), &source.original(), &quiet)
        .await;
    assert!(matches!(put, Err(Error::BadKey { .. })), "{put:?}");
    assert_eq!(std::fs::read(root.path().join("2024")).unwrap(), b"a file");
}

#[tokio::test]
async fn what_a_crash_left_half_written_goes_away_after_a_day() {
    let (root, folder, marker) = claimed().await;
    let temporary = root.path().join(".imgn/tmp");
    let (old, new) = (temporary.join("old"), temporary.join("new"));
    for file in [&old, &new] {
        std::fs::write(file, "half").unwrap();
    }
    let two_days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 86_400);
    std::fs::File::options()
        .write(true)
        .open(&old)
        .unwrap()
        .set_modified(two_days_ago)
        .unwrap();
    folder.check(&marker).await.unwrap();
    assert!(!old.exists() && new.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn photos_have_the_rights_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let (root, folder, _) = claimed().await;
    folder
        .put(&key("a.jpg"), &Source::new("photo").original(), &quiet)
        .await
        .unwrap();
    let ordinary = root.path().join("ordinary");
    std::fs::write(&ordinary, "").unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(root.path().join("a.jpg")), mode(ordinary));
}

/// Runs `test` on a thread without root's right to pass by what a folder's rights say.
#[cfg(target_os = "linux")]
fn as_nobody_special(test: impl Future<Output = ()> + Send + 'static) {
    use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
    let run = move || {
        let mut rights = capabilities(None).unwrap();
        rights.effective -= CapabilitySet::DAC_OVERRIDE | CapabilitySet::DAC_READ_SEARCH;
        set_capabilities(None, rights).unwrap();
        // What blocks runs on threads that this one starts, so they have no more rights.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(test);
    };
    std::thread::spawn(run).join().unwrap();
}

#[cfg(target_os = "linux")]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A state of the destination, which is said once, rather than a fault of every photo.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_may_not_be_written_any_more_is_forbidden() {
    as_nobody_special(async {
        let (root, folder, _) = claimed().await;
        let source = Source::new("photo");
        let tmp = root.path().join(".imgn/tmp");
        for path in [tmp.as_path(), root.path()] {
            set_mode(path, 0o500);
            let put = folder
                .put(&key("2024/a.jpg"), &source.original(), &quiet)
                .await;
            set_mode(path, 0o700);
            let place = root.path().display().to_string();
            assert!(
                matches!(&put, Err(Error::NoAccess { place: said, action })
                    if *said == place && action == "write"),
                "{put:?}"
            );
            assert_eq!(put.unwrap_err().retry(), Retry::WhenSettingsChange);
        }
        let put = folder
            .put(&key("2024/a.jpg"), &source.original(), &quiet)
            .await;
        assert!(matches!(put, Ok(Put::Stored(_))), "{put:?}");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_only_somebody_else_may_read_stops_no_other() {
    as_nobody_special(async {
        let (root, folder, _) = claimed().await;
        let theirs = root.path().join("a.jpg");
        std::fs::write(&theirs, "their").unwrap();
        set_mode(&theirs, 0);
        let source = Source::new("photo");
        let put = folder.put(&key("a.jpg"), &source.original(), &quiet).await;
        assert!(matches!(put, Err(Error::Io { .. })), "{put:?}");
    });
}

/// Every ext4 disk has a `lost+found` that only root may read.
#[cfg(target_os = "linux")]
#[test]
fn a_list_leaves_out_folders_that_may_not_be_read() {
    as_nobody_special(async {
        let (root, folder, _) = claimed().await;
        let lost = root.path().join("lost+found");
        std::fs::create_dir(&lost).unwrap();
        set_mode(&lost, 0);
        folder
            .put(&key("z.jpg"), &Source::new("photo").original(), &quiet)
            .await
            .unwrap();
        let page = folder.list(None).await.unwrap();
        assert_eq!(page.objects.len(), 1, "{page:?}");
        assert_eq!(page.objects[0].key, "z.jpg");

        set_mode(root.path(), 0o300);
        let listed = folder.list(None).await;
        set_mode(root.path(), 0o700);
        assert!(matches!(listed, Err(Error::NoAccess { .. })), "{listed:?}");
    });
}

/// Where a move cannot say "do not replace", an empty file reserves the name, and a crash leaves it.
#[tokio::test]
async fn an_empty_file_that_a_crash_left_under_the_key_makes_room() {
    let (root, folder, _) = claimed().await;
    let reserved = root.path().join("a.jpg");
    let file = std::fs::File::create(&reserved).unwrap();
    let source = Source::new("photo");
    let put = || async { folder.put(&key("a.jpg"), &source.original(), &quiet).await };
    // It may be filled in a moment.
    let error = put().await.unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error:?}");
    assert_eq!(error.retry(), Retry::AfterBackoff { at_least: None });

    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    file.set_modified(earlier).unwrap();
    assert!(matches!(put().await, Ok(Put::Stored(_))));
    assert_eq!(std::fs::read(&reserved).unwrap(), b"photo");
}
