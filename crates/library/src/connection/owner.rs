//! The process that has a library open, as it is asked.

use crate::door::{Caller, Question, Unanswered};
use crate::view::{Cause, CommandError};
use crate::{Library, Options, Result};
use serde::de::DeserializeOwned;

/// The process that has a library open.
#[derive(Debug, Clone)]
pub struct Owner {
    pub(super) caller: Caller,
    options: Box<Options>,
}

impl Owner {
    pub(super) fn new(caller: Caller, options: Options) -> Self {
        Self {
            caller,
            options: Box::new(options),
        }
    }

    pub(super) async fn ask<T: DeserializeOwned>(&self, question: Question) -> Result<T> {
        self.caller.ask(question).await.map_err(unanswered)
    }

    /// Asks what only looks: where the owner ends before it answers, its rows say the same.
    pub(super) async fn look<T: DeserializeOwned>(
        &self,
        question: Question,
        in_rows: impl AsyncFnOnce(Library) -> Result<T>,
    ) -> Result<T> {
        match self.caller.ask(question).await {
            Err(Unanswered::Gone) => in_rows(self.rows().await?).await,
            answer => answer.map_err(unanswered),
        }
    }

    /// The library without its owner.
    pub(super) async fn rows(&self) -> Result<Library> {
        Library::look((*self.options).clone()).await
    }
}

pub(super) fn unanswered(why: Unanswered) -> CommandError {
    match why {
        Unanswered::Failed(error) => error,
        Unanswered::Gone => CommandError::new(
            Cause::LibraryInUse,
            "it ended before it answered; see what was done, and try again",
        ),
    }
}
