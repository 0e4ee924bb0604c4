-- Whether a person typed keys for it, which are then looked for in the system's keyring.
ALTER TABLE destination ADD COLUMN keys TEXT NOT NULL DEFAULT 'around' CHECK (keys IN ('around', 'typed'));

-- Formats of which there was no thumbnail before.
UPDATE photo SET thumb = 'wanted', unreadable = NULL
WHERE thumb = 'none' AND media_type IN ('image/heic', 'image/jxl')
  AND EXISTS (SELECT 1 FROM file WHERE photo = photo.id AND gone_at IS NULL);
