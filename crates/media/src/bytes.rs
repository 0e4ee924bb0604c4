//! Numbers and pieces out of bytes that may end too soon.

/// Bytes of an unknown length: every access may find nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn get(self, offset: usize, length: usize) -> Option<&'a [u8]> {
        self.0.get(offset..offset.checked_add(length)?)
    }

    pub(crate) fn u8(self, offset: usize) -> Option<u8> {
        self.0.get(offset).copied()
    }

    pub(crate) fn be16(self, offset: usize) -> Option<u16> {
        Some(u16::from_be_bytes(self.array(offset)?))
    }

    pub(crate) fn be32(self, offset: usize) -> Option<u32> {
        Some(u32::from_be_bytes(self.array(offset)?))
    }

    pub(crate) fn be64(self, offset: usize) -> Option<u64> {
        Some(u64::from_be_bytes(self.array(offset)?))
    }

    pub(crate) fn le16(self, offset: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.array(offset)?))
    }

    pub(crate) fn le24(self, offset: usize) -> Option<u32> {
        let [a, b, c] = self.array(offset)?;
        Some(u32::from_le_bytes([a, b, c, 0]))
    }

    pub(crate) fn le32(self, offset: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.array(offset)?))
    }

    fn array<const N: usize>(self, offset: usize) -> Option<[u8; N]> {
        self.get(offset, N)?.try_into().ok()
    }
}
