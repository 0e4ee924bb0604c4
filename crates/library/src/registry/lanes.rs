//! How many uploads go to one destination at once: fewer when the far side is busy, more when all goes well.

const AT_FIRST: u32 = 4;
const AT_MOST: u32 = 16;
/// Once the far side was busy: uploads in a row that went well before one more is tried at once. Before, each that
/// went well makes room for one more.
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
    /// By jobs at the far side.
    taken: u32,
    /// Jobs that were answered and are being recorded.
    ending: u32,
    went_well: u32,
    was_busy: bool,
}

impl Default for Lanes {
    fn default() -> Self {
        Self {
            open: AT_FIRST,
            taken: 0,
            ending: 0,
            went_well: 0,
            was_busy: false,
        }
    }
}

impl Lanes {
    pub(super) fn free(&self) -> u32 {
        // Nor is more sent than can be recorded.
        let recorded = AT_MOST.saturating_sub(self.ending);
        self.open.saturating_sub(self.taken).min(recorded)
    }

    pub(super) fn take(&mut self) {
        self.taken += 1;
    }

    pub(super) fn leave(&mut self, load: Load) {
        self.taken = self.taken.saturating_sub(1);
        self.ending += 1;
        match load {
            Load::Fine => {
                self.went_well += 1;
                if !self.was_busy || self.went_well >= RAISE_AFTER {
                    self.went_well = 0;
                    self.open = (self.open + 1).min(AT_MOST);
                }
            }
            Load::Busy => {
                self.was_busy = true;
                self.went_well = 0;
                self.open = (self.open / 2).max(1);
            }
            Load::Unknown => {}
        }
    }

    pub(super) fn end(&mut self) {
        self.ending = self.ending.saturating_sub(1);
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
        let cases: [Case; 9] = [
            ("at first", &[], 4),
            ("one that went well", &[(Fine, 1)], 5),
            ("four that went well", &[(Fine, 4)], 8),
            ("never more than sixteen", &[(Fine, 999)], 16),
            ("busy halves them", &[(Busy, 1)], 2),
            ("never none", &[(Busy, 9)], 1),
            ("from then on it takes four", &[(Busy, 1), (Fine, 4)], 3),
            (
                "busy ends a row",
                &[(Busy, 1), (Fine, 3), (Busy, 1), (Fine, 3)],
                1,
            ),
            (
                "what says nothing ends none",
                &[(Busy, 1), (Fine, 3), (Unknown, 9), (Fine, 1)],
                3,
            ),
        ];
        for (name, ends, expected) in cases {
            let mut lanes = Lanes::default();
            for &(load, times) in ends {
                for _ in 0..times {
                    lanes.take();
                    lanes.leave(load);
                    lanes.end();
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

    #[test]
    fn nothing_is_sent_while_too_much_waits_to_be_recorded() {
        let mut lanes = Lanes::default();
        for _ in 0..AT_MOST {
            lanes.take();
            lanes.leave(Fine);
        }
        assert_eq!(lanes.free(), 0);
        lanes.end();
        assert_eq!(lanes.free(), 1);
    }
}
