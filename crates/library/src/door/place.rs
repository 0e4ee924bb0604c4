//! Where the socket of a library lies: `owner/socket` in its directory, which only the account may enter.
//!
//! A path that is too long for a socket, or a disk that can hold none, sends it to the account's run-time
//! directory or the temporary one; `owner/elsewhere` then says where.
//!
//! **Invariant:** only the process that has the library's lock makes or removes anything here, so what it
//! finds was left by one that is gone.

use crate::path_bytes::{from_bytes, to_bytes};
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tokio::net::UnixListener;

const DIRECTORY: &str = "owner";
const SOCKET: &str = "socket";
const ELSEWHERE: &str = "elsewhere";

/// Bytes of a socket's path at most: macOS has 104, Linux 108, one of them for the end.
const LONGEST: usize = 103;

/// A socket that is listened on; gone from the disk when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    socket: PathBuf,
    elsewhere: PathBuf,
}

/// Where the owner of the library in `directory` would listen; none: nowhere.
pub(super) fn of(directory: &Path) -> io::Result<Option<PathBuf>> {
    match fs::read(directory.join(DIRECTORY).join(ELSEWHERE)) {
        Ok(path) => return Ok(Some(from_bytes(path))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let socket = directory.join(DIRECTORY).join(SOCKET);
    Ok(fits(&socket).then_some(socket))
}

/// Listens for the library in `directory`, in the place of a socket that was left there.
pub(super) fn listen(directory: &Path) -> io::Result<(UnixListener, Place)> {
    let own = directory.join(DIRECTORY);
    make_private(&own)?;
    let (socket, elsewhere) = (own.join(SOCKET), own.join(ELSEWHERE));
    remove(&elsewhere)?;
    let here = match fits(&socket) {
        true => bind(&socket),
        false => Err(io::ErrorKind::InvalidFilename.into()),
    };
    let place = |socket| Place {
        socket,
        elsewhere: elsewhere.clone(),
    };
    let refused = match here {
        Ok(listener) => return Ok((listener, place(socket))),
        Err(error) => error,
    };
    for other in others() {
        let socket = other.join(name_of(directory));
        if !fits(&socket) {
            continue;
        }
        match make_private(&other).and_then(|()| bind(&socket)) {
            Ok(listener) => {
                let place = place(socket);
                tell(&own, &place)?;
                return Ok((listener, place));
            }
            Err(error) => {
                tracing::debug!(socket = %socket.display(), %error, "no socket there");
            }
        }
    }
    Err(refused)
}

impl Drop for Place {
    fn drop(&mut self) {
        for path in [&self.elsewhere, &self.socket] {
            if let Err(error) = remove(path) {
                tracing::warn!(path = %path.display(), %error, "cannot be removed");
            }
        }
    }
}

fn bind(socket: &Path) -> io::Result<UnixListener> {
    if fs::symlink_metadata(socket).is_ok_and(|there| there.file_type().is_socket()) {
        remove(socket)?;
    }
    let listener = UnixListener::bind(socket)?;
    fs::set_permissions(socket, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// A caller finds the whole path or none.
fn tell(own: &Path, place: &Place) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(own)?;
    io::Write::write_all(&mut file, to_bytes(&place.socket))?;
    file.persist(&place.elsewhere)?;
    Ok(())
}

/// Makes a directory that only this account can enter, or makes sure that it is one.
fn make_private(directory: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made,
    }
    let there = fs::symlink_metadata(directory)?;
    let own = rustix::process::geteuid().as_raw();
    if !there.is_dir() || there.uid() != own {
        let detail = format!(
            "{} is not this account's own directory",
            directory.display()
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, detail));
    }
    fs::set_permissions(directory, Permissions::from_mode(0o700))
}

/// Directories for sockets that cannot lie with their library.
fn others() -> Vec<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let account = format!("imgn-{}", rustix::process::geteuid().as_raw());
    runtime
        .filter(|path| path.is_absolute())
        .map(|path| path.join("imgn"))
        .into_iter()
        .chain([std::env::temp_dir(), "/tmp".into()].map(|path| path.join(&account)))
        .collect()
}

/// A name of its own for each library of this machine.
fn name_of(directory: &Path) -> String {
    hex::encode(&Sha256::digest(to_bytes(directory))[..8])
}

fn fits(socket: &Path) -> bool {
    to_bytes(socket).len() <= LONGEST
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::UnixStream;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o777
    }

    #[tokio::test]
    async fn the_socket_is_for_this_account_alone_and_leaves_nothing() {
        let library = tempfile::tempdir().unwrap();
        // One who was killed left these.
        drop(std::os::unix::net::UnixListener::bind({
            fs::create_dir(library.path().join(DIRECTORY)).unwrap();
            library.path().join("owner/socket")
        }));
        fs::write(library.path().join("owner/elsewhere"), "/nowhere").unwrap();
        let (listener, place) = listen(library.path()).unwrap();
        let socket = of(library.path()).unwrap().unwrap();
        UnixStream::connect(&socket).await.unwrap();
        assert_eq!(
            (mode(&socket), mode(socket.parent().unwrap())),
            (0o600, 0o700)
        );
        drop((listener, place));
        assert_eq!(
            fs::read_dir(library.path().join(DIRECTORY))
                .unwrap()
                .count(),
            0
        );
    }

    #[tokio::test]
    async fn a_path_that_is_too_long_for_a_socket_is_told_beside_it() {
        let root = tempfile::tempdir().unwrap();
        let library = root.path().join("long ".repeat(40));
        fs::create_dir(&library).unwrap();
        assert_eq!(of(&library).unwrap(), None);
        let (_listener, place) = listen(&library).unwrap();
        let socket = of(&library).unwrap().unwrap();
        assert!(fits(&socket) && !socket.starts_with(root.path()));
        UnixStream::connect(&socket).await.unwrap();
        assert_eq!(
            (mode(&socket), mode(socket.parent().unwrap())),
            (0o600, 0o700)
        );
        drop(place);
        assert!(!socket.exists());
        assert_eq!(of(&library).unwrap(), None);
    }

    #[test]
    fn a_directory_that_leads_elsewhere_is_not_entered() {
        let root = tempfile::tempdir().unwrap();
        let (library, trap) = (root.path().join("library"), root.path().join("trap"));
        fs::create_dir(&library).unwrap();
        fs::create_dir(&trap).unwrap();
        std::os::unix::fs::symlink(&trap, library.join(DIRECTORY)).unwrap();
        let refused = make_private(&library.join(DIRECTORY)).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
    }
}
