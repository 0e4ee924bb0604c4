//! What closing the last window means: the end of imgn, or that it goes on without one.
//!
//! **Invariant:** pure.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    Quit,
    GoOn,
    /// Nothing shows that it goes on, so it is said; where it cannot be, it ends instead.
    GoOnAndSay,
}

/// What the meaning hangs on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around {
    /// The person's setting.
    pub(crate) keep_running: bool,
    /// A folder and a destination were chosen; else there is nothing to do.
    pub(crate) set_up: bool,
    /// A tray shows the icon.
    pub(crate) tray: bool,
    /// It was said before in this run.
    pub(crate) told: bool,
}

impl Closing {
    pub(crate) fn decide(around: Around) -> Self {
        match around {
            Around {
                keep_running: false,
                ..
            }
            | Around { set_up: false, .. } => Self::Quit,
            Around { tray: true, .. } | Around { told: true, .. } => Self::GoOn,
            _ => Self::GoOnAndSay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_the_window_goes_on_where_that_is_wanted_and_known() {
        let usual = Around {
            keep_running: true,
            set_up: true,
            tray: true,
            told: false,
        };
        let no_tray = Around {
            tray: false,
            ..usual
        };
        //  name, around, what closing means
        let cases = [
            ("a tray shows it", usual, Closing::GoOn),
            (
                "the person wants it to end",
                Around {
                    keep_running: false,
                    ..usual
                },
                Closing::Quit,
            ),
            (
                "nothing is set up yet",
                Around {
                    set_up: false,
                    ..usual
                },
                Closing::Quit,
            ),
            ("nothing shows it", no_tray, Closing::GoOnAndSay),
            (
                "nothing shows it, which was said",
                Around {
                    told: true,
                    ..no_tray
                },
                Closing::GoOn,
            ),
            (
                "nothing shows it, and it is to end",
                Around {
                    keep_running: false,
                    told: true,
                    ..no_tray
                },
                Closing::Quit,
            ),
        ];
        for (name, around, expected) in cases {
            assert_eq!(Closing::decide(around), expected, "{name}");
        }
    }
}
