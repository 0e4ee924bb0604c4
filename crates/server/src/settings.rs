//! From words to what a process does: parse, then validate, then open.
//!
//! Every flag has an environment variable; secrets have no flag: they come from the environment or
//! from a file.

use crate::guard::{Access, Guard};
use crate::spool::Spool;
use clap::{ArgGroup, Args, Parser, Subcommand};
use remote::{Credentials, Folder, Profile, Remote, S3, S3Config};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Where the monolith keeps images unless it is told otherwise.
const FOLDER: &str = "imgn-gallery";
/// The token, when it is in the environment.
const TOKEN: &str = "IMGN_TOKEN";
/// A token is a line; more is another file.
const LONGEST_TOKEN: usize = 4096;

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
pub struct Settings {
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
    #[arg(long, env = "IMGN_PREFIX", default_value = "")]
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

/// Why a process does not start.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Settings(String),
    #[error(transparent)]
    Store(#[from] remote::Error),
    #[error("the spool {folder} cannot be used: {source}", folder = folder.display())]
    Spool {
        folder: PathBuf,
        source: std::io::Error,
    },
    #[error("{0}")]
    Listen(#[from] std::io::Error),
}

/// The images, and where files are on their way to and from them.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) remote: Arc<dyn Remote>,
    pub(crate) spool: Spool,
    pub(crate) bucket: Option<Bucket>,
}

/// What events call the store.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    /// Empty, or ending in a slash.
    pub(crate) prefix: String,
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

impl Place {
    /// Reaches the store and makes sure that it is one of ours, or begins it.
    pub async fn open(&self, work: &Work) -> Result<Store, Refusal> {
        match (&self.folder, &self.bucket) {
            (Some(folder), None) => open_folder(folder, work).await,
            (_, Some(bucket)) => self.open_bucket(bucket, work).await,
            (None, None) => Err(Refusal::Settings("no --folder and no --bucket".to_owned())),
        }
    }

    async fn open_bucket(&self, bucket: &str, work: &Work) -> Result<Store, Refusal> {
        let config = S3Config {
            endpoint: self.endpoint.clone(),
            bucket: bucket.to_owned(),
            prefix: self.prefix.clone(),
            region: self.region.clone(),
            path_style: self.path_style.then_some(true),
            ca_file: self.ca_file.clone(),
            profile: None,
        };
        let remote = S3::open(config, Credentials::Environment, Profile::default()).await?;
        let spool = work.spool.clone().unwrap_or_else(std::env::temp_dir);
        let prefix = match self.prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        let name = bucket.to_owned();
        begin(Arc::new(remote), spool, Some(Bucket { name, prefix })).await
    }
}

/// A store in a folder, which is made if it is not there.
pub(crate) async fn open_folder(folder: &Path, work: &Work) -> Result<Store, Refusal> {
    let folder = std::path::absolute(folder)?;
    let remote = Folder::new(folder.clone());
    remote.create().await?;
    let spool = work
        .spool
        .clone()
        .unwrap_or_else(|| folder.join(".imgn").join("tmp"));
    begin(Arc::new(remote), spool, None).await
}

async fn begin(
    remote: Arc<dyn Remote>,
    spool: PathBuf,
    bucket: Option<Bucket>,
) -> Result<Store, Refusal> {
    let (marker, _) = remote.claim().await?;
    // It also removes what earlier runs left half written.
    remote.check(&marker).await?;
    tracing::info!(library = %marker.uuid, "the store is open");
    let spool = Spool::open(spool.clone()).map_err(|source| Refusal::Spool {
        folder: spool,
        source,
    })?;
    Ok(Store {
        remote,
        spool,
        bucket,
    })
}

impl Monolith {
    /// Opens its folder.
    pub async fn open(&self) -> Result<Store, Refusal> {
        open_folder(&self.folder, &self.work).await
    }
}

impl Service {
    /// Who may ask, and where to listen; refuses to let everybody in unless it was said.
    pub async fn guard(&self) -> Result<(Guard, Vec<SocketAddr>), Refusal> {
        let addresses: Vec<_> = tokio::net::lookup_host(&self.listen)
            .await
            .map_err(|error| {
                Refusal::Settings(format!(
                    "{:?} is no address such as 127.0.0.1:8080: {error}",
                    self.listen
                ))
            })?
            .collect();
        let here = addresses.iter().all(|address| address.ip().is_loopback());
        let access = self.access(here, std::env::var(TOKEN).ok())?;
        let guard = Guard::new(access, self.host.clone(), self.origin.clone())
            .map_err(Refusal::Settings)?;
        Ok((guard, addresses))
    }

    /// `here`: it listens on this machine alone.
    fn access(&self, here: bool, token: Option<String>) -> Result<Access, Refusal> {
        let refused = |message: String| Err(Refusal::Settings(message));
        let token = match &self.token_file {
            None => token,
            Some(file) => match std::fs::read_to_string(file) {
                Ok(token) => Some(token),
                Err(error) => {
                    return refused(format!("{} cannot be read: {error}", file.display()));
                }
            },
        };
        match token.map(|token| token.trim().to_owned()) {
            Some(_) if self.anonymous => {
                refused("with --anonymous no token is asked for: leave one of them out".to_owned())
            }
            Some(token) if token.is_empty() => refused("the token is empty".to_owned()),
            Some(token)
                if token.len() > LONGEST_TOKEN
                    || !token.bytes().all(|byte| byte.is_ascii_graphic()) =>
            {
                refused("a token is one line of ASCII letters, digits and signs".to_owned())
            }
            Some(token) => Ok(Access::Token(token)),
            None if here || self.anonymous => Ok(Access::Open),
            None => refused(format!(
                "{} can be reached from other machines: give a token with --token-file or in {TOKEN}, \
                 or let everybody in with --anonymous",
                self.listen
            )),
        }
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
fn size(text: &str) -> Result<u64, String> {
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
        Settings::command().debug_assert();
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

    type Case<'a> = (
        &'a str,
        &'a [&'a str],
        Option<&'a str>,
        bool,
        Option<Access>,
    );

    #[test]
    fn nobody_is_let_in_from_outside_unless_it_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, "secret\n").unwrap();
        let file = file.to_str().unwrap();
        //  name, words, token in the environment, listens here, access
        let cases: [Case<'_>; 10] = [
            ("on this machine", &[], None, true, Some(Access::Open)),
            ("beyond it", &[], None, false, None),
            ("told so", &["--anonymous"], None, false, Some(Access::Open)),
            (
                "with a token",
                &["--token-file", file],
                None,
                false,
                Some(Access::Token("secret".into())),
            ),
            (
                "with one from around",
                &[],
                Some("around"),
                false,
                Some(Access::Token("around".into())),
            ),
            (
                "here with a token",
                &["--token-file", file],
                None,
                true,
                Some(Access::Token("secret".into())),
            ),
            ("an empty one", &[], Some(" "), false, None),
            ("two lines", &[], Some("a\nb"), false, None),
            ("both", &["--anonymous"], Some("around"), false, None),
            (
                "no such file",
                &["--token-file", "/nowhere"],
                None,
                false,
                None,
            ),
        ];
        for (name, words, token, here, expected) in cases {
            let words = ["imgn-server"].iter().chain(words);
            let settings = Settings::try_parse_from(words).unwrap();
            let access = settings
                .monolith
                .service
                .access(here, token.map(str::to_owned));
            assert_eq!(access.ok(), expected, "{name}");
        }
    }

    #[test]
    fn a_store_is_a_folder_or_a_bucket() {
        //  words, fine
        let cases: [(&[&str], bool); 7] = [
            (&["serve", "--folder", "a"], true),
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
            let parsed = Settings::try_parse_from(words);
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
            let parsed = Settings::try_parse_from(words.split_whitespace());
            assert!(parsed.is_ok(), "{line}: {parsed:?}");
            commands += 1;
        }
        assert_eq!(commands, 5);

        let command = Settings::command();
        let of_words = command.get_subcommands().chain([&command]);
        let known: Vec<_> = of_words
            .flat_map(clap::Command::get_arguments)
            .flat_map(|flag| {
                let variable = flag.get_env().and_then(|name| name.to_str());
                let long = flag.get_long().map(|long| format!("--{long}"));
                long.into_iter().chain(variable.map(str::to_owned))
            })
            .chain(["IMGN_TOKEN", "IMGN_LOG", "--help", "--event"].map(str::to_owned))
            .collect();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        for word in page.split(|c| !is_name(c)) {
            if word.starts_with("--") && word.len() > 3 || word.starts_with("IMGN_") {
                assert!(known.iter().any(|known| known == word), "{word}");
            }
        }
    }
}
