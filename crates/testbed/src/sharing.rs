//! The containers and functions of the original imgn over one bucket: written from what is known of what they
//! show, overwrite and write beside a photo.

use crate::bucket::Bucket;

/// What a gallery says of a photo without a sidecar.
pub const NOT_YET: &str = "no metadata available yet";

/// Its servers over a bucket that others may share.
#[derive(Debug, Clone)]
pub struct OriginalBucket {
    pub bucket: Bucket,
}

impl OriginalBucket {
    pub fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }

    /// Its front end takes a photo under any name, and overwrites what has the same one.
    pub async fn upload(&self, name: &str, bytes: &[u8]) {
        self.bucket.put(name, bytes).await;
    }

    /// Its extractor writes a size beside each photo that has nothing beside it.
    pub async fn extract(&self) {
        for name in self.shown().await {
            let beside = format!("{name}.meta");
            if self.bucket.try_get(&beside).await.is_none()
                && let Some((width, height)) = size(&self.bucket.get(&name).await)
            {
                let text = format!("{width}x{height}");
                self.bucket.put(&beside, text).await;
            }
        }
    }

    /// Its gallery: each photo, and what its page puts beside it as it is.
    pub async fn gallery(&self) -> Vec<(String, String)> {
        let mut entries = Vec::new();
        for name in self.shown().await {
            let meta = self.bucket.try_get(&format!("{name}.meta")).await;
            let meta = meta.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            entries.push((name, meta.unwrap_or_else(|| NOT_YET.to_owned())));
        }
        entries
    }

    /// What its functions show: every object but the sidecars.
    pub async fn listed_by_functions(&self) -> Vec<String> {
        let all = self.bucket.list().await.into_iter().map(|(key, _)| key);
        all.filter(|key| !key.ends_with(".meta")).collect()
    }

    /// What its containers show: one level, and lower-case extensions.
    async fn shown(&self) -> Vec<String> {
        let all = self.bucket.list().await.into_iter().map(|(key, _)| key);
        let shown = |key: &String| {
            let is_image = ["jpg", "jpeg", "png"].iter().any(|end| key.ends_with(end));
            is_image && !key.contains('/')
        };
        all.filter(shown).collect()
    }
}

/// The size of a baseline JPEG, as stored: what a decoder reads of its header.
fn size(bytes: &[u8]) -> Option<(u16, u16)> {
    let mut at = 2;
    loop {
        let &[0xff, marker, high, low] = bytes.get(at..at + 4)? else {
            return None;
        };
        if matches!(marker, 0xc0..=0xc2) {
            let side =
                |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
            return Some((side(at + 7)?, side(at + 5)?));
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}
