//! Text from outside, cut to a length that a sidecar and a window can bear.

/// Bytes of a description.
pub(crate) const LONG: usize = 4096;
/// Bytes of any other text.
pub(crate) const SHORT: usize = 256;
/// Keywords of one picture.
pub(crate) const KEYWORDS: usize = 200;

/// The text without padding and control characters, at most `longest` bytes; nothing if that is
/// nothing.
pub(crate) fn bounded(text: &str, longest: usize) -> Option<String> {
    // Cut first: the rest of a text of megabytes is not worth walking.
    let head = &text[..text.floor_char_boundary(longest.saturating_mul(2))];
    let kept: String = head
        .chars()
        .filter(|&c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let trimmed = kept.trim();
    let cut = trimmed[..trimmed.floor_char_boundary(longest)].trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// Bytes that should be UTF-8 and else are taken for Latin-1, which the older tools wrote.
pub(crate) fn decoded(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(bytes.len());
    match std::str::from_utf8(&bytes[..end]) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes[..end].iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// Each keyword once, in order.
pub(crate) fn keywords<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for word in words.into_iter().filter_map(|word| bounded(word, SHORT)) {
        if kept.len() == KEYWORDS {
            break;
        }
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_cut_and_rid_of_control_characters() {
        let cases: &[(&str, &str, Option<&str>)] = &[
            ("plain", "sunset", Some("sunset")),
            ("padding", "  sunset \0\0 ", Some("sunset")),
            ("only padding", " \0\r\n ", None),
            ("bell and escape", "a\x07b\x1bc", Some("abc")),
            ("two lines", "a\r\nb", Some("a\nb")),
            ("cut between characters", "äöüäöüäöü", Some("äöüäö")),
            ("markup stays text", "<b>x</b>", Some("<b>x</b>")),
        ];
        for (name, text, expected) in cases {
            assert_eq!(bounded(text, 10).as_deref(), *expected, "{name}");
        }
        assert_eq!(bounded(&"x".repeat(10 << 20), LONG).unwrap().len(), LONG);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_latin1() {
        assert_eq!(decoded("Zoë\0pad".as_bytes()), "Zoë");
        assert_eq!(decoded(b"Zo\xeb"), "Zoë");
    }

    #[test]
    fn keywords_are_bounded_and_unique() {
        assert_eq!(keywords(["a", "b", "a", " "]), ["a", "b"]);
        let many: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
        assert_eq!(keywords(many.iter().map(String::as_str)).len(), KEYWORDS);
    }
}
