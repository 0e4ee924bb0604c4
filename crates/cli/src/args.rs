//! The words of the command line.

use crate::output::Output;
use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::ffi::OsString;
use std::path::PathBuf;

/// Backs up the photos of watched folders to storage that you own, and proves that they arrived.
#[derive(Debug, Parser)]
#[command(name = "imgn-cli", version, max_term_width = 100)]
pub(crate) struct Args {
    /// The library to use; without it, the one of this account.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) library: Option<PathBuf>,
    /// Print one JSON document (with --watch: one line an event).
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    pub(crate) fn output(&self) -> Output {
        if self.json {
            Output::Json
        } else {
            Output::Text
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The watched folders.
    #[command(subcommand)]
    Folder(FolderCommand),
    /// The places where photos are kept.
    #[command(subcommand)]
    Destination(DestinationCommand),
    /// Bring every photo of the watched folders to every destination.
    Sync(Sync),
    /// Copy photos into the library and bring them up.
    Upload {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Every photo of the library.
    List,
    /// Know again what a destination holds: metadata and thumbnails of every photo there. The photos
    /// themselves stay there; `restore` brings them back.
    Rebuild {
        /// A destination, added before.
        #[arg(long, value_name = "NAME")]
        from: String,
    },
    /// Bring every photo back into a folder, with its name, date and bytes. Nothing there is replaced, and
    /// what is there already is left: run it again after an interruption.
    Restore {
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// A destination; without it, all of them.
        #[arg(long, value_name = "NAME")]
        from: Option<String>,
    },
    /// How the library stands.
    Status,
    /// Everything about a photo, by path, key, name, or at least 8 hex digits of its SHA-256; or why a file
    /// is not backed up.
    Show { photo: OsString },
    /// Print a link that shows a photo which is backed up in a bucket to whoever has it, for a while. It
    /// cannot be taken back.
    Link {
        /// By path, key, or at least 8 hex digits of its SHA-256.
        photo: OsString,
        /// For how long: a number and s, m, h or d; 7d is the most that stores allow.
        #[arg(long, value_name = "TIME", value_parser = good_for, default_value = "1d")]
        expires: u32,
        /// From this destination.
        #[arg(long, value_name = "NAME")]
        destination: Option<String>,
    },
    /// Go over every copy that is said to be backed up, and take back what is not right. A sync then
    /// brings it up again.
    Verify {
        /// Read this share of the originals back and compare their bytes; each run reads others.
        #[arg(long, value_name = "P%", value_parser = percent, default_value = "0")]
        read_data: f64,
        /// Only at this destination.
        #[arg(long, value_name = "NAME")]
        destination: Option<String>,
    },
    /// What the window and this program do, in one file that you may edit.
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Print the imgn/1 sidecar of a local file.
    Inspect { file: PathBuf },
    /// Write a thumbnail (WebP) of a local file; OUT must not exist.
    Thumbnail {
        file: PathBuf,
        out: PathBuf,
        /// Pixels on the long side.
        #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(16..=4096))]
        size: u32,
    },
    /// Print what a shell completes these words from, such as for: source <(imgn-cli completions bash)
    Completions { shell: Shell },
    /// Print the manual page, as for: imgn-cli man | man -l -
    Man {
        /// Write a page for each word into this directory instead.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum FolderCommand {
    /// Watch a folder.
    Add { path: PathBuf },
    /// The watched folders.
    List,
    /// Forget a folder; deletes nothing.
    Remove { path: PathBuf },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DestinationCommand {
    /// Keep photos in one more place.
    #[command(subcommand)]
    Add(Box<AddDestination>),
    /// The places, and how each is doing.
    List,
    /// Reach a destination and say what works; changes nothing there.
    Test { name: String },
    /// Ask a destination one by one what it does, and say what is wrong and what to do. Writes only probes
    /// of its own, which it removes.
    Doctor { name: String },
    /// Put the places side by side: how they are built, how long they take, whether they verify, what they
    /// cost for this library, what is good and bad about each.
    Compare {
        /// Ask each place some 30 times first how long it takes. Puts only probes of its own there, which it
        /// removes.
        #[arg(long)]
        measure: bool,
        /// Say only where the table of prices is, and make it where it is not there yet.
        #[arg(long, conflicts_with = "measure")]
        prices: bool,
    },
    /// Keep other keys for a destination in this system's keyring: two lines from the terminal, standard
    /// input, or a file descriptor; for an HTTP API one, its token; with Cognito, user name and password.
    SetKeys {
        name: String,
        /// Read them from this open file descriptor.
        #[arg(long, value_name = "N")]
        key_fd: Option<u32>,
    },
    /// Forget a destination; deletes nothing there.
    Remove { name: String },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Every setting as it holds now.
    Show,
    /// Change a setting; it holds at once.
    Set {
        /// As in the file: appearance, limits.upload, photos.exclude.
        key: String,
        /// Without it, what holds when nothing is set.
        value: Option<String>,
        /// The watched folder that folder.exclude or folder.include is about.
        #[arg(long, value_name = "PATH")]
        folder: Option<PathBuf>,
    },
    /// Write settings, watched folders and destinations into a new file, without keys and passwords.
    Export { file: PathBuf },
    /// Take in such a file as a whole, or nothing of it. What is here already stays.
    Import { file: PathBuf },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AddDestination {
    /// A folder on a disk or NAS.
    Folder {
        #[arg(long)]
        name: String,
        path: PathBuf,
        /// How keys are made, such as {year}/{month}/{filename}.
        #[arg(long, value_name = "TEMPLATE")]
        key_template: Option<String>,
        /// How photos lie there: as an imgn library, or shared with an original imgn.
        #[arg(long, value_enum, default_value_t)]
        layout: Layout,
    },
    /// An S3 or MinIO bucket. Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or a
    /// file descriptor; or they are lent by Amazon Cognito to whoever signs in.
    S3(AddS3),
    /// An imgn-server, or an original imgn (monolith or containers). Its token comes from a file, the variable
    /// IMGN_TOKEN, or this system's keyring (set-keys).
    Http(AddHttp),
    /// Functions on AWS Lambda, of imgn or of the original: photos go straight to their bucket. The token comes
    /// from a file, the variable IMGN_TOKEN, or this system's keyring (set-keys).
    Lambda(AddHttp),
}

/// How photos lie in a place.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Layout {
    /// Everything that a library needs to be rebuilt lies beside them.
    #[default]
    Library,
    /// With the servers of the original imgn: plain names, JPEG and PNG only, and nothing that a library could
    /// be rebuilt from; no marker tells the place from another one.
    Original,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AddHttp {
    #[arg(long)]
    pub(crate) name: String,
    /// Where it answers, such as http://nas:8080; with the stage, if it has one: https://….amazonaws.com/Prod/.
    #[arg(long, value_name = "URL")]
    pub(crate) url: String,
    /// Read the token from this file each time that it is needed.
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Trust the certificates in this PEM file too.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct AddS3 {
    #[arg(long)]
    pub(crate) name: String,
    /// Where the store answers, such as http://nas:9000; without it, AWS.
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    #[arg(long)]
    pub(crate) bucket: String,
    /// Keep everything under this path in the bucket.
    #[arg(long, default_value = "")]
    pub(crate) prefix: String,
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Address the bucket in the path; the default for a custom endpoint.
    #[arg(long)]
    pub(crate) path_style: bool,
    /// Trust the certificates in this PEM file too.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// A profile of the AWS configuration files.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// How keys are made, such as {year}/{month}/{filename}.
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) key_template: Option<String>,
    /// How photos lie there: as an imgn library, or shared with an original imgn.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) layout: Layout,
    /// Read the access key and the secret key, a line each, from this open file descriptor, and keep them
    /// in this system's keyring. With Cognito these are the user name and the password.
    #[arg(long, value_name = "N", conflicts_with = "profile")]
    pub(crate) key_fd: Option<u32>,
    /// Have keys lent by Cognito: the identity pool, such as eu-central-1:1b2c…. Whoever signs in keeps
    /// everything under an identity of their own, unless there is a --prefix. User name and password come from
    /// IMGN_USER and IMGN_PASSWORD, a file descriptor, or the terminal.
    #[arg(
        long,
        value_name = "ID",
        requires = "cognito_user_pool_client",
        conflicts_with = "profile"
    )]
    pub(crate) cognito_identity_pool: Option<String>,
    /// The app client of the user pool that people sign in with.
    #[arg(long, value_name = "ID", requires = "cognito_identity_pool")]
    pub(crate) cognito_user_pool_client: Option<String>,
    /// Create the bucket if it is not there.
    #[arg(long)]
    pub(crate) create_bucket: bool,
}

#[derive(Debug, ClapArgs)]
#[command(group = ArgGroup::new("how").required(true).args(["once", "watch"]))]
pub(crate) struct Sync {
    /// End when nothing is left to do.
    #[arg(long)]
    pub(crate) once: bool,
    /// Go on until interrupted.
    #[arg(long)]
    pub(crate) watch: bool,
}

/// `10%`, `10`, `2.5%`: 0 to 100.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end();
    match number.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("it must be a share from 0% to 100%".to_owned()),
    }
}

/// `90s`, `15m`, `1h`, `7d`: seconds, from 1 to those of seven days.
fn good_for(text: &str) -> Result<u32, String> {
    let refused = || "it must be a time from 1s to 7d, such as 1h or 1d".to_owned();
    let text = text.trim();
    let unit = text.chars().last().ok_or_else(refused)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return Err(refused()),
    };
    let number: u32 = text[..text.len() - 1].parse().map_err(|_| refused())?;
    number
        .checked_mul(seconds)
        .filter(|all| (1..=MOST_SECONDS).contains(all))
        .ok_or_else(refused)
}

/// Seven days.
const MOST_SECONDS: u32 = 7 * 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_lasts_seven_days_at_most() {
        //  text, seconds
        let cases = [
            ("1s", Some(1)),
            ("15m", Some(900)),
            ("1h", Some(3_600)),
            ("1d", Some(86_400)),
            ("7d", Some(604_800)),
            ("168h", Some(604_800)),
            ("8d", None),
            ("0s", None),
            ("-1h", None),
            ("99999999999d", None),
            ("4294967295d", None),
            ("1", None),
            ("h", None),
            ("1 Tag ö", None),
            ("", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(good_for(text).ok(), seconds, "{text:?}");
        }
    }

    #[test]
    fn a_share_is_a_number_of_percent() {
        //  text, share
        let cases = [
            ("10%", Some(10.0)),
            ("10", Some(10.0)),
            ("2.5 %", Some(2.5)),
            ("100%", Some(100.0)),
            ("0", Some(0.0)),
            ("101%", None),
            ("-1", None),
            ("NaN", None),
            ("some", None),
            ("", None),
        ];
        for (text, share) in cases {
            assert_eq!(percent(text).ok(), share, "{text:?}");
        }
    }
}
