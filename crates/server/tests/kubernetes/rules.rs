//! What the manifests say of rights: of pods, of their names, and of who may speak with whom.

use crate::layouts::selects;
use crate::manifests::{Labels, Manifests, OVERLAYS, VariablesFrom, read, repository};
use clap::CommandFactory;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn every_overlay_is_known_here() {
    let folders = std::fs::read_dir(repository().join("deploy/kubernetes/overlays")).unwrap();
    let found: BTreeSet<_> = folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, OVERLAYS.map(str::to_owned).into());
}

#[test]
fn everything_is_in_the_namespace() {
    for overlay in OVERLAYS {
        for it in Manifests::rendered(overlay).0 {
            let expected = (it["kind"] != "Namespace").then_some("imgn");
            let name = &it["metadata"]["name"];
            assert_eq!(
                it["metadata"]["namespace"].as_str(),
                expected,
                "{overlay}: {name}"
            );
        }
    }
}

#[test]
fn every_pod_may_do_as_little_as_can_be() {
    for overlay in OVERLAYS {
        for workload in Manifests::rendered(overlay).workloads() {
            let (name, pod) = (format!("{overlay}: {}", workload.name), workload.pod);
            let security = &pod.security_context;
            assert!(security.run_as_non_root, "{name}");
            assert!(security.run_as_user > 10_000, "{name}");
            assert_eq!(security.seccomp_profile.kind, "RuntimeDefault", "{name}");
            assert!(!pod.automount_service_account_token, "{name}");
            // Else the service `imgn` would become variables that begin like those of our flags.
            assert!(!pod.enable_service_links, "{name}");
            for container in pod.init_containers.iter().chain(&pod.containers) {
                let (name, security) = (
                    format!("{name}: {}", container.name),
                    &container.security_context,
                );
                assert!(!security.allow_privilege_escalation, "{name}");
                assert!(security.read_only_root_filesystem, "{name}");
                assert_eq!(security.capabilities.drop, ["ALL"], "{name}");
                assert!(security.capabilities.add.is_empty(), "{name}");
            }
            for container in &pod.containers {
                let probes: Vec<_> = container
                    .probes()
                    .into_iter()
                    .map(|(purpose, _)| purpose)
                    .collect();
                assert_eq!(probes, ["startup", "readiness", "liveness"], "{name}");
            }
        }
    }
}

#[test]
fn no_secret_is_in_the_manifests_and_the_page_says_how_each_is_made() {
    let page = std::fs::read_to_string(repository().join("docs/kubernetes.md")).unwrap();
    let mut named = BTreeSet::new();
    for overlay in OVERLAYS {
        let manifests = Manifests::rendered(overlay);
        assert_eq!(manifests.of_kind("Secret").count(), 0, "{overlay}");
        for workload in manifests.workloads() {
            let containers = workload
                .pod
                .init_containers
                .iter()
                .chain(&workload.pod.containers);
            for container in containers {
                named.extend(container.env_from.iter().filter_map(|from| match from {
                    VariablesFrom::SecretRef(secret) => Some(secret.name.clone()),
                    VariablesFrom::ConfigMapRef(_) => None,
                }));
                let single = container.env.iter().filter_map(|it| it.value_from.as_ref());
                named.extend(single.map(|from| from.secret_key_ref.name.clone()));
            }
            let volumes = workload
                .pod
                .volumes
                .iter()
                .filter_map(|it| it.secret.as_ref());
            named.extend(volumes.map(|secret| secret.secret_name.clone()));
        }
        let apply = format!("deploy/kubernetes/overlays/{overlay}");
        assert!(page.contains(&apply), "{apply}");
    }
    assert_eq!(named, ["imgn", "imgn-store"].map(str::to_owned).into());
    for name in named {
        let command = format!("kubectl -n imgn create secret generic {name} ");
        assert!(page.contains(&command), "{command}");
    }
}

/// The page's file of one's own, over each overlay: it says more, and takes nothing away.
#[test]
fn what_the_page_adds_to_an_overlay_replaces_nothing_of_it() {
    let page = std::fs::read_to_string(repository().join("docs/kubernetes.md")).unwrap();
    let (_, rest) = page
        .split_once("```yaml\n# mine/kustomization.yaml\n")
        .unwrap();
    let (own, _) = rest.split_once("```").unwrap();
    let checkout = tempfile::tempdir().unwrap();
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .args([repository().join("deploy"), checkout.path().join("deploy")])
        .status();
    assert!(copied.unwrap().success());
    let mine = checkout.path().join("mine");
    std::fs::create_dir(&mine).unwrap();
    for overlay in OVERLAYS {
        let own = own.replace("overlays/monolith", &format!("overlays/{overlay}"));
        std::fs::write(mine.join("kustomization.yaml"), own).unwrap();
        let (before, after) = (Manifests::rendered(overlay), Manifests::rendered_at(&mine));
        let said = |manifests: &Manifests, name: &str| {
            let maps = manifests.of_kind("ConfigMap");
            let value = maps.filter_map(|map| map["data"][name].as_str().map(str::to_owned));
            value.collect::<Vec<_>>()
        };
        assert!(said(&after, "IMGN_HOSTS")[0].ends_with("photos.example.org"));
        assert_eq!(said(&after, "IMGN_BUCKET"), said(&before, "IMGN_BUCKET"));
        let words = |manifests: &Manifests| {
            let workloads = manifests.workloads().into_iter();
            let containers = workloads.flat_map(|it| it.pod.containers);
            containers.map(|it| it.args).collect::<Vec<_>>()
        };
        assert_eq!(words(&after), words(&before), "{overlay}");
        let whole = serde_json::to_string(&after.0).unwrap();
        assert_eq!(whole.contains("1Ti"), overlay != "external", "{overlay}");
    }
}

/// One that was mistyped would be passed over without a word.
#[test]
fn every_variable_of_ours_is_one_that_the_program_knows() {
    let words = server::Words::command();
    let of_words = words.get_subcommands().chain([&words]);
    let known: BTreeSet<_> = of_words
        .flat_map(clap::Command::get_arguments)
        .filter_map(|flag| flag.get_env()?.to_str().map(str::to_owned))
        .chain(["IMGN_TOKEN".to_owned()])
        .collect();
    for overlay in OVERLAYS {
        let manifests = Manifests::rendered(overlay);
        let maps = manifests.of_kind("ConfigMap");
        let maps = maps.flat_map(|map| map["data"].as_object().unwrap().keys().cloned());
        let workloads = manifests.workloads();
        let containers = workloads
            .iter()
            .flat_map(|workload| &workload.pod.containers);
        let own = containers.flat_map(|container| container.env.iter().map(|it| it.name.clone()));
        let ours: Vec<_> = maps
            .chain(own)
            .filter(|name| name.starts_with("IMGN_"))
            .collect();
        assert!(ours.len() > 3, "{overlay}");
        for name in ours {
            assert!(known.contains(&name), "{overlay}: {name}");
        }
    }
}

#[test]
fn who_may_speak_with_whom() {
    //  overlay, from, to, port, may
    let cases = [
        ("minio", "front", "store", 9000, true),
        ("minio", "extract", "store", 9000, true),
        ("minio", "store", "front", 8080, true),
        ("minio", "outside", "front", 8080, true),
        ("minio", "outside", "store", 9000, false),
        ("minio", "outside", "extract", 8081, false),
        ("minio", "front", "extract", 8081, false),
        ("minio", "extract", "front", 8080, false),
        ("minio", "store", "extract", 8081, false),
        ("minio", "front", "store", 9001, false),
        ("minio", "front", "outside", 443, false),
        ("minio", "store", "outside", 443, false),
        ("seaweedfs", "front", "store", 8333, true),
        ("seaweedfs", "extract", "store", 8333, true),
        // Its master and filer, which ask for no key.
        ("seaweedfs", "front", "store", 8888, false),
        ("seaweedfs", "front", "store", 9333, false),
        ("seaweedfs", "outside", "store", 8333, false),
        ("seaweedfs", "store", "front", 8080, false),
        ("external", "front", "outside", 443, true),
        ("external", "extract", "outside", 443, true),
        ("external", "front", "outside", 80, false),
        ("external", "outside", "front", 8080, true),
        ("monolith", "outside", "front", 8080, true),
        ("monolith", "front", "outside", 443, false),
        ("one-pod", "outside", "front", 8080, true),
        ("one-pod", "outside", "front", 8081, false),
        ("shared-volume", "front", "extract", 8081, false),
        ("shared-volume", "outside", "front", 8080, true),
    ];
    for (overlay, from, to, port, may) in cases {
        let policies = Policies::of(overlay);
        let (from_pod, to_pod) = (policies.pod(from), policies.pod(to));
        let found = policies.let_pass("Egress", from_pod, to_pod, port)
            && policies.let_pass("Ingress", to_pod, from_pod, port);
        assert_eq!(found, may, "{overlay}: {from} to {to} at {port}");
    }
}

/// Network policies, as Kubernetes means them: a pod that none chooses may do all, one that some choose may
/// do what any of them says.
struct Policies {
    specs: Vec<Value>,
    pods: Vec<Labels>,
}

impl Policies {
    fn of(overlay: &str) -> Self {
        let manifests = Manifests::rendered(overlay);
        let policies = manifests.of_kind("NetworkPolicy");
        Self {
            specs: policies.map(|it| it["spec"].clone()).collect(),
            pods: manifests
                .workloads()
                .into_iter()
                .map(|it| it.labels)
                .collect(),
        }
    }

    /// The labels of the pods of a component; none: outside of the cluster.
    fn pod(&self, component: &str) -> Option<&Labels> {
        if component == "outside" {
            return None;
        }
        let labels = |pod: &&Labels| pod["app.kubernetes.io/component"] == component;
        Some(self.pods.iter().find(labels).unwrap())
    }

    /// Whether `pod` may, in this direction, and as far as it goes by the pod's own policies.
    fn let_pass(
        &self,
        direction: &str,
        pod: Option<&Labels>,
        peer: Option<&Labels>,
        port: u64,
    ) -> bool {
        let Some(pod) = pod else { return true };
        let (rules, peers) = match direction {
            "Egress" => ("egress", "to"),
            _ => ("ingress", "from"),
        };
        let mut choosing = self
            .specs
            .iter()
            .filter(|spec| {
                list(&spec["policyTypes"])
                    .iter()
                    .any(|kind| kind == direction)
            })
            .filter(|spec| chooses(&spec["podSelector"], pod))
            .peekable();
        choosing.peek().is_none()
            || choosing.flat_map(|spec| list(&spec[rules])).any(|rule| {
                let (ports, peers) = (list(&rule["ports"]), list(&rule[peers]));
                let at_port = |it: &Value| it["protocol"] == "TCP" && it["port"] == port;
                (ports.is_empty() || ports.iter().any(at_port))
                    && (peers.is_empty() || peers.iter().any(|one| is_peer(one, peer)))
            })
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn is_peer(said: &Value, peer: Option<&Labels>) -> bool {
    match peer {
        Some(labels) if said["podSelector"].is_object() => chooses(&said["podSelector"], labels),
        Some(_) => said["namespaceSelector"].is_object(),
        None => said["ipBlock"]["cidr"] == "0.0.0.0/0",
    }
}

fn chooses(selector: &Value, labels: &Labels) -> bool {
    let same = selector
        .get("matchLabels")
        .is_none_or(|it| selects(&read(it), labels));
    same && list(&selector["matchExpressions"]).iter().all(|it| {
        assert_eq!(it["operator"], "In");
        let label = labels.get(it["key"].as_str().unwrap());
        list(&it["values"])
            .iter()
            .any(|value| value.as_str() == label.map(String::as_str))
    })
}
