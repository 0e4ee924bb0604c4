//! A network with faults: stands between a client and a plain HTTP server.
//!
//! Every request gets a connection of its own, so a fault hits exactly the requests that a [`Rule`]
//! names. `Host` and everything signed pass unchanged.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request's head that is longer than this is no HTTP.
const LONGEST_HEAD: usize = 64 * 1024;

/// What is done to a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The connection is reset before anything is answered.
    Refuse,
    /// The server gets the head and this many bytes of the body; then both sides are reset.
    ResetAfter(u64),
    /// Nothing is passed on and nothing is answered.
    Stall,
    /// The server carries the request out; its answer is swallowed and the client reset.
    LoseAnswer,
    /// The client gets this many bytes of the answer; then it is reset.
    CutAnswer(usize),
    /// This is the answer; the server is not asked.
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// The answer's `Date` says this.
    Date(String),
}

impl Fault {
    /// 503 SlowDown.
    pub fn slow_down() -> Self {
        Self::error(503, "SlowDown", "Please reduce your request rate.")
    }

    /// An S3 error.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        );
        let headers = vec![("Content-Type".to_owned(), "application/xml".to_owned())];
        Self::Answer {
            status,
            headers,
            body,
        }
    }

    /// 301, 307 and the like.
    pub fn redirect(status: u16, to: &str) -> Self {
        let headers = vec![("Location".to_owned(), to.to_owned())];
        Self::Answer {
            status,
            headers,
            body: String::new(),
        }
    }
}

/// Which requests get a fault.
#[derive(Debug, Clone)]
pub struct Rule {
    fault: Fault,
    method: Option<&'static str>,
    path: Option<String>,
    left: Option<usize>,
    percent: u32,
    debt: u32,
}

impl Rule {
    /// All requests.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            method: None,
            path: None,
            left: None,
            percent: 100,
            debt: 0,
        }
    }

    /// Only those with this method.
    #[must_use]
    pub fn method(self, method: &'static str) -> Self {
        Self {
            method: Some(method),
            ..self
        }
    }

    /// Only those whose path and query contain this text, as it is sent.
    #[must_use]
    pub fn path(self, path: &str) -> Self {
        Self {
            path: Some(path.to_owned()),
            ..self
        }
    }

    /// Only the next `times` of them.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self {
            left: Some(times),
            ..self
        }
    }

    /// Only so many of a hundred, evenly spread.
    #[must_use]
    pub fn percent(self, percent: u32) -> Self {
        Self { percent, ..self }
    }

    fn applies(&mut self, request: &Request) -> bool {
        if self.method.is_some_and(|method| method != request.method)
            || self
                .path
                .as_ref()
                .is_some_and(|path| !request.path.contains(path.as_str()))
            || self.left == Some(0)
        {
            return false;
        }
        self.debt += self.percent;
        if self.debt < 100 {
            return false;
        }
        self.debt -= 100;
        self.left = self.left.map(|left| left - 1);
        true
    }
}

/// One request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// With the query, as sent.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn parse(head: &str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Some(Self {
            method,
            path,
            headers,
        })
    }
}

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
        rules
            .iter_mut()
            .find_map(|rule| rule.applies(request).then(|| rule.fault.clone()))
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

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
}

/// Closes with a reset instead of an orderly end.
fn reset(stream: TcpStream) -> std::io::Result<()> {
    stream.set_zero_linger()
}
