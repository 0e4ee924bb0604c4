//! A desktop's notifications, and a person who answers them: `org.freedesktop.Notifications`.

use crate::session_bus::SessionBus;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use testbed::eventually;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, interface};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    id: u32,
    pub(crate) title: String,
    pub(crate) body: String,
    /// Key and label of each answer.
    pub(crate) answers: Vec<(String, String)>,
}

#[derive(Default)]
struct Service(Arc<Mutex<Vec<Shown>>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the specification's own")]
    fn notify(
        &self,
        _app_name: &str,
        _replaces_id: u32,
        _app_icon: &str,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut shown = self.0.lock().unwrap();
        let id = u32::try_from(shown.len()).unwrap() + 1;
        let answers = actions
            .chunks(2)
            .map(|answer| (answer[0].clone(), answer[1].clone()))
            .collect();
        shown.push(Shown {
            id,
            title: summary,
            body,
            answers,
        });
        id
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".into(), "body".into()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let words = ["tests", "imgn", "1", "1.2"].map(str::to_owned);
        words.into()
    }

    #[zbus(signal)]
    async fn action_invoked(
        emitter: &SignalEmitter<'_>,
        id: u32,
        action_key: &str,
    ) -> zbus::Result<()>;
}

pub(crate) struct Notifications {
    bus: Connection,
    shown: Arc<Mutex<Vec<Shown>>>,
}

const PATH: &str = "/org/freedesktop/Notifications";

impl Notifications {
    pub(crate) async fn on(bus: &SessionBus) -> Self {
        let bus = bus.connect().await.unwrap();
        let service = Service::default();
        let shown = Arc::clone(&service.0);
        bus.object_server().at(PATH, service).await.unwrap();
        bus.request_name("org.freedesktop.Notifications")
            .await
            .unwrap();
        Self { bus, shown }
    }

    /// All of them, the oldest first.
    pub(crate) fn all(&self) -> Vec<Shown> {
        self.shown.lock().unwrap().clone()
    }

    /// The one with this title, once it is there.
    pub(crate) async fn see(&self, title: &str) -> Shown {
        eventually(&format!("a notification says {title:?}"), async || {
            let all = self.all();
            let found = all.iter().find(|shown| shown.title == title);
            found.cloned().ok_or_else(|| format!("{all:?}"))
        })
        .await
    }

    /// Clicks an answer; `default` is the notification itself.
    pub(crate) async fn answer(&self, shown: &Shown, key: &str) {
        assert!(
            shown.answers.iter().any(|(named, _)| named == key),
            "{shown:?}"
        );
        let emitter = SignalEmitter::new(&self.bus, PATH).unwrap();
        Service::action_invoked(&emitter, shown.id, key)
            .await
            .unwrap();
    }
}
