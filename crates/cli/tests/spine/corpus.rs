//! Hundreds of real photos, hostile ones among them: every one arrives byte for byte.

use crate::home::{Home, originals, sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use testbed::Server;

on_every_server! {
    every_photo_of_the_corpus_arrives_and_a_second_run_does_nothing
}

/// The photos that lie beside a checkout, or where `IMGN_CORPORA` says.
fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let corpora = std::env::var_os("IMGN_CORPORA").map_or(beside, PathBuf::from);
    Some(corpora.join("photos")).filter(|path| path.is_dir())
}

async fn every_photo_of_the_corpus_arrives_and_a_second_run_does_nothing(server: Server) {
    let Some(corpus) = corpus() else {
        println!("not run: there is no corpus of photos beside this checkout");
        return;
    };
    let bucket = server.bucket().await;
    let mut home = Home::new();
    home.ok(&["folder", "add", corpus.to_str().unwrap()]);
    home.add_bucket(&bucket.endpoint, &bucket.endpoint.url, &bucket.name);
    let report = home.json(&["sync", "--once"]);
    assert_eq!(report["photos"], report["backed_up"], "{report}");

    let there = originals(&bucket).await;
    let expected = manifest(&corpus);
    let found: BTreeSet<String> = there.keys().cloned().collect();
    let lost: Vec<_> = expected.difference(&found).collect();
    assert!(lost.is_empty(), "not in the bucket: {lost:?}");
    assert!(there.values().all(|keys| keys.len() == 1));

    let again = home.json(&["sync", "--once"]);
    assert_eq!(again["confirmed_now"], 0, "{again}");
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
