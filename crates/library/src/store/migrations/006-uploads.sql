-- An upload in parts that was begun and not completed; `upload_id` is what the destination calls it,
-- absent until it answered. `hashes` are the parts' SHA-256, 32 bytes each. It names its photo without
-- holding it: what is unfinished at the destination outlives the photo here.
CREATE TABLE upload (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    photo       INTEGER NOT NULL,
    destination INTEGER NOT NULL REFERENCES destination (id) ON DELETE CASCADE,
    key         TEXT    NOT NULL,
    upload_id   TEXT,
    asked_at    INTEGER NOT NULL,
    sha256      BLOB    NOT NULL,
    size        INTEGER NOT NULL,
    md5         BLOB    NOT NULL,
    part_size   INTEGER NOT NULL,
    hashes      BLOB    NOT NULL,
    given_up    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX upload_photo ON upload (photo, destination);
CREATE INDEX upload_destination ON upload (destination);

-- The parts that the destination acknowledged.
CREATE TABLE upload_part (
    upload INTEGER NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    etag   TEXT    NOT NULL,
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
