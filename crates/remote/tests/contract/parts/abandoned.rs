//! Uploads that nobody goes on with: nothing of ours is left, and nothing of others is touched.

use super::interrupted;
use super::line::{Line, SIZE};
use crate::source::{Source, key, quiet};
use jiff::Timestamp;
use remote::{Error, Ledger, Memory, Remote, Upload};
use testbed::{Fault, Rule};

on_plain_servers! {
    a_source_that_changes_meanwhile_leaves_no_parts
    given_up_it_leaves_no_parts_and_those_of_others_stay
    one_whose_beginning_was_never_answered_is_found
}

async fn a_source_that_changes_meanwhile_leaves_no_parts(line: Line) {
    let source = Source::of_size(SIZE, 1);
    let ledger = interrupted(&line, &source).await;
    // In the part that is still to go up; size and length stay.
    let mut bytes = source.bytes.clone();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&source.path, &bytes).unwrap();
    let error = line.put(&source, &ledger).await.unwrap_err();
    assert!(matches!(error, Error::SourceChanged { .. }), "{error:?}");
    assert_eq!(ledger.left(), None);
    assert_eq!(line.unfinished().await, 0);
    assert_eq!(line.bucket.list_originals().await, []);

    // Before anything of it was sent.
    let error = line.put(&source, &ledger).await.unwrap_err();
    assert!(matches!(error, Error::SourceChanged { .. }), "{error:?}");
    assert_eq!(line.unfinished().await, 0);
}

async fn given_up_it_leaves_no_parts_and_those_of_others_stay(line: Line) {
    let somebody_elses = line.bucket.begin_upload("mine/a.jpg").await;
    let source = Source::of_size(SIZE, 1);
    line.proxy
        .inject(Rule::new(Fault::slow_down()).path("partNumber=3"));
    // In one go: nobody would go on with it.
    let put = line
        .remote
        .put(&key("a.jpg"), &source.original(), &quiet)
        .await;
    assert!(matches!(put, Err(Error::Busy { .. })), "{put:?}");
    assert_eq!(
        line.bucket.uploads("mine/a.jpg").await,
        std::slice::from_ref(&somebody_elses)
    );
    line.proxy.heal();

    let ledger = Memory::default();
    line.proxy
        .inject(Rule::new(Fault::slow_down()).path("partNumber=3"));
    line.put(&source, &ledger).await.unwrap_err();
    line.proxy.heal();
    let left = ledger.left().unwrap();
    line.remote.abandon(&key("a.jpg"), &left).await.unwrap();
    assert_eq!(line.bucket.uploads("mine/a.jpg").await, [somebody_elses]);
    line.remote.abandon(&key("a.jpg"), &left).await.unwrap();
}

async fn one_whose_beginning_was_never_answered_is_found(line: Line) {
    let source = Source::of_size(SIZE, 1);
    let ledger = Memory::default();
    line.proxy.inject(
        Rule::new(Fault::LoseAnswer)
            .method("POST")
            .path("?uploads")
            .times(1),
    );
    let error = line.put(&source, &ledger).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert_eq!(ledger.unfinished().await, Ok(None));
    let left = ledger.left().unwrap();
    assert_eq!((left.id.as_deref(), line.unfinished().await), (None, 1));

    // One that was asked for an hour ago is not this one.
    let hour = jiff::SignedDuration::from_hours(1);
    let other = Upload {
        asked_at: Timestamp::now() - hour,
        ..left.clone()
    };
    line.remote.abandon(&key("a.jpg"), &other).await.unwrap();
    assert_eq!(line.unfinished().await, 1);
    line.remote.abandon(&key("a.jpg"), &left).await.unwrap();
    assert_eq!(line.unfinished().await, 0);
}
