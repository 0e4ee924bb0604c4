//! Places side by side: figures from what was timed, and what each costs.
//!
//! **Invariant:** a figure is of this very place, from what the person's own photos or a measuring showed; what
//! was not seen is absent, never guessed.

mod figures;

use crate::opening;
use crate::prices::{self, Held, Prices};
use crate::store::destinations::Destination;
use crate::store::samples::Sample;
use crate::view::*;
use crate::wording;

/// What the rows know of one place.
pub(crate) struct Known {
    pub(crate) destination: Destination,
    pub(crate) photos: u32,
    pub(crate) bytes: u64,
    pub(crate) samples: Vec<Sample>,
}

pub(crate) fn places(known: Vec<Known>, prices: &Prices) -> Vec<ComparedPlace> {
    known.iter().map(|known| place(known, prices)).collect()
}

/// The sorts that none of the places is of.
pub(crate) fn others(places: &[ComparedPlace]) -> Vec<PlaceSort> {
    PlaceSort::ALL
        .into_iter()
        .filter(|sort| places.iter().all(|place| place.sort != *sort))
        .collect()
}

fn place(known: &Known, prices: &Prices) -> ComparedPlace {
    let row = &known.destination;
    let held = Held {
        photos: known.photos,
        bytes: known.bytes,
    };
    let sort = sort(row);
    ComparedPlace {
        destination: row.id.0,
        name: row.name.clone(),
        place: opening::place(&row.config),
        sort,
        service: wording::service(&row.profile),
        photos: known.photos,
        bytes: known.bytes,
        verified_by: verified_by(row, known.photos),
        times: figures::times(&known.samples),
        cost: prices::cost(prices, &row.name, sort, &row.config, held),
    }
}

/// Functions can be added as a server, and are known by what they answered.
fn sort(row: &Destination) -> PlaceSort {
    use remote::Service::{Functions, OriginalFunctions};
    match (&row.config, row.profile.service) {
        (DestinationConfig::Folder { .. }, _) => PlaceSort::Folder,
        (DestinationConfig::S3 { .. }, _) => PlaceSort::Bucket,
        (_, Some(Functions | OriginalFunctions)) | (DestinationConfig::Lambda { .. }, None) => {
            PlaceSort::Functions
        }
        _ => PlaceSort::Server,
    }
}

/// What the store behind functions does is known by what was put there.
fn verified_by(row: &Destination, photos: u32) -> VerifiedBy {
    let is_original = row
        .profile
        .service
        .is_some_and(remote::Service::is_original);
    match row.config {
        DestinationConfig::Folder { .. } => VerifiedBy::ReadingBack,
        _ if is_original => VerifiedBy::ReadingBack,
        _ if row.profile.repeats_sha256 => VerifiedBy::Checksum,
        _ if row.profile.service == Some(remote::Service::Functions) => match photos {
            0 => VerifiedBy::NotSeen,
            _ => VerifiedBy::ReadingBack,
        },
        _ => VerifiedBy::Size,
    }
}
