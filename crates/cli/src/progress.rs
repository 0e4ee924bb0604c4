//! How far it is, while one waits at a terminal: bars on standard error. In a pipe, nothing at all.

use crate::output::Output;
use crate::words::{self, plain};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use library::view::{Event, Status, Transfer};
use library::{Connection, Events, Result};
use std::collections::BTreeMap;
use std::io::{self, IsTerminal};

/// Photos on their way that have a line each.
const MOST_LINES: usize = 4;
/// Characters of a name at most.
const LONGEST_NAME: usize = 28;

/// What is heard and shown of the way.
pub(crate) struct Progress {
    events: Events,
    bars: Bars,
}

impl Progress {
    /// None: nobody looks at a terminal, or one document is asked for.
    pub(crate) async fn begin(library: &Connection, out: Output) -> Result<Option<Self>> {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        if out == Output::Json || dumb || !io::stderr().is_terminal() {
            return Ok(None);
        }
        let events = library.events().await?;
        let mut bars = Bars::new();
        bars.status(&library.status().await?);
        Ok(Some(Self { events, bars }))
    }

    /// Shows what happens; returns when nothing more will be heard.
    async fn follow(&mut self) {
        // Why it ended is told by the answer that is waited for.
        while let Ok(Some(event)) = self.events.next().await {
            self.bars.show(&event);
        }
    }
}

/// Waits for `work`, and shows meanwhile how far it is.
pub(crate) async fn during<T>(progress: &mut Option<Progress>, work: impl Future<Output = T>) -> T {
    let Some(progress) = progress else {
        return work.await;
    };
    tokio::pin!(work);
    tokio::select! {
        done = &mut work => return done,
        () = progress.follow() => {}
    }
    work.await
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bars.clear();
    }
}

struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    /// By photo and destination.
    running: BTreeMap<(i64, i64), ProgressBar>,
    way: Way,
}

impl Bars {
    fn new() -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let total = all.add(ProgressBar::new(1));
        total.set_style(style("{prefix:.bold} {wide_bar:.cyan} {msg}"));
        total.set_prefix("Looking");
        Self {
            all,
            total,
            running: BTreeMap::new(),
            way: Way::default(),
        }
    }

    fn show(&mut self, event: &Event) {
        match event {
            Event::Status { status } => self.status(status),
            Event::Transfers { now } => self.transfers(now),
            Event::Copying { done, total } => {
                self.total.set_prefix("Copying into the library");
                self.total.set_length(u64::from(*total));
                self.total.set_position(u64::from(*done));
                self.total.set_message(format!(
                    "{} of {}",
                    words::grouped(u64::from(*done)),
                    words::count(*total, "photo", "photos")
                ));
            }
            Event::Photos { .. }
            | Event::Saving { .. }
            | Event::Settings { .. }
            | Event::Measuring { .. }
            | Event::Verifying { .. } => {}
        }
    }

    fn status(&mut self, status: &Status) {
        self.way.seen(status.bytes_safe, status.bytes_left);
        self.total.set_prefix(format!(
            "{} of {} safe",
            words::grouped(u64::from(status.safe)),
            words::grouped(u64::from(status.photos))
        ));
        let (done, total) = match self.way.total() {
            // No bytes to count: all is done, or nothing is known yet.
            0 => (
                u64::from(status.photos > 0 && status.safe == status.photos),
                1,
            ),
            total => (self.way.done, total),
        };
        self.total.set_length(total);
        self.total.set_position(done);
        self.total.set_message(self.way.words(status));
    }

    fn transfers(&mut self, now: &[Transfer]) {
        let shown = &now[..now.len().min(MOST_LINES)];
        let key = |transfer: &Transfer| (transfer.photo, transfer.destination);
        self.running.retain(|place, bar| {
            let goes_on = shown.iter().any(|transfer| key(transfer) == *place);
            if !goes_on {
                bar.finish_and_clear();
                self.all.remove(bar);
            }
            goes_on
        });
        for transfer in shown {
            let bar = self.running.entry(key(transfer)).or_insert_with(|| {
                let bar = self.all.add(ProgressBar::new(transfer.size));
                bar.set_style(style("  {prefix:28} {wide_bar:.dim} {msg}"));
                bar.set_prefix(cut(&plain(&transfer.name)));
                bar
            });
            bar.set_length(transfer.size);
            bar.set_position(transfer.sent.min(transfer.size));
            bar.set_message(format!(
                "{} of {} to {}",
                words::bytes(transfer.sent.min(transfer.size)),
                words::bytes(transfer.size),
                plain(&transfer.destination_name)
            ));
        }
    }

    fn clear(&mut self) {
        for bar in self.running.values().chain([&self.total]) {
            bar.finish_and_clear();
        }
    }
}

/// How many bytes went up since the look began, and how many are left.
#[derive(Debug, Default, PartialEq, Eq)]
struct Way {
    /// Bytes of photos that were safe when the look began.
    safe_before: Option<u64>,
    done: u64,
    left: Option<u64>,
}

impl Way {
    /// What is left falls as bytes go up, and rises as more photos are found. While it rises, only whole photos
    /// tell what went up: they became safe.
    fn seen(&mut self, safe: u64, left: u64) {
        if let Some(before) = self.left {
            self.done += before.saturating_sub(left);
        }
        let safe_before = *self.safe_before.get_or_insert(safe);
        self.done = self.done.max(safe.saturating_sub(safe_before));
        self.left = Some(left);
    }

    fn total(&self) -> u64 {
        self.done + self.left.unwrap_or(0)
    }

    /// `3.1 MB of 12.0 MB · 2.0 MB/s · 4 s left`
    fn words(&self, status: &Status) -> String {
        if self.total() == 0 {
            let reading = !status.scanning.is_empty();
            return if reading { "reading folders" } else { "" }.to_owned();
        }
        let mut words = vec![format!(
            "{} of {}",
            words::bytes(self.done),
            words::bytes(self.total())
        )];
        if self.left == Some(0) {
            return words.remove(0);
        }
        if status.bytes_per_second >= 1.0 {
            let speed = words::bytes(status.bytes_per_second as u64);
            words.push(format!("{speed}/s"));
        }
        if let Some(seconds) = status.seconds_left {
            words.push(format!("{} left", duration(seconds)));
        }
        words.join(" · ")
    }
}

fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// The beginning and the end of a long name, which says more than its middle.
fn cut(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    if characters.len() <= LONGEST_NAME {
        return name.to_owned();
    }
    let (begin, end) = (LONGEST_NAME / 2, LONGEST_NAME - LONGEST_NAME / 2 - 1);
    let begin: String = characters[..begin].iter().collect();
    let end: String = characters[characters.len() - end..].iter().collect();
    format!("{begin}…{end}")
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the templates of this file are valid")
        .progress_chars("━╸─")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_up_is_never_taken_back_when_more_is_found() {
        //  bytes safe and left, seen one after another; done and total after them
        type Seen<'a> = &'a [(u64, u64)];
        let cases: [(&str, Seen<'_>, (u64, u64)); 5] = [
            ("nothing seen", &[], (0, 0)),
            ("the first look", &[(7, 100)], (0, 100)),
            ("some went up", &[(7, 100), (7, 60), (107, 0)], (100, 100)),
            (
                "more was found",
                &[(0, 100), (0, 60), (40, 80), (110, 10)],
                (110, 120),
            ),
            (
                "more is found all the while",
                &[(0, 100), (90, 100), (180, 100)],
                (180, 280),
            ),
        ];
        for (name, seen, expected) in cases {
            let mut way = Way::default();
            seen.iter().for_each(|(safe, left)| way.seen(*safe, *left));
            assert_eq!((way.done, way.total()), expected, "{name}");
        }
    }

    #[test]
    fn times_and_names_fit_a_line() {
        assert_eq!(
            [0, 59, 61, 7_320].map(duration),
            ["0 s", "59 s", "1 min 1 s", "2 h 2 min"]
        );
        assert_eq!(cut("IMG_1.jpg"), "IMG_1.jpg");
        let cut = cut("a very long name of a photo, numbered 0001.jpg");
        assert_eq!(cut, "a very long na…ered 0001.jpg");
    }
}
