//! Pictures by their bytes, and what is to be done for each.
//!
//! **Invariant:** `state` and the waiting originals' jobs follow from the files, copies and
//! destinations; [`refresh`] makes them so and is called in the transaction that changes any of them.

mod listed;

pub(crate) use listed::{insert_listed, learn, learn_favourite, learn_size, merge};

use super::destinations::DestinationId;
use super::state;
use media::Metadata;
use remote::Sha256;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A photo's row: opaque outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PhotoId(pub(crate) i64);

#[derive(Debug, Clone)]
pub(crate) struct Photo {
    pub(crate) id: PhotoId,
    /// None while only an object in a bucket is known.
    pub(crate) sha256: Option<Sha256>,
    pub(crate) previous: Option<Sha256>,
    pub(crate) name: String,
    pub(crate) original_name: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) media_type: String,
    pub(crate) extension: String,
    /// Milliseconds.
    pub(crate) mtime: Option<i64>,
    pub(crate) metadata: Metadata,
    /// There was no worker to read it when the photo came.
    pub(crate) metadata_due: bool,
    /// Why metadata or thumbnail are missing.
    pub(crate) unreadable: Option<String>,
    pub(crate) thumb: Thumb,
    pub(crate) thumbhash: Option<Vec<u8>>,
    pub(crate) state: state::OfPhoto,
    pub(crate) favourite: bool,
    /// Rises with each change of a person; 1 before the first.
    pub(crate) rev: u64,
}

/// Where a photo's thumbnail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thumb {
    /// To be made from the file here.
    Wanted,
    /// In the cache.
    Made,
    /// The picture gives none.
    None,
    /// To be fetched from a destination when somebody looks.
    Remote,
}

/// What indexing found out about a file's bytes.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) sha256: Sha256,
    pub(crate) previous: Option<Sha256>,
    pub(crate) original_name: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) media_type: String,
    pub(crate) extension: String,
    pub(crate) mtime: i64,
    /// None: there was no worker to read it. It is read when the thumbnail is made.
    pub(crate) metadata: Option<Metadata>,
    pub(crate) unreadable: Option<String>,
    pub(crate) thumb: Thumb,
    pub(crate) when: When,
}

/// Where a photo stands on the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct When {
    /// `2019-06`, or empty: undated.
    pub(crate) month: String,
    /// Sorts within the month: local wall time.
    pub(crate) sort_at: String,
}

const COLUMNS: &str = "id, sha256, previous, name, original_name, size, media_type, extension, mtime, \
                       metadata, unreadable, thumb, thumbhash, state, favourite, rev, metadata_due";

pub(crate) fn get(db: &Connection, id: PhotoId) -> rusqlite::Result<Option<Photo>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM photo WHERE id = ?1"))?
        .query_row([id.0], read)
        .optional()
}

pub(crate) fn by_sha256(db: &Connection, sha256: &Sha256) -> rusqlite::Result<Option<PhotoId>> {
    db.prepare_cached("SELECT id FROM photo WHERE sha256 = ?1")?
        .query_row([sha256.as_slice()], |row| row.get(0).map(PhotoId))
        .optional()
}

/// Whether any photo has this many bytes: else a file of that size cannot be in the library.
pub(crate) fn any_of_size(db: &Connection, size: u64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM photo WHERE size = ?1 AND sha256 IS NOT NULL")?
        .exists([size.cast_signed()])
}

/// The months in which these photos stand.
pub(crate) fn months(db: &Connection, ids: &[PhotoId]) -> rusqlite::Result<Vec<String>> {
    let mut months = Vec::new();
    for id in ids {
        let month: Option<String> = db
            .prepare_cached("SELECT month FROM photo WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        months.extend(month);
    }
    months.sort();
    months.dedup();
    Ok(months)
}

/// The photo with these bytes: the one that is known, which stays as it is, else a new row.
pub(crate) fn upsert(db: &Connection, found: &Found) -> rusqlite::Result<PhotoId> {
    if let Some(id) = by_sha256(db, &found.sha256)? {
        return Ok(id);
    }
    db.prepare_cached(
        "INSERT INTO photo (sha256, previous, name, original_name, size, media_type, extension, mtime, \
         month, sort_at, metadata, metadata_due, unreadable, thumb) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        found.sha256.as_slice(),
        found.previous.as_ref().map(Sha256::as_slice),
        String::from_utf8_lossy(&found.original_name),
        found.original_name,
        found.size.cast_signed(),
        found.media_type,
        found.extension,
        found.mtime,
        found.when.month,
        found.when.sort_at,
        found.metadata.as_ref().map_or_else(|| "{}".to_owned(), metadata_json),
        found.metadata.is_none(),
        found.unreadable,
        found.thumb.as_str(),
    ])?;
    Ok(PhotoId(db.last_insert_rowid()))
}

/// Where the thumbnail is to come from follows from the files: one that is here makes it; without
/// any, a destination may have it.
pub(crate) fn refresh_thumb(db: &Connection, id: PhotoId) -> rusqlite::Result<()> {
    const HAS_FILE: &str = "EXISTS (SELECT 1 FROM file WHERE photo = ?1 AND gone_at IS NULL AND kind IN ('photo', 'new'))";
    db.prepare_cached(&format!(
        "UPDATE photo SET thumb = 'wanted' WHERE id = ?1 AND (thumb = 'remote' OR metadata_due = 1) AND {HAS_FILE}"
    ))?
    .execute([id.0])?;
    let given_up = db
        .prepare_cached(&format!(
            "UPDATE photo SET thumb = 'remote' WHERE id = ?1 AND thumb = 'wanted' AND NOT {HAS_FILE}"
        ))?
        .execute([id.0])?;
    // The sidecar waited for the thumbhash, and now goes without.
    if given_up > 0 {
        queue_derived(db, id)
    } else {
        Ok(())
    }
}

/// A person's word on a photo; returns whether it is another than before.
pub(crate) fn set_favourite(
    db: &Connection,
    id: PhotoId,
    favourite: bool,
) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached(
            "UPDATE photo SET favourite = ?2, rev = rev + 1 WHERE id = ?1 AND favourite <> ?2",
        )?
        .execute(params![id.0, favourite])?;
    if changed > 0 {
        queue_sidecar(db, id)?;
    }
    Ok(changed > 0)
}

/// What was read of a photo for which there was no worker before. Returns the month that it leaves: the
/// file's date had to do until then.
pub(crate) fn set_metadata(
    db: &Connection,
    id: PhotoId,
    metadata: &Metadata,
    unreadable: Option<&str>,
    when: &When,
) -> rusqlite::Result<Vec<String>> {
    let left = months(db, &[id])?;
    db.prepare_cached(
        "UPDATE photo SET metadata = ?2, metadata_due = 0, unreadable = ?3, month = ?4, sort_at = ?5 WHERE id = ?1",
    )?
    .execute(params![id.0, metadata_json(metadata), unreadable, when.month, when.sort_at])?;
    Ok(left)
}

pub(crate) fn set_thumb(
    db: &Connection,
    id: PhotoId,
    thumb: Thumb,
    thumbhash: Option<&[u8]>,
    unreadable: Option<&str>,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE photo SET thumb = ?2, thumbhash = coalesce(?3, thumbhash), \
         unreadable = coalesce(?4, unreadable) WHERE id = ?1",
    )?
    .execute(params![id.0, thumb.as_str(), thumbhash, unreadable])?;
    Ok(())
}

/// Photos whose thumbnail is to be made and that have a file on a disk that is there.
pub(crate) fn wanting_thumb(
    db: &Connection,
    after: PhotoId,
    limit: u32,
) -> rusqlite::Result<Vec<PhotoId>> {
    db.prepare_cached(
        "SELECT id FROM photo WHERE thumb = 'wanted' AND id > ?1 AND EXISTS ( \
             SELECT 1 FROM file JOIN volume ON volume.id = file.volume \
             WHERE file.photo = photo.id AND file.gone_at IS NULL AND volume.here = 1) \
         ORDER BY id LIMIT ?2",
    )?
    .query_map(params![after.0, limit], |row| row.get(0).map(PhotoId))?
    .collect()
}

/// How many photos wait for a thumbnail that can be made now.
pub(crate) fn count_wanting_thumb(db: &Connection) -> rusqlite::Result<u32> {
    db.prepare_cached(
        "SELECT count(*) FROM photo WHERE thumb = 'wanted' AND EXISTS ( \
             SELECT 1 FROM file JOIN volume ON volume.id = file.volume \
             WHERE file.photo = photo.id AND file.gone_at IS NULL AND volume.here = 1)",
    )?
    .query_row([], |row| row.get(0))
}

/// Makes jobs and state of one photo follow from its files, its copies and the destinations.
pub(crate) fn refresh(db: &Connection, id: PhotoId) -> rusqlite::Result<()> {
    db.prepare_cached(
        "DELETE FROM job WHERE photo = ?1 AND kind = 'original' AND NOT EXISTS ( \
             SELECT 1 FROM file WHERE photo = ?1 AND gone_at IS NULL AND kind IN ('photo', 'new'))",
    )?
    .execute([id.0])?;
    db.prepare_cached(
        "INSERT OR IGNORE INTO job (photo, destination, kind, priority) \
         SELECT ?1, destination.id, 'original', ?2 FROM destination \
         WHERE EXISTS (SELECT 1 FROM file WHERE photo = ?1 AND gone_at IS NULL AND kind IN ('photo', 'new')) AND NOT EXISTS ( \
             SELECT 1 FROM copy WHERE photo = ?1 AND destination = destination.id AND confirmed_at IS NOT NULL)",
    )?
    .execute(params![id.0, super::jobs::PRIORITY_ORIGINAL])?;
    db.prepare_cached(&format!("{REFRESH_STATE} WHERE id = ?1"))?
        .execute([id.0])?;
    Ok(())
}

/// What a place has whose photos are not there any more proves nothing.
const REFRESH_STATE: &str = "
UPDATE photo SET state = CASE
    WHEN NOT EXISTS (SELECT 1 FROM file WHERE file.photo = photo.id AND gone_at IS NULL AND kind IN ('photo', 'new')) THEN
        CASE WHEN EXISTS (SELECT 1 FROM copy JOIN destination ON destination.id = copy.destination
                          WHERE copy.photo = photo.id AND destination.gone IS NULL
                          AND (confirmed_at IS NOT NULL OR copy.listed_at IS NOT NULL))
             THEN 'online_only'
             WHEN EXISTS (SELECT 1 FROM copy WHERE copy.photo = photo.id
                          AND (lost IS NOT NULL OR confirmed_at IS NOT NULL OR listed_at IS NOT NULL)) THEN 'failed'
             ELSE 'hidden' END
    WHEN NOT EXISTS (SELECT 1 FROM destination) THEN 'indexed'
    WHEN EXISTS (SELECT 1 FROM job WHERE job.photo = photo.id AND kind = 'original' AND job.state = 'failed') THEN 'failed'
    WHEN EXISTS (SELECT 1 FROM job WHERE job.photo = photo.id AND kind = 'original' AND job.state = 'waiting') THEN 'waiting'
    WHEN EXISTS (SELECT 1 FROM job WHERE job.photo = photo.id AND kind = 'original') THEN 'queued'
    WHEN NOT EXISTS (SELECT 1 FROM copy JOIN destination ON destination.id = copy.destination
                     WHERE copy.photo = photo.id AND confirmed_at IS NOT NULL AND destination.gone IS NULL) THEN 'failed'
    ELSE 'backed_up' END";

/// The state of every photo that has, or had, a copy at a destination.
pub(crate) fn refresh_copies(db: &Connection, destination: DestinationId) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "{REFRESH_STATE} WHERE id IN (SELECT photo FROM copy WHERE destination = ?1)"
    ))?
    .execute([destination.0])?;
    Ok(())
}

/// Queues the derived objects of a photo at every destination that has its original, once the
/// thumbnail is settled: the sidecar carries the thumbhash.
pub(crate) fn queue_derived(db: &Connection, id: PhotoId) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO job (photo, destination, kind, priority) \
         SELECT copy.photo, copy.destination, kind.name, kind.priority \
         FROM copy, photo, (SELECT 'sidecar' AS name, ?2 AS priority UNION ALL SELECT 'thumbnail', ?3) AS kind \
         WHERE copy.photo = ?1 AND photo.id = ?1 AND copy.confirmed_at IS NOT NULL \
           AND photo.thumb <> 'wanted' AND photo.sha256 IS NOT NULL \
           AND (kind.name = 'sidecar' OR photo.thumb = 'made')",
    )?
    .execute(params![id.0, super::jobs::PRIORITY_SIDECAR, super::jobs::PRIORITY_THUMBNAIL])?;
    Ok(())
}

/// Queues the sidecar wherever the photo's object is known to lie, also where it was only listed.
fn queue_sidecar(db: &Connection, id: PhotoId) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO job (photo, destination, kind, priority) \
         SELECT copy.photo, copy.destination, 'sidecar', ?2 FROM copy JOIN photo ON photo.id = copy.photo \
         WHERE copy.photo = ?1 AND photo.thumb <> 'wanted' AND photo.sha256 IS NOT NULL \
           AND (copy.confirmed_at IS NOT NULL OR copy.listed_at IS NOT NULL) \
         ON CONFLICT DO UPDATE SET state = iif(state = 'running', 'running', 'ready'), not_before = 0",
    )?
    .execute(params![id.0, super::jobs::PRIORITY_SIDECAR])?;
    Ok(())
}

/// Every photo's jobs and state for a destination that came or went.
pub(crate) fn refresh_all(db: &Connection) -> rusqlite::Result<()> {
    let ids: Vec<PhotoId> = db
        .prepare_cached("SELECT id FROM photo ORDER BY id")?
        .query_map([], |row| row.get(0).map(PhotoId))?
        .collect::<rusqlite::Result<_>>()?;
    ids.into_iter().try_for_each(|id| refresh(db, id))
}

/// The photo that stands under `key` at a destination.
pub(crate) fn by_key(
    db: &Connection,
    destination: DestinationId,
    key: &str,
) -> rusqlite::Result<Option<PhotoId>> {
    db.prepare_cached("SELECT photo FROM copy WHERE destination = ?1 AND key = ?2")?
        .query_row(params![destination.0, key], |row| row.get(0).map(PhotoId))
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Photo> {
    Ok(Photo {
        id: PhotoId(row.get(0)?),
        sha256: row.get(1)?,
        previous: row.get(2)?,
        name: row.get(3)?,
        original_name: row.get(4)?,
        size: row.get::<_, i64>(5)?.cast_unsigned(),
        media_type: row.get(6)?,
        extension: row.get(7)?,
        mtime: row.get(8)?,
        metadata: parse_metadata(9, &row.get::<_, String>(9)?)?,
        unreadable: row.get(10)?,
        thumb: Thumb::parse(11, &row.get::<_, String>(11)?)?,
        thumbhash: row.get(12)?,
        state: row.get(13)?,
        favourite: row.get(14)?,
        rev: row.get::<_, i64>(15)?.cast_unsigned(),
        metadata_due: row.get(16)?,
    })
}

pub(super) fn metadata_json(metadata: &Metadata) -> String {
    serde_json::to_string(metadata).expect("metadata has string keys and finite numbers")
}

pub(super) fn parse_metadata(column: usize, json: &str) -> rusqlite::Result<Metadata> {
    serde_json::from_str(json).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

impl Thumb {
    fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Made => "made",
            Self::None => "none",
            Self::Remote => "remote",
        }
    }

    pub(super) fn parse(column: usize, text: &str) -> rusqlite::Result<Self> {
        match text {
            "wanted" => Ok(Self::Wanted),
            "made" => Ok(Self::Made),
            "none" => Ok(Self::None),
            "remote" => Ok(Self::Remote),
            other => Err(rusqlite::Error::FromSqlConversionFailure(
                column,
                Type::Text,
                format!("no such thumbnail state: {other}").into(),
            )),
        }
    }
}
