//! Keys as they are typed or handed over: two lines, the access key and the secret key, or a user name and a
//! password; or one, a token.
//!
//! **Invariant:** a secret is never an argument, and never shown.

use library::Result;
use library::view::{Cause, CommandError, DestinationConfig, Secret, TypedKeys};
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};

/// Keys from an open file descriptor of this process, such as `3<keys.txt` gives.
pub(crate) fn from_descriptor(descriptor: u32, wanted: Secret) -> Result<TypedKeys> {
    let path = format!("/dev/fd/{descriptor}");
    let file = File::open(&path).map_err(|error| {
        refused(format!(
            "file descriptor {descriptor} cannot be read: {error}"
        ))
    })?;
    read(BufReader::new(file), &path, wanted)
}

/// Keys from the person at the terminal, or from what is piped in.
pub(crate) fn ask(wanted: Secret) -> Result<TypedKeys> {
    let input = io::stdin();
    if !input.is_terminal() {
        return read(input.lock(), "standard input", wanted);
    }
    let said = |error: io::Error| refused(format!("the terminal cannot be read: {error}"));
    if wanted == Secret::Token {
        let token = rpassword::prompt_password("Token (not shown): ").map_err(said)?;
        return self::token(&token, "the terminal");
    }
    let mut error = io::stderr().lock();
    let (first, second) = match wanted {
        Secret::Password => ("User name: ", "Password (not shown): "),
        Secret::Key | Secret::Token => ("Access key: ", "Secret key (not shown): "),
    };
    error.write_all(first.as_bytes()).map_err(said)?;
    error.flush().map_err(said)?;
    let mut id = String::new();
    input.lock().read_line(&mut id).map_err(said)?;
    let secret = rpassword::prompt_password(second).map_err(said)?;
    keys(&id, &secret, "the terminal", wanted)
}

/// Keys that this process has in its environment, for an owner that has another one. None: the settings name
/// a profile, or the keys are temporary, or there are none.
pub(crate) fn of_environment(config: &DestinationConfig) -> Option<TypedKeys> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    match config {
        DestinationConfig::Http {
            token_file: None, ..
        }
        | DestinationConfig::Lambda {
            token_file: None, ..
        } => return token(&variable("IMGN_TOKEN")?, "IMGN_TOKEN").ok(),
        DestinationConfig::S3 {
            cognito: Some(_), ..
        } => {
            return Some(TypedKeys {
                access_key_id: variable("IMGN_USER")?,
                secret_access_key: variable("IMGN_PASSWORD")?,
            });
        }
        _ => {}
    }
    let DestinationConfig::S3 { profile: None, .. } = config else {
        return None;
    };
    if variable("AWS_SESSION_TOKEN").is_some() {
        return None;
    }
    Some(TypedKeys {
        access_key_id: variable("AWS_ACCESS_KEY_ID")?,
        secret_access_key: variable("AWS_SECRET_ACCESS_KEY")?,
    })
}

fn read(mut input: impl BufRead, from: &str, wanted: Secret) -> Result<TypedKeys> {
    let said = |error: io::Error| refused(format!("{from} cannot be read: {error}"));
    let (mut id, mut secret) = (String::new(), String::new());
    input.read_line(&mut id).map_err(said)?;
    if wanted == Secret::Token {
        return token(&id, from);
    }
    input.read_line(&mut secret).map_err(said)?;
    keys(&id, &secret, from, wanted)
}

fn keys(id: &str, secret: &str, from: &str, wanted: Secret) -> Result<TypedKeys> {
    let (id, secret) = match wanted {
        // A password may begin or end with a space.
        Secret::Password => (id.trim(), secret.trim_end_matches(['\r', '\n'])),
        Secret::Key | Secret::Token => (id.trim(), secret.trim()),
    };
    if id.is_empty() || secret.is_empty() {
        let lines = match wanted {
            Secret::Password => "the user name and the password",
            Secret::Key | Secret::Token => "the access key and the secret key",
        };
        return Err(refused(format!("{from} holds no two lines, {lines}")));
    }
    Ok(TypedKeys {
        access_key_id: id.to_owned(),
        secret_access_key: secret.to_owned(),
    })
}

fn token(text: &str, from: &str) -> Result<TypedKeys> {
    let text = text.trim();
    if text.is_empty() {
        return Err(refused(format!("{from} holds no token")));
    }
    Ok(TypedKeys {
        access_key_id: String::new(),
        secret_access_key: text.to_owned(),
    })
}

fn refused(detail: String) -> CommandError {
    CommandError::new(Cause::BadSettings, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_are_a_key_and_fewer_are_not() {
        let found = read(&b"AKIA\r\nsecret\n"[..], "a test", Secret::Key).unwrap();
        assert_eq!(
            (
                found.access_key_id.as_str(),
                found.secret_access_key.as_str()
            ),
            ("AKIA", "secret")
        );
        let refused = read(&b"AKIA only\n"[..], "a test", Secret::Key).unwrap_err();
        assert!(!refused.detail.contains("AKIA"), "{refused}");
    }

    #[test]
    fn one_line_is_a_token() {
        let found = read(&b" token \n"[..], "a test", Secret::Token).unwrap();
        assert_eq!(found.secret_access_key, "token");
        assert!(read(&b"\n"[..], "a test", Secret::Token).is_err());
    }
}
