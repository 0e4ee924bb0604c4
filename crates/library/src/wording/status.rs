//! The library in one look: the status line, folders, destinations.

use crate::admission;
use crate::clock;
use crate::context::Context;
use crate::lock::lock;
use crate::opening;
use crate::path_bytes::shown;
use crate::pause;
use crate::registry::Health;
use crate::store::destinations::{self, Destination, KeyOrigin};
use crate::store::files;
use crate::store::folders::{self, Folder};
use crate::store::jobs;
use crate::store::problems;
use crate::store::state::OfPhoto;
use crate::store::timeline;
use crate::store::{StoreError, copies};
use crate::view::*;
use rusqlite::Connection;
use std::sync::Arc;

pub(crate) async fn status(context: &Arc<Context>) -> Result<Status, StoreError> {
    let context = Arc::clone(context);
    let store = context.store.clone();
    store.read(move |db| status_now(&context, db)).await
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
    } else if context.requests.is_under_way(folder.id)
        || (tally.unread > 0 && files::any_new(db, folder.id)?)
    {
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
    let health = health(context, destination);
    let (photos, bytes) = destinations::tally(db, destination.id)?;
    Ok(DestinationView {
        id: destination.id.0,
        name: destination.name.clone(),
        config: destination.config.clone(),
        place: opening::place(&destination.config),
        keys: key_place(context, destination),
        service: service(&destination.profile),
        may_be_incomplete: may_be_incomplete(db, destination)?,
        state: health.state,
        reason: health
            .reason
            .filter(|_| health.state != DestinationState::Ready),
        gone: destination.gone.is_some(),
        photos,
        bytes,
        waiting: destinations::waiting(db, destination.id)?,
        last_checked: destination.checked_at,
        last_verified: destination.verified_at,
        examined: destination.examined.clone(),
    })
}

/// How it is doing; as long as nobody asked it in this run, what it last said of itself holds.
fn health(context: &Context, destination: &Destination) -> Health {
    let health = context.registry.health(destination.id);
    match (health.state, gone_reason(destination)) {
        (DestinationState::Unknown, Some(reason)) => Health {
            state: DestinationState::NeedsYou,
            reason: Some(reason),
        },
        _ => health,
    }
}

/// Why its copies prove nothing now.
pub(super) fn gone_reason(destination: &Destination) -> Option<Reason> {
    let place = opening::place(&destination.config);
    Some(Reason::new(destination.gone?, place))
}

/// Who answers at an HTTP API, as it was seen.
pub(crate) fn service(profile: &remote::Profile) -> Option<ServiceKind> {
    profile.service.map(|service| match service {
        remote::Service::Imgn => ServiceKind::Imgn,
        remote::Service::Functions => ServiceKind::Functions,
        remote::Service::Original => ServiceKind::Original,
        remote::Service::OriginalFunctions => ServiceKind::OriginalFunctions,
    })
}

fn may_be_incomplete(db: &Connection, destination: &Destination) -> rusqlite::Result<bool> {
    match destination
        .profile
        .service
        .and_then(remote::Service::lacks_some_from)
    {
        Some(most) => Ok(copies::count(db, destination.id)? >= most),
        None => Ok(false),
    }
}

fn key_place(context: &Context, destination: &Destination) -> KeyPlace {
    if destination.config.secret().is_none() {
        return KeyPlace::None;
    }
    let held = context.registry.held_keys(destination.id);
    match (held.map(|held| held.kept), destination.keys) {
        (Some(Ok(())), _) | (None, KeyOrigin::Typed) => KeyPlace::Keyring,
        (Some(Err(error)), _) => KeyPlace::ThisRun {
            detail: error.to_string(),
        },
        (None, KeyOrigin::Around) => KeyPlace::Around,
    }
}

fn status_now(context: &Context, db: &Connection) -> rusqlite::Result<Status> {
    let counts = timeline::counts(db)?;
    let count = |state: OfPhoto| counts.get(&state).copied().unwrap_or(0);
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
    let bytes_safe = jobs::bytes_safe(db)?;
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
    let held_up = if needs_person {
        count(OfPhoto::Queued)
    } else {
        0
    };
    Ok(Status {
        photos: OfPhoto::KEPT.into_iter().map(count).sum(),
        safe: count(OfPhoto::BackedUp),
        going: count(OfPhoto::Indexed) + count(OfPhoto::Queued) - held_up,
        waiting: count(OfPhoto::Waiting),
        needs_you: unlisted
            + count(OfPhoto::Failed)
            + held_up
            + problem_files(db)?
            + u32::from(context.trouble.now().is_some())
            + u32::from(context.settings.mistake().is_some()),
        online_only: count(OfPhoto::OnlineOnly),
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
        bytes_safe,
        bytes_left,
        seconds_left: seconds_left(bytes_left, speed),
        last_checked: last_checked(db, &destinations)?,
        rebuild: context.errands.rebuild.now(),
        restore: context.errands.restore.now(),
        cards: context.cards.offered(),
        card_copy: context.errands.card_copy.now(),
        first_run: destinations.is_empty() && rows.iter().all(|row| row.managed),
        folders,
        destinations,
        last_run: None,
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
