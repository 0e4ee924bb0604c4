//! What it means that Cognito refuses. Its text may name the user, and is left out.

use super::{Cognito, identity};
use crate::Error;
use crate::transport::{deepest, transport};
use aws_sdk_cognitoidentity::error::ProvideErrorMetadata as _;
use std::error::Error as StdError;

impl Cognito {
    pub(super) fn refused_identity<E>(&self, error: &identity::error::SdkError<E>) -> Error
    where
        E: identity::error::ProvideErrorMetadata + StdError + 'static,
    {
        let code = error.code().map(str::to_owned);
        self.refused(code.as_deref(), error.raw_response().is_some(), error)
    }

    pub(super) fn refused(
        &self,
        code: Option<&str>,
        answered: bool,
        error: &(dyn StdError + 'static),
    ) -> Error {
        if !answered {
            return transport(&self.place(), error);
        }
        let settings = |what: String| Error::Settings(what);
        match code.unwrap_or_default() {
            "NotAuthorizedException" | "UserNotFoundException" => {
                self.unauthorized("the user name or the password is not right, or has no access")
            }
            "PasswordResetRequiredException" => {
                self.unauthorized("the password has to be set anew before it is of use")
            }
            "UserNotConfirmedException" => self.unauthorized("the account is not confirmed yet"),
            "InvalidParameterException" => settings(format!(
                "the user pool's client {} does not take a name and password \
                 (it has to allow USER_PASSWORD_AUTH, and to have no secret)",
                self.pools.user_pool_client
            )),
            "ResourceNotFoundException" => settings(format!(
                "there is no user pool's client {}, or no identity pool {}",
                self.pools.user_pool_client, self.pools.identity_pool
            )),
            "InvalidIdentityPoolConfigurationException" => settings(format!(
                "the identity pool {} has no role for those who signed in",
                self.pools.identity_pool
            )),
            "TooManyRequestsException" | "LimitExceededException" | "InternalErrorException" => {
                Error::Busy {
                    endpoint: self.place(),
                    message: code.unwrap_or_default().to_owned(),
                    retry_after: None,
                }
            }
            other => Error::Unexpected {
                endpoint: self.place(),
                status: 400,
                message: if other.is_empty() {
                    deepest(error)
                } else {
                    other.to_owned()
                },
            },
        }
    }

    /// Something is wanted besides a name and password, which nobody here can give.
    pub(super) fn challenged(&self, challenge: &str) -> Error {
        match challenge {
            "NEW_PASSWORD_REQUIRED" => self.unauthorized(
                "a new password has to be chosen first, where the user pool is looked after",
            ),
            other => self.unauthorized(&format!(
                "it wants a second factor ({other}), which cannot be given here"
            )),
        }
    }

    fn unauthorized(&self, message: &str) -> Error {
        Error::Unauthorized {
            endpoint: self.place(),
            message: message.to_owned(),
        }
    }

    pub(super) fn odd(&self, message: &str) -> Error {
        Error::Unexpected {
            endpoint: self.place(),
            status: 200,
            message: message.to_owned(),
        }
    }
}
