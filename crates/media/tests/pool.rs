//! What a pool promises: answers, and an end for everything that would give none.

#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation of a test is a panic"
)]

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

/// A shell in the place of a worker: it says that it is up, then does as the script says.
#[cfg(unix)]
fn script(script: &str) -> WorkerCommand {
    let ready = r#"printf '\007\000\000\000\000\000\000\000"ready"'; "#;
    WorkerCommand {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), format!("{ready}{script}")],
    }
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

/// What lies in a file beside its picture costs nothing: neither to tell what it says, nor to make it small.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_does_not_grow_with_the_file() {
    const GAP: u32 = 3 << 30;
    const GROWTH: u64 = 48 << 10;
    let dir = tempfile::tempdir().unwrap();
    let before = children();
    let pool = pool(1);
    let usual = photo(dir.path(), "usual.jpg");
    pool.thumbnail(&usual, 512).await.unwrap();
    let worker = children().into_iter().find(|id| !before.contains(id));
    let worker = worker.expect("a worker is up");
    let usual = height(worker);

    let film = photo(dir.path(), "with a film.jpg");
    let file = std::fs::File::options().write(true).open(&film).unwrap();
    file.set_len(GAP.into()).unwrap();
    let large = dir.path().join("large.tif");
    large_tiff(&large, GAP);
    for (path, size) in [(film, (800, 600)), (large, (2, 1))] {
        let inspection = pool.inspect(&path).await.unwrap();
        let found = inspection.metadata;
        assert_eq!(found.width.zip(found.height), Some(size), "{path:?}");
        assert_eq!(inspection.error, None);
        if path.extension().unwrap() == "tif" {
            assert_eq!(found.camera.make.as_deref(), Some("A maker of cameras"));
        }
        pool.thumbnail(&path, 512).await.unwrap();
    }
    assert_eq!(
        children().into_iter().find(|id| !before.contains(id)),
        Some(worker),
        "it is the same one"
    );
    let most = height(worker);
    assert!(
        most < usual + GROWTH,
        "{most} kB, and {usual} kB for a usual photo"
    );
}

/// Two pixels, and `gap` bytes farther what they are.
#[cfg(target_os = "linux")]
fn large_tiff(path: &Path, gap: u32) {
    use std::os::unix::fs::FileExt;
    const MAKER: &[u8] = b"A maker of cameras\0";
    let (short, long, text) = (3_u16, 4_u16, 2_u16);
    let bits = gap + 1000;
    let maker = gap + 2000;
    let entries = [
        (256, short, 1, 2),
        (257, short, 1, 1),
        (258, short, 3, bits),
        (259, short, 1, 1),
        (262, short, 1, 2),
        (271, text, MAKER.len() as u32, maker),
        (273, long, 1, 8),
        (277, short, 1, 3),
        (278, long, 1, 1),
        (279, long, 1, 6),
    ];
    let mut directory = (entries.len() as u16).to_le_bytes().to_vec();
    for (tag, kind, count, value) in entries {
        directory.extend(u16::to_le_bytes(tag));
        directory.extend(kind.to_le_bytes());
        directory.extend(u32::to_le_bytes(count));
        directory.extend(u32::to_le_bytes(value));
    }
    directory.extend([0; 4]);
    let file = std::fs::File::create(path).unwrap();
    let header = [
        &b"II\x2a\0"[..],
        &gap.to_le_bytes(),
        &[200, 30, 30, 30, 30, 200],
    ]
    .concat();
    file.write_all_at(&header, 0).unwrap();
    file.write_all_at(&directory, gap.into()).unwrap();
    file.write_all_at(&[8, 0, 8, 0, 8, 0], bits.into()).unwrap();
    file.write_all_at(MAKER, maker.into()).unwrap();
}

/// The most memory that a process ever had, in kilobytes.
#[cfg(target_os = "linux")]
fn height(process: rustix::process::Pid) -> u64 {
    let status = format!("/proc/{}/status", process.as_raw_nonzero());
    let status = std::fs::read_to_string(status).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let height = line.and_then(|line| line.trim().strip_suffix(" kB"));
    height.unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
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
    let avif = b"\0\0\0\x18ftypavif\0\0\0\0mif1avif".to_vec();
    let too_large = ThumbnailError::TooLarge {
        width: 65_535,
        height: 65_535,
    };
    let pool = pool(1);
    for (name, bytes, expected) in [
        ("bomb.gif", bomb, Some(too_large)),
        ("a.avif", avif, Some(ThumbnailError::Unsupported("AVIF"))),
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

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_that_wants_too_much_memory_dies_and_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let pool = Pool::new(
        worker(),
        1,
        Limits {
            memory: 8 << 20,
            ..Limits::default()
        },
    );
    // The metadata reader looks for the pixels in up to 16 MiB: the memory limit is what stops it.
    let path = dir.path().join("huge.jpg");
    std::fs::write(&path, b"\xff\xd8\xff\xe0").unwrap();
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(200 << 20)
        .unwrap();
    let found = pool.inspect(&path).await;
    assert!(
        matches!(
            found,
            Err(WorkerError::Died { .. } | WorkerError::Unreadable { .. })
        ),
        "{found:?}"
    );
    assert!(pool.inspect(&photo(dir.path(), "a.jpg")).await.is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_kills_its_worker_is_blamed_and_others_are_served() {
    let pool = Pool::new(script("exit 1"), 1, Limits::default());
    for _ in 0..3 {
        let found = pool.inspect(Path::new("/a.jpg")).await;
        assert_eq!(
            found,
            Err(WorkerError::Died {
                path: "/a.jpg".into()
            })
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_hangs_its_worker_is_blamed_when_its_time_is_over() {
    let limits = Limits {
        time: Duration::from_millis(200),
        ..Limits::default()
    };
    let pool = Pool::new(script("exec sleep 1000"), 1, limits);
    let found = pool.inspect(Path::new("/a.jpg")).await;
    assert_eq!(
        found,
        Err(WorkerError::TimedOut {
            path: "/a.jpg".into(),
            seconds: 0
        })
    );
}

/// Nobody waits for its end, and still no dead process is left.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_that_hung_is_killed_and_reaped() {
    let limits = Limits {
        time: Duration::from_millis(200),
        ..Limits::default()
    };
    let pool = Pool::new(script("exec sleep 1000"), 1, limits);
    let found = pool.inspect(Path::new("/a.jpg")).await;
    assert!(
        matches!(found, Err(WorkerError::TimedOut { .. })),
        "{found:?}"
    );
    while !children().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A decoder that a picture takes over must not find the keys of a bucket.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_inherits_no_secrets() {
    const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
    if std::env::var_os(SECRET).is_none() {
        // Once more, as from a shell in which it is set.
        let again = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_worker_inherits_no_secrets"])
            .env(SECRET, "canary")
            .status();
        assert!(again.unwrap().success());
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let pool = pool(1);
    pool.inspect(&photo(dir.path(), "a.jpg")).await.unwrap();
    let children = children();
    assert_eq!(children.len(), 1);
    let environment = format!("/proc/{}/environ", children[0].as_raw_nonzero());
    let environment = std::fs::read_to_string(environment).unwrap();
    let names: Vec<_> = environment
        .split_terminator('\0')
        .map(|variable| variable.split('=').next().unwrap())
        .collect();
    let needed = ["PATH", "LD_LIBRARY_PATH", "RAYON_NUM_THREADS"];
    assert!(names.iter().all(|name| needed.contains(name)), "{names:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_worker_that_answers_nonsense_is_ended() {
    let pool = Pool::new(
        script("printf 'nonsense, at length'; exec sleep 1000"),
        1,
        Limits::default(),
    );
    let found = pool.inspect(Path::new("/a.jpg")).await;
    assert_eq!(
        found,
        Err(WorkerError::Died {
            path: "/a.jpg".into()
        })
    );
}

#[tokio::test]
async fn a_worker_that_cannot_start_is_no_files_fault() {
    let nowhere = WorkerCommand {
        program: "/nowhere/at/all".into(),
        args: Vec::new(),
    };
    let mut commands = vec![nowhere];
    #[cfg(unix)]
    commands.push(WorkerCommand {
        program: "/bin/sh".into(),
        args: vec!["-c".into(), "exit 1".into()],
    });
    for command in commands {
        let pool = Pool::new(command, 1, Limits::default());
        let found = pool.inspect(Path::new("/a.jpg")).await;
        assert!(matches!(found, Err(WorkerError::Start(_))), "{found:?}");
    }
}

/// An idle worker that someone else has killed must not cost a file its thumbnail.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_killed_between_requests_is_replaced_unnoticed() {
    let dir = tempfile::tempdir().unwrap();
    let path = photo(dir.path(), "a.jpg");
    let pool = pool(1);
    pool.inspect(&path).await.unwrap();
    let children = children();
    assert!(!children.is_empty());
    for child in children {
        rustix::process::kill_process(child, rustix::process::Signal::KILL).unwrap();
    }
    pool.inspect(&path).await.unwrap();
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

#[test]
fn a_worker_ends_when_its_parent_is_gone() {
    use std::process::{Command, Stdio};
    let WorkerCommand { program, args } = worker();
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = [0; 15];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut greeting).unwrap();
    assert!(greeting.ends_with(b"\"ready\""));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

/// The processes that this very thread started: tests of this file share a process.
#[cfg(target_os = "linux")]
fn children() -> Vec<rustix::process::Pid> {
    let listed = std::fs::read_to_string("/proc/thread-self/children").unwrap();
    let pids = listed.split_whitespace().map(|pid| pid.parse().unwrap());
    pids.filter_map(rustix::process::Pid::from_raw).collect()
}
