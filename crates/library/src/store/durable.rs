//! Brings what was committed to the disk: one sync for all transactions that ended while the last one ran.
//!
//! SQLite itself syncs its log once a transaction, and lets nobody write meanwhile; on a usual disk that takes
//! longer than all else about a small one. So it is told not to (`synchronous=NORMAL`), and its log is synced
//! here, as it would have been with `FULL`.
//!
//! **Invariant:** a caller goes on only after a sync that began when its transaction was in the log.

use crate::lock::lock;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

#[derive(Debug)]
pub(super) struct Durable {
    /// SQLite's log. It lies beside the database as long as that is open here.
    log: PathBuf,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Transactions that are in the log.
    committed: u64,
    /// Of those, how many are on the disk for sure.
    synced: u64,
    syncing: bool,
}

/// Which transaction of this process it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

impl Durable {
    pub(super) fn of(database: &Path) -> Self {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        Self {
            log: log.into(),
            state: Mutex::default(),
            ended: Condvar::new(),
        }
    }

    /// A transaction is in the log.
    pub(super) fn committed(&self) -> Ticket {
        let mut state = lock(&self.state);
        state.committed += 1;
        Ticket(state.committed)
    }

    /// Returns when it is on the disk. Blocks.
    pub(super) fn wait(&self, ticket: Ticket) -> io::Result<()> {
        self.wait_with(ticket, || match File::open(&self.log) {
            Ok(log) => log.sync_data(),
            // Nothing was written yet.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        })
    }

    /// Transactions that may not be on the disk.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> u64 {
        let state = lock(&self.state);
        state.committed - state.synced
    }

    fn wait_with(&self, ticket: Ticket, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let mut state = lock(&self.state);
        while state.syncing {
            state = self
                .ended
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if state.synced >= ticket.0 {
            return Ok(());
        }
        state.syncing = true;
        let all = state.committed;
        drop(state);
        let done = sync();
        let mut state = lock(&self.state);
        state.syncing = false;
        if done.is_ok() {
            state.synced = all;
        }
        self.ended.notify_all();
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn synced(durable: &Durable) -> u64 {
        lock(&durable.state).synced
    }

    #[test]
    fn one_sync_is_for_all_that_ended_before_it_began_and_for_no_other() {
        let durable = Durable::of(Path::new("library.db"));
        let (first, second) = (durable.committed(), durable.committed());
        let mut during = None;
        let sync = || {
            during = Some(durable.committed());
            Ok(())
        };
        durable.wait_with(first, sync).unwrap();
        let none = || panic!("it is on the disk already");
        durable.wait_with(second, none).unwrap();
        assert_eq!(synced(&durable), 2);
        durable.wait_with(during.unwrap(), || Ok(())).unwrap();
        assert_eq!(synced(&durable), 3);
    }

    #[test]
    fn who_waited_for_a_sync_that_failed_tries_itself() {
        let durable = Durable::of(Path::new("library.db"));
        let tickets = [(); 8].map(|()| durable.committed());
        let tries = AtomicU32::new(0);
        let failed: u32 = std::thread::scope(|scope| {
            let waiting = tickets.map(|ticket| {
                let (durable, tries) = (&durable, &tries);
                scope.spawn(move || {
                    durable.wait_with(ticket, || match tries.fetch_add(1, Ordering::SeqCst) {
                        0 => Err(io::ErrorKind::Other.into()),
                        _ => Ok(()),
                    })
                })
            });
            let failed = waiting.map(|thread| thread.join().unwrap().is_err());
            failed.into_iter().map(u32::from).sum()
        });
        assert_eq!((failed, tries.into_inner(), synced(&durable)), (1, 2, 8));
    }
}
