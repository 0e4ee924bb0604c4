//! What `kustomize build` makes of an overlay, as far as it is looked at here.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const OVERLAYS: [&str; 6] = [
    "minio",
    "seaweedfs",
    "external",
    "monolith",
    "one-pod",
    "shared-volume",
];

pub(crate) type Labels = BTreeMap<String, String>;

/// One overlay, rendered.
pub(crate) struct Manifests(pub(crate) Vec<Value>);

/// A Deployment or a StatefulSet.
pub(crate) struct Workload {
    pub(crate) name: String,
    pub(crate) replicas: u64,
    pub(crate) labels: Labels,
    pub(crate) pod: PodSpec,
    pub(crate) claims: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PodSpec {
    #[serde(default)]
    pub(crate) init_containers: Vec<Container>,
    pub(crate) containers: Vec<Container>,
    #[serde(default)]
    pub(crate) volumes: Vec<Volume>,
    pub(crate) security_context: PodSecurity,
    pub(crate) automount_service_account_token: bool,
    pub(crate) enable_service_links: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PodSecurity {
    pub(crate) run_as_non_root: bool,
    pub(crate) run_as_user: u32,
    pub(crate) run_as_group: u32,
    pub(crate) fs_group: u32,
    pub(crate) seccomp_profile: Seccomp,
}

#[derive(Deserialize)]
pub(crate) struct Seccomp {
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: String,
    #[serde(default)]
    pub(crate) command: Vec<String>,
    #[serde(default)]
    pub(crate) args: Vec<String>,
    #[serde(default)]
    pub(crate) env: Vec<Variable>,
    #[serde(default)]
    pub(crate) env_from: Vec<VariablesFrom>,
    #[serde(default)]
    pub(crate) ports: Vec<Port>,
    #[serde(default)]
    pub(crate) volume_mounts: Vec<Mount>,
    pub(crate) security_context: Security,
    pub(crate) startup_probe: Option<Probe>,
    pub(crate) readiness_probe: Option<Probe>,
    pub(crate) liveness_probe: Option<Probe>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Security {
    pub(crate) allow_privilege_escalation: bool,
    pub(crate) read_only_root_filesystem: bool,
    pub(crate) capabilities: Capabilities,
}

#[derive(Deserialize, Clone)]
pub(crate) struct Capabilities {
    #[serde(default)]
    pub(crate) add: Vec<String>,
    pub(crate) drop: Vec<String>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    pub(crate) value_from: Option<ValueFrom>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ValueFrom {
    pub(crate) secret_key_ref: KeyOf,
}

#[derive(Deserialize, Clone)]
pub(crate) struct KeyOf {
    pub(crate) name: String,
    pub(crate) key: String,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) enum VariablesFrom {
    ConfigMapRef(Named),
    SecretRef(Named),
}

#[derive(Deserialize, Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) container_port: u16,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mount {
    pub(crate) name: String,
    pub(crate) mount_path: String,
    #[serde(default)]
    pub(crate) read_only: bool,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Probe {
    pub(crate) http_get: HttpGet,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HttpGet {
    pub(crate) path: String,
    pub(crate) port: u16,
    #[serde(default)]
    pub(crate) http_headers: Vec<Header>,
}

#[derive(Deserialize, Clone)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Volume {
    pub(crate) name: String,
    pub(crate) empty_dir: Option<Value>,
    pub(crate) secret: Option<SecretVolume>,
    pub(crate) persistent_volume_claim: Option<Claim>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SecretVolume {
    pub(crate) secret_name: String,
    pub(crate) default_mode: u32,
    pub(crate) items: Vec<Item>,
}

#[derive(Deserialize)]
pub(crate) struct Item {
    pub(crate) key: String,
    pub(crate) path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Claim {
    pub(crate) claim_name: String,
}

/// A Service, and the port that it is asked at.
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) selector: Labels,
    pub(crate) port: u16,
    /// Of the container's ports.
    pub(crate) target: String,
}

/// `deploy/kubernetes`, and what else is in the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Manifests {
    pub(crate) fn rendered(overlay: &str) -> Self {
        let overlays = repository().join("deploy/kubernetes/overlays");
        Self::rendered_at(&overlays.join(overlay))
    }

    pub(crate) fn rendered_at(folder: &Path) -> Self {
        let output = Command::new(testbed::binary(
            "IMGN_TEST_KUSTOMIZE",
            "kustomize",
            "kustomize",
        ))
        .arg("build")
        .arg(folder)
        .output()
        .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {said}", folder.display());
        let text = String::from_utf8(output.stdout).unwrap();
        Self(serde_saphyr::from_multiple(&text).unwrap())
    }

    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(move |it| it["kind"] == kind)
    }

    pub(crate) fn workloads(&self) -> Vec<Workload> {
        let deployments = self.of_kind("Deployment");
        deployments
            .chain(self.of_kind("StatefulSet"))
            .map(|it| Workload {
                name: read(&it["metadata"]["name"]),
                replicas: read(&it["spec"]["replicas"]),
                labels: read(&it["spec"]["template"]["metadata"]["labels"]),
                pod: read(&it["spec"]["template"]["spec"]),
                claims: it["spec"]["volumeClaimTemplates"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|claim| read(&claim["metadata"]["name"]))
                    .collect(),
            })
            .collect()
    }

    pub(crate) fn services(&self) -> Vec<Service> {
        self.of_kind("Service")
            .map(|it| Service {
                name: read(&it["metadata"]["name"]),
                selector: read(&it["spec"]["selector"]),
                port: read(&it["spec"]["ports"][0]["port"]),
                target: read(&it["spec"]["ports"][0]["targetPort"]),
            })
            .collect()
    }

    pub(crate) fn config(&self, name: &str) -> BTreeMap<String, String> {
        let found = self
            .of_kind("ConfigMap")
            .find(|it| it["metadata"]["name"] == name);
        read(&found.unwrap_or_else(|| panic!("no ConfigMap {name}"))["data"])
    }
}

impl Container {
    /// The image's name without registry and tag.
    pub(crate) fn program(&self) -> &str {
        let last = self.image.rsplit('/').next().unwrap_or_default();
        last.split([':', '@']).next().unwrap_or_default()
    }

    /// Each with its purpose.
    pub(crate) fn probes(&self) -> Vec<(&'static str, &Probe)> {
        let all = [
            ("startup", &self.startup_probe),
            ("readiness", &self.readiness_probe),
            ("liveness", &self.liveness_probe),
        ];
        all.into_iter()
            .filter_map(|(purpose, probe)| Some((purpose, probe.as_ref()?)))
            .collect()
    }
}

pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error} in {value}"))
}
