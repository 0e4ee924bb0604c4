//! What is logged: a line of JSON for each thing that happens, to standard error.

use tracing_subscriber::EnvFilter;

/// From now on; `IMGN_LOG` says how much of it.
pub fn log() {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_env_filter(
            EnvFilter::try_from_env("IMGN_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .init();
}
