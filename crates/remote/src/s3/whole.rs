//! Reads an object to its end, also over a line that breaks on the way, and tells such a line from bytes that the store
//! itself cannot give.
//!
//! Of what rotted on its disk, MinIO gives what lies before the first block that it cannot read, and breaks off at
//! the same byte each time; where that is the first one, it answers 503 `SlowDownRead`. SeaweedFS answers
//! 500 each time, which a store that is not well says too: of that nothing is concluded.
//!
//! **Invariant:** bytes come in their order, each once, all of one object: its ETag is asked for again.

use super::S3;
use super::read::{Part, get_part, next};
use crate::{Error, Marker};
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

/// A read that breaks off is gone on with so often, while each time some more comes.
const MOST_PIECES: u32 = 32;
/// So often nothing comes from one byte on before that is blamed on the store.
const MOST_IN_VAIN: u32 = 2;
/// What lies before that byte is read once more, at most so much of it: a line that breaks would break here, too.
const BEFORE: u64 = 1 << 20;

/// An object that is being read.
pub(super) struct Whole<'a> {
    s3: &'a S3,
    key: &'a str,
    etag: Option<String>,
    body: ByteStream,
    /// How much has come.
    at: u64,
    /// How much had come when `body` was asked for.
    begun: u64,
    pieces: u32,
    in_vain: u32,
}

impl<'a> Whole<'a> {
    /// None: nothing stands under the key.
    pub(super) async fn open(s3: &'a S3, key: &'a str) -> Result<Option<Self>, Error> {
        let Some(answer) = get_part(s3, key, None).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            s3,
            key,
            etag: answer.e_tag().map(str::to_owned),
            body: answer.body,
            at: 0,
            begun: 0,
            pieces: 1,
            in_vain: 0,
        }))
    }

    /// The next bytes; none: those were all.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            match next(self.s3, &mut self.body).await {
                Ok(Some(chunk)) => {
                    self.at += chunk.len() as u64;
                    return Ok(Some(chunk));
                }
                Ok(None) => return Ok(None),
                Err(broken) => self.go_on(broken).await?,
            }
        }
    }

    /// Asks for what did not come.
    async fn go_on(&mut self, broken: Error) -> Result<(), Error> {
        if self.at > self.begun {
            self.in_vain = 0;
            self.pieces += 1;
        } else {
            self.in_vain += 1;
        }
        if self.in_vain >= MOST_IN_VAIN {
            return Err(self.blamed(broken).await);
        }
        // An object without a name of its own may have become another one.
        let Some(etag) = self.etag.as_deref().filter(|_| self.pieces <= MOST_PIECES) else {
            return Err(broken);
        };
        let part = Part {
            from: self.at,
            to: None,
            etag,
        };
        match get_part(self.s3, self.key, Some(part)).await {
            Ok(Some(answer)) if begins_at(&answer, self.at) => {
                self.body = answer.body;
                self.begun = self.at;
                Ok(())
            }
            Err(error @ (Error::Unreadable { .. } | Error::Unreachable { .. })) => Err(error),
            // It went away, is another one by now, or comes in one piece only: the next read sees.
            Ok(_) | Err(_) => Err(broken),
        }
    }

    /// Nothing comes from one byte on. Where what lies before it does, the store cannot read its own bytes.
    async fn blamed(&self, broken: Error) -> Error {
        let from = self.at.saturating_sub(BEFORE);
        match self.read_again(from).await {
            Ok(read) if read > 0 && read == self.at - from => Error::Unreadable {
                place: self.s3.site.place(),
                key: self.key.to_owned(),
                message: format!("it breaks off after {} bytes each time", self.at),
            },
            Ok(_) | Err(_) => broken,
        }
    }

    /// How many bytes come from there up to where nothing does.
    async fn read_again(&self, from: u64) -> Result<u64, Error> {
        let (Some(etag), Some(to)) = (self.etag.as_deref(), self.at.checked_sub(1)) else {
            return Ok(0);
        };
        let part = Part {
            from,
            to: Some(to),
            etag,
        };
        let Some(mut answer) = get_part(self.s3, self.key, Some(part)).await? else {
            return Ok(0);
        };
        let mut read = 0;
        while let Some(chunk) = next(self.s3, &mut answer.body).await? {
            read += chunk.len() as u64;
        }
        Ok(read)
    }
}

fn begins_at(answer: &GetObjectOutput, at: u64) -> bool {
    let range = answer.content_range();
    range.is_some_and(|range| range.trim_start().starts_with(&format!("bytes {at}-")))
}

/// What the store says of bytes that it has and cannot read; its word for that of its own marker says that it is not
/// well as a whole.
pub(super) fn is_unreadable(code: Option<&str>, key: &str) -> bool {
    code == Some("SlowDownRead") && key != Marker::KEY
}
