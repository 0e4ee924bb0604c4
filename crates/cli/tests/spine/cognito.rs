//! Keys lent by Cognito to whoever signs in: by the real program, at a real store.

use crate::home::{Home, Run, jpeg};
use crate::keyring::{Session, assert_is_nowhere, run_with_keys};
use testbed::{Bucket, CognitoServer, Minio};

/// A home whose program finds the stand-in.
fn home(cognito: &CognitoServer) -> Home {
    let mut home = Home::new();
    home.watch_pictures();
    for service in ["COGNITO_IDENTITY_PROVIDER", "COGNITO_IDENTITY"] {
        home.set_variable(&format!("AWS_ENDPOINT_URL_{service}"), &cognito.url);
    }
    home
}

fn add(bucket: &Bucket) -> Vec<&str> {
    let url = bucket.endpoint.url.as_str();
    let mut words = vec![
        "destination",
        "add",
        "s3",
        "--name",
        "aws",
        "--endpoint",
        url,
    ];
    words.extend(["--bucket", &bucket.name]);
    words.extend(["--cognito-identity-pool", CognitoServer::IDENTITY_POOL]);
    words.extend(["--cognito-user-pool-client", CognitoServer::CLIENT]);
    words
}

fn assert_says_no_secret(run: &Run) {
    let said = format!("{}{}", run.stdout, run.stderr);
    assert!(!said.contains(CognitoServer::PASSWORD), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_keeps_photos_under_an_identity_of_their_own_which_is_shown() {
    let minio = Minio::shared().await;
    let bucket = minio.bucket().await;
    let cognito = CognitoServer::start(&minio.endpoint).await;
    let mut home = home(&cognito);
    home.set_variable("IMGN_USER", CognitoServer::USER);
    home.set_variable("IMGN_PASSWORD", CognitoServer::PASSWORD);
    let added = home.ok(&add(&bucket));
    assert!(added.stdout.contains(CognitoServer::IDENTITY), "{added:?}");
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    let originals = bucket.list_originals().await;
    assert!(!originals.is_empty());
    for (key, _) in originals {
        assert!(
            key.starts_with(&format!("{}/", CognitoServer::IDENTITY)),
            "{key}"
        );
    }
    let list = home.json(&["destination", "list"]);
    assert_eq!(
        list[0]["config"]["prefix"],
        CognitoServer::IDENTITY,
        "{list}"
    );
    assert_eq!(
        list[0]["config"]["cognito"]["user_pool_client"],
        CognitoServer::CLIENT
    );
    let exported = home.path("settings-of-ann.toml");
    home.ok(&["settings", "export", exported.to_str().unwrap()]);
    assert_is_nowhere(CognitoServer::PASSWORD, &home.path(""));
    // Taking it in reaches nobody.
    let asked = cognito.asked().len();
    let other = self::home(&cognito);
    other.ok(&["settings", "import", exported.to_str().unwrap()]);
    assert_eq!(cognito.asked().len(), asked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn name_and_password_are_kept_in_the_keyring_alone() {
    let minio = Minio::shared().await;
    let bucket = minio.bucket().await;
    let cognito = CognitoServer::start(&minio.endpoint).await;
    let mut home = home(&cognito);
    let session = Session::start(&home.path(""));
    home.set_variable("DBUS_SESSION_BUS_ADDRESS", session.address());
    let words = [&add(&bucket)[..], &["--key-fd", "0"]].concat();
    let run = run_with_keys(&home, &words, CognitoServer::USER, CognitoServer::PASSWORD);
    assert_eq!(run.code, 0, "{run:?}");
    home.put("a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    assert_eq!(home.json(&["status"])["safe"], 1);
    assert_is_nowhere(CognitoServer::PASSWORD, &home.path("library"));

    // Another password at the pool: it is asked for, and given.
    cognito.change_password("another one");
    home.put("b.jpg", &jpeg(2));
    let refused = home.run(&["sync", "--once"]);
    assert_eq!(refused.code, 4, "{refused:?}");
    assert_says_no_secret(&refused);
    let again = ["destination", "set-keys", "aws"];
    let run = run_with_keys(&home, &again, CognitoServer::USER, "another one");
    assert_eq!(run.code, 0, "{run:?}");
    home.ok(&["sync", "--once"]);
    assert_eq!(home.json(&["status"])["safe"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_or_a_second_factor_that_is_wanted_is_said() {
    let minio = Minio::shared().await;
    let bucket = minio.bucket().await;
    let cognito = CognitoServer::start(&minio.endpoint).await;
    let home = home(&cognito);
    //  what is wanted, what is said
    let cases = [
        ("NEW_PASSWORD_REQUIRED", "new password has to be chosen"),
        ("SMS_MFA", "second factor"),
    ];
    for (challenge, expected) in cases {
        cognito.challenge(Some(challenge));
        let words = add(&bucket);
        let run = run_with_keys(&home, &words, CognitoServer::USER, CognitoServer::PASSWORD);
        assert_eq!(run.code, 4, "{run:?}");
        assert!(run.stderr.contains(expected), "{run:?}");
        assert_says_no_secret(&run);
    }
    let nobody = run_with_keys(&home, &add(&bucket), "", "");
    assert_eq!(nobody.code, 2, "{nobody:?}");
    assert!(
        nobody.stderr.contains("user name and the password"),
        "{nobody:?}"
    );
    let half = [&add(&bucket)[..9], &["--cognito-identity-pool", "x:y"]].concat();
    assert_eq!(home.run(&half).code, 2);
}
