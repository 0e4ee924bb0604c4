//! The schema, and how a library that an earlier imgn made comes to it.
//!
//! **Invariant:** migrations only grow; `MIGRATIONS[n]` brings version `n` to `n + 1`.

use super::fault::{StoreError, classify};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001-library.sql"),
    include_str!("migrations/002-volumes.sql"),
    include_str!("migrations/003-keys.sql"),
    include_str!("migrations/004-finding.sql"),
    include_str!("migrations/005-checks.sql"),
    include_str!("migrations/006-uploads.sql"),
    include_str!("migrations/007-due.sql"),
    include_str!("migrations/008-metadata-due.sql"),
    include_str!("migrations/009-samples.sql"),
    include_str!("migrations/010-originals-to-go.sql"),
    include_str!("migrations/011-gone.sql"),
    include_str!("migrations/012-avif.sql"),
];

/// Brings a library to the newest version, one step after the other.
pub(super) fn migrate(writer: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let error = |source| classify(path, source);
    let found = version(writer).map_err(error)?;
    let known = newest();
    if found > known {
        return Err(StoreError::OtherVersion {
            path: path.to_owned(),
            found,
            known,
        });
    }
    for (version, sql) in (1..)
        .zip(MIGRATIONS)
        .skip_while(|(version, _)| *version <= found)
    {
        let transaction = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(error)?;
        transaction.execute_batch(sql).map_err(error)?;
        transaction
            .pragma_update(None, "user_version", version)
            .map_err(error)?;
        transaction.commit().map_err(error)?;
    }
    Ok(())
}

pub(super) fn version(db: &Connection) -> rusqlite::Result<u32> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The version that this imgn writes.
pub(super) fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).expect("migrations are few")
}
