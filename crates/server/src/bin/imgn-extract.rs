//! `imgn-extract`, a function on AWS Lambda: metadata and thumbnails of what is in the bucket.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    media::worker::serve_if_asked();
    server::functions::extract()
}
