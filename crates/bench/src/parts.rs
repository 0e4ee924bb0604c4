//! Thumbnails, first paints and metadata as the engine makes them: by media workers.

use media::worker::{Limits, Pool, WorkerCommand};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

/// Pixels on the long side, as the gallery keeps them.
const SIZE: u32 = 512;
/// As many as this kind of machine has cores.
const WORKERS: usize = 2;

pub(crate) async fn thumbnails(files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let pool = Pool::new(WorkerCommand::this_binary()?, 1, Limits::default());
    for file in files {
        pool.thumbnail(file, SIZE).await?;
    }
    Ok(())
}

/// Writes them into `folder` under the files' own names, if there is one.
pub(crate) async fn first_paints(
    files: &[PathBuf],
    folder: Option<&Path>,
) -> Result<(), Box<dyn Error>> {
    let pool = Pool::new(WorkerCommand::this_binary()?, 1, Limits::default());
    for file in files {
        let paint = pool.first_paint(file, SIZE).await?;
        let none = || format!("{} has no first paint", file.display());
        let paint = paint.ok_or_else(none)?;
        if let (Some(folder), Some(name)) = (folder, file.file_name()) {
            std::fs::write(folder.join(name), paint.jpeg)?;
        }
    }
    Ok(())
}

pub(crate) async fn metadata(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    let pool = Arc::new(Pool::new(
        WorkerCommand::this_binary()?,
        WORKERS,
        Limits::default(),
    ));
    let queue = Arc::new(Mutex::new(files));
    let mut running = JoinSet::new();
    for _ in 0..WORKERS {
        let (pool, queue) = (Arc::clone(&pool), Arc::clone(&queue));
        running.spawn(async move {
            let next = || queue.lock().expect("no panic under this lock").pop();
            while let Some(file) = next() {
                pool.inspect(&file).await?;
            }
            Ok::<_, media::worker::WorkerError>(())
        });
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    Ok(())
}
