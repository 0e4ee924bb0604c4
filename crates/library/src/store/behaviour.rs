//! What the rows promise together: states follow from files, copies and jobs, and counts from states.

mod finding;

use super::checks::{self, Depth, Lost, Withdrawn};
use super::destinations::{self, DestinationId};
use super::folders::{self, FolderId, FolderRole};
use super::jobs::{self, Job, JobKind};
use super::photos::{self, Found, PhotoId, Thumb, When};
use super::volumes::{self, VolumeId};
use super::{copies, files, timeline};
use crate::plan::{Change, Seen};
use crate::store::files::Verdict;
use crate::view::{Cause, DestinationConfig, LeftOut};
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

    fn state(&self, photo: PhotoId) -> String {
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
        metadata: Metadata::default(),
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
    assert_eq!(rows.state(photo), "indexed");
    let (nas, cloud) = (rows.destination("nas"), rows.destination("cloud"));
    assert_eq!(rows.state(photo), "queued");
    rows.back_up(photo, nas);
    assert_eq!(rows.state(photo), "queued");
    rows.back_up(photo, cloud);
    assert_eq!(rows.state(photo), "backed_up");
    rows.destination("third");
    assert_eq!(rows.state(photo), "queued");
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
        (rows.state(kept).as_str(), rows.state(lost).as_str()),
        ("online_only", "hidden")
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
fn a_file_that_comes_back_goes_on_where_it_was() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    let (id, _) = files::find(&rows.db, rows.folder, Path::new("a.jpg"))
        .unwrap()
        .unwrap();
    rows.vanish("a.jpg");
    assert_eq!(rows.state(photo), "hidden");
    files::apply(
        &rows.db,
        rows.folder,
        rows.volume(),
        &[Change::Returned { id }],
        2,
    )
    .unwrap();
    assert_eq!(rows.state(photo), "queued");
    rows.back_up(photo, nas);
    assert_eq!(rows.state(photo), "backed_up");
}

#[test]
fn waiting_and_failed_say_why_and_are_woken() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    jobs::wait(
        &rows.db,
        &rows.only_job(nas),
        Cause::Busy,
        "slow down",
        1_000,
    )
    .unwrap();
    assert_eq!(rows.state(photo), "waiting");
    assert!(
        jobs::claim(&rows.db, nas, 999, 1).unwrap().is_empty(),
        "not before its time"
    );
    let job = jobs::claim(&rows.db, nas, 1_000, 1).unwrap()[0];
    assert_eq!(job.attempts, 1);
    jobs::fail(&rows.db, &job, Cause::BadKey, "no such name").unwrap();
    assert_eq!(rows.state(photo), "failed");
    assert_eq!(
        jobs::standings(&rows.db, photo).unwrap()[0].cause,
        Some(Cause::BadKey)
    );
    jobs::retry_all(&rows.db).unwrap();
    assert_eq!(rows.state(photo), "queued");
}

#[test]
fn a_job_that_ran_when_the_power_went_is_ready_after_the_start() {
    let rows = Rows::new();
    rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    rows.only_job(nas);
    assert!(jobs::claim(&rows.db, nas, 0, 10).unwrap().is_empty());
    jobs::recover(&rows.db).unwrap();
    rows.only_job(nas);
}

#[test]
fn derived_jobs_come_once_the_original_is_there_and_the_thumbnail_settled() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    rows.back_up(photo, nas);
    assert!(
        jobs::claim(&rows.db, nas, 0, 10).unwrap().is_empty(),
        "the thumbhash is not known yet"
    );
    photos::set_thumb(&rows.db, photo, Thumb::Made, Some(&[1, 2]), None).unwrap();
    photos::queue_derived(&rows.db, photo).unwrap();
    let kinds: Vec<_> = jobs::claim(&rows.db, nas, 0, 10)
        .unwrap()
        .iter()
        .map(|job| job.kind)
        .collect();
    assert_eq!(kinds, [JobKind::Sidecar, JobKind::Thumbnail]);
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
    files::modify(&rows.db, file.id, Seen { size: 20, ..seen }, 1).unwrap();
    let photo = photos::upsert(&rows.db, &found("a.jpg", 1)).unwrap();
    assert!(!files::settle(&rows.db, &file, &Verdict::Photo(photo)).unwrap());
    assert_eq!(rows.state(photo), "hidden");
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
fn what_ends_late_for_a_removed_destination_touches_no_new_one() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let old = rows.destination("old");
    let job = rows.only_job(old);
    destinations::remove(&rows.db, old).unwrap();
    let new = rows.destination("new");
    assert_ne!(old, new);
    jobs::finish(&rows.db, &job).unwrap();
    assert!(copies::choose(&rows.db, photo, old, &Key::parse("a.jpg").unwrap(), 10).is_err());
    assert_eq!(rows.only_job(new).photo, photo);
}

#[test]
fn a_file_that_comes_back_takes_its_failure_back() {
    let rows = Rows::new();
    let photo = rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    jobs::fail(
        &rows.db,
        &rows.only_job(nas),
        Cause::FileUnreadable,
        "input/output error",
    )
    .unwrap();
    assert_eq!(rows.state(photo), "failed");
    let (id, _) = files::find(&rows.db, rows.folder, Path::new("a.jpg"))
        .unwrap()
        .unwrap();
    files::apply(
        &rows.db,
        rows.folder,
        rows.volume(),
        &[Change::Returned { id }],
        2,
    )
    .unwrap();
    assert_eq!(rows.state(photo), "queued");
}

#[test]
fn a_wait_beyond_any_pause_is_of_a_clock_that_was_set_back() {
    let rows = Rows::new();
    rows.photo("a.jpg", 1);
    let nas = rows.destination("nas");
    let an_hour = 3_600_000;
    jobs::wait(
        &rows.db,
        &rows.only_job(nas),
        Cause::Busy,
        "slow down",
        an_hour,
    )
    .unwrap();
    rows.only_job(nas);
}

#[test]
fn an_object_that_is_listed_again_is_seen_again() {
    let rows = Rows::new();
    let nas = rows.destination("nas");
    let object = copies::Listed {
        key: "2019/06/a.jpg".into(),
        size: 10,
        name: "a.jpg".into(),
        media_type: "image/jpeg".into(),
        extension: "jpg".into(),
        when: When {
            month: "2019-06".into(),
            sort_at: "2019-06-01T00:00:00".into(),
        },
    };
    let list = |at| copies::take_listed(&rows.db, nas, std::slice::from_ref(&object), at).unwrap();
    assert_eq!(list(1), ["2019-06"]);
    let photo = photos::by_key(&rows.db, nas, "2019/06/a.jpg")
        .unwrap()
        .unwrap();
    assert_eq!(rows.state(photo), "online_only");
    copies::forget_unlisted(&rows.db, nas, 2).unwrap();
    assert_eq!(rows.state(photo), "hidden");
    assert_eq!(list(3), ["2019-06"]);
    assert_eq!(rows.state(photo), "online_only");
    assert!(list(4).is_empty(), "nothing new");
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
    assert_eq!(rows.state(photo), "hidden");
    assert!(jobs::unfinished(&rows.db).unwrap().is_empty());
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
    assert_eq!(rows.state(photo), "indexed");
    assert_eq!(folders::tally(&rows.db, outer).unwrap().photos, 1);
}

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
    assert_eq!(rows.state(photo), "queued");
    assert_eq!(
        copies::key(&rows.db, photo, nas).unwrap().as_deref(),
        Some("2019/06/a.jpg"),
        "what is missing has its name again"
    );
    rows.vanish("a.jpg");
    assert_eq!(rows.state(photo), "failed", "it is lost, and still shown");
    let lost = super::problems::of_lost(&rows.db).unwrap();
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
    assert_eq!(rows.state(photo), "backed_up");
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
    assert_eq!(rows.state(photo), "backed_up");
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
