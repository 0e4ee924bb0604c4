//! Where the keys come from: typed, lent to whoever signs in, or what is around, as Amazon's own tools find it.
//!
//! Around are the environment, a profile of the AWS files (keys, a program, a role, single sign-on),
//! a web identity, and what a container or a machine is given in a cloud.
//!
//! **Invariant:** keys are in memory only. Those that ran out are asked for anew; nobody is asked
//! for longer than [`PATIENCE`].

use super::Credentials;
use super::cognito::{Cognito, SignIn};
use super::fault::Site;
use crate::Error;
use crate::transport::deepest;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::imds;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use aws_sdk_s3::config::{Credentials as AwsKeys, ProvideCredentials, Region, SharedHttpClient};
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// A program of a profile may ask the person; a network may be away.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most machines are in no cloud, and nobody answers for one: that is found out quickly.
const CLOUD_ANSWERS: Duration = Duration::from_secs(1);
const CLOUD_IN_ALL: Duration = Duration::from_secs(3);
/// Keys that run out so soon are asked for again before they are used.
const AHEAD: Duration = Duration::from_secs(2 * 60);

/// The keys in force. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Keys(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    source: Source,
    held: Mutex<Option<AwsKeys>>,
}

/// Where to look for keys; files are read anew each time.
#[derive(Debug)]
struct Source {
    credentials: Credentials,
    /// Who signs in for them, if anybody does.
    cognito: Option<Cognito>,
    profile: Option<String>,
    http: SharedHttpClient,
    region: String,
}

impl Keys {
    /// Whether they are lent to whoever signs in, for a while each.
    pub(super) fn are_lent(&self) -> bool {
        self.0.source.cognito.is_some()
    }

    /// Finds keys, or says why there are none.
    pub(super) async fn find(
        site: &Site,
        profile: Option<&str>,
        credentials: Credentials,
        http: SharedHttpClient,
        region: &str,
    ) -> Result<Self, Error> {
        if let Credentials::Typed {
            access_key_id,
            secret_access_key,
        } = &credentials
            && (access_key_id.trim().is_empty() || secret_access_key.trim().is_empty())
        {
            let endpoint = site.endpoint.clone();
            return Err(Error::NoCredentials { endpoint });
        }
        let cognito = match &credentials {
            Credentials::Cognito { user, password, .. }
                if user.trim().is_empty() || password.is_empty() =>
            {
                let endpoint = "Amazon Cognito".to_owned();
                return Err(Error::NoCredentials { endpoint });
            }
            Credentials::Cognito {
                pools,
                user,
                password,
            } => Some(Cognito::new(
                pools.clone(),
                user.trim(),
                password,
                http.clone(),
            )?),
            Credentials::Environment | Credentials::Typed { .. } => None,
        };
        let source = Source {
            credentials,
            cognito,
            profile: profile.map(str::to_owned),
            http,
            region: region.to_owned(),
        };
        let keys = Self(Arc::new(Shared {
            source,
            held: Mutex::default(),
        }));
        match keys.get().await {
            Ok(_) => Ok(keys),
            Err(error) => Err(explained(site, profile, &error)),
        }
    }

    /// Those in force were refused: looks again, and says whether there are others now.
    pub(super) async fn renew(&self) -> bool {
        let mut held = self.0.held.lock().await;
        match self.0.source.ask().await {
            Ok(found) => {
                let same = held.as_ref().is_some_and(|held| {
                    held.access_key_id() == found.access_key_id()
                        && held.session_token() == found.session_token()
                });
                *held = Some(found);
                !same
            }
            Err(error) => {
                tracing::debug!(reason = deepest(&error), "no other keys are around");
                false
            }
        }
    }

    /// Who the person is that signed in; none: nobody did.
    pub(super) async fn identity(&self) -> Result<Option<String>, Error> {
        match &self.0.source.cognito {
            Some(cognito) => Box::pin(cognito.identity()).await.map(Some),
            None => Ok(None),
        }
    }

    /// When those in force run out; none: they do not, or there are none.
    pub(super) async fn end(&self) -> Option<SystemTime> {
        let held = self.0.held.lock().await;
        held.as_ref().and_then(AwsKeys::expiry)
    }

    async fn get(&self) -> Result<AwsKeys, CredentialsError> {
        let mut held = self.0.held.lock().await;
        if let Some(keys) = held.as_ref().filter(|keys| lasts(keys, AHEAD)) {
            return Ok(keys.clone());
        }
        match self.0.source.ask().await {
            Ok(keys) => Ok(held.insert(keys).clone()),
            Err(error) => match held.as_ref().filter(|keys| lasts(keys, Duration::ZERO)) {
                Some(keys) => {
                    tracing::debug!(
                        reason = deepest(&error),
                        "keys that last a little are used on"
                    );
                    Ok(keys.clone())
                }
                None => Err(error),
            },
        }
    }
}

impl Source {
    async fn ask(&self) -> Result<AwsKeys, CredentialsError> {
        let asked = tokio::time::timeout(PATIENCE, self.find()).await;
        asked.unwrap_or_else(|_| Err(CredentialsError::provider_timed_out(PATIENCE)))
    }

    async fn find(&self) -> Result<AwsKeys, CredentialsError> {
        let region = Region::new(self.region.clone());
        let around = ProviderConfig::default()
            .with_http_client(self.http.clone())
            .with_region(Some(region.clone()));
        if let Some(cognito) = &self.cognito {
            // What the SDK awaits is nested deeper than compilers like to follow.
            return Box::pin(cognito.keys()).await;
        }
        match (&self.credentials, &self.profile) {
            (
                Credentials::Typed {
                    access_key_id,
                    secret_access_key,
                },
                _,
            ) => {
                let (id, secret) = (access_key_id.trim(), secret_access_key.trim());
                Ok(AwsKeys::new(id, secret, None, None, "typed"))
            }
            (_, Some(profile)) => {
                let provider = ProfileFileCredentialsProvider::builder()
                    .configure(&around)
                    .profile_name(profile)
                    .build();
                provider.provide_credentials().await
            }
            (_, None) => {
                let cloud = imds::Client::builder()
                    .configure(&around)
                    .connect_timeout(CLOUD_ANSWERS)
                    .read_timeout(CLOUD_ANSWERS)
                    .operation_timeout(CLOUD_IN_ALL)
                    .max_attempts(2)
                    .build();
                let chain = DefaultCredentialsChain::builder()
                    .region(region)
                    .imds_client(cloud)
                    .configure(around)
                    .build();
                chain.await.provide_credentials().await
            }
        }
    }
}

impl ProvideCredentials for Keys {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }
}

fn lasts(keys: &AwsKeys, ahead: Duration) -> bool {
    keys.expiry()
        .is_none_or(|expiry| expiry > SystemTime::now() + ahead)
}

fn explained(site: &Site, profile: Option<&str>, error: &CredentialsError) -> Error {
    let endpoint = site.endpoint.clone();
    if let Some(error) = sign_in(error) {
        return error;
    }
    let named = profile.map(str::to_owned);
    let named = named.or_else(|| std::env::var("AWS_PROFILE").ok());
    if signs_on(error) {
        let (of, command) = match named {
            Some(profile) => (
                format!(" of the AWS profile {profile:?}"),
                format!("aws sso login --profile {profile}"),
            ),
            None => (String::new(), "aws sso login".to_owned()),
        };
        let message = format!("the single sign-on{of} has ended; to renew it, run: {command}");
        return Error::Unauthorized { endpoint, message };
    }
    match profile {
        Some(profile) => Error::Settings(format!(
            "the AWS profile {profile:?} gives no keys: {}",
            deepest(error)
        )),
        None => {
            tracing::info!(reason = deepest(error), "no keys are around");
            Error::NoCredentials { endpoint }
        }
    }
}

/// Why a person could not be signed in, if that is what is wrong.
pub(super) fn sign_in(error: &(dyn StdError + 'static)) -> Option<Error> {
    std::iter::successors(Some(error), |&error| error.source())
        .find_map(|cause| cause.downcast_ref::<SignIn>())
        .map(SignIn::again)
}

/// Whether a sign-on that a person has to renew is what is missing.
fn signs_on(error: &(dyn StdError + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source()).any(|cause| {
        let text = cause.to_string();
        text.contains("SSO token") || text.contains("UnauthorizedException")
    })
}
