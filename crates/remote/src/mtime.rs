//! Times as they are written beside an original.

use jiff::Timestamp;

/// Seconds with as many decimals as are needed, as rclone writes them.
pub(crate) fn seconds(at: Timestamp) -> String {
    let nanoseconds = at.as_nanosecond();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let digits = format!("{:010}", nanoseconds.unsigned_abs());
    let (whole, decimals) = digits.split_at(digits.len() - 9);
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}.{decimals}"),
    }
}

/// Reads what [`seconds`] wrote, or another program in the same form.
pub fn parse(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let nanoseconds: i32 = digits.parse().ok()?;
    let signed = if whole.starts_with('-') {
        -nanoseconds
    } else {
        nanoseconds
    };
    Timestamp::new(whole.parse().ok()?, signed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_was_written() {
        for text in [
            "0",
            "1588561321",
            "1588561321.25",
            "-1.5",
            "-0.5",
            "0.000000001",
        ] {
            let at = parse(text).unwrap();
            assert_eq!(seconds(at), text);
        }
        for text in ["", "yesterday", "1.-5", "1.x", "."] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
