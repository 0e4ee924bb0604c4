//! What is kept of how long destinations took.

use super::*;
use crate::store::samples::{self, Sample, Timed};
use std::time::Duration;

fn sample(timed: Timed, at: i64) -> Sample {
    Sample {
        timed,
        at,
        took: Duration::from_micros(1_500),
        bytes: 7,
        rested: None,
    }
}

#[test]
fn the_latest_thousand_of_each_kind_are_kept_and_go_with_their_destination() {
    let rows = Rows::new();
    let (nas, other) = (rows.destination("nas"), rows.destination("other"));
    samples::add(&rows.db, other, &sample(Timed::Upload, 1)).unwrap();
    samples::add(&rows.db, nas, &sample(Timed::List, 1)).unwrap();
    for at in 1..=1_003 {
        samples::add(&rows.db, nas, &sample(Timed::Upload, at)).unwrap();
    }
    let kept = samples::of(&rows.db, nas).unwrap();
    let uploads: Vec<&Sample> = kept
        .iter()
        .filter(|one| one.timed == Timed::Upload)
        .collect();
    assert_eq!(uploads.len(), 1_000);
    assert_eq!(*uploads[0], sample(Timed::Upload, 4));
    assert_eq!(kept.len(), 1_001, "the list is kept beside them");
    destinations::remove(&rows.db, nas).unwrap();
    assert_eq!(samples::of(&rows.db, nas).unwrap(), []);
    assert_eq!(samples::of(&rows.db, other).unwrap().len(), 1);
}

#[test]
fn the_last_answer_is_the_latest_that_is_known() {
    let rows = Rows::new();
    let nas = rows.destination("nas");
    let last = || samples::last_answer(&rows.db, nas).unwrap();
    assert_eq!(last(), None, "it was added at nought");
    destinations::set_checked(&rows.db, nas, 50).unwrap();
    assert_eq!(last(), Some(50));
    samples::add(&rows.db, nas, &sample(Timed::Again, 70)).unwrap();
    assert_eq!(last(), Some(70));
    assert_eq!(
        samples::last_answer(&rows.db, DestinationId(99)).unwrap(),
        None
    );
}
