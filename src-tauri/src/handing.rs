//! Hands photos to the rest of the desktop: the clipboard and the file manager.
//!
//! Both are other programs, which may be slow or absent: nothing here waits on the main thread.

use library::Result;
use library::view::{Cause, CommandError};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The clipboard, kept open: on X11 it is this process that hands out what was copied.
#[derive(Clone, Default)]
pub(crate) struct Clipboard(Arc<Mutex<Option<arboard::Clipboard>>>);

impl Clipboard {
    /// Puts files on the clipboard, as a file manager does; returns how many. None leaves it as it is.
    pub(crate) async fn set_files(&self, files: Vec<PathBuf>) -> Result<usize> {
        if files.is_empty() {
            return Ok(0);
        }
        self.with(move |clipboard| {
            clipboard.set().file_list(&files)?;
            Ok(files.len())
        })
        .await
    }

    /// Puts a text on the clipboard. Without one, what is there stays.
    pub(crate) async fn set_text(&self, text: String) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.with(move |clipboard| clipboard.set_text(text)).await
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut arboard::Clipboard) -> std::result::Result<T, arboard::Error>
        + Send
        + 'static,
    ) -> Result<T> {
        let clipboard = Arc::clone(&self.0);
        elsewhere(move || {
            let mut clipboard = clipboard.lock().unwrap_or_else(PoisonError::into_inner);
            let open = match clipboard.as_mut() {
                Some(open) => open,
                None => clipboard.insert(arboard::Clipboard::new()?),
            };
            work(open)
        })
        .await
    }
}

/// Shows the first file where it lies; false: there is none. A desktop whose file manager cannot mark a file opens
/// its folder.
pub(crate) async fn reveal(files: Vec<PathBuf>) -> Result<bool> {
    let Some(first) = files.into_iter().next() else {
        return Ok(false);
    };
    elsewhere(move || {
        let marked = tauri_plugin_opener::reveal_item_in_dir(&first);
        match (marked, first.parent()) {
            (Err(_), Some(folder)) => tauri_plugin_opener::open_path(folder, None::<&str>),
            (marked, _) => marked,
        }
    })
    .await?;
    Ok(true)
}

/// Shows this, or the innermost folder around it that is there, where it lies.
pub(crate) async fn reveal_nearest(path: PathBuf) -> Result<()> {
    let there = path.ancestors().find(|place| place.exists());
    reveal(there.map(PathBuf::from).into_iter().collect()).await?;
    Ok(())
}

/// Opens a file in the program that the system has for it.
pub(crate) async fn open(file: PathBuf) -> Result<()> {
    elsewhere(move || tauri_plugin_opener::open_path(file, None::<&str>)).await
}

async fn elsewhere<T: Send + 'static, E: std::fmt::Display + Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, E> + Send + 'static,
) -> Result<T> {
    match tauri::async_runtime::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| CommandError::new(Cause::Internal, error)),
        Err(error) => Err(CommandError::new(Cause::Internal, error)),
    }
}
