//! Files that are larger than their pictures.

use super::{children, photo, pool};
use std::path::Path;

/// What lies in a file beside its picture costs nothing: neither to tell what it says, nor to make it small.
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
fn height(process: rustix::process::Pid) -> u64 {
    let status = format!("/proc/{}/status", process.as_raw_nonzero());
    let status = std::fs::read_to_string(status).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let height = line.and_then(|line| line.trim().strip_suffix(" kB"));
    height.unwrap().parse().unwrap()
}
