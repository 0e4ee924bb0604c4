//! A line to a server that stands still after so many bytes: where in a conversation something
//! happens is then chosen, and not a matter of luck.
//!
//! **Invariant:** bytes pass unchanged and in order, both ways out of one allowance.

use crate::home::PATIENCE;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// The allowance of a line that never stands still.
const EVERYTHING: u64 = u64::MAX;
/// Small, so that a file larger than a few megabytes cannot vanish into the system's buffers.
const BUFFER: u32 = 64 * 1024;

/// A line on a port of its own; gone when it is dropped.
pub(crate) struct Gate {
    address: SocketAddr,
    line: Arc<Line>,
    task: JoinHandle<()>,
}

type Count = Arc<watch::Sender<usize>>;

struct Line {
    allowed: watch::Sender<u64>,
    /// How many directions of connections since the last cut have bytes in hand that may not pass.
    standing: Mutex<Count>,
    /// How many connections there are.
    held: watch::Sender<usize>,
    /// Rises when every connection is to break.
    cuts: watch::Sender<u64>,
}

impl Gate {
    /// An open line to `target` (`http://host:port`).
    pub(crate) async fn start(target: &str) -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into(), target).await
    }

    /// The same at this address.
    pub(crate) async fn start_at(address: SocketAddr, target: &str) -> Self {
        let target = target.strip_prefix("http://").unwrap().to_owned();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(BUFFER).unwrap();
        socket.bind(address).unwrap();
        let listener = socket.listen(128).unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(Line {
            allowed: watch::Sender::new(EVERYTHING),
            standing: Mutex::default(),
            held: watch::Sender::new(0),
            cuts: watch::Sender::new(0),
        });
        let for_task = Arc::clone(&line);
        let task = tokio::spawn(async move {
            // Its connections end with it.
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (target, line) = (target.clone(), Arc::clone(&for_task));
                let (cuts, standing) = (line.cuts.subscribe(), line.standing());
                connections.spawn(async move {
                    line.connection(client, &target, cuts, &standing).await;
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Self {
            address,
            line,
            task,
        }
    }

    /// `http://127.0.0.1:port`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// So many bytes pass from now on; then the line stands still.
    pub(crate) fn allow(&self, bytes: u64) {
        self.line.allowed.send_replace(bytes);
    }

    /// Everything passes.
    pub(crate) fn open(&self) {
        self.line.allowed.send_replace(EVERYTHING);
    }

    /// Waits until there are bytes that may not pass.
    pub(crate) async fn stands_still(&self) {
        let mut standing = self.line.standing().subscribe();
        let stands = standing.wait_for(|directions| *directions > 0);
        tokio::time::timeout(PATIENCE, stands)
            .await
            .expect("the line never stood still")
            .unwrap();
    }

    /// Waits until nobody holds a connection any more.
    pub(crate) async fn is_left(&self) {
        let mut held = self.line.held.subscribe();
        let left = held.wait_for(|connections| *connections == 0);
        tokio::time::timeout(PATIENCE, left)
            .await
            .expect("somebody holds on to the line")
            .unwrap();
    }

    /// Breaks every connection, as the end of a process on either side does.
    pub(crate) async fn cut(&self) {
        // Who was cut off may be back at once, and stand still again: that is counted anew.
        let cut_off = std::mem::take(&mut *self.line.standing.lock().unwrap());
        self.line.cuts.send_modify(|cuts| *cuts += 1);
        let mut cut_off = cut_off.subscribe();
        let gone = cut_off.wait_for(|directions| *directions == 0);
        tokio::time::timeout(PATIENCE, gone)
            .await
            .expect("a connection outlived its cut")
            .unwrap();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Line {
    fn standing(&self) -> Count {
        Arc::clone(&self.standing.lock().unwrap())
    }

    /// A side that goes away ends the connection, which is what a line is to do.
    async fn connection(
        &self,
        mut client: TcpStream,
        target: &str,
        mut cuts: watch::Receiver<u64>,
        standing: &watch::Sender<usize>,
    ) {
        let _held = Counted::begin(&self.held);
        let Ok(mut server) = TcpStream::connect(target).await else {
            return;
        };
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        tokio::select! {
            _ = self.pass(from_client, to_server, standing) => {}
            _ = self.pass(from_server, to_client, standing) => {}
            _ = cuts.changed() => {}
        }
    }

    async fn pass(
        &self,
        mut from: impl AsyncReadExt + Unpin,
        mut to: impl AsyncWriteExt + Unpin,
        standing: &watch::Sender<usize>,
    ) -> std::io::Result<()> {
        let mut chunk = vec![0; 16 * 1024];
        loop {
            let read = from.read(&mut chunk).await?;
            if read == 0 {
                return Ok(());
            }
            let mut rest = &chunk[..read];
            while !rest.is_empty() {
                let (now, later) = rest.split_at(self.take(rest.len(), standing).await);
                to.write_all(now).await?;
                rest = later;
            }
        }
    }

    /// Takes up to `wanted` bytes out of the allowance; waits while there is none.
    async fn take(&self, wanted: usize, standing: &watch::Sender<usize>) -> usize {
        let mut stands = None;
        let mut allowed = self.allowed.subscribe();
        loop {
            let mut taken = 0;
            self.allowed.send_if_modified(|left| {
                taken = wanted.min(usize::try_from(*left).unwrap_or(usize::MAX));
                if *left != EVERYTHING {
                    *left -= taken as u64;
                }
                taken > 0 && *left != EVERYTHING
            });
            if taken > 0 {
                return taken;
            }
            stands.get_or_insert_with(|| Counted::begin(standing));
            allowed
                .wait_for(|left| *left > 0)
                .await
                .expect("the line holds its own sender");
        }
    }
}

/// Counted for as long as it lives.
struct Counted<'a>(&'a watch::Sender<usize>);

impl<'a> Counted<'a> {
    fn begin(count: &'a watch::Sender<usize>) -> Self {
        count.send_modify(|count| *count += 1);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
