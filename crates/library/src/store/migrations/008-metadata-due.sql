-- Photos that came when no worker could be started: their metadata is read when their thumbnail is made.
ALTER TABLE photo ADD COLUMN metadata_due INTEGER NOT NULL DEFAULT 0;
UPDATE photo SET metadata_due = 1 WHERE unreadable LIKE 'cannot start a media worker%';
UPDATE photo SET thumb = 'wanted' WHERE metadata_due = 1 AND EXISTS (
    SELECT 1 FROM file WHERE photo = photo.id AND gone_at IS NULL AND kind IN ('photo', 'new'));
