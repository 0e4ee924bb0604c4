//! A file on its way up.
//!
//! **Invariant:** the last chunk is handed over only when the hash of all of them is the one that
//! was said. A file that changes meanwhile therefore never becomes an object, whatever the far side
//! checks.

use crate::meter::Feed;
use crate::{Error, Original, Sha256};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use sha2::Digest;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

const CHUNK: usize = 256 * 1024;

/// Why a body broke off; the SDK would not say.
#[derive(Debug, Clone, Default)]
pub(super) struct Broken(Arc<OnceLock<Cause>>);

#[derive(Debug)]
enum Cause {
    Changed,
    Unreadable(String),
}

/// The bytes of an original, read while they are sent.
pub(super) struct FileBody {
    stream: Pin<Box<ReaderStream<File>>>,
    hasher: sha2::Sha256,
    sent: u64,
    size: u64,
    sha256: Sha256,
    feed: Feed,
    broken: Broken,
}

impl Broken {
    pub(super) fn error(&self, path: PathBuf) -> Option<Error> {
        self.0.get().map(|cause| match cause {
            Cause::Changed => Error::SourceChanged { path },
            Cause::Unreadable(message) => Error::SourceUnreadable {
                path,
                message: message.clone(),
            },
        })
    }

    fn set(&self, cause: Cause) -> io::Error {
        // The first cause is the one that counts.
        let _ = self.0.set(cause);
        io::Error::other("the file cannot be sent")
    }
}

impl FileBody {
    pub(super) async fn open(
        original: &Original<'_>,
        feed: Feed,
        broken: Broken,
    ) -> io::Result<Self> {
        let opened = async {
            // A pipe or device would block, or never end.
            if !tokio::fs::metadata(original.path).await?.is_file() {
                return Err(io::Error::other("it is not a regular file"));
            }
            let file = File::open(original.path).await?;
            let size = file.metadata().await?.len();
            Ok((file, size))
        };
        let (file, size) = opened
            .await
            .map_err(|error| broken.set(Cause::Unreadable(error.to_string())))?;
        if size != original.size {
            return Err(broken.set(Cause::Changed));
        }
        Ok(Self {
            stream: Box::pin(ReaderStream::with_capacity(file, CHUNK)),
            hasher: sha2::Sha256::new(),
            sent: 0,
            size,
            sha256: original.sha256,
            feed,
            broken,
        })
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

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        let chunk = ready!(futures_core::Stream::poll_next(
            self.stream.as_mut(),
            context
        ));
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
