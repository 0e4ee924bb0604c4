//! Why a process does not start, and what whoever started it can do about it.

use std::io;
use std::path::PathBuf;

/// Why a process does not start.
#[derive(Debug, thiserror::Error)]
pub enum CannotStart {
    #[error("{0}")]
    Settings(String),
    #[error(transparent)]
    Store(#[from] remote::Error),
    #[error("files on their way cannot be kept in {folder}: {source}", folder = folder.display())]
    Spool { folder: PathBuf, source: io::Error },
    #[error("{0}")]
    Listen(#[from] io::Error),
}

impl CannotStart {
    /// What ends the process: 2 where its words or variables have to be other ones.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Settings(_) | Self::Store(remote::Error::Settings(_)) => 2,
            Self::Store(_) | Self::Spool { .. } | Self::Listen(_) => 1,
        }
    }

    /// What to do, where the reason alone does not say it.
    pub fn advice(&self) -> Option<&'static str> {
        use remote::Error;
        Some(match self {
            Self::Store(Error::NoCredentials { .. }) => {
                "put them into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or into the files of Amazon's tools"
            }
            Self::Store(Error::NoBucket { .. }) => "imgn-server prepare makes it",
            Self::Store(Error::Unreachable { .. }) => {
                "see that it runs, and that --endpoint is its address"
            }
            Self::Store(Error::NotMounted { .. }) => {
                "mount its disk; a new folder is made only in one that is there"
            }
            Self::Store(Error::NoAccess { .. }) => {
                "give the user that this runs as the right to it, or name another --folder"
            }
            Self::Spool { .. } => {
                "give the user that this runs as the right to write there, or name another place with --spool"
            }
            Self::Listen(error) if error.kind() == io::ErrorKind::AddrInUse => {
                "end what listens there, or name another address"
            }
            Self::Listen(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                "take a port above 1023"
            }
            Self::Settings(_) | Self::Store(_) | Self::Listen(_) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use remote::Error;

    #[test]
    fn who_starts_it_is_told_what_to_do_and_scripts_whether_the_words_were_wrong() {
        let endpoint = || "http://minio:9000".to_owned();
        let place = || "/mnt/photos".to_owned();
        let folder = || PathBuf::from("/mnt/photos/.imgn/tmp");
        //  reason, exit code, what the advice holds
        let cases: [(CannotStart, u8, Option<&str>); 9] = [
            (CannotStart::Settings("a".to_owned()), 2, None),
            (Error::Settings("a".to_owned()).into(), 2, None),
            (
                Error::NoCredentials {
                    endpoint: endpoint(),
                }
                .into(),
                1,
                Some("AWS_ACCESS_KEY_ID"),
            ),
            (
                Error::NoBucket {
                    endpoint: endpoint(),
                    bucket: "photos".to_owned(),
                }
                .into(),
                1,
                Some("imgn-server prepare"),
            ),
            (
                Error::NotMounted { place: place() }.into(),
                1,
                Some("mount"),
            ),
            (
                Error::NoAccess {
                    place: place(),
                    action: "write".to_owned(),
                }
                .into(),
                1,
                Some("--folder"),
            ),
            (
                CannotStart::Spool {
                    folder: folder(),
                    source: io::ErrorKind::ReadOnlyFilesystem.into(),
                },
                1,
                Some("--spool"),
            ),
            (
                io::Error::from(io::ErrorKind::AddrInUse).into(),
                1,
                Some("another address"),
            ),
            (Error::Full { place: place() }.into(), 1, None),
        ];
        for (reason, code, advice) in cases {
            assert_eq!(reason.exit_code(), code, "{reason}");
            let said = reason.advice();
            let holds = advice.is_none_or(|part| said.is_some_and(|said| said.contains(part)));
            assert!(
                holds && said.is_some() == advice.is_some(),
                "{reason}: {said:?}"
            );
        }
    }
}
