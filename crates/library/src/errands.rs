//! Long tasks that a person began and may stop: how far each is, and who ends them.
//!
//! An *errand* is in no row: what it does is, so that one which was interrupted is begun again and
//! finds most of its work done.
//!
//! **Invariant:** of each kind there is one at a time.

use crate::lock::lock;
use crate::view::{CardProgress, Cause, CommandError, RebuildProgress, RestoreProgress, Stage};
use std::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Default)]
pub(crate) struct Errands {
    pub(crate) rebuild: Errand<RebuildProgress>,
    pub(crate) restore: Errand<RestoreProgress>,
    pub(crate) card_copy: Errand<CardProgress>,
    /// Those that nobody waits for.
    tasks: Mutex<JoinSet<()>>,
}

/// One kind of task: the one that runs, or ran last.
#[derive(Debug)]
pub(crate) struct Errand<P> {
    current: Mutex<Option<Current<P>>>,
}

#[derive(Debug)]
struct Current<P> {
    progress: P,
    stop: CancellationToken,
    runs: bool,
}

impl<P> Default for Errand<P> {
    fn default() -> Self {
        Self {
            current: Mutex::default(),
        }
    }
}

impl<P: Progress> Errand<P> {
    /// Begins one; returns what tells it to stop.
    pub(crate) fn begin(&self, progress: P) -> crate::Result<CancellationToken> {
        let mut current = lock(&self.current);
        if current.as_ref().is_some_and(|current| current.runs) {
            return Err(CommandError::new(
                Cause::AlreadyRunning,
                "one is under way already",
            ));
        }
        let stop = CancellationToken::new();
        *current = Some(Current {
            progress,
            stop: stop.clone(),
            runs: true,
        });
        Ok(stop)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut P)) {
        if let Some(current) = lock(&self.current).as_mut() {
            change(&mut current.progress);
        }
    }

    /// The one that has begun; dropped before its [`end`](Self::end), nobody does it any more.
    pub(crate) fn begun(&self) -> Begun<'_, P> {
        Begun(self)
    }

    pub(crate) fn end<T>(&self, result: &crate::Result<T>) {
        if let Some(current) = lock(&self.current).as_mut() {
            current.runs = false;
            let stage = match result {
                Ok(_) => Stage::Done,
                Err(_) if current.stop.is_cancelled() => Stage::Stopped,
                Err(_) => Stage::Failed,
            };
            current.progress.end(stage, result.as_ref().err());
        }
    }

    pub(crate) fn stop(&self) {
        if let Some(current) = lock(&self.current).as_ref() {
            current.stop.cancel();
        }
    }

    /// Takes the one that has ended out of sight.
    pub(crate) fn dismiss(&self) {
        lock(&self.current).take_if(|current| !current.runs);
    }

    pub(crate) fn now(&self) -> Option<P> {
        lock(&self.current)
            .as_ref()
            .map(|current| current.progress.clone())
    }
}

/// The work on an errand. **Invariant:** none is said to run whose work is gone.
#[derive(Debug)]
pub(crate) struct Begun<'a, P: Progress>(&'a Errand<P>);

impl<P: Progress> Drop for Begun<'_, P> {
    fn drop(&mut self) {
        if let Some(current) = lock(&self.0.current).as_mut()
            && current.runs
        {
            current.runs = false;
            current.progress.end(Stage::Stopped, None);
        }
    }
}

pub(crate) trait Progress: Clone {
    fn end(&mut self, stage: Stage, error: Option<&CommandError>);
}

impl Progress for RebuildProgress {
    fn end(&mut self, stage: Stage, error: Option<&CommandError>) {
        self.stage = stage;
        self.reason = error.map(CommandError::reason);
    }
}

impl Progress for RestoreProgress {
    fn end(&mut self, stage: Stage, error: Option<&CommandError>) {
        self.stage = stage;
        self.reason = error.map(CommandError::reason);
    }
}

impl Progress for CardProgress {
    fn end(&mut self, stage: Stage, error: Option<&CommandError>) {
        self.stage = stage;
        self.reason = error.map(CommandError::reason);
    }
}

impl Errands {
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    /// Stops them all and waits.
    pub(crate) async fn shutdown(&self) {
        self.rebuild.stop();
        self.restore.stop();
        self.card_copy.stop();
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "an errand ended unexpectedly");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restore() -> RestoreProgress {
        RestoreProgress::new("/back".into(), "nas".into())
    }

    #[test]
    fn there_is_one_at_a_time_and_its_end_stays_in_sight() {
        let errand = Errand::default();
        let stop = errand.begin(restore()).unwrap();
        let again = errand.begin(restore()).unwrap_err();
        assert_eq!(again.code, Cause::AlreadyRunning);
        errand.dismiss();
        errand.update(|progress| progress.done = 3);
        assert_eq!(errand.now().unwrap().done, 3);
        errand.stop();
        assert!(stop.is_cancelled());
        errand.end::<()>(&Err(CommandError::new(Cause::Stopped, "stopped")));
        assert_eq!(errand.now().unwrap().stage, Stage::Stopped);
        errand.dismiss();
        assert_eq!(errand.now(), None);
        errand.begin(restore()).unwrap();
        let begun = errand.begun();
        errand.end(&Ok(()));
        drop(begun);
        assert_eq!(errand.now().unwrap().stage, Stage::Done);
    }

    #[test]
    fn one_whose_work_is_dropped_has_stopped() {
        let errand = Errand::default();
        errand.begin(restore()).unwrap();
        drop(errand.begun());
        assert_eq!(errand.now().unwrap().stage, Stage::Stopped);
        errand.begin(restore()).unwrap();
    }
}
