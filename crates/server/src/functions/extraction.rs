//! Extraction as a function: started by what was put into the bucket, or by a clock.
//!
//! An event that cannot be carried out fails, so that Lambda sends it again. A batch ends before its time is over: what
//! it did not come to, the next one does.

use super::identity::{Identity, Kept};
use super::variables::Variables;
use crate::batch::{Extractor, Tally};
use crate::cannot_start::CannotStart;
use crate::events::{Call, Put};
use crate::metrics::Metrics;
use lambda_runtime::LambdaEvent;
use media::worker::{Limits, Pool, WorkerCommand};
use remote::Key;
use serde::Serialize;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::watch;

/// What was begun at the end of a batch is finished within this: two looks at a picture, and its way here.
const TO_FINISH: Duration = Duration::from_secs(60);

/// How long a call takes that has no deadline, or one that is over before it began: runtimes for trying functions out
/// say such things.
const UNSAID: Duration = Duration::from_secs(5 * 60);

/// Extracts.
#[derive(Debug)]
pub(crate) struct Extraction {
    variables: Variables,
    workers: Arc<Pool>,
    extractors: Kept<Extractor>,
}

/// What one call did.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Done {
    extracted: u64,
    broken: u64,
    failed: u64,
}

/// Why a call has to be made again.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Store(#[from] CannotStart),
    #[error("{0} objects could not be looked at; the log says why")]
    Objects(u64),
}

impl Extraction {
    pub(crate) fn new(variables: Variables) -> Result<Self, CannotStart> {
        variables.bucket()?;
        let command = WorkerCommand::this_binary()?;
        let workers = Pool::new(command, variables.work.at_once(), Limits::default());
        Ok(Self {
            variables,
            workers: Arc::new(workers),
            extractors: Kept::default(),
        })
    }

    pub(crate) async fn answer(
        &self,
        event: LambdaEvent<serde_json::Value>,
    ) -> Result<Done, lambda_runtime::Error> {
        let done = match Call::of(&event.payload) {
            Call::Puts(puts) => self.look_at(&puts).await,
            Call::LookOver => self.look_over(time_left(event.context.deadline())).await,
        };
        match &done {
            Ok(done) => tracing::info!(
                extracted = done.extracted,
                broken = done.broken,
                failed = done.failed,
                "done"
            ),
            Err(error) => tracing::error!(%error, "not done"),
        }
        Ok(done?)
    }

    /// These alone, as far as they are originals of ours.
    async fn look_at(&self, puts: &[Put]) -> Result<Done, Failed> {
        let (bucket, prefix) = (
            self.variables.bucket()?,
            self.variables.place.folder_of_bucket(),
        );
        let mut originals: HashMap<Option<Identity>, Vec<Key>> = HashMap::new();
        for put in puts.iter().filter(|put| put.bucket == bucket) {
            let found = match self.variables.identity_pool {
                None => put.original(&prefix).map(|key| (None, key)),
                Some(_) => of_identity(put, &prefix),
            };
            if let Some((identity, key)) = found {
                originals.entry(identity).or_default().push(key);
            }
        }
        let mut done = Done::default();
        for (identity, keys) in originals {
            let extractor = self.extractor(identity.as_ref()).await?;
            done.add(extractor.look_at(&keys).await);
            self.extractors.put(identity.as_ref(), extractor);
        }
        match done.failed {
            0 => Ok(done),
            failed => Err(Failed::Objects(failed)),
        }
    }

    /// Everything, as far as the time suffices.
    async fn look_over(&self, time: Duration) -> Result<Done, Failed> {
        let (told, stop) = watch::channel(false);
        let ending = async {
            tokio::time::sleep(time).await;
            told.send_replace(true);
            std::future::pending::<Infallible>().await
        };
        tokio::select! {
            done = self.batches(&stop) => done,
            never = ending => match never {},
        }
    }

    async fn batches(&self, stop: &watch::Receiver<bool>) -> Result<Done, Failed> {
        let libraries = match self.variables.identity_pool {
            None => vec![None],
            Some(_) => self.identities().await?.into_iter().map(Some).collect(),
        };
        let mut done = Done::default();
        for identity in libraries {
            if *stop.borrow() {
                tracing::info!("the rest is left to the next batch");
                break;
            }
            let mut extractor = self.extractor(identity.as_ref()).await?;
            let tally = extractor.batch(stop).await.map_err(CannotStart::Store)?;
            done.add(tally);
            self.extractors.put(identity.as_ref(), extractor);
        }
        Ok(done)
    }

    async fn identities(&self) -> Result<Vec<Identity>, CannotStart> {
        let bucket = self.variables.place.s3(self.variables.bucket()?).await?;
        let folders = bucket.folders().await?;
        Ok(folders
            .iter()
            .filter_map(|folder| Identity::parse(folder))
            .collect())
    }

    /// The one that was kept, which knows what need not be looked at again.
    async fn extractor(&self, identity: Option<&Identity>) -> Result<Extractor, CannotStart> {
        if let Some(extractor) = self.extractors.take(identity) {
            return Ok(extractor);
        }
        let store = self.variables.open(identity).await?;
        let (workers, at_once) = (Arc::clone(&self.workers), self.variables.work.at_once());
        let extractor = Extractor::new(store, workers, Metrics::default(), at_once);
        Ok(extractor.believing_lists())
    }
}

impl Done {
    fn add(&mut self, tally: Tally) {
        self.extracted += tally.extracted;
        self.broken += tally.broken;
        self.failed += tally.failed;
    }
}

/// Whose original it is; none: it is none.
fn of_identity(put: &Put, prefix: &str) -> Option<(Option<Identity>, Key)> {
    let folder = put.key.strip_prefix(prefix)?.split('/').next()?;
    let identity = Identity::parse(folder)?;
    let key = put.original(&format!("{prefix}{folder}/"))?;
    Some((Some(identity), key))
}

/// How long new objects may be begun.
fn time_left(deadline: SystemTime) -> Duration {
    let left = deadline.duration_since(SystemTime::now()).unwrap_or(UNSAID);
    left.saturating_sub(TO_FINISH).max(left / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_somebodys_by_its_first_folder() {
        let somebody = "eu-central-1:12345678-1234-1234-1234-123456789abc";
        //  key, original
        let cases = [
            (format!("p/{somebody}/2024/a.jpg"), Some("2024/a.jpg")),
            (format!("p/{somebody}/2024/a.jpg.meta"), None),
            (format!("p/{somebody}/.imgn/thumbs/aa/b.webp"), None),
            (format!("{somebody}/a.jpg"), None),
            ("p/2024/a.jpg".to_owned(), None),
        ];
        for (key, expected) in cases {
            let put = Put {
                bucket: "photos".to_owned(),
                key: key.clone(),
            };
            let found = of_identity(&put, "p/");
            let found = found.as_ref().map(|(_, key)| key.as_str());
            assert_eq!(found, expected, "{key}");
        }
    }

    #[test]
    fn a_batch_ends_before_its_time_is_over() {
        let now = SystemTime::now();
        assert!(time_left(now + Duration::from_secs(900)) <= Duration::from_secs(840));
        assert!(time_left(now + Duration::from_secs(10)) <= Duration::from_secs(5));
        assert!(time_left(SystemTime::UNIX_EPOCH) < UNSAID);
    }
}
