//! A server that we started: MinIO or SeaweedFS, with its data in a folder of its own.
//!
//! **Invariant:** it ends when it is dropped, and when this process is gone.

use super::Endpoint;
use crate::certificates::Certificates;
use crate::ports::Ports;
use crate::programs::binary;
use std::env;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a server may take until it answers.
pub(super) const START: Duration = Duration::from_secs(60);

/// Where a server's certificates are in its folder.
const TLS: &str = "tls";

/// The key id of somebody who may only read.
pub(super) const READER: &str = "reader";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    Minio,
    SeaweedFs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Plain,
    Tls,
}

/// Whom a server tells what was put into it.
#[derive(Debug)]
pub(super) struct Webhook {
    pub(super) url: String,
    pub(super) token: String,
}

/// A server that we started.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) program: Program,
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

impl Own {
    /// Its port takes connections.
    pub(super) async fn start(
        program: Program,
        transport: Transport,
        region: Option<&'static str>,
        webhook: Option<Webhook>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let certificates = (transport == Transport::Tls).then(|| {
            let tls = folder.path().join(TLS);
            std::fs::create_dir(&tls).expect("a folder can be made");
            Certificates::make(&tls)
        });
        let mut own = Self {
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
        own.go_on().await;
        own
    }

    pub(super) fn endpoint(&self) -> Endpoint {
        let scheme = if self.certificates.is_some() {
            "https"
        } else {
            "http"
        };
        Endpoint {
            url: format!("{scheme}://127.0.0.1:{}", self.ports.first),
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            ca_file: self.certificates.as_ref().map(|files| files.ca.clone()),
            region: self.region.map(str::to_owned),
        }
    }

    /// Kills it at once. Its data and its port are kept.
    pub(super) fn stop(&mut self) {
        self.process = None;
    }

    /// On the same port and with the same data.
    pub(super) async fn go_on(&mut self) {
        assert!(self.process.is_none(), "the server runs already");
        self.process = Some(self.launch().await);
    }

    pub(super) fn rot(&self, part: &str, bytes: &[u8]) {
        let mut folders = vec![self.folder.path().join("data")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("its data can be listed") {
                let path = entry.expect("its data can be listed").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.to_string_lossy().contains(part)
                    && let Some(at) = find(&path, bytes)
                {
                    let file = File::options().write(true).open(&path);
                    let file = file.expect("its data can be written");
                    file.write_all_at(&[bytes[0] ^ 1], at)
                        .expect("its data can be written");
                    return;
                }
            }
        }
        panic!("no file whose path holds {part:?} has these bytes");
    }

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

fn find(path: &Path, bytes: &[u8]) -> Option<u64> {
    let whole = std::fs::read(path).ok()?;
    let at = whole
        .windows(bytes.len())
        .position(|window| window == bytes)?;
    u64::try_from(at).ok()
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

#[cfg(test)]
mod tests {
    use crate::SeaweedFs;
    use std::process::Command;

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
