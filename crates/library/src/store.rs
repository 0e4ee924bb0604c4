//! The library's rows: SQLite, and the only place that holds SQL.
//!
//! One writer and a few readers share a file in WAL mode. A write of the ledger returns when it is on the
//! disk (`durable`): what a row says about a backup survives a power cut. What would be said again if it were lost
//! ([`Store::write_reproducible`]) is brought to the disk with the next such write.
//!
//! **Invariant:** what a write did is there as a whole or not at all, and nobody is told of it before it is.

pub(crate) mod arriving;
pub(crate) mod checks;
pub(crate) mod copies;
pub(crate) mod destinations;
mod durable;
mod fault;
pub(crate) mod files;
pub(crate) mod folders;
pub(crate) mod jobs;
pub(crate) mod photos;
pub(crate) mod problems;
mod readers;
pub(crate) mod rebuilt;
pub(crate) mod samples;
mod schema;
pub(crate) mod search;
pub(crate) mod state;
pub(crate) mod timeline;
pub(crate) mod uploads;
pub(crate) mod values;
pub(crate) mod volumes;
pub(crate) mod whereabouts;

use crate::blocking::blocking;
use crate::lock::lock;
use durable::Durable;
pub(crate) use fault::StoreError;
use fault::{classify, unsynced};
use readers::Readers;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use schema::{migrate, newest, version};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Statements that a connection keeps ready: more than there are.
const STATEMENTS: usize = 256;

/// How long a statement waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The open database. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    writer: Mutex<Connection>,
    durable: Durable,
    readers: Readers,
}

impl Store {
    /// Opens or makes the database at `path` and brings it to the newest version.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let error = |source| classify(path, source);
        let mut writer = Connection::open(path).map_err(error)?;
        prepare(&writer).map_err(error)?;
        migrate(&mut writer, path)?;
        Ok(Self {
            shared: Arc::new(Shared {
                path: path.to_owned(),
                durable: Durable::of(path),
                writer: Mutex::new(writer),
                readers: Readers::default(),
            }),
        })
    }

    /// Opens the database at `path` as it is: nothing is made, migrated or written.
    pub(crate) fn open_to_look(path: &Path) -> Result<Self, StoreError> {
        let reader = readers::open(path).map_err(|source| classify(path, source))?;
        let found = version(&reader).map_err(|source| classify(path, source))?;
        let known = newest();
        if found != known {
            return Err(StoreError::OtherVersion {
                path: path.to_owned(),
                found,
                known,
            });
        }
        Ok(Self {
            shared: Arc::new(Shared {
                path: path.to_owned(),
                durable: Durable::of(path),
                writer: Mutex::new(reader),
                readers: Readers::default(),
            }),
        })
    }

    /// Runs `work` in one transaction on the writing connection; an error rolls it back.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let store = self.clone();
        blocking(move || store.write_now(work)).await
    }

    /// [`Store::write`] of what can be found out again from the files here. A power cut may undo the last
    /// of it, in the order in which it was written; a later [`Store::write`] makes it last.
    pub(crate) async fn write_reproducible<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let store = self.clone();
        blocking(move || store.write_synced(OnDisk::Later, work)).await
    }

    /// Runs `work` on a reading connection, which sees one state of the database throughout.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let store = self.clone();
        blocking(move || store.read_now(work)).await
    }

    /// [`Store::write`] for a thread that may block.
    fn write_now<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.write_synced(OnDisk::Now, work)
    }

    fn write_synced<T>(
        &self,
        on_disk: OnDisk,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let shared = &self.shared;
        // A panic inside a transaction rolls it back when it is dropped: the connection stays good.
        let mut writer = lock(&shared.writer);
        let before = writer.total_changes();
        let run = |connection: &mut Connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        let value = run(&mut writer).map_err(|source| classify(&shared.path, source))?;
        let changed = writer.total_changes() != before;
        let ticket = shared.durable.committed();
        drop(writer);
        if changed && on_disk == OnDisk::Now {
            let unsynced = |source| unsynced(&shared.path, source);
            shared.durable.wait(ticket).map_err(unsynced)?;
        }
        Ok(value)
    }

    /// [`Store::read`] for a thread that may block.
    pub(crate) fn read_now<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let path = &self.shared.path;
        let read = || {
            let mut reader = self.shared.readers.lend(path)?;
            let transaction = reader.connection().transaction()?;
            work(&transaction)
        };
        read().map_err(|source| classify(path, source))
    }
}

/// When a transaction is on the disk for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnDisk {
    /// Before its write returns.
    Now,
    /// With the next that is, or with the next checkpoint.
    Later,
}

fn prepare(writer: &Connection) -> rusqlite::Result<()> {
    writer.busy_timeout(BUSY_TIMEOUT)?;
    writer.pragma_update(None, "journal_mode", "WAL")?;
    // Its log is synced by `durable`.
    writer.pragma_update(None, "synchronous", "NORMAL")?;
    writer.pragma_update(None, "foreign_keys", true)?;
    readers::keep_statements(writer)
}

#[cfg(test)]
mod behaviour;

#[cfg(test)]
mod tests {
    use super::schema::MIGRATIONS;
    use super::*;

    #[test]
    fn opening_twice_migrates_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("library.db");
        drop(Store::open(&path).unwrap());
        let store = Store::open(&path).unwrap();
        let version: u32 = store
            .read_now(|db| db.pragma_query_value(None, "user_version", |row| row.get(0)))
            .unwrap();
        assert_eq!(version, newest());
    }

    #[test]
    fn files_of_an_older_library_lie_on_the_disk_of_their_folder() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("library.db");
        let older = Connection::open(&path).unwrap();
        older.execute_batch(MIGRATIONS[0]).unwrap();
        older
            .execute_batch(
                "PRAGMA user_version = 1;
                 INSERT INTO folder (id, path, offline, device, inode) VALUES (3, x'2f61', 0, 8, 2), (4, x'2f62', 1, 9, 2);
                 INSERT INTO file (id, folder, path, device, inode, size, mtime_ns, ctime_ns, seen_at, kind)
                 VALUES (7, 3, x'61', 8, 5, 10, 1, 1, 1, 'photo'), (9, 4, x'61', 9, 5, 20, 1, 1, 1, 'video');
                 DELETE FROM file WHERE id = 9;
                 INSERT INTO file (id, folder, path, device, inode, size, mtime_ns, ctime_ns, seen_at, kind)
                 VALUES (8, 4, x'61', 9, 5, 20, 1, 1, 1, 'video');",
            )
            .unwrap();
        drop(older);
        let store = Store::open(&path).unwrap();
        let rows: Vec<(i64, i64, bool)> = store
            .read_now(|db| {
                db.prepare(
                    "SELECT file.id, volume.folder, volume.here FROM file \
                     JOIN volume ON volume.id = file.volume ORDER BY file.id",
                )?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
            })
            .unwrap();
        assert_eq!(rows, [(7, 3, true), (8, 4, false)]);
        let (tally, next): (i64, i64) = store
            .write_now(|db| {
                db.execute(
                    "INSERT INTO file (folder, volume, path, device, inode, size, mtime_ns, ctime_ns, seen_at) \
                     SELECT 3, volume, x'62', 8, 6, 1, 1, 1, 1 FROM file WHERE id = 7",
                    [],
                )?;
                let next = db.last_insert_rowid();
                let tally = "SELECT sum(count) FROM file_tally WHERE folder = 3";
                Ok((db.query_row(tally, [], |row| row.get(0))?, next))
            })
            .unwrap();
        assert_eq!(
            (tally, next),
            (2, 10),
            "counts go on, and no id is given twice"
        );
    }

    #[test]
    fn library_of_a_newer_version_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("library.db");
        Connection::open(&path)
            .unwrap()
            .pragma_update(None, "user_version", 999)
            .unwrap();
        assert!(matches!(
            Store::open(&path),
            Err(StoreError::OtherVersion { found: 999, .. })
        ));
    }

    #[test]
    fn file_that_is_no_database_is_damaged() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("library.db");
        std::fs::write(&path, vec![b'x'; 8192]).unwrap();
        assert!(matches!(
            Store::open(&path),
            Err(StoreError::Damaged { .. })
        ));
    }

    #[test]
    fn only_what_can_be_found_out_again_does_not_wait_for_the_disk() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("library.db")).unwrap();
        let write = |on_disk| {
            let set = |db: &Transaction<'_>| values::set(db, "a", "1");
            store.write_synced(on_disk, set).unwrap();
            store.shared.durable.waiting()
        };
        assert_eq!(write(OnDisk::Now), 0);
        assert_eq!(write(OnDisk::Later), 1);
        assert_eq!(write(OnDisk::Later), 2);
        assert_eq!(write(OnDisk::Now), 0, "with all that came before");
    }

    #[test]
    fn failed_transaction_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("library.db")).unwrap();
        let failed: Result<(), _> = store.write_now(|db| {
            values::set(db, "a", "1")?;
            Err(rusqlite::Error::QueryReturnedNoRows)
        });
        assert!(failed.is_err());
        assert_eq!(store.read_now(|db| values::get(db, "a")).unwrap(), None);
    }
}
