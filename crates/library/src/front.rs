//! The front of a library: the window of the process that has it open, if that one has any.
//!
//! Whoever starts imgn a second time wants to see that window, often with photos.

use crate::lock::lock;
use crate::view::{Cause, CommandError};
use std::path::PathBuf;
use std::sync::Mutex;
use tokio::sync::mpsc;

/// Wishes that a window has not taken yet.
const BACKLOG: usize = 64;

#[derive(Debug, Default)]
pub(crate) struct Front(Mutex<Option<mpsc::Sender<Vec<PathBuf>>>>);

impl Front {
    /// What is to be shown from now on: the window itself, and photos to take in.
    pub(crate) fn open(&self) -> mpsc::Receiver<Vec<PathBuf>> {
        let (wishes, taken) = mpsc::channel(BACKLOG);
        *lock(&self.0) = Some(wishes);
        taken
    }

    /// Whether there is a window, be it hidden.
    pub(crate) fn is_open(&self) -> bool {
        let wishes = lock(&self.0);
        wishes.as_ref().is_some_and(|wishes| !wishes.is_closed())
    }

    /// [`Cause::LibraryInUse`] when there is no window.
    pub(crate) async fn show(&self, photos: Vec<PathBuf>) -> Result<(), CommandError> {
        let wishes = lock(&self.0).clone();
        let shown = match wishes {
            Some(wishes) => wishes.send(photos).await.is_ok(),
            None => false,
        };
        match shown {
            true => Ok(()),
            false => Err(CommandError::new(
                Cause::LibraryInUse,
                "a program without a window has the library open",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_window_is_told_what_to_show_and_without_one_it_is_said() {
        let front = Front::default();
        assert_eq!(
            front.show(Vec::new()).await.unwrap_err().code,
            Cause::LibraryInUse
        );
        assert!(!front.is_open());
        let mut wishes = front.open();
        assert!(front.is_open());
        let photos = vec![PathBuf::from("/a.jpg")];
        front.show(photos.clone()).await.unwrap();
        assert_eq!(wishes.recv().await, Some(photos));
        drop(wishes);
        assert!(!front.is_open());
        assert_eq!(
            front.show(Vec::new()).await.unwrap_err().code,
            Cause::LibraryInUse
        );
    }
}
