//! What the window asks for while a person types into its search.

use library::view::Query;
use library::{Library, Options};
use media::worker::WorkerCommand;
use serde_json::{Value, json};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

/// Tiles that fill a large window.
const TILES: u32 = 200;

pub(crate) async fn typed(
    directory: PathBuf,
    text: &str,
    runs: usize,
) -> Result<Value, Box<dyn Error>> {
    let options = Options::portable(directory, WorkerCommand::this_binary()?);
    let library = Library::look(options).await?;
    let mut typed = Vec::new();
    for (at, letter) in text.char_indices() {
        let text = &text[..at + letter.len_utf8()];
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..runs.max(1) {
            let query = Query {
                text: text.to_owned(),
                ..Query::default()
            };
            let begun = Instant::now();
            library.meaning(text.to_owned()).await?;
            let sections = library.sections(query.clone()).await?;
            if let Some(first) = sections.first() {
                library
                    .tiles(query, first.month.clone(), None, TILES)
                    .await?;
            }
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            found = sections.iter().map(|section| section.count).sum();
        }
        times.sort_by(f64::total_cmp);
        let milliseconds = times[times.len() / 2];
        typed.push(json!({ "text": text, "found": found, "milliseconds": milliseconds }));
    }
    Ok(Value::Array(typed))
}
