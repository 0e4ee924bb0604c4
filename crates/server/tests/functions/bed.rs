//! Functions over a bucket of their own, and a client of an API like theirs.

use remote::api::{Entry, Offer, Refused, UPLOAD_MEDIA_TYPE};
use reqwest::{Client, RequestBuilder, Response};
use samples::{Exif, JpegOptions};
use sha2::Digest;
use std::ops::Deref;
use std::time::Duration;
use testbed::{Bucket, Functions, Minio, SeaweedFs, Server};

pub(crate) const TOKEN: &str = "a-token-that-nobody-guesses";

const BOUNDARY: &str = "----------------------------imgn";

pub(crate) struct Bed {
    pub(crate) functions: Functions,
    pub(crate) bucket: Bucket,
    api: Api,
    _server: Server,
}

/// What a client asks of them, wherever they run.
pub(crate) struct Api {
    /// Without a slash at its end.
    url: String,
    client: Client,
}

impl Deref for Bed {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Bed {
    pub(crate) async fn minio() -> Self {
        Self::on(Minio::shared().await, &[("IMGN_TOKEN", TOKEN)]).await
    }

    pub(crate) async fn seaweedfs() -> Self {
        Self::on(SeaweedFs::shared().await, &[("IMGN_TOKEN", TOKEN)]).await
    }

    pub(crate) async fn on(server: Server, variables: &[(&str, &str)]) -> Self {
        let bucket = server.bucket().await;
        let functions = Functions::start(&bucket, variables).await;
        let api = Api::new(functions.url());
        Self {
            functions,
            bucket,
            api,
            _server: server,
        }
    }
}

impl Api {
    pub(crate) fn new(url: String) -> Self {
        let client = Client::builder()
            .timeout(Duration::from_secs(120))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { url, client }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).bearer_auth(TOKEN)
    }

    /// What our client says of a file before it goes up; its body is empty.
    pub(crate) async fn announce(&self, fields: &[(&str, &str)], name: &str) -> Response {
        self.form("/upload", fields, name)
            .header("accept", UPLOAD_MEDIA_TYPE)
            .send()
            .await
            .unwrap()
    }

    /// The same as an old client sends it.
    pub(crate) async fn announce_old(&self, name: &str) -> Response {
        self.form("/upload", &[], name).send().await.unwrap()
    }

    pub(crate) async fn announce_old_with_a_slash(&self, name: &str) -> Response {
        self.form("/upload/", &[], name).send().await.unwrap()
    }

    fn form(&self, path: &str, fields: &[(&str, &str)], name: &str) -> RequestBuilder {
        let mut body = String::new();
        for (name, value) in fields {
            body.push_str(&format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: image/jpeg\r\n\r\n\r\n--{BOUNDARY}--\r\n"
        ));
        self.client
            .post(self.url(path))
            .bearer_auth(TOKEN)
            .header(
                "content-type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(body)
    }

    pub(crate) async fn offer(&self, name: &str, bytes: &[u8]) -> Offer {
        let (hash, size) = (sha256(bytes), bytes.len().to_string());
        let fields = [
            ("sha256", hash.as_str()),
            ("size", size.as_str()),
            ("type", "image/jpeg"),
            ("taken_at", "2024-05-04T12:30:00"),
            ("mtime", "1714825800.5"),
        ];
        let answer = self.announce(&fields, name).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], UPLOAD_MEDIA_TYPE);
        answer.json().await.unwrap()
    }

    /// Puts bytes at an offer.
    pub(crate) async fn put(&self, offer: &Offer, bytes: &[u8]) -> Response {
        self.put_without(offer, bytes, "").await
    }

    /// The same, one header left out.
    pub(crate) async fn put_without(&self, offer: &Offer, bytes: &[u8], without: &str) -> Response {
        let Offer::Put { url, headers, .. } = offer else {
            panic!("{offer:?}");
        };
        let mut put = self.client.put(url).body(bytes.to_vec());
        for (name, value) in headers {
            if name != without && name != "content-length" {
                put = put.header(name, value);
            }
        }
        put.send().await.unwrap()
    }

    /// Brings a photo up, and says its key.
    pub(crate) async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let offer = self.offer(name, bytes).await;
        let put = self.put(&offer, bytes).await;
        assert!(put.status().is_success(), "{}", put.text().await.unwrap());
        match offer {
            Offer::Put { key, .. } | Offer::Duplicate { key, .. } => key,
        }
    }

    pub(crate) async fn gallery(&self) -> Vec<Entry> {
        let answer = self.get("/gallery").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }
}

pub(crate) async fn code(answer: Response) -> String {
    answer.json::<Refused>().await.unwrap().code
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(sha2::Sha256::digest(bytes))
}

/// A small photo, taken in May 2024.
pub(crate) fn photo(seed: u64) -> Vec<u8> {
    samples::jpeg(&JpegOptions {
        seed,
        exif: Exif {
            taken_at: Some("2024-05-04T12:30:00".parse().unwrap()),
            ..Exif::default()
        },
        ..JpegOptions::default()
    })
}
