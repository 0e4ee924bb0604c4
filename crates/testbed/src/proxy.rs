//! A network with faults: stands between a client and a plain HTTP server.
//!
//! Every request gets a connection of its own, so a fault hits exactly the requests that a [`Rule`]
//! names. `Host` and everything signed pass unchanged.

mod rule;

pub use rule::{Fault, Request, Rule};

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request's head that is longer than this is no HTTP.
const LONGEST_HEAD: usize = 64 * 1024;

/// A proxy on a port of its own; gone when it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    rules: Mutex<Vec<Rule>>,
    requests: Mutex<Vec<Request>>,
}

impl FaultProxy {
    /// Passes everything to `target` (`http://host:port`) until it is told otherwise.
    pub async fn start(target: &str) -> Self {
        let target = target
            .strip_prefix("http://")
            .expect("the proxy speaks plain HTTP only")
            .to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared::default());
        let for_task = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            // Its connections end with it.
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (target, shared) = (target.clone(), Arc::clone(&for_task));
                // A side that goes away ends the connection, which is what a proxy is to do.
                connections.spawn(async move { drop(serve(client, &target, &shared).await) });
                while connections.try_join_next().is_some() {}
            }
        });
        Self {
            address,
            shared,
            task,
        }
    }

    /// `http://127.0.0.1:port`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a rule; the first one that applies to a request counts.
    pub fn inject(&self, rule: Rule) {
        self.shared
            .rules
            .lock()
            .expect("no panic under this lock")
            .push(rule);
    }

    /// Passes everything again.
    pub fn heal(&self) {
        self.shared
            .rules
            .lock()
            .expect("no panic under this lock")
            .clear();
    }

    /// Every request that has come so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared
            .requests
            .lock()
            .expect("no panic under this lock")
            .clone()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn fault(&self, request: &Request) -> Option<Fault> {
        self.requests
            .lock()
            .expect("no panic under this lock")
            .push(request.clone());
        let mut rules = self.rules.lock().expect("no panic under this lock");
        rules.iter_mut().find_map(|rule| rule.hit(request))
    }
}

async fn serve(mut client: TcpStream, target: &str, shared: &Shared) -> std::io::Result<()> {
    let Some((head, rest)) = read_head(&mut client).await? else {
        return Ok(());
    };
    let Some(request) = Request::parse(&head) else {
        return Ok(());
    };
    let length: u64 = request
        .header("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    match shared.fault(&request) {
        Some(Fault::Refuse) => reset(client),
        Some(Fault::Stall) => {
            tokio::time::sleep(Duration::from_secs(24 * 60 * 60)).await;
            Ok(())
        }
        Some(Fault::Answer {
            status,
            headers,
            body,
        }) => {
            drain(&mut client, length.saturating_sub(rest.len() as u64)).await?;
            client.write_all(&answer(status, &headers, &body)).await?;
            client.shutdown().await
        }
        Some(Fault::ResetAfter(bytes)) => {
            let mut server = pass_head(target, &head).await?;
            pass_body(&mut client, &mut server, &rest, length.min(bytes)).await?;
            reset(server)?;
            reset(client)
        }
        Some(Fault::LoseAnswer) => {
            ask(&mut client, target, &head, &rest, length).await?;
            reset(client)
        }
        Some(Fault::CutAnswer(bytes)) => {
            let answer = ask(&mut client, target, &head, &rest, length).await?;
            client.write_all(&answer[..bytes.min(answer.len())]).await?;
            client.flush().await?;
            reset(client)
        }
        Some(Fault::Date(date)) => {
            let answer = ask(&mut client, target, &head, &rest, length).await?;
            client.write_all(&with_date(&answer, &date)).await?;
            client.shutdown().await
        }
        Some(Fault::Texts(texts)) => {
            let answer = ask(&mut client, target, &head, &rest, length).await?;
            client.write_all(&with_texts(&answer, &texts)).await?;
            client.shutdown().await
        }
        None => {
            pass(&mut client, target, &head, &rest, length).await?;
            client.shutdown().await
        }
    }
}

/// A server may answer, and hang up, before it has the whole body.
async fn pass(
    client: &mut TcpStream,
    target: &str,
    head: &str,
    rest: &[u8],
    length: u64,
) -> std::io::Result<()> {
    let mut server = pass_head(target, head).await?;
    let (mut from_server, mut to_server) = server.split();
    let (mut from_client, mut to_client) = client.split();
    let up = pass_body(&mut from_client, &mut to_server, rest, length);
    let down = tokio::io::copy(&mut from_server, &mut to_client);
    tokio::pin!(up, down);
    tokio::select! {
        sent = &mut up => { sent?; down.await.map(drop) }
        answered = &mut down => answered.map(drop),
    }
}

/// The head up to its empty line (with it), and what of the body came along.
async fn read_head(client: &mut TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Ok(String::from_utf8(bytes).ok().map(|head| (head, rest)));
        }
        let mut chunk = [0; 8192];
        let n = client.read(&mut chunk).await?;
        if n == 0 || bytes.len() > LONGEST_HEAD {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk[..n]);
    }
}

/// Hands the request through whole, and waits for the whole answer.
async fn ask(
    client: &mut TcpStream,
    target: &str,
    head: &str,
    rest: &[u8],
    length: u64,
) -> std::io::Result<Vec<u8>> {
    let mut server = pass_head(target, head).await?;
    pass_body(client, &mut server, rest, length).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Opens a connection for one request; `Connection` is not signed, so it may be said to be the last.
async fn pass_head(target: &str, head: &str) -> std::io::Result<TcpStream> {
    let mut server = TcpStream::connect(target).await?;
    let head = head
        .strip_suffix("\r\n")
        .expect("a head ends in an empty line");
    server
        .write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())
        .await?;
    Ok(server)
}

async fn pass_body(
    client: &mut (impl AsyncReadExt + Unpin),
    server: &mut (impl AsyncWriteExt + Unpin),
    rest: &[u8],
    length: u64,
) -> std::io::Result<()> {
    let first = usize::try_from(length)
        .unwrap_or(usize::MAX)
        .min(rest.len());
    server.write_all(&rest[..first]).await?;
    let mut client = client.take(length - first as u64);
    tokio::io::copy(&mut client, server).await?;
    server.flush().await
}

async fn drain(client: &mut TcpStream, length: u64) -> std::io::Result<()> {
    tokio::io::copy(&mut client.take(length), &mut tokio::io::sink())
        .await
        .map(drop)
}

fn answer(status: u16, headers: &[(String, String)], body: &str) -> Vec<u8> {
    let mut text = format!(
        "HTTP/1.1 {status} Fault\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

fn with_date(answer: &[u8], date: &str) -> Vec<u8> {
    let end = find(answer, b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]);
    let lines: Vec<_> = head
        .split("\r\n")
        .map(|line| match line.split_once(':') {
            Some((name, _)) if name.eq_ignore_ascii_case("date") => format!("{name}: {date}"),
            _ => line.to_owned(),
        })
        .collect();
    let mut changed = lines.join("\r\n").into_bytes();
    changed.extend_from_slice(&answer[end..]);
    changed
}

/// The body's length is said anew, unless the body was not sent along (a HEAD).
fn with_texts(answer: &[u8], texts: &[(String, String)]) -> Vec<u8> {
    let replaced = |text: &str| {
        let replace = |text: String, (old, new): &(String, String)| text.replace(old, new);
        texts.iter().fold(text.to_owned(), replace)
    };
    let end = find(answer, b"\r\n\r\n").unwrap_or(answer.len());
    let (head, body) = answer.split_at(end);
    let body = replaced(&String::from_utf8_lossy(body));
    let length = body.len().saturating_sub(b"\r\n\r\n".len());
    let lines: Vec<_> = String::from_utf8_lossy(head)
        .split("\r\n")
        .map(|line| match line.split_once(':') {
            Some((name, _)) if length > 0 && name.eq_ignore_ascii_case("content-length") => {
                format!("{name}: {length}")
            }
            _ => replaced(line),
        })
        .collect();
    [lines.join("\r\n").into_bytes(), body.into_bytes()].concat()
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
}

/// Closes with a reset instead of an orderly end.
fn reset(stream: TcpStream) -> std::io::Result<()> {
    stream.set_zero_linger()
}
