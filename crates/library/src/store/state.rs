//! States as rows have them.
//!
//! **Invariant:** a name in a row is one of these: another one is a fault that is told, not a state that is guessed.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// How far a photo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OfPhoto {
    /// There is no destination that could have it.
    Indexed,
    Queued,
    Waiting,
    /// Something is for the person to do, or it is lost.
    Failed,
    BackedUp,
    /// At a destination, and no file of it here.
    OnlineOnly,
    /// Nowhere any more: its row stays, for its file may come back.
    Hidden,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OfJob {
    Ready,
    Running,
    /// For a time, or for something to change.
    Waiting,
    /// Until the person does something.
    Failed,
}

impl OfPhoto {
    /// Those of the photos that are safe or are to be: all but what is at a destination alone.
    pub(crate) const KEPT: [Self; 5] = [
        Self::Indexed,
        Self::Queued,
        Self::Waiting,
        Self::Failed,
        Self::BackedUp,
    ];
}

impl FromSql for OfPhoto {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "indexed" => Ok(Self::Indexed),
            "queued" => Ok(Self::Queued),
            "waiting" => Ok(Self::Waiting),
            "failed" => Ok(Self::Failed),
            "backed_up" => Ok(Self::BackedUp),
            "online_only" => Ok(Self::OnlineOnly),
            "hidden" => Ok(Self::Hidden),
            other => Err(unknown(other)),
        }
    }
}

impl FromSql for OfJob {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "ready" => Ok(Self::Ready),
            "running" => Ok(Self::Running),
            "waiting" => Ok(Self::Waiting),
            "failed" => Ok(Self::Failed),
            other => Err(unknown(other)),
        }
    }
}

impl ToSql for OfJob {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }))
    }
}

fn unknown(name: &str) -> FromSqlError {
    FromSqlError::Other(format!("no such state: {name}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_state_has_is_a_fault() {
        let read = |name: &str| OfPhoto::column_result(ValueRef::Text(name.as_bytes()));
        assert_eq!(read("backed_up").unwrap(), OfPhoto::BackedUp);
        let error = read("backedup").unwrap_err();
        assert!(error.to_string().contains("backedup"), "{error}");
    }

    #[test]
    fn a_job_is_read_as_it_was_written() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        for state in [OfJob::Ready, OfJob::Running, OfJob::Waiting, OfJob::Failed] {
            let read: OfJob = db
                .query_row("SELECT ?1", [state], |row| row.get(0))
                .unwrap();
            assert_eq!(read, state);
        }
    }
}
