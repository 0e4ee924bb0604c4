-- Formats of which there was no thumbnail before, or (JPEG XL with a profile) not always.
UPDATE photo SET thumb = 'wanted', unreadable = NULL
WHERE thumb = 'none' AND media_type IN ('image/avif', 'image/jp2', 'image/jxl')
  AND EXISTS (SELECT 1 FROM file WHERE photo = photo.id AND gone_at IS NULL);
