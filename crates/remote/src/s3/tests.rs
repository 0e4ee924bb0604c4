//! A computer whose clock is wrong, which no setting can bring about.

use super::*;
use aws_smithy_async::time::TimeSource;
use std::time::SystemTime;
use testbed::{Minio, SeaweedFs, Server};

#[derive(Debug)]
struct HoursOff(i64);

impl TimeSource for HoursOff {
    fn now(&self) -> SystemTime {
        let offset = Duration::from_secs(self.0.unsigned_abs() * 3600);
        if self.0 < 0 {
            SystemTime::now() - offset
        } else {
            SystemTime::now() + offset
        }
    }
}

async fn a_wrong_clock_is_corrected(server: Server) {
    for hours in [-1, 1, 26] {
        let bucket = server.bucket().await;
        let config = S3Config {
            endpoint: Some(server.endpoint.url.clone()),
            bucket: bucket.name.clone(),
            prefix: String::new(),
            region: None,
            path_style: None,
            ca_file: None,
            profile: None,
        };
        let keys = Credentials::Typed {
            access_key_id: server.endpoint.access_key_id.clone(),
            secret_access_key: server.endpoint.secret_access_key.clone(),
        };
        let clock = SharedTimeSource::new(HoursOff(hours));
        let remote = open::open(config, keys, Profile::default(), clock)
            .await
            .unwrap();

        let (_, profile) = remote.claim().await.unwrap();
        assert!(
            (profile.clock_skew + hours * 3600).abs() < 60,
            "{hours} h: {profile:?}"
        );

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        std::fs::write(&path, "photo").unwrap();
        let original = Original {
            path: &path,
            size: 5,
            sha256: <sha2::Sha256 as sha2::Digest>::digest("photo").into(),
            mtime: jiff::Timestamp::UNIX_EPOCH,
            content_type: "image/jpeg",
            taken_at: None,
        };
        let key = Key::parse("a.jpg").unwrap();
        let put = remote.put(&key, &original, &|_| {}).await.unwrap();
        assert!(
            matches!(put, Put::Stored(Proof::FullSha256 { .. })),
            "{hours} h: {put:?}"
        );
        assert_eq!(bucket.get("a.jpg").await, b"photo");
    }
}

#[tokio::test]
async fn minio_takes_photos_from_a_computer_with_a_wrong_clock() {
    a_wrong_clock_is_corrected(Minio::shared().await).await;
}

#[tokio::test]
async fn seaweedfs_takes_photos_from_a_computer_with_a_wrong_clock() {
    a_wrong_clock_is_corrected(SeaweedFs::shared().await).await;
}
