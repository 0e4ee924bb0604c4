//! Looking for photos, and what a person does with those they chose.

use super::{Library, Result};
use crate::blocking::blocking;
use crate::clock;
use crate::dates;
use crate::fetch;
use crate::saving;
use crate::store::photos::{self, PhotoId, Thumb};
use crate::store::search::{self, Filter, Place};
use crate::store::timeline::Cursor;
use crate::store::{files, jobs};
use crate::view::*;
use crate::wording;
use std::path::PathBuf;

/// The most tiles of one page.
const MOST_TILES: u32 = 1_000;
/// The most folders of one place that are offered.
const MOST_FOLDERS: usize = 1_000;

impl Library {
    /// How a search is understood today.
    pub async fn meaning(&self, text: String) -> Result<Meaning> {
        Ok(dates::meaning(&text, clock::today()))
    }

    /// The months in which the query finds photos, newest first; the undated last.
    pub async fn sections(&self, query: Query) -> Result<Vec<Section>> {
        let filter = filter(query);
        let months = self
            .context
            .store
            .read(move |db| search::months(db, &filter))
            .await?;
        let section = |(month, count): (String, u32)| Section {
            month: Some(month).filter(|month| !month.is_empty()),
            count,
        };
        Ok(months.into_iter().map(section).collect())
    }

    /// Newest first; `after` is a [`Tile::cursor`]; `limit` at most 1,000.
    pub async fn tiles(
        &self,
        query: Query,
        month: Option<String>,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<Tile>> {
        let (filter, month) = (filter(query), month.unwrap_or_default());
        let limit = limit.min(MOST_TILES);
        let cursor = after.map(|after| cursor(&after)).transpose()?;
        let rows = self
            .context
            .store
            .read(move |db| search::tiles(db, &filter, &month, cursor.as_ref(), limit))
            .await?;
        let wanted = rows
            .iter()
            .rev()
            .filter(|row| row.thumb == Thumb::Remote)
            .map(|row| row.id);
        fetch::want(&self.context, wanted);
        Ok(rows
            .into_iter()
            .map(|row| wording::tile(&self.context, row))
            .collect())
    }

    /// The formats of the library, the most frequent first.
    pub async fn formats(&self) -> Result<Vec<Format>> {
        Ok(self.context.store.read(search::formats).await?)
    }

    /// The names of the folders with photos right below a place. One that is not UTF-8 is not
    /// offered; its photos are found in the place itself.
    pub async fn subfolders(&self, place: FolderPlace) -> Result<Vec<String>> {
        let place = in_tree(place);
        let names = self
            .context
            .store
            .read(move |db| search::subfolders(db, &place, MOST_FOLDERS))
            .await?;
        Ok(names
            .into_iter()
            .filter_map(|name| String::from_utf8(name).ok())
            .collect())
    }

    /// Marks the photos as favourites, or as none. Their sidecars follow.
    pub async fn set_favourite(&self, selection: Selection, favourite: bool) -> Result<()> {
        let changed = self
            .context
            .store
            .write(move |db| {
                let mut changed = Vec::new();
                for id in chosen(db, &selection)? {
                    if photos::set_favourite(db, id, favourite)? {
                        changed.push(id);
                    }
                }
                Ok(changed)
            })
            .await?;
        self.context.news.photos(changed);
        self.context.bells.upload.notify_one();
        Ok(())
    }

    /// Moves the photos to the front of the queue, and tries again what waits or failed of them. Answers of how
    /// many the original is still to go.
    pub async fn upload_now(&self, selection: Selection) -> Result<u32> {
        let (ids, left) = self
            .context
            .store
            .write(move |db| {
                let ids = chosen(db, &selection)?;
                let mut left = 0;
                for id in &ids {
                    left += u32::from(jobs::hurry(db, *id)?);
                    jobs::retry_photo(db, *id)?;
                }
                Ok((ids, left))
            })
            .await?;
        self.context.news.photos(ids);
        self.context.bells.upload.notify_one();
        Ok(left)
    }

    /// Where the photos lie on this machine: one file of each that is here, in the timeline's order.
    pub async fn files(&self, selection: Selection) -> Result<Vec<PathBuf>> {
        let sources = self
            .context
            .store
            .read(move |db| {
                chosen(db, &selection)?
                    .into_iter()
                    .map(|id| files::sources(db, id))
                    .collect::<rusqlite::Result<Vec<_>>>()
            })
            .await?;
        let here = move || {
            let first = |sources: Vec<files::Source>| {
                sources
                    .into_iter()
                    .filter(|source| !source.away)
                    .map(|source| source.path)
                    .find(|path| path.is_file())
            };
            sources.into_iter().filter_map(first).collect()
        };
        Ok(blocking(here).await)
    }

    /// Saves the originals into a folder under their own names; nothing there is replaced. What is
    /// not on this machine is fetched, and checked where its SHA-256 is known.
    pub async fn save_originals(&self, selection: Selection, into: PathBuf) -> Result<SaveReport> {
        let ids = self
            .context
            .store
            .read(move |db| chosen(db, &selection))
            .await?;
        saving::save(&self.context, &ids, &into).await
    }
}

/// Taken for none, one that is not ours would show the first page for ever.
fn cursor(text: &str) -> Result<Cursor> {
    wording::parse_cursor(text).ok_or_else(|| {
        let detail = "the place to go on from is none of the timeline";
        CommandError::new(Cause::Internal, detail)
    })
}

/// The ids of a choice, in the timeline's order, each once.
pub(super) fn chosen(
    db: &rusqlite::Connection,
    selection: &Selection,
) -> rusqlite::Result<Vec<PhotoId>> {
    let filter = filter(selection.query.clone());
    let except: std::collections::HashSet<i64> = selection.except.iter().copied().collect();
    let mut seen = std::collections::HashSet::new();
    let mut ids = Vec::new();
    for month in &selection.months {
        let month = month.as_deref().unwrap_or_default();
        let whole = search::ids(db, &filter, month)?;
        ids.extend(whole.into_iter().filter(|id| !except.contains(&id.0)));
    }
    ids.extend(selection.ids.iter().copied().map(PhotoId));
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}

fn filter(query: Query) -> Filter {
    let meaning = dates::meaning(&query.text, clock::today());
    Filter {
        words: dates::words(&meaning.words),
        days: meaning.days,
        states: query.states,
        place: query.folder.map(in_tree),
        formats: query.formats,
        favourite: query.favourite,
    }
}

fn in_tree(place: FolderPlace) -> Place {
    Place {
        folder: place.folder,
        below: place.below.into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_where_a_tile_said_and_nowhere_else() {
        //  text, whether a page begins there
        let cases = [
            ("2019-06-01T12:30:00|7", true),
            ("|7", true),
            ("2019-06-01T12:30:00", false),
            ("2019-06-01T12:30:00|x", false),
            ("", false),
        ];
        for (text, begins) in cases {
            assert_eq!(cursor(text).is_ok(), begins, "{text:?}");
        }
    }
}
