//! `imgn-gallery`, a function on AWS Lambda: what is in the bucket, with addresses that show it.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    server::functions::gallery()
}
