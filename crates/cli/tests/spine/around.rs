//! Keys that are around: where Amazon's own tools find them; and that none of them shows anywhere.

mod cloud;

use crate::home::{Home, Run, assert_exactly_once, jpeg};
use cloud::{Service, given, path};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use testbed::{Bucket, Minio};
use tokio::net::TcpListener;

/// Never part of anything but a secret.
const CANARY: &str = "canary-9d41c7";

/// A profile that a person signs on for.
const SIGN_ON: &str = "[profile family]\nsso_session = us\nsso_account_id = 123456789012\n\
                       sso_role_name = photos\n\n[sso-session us]\nsso_region = eu-central-1\n\
                       sso_start_url = https://example.awsapps.com/start\n";

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
    let cloud = Service::machine(&bucket).await;
    let mut home = Home::new();
    home.watch_pictures();
    home.set_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", &cloud.url);
    home.set_variable("AWS_EC2_METADATA_DISABLED", "false");
    let run = add(&home, &bucket, "home", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    backs_up(&home, &bucket).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_a_profile_takes_on_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let taken_on = format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>\
         <AssumedRoleUser><AssumedRoleId>AROA:imgn</AssumedRoleId>\
         <Arn>arn:aws:sts::123456789012:assumed-role/photos/imgn</Arn></AssumedRoleUser>\
         <Credentials><AccessKeyId>{}</AccessKeyId><SecretAccessKey>{}</SecretAccessKey>\
         <SessionToken></SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration></Credentials>\
         </AssumeRoleResult></AssumeRoleResponse>",
        bucket.endpoint.access_key_id, bucket.endpoint.secret_access_key,
    );
    let tokens = Service::start(move |head| match head.contains("credential=akiabase/") {
        true => (200, taken_on.clone()),
        false => (403, String::new()),
    })
    .await;
    let mut home = Home::new();
    home.watch_pictures();
    let base =
        "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = no key of the store\n";
    aws_file(&home, "credentials", base);
    let role = "[profile family]\nrole_arn = arn:aws:iam::123456789012:role/photos\n\
                source_profile = base\nregion = us-east-1\n";
    aws_file(&home, "config", role);
    home.set_variable("AWS_ENDPOINT_URL_STS", &tokens.url);
    let run = add(&home, &bucket, "home", &["--profile", "family"]);
    assert_eq!(run.code, 0, "{run:?}");
    backs_up(&home, &bucket).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_on_that_holds_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let keys = serde_json::json!({"roleCredentials": {
        "accessKeyId": bucket.endpoint.access_key_id,
        "secretAccessKey": bucket.endpoint.secret_access_key,
        "sessionToken": "",
        "expiration": 4_900_000_000_000_i64,
    }})
    .to_string();
    let portal = Service::start(move |head| {
        let signed_on = head.contains("x-amz-sso_bearer_token: the-token");
        let asked = path(head).starts_with("/federation/credentials?");
        if signed_on && asked && head.contains("role_name=photos") {
            (200, keys.clone())
        } else {
            (401, "{}".to_owned())
        }
    })
    .await;
    let mut home = Home::new();
    home.watch_pictures();
    aws_file(&home, "config", SIGN_ON);
    let cache = home.path(".aws/sso/cache");
    fs::create_dir_all(&cache).unwrap();
    let token =
        r#"{"accessToken":"the-token","expiresAt":"2126-01-01T00:00:00Z","region":"eu-central-1"}"#;
    // Its name is the SHA-1 of the session's: https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html
    fs::write(
        cache.join("da2b128800d4e129def769b7ec5decc00517fa8b.json"),
        token,
    )
    .unwrap();
    home.set_variable("AWS_ENDPOINT_URL_SSO", &portal.url);
    let run = add(&home, &bucket, "home", &["--profile", "family"]);
    assert_eq!(run.code, 0, "{run:?}");
    backs_up(&home, &bucket).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_a_container_that_run_out_are_asked_for_again_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(60);
    let keys = given(&bucket, &soon.to_string()).to_string();
    let cloud = Service::start(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        (200, keys.clone())
    })
    .await;
    let mut home = Home::new();
    home.watch_pictures();
    home.set_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI", &cloud.url);
    let run = add(&home, &bucket, "home", &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let before = asked.load(Ordering::Relaxed);
    // They last for a minute more: too short for an upload that begins with them.
    backs_up(&home, &bucket).await;
    let during = asked.load(Ordering::Relaxed) - before;
    assert!(during > 1, "one process asked {during} times");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_refused_in_the_middle_are_asked_for_again_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let right = given(&bucket, "2126-01-01T00:00:00Z");
    let mut withdrawn = right.clone();
    withdrawn["AccessKeyId"] = "WITHDRAWN".into();
    let cloud = Service::start(move |_| {
        // The first that a sync gets were withdrawn before they ran out.
        let keys = match count.fetch_add(1, Ordering::Relaxed) {
            1 => &withdrawn,
            _ => &right,
        };
        (200, keys.to_string())
    })
    .await;
    let mut home = Home::new();
    home.watch_pictures();
    home.set_variable("AWS_CONTAINER_CREDENTIALS_FULL_URI", &cloud.url);
    let run = add(&home, &bucket, "home", &[]);
    assert_eq!((run.code, asked.load(Ordering::Relaxed)), (0, 1), "{run:?}");
    backs_up(&home, &bucket).await;
    assert_eq!(asked.load(Ordering::Relaxed), 3);
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
    aws_file(&home, "config", SIGN_ON);
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
