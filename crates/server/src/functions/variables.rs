//! What a function is told by its environment: the variables of `imgn-server`, as far as they mean anything here.

use super::identity::Identity;
use crate::cannot_start::CannotStart;
use crate::guard::{Access, Guard};
use crate::settings::{TOKEN, said, token};
use crate::store::Store;
use crate::words::{Place, Work, size};
use clap::Parser;
use std::path::PathBuf;

/// All of them have a default but the bucket, and who may ask.
#[derive(Debug, Parser)]
#[command(name = "imgn")]
pub(crate) struct Variables {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) work: Work,
    #[arg(long, env = "IMGN_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    #[arg(long, env = "IMGN_ANONYMOUS")]
    anonymous: bool,
    #[arg(long, env = "IMGN_ORIGINS", value_delimiter = ',')]
    origin: Vec<String>,
    /// S3 takes no more in one piece.
    #[arg(long, env = "IMGN_MAX_UPLOAD", default_value = "5G", value_parser = size)]
    pub(crate) max_upload: u64,
    /// Requests come signed by identities of this pool of Amazon Cognito, each of which has a library of its own.
    #[arg(long, env = "IMGN_IDENTITY_POOL")]
    pub(crate) identity_pool: Option<String>,
}

impl Variables {
    pub(crate) fn read() -> Result<Self, CannotStart> {
        Self::try_parse_from(["imgn"]).map_err(|error| CannotStart::Settings(error.to_string()))
    }

    /// Who may ask: whoever has the token, everybody if that was said, or those whom the gateway let pass.
    pub(crate) fn guard(&self) -> Result<Guard, CannotStart> {
        let access = self.access(std::env::var(TOKEN).ok())?;
        Guard::behind_gateway(access, said(&self.origin)).map_err(CannotStart::Settings)
    }

    fn access(&self, around: Option<String>) -> Result<Access, CannotStart> {
        let refused = |message: &str| Err(CannotStart::Settings(message.to_owned()));
        let token = token(self.token_file.as_deref(), around)?;
        match (token, self.anonymous, &self.identity_pool) {
            (None, false, Some(_)) | (None, true, None) => Ok(Access::Open),
            (Some(token), false, None) => Ok(Access::Token(token)),
            (None, false, None) => refused("give a token, or let everybody in with IMGN_ANONYMOUS"),
            _ => refused("a token, IMGN_ANONYMOUS and IMGN_IDENTITY_POOL rule each other out"),
        }
    }

    pub(crate) fn bucket(&self) -> Result<&str, CannotStart> {
        let bucket = self.place.bucket.as_deref();
        bucket.ok_or_else(|| CannotStart::Settings("a function needs IMGN_BUCKET".to_owned()))
    }

    /// The library of an identity, or the only one.
    pub(crate) async fn open(&self, identity: Option<&Identity>) -> Result<Store, CannotStart> {
        let folder = identity.map(Identity::as_str);
        self.place.adopt(self.bucket()?, folder, &self.work).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_let_in_unless_it_was_said() {
        let token = || Some("secret".to_owned());
        //  name, words, token, access
        let cases: [(&str, &[&str], _, _); 7] = [
            ("nothing said", &[], None, None),
            (
                "a token",
                &[],
                token(),
                Some(Access::Token("secret".into())),
            ),
            ("an empty one", &[], Some(String::new()), None),
            ("everybody", &["--anonymous"], None, Some(Access::Open)),
            ("everybody with a token", &["--anonymous"], token(), None),
            (
                "a pool",
                &["--identity-pool", "p"],
                None,
                Some(Access::Open),
            ),
            (
                "a pool and a token",
                &["--identity-pool", "p"],
                token(),
                None,
            ),
        ];
        for (name, words, token, expected) in cases {
            let words = ["imgn", "--bucket", "b"].iter().chain(words);
            let variables = Variables::try_parse_from(words).unwrap();
            assert_eq!(variables.access(token).ok(), expected, "{name}");
        }
    }

    #[test]
    fn a_function_needs_a_bucket() {
        let variables = Variables::try_parse_from(["imgn", "--folder", "a"]).unwrap();
        assert!(variables.bucket().is_err());
        assert!(Variables::try_parse_from(["imgn"]).is_err());
    }
}
