//! Figures from what was timed.
//!
//! A *percentile* is the value at its rank among those that were seen, never one in between: with few of them
//! the 95th is the slowest.

use crate::store::samples::{RESTED, Sample, Timed};
use crate::view::{Latency, Rested, Times, Uploads};

pub(super) fn times(samples: &[Sample]) -> Times {
    let of = |timed: Timed| -> Vec<&Sample> {
        samples
            .iter()
            .filter(|sample| sample.timed == timed)
            .collect()
    };
    let (rested, fresh): (Vec<&Sample>, Vec<&Sample>) = of(Timed::First)
        .into_iter()
        .partition(|sample| rest(sample) >= RESTED);
    Times {
        uploads: uploads(&of(Timed::Upload)),
        probes: uploads(&of(Timed::Probe)),
        lists: latency(&of(Timed::List)),
        rested: latency(&rested).map(|latency| Rested {
            latency,
            longest: rested
                .iter()
                .map(|sample| rest(sample))
                .max()
                .unwrap_or_default()
                / 1_000,
        }),
        fresh: latency(&fresh),
        again: latency(&of(Timed::Again)),
        measured_at: of(Timed::Again).iter().map(|sample| sample.at).max(),
    }
}

fn rest(sample: &Sample) -> i64 {
    sample.rested.unwrap_or_default()
}

/// None: nothing was timed.
fn latency(samples: &[&Sample]) -> Option<Latency> {
    let mut took: Vec<f64> = samples.iter().map(|sample| milliseconds(sample)).collect();
    took.sort_by(f64::total_cmp);
    Some(Latency {
        p50: *at_rank(&took, 50)?,
        p95: *at_rank(&took, 95)?,
        count: u32::try_from(took.len()).unwrap_or(u32::MAX),
    })
}

fn uploads(samples: &[&Sample]) -> Option<Uploads> {
    let mut sizes: Vec<u64> = samples.iter().map(|sample| sample.bytes).collect();
    sizes.sort_unstable();
    let bytes: u64 = sizes.iter().sum();
    Some(Uploads {
        latency: latency(samples)?,
        median_bytes: *at_rank(&sizes, 50)?,
        bytes_per_second: bytes as f64 / busy(samples).max(0.001),
    })
}

/// What stands at `percent` of the way through sorted values, by the nearest rank.
fn at_rank<T>(sorted: &[T], percent: usize) -> Option<&T> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1)
}

/// Seconds during which at least one of them was under way.
fn busy(samples: &[&Sample]) -> f64 {
    let mut spans: Vec<(f64, f64)> = samples
        .iter()
        .map(|sample| {
            let end = sample.at as f64;
            (end - milliseconds(sample), end)
        })
        .collect();
    spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut busy, mut until) = (0.0, f64::NEG_INFINITY);
    for (begin, end) in spans {
        busy += (end - begin.max(until)).max(0.0);
        until = until.max(end);
    }
    busy / 1_000.0
}

fn milliseconds(sample: &Sample) -> f64 {
    sample.took.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn sample(timed: Timed, at: i64, milliseconds: u64, bytes: u64) -> Sample {
        Sample {
            timed,
            at,
            took: Duration::from_millis(milliseconds),
            bytes,
            rested: None,
        }
    }

    #[test]
    fn a_percentile_is_a_value_that_was_seen() {
        //  name, what was seen, p50, p95
        let cases: [(&str, Vec<u64>, f64, f64); 5] = [
            ("one alone", vec![7], 7.0, 7.0),
            ("two", vec![9, 1], 1.0, 9.0),
            (
                "few: the slowest is the 95th",
                vec![1, 2, 3, 4, 50],
                3.0,
                50.0,
            ),
            ("twenty", (1..=20).collect(), 10.0, 19.0),
            ("a hundred", (1..=100).rev().collect(), 50.0, 95.0),
        ];
        for (name, seen, p50, p95) in cases {
            let samples: Vec<Sample> = seen
                .iter()
                .map(|ms| sample(Timed::List, 0, *ms, 0))
                .collect();
            let lists = times(&samples).lists.unwrap();
            assert_eq!((lists.p50, lists.p95), (p50, p95), "{name}");
            assert_eq!(lists.count as usize, seen.len(), "{name}");
        }
    }

    #[test]
    fn what_was_not_seen_is_absent() {
        assert_eq!(times(&[]), Times::default());
        let only = times(&[sample(Timed::Upload, 10, 5, 1)]);
        assert!(only.uploads.is_some() && only.lists.is_none() && only.probes.is_none());
    }

    #[test]
    fn speed_is_of_the_time_in_which_anything_went_up() {
        /// Its end, milliseconds and bytes.
        type Seen = (i64, u64, u64);
        //  name, uploads, bytes a second
        let cases: [(&str, Vec<Seen>, f64); 4] = [
            (
                "one after the other",
                vec![(1_000, 1_000, 4), (2_000, 1_000, 4)],
                4.0,
            ),
            (
                "at the same time",
                vec![(1_000, 1_000, 4), (1_000, 1_000, 4)],
                8.0,
            ),
            (
                "a night between",
                vec![(1_000, 1_000, 4), (30_000_000, 1_000, 4)],
                4.0,
            ),
            (
                "one within another",
                vec![(2_000, 2_000, 6), (1_000, 500, 2)],
                4.0,
            ),
        ];
        for (name, seen, expected) in cases {
            let samples: Vec<Sample> = seen
                .iter()
                .map(|(at, ms, bytes)| sample(Timed::Upload, *at, *ms, *bytes))
                .collect();
            let speed = times(&samples).uploads.unwrap().bytes_per_second;
            assert!((speed - expected).abs() < 0.001, "{name}: {speed}");
        }
    }

    #[test]
    fn a_first_answer_is_cold_only_after_a_rest() {
        let first = |rested, ms| Sample {
            rested,
            ..sample(Timed::First, 0, ms, 0)
        };
        let seen = times(&[
            first(Some(3 * 60 * 60_000), 900),
            first(Some(2_000), 40),
            first(None, 50),
            sample(Timed::Again, 77, 8, 0),
        ]);
        let rested = seen.rested.unwrap();
        assert_eq!((rested.latency.p50, rested.longest), (900.0, 3 * 60 * 60));
        assert_eq!(seen.fresh.unwrap().count, 2);
        assert_eq!(seen.again.unwrap().p50, 8.0);
        assert_eq!(seen.measured_at, Some(77));
    }
}
