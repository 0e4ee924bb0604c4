//! Keys that are around: where Amazon's own tools find them; and that none of them shows anywhere.

use crate::home::{Home, Run, assert_exactly_once, jpeg};
use std::fs;
use std::path::Path;
use testbed::{Bucket, Minio};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Never part of anything but a secret.
const CANARY: &str = "canary-9d41c7";

fn add(home: &Home, bucket: &Bucket, name: &str, more: &[&str]) -> Run {
    let words = [
        "destination",
        "add",
        "s3",
        "--name",
        name,
        "--endpoint",
        &bucket.endpoint.url,
        "--bucket",
        &bucket.name,
    ];
    home.run(&[&words[..], more].concat())
}

/// Writes a file of Amazon's tools into this home.
fn aws_file(home: &Home, name: &str, text: &str) {
    fs::create_dir_all(home.path(".aws")).unwrap();
    fs::write(home.path(".aws").join(name), text).unwrap();
}

async fn backs_up(home: &Home, bucket: &Bucket) {
    let photo = jpeg(1);
    home.put("a.jpg", &photo);
    home.ok(&["sync", "--once"]);
    assert_exactly_once(bucket, [&photo]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_with_keys_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::new();
    home.watch_pictures();
    let (id, secret) = (
        &bucket.endpoint.access_key_id,
        &bucket.endpoint.secret_access_key,
    );
    let text = format!("[family]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    aws_file(&home, "credentials", &text);
    let run = add(&home, &bucket, "home", &["--profile", "family"]);
    assert_eq!(run.code, 0, "{run:?}");
    backs_up(&home, &bucket).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_a_profile_names_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::new();
    home.watch_pictures();
    let answer = serde_json::json!({
        "Version": 1,
        "AccessKeyId": bucket.endpoint.access_key_id,
        "SecretAccessKey": bucket.endpoint.secret_access_key,
    });
    fs::write(home.path("answer.json"), answer.to_string()).unwrap();
    let answer = home.path("answer.json");
    let text = format!(
        "[profile family]\ncredential_process = cat {}\n",
        answer.display()
    );
    aws_file(&home, "config", &text);
    let run = add(&home, &bucket, "home", &["--profile", "family"]);
    assert_eq!(run.code, 0, "{run:?}");
    backs_up(&home, &bucket).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_machine_itself_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let cloud = Cloud::start(&bucket).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.set_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", &cloud.url);
    home.set_variable("AWS_EC2_METADATA_DISABLED", "false");
    let run = add(&home, &bucket, "home", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    backs_up(&home, &bucket).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_it_is_said_and_nothing_hangs_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let mut home = Home::new();
    // Takes connections and never answers, as some networks do.
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    home.set_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", &address);
    home.set_variable("AWS_EC2_METADATA_DISABLED", "false");
    let run = add(&home, &bucket, "home", &[]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.stderr.contains("AWS_ACCESS_KEY_ID"), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_on_that_ended_names_the_command_that_renews_it_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let home = Home::new();
    let text = "[profile family]\nsso_session = us\nsso_account_id = 123456789012\n\
                sso_role_name = photos\n\n[sso-session us]\nsso_region = eu-central-1\n\
                sso_start_url = https://example.awsapps.com/start\n";
    aws_file(&home, "config", text);
    let run = add(&home, &bucket, "home", &["--profile", "family"]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.stderr.contains("aws sso login --profile family"),
        "{run:?}"
    );
}

/// Secrets of every origin, refused by the store, at the most talkative.
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_shows_anywhere_at_log_level_trace_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let (secret, token) = (format!("{CANARY}-secret"), format!("{CANARY}-token"));
    for origin in ["environment", "profile", "program"] {
        let mut home = Home::with_bucket(&bucket);
        home.put("a.jpg", &jpeg(1));
        home.set_variable("IMGN_LOG", "trace");
        let mut more: &[&str] = &[];
        match origin {
            "environment" => {
                home.set_keys("somebody", &secret);
                home.set_variable("AWS_SESSION_TOKEN", &token);
            }
            "profile" => {
                let text = format!(
                    "[family]\naws_access_key_id = somebody\naws_secret_access_key = {secret}\n\
                     aws_session_token = {token}\n"
                );
                aws_file(&home, "credentials", &text);
                more = &["--profile", "family"];
            }
            _ => {
                let answer = format!(
                    "{{\"Version\":1,\"AccessKeyId\":\"somebody\",\"SecretAccessKey\":\"{secret}\",\
                     \"SessionToken\":\"{token}\"}}"
                );
                fs::write(home.path(".answer"), answer).unwrap();
                let answer = home.path(".answer");
                let text = format!(
                    "[profile family]\ncredential_process = cat {}\n",
                    answer.display()
                );
                aws_file(&home, "config", &text);
                more = &["--profile", "family"];
            }
        }
        let runs = [
            add(&home, &bucket, "other", more),
            home.run(&["sync", "--once"]),
            home.run(&["status"]),
        ];
        assert!(
            runs.iter().any(|run| run.stderr.contains("TRACE")),
            "{origin}: it says all that it can"
        );
        for run in &runs {
            assert!(!run.stdout.contains(CANARY), "{origin}: {}", run.stdout);
            let line = run.stderr.lines().find(|line| line.contains(CANARY));
            assert_eq!(line, None, "{origin}");
        }
        assert_is_nowhere(&home.path("library"), origin);
    }
}

/// No file below `folder` holds a secret.
fn assert_is_nowhere(folder: &Path, origin: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_is_nowhere(&path, origin);
        } else {
            let bytes = fs::read(&path).unwrap();
            let found = bytes
                .windows(CANARY.len())
                .any(|window| window == CANARY.as_bytes());
            assert!(!found, "{origin}: {}", path.display());
        }
    }
}

/// What a machine in Amazon's cloud asks for its keys (IMDSv2): a token by PUT, then the role's name
/// and keys with it.
struct Cloud {
    url: String,
    task: JoinHandle<()>,
}

impl Cloud {
    async fn start(bucket: &Bucket) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let keys = serde_json::json!({
            "Code": "Success",
            "Type": "AWS-HMAC",
            "LastUpdated": "2026-01-01T00:00:00Z",
            "Expiration": "2126-01-01T00:00:00Z",
            "AccessKeyId": bucket.endpoint.access_key_id,
            "SecretAccessKey": bucket.endpoint.secret_access_key,
            "Token": "",
        })
        .to_string();
        let task = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = client.read_u8().await else {
                        break;
                    };
                    head.push(byte);
                }
                let head = String::from_utf8_lossy(&head).to_lowercase();
                let has_token = head.contains("x-aws-ec2-metadata-token: the-token");
                let (status, body) = match head.split(' ').nth(1).unwrap_or_default() {
                    "/latest/api/token" if head.starts_with("put") => (200, "the-token"),
                    _ if !has_token => (401, ""),
                    path if path.ends_with("/security-credentials/") => (200, "photos"),
                    path if path.ends_with("/security-credentials/photos") => (200, keys.as_str()),
                    _ => (404, ""),
                };
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
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.task.abort();
    }
}
