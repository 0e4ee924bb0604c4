//! A card or camera: everything among its pictures, one after the other, until it is stopped or the card is
//! gone.
//!
//! **Invariant:** what was copied by then stays, and nothing on the card is changed.

use super::{Came, copied, expand, nothing_yet, take_one};
use crate::blocking::blocking;
use crate::cards::Insertion;
use crate::context::Context;
use crate::path_bytes::shown;
use crate::view::{Cause, CommandError, DropReport, FileProblem, Stage};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

/// So many problems are named; more are counted.
const NAMED: usize = 100;

/// Copies what the library does not have, and says how far it is in the errand. An error is why it ended
/// early: [`Cause::DiskAway`] when the card is gone.
pub(crate) async fn take_card(
    context: &Context,
    card: &Insertion,
    stop: &CancellationToken,
) -> crate::Result<()> {
    copied::forget_indexed(context).await?;
    let listed = card.clone();
    let list = move || (expand(listed.pictures()), listed.films());
    let ((files, unlisted), films) = blocking(list).await;
    let mut report = nothing_yet();
    report.failed.extend(unlisted);
    report.videos = films;
    ensure_here(card).await?;
    let total = u32::try_from(files.len()).unwrap_or(u32::MAX);
    tell(context, (0, total), &report);
    let mut told = Instant::now();
    for (done, (path, _)) in (0..total).zip(files) {
        if stop.is_cancelled() || context.stop.is_cancelled() {
            tell(context, (done, total), &report);
            return Err(CommandError::new(Cause::Stopped, "it was stopped"));
        }
        if told.elapsed() > super::TELL {
            told = Instant::now();
            tell(context, (done, total), &report);
        }
        let Err(reason) = take_one(context, &path, Came::InAFolder, &mut report).await? else {
            continue;
        };
        let ends_it = match reason.code {
            Cause::DiskFull => Err(CommandError::new(reason.code, &reason.detail)),
            _ => ensure_here(card).await,
        };
        if let Err(end) = ends_it {
            tell(context, (done, total), &report);
            return Err(end);
        }
        let path = shown(&path);
        report.failed.push(FileProblem { path, reason });
    }
    tell(context, (total, total), &report);
    Ok(())
}

async fn ensure_here(card: &Insertion) -> crate::Result<()> {
    let looked = card.clone();
    match blocking(move || looked.is_here()).await {
        true => Ok(()),
        false => {
            let detail = format!("{} was taken out", shown(&card.root));
            Err(CommandError::new(Cause::DiskAway, detail))
        }
    }
}

fn tell(context: &Context, (done, total): (u32, u32), report: &DropReport) {
    context.errands.card_copy.update(|progress| {
        progress.stage = Stage::Running;
        (progress.done, progress.total) = (done, total);
        progress.copied = report.copied;
        progress.already_here = report.already_here;
        progress.videos = report.videos;
        progress.not_photos = report.not_photos;
        progress.problems = report.failed.iter().take(NAMED).cloned().collect();
        progress.problem_count = u32::try_from(report.failed.len()).unwrap_or(u32::MAX);
    });
    context.news.status();
}
