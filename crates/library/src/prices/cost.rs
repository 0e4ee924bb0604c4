//! What keeping photos in a place costs, by the table of prices.

use super::{Invoked, Noted, Owned, Prices, Rented, SHIPPED_PRICES};
use crate::view::{Cost, DestinationConfig, PlaceSort, Tariff};
use std::net::IpAddr;

/// An original, its sidecar and its thumbnail.
const OBJECTS: f64 = 3.0;
/// Objects that one answer lists.
const LISTED: f64 = 1_000.0;
/// A twelfth of 365 days.
const DAYS: f64 = 30.4;
const HOURS: f64 = 730.0;
const GB: f64 = 1e9;
const TB: f64 = 1e12;

/// What is kept in a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) photos: u32,
    pub(crate) bytes: u64,
}

/// None: nothing in the table is for this place.
pub(crate) fn cost(
    prices: &Prices,
    name: &str,
    sort: PlaceSort,
    config: &DestinationConfig,
    held: Held,
) -> Option<Cost> {
    let shipped = &*SHIPPED_PRICES;
    if let Some(noted) = prices.place.iter().find(|place| place.name == name) {
        return Some(noted.cost(held, prices.hours_a_day));
    }
    let hours = prices.hours_a_day;
    let (cost, as_shipped) = match tariff(sort, config)? {
        Tariff::Amazon => (
            prices.amazon.cost(held, hours),
            prices.amazon == shipped.amazon,
        ),
        Tariff::Functions => (
            prices.functions.cost(&prices.amazon, held, hours),
            prices.functions == shipped.functions && prices.amazon == shipped.amazon,
        ),
        Tariff::Disk => (
            prices.disk.cost(Tariff::Disk, held),
            prices.disk == shipped.disk,
        ),
        Tariff::Server => (
            prices.server.cost(Tariff::Server, held),
            prices.server == shipped.server,
        ),
        Tariff::Noted => return None,
    };
    Some(Cost { as_shipped, ..cost })
}

/// Which of the tables is for such a place; none: whose it is cannot be told by its address.
fn tariff(sort: PlaceSort, config: &DestinationConfig) -> Option<Tariff> {
    if sort == PlaceSort::Functions {
        return Some(Tariff::Functions);
    }
    match config {
        DestinationConfig::Folder { .. } => Some(Tariff::Disk),
        DestinationConfig::S3 { endpoint: None, .. } => Some(Tariff::Amazon),
        DestinationConfig::S3 {
            endpoint: Some(endpoint),
            ..
        } => match host(endpoint) {
            host if is_amazon(host) => Some(Tariff::Amazon),
            host => is_at_home(host).then_some(Tariff::Server),
        },
        DestinationConfig::Http { url, .. } | DestinationConfig::Lambda { url, .. } => {
            is_at_home(host(url)).then_some(Tariff::Server)
        }
    }
}

impl Rented {
    fn cost(&self, held: Held, hours_a_day: f64) -> Cost {
        let (photos, bytes) = (f64::from(held.photos), held.bytes as f64);
        let pages = (photos * OBJECTS / LISTED).ceil().max(1.0);
        let lists = pages * hours_a_day * DAYS / 1_000.0 * self.list_1000;
        Cost {
            tariff: Tariff::Amazon,
            month: bytes / GB * self.storage_gb_month + lists,
            bring_in: photos * OBJECTS / 1_000.0 * self.put_1000,
            take_out: bytes / GB * self.egress_gb + photos / 1_000.0 * self.get_1000,
            noted: self.noted.to_string(),
            source: self.source.clone(),
            as_shipped: false,
        }
    }
}

impl Invoked {
    /// A photo is asked for once and extracted once; its bytes go straight to the bucket. Each list reads the
    /// sidecar of each photo.
    fn cost(&self, bucket: &Rented, held: Held, hours_a_day: f64) -> Cost {
        let stored = bucket.cost(held, hours_a_day);
        let photos = f64::from(held.photos);
        let run = self.request_1000000 / 1e6 + self.memory_gb * self.seconds * self.gb_second;
        let asked = run + self.api_1000000 / 1e6;
        let pages = (photos / 500.0).ceil().max(1.0);
        let list = pages * asked + photos / 1_000.0 * bucket.get_1000;
        Cost {
            tariff: Tariff::Functions,
            month: stored.month + list * hours_a_day * DAYS,
            bring_in: stored.bring_in + photos * (asked + run),
            take_out: stored.take_out + list,
            noted: self.noted.min(bucket.noted).to_string(),
            source: self.source.clone(),
            as_shipped: false,
        }
    }
}

impl Owned {
    fn cost(&self, tariff: Tariff, held: Held) -> Cost {
        let power = self.watts * HOURS / 1_000.0 * self.kwh;
        let disk = held.bytes as f64 / TB * self.disk_tb / (self.disk_years * 12.0);
        Cost {
            tariff,
            month: power + disk,
            bring_in: 0.0,
            take_out: 0.0,
            noted: self.noted.to_string(),
            source: self.source.clone(),
            as_shipped: false,
        }
    }
}

impl Noted {
    fn cost(&self, held: Held, hours_a_day: f64) -> Cost {
        let rented = Rented {
            noted: self.noted,
            source: self.source.clone(),
            storage_gb_month: self.storage_gb_month,
            put_1000: self.put_1000,
            list_1000: self.list_1000,
            get_1000: self.get_1000,
            egress_gb: self.egress_gb,
        };
        let cost = rented.cost(held, hours_a_day);
        Cost {
            tariff: Tariff::Noted,
            month: cost.month + self.month,
            ..cost
        }
    }
}

/// `nas` of `http://nas:9000/path`.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    match rest.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => rest.split(':').next().unwrap_or_default(),
    }
}

fn is_amazon(host: &str) -> bool {
    host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")
}

/// By what an address itself says: what has a name of the internet may be anybody's.
fn is_at_home(host: &str) -> bool {
    const HOME: [&str; 6] = [
        ".local",
        ".lan",
        ".home",
        ".home.arpa",
        ".internal",
        ".localhost",
    ];
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => {
            !host.is_empty()
                && (!host.contains('.') || HOME.iter().any(|home| host.ends_with(home)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::view::DestinationLayout;

    const LIBRARY: Held = Held {
        photos: 10_000,
        bytes: 50_000_000_000,
    };

    fn bucket(endpoint: Option<&str>) -> DestinationConfig {
        DestinationConfig::S3 {
            endpoint: endpoint.map(str::to_owned),
            bucket: "photos".into(),
            prefix: String::new(),
            region: None,
            path_style: None,
            ca_file: None,
            profile: None,
            key_template: None,
            layout: DestinationLayout::Library,
            cognito: None,
        }
    }

    fn server(url: &str) -> DestinationConfig {
        DestinationConfig::Http {
            url: url.into(),
            token_file: None,
            ca_file: None,
        }
    }

    fn folder() -> DestinationConfig {
        DestinationConfig::Folder {
            path: "/media/disk".into(),
            key_template: None,
            layout: DestinationLayout::Library,
        }
    }

    #[test]
    fn the_table_of_a_place_is_told_by_its_address() {
        //  place, table
        let cases = [
            (folder(), Some(Tariff::Disk)),
            (bucket(None), Some(Tariff::Amazon)),
            (
                bucket(Some("https://s3.eu-central-1.amazonaws.com")),
                Some(Tariff::Amazon),
            ),
            (bucket(Some("http://nas:9000")), Some(Tariff::Server)),
            (
                bucket(Some("https://192.168.1.5:9000/")),
                Some(Tariff::Server),
            ),
            (bucket(Some("http://[::1]:9000")), Some(Tariff::Server)),
            (bucket(Some("https://minio.home")), Some(Tariff::Server)),
            (bucket(Some("https://s3.example.com")), None),
            (bucket(Some("https://amazonaws.com.example.com")), None),
            (bucket(Some("https://8.8.8.8")), None),
            (server("http://nas:8080/photos"), Some(Tariff::Server)),
            (server("https://photos.example.org"), None),
        ];
        for (config, expected) in cases {
            assert_eq!(tariff(PlaceSort::Server, &config), expected, "{config:?}");
        }
    }

    #[test]
    fn a_library_costs_what_the_table_says() {
        let text = r#"
            hours_a_day = 10
            [amazon]
            noted = "2026-01-02"
            source = "a page"
            storage_gb_month = 0.02
            put_1000 = 0.01
            list_1000 = 0.005
            get_1000 = 0.001
            egress_gb = 0.1
            [functions]
            noted = "2026-01-01"
            source = "a page"
            request_1000000 = 1.0
            gb_second = 0.00001
            api_1000000 = 2.0
            memory_gb = 0.5
            seconds = 2.0
            [server]
            noted = "2026-01-02"
            source = "a bill"
            watts = 10
            kwh = 0.5
            disk_tb = 24
            disk_years = 2
            [[place]]
            name = "offsite"
            noted = "2026-01-02"
            source = "a page"
            month = 3
            storage_gb_month = 0.01
        "#;
        let prices = parse("prices.toml", text).unwrap();
        //  name, place, a month, in, out
        let cases = [
            // 50 GB, 30 pages an hour; 30,000 PUTs; 50 GB and 10,000 GETs.
            (
                "amazon",
                bucket(None),
                1.0 + 30.0 * 304.0 * 0.005 / 1_000.0,
                0.3,
                5.01,
            ),
            // 10 watts for 730 hours, a twentieth of a terabyte.
            (
                "home",
                bucket(Some("http://nas:9000")),
                3.65 + 0.05,
                0.0,
                0.0,
            ),
            (
                "offsite",
                bucket(Some("https://s3.example.com")),
                3.5,
                0.0,
                0.0,
            ),
        ];
        for (name, config, month, bring_in, take_out) in cases {
            let cost = cost(&prices, name, PlaceSort::Bucket, &config, LIBRARY).unwrap();
            let found = [cost.month, cost.bring_in, cost.take_out];
            let same = found
                .iter()
                .zip([month, bring_in, take_out])
                .all(|(found, expected)| (found - expected).abs() < 1e-6);
            assert!(same, "{name}: {found:?}");
            assert_eq!(cost.noted, "2026-01-02", "{name}");
            assert!(!cost.as_shipped, "{name}");
        }
        let functions = prices.functions.cost(&prices.amazon, LIBRARY, 10.0);
        // A run is 11 millionths, and 13 with its gateway.
        assert!(
            (functions.bring_in - (0.3 + 10_000.0 * 24e-6)).abs() < 1e-6,
            "{functions:?}"
        );
        // 20 pages of 13 millionths and 10,000 GETs, 304 times, beside what the bucket costs.
        let month = 1.0 + 30.0 * 304.0 * 0.005 / 1_000.0 + (20.0 * 13e-6 + 0.01) * 304.0;
        assert!((functions.month - month).abs() < 1e-6, "{functions:?}");
        assert_eq!(functions.noted, "2026-01-01", "the older of both");
        let any = server("https://a1b2c3.execute-api.eu-central-1.amazonaws.com/");
        assert_eq!(tariff(PlaceSort::Functions, &any), Some(Tariff::Functions));
        let unknown = bucket(Some("https://s3.example.com"));
        assert_eq!(
            cost(&prices, "other", PlaceSort::Bucket, &unknown, LIBRARY),
            None
        );
    }

    #[test]
    fn prices_that_came_with_imgn_are_said_to_be_so() {
        let shipped = SHIPPED_PRICES.clone();
        let cost = cost(&shipped, "disk", PlaceSort::Folder, &folder(), LIBRARY).unwrap();
        assert!(cost.as_shipped, "{cost:?}");
    }
}
