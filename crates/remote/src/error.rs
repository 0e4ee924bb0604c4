//! What can go wrong with a far side, keyed by what the caller can do next.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

/// When it makes sense to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// With growing, jittered pauses; at least this long where the far side said so.
    AfterBackoff { at_least: Option<Duration> },
    /// Not before a person changed the destination's settings or keys, or put the disk back.
    WhenSettingsChange,
    /// Not before the file changed.
    WhenFileChanges,
}

/// Every variant's text names the endpoint, bucket, key or path; none holds a secret or a query string.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer: refused, reset, no route, name not found, time-out.
    #[error("cannot reach {endpoint}: {message}")]
    Unreachable { endpoint: String, message: String },
    /// 500, 502, 503 SlowDown, 429 and the like.
    #[error("{endpoint} is busy or has a fault of its own: {message}")]
    Busy {
        endpoint: String,
        message: String,
        retry_after: Option<Duration>,
    },
    /// The certificate is not trusted.
    #[error("the certificate of {endpoint} is not trusted: {message}")]
    Certificate { endpoint: String, message: String },
    /// The key id is unknown, or the signature is wrong.
    #[error("{endpoint} does not accept this key: {message}")]
    Unauthorized { endpoint: String, message: String },
    /// No keys were given at all.
    #[error("no keys for {endpoint}")]
    NoCredentials { endpoint: String },
    /// The key or token is good but has no right to do this.
    #[error("{place} gives no right to {action}")]
    Forbidden { place: String, action: String },
    /// A folder in which this computer may not do this: by its permissions, or mounted read-only.
    #[error("this computer may not {action} in {place}")]
    NoAccess { place: String, action: String },
    /// The bucket does not exist.
    #[error("{endpoint} has no bucket {bucket}")]
    NoBucket { endpoint: String, bucket: String },
    /// The bucket lives in another region.
    #[error("{bucket} is in region {expected}, not here")]
    WrongRegion { bucket: String, expected: String },
    /// The clocks differ by more than the far side accepts.
    #[error("this computer's clock and that of {endpoint} differ by {seconds} s")]
    ClockSkew { endpoint: String, seconds: i64 },
    /// Redirects are not followed: credentials never go to another host.
    #[error("{endpoint} redirects to another address, which is not followed")]
    Redirected { endpoint: String },
    /// Nothing is mounted in a folder, or its marker is missing: a disk may come back.
    #[error("{place} is not mounted, or is not an imgn library")]
    NotMounted { place: String },
    /// A bucket or server that answers, and has no marker: it was emptied, made anew, or is another one.
    #[error("{place} has no imgn library")]
    NoLibrary { place: String },
    /// The marker is that of another library.
    #[error("{place} is another library ({found}, expected {expected})")]
    WrongLibrary {
        place: String,
        found: String,
        expected: String,
    },
    /// The far side is full: a state of the destination, whichever photo met it. It passes when a
    /// person makes room, which nobody tells, so it is asked again every minute or so.
    #[error("{place} is full")]
    Full { place: String },
    /// The far side refuses this key (a name it cannot hold).
    #[error("{place} cannot hold an object named {key}")]
    BadKey { place: String, key: String },
    /// The far side does not take this file: its type, its size, what it says of itself.
    #[error("{place} does not accept {key}: {message}")]
    NotAccepted {
        place: String,
        key: String,
        message: String,
    },
    /// The far side said that it has it, and does not show it, so its bytes cannot be compared.
    #[error("{key} arrived at {place}, but its checksum is not confirmed: it cannot be read back")]
    Unconfirmed { place: String, key: String },
    /// The file was changed, shortened or replaced while it was read.
    #[error("{path} changed while it was going up", path = path.display())]
    SourceChanged { path: PathBuf },
    /// The file cannot be read.
    #[error("cannot read {path}: {message}", path = path.display())]
    SourceUnreadable { path: PathBuf, message: String },
    /// The disk that the file is on reports an error of its own.
    #[error("the disk of {path} fails: {message}", path = path.display())]
    SourceFault { path: PathBuf, message: String },
    /// One file of a folder, or a local one that is to be written, cannot be used.
    #[error("cannot use {path}: {source}", path = path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The far side says what it has under this key, and cannot give its bytes. Asked again it may, where a disk of
    /// its own was away.
    #[error("{place} has {key}, and cannot read it: {message}")]
    Unreadable {
        place: String,
        key: String,
        message: String,
    },
    /// Nothing stands under this key.
    #[error("{place} has nothing named {key}")]
    Missing { place: String, key: String },
    /// What was sent cannot be noted on this computer; whoever keeps the ledger knows why.
    #[error("the parts of {key} cannot be noted")]
    Unrecorded { key: String },
    /// The object is larger than the caller allows, or than the store takes.
    #[error("{key} is larger than {limit} bytes")]
    TooLarge { key: String, limit: u64 },
    /// The settings make no sense.
    #[error("{0}")]
    Settings(String),
    /// An answer that fits none of the above.
    #[error("{endpoint} answered {status}: {message}")]
    Unexpected {
        endpoint: String,
        status: u16,
        message: String,
    },
}

/// How long a full disk is left alone.
const UNTIL_THERE_IS_ROOM: Duration = Duration::from_secs(60);

impl Error {
    /// When it makes sense to try again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Unreachable { .. }
            | Self::Unreadable { .. }
            | Self::Unexpected { .. }
            | Self::Unrecorded { .. } => Retry::AfterBackoff { at_least: None },
            Self::Busy { retry_after, .. } => Retry::AfterBackoff {
                at_least: *retry_after,
            },
            Self::Full { .. } => Retry::AfterBackoff {
                at_least: Some(UNTIL_THERE_IS_ROOM),
            },
            Self::Io { source, .. } => match source.kind() {
                ErrorKind::PermissionDenied
                | ErrorKind::ReadOnlyFilesystem
                | ErrorKind::NotADirectory
                | ErrorKind::InvalidInput => Retry::WhenSettingsChange,
                _ => Retry::AfterBackoff { at_least: None },
            },
            Self::Certificate { .. }
            | Self::Unauthorized { .. }
            | Self::NoCredentials { .. }
            | Self::Forbidden { .. }
            | Self::NoAccess { .. }
            | Self::NoBucket { .. }
            | Self::WrongRegion { .. }
            | Self::ClockSkew { .. }
            | Self::Redirected { .. }
            | Self::NotMounted { .. }
            | Self::NoLibrary { .. }
            | Self::WrongLibrary { .. }
            | Self::BadKey { .. }
            | Self::Missing { .. }
            | Self::Unconfirmed { .. }
            | Self::Settings(_) => Retry::WhenSettingsChange,
            Self::SourceChanged { .. }
            | Self::SourceUnreadable { .. }
            | Self::SourceFault { .. }
            | Self::TooLarge { .. }
            | Self::NotAccepted { .. } => Retry::WhenFileChanges,
        }
    }
}

/// Whether a disk itself fails, rather than a file on it or the right to use that.
pub fn is_disk_fault(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error());
    #[cfg(not(unix))]
    return false;
}
