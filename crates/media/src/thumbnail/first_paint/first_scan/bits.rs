//! The Huffman codes of a scan, bit by bit (ITU-T T.81, F.2.2 and annex C).

/// The pixels of a scan, up to its end.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The lowest `count` bits are the next ones.
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            held: 0,
            count: 0,
        }
    }

    /// The difference that comes next. None: the data end, or are none of this code.
    pub(super) fn difference(&mut self, code: &Code) -> Option<i32> {
        /// One of eight-bit samples needs no more bits.
        const MOST: u32 = 15;
        if self.count < 16 + MOST {
            self.refill();
        }
        let (length, bits) = code.look_up(self.window())?;
        let bits = u32::from(bits);
        self.count = self.count.checked_sub(length.into())?;
        if bits == 0 {
            return Some(0);
        }
        if bits > MOST {
            return None;
        }
        self.count = self.count.checked_sub(bits)?;
        let value = (self.held >> self.count) as i32 & ((1 << bits) - 1);
        // The lower half stands for what is below zero.
        let negative = value < 1 << (bits - 1);
        Some(if negative {
            value - (1 << bits) + 1
        } else {
            value
        })
    }

    /// Goes on behind the next restart marker.
    pub(super) fn restart(&mut self) -> Option<()> {
        let rest = self.data.get(self.at..)?;
        let marker = rest
            .windows(2)
            .position(|pair| pair[0] == 0xff && (0xd0..=0xd7).contains(&pair[1]))?;
        self.at += marker + 2;
        self.count = 0;
        Some(())
    }

    /// The next sixteen bits; beyond the end there are zeros.
    fn window(&self) -> u16 {
        if self.count >= 16 {
            (self.held >> (self.count - 16)) as u16
        } else {
            (self.held << (16 - self.count)) as u16
        }
    }

    fn refill(&mut self) {
        while self.count <= 56 {
            let Some(&byte) = self.data.get(self.at) else {
                return;
            };
            self.at += match (byte, self.data.get(self.at + 1)) {
                (0xff, Some(0)) => 2,
                // A marker.
                (0xff, _) => return,
                _ => 1,
            };
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
        }
    }
}

/// One Huffman code.
pub(super) struct Code {
    /// Length and symbol of what begins with these bits; length 0: it is longer, or no code.
    short: Vec<(u8, u8)>,
    /// For each length from 1 on: the first window beyond its codes, its first code, where its symbols begin.
    lengths: [(u32, u32, usize); 16],
    symbols: Vec<u8>,
}

/// Bits that are looked up at once.
const SHORT: u32 = 9;

impl Code {
    /// From how many codes there are of each length, and what they stand for.
    pub(super) fn new(counts: &[u8], symbols: &[u8]) -> Option<Self> {
        let mut lengths = [(0, 0, 0); 16];
        let (mut code, mut begin) = (0_u32, 0);
        for ((length, &count), row) in (1_u32..).zip(counts).zip(&mut lengths) {
            let first = code;
            code += u32::from(count);
            if code > 1 << length {
                return None;
            }
            *row = (code << (16 - length), first, begin);
            begin += usize::from(count);
            code <<= 1;
        }
        let mut made = Self {
            short: Vec::new(),
            lengths,
            symbols: symbols.to_vec(),
        };
        let short = |beginning: u32| {
            let found = made.search((beginning << (16 - SHORT)) as u16);
            found
                .filter(|(length, _)| u32::from(*length) <= SHORT)
                .unwrap_or((0, 0))
        };
        made.short = (0..1 << SHORT).map(short).collect();
        Some(made)
    }

    /// Length and symbol of the code with which a window begins.
    fn look_up(&self, window: u16) -> Option<(u8, u8)> {
        match self.short[usize::from(window >> (16 - SHORT))] {
            (0, _) => self.search(window),
            found => Some(found),
        }
    }

    fn search(&self, window: u16) -> Option<(u8, u8)> {
        let window = u32::from(window);
        let (length, (_, first, begin)) = (1_u8..)
            .zip(self.lengths)
            .find(|(_, (beyond, ..))| window < *beyond)?;
        let index = (window >> (16 - length)) - first;
        Some((length, *self.symbols.get(begin + index as usize)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes 00, 01, 100, 1010 for 0, 1, 2, 3 bits, and one of twelve bits for 11.
    fn code() -> Code {
        let mut counts = [0; 16];
        counts[1] = 2;
        counts[2] = 1;
        counts[3] = 1;
        counts[11] = 1;
        Code::new(&counts, &[0, 1, 2, 3, 11]).unwrap()
    }

    #[test]
    fn differences_are_read_over_bytes_and_stuffing() {
        let bits = [
            "00",
            "011",
            "010",
            "10000",
            "1010111",
            "10110000000011111111111",
            "11111",
        ]
        .concat();
        let mut data = Vec::new();
        for at in (0..bits.len()).step_by(8) {
            data.push(u8::from_str_radix(&bits[at..at + 8], 2).unwrap());
            if data.last() == Some(&0xff) {
                data.push(0);
            }
        }
        assert!(data.contains(&0xff));
        let (mut read, code) = (Bits::new(&data), code());
        let found: Vec<_> = (0..6).map(|_| read.difference(&code)).collect();
        assert_eq!(found, [0, 1, -1, -3, 7, 2047].map(Some));
    }

    #[test]
    fn the_end_of_the_data_is_no_difference() {
        let mut bits = Bits::new(&[0b1010_1111]);
        assert_eq!(bits.difference(&code()), Some(7));
        assert_eq!(bits.difference(&code()), None);
        assert_eq!(Bits::new(&[]).difference(&code()), None);
        // All ones are no code.
        assert_eq!(Bits::new(&[0xfe, 0xfe, 0xfe]).difference(&code()), None);
    }

    #[test]
    fn a_restart_is_looked_for() {
        let mut bits = Bits::new(b"\x17pad\xff\xd0\xaf\xff\xd1");
        assert_eq!(bits.difference(&code()), Some(0));
        assert_eq!(bits.restart(), Some(()));
        assert_eq!(bits.difference(&code()), Some(7));
        assert_eq!(bits.restart(), Some(()));
        assert_eq!(bits.difference(&code()), None);
        assert_eq!(bits.restart(), None);
    }

    #[test]
    fn more_codes_than_there_are_is_no_code() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Code::new(&counts, &[0, 1, 2]).is_none());
        // Codes without symbols are found when they are read.
        counts[0] = 2;
        let code = Code::new(&counts, &[0]).unwrap();
        assert_eq!(Bits::new(&[0x40]).difference(&code), Some(0));
        assert_eq!(Bits::new(&[0x80]).difference(&code), None);
    }
}
