//! Making a bucket ready before anything serves or extracts: it waits for a store that is only just
//! starting, makes the bucket, and has it tell what is put into it. Done again, it changes nothing.

use crate::cannot_start::CannotStart;
use crate::words::Prepare;
use remote::Retry;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Between two tries.
const PAUSE: Duration = Duration::from_secs(1);

impl Prepare {
    /// Until it is done, the store refuses, or it was waited for long enough.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) -> Result<(), CannotStart> {
        let Some(bucket) = &self.place.bucket else {
            tracing::info!("a folder needs no preparing");
            return Ok(());
        };
        let begun = Instant::now();
        loop {
            let error = match self.once(bucket).await {
                Ok(()) => {
                    tracing::info!(bucket, told = self.tell, "the bucket is ready");
                    return Ok(());
                }
                Err(error) => error,
            };
            let passes = matches!(error.retry(), Retry::AfterBackoff { .. });
            if !passes || begun.elapsed() >= self.within {
                return Err(error.into());
            }
            tracing::info!(%error, "the store is waited for");
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => return Err(error.into()),
            }
        }
    }

    async fn once(&self, bucket: &str) -> Result<(), remote::Error> {
        let s3 = self.place.s3(bucket).await?;
        s3.create_bucket().await?;
        match &self.tell {
            Some(queue) => s3.tell(queue).await,
            None => Ok(()),
        }
    }
}
