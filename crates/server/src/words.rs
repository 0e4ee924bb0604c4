//! The words of the command line, and the variables that stand for them.
//!
//! Every flag has a variable; secrets have no flag: they come from the environment or from a file.

use clap::{ArgGroup, Args, Parser, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// Where the monolith keeps images unless it is told otherwise.
const FOLDER: &str = "imgn-gallery";

/// Keeps photos that are uploaded, lists them, and reads their metadata.
///
/// Without a word: all of it in one process, over a folder, for this machine alone.
#[derive(Debug, Parser)]
#[command(
    name = "imgn-server",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true
)]
pub struct Words {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub monolith: Monolith,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Uploads and the gallery over a store that others may share; extracts what buckets tell of.
    Serve(Serve),
    /// Metadata and thumbnails of everything in the store that has none.
    Extract(Extract),
    /// Makes the bucket if it is not there, as soon as its store answers, and ends.
    Prepare(Prepare),
}

#[derive(Debug, Args)]
pub struct Monolith {
    /// Where images are kept; made if it is not there.
    #[arg(long, value_name = "DIR", env = "IMGN_FOLDER", default_value = FOLDER)]
    pub folder: PathBuf,
    #[command(flatten)]
    pub service: Service,
    #[command(flatten)]
    pub work: Work,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub service: Service,
    #[command(flatten)]
    pub work: Work,
}

#[derive(Debug, Args)]
pub struct Extract {
    #[command(flatten)]
    pub place: Place,
    #[command(flatten)]
    pub work: Work,
    /// Time between two batches, such as 10s or 5m.
    #[arg(long, value_name = "TIME", env = "IMGN_EVERY", default_value = "10s", value_parser = time)]
    pub every: Duration,
    /// One batch, then end: 1 if something could not be looked at.
    #[arg(long)]
    pub once: bool,
    /// Say at /healthz here whether batches get on; nothing else is answered.
    #[arg(
        long,
        value_name = "HOST:PORT",
        env = "IMGN_HEALTH",
        conflicts_with = "once"
    )]
    pub health: Option<String>,
}

#[derive(Debug, Args)]
pub struct Prepare {
    #[command(flatten)]
    pub place: Place,
    /// Have the bucket tell this what is put into it, such as arn:minio:sqs::IMGN:webhook.
    #[arg(long, value_name = "ARN", env = "IMGN_TELL", conflicts_with = "folder")]
    pub tell: Option<String>,
    /// How long to wait for the store.
    #[arg(long, value_name = "TIME", env = "IMGN_WITHIN", default_value = "5m", value_parser = time)]
    pub within: Duration,
}

/// Where images are.
#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("store").required(true).args(["folder", "bucket"]))]
pub struct Place {
    /// Images in a folder; made if it is not there.
    #[arg(long, value_name = "DIR", env = "IMGN_FOLDER")]
    pub folder: Option<PathBuf>,
    /// Images in an S3 bucket. Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from files of
    /// Amazon's tools, or from the machine.
    #[arg(long, env = "IMGN_BUCKET")]
    pub bucket: Option<String>,
    /// Where the store answers, such as http://minio:9000; without it, AWS.
    #[arg(
        long,
        value_name = "URL",
        env = "IMGN_ENDPOINT",
        conflicts_with = "folder"
    )]
    pub endpoint: Option<String>,
    /// Everything under this path in the bucket.
    #[arg(
        long,
        env = "IMGN_PREFIX",
        default_value = "",
        conflicts_with = "folder"
    )]
    pub prefix: String,
    #[arg(long, env = "IMGN_REGION", conflicts_with = "folder")]
    pub region: Option<String>,
    /// Address the bucket in the path; the default for an endpoint of one's own.
    #[arg(long, env = "IMGN_PATH_STYLE", conflicts_with = "folder")]
    pub path_style: bool,
    /// Trust the certificates in this PEM file too.
    #[arg(
        long,
        value_name = "FILE",
        env = "IMGN_CA_FILE",
        conflicts_with = "folder"
    )]
    pub ca_file: Option<PathBuf>,
}

/// How the API is served.
#[derive(Debug, Args)]
pub struct Service {
    /// Where to listen. Beyond this machine only with a token, or with --anonymous.
    #[arg(
        long,
        value_name = "HOST:PORT",
        env = "IMGN_LISTEN",
        default_value = "127.0.0.1:8080"
    )]
    pub listen: String,
    /// The token that clients need, in a file; or else in IMGN_TOKEN.
    #[arg(long, value_name = "FILE", env = "IMGN_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,
    /// Let everybody see and upload who can reach this server.
    #[arg(long, env = "IMGN_ANONYMOUS", conflicts_with = "token_file")]
    pub anonymous: bool,
    /// Pages of this origin may ask too, such as https://photos.example.org.
    #[arg(long, value_name = "URL", env = "IMGN_ORIGINS", value_delimiter = ',')]
    pub origin: Vec<String>,
    /// A name or address that this server may be called by, besides those of this machine.
    #[arg(long, value_name = "NAME", env = "IMGN_HOSTS", value_delimiter = ',')]
    pub host: Vec<String>,
    /// Show this UI instead of the built-in page.
    #[arg(long, value_name = "DIR", env = "IMGN_UI")]
    pub ui: Option<PathBuf>,
    /// The largest file that is taken, such as 512M or 2G.
    #[arg(long, value_name = "SIZE", env = "IMGN_MAX_UPLOAD", default_value = "512M", value_parser = size)]
    pub max_upload: u64,
    /// How long a client that uploads may send nothing, such as 60s.
    #[arg(long, value_name = "TIME", env = "IMGN_PATIENCE", default_value = "60s", value_parser = time)]
    pub patience: Duration,
}

/// What reading pictures may cost.
#[derive(Debug, Args)]
pub struct Work {
    /// Processes that read pictures; as many as the machine has cores, unless said otherwise.
    #[arg(long, value_name = "N", env = "IMGN_WORKERS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub workers: Option<u16>,
    /// Where files are that are on their way; beside the images, or in the system's temporary folder.
    #[arg(long, value_name = "DIR", env = "IMGN_SPOOL")]
    pub spool: Option<PathBuf>,
}

impl Work {
    /// How many pictures are read at once.
    pub fn at_once(&self) -> usize {
        self.workers.map_or_else(
            || std::thread::available_parallelism().map_or(2, usize::from),
            usize::from,
        )
    }
}

/// A number, and `s`, `m` or `h`.
fn time(text: &str) -> Result<Duration, String> {
    let bad = || format!("{text:?} is no time such as 10s, 5m or 1h");
    let (number, unit) = split(text).ok_or_else(bad)?;
    let seconds = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(bad()),
    };
    match number.checked_mul(seconds) {
        Some(seconds @ 1..=31_536_000) => Ok(Duration::from_secs(seconds)),
        _ => Err(bad()),
    }
}

/// A number of bytes, and `K`, `M` or `G`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let bad = || format!("{text:?} is no size such as 64M or 2G");
    let (number, unit) = split(text).ok_or_else(bad)?;
    let shift = match unit {
        "" => 0,
        "K" | "k" => 10,
        "M" | "m" => 20,
        "G" | "g" => 30,
        _ => return Err(bad()),
    };
    number
        .checked_mul(1 << shift)
        .filter(|size| (1..=1 << 40).contains(size))
        .ok_or_else(bad)
}

fn split(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_words_are_sound() {
        Words::command().debug_assert();
    }

    #[test]
    fn times_and_sizes_are_read_or_refused() {
        assert_eq!(time("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(time("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(size("512M"), Ok(512 << 20));
        assert_eq!(size("7"), Ok(7));
        for text in ["", "s", "0s", "1d", "-1s", "99999999999h"] {
            assert!(time(text).is_err(), "{text}");
        }
        for text in ["", "M", "0", "1T", "1.5G", "99999999999G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_store_is_a_folder_or_a_bucket() {
        //  words, fine
        let cases: [(&[&str], bool); 8] = [
            (&["serve", "--folder", "a"], true),
            (&["serve", "--folder", "a", "--prefix", "b"], false),
            (
                &["serve", "--bucket", "b", "--endpoint", "http://m:9000"],
                true,
            ),
            (&["extract", "--bucket", "b", "--once"], true),
            (&["serve"], false),
            (&["serve", "--folder", "a", "--bucket", "b"], false),
            (
                &["serve", "--folder", "a", "--endpoint", "http://m:9000"],
                false,
            ),
            (&["--folder", "a", "serve", "--folder", "b"], false),
        ];
        for (words, fine) in cases {
            let words = ["imgn-server"].iter().chain(words);
            let parsed = Words::try_parse_from(words);
            assert_eq!(parsed.is_ok(), fine, "{parsed:?}");
        }
    }

    #[test]
    fn every_command_and_variable_of_the_page_is_one() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/imgn-server.md");
        let page = std::fs::read_to_string(root).unwrap();
        let mut commands = 0;
        for line in page.lines() {
            let line = line
                .strip_prefix("ExecStart=/usr/local/bin/")
                .unwrap_or(line);
            if !line.starts_with("imgn-server ") {
                continue;
            }
            let words = line.split(" #").next().unwrap_or_default();
            let parsed = Words::try_parse_from(words.split_whitespace());
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
            commands += 1;
        }
        assert_eq!(commands, 6);

        let command = Words::command();
        let of_words = command.get_subcommands().chain([&command]);
        let known: Vec<_> = of_words
            .flat_map(clap::Command::get_arguments)
            .flat_map(|flag| {
                let variable = flag.get_env().and_then(|name| name.to_str());
                let long = flag.get_long().map(|long| format!("--{long}"));
                long.into_iter().chain(variable.map(str::to_owned))
            })
            .chain(["IMGN_TOKEN", "IMGN_LOG", "--help", "--read-data"].map(str::to_owned))
            .collect();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        // Flags of other programs are theirs to know.
        let others = ["podman ", "`systemctl ", "imgn-cli "];
        let ours = |line: &&str| !others.iter().any(|program| line.starts_with(program));
        let words = page.lines().filter(ours);
        for word in words.flat_map(|line| line.split(|c| !is_name(c))) {
            if word.starts_with("--") && word.len() > 3 || word.starts_with("IMGN_") {
                assert!(known.iter().any(|known| known == word), "{word}");
            }
        }
    }
}
