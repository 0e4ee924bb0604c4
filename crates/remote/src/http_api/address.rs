//! Addresses of APIs, and those that they give out: which are followed, and which are secrets.

use crate::Error;
use url::Url;

/// `http(s)://host[:port][/path/]`, with a slash at its end.
pub(super) fn base(text: &str) -> Result<Url, Error> {
    let fail = |reason: &str| Err(Error::Settings(format!("the address {reason}")));
    let Ok(mut url) = text.trim().parse::<Url>() else {
        return fail("is none such as http://nas:8080");
    };
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return fail("must begin with https:// or http://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return fail("must not hold a name or password; a token is given apart from it");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return fail("must end after its path");
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// Whether it leads to a host, by http or https.
pub(super) fn is_followed(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
}

/// Whether who has the address needs nothing else: as stores sign them, or any other way.
pub(super) fn carries_permission(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| {
        matches!(
            name.to_ascii_lowercase().as_str(),
            "x-amz-signature" | "signature" | "x-goog-signature" | "sig"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_an_api_and_holds_no_secret() {
        //  text, base
        let cases = [
            ("http://nas:8080", Some("http://nas:8080/")),
            (" https://a.example/Prod ", Some("https://a.example/Prod/")),
            ("https://a.example/Prod/", Some("https://a.example/Prod/")),
            ("nas:8080", None),
            ("ftp://nas", None),
            ("http://", None),
            ("http://ann:secret@nas", None),
            ("http://nas/?token=x", None),
            ("http://nas/#x", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let found = base(text);
            if let Err(error) = &found {
                assert!(!error.to_string().contains("secret"), "{error}");
            }
            let found = found.ok();
            assert_eq!(found.as_ref().map(Url::as_str), expected, "{text:?}");
        }
    }
}
