-- Why what was there is there no more, as the place itself answered: its bucket was removed, or it has no library or
-- another one. Photos that are nowhere else are safe nowhere until it answers as what it was.
ALTER TABLE destination ADD COLUMN gone TEXT;
