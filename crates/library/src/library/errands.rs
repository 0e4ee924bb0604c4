//! A new computer: a library known again from a destination, and photos brought back into a folder.

use super::paths::resolved;
use super::{Library, Result};
use crate::admission;
use crate::blocking::blocking;
use crate::mounts;
use crate::opening;
use crate::path_bytes::shown;
use crate::reach;
use crate::reason::no_such_destination;
use crate::rebuild;
use crate::registry::Open;
use crate::restore;
use crate::store::destinations::Destination;
use crate::view::*;
use remote::Profile;
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;

impl Library {
    /// Counts the photos of the library in a place that is no destination yet; changes nothing there.
    pub async fn survey(
        &self,
        config: DestinationConfig,
        keys: Option<TypedKeys>,
    ) -> Result<Survey> {
        let remote = opening::open_remote(&config, keys, Profile::default()).await?;
        Ok(rebuild::survey(&*remote).await?)
    }

    /// Fetches what is known of every photo that the destination has and this machine does not.
    pub async fn rebuild(&self, destination: i64) -> Result<RebuildReport> {
        let (row, stop) = self.begin_rebuild(destination).await?;
        self.run_rebuild(row, stop).await
    }

    /// Begins a rebuild, which goes on by itself; [`Status::rebuild`] says how far it is.
    pub async fn start_rebuild(&self, destination: i64) -> Result<()> {
        let (row, stop) = self.begin_rebuild(destination).await?;
        let library = self.clone();
        self.context.errands.spawn(async move {
            // How it ended stands in the status.
            library.run_rebuild(row, stop).await.ok();
        });
        Ok(())
    }

    pub async fn stop_rebuild(&self) -> Result<()> {
        self.context.errands.rebuild.stop();
        Ok(())
    }

    async fn begin_rebuild(&self, destination: i64) -> Result<(Destination, CancellationToken)> {
        let row = self.row(destination).await?;
        let stop = self.context.errands.rebuild.begin(RebuildProgress {
            destination,
            destination_name: row.name.clone(),
            stage: Stage::Listing,
            done: 0,
            total: 0,
            by_name: 0,
            reason: None,
        })?;
        self.context.news.status();
        Ok((row, stop))
    }

    async fn run_rebuild(
        &self,
        row: Destination,
        stop: CancellationToken,
    ) -> Result<RebuildReport> {
        let errand = &self.context.errands.rebuild;
        let _begun = errand.begun();
        let work = async {
            let open = reach::open_now(&self.context, row.id).await?;
            tokio::select! {
                () = open.removed.cancelled() => Err(no_such_destination()),
                report = rebuild::run(&self.context, &open) => report,
            }
        };
        let report = until_stopped(&stop, work).await;
        if let Err(error) = &report {
            tracing::info!(name = row.name, %error, "a rebuild did not end well");
        }
        errand.end(&report);
        self.context.news.status();
        report
    }

    /// Brings every original of a destination (none: of all) back into a folder.
    pub async fn restore(&self, from: Option<i64>, to: &Path) -> Result<RestoreReport> {
        let (rows, to, stop) = self.begin_restore(from, to).await?;
        self.run_restore(rows, to, stop).await
    }

    /// Begins a restore, which goes on by itself; [`Status::restore`] says how far it is.
    pub async fn start_restore(&self, from: Option<i64>, to: &Path) -> Result<()> {
        let (rows, to, stop) = self.begin_restore(from, to).await?;
        let library = self.clone();
        self.context.errands.spawn(async move {
            // How it ended stands in the status.
            library.run_restore(rows, to, stop).await.ok();
        });
        Ok(())
    }

    pub async fn stop_restore(&self) -> Result<()> {
        self.context.errands.restore.stop();
        Ok(())
    }

    /// Takes what an ended rebuild or restore said out of sight.
    pub async fn dismiss_errands(&self) -> Result<()> {
        self.context.errands.rebuild.dismiss();
        self.context.errands.restore.dismiss();
        self.context.news.status();
        Ok(())
    }

    async fn begin_restore(
        &self,
        from: Option<i64>,
        to: &Path,
    ) -> Result<(Vec<Destination>, PathBuf, CancellationToken)> {
        let rows = self.named_or_all(from).await?;
        let to = resolved(to).await;
        if let Some(reason) = admission::restore(&to, &self.ground().await?) {
            return Err(reason.into());
        }
        let wanted = to.clone();
        let missing = move || {
            let mounted = mounts::now();
            let is_mount = |path: &Path| mounted.iter().any(|mount| mount.point == path);
            mounts::missing(&wanted, Path::is_dir, is_mount)
        };
        if let Some(point) = blocking(missing).await {
            let detail = format!(
                "{} is not there: mount its disk, or make the folder yourself",
                shown(&point)
            );
            return Err(CommandError::new(Cause::FolderNotFound, detail));
        }
        let stop = self
            .context
            .errands
            .restore
            .begin(RestoreProgress::new(shown(&to), rows[0].name.clone()))?;
        self.context.news.status();
        Ok((rows, to, stop))
    }

    async fn run_restore(
        &self,
        rows: Vec<Destination>,
        to: PathBuf,
        stop: CancellationToken,
    ) -> Result<RestoreReport> {
        let errand = &self.context.errands.restore;
        let _begun = errand.begun();
        let report = until_stopped(&stop, self.restore_from(rows, to)).await;
        // Where nothing came at all, the reason is that of the whole.
        let ended = match &report {
            Ok(report) if report.photos == 0 => match report.stuck_destinations.first() {
                Some(stuck) => Err(stuck.reason.clone().into()),
                None => Ok(()),
            },
            Ok(_) => Ok(()),
            Err(error) => Err(error.clone()),
        };
        errand.end(&ended);
        self.context.news.status();
        report
    }

    async fn restore_from(&self, rows: Vec<Destination>, to: PathBuf) -> Result<RestoreReport> {
        let mut report = RestoreReport {
            folder: shown(&to),
            photos: 0,
            restored: 0,
            bytes: 0,
            already_there: 0,
            problems: Vec::new(),
            stuck_destinations: Vec::new(),
        };
        let mut opens: Vec<Open> = Vec::new();
        for row in rows {
            match reach::open_now(&self.context, row.id).await {
                Ok(open) => opens.push(open),
                Err(error) => report.stuck_destinations.push(StuckDestination {
                    name: row.name,
                    reason: error.reason(),
                }),
            }
        }
        if opens.is_empty() {
            return Ok(report);
        }
        restore::run(&self.context, &opens, to, report).await
    }
}

async fn until_stopped<T>(
    stop: &CancellationToken,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    tokio::select! {
        () = stop.cancelled() => Err(CommandError::new(Cause::Stopped, "it was stopped")),
        result = work => result,
    }
}
