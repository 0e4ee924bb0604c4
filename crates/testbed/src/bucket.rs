//! An independent look into a bucket: what is really there, by another client than the one tested.

use crate::server::Endpoint;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, RequestChecksumCalculation};
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Event, NotificationConfiguration, Object, QueueConfiguration};
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// A bucket of a server, with full rights. Every method panics when the server fails.
#[derive(Debug, Clone)]
pub struct Bucket {
    pub name: String,
    pub endpoint: Endpoint,
    client: Client,
}

/// What stands beside an object's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub size: u64,
    pub content_type: Option<String>,
    pub content_encoding: Option<String>,
    /// User metadata, names without `x-amz-meta-`.
    pub metadata: HashMap<String, String>,
}

impl Bucket {
    /// Every object, with its size, in the order of their keys.
    pub async fn list(&self) -> Vec<(String, u64)> {
        let sized = |object: &Object| {
            let size = object.size().expect("an object has a size");
            (key_of(object), size.try_into().expect("a size"))
        };
        let mut objects: Vec<_> = self.objects().await.iter().map(sized).collect();
        objects.sort();
        objects
    }

    /// Every object by its key, with what changes when it is written again.
    pub async fn stamps(&self) -> BTreeMap<String, String> {
        let stamp = |object: &Object| format!("{:?} {:?}", object.e_tag(), object.last_modified());
        let objects = self.objects().await;
        let stamped = objects.iter().map(|object| (key_of(object), stamp(object)));
        stamped.collect()
    }

    async fn objects(&self) -> Vec<Object> {
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(&self.name)
            .into_paginator()
            .send();
        let mut objects = Vec::new();
        while let Some(page) = pages.next().await {
            let page =
                page.unwrap_or_else(|error| panic!("cannot list: {}", DisplayErrorContext(error)));
            objects.extend(page.contents.unwrap_or_default());
        }
        objects
    }

    /// Every object but those under `.imgn/`.
    pub async fn list_originals(&self) -> Vec<(String, u64)> {
        let mut objects = self.list().await;
        objects.retain(|(key, _)| !key.contains(".imgn/"));
        objects
    }

    pub async fn get(&self, key: &str) -> Vec<u8> {
        self.try_get(key)
            .await
            .unwrap_or_else(|| panic!("there is no {key:?}"))
    }

    pub async fn try_get(&self, key: &str) -> Option<Vec<u8>> {
        match self
            .client
            .get_object()
            .bucket(&self.name)
            .key(key)
            .send()
            .await
        {
            Ok(answer) => {
                let bytes = answer.body.collect().await.expect("the answer is whole");
                Some(bytes.into_bytes().to_vec())
            }
            Err(error)
                if error
                    .raw_response()
                    .is_some_and(|r| r.status().as_u16() == 404) =>
            {
                None
            }
            Err(error) => panic!("cannot get {key:?}: {}", DisplayErrorContext(error)),
        }
    }

    pub async fn head(&self, key: &str) -> Head {
        let answer = self
            .client
            .head_object()
            .bucket(&self.name)
            .key(key)
            .send()
            .await
            .unwrap_or_else(|error| {
                panic!("cannot look at {key:?}: {}", DisplayErrorContext(error))
            });
        Head {
            size: answer
                .content_length()
                .unwrap_or_default()
                .try_into()
                .expect("a size"),
            content_type: answer.content_type().map(str::to_owned),
            content_encoding: answer.content_encoding().map(str::to_owned),
            metadata: answer.metadata().cloned().unwrap_or_default(),
        }
    }

    /// Puts an object as another program may: with what it says of the SHA-256, true or not.
    pub async fn put_saying(&self, key: &str, bytes: impl Into<Vec<u8>>, sha256: &str) {
        self.client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .metadata("sha256", sha256)
            .body(ByteStream::from(bytes.into()))
            .send()
            .await
            .unwrap_or_else(|error| panic!("cannot put {key}: {}", DisplayErrorContext(error)));
    }

    /// Puts an object as a program would that knows nothing of imgn.
    pub async fn put(&self, key: &str, bytes: impl Into<Vec<u8>>) {
        self.client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .body(ByteStream::from(bytes.into()))
            .send()
            .await
            .unwrap_or_else(|error| panic!("cannot put {key:?}: {}", DisplayErrorContext(error)));
    }

    /// Puts an object if the server takes one of this name.
    pub async fn try_put(&self, key: &str, bytes: impl Into<Vec<u8>>) -> bool {
        let body = ByteStream::from(bytes.into());
        let put = self.client.put_object().bucket(&self.name).key(key);
        put.body(body).send().await.is_ok()
    }

    pub async fn delete(&self, key: &str) {
        self.client
            .delete_object()
            .bucket(&self.name)
            .key(key)
            .send()
            .await
            .unwrap_or_else(|error| {
                panic!("cannot delete {key:?}: {}", DisplayErrorContext(error))
            });
    }

    /// The ids of the unfinished uploads under exactly this key.
    pub async fn uploads(&self, key: &str) -> Vec<String> {
        let list = self.client.list_multipart_uploads();
        let page = list
            .bucket(&self.name)
            .prefix(key)
            .send()
            .await
            .unwrap_or_else(|error| panic!("cannot list uploads: {}", DisplayErrorContext(error)));
        let uploads = page.uploads().iter();
        uploads
            .filter(|upload| upload.key() == Some(key))
            .filter_map(|upload| upload.upload_id().map(str::to_owned))
            .collect()
    }

    /// Begins an upload in parts, as another program may; returns its id.
    pub async fn begin_upload(&self, key: &str) -> String {
        let create = self.client.create_multipart_upload();
        let begun = create
            .bucket(&self.name)
            .key(key)
            .send()
            .await
            .unwrap_or_else(|error| {
                panic!("cannot begin an upload: {}", DisplayErrorContext(error))
            });
        begun.upload_id().expect("an upload has an id").to_owned()
    }

    /// Has the server lose an upload.
    pub async fn abort(&self, key: &str, id: &str) {
        let abort = self.client.abort_multipart_upload();
        abort
            .bucket(&self.name)
            .key(key)
            .upload_id(id)
            .send()
            .await
            .unwrap_or_else(|error| panic!("cannot abort: {}", DisplayErrorContext(error)));
    }

    /// Has a [`Minio::start_telling`](crate::Minio::start_telling) tell what is put into this bucket.
    pub async fn tell(&self) {
        let queue = QueueConfiguration::builder()
            .queue_arn("arn:minio:sqs::IMGN:webhook")
            .events(Event::S3ObjectCreated)
            .build()
            .expect("all that it needs was said");
        self.client
            .put_bucket_notification_configuration()
            .bucket(&self.name)
            .notification_configuration(
                NotificationConfiguration::builder()
                    .queue_configurations(queue)
                    .build(),
            )
            .send()
            .await
            .unwrap_or_else(|error| panic!("it will not tell: {}", DisplayErrorContext(error)));
    }

    /// Whom the bucket tells of what is put below which prefixes.
    pub async fn told(&self) -> Vec<(String, Vec<String>)> {
        let said = self
            .client
            .get_bucket_notification_configuration()
            .bucket(&self.name)
            .send()
            .await
            .unwrap_or_else(|error| panic!("it does not say: {}", DisplayErrorContext(error)));
        let queues = said.queue_configurations.unwrap_or_default();
        queues
            .into_iter()
            .map(|queue| {
                let rules = queue.filter.and_then(|filter| filter.key);
                let rules = rules.and_then(|key| key.filter_rules).unwrap_or_default();
                let values = rules.into_iter().filter_map(|rule| rule.value);
                (queue.queue_arn, values.collect())
            })
            .collect()
    }

    /// Deletes every object, then the bucket.
    pub async fn destroy(self) {
        for (key, _) in self.list().await {
            self.delete(&key).await;
        }
        self.client
            .delete_bucket()
            .bucket(&self.name)
            .send()
            .await
            .unwrap_or_else(|error| {
                panic!("cannot delete the bucket: {}", DisplayErrorContext(error))
            });
    }
}

pub(crate) async fn create(endpoint: &Endpoint) -> Bucket {
    let client = client(endpoint);
    let name = format!("imgn-{}", uuid::Uuid::new_v4());
    client
        .create_bucket()
        .bucket(&name)
        .send()
        .await
        .unwrap_or_else(|error| panic!("cannot create a bucket: {}", DisplayErrorContext(error)));
    Bucket {
        name,
        endpoint: endpoint.clone(),
        client,
    }
}

/// Some servers open their port before they can serve.
pub(crate) async fn wait_until_ready(endpoint: &Endpoint, patience: Duration) {
    let client = client(endpoint);
    let since = Instant::now();
    loop {
        let name = format!("ready-{}", uuid::Uuid::new_v4());
        let tried = async {
            client
                .create_bucket()
                .bucket(&name)
                .send()
                .await
                .map_err(|e| DisplayErrorContext(e).to_string())?;
            let put = client
                .put_object()
                .bucket(&name)
                .key("x")
                .body(ByteStream::from_static(b"x"));
            put.send()
                .await
                .map_err(|e| DisplayErrorContext(e).to_string())?;
            let delete = client.delete_object().bucket(&name).key("x");
            delete
                .send()
                .await
                .map_err(|e| DisplayErrorContext(e).to_string())?;
            client
                .delete_bucket()
                .bucket(&name)
                .send()
                .await
                .map_err(|e| DisplayErrorContext(e).to_string())
        };
        match tried.await {
            Ok(_) => return,
            Err(error) => assert!(since.elapsed() < patience, "it does not serve: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn client(endpoint: &Endpoint) -> Client {
    let keys = Credentials::new(
        &endpoint.access_key_id,
        &endpoint.secret_access_key,
        None,
        None,
        "testbed",
    );
    let mut trusted = TrustStore::empty();
    if let Some(ca) = &endpoint.ca_file {
        trusted.add_pem_certificate(std::fs::read(ca).expect("the authority's file can be read"));
    }
    let tls = TlsContext::builder()
        .with_trust_store(trusted)
        .build()
        .expect("TLS can be set up");
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(tls)
        .build_https();
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .region(Region::new(
            endpoint
                .region
                .clone()
                .unwrap_or_else(|| "us-east-1".to_owned()),
        ))
        .endpoint_url(&endpoint.url)
        .credentials_provider(keys)
        .force_path_style(true)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .build();
    Client::from_conf(config)
}

fn key_of(object: &Object) -> String {
    object.key().expect("an object has a key").to_owned()
}
