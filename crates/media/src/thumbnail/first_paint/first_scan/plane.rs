//! One component of the picture, a sample for each eight by eight pixels of it.

/// Samples, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plane {
    samples: Vec<u8>,
    /// As the scan has it: whole blocks of several components.
    pitch: usize,
    /// Of the picture.
    width: usize,
    height: usize,
}

impl Plane {
    /// With `pitch` × `rows` samples, of which `width` × `height` are of the picture.
    pub(super) fn new(pitch: usize, rows: usize, width: usize, height: usize) -> Self {
        Self {
            samples: vec![0; pitch * rows],
            pitch,
            width: width.min(pitch),
            height: height.min(rows),
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    pub(super) fn set(&mut self, x: usize, y: usize, sample: u8) {
        self.samples[y * self.pitch + x] = sample;
    }

    fn row(&self, y: usize) -> &[u8] {
        &self.samples[y * self.pitch..][..self.width]
    }
}

/// Brings a plane to the size of the picture: between its samples it goes in straight lines.
pub(super) struct Stretched<'a> {
    plane: &'a Plane,
    /// Samples of the plane for each of the picture; none: it has the picture's size.
    across: Option<Vec<(usize, u32)>>,
    down: (usize, usize),
    mixed: Vec<u32>,
}

/// Weights of two neighbours add up to this.
const WHOLE: u32 = 256;

impl<'a> Stretched<'a> {
    /// To a row of `width`; across and down the plane has so many samples for so many of the picture.
    pub(super) fn new(
        plane: &'a Plane,
        width: usize,
        across: (usize, usize),
        down: (usize, usize),
    ) -> Self {
        let stretched = across.0 != across.1 || down.0 != down.1;
        Self {
            plane,
            across: stretched.then(|| (0..width).map(|x| tap(x, across, plane.width)).collect()),
            down,
            mixed: vec![0; plane.width],
        }
    }

    /// Row `y` of the picture.
    pub(super) fn read(&mut self, y: usize, row: &mut [u8]) {
        let Some(across) = &self.across else {
            row.copy_from_slice(&self.plane.row(y)[..row.len()]);
            return;
        };
        let (above, weight) = tap(y, self.down, self.plane.height);
        let below = (above + 1).min(self.plane.height - 1);
        let rows = self.plane.row(above).iter().zip(self.plane.row(below));
        for (mixed, (&above, &below)) in self.mixed.iter_mut().zip(rows) {
            *mixed = u32::from(above) * (WHOLE - weight) + u32::from(below) * weight;
        }
        let last = self.mixed.len() - 1;
        for (sample, &(left, weight)) in row.iter_mut().zip(across) {
            let right = self.mixed[(left + 1).min(last)];
            let sum = self.mixed[left] * (WHOLE - weight) + right * weight;
            *sample = ((sum + WHOLE * WHOLE / 2) / (WHOLE * WHOLE)) as u8;
        }
    }
}

/// The sample at or before the middle of `at`, and the weight of the one after it.
fn tap(at: usize, (samples, of): (usize, usize), length: usize) -> (usize, u32) {
    let scale = samples as f64 / of as f64;
    let middle = ((at as f64 + 0.5) * scale - 0.5).max(0.0);
    let before = (middle as usize).min(length - 1);
    (before, (middle.fract() * f64::from(WHOLE)) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_samples_it_goes_in_straight_lines() {
        let mut plane = Plane::new(4, 2, 3, 2);
        for (x, y, sample) in [
            (0, 0, 0),
            (1, 0, 80),
            (2, 0, 160),
            (0, 1, 40),
            (1, 1, 120),
            (2, 1, 200),
        ] {
            plane.set(x, y, sample);
        }
        let mut same = [0; 3];
        Stretched::new(&plane, 3, (1, 1), (1, 1)).read(1, &mut same);
        assert_eq!(same, [40, 120, 200]);
        let mut row = [0; 6];
        let mut stretched = Stretched::new(&plane, 6, (1, 2), (1, 2));
        stretched.read(0, &mut row);
        assert_eq!(row, [0, 20, 60, 100, 140, 160]);
        stretched.read(1, &mut row);
        assert_eq!(row, [10, 30, 70, 110, 150, 170]);
        stretched.read(3, &mut row);
        assert_eq!(row, [40, 60, 100, 140, 180, 200]);
        let mut wide = [0; 5];
        Stretched::new(&plane, 5, (1, 2), (1, 1)).read(0, &mut wide);
        assert_eq!(wide, [0, 20, 60, 100, 140]);
    }
}
