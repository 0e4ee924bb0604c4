//! Listing what is in the bucket.

use super::S3;
use super::fault::Doing;
use super::read::timestamp;
use crate::{Error, Object, Page, key};
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2FluentBuilder;
use aws_sdk_s3::types::{self, EncodingType};
use percent_encoding::percent_decode_str;

/// What stands for a character that XML has no word for.
const ALTERED: char = char::REPLACEMENT_CHARACTER;

/// Sorts after everything under `.imgn/`, whoever put it there: nothing comes after the last character.
const AFTER_PRIVATE: &str = ".imgn/\u{10ffff}";

/// See [`Remote::list`](crate::Remote::list). A page begins where the store's token says.
pub(super) async fn list(s3: &S3, after: Option<&str>) -> Result<Page, Error> {
    list_from(
        s3,
        match after {
            Some(token) => Start::Token(token.to_owned()),
            None => Start::Beginning,
        },
    )
    .await
}

/// See [`Remote::list_beyond`](crate::Remote::list_beyond).
pub(super) async fn list_beyond(s3: &S3, key: &str) -> Result<Page, Error> {
    list_from(s3, Start::After(key.to_owned())).await
}

async fn list_from(s3: &S3, mut start: Start) -> Result<Page, Error> {
    loop {
        let (objects, token) = list_some(s3, start, 1000).await?;
        let last_is_private = objects
            .last()
            .is_some_and(|object| key::is_private(&object.key));
        let objects: Vec<_> = objects
            .into_iter()
            .filter(|object| !key::is_private(&object.key))
            .collect();
        match token {
            // Thousands of thumbnails may follow: they are jumped over.
            Some(_) if last_is_private && objects.is_empty() => {
                start = Start::After(AFTER_PRIVATE.to_owned());
            }
            Some(token) if objects.is_empty() => start = Start::Token(token),
            next => {
                return Ok(Page {
                    objects,
                    next,
                    partial: false,
                });
            }
        }
    }
}

/// Whether the bucket can be listed, with what it says where it can't.
pub(super) async fn can_list(s3: &S3) -> Result<(), Error> {
    list_some(s3, Start::Beginning, 1).await.map(drop)
}

/// See [`S3::folders`].
pub(super) async fn folders(s3: &S3) -> Result<Vec<String>, Error> {
    let (mut folders, mut token) = (Vec::new(), None);
    loop {
        let listed = ask(s3, |list| {
            list.prefix(&s3.prefix)
                .delimiter("/")
                .set_continuation_token(token.clone())
        })
        .await?;
        folders.extend(listed.common_prefixes().iter().filter_map(|folder| {
            let name = folder.prefix()?.strip_prefix(s3.prefix.as_str())?;
            name.strip_suffix('/').map(str::to_owned)
        }));
        token = next(&listed);
        if token.is_none() {
            return Ok(folders);
        }
    }
}

enum Start {
    Beginning,
    Token(String),
    After(String),
    /// At this key, and with nothing but what begins like it.
    At(String),
}

pub(super) async fn is_listed(s3: &S3, key: &str) -> Result<bool, Error> {
    let (objects, _) = list_some(s3, Start::At(key.to_owned()), 1).await?;
    Ok(objects.iter().any(|object| object.key == key))
}

async fn list_some(
    s3: &S3,
    start: Start,
    limit: i32,
) -> Result<(Vec<Object>, Option<String>), Error> {
    let (mut token, mut after, mut prefix) = (None, None, s3.prefix.clone());
    match start {
        Start::Beginning => {}
        Start::Token(next) => token = Some(next),
        Start::After(key) => after = Some(s3.full(&key)),
        Start::At(key) => prefix = s3.full(&key),
    }
    let page = |list: ListObjectsV2FluentBuilder| {
        list.prefix(&prefix)
            .max_keys(limit)
            .set_continuation_token(token.clone())
            .set_start_after(after.clone())
    };
    let mut listed = ask(s3, page).await?;
    // Not every character can stand in XML: the store has put another one for it, and nothing has that name.
    let altered = |object: &types::Object| object.key().is_some_and(|key| key.contains(ALTERED));
    if listed.contents().iter().any(altered) {
        listed = ask(s3, |list| page(list).encoding_type(EncodingType::Url)).await?;
    }
    let encoded = listed.encoding_type() == Some(&EncodingType::Url);
    let objects = listed
        .contents()
        .iter()
        .filter_map(|object| {
            let key = object.key()?;
            let key = if encoded {
                decoded(key)?
            } else {
                key.to_owned()
            };
            Some(Object {
                key: key.strip_prefix(s3.prefix.as_str())?.to_owned(),
                size: object
                    .size()
                    .and_then(|size| u64::try_from(size).ok())
                    .unwrap_or(0),
                etag: object.e_tag().map(str::to_owned),
                modified: object.last_modified().and_then(timestamp),
                sha256: None,
                mtime: None,
            })
        })
        // Some programs make empty objects that stand for folders.
        .filter(|object| !object.key.is_empty() && !object.key.ends_with('/'))
        .collect();
    let token = next(&listed);
    Ok((objects, token))
}

/// As in a form: a space may be a plus, and a plus never is one. None: it is no text.
fn decoded(key: &str) -> Option<String> {
    let spaced = key.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// Asks for one page of a list.
async fn ask(
    s3: &S3,
    page: impl Fn(ListObjectsV2FluentBuilder) -> ListObjectsV2FluentBuilder,
) -> Result<ListObjectsV2Output, Error> {
    s3.attempt(|| page(s3.client.list_objects_v2().bucket(&s3.site.bucket)).send())
        .await
        .map_err(|error| s3.fault(Doing::LIST, &error))
}

/// Where the list goes on: some stores give a token with the last page too.
fn next(listed: &ListObjectsV2Output) -> Option<String> {
    let more = listed.is_truncated() == Some(true);
    listed
        .next_continuation_token()
        .filter(|_| more)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_was_encoded() {
        //  encoded, decoded
        let cases = [
            ("a%01b.jpg", "a\u{1}b.jpg"),
            ("a+b%2Bc%20d.jpg", "a b+c d.jpg"),
            ("%C3%A4/%EF%BF%BD.jpg", "ä/\u{fffd}.jpg"),
        ];
        for (encoded, name) in cases {
            assert_eq!(decoded(encoded).as_deref(), Some(name));
        }
        assert_eq!(decoded("%ff"), None);
    }
}
