//! A child process that never outlives its test, not even with its own children.

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::path::Path;
use std::process::Stdio;
use tokio::process::{Child, Command};

/// Leads a process group of its own, which ends with this value.
pub(crate) struct Group {
    child: Child,
    leader: Pid,
}

impl Group {
    /// Starts `command` with its output appended to `log`: a pipe would be held open by whatever
    /// outlives it.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let id = child
            .id()
            .expect("a child that was not waited for has an id");
        let leader = Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
        Self { child, leader }
    }

    pub(crate) fn id(&self) -> u32 {
        self.leader.as_raw_nonzero().get().unsigned_abs()
    }

    pub(crate) async fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().await.unwrap().code()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Fails only when nothing is left to end.
        kill_process_group(self.leader, Signal::KILL).ok();
        self.child.start_kill().ok();
    }
}

/// The children of a process, as the kernel lists them.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let list = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
    let list = list.unwrap_or_default();
    list.split_whitespace()
        .map(|id| id.parse().expect("the kernel lists numbers"))
        .collect()
}

/// Asks a process to end.
pub(crate) fn terminate(id: u32) {
    let process = Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    kill_process(process, Signal::TERM).unwrap();
}

/// Ends a process at once, as a crash would.
pub(crate) fn kill(id: u32) {
    let process = Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    kill_process(process, Signal::KILL).unwrap();
}

/// Whether a process still runs.
pub(crate) fn runs(id: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else {
        return false;
    };
    // `id (name) state …`; the name may hold anything, so the state is what follows its end.
    stat.rsplit_once(") ")
        .is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
