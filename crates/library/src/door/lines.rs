//! Messages on a local socket: JSON, one a line, no longer than the reader allows.

use serde::Serialize;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

/// The other end takes what is written within this time, or is given up.
const WRITTEN_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Reader {
    stream: BufReader<OwnedReadHalf>,
    /// What was read of the next line.
    begun: Vec<u8>,
}

impl Reader {
    pub(super) fn new(stream: OwnedReadHalf) -> Self {
        Self {
            stream: BufReader::new(stream),
            begun: Vec::new(),
        }
    }

    /// The next line, without its end; none: the other end hung up. May be dropped and called again.
    pub(super) async fn next(&mut self, longest: usize) -> io::Result<Option<Vec<u8>>> {
        loop {
            let read = self.stream.fill_buf().await?;
            if read.is_empty() {
                return match self.begun.is_empty() {
                    true => Ok(None),
                    false => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
            let end = read.iter().position(|byte| *byte == b'\n');
            self.begun
                .extend_from_slice(&read[..end.unwrap_or(read.len())]);
            let used = end.map_or(read.len(), |end| end + 1);
            self.stream.consume(used);
            if self.begun.len() > longest {
                let refused = format!("a line is longer than {longest} bytes");
                return Err(io::Error::new(io::ErrorKind::InvalidData, refused));
            }
            if end.is_some() {
                return Ok(Some(std::mem::take(&mut self.begun)));
            }
        }
    }

    /// Waits until the other end hangs up, or says what nobody asked it to.
    pub(super) async fn hung_up(&mut self) {
        // An error is an end as well.
        let _ = self.stream.fill_buf().await;
    }
}

#[derive(Debug)]
pub(super) struct Writer(OwnedWriteHalf);

impl Writer {
    pub(super) fn new(stream: OwnedWriteHalf) -> Self {
        Self(stream)
    }

    pub(super) async fn send(&mut self, message: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(message).map_err(io::Error::other)?;
        line.push(b'\n');
        match tokio::time::timeout(WRITTEN_WITHIN, self.0.write_all(&line)).await {
            Ok(written) => written,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::UnixStream;

    async fn read(sent: &[u8], longest: usize) -> Vec<Result<Option<Vec<u8>>, io::ErrorKind>> {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        theirs.write_all(sent).await.unwrap();
        drop(theirs);
        let mut reader = Reader::new(ours.into_split().0);
        let mut lines = Vec::new();
        loop {
            let line = reader.next(longest).await.map_err(|error| error.kind());
            let last = !matches!(line, Ok(Some(_)));
            lines.push(line);
            if last {
                return lines;
            }
        }
    }

    #[tokio::test]
    async fn lines_are_whole_and_bounded() {
        let line = |text: &str| Ok(Some(text.as_bytes().to_vec()));
        let cases = [
            ("none", "", vec![Ok(None)]),
            ("two", "a\nbc\n", vec![line("a"), line("bc"), Ok(None)]),
            ("as long as may be", "abcd\n", vec![line("abcd"), Ok(None)]),
            ("too long", "abcde\n", vec![Err(io::ErrorKind::InvalidData)]),
            ("endless", "abcdef", vec![Err(io::ErrorKind::InvalidData)]),
            (
                "broken off",
                "a\nb",
                vec![line("a"), Err(io::ErrorKind::UnexpectedEof)],
            ),
        ];
        for (name, sent, expected) in cases {
            assert_eq!(read(sent.as_bytes(), 4).await, expected, "{name}");
        }
    }
}
