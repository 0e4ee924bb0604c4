//! A file, or a part of one, on its way up.
//!
//! **Invariant:** a file that changes meanwhile never becomes an object. The last chunk is handed over
//! only when the hash of all of them is the one that was said; but where the far side was seen to
//! refuse any other bytes, hashing them once more is left to it. Every byte passes the throttle.

use crate::meter::{Feed, Meter};
use crate::{Error, Original, Sha256, Throttle, source};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use sha2::Digest;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Two of them are in memory: one that is sent, and one that is read meanwhile.
const CHUNK: usize = 256 * 1024;

/// Why a body broke off, or does not go on; no HTTP client would say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Broken(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cause: OnceLock<Cause>,
    /// The file, not the far side, is what is waited for.
    reading: AtomicBool,
    /// Our own limit is what is waited for.
    held: AtomicBool,
}

#[derive(Debug)]
enum Cause {
    Changed,
    Unreadable(io::Error),
}

/// Who sees to it that the bytes that arrive are those that were said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    /// We do, while they are read.
    Here,
    /// The far side does: it was seen to refuse others.
    There,
}

/// Bytes of an original that go up in one request.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) path: PathBuf,
    /// Of the whole file.
    pub(crate) file_size: u64,
    /// Where the piece begins.
    pub(crate) offset: u64,
    pub(crate) size: u64,
    pub(crate) sha256: Sha256,
    pub(crate) checked: Checked,
}

/// A piece, read while it is sent.
pub(crate) struct FileBody<F = File> {
    /// The chunk after the one at hand; none: that is the last one.
    ahead: Option<JoinHandle<(Reader<F>, io::Result<Bytes>)>>,
    sent: u64,
    size: u64,
    feed: Feed,
    broken: Broken,
    throttle: Throttle,
    /// Read, and not handed over yet.
    chunk: Bytes,
    /// Waits for the throttle, and how many bytes it lets pass then.
    waiting: Option<(Wait, usize)>,
}

type Wait = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

/// Reads a piece, on threads that may block.
struct Reader<F> {
    file: io::Take<F>,
    read: u64,
    size: u64,
    /// Where it is checked here: of what was read, and what it is to be in the end.
    hash: Option<(sha2::Sha256, Sha256)>,
    broken: Broken,
}

impl Broken {
    pub(crate) fn error(&self, path: PathBuf) -> Option<Error> {
        self.0.cause.get().map(|cause| match cause {
            Cause::Changed => Error::SourceChanged { path },
            Cause::Unreadable(error) => source::unreadable(&path, error),
        })
    }

    /// Whether the transfer waits for the file: a disk that hangs is no fault of the far side.
    pub(crate) fn waits_for_file(&self) -> bool {
        self.0.reading.load(Ordering::Relaxed)
    }

    pub(crate) fn set_reading(&self, reading: bool) {
        self.0.reading.store(reading, Ordering::Relaxed);
    }

    /// Whether the transfer waits for the limit that it has to keep.
    fn waits_for_limit(&self) -> bool {
        self.0.held.load(Ordering::Relaxed)
    }

    fn set_held(&self, held: bool) {
        self.0.held.store(held, Ordering::Relaxed);
    }

    fn set(&self, cause: Cause) -> io::Error {
        // The first cause is the one that counts.
        let _ = self.0.cause.set(cause);
        io::Error::other("the file cannot be sent")
    }
}

impl Piece {
    /// The original in one piece.
    pub(crate) fn whole(original: &Original<'_>, checked: Checked) -> Self {
        Self {
            path: original.path.to_owned(),
            file_size: original.size,
            offset: 0,
            size: original.size,
            sha256: original.sha256,
            checked,
        }
    }
}

impl FileBody {
    pub(crate) async fn open(
        piece: Piece,
        feed: Feed,
        broken: Broken,
        throttle: Throttle,
    ) -> io::Result<Self> {
        let (path, offset) = (piece.path.clone(), piece.offset);
        broken.set_reading(true);
        let opened = tokio::task::spawn_blocking(move || {
            let mut file = source::open(&path)?;
            let size = file.metadata()?.len();
            file.seek(SeekFrom::Start(offset))?;
            Ok::<_, io::Error>((file, size))
        });
        let opened = opened
            .await
            .expect("file work does not panic, and is never cancelled");
        broken.set_reading(false);
        let (file, size) = opened.map_err(|error| broken.set(Cause::Unreadable(error)))?;
        if size != piece.file_size {
            return Err(broken.set(Cause::Changed));
        }
        Ok(Self::new(file, &piece, feed, broken, throttle))
    }
}

impl<F: Read + Send + 'static> FileBody<F> {
    /// Begins to read.
    fn new(file: F, piece: &Piece, feed: Feed, broken: Broken, throttle: Throttle) -> Self {
        // A whole file is read past its end, where more than was said would show.
        let is_last = piece.offset + piece.size == piece.file_size;
        let reader = Reader {
            file: file.take(piece.size + u64::from(is_last)),
            read: 0,
            size: piece.size,
            hash: (piece.checked == Checked::Here).then(|| (sha2::Sha256::new(), piece.sha256)),
            broken: broken.clone(),
        };
        Self {
            ahead: (piece.size > 0).then(|| reader.ahead()),
            sent: 0,
            size: piece.size,
            feed,
            broken,
            throttle,
            chunk: Bytes::new(),
            waiting: None,
        }
    }

    /// Has a chunk at hand, unless an error is what there is.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.chunk.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let Some(ahead) = &mut self.ahead else {
            // It ends before it should.
            return Poll::Ready(Err(self.broken.set(Cause::Changed)));
        };
        let read = Pin::new(ahead).poll(context);
        self.broken.set_reading(read.is_pending());
        let (reader, chunk) =
            ready!(read).expect("file work does not panic, and is never cancelled");
        self.ahead = (reader.read < reader.size && chunk.is_ok()).then(|| reader.ahead());
        Poll::Ready(chunk.map(|chunk| self.chunk = chunk))
    }

    /// How many bytes of the chunk may go now.
    fn poll_throttle(&mut self, context: &mut Context<'_>) -> Poll<usize> {
        if self.waiting.is_none() {
            let bytes = self.throttle.piece(self.chunk.len());
            if self.throttle.try_pass(bytes).is_ok() {
                return Poll::Ready(bytes);
            }
            let pass = self.throttle.clone().pass(bytes);
            self.waiting = Some((Box::pin(pass), bytes));
        }
        let (pass, bytes) = self.waiting.as_mut().expect("it was just set");
        let (passed, bytes) = (pass.as_mut().poll(context), *bytes);
        self.broken.set_held(passed.is_pending());
        ready!(passed);
        self.waiting = None;
        Poll::Ready(bytes)
    }

    fn hand_over(&mut self, bytes: usize) -> io::Result<Bytes> {
        self.sent += bytes as u64;
        self.feed
            .reached(self.sent)
            .map_err(|_| io::Error::other("nobody waits for this transfer any more"))?;
        Ok(self.chunk.split_to(bytes))
    }
}

impl<F: Read + Send + 'static> Reader<F> {
    fn ahead(mut self) -> JoinHandle<(Self, io::Result<Bytes>)> {
        tokio::task::spawn_blocking(move || {
            let chunk = self.chunk();
            (self, chunk)
        })
    }

    /// The next bytes, of which the last come only if all are those that were said.
    fn chunk(&mut self) -> io::Result<Bytes> {
        let mut chunk = Vec::with_capacity(CHUNK);
        if let Err(error) = (&mut self.file).take(CHUNK as u64).read_to_end(&mut chunk) {
            return Err(self.broken.set(Cause::Unreadable(error)));
        }
        self.read += chunk.len() as u64;
        if let Some((hash, _)) = &mut self.hash {
            hash.update(&chunk);
        }
        let ended = chunk.is_empty() || self.read >= self.size;
        if ended && !self.is_what_was_said() {
            return Err(self.broken.set(Cause::Changed));
        }
        Ok(chunk.into())
    }

    /// Of a piece that was read to its end, as far as it is checked here.
    fn is_what_was_said(&self) -> bool {
        let hash = self.hash.as_ref();
        self.read == self.size
            && hash.is_none_or(|(hash, said)| hash.clone().finalize()[..] == said[..])
    }
}

impl<F: Read + Send + 'static> Body for FileBody<F> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        if let Err(error) = ready!(self.poll_chunk(context)) {
            return Poll::Ready(Some(Err(error)));
        }
        let bytes = ready!(self.poll_throttle(context));
        Poll::Ready(Some(self.hand_over(bytes).map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.sent == self.size
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.size - self.sent)
    }
}

/// Ends when a transfer of `size` bytes has not moved for too long.
pub(crate) async fn stalled(meter: &Meter, size: u64, patience: Duration, broken: &Broken) {
    let mut last = (meter.count(), Instant::now());
    loop {
        tokio::time::sleep((patience / 10).min(Duration::from_secs(1))).await;
        let count = meter.count();
        if count != last.0 || broken.waits_for_limit() {
            last = (count, Instant::now());
        }
        // What was handed over last may still be on its way through a slow line.
        let patience = if count == size {
            patience * 3
        } else {
            patience
        };
        if last.1.elapsed() >= patience {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[tokio::test]
    async fn who_is_waited_for_is_known() {
        let piece = Piece {
            path: PathBuf::from("/photos/a.jpg"),
            file_size: 10,
            offset: 0,
            size: 10,
            sha256: sha2::Sha256::digest([7; 10]).into(),
            checked: Checked::Here,
        };
        let (meter, broken) = (Meter::default(), Broken::default());
        // No file on a disk that works hangs; a pipe does, which `open` would refuse.
        let (file, mut disk) = io::pipe().unwrap();
        let throttle = Throttle::default();
        let body = FileBody::new(file, &piece, meter.feed(), broken.clone(), throttle.clone());
        let mut body = Box::pin(body);
        let mut context = Context::from_waker(std::task::Waker::noop());
        assert!(!broken.waits_for_file());

        assert!(body.as_mut().poll_frame(&mut context).is_pending());
        assert!(broken.waits_for_file());

        throttle.limit(Some(1));
        throttle.clone().pass(1_000_000_000).await;
        disk.write_all(&[7; 10]).unwrap();
        drop(disk);
        while broken.waits_for_file() {
            tokio::task::yield_now().await;
            assert!(body.as_mut().poll_frame(&mut context).is_pending());
        }
        assert!(broken.waits_for_limit());

        throttle.limit(None);
        let frame = body.as_mut().poll_frame(&mut context);
        assert!(matches!(frame, Poll::Ready(Some(Ok(_)))), "{frame:?}");
        assert!(!broken.waits_for_limit());
    }
}
