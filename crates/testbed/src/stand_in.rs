//! Stands in for functions, ours or the original's, and for the store behind them, each on a port of its own.
//!
//! The store holds requests to what was signed: another header of its own, another value, or a second write is
//! refused as S3 does. What goes wrong is said by [`FunctionsStandIn::suffer`].

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The library that ours keep.
const LIBRARY: &str = r#"{"schema":"imgn-destination/1","uuid":"0191d5a0-0000-7000-8000-00000000000f","created":"2026-11-25T12:00:00Z"}"#;

/// Whose functions they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Ours,
    Original,
}

/// What goes wrong, from now on or a few times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slip {
    /// The next so many addresses have expired when they are used, for writing and for reading.
    Expired { writes: u32, reads: u32 },
    /// Somebody writes other bytes under the next name that is given out, before they are put.
    Overtaken,
    /// Uploads are answered with this.
    Answered { status: u16, body: String },
    /// The store does not repeat the SHA-256.
    Forgets,
    /// The store has other bytes than were put.
    Damages,
    /// The store sends on to another address.
    Redirects,
    /// What is put is never listed.
    Hides,
}

/// One that answers, with its images in memory.
#[derive(Debug)]
pub struct FunctionsStandIn {
    /// The API's.
    pub url: String,
    /// The store's.
    pub store: String,
    kept: Arc<Kept>,
    tasks: [JoinHandle<()>; 2],
}

/// A request as the store was asked.
#[derive(Debug, Clone)]
pub struct StoreRequest {
    pub method: String,
    /// Without its query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Kept {
    functions: Whose,
    token: Option<String>,
    store: Mutex<String>,
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    /// By the number that an address has: the key, and the headers that are signed.
    signed: Mutex<Vec<(String, BTreeMap<String, String>)>>,
    slips: Mutex<Vec<Slip>>,
    asked: Mutex<u32>,
    requests: Mutex<Vec<StoreRequest>>,
}

impl FunctionsStandIn {
    pub async fn start(functions: Whose) -> Self {
        Self::begin(functions, None).await
    }

    /// One that wants a token.
    pub async fn guarded(functions: Whose, token: &str) -> Self {
        Self::begin(functions, Some(token.to_owned())).await
    }

    async fn begin(functions: Whose, token: Option<String>) -> Self {
        let kept = Arc::new(Kept {
            functions,
            token,
            store: Mutex::default(),
            objects: Mutex::default(),
            signed: Mutex::default(),
            slips: Mutex::default(),
            asked: Mutex::default(),
            requests: Mutex::default(),
        });
        let api = Router::new().fallback(api).with_state(Arc::clone(&kept));
        let store = Router::new().fallback(stored).with_state(Arc::clone(&kept));
        let (url, api) = serve(api).await;
        let (store, serving) = serve(store).await;
        lock(&kept.store).clone_from(&store);
        Self {
            url,
            store,
            kept,
            tasks: [api, serving],
        }
    }

    pub fn suffer(&self, slip: Slip) {
        lock(&self.kept.slips).push(slip);
    }

    pub fn heal(&self) {
        lock(&self.kept.slips).clear();
    }

    /// The bytes by key.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        lock(&self.kept.objects).clone()
    }

    /// As anybody else might.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        lock(&self.kept.objects).insert(key.to_owned(), bytes.to_vec());
    }

    /// How often an address was asked for.
    pub fn asked(&self) -> u32 {
        *lock(&self.kept.asked)
    }

    /// What the store was asked.
    pub fn requests(&self) -> Vec<StoreRequest> {
        lock(&self.kept.requests).clone()
    }
}

impl Drop for FunctionsStandIn {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn serve(router: Router) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let task = tokio::spawn(async move {
        axum::serve(listener, router).await.expect("it serves");
    });
    (format!("http://{address}"), task)
}

fn lock<T>(slot: &Mutex<T>) -> MutexGuard<'_, T> {
    slot.lock()
        .expect("nothing panics while it holds this lock")
}

impl Kept {
    fn suffers(&self, slip: &Slip) -> bool {
        lock(&self.slips).contains(slip)
    }

    /// Uses up one expiry.
    fn expired(&self, method: &Method) -> bool {
        let mut slips = lock(&self.slips);
        slips.iter_mut().any(|slip| match slip {
            Slip::Expired { writes: left, .. } if method == Method::PUT && *left > 0 => {
                *left -= 1;
                true
            }
            Slip::Expired { reads: left, .. } if method == Method::GET && *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        })
    }

    /// Somebody is faster, once.
    fn overtaken(&self) -> bool {
        let mut slips = lock(&self.slips);
        let found = slips.iter().position(|slip| *slip == Slip::Overtaken);
        found.map(|at| slips.remove(at)).is_some()
    }

    fn address(&self, key: &str, headers: BTreeMap<String, String>) -> String {
        let mut signed = lock(&self.signed);
        signed.push((key.to_owned(), headers));
        let number = signed.len() - 1;
        let path = key.replace(' ', "%20");
        format!(
            "{}/photos/{path}?X-Amz-Expires=300&X-Amz-Signature=canary{number}",
            lock(&self.store)
        )
    }
}

async fn api(State(kept): State<Arc<Kept>>, request: Request) -> Response {
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

async fn stored(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let headers = plain(&parts.headers);
    lock(&kept.requests).push(StoreRequest {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        headers: headers.clone(),
    });
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    let number = parts
        .uri
        .query()
        .and_then(|query| query.split_once("canary"));
    let number: Option<usize> = number.and_then(|(_, number)| number.parse().ok());
    let signed = number.and_then(|number| lock(&kept.signed).get(number).cloned());
    let Some((key, signed)) = signed else {
        return refusal(403, "SignatureDoesNotMatch");
    };
    if headers.contains_key("authorization") {
        return refusal(400, "InvalidArgument");
    }
    if kept.expired(&parts.method) {
        return refusal(403, "AccessDenied");
    }
    let own = |name: &&String| name.starts_with("x-amz-");
    if headers
        .keys()
        .filter(own)
        .any(|name| !signed.contains_key(name))
        || signed
            .iter()
            .any(|(name, value)| headers.get(name) != Some(value))
    {
        return refusal(403, "SignatureDoesNotMatch");
    }
    match parts.method {
        Method::PUT => put(&kept, &key, &signed, &body),
        Method::GET => get(&kept, &key, &headers),
        _ => refusal(403, "SignatureDoesNotMatch"),
    }
}

fn plain(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let each = headers.iter();
    each.map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}

fn put(kept: &Kept, key: &str, signed: &BTreeMap<String, String>, body: &Bytes) -> Response {
    if kept.suffers(&Slip::Redirects) {
        let to = Response::builder()
            .status(307)
            .header("location", "http://127.0.0.1:1/");
        return to.body(Body::empty()).expect("a redirect");
    }
    if kept.overtaken() {
        lock(&kept.objects).insert(key.to_owned(), b"somebody else's".to_vec());
    }
    let conditional = signed.contains_key("if-none-match");
    if conditional && lock(&kept.objects).contains_key(key) {
        return refusal(412, "PreconditionFailed");
    }
    let checksum = BASE64_STANDARD.encode(Sha256::digest(body));
    let wanted = signed.get("x-amz-checksum-sha256");
    if wanted.is_some_and(|wanted| *wanted != checksum) {
        return refusal(400, "XAmzContentChecksumMismatch");
    }
    let mut bytes = body.to_vec();
    if kept.suffers(&Slip::Damages) {
        bytes.reverse();
    }
    lock(&kept.objects).insert(key.to_owned(), bytes);
    let mut answer = Response::builder().header("etag", format!("\"{}\"", &checksum[..8]));
    if wanted.is_some() && !kept.suffers(&Slip::Forgets) {
        answer = answer.header("x-amz-checksum-sha256", &checksum);
    }
    answer.body(Body::empty()).expect("an answer")
}

fn get(kept: &Kept, key: &str, headers: &BTreeMap<String, String>) -> Response {
    let Some(bytes) = lock(&kept.objects).get(key).cloned() else {
        return refusal(404, "NoSuchKey");
    };
    let checksum = BASE64_STANDARD.encode(Sha256::digest(&bytes));
    let answer = Response::builder().header("etag", format!("\"{}\"", &checksum[..8]));
    let first = headers.get("range").map(String::as_str) == Some("bytes=0-0");
    let (answer, bytes) = if first && !bytes.is_empty() {
        let range = format!("bytes 0-0/{}", bytes.len());
        let answer = answer.status(206).header("content-range", range);
        (answer, bytes[..1].to_vec())
    } else {
        (answer, bytes)
    };
    answer.body(Body::from(bytes)).expect("an answer")
}

fn answer(status: u16, text: &str) -> Response {
    let answer = Response::builder().status(status);
    answer.body(Body::from(text.to_owned())).expect("an answer")
}

fn refusal(status: u16, code: &str) -> Response {
    let xml = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
    answer(status, &xml)
}
