//! What the rows promise together: states follow from files, copies and jobs, and counts from states.

mod checked;
mod finding;
mod older;
mod on_disk;
mod queue;
mod timed;

use super::checks::{self, Depth, Lost, Withdrawn};
use super::destinations::{self, DestinationId};
use super::folders::{self, FolderId, FolderRole};
use super::jobs::{self, Job, JobKind};
use super::photos::{self, Found, PhotoId, Thumb, When};
use super::state::OfPhoto;
use super::volumes::{self, VolumeId};
use super::{copies, files, timeline};
use crate::plan::{Change, Seen};
use crate::store::files::Verdict;
use crate::view::{Cause, DestinationConfig, DestinationLayout, LeftOut};
use jiff::Timestamp;
use media::Metadata;
use remote::{Key, Marker, Profile, Proof};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const PROOF: Proof = Proof::FullSha256 {
    etag: None,
    version: None,
};

struct Rows {
    db: Connection,
    folder: FolderId,
}

impl Rows {
    fn new() -> Self {
        let mut db = Connection::open_in_memory().unwrap();
        db.pragma_update(None, "foreign_keys", true).unwrap();
        super::migrate(&mut db, Path::new(":memory:")).unwrap();
        let folder = folders::insert(&db, Path::new("/pictures"), FolderRole::Watched).unwrap();
        Self { db, folder }
    }

    fn volume(&self) -> VolumeId {
        volumes::of_folder(&self.db, self.folder).unwrap()[0].id
    }

    fn destination(&self, name: &str) -> DestinationId {
        let config = DestinationConfig::Folder {
            path: format!("/{name}"),
            key_template: None,
            layout: DestinationLayout::Library,
        };
        let marker = Marker {
            schema: "test".into(),
            uuid: Uuid::new_v4(),
            created: Timestamp::UNIX_EPOCH,
        };
        destinations::insert(&self.db, name, &config, &marker, &Profile::default(), 0).unwrap()
    }

    /// A file that was found and read as the photo with these bytes.
    fn photo(&self, name: &str, bytes: u8) -> PhotoId {
        let seen = Seen {
            device: 1,
            inode: u64::from(bytes),
            size: 10,
            mtime_ns: i64::from(bytes),
            ctime_ns: 0,
        };
        let added = Change::Added {
            path: PathBuf::from(name),
            seen,
        };
        files::apply(&self.db, self.folder, self.volume(), &[added], 0).unwrap();
        let photo = photos::upsert(&self.db, &found(name, bytes)).unwrap();
        let file = files::new_files(&self.db, 10).unwrap().remove(0);
        assert!(files::settle(&self.db, &file, &Verdict::Photo(photo)).unwrap());
        photo
    }

    fn state(&self, photo: PhotoId) -> OfPhoto {
        photos::get(&self.db, photo).unwrap().unwrap().state
    }

    fn only_job(&self, destination: DestinationId) -> Job {
        let jobs = jobs::claim(&self.db, destination, 0, 10).unwrap();
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs[0]
    }

    fn vanish(&self, name: &str) {
        let (id, _) = files::find(&self.db, self.folder, Path::new(name))
            .unwrap()
            .unwrap();
        files::apply(
            &self.db,
            self.folder,
            self.volume(),
            &[Change::Vanished { id }],
            1,
        )
        .unwrap();
    }

    fn back_up(&self, photo: PhotoId, destination: DestinationId) {
        let job = self.only_job(destination);
        assert_eq!((job.photo, job.kind), (photo, JobKind::Original));
        copies::choose(
            &self.db,
            photo,
            destination,
            &Key::parse("2019/06/a.jpg").unwrap(),
            10,
        )
        .unwrap();
        jobs::confirm(&self.db, &job, &PROOF, 5).unwrap();
    }
}

fn found(name: &str, bytes: u8) -> Found {
    Found {
        sha256: [bytes; 32],
        previous: None,
        original_name: name.into(),
        size: 10,
        media_type: "image/jpeg".into(),
        extension: "jpg".into(),
        mtime: 0,
        metadata: Some(Metadata::default()),
        unreadable: None,
        thumb: Thumb::Wanted,
        when: When {
            month: "2019-06".into(),
            sort_at: "2019-06-01T00:00:00".into(),
        },
    }
}

#[test]
fn a_photo_is_backed_up_when_every_destination_has_it() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    assert_eq!(rows.state(photo), OfPhoto::Indexed);
    let (nas, cloud) = (rows.destination("nas"), rows.destination("cloud"));
    assert_eq!(rows.state(photo), OfPhoto::Queued);
    rows.back_up(photo, nas);
    assert_eq!(rows.state(photo), OfPhoto::Queued);
    rows.back_up(photo, cloud);
    assert_eq!(rows.state(photo), OfPhoto::BackedUp);
    rows.destination("third");
    assert_eq!(rows.state(photo), OfPhoto::Queued);
}

#[test]
fn a_photo_without_files_is_online_only_or_gone_from_sight() {
    let rows = Rows::new();
    let (kept, lost) = (rows.photo("a.jpg", 1), rows.photo("b.jpg", 2));
    let nas = rows.destination("nas");
    let jobs = jobs::claim(&rows.db, nas, 0, 10).unwrap();
    copies::choose(&rows.db, kept, nas, &Key::parse("a.jpg").unwrap(), 10).unwrap();
    jobs::confirm(&rows.db, &jobs[0], &PROOF, 5).unwrap();
    rows.vanish("a.jpg");
    rows.vanish("b.jpg");
    assert_eq!(
        (rows.state(kept), rows.state(lost)),
        (OfPhoto::OnlineOnly, OfPhoto::Hidden)
    );
    assert!(
        jobs::unfinished(&rows.db).unwrap().is_empty(),
        "nothing is to be done for a file that is gone"
    );
    assert_eq!(
        timeline::months(&rows.db).unwrap(),
        [("2019-06".to_owned(), 1)]
    );
}

#[test]
fn tallies_agree_with_the_rows_whatever_happens() {
    let rows = Rows::new();
    let photos: Vec<PhotoId> = (1..=5)
        .map(|n| rows.photo(&format!("{n}.jpg"), n))
        .collect();
    let nas = rows.destination("nas");
    for job in jobs::claim(&rows.db, nas, 0, 3).unwrap() {
        let key = Key::parse(&format!("{}.jpg", job.photo.0)).unwrap();
        copies::choose(&rows.db, job.photo, nas, &key, 10).unwrap();
        jobs::confirm(&rows.db, &job, &PROOF, 5).unwrap();
    }
    rows.vanish("1.jpg");
    rows.vanish("5.jpg");
    copies::doubt(&rows.db, photos[1], nas).unwrap();
    photos::refresh(&rows.db, photos[1]).unwrap();
    assert_tallies(&rows.db);
    assert_eq!(destinations::tally(&rows.db, nas).unwrap(), (2, 20));
    assert_eq!(folders::tally(&rows.db, rows.folder).unwrap().photos, 3);
    destinations::remove(&rows.db, nas).unwrap();
    folders::remove(&rows.db, rows.folder).unwrap();
    assert_tallies(&rows.db);
}

#[test]
fn a_photo_is_never_merged_into_itself_nor_one_that_is_gone_into_another() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    photos::merge(&rows.db, photo, photo).unwrap();
    photos::merge(&rows.db, PhotoId(99), photo).unwrap();
    assert_eq!(rows.state(photo), OfPhoto::Indexed);
}

#[test]
fn an_object_that_is_listed_again_is_seen_again() {
    let rows = Rows::new();
    let nas = rows.destination("nas");
    let object = listed("2019/06/a.jpg");
    let list = |at| copies::take_listed(&rows.db, nas, std::slice::from_ref(&object), at).unwrap();
    assert_eq!(list(1), ["2019-06"]);
    let photo = photos::by_key(&rows.db, nas, "2019/06/a.jpg")
        .unwrap()
        .unwrap();
    assert_eq!(rows.state(photo), OfPhoto::OnlineOnly);
    copies::forget_unlisted(&rows.db, nas, 2).unwrap();
    assert_eq!(rows.state(photo), OfPhoto::Hidden);
    assert_eq!(list(3), ["2019-06"]);
    assert_eq!(rows.state(photo), OfPhoto::OnlineOnly);
    assert!(list(4).is_empty(), "nothing new");
}

#[test]
fn of_two_lists_at_once_the_later_one_counts() {
    let rows = Rows::new();
    let nas = rows.destination("nas");
    let object = listed("2019/06/a.jpg");
    let list = |at| copies::take_listed(&rows.db, nas, std::slice::from_ref(&object), at).unwrap();
    list(2);
    // One that was begun before it comes to the object after it.
    list(1);
    copies::forget_unlisted(&rows.db, nas, 2).unwrap();
    let photo = photos::by_key(&rows.db, nas, "2019/06/a.jpg")
        .unwrap()
        .unwrap();
    assert_eq!(rows.state(photo), OfPhoto::OnlineOnly);
}

fn listed(key: &str) -> copies::Listed {
    copies::Listed {
        key: key.into(),
        size: 10,
        name: "a.jpg".into(),
        media_type: "image/jpeg".into(),
        extension: "jpg".into(),
        when: When {
            month: "2019-06".into(),
            sort_at: "2019-06-01T00:00:00".into(),
        },
    }
}

fn assert_tallies(db: &Connection) {
    let differences: u32 = db
        .query_row(
            "SELECT (SELECT count(*) FROM (SELECT month, state, count(*) AS n FROM photo GROUP BY 1, 2 \
                 EXCEPT SELECT month, state, count FROM photo_tally)) \
             + (SELECT count(*) FROM (SELECT folder, kind, count(*) AS n FROM file WHERE gone_at IS NULL \
                 GROUP BY 1, 2 EXCEPT SELECT folder, kind, count FROM file_tally)) \
             + (SELECT count(*) FROM (SELECT destination, count(*) FROM copy WHERE confirmed_at IS NOT NULL \
                 GROUP BY 1 EXCEPT SELECT destination, count FROM copy_tally)) \
             + (SELECT count(*) FROM photo_tally WHERE count < 0)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(differences, 0);
}
