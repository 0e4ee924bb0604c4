//! One way to take a lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock that is held for a moment, never across an await. A panic elsewhere leaves plain data.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
