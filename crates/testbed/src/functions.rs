//! The three functions, the real programs, on a local Lambda runtime (`cargo lambda watch`), over a bucket.
//!
//! They are reached through a [`Gateway`], which stands in for API Gateway, at one address; each can also be called
//! with any event, and at the runtime's own address.
//!
//! **Invariant:** all of it ends with the test, also when the test is killed.

use crate::bucket::Bucket;
use crate::gateway::Gateway;
use crate::ports::Ports;
use crate::programs::{binary, built};
use crate::service::SHELL;
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) const NAMES: [&str; 3] = ["imgn-upload", "imgn-gallery", "imgn-extract"];
const START: Duration = Duration::from_secs(60);
/// For one call.
const ANSWER: Duration = Duration::from_secs(120);

/// Who signed a request, as API Gateway found.
#[derive(Debug, Clone)]
pub struct Identity {
    pub pool: String,
    pub id: String,
}

/// They answer.
#[derive(Debug)]
pub struct Functions {
    gateway: Gateway,
    runtime: String,
    client: reqwest::Client,
    folder: TempDir,
    _processes: Vec<Shell>,
    _ports: Ports,
}

impl Functions {
    /// Over this bucket; `variables` are further ones, such as `IMGN_TOKEN`.
    pub async fn start(bucket: &Bucket, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for functions");
        let ports = Ports::claim();
        let port = ports.first;
        let runtime = format!("http://127.0.0.1:{port}");
        let mut processes = vec![watch(folder.path(), port)];
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = fs::read_to_string(folder.path().join("runtime.log")).unwrap_or_default();
            assert!(begun.elapsed() < START, "no runtime answers: {log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        processes.extend(NAMES.map(|name| {
            let mut command = shell(folder.path(), name);
            command.arg(built(name));
            own(&mut command, bucket, &runtime, name);
            command.envs(variables.iter().copied());
            Shell::start(&mut command)
        }));
        let client = reqwest::Client::builder()
            .timeout(ANSWER)
            .build()
            .expect("a client can be made");
        let gateway = Gateway::start(runtime.clone(), client.clone()).await;
        Self {
            gateway,
            runtime,
            client,
            folder,
            _processes: processes,
            _ports: ports,
        }
    }

    /// Where API Gateway answers, without a slash at its end.
    pub fn url(&self) -> String {
        self.gateway.url.clone()
    }

    /// Where the runtime itself passes requests on to one function.
    pub fn url_of(&self, name: &str) -> String {
        format!("{}/lambda-url/{name}", self.runtime)
    }

    /// From now on requests at the gateway are signed by this one, or by nobody.
    pub fn sign(&self, identity: Option<Identity>) {
        self.gateway.sign(identity);
    }

    /// Calls one with an event; an error is what it says of its failure.
    pub async fn call(&self, name: &str, event: &Value) -> Result<Value, Value> {
        call(&self.client, &self.runtime, name, event).await
    }

    /// What one logged.
    pub fn log(&self, name: &str) -> String {
        let path = self.folder.path().join(format!("{name}.log"));
        fs::read_to_string(path).expect("its log can be read")
    }

    /// What all of them logged.
    pub fn logs(&self) -> String {
        NAMES.map(|name| self.log(name)).concat()
    }
}

pub(crate) async fn call(
    client: &reqwest::Client,
    runtime: &str,
    name: &str,
    event: &Value,
) -> Result<Value, Value> {
    let url = format!("{runtime}/2015-03-31/functions/{name}/invocations");
    let answer = client
        .post(url)
        .json(event)
        .send()
        .await
        .unwrap_or_else(|error| panic!("{name} does not answer: {error}"));
    let fine = answer.status().is_success();
    let said = answer.json().await.unwrap_or(Value::Null);
    if fine { Ok(said) } else { Err(said) }
}

/// The runtime wants a project with programs of these names, which it is told not to build.
fn watch(folder: &Path, port: u16) -> Shell {
    let mut manifest =
        "[package]\nname = \"functions\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n"
            .to_owned();
    for name in NAMES {
        manifest.push_str(&format!("[[bin]]\nname = \"{name}\"\npath = \"main.rs\"\n"));
    }
    fs::write(folder.join("Cargo.toml"), manifest).expect("it can be written");
    fs::write(folder.join("main.rs"), "fn main() {}\n").expect("it can be written");
    let program = binary("IMGN_TEST_CARGO_LAMBDA", "cargo-lambda", "cargo-lambda");
    let mut command = shell(folder, "runtime");
    command
        .arg(program)
        .args(["lambda", "watch", "-A", "127.0.0.1", "-P"])
        .arg(port.to_string())
        .arg("--only-lambda-apis");
    Shell::start(&mut command)
}

fn own(command: &mut Command, bucket: &Bucket, runtime: &str, name: &str) {
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("IMGN_") || name.starts_with("AWS_"))
        {
            command.env_remove(name);
        }
    }
    let endpoint = &bucket.endpoint;
    command
        .env("AWS_LAMBDA_RUNTIME_API", format!("{runtime}/.rt/{name}"))
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")
        .env("AWS_ACCESS_KEY_ID", &endpoint.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &endpoint.secret_access_key)
        .env("IMGN_BUCKET", &bucket.name)
        .env("IMGN_ENDPOINT", &endpoint.url)
        .env("IMGN_WORKERS", "2");
    if let Some(region) = &endpoint.region {
        command.env("IMGN_REGION", region);
    }
    if let Some(ca_file) = &endpoint.ca_file {
        command.env("IMGN_CA_FILE", ca_file);
    }
}

/// Runs what follows, and logs to a file of this name.
pub(crate) fn shell(folder: &Path, name: &str) -> Command {
    let log = File::create(folder.join(format!("{name}.log"))).expect("a log");
    let mut command = Command::new("sh");
    command
        .args(["-c", SHELL, name])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(log);
    command
}

/// Its program ends when its input does.
#[derive(Debug)]
pub(crate) struct Shell(Option<Child>);

impl Shell {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(Some(command.spawn().expect("a shell starts")))
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        if let Some(mut shell) = self.0.take() {
            drop(shell.stdin.take());
            shell.wait().expect("its shell ends");
        }
    }
}
