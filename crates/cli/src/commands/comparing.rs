//! Places side by side, measured before if that is asked for.

use super::syncing::interrupted;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::side_by_side::{self, Row, WIDTH};
use crate::words::compare as said;
use crate::words::{self, plain};
use library::view::{ComparedPlace, ComparedRow, Comparison, Event, MeasureReport, PlaceSort};
use library::{Connection, Result};
use serde::Serialize;

/// What `--json` prints.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    comparison: &'a Comparison,
    /// None: it was not asked for.
    measured: Option<&'a MeasureReport>,
}

pub(super) async fn compare(library: &Connection, out: Output) -> Result<Exit> {
    print(&library.compare().await?, None, out);
    Ok(Exit::Done)
}

pub(super) async fn measure(library: &Connection, out: Output) -> Result<Exit> {
    let mut events = library.events().await?;
    let measured = library.measure();
    let interrupted = interrupted();
    tokio::pin!(measured, interrupted);
    let mut asked_to_stop = false;
    let report = loop {
        tokio::select! {
            report = &mut measured => break report,
            event = events.next() => if let Some(Event::Measuring { name, done, total }) = event? {
                output::progress(&format!("{}: {done} of {total} asked", plain(&name)));
            },
            () = &mut interrupted, if !asked_to_stop => {
                asked_to_stop = true;
                library.stop_measure().await?;
            }
        }
    };
    output::end_progress();
    let report = report?;
    // A probe that was on its way is removed before this ends.
    library.shutdown().await;
    print(&library.compare().await?, Some(&report), out);
    let failed = report.places.iter().find_map(|place| place.reason.as_ref());
    Ok(match failed {
        Some(reason) => Exit::of(reason.code),
        None if report.stopped => Exit::Unfinished,
        None => Exit::Done,
    })
}

/// Where the table of prices is, which is made if it is not there.
pub(super) async fn prices(library: &Connection, out: Output) -> Result<Exit> {
    let file = library.prices_to_edit().await?.display().to_string();
    out.print(&serde_json::json!({ "file": file }), |_| {
        output::line(&plain(&file));
    });
    Ok(Exit::Done)
}

/// A place of the person's, or a sort of which they have none.
enum Column<'a> {
    Own(&'a ComparedPlace),
    Other(PlaceSort),
}

impl Column<'_> {
    fn sort(&self) -> PlaceSort {
        match self {
            Self::Own(place) => place.sort,
            Self::Other(sort) => *sort,
        }
    }

    fn title(&self) -> String {
        match self {
            Self::Own(place) => format!("{} ({})", plain(&place.name), said::sort(place.sort)),
            Self::Other(sort) => format!("{} (not yours)", said::sort(*sort)),
        }
    }

    fn cell(&self, row: ComparedRow, currency: &str) -> Vec<String> {
        let mut cell = match self {
            Self::Own(place) => said::figures(row, place, currency),
            Self::Other(_) => Vec::new(),
        };
        cell.push(said::general(row, self.sort()).to_owned());
        cell
    }
}

/// Who has one place or none yet sees what else there is.
fn columns(comparison: &Comparison) -> Vec<Column<'_>> {
    let own = comparison.places.iter().map(Column::Own);
    match comparison.places.len() {
        0 | 1 => own
            .chain(comparison.others.iter().copied().map(Column::Other))
            .collect(),
        _ => own.collect(),
    }
}

fn print(comparison: &Comparison, measured: Option<&MeasureReport>, out: Output) {
    let document = Document {
        comparison,
        measured,
    };
    out.print(&document, tell);
}

fn tell(document: &Document<'_>) {
    let comparison = document.comparison;
    let columns = columns(comparison);
    let titles: Vec<String> = columns.iter().map(Column::title).collect();
    let currency = &comparison.prices.currency;
    let rows = ComparedRow::ALL.map(|row| Row {
        title: said::row(row).to_owned(),
        cells: columns
            .iter()
            .map(|column| column.cell(row, currency))
            .collect(),
    });
    for line in side_by_side::lines(&titles, &rows) {
        output::line(&line);
    }
    let mut sorts: Vec<PlaceSort> = columns.iter().map(Column::sort).collect();
    sorts.sort();
    sorts.dedup();
    for sort in sorts {
        output::line(&format!("\n{}", said::sort(sort)));
        for text in said::good(sort) {
            output::line(&format!("  + {text}"));
        }
        for text in said::bad(sort) {
            output::line(&format!("  - {text}"));
        }
    }
    output::line("");
    notes(comparison).iter().for_each(|note| paragraph(note));
    if let Some(mistake) = &comparison.prices.mistake {
        output::error_line(&format!(
            "The table of prices is not understood, so those that imgn came with hold: {}",
            plain(mistake)
        ));
    }
    for place in document.measured.iter().flat_map(|report| &report.places) {
        let name = plain(&place.name);
        if let Some(text) = said::probing(place.probes) {
            paragraph(&format!("{name}: {text}."));
        }
        if let Some(reason) = &place.reason {
            output::trouble(&place.name, reason);
        }
    }
}

fn notes(comparison: &Comparison) -> Vec<String> {
    let mut notes = Vec::new();
    let costs = comparison
        .places
        .iter()
        .filter_map(|place| place.cost.as_ref());
    let sources = said::sources(costs);
    if !sources.is_empty() {
        notes.push(format!(
            "Prices: {}. They are no offer.",
            plain(&sources.join("; "))
        ));
    }
    notes.push(format!(
        "Prices are edited in {}; imgn-cli destination compare --prices makes that file.",
        plain(&comparison.prices.file)
    ));
    if let Some(limit) = comparison.upload_limit {
        notes.push(format!(
            "Uploads are held to {}/s by limits.upload: their times are the limit's.",
            words::bytes(limit)
        ));
    }
    let unmeasured = |place: &ComparedPlace| place.times.measured_at.is_none();
    if comparison.places.iter().any(unmeasured) {
        notes.push(
            "imgn-cli destination compare --measure asks each place some 30 times how long it takes."
                .to_owned(),
        );
    }
    notes
}

fn paragraph(text: &str) {
    for line in side_by_side::wrapped(text, WIDTH) {
        output::line(&line);
    }
}
