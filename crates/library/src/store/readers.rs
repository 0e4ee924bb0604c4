//! The reading connections.
//!
//! **Invariant:** there are never more than [`MOST`]; who finds none idle waits for one. More would read no sooner:
//! each has to learn the schema and every statement, and keeps pages of its own.

use super::STATEMENTS;
use crate::lock::lock;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

const MOST: usize = 6;

#[derive(Debug, Default)]
pub(super) struct Readers {
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Connection>,
    /// Idle or lent.
    open: usize,
}

/// One that is lent; it goes back when it is dropped.
pub(super) struct Reader<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Readers {
    /// One of the database at `path`. Blocks while all are lent.
    pub(super) fn lend(&self, path: &Path) -> rusqlite::Result<Reader<'_>> {
        let mut state = lock(&self.state);
        let idle = loop {
            if let Some(idle) = state.idle.pop() {
                break Some(idle);
            }
            if state.open < MOST {
                state.open += 1;
                break None;
            }
            state = self
                .returned
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        };
        drop(state);
        let mut reader = Reader {
            readers: self,
            connection: idle,
        };
        if reader.connection.is_none() {
            reader.connection = Some(open(path)?);
        }
        Ok(reader)
    }
}

impl Reader<'_> {
    pub(super) fn connection(&mut self) -> &mut Connection {
        self.connection
            .as_mut()
            .expect("it is lent until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.readers.state);
        match self.connection.take() {
            Some(connection) => state.idle.push(connection),
            // It could not be opened.
            None => state.open -= 1,
        }
        drop(state);
        self.readers.returned.notify_one();
    }
}

pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(path, flags)?;
    reader.busy_timeout(super::BUSY_TIMEOUT)?;
    keep_statements(&reader)?;
    Ok(reader)
}

/// A statement is planned once: not anew for each value, as it otherwise is where an index holds some values only.
pub(super) fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn who_finds_all_lent_waits_for_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("library.db");
        Connection::open(&path)
            .unwrap()
            .execute_batch("CREATE TABLE made (at INTEGER)")
            .unwrap();
        let readers = Readers::default();
        let mut lent: Vec<Reader<'_>> = (0..MOST).map(|_| readers.lend(&path).unwrap()).collect();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| readers.lend(&path).map(drop));
            std::thread::sleep(Duration::from_millis(20));
            assert!(!waits.is_finished());
            lent.pop();
            waits.join().unwrap().unwrap();
        });
        drop(lent);
        let state = lock(&readers.state);
        assert_eq!((state.open, state.idle.len()), (MOST, MOST));
    }

    #[test]
    fn one_that_cannot_be_opened_takes_nobodys_place() {
        let readers = Readers::default();
        for _ in 0..=MOST {
            assert!(readers.lend(Path::new("/nowhere/library.db")).is_err());
        }
        assert_eq!(lock(&readers.state).open, 0);
    }

    /// `kind` has an index of some kinds only, so that the planner would look at each value.
    #[test]
    fn a_statement_that_is_kept_is_not_prepared_again() {
        let db = Connection::open_in_memory().unwrap();
        keep_statements(&db).unwrap();
        db.execute_batch(
            "CREATE TABLE file (id INTEGER PRIMARY KEY, kind TEXT);
             CREATE INDEX problems ON file (id) WHERE kind = 'problem'",
        )
        .unwrap();
        for kind in ["photo", "problem", "photo"] {
            let mut statement = db
                .prepare_cached("SELECT count(*) FROM file WHERE kind = ?1")
                .unwrap();
            let _: i64 = statement.query_row([kind], |row| row.get(0)).unwrap();
            assert_eq!(
                statement.get_status(rusqlite::StatementStatus::RePrepare),
                0
            );
        }
    }
}
