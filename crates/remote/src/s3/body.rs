//! A file on its way up.
//!
//! **Invariant:** the last chunk is handed over only when the hash of all of them is the one that
//! was said. A file that changes meanwhile therefore never becomes an object, whatever the far side
//! checks.

use crate::meter::Feed;
use crate::{Error, Original, Sha256, source};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use sha2::Digest;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use tokio::fs::File;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

const CHUNK: usize = 256 * 1024;

/// Why a body broke off, or does not go on; the SDK would not say.
#[derive(Debug, Clone, Default)]
pub(super) struct Broken(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cause: OnceLock<Cause>,
    /// The file, not the far side, is what is waited for.
    reading: AtomicBool,
}

#[derive(Debug)]
enum Cause {
    Changed,
    Unreadable(String),
}

/// The bytes of an original, read while they are sent.
pub(super) struct FileBody<F = File> {
    stream: Pin<Box<ReaderStream<F>>>,
    hasher: sha2::Sha256,
    sent: u64,
    size: u64,
    sha256: Sha256,
    feed: Feed,
    broken: Broken,
}

impl Broken {
    pub(super) fn error(&self, path: PathBuf) -> Option<Error> {
        self.0.cause.get().map(|cause| match cause {
            Cause::Changed => Error::SourceChanged { path },
            Cause::Unreadable(message) => Error::SourceUnreadable {
                path,
                message: message.clone(),
            },
        })
    }

    /// Whether the transfer waits for the file: a disk that hangs is no fault of the far side.
    pub(super) fn waits_for_file(&self) -> bool {
        self.0.reading.load(Ordering::Relaxed)
    }

    fn set_reading(&self, reading: bool) {
        self.0.reading.store(reading, Ordering::Relaxed);
    }

    fn set(&self, cause: Cause) -> io::Error {
        // The first cause is the one that counts.
        let _ = self.0.cause.set(cause);
        io::Error::other("the file cannot be sent")
    }
}

impl FileBody {
    pub(super) async fn open(
        original: &Original<'_>,
        feed: Feed,
        broken: Broken,
    ) -> io::Result<Self> {
        let path = original.path.to_owned();
        broken.set_reading(true);
        let opened = tokio::task::spawn_blocking(move || {
            let file = source::open(&path)?;
            let size = file.metadata()?.len();
            Ok::<_, io::Error>((file, size))
        });
        let opened = opened
            .await
            .expect("file work does not panic, and is never cancelled");
        broken.set_reading(false);
        let (file, size) =
            opened.map_err(|error| broken.set(Cause::Unreadable(error.to_string())))?;
        if size != original.size {
            return Err(broken.set(Cause::Changed));
        }
        Ok(Self::new(File::from_std(file), original, feed, broken))
    }
}

impl<F: AsyncRead> FileBody<F> {
    fn new(file: F, original: &Original<'_>, feed: Feed, broken: Broken) -> Self {
        Self {
            stream: Box::pin(ReaderStream::with_capacity(file, CHUNK)),
            hasher: sha2::Sha256::new(),
            sent: 0,
            size: original.size,
            sha256: original.sha256,
            feed,
            broken,
        }
    }

    fn pass(&mut self, chunk: Bytes) -> io::Result<Bytes> {
        self.sent += chunk.len() as u64;
        self.hasher.update(&chunk);
        let whole = self.sent == self.size && self.hasher.clone().finalize()[..] == self.sha256;
        if self.sent > self.size || (self.sent == self.size && !whole) {
            return Err(self.broken.set(Cause::Changed));
        }
        self.feed
            .reached(self.sent)
            .map_err(|_| io::Error::other("nobody waits for this transfer any more"))?;
        Ok(chunk)
    }
}

impl<F: AsyncRead> Body for FileBody<F> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        let chunk = futures_core::Stream::poll_next(self.stream.as_mut(), context);
        self.broken.set_reading(chunk.is_pending());
        let chunk = ready!(chunk);
        Poll::Ready(Some(match chunk {
            Some(Ok(chunk)) => self.pass(chunk).map(Frame::data),
            Some(Err(error)) => Err(self.broken.set(Cause::Unreadable(error.to_string()))),
            // It ends before it should.
            None => Err(self.broken.set(Cause::Changed)),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.sent == self.size
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.size - self.sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meter::Meter;
    use std::path::Path;
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn who_is_waited_for_is_known() {
        let original = Original {
            path: Path::new("/photos/a.jpg"),
            size: 10,
            sha256: sha2::Sha256::digest([7; 10]).into(),
            mtime: jiff::Timestamp::UNIX_EPOCH,
            content_type: "image/jpeg",
        };
        let (meter, broken) = (Meter::default(), Broken::default());
        // No file on a disk that works hangs; a pipe does, which `open` would refuse.
        let (mut disk, file) = tokio::io::duplex(64);
        let mut body = Box::pin(FileBody::new(file, &original, meter.feed(), broken.clone()));
        let mut context = Context::from_waker(std::task::Waker::noop());
        assert!(!broken.waits_for_file());

        assert!(body.as_mut().poll_frame(&mut context).is_pending());
        assert!(broken.waits_for_file());

        disk.write_all(&[7; 10]).await.unwrap();
        let frame = body.as_mut().poll_frame(&mut context);
        assert!(matches!(frame, Poll::Ready(Some(Ok(_)))), "{frame:?}");
        assert!(!broken.waits_for_file());
    }
}
