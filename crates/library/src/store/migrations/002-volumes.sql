-- A disk that was seen at a place in a watched folder: at its root (`mount` is empty) or mounted
-- below it. `disk` is what its file system calls itself, `device` its number when it was last seen.
-- One that is not `here` is unplugged, or another is in its place: what it holds is not gone.
CREATE TABLE volume (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    folder INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    mount  BLOB    NOT NULL DEFAULT x'',
    disk   TEXT,
    device INTEGER,
    here   INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX volume_folder ON volume (folder, mount);
INSERT INTO volume (folder, device, here) SELECT id, device, 1 - offline FROM folder;

-- Two disks may have held files of one name at one place: a path is unique on its volume only.
CREATE TABLE file_on_volume (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    folder   INTEGER NOT NULL REFERENCES folder (id) ON DELETE CASCADE,
    volume   INTEGER NOT NULL REFERENCES volume (id) ON DELETE CASCADE,
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
    UNIQUE (volume, path)
) STRICT;
INSERT INTO file_on_volume (id, folder, volume, path, device, inode, size, mtime_ns, ctime_ns, seen_at, kind, photo, cause, detail, gone_at)
SELECT file.id, file.folder, volume.id, file.path, file.device, file.inode, file.size, file.mtime_ns, file.ctime_ns,
       file.seen_at, file.kind, file.photo, file.cause, file.detail, file.gone_at
FROM file JOIN volume ON volume.folder = file.folder;
-- Ids of removed files are not given again either.
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'file') WHERE name = 'file_on_volume';
DROP TABLE file;
ALTER TABLE file_on_volume RENAME TO file;

CREATE INDEX file_new ON file (seen_at) WHERE kind = 'new' AND gone_at IS NULL;
CREATE INDEX file_photo ON file (photo);
CREATE INDEX file_identity ON file (device, inode);
CREATE INDEX file_problem ON file (folder) WHERE kind = 'problem' AND gone_at IS NULL;
CREATE INDEX file_path ON file (folder, path);

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

ALTER TABLE folder DROP COLUMN mounts;
