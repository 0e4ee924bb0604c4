//! The small services by which a cloud hands keys out, on loopback.

use serde_json::Value;
use testbed::Bucket;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// As the services of a cloud write keys down.
pub(super) fn given(bucket: &Bucket, expiration: &str) -> Value {
    serde_json::json!({
        "Code": "Success",
        "Type": "AWS-HMAC",
        "LastUpdated": "2026-01-01T00:00:00Z",
        "Expiration": expiration,
        "AccessKeyId": bucket.endpoint.access_key_id,
        "SecretAccessKey": bucket.endpoint.secret_access_key,
        "Token": "",
    })
}

/// One of the small services that a cloud hands keys out by, on loopback: answers the head of each
/// request with a status and a body.
pub(super) struct Service {
    pub(super) url: String,
    task: JoinHandle<()>,
}

impl Service {
    pub(super) async fn start(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = client.read_u8().await else {
                        break;
                    };
                    head.push(byte);
                }
                let (status, body) = answer(&String::from_utf8_lossy(&head).to_lowercase());
                let answer = format!(
                    "HTTP/1.1 {status} Answer\r\nContent-Length: {}\r\nConnection: close\r\n\
                     x-aws-ec2-metadata-token-ttl-seconds: 21600\r\n\r\n{body}",
                    body.len()
                );
                // A client that went away needs none.
                let _ = client.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, task }
    }

    /// What a machine in Amazon's cloud asks (IMDSv2): a token by PUT, then the role's name and keys
    /// with it.
    pub(super) async fn machine(bucket: &Bucket) -> Self {
        let keys = given(bucket, "2126-01-01T00:00:00Z").to_string();
        Self::start(move |head| {
            let has_token = head.contains("x-aws-ec2-metadata-token: the-token");
            match path(head) {
                "/latest/api/token" if head.starts_with("put") => (200, "the-token".to_owned()),
                _ if !has_token => (401, String::new()),
                path if path.ends_with("/security-credentials/") => (200, "photos".to_owned()),
                path if path.ends_with("/security-credentials/photos") => (200, keys.clone()),
                _ => (404, String::new()),
            }
        })
        .await
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a request asks for.
pub(super) fn path(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}
