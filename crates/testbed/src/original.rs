//! Stands in for the original imgn, which isn't here: written from what is known of how it answers.
//!
//! As a monolith or in containers: names are taken as they come and overwrite, 201 alone is success and says
//! so in a sentence that is labelled as JSON, other failures are 200 with a sentence, its gallery has no label.

use crate::serving::{Serving, lock};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What goes wrong with an upload.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mishap {
    #[default]
    None,
    /// It says that something failed, and calls it success.
    Full,
    /// It says 201, and has other bytes.
    Damages,
    /// It says 201, and never shows it.
    Hides,
}

/// How its routes are registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routes {
    Plain,
    /// With a slash at their end, to which others are redirected.
    Slashed,
}

/// One that answers on a free port, with its images in memory.
#[derive(Debug)]
pub struct OriginalServer {
    pub url: String,
    state: Arc<Kept>,
    _serving: Serving,
}

#[derive(Debug)]
struct Kept {
    routes: Routes,
    images: Mutex<BTreeMap<String, Image>>,
    mishap: Mutex<Mishap>,
    uploads: Mutex<Vec<Uploaded>>,
    told: Mutex<Vec<String>>,
}

#[derive(Debug, Clone)]
struct Image {
    bytes: Vec<u8>,
    meta: Option<String>,
    shown: bool,
}

/// An upload as it arrived.
#[derive(Debug, Clone)]
pub struct Uploaded {
    pub name: String,
    pub content_type: String,
}

impl OriginalServer {
    pub async fn start(routes: Routes) -> Self {
        let state = Arc::new(Kept {
            routes,
            images: Mutex::default(),
            mishap: Mutex::default(),
            uploads: Mutex::default(),
            told: Mutex::default(),
        });
        let router = Router::new()
            .route("/gallery/{name}", get(image))
            .fallback(answer)
            .layer(from_fn_with_state(Arc::clone(&state), listen))
            .with_state(Arc::clone(&state));
        let serving = Serving::start(router).await;
        Self {
            url: serving.url.clone(),
            state,
            _serving: serving,
        }
    }

    /// From now on.
    pub fn suffer(&self, mishap: Mishap) {
        *lock(&self.state.mishap) = mishap;
    }

    /// The images by name.
    pub fn images(&self) -> BTreeMap<String, Vec<u8>> {
        let images = lock(&self.state.images);
        let bytes = |(name, image): (&String, &Image)| (name.clone(), image.bytes.clone());
        images.iter().map(bytes).collect()
    }

    /// The names of headers that came with any request and are none of its business.
    pub fn asked_with(&self) -> Vec<String> {
        lock(&self.state.told).clone()
    }

    pub fn uploads(&self) -> Vec<Uploaded> {
        lock(&self.state.uploads).clone()
    }

    /// As its extractor, or anybody else, would.
    pub fn put(&self, name: &str, bytes: &[u8], meta: Option<&str>) {
        let image = Image {
            bytes: bytes.to_vec(),
            meta: meta.map(str::to_owned),
            shown: true,
        };
        lock(&self.state.images).insert(name.to_owned(), image);
    }
}

async fn listen(State(kept): State<Arc<Kept>>, request: Request, next: Next) -> Response {
    for name in ["authorization", "imgn-library", "cookie"] {
        if request.headers().contains_key(name) {
            lock(&kept.told).push(name.to_owned());
        }
    }
    next.run(request).await
}

async fn answer(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let wanted = match kept.routes {
        Routes::Plain => ["/upload", "/gallery"],
        Routes::Slashed => ["/upload/", "/gallery/"],
    };
    if kept.routes == Routes::Slashed && (path == "/upload" || path == "/gallery") {
        let to = Response::builder().status(301);
        return to
            .header("location", format!("{path}/"))
            .body(Body::empty())
            .expect("a redirect");
    }
    match (request.method().as_str(), path.as_str()) {
        ("POST", path) if path == wanted[0] => upload(&kept, request).await,
        ("GET", path) if path == wanted[1] => gallery(&kept),
        ("GET", "/") => text(200, "text/html", "<html>imgn</html>"),
        _ => text(404, "text/plain; charset=utf-8", "404 page not found\n"),
    }
}

async fn upload(kept: &Kept, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let label = |name: &str| {
        let value = parts.headers.get(name).and_then(|it| it.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let Ok(boundary) = multer::parse_boundary(label("content-type")) else {
        return text(200, "text/plain", "error: no multipart form");
    };
    let mut form = multer::Multipart::new(body.into_data_stream(), boundary);
    let mut last = None;
    loop {
        match form.next_field().await {
            Ok(Some(field)) => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let kind = field.content_type().map(ToString::to_string);
                match field.bytes().await {
                    Ok(bytes) => last = Some((name, kind.unwrap_or_default(), bytes)),
                    Err(error) => return text(200, "text/plain", &format!("error: {error}")),
                }
            }
            Ok(None) => break,
            Err(error) => return text(200, "text/plain", &format!("error: {error}")),
        }
    }
    let Some((name, content_type, bytes)) = last else {
        return text(200, "text/plain", "error: no file");
    };
    lock(&kept.uploads).push(Uploaded {
        name: name.clone(),
        content_type: content_type.clone(),
    });
    if !matches!(content_type.as_str(), "image/jpeg" | "image/png") {
        return text(
            400,
            "text/plain",
            "The provided file format is not allowed.",
        );
    }
    let mishap = *lock(&kept.mishap);
    let mut bytes = bytes.to_vec();
    match mishap {
        Mishap::Full => return text(200, "text/plain", "error: no space left on device"),
        Mishap::Damages => bytes.reverse(),
        Mishap::None | Mishap::Hides => {}
    }
    let image = Image {
        bytes,
        meta: None,
        shown: mishap != Mishap::Hides,
    };
    lock(&kept.images).insert(name.clone(), image);
    let said = format!("File {name} uploaded successfully");
    text(201, "application/json", &said)
}

fn gallery(kept: &Kept) -> Response {
    let images = lock(&kept.images);
    let listed: Vec<String> = images
        .iter()
        .filter(|(name, image)| image.shown && (name.ends_with(".jpg") || name.ends_with(".png")))
        .map(|(name, image)| {
            let meta = image.meta.as_deref().unwrap_or("no metadata available yet");
            format!("{{\"src\":\"gallery/{name}\",\"meta\":\"{meta}\"}}")
        })
        .collect();
    let mut answer = Response::new(Body::from(format!("[{}]", listed.join(","))));
    answer.headers_mut().remove("content-type");
    answer
}

async fn image(State(kept): State<Arc<Kept>>, Path(name): Path<String>) -> Response {
    let found = lock(&kept.images).get(&name).filter(|it| it.shown).cloned();
    match found {
        Some(image) => Response::new(Body::from(image.bytes)),
        None => text(404, "text/plain; charset=utf-8", "404 page not found\n"),
    }
}

fn text(status: u16, label: &str, text: &str) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", label)
        .body(Body::from(text.to_owned()))
        .expect("an answer")
}
