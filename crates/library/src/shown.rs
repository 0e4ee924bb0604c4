//! Words rows as what the gallery and the command line are shown.

use crate::admission;
use crate::clock;
use crate::context::Context;
use crate::lock::lock;
use crate::opening;
use crate::path_bytes::shown;
use crate::pause;
use crate::picture;
use crate::registry::Unready;
use crate::store::destinations::{self, Destination, DestinationId};
use crate::store::folders::{self, Folder};
use crate::store::jobs::{self, Standing};
use crate::store::photos::{self, Photo, PhotoId, Thumb};
use crate::store::problems::{self, Group};
use crate::store::timeline::{self, Cursor, TileRow};
use crate::store::{StoreError, copies, files};
use crate::transfers::{Phase, Running};
use crate::view::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remote::Proof;
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::Arc;

/// Confirmations listed under *Done today*.
const MOST_DONE: u32 = 100;

pub(crate) async fn status(context: &Arc<Context>) -> Result<Status, StoreError> {
    let context = Arc::clone(context);
    let store = context.store.clone();
    store.read(move |db| status_now(&context, db)).await
}

pub(crate) async fn activity(context: &Arc<Context>) -> Result<Activity, StoreError> {
    let context = Arc::clone(context);
    let store = context.store.clone();
    store.read(move |db| activity_now(&context, db)).await
}

/// Everything about some photos, in their order; one that is gone is left out.
pub(crate) async fn details(
    context: &Arc<Context>,
    ids: Vec<PhotoId>,
) -> Result<Vec<PhotoDetail>, StoreError> {
    let context = Arc::clone(context);
    let store = context.store.clone();
    store
        .read(move |db| {
            let destinations = destinations::all(db)?;
            let mut details = Vec::with_capacity(ids.len());
            for id in ids {
                if let Some(photo) = photos::get(db, id)? {
                    details.push(detail_now(&context, db, &destinations, photo)?);
                }
            }
            Ok(details)
        })
        .await
}

/// What goes up now.
pub(crate) fn transfers(context: &Context, db: &Connection) -> rusqlite::Result<Vec<Transfer>> {
    let names = destination_names(db)?;
    context
        .transfers
        .now()
        .iter()
        .map(|running| transfer(running, &names, db))
        .collect()
}

pub(crate) fn tile(context: &Context, row: TileRow) -> Tile {
    let state = overlay(context, row.id, &row.state);
    Tile {
        id: row.id.0,
        name: row.name,
        width: row.metadata.width.unwrap_or(0),
        height: row.metadata.height.unwrap_or(0),
        thumbhash: row.thumbhash.map(|hash| STANDARD.encode(hash)),
        thumb: thumb_version(row.thumb, row.sha256.as_ref()),
        thumb_state: thumb_state(row.thumb),
        state,
        taken_at: Some(row.sort_at.clone()).filter(|at| !at.is_empty()),
        cursor: format!("{}|{}", row.sort_at, row.id.0),
    }
}

/// The cursor that [`tile`] wrote; none: it is not one of ours.
pub(crate) fn parse_cursor(cursor: &str) -> Option<Cursor> {
    let (sort_at, id) = cursor.rsplit_once('|')?;
    Some(Cursor {
        sort_at: sort_at.to_owned(),
        id: id.parse().ok()?,
    })
}

pub(crate) fn folder_view(
    context: &Context,
    db: &Connection,
    folder: &Folder,
    folders: &[Folder],
) -> rusqlite::Result<FolderView> {
    let tally = folders::tally(db, folder.id)?;
    let state = if folder.offline {
        FolderState::Offline
    } else if context.requests.is_running(folder.id) {
        FolderState::Scanning
    } else {
        FolderState::Watching
    };
    let left_out = admission::left_out(context, folders, &folder.path);
    Ok(FolderView {
        id: folder.id.0,
        path: shown(&folder.path),
        managed: folder.managed,
        state,
        photos: tally.photos,
        bytes: tally.bytes,
        videos: tally.videos,
        other_files: tally.other,
        left_out: left_out.iter().map(|path| shown(path)).collect(),
        polling: lock(&context.polled).contains(&folder.id),
    })
}

pub(crate) fn destination_view(
    context: &Context,
    db: &Connection,
    destination: &Destination,
) -> rusqlite::Result<DestinationView> {
    let health = context.registry.health(destination.id);
    let (photos, bytes) = destinations::tally(db, destination.id)?;
    Ok(DestinationView {
        id: destination.id.0,
        name: destination.name.clone(),
        config: destination.config.clone(),
        place: opening::place(&destination.config),
        state: health.state,
        reason: health
            .reason
            .filter(|_| health.state != DestinationState::Ready),
        photos,
        bytes,
        waiting: destinations::waiting(db, destination.id)?,
        last_checked: destination.checked_at,
    })
}

fn status_now(context: &Context, db: &Connection) -> rusqlite::Result<Status> {
    let counts = timeline::counts(db)?;
    let count = |state: &str| counts.get(state).copied().unwrap_or(0);
    let rows = folders::all(db)?;
    let folders: Vec<FolderView> = rows
        .iter()
        .map(|row| folder_view(context, db, row, &rows))
        .collect::<rusqlite::Result<_>>()?;
    let destinations: Vec<DestinationView> = destinations::all(db)?
        .iter()
        .map(|row| destination_view(context, db, row))
        .collect::<rusqlite::Result<_>>()?;
    let speed = context.transfers.speed();
    let sent: u64 = context
        .transfers
        .now()
        .iter()
        .map(|running| running.sent())
        .sum();
    let bytes_left = jobs::bytes_left(db)?.saturating_sub(sent);
    let stuck = |view: &DestinationView| {
        matches!(
            view.state,
            DestinationState::Offline | DestinationState::NeedsYou
        )
    };
    let offline = !destinations.is_empty()
        && destinations.iter().all(stuck)
        && destinations
            .iter()
            .any(|view| view.state == DestinationState::Offline);
    let needs_person = destinations
        .iter()
        .any(|view| view.state == DestinationState::NeedsYou);
    let unlisted = u32::try_from(
        lock(&context.unlisted)
            .values()
            .map(Vec::len)
            .sum::<usize>(),
    )
    .unwrap_or(u32::MAX);
    let held_up = if needs_person { count("queued") } else { 0 };
    Ok(Status {
        photos: ["indexed", "queued", "waiting", "failed", "backed_up"]
            .iter()
            .map(|state| count(state))
            .sum(),
        safe: count("backed_up"),
        going: count("indexed") + count("queued") - held_up,
        waiting: count("waiting"),
        needs_you: unlisted
            + count("failed")
            + held_up
            + problem_files(db)?
            + u32::from(context.trouble.now().is_some()),
        online_only: count("online_only"),
        videos: folders.iter().map(|folder| folder.videos).sum(),
        other_files: folders.iter().map(|folder| folder.other_files).sum(),
        offline,
        pause: pause::current(db, clock::now())?,
        scanning: folders
            .iter()
            .filter(|folder| folder.state == FolderState::Scanning)
            .map(|folder| folder.path.clone())
            .collect(),
        bytes_per_second: speed,
        bytes_left,
        seconds_left: seconds_left(bytes_left, speed),
        last_checked: last_checked(db, &destinations)?,
        first_run: destinations.is_empty() && rows.iter().all(|row| row.managed),
        folders,
        destinations,
    })
}

/// Files that wait for the person; a pipe or a socket is said, but nobody need do anything.
fn problem_files(db: &Connection) -> rusqlite::Result<u32> {
    Ok(problems::of_files(db)?
        .iter()
        .filter(|group| group.cause != Cause::SpecialFile)
        .map(|group| group.count)
        .sum())
}

fn last_checked(
    db: &Connection,
    destinations: &[DestinationView],
) -> rusqlite::Result<Option<i64>> {
    let answered = destinations
        .iter()
        .filter_map(|view| view.last_checked)
        .max();
    Ok(answered.max(copies::last_confirmed(db)?))
}

fn seconds_left(bytes: u64, speed: f64) -> Option<u64> {
    (speed >= 1.0).then(|| (bytes as f64 / speed).ceil() as u64)
}

fn activity_now(context: &Context, db: &Connection) -> rusqlite::Result<Activity> {
    let since = clock::start_of_today();
    let counts = timeline::counts(db)?;
    let now = transfers(context, db)?;
    let queued = counts.get("queued").copied().unwrap_or(0);
    let names = destination_names(db)?;
    let mut problems: Vec<Problem> = context
        .trouble
        .now()
        .map(of_this_machine)
        .into_iter()
        .collect();
    problems.extend(stuck_destinations(context, db)?);
    for group in problems::of_jobs(db)?
        .into_iter()
        .chain(problems::of_files(db)?)
    {
        problems.push(problem(group, &names));
    }
    problems.extend(offline_folders(db)?);
    problems.extend(unlisted_folders(context));
    problems.sort_by_key(|problem| problem.mends_itself);
    let done_today = timeline::confirmed_since(db, since, MOST_DONE)?
        .into_iter()
        .filter_map(|(id, destination_name, at)| {
            let photo = photos::get(db, id).transpose()?;
            Some(photo.map(|photo| Done {
                photo: id.0,
                thumb: thumb_version(photo.thumb, photo.sha256.as_ref()),
                name: photo.name,
                destination_name,
                at,
            }))
        })
        .collect::<rusqlite::Result<_>>()?;
    Ok(Activity {
        queued: queued.saturating_sub(u32::try_from(now.len()).unwrap_or(u32::MAX)),
        now,
        problems,
        done_today,
        done_today_count: timeline::count_confirmed_since(db, since)?,
    })
}

fn of_this_machine(reason: Reason) -> Problem {
    Problem {
        reason,
        mends_itself: false,
        destination: None,
        destination_name: None,
        folder: None,
        count: 0,
        examples: Vec::new(),
    }
}

/// Destinations at which everything waits: one line each, not one a photo.
fn stuck_destinations(context: &Context, db: &Connection) -> rusqlite::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for Unready {
        destination,
        health,
        ..
    } in context.registry.unready()
    {
        let Some(reason) = health.reason else {
            continue;
        };
        if health.state == DestinationState::Unknown {
            continue;
        }
        problems.push(Problem {
            mends_itself: health.state == DestinationState::Offline,
            reason,
            destination: Some(destination.id.0),
            destination_name: Some(destination.name),
            folder: None,
            count: destinations::waiting(db, destination.id)?,
            examples: Vec::new(),
        });
    }
    Ok(problems)
}

fn offline_folders(db: &Connection) -> rusqlite::Result<Vec<Problem>> {
    let offline = folders::all(db)?
        .into_iter()
        .filter(|folder| folder.offline);
    offline
        .map(|folder| {
            let path = shown(&folder.path);
            Ok(Problem {
                reason: Reason::new(Cause::FolderOffline, format!("{path} is not there")),
                mends_itself: true,
                destination: None,
                destination_name: None,
                count: folders::tally(db, folder.id)?.photos,
                folder: Some(path),
                examples: Vec::new(),
            })
        })
        .collect()
}

fn unlisted_folders(context: &Context) -> Vec<Problem> {
    let unlisted: Vec<String> = lock(&context.unlisted)
        .values()
        .flatten()
        .map(|path| shown(path))
        .collect();
    let Some(first) = unlisted.first() else {
        return Vec::new();
    };
    vec![Problem {
        reason: Reason::new(Cause::FileUnreadable, format!("{first} cannot be listed")),
        mends_itself: false,
        destination: None,
        destination_name: None,
        folder: Some(first.clone()),
        count: u32::try_from(unlisted.len()).unwrap_or(u32::MAX),
        examples: unlisted.into_iter().take(5).collect(),
    }]
}

fn problem(group: Group, names: &HashMap<DestinationId, String>) -> Problem {
    Problem {
        mends_itself: group.retry_at.is_some() || group.cause.mends_itself(),
        reason: Reason {
            code: group.cause,
            detail: group.detail,
            retry_at: group.retry_at,
        },
        destination: group.destination.map(|id| id.0),
        destination_name: group.destination.and_then(|id| names.get(&id).cloned()),
        folder: group.folder,
        count: group.count,
        examples: group.examples,
    }
}

fn transfer(
    running: &Running,
    names: &HashMap<DestinationId, String>,
    db: &Connection,
) -> rusqlite::Result<Transfer> {
    let photo = photos::get(db, running.photo)?;
    Ok(Transfer {
        photo: running.photo.0,
        name: running.name.clone(),
        thumb: photo.and_then(|photo| thumb_version(photo.thumb, photo.sha256.as_ref())),
        destination: running.destination.0,
        destination_name: names.get(&running.destination).cloned().unwrap_or_default(),
        sent: running.sent(),
        size: running.size,
        bytes_per_second: running.bytes_per_second(),
    })
}

fn detail_now(
    context: &Context,
    db: &Connection,
    destinations: &[Destination],
    photo: Photo,
) -> rusqlite::Result<PhotoDetail> {
    let sources = files::sources(db, photo.id)?;
    let known = copies::of_photo(db, photo.id)?;
    let standings = jobs::standings(db, photo.id)?;
    let copies = destinations
        .iter()
        .map(|destination| {
            let copy = known.iter().find(|copy| copy.destination == destination.id);
            let standing = standings
                .iter()
                .find(|standing| standing.destination == destination.id);
            copy_view(context, photo.id, destination, copy, standing)
        })
        .collect();
    let shown_here = picture::shown_type(&photo.media_type).is_some();
    let metadata = photo.metadata;
    Ok(PhotoDetail {
        id: photo.id.0,
        name: photo.name,
        sha256: photo.sha256.map(hex::encode),
        size: photo.size,
        width: metadata.width.unwrap_or(0),
        height: metadata.height.unwrap_or(0),
        thumb: thumb_version(photo.thumb, photo.sha256.as_ref()),
        thumbhash: photo.thumbhash.map(|hash| STANDARD.encode(hash)),
        original_shown: shown_here && sources.iter().any(|source| !source.folder_offline),
        media_type: photo.media_type,
        taken_at: metadata
            .taken_at
            .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
        utc_offset: metadata.utc_offset,
        camera_make: metadata.camera.make,
        camera_model: metadata.camera.model,
        lens: metadata.camera.lens,
        f_number: metadata.exposure.f_number,
        exposure_time: metadata.exposure.time,
        iso: metadata.exposure.iso,
        focal_length: metadata.exposure.focal_length,
        focal_length_35mm: metadata.exposure.focal_length_35mm,
        latitude: metadata.gps.map(|gps| gps.lat),
        longitude: metadata.gps.map(|gps| gps.lon),
        altitude: metadata.gps.and_then(|gps| gps.alt),
        title: metadata.title,
        description: metadata.description,
        artist: metadata.artist,
        copyright: metadata.copyright,
        rating: metadata.rating,
        keywords: metadata.keywords,
        files: sources.iter().map(|source| shown(&source.path)).collect(),
        state: overlay(context, photo.id, &photo.state),
        unreadable: photo.unreadable,
        copies,
    })
}

fn copy_view(
    context: &Context,
    photo: PhotoId,
    destination: &Destination,
    copy: Option<&copies::Copy>,
    standing: Option<&Standing>,
) -> CopyView {
    let confirmed = copy.and_then(|copy| copy.proof.as_ref().zip(copy.confirmed_at));
    let under_way = || overlay(context, photo, "queued");
    let health = context.registry.health(destination.id);
    let (state, reason) = match (confirmed, standing) {
        (Some(_), _) => (PhotoState::BackedUp, None),
        (None, Some(standing)) if standing.state == "failed" || standing.state == "waiting" => {
            let state = if standing.state == "failed" {
                PhotoState::Failed
            } else {
                PhotoState::Waiting
            };
            let retry_at = (standing.state == "waiting").then_some(standing.not_before);
            let reason = standing.cause.map(|code| Reason {
                code,
                detail: standing.detail.clone(),
                retry_at,
            });
            (state, reason)
        }
        (None, Some(_)) => (under_way(), health.reason),
        (None, None) => (PhotoState::OnlineOnly, None),
    };
    CopyView {
        destination: destination.id.0,
        destination_name: destination.name.clone(),
        key: copy.map(|copy| copy.key.clone()),
        state,
        reason,
        proof: confirmed.map(|(proof, at)| proof_view(proof, at)),
    }
}

fn proof_view(proof: &Proof, confirmed_at: i64) -> ProofView {
    let (kind, parts, etag, version) = match proof {
        Proof::FullSha256 { etag, version } => (ProofKind::FullSha256, None, etag, version),
        Proof::PartsSha256 {
            parts,
            etag,
            version,
        } => (ProofKind::PartsSha256, Some(*parts), etag, version),
        Proof::SizeOnly { etag, version } => (ProofKind::SizeOnly, None, etag, version),
    };
    ProofView {
        kind,
        parts,
        etag: etag.clone(),
        version: version.clone(),
        confirmed_at,
    }
}

/// The row's state, but for what is under way at this moment.
fn overlay(context: &Context, photo: PhotoId, row: &str) -> PhotoState {
    match row {
        "queued" => match context.transfers.phase_of(photo) {
            Some(Phase::Uploading) => PhotoState::Uploading,
            Some(Phase::Verifying) => PhotoState::Verifying,
            None => PhotoState::Queued,
        },
        "indexed" => PhotoState::Indexed,
        "waiting" => PhotoState::Waiting,
        "failed" => PhotoState::Failed,
        "backed_up" => PhotoState::BackedUp,
        _ => PhotoState::OnlineOnly,
    }
}

fn thumb_version(thumb: Thumb, sha256: Option<&remote::Sha256>) -> Option<String> {
    match (thumb, sha256) {
        (Thumb::Made, Some(sha256)) => Some(hex::encode(&sha256[..8])),
        _ => None,
    }
}

fn thumb_state(thumb: Thumb) -> ThumbState {
    match thumb {
        Thumb::Made => ThumbState::Made,
        Thumb::Wanted | Thumb::Remote => ThumbState::Coming,
        Thumb::None => ThumbState::None,
    }
}

fn destination_names(db: &Connection) -> rusqlite::Result<HashMap<DestinationId, String>> {
    Ok(destinations::all(db)?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect())
}
