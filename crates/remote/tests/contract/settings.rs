//! Settings that are wrong, and what is said of them.

use crate::place::{config, keys, s3};
use remote::{Credentials, Error, Folder, Profile, Remote, Retry, S3, S3Config};
use testbed::{Certificates, Endpoint, Minio, SeaweedFs, Server};

/// What *Test connection* says.
async fn probe(config: S3Config, credentials: Credentials) -> Result<(), Error> {
    S3::open(config, credentials, Profile::default())
        .await?
        .probe()
        .await
        .map(drop)
}

/// What it says with these keys where it cannot be used.
async fn refusal(endpoint: &Endpoint, url: &str, bucket: &str) -> Error {
    let probed = probe(config(endpoint, url, bucket, ""), keys(endpoint)).await;
    probed.unwrap_err()
}

fn typed(access_key_id: &str, secret_access_key: &str) -> Credentials {
    Credentials::Typed {
        access_key_id: access_key_id.to_owned(),
        secret_access_key: secret_access_key.to_owned(),
    }
}

async fn wrong_keys_are_told_apart(server: Server) {
    let bucket = server.bucket().await;
    let endpoint = &server.endpoint;
    let config = config(endpoint, &endpoint.url, &bucket.name, "");

    let error = probe(
        config.clone(),
        typed(&endpoint.access_key_id, "not the secret"),
    )
    .await
    .unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert!(
        error.to_string().contains("secret key does not belong"),
        "{error}"
    );
    assert!(!error.to_string().contains("not the secret"), "{error}");

    let error = probe(config.clone(), typed("nobody", &endpoint.secret_access_key))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert!(error.to_string().contains("key id is not known"), "{error}");
    assert_eq!(error.retry(), Retry::WhenSettingsChange);

    let error = probe(config.clone(), typed("", "")).await.unwrap_err();
    assert!(matches!(error, Error::NoCredentials { .. }), "{error:?}");

    // A HEAD has no body to say why in; it is found out all the same.
    let claimed = s3(endpoint, &endpoint.url, &bucket.name, "").await;
    let (marker, _) = claimed.claim().await.unwrap();
    let wrong = S3::open(
        config,
        typed(&endpoint.access_key_id, "wrong"),
        Profile::default(),
    )
    .await
    .unwrap();
    let error = wrong.check(&marker).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
}

async fn a_missing_bucket_is_named_and_can_be_created(server: Server) {
    let endpoint = &server.endpoint;
    let name = format!("imgn-new-{}", uuid::Uuid::new_v4());
    let remote = s3(endpoint, &endpoint.url, &name, "p").await;
    let error = remote.probe().await.unwrap_err();
    assert!(
        matches!(&error, Error::NoBucket { bucket, .. } if *bucket == name),
        "{error:?}"
    );
    let error = remote.claim().await.unwrap_err();
    assert!(matches!(error, Error::NoBucket { .. }), "{error:?}");

    remote.create_bucket().await.unwrap();
    remote.create_bucket().await.unwrap();
    remote.probe().await.unwrap();
    remote.claim().await.unwrap();
}

/// A bucket that goes away later is not taken for an empty one.
async fn a_bucket_that_went_away_is_named(server: Server) {
    let endpoint = &server.endpoint;
    let bucket = server.bucket().await;
    let remote = s3(endpoint, &endpoint.url, &bucket.name, "").await;
    let (marker, _) = remote.claim().await.unwrap();
    bucket.destroy().await;
    let key = remote::Key::parse("a.jpg").unwrap();
    assert!(matches!(
        remote.head(&key).await,
        Err(Error::NoBucket { .. })
    ));
    assert!(matches!(
        remote.verify(&key, 1, &[0; 32]).await,
        Err(Error::NoBucket { .. })
    ));
    assert!(matches!(
        remote.get(&key, 1).await,
        Err(Error::NoBucket { .. })
    ));
    assert!(matches!(
        remote.list(None).await,
        Err(Error::NoBucket { .. })
    ));
    assert!(matches!(
        remote.check(&marker).await,
        Err(Error::NoBucket { .. })
    ));
}

async fn an_untrusted_certificate_is_refused(server: Server) {
    let endpoint = Endpoint {
        ca_file: None,
        ..server.endpoint.clone()
    };
    let bucket = server.bucket().await;
    let error = refusal(&endpoint, &endpoint.url, &bucket.name).await;
    assert!(matches!(error, Error::Certificate { .. }), "{error:?}");
    assert_eq!(error.retry(), Retry::WhenSettingsChange);

    let folder = tempfile::tempdir().unwrap();
    let stranger = Certificates::make(folder.path());
    let endpoint = Endpoint {
        ca_file: Some(stranger.ca),
        ..endpoint
    };
    let error = refusal(&endpoint, &endpoint.url, &bucket.name).await;
    assert!(matches!(error, Error::Certificate { .. }), "{error:?}");
}

mod minio {
    use super::*;

    #[tokio::test]
    async fn wrong_keys_are_told_apart() {
        super::wrong_keys_are_told_apart(Minio::shared().await).await;
    }

    #[tokio::test]
    async fn a_missing_bucket_is_named_and_can_be_created() {
        super::a_missing_bucket_is_named_and_can_be_created(Minio::shared().await).await;
    }

    #[tokio::test]
    async fn a_bucket_that_went_away_is_named() {
        super::a_bucket_that_went_away_is_named(Minio::shared().await).await;
    }

    #[tokio::test]
    async fn an_untrusted_certificate_is_refused() {
        super::an_untrusted_certificate_is_refused(Minio::shared_tls().await).await;
    }

    #[tokio::test]
    async fn http_and_https_are_not_taken_for_each_other() {
        let (plain, tls) = (Minio::shared().await, Minio::shared_tls().await);
        let address = plain.endpoint.url.replace("http://", "https://");
        let error = refusal(&plain.endpoint, &address, "photos").await;
        assert!(error.to_string().contains("does not speak TLS"), "{error}");
        let address = tls.endpoint.url.replace("https://", "http://");
        let error = refusal(&tls.endpoint, &address, "photos").await;
        assert!(
            error.to_string().to_lowercase().contains("https"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_wrong_region_is_named_with_the_right_one() {
        let server = Minio::start_in("eu-west-7").await;
        let bucket = server.bucket().await;
        let mut config = config(&server.endpoint, &server.endpoint.url, &bucket.name, "");
        config.region = Some("us-east-1".to_owned());
        let error = probe(config.clone(), keys(&server.endpoint))
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::WrongRegion { expected, .. } if expected == "eu-west-7"),
            "{error:?}"
        );
        assert_eq!(error.retry(), Retry::WhenSettingsChange);
        config.region = Some("eu-west-7".to_owned());
        probe(config, keys(&server.endpoint)).await.unwrap();
    }

    #[tokio::test]
    async fn a_stopped_server_is_unreachable_and_found_again() {
        let mut server = Minio::start().await;
        let bucket = server.bucket().await;
        let remote = s3(&server.endpoint, &server.endpoint.url, &bucket.name, "").await;
        let (marker, _) = remote.claim().await.unwrap();
        server.stop();
        let error = remote.check(&marker).await.unwrap_err();
        assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
        assert_eq!(error.retry(), Retry::AfterBackoff { at_least: None });
        server.start_again().await;
        remote.check(&marker).await.unwrap();
    }
}

mod seaweedfs {
    use super::*;

    #[tokio::test]
    async fn a_key_that_may_only_read_is_told_what_it_may_not() {
        let server = SeaweedFs::start().await;
        let bucket = server.bucket().await;
        let reader = server.reader();
        let remote = s3(&reader, &reader.url, &bucket.name, "").await;
        for error in [
            remote.probe().await.unwrap_err(),
            remote.claim().await.unwrap_err(),
        ] {
            assert!(
                matches!(&error, Error::Forbidden { action, .. } if action == "write"),
                "{error:?}"
            );
            assert_eq!(error.retry(), Retry::WhenSettingsChange);
        }
        assert_eq!(bucket.list().await, []);

        let owner = s3(&server.endpoint, &reader.url, &bucket.name, "").await;
        let (marker, _) = owner.claim().await.unwrap();
        remote.check(&marker).await.unwrap();
        assert_eq!(remote.list(None).await.unwrap().objects, []);
        let error = s3(&reader, &reader.url, "imgn-not-mine", "")
            .await
            .create_bucket()
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::Forbidden { action, .. } if action == "create a bucket"),
            "{error:?}"
        );
    }

    #[tokio::test]
    async fn wrong_keys_are_told_apart() {
        super::wrong_keys_are_told_apart(SeaweedFs::shared().await).await;
    }

    #[tokio::test]
    async fn a_missing_bucket_is_named_and_can_be_created() {
        super::a_missing_bucket_is_named_and_can_be_created(SeaweedFs::shared().await).await;
    }

    #[tokio::test]
    async fn a_bucket_that_went_away_is_named() {
        super::a_bucket_that_went_away_is_named(SeaweedFs::shared().await).await;
    }

    #[tokio::test]
    async fn an_untrusted_certificate_is_refused() {
        super::an_untrusted_certificate_is_refused(SeaweedFs::shared_tls().await).await;
    }
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_unreachable() {
    let endpoint = Endpoint {
        url: "http://127.0.0.1:1".to_owned(),
        access_key_id: "key".to_owned(),
        secret_access_key: "a secret".to_owned(),
        ca_file: None,
        region: None,
    };
    let error = refusal(&endpoint, &endpoint.url, "photos").await;
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert!(
        error.to_string().to_lowercase().contains("refused"),
        "{error}"
    );

    let error = probe(
        config(&endpoint, "http://no-such-host.invalid", "photos", ""),
        keys(&endpoint),
    )
    .await;
    assert!(matches!(error, Err(Error::Unreachable { .. })), "{error:?}");
}

#[tokio::test]
async fn settings_that_make_no_sense_are_said_so() {
    let good = S3Config {
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        bucket: "photos".to_owned(),
        prefix: String::new(),
        region: None,
        path_style: None,
        ca_file: None,
        profile: None,
    };
    let endpoint = |text: &str| S3Config {
        endpoint: Some(text.to_owned()),
        ..good.clone()
    };
    let prefix = |text: &str| S3Config {
        prefix: text.to_owned(),
        ..good.clone()
    };
    let bucket = |text: &str| S3Config {
        bucket: text.to_owned(),
        ..good.clone()
    };
    let folder = tempfile::tempdir().unwrap();
    let not_pem = folder.path().join("ca.pem");
    std::fs::write(&not_pem, "hello").unwrap();
    let broken_pem = folder.path().join("broken.pem");
    std::fs::write(
        &broken_pem,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let ca = |path: &std::path::Path| S3Config {
        ca_file: Some(path.to_owned()),
        ..good.clone()
    };

    let cases = [
        (endpoint("s3.example.org"), "must begin with https://"),
        (endpoint("ftp://example.org"), "must begin with https://"),
        (endpoint("not an address"), "is not an address"),
        (
            endpoint("https://key:secret@example.org"),
            "keys are given apart",
        ),
        (
            endpoint("https://example.org/photos"),
            "the bucket and the prefix are given apart",
        ),
        (prefix("a//b"), "empty segment"),
        (prefix("../up"), "segment . or .."),
        (prefix(".imgn/x"), "holds no originals"),
        (bucket(""), "cannot be the name of a bucket"),
        (bucket("photos/mine"), "goes into the prefix"),
        (
            ca(&folder.path().join("missing.pem")),
            "missing.pem cannot be used",
        ),
        (ca(&not_pem), "holds no certificate"),
        (ca(&broken_pem), "broken.pem cannot be used"),
        (
            S3Config {
                profile: Some("no such profile".to_owned()),
                ..good.clone()
            },
            "\"no such profile\" gives no keys",
        ),
    ];
    for (config, expected) in cases {
        let credentials = if config.profile.is_some() {
            Credentials::Environment
        } else {
            typed("key", "hush, secret")
        };
        let error = S3::open(config.clone(), credentials, Profile::default())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Settings(_)), "{config:?}: {error:?}");
        assert!(error.to_string().contains(expected), "{config:?}: {error}");
        assert!(!error.to_string().contains("secret@"), "{error}");
    }
    S3::open(
        endpoint("http://127.0.0.1:9/"),
        typed("key", "secret"),
        Profile::default(),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let text = format!("{:?}", typed("my-key", "hush"));
    assert!(text.contains("my-key") && !text.contains("hush"), "{text}");
    let config = S3Config {
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        bucket: "photos".to_owned(),
        prefix: String::new(),
        region: None,
        path_style: None,
        ca_file: None,
        profile: None,
    };
    let remote = S3::open(config, typed("my-key", "hush"), Profile::default())
        .await
        .unwrap();
    assert!(!format!("{remote:?}").contains("hush"));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_not_mounted_until_it_is_created() {
    let parent = tempfile::tempdir().unwrap();
    let folder = Folder::new(parent.path().join("photos"));
    assert!(matches!(
        folder.probe().await,
        Err(Error::NotMounted { .. })
    ));
    assert!(matches!(
        folder.claim().await,
        Err(Error::NotMounted { .. })
    ));
    assert!(!parent.path().join("photos").exists());

    folder.create().await.unwrap();
    folder.create().await.unwrap();
    folder.claim().await.unwrap();
    let deep = Folder::new(parent.path().join("not/there"));
    assert!(matches!(deep.create().await, Err(Error::NotMounted { .. })));
}
