//! The API: what it lists, and the addresses that it offers.

use super::{Kept, Slip, Whose, answer};
use crate::serving::lock;
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The library that ours keep.
const LIBRARY: &str = r#"{"schema":"imgn-destination/1","uuid":"0191d5a0-0000-7000-8000-00000000000f","created":"2026-11-25T12:00:00Z"}"#;

pub(super) async fn answered(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let route = path.trim_start_matches("/Prod").trim_end_matches('/');
    let ours = kept.functions == Whose::Ours;
    if route == "/healthz" && ours {
        return answer(200, r#"{"service":"imgn","api":1}"#);
    }
    let token = request.headers().get("authorization");
    let token = token.and_then(|value| value.to_str().ok());
    if let Some(wanted) = &kept.token
        && token != Some(format!("Bearer {wanted}").as_str())
    {
        // As an authorizer of the gateway has it.
        return match token {
            Some(_) => answer(403, r#"{"message":"Forbidden"}"#),
            None => answer(401, r#"{"message":"Unauthorized"}"#),
        };
    }
    match (request.method().as_str(), route) {
        ("GET", "/library") if ours => answer(200, LIBRARY),
        ("GET", "/gallery") => gallery(&kept, &query),
        ("POST", "/upload") => upload(&kept, request).await,
        _ => answer(403, r#"{"message":"Missing Authentication Token"}"#),
    }
}

fn gallery(kept: &Kept, query: &str) -> Response {
    if kept.suffers(&Slip::Hides) {
        return answer(200, "[]");
    }
    let one = query.split('&').find_map(|part| part.strip_prefix("key="));
    let one = one.map(decoded);
    let objects = lock(&kept.objects).clone();
    let ours = kept.functions == Whose::Ours;
    let listed: Vec<String> = objects
        .iter()
        .filter(|(key, _)| one.as_ref().is_none_or(|one| one == *key))
        // The original lists 1,000 objects, sidecars among them.
        .take(if ours { usize::MAX } else { 500 })
        .map(|(key, bytes)| {
            let src = kept.address(key, BTreeMap::new());
            if !ours {
                return format!(r#"{{"src":"{src}","meta":"no metadata available yet"}}"#);
            }
            let sha256 = hex::encode(Sha256::digest(bytes));
            let size = bytes.len();
            format!(
                r#"{{"src":"{src}","meta":"4x3","key":"{key}","sha256":"{sha256}","size":{size},"thumb":"{src}"}}"#
            )
        })
        .collect();
    answer(200, &format!("[{}]", listed.join(",")))
}

/// `%20` and the like.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [byte, after @ ..] = rest {
        rest = after;
        let escaped = match (byte, after) {
            (b'%', [high, low, ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).ok();
                digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())
            }
            _ => None,
        };
        match escaped {
            Some(escaped) => {
                bytes.push(escaped);
                rest = &after[2..];
            }
            None => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn upload(kept: &Kept, request: Request) -> Response {
    *lock(&kept.asked) += 1;
    let label = request.headers().get("content-type");
    let label = label
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let Ok(boundary) = multer::parse_boundary(label) else {
        return answer(500, "no multipart form");
    };
    let mut form = multer::Multipart::new(request.into_body().into_data_stream(), boundary);
    let (mut fields, mut name) = (BTreeMap::new(), String::new());
    while let Ok(Some(field)) = form.next_field().await {
        let of = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.unwrap_or_default();
        match file {
            Some(file) => name = file,
            None => {
                fields.insert(of, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    let said = lock(&kept.slips).iter().find_map(|slip| match slip {
        Slip::Answered { status, body } => Some((*status, body.clone())),
        _ => None,
    });
    if let Some((status, body)) = said {
        return answer(status, &body);
    }
    match kept.functions {
        Whose::Original => answer(200, &kept.address(&name, BTreeMap::new())),
        Whose::Ours => offer(kept, &fields, &name),
    }
}

fn offer(kept: &Kept, fields: &BTreeMap<String, String>, name: &str) -> Response {
    let said = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let sha256 = said("sha256");
    let month = said("taken_at");
    let month = month.get(..7).unwrap_or("undated").replace('-', "/");
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let short = sha256.get(..8).unwrap_or("00000000");
    let keys = [
        format!("{month}/{name}"),
        format!("{month}/{stem}-{short}.{extension}"),
    ];
    let objects = lock(&kept.objects).clone();
    for key in keys {
        match objects.get(&key) {
            Some(bytes) if hex::encode(Sha256::digest(bytes)) == sha256 => {
                let said = format!(r#"{{"key":"{key}","duplicate":true,"sha256":"{sha256}"}}"#);
                return answer(200, &said);
            }
            Some(_) => {}
            None => {
                let checksum = hex::decode(&sha256).unwrap_or_default();
                let headers = BTreeMap::from([
                    ("content-length".to_owned(), said("size")),
                    ("content-type".to_owned(), said("type")),
                    ("if-none-match".to_owned(), "*".to_owned()),
                    (
                        "x-amz-checksum-sha256".to_owned(),
                        BASE64_STANDARD.encode(checksum),
                    ),
                    ("x-amz-meta-sha256".to_owned(), sha256.clone()),
                ]);
                let json: Vec<String> = headers
                    .iter()
                    .map(|(name, value)| format!(r#""{name}":"{value}""#))
                    .collect();
                let url = kept.address(&key, headers);
                let json = json.join(",");
                return answer(
                    200,
                    &format!(r#"{{"key":"{key}","url":"{url}","headers":{{{json}}}}}"#),
                );
            }
        }
    }
    answer(
        409,
        r#"{"code":"name_taken","message":"every name is taken"}"#,
    )
}
