//! Places whose photos are there no more: the bucket was removed, or what answers has no library, or another one.
//!
//! Such a place is no disk that is away. What was safe there alone is safe nowhere, and is said to be so, until the place
//! answers as what it was: then the proofs hold that its copies have had all the time.
//!
//! **Invariant:** a place is gone only by its own answer; one that does not answer, or refuses a key, is not.

use crate::context::Context;
use crate::reason::of_remote;
use crate::store::destinations::{self, Destination, DestinationId};
use crate::store::{StoreError, timeline};
use crate::view::{Cause, DestinationConfig};
use rusqlite::Connection;

/// Why what was there is there no more, where an error says so.
pub(crate) fn by(error: &remote::Error, config: &DestinationConfig) -> Option<Cause> {
    // Another disk may be in the place of a folder's.
    if matches!(config, DestinationConfig::Folder { .. }) {
        return None;
    }
    match of_remote(error) {
        gone @ (Cause::NoBucket | Cause::LibraryGone | Cause::WrongLibrary) => Some(gone),
        _ => None,
    }
}

/// Keeps what an answer says of what was there; returns whether photos are safe there by it no more, or again.
pub(crate) fn keep(
    db: &Connection,
    id: DestinationId,
    gone: Option<Cause>,
) -> rusqlite::Result<Vec<String>> {
    if !destinations::set_gone(db, id, gone)? {
        return Ok(Vec::new());
    }
    let months = timeline::months(db)?;
    Ok(months.into_iter().map(|(month, _)| month).collect())
}

/// Keeps what a place that could not be used said of what was there.
pub(crate) async fn note(
    context: &Context,
    destination: &Destination,
    error: &remote::Error,
) -> Result<(), StoreError> {
    let Some(gone) = by(error, &destination.config) else {
        return Ok(());
    };
    let id = destination.id;
    let months = context
        .store
        .write(move |db| keep(db, id, Some(gone)))
        .await?;
    if !months.is_empty() {
        tracing::warn!(name = destination.name, %error, "what was there is there no more");
        context.news.months(months);
    }
    Ok(())
}

/// The place is what it was.
pub(crate) async fn forget(context: &Context, destination: &Destination) -> Result<(), StoreError> {
    if destination.gone.is_none() {
        return Ok(());
    }
    let id = destination.id;
    let months = context.store.write(move |db| keep(db, id, None)).await?;
    context.news.months(months);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::DestinationLayout;

    #[test]
    fn only_what_answers_and_is_not_what_it_was_is_gone() {
        let bucket = DestinationConfig::Http {
            url: "http://nas".into(),
            token_file: None,
            ca_file: None,
        };
        let folder = DestinationConfig::Folder {
            path: "/nas".into(),
            key_template: None,
            layout: DestinationLayout::Library,
        };
        let place = || "photos at nas".to_owned();
        let another = || remote::Error::WrongLibrary {
            place: place(),
            found: "b".into(),
            expected: "a".into(),
        };
        let silent = remote::Error::Unreachable {
            endpoint: place(),
            message: "refused".into(),
        };
        let no_bucket = remote::Error::NoBucket {
            endpoint: place(),
            bucket: "photos".into(),
        };
        let empty = remote::Error::NoLibrary { place: place() };
        let unmounted = remote::Error::NotMounted { place: place() };
        //  name, what it answered, where, why it is gone
        let cases = [
            ("removed", &no_bucket, &bucket, Some(Cause::NoBucket)),
            ("emptied", &empty, &bucket, Some(Cause::LibraryGone)),
            (
                "another one's",
                &another(),
                &bucket,
                Some(Cause::WrongLibrary),
            ),
            ("no answer", &silent, &bucket, None),
            ("another disk", &another(), &folder, None),
            ("no disk", &unmounted, &folder, None),
        ];
        for (name, error, config, expected) in cases {
            assert_eq!(by(error, config), expected, "{name}");
        }
    }
}
