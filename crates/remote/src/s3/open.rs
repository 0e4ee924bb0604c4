//! From settings to a client, with every mistake said in a sentence.

use super::cut::Cut;
use super::fault::Site;
use super::keys::Keys;
use super::seen::Seen;
use super::{Credentials, PARTS_AT_ONCE, PATIENCE, S3, S3Config};
use crate::marker::{Expected, Without};
use crate::tls;
use crate::{Error, Layout, Profile, Throttle};
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::ProfileFileRegionProvider;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, IdentityCache, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use http::Uri;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Three seconds, and a little more than the pause after which a lost SYN is sent again.
const CONNECT: Duration = Duration::from_millis(3100);
/// For calls that carry no photo.
const ANSWER: Duration = Duration::from_secs(30);

/// Where nobody says otherwise; servers of one's own mostly take any.
const REGION: &str = "us-east-1";

pub(super) async fn open(
    config: S3Config,
    credentials: Credentials,
    profile: Profile,
    clock: SharedTimeSource,
) -> Result<S3, Error> {
    if config.bucket.is_empty() || config.bucket.contains('/') {
        return Err(Error::Settings(format!(
            "{:?} cannot be the name of a bucket; a folder in it goes into the prefix",
            config.bucket
        )));
    }
    let mut prefix = self::prefix(&config.prefix)?;
    let endpoint = config.endpoint.as_deref().map(endpoint).transpose()?;
    let mut site = Site {
        endpoint: endpoint.clone().unwrap_or_else(|| "AWS S3".to_owned()),
        bucket: config.bucket.clone(),
        prefix: prefix.clone(),
    };
    let http = http_client(config.ca_file.as_deref())?;
    let region = match config.region {
        Some(region) if !region.is_empty() => region,
        _ => region_around(config.profile.as_deref()).await,
    };
    let aws_profile = config.profile.as_deref();
    let keys = Keys::find(&site, aws_profile, credentials, http.clone(), &region).await?;
    if prefix.is_empty()
        && let Some(identity) = keys.identity().await?
    {
        prefix = self::prefix(&identity)?;
        site.prefix.clone_from(&prefix);
    }

    let path_style = config.path_style.unwrap_or(endpoint.is_some());
    let seen = Seen::default();
    let mut builder = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .time_source(clock)
        .region(Region::new(region.clone()))
        // They keep themselves, and can be told that they ran out.
        .identity_cache(IdentityCache::no_cache())
        .credentials_provider(keys.clone())
        .force_path_style(path_style)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        // The engine waits and tries again: it knows what else is under way.
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT)
                .operation_attempt_timeout(ANSWER)
                .build(),
        )
        // Transfers are watched by `S3::patience`, which knows when all has been sent.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .interceptor(seen.clone());
    if let Some(endpoint) = endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    Ok(S3 {
        client: aws_sdk_s3::Client::from_conf(builder.build()),
        keys,
        site,
        prefix,
        layout: Layout::Library,
        region,
        path_style,
        ca_file: config.ca_file,
        expected: Expected::of(Without::Library),
        profile: Mutex::new(profile),
        seen,
        patience: PATIENCE,
        throttle: Throttle::default(),
        cut: Cut::default(),
        parts: Semaphore::new(PARTS_AT_ONCE),
    })
}

/// `http(s)://host[:port]`, without a slash at its end.
fn endpoint(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let fail = |reason: &str| Err(Error::Settings(format!("the endpoint {reason}")));
    let Ok(uri) = text.parse::<Uri>() else {
        return fail("is not an address such as https://s3.example.org");
    };
    let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return fail("must begin with https:// or http://");
    };
    if authority.as_str().contains('@') {
        return fail("must not hold a name or password; keys are given apart from it");
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return fail(
            "must end after the host and port; the bucket and the prefix are given apart from it",
        );
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// Empty, or ending in a slash.
fn prefix(text: &str) -> Result<String, Error> {
    let text = text.trim_matches('/');
    if text.is_empty() {
        return Ok(String::new());
    }
    if text.len() > 200 {
        return Err(Error::Settings(
            "the prefix is longer than 200 bytes".to_owned(),
        ));
    }
    crate::Key::parse(text)
        .map_err(|error| Error::Settings(format!("the prefix cannot be used: {}", error.reason)))?;
    Ok(format!("{text}/"))
}

/// TLS that trusts the system's certificates and those of `ca_file`, and nothing without one.
pub(super) fn tls_context(ca_file: Option<&Path>) -> Result<TlsContext, Error> {
    let mut trusted = TrustStore::empty().with_native_roots(true);
    if let Some(path) = ca_file {
        trusted = trusted.with_pem_certificate(tls::ca_file(path)?.pem);
    }
    TlsContext::builder()
        .with_trust_store(trusted)
        .build()
        .map_err(|error| Error::Settings(format!("TLS cannot be set up: {error}")))
}

fn http_client(ca_file: Option<&Path>) -> Result<SharedHttpClient, Error> {
    Ok(aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(tls_context(ca_file)?)
        .build_https())
}

async fn region_around(profile: Option<&str>) -> String {
    let mut file = ProfileFileRegionProvider::builder();
    if let Some(profile) = profile {
        file = file.profile_name(profile);
    }
    let region = match EnvironmentVariableRegionProvider::new().region().await {
        Some(region) => Some(region),
        None => file.build().region().await,
    };
    region.map_or_else(|| REGION.to_owned(), |region| region.to_string())
}
