-- What a person says of a photo. `rev` rises with each of their changes, as the sidecar's does.
ALTER TABLE photo ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photo ADD COLUMN rev INTEGER NOT NULL DEFAULT 1;
CREATE INDEX photo_favourite ON photo (month, sort_at DESC, id DESC) WHERE favourite = 1;
CREATE INDEX photo_format ON photo (media_type) WHERE state <> 'hidden';
-- All that counting needs to know of a photo, so that a search does not read its metadata.
CREATE INDEX photo_found ON photo (id, month, sort_at, state, favourite, media_type);
CREATE INDEX file_place ON file (folder, path, photo) WHERE gone_at IS NULL AND photo IS NOT NULL;

-- The words by which a photo is found. The place is where its files lie, from the watched folder's
-- own name on; without a file here, where its objects lie.
CREATE VIEW photo_text AS
SELECT photo.id AS id,
       photo.name AS name,
       coalesce(metadata ->> '$.camera.make', '') || ' ' || coalesce(metadata ->> '$.camera.model', '') || ' '
           || coalesce(metadata ->> '$.camera.lens', '') AS camera,
       coalesce(
           (SELECT group_concat(replace(top, rtrim(top, replace(top, '/', '')), '') || '/' || path, ' ')
            FROM (SELECT CAST(folder.path AS TEXT) AS top, CAST(file.path AS TEXT) AS path
                  FROM file JOIN folder ON folder.id = file.folder
                  WHERE file.photo = photo.id AND file.gone_at IS NULL)),
           (SELECT group_concat(key, ' ') FROM copy WHERE copy.photo = photo.id),
           '') AS place,
       coalesce(metadata ->> '$.title', '') || ' ' || coalesce(metadata ->> '$.description', '') || ' '
           || coalesce(metadata ->> '$.artist', '') || ' '
           || coalesce((SELECT group_concat(value, ' ') FROM json_each(metadata, '$.keywords')), '') AS texts,
       'zqm' || replace(month, '-', '') AS month
FROM photo;

-- `month` is one word, so that a page of one month reads that month's matches only.
CREATE VIRTUAL TABLE photo_words USING fts5(
    name, camera, place, texts, month,
    content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO photo_words (rowid, name, camera, place, texts, month)
SELECT id, name, camera, place, texts, month FROM photo_text;

-- A new photo gets its words with its first file or object: without one it is not shown.
CREATE TRIGGER photo_words_update AFTER UPDATE OF name, metadata, month ON photo
WHEN new.name <> old.name OR new.metadata <> old.metadata OR new.month <> old.month BEGIN
    DELETE FROM photo_words WHERE rowid = new.id;
    INSERT INTO photo_words (rowid, name, camera, place, texts, month)
    SELECT id, name, camera, place, texts, month FROM photo_text WHERE id = new.id;
END;
CREATE TRIGGER photo_words_delete AFTER DELETE ON photo BEGIN
    DELETE FROM photo_words WHERE rowid = old.id;
END;
CREATE TRIGGER photo_words_file_insert AFTER INSERT ON file
WHEN new.photo IS NOT NULL AND new.gone_at IS NULL BEGIN
    DELETE FROM photo_words WHERE rowid = new.photo;
    INSERT INTO photo_words (rowid, name, camera, place, texts, month)
    SELECT id, name, camera, place, texts, month FROM photo_text WHERE id = new.photo;
END;
CREATE TRIGGER photo_words_file_update AFTER UPDATE OF photo, path, folder, gone_at ON file
WHEN new.photo IS NOT old.photo OR new.path <> old.path OR new.folder <> old.folder
     OR (new.gone_at IS NULL) <> (old.gone_at IS NULL) BEGIN
    DELETE FROM photo_words WHERE rowid IN (old.photo, new.photo);
    INSERT INTO photo_words (rowid, name, camera, place, texts, month)
    SELECT id, name, camera, place, texts, month FROM photo_text WHERE id IN (old.photo, new.photo);
END;
CREATE TRIGGER photo_words_file_delete AFTER DELETE ON file WHEN old.photo IS NOT NULL BEGIN
    DELETE FROM photo_words WHERE rowid = old.photo;
    INSERT INTO photo_words (rowid, name, camera, place, texts, month)
    SELECT id, name, camera, place, texts, month FROM photo_text WHERE id = old.photo;
END;
CREATE TRIGGER photo_words_copy_insert AFTER INSERT ON copy
WHEN NOT EXISTS (SELECT 1 FROM file WHERE photo = new.photo AND gone_at IS NULL) BEGIN
    DELETE FROM photo_words WHERE rowid = new.photo;
    INSERT INTO photo_words (rowid, name, camera, place, texts, month)
    SELECT id, name, camera, place, texts, month FROM photo_text WHERE id = new.photo;
END;
CREATE TRIGGER photo_words_copy_update AFTER UPDATE OF photo, key ON copy
WHEN (new.photo <> old.photo OR new.key <> old.key)
     AND NOT EXISTS (SELECT 1 FROM file WHERE photo = new.photo AND gone_at IS NULL) BEGIN
    DELETE FROM photo_words WHERE rowid = new.photo;
    INSERT INTO photo_words (rowid, name, camera, place, texts, month)
    SELECT id, name, camera, place, texts, month FROM photo_text WHERE id = new.photo;
END;
