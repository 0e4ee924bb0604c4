//! From a destination's settings to something that can be spoken to.

use crate::view::{DestinationConfig, DestinationLayout, TypedKeys};
use remote::{
    Credentials, Endpoints, Expecting, Folder, HttpApi, HttpConfig, KeyTemplate, Layout, Pools,
    Remote, S3, S3Config, Throttle, Token,
};
use std::path::PathBuf;
use std::sync::Arc;

/// Where a token is looked for that is nowhere else.
const TOKEN: &str = "IMGN_TOKEN";
/// The same of who signs in.
const USER: &str = "IMGN_USER";
const PASSWORD: &str = "IMGN_PASSWORD";
/// Other addresses of the services of Cognito, by the names that Amazon's own tools go by.
const USER_POOLS: &str = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";
const IDENTITIES: &str = "AWS_ENDPOINT_URL_COGNITO_IDENTITY";

/// Opens what `config` says; reaches nobody yet.
pub(crate) async fn open_remote(
    config: &DestinationConfig,
    keys: Option<TypedKeys>,
    profile: remote::Profile,
) -> Result<Arc<dyn Remote>, remote::Error> {
    match config {
        DestinationConfig::Folder { path, .. } => {
            let folder = Folder::new(PathBuf::from(path));
            Ok(Arc::new(folder.with_layout(layout(config))))
        }
        DestinationConfig::S3 { .. } => Ok(Arc::new(open_s3(config, keys, profile).await?)),
        DestinationConfig::Http { .. } | DestinationConfig::Lambda { .. } => {
            Ok(Arc::new(open_http(config, keys, profile).await?))
        }
    }
}

/// The same for what is to be put there: what goes up passes `throttle`. A disk is as fast as it is.
pub(crate) async fn open_for_uploads(
    config: &DestinationConfig,
    keys: Option<TypedKeys>,
    profile: remote::Profile,
    throttle: Throttle,
) -> Result<Arc<dyn Remote>, remote::Error> {
    match config {
        DestinationConfig::Folder { .. } => open_remote(config, keys, profile).await,
        DestinationConfig::S3 { .. } => {
            let s3 = open_s3(config, keys, profile).await?;
            Ok(Arc::new(s3.with_throttle(throttle)))
        }
        DestinationConfig::Http { .. } | DestinationConfig::Lambda { .. } => {
            let http = open_http(config, keys, profile).await?;
            Ok(Arc::new(http.with_throttle(throttle)))
        }
    }
}

/// The bucket that `config` names.
pub(crate) async fn open_s3(
    config: &DestinationConfig,
    keys: Option<TypedKeys>,
    profile: remote::Profile,
) -> Result<S3, remote::Error> {
    let DestinationConfig::S3 {
        endpoint,
        bucket,
        prefix,
        region,
        path_style,
        ca_file,
        profile: aws,
        cognito,
        ..
    } = config
    else {
        return Err(remote::Error::Settings("only S3 has buckets".into()));
    };
    let settings = S3Config {
        endpoint: endpoint.clone(),
        bucket: bucket.clone(),
        prefix: prefix.clone(),
        region: region.clone(),
        path_style: *path_style,
        ca_file: ca_file.as_ref().map(PathBuf::from),
        profile: aws.clone(),
    };
    let credentials = match (cognito, keys) {
        (Some(cognito), keys) => {
            let around = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
            let (user, password) = match keys {
                Some(keys) => (keys.access_key_id, keys.secret_access_key),
                None => (
                    around(USER).unwrap_or_default(),
                    around(PASSWORD).unwrap_or_default(),
                ),
            };
            Credentials::Cognito {
                pools: Pools {
                    identity_pool: cognito.identity_pool.trim().to_owned(),
                    user_pool_client: cognito.user_pool_client.trim().to_owned(),
                    endpoints: Endpoints {
                        user_pools: around(USER_POOLS),
                        identities: around(IDENTITIES),
                    },
                },
                user,
                password,
            }
        }
        (None, None) => Credentials::Environment,
        (None, Some(keys)) => Credentials::Typed {
            access_key_id: keys.access_key_id,
            secret_access_key: keys.secret_access_key,
        },
    };
    S3::open(settings, credentials, profile)
        .await?
        .with_layout(layout(config))
}

/// The settings with the prefix that signing in leads to, where that says it.
pub(crate) async fn located(
    mut config: DestinationConfig,
    keys: Option<&TypedKeys>,
) -> Result<DestinationConfig, remote::Error> {
    if let DestinationConfig::S3 {
        cognito: Some(_), ..
    } = &config
    {
        let s3 = open_s3(&config, keys.cloned(), remote::Profile::default()).await?;
        if let DestinationConfig::S3 { prefix, .. } = &mut config {
            s3.prefix().clone_into(prefix);
        }
    }
    Ok(config)
}

/// The API that `config` names.
pub(crate) async fn open_http(
    config: &DestinationConfig,
    keys: Option<TypedKeys>,
    profile: remote::Profile,
) -> Result<HttpApi, remote::Error> {
    let (DestinationConfig::Http {
        url,
        token_file,
        ca_file,
    }
    | DestinationConfig::Lambda {
        url,
        token_file,
        ca_file,
    }) = config
    else {
        return Err(remote::Error::Settings("it is no HTTP API".into()));
    };
    let settings = HttpConfig {
        url: url.clone(),
        ca_file: ca_file.as_ref().map(PathBuf::from),
        expecting: match config {
            DestinationConfig::Lambda { .. } => Expecting::Functions,
            _ => Expecting::Any,
        },
    };
    let token = token(keys, token_file.as_deref()).await?;
    HttpApi::open(settings, token, profile)
}

/// A typed one, else that of the file, else the one that is around.
async fn token(
    keys: Option<TypedKeys>,
    file: Option<&str>,
) -> Result<Option<Token>, remote::Error> {
    if let Some(keys) = keys {
        return Ok(Some(Token::new(&keys.secret_access_key)));
    }
    let text = match file {
        Some(path) => {
            let read = tokio::fs::read_to_string(path).await;
            Some(read.map_err(|error| {
                remote::Error::Settings(format!("the token file {path} cannot be read: {error}"))
            })?)
        }
        None => std::env::var(TOKEN).ok(),
    };
    Ok(text
        .filter(|text| !text.trim().is_empty())
        .map(|text| Token::new(&text)))
}

/// How keys are chosen there.
pub(crate) fn key_template(config: &DestinationConfig) -> Result<KeyTemplate, remote::Error> {
    match config.key_template() {
        Some(_) if config.layout() == DestinationLayout::Original => Err(remote::Error::Settings(
            "in the layout of the original imgn names are plain: leave the key template out".into(),
        )),
        None => Ok(KeyTemplate::default()),
        Some(template) => {
            KeyTemplate::new(template).map_err(|error| remote::Error::Settings(error.to_string()))
        }
    }
}

fn layout(config: &DestinationConfig) -> Layout {
    match config.layout() {
        DestinationLayout::Library => Layout::Library,
        DestinationLayout::Original => Layout::Original,
    }
}

/// Where it is, in one line.
pub(crate) fn place(config: &DestinationConfig) -> String {
    match config {
        DestinationConfig::Folder { path, .. } => path.clone(),
        DestinationConfig::S3 {
            endpoint,
            bucket,
            prefix,
            ..
        } => {
            let host = endpoint.as_deref().unwrap_or("https://s3.amazonaws.com");
            let host = host
                .split_once("://")
                .map_or(host, |(_, host)| host)
                .trim_end_matches('/');
            let path = if prefix.is_empty() {
                bucket.clone()
            } else {
                format!("{bucket}/{prefix}")
            };
            format!("{path} at {host}")
        }
        DestinationConfig::Http { url, .. } | DestinationConfig::Lambda { url, .. } => url
            .split_once("://")
            .map_or(url.as_str(), |(_, rest)| rest)
            .trim_end_matches('/')
            .to_owned(),
    }
}
