//! How long to wait before trying again.

use std::time::Duration;

const FIRST: i64 = 500;
const LONGEST: i64 = 30_000;

/// Milliseconds before attempt `attempts + 1`: doubled each time up to half a minute, and spread
/// over its upper half so that many do not come back at once. Never less than the far side asked for.
pub(crate) fn pause(attempts: u32, at_least: Option<Duration>) -> i64 {
    let full = (FIRST << attempts.min(10)).min(LONGEST);
    let jittered = full / 2 + random_below(full / 2);
    let asked = at_least.map_or(0, |time| {
        i64::try_from(time.as_millis())
            .unwrap_or(LONGEST)
            .min(600_000)
    });
    jittered.max(asked)
}

fn random_below(limit: i64) -> i64 {
    let bytes = uuid::Uuid::new_v4().as_u128();
    i64::try_from(bytes % u128::from(limit.max(1).unsigned_abs())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_half_a_minute_and_heed_the_far_side() {
        for (attempts, least, most) in [
            (0, 250, 500),
            (3, 2_000, 4_000),
            (6, 15_000, 30_000),
            (99, 15_000, 30_000),
        ] {
            let pause = pause(attempts, None);
            assert!((least..=most).contains(&pause), "{attempts}: {pause}");
        }
        assert!(pause(0, Some(Duration::from_secs(40))) >= 40_000);
    }
}
