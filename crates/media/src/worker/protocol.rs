//! What the parent and a worker say to each other: frames on the worker's standard input and
//! output. A frame is the length of a JSON text, the length of the bytes after it (both 32 bits,
//! little-endian), the text, the bytes.

use crate::{FirstPaint, Kind, Metadata, Thumbnail, ThumbnailError};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Longer frames are not sent, so a length beyond it is nonsense.
const LONGEST: u32 = 64 << 20;
pub(super) const HEADER: usize = 8;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    /// The path's bytes in hex: names need not be Unicode.
    path: String,
    pub(super) task: Task,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Task {
    Inspect,
    Thumbnail { size: u32 },
    FirstPaint { size: u32 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// Sent once, unasked, when the worker is up.
    Ready,
    Inspected {
        kind: Kind,
        metadata: Box<Metadata>,
        error: Option<String>,
    },
    /// The WebP follows as bytes.
    Made {
        width: u32,
        height: u32,
        thumbhash: String,
    },
    /// The JPEG follows as bytes.
    Painted {
        width: u32,
        height: u32,
    },
    /// It has no first paint.
    NotPainted,
    Unsupported {
        name: String,
    },
    Damaged {
        reason: String,
    },
    TooLarge {
        width: u64,
        height: u64,
    },
    TooLong {
        most: u64,
    },
    Unreadable {
        message: String,
    },
}

impl Request {
    pub(super) fn new(path: &Path, task: Task) -> Self {
        Self {
            path: hex::encode(path_bytes(path)),
            task,
        }
    }

    pub(super) fn path(&self) -> io::Result<PathBuf> {
        let bytes = hex::decode(&self.path).map_err(invalid)?;
        path_from(bytes)
    }
}

impl Answer {
    /// The answer to a thumbnail request, and the bytes that go with it.
    pub(super) fn thumbnail(result: Result<Thumbnail, ThumbnailError>) -> (Self, Vec<u8>) {
        let answer = match result {
            Ok(Thumbnail {
                webp,
                width,
                height,
                thumbhash,
            }) => {
                return (
                    Self::Made {
                        width,
                        height,
                        thumbhash: hex::encode(thumbhash),
                    },
                    webp,
                );
            }
            Err(ThumbnailError::Unsupported(name)) => Self::Unsupported {
                name: name.to_owned(),
            },
            Err(ThumbnailError::Damaged(reason)) => Self::Damaged { reason },
            Err(ThumbnailError::TooLarge { width, height }) => Self::TooLarge { width, height },
            Err(ThumbnailError::TooLong { most }) => Self::TooLong { most },
            Err(ThumbnailError::Unreadable { message, .. }) => Self::Unreadable { message },
        };
        (answer, Vec::new())
    }

    /// The same for a first paint.
    pub(super) fn first_paint(result: io::Result<Option<FirstPaint>>) -> (Self, Vec<u8>) {
        match result {
            Ok(Some(FirstPaint {
                jpeg,
                width,
                height,
            })) => (Self::Painted { width, height }, jpeg),
            Ok(None) => (Self::NotPainted, Vec::new()),
            Err(error) => {
                let message = error.to_string();
                (Self::Unreadable { message }, Vec::new())
            }
        }
    }
}

/// One whole frame.
pub(super) fn frame(message: &impl Serialize, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let text = serde_json::to_vec(message)?;
    let length = |part: &[u8]| u32::try_from(part.len()).map_err(invalid);
    Ok([
        &length(&text)?.to_le_bytes()[..],
        &length(bytes)?.to_le_bytes(),
        &text,
        bytes,
    ]
    .concat())
}

/// The lengths of text and bytes that a header announces.
pub(super) fn lengths(header: [u8; HEADER]) -> io::Result<(usize, usize)> {
    let [a, b, c, d, e, f, g, h] = header;
    let (text, bytes) = (
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
    );
    if text > LONGEST || bytes > LONGEST {
        return Err(invalid("a frame of nonsensical length"));
    }
    Ok((text as usize, bytes as usize))
}

/// The next request; nothing when the parent has closed its end.
pub(super) fn read_request(input: &mut impl Read) -> io::Result<Option<Request>> {
    let mut header = [0; HEADER];
    match input.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let (text, bytes) = lengths(header)?;
    let mut body = vec![0; text + bytes];
    input.read_exact(&mut body)?;
    Ok(Some(serde_json::from_slice(&body[..text])?))
}

pub(super) fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(unix)]
fn path_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(unix)]
fn path_from(bytes: Vec<u8>) -> io::Result<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Ok(OsString::from_vec(bytes).into())
}

#[cfg(windows)]
fn path_bytes(path: &Path) -> Vec<u8> {
    use std::os::windows::ffi::OsStrExt;
    path.as_os_str()
        .encode_wide()
        .flat_map(u16::to_le_bytes)
        .collect()
}

#[cfg(windows)]
fn path_from(bytes: Vec<u8>) -> io::Result<PathBuf> {
    use std::os::windows::ffi::OsStringExt;
    let wide: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    Ok(OsString::from_wide(&wide).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_survive_the_way() {
        let mut paths = vec![
            PathBuf::from("/photos/a b.jpg"),
            PathBuf::from("/photos/Zoë\n🌅.jpg"),
        ];
        #[cfg(unix)]
        paths.push(path_from(b"/photos/\xff\xfe.jpg".to_vec()).unwrap());
        for path in paths {
            let request = Request::new(&path, Task::Thumbnail { size: 512 });
            let sent = frame(&request, &[]).unwrap();
            let received = read_request(&mut sent.as_slice()).unwrap().unwrap();
            assert_eq!(received, request);
            assert_eq!(received.path().unwrap(), path);
        }
    }

    #[test]
    fn the_end_of_input_is_no_error_but_half_a_frame_is() {
        assert_eq!(read_request(&mut &b""[..]).unwrap(), None);
        let sent = frame(&Request::new(Path::new("/a"), Task::Inspect), &[]).unwrap();
        assert!(read_request(&mut &sent[..sent.len() - 1]).is_err());
        assert!(read_request(&mut &[0xff; 8][..]).is_err());
    }
}
