//! What happens now, what needs the person, what is done.

use super::status::gone_reason;
use super::{destination_names, thumb_version};
use crate::clock;
use crate::context::Context;
use crate::lock::lock;
use crate::path_bytes::shown;
use crate::registry::Unready;
use crate::store::StoreError;
use crate::store::destinations::{self, DestinationId};
use crate::store::folders;
use crate::store::photos;
use crate::store::problems::{self, EXAMPLES, Group};
use crate::store::state::OfPhoto;
use crate::store::timeline;
use crate::transfers::Running;
use crate::view::*;
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::Arc;

/// Confirmations listed under *Done today*.
const MOST_DONE: u32 = 100;

pub(crate) async fn activity(context: &Arc<Context>) -> Result<Activity, StoreError> {
    let context = Arc::clone(context);
    let store = context.store.clone();
    store.read(move |db| activity_now(&context, db)).await
}

fn activity_now(context: &Context, db: &Connection) -> rusqlite::Result<Activity> {
    let since = clock::start_of_today();
    let counts = timeline::counts(db)?;
    let now = transfers(context, db)?;
    let queued = counts.get(&OfPhoto::Queued).copied().unwrap_or(0);
    let names = destination_names(db)?;
    let mut problems: Vec<Problem> = context
        .trouble
        .now()
        .map(of_this_machine)
        .into_iter()
        .collect();
    let mistake = context.settings.mistake();
    problems.extend(mistake.map(|error| of_this_machine(error.reason())));
    problems.extend(stuck_destinations(context, db)?);
    for group in problems::of_jobs(db)?
        .into_iter()
        .chain(problems::of_lost(db)?)
        .chain(problems::of_files(db)?)
    {
        if !told_with_place(&mut problems, &group) {
            problems.push(problem(group, &names));
        }
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
        done_today_count: timeline::photos_confirmed_since(db, since)?,
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
    for destination in destinations::all(db)? {
        let Some(reason) = gone_reason(&destination) else {
            continue;
        };
        let (count, examples) = destinations::only_here(db, destination.id, EXAMPLES)?;
        let told = problems
            .iter()
            .position(|told| told.destination == Some(destination.id.0));
        match told {
            Some(told) => {
                problems[told].count += count;
                problems[told].examples = examples;
            }
            // Nobody asked it in this run.
            None => problems.push(Problem {
                mends_itself: false,
                reason,
                destination: Some(destination.id.0),
                destination_name: Some(destination.name),
                folder: None,
                count: count + destinations::waiting(db, destination.id)?,
                examples,
            }),
        }
    }
    Ok(problems)
}

/// Where a place is stuck, its photos wait for the same reason: that is one matter, with their names as examples.
fn told_with_place(problems: &mut [Problem], group: &Group) -> bool {
    let Some(place) = group.destination.map(|id| id.0) else {
        return false;
    };
    let told = problems
        .iter_mut()
        .find(|told| told.destination == Some(place) && told.reason.code == group.cause);
    let Some(told) = told else {
        return false;
    };
    if told.examples.is_empty() {
        told.examples.clone_from(&group.examples);
    }
    true
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
        reason: Reason::new(Cause::FolderUnreadable, format!("{first} cannot be listed")),
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
        // There is nothing that anybody could do about a pipe.
        mends_itself: group.retry_at.is_some()
            || group.cause.mends_itself()
            || group.cause == Cause::SpecialFile,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_that_wait_for_a_stuck_place_are_told_with_it() {
        let stuck = |code, destination| Problem {
            reason: Reason::new(code, String::new()),
            mends_itself: true,
            destination,
            destination_name: None,
            folder: None,
            count: 2,
            examples: Vec::new(),
        };
        let group = |cause, destination: Option<i64>| Group {
            cause,
            detail: String::new(),
            retry_at: None,
            destination: destination.map(DestinationId),
            folder: None,
            count: 2,
            examples: vec!["a.jpg".into()],
        };
        let here = stuck(Cause::Unreachable, Some(1));
        let of_disk = stuck(Cause::DiskFull, None);
        //  name, what is told already, photos that wait, whether they are told with it
        let cases = [
            ("of it", &here, group(Cause::Unreachable, Some(1)), true),
            (
                "elsewhere",
                &here,
                group(Cause::Unreachable, Some(2)),
                false,
            ),
            (
                "another cause",
                &here,
                group(Cause::TooLarge, Some(1)),
                false,
            ),
            ("of no place", &of_disk, group(Cause::DiskFull, None), false),
        ];
        for (name, told, group, expected) in cases {
            let mut problems = [told.clone()];
            assert_eq!(told_with_place(&mut problems, &group), expected, "{name}");
            let examples = if expected { &group.examples[..] } else { &[] };
            assert_eq!(problems[0].examples, examples, "{name}");
        }
    }
}
