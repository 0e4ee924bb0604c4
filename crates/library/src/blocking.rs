//! Work that may block, file calls above all, away from the runtime's own threads.
//!
//! **Invariant:** no other module leaves the runtime: a disk that does not answer holds up who asked for
//! it, and nobody else.

use std::panic::resume_unwind;

/// Runs `work` where it may block; a panic goes on in the caller.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime ends, and so does the caller.
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_the_callers() {
        let stumbled = tokio::spawn(blocking(|| -> u8 { panic!("stumbled") })).await;
        assert!(stumbled.is_err_and(|error| error.is_panic()));
        assert_eq!(blocking(|| 1).await, 1);
    }
}
