//! Whoever has an address and no key, as a browser asks.

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: Option<String>,
    pub content_disposition: Option<String>,
    pub body: Vec<u8>,
}

/// Follows a plain `http:` address. Panics when nobody answers.
pub async fn visit(url: &str) -> Answer {
    let answer = reqwest::get(url).await.expect("somebody answers");
    let header = |name: &str| {
        let value = answer.headers().get(name)?;
        Some(value.to_str().expect("a header is text").to_owned())
    };
    Answer {
        status: answer.status().as_u16(),
        content_type: header("content-type"),
        content_disposition: header("content-disposition"),
        body: answer.bytes().await.expect("the answer is whole").into(),
    }
}
