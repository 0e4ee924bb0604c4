//! What ought to lie beside a copy and does not, or is damaged: its sidecar, its thumbnail.
//!
//! **Invariant:** no proof is taken back for it. A photo is safe without them, and they are made again.

use crate::beside::{self, MOST_SIDECAR};
use crate::store::checks::{Depth, Held};
use crate::store::jobs::JobKind;
use media::Meta;
use remote::{Derived, Error, Key, Remote};

/// The jobs that would make it whole. A thumbnail is looked at, or read back with the photo.
pub(super) async fn beside(
    remote: &dyn Remote,
    held: &Held,
    depth: Depth,
) -> Result<Vec<JobKind>, Error> {
    let mut lacking = Vec::new();
    let Ok(key) = Key::parse(&held.key) else {
        return Ok(lacking);
    };
    let derived = remote.derived();
    if derived == Derived::Theirs {
        return Ok(lacking);
    }
    let said = match remote.get(&key.sidecar(), MOST_SIDECAR).await {
        Ok(body) => body.is_some_and(|body| says(&body, held, derived)),
        Err(Error::TooLarge { .. }) => false,
        Err(error) => return Err(error),
    };
    if !said {
        lacking.push(JobKind::Sidecar);
    }
    if derived == Derived::Ours && !has_thumbnail(remote, held, depth).await? {
        lacking.push(JobKind::Thumbnail);
    }
    Ok(lacking)
}

fn says(body: &[u8], held: &Held, derived: Derived) -> bool {
    let text = std::str::from_utf8(body).unwrap_or_default();
    match derived {
        Derived::Ours => match Meta::parse(text) {
            Meta::Sidecar(said) => said.sha256 == hex::encode(held.sha256),
            // It says what only that version can judge.
            Meta::Later { .. } => true,
            Meta::Size { .. } | Meta::NotYet => false,
        },
        Derived::Size | Derived::Theirs => Meta::parse(text) != Meta::NotYet,
    }
}

async fn has_thumbnail(remote: &dyn Remote, held: &Held, depth: Depth) -> Result<bool, Error> {
    match depth {
        Depth::Read => Ok(beside::thumbnail(remote, &held.sha256).await?.is_some()),
        Depth::Looked => {
            let object = remote.head(&Key::thumbnail(&held.sha256)).await?;
            Ok(object.is_some_and(|object| object.size > 0))
        }
    }
}
