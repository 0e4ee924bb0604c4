-- When a copy was last looked at where it lies, and when all its bytes were last read back. `lost` stands from
-- when a check found it missing or damaged until it is there again.
ALTER TABLE copy ADD COLUMN verified_at INTEGER;
ALTER TABLE copy ADD COLUMN read_at INTEGER;
ALTER TABLE copy ADD COLUMN lost TEXT CHECK (lost IN ('missing', 'damaged'));
CREATE INDEX copy_lost ON copy (destination, lost) WHERE lost IS NOT NULL;

-- When every copy there was last looked at in one go, and what it was last examined to do.
ALTER TABLE destination ADD COLUMN verified_at INTEGER;
ALTER TABLE destination ADD COLUMN examined TEXT;

-- Objects that do not hold what was put there, whatever the store says of them: they stay as they are, and
-- nothing is taken for a copy under their key until its bytes were read and are right.
CREATE TABLE damaged (
    destination INTEGER NOT NULL REFERENCES destination (id) ON DELETE CASCADE,
    key         TEXT    NOT NULL,
    key_folded  TEXT    NOT NULL,
    found_at    INTEGER NOT NULL,
    PRIMARY KEY (destination, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX damaged_folded ON damaged (destination, key_folded);

-- Files that are not backed up because of what they are.
CREATE INDEX file_left_out ON file (kind, id) WHERE kind IN ('video', 'other', 'empty', 'problem') AND gone_at IS NULL;
