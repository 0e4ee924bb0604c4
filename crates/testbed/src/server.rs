//! MinIO and SeaweedFS, the real programs.
//!
//! A *shared* server is one that `./dev services start` runs (found by `IMGN_TEST_MINIO_URL` and so
//! on); without it, and for tests that stop a server, one is started for the test alone.

use crate::bucket::{self, Bucket};
use crate::certificates::Certificates;
use std::env;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a server may take until it answers.
const START: Duration = Duration::from_secs(60);

/// Ports are taken from below the range out of which the system serves outgoing connections.
const PORTS: std::ops::Range<u16> = 12_000..20_000;

/// Where a server's certificates are in its folder.
const TLS: &str = "tls";

/// The key id of somebody who may only read.
const READER: &str = "reader";

/// Where a server is, and a key that may do everything there.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// `http(s)://127.0.0.1:port`
    pub url: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    /// What a client has to trust, for `https`.
    pub ca_file: Option<PathBuf>,
    /// Where the server takes itself to be, if it cares.
    pub region: Option<String>,
}

/// An S3 server, ours or shared.
#[derive(Debug)]
pub struct Server {
    pub endpoint: Endpoint,
    own: Option<Own>,
}

/// MinIO.
#[derive(Debug, Clone, Copy)]
pub struct Minio;

/// SeaweedFS.
#[derive(Debug, Clone, Copy)]
pub struct SeaweedFs;

impl Minio {
    /// The shared server, else one of our own.
    pub async fn shared() -> Server {
        shared_or(Program::Minio, Transport::Plain).await
    }

    /// The same over TLS.
    pub async fn shared_tls() -> Server {
        shared_or(Program::Minio, Transport::Tls).await
    }

    /// A server for this test alone.
    pub async fn start() -> Server {
        start(Program::Minio, Transport::Plain, None).await
    }

    /// A server for this test alone that takes itself to be in `region`.
    pub async fn start_in(region: &'static str) -> Server {
        start(Program::Minio, Transport::Plain, Some(region)).await
    }

    /// A server for this test alone, with an authority of its own.
    pub async fn start_tls() -> Server {
        start(Program::Minio, Transport::Tls, None).await
    }

    /// A server for this test alone that tells `url` what is put into the buckets that
    /// [`Bucket::tell`] names, with `token` as bearer.
    pub async fn start_telling(url: String, token: String) -> Server {
        let webhook = Some(Webhook { url, token });
        start_with(Program::Minio, Transport::Plain, None, webhook).await
    }
}

impl SeaweedFs {
    /// The shared server, else one of our own.
    pub async fn shared() -> Server {
        shared_or(Program::SeaweedFs, Transport::Plain).await
    }

    /// The same over TLS.
    pub async fn shared_tls() -> Server {
        shared_or(Program::SeaweedFs, Transport::Tls).await
    }

    /// A server for this test alone.
    pub async fn start() -> Server {
        start(Program::SeaweedFs, Transport::Plain, None).await
    }

    /// A server for this test alone, with an authority of its own.
    pub async fn start_tls() -> Server {
        start(Program::SeaweedFs, Transport::Tls, None).await
    }
}

impl Server {
    /// A new bucket with a name that nobody has.
    pub async fn bucket(&self) -> Bucket {
        bucket::create(&self.endpoint).await
    }

    /// Kills the server at once. Its data and its port are kept.
    pub fn stop(&mut self) {
        self.own_mut().process = None;
    }

    /// Starts a stopped server again, on the same port and with the same data.
    pub async fn start_again(&mut self) {
        let own = self.own_mut();
        assert!(own.process.is_none(), "the server runs already");
        own.process = Some(own.launch().await);
    }

    /// Kills it and starts it again.
    pub async fn restart(&mut self) {
        self.stop();
        self.start_again().await;
    }

    /// The key of somebody who may only read and list; SeaweedFS servers of our own have one.
    pub fn reader(&self) -> Endpoint {
        let own = self
            .own
            .as_ref()
            .filter(|own| own.program == Program::SeaweedFs);
        assert!(own.is_some(), "only a SeaweedFs::start() has a reader");
        Endpoint {
            access_key_id: READER.to_owned(),
            ..self.endpoint.clone()
        }
    }

    fn own_mut(&mut self) -> &mut Own {
        self.own
            .as_mut()
            .expect("a shared server is never stopped: start() one for this test")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Minio,
    SeaweedFs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transport {
    Plain,
    Tls,
}

/// Whom a server tells what was put into it.
#[derive(Debug)]
struct Webhook {
    url: String,
    token: String,
}

/// A server that we started.
#[derive(Debug)]
struct Own {
    program: Program,
    certificates: Option<Certificates>,
    region: Option<&'static str>,
    webhook: Option<Webhook>,
    access_key_id: String,
    secret_access_key: String,
    // Before the folder, so that it ends before its data go.
    process: Option<Process>,
    ports: Ports,
    folder: TempDir,
}

/// Ends the server when it is dropped, or when this process is gone.
#[derive(Debug)]
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its input is what the shell around the server waits for.
        drop(self.0.stdin.take());
        self.0.wait().expect("a child can be waited for");
    }
}

async fn shared_or(program: Program, transport: Transport) -> Server {
    let variable = match (program, transport) {
        (Program::Minio, Transport::Plain) => "IMGN_TEST_MINIO_URL",
        (Program::Minio, Transport::Tls) => "IMGN_TEST_MINIO_TLS_URL",
        (Program::SeaweedFs, Transport::Plain) => "IMGN_TEST_SEAWEEDFS_URL",
        (Program::SeaweedFs, Transport::Tls) => "IMGN_TEST_SEAWEEDFS_TLS_URL",
    };
    let Ok(url) = env::var(variable) else {
        return start(program, transport, None).await;
    };
    let beside =
        |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} goes with {variable}"));
    let endpoint = Endpoint {
        url,
        access_key_id: beside("IMGN_TEST_KEY"),
        secret_access_key: beside("IMGN_TEST_SECRET"),
        ca_file: (transport == Transport::Tls).then(|| beside("IMGN_TEST_CA").into()),
        region: None,
    };
    Server {
        endpoint,
        own: None,
    }
}

async fn start(program: Program, transport: Transport, region: Option<&'static str>) -> Server {
    start_with(program, transport, region, None).await
}

async fn start_with(
    program: Program,
    transport: Transport,
    region: Option<&'static str>,
    webhook: Option<Webhook>,
) -> Server {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let certificates = (transport == Transport::Tls).then(|| {
        let tls = folder.path().join(TLS);
        std::fs::create_dir(&tls).expect("a folder can be made");
        Certificates::make(&tls)
    });
    let mut own = Own {
        program,
        ports: Ports::claim(),
        certificates,
        access_key_id: uuid::Uuid::new_v4().simple().to_string()[..20].to_owned(),
        secret_access_key: uuid::Uuid::new_v4().simple().to_string(),
        region,
        webhook,
        process: None,
        folder,
    };
    own.process = Some(own.launch().await);
    let scheme = if transport == Transport::Tls {
        "https"
    } else {
        "http"
    };
    let endpoint = Endpoint {
        url: format!("{scheme}://127.0.0.1:{}", own.ports.first),
        access_key_id: own.access_key_id.clone(),
        secret_access_key: own.secret_access_key.clone(),
        ca_file: own.certificates.as_ref().map(|files| files.ca.clone()),
        region: region.map(str::to_owned),
    };
    let server = Server {
        endpoint,
        own: Some(own),
    };
    bucket::wait_until_ready(&server.endpoint, START).await;
    server
}

impl Own {
    async fn launch(&self) -> Process {
        let log = self.folder.path().join("log");
        let open_log = || {
            File::options()
                .create(true)
                .append(true)
                .open(&log)
                .expect("a log can be made")
        };
        // The shell ends the server when its own input ends, which also happens when we are killed,
        // and removes what it leaves outside of its folder.
        let mut command = Command::new("sh");
        command.args([
            "-c",
            r#""$@" & server=$!; read -r _; kill -9 $server; wait $server; rm -f $LEFTOVERS"#,
            "testbed",
        ]);
        match self.program {
            Program::Minio => self.minio(&mut command),
            Program::SeaweedFs => self.seaweedfs(&mut command),
        }
        for (name, _) in env::vars() {
            if name.starts_with("AWS_") || (name.starts_with("MINIO_") && !is_ours(&name)) {
                command.env_remove(name);
            }
        }
        let child = command
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(open_log())
            .stderr(open_log())
            .spawn()
            .expect("sh can be run");
        let process = Process(child);
        self.wait_for_port(&log).await;
        process
    }

    fn minio(&self, command: &mut Command) {
        command
            .arg(binary("IMGN_TEST_MINIO", "minio", "MinIO"))
            .arg("server")
            .arg(self.folder.path().join("data"))
            .args([
                "--address",
                &format!("127.0.0.1:{}", self.ports.first),
                "--quiet",
            ])
            .env("MINIO_ROOT_USER", &self.access_key_id)
            .env("MINIO_ROOT_PASSWORD", &self.secret_access_key)
            .env("MINIO_BROWSER", "off")
            .env("MINIO_UPDATE", "off");
        if let Some(region) = self.region {
            command.env("MINIO_REGION", region);
        }
        if let Some(webhook) = &self.webhook {
            command
                .env("MINIO_NOTIFY_WEBHOOK_ENABLE_IMGN", "on")
                .env("MINIO_NOTIFY_WEBHOOK_ENDPOINT_IMGN", &webhook.url)
                .env(
                    "MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_IMGN",
                    format!("Bearer {}", webhook.token),
                );
        }
        // It makes a folder of its own in the home directory, wherever its certificates are.
        command
            .env("HOME", self.folder.path())
            .arg("--certs-dir")
            .arg(self.folder.path().join(TLS));
    }

    fn seaweedfs(&self, command: &mut Command) {
        let data = self.folder.path().join("data");
        std::fs::create_dir_all(&data).expect("a folder can be made");
        let config = self.folder.path().join("s3.json");
        let json = format!(
            r#"{{"identities": [{{"name": "imgn", "credentials": [{{"accessKey": "{}", "secretKey": "{}"}}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"]}},
                {{"name": "{READER}", "credentials": [{{"accessKey": "{READER}", "secretKey": "{}"}}],
                "actions": ["Read", "List"]}}]}}"#,
            self.access_key_id, self.secret_access_key, self.secret_access_key
        );
        std::fs::write(&config, json).expect("its settings can be written");
        command
            .arg(binary("IMGN_TEST_WEED", "weed", "SeaweedFS"))
            .args([
                "-logtostderr=true",
                "mini",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
            ])
            .arg(format!("-dir={}", data.display()))
            .arg(format!("-s3.port={}", self.ports.first))
            .arg(format!("-master.port={}", self.ports.first + 1))
            .arg(format!("-volume.port={}", self.ports.first + 2))
            .arg(format!("-filer.port={}", self.ports.first + 3))
            .arg(format!("-admin.port={}", self.ports.first + 4))
            .arg(format!("-s3.config={}", config.display()))
            .args([
                "-s3.autoCreateBucket=false",
                "-s3.allowDeleteBucketNotEmpty=false",
            ])
            .args([
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                "-master.telemetry=false",
            ])
            .args(["-webdav=false", "-admin.ui=false"])
            .env("LEFTOVERS", self.ports.sockets());
        if let Some(files) = &self.certificates {
            command
                .arg(format!("-s3.cert.file={}", files.public.display()))
                .arg(format!("-s3.key.file={}", files.private.display()));
        }
    }

    async fn wait_for_port(&self, log: &Path) {
        let since = Instant::now();
        while tokio::net::TcpStream::connect(("127.0.0.1", self.ports.first))
            .await
            .is_err()
        {
            assert!(
                since.elapsed() < START,
                "{:?} does not start:\n{}",
                self.program,
                std::fs::read_to_string(log).unwrap_or_default()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "MINIO_ROOT_USER"
            | "MINIO_ROOT_PASSWORD"
            | "MINIO_BROWSER"
            | "MINIO_UPDATE"
            | "MINIO_REGION"
    )
}

/// A program that `./dev` installs: where the environment says, else in its cache.
pub fn binary(variable: &str, name: &str, product: &str) -> PathBuf {
    if let Some(path) = env::var_os(variable) {
        return path.into();
    }
    let cache = env::var_os("IMGN_CACHE").map(PathBuf::from).or_else(|| {
        let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let base = base.or_else(|| env::home_dir().map(|home| home.join(".cache")));
        base.map(|base| base.join("imgn-dev"))
    });
    match cache.map(|cache| cache.join("bin").join(name)) {
        Some(path) if path.is_file() => path,
        _ => panic!("{product} is not installed: run ./dev services start, or ./dev test"),
    }
}

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
    fn sockets(&self) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_leaves_no_sockets_behind() {
        let mut server = SeaweedFs::start().await;
        let patterns = server.own_mut().ports.sockets();
        let sockets = || {
            let listed = Command::new("sh")
                .args(["-c", "ls $0 2>/dev/null", &patterns])
                .output()
                .expect("sh can be run");
            String::from_utf8(listed.stdout).expect("their names are plain")
        };
        assert_ne!(sockets(), "");
        drop(server);
        assert_eq!(sockets(), "");
    }
}
