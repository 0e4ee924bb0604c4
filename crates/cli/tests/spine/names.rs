//! Names of every kind: each picture arrives byte for byte, none in another's place.

use crate::home::{Home, assert_exactly_once, jpeg};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use testbed::{Minio, Server};

on_every_server! {
    hostile_names_collide_with_nothing
}

on_plain_servers! {
    different_photos_of_one_name_get_keys_of_their_own
}

async fn hostile_names_collide_with_nothing(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let long = format!("{}.jpg", "ü".repeat(125));
    let names: Vec<&[u8]> = vec![
        b"plain.jpg",
        b"PLAIN.JPG",
        "caf\u{e9}.jpg".as_bytes(),
        "cafe\u{301}.jpg".as_bytes(),
        b"not-utf8-\xff\xfe.jpg",
        b"new\nline.jpg",
        b"tab\tand\x01.jpg",
        b"# ? % + & = ; , ' \" < > $ @ ! ( ).jpg",
        b"100%25.jpg",
        b"back\\slash.jpg",
        b".hidden.jpg",
        b"...jpg",
        b".imgn.jpg",
        b" leading and trailing .jpg",
        "emoji 📷👨‍👩‍👧.jpg".as_bytes(),
        "rtl \u{202e}gpj.exe.jpg".as_bytes(),
        b"photo.meta.jpg",
        b"con.jpg",
        long.as_bytes(),
    ];
    let photos: Vec<Vec<u8>> = (0..names.len() as u64).map(jpeg).collect();
    for (name, photo) in names.iter().zip(&photos) {
        home.put(OsStr::from_bytes(name), photo);
    }
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, &photos).await;
    let list = home.json(&["list"]);
    assert!(
        list.as_array()
            .unwrap()
            .iter()
            .all(|photo| photo["state"] == "backed_up"),
        "{list}"
    );
}

async fn different_photos_of_one_name_get_keys_of_their_own(server: Server) {
    let bucket = server.bucket().await;
    let home = Home::with_bucket(&bucket);
    let photos: Vec<Vec<u8>> = (0..4).map(jpeg).collect();
    for (card, photo) in photos.iter().enumerate() {
        home.put(format!("card{card}/DSC_0001.jpg"), photo);
    }
    home.ok(&["sync", "--once"]);
    assert_exactly_once(&bucket, &photos).await;
    let keys = bucket.list_originals().await;
    assert!(
        keys.iter().any(|(key, _)| key == "2019/06/DSC_0001.jpg"),
        "{keys:?}"
    );
}

#[tokio::test]
async fn a_key_template_chooses_the_keys_minio() {
    let server = Minio::shared().await;
    let bucket = server.bucket().await;
    let mut home = Home::new();
    home.set_keys(
        &bucket.endpoint.access_key_id,
        &bucket.endpoint.secret_access_key,
    );
    home.watch_pictures();
    let wrong = home.run(&[
        "destination",
        "add",
        "s3",
        "--name",
        "x",
        "--endpoint",
        &bucket.endpoint.url,
        "--bucket",
        &bucket.name,
        "--key-template",
        "{yeer}/{filename}",
    ]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.stderr.contains("yeer"), "{wrong:?}");
    home.ok(&[
        "destination",
        "add",
        "s3",
        "--name",
        "x",
        "--endpoint",
        &bucket.endpoint.url,
        "--bucket",
        &bucket.name,
        "--key-template",
        "{path}/{camera}/{year}-{month}-{day} {filename}",
    ]);
    home.put("trip/one/a.jpg", &jpeg(1));
    home.ok(&["sync", "--once"]);
    assert_eq!(
        bucket.get("trip/one/Okular D4/2019-06-01 a.jpg").await,
        jpeg(1)
    );
}
