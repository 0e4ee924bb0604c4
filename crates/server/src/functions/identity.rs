//! Whose library a question is about, where several people share a bucket.
//!
//! An *identity* is what Amazon Cognito calls somebody who signed in: `region:uuid`. Everything of theirs lies in a
//! folder of that name, which is all that their own keys open.

use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Libraries that are kept open at once.
const MOST_KEPT: usize = 64;

/// One that can be a folder's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Identity(String);

impl Identity {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (region, id) = text.split_once(':')?;
        let is_region = !region.is_empty()
            && region
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let is_id = id.len() == 36 && Uuid::try_parse(id).is_ok();
        (is_region && is_id).then(|| Self(text.to_owned()))
    }

    /// Whose keys signed this request, as the gateway says that checked it.
    pub(crate) fn of(request: &Request, pool: &str) -> Option<Self> {
        let RequestContext::ApiGatewayV2(context) = request.request_context_ref()? else {
            return None;
        };
        let signed = context.authorizer.as_ref()?.iam.as_ref()?;
        let cognito = signed.cognito_identity.as_ref()?;
        if cognito.identity_pool_id.as_deref() != Some(pool) {
            return None;
        }
        Self::parse(cognito.identity_id.as_deref()?)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is kept for each library from one question to the next; it can be made again at any time.
#[derive(Debug)]
pub(crate) struct Kept<T>(Mutex<HashMap<Option<Identity>, T>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    pub(crate) fn take(&self, of: Option<&Identity>) -> Option<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&of.cloned())
    }

    pub(crate) fn put(&self, of: Option<&Identity>, what: T) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(of.cloned(), what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_a_region_and_a_uuid() {
        //  text, is one
        let cases = [
            ("eu-central-1:12345678-1234-1234-1234-123456789abc", true),
            ("12345678-1234-1234-1234-123456789abc", false),
            (":12345678-1234-1234-1234-123456789abc", false),
            ("../x:12345678-1234-1234-1234-123456789abc", false),
            ("eu-central-1:12345678123412341234123456789abc", false),
            ("eu-central-1:", false),
            ("2024", false),
        ];
        for (text, expected) in cases {
            assert_eq!(Identity::parse(text).is_some(), expected, "{text}");
        }
    }
}
