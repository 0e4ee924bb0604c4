//! What a check of the copies makes of the rows.

use super::*;

#[test]
fn a_copy_that_a_check_lost_goes_up_again_from_a_file_and_is_failed_without_one() {
    let rows = Rows::new();
    let nas = rows.destination("nas");
    let photo = rows.photo("a.jpg", 1);
    rows.back_up(photo, nas);
    jobs::claim(&rows.db, nas, 0, 10).unwrap();
    let held = checks::held(&rows.db, photo, nas).unwrap().unwrap();
    let withdrawn = checks::withdraw(&rows.db, &held, nas, Lost::Missing, 6).unwrap();
    assert_eq!(withdrawn, Withdrawn::Queued);
    assert_eq!(rows.state(photo), OfPhoto::Queued);
    assert_eq!(
        copies::key(&rows.db, photo, nas).unwrap().as_deref(),
        Some("2019/06/a.jpg"),
        "what is missing has its name again"
    );
    rows.vanish("a.jpg");
    assert_eq!(
        rows.state(photo),
        OfPhoto::Failed,
        "it is lost, and still shown"
    );
    let lost = crate::store::problems::of_lost(&rows.db).unwrap();
    assert_eq!((lost[0].cause, lost[0].count), (Cause::CopyMissing, 1));
}

#[test]
fn nothing_is_taken_for_a_copy_under_the_name_of_something_damaged() {
    let rows = Rows::new();
    let nas = rows.destination("nas");
    let photo = rows.photo("a.jpg", 1);
    rows.back_up(photo, nas);
    let held = checks::held(&rows.db, photo, nas).unwrap().unwrap();
    checks::withdraw(&rows.db, &held, nas, Lost::Damaged, 6).unwrap();
    assert_eq!(copies::key(&rows.db, photo, nas).unwrap(), None);
    let twin = Key::parse("2019/06/A.JPG").unwrap();
    let owner = copies::owner(&rows.db, photo, nas, &twin).unwrap();
    assert_eq!(owner, copies::Owner::Another);

    let listed = copies::Listed {
        key: "2019/06/a.jpg".into(),
        size: 10,
        name: "a.jpg".into(),
        media_type: "image/jpeg".into(),
        extension: "jpg".into(),
        when: found("a.jpg", 1).when,
    };
    let months = copies::take_listed(&rows.db, nas, &[listed], 7).unwrap();
    assert!(months.is_empty(), "its object is no photo of its own");

    // Mended at the far side: read again, it counts.
    let held = checks::held(&rows.db, photo, nas).unwrap().unwrap();
    checks::right(&rows.db, &held, nas, &PROOF, Depth::Read, 8).unwrap();
    assert_eq!(rows.state(photo), OfPhoto::BackedUp);
    assert!(copies::key(&rows.db, photo, nas).unwrap().is_some());
}

#[test]
fn a_verdict_on_a_key_that_is_no_longer_the_photos_changes_nothing() {
    let rows = Rows::new();
    let nas = rows.destination("nas");
    let photo = rows.photo("a.jpg", 1);
    rows.back_up(photo, nas);
    let held = checks::Held {
        key: "2019/06/another.jpg".into(),
        ..checks::held(&rows.db, photo, nas).unwrap().unwrap()
    };
    let withdrawn = checks::withdraw(&rows.db, &held, nas, Lost::Missing, 6).unwrap();
    assert_eq!(withdrawn, Withdrawn::Stale);
    assert_eq!(rows.state(photo), OfPhoto::BackedUp);
}

#[test]
fn what_was_read_longest_ago_is_read_first() {
    let rows = Rows::new();
    let nas = rows.destination("nas");
    let mut photos = Vec::new();
    for (name, bytes) in [("a.jpg", 1), ("b.jpg", 2), ("c.jpg", 3), ("d.jpg", 4)] {
        let photo = rows.photo(name, bytes);
        let key = Key::parse(&format!("2019/06/{name}")).unwrap();
        copies::choose(&rows.db, photo, nas, &key, 10).unwrap();
        copies::confirm(&rows.db, photo, nas, &PROOF, 5).unwrap();
        photos.push(photo);
    }
    let read = |percent: f64, now: i64| {
        let chosen = checks::to_read(&rows.db, nas, percent).unwrap();
        for photo in &chosen {
            let held = checks::held(&rows.db, *photo, nas).unwrap().unwrap();
            checks::right(&rows.db, &held, nas, &PROOF, Depth::Read, now).unwrap();
        }
        chosen
    };
    assert_eq!(read(0.0, 10), []);
    assert_eq!(read(50.0, 11), photos[..2]);
    assert_eq!(read(30.0, 12), photos[2..], "a share is rounded up");
    assert_eq!(read(1.0, 13), photos[..1], "one is the least");
    assert_eq!(read(100.0, 14).len(), 4);
}
