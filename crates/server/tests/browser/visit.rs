//! What a person does with the gallery in a browser.

use crate::client::{photo, upload};
use crate::page::{ENTER, ESCAPE, LARGE, Page, RIGHT, Theme};
use crate::program::{Program, run};
use samples::{Exif, JpegOptions, Position};
use std::path::Path;
use testbed::Minio;

const TOKEN: (&str, &str) = ("IMGN_TOKEN", "a-token");

fn lake() -> Vec<u8> {
    samples::jpeg(&JpegOptions {
        seed: 77,
        width: 600,
        height: 400,
        exif: Exif {
            taken_at: Some("2019-06-14T14:02:11".parse().unwrap()),
            make: Some("FUJIFILM".into()),
            model: Some("X100V".into()),
            f_number: Some(5.6),
            iso: Some(160),
            gps: Some(Position {
                lat: 47.3769,
                lon: 8.5417,
                alt: 408.0,
            }),
            description: Some("Evening over the lake".into()),
            ..Exif::default()
        },
    })
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    file
}

/// One batch over a folder, sooner than the monolith's own.
fn extract(images: &Path) {
    let output = run(
        &["extract", "--folder", images.to_str().unwrap(), "--once"],
        &[],
    );
    assert!(output.status.success(), "{output:?}");
}

#[tokio::test]
async fn who_has_the_token_adds_photos_looks_at_them_and_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("images");
    let program = Program::with(&["--folder", images.to_str().unwrap()], &[TOKEN]);
    let page = Page::open(&program.url("/")).await;

    page.see("[data-testid=sign-in]").await;
    page.fill("[name=token]", "another").await;
    page.press(ENTER).await;
    page.read("[data-testid=refused]", "another token").await;
    page.fill("[name=token]", TOKEN.1).await;
    page.click("[data-testid=sign-in] button").await;
    page.read("[data-testid=empty]", "No photos yet").await;

    page.pick(&write(folder.path(), "lake.jpg", &lake())).await;
    assert_eq!(page.tiles(1).await, ["lake.jpg"]);
    page.read("[data-testid=standing]", "1 photo").await;
    page.see_picture("lake.jpg").await;
    page.read("h2", "June 2019").await;
    let stored = std::fs::read(images.join("2019/06/lake.jpg")).unwrap();
    assert!(stored == lake(), "other bytes arrived");

    page.pick(&write(folder.path(), "again.jpg", &lake())).await;
    page.read("[data-testid=standing]", "1 photo added").await;
    page.pick(&write(folder.path(), "lake.jpg", &lake())).await;
    page.read("[data-testid=standing]", "in the gallery already")
        .await;
    page.pick(&write(folder.path(), "film.mp4", b"no photo at all"))
        .await;
    let said = page.read("[data-testid=not-taken]", "film.mp4").await;
    assert!(said.contains("not a photo"), "{said}");
    page.click("[data-testid=upload-report] button").await;

    page.tiles(2).await;
    page.click("[data-testid=tile][data-name='lake.jpg']").await;
    for fact in [
        "Evening over the lake",
        "14 June 2019",
        "47.3769° N",
        "X100V",
        "600 × 400",
        "2019/06/lake.jpg",
    ] {
        page.read("[data-testid=panel]", fact).await;
    }
    page.press(RIGHT).await;
    page.press(ESCAPE).await;
    page.see_no("[data-testid=lightbox]").await;

    page.go(&program.url("/")).await;
    page.tiles(2).await;
    page.fill("[data-testid=search]", "again June 2019").await;
    assert_eq!(page.tiles(1).await, ["again.jpg"]);
    page.press(ESCAPE).await;
    page.tiles(2).await;

    assert_eq!(page.complaints().await, [""; 0]);
    page.click("[data-testid=sign-out]").await;
    page.see("[data-testid=sign-in]").await;
    page.go(&program.url("/")).await;
    page.see("[data-testid=sign-in]").await;
    assert!(!program.log().contains(TOKEN.1), "the token is in the log");
}

#[tokio::test]
async fn what_is_dropped_on_the_page_is_in_the_bucket_and_gets_its_picture_from_the_extractor() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let endpoint = &server.endpoint;
    let keys = [
        ("AWS_ACCESS_KEY_ID", endpoint.access_key_id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", endpoint.secret_access_key.as_str()),
    ];
    let place = [
        "--endpoint",
        &endpoint.url,
        "--bucket",
        &bucket.name,
        "--path-style",
    ];
    let words = |word| [&[word], &place[..]].concat();
    let program = Program::with(&words("serve"), &keys);
    let page = Page::open(&program.url("/")).await;
    page.see("[data-testid=empty]").await;
    page.drop_files(&[
        ("one.jpg", &lake()),
        ("two.jpg", &photo(2)),
        ("notes.txt", b"no photo"),
    ])
    .await;
    page.tiles(2).await;
    page.read("[data-testid=not-taken]", "notes.txt").await;
    assert!(bucket.get("2019/06/one.jpg").await == lake());

    // The page asks by itself until it is there.
    let output = run(&[&words("extract")[..], &["--once"]].concat(), &keys);
    assert!(output.status.success());
    page.see_picture("one.jpg").await;
    page.see_picture("two.jpg").await;
    assert_eq!(page.complaints().await, [""; 0]);
    bucket.destroy().await;
}

#[tokio::test]
async fn more_photos_than_one_page_of_the_list_holds_are_all_there() {
    const MANY: u64 = 620;
    let program = Program::monolith(&[]);
    let (old, new) = (
        program.images().join("2003/05"),
        program.images().join("2024/05"),
    );
    for folder in [&old, &new] {
        std::fs::create_dir_all(folder).unwrap();
    }
    for seed in 0..MANY {
        let folder = if seed % 2 == 0 { &old } else { &new };
        write(folder, &format!("img-{seed:04}.jpg"), &photo(seed));
    }
    let page = Page::open(&program.url("/")).await;
    page.resize(LARGE).await;
    page.read("[data-testid=standing]", &format!("{MANY} photos."))
        .await;
    page.fill("[data-testid=search]", "img-0618").await;
    assert_eq!(page.tiles(1).await, ["img-0618.jpg"]);
    page.press(ESCAPE).await;
    // What was found goes out of sight only when all of them stand there again.
    page.read("[data-testid=standing]", &format!("{MANY} photos."))
        .await;
    assert_eq!(page.complaints().await, [""; 0]);
}

#[tokio::test]
async fn a_gallery_that_goes_away_is_said_and_comes_back() {
    let program = Program::monolith(&[]);
    upload(&program, "a.jpg", &photo(1)).await;
    let page = Page::open(&program.url("/")).await;
    page.tiles(1).await;
    let away = program.images().with_extension("away");
    std::fs::rename(program.images(), &away).unwrap();
    page.drop_files(&[("b.jpg", &photo(2))]).await;
    page.see("[data-testid=not-taken]").await;
    assert!(!program.images().exists(), "it filled the place of a disk");
    std::fs::rename(&away, program.images()).unwrap();
    page.drop_files(&[("b.jpg", &photo(2))]).await;
    page.tiles(2).await;
}

/// Put into the folder by another tool: the page looks again by itself.
#[tokio::test]
async fn photos_that_are_there_without_metadata_get_their_pictures_and_dates() {
    let program = Program::monolith(&[]);
    upload(&program, "first.jpg", &photo(1)).await;
    let page = Page::open(&program.url("/")).await;
    page.tiles(1).await;
    page.see_picture("first.jpg").await;
    write(&program.images(), "later.jpg", &lake());
    page.go(&program.url("/")).await;
    page.see("#month-undated").await;
    extract(&program.images());
    page.see_picture("later.jpg").await;
    page.see_no("#month-undated").await;
}

/// Leaves pictures to be looked at, beside the build.
#[tokio::test]
#[ignore = "makes pictures"]
async fn pictures_to_look_at() {
    let program = Program::monolith(&[]);
    samples::write(&program.images(), 40, 7).unwrap();
    extract(&program.images());
    let page = Page::open(&program.url("/")).await;
    page.read("[data-testid=standing]", "40 photos.").await;
    for (size, name) in [(crate::page::SMALL, "small"), (LARGE, "large")] {
        page.resize(size).await;
        for (theme, tone) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            page.prefer(theme).await;
            page.picture(&format!("grid-{name}-{tone}")).await;
        }
    }
    page.click("[data-testid=tile]").await;
    page.see("[data-testid=panel] h2, [data-testid=panel] dl")
        .await;
    page.picture("lightbox").await;
}
