//! `imgn-bench`: runs one part of imgn alone, and makes what is measured on.
//!
//! It measures nothing but searches: `scripts/bench` starts it, beside imgn itself and its peers, and looks at
//! time, processor and memory from outside, the same way for each.

#![forbid(unsafe_code)]

mod inputs;
mod parts;
mod searches;

use clap::{Parser, Subcommand};
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs one part of imgn alone, for ./dev bench to measure.
#[derive(Debug, Parser)]
#[command(name = "imgn-bench", version)]
struct Arguments {
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Make the thumbnail of each file, one after the other.
    Thumbnails { files: Vec<PathBuf> },
    /// Make what stands for the thumbnail of each file until that is made.
    FirstPaints {
        files: Vec<PathBuf>,
        /// A folder to write them into.
        #[arg(long)]
        into: Option<PathBuf>,
    },
    /// Read the metadata of every file in a folder.
    Metadata { folder: PathBuf },
    /// Search as one types: each beginning of the text; prints the milliseconds of each.
    Search {
        library: PathBuf,
        text: String,
        /// So often, of which the median is printed.
        #[arg(long, default_value_t = 5)]
        runs: usize,
    },
    /// Write small photos of which no two are alike, over years and folders.
    Small {
        folder: PathBuf,
        count: usize,
        /// Bytes of each, at least.
        #[arg(long, default_value_t = 0)]
        size: usize,
    },
    /// Write photographs drawn by code, this many pixels on the long side.
    Drawn {
        folder: PathBuf,
        count: usize,
        long_side: u32,
    },
}

fn main() -> ExitCode {
    media::worker::serve_if_asked();
    match run(Arguments::parse().part) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "imgn-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(part: Part) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    match part {
        Part::Thumbnails { files } => runtime.block_on(parts::thumbnails(&files)),
        Part::FirstPaints { files, into } => {
            runtime.block_on(parts::first_paints(&files, into.as_deref()))
        }
        Part::Metadata { folder } => runtime.block_on(parts::metadata(&folder)),
        Part::Search {
            library,
            text,
            runs,
        } => {
            let found = runtime.block_on(searches::typed(library, &text, runs))?;
            writeln!(io::stdout(), "{found}")?;
            Ok(())
        }
        Part::Small {
            folder,
            count,
            size,
        } => Ok(inputs::small(&folder, count, size)?),
        Part::Drawn {
            folder,
            count,
            long_side,
        } => Ok(inputs::drawn(&folder, count, long_side)?),
    }
}
