//! An HTTP API as its client meets it, whatever answers there.

use remote::{Error, Expecting, HttpApi, HttpConfig, Key, Profile, Proof, Put, Token};

/// `profile` is what an earlier claim found.
pub(crate) fn api(
    url: &str,
    expecting: Expecting,
    token: Option<&str>,
    profile: Profile,
) -> HttpApi {
    let config = HttpConfig {
        url: url.to_owned(),
        ca_file: None,
        expecting,
    };
    HttpApi::open(config, token.map(Token::new), profile).unwrap()
}

/// Under which key it was put, with which proof, and whether the same bytes were there already.
pub(crate) fn stored(put: Result<Put, Error>) -> (Key, Proof, bool) {
    match put.unwrap() {
        Put::Elsewhere {
            key,
            proof,
            adopted,
        } => (key, proof, adopted),
        other => panic!("{other:?}"),
    }
}
