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
