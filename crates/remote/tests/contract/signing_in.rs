//! Keys that Cognito lends to whoever signs in, used at a real store.

use crate::place::config;
use crate::source::{Source, key, quiet};
use remote::{Credentials, Endpoints, Error, Pools, Profile, Remote, Retry, S3};
use testbed::{Bucket, CognitoServer, Endpoint, Minio};

fn person(server: &CognitoServer, user: &str, password: &str) -> Credentials {
    with_pools(
        server,
        user,
        password,
        CognitoServer::IDENTITY_POOL,
        CognitoServer::CLIENT,
    )
}

fn with_pools(
    server: &CognitoServer,
    user: &str,
    password: &str,
    identity_pool: &str,
    client: &str,
) -> Credentials {
    Credentials::Cognito {
        pools: Pools {
            identity_pool: identity_pool.to_owned(),
            user_pool_client: client.to_owned(),
            endpoints: Endpoints {
                user_pools: Some(server.url.clone()),
                identities: Some(server.url.clone()),
            },
        },
        user: user.to_owned(),
        password: password.to_owned(),
    }
}

fn ann(server: &CognitoServer) -> Credentials {
    person(server, CognitoServer::USER, CognitoServer::PASSWORD)
}

async fn open(endpoint: &Endpoint, bucket: &Bucket, keys: Credentials) -> Result<S3, Error> {
    let config = config(endpoint, &endpoint.url, &bucket.name, "");
    S3::open(config, keys, Profile::default()).await
}

#[tokio::test]
async fn everything_is_kept_under_the_identity_of_whoever_signs_in() {
    let minio = Minio::shared().await;
    let bucket = minio.bucket().await;
    let cognito = CognitoServer::start(&minio.endpoint).await;
    let s3 = open(&minio.endpoint, &bucket, ann(&cognito)).await.unwrap();
    assert_eq!(s3.prefix(), CognitoServer::IDENTITY);
    s3.claim().await.unwrap();
    let source = Source::of_size(100_000, 1);
    s3.put(&key("2024/a.jpg"), &source.original(), &quiet)
        .await
        .unwrap();
    let whole = format!("{}/2024/a.jpg", CognitoServer::IDENTITY);
    assert_eq!(bucket.get(&whole).await, source.bytes);
    let asked = cognito.asked();
    assert_eq!(
        asked,
        ["USER_PASSWORD_AUTH", "GetId", "GetCredentialsForIdentity"]
    );
}

#[tokio::test]
async fn keys_that_end_are_lent_again_and_the_password_is_not_sent_again() {
    let minio = Minio::shared().await;
    let bucket = minio.bucket().await;
    let cognito = CognitoServer::start(&minio.endpoint).await;
    // Too short to be used twice.
    cognito.lend_for(30, 3600);
    let s3 = open(&minio.endpoint, &bucket, ann(&cognito)).await.unwrap();
    s3.claim().await.unwrap();
    s3.list(None).await.unwrap();
    let asked = cognito.asked();
    let times = |what: &str| asked.iter().filter(|it| *it == what).count();
    assert!(times("GetCredentialsForIdentity") > 3, "{asked:?}");
    assert_eq!(
        (times("USER_PASSWORD_AUTH"), times("GetId")),
        (1, 1),
        "{asked:?}"
    );

    // Nor by another opening of the same place.
    let again = open(&minio.endpoint, &bucket, ann(&cognito)).await.unwrap();
    again.claim().await.unwrap();
    let asked = cognito.asked();
    let signed_in = asked.iter().filter(|it| *it == "USER_PASSWORD_AUTH");
    assert_eq!(signed_in.count(), 1, "{asked:?}");

    // Tokens are renewed as well, as long as they can be; then the password is sent.
    let cognito = CognitoServer::start(&minio.endpoint).await;
    cognito.lend_for(30, 30);
    let s3 = open(&minio.endpoint, &bucket, ann(&cognito)).await.unwrap();
    let before = cognito.asked().len();
    s3.claim().await.unwrap();
    let asked = cognito.asked().split_off(before);
    assert!(
        asked.contains(&"REFRESH_TOKEN_AUTH".to_owned()),
        "{asked:?}"
    );
    assert!(
        !asked.contains(&"USER_PASSWORD_AUTH".to_owned()),
        "{asked:?}"
    );
    cognito.set_refreshes(false);
    let before = cognito.asked().len();
    s3.list(None).await.unwrap();
    let asked = cognito.asked().split_off(before);
    assert!(
        asked.contains(&"USER_PASSWORD_AUTH".to_owned()),
        "{asked:?}"
    );
}

#[tokio::test]
async fn why_nobody_is_signed_in_is_told_and_no_secret_is() {
    let minio = Minio::shared().await;
    let bucket = minio.bucket().await;
    let server = CognitoServer::start(&minio.endpoint).await;
    let (user, password) = (CognitoServer::USER, CognitoServer::PASSWORD);
    let (pool, client) = (CognitoServer::IDENTITY_POOL, CognitoServer::CLIENT);
    type Case<'a> = (&'a str, Option<&'a str>, [&'a str; 4], &'a str);
    //  name, challenge, who and where, what is said
    let cases: [Case<'_>; 8] = [
        (
            "a wrong password",
            None,
            [user, "canary", pool, client],
            "is not right",
        ),
        (
            "nobody's name",
            None,
            ["canary", password, pool, client],
            "is not right",
        ),
        ("no name", None, ["", password, pool, client], "no keys"),
        (
            "no client",
            None,
            [user, password, pool, "none"],
            "no user pool's client none",
        ),
        (
            "no pool",
            None,
            [user, password, "eu-central-1:none", client],
            "eu-central-1:none",
        ),
        (
            "no pool at all",
            None,
            [user, password, "none", client],
            "is no identity pool",
        ),
        (
            "a new password",
            Some("NEW_PASSWORD_REQUIRED"),
            [user, password, pool, client],
            "new password has to be chosen",
        ),
        (
            "a second factor",
            Some("SOFTWARE_TOKEN_MFA"),
            [user, password, pool, client],
            "second factor (SOFTWARE_TOKEN_MFA)",
        ),
    ];
    for (name, challenge, [user, password, pool, client], expected) in cases {
        server.challenge(challenge);
        let keys = with_pools(&server, user, password, pool, client);
        assert!(!format!("{keys:?}").contains("canary"), "{keys:?}");
        let error = open(&minio.endpoint, &bucket, keys).await.unwrap_err();
        let said = error.to_string();
        assert!(said.contains(expected), "{name}: {said}");
        assert!(
            !format!("{said} {error:?}").contains("canary"),
            "{name}: {error:?}"
        );
        assert_eq!(
            error.retry(),
            Retry::WhenSettingsChange,
            "{name}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_password_that_was_changed_stops_it_when_the_keys_end_and_says_so() {
    let minio = Minio::shared().await;
    let bucket = minio.bucket().await;
    let cognito = CognitoServer::start(&minio.endpoint).await;
    cognito.lend_for(0, 0);
    let s3 = open(&minio.endpoint, &bucket, ann(&cognito)).await.unwrap();
    s3.claim().await.unwrap();
    cognito.set_refreshes(false);
    cognito.change_password("another");
    let listed = s3.list(None).await.unwrap_err();
    assert!(matches!(listed, Error::Unauthorized { .. }), "{listed:?}");
    assert!(listed.to_string().contains("password"), "{listed}");
}

#[tokio::test]
async fn one_that_does_not_answer_is_unreachable() {
    let minio = Minio::shared().await;
    let bucket = minio.bucket().await;
    let cognito = CognitoServer::start(&minio.endpoint).await;
    let keys = ann(&cognito);
    drop(cognito);
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let error = open(&minio.endpoint, &bucket, keys).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
}
