//! Who may ask and where to listen, as it was said; nobody is let in from outside by oversight.

use crate::cannot_start::CannotStart;
use crate::guard::{Access, Guard};
use crate::words::Service;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The token, when it is in the environment.
pub(crate) const TOKEN: &str = "IMGN_TOKEN";
/// A token is a line; more is another file.
const LONGEST_TOKEN: usize = 4096;

impl Service {
    /// Who may ask, and where to listen; refuses to let everybody in unless it was said.
    pub async fn guard(&self) -> Result<(Guard, Vec<SocketAddr>), CannotStart> {
        let addresses = addresses(&self.listen).await?;
        let access = self.access(&addresses, std::env::var(TOKEN).ok())?;
        let guard = Guard::new(access, said(&self.host), said(&self.origin))
            .map_err(CannotStart::Settings)?;
        Ok((guard, addresses))
    }

    /// The UI of one's own, if one was named.
    pub fn own_ui(&self) -> Result<Option<PathBuf>, CannotStart> {
        match self.ui.as_deref() {
            Some(folder) if !folder.is_dir() => Err(CannotStart::Settings(format!(
                "there is no folder {} for --ui to show",
                folder.display()
            ))),
            ui => Ok(ui.map(Path::to_owned)),
        }
    }

    fn access(
        &self,
        addresses: &[SocketAddr],
        token: Option<String>,
    ) -> Result<Access, CannotStart> {
        let here = addresses.iter().all(|address| address.ip().is_loopback());
        let refused = |message: String| Err(CannotStart::Settings(message));
        match self::token(self.token_file.as_deref(), token)? {
            Some(_) if self.anonymous => {
                refused("with --anonymous no token is asked for: leave one of them out".to_owned())
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

/// The token in a file, or else the one around, when it can be one.
pub(crate) fn token(
    file: Option<&Path>,
    around: Option<String>,
) -> Result<Option<String>, CannotStart> {
    let place = file.map_or(TOKEN.to_owned(), |file| file.display().to_string());
    let refused = |message: &str| Err(CannotStart::Settings(format!("{place} {message}")));
    let token = match file {
        None => around.map(String::into_bytes),
        Some(file) => match std::fs::read(file) {
            Ok(token) => {
                warn_of_readers(file);
                Some(token)
            }
            Err(error) => return refused(&format!("cannot be read: {error}")),
        },
    };
    let Some(token) = token else {
        return Ok(None);
    };
    match token.trim_ascii() {
        b"" => refused("holds no token: it is empty"),
        token if token.len() > LONGEST_TOKEN || !token.iter().all(u8::is_ascii_graphic) => {
            refused("holds no token: that is one line of ASCII letters, digits and signs")
        }
        token => Ok(Some(String::from_utf8_lossy(token).into_owned())),
    }
}

/// What everybody can read is no secret.
#[cfg(unix)]
fn warn_of_readers(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS_READ: u32 = 0o004;
    let mode = std::fs::metadata(file).map(|file| file.permissions().mode());
    if mode.is_ok_and(|mode| mode & OTHERS_READ != 0) {
        tracing::warn!(file = %file.display(), "everybody on this machine can read the token: chmod 600 is enough");
    }
}

#[cfg(not(unix))]
fn warn_of_readers(_file: &Path) {}

/// Every address that `HOST:PORT` stands for.
pub async fn addresses(listen: &str) -> Result<Vec<SocketAddr>, CannotStart> {
    let found = tokio::net::lookup_host(listen).await.map_err(|error| {
        CannotStart::Settings(format!(
            "{listen:?} is no address such as 127.0.0.1:8080: {error}"
        ))
    })?;
    Ok(found.collect())
}

/// A variable that is there and empty says nothing.
pub(crate) fn said(values: &[String]) -> Vec<String> {
    let values = values.iter().map(|value| value.trim());
    values
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use clap::Parser;

    type Case<'a> = (
        &'a str,
        &'a [&'a str],
        Option<&'a str>,
        bool,
        Option<Access>,
    );

    #[test]
    fn a_token_that_is_none_is_told_by_where_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        //  what the file holds, the token
        let cases: [(&[u8], Option<&str>); 6] = [
            (b"secret", Some("secret")),
            (b" secret\r\n", Some("secret")),
            (b"", None),
            (b"\n", None),
            (b"one\ntwo\n", None),
            (b"\xff\xfe", None),
        ];
        for (bytes, expected) in cases {
            std::fs::write(&file, bytes).unwrap();
            match token(Some(&file), None) {
                Ok(found) => assert_eq!(found.as_deref(), expected, "{bytes:?}"),
                Err(error) => {
                    assert_eq!(expected, None, "{bytes:?}");
                    let said = error.to_string();
                    assert!(said.starts_with(&file.display().to_string()), "{said}");
                }
            }
        }
        let around = token(None, Some(" ".to_owned())).unwrap_err();
        assert!(around.to_string().starts_with(TOKEN), "{around}");
    }

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
            let parsed = Words::try_parse_from(words).unwrap();
            let listening = if here { "[::1]:80" } else { "[::]:80" };
            let listening = listening.parse().unwrap();
            let access = parsed
                .monolith
                .service
                .access(&[listening], token.map(str::to_owned));
            assert_eq!(access.ok(), expected, "{name}");
        }
    }
}
