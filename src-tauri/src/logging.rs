//! The log, on standard error: warnings, or what `IMGN_LOG` (else `RUST_LOG`) asks for.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

pub(crate) fn start() {
    let asked = ["IMGN_LOG", "RUST_LOG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok());
    let filter = EnvFilter::builder().parse_lossy(asked.as_deref().unwrap_or("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}
