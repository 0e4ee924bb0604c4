//! Putting to functions of the original imgn: asked with a name, they give out an address where the file may go.
//!
//! **Invariant:** that a file went to an address says nothing of its bytes.

use super::refusal::meaning;
use crate::http_api::HttpApi;
use crate::http_api::form::Form;
use crate::http_api::store::{self, Sent};
use crate::http_api::upload::{MOST_ANSWER, Named, send_empty};
use crate::{Error, Key, Original, Progress};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use url::Url;

/// How often an address that is of no use is followed by another.
const AGAIN: u32 = 2;

/// Has it give out addresses until the file went to one; `given` is the first, if there is one already.
pub(super) async fn put(
    api: &HttpApi,
    name: &Key,
    original: &Original<'_>,
    progress: Progress<'_>,
    mut given: Option<Url>,
) -> Result<(), Error> {
    // Nothing but the host is signed. A store does not take what it did not sign of its own headers.
    let kind = HeaderValue::from_str(original.content_type)
        .map_err(|_| Error::Settings("a type is one word".to_owned()))?;
    let headers = [(CONTENT_TYPE, kind)];
    let mut again = AGAIN;
    loop {
        let to = match given.take() {
            Some(to) => to,
            None => address(api, name, original).await?,
        };
        match store::put(api, &to, &headers, original, progress).await? {
            Sent::Stored(_) => return Ok(()),
            Sent::AskAgain(why) if again == 0 => return Err(why),
            Sent::AskAgain(why) => {
                tracing::debug!(error = %why, "asking for another address");
                again -= 1;
            }
        }
    }
}

/// Where its functions want the file; only 200 with nothing but an address in it is one.
async fn address(api: &HttpApi, name: &Key, original: &Original<'_>) -> Result<Url, Error> {
    let named = Named {
        name: name.as_str(),
        content_type: original.content_type,
    };
    let mut url = api.client.at("upload")?;
    let mut answer = send_empty(api, &url, Form::new(), named, &[]).await?;
    if let Some(slashed) = answer.only_adds_slash(&url) {
        url = slashed;
        answer = send_empty(api, &url, Form::new(), named, &[]).await?;
    }
    let status = answer.status;
    let body = answer.whole(MOST_ANSWER).await?.unwrap_or_default();
    let address = (status == StatusCode::OK)
        .then(|| store::address(api, &body))
        .flatten();
    address.ok_or_else(|| meaning(api, status, &body, name.as_str()))
}
