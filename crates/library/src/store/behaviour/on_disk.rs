//! Files that come, go, move and change while they are read.

use super::*;

#[test]
fn a_file_that_comes_back_goes_on_where_it_was() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    let (id, _) = files::find(&rows.db, rows.folder, Path::new("a.jpg"))
        .unwrap()
        .unwrap();
    rows.vanish("a.jpg");
    assert_eq!(rows.state(photo), OfPhoto::Hidden);
    files::apply(
        &rows.db,
        rows.folder,
        rows.volume(),
        &[Change::Returned { id }],
        2,
    )
    .unwrap();
    assert_eq!(rows.state(photo), OfPhoto::Queued);
    rows.back_up(photo, nas);
    assert_eq!(rows.state(photo), OfPhoto::BackedUp);
}

#[test]
fn a_file_that_changed_while_it_was_read_is_not_recorded() {
    let rows = Rows::new();
    let seen = Seen {
        device: 1,
        inode: 1,
        size: 10,
        mtime_ns: 1,
        ctime_ns: 0,
    };
    let added = Change::Added {
        path: PathBuf::from("a.jpg"),
        seen,
    };
    files::apply(&rows.db, rows.folder, rows.volume(), &[added], 0).unwrap();
    let file = files::new_files(&rows.db, 10).unwrap().remove(0);
    let photo = photos::upsert(&rows.db, &found("a.jpg", 1)).unwrap();
    //  name, how it stands there meanwhile
    let cases = [
        ("longer", Seen { size: 20, ..seen }),
        (
            "of another time",
            Seen {
                mtime_ns: 2,
                ..seen
            },
        ),
        // An edit that keeps size and time.
        (
            "changed in place",
            Seen {
                ctime_ns: 1,
                ..seen
            },
        ),
    ];
    for (name, meanwhile) in cases {
        files::modify(&rows.db, file.id, meanwhile, 1).unwrap();
        let settled = files::settle(&rows.db, &file, &Verdict::Photo(photo)).unwrap();
        assert!(!settled, "{name}");
    }
    assert_eq!(rows.state(photo), OfPhoto::Hidden);
}

#[test]
fn a_move_is_recognised_without_reading_unless_times_are_coarse() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let same = Seen {
        device: 1,
        inode: 1,
        size: 10,
        mtime_ns: 1,
        ctime_ns: 0,
    };
    assert_eq!(
        files::photo_by_identity(&rows.db, same).unwrap(),
        Some(photo)
    );
    assert_eq!(
        files::photo_by_identity(&rows.db, Seen { inode: 2, ..same }).unwrap(),
        None
    );
    let coarse = Seen {
        mtime_ns: 1_000_000_000,
        ..same
    };
    assert_eq!(files::photo_by_identity(&rows.db, coarse).unwrap(), None);
}

#[test]
fn a_folder_taken_over_by_the_one_around_it_reads_nothing_again() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let outer = folders::insert(&rows.db, Path::new("/"), FolderRole::Watched).unwrap();
    let inner = folders::get(&rows.db, rows.folder).unwrap().unwrap();
    folders::hand_over(&rows.db, &inner, outer, Path::new("/")).unwrap();
    let (_, found) = files::find(&rows.db, outer, Path::new("pictures/a.jpg"))
        .unwrap()
        .unwrap();
    assert_eq!(found, Some(photo));
    assert_eq!(rows.state(photo), OfPhoto::Indexed);
    assert_eq!(folders::tally(&rows.db, outer).unwrap().photos, 1);
}

#[test]
fn a_photo_whose_file_cannot_be_read_any_more_has_nothing_to_be_done() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    rows.destination("nas");
    let (id, _) = files::find(&rows.db, rows.folder, Path::new("a.jpg"))
        .unwrap()
        .unwrap();
    let seen = Seen {
        device: 1,
        inode: 1,
        size: 10,
        mtime_ns: 9,
        ctime_ns: 0,
    };
    files::modify(&rows.db, id, seen, 3).unwrap();
    let file = files::new_files(&rows.db, 10).unwrap().remove(0);
    let problem = Verdict::Problem {
        cause: Cause::FileUnreadable,
        detail: "permission denied".into(),
    };
    assert!(files::settle(&rows.db, &file, &problem).unwrap());
    assert_eq!(rows.state(photo), OfPhoto::Hidden);
    assert!(jobs::unfinished(&rows.db).unwrap().is_empty());
}

#[test]
fn what_is_left_out_is_listed_page_by_page() {
    let rows = Rows::new();
    for (name, kind) in [
        ("a.mov", Verdict::Video),
        ("b.txt", Verdict::Other),
        ("c.mov", Verdict::Video),
        ("d.jpg", Verdict::Empty),
        ("e.txt", Verdict::Other),
    ] {
        let seen = Seen {
            device: 1,
            inode: 1,
            size: 10,
            mtime_ns: 1,
            ctime_ns: 0,
        };
        let added = Change::Added {
            path: PathBuf::from(name),
            seen,
        };
        files::apply(&rows.db, rows.folder, rows.volume(), &[added], 0).unwrap();
        let file = files::new_files(&rows.db, 10).unwrap().remove(0);
        assert!(files::settle(&rows.db, &file, &kind).unwrap());
    }
    let page = |kind, after: Option<i64>| -> Vec<(String, i64)> {
        let after = files::FileId(after.unwrap_or(0));
        let page = files::left_out(&rows.db, kind, after, 2).unwrap();
        page.into_iter()
            .map(|file| (file.path, file.cursor))
            .collect()
    };
    let names = |page: &[(String, i64)]| -> Vec<String> {
        page.iter().map(|(path, _)| path.clone()).collect()
    };
    let others = page(LeftOut::Others, None);
    assert_eq!(names(&others), ["/pictures/b.txt", "/pictures/d.jpg"]);
    let rest = page(LeftOut::Others, Some(others[1].1));
    assert_eq!(names(&rest), ["/pictures/e.txt"]);
    let videos = page(LeftOut::Videos, None);
    assert_eq!(names(&videos), ["/pictures/a.mov", "/pictures/c.mov"]);
}
