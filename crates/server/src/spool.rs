//! Files that are on their way: what arrives is here until it is in the store, and what is to be
//! looked at is brought here.
//!
//! **Invariant:** a spooled file goes away with its [`Spooled`]; what a kill leaves behind is
//! removed by the next start, once it is a day old.

use sha2::Digest;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempPath;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncWriteExt, BufWriter};
use uuid::Uuid;

const PREFIX: &str = "imgn-spool-";
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);
/// Longest extension that a spooled file keeps; longer ones say nothing.
const LONGEST_EXTENSION: usize = 16;

/// A folder for such files.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
}

/// One file in the spool, whole.
#[derive(Debug)]
pub(crate) struct Spooled {
    path: TempPath,
    pub(crate) size: u64,
    pub(crate) sha256: remote::Sha256,
}

/// One that is being written.
pub(crate) struct Writing {
    file: BufWriter<File>,
    path: TempPath,
    hasher: sha2::Sha256,
    size: u64,
}

impl Spool {
    /// Makes the folder where it is not there, and removes what earlier runs left in it.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let spool = Self { folder };
        spool.sweep()?;
        Ok(spool)
    }

    /// Whether anything can be written there: on a disk that may only be read no upload ever succeeds.
    pub(crate) fn is_writable(&self) -> io::Result<()> {
        let path = self.path_for("probe");
        std::fs::File::create_new(&path)?;
        std::fs::remove_file(path)
    }

    fn sweep(&self) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let ours = entry
                .file_name()
                .to_str()
                .is_some_and(|name| name.starts_with(PREFIX));
            let age = entry.metadata().and_then(|file| file.modified()).ok();
            let age = age.and_then(|at| SystemTime::now().duration_since(at).ok());
            if ours
                && age.is_some_and(|age| age > ABANDONED)
                && let Err(error) = std::fs::remove_file(entry.path())
            {
                tracing::warn!(path = %entry.path().display(), %error, "a leftover stays");
            }
        }
        Ok(())
    }

    /// A path that nothing stands at, ending in the extension of `name`, which tells kinds apart.
    fn path_for(&self, name: &str) -> PathBuf {
        let extension = Path::new(name)
            .extension()
            .and_then(|extension| extension.to_str())
            .filter(|extension| {
                extension.len() <= LONGEST_EXTENSION
                    && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
            .map_or_else(String::new, |extension| format!(".{extension}"));
        self.folder
            .join(format!("{PREFIX}{}{extension}", Uuid::new_v4()))
    }

    /// Begins a file that is called `name` elsewhere.
    pub(crate) async fn begin(&self, name: &str) -> io::Result<Writing> {
        let path = self.path_for(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await?;
        Ok(Writing {
            file: BufWriter::with_capacity(64 * 1024, file),
            path: TempPath::try_from_path(path)?,
            hasher: sha2::Sha256::new(),
            size: 0,
        })
    }
}

impl Writing {
    pub(crate) async fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.hasher.update(chunk);
        self.size += chunk.len() as u64;
        self.file.write_all(chunk).await
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The file is whole. It is brought to the disk by whoever stores it.
    pub(crate) async fn end(mut self) -> io::Result<Spooled> {
        self.file.flush().await?;
        Ok(Spooled {
            path: self.path,
            size: self.size,
            sha256: self.hasher.finalize().into(),
        })
    }
}

impl Spooled {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_spooled_file_has_the_extension_that_tells_its_kind_and_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path().join("spool")).unwrap();
        //  name, extension
        let cases = [
            ("a.NEF", Some("NEF")),
            ("a", None),
            ("a.b/c", None),
            ("a.überlang", None),
            ("a.jpg ", None),
        ];
        for (name, expected) in cases {
            let mut writing = spool.begin(name).await.unwrap();
            writing.write(b"abc").await.unwrap();
            let spooled = writing.end().await.unwrap();
            let path = spooled.path().to_owned();
            let extension = path.extension().map(|it| it.to_str().unwrap());
            assert_eq!(extension, expected, "{name}");
            assert_eq!(
                path.parent().unwrap(),
                folder.path().join("spool"),
                "{name}"
            );
            assert_eq!(std::fs::read(&path).unwrap(), b"abc");
            assert_eq!(
                hex::encode(spooled.sha256),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            );
            drop(spooled);
            assert!(!path.exists(), "{name}");
        }
    }
}
