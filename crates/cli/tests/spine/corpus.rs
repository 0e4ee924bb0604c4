//! Hundreds of real photos, hostile ones among them: every one arrives byte for byte.

use crate::home::{Home, originals, sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use testbed::{Bucket, Minio, SeaweedFs};

/// The photos that lie beside a checkout, or where `IMGN_CORPORA` says.
fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let corpora = std::env::var_os("IMGN_CORPORA").map_or(beside, PathBuf::from);
    Some(corpora.join("photos")).filter(|path| path.is_dir())
}

/// One library puts it on all of them, one after the other: what takes long is to read the photos, wherever they go.
#[tokio::test(flavor = "multi_thread")]
async fn every_photo_of_the_corpus_arrives_on_every_server_and_a_second_run_does_nothing() {
    let Some(corpus) = corpus() else {
        println!("not run: there is no corpus of photos beside this checkout");
        return;
    };
    let servers = [
        ("minio", Minio::shared().await),
        ("minio-tls", Minio::shared_tls().await),
        ("seaweedfs", SeaweedFs::shared().await),
        ("seaweedfs-tls", SeaweedFs::shared_tls().await),
    ];
    let home = Home::new();
    home.ok(&["folder", "add", corpus.to_str().unwrap()]);
    let expected = manifest(&corpus);
    for (name, server) in &servers {
        let bucket = server.bucket().await;
        add(&home, name, &bucket);
        let report = home.json(&["sync", "--once"]);
        assert_eq!(report["photos"], report["backed_up"], "{name}: {report}");

        let there = originals(&bucket).await;
        let found: BTreeSet<String> = there.keys().cloned().collect();
        let lost: Vec<_> = expected.difference(&found).collect();
        assert!(lost.is_empty(), "not on {name}: {lost:?}");
        assert!(there.values().all(|keys| keys.len() == 1), "{name}");

        let again = home.json(&["sync", "--once"]);
        assert_eq!(again["confirmed_now"], 0, "{name}: {again}");
    }
}

/// With the keys of a profile of its own.
fn add(home: &Home, name: &str, bucket: &Bucket) {
    let endpoint = &bucket.endpoint;
    let (id, secret) = (&endpoint.access_key_id, &endpoint.secret_access_key);
    std::fs::create_dir_all(home.path(".aws")).unwrap();
    let mut credentials = File::options()
        .create(true)
        .append(true)
        .open(home.path(".aws/credentials"))
        .unwrap();
    writeln!(
        credentials,
        "[{name}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}"
    )
    .unwrap();
    let mut words = vec![
        "destination",
        "add",
        "s3",
        "--name",
        name,
        "--profile",
        name,
    ];
    words.extend(["--endpoint", &endpoint.url, "--bucket", &bucket.name]);
    if let Some(ca) = &endpoint.ca_file {
        words.extend(["--ca-file", ca.to_str().unwrap()]);
    }
    home.ok(&words);
}

/// The SHA-256s of the photos, as the corpus' own manifest has them; videos, text and empty files aside.
fn manifest(corpus: &Path) -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    let no_photo = ["MOV", "MP4", "TXT", "XMP", "QOI", "JSON"];
    manifest
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|columns| columns[2] != "0" && !no_photo.contains(&columns[3]))
        .filter(|columns| {
            let extension = columns[0]
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .to_uppercase();
            !no_photo.contains(&extension.as_str())
        })
        .map(|columns| {
            let bytes = std::fs::read(corpus.join(columns[0])).unwrap();
            assert_eq!(sha256(&bytes), columns[1], "{}", columns[0]);
            columns[1].to_owned()
        })
        .collect()
}
