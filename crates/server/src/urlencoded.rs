//! Text as forms without files have it: `a=1&b=two+words`.

use percent_encoding::percent_decode;

/// One field of a form without files.
pub(crate) fn field(body: &[u8], name: &str) -> Option<String> {
    body.split(|byte| *byte == b'&').find_map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        let (key, value) = (&pair[..at], &pair[at + 1..]);
        (decoded(key)? == name).then(|| decoded(value))?
    })
}

/// One name or value; none: it is no text.
pub(crate) fn decoded(text: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let decoded = percent_decode(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_form_is_found() {
        let body = b"a=1&token=se%2Bc+ret&b";
        assert_eq!(field(body, "token").as_deref(), Some("se+c ret"));
        assert_eq!(field(body, "b"), None);
    }
}
