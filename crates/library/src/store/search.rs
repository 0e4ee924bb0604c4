//! Which photos a query finds: months with counts, pages of tiles, and ids of a choice.
//!
//! Words are looked up in `photo_words`, which triggers keep; everything else are conditions on the
//! photo's row. Pages go on from a key, never from a number.

use super::photos::PhotoId;
use super::timeline::{COLUMNS, Cursor, TileRow, read};
use crate::view::{Days, Format, StateFilter};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

/// A query as the rows are asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Each begins a word of the photo, or is a phrase of it; all of them hold.
    pub(crate) words: Vec<Word>,
    pub(crate) days: Vec<Days>,
    pub(crate) states: Vec<StateFilter>,
    pub(crate) place: Option<Place>,
    pub(crate) formats: Vec<String>,
    pub(crate) favourite: bool,
}

/// One word, or what stood in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    Begins(String),
    Exactly(String),
}

/// A folder in the tree: `below` is a path in the watched folder, without a slash at either end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) folder: i64,
    pub(crate) below: Vec<u8>,
}

/// Months with what is found in them, newest first; the undated (empty) last.
pub(crate) fn months(db: &Connection, filter: &Filter) -> rusqlite::Result<Vec<(String, u32)>> {
    let mut values = Vec::new();
    let sql = if filter.is_by_state_alone() {
        let states = filter.state_condition();
        format!(
            "SELECT month, sum(count) FROM photo_tally WHERE {states} \
             GROUP BY month HAVING sum(count) > 0 ORDER BY month DESC"
        )
    } else {
        let from = filter.source(None, &mut values);
        let conditions = filter.conditions(&mut values);
        format!(
            "SELECT month, count(*) FROM {from} WHERE {conditions} GROUP BY month ORDER BY month DESC"
        )
    };
    db.prepare_cached(&sql)?
        .query_map(params_from_iter(values), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect()
}

/// A page of what is found in a month, newest first.
pub(crate) fn tiles(
    db: &Connection,
    filter: &Filter,
    month: &str,
    after: Option<&Cursor>,
    limit: u32,
) -> rusqlite::Result<Vec<TileRow>> {
    let mut values = vec![Value::from(month.to_owned())];
    let mut sql = format!("SELECT {COLUMNS} FROM photo WHERE month = ?");
    if let Some(cursor) = after {
        sql += " AND (sort_at, id) < (?, ?)";
        values.extend([Value::from(cursor.sort_at.clone()), Value::from(cursor.id)]);
    }
    filter.narrow(&mut sql, month, &mut values);
    sql += " ORDER BY sort_at DESC, id DESC LIMIT ?";
    values.push(Value::from(limit));
    db.prepare_cached(&sql)?
        .query_map(params_from_iter(values), read)?
        .collect()
}

/// All that is found in a month, newest first.
pub(crate) fn ids(db: &Connection, filter: &Filter, month: &str) -> rusqlite::Result<Vec<PhotoId>> {
    let mut values = vec![Value::from(month.to_owned())];
    let mut sql = "SELECT id FROM photo WHERE month = ?".to_owned();
    filter.narrow(&mut sql, month, &mut values);
    sql += " ORDER BY sort_at DESC, id DESC";
    db.prepare_cached(&sql)?
        .query_map(params_from_iter(values), |row| row.get(0).map(PhotoId))?
        .collect()
}

/// The formats of the library, the most frequent first.
pub(crate) fn formats(db: &Connection) -> rusqlite::Result<Vec<Format>> {
    db.prepare_cached(
        "SELECT media_type, count(*) FROM photo WHERE state <> 'hidden' GROUP BY media_type \
         ORDER BY count(*) DESC, media_type",
    )?
    .query_map([], |row| {
        Ok(Format {
            media_type: row.get(0)?,
            count: row.get(1)?,
        })
    })?
    .collect()
}

/// The names of the folders with photos right below a place, in order; at most `limit`.
///
/// Goes from one to the next by the index: what lies in them is not read.
pub(crate) fn subfolders(
    db: &Connection,
    place: &Place,
    limit: usize,
) -> rusqlite::Result<Vec<Vec<u8>>> {
    let mut next = db.prepare_cached(
        "SELECT path FROM file WHERE folder = ?1 AND gone_at IS NULL AND photo IS NOT NULL \
         AND path >= ?2 AND path < ?3 ORDER BY path LIMIT 1",
    )?;
    let (mut from, end) = place.range();
    let start = from.len();
    let mut names = Vec::new();
    while names.len() < limit {
        let mut rows = next.query(params![place.folder, from, end])?;
        let Some(row) = rows.next()? else { break };
        let path: Vec<u8> = row.get(0)?;
        match path[start..].iter().position(|byte| *byte == b'/') {
            Some(length) => {
                names.push(path[start..start + length].to_vec());
                from = path[..start + length].to_vec();
                from.push(AFTER_SLASH);
            }
            // A file of the place itself.
            None => {
                from = path;
                from.push(0);
            }
        }
    }
    Ok(names)
}

/// The byte after `/`: everything below a folder sorts before it.
const AFTER_SLASH: u8 = b'/' + 1;

impl Place {
    /// Paths below: from the first, up to the second.
    fn range(&self) -> (Vec<u8>, Vec<u8>) {
        if self.below.is_empty() {
            return (Vec::new(), vec![0xFF; 8]);
        }
        let with = |byte| [self.below.as_slice(), &[byte]].concat();
        (with(b'/'), with(AFTER_SLASH))
    }
}

impl Filter {
    fn is_by_state_alone(&self) -> bool {
        let states = self.states.clone();
        *self
            == Self {
                states,
                ..Self::default()
            }
    }

    /// What leads to the photos: the words, else the folder, else the photos themselves.
    fn source(&self, month: Option<&str>, values: &mut Vec<Value>) -> String {
        const COUNTED: &str = "CROSS JOIN photo INDEXED BY photo_found ON photo.id = found.id";
        if !self.words.is_empty() {
            values.push(Value::from(self.expression(month)));
            return format!(
                "(SELECT rowid AS id FROM photo_words WHERE photo_words MATCH ?) AS found {COUNTED}"
            );
        }
        match &self.place {
            Some(place) => {
                let (from, end) = place.range();
                values.extend([
                    Value::from(place.folder),
                    Value::from(from),
                    Value::from(end),
                ]);
                format!(
                    "(SELECT DISTINCT photo AS id FROM file WHERE folder = ? AND path >= ? AND path < ? \
                     AND gone_at IS NULL AND photo IS NOT NULL) AS found {COUNTED}"
                )
            }
            None => "photo".to_owned(),
        }
    }

    /// Conditions for a query that begins at [`Filter::source`].
    fn conditions(&self, values: &mut Vec<Value>) -> String {
        let mut sql = self.state_condition();
        if !self.words.is_empty() {
            self.in_place(&mut sql, values);
        }
        self.of_row(&mut sql, values);
        sql
    }

    /// Conditions for a query that goes through one month of the photos.
    fn narrow(&self, sql: &mut String, month: &str, values: &mut Vec<Value>) {
        *sql += " AND ";
        *sql += &self.state_condition();
        if !self.words.is_empty() {
            // The month's own word keeps the list of matches as short as the month.
            *sql += " AND +id IN (SELECT rowid FROM photo_words WHERE photo_words MATCH ?)";
            values.push(Value::from(self.expression(Some(month))));
        }
        self.in_place(sql, values);
        self.of_row(sql, values);
    }

    fn state_condition(&self) -> String {
        let states: Vec<&str> = self
            .states
            .iter()
            .flat_map(|state| match state {
                StateFilter::NotSafe => {
                    ["'indexed'", "'queued'", "'waiting'", "'failed'"].as_slice()
                }
                StateFilter::NeedsYou => &["'failed'"],
                StateFilter::OnlineOnly => &["'online_only'"],
            })
            .copied()
            .collect();
        if states.is_empty() {
            return "state <> 'hidden'".to_owned();
        }
        format!("state <> 'hidden' AND state IN ({})", states.join(", "))
    }

    fn in_place(&self, sql: &mut String, values: &mut Vec<Value>) {
        let Some(place) = &self.place else { return };
        let (from, end) = place.range();
        *sql += " AND EXISTS (SELECT 1 FROM file WHERE file.photo = photo.id AND file.gone_at IS NULL \
                 AND file.folder = ? AND file.path >= ? AND file.path < ?)";
        values.extend([
            Value::from(place.folder),
            Value::from(from),
            Value::from(end),
        ]);
    }

    fn of_row(&self, sql: &mut String, values: &mut Vec<Value>) {
        for days in &self.days {
            match days {
                Days::Between { from, to } => {
                    *sql += " AND month BETWEEN ? AND ? AND sort_at >= ? AND sort_at < ?";
                    let month = |day: &str| day.get(..7).unwrap_or(day).to_owned();
                    values.extend([
                        Value::from(month(from)),
                        Value::from(month(to)),
                        Value::from(from.clone()),
                        // Behind every time of the last day.
                        Value::from(format!("{to}~")),
                    ]);
                }
                Days::EveryYear { from, to } => {
                    *sql += if from <= to {
                        " AND substr(sort_at, 6, 5) BETWEEN ? AND ?"
                    } else {
                        " AND sort_at <> '' AND NOT (substr(sort_at, 6, 5) < ? AND substr(sort_at, 6, 5) > ?)"
                    };
                    values.extend([Value::from(from.clone()), Value::from(to.clone())]);
                }
            }
        }
        if self.favourite {
            *sql += " AND favourite = 1";
        }
        if !self.formats.is_empty() {
            let marks = vec!["?"; self.formats.len()].join(", ");
            *sql += &format!(" AND media_type IN ({marks})");
            values.extend(self.formats.iter().cloned().map(Value::from));
        }
    }

    /// The words as FTS5 reads them: <https://sqlite.org/fts5.html#full_text_query_syntax>.
    fn expression(&self, month: Option<&str>) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let words: Vec<String> = self
            .words
            .iter()
            .map(|word| match word {
                Word::Begins(text) => format!("{}*", quoted(text)),
                Word::Exactly(text) => quoted(text),
            })
            .collect();
        let mut expression = format!("{{name camera place texts}} : ({})", words.join(" AND "));
        if let Some(month) = month {
            expression += &format!(" AND month : zqm{}", month.replace('-', ""));
        }
        expression
    }
}
