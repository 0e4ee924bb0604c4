//! What the segments before a scan say about it: tables, and of what colours the picture is.

use super::bits::Code;
use crate::bytes::Bytes;

const APP0: u8 = 0xe0;
const APP14: u8 = 0xee;
const HUFFMAN_TABLES: u8 = 0xc4;
const QUANTIZATION_TABLES: u8 = 0xdb;
const RESTART_INTERVAL: u8 = 0xdd;

#[derive(Default)]
pub(super) struct Tables {
    /// Of each table the factor of the mean.
    pub(super) quantization: [Option<u16>; 4],
    pub(super) codes: [Option<Code>; 4],
    /// So many blocks, or groups of them, after which the scan begins anew; 0: never.
    pub(super) restart: usize,
    pub(super) jfif: bool,
    /// What Adobe's segment says of the colours.
    pub(super) adobe: Option<u8>,
}

impl Tables {
    /// None: it is damaged.
    pub(super) fn take(&mut self, marker: u8, body: &[u8]) -> Option<()> {
        match marker {
            APP0 => self.jfif |= body.starts_with(b"JFIF\0"),
            APP14 if body.starts_with(b"Adobe") => self.adobe = body.get(11).copied(),
            RESTART_INTERVAL => self.restart = Bytes(body).be16(0)?.into(),
            QUANTIZATION_TABLES => self.take_quantization(body)?,
            HUFFMAN_TABLES => self.take_codes(body)?,
            _ => {}
        }
        Some(())
    }

    fn take_quantization(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some(&about) = body.first() {
            let (factor, length) = match about >> 4 {
                0 => (Bytes(body).u8(1)?.into(), 1 + 64),
                _ => (Bytes(body).be16(1)?, 1 + 128),
            };
            *self.quantization.get_mut(usize::from(about & 15))? = Some(factor);
            body = body.get(length..)?;
        }
        Some(())
    }

    fn take_codes(&mut self, mut body: &[u8]) -> Option<()> {
        const COUNTS: usize = 16;
        while let Some(&about) = body.first() {
            let counts = body.get(1..=COUNTS)?;
            let length = counts
                .iter()
                .map(|&count| usize::from(count))
                .sum::<usize>();
            let symbols = body.get(1 + COUNTS..1 + COUNTS + length)?;
            // Those of other coefficients than the mean are not needed.
            if about >> 4 == 0 {
                *self.codes.get_mut(usize::from(about))? = Some(Code::new(counts, symbols)?);
            }
            body = &body[1 + COUNTS + length..];
        }
        Some(())
    }
}
