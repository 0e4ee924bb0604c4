-- Ids are never given twice: what is under way for a removed row must not meet a new one.
-- Times are Unix milliseconds (`*_ns`: nanoseconds). Paths and file names are bytes, as the system has them.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- A folder that is watched. `device` and `inode` are those of its root when it was last seen with
-- its files: an empty mount point in its place has others. `mounts` are the paths below it on which
-- other disks were mounted, NUL-separated.
CREATE TABLE folder (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    path    BLOB    NOT NULL UNIQUE,
    managed INTEGER NOT NULL DEFAULT 0,
    offline INTEGER NOT NULL DEFAULT 0,
    device  INTEGER,
    inode   INTEGER,
    mounts  BLOB    NOT NULL DEFAULT x''
) STRICT;

-- One picture by its bytes. `sha256` is absent while only an object in a bucket is known.
-- `state` is a projection of the files, copies and jobs, kept by `photos::refresh`.
CREATE TABLE photo (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256        BLOB UNIQUE,
    previous      BLOB,
    name          TEXT    NOT NULL,
    original_name BLOB    NOT NULL,
    size          INTEGER NOT NULL,
    media_type    TEXT    NOT NULL,
    extension     TEXT    NOT NULL,
    mtime         INTEGER,
    month         TEXT    NOT NULL DEFAULT '',
    sort_at       TEXT    NOT NULL DEFAULT '',
    metadata      TEXT    NOT NULL DEFAULT '{}',
    unreadable    TEXT,
    thumb         TEXT    NOT NULL DEFAULT 'wanted' CHECK (thumb IN ('wanted', 'made', 'none', 'remote')),
    thumbhash     BLOB,
    state         TEXT    NOT NULL DEFAULT 'hidden'
) STRICT;
CREATE INDEX photo_timeline ON photo (month, sort_at DESC, id DESC) WHERE state <> 'hidden';
CREATE INDEX photo_size ON photo (size);
CREATE INDEX photo_thumb ON photo (id) WHERE thumb = 'wanted';
CREATE INDEX photo_state ON photo (state, id) WHERE state IN ('waiting', 'failed', 'indexed', 'queued');

-- One file under a watched folder. `kind` is 'new' until it was read; `gone_at` stands when its
-- folder was read and it was not there.
CREATE TABLE file (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    folder   INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    path     BLOB    NOT NULL,
    device   INTEGER NOT NULL,
    inode    INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    seen_at  INTEGER NOT NULL,
    kind     TEXT    NOT NULL DEFAULT 'new'
             CHECK (kind IN ('new', 'photo', 'video', 'other', 'empty', 'problem')),
    photo    INTEGER REFERENCES photo (id),
    cause    TEXT,
    detail   TEXT,
    gone_at  INTEGER,
    UNIQUE (folder, path)
) STRICT;
CREATE INDEX file_new ON file (seen_at) WHERE kind = 'new' AND gone_at IS NULL;
CREATE INDEX file_photo ON file (photo);
CREATE INDEX file_identity ON file (device, inode);
CREATE INDEX file_problem ON file (folder) WHERE kind = 'problem' AND gone_at IS NULL;

-- Where photos are kept. `config` holds no secret.
CREATE TABLE destination (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL UNIQUE,
    config     TEXT NOT NULL,
    marker     TEXT NOT NULL,
    profile    TEXT NOT NULL,
    checked_at INTEGER,
    listed_at  INTEGER
) STRICT;

-- One photo at one destination. The key is chosen once; `confirmed_at` stands only with a proof;
-- `listed_at` when the destination's own list last showed the object; `adopted` says that it was
-- there before this library put it, so its sidecar may be another machine's.
CREATE TABLE copy (
    photo        INTEGER NOT NULL REFERENCES photo (id),
    destination  INTEGER NOT NULL REFERENCES destination (id) ON DELETE CASCADE,
    key          TEXT    NOT NULL,
    key_folded   TEXT    NOT NULL,
    bytes        INTEGER NOT NULL,
    proof        TEXT,
    confirmed_at INTEGER,
    listed_at    INTEGER,
    adopted      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (photo, destination),
    UNIQUE (destination, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_bytes ON copy (destination, bytes) WHERE confirmed_at IS NULL AND listed_at IS NOT NULL;
CREATE INDEX copy_folded ON copy (destination, key_folded);
CREATE INDEX copy_confirmed ON copy (confirmed_at) WHERE confirmed_at IS NOT NULL;

-- What is to be done. A job is removed in the transaction that records its result.
CREATE TABLE job (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    photo       INTEGER NOT NULL REFERENCES photo (id),
    destination INTEGER NOT NULL REFERENCES destination (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL CHECK (kind IN ('original', 'sidecar', 'thumbnail')),
    priority    INTEGER NOT NULL,
    state       TEXT    NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'waiting', 'failed')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    not_before  INTEGER NOT NULL DEFAULT 0,
    cause       TEXT,
    detail      TEXT,
    UNIQUE (photo, destination, kind)
) STRICT;
CREATE INDEX job_next ON job (destination, priority, id) WHERE state = 'ready';
CREATE INDEX job_waiting ON job (not_before) WHERE state = 'waiting';

-- Photos by month and state: the timeline's histogram and the status line's counts.
CREATE TABLE photo_tally (
    month TEXT    NOT NULL,
    state TEXT    NOT NULL,
    count INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (month, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER photo_tally_insert AFTER INSERT ON photo BEGIN
    INSERT INTO photo_tally VALUES (new.month, new.state, 1, new.size)
    ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + new.size;
END;
CREATE TRIGGER photo_tally_update AFTER UPDATE OF month, state, size ON photo
WHEN new.month <> old.month OR new.state <> old.state OR new.size <> old.size BEGIN
    UPDATE photo_tally SET count = count - 1, bytes = bytes - old.size
    WHERE month = old.month AND state = old.state;
    INSERT INTO photo_tally VALUES (new.month, new.state, 1, new.size)
    ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + new.size;
END;
CREATE TRIGGER photo_tally_delete AFTER DELETE ON photo BEGIN
    UPDATE photo_tally SET count = count - 1, bytes = bytes - old.size
    WHERE month = old.month AND state = old.state;
END;

-- Present files by folder and kind.
CREATE TABLE file_tally (
    folder INTEGER NOT NULL,
    kind   TEXT    NOT NULL,
    count  INTEGER NOT NULL,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (folder, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER file_tally_insert AFTER INSERT ON file WHEN new.gone_at IS NULL BEGIN
    INSERT INTO file_tally VALUES (new.folder, new.kind, 1, new.size)
    ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + new.size;
END;
CREATE TRIGGER file_tally_update AFTER UPDATE OF kind, size, gone_at ON file BEGIN
    UPDATE file_tally SET count = count - 1, bytes = bytes - old.size
    WHERE folder = old.folder AND kind = old.kind AND old.gone_at IS NULL;
    INSERT INTO file_tally SELECT new.folder, new.kind, 1, new.size WHERE new.gone_at IS NULL
    ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + new.size;
END;
CREATE TRIGGER file_tally_delete AFTER DELETE ON file WHEN old.gone_at IS NULL BEGIN
    UPDATE file_tally SET count = count - 1, bytes = bytes - old.size
    WHERE folder = old.folder AND kind = old.kind;
END;

-- Confirmed copies by destination.
CREATE TABLE copy_tally (
    destination INTEGER PRIMARY KEY,
    count       INTEGER NOT NULL,
    bytes       INTEGER NOT NULL
) STRICT;

CREATE TRIGGER copy_tally_insert AFTER INSERT ON copy WHEN new.confirmed_at IS NOT NULL BEGIN
    INSERT INTO copy_tally VALUES (new.destination, 1, new.bytes)
    ON CONFLICT DO UPDATE SET count = count + 1, bytes = bytes + new.bytes;
END;
CREATE TRIGGER copy_tally_update AFTER UPDATE OF confirmed_at ON copy
WHEN (new.confirmed_at IS NULL) <> (old.confirmed_at IS NULL) BEGIN
    INSERT INTO copy_tally VALUES (new.destination, 0, 0) ON CONFLICT DO NOTHING;
    UPDATE copy_tally
    SET count = count + iif(new.confirmed_at IS NULL, -1, 1),
        bytes = bytes + iif(new.confirmed_at IS NULL, -new.bytes, new.bytes)
    WHERE destination = new.destination;
END;
CREATE TRIGGER copy_tally_delete AFTER DELETE ON copy WHEN old.confirmed_at IS NOT NULL BEGIN
    UPDATE copy_tally SET count = count - 1, bytes = bytes - old.bytes WHERE destination = old.destination;
END;
