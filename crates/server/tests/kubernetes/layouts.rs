//! Each layout, started: a photo goes up through the front end, and its metadata is in the gallery.

use crate::manifests::Manifests;
use crate::pod::{Cluster, Pod, Secrets, plan};
use crate::world::{World, within};
use remote::api::{Accepted, Entry, UPLOAD_MEDIA_TYPE};
use reqwest::{Client, StatusCode};
use samples::{Exif, JpegOptions};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const TOKEN: &str = "a-token-of-this-test";
/// The address that pods and people call the front end by.
const FRONT: &str = "http://imgn:8080";

/// Who makes the metadata of what is uploaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// The front end, as the store tells it.
    Events,
    /// The extractor, in a batch.
    Extractor,
    /// The one process that there is.
    Itself,
}

macro_rules! layouts {
    ($($test:ident: $overlay:literal, $by:ident, $pods:literal;)*) => {$(
        #[test]
        fn $test() {
            let name = concat!("layouts::", stringify!($test));
            within(name, |world| takes_a_photo(world, $overlay, By::$by, $pods));
        }
    )*};
}

layouts! {
    containers_over_minio_take_a_photo_and_extract_it_when_told: "minio", Events, 4;
    containers_over_seaweedfs_take_a_photo_and_extract_it: "seaweedfs", Extractor, 4;
    the_monolith_in_a_pod_takes_a_photo_and_extracts_it: "monolith", Itself, 1;
    both_services_in_one_pod_take_a_photo_and_extract_it: "one-pod", Extractor, 1;
    pods_that_share_a_volume_take_a_photo_and_extract_it: "shared-volume", Extractor, 3;
}

fn takes_a_photo(world: &World, overlay: &str, by: By, count: usize) {
    let manifests = Manifests::rendered(overlay);
    let secrets = secrets();
    let pods = start(world, &manifests, &secrets);
    assert_eq!(pods.len(), count);
    block_on(async {
        eventually("that all is well", || async {
            let mut failing = Vec::new();
            for pod in &pods {
                failing.extend(pod.failing_probes().await);
            }
            failing.is_empty()
        })
        .await;
        let front = front_end(&manifests, &pods);
        upload_and_look(&front).await;
    });

    let logs = |container: &str| -> Vec<String> {
        let of_it = pods.iter().filter(|pod| pod.has(container));
        of_it.map(|pod| pod.log(container)).collect()
    };
    let said = |container: &str, words: &[&str]| {
        let logs = logs(container);
        let mut lines = logs.iter().flat_map(|log| log.lines());
        lines.any(|line| words.iter().all(|word| line.contains(word)))
    };
    let extracted = ["\"outcome\":\"extracted\"", "2024/05/a.jpg"];
    // A line may follow what it tells of.
    block_on(async {
        match by {
            By::Events => {
                let answered = ["\"route\":\"events\"", "\"status\":204"];
                eventually("an event", || async { said("serve", &answered) }).await;
            }
            By::Extractor => {
                eventually("its work", || async { said("extract", &extracted) }).await;
                assert!(!said("serve", &extracted));
            }
            By::Itself => eventually("its work", || async { said("serve", &extracted) }).await,
        }
    });
    for pod in &pods {
        pod.assert_confined();
    }
    for log in logs("serve").iter().chain(&logs("extract")) {
        assert!(!log.contains(TOKEN), "{log}");
        assert!(!log.contains(&secrets["imgn-store"]["AWS_SECRET_ACCESS_KEY"]));
    }

    // Those that need the store before the store.
    let (store, ours): (Vec<_>, Vec<_>) = pods
        .into_iter()
        .partition(|pod| !pod.has("serve") && !pod.has("extract"));
    for (name, status, log) in ours.into_iter().flat_map(Pod::end) {
        assert!(status.success(), "{name} ended with {status}: {log}");
    }
    for pod in store {
        pod.end();
    }
}

/// What docs/kubernetes.md has a person make.
fn secrets() -> Secrets {
    let random = || uuid::Uuid::new_v4().simple().to_string();
    let secret = |pairs: &[(&str, String)]| -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect()
    };
    let keys = secret(&[
        ("AWS_ACCESS_KEY_ID", "imgn".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", random()),
    ]);
    [
        ("imgn".to_owned(), secret(&[("token", TOKEN.to_owned())])),
        ("imgn-store".to_owned(), keys),
    ]
    .into()
}

/// All pods at once, as a cluster does.
fn start(world: &World, manifests: &Manifests, secrets: &Secrets) -> Vec<Pod> {
    let workloads = manifests.workloads();
    let planned = plan(&workloads);
    let mut hosts = String::from("127.0.0.1 localhost\n");
    for service in manifests.services() {
        let name = &service.name;
        let behind: Vec<_> = planned
            .iter()
            .filter(|pod| selects(&service.selector, &pod.workload.labels))
            .collect();
        assert!(!behind.is_empty(), "nobody is behind {name}");
        for pod in behind {
            let ports = pod.workload.pod.containers.iter().flat_map(|it| &it.ports);
            let port = ports.clone().find(|port| port.name == service.target);
            // Names lead to pods themselves here.
            assert_eq!(port.unwrap().container_port, service.port, "{name}");
            hosts += &format!("{} {name} {name}.imgn.svc.cluster.local\n", pod.address());
        }
    }
    let file = world.folder.join("hosts");
    std::fs::write(&file, hosts).unwrap();
    let cluster = Cluster {
        world,
        manifests,
        secrets,
        hosts: file,
    };
    std::thread::scope(|scope| {
        let starting: Vec<_> = planned
            .iter()
            .map(|pod| scope.spawn(|| pod.start(&cluster)))
            .collect();
        starting
            .into_iter()
            .map(|pod| pod.join().unwrap())
            .collect()
    })
}

pub(crate) fn selects(
    selector: &BTreeMap<String, String>,
    labels: &BTreeMap<String, String>,
) -> bool {
    selector
        .iter()
        .all(|(name, value)| labels.get(name) == Some(value))
}

/// A client on the node, for whom the service's name leads to its pods.
fn front_end(manifests: &Manifests, pods: &[Pod]) -> Client {
    let services = manifests.services();
    let service = services.iter().find(|it| it.name == "imgn").unwrap();
    let behind: Vec<_> = pods
        .iter()
        .filter(|pod| pod.is(&service.selector))
        .map(|pod| SocketAddr::from((pod.address, service.port)))
        .collect();
    Client::builder()
        .no_proxy()
        .resolve_to_addrs("imgn", &behind)
        .build()
        .unwrap()
}

async fn upload_and_look(front: &Client) {
    let photo = samples::jpeg(&JpegOptions {
        exif: Exif {
            taken_at: Some("2024-05-04T12:30:00".parse().unwrap()),
            ..Exif::default()
        },
        ..JpegOptions::default()
    });
    let mut form = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\
                     Content-Type: image/jpeg\r\n\r\n"
        .to_vec();
    form.extend_from_slice(&photo);
    form.extend_from_slice(b"\r\n--x--\r\n");
    let upload = front
        .post(format!("{FRONT}/upload"))
        .header("accept", UPLOAD_MEDIA_TYPE)
        .header("content-type", "multipart/form-data; boundary=x")
        .body(form);
    let stranger = upload.try_clone().unwrap().send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
    let answer = upload.bearer_auth(TOKEN).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let accepted: Accepted = answer.json().await.unwrap();
    assert_eq!(accepted.key, "2024/05/a.jpg");

    let gallery = || async {
        let answer = front
            .get(format!("{FRONT}/gallery"))
            .bearer_auth(TOKEN)
            .send()
            .await
            .unwrap();
        answer.json::<Vec<Entry>>().await.unwrap()
    };
    eventually("its metadata", || async {
        gallery().await[0].thumb.is_some()
    })
    .await;
    let listed = gallery().await;
    assert_eq!(listed.len(), 1);
    let entry = &listed[0];
    assert_eq!(entry.meta, "96x64");
    assert_eq!(entry.taken_at.as_deref(), Some("2024-05-04T12:30:00"));
    assert_eq!(entry.sha256.as_deref(), Some(&*accepted.sha256));
    let original = front
        .get(format!("{FRONT}/{}", entry.src))
        .bearer_auth(TOKEN)
        .send()
        .await
        .unwrap();
    assert!(original.bytes().await.unwrap() == photo);
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Asks until it is so. The time is no claim, only the end of a test that would never end.
async fn eventually<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    let begun = Instant::now();
    while !so().await {
        assert!(begun.elapsed() < Duration::from_secs(120), "never: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
