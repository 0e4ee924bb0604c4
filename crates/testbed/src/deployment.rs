//! The template of the functions as a person deploys it: by `sam deploy`, into a stand-in for AWS on this machine.
//!
//! The stand-in is MiniStack: CloudFormation, S3, EventBridge, API Gateway, and Lambda, which runs what was
//! deployed, a new process for each call. It believes every signature and checksum, so what a store refuses shows
//! elsewhere.
//!
//! **Invariant:** all of it ends with the test, also when the test is killed.

use crate::functions::{NAMES, Shell, shell};
use crate::ports::Ports;
use crate::programs::{binary, built};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const START: Duration = Duration::from_secs(60);
const REGION: &str = "eu-central-1";
const KEY: &str = "test";

/// What was deployed.
#[derive(Debug)]
pub struct Deployment {
    /// Where its API answers, without a slash at its end.
    pub url: String,
    // Before the folder that it uses.
    _process: Shell,
    folder: TempDir,
    _ports: Ports,
}

impl Deployment {
    /// Of the template in `root`, a checkout; `parameters` are such as `("Token", "…")`.
    pub async fn start(root: &Path, parameters: &[(&str, &str)]) -> Self {
        let (folder, ports) = (
            tempfile::tempdir().expect("a folder for a deployment"),
            Ports::claim(),
        );
        let endpoint = format!("http://127.0.0.1:{}", ports.first);
        let process = cloud(folder.path(), ports.first, &endpoint);
        let (begun, health) = (Instant::now(), format!("{endpoint}/_ministack/health"));
        while reqwest::get(&health).await.is_err() {
            let log = log(folder.path());
            assert!(begun.elapsed() < START, "no cloud answers: {log}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let template = bundle(folder.path(), root);
        let api = deploy(folder.path(), &template, &endpoint, parameters);
        Self {
            url: format!("{endpoint}/_aws/execute-api/{api}/$default"),
            _process: process,
            folder,
            _ports: ports,
        }
    }

    /// What the stand-in logged, and the functions in it.
    pub fn log(&self) -> String {
        log(self.folder.path())
    }
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("cloud.log")).unwrap_or_default()
}

/// What is set here, functions have too.
fn cloud(folder: &Path, port: u16, endpoint: &str) -> Shell {
    let mut command = shell(folder, "cloud");
    command.arg(binary("IMGN_TEST_MINISTACK", "ministack", "MiniStack"));
    own(&mut command, folder, endpoint);
    command
        .env("AUTH", "true")
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .env("MINISTACK_HOST", "127.0.0.1")
        .env("IOT_MTLS_ENABLED", "0")
        .env(
            "SERVICES",
            "apigateway,cloudformation,events,iam,lambda,logs,s3,sts",
        )
        .env("S3_DATA_DIR", folder.join("s3"))
        .env("IMGN_ENDPOINT", endpoint);
    Shell::start(&mut command)
}

/// Nothing of this machine's clouds.
fn own(command: &mut Command, folder: &Path, endpoint: &str) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_str().unwrap_or_default();
        let of_clouds = ["AWS_", "IMGN_", "SAM_", "MINISTACK_", "LAMBDA_"];
        if of_clouds.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    let temporary = folder.join("tmp");
    fs::create_dir_all(&temporary).expect("a folder can be made");
    command
        .env("HOME", folder)
        .env("TMPDIR", temporary)
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", KEY)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("SAM_CLI_TELEMETRY", "0");
}

/// The template where it lies in a checkout, and beside it what would have been built for it. Symbols are left out:
/// with them a program for tests is larger than Lambda takes.
fn bundle(folder: &Path, root: &Path) -> PathBuf {
    let template = folder.join("deploy/serverless");
    fs::create_dir_all(&template).expect("a folder can be made");
    let template = template.join("template.yaml");
    fs::copy(root.join("deploy/serverless/template.yaml"), &template)
        .expect("the template can be copied");
    for name in NAMES {
        let code = folder.join("target/lambda").join(name);
        fs::create_dir_all(&code).expect("a folder can be made");
        let stripped = Command::new("strip")
            .arg("-o")
            .arg(code.join("bootstrap"))
            .arg(built(name))
            .status()
            .expect("strip comes with the linker");
        assert!(stripped.success(), "{name} cannot be stripped");
    }
    template
}

/// The id of the API.
fn deploy(folder: &Path, template: &Path, endpoint: &str, parameters: &[(&str, &str)]) -> String {
    let mut command = Command::new(binary("IMGN_TEST_SAM", "sam", "AWS SAM"));
    command
        .args(["deploy", "--stack-name", "imgn", "--resolve-s3"])
        .args(["--capabilities", "CAPABILITY_IAM", "--template"])
        .arg(template)
        .arg("--parameter-overrides")
        .args(
            parameters
                .iter()
                .map(|(name, value)| format!("{name}={value}")),
        )
        .current_dir(folder)
        .stdin(Stdio::null())
        // As wide as the addresses in its tables.
        .env("COLUMNS", "200");
    own(&mut command, folder, endpoint);
    let output = command.output().expect("sam can be run");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}{}{}",
        String::from_utf8_lossy(&output.stderr),
        log(folder)
    );
    let before = said.split(".execute-api.").next().unwrap_or_default();
    let (_, id) = before
        .rsplit_once("https://")
        .unwrap_or_else(|| panic!("it says no address: {said}"));
    id.to_owned()
}
