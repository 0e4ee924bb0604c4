//! How many uploads go to one destination at once: fewer when the far side is busy, more when all goes well.

const AT_FIRST: u32 = 4;
const AT_MOST: u32 = 16;
/// Uploads in a row that went well before one more is tried at once.
const RAISE_AFTER: u32 = 4;

/// What a job's end says of the far side's load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    Fine,
    Busy,
    Unknown,
}

#[derive(Debug)]
pub(super) struct Lanes {
    open: u32,
    taken: u32,
    went_well: u32,
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            open: AT_FIRST,
            taken: 0,
            went_well: 0,
        }
    }
}

impl Lanes {
    pub(super) fn free(&self) -> u32 {
        self.open.saturating_sub(self.taken)
    }

    pub(super) fn take(&mut self) {
        self.taken += 1;
    }

    pub(super) fn leave(&mut self, load: Load) {
        self.taken = self.taken.saturating_sub(1);
        match load {
            Load::Fine => {
                self.went_well += 1;
                if self.went_well >= RAISE_AFTER {
                    self.went_well = 0;
                    self.open = (self.open + 1).min(AT_MOST);
                }
            }
            Load::Busy => {
                self.went_well = 0;
                self.open = (self.open / 2).max(1);
            }
            Load::Unknown => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Load::{Busy, Fine, Unknown};
    use super::*;

    #[test]
    fn there_are_fewer_when_the_far_side_is_busy_and_more_when_all_goes_well() {
        //  name, how jobs ended, lanes
        type Case = (&'static str, &'static [(Load, usize)], u32);
        let cases: [Case; 8] = [
            ("at first", &[], 4),
            ("one that went well", &[(Fine, 1)], 4),
            ("four in a row", &[(Fine, 4)], 5),
            ("never more than sixteen", &[(Fine, 999)], 16),
            ("busy halves them", &[(Busy, 1)], 2),
            ("never none", &[(Busy, 9)], 1),
            ("busy ends a row", &[(Fine, 3), (Busy, 1), (Fine, 3)], 2),
            (
                "what says nothing ends none",
                &[(Fine, 3), (Unknown, 9), (Fine, 1)],
                5,
            ),
        ];
        for (name, ends, expected) in cases {
            let mut lanes = Lanes::default();
            for &(load, times) in ends {
                for _ in 0..times {
                    lanes.take();
                    lanes.leave(load);
                }
            }
            assert_eq!(lanes.free(), expected, "{name}");
        }
    }

    #[test]
    fn those_that_are_taken_are_not_free() {
        let mut lanes = Lanes::default();
        for _ in 0..4 {
            lanes.take();
        }
        lanes.leave(Busy);
        assert_eq!(lanes.free(), 0, "three go on in what are two lanes by now");
    }
}
