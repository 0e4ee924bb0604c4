//! Asking a destination again when what failed may pass.

use crate::backoff;
use remote::{Error, Retry};
use std::time::Duration;

/// Together about a minute.
const TRIES: u32 = 7;

/// Does `work` until it succeeds, cannot succeed, or failed so often in a row.
pub(crate) async fn patiently<T, F>(mut work: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut tries = 0;
    loop {
        let error = match work().await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        tries += 1;
        match error.retry() {
            Retry::AfterBackoff { at_least } if tries < TRIES => {
                tracing::info!(%error, tries, "tried again");
                let pause = backoff::pause(tries, at_least);
                tokio::time::sleep(Duration::from_millis(pause.unsigned_abs())).await;
            }
            _ => return Err(error),
        }
    }
}
