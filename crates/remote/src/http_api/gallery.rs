//! What a gallery lists, page by page.
//!
//! **Invariant:** a next page is asked for at the API's own origin only, and is another one.

use super::answer::Answer;
use super::{HttpApi, fault};
use crate::api::{Entry, PAGE};
use crate::{Error, Object, Page};
use bytes::Bytes;
use http::StatusCode;
use http::header::LINK;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// A page of entries with all that is known of each.
const MOST: u64 = 64 << 20;

/// See [`Remote::list`](crate::Remote::list). `after` is the address of a page.
pub(super) async fn list(api: &HttpApi, after: Option<&str>) -> Result<Page, Error> {
    let url = match after {
        None => api.client.at(&format!("gallery?limit={PAGE}"))?,
        Some(next) => own(api, &api.client.at("gallery")?, next)?,
    };
    page(api, &url).await
}

/// See [`Remote::list_beyond`](crate::Remote::list_beyond).
pub(super) async fn list_beyond(api: &HttpApi, key: &str) -> Result<Page, Error> {
    let after = utf8_percent_encode(key, NON_ALPHANUMERIC);
    let url = api
        .client
        .at(&format!("gallery?limit={PAGE}&after={after}"))?;
    page(api, &url).await
}

/// What the gallery says of one image.
pub(super) async fn entry(api: &HttpApi, key: &str) -> Result<Option<Entry>, Error> {
    let encoded = utf8_percent_encode(key, NON_ALPHANUMERIC);
    let url = api.client.at(&format!("gallery?key={encoded}"))?;
    let mut answer = asked(api, &url).await?;
    let entries = entries(api, &mut answer).await?;
    // A server that does not know this question answers with a page.
    let found = entries
        .into_iter()
        .find(|entry| entry.key.as_deref() == Some(key));
    if let Some(entry) = &found {
        api.thumbs.note(entry);
    }
    Ok(found)
}

/// Its `imgn/1` sidecar, or the size that is all that is known.
pub(super) async fn sidecar(api: &HttpApi, key: &str) -> Result<Option<Bytes>, Error> {
    let entry = entry(api, key).await?;
    Ok(entry.map(|entry| match entry.metadata {
        Some(metadata) => Bytes::from(metadata.to_string()),
        None => Bytes::from(entry.meta),
    }))
}

async fn page(api: &HttpApi, url: &Url) -> Result<Page, Error> {
    let mut answer = asked(api, url).await?;
    let next = match next(&answer) {
        Some(next) => Some(own(api, url, &next)?),
        None => None,
    };
    if next.as_ref() == Some(url) {
        return Err(api
            .client
            .unexpected(200, "its gallery goes in a circle".to_owned()));
    }
    let objects = entries(api, &mut answer).await?;
    Ok(Page {
        objects: objects.into_iter().flat_map(objects_of).collect(),
        next: next.map(String::from),
        partial: false,
    })
}

async fn asked(api: &HttpApi, url: &Url) -> Result<Answer, Error> {
    let answer = api.client.get(url).await?;
    if answer.status == StatusCode::OK {
        Ok(answer)
    } else {
        Err(fault::refusal(&api.client, answer, "").await)
    }
}

pub(super) async fn entries(api: &HttpApi, answer: &mut Answer) -> Result<Vec<Entry>, Error> {
    let status = answer.status.as_u16();
    let json = answer.whole(MOST).await?;
    let json = json.ok_or_else(|| {
        api.client
            .unexpected(status, "its gallery is larger than can be".to_owned())
    })?;
    serde_json::from_slice(&json).map_err(|_| {
        api.client
            .unexpected(status, "its gallery is no list of images".to_owned())
    })
}

/// The image, and the sidecar that stands beside it.
fn objects_of(entry: Entry) -> Vec<Object> {
    let Some(key) = entry.key else {
        return Vec::new();
    };
    let object = |key: String, size: u64| Object {
        key,
        size,
        etag: None,
        modified: None,
        sha256: None,
        mtime: None,
    };
    let sidecar = entry.metadata.map(|metadata| {
        let size = metadata.to_string().len() as u64;
        object(format!("{key}.meta"), size)
    });
    std::iter::once(object(key, entry.size.unwrap_or(0)))
        .chain(sidecar)
        .collect()
}

/// `<…>; rel="next"` (RFC 8288).
fn next(answer: &Answer) -> Option<String> {
    let links = answer.headers.get_all(LINK).iter();
    links
        .filter_map(|value| value.to_str().ok())
        .find_map(next_of)
        .map(str::to_owned)
}

fn next_of(links: &str) -> Option<&str> {
    let mut rest = links;
    while let Some((_, begun)) = rest.split_once('<') {
        let (target, after) = begun.split_once('>')?;
        let parameters = after.split('<').next().unwrap_or_default();
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            name.trim().eq_ignore_ascii_case("rel")
                && value
                    .trim()
                    .trim_matches('"')
                    .split_ascii_whitespace()
                    .any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target);
        }
        rest = after;
    }
    None
}

/// An address of the API's own, as seen from `from`.
fn own(api: &HttpApi, from: &Url, to: &str) -> Result<Url, Error> {
    match from.join(to) {
        Ok(url) if api.client.is_own(&url) => Ok(url),
        _ => Err(api.client.unexpected(
            200,
            "its gallery goes on at another address, which is not followed".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_links() {
        //  header, next
        let cases = [
            ("<?after=a>; rel=\"next\"", Some("?after=a")),
            ("<?after=a>;rel=next", Some("?after=a")),
            ("<a>; rel=prev, <b>; rel=\"next last\"", Some("b")),
            ("<a>; rel=\"prev\", <b>; title=\"x\"; REL=Next", Some("b")),
            ("<a,b;c>; rel=next", Some("a,b;c")),
            ("<a>; rel=prev", None),
            ("<a", None),
            ("a; rel=next", None),
            ("", None),
        ];
        for (header, expected) in cases {
            assert_eq!(next_of(header), expected, "{header:?}");
        }
    }
}
