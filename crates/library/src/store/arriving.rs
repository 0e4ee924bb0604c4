//! Files that may come into the library: which of them it surely lacks.

use super::{files, photos};
use remote::Sha256;
use rusqlite::Connection;
use std::collections::HashSet;

/// How many of these files, by their sizes, are neither a photo of the library nor one of its files that
/// it has not read yet.
pub(crate) fn surely_new(db: &Connection, sizes: &[u64]) -> rusqlite::Result<usize> {
    let unread = db
        .prepare_cached(
            "SELECT size FROM file WHERE kind IN ('new', 'problem') AND gone_at IS NULL",
        )?
        .query_map([], |row| Ok(row.get::<_, i64>(0)?.cast_unsigned()))?
        .collect::<rusqlite::Result<HashSet<u64>>>()?;
    let mut new = 0;
    for size in sizes {
        if !unread.contains(size) && !photos::any_of_size(db, *size)? {
            new += 1;
        }
    }
    Ok(new)
}

/// Whether these bytes are a photo that has a file here.
pub(crate) fn is_here(db: &Connection, sha256: &Sha256) -> rusqlite::Result<bool> {
    match photos::by_sha256(db, sha256)? {
        Some(id) => Ok(!files::sources(db, id)?.is_empty()),
        None => Ok(false),
    }
}
