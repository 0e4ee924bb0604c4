//! What is heard of a library while it is synced, from this process's engine or from its owner's.

use crate::Result;
use crate::door::{Answers, Unanswered};
use crate::view::Event;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// What is heard of a library while it is synced.
#[derive(Debug)]
pub struct Events(pub(super) Source);

#[derive(Debug)]
pub(super) enum Source {
    Own(broadcast::Receiver<Event>),
    Owner(Answers),
}

impl Events {
    /// The next event; none: the engine ended. May be dropped and called again.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        match &mut self.0 {
            Source::Own(events) => loop {
                match events.recv().await {
                    Ok(event) => return Ok(Some(event)),
                    // Events that were missed are followed by newer ones.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Ok(None),
                }
            },
            Source::Owner(answers) => match answers.event().await {
                Ok(event) => Ok(Some(event)),
                Err(Unanswered::Gone) => Ok(None),
                Err(Unanswered::Failed(error)) => Err(error),
            },
        }
    }
}
