//! What a pool promises: answers, and an end for everything that would give none.

#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation of a test is a panic"
)]

mod ended;
#[cfg(target_os = "linux")]
mod large;

use media::worker::{Limits, Pool, WORKER_ARGUMENT, WorkerCommand, WorkerError};
use media::{Kind, MediaType, ThumbnailError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

fn worker() -> WorkerCommand {
    let program = env!("CARGO_BIN_EXE_imgn-media-worker").into();
    WorkerCommand {
        program,
        args: vec![WORKER_ARGUMENT.into()],
    }
}

fn pool(workers: usize) -> Pool {
    Pool::new(worker(), workers, Limits::default())
}

fn photo(dir: &Path, name: &str) -> PathBuf {
    let path = dir.join(name);
    let picture = image::RgbImage::from_fn(800, 600, |x, y| image::Rgb([x as u8, y as u8, 90]));
    picture
        .save_with_format(&path, image::ImageFormat::Jpeg)
        .unwrap();
    path
}

#[tokio::test]
async fn a_photo_is_inspected_and_made_small() {
    let dir = tempfile::tempdir().unwrap();
    let path = photo(dir.path(), "a b\n😀.jpg");
    let pool = pool(1);
    let inspection = pool.inspect(&path).await.unwrap();
    assert_eq!(inspection.kind, Kind::Photo(MediaType::Jpeg));
    assert_eq!(
        (inspection.metadata.width, inspection.metadata.height),
        (Some(800), Some(600))
    );
    assert_eq!(inspection.error, None);
    let thumbnail = pool.thumbnail(&path, 512).await.unwrap();
    assert_eq!((thumbnail.width, thumbnail.height), (512, 384));
    assert!(thumbnail.webp.starts_with(b"RIFF"));
    assert!((5..=25).contains(&thumbnail.thumbhash.len()));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn only_a_picture_that_has_one_is_painted_first() {
    let dir = tempfile::tempdir().unwrap();
    let (usual, text) = (photo(dir.path(), "a.jpg"), dir.path().join("a.txt"));
    std::fs::write(&text, b"no picture").unwrap();
    let progressive = dir.path().join("b.jpg");
    let bytes = include_bytes!("../../src/thumbnail/fixtures/scan_each.jpg");
    std::fs::write(&progressive, bytes).unwrap();
    let pool = pool(1);
    for path in [&usual, &text] {
        assert_eq!(pool.first_paint(path, 512).await, Ok(None), "{path:?}");
    }
    let paint = pool.first_paint(&progressive, 512).await.unwrap().unwrap();
    assert_eq!((paint.width, paint.height), (81, 61));
    assert!(paint.jpeg.starts_with(b"\xff\xd8\xff"));
    let missing = pool.first_paint(&dir.path().join("missing.jpg"), 512).await;
    assert!(
        matches!(missing, Err(WorkerError::Unreadable { .. })),
        "{missing:?}"
    );
}

#[tokio::test]
async fn a_name_need_not_be_unicode() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir
        .path()
        .join(std::ffi::OsStr::from_bytes(b"\xff\xfe.jpg"));
    std::fs::rename(photo(dir.path(), "a.jpg"), &path).unwrap();
    assert_eq!(
        pool(1).inspect(&path).await.unwrap().kind,
        Kind::Photo(MediaType::Jpeg)
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_the_worker_lives_on() {
    let dir = tempfile::tempdir().unwrap();
    let pool = pool(1);
    let missing = dir.path().join("missing.jpg");
    for path in [missing.as_path(), dir.path()] {
        let inspected = pool.inspect(path).await;
        assert!(
            matches!(inspected, Err(WorkerError::Unreadable { .. })),
            "{inspected:?}"
        );
        let made = pool.thumbnail(path, 512).await;
        assert!(
            matches!(made, Err(WorkerError::Unreadable { .. })),
            "{made:?}"
        );
    }
    #[cfg(unix)]
    {
        let fifo = dir.path().join("fifo.jpg");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &fifo,
            rustix::fs::FileType::Fifo,
            0o600.into(),
            0,
        )
        .unwrap();
        assert!(matches!(
            pool.inspect(&fifo).await,
            Err(WorkerError::Unreadable { .. })
        ));
    }
    assert!(pool.inspect(&photo(dir.path(), "a.jpg")).await.is_ok());
}

#[tokio::test]
async fn refusals_keep_their_reason_on_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let bomb = {
        // A GIF of 65,535 × 65,535 pixels in a few bytes.
        let mut gif =
            b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0".to_vec();
        gif.extend(b"\x02\x02\x4c\x01\0;");
        gif
    };
    let too_large = ThumbnailError::TooLarge {
        width: 65_535,
        height: 65_535,
    };
    let pool = pool(1);
    for (name, bytes, expected) in [
        ("bomb.gif", bomb, Some(too_large)),
        (
            "a.mp4",
            b"\0\0\0\x18ftypisom\0\0\0\0isomavc1".to_vec(),
            Some(ThumbnailError::Unsupported("videos")),
        ),
        ("a.jpg", b"not a picture".to_vec(), None),
    ] {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        match pool.thumbnail(&path, 512).await {
            Err(WorkerError::Thumbnail(ThumbnailError::Damaged(_))) if expected.is_none() => {}
            Err(WorkerError::Thumbnail(found)) => assert_eq!(Some(found), expected, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn damage_anywhere_in_a_picture_ends_no_worker() {
    const COPIES: u64 = 60;
    let dir = tempfile::tempdir().unwrap();
    let pool = pool(1);
    let picture =
        image::RgbaImage::from_fn(90, 70, |x, y| image::Rgba([x as u8, y as u8, 90, 255]));
    for extension in ["jpg", "png", "gif", "webp", "tif", "bmp", "ico"] {
        let path = dir.path().join("whole").with_extension(extension);
        match extension {
            "jpg" => image::DynamicImage::from(picture.clone())
                .into_rgb8()
                .save(&path)
                .unwrap(),
            _ => picture.save(&path).unwrap(),
        }
        let whole = std::fs::read(&path).unwrap();
        for copy in 0..COPIES {
            let mut damaged = whole.clone();
            // Any fixed sequence does; this one is Knuth's. Most damage goes to the header.
            let mut state = copy;
            for within in [64, 256, damaged.len()] {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % within.min(damaged.len());
                damaged[at] = (state >> 24) as u8;
            }
            std::fs::write(&path, &damaged).unwrap();
            let inspected = pool.inspect(&path).await;
            assert!(inspected.is_ok(), "{extension} {copy}: {inspected:?}");
            let made = pool.thumbnail(&path, 64).await;
            assert!(
                matches!(made, Ok(_) | Err(WorkerError::Thumbnail(_))),
                "{extension} {copy}: {made:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_dropped_request_leaves_the_pool_in_step() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (photo(dir.path(), "a.jpg"), dir.path().join("b.png"));
    image::GrayImage::new(30, 20).save(&second).unwrap();
    let pool = pool(1);
    for patience in 0..20 {
        let hurried =
            tokio::time::timeout(Duration::from_millis(patience), pool.thumbnail(&first, 512));
        // Whether it was in time differs; the next answer is the next file's in either case.
        drop(hurried.await);
        let inspection = pool.inspect(&second).await.unwrap();
        assert_eq!(inspection.metadata.width, Some(30));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_requests_than_workers_wait_and_each_gets_its_own_answer() {
    let dir = tempfile::tempdir().unwrap();
    let pool = Arc::new(pool(2));
    let requests: Vec<_> = (1..=40_u32)
        .map(|side| {
            let path = dir.path().join(format!("{side}.png"));
            image::RgbImage::new(side, 7).save(&path).unwrap();
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { (side, pool.thumbnail(&path, 512).await) })
        })
        .collect();
    for request in requests {
        let (side, thumbnail) = request.await.unwrap();
        assert_eq!(thumbnail.unwrap().width, side);
    }
}

/// The processes that this very thread started: tests of this file share a process.
#[cfg(target_os = "linux")]
fn children() -> Vec<rustix::process::Pid> {
    let listed = std::fs::read_to_string("/proc/thread-self/children").unwrap();
    let pids = listed.split_whitespace().map(|pid| pid.parse().unwrap());
    pids.filter_map(rustix::process::Pid::from_raw).collect()
}
