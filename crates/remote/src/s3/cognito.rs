//! Keys that Amazon Cognito lends to whoever signs in: a name and a password become tokens, the tokens an identity,
//! and that keys for an hour.
//!
//! **Invariant:** tokens and keys are in memory only, and in no message. Keys are asked for with the token that
//! is at hand; the password goes out only when no token helps.

mod refusal;

use crate::lock::lock;
use crate::{Error, Sha256};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cognitoidentity as identity;
use aws_sdk_cognitoidentity::error::ProvideErrorMetadata as _;
use aws_sdk_cognitoidentityprovider as idp;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType};
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials as AwsKeys, Region, SharedHttpClient};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::Digest;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// A token that ends so soon is renewed before it is used.
const AHEAD: Duration = Duration::from_secs(60);

/// Where a person signs in, and to which identities that leads. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pools {
    /// `eu-central-1:<uuid>`
    pub identity_pool: String,
    /// The id of an app client of the user pool, one without a secret.
    pub user_pool_client: String,
    /// Instead of Amazon's own addresses.
    pub endpoints: Endpoints,
}

/// Other addresses of the two services; none: Amazon's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    pub user_pools: Option<String>,
    pub identities: Option<String>,
}

/// One person, signed in or about to be.
pub(super) struct Cognito {
    pools: Pools,
    user: String,
    password: String,
    idp: idp::Client,
    identity: identity::Client,
    session: Arc<Mutex<Session>>,
}

impl std::fmt::Debug for Cognito {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cognito")
            .field("pools", &self.pools)
            .finish_non_exhaustive()
    }
}

/// By a hash of who signs in where. A place is opened anew every few minutes, and goes on with the token that
/// another opening was given.
static SESSIONS: LazyLock<std::sync::Mutex<HashMap<Sha256, Arc<Mutex<Session>>>>> =
    LazyLock::new(Default::default);

fn session_of(pools: &Pools, user: &str, password: &str) -> Arc<Mutex<Session>> {
    let Endpoints {
        user_pools,
        identities,
    } = &pools.endpoints;
    let words = [
        Some(pools.identity_pool.as_str()),
        Some(pools.user_pool_client.as_str()),
        user_pools.as_deref(),
        identities.as_deref(),
        Some(user),
        Some(password),
    ];
    let mut hash = sha2::Sha256::new();
    for word in words {
        hash.update(word.unwrap_or_default());
        hash.update([0]);
    }
    let mut sessions = lock(&SESSIONS);
    Arc::clone(sessions.entry(hash.finalize().into()).or_default())
}

#[derive(Default)]
struct Session {
    token: Option<Token>,
    refresh: Option<String>,
    identity: Option<String>,
}

/// What proves who signed in.
#[derive(Clone)]
struct Token {
    id: String,
    /// By the wall clock, which goes on while the machine sleeps.
    ends: SystemTime,
}

/// Why nobody was signed in, or got no keys: carried to where the S3 client reports it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct SignIn(pub(super) Error);

impl SignIn {
    /// The same, for whoever asks: errors are no values that can be copied.
    pub(super) fn again(&self) -> Error {
        match &self.0 {
            Error::Unauthorized { endpoint, message } => Error::Unauthorized {
                endpoint: endpoint.clone(),
                message: message.clone(),
            },
            Error::Settings(message) => Error::Settings(message.clone()),
            Error::Unexpected {
                endpoint,
                status,
                message,
            } => Error::Unexpected {
                endpoint: endpoint.clone(),
                status: *status,
                message: message.clone(),
            },
            Error::Certificate { endpoint, message } => Error::Certificate {
                endpoint: endpoint.clone(),
                message: message.clone(),
            },
            other => Error::Unreachable {
                endpoint: "Amazon Cognito".to_owned(),
                message: other.to_string(),
            },
        }
    }
}

/// The claim of a token that says which user pool made it.
#[derive(Deserialize)]
struct Claims {
    iss: String,
}

impl Cognito {
    pub(super) fn new(
        pools: Pools,
        user: &str,
        password: &str,
        http: SharedHttpClient,
    ) -> Result<Self, Error> {
        let region = match pools.identity_pool.split_once(':') {
            Some((region, rest)) if !region.is_empty() && !rest.is_empty() => region.to_owned(),
            _ => {
                return Err(Error::Settings(format!(
                    "{:?} is no identity pool, such as eu-central-1:1b2c…",
                    pools.identity_pool
                )));
            }
        };
        if pools.user_pool_client.is_empty() {
            return Err(Error::Settings(
                "the user pool's client has no id".to_owned(),
            ));
        }
        let region = Region::new(region);
        let mut people = idp::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http.clone())
            .region(region.clone())
            .retry_config(RetryConfig::disabled());
        people.set_endpoint_url(pools.endpoints.user_pools.clone());
        let mut identities = identity::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http)
            .region(region)
            .retry_config(RetryConfig::disabled());
        identities.set_endpoint_url(pools.endpoints.identities.clone());
        let session = session_of(&pools, user, password);
        Ok(Self {
            idp: idp::Client::from_conf(people.build()),
            identity: identity::Client::from_conf(identities.build()),
            pools,
            user: user.to_owned(),
            password: password.to_owned(),
            session,
        })
    }

    /// The identity that this person is to the store: what its policies name, and so the prefix.
    pub(super) async fn identity(&self) -> Result<String, Error> {
        let mut session = self.session.lock().await;
        let logins = self.logins(&mut session).await?;
        self.identified(&mut session, &logins).await
    }

    /// Keys for an hour or so.
    pub(super) async fn keys(&self) -> Result<AwsKeys, CredentialsError> {
        let keys = self.lent().await;
        keys.map_err(|error| CredentialsError::provider_error(SignIn(error)))
    }

    async fn lent(&self) -> Result<AwsKeys, Error> {
        let mut session = self.session.lock().await;
        let logins = self.logins(&mut session).await?;
        let id = self.identified(&mut session, &logins).await?;
        let ask = self.identity.get_credentials_for_identity().identity_id(id);
        let lent = ask.set_logins(Some(logins)).send().await;
        let lent = lent.map_err(|error| self.refused_identity(&error))?;
        let keys = lent.credentials().and_then(|keys| {
            let ends = keys
                .expiration()
                .and_then(|at| SystemTime::try_from(*at).ok());
            Some(AwsKeys::new(
                keys.access_key_id()?,
                keys.secret_key()?,
                keys.session_token().map(str::to_owned),
                ends,
                "cognito",
            ))
        });
        keys.ok_or_else(|| self.odd("it lends no keys"))
    }

    async fn identified(
        &self,
        session: &mut Session,
        logins: &HashMap<String, String>,
    ) -> Result<String, Error> {
        if let Some(known) = &session.identity {
            return Ok(known.clone());
        }
        let ask = self.identity.get_id();
        let found = ask
            .identity_pool_id(&self.pools.identity_pool)
            .set_logins(Some(logins.clone()))
            .send()
            .await
            .map_err(|error| self.refused_identity(&error))?;
        let id = found
            .identity_id()
            .ok_or_else(|| self.odd("it names no identity"))?;
        Ok(session.identity.insert(id.to_owned()).clone())
    }

    /// The user pool, and the token that it gave.
    async fn logins(&self, session: &mut Session) -> Result<HashMap<String, String>, Error> {
        let token = self.token(session).await?;
        let pool = user_pool(&token).ok_or_else(|| self.odd("its token names no user pool"))?;
        Ok(HashMap::from([(pool, token)]))
    }

    async fn token(&self, session: &mut Session) -> Result<String, Error> {
        if let Some(token) = &session.token
            && token.ends > SystemTime::now() + AHEAD
        {
            return Ok(token.id.clone());
        }
        let renewed = match session.refresh.clone() {
            Some(refresh) => match self.renewed(refresh).await {
                Ok(renewed) => Some(renewed),
                Err(error @ (Error::Unreachable { .. } | Error::Busy { .. })) => return Err(error),
                Err(error) => {
                    tracing::info!(%error, "signing in again");
                    None
                }
            },
            None => None,
        };
        let result = match renewed {
            Some(renewed) => renewed,
            None => self.signed_in().await?,
        };
        let lasts = u64::try_from(result.expires_in()).unwrap_or(0);
        let id = result
            .id_token()
            .ok_or_else(|| self.odd("it gives no token"))?;
        let token = Token {
            id: id.to_owned(),
            ends: SystemTime::now() + Duration::from_secs(lasts),
        };
        if let Some(refresh) = result.refresh_token() {
            session.refresh = Some(refresh.to_owned());
        }
        Ok(session.token.insert(token).id.clone())
    }

    async fn signed_in(&self) -> Result<AuthenticationResultType, Error> {
        self.initiate(
            AuthFlowType::UserPasswordAuth,
            &[("USERNAME", &self.user), ("PASSWORD", &self.password)],
        )
        .await
    }

    async fn renewed(&self, refresh: String) -> Result<AuthenticationResultType, Error> {
        self.initiate(
            AuthFlowType::RefreshTokenAuth,
            &[("REFRESH_TOKEN", &refresh)],
        )
        .await
    }

    async fn initiate(
        &self,
        flow: AuthFlowType,
        words: &[(&str, &str)],
    ) -> Result<AuthenticationResultType, Error> {
        let mut ask = self
            .idp
            .initiate_auth()
            .client_id(&self.pools.user_pool_client)
            .auth_flow(flow);
        for (name, value) in words {
            ask = ask.auth_parameters(*name, *value);
        }
        let answer = ask.send().await.map_err(|error| {
            let code = error.code().map(str::to_owned);
            self.refused(code.as_deref(), error.raw_response().is_some(), &error)
        })?;
        if let Some(challenge) = answer.challenge_name() {
            return Err(self.challenged(challenge.as_str()));
        }
        answer
            .authentication_result()
            .cloned()
            .ok_or_else(|| self.odd("it says neither yes nor no"))
    }

    fn place(&self) -> String {
        match &self.pools.endpoints.user_pools {
            Some(other) => format!("Amazon Cognito at {other}"),
            None => "Amazon Cognito".to_owned(),
        }
    }
}

/// `cognito-idp.<region>.amazonaws.com/<pool>`, as the token's issuer is called without its scheme. The token came
/// from there: nobody else's word is taken by reading it.
fn user_pool(token: &str) -> Option<String> {
    let claims = token.split('.').nth(1)?;
    let json = BASE64_URL_SAFE_NO_PAD
        .decode(claims.trim_end_matches('='))
        .ok()?;
    let claims: Claims = serde_json::from_slice(&json).ok()?;
    Some(claims.iss.strip_prefix("https://")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_user_pool() {
        let token = |claims: &str| format!("e30.{}.x", BASE64_URL_SAFE_NO_PAD.encode(claims));
        //  token, pool
        let cases = [
            (
                token(
                    r#"{"iss":"https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a","sub":"x"}"#,
                ),
                Some("cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a"),
            ),
            (token(r#"{"iss":"http://elsewhere"}"#), None),
            (token("{}"), None),
            ("e30".to_owned(), None),
            ("e30.%%.x".to_owned(), None),
        ];
        for (token, expected) in cases {
            assert_eq!(user_pool(&token).as_deref(), expected, "{token}");
        }
    }
}
