//! An upload's form, sent while its file is read.
//!
//! **Invariant:** what a field or a name holds ends neither its line nor its part.

use super::client::Body;
use crate::body::FileBody;
use bytes::Bytes;
use http::HeaderValue;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use std::fmt::Write;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use uuid::Uuid;

/// A form without its file.
#[derive(Debug)]
pub(super) struct Form {
    boundary: String,
    head: String,
}

impl Form {
    pub(super) fn new() -> Self {
        Self {
            boundary: format!("imgn-{}", Uuid::new_v4().simple()),
            head: String::new(),
        }
    }

    #[must_use]
    pub(super) fn field(mut self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""));
        self.head.push_str("\r\n");
        self.head.push_str(&one_line(value));
        self.head.push_str("\r\n");
        self
    }

    /// The value of `Content-Type`.
    pub(super) fn content_type(&self) -> HeaderValue {
        HeaderValue::from_str(&format!("multipart/form-data; boundary={}", self.boundary))
            .expect("a boundary is ASCII")
    }

    /// The whole form; the file is its last part. None: it is sent with no bytes.
    pub(super) fn with_file(
        mut self,
        filename: &str,
        content_type: &str,
        file: Option<FileBody>,
    ) -> Body {
        // What multer, Go and PHP take; browsers write %22, which is another name then.
        let filename = one_line(filename).replace('\\', "_").replace('"', "\\\"");
        self.part(&format!("name=\"file\"; filename=\"{filename}\""));
        let _ = write!(
            self.head,
            "Content-Type: {}\r\n\r\n",
            one_line(content_type)
        );
        let tail = format!("\r\n--{}--\r\n", self.boundary);
        Sent {
            head: self.head.into(),
            file,
            tail: tail.into(),
        }
        .boxed_unsync()
    }

    fn part(&mut self, disposition: &str) {
        let _ = write!(
            self.head,
            "--{}\r\nContent-Disposition: form-data; {disposition}\r\n",
            self.boundary
        );
    }
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Head, file, tail; what was sent is empty.
struct Sent {
    head: Bytes,
    file: Option<FileBody>,
    tail: Bytes,
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if !self.head.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.head)))));
        }
        if let Some(file) = self.file.as_mut() {
            match Pin::new(file).poll_frame(context) {
                Poll::Ready(None) => self.file = None,
                other => return other,
            }
        }
        let tail = std::mem::take(&mut self.tail);
        Poll::Ready((!tail.is_empty()).then(|| Ok(Frame::data(tail))))
    }

    fn is_end_stream(&self) -> bool {
        self.head.is_empty() && self.file.is_none() && self.tail.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let file = self.file.as_ref().and_then(|file| file.size_hint().exact());
        let around = self.head.len() + self.tail.len();
        SizeHint::with_exact(around as u64 + file.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::Body as _;

    #[tokio::test]
    async fn a_name_ends_neither_its_line_nor_its_part() {
        let form = Form::new().field("size", "12\r\n--x");
        let boundary = form.boundary.clone();
        let body = form.with_file("a\"; x=\"\r\nb\\.jpg", "image/jpeg", None);
        assert_eq!(body.size_hint().exact(), {
            let size = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n12--x\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
                 filename=\"a\\\"; x=\\\"b_.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\
                 \r\n--{boundary}--\r\n"
            );
            Some(size.len() as u64)
        });
        let sent = body.collect().await.unwrap().to_bytes();
        let sent = std::str::from_utf8(&sent).unwrap();
        assert!(
            sent.contains("filename=\"a\\\"; x=\\\"b_.jpg\"\r\n"),
            "{sent}"
        );
        assert_eq!(sent.matches(&format!("--{boundary}")).count(), 3, "{sent}");
    }
}
