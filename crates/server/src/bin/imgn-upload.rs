//! `imgn-upload`, a function on AWS Lambda: an address in the bucket for each file that is announced.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    server::functions::upload()
}
