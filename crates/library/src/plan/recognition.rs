//! Recognises the disk that is at a place of a watched folder.
//!
//! **Invariant:** does no I/O, as all planning.

use crate::disk::Naming;
use crate::store::volumes::VolumeId;

/// A disk that was seen at a place before, beside what lies there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) volume: VolumeId,
    /// It called itself what the disk there now calls itself.
    pub(crate) named_alike: bool,
    /// Files that it is known to hold.
    pub(crate) known: usize,
    /// Of a sample of them, how many there were, and how many lie there now.
    pub(crate) sampled: usize,
    pub(crate) found: usize,
}

/// The disk that is at a place now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct There {
    pub(crate) naming: Naming,
    /// It holds a file with a photo's name.
    pub(crate) photos: bool,
}

/// Which disk is at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Known(VolumeId),
    New,
    /// None that holds anything: an empty mount point, or an empty disk in the place of one that was.
    Absent,
}

/// Recognises the disk at a place by its name, else by its files.
///
/// A person who empties a folder while imgn looks on is believed: those files are gone one by one.
/// One that is found without any of its files and without a photo is taken for an empty mount point.
pub(crate) fn standing(candidates: &[Candidate], there: There) -> Standing {
    let named = candidates.iter().find(|candidate| candidate.named_alike);
    let emptied =
        |candidate: &Candidate| candidate.known > 0 && candidate.found == 0 && !there.photos;
    if let Some(named) = named
        && there.naming == Naming::OfItsOwn
    {
        return if emptied(named) {
            Standing::Absent
        } else {
            Standing::Known(named.volume)
        };
    }
    let recognised = candidates
        .iter()
        .filter(|candidate| candidate.found > 0 && candidate.found * 2 >= candidate.sampled)
        .max_by_key(|candidate| (candidate.found, candidate.named_alike));
    if let Some(recognised) = recognised {
        return Standing::Known(recognised.volume);
    }
    // The same socket: the same disk with some files fewer, unless nothing on it is known.
    if let Some(named) = named.filter(|named| named.found > 0 || named.known == 0) {
        return Standing::Known(named.volume);
    }
    if candidates.iter().any(|candidate| candidate.known > 0) && !there.photos {
        return Standing::Absent;
    }
    match candidates.iter().find(|candidate| candidate.known == 0) {
        Some(unused) => Standing::Known(unused.volume),
        None => Standing::New,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_known_by_its_name_else_by_its_files() {
        const FIRST: VolumeId = VolumeId(1);
        const SECOND: VolumeId = VolumeId(2);
        let candidate = |volume, named_alike, known, found| Candidate {
            volume,
            named_alike,
            known,
            sampled: known,
            found,
        };
        let was = |found| vec![candidate(FIRST, true, 5, found)];
        let other = |found| vec![candidate(FIRST, false, 5, found)];
        let own = Naming::OfItsOwn;
        let place = Naming::OfItsPlace;
        let cases = [
            //  name                                  candidates  naming  photos there  expected
            ("first look", vec![], own, 3, Standing::New),
            (
                "first look, watched anew",
                vec![candidate(FIRST, false, 0, 0)],
                own,
                3,
                Standing::Known(FIRST),
            ),
            ("as it was", was(5), own, 5, Standing::Known(FIRST)),
            ("some were deleted", was(1), own, 1, Standing::Known(FIRST)),
            (
                "made anew, other photos",
                was(0),
                own,
                3,
                Standing::Known(FIRST),
            ),
            (
                "emptied, or an empty mount point",
                was(0),
                own,
                0,
                Standing::Absent,
            ),
            ("bare mount point", other(0), own, 0, Standing::Absent),
            ("another disk with photos", other(0), own, 3, Standing::New),
            (
                "mounted anew, no name of its own",
                other(5),
                place,
                5,
                Standing::Known(FIRST),
            ),
            (
                "another card in the same slot",
                was(0),
                place,
                3,
                Standing::New,
            ),
            (
                "an empty card in the same slot",
                was(0),
                place,
                0,
                Standing::Absent,
            ),
            (
                "the same card, most deleted",
                was(1),
                place,
                1,
                Standing::Known(FIRST),
            ),
            (
                "the second of two cards",
                vec![candidate(FIRST, true, 5, 1), candidate(SECOND, false, 4, 4)],
                place,
                4,
                Standing::Known(SECOND),
            ),
        ];
        for (name, candidates, naming, photos, expected) in cases {
            let there = There {
                naming,
                photos: photos > 0,
            };
            assert_eq!(standing(&candidates, there), expected, "{name}");
        }
    }
}
