//! Sentences for places side by side: what can be said of every place of a sort, and figures of one's own.

use crate::words::{bytes, count, grouped};
use library::view::{
    ComparedPlace, ComparedRow, Cost, Latency, PlaceSort, Probing, Tariff, Times, Uploads,
    VerifiedBy,
};

pub(crate) fn sort(sort: PlaceSort) -> &'static str {
    match sort {
        PlaceSort::Folder => "folder",
        PlaceSort::Bucket => "bucket",
        PlaceSort::Server => "server",
        PlaceSort::Functions => "functions",
    }
}

pub(crate) fn row(row: ComparedRow) -> &'static str {
    match row {
        ComparedRow::Unit => "unit of deployment",
        ComparedRow::Artifact => "artifact",
        ComparedRow::Distribution => "distribution",
        ComparedRow::Triggers => "triggers",
        ComparedRow::State => "state",
        ComparedRow::Latency => "latency",
        ComparedRow::Observability => "observability",
        ComparedRow::Billing => "billing",
        ComparedRow::LiftAndShift => "lift and shift",
        ComparedRow::LocalDevelopment => "local development",
    }
}

/// What is so for every place of a sort.
pub(crate) fn general(row: ComparedRow, sort: PlaceSort) -> &'static str {
    use ComparedRow::*;
    use PlaceSort::*;
    match (row, sort) {
        (Unit, Folder) => "Nothing is deployed: a folder is there.",
        (Unit, Bucket) => "A bucket, in a store that you or a provider runs.",
        (Unit, Server) => "One process, or containers of it in pods.",
        (Unit, Functions) => "A function for each job: upload, list, extract.",
        (Artifact, Folder) => "None; photos are plain files.",
        (Artifact, Bucket) => "None of imgn's; the store is a program or a service.",
        (Artifact, Server) => "One program, or a container image.",
        (Artifact, Functions) => "A zip for each function, and one template.",
        (Distribution, Folder) => "A disk is carried, a share is mounted.",
        (Distribution, Bucket) => "An address, a bucket and a key.",
        (Distribution, Server) => "A registry of images, or a copied program.",
        (Distribution, Functions) => "A bucket of artifacts, from which SAM deploys.",
        (Triggers, Folder) => "None: imgn itself reads and writes.",
        (Triggers, Bucket) => "None needed; stores can tell of new objects.",
        (Triggers, Server) => "HTTP, a clock, or the store's notifications.",
        (Triggers, Functions) => "HTTP by a gateway, a schedule, or a new object.",
        (State, Folder) => "On that one disk.",
        (State, Bucket) => "In the bucket; any S3 tool reads it.",
        (State, Server) => "On a volume or in a bucket; processes hold none.",
        (State, Functions) => "In a bucket; a function holds none.",
        (Latency, Folder) => "The disk's own; a share adds the network, sleep a spin-up.",
        (Latency, Bucket) => "The way to the store, which does not sleep.",
        (Latency, Server) => "The way to the server, which is always awake.",
        (Latency, Functions) => "The way to the gateway; after a rest, a cold start.",
        (Observability, Folder) => "The disk's health is yours to watch.",
        (Observability, Bucket) => "Metrics and access logs are the store's.",
        (Observability, Server) => "Health, metrics and logs to collect yourself.",
        (Observability, Functions) => "Logs and metrics by the provider, for each function.",
        (Billing, Folder) => "The disk, and its power.",
        (Billing, Bucket) => "By GB and request at a provider; power at home.",
        (Billing, Server) => "As long as the machine is on, busy or not.",
        (Billing, Functions) => "By request and GB; idle functions are free.",
        (LiftAndShift, Folder) => "Copy the files: they lie as in a bucket.",
        (LiftAndShift, Bucket) => "Copy the objects with any S3 tool.",
        (LiftAndShift, Server) => "The same program moves from NAS to pod to cloud.",
        (LiftAndShift, Functions) => "The code moves; gateway, roles and triggers do not.",
        (LocalDevelopment, Folder) => "Any folder will do.",
        (LocalDevelopment, Bucket) => "A store on this machine does the same.",
        (LocalDevelopment, Server) => "Start it: that is the whole system.",
        (LocalDevelopment, Functions) => "Emulators come close; the provider is the judge.",
    }
}

pub(crate) fn good(sort: PlaceSort) -> [&'static str; 4] {
    match sort {
        PlaceSort::Folder => [
            "Works without a network.",
            "Nobody else holds your photos.",
            "No fee, and no account.",
            "Any program reads the files.",
        ],
        PlaceSort::Bucket => [
            "Any S3 tool reads it, so you can leave.",
            "The same at home and at many providers.",
            "Grows at a provider without your doing.",
            "Stores that repeat checksums prove what arrived.",
        ],
        PlaceSort::Server => [
            "Portable: the same image runs anywhere.",
            "No provider to be tied to.",
            "Long work, and any protocol.",
            "Always awake.",
        ],
        PlaceSort::Functions => [
            "Paid by use: idle costs nothing.",
            "From nothing to many by itself.",
            "No machine to patch.",
            "Events of the store start it.",
        ],
    }
}

pub(crate) fn bad(sort: PlaceSort) -> [&'static str; 3] {
    match sort {
        PlaceSort::Folder => [
            "One disk is one place: fire, theft, wear.",
            "Out of reach when you are away.",
            "When it is full, you buy the next one.",
        ],
        PlaceSort::Bucket => [
            "A provider bills requests, and taking out.",
            "At home the store is yours to run and patch.",
            "Keys have to be kept, and renewed.",
        ],
        PlaceSort::Server => [
            "You patch it, scale it and watch it.",
            "Costs the same while nobody uses it.",
            "A cluster is work of its own.",
        ],
        PlaceSort::Functions => [
            "A cold start after a rest.",
            "Limits on size and time.",
            "Tied to one provider, and harder to try at home.",
        ],
    }
}

/// The figures of one place for a row; none: that row has none.
pub(crate) fn figures(row: ComparedRow, place: &ComparedPlace, currency: &str) -> Vec<String> {
    match row {
        ComparedRow::State => vec![format!(
            "{} safe, {}",
            count(place.photos, "photo", "photos"),
            bytes(place.bytes)
        )],
        ComparedRow::Latency => times(&place.times),
        ComparedRow::Observability => vec![format!("verifies: {}", verified(place.verified_by))],
        ComparedRow::Billing => match &place.cost {
            Some(cost) => costs(cost, currency),
            None => vec!["no price is noted for this place".to_owned()],
        },
        _ => Vec::new(),
    }
}

fn times(times: &Times) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(own) = &times.uploads {
        said.push(format!("upload {}", latency(&own.latency)));
        said.push(format!("middle photo {}", bytes(own.median_bytes)));
        said.push(throughput(own));
    }
    if let Some(probes) = &times.probes {
        let size = bytes(probes.median_bytes);
        said.push(format!("probe of {size} {}", latency(&probes.latency)));
        if times.uploads.is_none() {
            said.push(throughput(probes));
        }
    }
    if let Some(lists) = &times.lists {
        said.push(format!("list {}", latency(lists)));
    }
    if let Some(rested) = &times.rested {
        let rest = rest(rested.longest);
        let cold = milliseconds(rested.latency.p50);
        said.push(format!("cold {cold}, after up to {rest} of rest"));
    }
    if let Some(fresh) = &times.fresh {
        said.push(format!("new connection {}", milliseconds(fresh.p50)));
    }
    if let Some(again) = &times.again {
        said.push(format!("warm {}", milliseconds(again.p50)));
    }
    if said.is_empty() {
        said.push("not measured yet".to_owned());
    }
    said
}

fn throughput(uploads: &Uploads) -> String {
    format!("throughput {}/s", bytes(uploads.bytes_per_second as u64))
}

/// `p50 40 ms, p95 90 ms (of 20)`
fn latency(latency: &Latency) -> String {
    format!(
        "p50 {}, p95 {} (of {})",
        milliseconds(latency.p50),
        milliseconds(latency.p95),
        grouped(u64::from(latency.count))
    )
}

fn milliseconds(milliseconds: f64) -> String {
    match milliseconds {
        short if short < 9.95 => format!("{short:.1} ms"),
        some if some < 999.5 => format!("{some:.0} ms"),
        long => format!("{:.1} s", long / 1_000.0),
    }
}

fn rest(seconds: i64) -> String {
    match seconds {
        0..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn verified(by: VerifiedBy) -> &'static str {
    match by {
        VerifiedBy::Checksum => "it repeats the SHA-256",
        VerifiedBy::ReadingBack => "each photo is read back",
        VerifiedBy::Size => "by size, until read back",
        VerifiedBy::NotSeen => "the first photo shows it",
    }
}

fn costs(cost: &Cost, currency: &str) -> Vec<String> {
    let mut said = vec![format!("{} a month", money(cost.month, currency))];
    if cost.tariff == Tariff::Disk || cost.tariff == Tariff::Server {
        said.push("nothing to bring in or take out".to_owned());
    } else {
        said.push(format!(
            "{} to bring all in",
            money(cost.bring_in, currency)
        ));
        said.push(format!(
            "{} to take all out",
            money(cost.take_out, currency)
        ));
    }
    said
}

fn money(amount: f64, currency: &str) -> String {
    if amount > 0.0 && amount < 0.005 {
        return format!("under 0.01 {currency}");
    }
    format!("{amount:.2} {currency}")
}

/// Where the prices of these costs are from, each source once.
pub(crate) fn sources<'a>(costs: impl Iterator<Item = &'a Cost>) -> Vec<String> {
    let mut said: Vec<String> = costs
        .map(|cost| format!("{} ({})", cost.source, cost.noted))
        .collect();
    said.sort();
    said.dedup();
    said
}

/// What is to be known of a place's probes.
pub(crate) fn probing(probing: Probing) -> Option<&'static str> {
    match probing {
        Probing::Removed | Probing::NotTried => None,
        Probing::Stays => Some(
            "the key has no right to delete, so one probe of 1 MB stays under .imgn/, and no more were put",
        ),
        Probing::NotTaken => Some(
            "no probes, for what is put there cannot be removed: uploads are timed by your own photos",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_amounts_are_read_easily() {
        assert_eq!(
            [0.42, 12.4, 999.0, 1_250.0].map(milliseconds),
            ["0.4 ms", "12 ms", "999 ms", "1.2 s"]
        );
        assert_eq!(
            [700, 10_800, 200_000].map(rest),
            ["11 min", "3 h", "2 days"]
        );
        assert_eq!(
            [0.0, 0.001, 1.5].map(|amount| money(amount, "EUR")),
            ["0.00 EUR", "under 0.01 EUR", "1.50 EUR"]
        );
    }
}
