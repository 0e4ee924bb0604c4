//! The words and quoted phrases of what is typed.

/// A word, or a phrase with its quotes.
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
}

impl Piece<'_> {
    pub(super) fn quoted(&self) -> Option<&str> {
        self.text.strip_prefix('"')?.strip_suffix('"')
    }

    /// As the tables have words: small, without accents or a comma behind; none for a phrase.
    pub(super) fn plain(&self) -> String {
        if self.text.starts_with('"') {
            return String::new();
        }
        let unaccented = |c: char| match c {
            'ä' => 'a',
            'ö' => 'o',
            'ü' => 'u',
            other => other,
        };
        let lower = self.text.to_lowercase();
        lower
            .trim_end_matches(',')
            .chars()
            // The mark of a letter that is written as two.
            .filter(|c| *c != '\u{308}')
            .map(unaccented)
            .collect()
    }
}

pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = match rest.strip_prefix('"').and_then(|inner| inner.find('"')) {
            Some(length) => length + 2,
            None => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        pieces.push(Piece { text: &rest[..end] });
        rest = rest[end..].trim_start();
    }
    pieces
}
