//! Libraries that an earlier imgn made.

use super::*;

#[test]
fn photos_of_formats_that_had_no_thumbnail_get_one() {
    let mut db = rusqlite::Connection::open_in_memory().unwrap();
    for migration in &super::super::schema::MIGRATIONS[..1] {
        db.execute_batch(migration).unwrap();
    }
    db.execute_batch(
        "PRAGMA user_version = 1;
         INSERT INTO folder (id, path) VALUES (1, x'2F70');
         INSERT INTO photo (id, name, original_name, size, media_type, extension, month, state, thumb, unreadable) VALUES
             (1, 'a.avif', x'61', 1, 'image/avif', 'avif', '2019-06', 'backed_up', 'none', 'not made yet'),
             (2, 'b.jp2', x'62', 1, 'image/jp2', 'jp2', '2019-06', 'backed_up', 'none', NULL),
             (3, 'c.jpg', x'63', 1, 'image/jpeg', 'jpg', '2019-06', 'backed_up', 'none', 'damaged'),
             (4, 'd.avif', x'64', 1, 'image/avif', 'avif', '2019-06', 'backed_up', 'none', NULL);
         INSERT INTO file (folder, path, photo, gone_at, kind, device, inode, size, mtime_ns, ctime_ns, seen_at) VALUES
             (1, x'61', 1, NULL, 'photo', 1, 1, 1, 0, 0, 0), (1, x'62', 2, NULL, 'photo', 1, 2, 1, 0, 0, 0),
             (1, x'63', 3, NULL, 'photo', 1, 3, 1, 0, 0, 0), (1, x'64', 4, 5, 'photo', 1, 4, 1, 0, 0, 0);",
    )
    .unwrap();
    super::super::migrate(&mut db, Path::new(":memory:")).unwrap();
    let mut wanted = db
        .prepare("SELECT name FROM photo WHERE thumb = 'wanted' AND unreadable IS NULL ORDER BY id")
        .unwrap();
    let names: Vec<String> = wanted
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    // Not what is damaged, nor what lies nowhere any more.
    assert_eq!(names, ["a.avif", "b.jp2"]);
}
