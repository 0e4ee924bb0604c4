//! `imgn-samples`: fills a folder with sample photographs, at once or drop by drop.

#![forbid(unsafe_code)]

use clap::Parser;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// Writes sample photographs, drawn by code, into a folder.
#[derive(Debug, Parser)]
#[command(name = "imgn-samples", version)]
struct Arguments {
    /// The folder; it is made when it is missing
    dir: PathBuf,

    /// How many photographs to write
    #[arg(long, default_value_t = 60)]
    count: usize,

    /// How many photographs of the album to leave out first
    #[arg(long, default_value_t = 0)]
    from: usize,

    /// Which album: the same seed draws the same photographs
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Write one photograph each so many milliseconds, as a camera would
    #[arg(long, value_name = "MS")]
    drip: Option<u64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "imgn-samples: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    let Arguments {
        dir,
        count,
        from,
        seed,
        drip,
    } = arguments;
    let mut out = io::stdout().lock();
    match drip {
        None => {
            for path in samples::write_part(dir, *from..from + count, *seed)? {
                writeln!(out, "{}", path.display())?;
            }
        }
        Some(pause) => {
            for sample in samples::album(*seed).skip(*from).take(*count) {
                thread::sleep(Duration::from_millis(*pause));
                sample.write(dir)?;
                writeln!(out, "{}", dir.join(sample.path()).display())?;
                out.flush()?;
            }
        }
    }
    Ok(())
}
