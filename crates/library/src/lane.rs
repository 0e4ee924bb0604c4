//! The place of one job at its destination.
//!
//! **Invariant:** it is given back however the job ends, a panic included, and whoever waits for one is told.

use crate::context::Context;
use crate::registry::Load;
use crate::store::destinations::DestinationId;

/// Held while a job runs.
pub(crate) struct Lane<'a> {
    context: &'a Context,
    destination: DestinationId,
    is_at_far_side: bool,
}

impl<'a> Lane<'a> {
    /// Of a job that the registry counts as begun.
    pub(crate) fn of(context: &'a Context, destination: DestinationId) -> Self {
        Self {
            context,
            destination,
            is_at_far_side: true,
        }
    }

    /// The far side has nothing more to do for this job: while that is recorded here, another may go there.
    pub(crate) fn answered(&mut self, load: Load) {
        if std::mem::take(&mut self.is_at_far_side) {
            self.context.registry.answered(self.destination, load);
            self.context.bells.upload.notify_one();
        }
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        self.answered(Load::Unknown);
        self.context.registry.ended(self.destination);
        self.context.bells.upload.notify_one();
    }
}
