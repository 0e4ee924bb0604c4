//! Links to photos that are backed up, as a person gives them to others.
//!
//! **Invariant:** a link leads to what was just seen to be there, and is in no message.

use super::finding::chosen;
use super::{Library, Result, no_such_photo};
use crate::reason::no_such_destination;
use crate::store::checks;
use crate::store::destinations;
use crate::store::photos::{self, PhotoId};
use crate::view::*;
use remote::{Key, Look, Shown};
use std::ops::RangeInclusive;
use std::time::Duration;
use tokio::task::JoinSet;

/// Seconds that a link may last: stores take no more than seven days.
const GOOD_FOR: RangeInclusive<u32> = 1..=7 * 24 * 60 * 60;

/// The most photos that links are made to at once: each is looked for at its place first.
const MOST_LINKS: usize = 500;
/// How many are looked for side by side.
const AT_ONCE: usize = 8;

impl Library {
    /// A link that gives the photo to whoever has it, without keys, for some seconds (1 to 604,800), from
    /// `destination` (none: the first that gives links). [`Cause::NotBackedUp`] where the photo is not safe;
    /// [`Cause::NoLinks`] where it is, in folders only.
    pub async fn link(
        &self,
        photo: i64,
        destination: Option<i64>,
        seconds: u32,
    ) -> Result<PhotoLink> {
        if !GOOD_FOR.contains(&seconds) {
            let detail = format!("a link lasts 1 second to 7 days, not {seconds} s");
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        let id = PhotoId(photo);
        let found = self.context.store.read(move |db| {
            let rows = destinations::all(db)?;
            let wanted = rows
                .into_iter()
                .filter(|row| destination.is_none_or(|id| row.id.0 == id));
            let places = wanted
                .map(|row| Ok((checks::held(db, id, row.id)?, row)))
                .collect::<rusqlite::Result<Vec<_>>>()?;
            Ok((photos::get(db, id)?, places))
        });
        let (Some(photo), places) = found.await? else {
            return Err(no_such_photo());
        };
        if places.is_empty() {
            return Err(match destination {
                Some(_) => no_such_destination(),
                None => CommandError::new(Cause::NoDestination, "no photo is kept anywhere yet"),
            });
        }
        let mut safe = places
            .into_iter()
            .filter_map(|(held, row)| {
                let held = held.filter(|held| held.proof.is_some() && held.lost.is_none())?;
                Some((held, row))
            })
            .peekable();
        if safe.peek().is_none() {
            let detail = format!("{} is not backed up there", photo.name);
            return Err(CommandError::new(Cause::NotBackedUp, detail));
        }
        let in_bucket = safe.find(|(_, row)| matches!(row.config, DestinationConfig::S3 { .. }));
        let Some((held, row)) = in_bucket else {
            return Err(no_links(&photo.name));
        };
        let reached = self.reach(row).await?;
        let key = Key::parse(&held.key).map_err(|error| CommandError::new(Cause::BadKey, error))?;
        let seen = reached
            .remote
            .look(&key, held.bytes, &held.sha256, held.proof.as_ref())
            .await?;
        let lost = match seen {
            Look::Vouched(_) | Look::Unvouched { .. } => None,
            Look::Missing => Some(Cause::CopyMissing),
            Look::Other => Some(Cause::CopyDamaged),
        };
        if let Some(lost) = lost {
            return Err(CommandError::new(lost, held.key));
        }
        let shown = Shown {
            name: &held.name,
            content_type: &photo.media_type,
        };
        let link = reached
            .remote
            .link(&key, shown, Duration::from_secs(seconds.into()))
            .await?
            .ok_or_else(|| no_links(&photo.name))?;
        Ok(PhotoLink {
            url: link.url,
            until: link.until.as_millisecond(),
            name: photo.name,
            destination_name: reached.destination.name,
        })
    }

    /// Links to every photo of a choice of at most 500, each from the first place that gives one. A photo
    /// that none leads to is counted; a place that cannot be asked ends it.
    pub async fn links(&self, selection: Selection, seconds: u32) -> Result<PhotoLinks> {
        let ids = self.context.store.read(move |db| chosen(db, &selection));
        let ids = ids.await?;
        if ids.len() > MOST_LINKS {
            let detail = format!("links to {} photos, of at most {MOST_LINKS}", ids.len());
            return Err(CommandError::new(Cause::BadSettings, detail));
        }
        let mut made: Vec<Option<PhotoLink>> = vec![None; ids.len()];
        let mut asked = JoinSet::new();
        let mut waiting = ids.into_iter().enumerate();
        loop {
            while asked.len() < AT_ONCE
                && let Some((at, id)) = waiting.next()
            {
                let library = self.clone();
                asked.spawn(async move { (at, library.link(id.0, None, seconds).await) });
            }
            let Some(answer) = asked.join_next().await else {
                break;
            };
            let (at, answer) = answer.map_err(|error| CommandError::new(Cause::Internal, error))?;
            match answer {
                Ok(link) => made[at] = Some(link),
                Err(error) if leads_nowhere(error.code) => {}
                Err(error) => return Err(error),
            }
        }
        let all = made.len();
        let links: Vec<PhotoLink> = made.into_iter().flatten().collect();
        let without = u32::try_from(all - links.len()).unwrap_or(u32::MAX);
        Ok(PhotoLinks { links, without })
    }
}

/// Of that photo alone; others may have a link.
fn leads_nowhere(code: Cause) -> bool {
    matches!(
        code,
        Cause::NotBackedUp
            | Cause::NoLinks
            | Cause::CopyMissing
            | Cause::CopyDamaged
            | Cause::NotInLibrary
    )
}

fn no_links(name: &str) -> CommandError {
    CommandError::new(Cause::NoLinks, format!("{name} is safe in folders only"))
}
