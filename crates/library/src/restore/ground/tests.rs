use super::super::place;
use super::*;
use sha2::Digest;
use std::fs;
use std::os::unix::fs::symlink;

struct Folder {
    outside: tempfile::TempDir,
    ground: Ground,
}

impl Folder {
    fn new() -> Self {
        let outside = tempfile::tempdir().unwrap();
        let ground = Ground::open(outside.path().join("back")).unwrap();
        Self { outside, ground }
    }

    fn inside(&self, path: &str) -> PathBuf {
        self.ground.path().join(path)
    }

    fn land(&self, key: &str, bytes: &str) -> Landed {
        let file = self.ground.scratch();
        fs::write(&file, bytes).unwrap();
        let arrival = Arrival {
            file: &file,
            size: bytes.len() as u64,
            sha256: sha256(bytes),
            mtime: Some(SystemTime::UNIX_EPOCH),
        };
        self.ground.land(&place::of(key, None), &arrival).unwrap()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.inside(path)).unwrap()
    }
}

fn sha256(bytes: &str) -> Sha256 {
    sha2::Sha256::digest(bytes).into()
}

#[test]
fn a_photo_lands_once_and_replaces_nothing() {
    let folder = Folder::new();
    let here = |name: &str| Landed::Here(name.into());
    assert_eq!(folder.land("2019/06/a.jpg", "one"), here("a.jpg"));
    assert_eq!(folder.land("2019/06/a.jpg", "two"), here("a (2).jpg"));
    assert_eq!(
        folder.land("2019/06/a.jpg", "two"),
        Landed::WasThere("a (2).jpg".into())
    );
    assert_eq!(folder.read("2019/06/a.jpg"), "one");
    assert_eq!(folder.read("2019/06/a (2).jpg"), "two");
    let landed = fs::metadata(folder.inside("2019/06/a.jpg")).unwrap();
    assert_eq!(landed.modified().unwrap(), SystemTime::UNIX_EPOCH);
    let standing = |bytes: &str| {
        let place = place::of("2019/06/a.jpg", None);
        folder
            .ground
            .standing(&place, 3, Some(&sha256(bytes)))
            .unwrap()
    };
    assert_eq!(standing("two"), Standing::There);
    fs::remove_file(folder.inside("2019/06/a.jpg")).unwrap();
    assert_eq!(
        standing("two"),
        Standing::There,
        "the first name is free again"
    );
    assert_eq!(
        standing("six"),
        Standing::Absent {
            as_long: vec![sha256("two")]
        }
    );
}

#[test]
fn links_are_not_followed_and_files_are_not_folders() {
    let folder = Folder::new();
    let outside = folder.outside.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a.jpg"), "not yours").unwrap();
    symlink(&outside, folder.inside("2019")).unwrap();
    symlink(folder.inside("nowhere"), folder.inside("2020")).unwrap();
    fs::create_dir(folder.inside("2021")).unwrap();
    symlink(outside.join("a.jpg"), folder.inside("2021/a.jpg")).unwrap();
    symlink(outside.join("new.jpg"), folder.inside("2021/new.jpg")).unwrap();
    fs::write(folder.inside("2022"), "a file").unwrap();
    fs::create_dir_all(folder.inside("2023/a.jpg")).unwrap();
    for (key, lands) in [
        ("2019/a.jpg", "2019 (2)/a.jpg"),
        ("2020/a.jpg", "2020 (2)/a.jpg"),
        ("2021/a.jpg", "2021/a (2).jpg"),
        ("2021/new.jpg", "2021/new (2).jpg"),
        ("2022/a.jpg", "2022 (2)/a.jpg"),
        ("2023/a.jpg", "2023/a (2).jpg"),
        ("../../a.jpg", "%2E%2E/%2E%2E/a.jpg"),
        ("a.jpg", "a.jpg"),
        ("a.jpg/b.jpg", "a (2).jpg/b.jpg"),
    ] {
        folder.land(key, key);
        assert_eq!(folder.read(lands), key);
    }
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    assert_eq!(
        fs::read_to_string(outside.join("a.jpg")).unwrap(),
        "not yours"
    );
    assert_eq!(folder.read("2022"), "a file");
    assert_eq!(fs::read_dir(folder.outside.path()).unwrap().count(), 2);
}

#[test]
fn one_restore_at_a_time_clears_what_was_left_and_leaves_nothing() {
    let folder = Folder::new();
    let path = folder.ground.path().to_owned();
    assert!(Ground::open(path.clone()).is_err());
    fs::write(folder.ground.scratch(), "half").unwrap();
    drop(folder.ground);
    fs::write(path.join(".imgn/restore/theirs"), "kept").unwrap();
    let again = Ground::open(path.clone()).unwrap();
    let left: Vec<_> = fs::read_dir(path.join(".imgn/restore")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    fs::remove_file(path.join(".imgn/restore/theirs")).unwrap();
    drop(again);
    assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
}

#[test]
fn a_link_in_the_place_of_imgns_own_folder_is_not_used() {
    let outside = tempfile::tempdir().unwrap();
    let back = outside.path().join("back");
    fs::create_dir(&back).unwrap();
    fs::create_dir(outside.path().join("elsewhere")).unwrap();
    symlink(outside.path().join("elsewhere"), back.join(".imgn")).unwrap();
    assert!(Ground::open(back).is_err());
    assert_eq!(
        fs::read_dir(outside.path().join("elsewhere"))
            .unwrap()
            .count(),
        0
    );
}
