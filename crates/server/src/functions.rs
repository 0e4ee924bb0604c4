//! The services as functions on AWS Lambda: `imgn-upload`, `imgn-gallery` and `imgn-extract`.
//!
//! They are the router and the extractor that `imgn-server` runs, over a bucket, told where it is by the same
//! variables. What differs is what a function is: it lives for a question or a few, so originals do not pass through
//! it (`Traffic::Direct`), and it may keep libraries of several people, each in a folder of its own (`identity`).
//!
//! **Invariant:** nothing that a function remembers from one question to the next is needed for an answer.

mod api;
mod extraction;
mod identity;
mod variables;

use crate::cannot_start::CannotStart;
use api::Api;
use extraction::Extraction;
use lambda_runtime::{LambdaEvent, service_fn};
use std::process::ExitCode;
use variables::Variables;

/// `POST /upload`: an address in the bucket for each file that is announced.
pub fn upload() -> ExitCode {
    run(answer)
}

/// `/gallery`, `/library` and `/healthz`, and whatever no other function is named for.
pub fn gallery() -> ExitCode {
    run(answer)
}

/// Metadata and thumbnails: of what the bucket tells of, or of everything that has none.
pub fn extract() -> ExitCode {
    run(async |variables| {
        let extraction = Extraction::new(variables)?;
        let handler = service_fn(|event: LambdaEvent<serde_json::Value>| extraction.answer(event));
        lambda_runtime::run(handler).await.map_err(lost)
    })
}

async fn answer(variables: Variables) -> Result<(), CannotStart> {
    let api = Api::new(variables)?;
    api.warm_up().await;
    let handler = service_fn(|request| api.answer(request));
    lambda_http::run(handler).await.map_err(lost)
}

fn run<F>(function: impl FnOnce(Variables) -> F) -> ExitCode
where
    F: Future<Output = Result<(), CannotStart>>,
{
    crate::log();
    let ended = Variables::read()
        .and_then(|variables| tokio::runtime::Runtime::new()?.block_on(function(variables)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "cannot go on");
            ExitCode::FAILURE
        }
    }
}

/// Lambda itself does not answer any more.
fn lost(error: lambda_runtime::Error) -> CannotStart {
    CannotStart::Listen(std::io::Error::other(error))
}
