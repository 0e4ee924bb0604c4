//! Parts that lie at a destination and that nothing will ever make a photo of: stores keep them,
//! unseen, and bill them.
//!
//! **Invariant:** only uploads that this library's rows have are thrown away, never another's.

use crate::clock;
use crate::context::Context;
use crate::opening;
use crate::registry::Open;
use crate::store::destinations::Destination;
use crate::store::uploads::{self, Leftover};
use crate::typed_keys;
use crate::view::TypedKeys;
use remote::{Key, Remote};
use std::sync::Arc;
use std::time::Duration;

/// One that was asked for so long ago, and never answered, is looked for; milliseconds.
const ANSWER_LOST: i64 = 24 * 60 * 60_000;
/// A destination that is being forgotten is asked for so long at most to clear up.
const FAREWELL: Duration = Duration::from_secs(10);

/// Throws away what is of no use any more. What fails is for the next time.
pub(crate) async fn clear(context: &Context, open: &Open) {
    let destination = open.destination.id;
    let asked_before = clock::now() - ANSWER_LOST;
    let useless = context
        .store
        .read(move |db| uploads::useless(db, destination, asked_before))
        .await;
    match useless {
        Ok(useless) => throw_away(context, open.remote.as_ref(), useless).await,
        Err(error) => context.trouble.note(error),
    }
}

/// How a destination that is about to be forgotten can still be spoken to.
#[derive(Debug)]
pub(crate) struct Farewell {
    pub(crate) destination: Destination,
    pub(crate) open: Option<Open>,
    pub(crate) keys: Option<TypedKeys>,
}

/// Throws away all that was begun at a destination for which nothing runs any more.
pub(crate) async fn clear_all(context: &Context, to: Farewell) {
    let id = to.destination.id;
    let all = context
        .store
        .read(move |db| uploads::of_destination(db, id));
    let all = match all.await {
        Ok(all) => all,
        Err(error) => return context.trouble.note(error),
    };
    if all.is_empty() {
        return;
    }
    let number = all.len();
    let farewell = async {
        let remote = reached(context, to).await?;
        throw_away(context, remote.as_ref(), all).await;
        Ok::<_, remote::Error>(())
    };
    match tokio::time::timeout(FAREWELL, farewell).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, number, "parts stay at a destination"),
        Err(_) => tracing::warn!(number, "parts stay at a destination that does not answer"),
    }
}

/// The destination as it is open, or opened for this.
async fn reached(context: &Context, to: Farewell) -> Result<Arc<dyn Remote>, remote::Error> {
    if let Some(open) = to.open {
        return Ok(open.remote);
    }
    let destination = to.destination;
    let keys = typed_keys::find(context, &destination, to.keys).await;
    let keys = keys.unwrap_or_default();
    let remote = opening::open_remote(&destination.config, keys, destination.profile).await?;
    remote.check(&destination.marker).await?;
    Ok(remote)
}

async fn throw_away(context: &Context, remote: &dyn Remote, leftovers: Vec<Leftover>) {
    for leftover in leftovers {
        // A key that is none was never sent.
        if let Ok(key) = Key::parse(&leftover.key)
            && let Err(error) = remote.abandon(&key, &leftover.upload).await
        {
            tracing::info!(%error, key = leftover.key, "parts of an upload stay for now");
            continue;
        }
        let forgotten = context
            .store
            .write(move |db| uploads::forget(db, leftover.id))
            .await;
        if let Err(error) = forgotten {
            return context.trouble.note(error);
        }
    }
}
