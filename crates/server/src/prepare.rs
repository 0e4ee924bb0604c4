//! Making a bucket ready before anything serves or extracts: it waits for a store that is only just
//! starting, makes the bucket, and has it tell what is put into it. Done again, it changes nothing.

use crate::cannot_start::CannotStart;
use crate::words::Prepare;
use remote::{Error, Retry};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Between two tries.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a store that answers is given to know whom it can tell: it learns that a little later.
const KNOWN_WITHIN: Duration = Duration::from_secs(15);

impl Prepare {
    /// Until it is done, the store refuses, or it was waited for long enough.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) -> Result<(), CannotStart> {
        let Some(bucket) = &self.place.bucket else {
            tracing::info!("a folder needs no preparing");
            return Ok(());
        };
        let begun = Instant::now();
        let mut made = None;
        loop {
            let error = match self.once(bucket, &mut made).await {
                Ok(()) => {
                    tracing::info!(bucket, told = self.tell, "the bucket is ready");
                    return Ok(());
                }
                Err(error) => error,
            };
            let until = match (&error, made) {
                (Error::Settings(_), Some(made)) => (made + KNOWN_WITHIN).min(begun + self.within),
                _ if matches!(error.retry(), Retry::AfterBackoff { .. }) => begun + self.within,
                _ => begun,
            };
            if Instant::now() >= until {
                return Err(error.into());
            }
            tracing::info!(%error, "the store is waited for");
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => return Err(error.into()),
            }
        }
    }

    /// `made` is since when the bucket is there.
    async fn once(&self, bucket: &str, made: &mut Option<Instant>) -> Result<(), Error> {
        let s3 = self.place.s3(bucket).await?;
        s3.create_bucket().await?;
        made.get_or_insert_with(Instant::now);
        match &self.tell {
            Some(queue) => s3.tell(queue).await,
            None => Ok(()),
        }
    }
}
