//! Keys of destinations in the system's own keyring: Secret Service, macOS keychain, Windows
//! credentials.
//!
//! A keyring may be locked, absent or stuck, so each call runs on a thread of its own and is waited
//! for [`PATIENCE`] long.
//!
//! **Invariant:** a secret is in memory or in the keyring, never in a file of ours, a row or a message.

use crate::view::TypedKeys;
use std::time::Duration;
use tokio::sync::oneshot;
use uuid::Uuid;

/// Under this name a person finds the entries in their keyring.
const SERVICE: &str = "imgn";
/// A keyring that is locked asks the person for its password: long enough to type one.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether keys are kept beyond this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// In the keyring of the person's session.
    System,
    /// Nowhere: for tests, which have no business in it.
    Off,
}

/// Why the keyring did not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyringError {
    #[error("this system has no keyring")]
    Absent,
    #[error("the keyring did not answer within {} s", PATIENCE.as_secs())]
    Silent,
    #[error("the keyring is locked: unlock it, then try again")]
    Locked,
    #[error("the keyring refused: {0}")]
    Refused(String),
}

impl Keyring {
    /// The keys of the destination with this marker; none: the keyring has none.
    pub(crate) async fn load(self, destination: Uuid) -> Result<Option<TypedKeys>, KeyringError> {
        let secret = self.ask(destination, |entry| match entry.get_secret() {
            Err(keyring::Error::NoEntry) => Ok(None),
            other => other.map(Some),
        });
        match secret.await? {
            None => Ok(None),
            Some(secret) => parse(&secret).map(Some),
        }
    }

    /// Keeps keys, in the place of those before.
    pub(crate) async fn keep(
        self,
        destination: Uuid,
        keys: &TypedKeys,
    ) -> Result<(), KeyringError> {
        let secret = format!("{}\n{}", keys.access_key_id, keys.secret_access_key).into_bytes();
        self.ask(destination, move |entry| entry.set_secret(&secret))
            .await
    }

    /// Takes keys out of the keyring; it is no error when there are none.
    pub(crate) async fn forget(self, destination: Uuid) -> Result<(), KeyringError> {
        let forgotten = self.ask(destination, |entry| match entry.delete_credential() {
            Err(keyring::Error::NoEntry) => Ok(()),
            other => other,
        });
        forgotten.await
    }

    /// A plain thread: one that never returns must not hold up the end of the program.
    async fn ask<T: Send + 'static>(
        self,
        destination: Uuid,
        question: impl FnOnce(&keyring::Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Result<T, KeyringError> {
        if self == Self::Off {
            return Err(KeyringError::Absent);
        }
        let (answer, answered) = oneshot::channel();
        std::thread::Builder::new()
            .name("keyring".into())
            .spawn(move || {
                let result = keyring::Entry::new(SERVICE, &destination.to_string())
                    .and_then(|entry| question(&entry));
                // Nobody may be waiting any more.
                let _ = answer.send(result.map_err(explained));
            })
            .map_err(|error| KeyringError::Refused(error.to_string()))?;
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(KeyringError::Refused("it ended unexpectedly".into())),
            Err(_) => Err(KeyringError::Silent),
        }
    }
}

/// Two lines: the access key's id, the secret.
fn parse(secret: &[u8]) -> Result<TypedKeys, KeyringError> {
    let (access_key_id, secret_access_key) = std::str::from_utf8(secret)
        .ok()
        .and_then(|text| text.split_once('\n'))
        .ok_or_else(|| KeyringError::Refused("its entry is not imgn's".into()))?;
    Ok(TypedKeys {
        access_key_id: access_key_id.to_owned(),
        secret_access_key: secret_access_key.to_owned(),
    })
}

fn explained(error: keyring::Error) -> KeyringError {
    match error {
        keyring::Error::NoDefaultStore => KeyringError::Absent,
        keyring::Error::NoStorageAccess(error) => {
            tracing::info!(%error, "the keyring is locked");
            KeyringError::Locked
        }
        // Some errors carry what was read.
        keyring::Error::BadEncoding(_) => KeyringError::Refused("its entry is not text".into()),
        error => KeyringError::Refused(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_keyring_is_said_in_plain_words() {
        let locked = keyring::Error::NoStorageAccess("SS Error: object locked".into());
        let said = explained(locked).to_string();
        assert!(said.contains("locked") && !said.contains("SS"), "{said}");
    }

    #[test]
    fn a_key_comes_back_as_it_went_in_and_rubbish_is_refused() {
        let keys = parse(b"AKIA\nse/cr\net").unwrap();
        assert_eq!(
            (keys.access_key_id.as_str(), keys.secret_access_key.as_str()),
            ("AKIA", "se/cr\net")
        );
        assert!(parse(b"one line").is_err());
        assert!(parse(b"\xff\n").is_err());
    }
}
