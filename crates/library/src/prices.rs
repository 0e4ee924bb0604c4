//! The table of prices: what imgn came with, and what a person made of it in `prices.toml` beside the settings.
//!
//! **Invariant:** a price is never without its day and where it is from. A file that is not understood changes
//! nothing, and is never replaced.

mod cost;

pub(crate) use cost::{Held, cost};

use crate::editable;
use crate::path_bytes::shown;
use crate::view::{Cause, CommandError, PriceTable};
use jiff::civil;
use serde::Deserialize;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::LazyLock;

/// Its name beside the settings.
pub(crate) const FILE: &str = "prices.toml";

/// What a new file has, and what holds without one.
const SHIPPED: &str = include_str!("prices.toml");

static SHIPPED_PRICES: LazyLock<Prices> = LazyLock::new(|| {
    toml_edit::de::from_str(SHIPPED).expect("the table that is built in is valid")
});

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prices {
    #[serde(default = "shipped_currency")]
    currency: String,
    #[serde(default = "shipped_hours")]
    hours_a_day: f64,
    #[serde(default = "shipped_amazon")]
    amazon: Rented,
    #[serde(default = "shipped_functions")]
    functions: Invoked,
    #[serde(default = "shipped_disk")]
    disk: Owned,
    #[serde(default = "shipped_server")]
    server: Owned,
    #[serde(default)]
    place: Vec<Noted>,
}

/// Storage that is paid for as it is used.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rented {
    noted: civil::Date,
    source: String,
    storage_gb_month: f64,
    put_1000: f64,
    list_1000: f64,
    get_1000: f64,
    egress_gb: f64,
}

/// Functions and their gateway.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invoked {
    noted: civil::Date,
    source: String,
    request_1000000: f64,
    gb_second: f64,
    api_1000000: f64,
    memory_gb: f64,
    seconds: f64,
}

/// A machine or disk of one's own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Owned {
    noted: civil::Date,
    source: String,
    watts: f64,
    /// A kilowatt-hour.
    kwh: f64,
    /// A terabyte of disk, and for how long it lasts.
    disk_tb: f64,
    disk_years: f64,
}

/// What one place costs, by its name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Noted {
    name: String,
    noted: civil::Date,
    source: String,
    /// Whatever is there.
    #[serde(default)]
    month: f64,
    #[serde(default)]
    storage_gb_month: f64,
    #[serde(default)]
    put_1000: f64,
    #[serde(default)]
    list_1000: f64,
    #[serde(default)]
    get_1000: f64,
    #[serde(default)]
    egress_gb: f64,
}

/// The prices that hold, and what is to be known of their table. Blocks.
pub(crate) fn read(path: &Path) -> (Prices, PriceTable) {
    let (prices, mistake) = match read_file(path) {
        Ok(prices) => (prices, None),
        Err(error) => (SHIPPED_PRICES.clone(), Some(error)),
    };
    let table = PriceTable {
        file: shown(path),
        currency: prices.currency.clone(),
        mistake,
    };
    (prices, table)
}

/// Writes the table where there is none. Blocks.
pub(crate) fn explain(path: &Path) -> io::Result<()> {
    editable::begin(path, SHIPPED)
}

fn read_file(path: &Path) -> Result<Prices, String> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let parsed = parse(&path.display().to_string(), &text);
            parsed.map_err(|error| error.detail)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(SHIPPED_PRICES.clone()),
        Err(error) => Err(format!("cannot read {}: {error}", path.display())),
    }
}

fn parse(name: &str, text: &str) -> Result<Prices, CommandError> {
    let prices: Prices = editable::from_toml(name, text)?;
    let wrong = |what: &str| {
        let detail = format!("{name}: {what}");
        Err(CommandError::new(Cause::BadSettings, detail))
    };
    let is_code = |c: char| c.is_ascii_uppercase();
    if prices.currency.len() != 3 || !prices.currency.chars().all(is_code) {
        return wrong("currency: it must be three capitals, such as EUR");
    }
    if !(0.0..=24.0).contains(&prices.hours_a_day) {
        return wrong("hours_a_day: a day has 24");
    }
    if prices.disk.disk_years <= 0.0 || prices.server.disk_years <= 0.0 {
        return wrong("disk_years: a disk lasts longer than that");
    }
    if prices
        .amounts()
        .any(|amount| !amount.is_finite() || amount < 0.0)
    {
        return wrong("a price, a power and a time are numbers from 0 up");
    }
    Ok(prices)
}

impl Prices {
    fn amounts(&self) -> impl Iterator<Item = f64> {
        let Self {
            amazon: a,
            functions: f,
            ..
        } = self;
        let mut amounts = vec![
            a.storage_gb_month,
            a.put_1000,
            a.list_1000,
            a.get_1000,
            a.egress_gb,
            f.request_1000000,
            f.gb_second,
            f.api_1000000,
            f.memory_gb,
            f.seconds,
        ];
        for owned in [&self.disk, &self.server] {
            amounts.extend([owned.watts, owned.kwh, owned.disk_tb, owned.disk_years]);
        }
        for place in &self.place {
            amounts.extend([
                place.month,
                place.storage_gb_month,
                place.put_1000,
                place.list_1000,
                place.get_1000,
                place.egress_gb,
            ]);
        }
        amounts.into_iter()
    }
}

fn shipped_currency() -> String {
    SHIPPED_PRICES.currency.clone()
}

fn shipped_hours() -> f64 {
    SHIPPED_PRICES.hours_a_day
}

fn shipped_amazon() -> Rented {
    SHIPPED_PRICES.amazon.clone()
}

fn shipped_functions() -> Invoked {
    SHIPPED_PRICES.functions.clone()
}

fn shipped_disk() -> Owned {
    SHIPPED_PRICES.disk.clone()
}

fn shipped_server() -> Owned {
    SHIPPED_PRICES.server.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_says_what_holds_without_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deep").join(FILE);
        let (without, table) = read(&path);
        assert_eq!(table.mistake, None);
        assert!(!path.exists(), "nothing is written unasked");
        explain(&path).unwrap();
        assert_eq!(read(&path).0, without);
        fs::write(&path, "currency = \"EUR\"\n").unwrap();
        explain(&path).unwrap();
        let (edited, table) = read(&path);
        assert_eq!(table.currency, "EUR", "what a person wrote stays");
        assert_eq!(edited.amazon, without.amazon);
    }

    #[test]
    fn every_example_of_the_file_is_understood() {
        let uncommented = SHIPPED.replace("#: ", "");
        let prices = parse("prices.toml", &uncommented).unwrap();
        assert_eq!(prices.place.len(), 1);
    }

    #[test]
    fn a_file_that_is_not_understood_is_said_and_changes_nothing() {
        //  name, text, what is said
        let cases = [
            ("an unknown word", "\nstorge = 1\n", "line 2"),
            (
                "a price without its day",
                "[[place]]\nname = \"a\"\nsource = \"b\"\n",
                "noted",
            ),
            (
                "less than nothing",
                "[[place]]\nname = \"a\"\nnoted = \"2026-01-01\"\nsource = \"b\"\nmonth = -1\n",
                "from 0 up",
            ),
            ("no number", "hours_a_day = nan\n", "hours_a_day"),
            ("no currency", "currency = \"€\"\n", "three capitals"),
            (
                "a day that does not exist",
                "[[place]]\nname = \"a\"\nnoted = \"2026-02-30\"\nsource = \"b\"\n",
                "line 3",
            ),
        ];
        for (name, text, said) in cases {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join(FILE);
            fs::write(&path, text).unwrap();
            let (prices, table) = read(&path);
            assert_eq!(prices, *SHIPPED_PRICES, "{name}");
            let mistake = table.mistake.unwrap_or_default();
            assert!(mistake.contains(said), "{name}: {mistake}");
        }
    }
}
