//! What a rebuild asks and writes: listed photos become known ones.

use super::destinations::DestinationId;
use super::photos::{self, PhotoId, When};
use media::Metadata;
use remote::Sha256;
use rusqlite::{Connection, params};

/// A listed photo of which something is still to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lacking {
    pub(crate) photo: PhotoId,
    pub(crate) key: String,
    pub(crate) size: u64,
    pub(crate) sha256: Option<Sha256>,
    /// Milliseconds: what it is dated by without a sidecar's word.
    pub(crate) mtime: Option<i64>,
}

/// What a sidecar says of a photo. Fields that it does not have leave the row as it is.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) sha256: Option<Sha256>,
    pub(crate) previous: Option<Sha256>,
    pub(crate) original_name: Option<Vec<u8>>,
    /// MIME type.
    pub(crate) media_type: Option<String>,
    pub(crate) extension: Option<String>,
    pub(crate) mtime: Option<i64>,
    pub(crate) metadata: Metadata,
    pub(crate) thumbhash: Option<Vec<u8>>,
    pub(crate) unreadable: Option<String>,
    /// A person's word, and which of several it is; 0: no word.
    pub(crate) favourite: bool,
    pub(crate) rev: u64,
    /// None: as listed.
    pub(crate) when: Option<When>,
}

const LACKING: &str = "FROM copy JOIN photo ON photo.id = copy.photo \
     WHERE copy.destination = ?1 AND copy.listed_at IS NOT NULL AND photo.state = 'online_only' \
     AND (photo.sha256 IS NULL OR photo.mtime IS NULL OR photo.thumb = 'remote')";

/// Up to `limit` of them, in the order of their ids.
pub(crate) fn lacking(
    db: &Connection,
    destination: DestinationId,
    after: PhotoId,
    limit: u32,
) -> rusqlite::Result<Vec<Lacking>> {
    db.prepare_cached(&format!(
        "SELECT photo.id, copy.key, photo.size, photo.sha256, photo.mtime {LACKING} AND photo.id > ?2 \
         ORDER BY photo.id LIMIT ?3"
    ))?
    .query_map(params![destination.0, after.0, limit], |row| {
        Ok(Lacking {
            photo: PhotoId(row.get(0)?),
            key: row.get(1)?,
            size: row.get::<_, i64>(2)?.cast_unsigned(),
            sha256: row.get(3)?,
            mtime: row.get(4)?,
        })
    })?
    .collect()
}

pub(crate) fn count_lacking(db: &Connection, destination: DestinationId) -> rusqlite::Result<u32> {
    db.prepare_cached(&format!("SELECT count(*) {LACKING}"))?
        .query_row([destination.0], |row| row.get(0))
}

/// Takes in what a sidecar told of a listed photo; returns the photo that it is by now.
///
/// One that has a file here meanwhile is known better from that. Two rows that are said to be one
/// picture, and are of one size, become one.
pub(crate) fn take(db: &Connection, lacking: &Lacking, told: &Told) -> rusqlite::Result<PhotoId> {
    let id = lacking.photo;
    let twin = match &told.sha256 {
        Some(sha256) => photos::by_sha256(db, sha256)?.filter(|twin| *twin != id),
        None => None,
    };
    let mut sha256 = told.sha256.as_ref();
    if let Some(twin) = twin {
        if photos::get(db, twin)?.is_some_and(|twin| twin.size == lacking.size) {
            photos::merge(db, id, twin)?;
            photos::learn_favourite(db, twin, told.favourite, told.rev)?;
            return Ok(twin);
        }
        sha256 = None;
    }
    db.prepare_cached(
        "UPDATE photo SET sha256 = coalesce(sha256, ?2), previous = coalesce(previous, ?3), \
         name = coalesce(?4, name), original_name = coalesce(?5, original_name), \
         media_type = coalesce(?6, media_type), extension = coalesce(?7, extension), \
         mtime = coalesce(?8, mtime), metadata = ?9, thumbhash = coalesce(?10, thumbhash), \
         unreadable = coalesce(?11, unreadable), month = coalesce(?12, month), sort_at = coalesce(?13, sort_at) \
         WHERE id = ?1 AND state = 'online_only'",
    )?
    .execute(params![
        id.0,
        sha256.map(Sha256::as_slice),
        told.previous.as_ref().map(Sha256::as_slice),
        told.original_name.as_deref().map(String::from_utf8_lossy),
        told.original_name,
        told.media_type,
        told.extension,
        told.mtime,
        photos::metadata_json(&told.metadata),
        told.thumbhash,
        told.unreadable,
        told.when.as_ref().map(|when| &when.month),
        told.when.as_ref().map(|when| &when.sort_at),
    ])?;
    photos::learn_favourite(db, id, told.favourite, told.rev)?;
    Ok(id)
}
