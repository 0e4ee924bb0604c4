//! What one copy is, going by the far side alone.
//!
//! **Invariant:** a copy is lost only by what the far side itself showed, after it was asked whether it is
//! the right one at all.

use crate::store::checks::{Depth, Held, Lost};
use remote::{Error, Key, Look, Proof, Remote, Retry};
use std::time::Duration;

/// Before a copy that cannot be looked at or read is given up, or the destination is.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(5),
];

/// What a copy is, going by the far side.
#[derive(Debug)]
pub(super) enum Verdict {
    Right(Proof, Depth),
    Lost(Lost, String),
    /// It gave no answer about this one, again and again, while it answers otherwise.
    Unanswered(Error),
}

/// A verdict, or what keeps the whole destination from giving any. A copy of which the destination says
/// again and again that it cannot be read is damaged, too; a connection that breaks says nothing of it.
pub(super) async fn patiently(
    remote: &dyn Remote,
    marker: &remote::Marker,
    held: &Held,
    depth: Depth,
) -> Result<Verdict, Error> {
    let mut pauses = PAUSES.iter();
    loop {
        let error = match judge(remote, held, depth).await {
            Ok(verdict) => return Ok(verdict),
            Err(error) => error,
        };
        if !concerns_one(&error) {
            return Err(error);
        }
        if let Retry::AfterBackoff { .. } = error.retry()
            && let Some(pause) = pauses.next()
        {
            tokio::time::sleep(*pause).await;
            continue;
        }
        remote.check(marker).await?;
        if matches!(
            error,
            Error::Unreachable { .. } | Error::Busy { .. } | Error::Unconfirmed { .. }
        ) {
            return Ok(Verdict::Unanswered(error));
        }
        return Ok(Verdict::Lost(
            Lost::Damaged,
            format!("it cannot be read back: {error}"),
        ));
    }
}

/// Whether an error may be that of one object: the destination is asked itself before it is believed.
fn concerns_one(error: &Error) -> bool {
    matches!(
        error,
        Error::Unreachable { .. }
            | Error::Busy { .. }
            | Error::Unexpected { .. }
            | Error::Unreadable { .. }
            | Error::Io { .. }
            | Error::BadKey { .. }
            | Error::Unconfirmed { .. }
    )
}

async fn judge(remote: &dyn Remote, held: &Held, depth: Depth) -> Result<Verdict, Error> {
    let key = Key::parse(&held.key)
        .map_err(|error| Error::Settings(format!("{:?} is no key: {error}", held.key)))?;
    let damaged = |how: &str| Ok(Verdict::Lost(Lost::Damaged, how.to_owned()));
    let (etag, version) = match remote
        .look(&key, held.bytes, &held.sha256, held.proof.as_ref())
        .await?
    {
        Look::Missing => {
            return Ok(Verdict::Lost(
                Lost::Missing,
                "nothing stands under its key".into(),
            ));
        }
        Look::Other => return damaged("its size or the store's own checksum is another"),
        Look::Vouched(proof) if depth == Depth::Looked => {
            let proof = match &held.proof {
                // What was read back before is known better than what the store says of it now.
                Some(known @ Proof::FullSha256 { .. }) if known.etag() == proof.etag() => {
                    known.clone()
                }
                _ => proof,
            };
            return Ok(Verdict::Right(proof, Depth::Looked));
        }
        Look::Vouched(proof) => (proof.etag().map(str::to_owned), version_of(proof)),
        Look::Unvouched { etag, version } => {
            // The store does not vouch for the bytes, but it would call others by another name.
            if depth == Depth::Looked
                && let Some(known) = &held.proof
                && known.etag() == etag.as_deref()
            {
                return Ok(Verdict::Right(known.clone(), Depth::Looked));
            }
            (etag, version)
        }
    };
    match remote.hash(&key).await? {
        Some(found) if found == held.sha256 => Ok(Verdict::Right(
            Proof::FullSha256 { etag, version },
            Depth::Read,
        )),
        Some(found) => damaged(&format!(
            "its bytes have the SHA-256 {}",
            hex::encode(found)
        )),
        None => Ok(Verdict::Lost(Lost::Missing, "it went away".into())),
    }
}

fn version_of(proof: Proof) -> Option<String> {
    let (Proof::FullSha256 { version, .. }
    | Proof::PartsSha256 { version, .. }
    | Proof::SizeOnly { version, .. }) = proof;
    version
}
