//! Which disks are in a watched folder now, and what that changes.
//!
//! **Invariant:** a disk that is not in its place is *away*: its rows stay as they are.

use crate::context::Context;
use crate::disk::Disk;
use crate::plan::{self, Candidate, Standing, There};
use crate::scan::{self, Listing};
use crate::store::folders::{self, Folder};
use crate::store::volumes::{self, Volume, VolumeId};
use crate::store::{StoreError, jobs};
use crate::view::Cause;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which volume is at which place of a folder.
pub(super) type Places = BTreeMap<PathBuf, VolumeId>;

/// Finds out which disks are there, and notes it. None: none of the folder's is.
pub(super) async fn recognise(
    context: &Context,
    folder: &Folder,
    listing: &Arc<Listing>,
) -> Result<Option<Places>, StoreError> {
    let (folder, listing) = (folder.clone(), Arc::clone(listing));
    let (places, news) = context
        .store
        .write(move |db| note_disks(db, &folder, &listing))
        .await?;
    if news {
        context.bells.index.notify_one();
        context.bells.upload.notify_one();
        context.bells.thumbs.notify_one();
    }
    Ok(places)
}

/// The volumes that are there, and whether that is news.
fn note_disks(
    db: &Connection,
    folder: &Folder,
    listing: &Listing,
) -> rusqlite::Result<(Option<Places>, bool)> {
    let known = volumes::of_folder(db, folder.id)?;
    let mut standings = Vec::new();
    for (place, disk) in &listing.disks {
        let candidates = known
            .iter()
            .filter(|volume| volume.mount == *place)
            .map(|volume| candidate(db, volume, disk, listing))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let there = There {
            naming: disk.naming,
            photos: listing
                .files
                .paths()
                .any(|path| listing.place_of(path) == place && scan::has_photo_name(path)),
        };
        standings.push((place, disk, plan::standing(&candidates, there)));
    }
    if standings
        .iter()
        .all(|(.., standing)| *standing == Standing::Absent)
    {
        return Ok((None, false));
    }
    let mut news = folder.offline || folder.root != Some(listing.root);
    let mut places = Places::new();
    // The outermost first: what is mounted below may have been taken for a part of it.
    for (place, disk, standing) in standings {
        let id = match standing {
            Standing::Absent => continue,
            Standing::Known(id) => id,
            Standing::New => {
                let id = volumes::insert(db, folder.id, place, Some(disk))?;
                if let Some(around) = around(&places, place) {
                    volumes::adopt(db, id, around, place, disk.device)?;
                }
                news = true;
                id
            }
        };
        let as_noted = |volume: &Volume| {
            volume.id == id
                && volume.here
                && volume.device == Some(disk.device)
                && volume.disk.as_ref() == Some(&disk.name)
        };
        if standing != Standing::New && !known.iter().any(as_noted) {
            volumes::set_here(db, id, disk)?;
            news = true;
        }
        places.insert(place.clone(), id);
    }
    for volume in known.iter().filter(|volume| volume.here) {
        let unseen = listing
            .unreadable
            .iter()
            .any(|path| volume.mount.starts_with(path));
        if !unseen && !places.values().any(|id| *id == volume.id) {
            volumes::set_away(db, volume.id)?;
            news = true;
        }
    }
    if folder.offline || folder.root != Some(listing.root) {
        folders::set_online(db, folder.id, listing.root)?;
    }
    if news {
        jobs::retry_cause(db, Cause::FolderOffline)?;
        jobs::retry_cause(db, Cause::DiskAway)?;
    }
    Ok((Some(places), news))
}

fn around(places: &Places, place: &Path) -> Option<VolumeId> {
    place
        .ancestors()
        .skip(1)
        .find_map(|outer| places.get(outer).copied())
}

fn candidate(
    db: &Connection,
    volume: &Volume,
    disk: &Disk,
    listing: &Listing,
) -> rusqlite::Result<Candidate> {
    let (known, sample) = volumes::sample(db, volume.id)?;
    let as_it_was = |(path, size): &&(PathBuf, u64)| {
        listing
            .files
            .get(path)
            .is_some_and(|seen| seen.size == *size && seen.device == disk.device)
    };
    Ok(Candidate {
        volume: volume.id,
        named_alike: volume.disk.as_ref() == Some(&disk.name),
        known,
        sampled: sample.len(),
        found: sample.iter().filter(as_it_was).count(),
    })
}
