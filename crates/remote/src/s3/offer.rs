//! Offers: presigned PUTs that hold whoever has them to what was announced.

use super::fault::Doing;
use super::put::{META_MTIME, META_SHA256, checksum};
use super::{S3, presigned, read};
use crate::{Announced, Error, Key, Slot, mtime};
use std::time::Duration;
use url::Url;

/// See [`Remote::offer`](crate::Remote::offer).
pub(super) async fn offer(
    s3: &S3,
    key: &Key,
    announced: Option<&Announced<'_>>,
    good_for: Duration,
) -> Result<Slot, Error> {
    if let Some(held) = read::head_quick(s3, key.as_str()).await? {
        return Ok(Slot::Taken(held.object));
    }
    let mut put = s3
        .client
        .put_object()
        .bucket(&s3.site.bucket)
        .key(s3.full(key.as_str()));
    if let Some(announced) = announced {
        let size = i64::try_from(announced.size).map_err(|_| Error::TooLarge {
            key: key.to_string(),
            limit: i64::MAX.unsigned_abs(),
        })?;
        put = put
            .content_length(size)
            .content_type(announced.content_type)
            .checksum_sha256(checksum(&announced.sha256))
            .if_none_match("*")
            .metadata(META_SHA256, hex::encode(announced.sha256));
        if let Some(at) = announced.mtime {
            put = put.metadata(META_MTIME, mtime::seconds(at));
        }
    }
    let doing = Doing::write(key.as_str());
    let signed = put
        .presigned(presigned::config(s3, good_for)?)
        .await
        .map_err(|error| s3.fault(doing, &error))?;
    let url = signed.uri().to_owned();
    let named = signed_headers(&url);
    let headers = signed
        .headers()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        // In a function the SDK adds one that traces calls, which is nobody else's business.
        .filter(|(name, _)| named.contains(name))
        .collect();
    Ok(Slot::Free { url, headers })
}

/// The headers that the signature of an address is of.
fn signed_headers(url: &str) -> Vec<String> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let named = url
        .query_pairs()
        .find(|(name, _)| name == "X-Amz-SignedHeaders");
    let names = named.map(|(_, names)| names.into_owned());
    names
        .unwrap_or_default()
        .split(';')
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_what_its_signature_is_of() {
        let url = "https://s3/b/a.jpg?X-Amz-Date=1&X-Amz-SignedHeaders=content-length%3Bhost&x-id=PutObject";
        assert_eq!(signed_headers(url), ["content-length", "host"]);
    }
}
