//! Stands in for functions, ours or the original's, and for the store behind them, each on a port of its own.
//!
//! The store holds requests to what was signed: another header of its own, another value, or a second write is
//! refused as S3 does. What goes wrong is said by [`FunctionsStandIn::suffer`].

mod api;
mod store;

use crate::serving::{Serving, lock};
use axum::Router;
use axum::body::Body;
use axum::http::Method;
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

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
    _serving: [Serving; 2],
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
        let api = Router::new()
            .fallback(api::answered)
            .with_state(Arc::clone(&kept));
        let store = Router::new()
            .fallback(store::answered)
            .with_state(Arc::clone(&kept));
        let (api, store) = (Serving::start(api).await, Serving::start(store).await);
        lock(&kept.store).clone_from(&store.url);
        Self {
            url: api.url.clone(),
            store: store.url.clone(),
            kept,
            _serving: [api, store],
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

fn answer(status: u16, text: &str) -> Response {
    let answer = Response::builder().status(status);
    answer.body(Body::from(text.to_owned())).expect("an answer")
}
