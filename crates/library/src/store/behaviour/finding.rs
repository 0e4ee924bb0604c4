//! What is found: by words, places, dates and filters, also after everything that changes rows.

use super::{PROOF, Rows};
use crate::dates;
use crate::store::copies::{self, Listed, Origin};
use crate::store::folders::{self, FolderRole};
use crate::store::jobs::{self, JobKind};
use crate::store::photos::{self, PhotoId, Thumb, When};
use crate::store::search::{self, Filter, Place};
use crate::store::timeline::Cursor;
use crate::view::{Days, StateFilter};
use media::Metadata;
use remote::Key;
use std::path::Path;

impl Rows {
    /// A photo of a camera, in a month, with words of a person.
    fn described(&self, name: &str, bytes: u8, month: &str, metadata: Metadata) -> PhotoId {
        let photo = self.photo(name, bytes);
        self.db
            .execute(
                "UPDATE photo SET name = ?2, month = ?3, sort_at = ?4, metadata = ?5 WHERE id = ?1",
                rusqlite::params![
                    photo.0,
                    Path::new(name).file_name().unwrap().to_str(),
                    month,
                    if month.is_empty() {
                        String::new()
                    } else {
                        format!("{month}-15T12:00:00")
                    },
                    serde_json::to_string(&metadata).unwrap()
                ],
            )
            .unwrap();
        photo
    }

    fn find(&self, filter: &Filter) -> Vec<PhotoId> {
        let months = search::months(&self.db, filter).unwrap();
        let mut all = Vec::new();
        for (month, count) in months {
            let ids = search::ids(&self.db, filter, &month).unwrap();
            let tiles = search::tiles(&self.db, filter, &month, None, 1000).unwrap();
            assert_eq!(ids.len(), count as usize, "{month} of {filter:?}");
            assert_eq!(ids, tiles.iter().map(|row| row.id).collect::<Vec<_>>());
            all.extend(ids);
        }
        all
    }

    fn find_words(&self, text: &str) -> Vec<PhotoId> {
        self.find(&Filter {
            words: dates::words(text),
            ..Filter::default()
        })
    }
}

fn shot_with(model: &str) -> Metadata {
    let mut metadata = Metadata::default();
    metadata.camera.make = Some("FUJIFILM".into());
    metadata.camera.model = Some(model.into());
    metadata
}

#[test]
fn words_are_found_in_names_cameras_places_and_captions() {
    let rows = Rows::new();
    let lake = rows.described(
        "2019/Zürichsee/IMG_2041.jpg",
        1,
        "2019-06",
        shot_with("X100V"),
    );
    let mut captioned = shot_with("GFX 50R");
    captioned.title = Some("Quiet \"evening\"".into());
    captioned.keywords = vec!["Bodensee".into(), "family".into()];
    let evening = rows.described("DSCF0007.RAF", 2, "2020-01", captioned);
    //  typed, found
    let cases: &[(&str, &[PhotoId])] = &[
        ("img_20", &[lake]),
        ("2041", &[lake]),
        ("x100", &[lake]),
        ("fuji", &[evening, lake]),
        ("fujifilm gfx", &[evening]),
        ("zurich", &[lake]),
        ("ZÜRICHSEE", &[lake]),
        ("zu\u{308}rich", &[lake]),
        ("pictures", &[evening, lake]),
        ("bodensee family", &[evening]),
        ("bodensee x100", &[]),
        ("evening", &[evening]),
        ("\"quiet evening\"", &[evening]),
        ("\"evening quiet\"", &[]),
        ("\"qui\"", &[]),
        ("NEAR(a) OR *", &[]),
        ("zqm201906", &[]),
        ("!!", &[evening, lake]),
    ];
    for (typed, expected) in cases {
        assert_eq!(rows.find_words(typed), *expected, "{typed:?}");
    }
}

#[test]
fn words_follow_the_files_and_the_objects() {
    let rows = Rows::new();
    let photo = rows.described("Lake/a.jpg", 1, "2019-06", Metadata::default());
    let nas = rows.destination("nas");
    photos::refresh_all(&rows.db).unwrap();
    rows.back_up(photo, nas);
    assert_eq!(rows.find_words("lake"), [photo]);
    rows.vanish("Lake/a.jpg");
    photos::refresh(&rows.db, photo).unwrap();
    assert_eq!(rows.find_words("lake"), [], "the file has gone");
    assert_eq!(rows.find_words("2019"), [photo], "its key is its place now");
    let listed = Listed {
        key: "Holiday/b.jpg".into(),
        size: 3,
        name: "b.jpg".into(),
        media_type: "image/jpeg".into(),
        extension: "jpg".into(),
        when: When {
            month: "2020-01".into(),
            sort_at: "2020-01-01T00:00:00".into(),
        },
    };
    copies::take_listed(&rows.db, nas, &[listed], 7).unwrap();
    let online = rows.find_words("holiday");
    assert_eq!(online.len(), 1);
    photos::learn(
        &rows.db,
        online[0],
        Some(&[9; 32]),
        &shot_with("X100V"),
        None,
    )
    .unwrap();
    assert_eq!(rows.find_words("x100v"), online);
    photos::merge(&rows.db, online[0], photo).unwrap();
    assert_eq!(
        rows.find_words("x100v"),
        [],
        "a row that is gone is not found"
    );
}

#[test]
fn filters_hold_together() {
    let rows = Rows::new();
    let june = rows.described("a/x.jpg", 1, "2019-06", shot_with("X100V"));
    let winter = rows.described("a/b/y.jpg", 2, "2020-01", shot_with("X100V"));
    let undated = rows.described("ab/z.png", 3, "", Metadata::default());
    rows.db
        .execute(
            "UPDATE photo SET media_type = 'image/png' WHERE id = ?1",
            [undated.0],
        )
        .unwrap();
    photos::set_favourite(&rows.db, winter, true).unwrap();
    let all = Filter::default();
    let at = |below: &str| {
        Some(Place {
            folder: rows.folder.0,
            below: below.into(),
        })
    };
    let between = |from: &str, to: &str| {
        vec![Days::Between {
            from: from.into(),
            to: to.into(),
        }]
    };
    let every = |from: &str, to: &str| {
        vec![Days::EveryYear {
            from: from.into(),
            to: to.into(),
        }]
    };
    let cases: Vec<(&str, Filter, Vec<PhotoId>)> = vec![
        ("everything", all.clone(), vec![winter, june, undated]),
        (
            "a day",
            Filter {
                days: between("2019-06-15", "2019-06-15"),
                ..all.clone()
            },
            vec![june],
        ),
        (
            "the day after",
            Filter {
                days: between("2019-06-16", "2019-06-30"),
                ..all.clone()
            },
            vec![],
        ),
        (
            "summers",
            Filter {
                days: every("06-01", "08-31"),
                ..all.clone()
            },
            vec![june],
        ),
        (
            "winters",
            Filter {
                days: every("12-01", "02-29"),
                ..all.clone()
            },
            vec![winter],
        ),
        (
            "favourites",
            Filter {
                favourite: true,
                ..all.clone()
            },
            vec![winter],
        ),
        (
            "a folder",
            Filter {
                place: at("a"),
                ..all.clone()
            },
            vec![winter, june],
        ),
        (
            "a folder in it",
            Filter {
                place: at("a/b"),
                ..all.clone()
            },
            vec![winter],
        ),
        (
            "the watched folder",
            Filter {
                place: at(""),
                ..all.clone()
            },
            vec![winter, june, undated],
        ),
        (
            "a format",
            Filter {
                formats: vec!["image/png".into()],
                ..all.clone()
            },
            vec![undated],
        ),
        (
            "not safe",
            Filter {
                states: vec![StateFilter::NotSafe],
                ..all.clone()
            },
            vec![winter, june, undated],
        ),
        (
            "online only",
            Filter {
                states: vec![StateFilter::OnlineOnly],
                ..all.clone()
            },
            vec![],
        ),
        (
            "words in a folder",
            Filter {
                words: dates::words("x100"),
                place: at("a/b"),
                ..all.clone()
            },
            vec![winter],
        ),
        (
            "words of a summer",
            Filter {
                words: dates::words("x100"),
                days: every("06-01", "08-31"),
                ..all.clone()
            },
            vec![june],
        ),
    ];
    for (name, filter, expected) in cases {
        assert_eq!(rows.find(&filter), expected, "{name}");
    }
    let names = |below: &str| search::subfolders(&rows.db, &at(below).unwrap(), 10).unwrap();
    assert_eq!(names(""), [b"a".to_vec(), b"ab".to_vec()]);
    assert_eq!(names("a"), [b"b".to_vec()]);
    let formats = search::formats(&rows.db).unwrap();
    let formats: Vec<_> = formats
        .iter()
        .map(|it| (it.media_type.as_str(), it.count))
        .collect();
    assert_eq!(formats, [("image/jpeg", 2), ("image/png", 1)]);
}

#[test]
fn a_photo_in_a_removed_folder_is_not_found_there() {
    let rows = Rows::new();
    let other = folders::insert(&rows.db, Path::new("/other"), FolderRole::Watched).unwrap();
    rows.photo("a.jpg", 1);
    let place = Some(Place {
        folder: other.0,
        below: Vec::new(),
    });
    assert_eq!(
        rows.find(&Filter {
            place,
            ..Filter::default()
        }),
        []
    );
}

#[test]
fn pages_of_what_is_found_go_on_from_a_key_and_miss_none() {
    let rows = Rows::new();
    let photos: Vec<PhotoId> = (1..=7)
        .map(|n| rows.photo(&format!("{n}.jpg"), n))
        .collect();
    for filter in [
        Filter::default(),
        Filter {
            words: dates::words("jpg"),
            ..Filter::default()
        },
    ] {
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = search::tiles(&rows.db, &filter, "2019-06", cursor.as_ref(), 3).unwrap();
            let Some(last) = page.last() else { break };
            cursor = Some(Cursor {
                sort_at: last.sort_at.clone(),
                id: last.id.0,
            });
            seen.extend(page.iter().map(|row| row.id));
        }
        let newest_first: Vec<PhotoId> = photos.iter().rev().copied().collect();
        assert_eq!(seen, newest_first);
    }
}

#[test]
fn a_favourite_raises_the_sidecar_also_while_one_is_being_written() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    photos::refresh_all(&rows.db).unwrap();
    photos::set_thumb(&rows.db, photo, Thumb::None, None, None).unwrap();
    rows.back_up(photo, nas);
    let job = rows.only_job(nas);
    assert_eq!(job.kind, JobKind::Sidecar);
    let written = photos::get(&rows.db, photo).unwrap().unwrap().rev;
    assert!(photos::set_favourite(&rows.db, photo, true).unwrap());
    assert!(
        !photos::set_favourite(&rows.db, photo, true).unwrap(),
        "it is one already"
    );
    jobs::finish_sidecar(&rows.db, &job, written).unwrap();
    let again = rows.only_job(nas);
    let photo_now = photos::get(&rows.db, photo).unwrap().unwrap();
    assert_eq!((photo_now.favourite, photo_now.rev), (true, 2));
    jobs::finish_sidecar(&rows.db, &again, photo_now.rev).unwrap();
    assert_eq!(jobs::claim(&rows.db, nas, 0, 10).unwrap(), []);
    photos::set_favourite(&rows.db, photo, false).unwrap();
    assert_eq!(rows.only_job(nas).kind, JobKind::Sidecar);
}

#[test]
fn what_another_machine_said_last_is_learnt_and_what_was_said_here_later_stands() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let favourite = || photos::get(&rows.db, photo).unwrap().unwrap().favourite;
    photos::learn_favourite(&rows.db, photo, true, 3).unwrap();
    assert!(favourite());
    photos::set_favourite(&rows.db, photo, false).unwrap();
    photos::learn_favourite(&rows.db, photo, true, 3).unwrap();
    assert!(!favourite());
}

#[test]
fn an_object_that_was_only_listed_may_have_another_machines_sidecar() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    let key = Key::parse("2019/06/a.jpg").unwrap();
    copies::choose(&rows.db, photo, nas, &key, 10).unwrap();
    let origin = || {
        copies::key_and_origin(&rows.db, photo, nas)
            .unwrap()
            .unwrap()
            .1
    };
    assert_eq!(origin(), Origin::Adopted);
    copies::confirm(&rows.db, photo, nas, &PROOF, 5).unwrap();
    assert_eq!(origin(), Origin::Put);
}

#[test]
fn an_older_library_can_be_searched() {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    for migration in &super::super::schema::MIGRATIONS[..3] {
        db.execute_batch(migration).unwrap();
    }
    db.execute_batch(
        "PRAGMA user_version = 3;
         INSERT INTO photo (id, name, original_name, size, media_type, extension, month, state, metadata)
         VALUES (7, 'IMG_1.jpg', x'61', 1, 'image/jpeg', 'jpg', '2019-06', 'backed_up', '{\"camera\":{\"model\":\"X100V\"}}');",
    )
    .unwrap();
    let mut db = db;
    super::super::migrate(&mut db, Path::new(":memory:")).unwrap();
    let filter = Filter {
        words: dates::words("x100v img"),
        ..Filter::default()
    };
    assert_eq!(search::ids(&db, &filter, "2019-06").unwrap(), [PhotoId(7)]);
}
