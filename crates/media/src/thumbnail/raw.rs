//! The picture that a camera put into its RAW file, which is as it would have been saved.
//!
//! Most are TIFF with JPEGs in it. Fujifilm's RAF names its one at the beginning, Canon's CR3 keeps it in a box.

use super::{Failure, jpeg_at};
use crate::bytes::Bytes;
use crate::{isobmff, jpeg, tiff};
use std::io::{Read, Seek};

/// How one begins.
const JPEG: &[u8] = b"\xff\xd8\xff";

/// The JPEG that a camera put into its RAW file.
pub(super) fn preview(
    head: &[u8],
    file: &mut (impl Read + Seek),
    most: u64,
) -> Result<Option<Vec<u8>>, Failure> {
    if head.starts_with(b"FUJIFILM") {
        // RAF: offset and length lie at fixed places.
        let bytes = Bytes(head);
        let (Some(offset), Some(length)) = (bytes.be32(84), bytes.be32(88)) else {
            return Ok(None);
        };
        let preview = jpeg_at(file, offset.into(), length.into(), most)?;
        return Ok(preview.starts_with(JPEG).then_some(preview));
    }
    if let Some(preview) = isobmff::canon_preview(head) {
        return Ok(preview.starts_with(JPEG).then(|| preview.to_vec()));
    }
    for (offset, length) in tiff::jpegs(head) {
        let (offset, length) = (offset as u64, length as u64);
        let beginning = jpeg_at(file, offset, length.min(BEGINNING), most)?;
        let frame = jpeg::first_frame(&beginning);
        if !beginning.starts_with(JPEG) || frame.is_some_and(is_lossless) {
            continue;
        }
        let preview = jpeg_at(file, offset, length, most)?;
        let frame = jpeg::first_frame(&preview);
        if frame.is_some_and(|frame| !is_lossless(frame)) {
            return Ok(Some(preview));
        }
    }
    Ok(None)
}

/// In most JPEGs the frame's header stands there.
const BEGINNING: u64 = 64 * 1024;

/// RAW sensor data is often lossless JPEG, which is no picture to look at.
fn is_lossless(frame: jpeg::Frame) -> bool {
    const SOF3: u8 = 0xc3;
    frame.marker == SOF3 || frame.precision != 8
}
