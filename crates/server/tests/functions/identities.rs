//! Several people over one bucket: each sees and fills a folder of their own.

use crate::bed::{Bed, photo};
use serde_json::json;
use testbed::{Identity, Minio};

const POOL: &str = "eu-central-1:aaaaaaaa-0000-4000-8000-000000000000";
const ANN: &str = "eu-central-1:11111111-1111-4111-8111-111111111111";
const BEN: &str = "eu-central-1:22222222-2222-4222-8222-222222222222";

fn identity(pool: &str, id: &str) -> Option<Identity> {
    Some(Identity {
        pool: pool.to_owned(),
        id: id.to_owned(),
    })
}

#[tokio::test]
async fn each_identity_has_a_library_of_its_own() {
    let bed = Bed::on(Minio::shared().await, &[("IMGN_IDENTITY_POOL", POOL)]).await;
    let list = || async { bed.get("/gallery").send().await.unwrap() };
    assert_eq!(list().await.status(), 401);
    assert_eq!(bed.get("/healthz").send().await.unwrap().status(), 200);
    let strangers = [
        ("of another pool", identity("eu-central-1:other", ANN)),
        ("with a name that leads elsewhere", identity(POOL, "../x")),
    ];
    for (name, stranger) in strangers {
        bed.functions.sign(stranger);
        assert_eq!(list().await.status(), 401, "{name}");
    }

    bed.functions.sign(identity(POOL, ANN));
    let key = bed.upload("a.jpg", &photo(1)).await;
    assert_eq!(key, "2024/05/a.jpg");
    bed.functions.sign(identity(POOL, BEN));
    bed.upload("a.jpg", &photo(2)).await;
    bed.upload("b.jpg", &photo(3)).await;
    assert_eq!(bed.gallery().await.len(), 2);
    bed.functions.sign(identity(POOL, ANN));
    assert_eq!(bed.gallery().await.len(), 1);
    for (who, seed) in [(ANN, 1), (BEN, 2)] {
        assert!(bed.bucket.get(&format!("{who}/2024/05/a.jpg")).await == photo(seed));
        let marker = format!("{who}/.imgn/destination.json");
        assert!(bed.bucket.try_get(&marker).await.is_some());
    }

    // An event is of one of them, a clock of all; what belongs to nobody is left alone.
    bed.bucket.put("2024/nobodys.jpg", photo(4)).await;
    let put = json!({"detail-type": "Object Created", "detail": {
        "bucket": {"name": bed.bucket.name}, "object": {"key": format!("{BEN}/2024/05/b.jpg")}}});
    let done = |extracted: u64| json!({"extracted": extracted, "broken": 0, "failed": 0});
    assert_eq!(bed.functions.call("imgn-extract", &put).await, Ok(done(1)));
    assert_eq!(
        bed.functions.call("imgn-extract", &json!({})).await,
        Ok(done(2))
    );
    assert!(bed.bucket.try_get("2024/nobodys.jpg.meta").await.is_none());
    assert!(bed.gallery().await[0].thumb.is_some());
    bed.bucket.destroy().await;
}
