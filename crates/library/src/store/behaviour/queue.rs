//! When a job runs, waits and ends, and what a restart makes of it.

use super::*;

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
    assert_eq!(rows.state(photo), OfPhoto::Waiting);
    assert!(
        jobs::claim(&rows.db, nas, 999, 1).unwrap().is_empty(),
        "not before its time"
    );
    let job = jobs::claim(&rows.db, nas, 1_000, 1).unwrap()[0];
    assert_eq!(job.attempts, 1);
    jobs::fail(&rows.db, &job, Cause::BadKey, "no such name").unwrap();
    assert_eq!(rows.state(photo), OfPhoto::Failed);
    assert_eq!(
        jobs::standings(&rows.db, photo).unwrap()[0].cause,
        Some(Cause::BadKey)
    );
    jobs::retry_all(&rows.db).unwrap();
    assert_eq!(rows.state(photo), OfPhoto::Queued);
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
    assert_eq!(rows.state(photo), OfPhoto::Failed);
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
    assert_eq!(rows.state(photo), OfPhoto::Queued);
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
fn what_is_still_to_go_is_counted_by_destination() {
    let rows = Rows::new();
    let (nas, bucket) = (rows.destination("nas"), rows.destination("bucket"));
    let waiting = |id| destinations::waiting(&rows.db, id).unwrap();
    assert_eq!((waiting(nas), waiting(bucket)), (0, 0));
    let photo = rows.photo("a.jpg", 1);
    assert_eq!((waiting(nas), waiting(bucket)), (1, 1));
    rows.back_up(photo, nas);
    assert_eq!((waiting(nas), waiting(bucket)), (0, 1));
    rows.photo("b.jpg", 2);
    assert_eq!((waiting(nas), waiting(bucket)), (1, 2));
    destinations::remove(&rows.db, bucket).unwrap();
    assert_eq!((waiting(nas), waiting(bucket)), (1, 0));
}
