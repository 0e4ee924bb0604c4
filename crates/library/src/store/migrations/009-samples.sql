-- How long a destination took, the latest of each kind only. `rested` is for how long nobody had asked it before,
-- where that is known; milliseconds, as `at`.
CREATE TABLE sample (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    destination INTEGER NOT NULL REFERENCES destination (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL CHECK (kind IN ('upload', 'probe', 'list', 'first', 'again')),
    at          INTEGER NOT NULL,
    micros      INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    rested      INTEGER
) STRICT;
CREATE INDEX sample_of ON sample (destination, kind, id);
