//! Ports for servers that take several, and take them only a moment after they were found free.

use std::env;
use std::fs::File;
use std::net::TcpListener;

/// Ports are taken from below the range out of which the system serves outgoing connections.
const PORTS: std::ops::Range<u16> = 12_000..20_000;

/// The first of five ports that nobody else has, as are those 10,000 higher (SeaweedFS uses them,
/// too). That they are free now is not enough: a server takes its port a moment later, and MinIO
/// shares one with another MinIO without a word. So they are ours while a locked file says so.
#[derive(Debug)]
pub(crate) struct Ports {
    pub(crate) first: u16,
    _claim: File,
}

impl Ports {
    /// Where the search begins differs from server to server.
    pub(crate) fn claim() -> Self {
        let blocks = (PORTS.end - PORTS.start) / 5;
        let begin = u16::from_le_bytes(
            *uuid::Uuid::new_v4()
                .as_bytes()
                .first_chunk()
                .expect("16 bytes"),
        ) % blocks;
        (0..blocks)
            .map(|i| PORTS.start + (begin + i) % blocks * 5)
            .find_map(|first| {
                let claim = claim(first)?;
                are_free(first).then_some(Self {
                    first,
                    _claim: claim,
                })
            })
            .expect("some ports of this machine are free")
    }

    /// Patterns of the sockets that a SeaweedFS makes beside its ports; where, it does not let us say.
    pub(crate) fn sockets(&self) -> String {
        let ports = (self.first..self.first + 5).flat_map(|port| [port, port + 10_000]);
        let patterns: Vec<_> = ports
            .map(|port| format!("/tmp/seaweedfs-*-{port}.sock"))
            .collect();
        patterns.join(" ")
    }
}

/// The lock goes with the file, also when this process is killed. A file that cannot be made is
/// another person's claim.
fn claim(first: u16) -> Option<File> {
    let file = File::create(env::temp_dir().join(format!("imgn-testbed-{first}.lock"))).ok()?;
    file.try_lock().is_ok().then_some(file)
}

fn are_free(first: u16) -> bool {
    (first..first + 5).all(|port| {
        [port, port + 10_000]
            .iter()
            .all(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok())
    })
}
