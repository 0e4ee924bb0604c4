//! The first scan of a progressive JPEG (ITU-T T.81, annex G): of every block of eight by eight pixels its mean.
//!
//! Libraries keep the coefficients of the whole picture to read it; here a block is one byte. What few encoders
//! write (a scan of fewer components is read, of other coefficients is not) has no first paint, and so has
//! what is damaged: what is not there must not be looked at as if it were.
//!
//! **Invariant:** memory and time are those of the blocks that the header tells, which are bounded, and of the
//! bytes that are there.

mod bits;
mod plane;
mod tables;

use super::Beginning;
use crate::bytes::Bytes;
use crate::jpeg;
use crate::thumbnail::pixels::Pixels;
use bits::{Bits, Code};
use plane::{Plane, Stretched};
use std::io::{self, Read};
use tables::Tables;

/// Pixels on the long side of what is worth looking at.
const LEAST: usize = 64;
/// Pixels of the largest picture that is read.
const MOST_PIXELS: usize = 1_000_000_000;
/// Pixels along a block.
const BLOCK: usize = 8;

/// An eighth of the picture, in its own colours, not upright; made with about `memory` bytes.
pub(super) fn pixels(
    beginning: &mut Beginning<'_, impl Read>,
    memory: u64,
) -> io::Result<Option<Pixels>> {
    let mut tables = Tables::default();
    let mut picture = None;
    let mut at = 2;
    loop {
        let found = jpeg::segment(&beginning.data, at);
        let Some((marker, body, end)) = found.filter(|(.., end)| *end <= beginning.data.len())
        else {
            if beginning.more()? {
                continue;
            }
            return Ok(None);
        };
        at = end;
        let scan = match marker {
            jpeg::SOS => picture
                .as_ref()
                .and_then(|picture: &Picture| Scan::parse(body, picture)),
            jpeg::EOI => None,
            jpeg::SOF_PROGRESSIVE if picture.is_none() => {
                picture = Picture::parse(body, memory);
                continue;
            }
            _ if tables.take(marker, body).is_some() => continue,
            _ => None,
        };
        let (Some(scan), Some(picture)) = (scan, &mut picture) else {
            return Ok(None);
        };
        let end = loop {
            match jpeg::end_of_scan(&beginning.data, at) {
                Some(end) => break end,
                None if beginning.more()? => {}
                None => return Ok(None),
            }
        };
        let read = picture.read(&scan, &tables, &beginning.data[at..end]);
        if read.is_none() || picture.is_whole() {
            return Ok(read.map(|()| picture.pixels(&tables)));
        }
        at = end;
    }
}

struct Component {
    id: u8,
    /// Blocks across and down in each group of blocks.
    across: usize,
    down: usize,
    quantization: usize,
    plane: Plane,
    is_read: bool,
}

struct Picture {
    width: usize,
    height: usize,
    /// Groups of blocks, which have the same place in all components.
    groups: (usize, usize),
    /// The most blocks across and down that any component has in a group.
    most: (usize, usize),
    components: Vec<Component>,
}

impl Picture {
    /// From the header of the frame. None: it is unusual, too small, too large, or damaged.
    fn parse(body: &[u8], memory: u64) -> Option<Self> {
        let bytes = Bytes(body);
        let (height, width) = (usize::from(bytes.be16(1)?), usize::from(bytes.be16(3)?));
        let small = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        let count = bytes.u8(5)?;
        // Inks have no first paint.
        let usual = bytes.u8(0)? == 8 && matches!(count, 1 | 3);
        if !usual || small.0.max(small.1) < LEAST || height == 0 || width == 0 {
            return None;
        }
        let said = (0..usize::from(count)).map(|index| bytes.get(6 + 3 * index, 3));
        let said: Vec<&[u8]> = said.collect::<Option<_>>()?;
        let sides = |part: &[u8]| (usize::from(part[1] >> 4), usize::from(part[1] & 15));
        let most = said.iter().map(|part| sides(part));
        let most = most.fold((0, 0), |most, part| {
            (most.0.max(part.0), most.1.max(part.1))
        });
        let valid = |part: &&[u8]| {
            let (across, down) = sides(part);
            (1..=4).contains(&across) && (1..=4).contains(&down) && part[2] < 4
        };
        if !said.iter().all(valid) {
            return None;
        }
        let groups = (
            width.div_ceil(BLOCK * most.0),
            height.div_ceil(BLOCK * most.1),
        );
        let blocks: usize = said
            .iter()
            .map(|part| sides(part).0 * sides(part).1 * groups.0 * groups.1)
            .sum();
        // A byte a block, four a pixel, and as many when they are shrunk or turned.
        let cost = blocks + 8 * small.0 * small.1;
        if width * height > MOST_PIXELS || cost as u64 > memory {
            return None;
        }
        let components = said.into_iter().map(|part| {
            let (across, down) = sides(part);
            Component {
                id: part[0],
                across,
                down,
                quantization: part[2].into(),
                plane: Plane::new(
                    groups.0 * across,
                    groups.1 * down,
                    (width * across).div_ceil(most.0 * BLOCK),
                    (height * down).div_ceil(most.1 * BLOCK),
                ),
                is_read: false,
            }
        });
        Some(Self {
            width,
            height,
            groups,
            most,
            components: components.collect(),
        })
    }

    fn is_whole(&self) -> bool {
        self.components.iter().all(|component| component.is_read)
    }

    /// Reads a scan. None: it is damaged, or lacks its tables.
    fn read(&mut self, scan: &Scan, tables: &Tables, data: &[u8]) -> Option<()> {
        let mut parts = Vec::new();
        for &(component, code) in &scan.parts {
            let of = &self.components[component];
            parts.push(Part {
                component,
                code: tables.codes.get(code)?.as_ref()?,
                factor: tables.quantization[of.quantization]?.into(),
                across: of.across,
                down: of.down,
                last: 0,
            });
        }
        let mut groups = self.groups;
        // A component alone has its blocks one by one, and none beyond the picture.
        if let [part] = parts.as_mut_slice() {
            let plane = &self.components[part.component].plane;
            groups = (plane.width(), plane.height());
            (part.across, part.down) = (1, 1);
        }
        let mut bits = Bits::new(data);
        let mut until_restart = tables.restart;
        for y in 0..groups.1 {
            for x in 0..groups.0 {
                if tables.restart > 0 {
                    if until_restart == 0 {
                        bits.restart()?;
                        until_restart = tables.restart;
                        parts.iter_mut().for_each(|part| part.last = 0);
                    }
                    until_restart -= 1;
                }
                for part in &mut parts {
                    let plane = &mut self.components[part.component].plane;
                    for down in 0..part.down {
                        for across in 0..part.across {
                            let sample = part.next(&mut bits, scan.shift)?;
                            plane.set(x * part.across + across, y * part.down + down, sample);
                        }
                    }
                }
            }
        }
        for part in parts {
            self.components[part.component].is_read = true;
        }
        Some(())
    }

    fn pixels(&self, tables: &Tables) -> Pixels {
        let (width, height) = (self.width.div_ceil(BLOCK), self.height.div_ceil(BLOCK));
        let mut data = vec![255; width * height * 4];
        let mut planes: Vec<_> = self
            .components
            .iter()
            .map(|component| {
                let across = (component.across, self.most.0);
                Stretched::new(
                    &component.plane,
                    width,
                    across,
                    (component.down, self.most.1),
                )
            })
            .collect();
        let mut rows = vec![vec![0; width]; planes.len()];
        let is_rgb = self.is_rgb(tables);
        for (y, pixels) in data.chunks_exact_mut(width * 4).enumerate() {
            for (plane, row) in planes.iter_mut().zip(&mut rows) {
                plane.read(y, row);
            }
            let pixels = pixels.chunks_exact_mut(4);
            match rows.as_slice() {
                [first, second, third] => {
                    let samples = first.iter().zip(second).zip(third);
                    for (pixel, ((&first, &second), &third)) in pixels.zip(samples) {
                        let rgb = if is_rgb {
                            [first, second, third]
                        } else {
                            from_ycbcr(first, second, third)
                        };
                        pixel[..3].copy_from_slice(&rgb);
                    }
                }
                rows => {
                    for (pixel, &grey) in pixels.zip(rows.iter().flatten()) {
                        pixel[..3].fill(grey);
                    }
                }
            }
        }
        Pixels {
            data,
            width: width as u32,
            height: height as u32,
        }
    }

    /// As libjpeg guesses it.
    fn is_rgb(&self, tables: &Tables) -> bool {
        let ids = self.components.iter().map(|component| component.id);
        match tables.adobe {
            _ if tables.jfif => false,
            Some(transform) => transform == 0,
            None => ids.eq(*b"RGB"),
        }
    }
}

/// One component while its scan is read.
struct Part<'a> {
    component: usize,
    code: &'a Code,
    factor: i64,
    across: usize,
    down: usize,
    /// The block before.
    last: i32,
}

impl Part<'_> {
    /// The mean of the next block.
    fn next(&mut self, bits: &mut Bits<'_>, shift: u32) -> Option<u8> {
        // Eight bits give no more, and nonsense must not grow.
        const MOST: i32 = 1 << 15;
        self.last = (self.last + bits.difference(self.code)?).clamp(-MOST, MOST);
        // What later scans will add to it is half of the last bit, in the mean. So this is twice the coefficient,
        // which is eight times the sample.
        let twice = (i64::from(self.last) << (shift + 1)) + (1 << shift) - 1;
        let sample = (twice * self.factor + 8) >> 4;
        Some((sample + 128).clamp(0, 255) as u8)
    }
}

/// What the header of a scan says.
struct Scan {
    /// Each by its index, and that of its code.
    parts: Vec<(usize, usize)>,
    /// Bits that later scans will add.
    shift: u32,
}

impl Scan {
    /// None: it has something else than means that were not read yet.
    fn parse(body: &[u8], picture: &Picture) -> Option<Self> {
        const MOST_SHIFT: u8 = 13;
        let bytes = Bytes(body);
        let count = usize::from(bytes.u8(0)?);
        let mut parts: Vec<(usize, usize)> = Vec::new();
        for index in 0..count {
            let (id, codes) = (bytes.u8(1 + 2 * index)?, bytes.u8(2 + 2 * index)?);
            let mut components = picture.components.iter();
            let component = components.position(|component| component.id == id)?;
            let seen = picture.components[component].is_read;
            if seen || parts.iter().any(|(part, _)| *part == component) {
                return None;
            }
            parts.push((component, usize::from(codes >> 4)));
        }
        let [first, last, bits] = bytes.get(1 + 2 * count, 3)?.try_into().ok()?;
        let usual = (first, last, bits >> 4) == (0, 0, 0) && bits <= MOST_SHIFT;
        (usual && !parts.is_empty()).then_some(Self {
            parts,
            shift: bits.into(),
        })
    }
}

/// JFIF's colours.
fn from_ycbcr(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    const ONE: i32 = 1 << 16;
    let luma = i32::from(luma) * ONE + ONE / 2;
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    let channels = [
        luma + 91_881 * red,
        luma - 22_554 * blue - 46_802 * red,
        luma + 116_130 * blue,
    ];
    channels.map(|channel| (channel >> 16).clamp(0, 255) as u8)
}
