//! Waiting for something to become true, without ever asserting how long it takes.

use std::fmt::Display;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Long enough for the slowest machine; only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(50);

/// What `look` finds at last. Panics with `what` and the last answer when it never does.
pub async fn eventually<T, E: Display>(
    what: &str,
    mut look: impl AsyncFnMut() -> Result<T, E>,
) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match look().await {
            Ok(found) => return found,
            Err(last) if Instant::now() > deadline => {
                panic!("{what}: not so; last seen: {last}")
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}
