//! A place apart in which pods are started: its own network, processes and mounts, which all end with it.
//!
//! A test runs itself again in there. Nothing of it can be reached from outside, and nothing outside from it.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Set in the test that runs inside, to its folder.
const INSIDE: &str = "IMGN_TEST_WORLD";
/// Of those that are kept for tests of networks (RFC 2544).
const NODE: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
const BRIDGE: &str = "imgn0";

/// Inside: the node that pods are started on.
pub(crate) struct World {
    pub(crate) folder: PathBuf,
}

/// Runs `body` in a world, in which `test`, whose name this is, is run again. Says so where there can be none.
pub(crate) fn within(test: &str, body: impl FnOnce(&World)) {
    if let Some(folder) = std::env::var_os(INSIDE) {
        body(&World::begin(folder.into()));
        return;
    }
    if let Err(why) = can_be() {
        println!("not run: networks of their own cannot be made here: {why}");
        return;
    }
    let folder = TempDir::new().unwrap();
    let this = std::env::current_exe().unwrap();
    let status = apart(&mut Command::new("unshare"))
        .arg(this)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(INSIDE, folder.path())
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "it failed inside: {status}");
}

fn can_be() -> Result<(), String> {
    // All that a world and a pod need, once.
    let script = "mount -t tmpfs tmpfs /run && ip link add imgn0 type bridge && ip netns add pod \
                  && ip link add v0 type veth peer name eth0 netns pod && test $(id -u) = 0";
    let output = apart(&mut Command::new("unshare"))
        .args(["sh", "-c", script])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().unwrap_or("only root can").to_owned())
}

fn apart(unshare: &mut Command) -> &mut Command {
    unshare.args(["--net", "--mount", "--pid", "--fork", "--mount-proc"]);
    unshare.args(["--kill-child", "--propagation", "private", "--"])
}

impl World {
    fn begin(folder: PathBuf) -> Self {
        // Names of networks are kept there; the machine's own are not touched.
        run("mount", &["-t", "tmpfs", "tmpfs", "/run"]);
        run("ip", &["link", "set", "lo", "up"]);
        run("ip", &["link", "add", BRIDGE, "type", "bridge"]);
        let node = format!("{NODE}/24");
        run("ip", &["addr", "add", &node, "dev", BRIDGE]);
        run("ip", &["link", "set", BRIDGE, "up"]);
        Self { folder }
    }

    /// A network by this name, with an address of its own that the node and other pods can reach.
    pub(crate) fn network(&self, name: &str, number: u8) -> Ipv4Addr {
        let address = address(number);
        let (outer, with_mask) = (format!("v{number}"), format!("{address}/24"));
        run("ip", &["netns", "add", name]);
        #[rustfmt::skip]
        run("ip", &["link", "add", &outer, "type", "veth", "peer", "name", "eth0", "netns", name]);
        run("ip", &["link", "set", &outer, "master", BRIDGE, "up"]);
        run(
            "ip",
            &["-n", name, "addr", "add", &with_mask, "dev", "eth0"],
        );
        run("ip", &["-n", name, "link", "set", "eth0", "up"]);
        run("ip", &["-n", name, "link", "set", "lo", "up"]);
        address
    }

    /// A folder of the world's, made if it is not there.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }
}

/// The address of the pod with this number.
pub(crate) fn address(number: u8) -> Ipv4Addr {
    let [a, b, c, _] = NODE.octets();
    Ipv4Addr::new(a, b, c, 10 + number)
}

pub(crate) fn run(program: impl AsRef<Path>, words: &[&str]) {
    let output = Command::new(program.as_ref()).args(words).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let program = program.as_ref().display();
    assert!(output.status.success(), "{program} {words:?}: {said}");
}
