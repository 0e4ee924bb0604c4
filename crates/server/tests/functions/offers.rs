//! The upload function: what it offers, and what the store makes of it.

use crate::bed::{Bed, TOKEN, code, photo, sha256};
use remote::api::Offer;
use testbed::{Minio, visit};

/// What holds over every bucket.
async fn holds_to_what_was_announced(bed: Bed) {
    let bytes = photo(1);
    let offer = bed.offer("it's +1.jpg", &bytes).await;
    let Offer::Put { key, headers, url } = &offer else {
        panic!("{offer:?}");
    };
    assert_eq!(key, "2024/05/it's +1.jpg");
    let names: Vec<_> = headers.keys().map(String::as_str).collect();
    let signed = [
        "content-length",
        "content-type",
        "if-none-match",
        "x-amz-checksum-sha256",
        "x-amz-meta-mtime",
        "x-amz-meta-sha256",
    ];
    assert_eq!(names, signed);
    assert_eq!(headers["content-length"], bytes.len().to_string());
    assert_eq!(headers["content-type"], "image/jpeg");
    assert!(url.contains("X-Amz-Expires=300"), "{url}");

    //  what is wrong, what is sent, the header left out
    let mut other = bytes.clone();
    other[50] ^= 1;
    let longer = [bytes.as_slice(), b"more"].concat();
    for (name, body, without) in [
        ("other bytes of the same length", &other, ""),
        ("more bytes", &longer, ""),
        ("no checksum", &bytes, "x-amz-checksum-sha256"),
        ("no condition", &bytes, "if-none-match"),
        ("no type", &bytes, "content-type"),
        ("no hash beside it", &bytes, "x-amz-meta-sha256"),
    ] {
        let put = bed.put_without(&offer, body, without).await;
        let status = put.status().as_u16();
        assert!((400..500).contains(&status), "{name}: {status}");
        let stored = bed.bucket.try_get(key).await;
        assert!(stored.is_none(), "{name}: it was stored");
    }
    let put = bed.put(&offer, &bytes).await;
    assert_eq!(put.status(), 200, "{}", put.text().await.unwrap());
    assert_eq!(bed.put(&offer, &bytes).await.status(), 412);
    assert!(bed.bucket.get(key).await == bytes);
    let head = bed.bucket.head(key).await;
    assert_eq!(head.content_type.as_deref(), Some("image/jpeg"));
    assert_eq!(head.metadata["sha256"], sha256(&bytes));
    assert_eq!(head.metadata["mtime"], "1714825800.5");

    let again = bed.offer("it's +1.jpg", &bytes).await;
    let Offer::Duplicate {
        key: there,
        sha256: hash,
        ..
    } = again
    else {
        panic!("{again:?}");
    };
    assert_eq!((&there, hash), (key, sha256(&bytes)));
    let twin = bed.upload("it's +1.jpg", &photo(2)).await;
    assert_eq!(
        twin,
        format!("2024/05/it's +1-{}.jpg", &sha256(&photo(2))[..8])
    );
    let log = bed.functions.logs();
    assert!(!log.contains("X-Amz-Signature") && !log.contains(TOKEN));
    bed.bucket.destroy().await;
}

#[tokio::test]
async fn minio_takes_what_was_announced_once_and_nothing_else() {
    holds_to_what_was_announced(Bed::minio().await).await;
}

#[tokio::test]
async fn seaweedfs_takes_what_was_announced_once_and_nothing_else() {
    holds_to_what_was_announced(Bed::seaweedfs().await).await;
}

async fn serves_old_clients(bed: Bed) {
    let answer = bed.announce_old("a.jpg").await;
    assert_eq!(answer.status(), 200);
    let url = answer.text().await.unwrap();
    // The whole body, and nothing but the host is signed.
    assert_eq!(url, url.trim());
    assert!(url.contains("X-Amz-SignedHeaders=host&"), "{url}");
    assert!(url.contains("X-Amz-Expires=300"), "{url}");
    let put = reqwest::Client::new()
        .put(&url)
        .header("content-type", "image/jpeg")
        .body(photo(1));
    assert_eq!(put.send().await.unwrap().status(), 200);
    let key = |url: &str| {
        let path = url.split('?').next().unwrap();
        assert!(path.contains("/undated/a-"), "{path}");
        format!("undated/{}", path.rsplit('/').next().unwrap())
    };
    assert!(bed.bucket.get(&key(&url)).await == photo(1));

    // No name is given twice, whether or not anything came under it.
    let [second, third] = [
        bed.announce_old("a.jpg").await,
        bed.announce_old("a.jpg").await,
    ];
    let (second, third) = (second.text().await.unwrap(), third.text().await.unwrap());
    assert!(key(&second) != key(&url) && key(&second) != key(&third));
    // Their UI puts what it gets into HTML, and knows 400 as the one failure.
    let refused = bed.announce_old("<b>.html").await;
    assert_eq!(refused.status(), 400);
    assert!(!refused.text().await.unwrap().contains("<b>"));
    bed.bucket.destroy().await;
}

#[tokio::test]
async fn an_old_client_gets_an_address_in_minio_that_is_free() {
    serves_old_clients(Bed::minio().await).await;
}

#[tokio::test]
async fn an_old_client_gets_an_address_in_seaweedfs_that_is_free() {
    serves_old_clients(Bed::seaweedfs().await).await;
}

type Fields<'a> = &'a [(&'a str, &'a str)];

#[tokio::test]
async fn what_cannot_be_offered_is_said() {
    let bed = Bed::minio().await;
    let hash = sha256(b"x");
    let known = [("sha256", hash.as_str()), ("size", "1")];
    let with = |more: (&'static str, &'static str)| [known[0], known[1], more];
    //  name, fields, filename, status, code
    let cases: [(&str, Fields<'_>, &str, u16, &str); 7] = [
        ("no hash", &[("size", "1")], "a.jpg", 400, "unannounced"),
        ("no size", &known[..1], "a.jpg", 400, "unannounced"),
        ("a bad hash", &[("sha256", "x")], "a.jpg", 400, "bad_field"),
        (
            "nothing in it",
            &[known[0], ("size", "0")],
            "a.jpg",
            400,
            "empty",
        ),
        (
            "too much",
            &[known[0], ("size", "6000000000")],
            "a.jpg",
            413,
            "too_large",
        ),
        (
            "no photo",
            &with(("type", "text/html")),
            "a.jpg",
            415,
            "not_a_photo",
        ),
        ("a way out", &known, "../a.jpg", 400, "bad_filename"),
    ];
    for (name, fields, filename, status, expected) in cases {
        let answer = bed.announce(fields, filename).await;
        assert_eq!(answer.status().as_u16(), status, "{name}");
        assert_eq!(code(answer).await, expected, "{name}");
    }
    bed.bucket.destroy().await;
}

#[tokio::test]
async fn nobody_is_offered_anything_without_the_token_or_by_a_page_elsewhere() {
    let bed = Bed::minio().await;
    let client = reqwest::Client::new();
    for path in ["/gallery", "/library", "/thumbs/00.webp"] {
        let answer = client.get(bed.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
    }
    let answer = client.post(bed.url("/upload")).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let elsewhere = bed.get("/gallery").header("origin", "https://evil.example");
    assert_eq!(elsewhere.send().await.unwrap().status(), 403);
    let other = bed.get("/gallery").header("imgn-library", "another");
    assert_eq!(other.send().await.unwrap().status(), 412);
    // What stands at the runtime's own address of a function is the same.
    let health = format!("{}/healthz", bed.functions.url_of("imgn-gallery"));
    assert_eq!(visit(&health).await.status, 200);
    let gallery = format!("{}/gallery/", bed.functions.url_of("imgn-gallery"));
    assert_eq!(visit(&gallery).await.status, 401);
    bed.bucket.destroy().await;
}

/// Who may not list is told "forbidden" of every free name.
#[tokio::test]
async fn a_function_without_its_rights_says_so_and_is_alive() {
    let wrong = [
        ("IMGN_TOKEN", TOKEN),
        ("AWS_SECRET_ACCESS_KEY", "not the one"),
    ];
    let bed = Bed::on(Minio::shared().await, &wrong).await;
    let health = bed.get("/healthz").send().await.unwrap();
    assert_eq!(health.status(), 200);
    let list = bed.get("/gallery").send().await.unwrap();
    assert!(list.status().is_server_error(), "{}", list.status());
    let hash = sha256(b"x");
    let fields = [("sha256", hash.as_str()), ("size", "1")];
    let answer = bed.announce(&fields, "a.jpg").await;
    assert!(answer.status().is_server_error());
    let said = answer.text().await.unwrap();
    assert!(!said.contains(&bed.bucket.name), "{said}");
    bed.bucket.destroy().await;
}
