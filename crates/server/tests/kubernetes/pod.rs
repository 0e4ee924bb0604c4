//! One pod: its containers, started as the manifest says, and its probes.

use crate::manifests::{Container, HttpGet, Labels, Manifests, PodSpec, VariablesFrom, Workload};
use crate::world::{World, address};
use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::net::Ipv4Addr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The search path that images say.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// No claim, only the end of a test that would never end.
const START: Duration = Duration::from_secs(120);

/// Secrets, by name and key, as a person made them.
pub(crate) type Secrets = BTreeMap<String, BTreeMap<String, String>>;

/// What a pod's variables and volumes are filled from.
pub(crate) struct Cluster<'a> {
    pub(crate) world: &'a World,
    pub(crate) manifests: &'a Manifests,
    pub(crate) secrets: &'a Secrets,
    /// What names of services lead to: a file as in `/etc/hosts`.
    pub(crate) hosts: PathBuf,
}

/// One of a workload's pods, before it is started.
pub(crate) struct Planned<'a> {
    pub(crate) workload: &'a Workload,
    pub(crate) name: String,
    number: u8,
}

/// A pod that runs.
pub(crate) struct Pod {
    pub(crate) labels: Labels,
    pub(crate) address: Ipv4Addr,
    running: Vec<Running>,
}

struct Running {
    container: Container,
    child: Child,
    log: PathBuf,
}

/// All pods of these workloads.
pub(crate) fn plan(workloads: &[Workload]) -> Vec<Planned<'_>> {
    let each = workloads
        .iter()
        .flat_map(|workload| (0..workload.replicas).map(move |replica| (workload, replica)));
    each.zip(0..)
        .map(|((workload, replica), number)| Planned {
            workload,
            name: format!("{}-{replica}", workload.name),
            number,
        })
        .collect()
}

impl Planned<'_> {
    pub(crate) fn address(&self) -> Ipv4Addr {
        address(self.number)
    }

    /// Its init containers one after another, then its containers, until each has started.
    pub(crate) fn start(&self, cluster: &Cluster<'_>) -> Pod {
        let pod = &self.workload.pod;
        let address = cluster.world.network(&self.name, self.number);
        for container in &pod.init_containers {
            let mut ran = self.run(cluster, pod, container);
            let status = ran.child.wait().unwrap();
            assert!(status.success(), "{status}: {}", ran.said());
        }
        let mut running: Vec<_> = pod
            .containers
            .iter()
            .map(|container| self.run(cluster, pod, container))
            .collect();
        for it in &mut running {
            it.wait_until_started(address);
        }
        Pod {
            labels: self.workload.labels.clone(),
            address,
            running,
        }
    }

    fn run(&self, cluster: &Cluster<'_>, pod: &PodSpec, container: &Container) -> Running {
        let (world, file) = (cluster.world, format!("{}-{}", self.name, container.name));
        let root = image(world, container);
        let mounts = world.folder("mounts").join(&file);
        fs::write(&mounts, self.mounts(cluster, pod, container, &root)).unwrap();
        let log = world.folder("logs").join(&file);
        let variables = variables(cluster, container);
        let security = &pod.security_context;
        let numbers = [
            security.run_as_user,
            security.run_as_group,
            security.fs_group,
        ];
        let child = Command::new("ip")
            .args(["netns", "exec", &self.name])
            .args(["unshare", "--mount", "--pid", "--fork", "--kill-child"])
            .args(["--propagation", "private", "sh", "-c"])
            .args([include_str!("container.sh"), "container"])
            .args([&root, &mounts])
            .args(numbers.map(|number| number.to_string()))
            .args(command(container, &variables))
            .env_clear()
            .envs([("PATH", PATH), ("HOME", "/")])
            .envs(&variables)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(File::create(&log).unwrap())
            .stderr(File::options().append(true).open(&log).unwrap())
            .spawn()
            .unwrap();
        Running {
            container: container.clone(),
            child,
            log,
        }
    }

    /// The lines that `container.sh` reads.
    fn mounts(
        &self,
        cluster: &Cluster<'_>,
        pod: &PodSpec,
        container: &Container,
        root: &Path,
    ) -> String {
        let mut lines = format!("ro {} /etc/hosts\n", cluster.hosts.display());
        for mount in &container.volume_mounts {
            let from = self.volume(cluster, pod, &mount.name);
            fs::create_dir_all(root.join(mount.mount_path.trim_start_matches('/'))).unwrap();
            let mode = if mount.read_only { "ro" } else { "rw" };
            lines += &format!("{mode} {} {}\n", from.display(), mount.mount_path);
        }
        lines
    }

    /// The volume by this name, with the owners and rights that a kubelet gives it.
    fn volume(&self, cluster: &Cluster<'_>, pod: &PodSpec, name: &str) -> PathBuf {
        let (world, group) = (cluster.world, pod.security_context.fs_group);
        if self.workload.claims.iter().any(|claim| claim == name) {
            return volume(
                world,
                &format!("claims/{name}-{}", self.name),
                0o2775,
                group,
            );
        }
        let found = pod.volumes.iter().find(|volume| volume.name == name);
        let found = found.unwrap_or_else(|| panic!("{} has no volume {name}", self.name));
        if let Some(claim) = &found.persistent_volume_claim {
            assert!(
                cluster
                    .manifests
                    .of_kind("PersistentVolumeClaim")
                    .any(|it| it["metadata"]["name"] == claim.claim_name)
            );
            return volume(
                world,
                &format!("claims/{}", claim.claim_name),
                0o2775,
                group,
            );
        }
        let own = format!("volumes/{}/{name}", self.name);
        if let Some(secret) = &found.secret {
            let folder = volume(world, &own, 0o2755, group);
            for item in &secret.items {
                let file = folder.join(&item.path);
                fs::write(&file, &cluster.secrets[&secret.secret_name][&item.key]).unwrap();
                chown(&file, Some(0), Some(group)).unwrap();
                fs::set_permissions(&file, Permissions::from_mode(secret.default_mode)).unwrap();
            }
            return folder;
        }
        assert!(found.empty_dir.is_some(), "{name} is of no kind known here");
        volume(world, &own, 0o2777, group)
    }
}

fn volume(world: &World, name: &str, mode: u32, group: u32) -> PathBuf {
    let folder = world.folder(name);
    chown(&folder, Some(0), Some(group)).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
    folder
}

/// The root of a container's image: made as the Containerfile makes it.
fn image(world: &World, container: &Container) -> PathBuf {
    let name = container.program();
    let (program, called) = match name {
        "imgn-server" => (env!("CARGO_BIN_EXE_imgn-server").into(), name),
        "minio" => (testbed::binary("IMGN_TEST_MINIO", "minio", "MinIO"), name),
        "seaweedfs" => (
            testbed::binary("IMGN_TEST_WEED", "weed", "SeaweedFS"),
            "weed",
        ),
        other => panic!("no program for the image {other}"),
    };
    let root = world.folder.join("images").join(name);
    // Of threads that come together one makes it.
    static MAKING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _made = MAKING.lock().unwrap();
    if !root.exists() {
        let script = crate::manifests::repository().join("scripts/image/rootfs");
        let words = [program.to_str().unwrap(), root.to_str().unwrap()];
        crate::world::run(script, &words);
        assert!(root.join("usr/local/bin").join(called).exists());
        // What a container engine adds to every image.
        for folder in ["proc", "dev"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for device in ["null", "zero", "full", "random", "urandom"] {
            File::create(root.join("dev").join(device)).unwrap();
        }
        File::create(root.join("etc/hosts")).unwrap();
    }
    root
}

/// Those of the maps and secrets first, the container's own over them, in which earlier ones can be named.
fn variables(cluster: &Cluster<'_>, container: &Container) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for from in &container.env_from {
        variables.extend(match from {
            VariablesFrom::ConfigMapRef(map) => cluster.manifests.config(&map.name),
            VariablesFrom::SecretRef(secret) => cluster.secrets[&secret.name].clone(),
        });
    }
    for variable in &container.env {
        let value = match (&variable.value, &variable.value_from) {
            (Some(value), None) => expanded(value, &variables),
            (None, Some(from)) => {
                cluster.secrets[&from.secret_key_ref.name][&from.secret_key_ref.key].clone()
            }
            _ => panic!("{} is of no kind known here", variable.name),
        };
        variables.insert(variable.name.clone(), value);
    }
    variables
}

/// With `$(NAME)` replaced by that variable.
fn expanded(text: &str, variables: &BTreeMap<String, String>) -> String {
    variables
        .iter()
        .fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("$({name})"), value)
        })
}

/// The manifest's command, or else the image's, and the manifest's words.
fn command(container: &Container, variables: &BTreeMap<String, String>) -> Vec<String> {
    let entry = if container.command.is_empty() {
        assert_eq!(container.program(), "imgn-server", "whose image is ours");
        let containerfile = crate::manifests::repository().join("Containerfile");
        let text = fs::read_to_string(containerfile).unwrap();
        let entry = text
            .lines()
            .find_map(|line| line.strip_prefix("ENTRYPOINT "));
        serde_json::from_str(entry.unwrap()).unwrap()
    } else {
        container.command.clone()
    };
    let words = container.args.iter();
    entry
        .into_iter()
        .chain(words.map(|word| expanded(word, variables)))
        .collect()
}

impl Pod {
    pub(crate) fn is(&self, selector: &Labels) -> bool {
        crate::layouts::selects(selector, &self.labels)
    }

    /// Whether it has a container by this name.
    pub(crate) fn has(&self, container: &str) -> bool {
        self.running.iter().any(|it| it.container.name == container)
    }

    /// Each probe that fails.
    pub(crate) async fn failing_probes(&self) -> Vec<String> {
        let mut failing = Vec::new();
        for it in &self.running {
            for (purpose, probe) in it.container.probes() {
                if !answers(self.address, &probe.http_get).await {
                    failing.push(format!("{} of {}", purpose, it.container.name));
                }
            }
        }
        failing
    }

    /// What the container by this name wrote.
    pub(crate) fn log(&self, container: &str) -> String {
        let found = self
            .running
            .iter()
            .find(|it| it.container.name == container);
        found.unwrap().said()
    }

    /// That the world is as strict as it says: what runs has no rights, and can write to no root.
    pub(crate) fn assert_confined(&self) {
        for it in &self.running {
            let (name, first) = (&it.container.name, it.first_process());
            let status = fs::read_to_string(format!("/proc/{first}/status")).unwrap();
            for line in [
                "Uid:\t65532\t65532\t65532\t65532",
                "Gid:\t65532\t65532\t65532\t65532",
                "CapEff:\t0000000000000000",
                "NoNewPrivs:\t1",
            ] {
                assert!(
                    status.lines().any(|found| found == line),
                    "{name}: {status}"
                );
            }
            let mounts = fs::read_to_string(format!("/proc/{first}/mountinfo")).unwrap();
            let root = mounts
                .lines()
                .find(|line| line.split(' ').nth(4) == Some("/"));
            assert!(
                root.unwrap().split(' ').nth(5).unwrap().starts_with("ro"),
                "{name}: {mounts}"
            );
        }
    }

    /// Asks every container to end, and waits until each has.
    pub(crate) fn end(mut self) -> Vec<(String, ExitStatus, String)> {
        for it in &self.running {
            it.terminate();
        }
        self.running
            .iter_mut()
            .map(|it| {
                let status = it.child.wait().unwrap();
                (it.container.name.clone(), status, it.said())
            })
            .collect()
    }
}

impl Drop for Pod {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for it in &self.running {
                println!("--- {}\n{}", it.container.name, it.said());
            }
        }
    }
}

impl Running {
    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    fn wait_until_started(&mut self, address: Ipv4Addr) {
        let Some(probe) = self.container.startup_probe.clone() else {
            panic!("{} has no startup probe", self.container.name);
        };
        let begun = Instant::now();
        while !crate::layouts::block_on(answers(address, &probe.http_get)) {
            let ended = self.child.try_wait().unwrap();
            let said = || format!("{}: {}", self.container.name, self.said());
            assert!(ended.is_none(), "it ended: {}", said());
            assert!(begun.elapsed() < START, "it does not start: {}", said());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The container's own first process: a child of the one that made it room.
    fn first_process(&self) -> i32 {
        let id = self.child.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        children.split_whitespace().next().unwrap().parse().unwrap()
    }

    fn terminate(&self) {
        let first = rustix::process::Pid::from_raw(self.first_process()).unwrap();
        rustix::process::kill_process(first, rustix::process::Signal::TERM).unwrap();
    }
}

/// As a kubelet asks: from the node, at the pod's address.
async fn answers(address: Ipv4Addr, probe: &HttpGet) -> bool {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(10));
    let url = format!("http://{address}:{}{}", probe.port, probe.path);
    let mut request = client.build().unwrap().get(url);
    for header in &probe.http_headers {
        request = request.header(&header.name, &header.value);
    }
    request
        .send()
        .await
        .is_ok_and(|answer| answer.status().is_success())
}
