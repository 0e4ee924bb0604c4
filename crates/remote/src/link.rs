//! A link: an address that gives an original to whoever has it, for a while.
//!
//! **Invariant:** a link is a secret as long as it works: it is in no `Debug` and no message.

use jiff::Timestamp;
use std::fmt;

/// An address that carries its own permission.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    pub url: String,
    /// It gives nothing any more from then on.
    pub until: Timestamp,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// What an original is to be called by whoever follows a link to it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    pub name: &'a str,
    /// MIME type by content.
    pub content_type: &'a str,
}

impl Shown<'_> {
    /// `Content-Disposition` (RFC 6266): a picture is shown, anything else is only ever saved. Its name stands
    /// there twice: for old programs in ASCII, for others as it is (RFC 8187).
    pub(crate) fn disposition(&self) -> String {
        let how = if self.content_type.starts_with("image/") {
            "inline"
        } else {
            "attachment"
        };
        let ascii: String = self
            .name
            .chars()
            .map(|c| match c {
                '"' | '\\' | '%' | '/' => '_',
                ' '..='~' => c,
                _ => '_',
            })
            .collect();
        let mut whole = String::new();
        for byte in self.name.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    whole.push(char::from(byte));
                }
                _ => whole.push_str(&format!("%{byte:02X}")),
            }
        }
        format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{whole}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_said_so_that_it_ends_no_header() {
        //  name, disposition
        let cases = [
            (
                "IMG 1.jpg",
                "inline; filename=\"IMG 1.jpg\"; filename*=UTF-8''IMG%201.jpg",
            ),
            (
                "Größe.jpg",
                "inline; filename=\"Gr__e.jpg\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.jpg",
            ),
            (
                "a\"; b\r\n.jpg",
                "inline; filename=\"a_; b__.jpg\"; filename*=UTF-8''a%22%3B%20b%0D%0A.jpg",
            ),
        ];
        for (name, expected) in cases {
            let shown = Shown {
                name,
                content_type: "image/jpeg",
            };
            assert_eq!(shown.disposition(), expected, "{name:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_saved_and_not_shown() {
        let shown = Shown {
            name: "a.jpg",
            content_type: "application/octet-stream",
        };
        assert!(shown.disposition().starts_with("attachment; "));
    }

    #[test]
    fn a_link_is_not_shown() {
        let link = Link {
            url: "https://s3/canary".to_owned(),
            until: Timestamp::UNIX_EPOCH,
        };
        assert!(!format!("{link:?}").contains("canary"));
    }
}
