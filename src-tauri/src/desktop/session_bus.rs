//! The desktop over the session bus: `org.kde.StatusNotifierWatcher` and `org.freedesktop.Notifications`.

use super::{Answer, Notification, Urgency};
use futures_util::StreamExt;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tauri::AppHandle;
use zbus::names::BusName;
use zbus::zvariant::Value;
use zbus::{Connection, fdo};

/// A bus that does not answer by then is none.
const PATIENCE: Duration = Duration::from_secs(2);

const TRAY: &str = "org.kde.StatusNotifierWatcher";

/// As the specification names it: a click on the notification itself.
const DEFAULT: &str = "default";
const QUIT: &str = "quit";

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    #[expect(clippy::too_many_arguments, reason = "the specification's own")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: &str) -> zbus::Result<()>;
}

/// The session bus as it was found at the start; none: nothing can be shown or said.
#[derive(Debug, Clone)]
pub(crate) struct Desktop {
    bus: Option<Connection>,
    /// The notifications of this run: answers to those of others are heard as well.
    ours: Arc<Mutex<HashSet<u32>>>,
}

impl Desktop {
    pub(crate) async fn connect() -> Self {
        let bus = match tokio::time::timeout(PATIENCE, Connection::session()).await {
            Ok(Ok(bus)) => Some(bus),
            Ok(Err(error)) => {
                tracing::info!("there is no session bus: {error}");
                None
            }
            Err(_) => {
                tracing::warn!("the session bus does not answer");
                None
            }
        };
        Self {
            bus,
            ours: Arc::default(),
        }
    }

    /// Whether a tray icon can be made at all; one may still have no place to be seen.
    pub(crate) fn may_have_tray(&self) -> bool {
        self.bus.is_some()
    }

    /// Whether a tray icon is seen right now.
    pub(crate) async fn has_tray(&self) -> bool {
        let Some(bus) = &self.bus else {
            return false;
        };
        let asked = async {
            let name = BusName::try_from(TRAY)?;
            fdo::DBusProxy::new(bus)
                .await?
                .name_has_owner(name)
                .await
                .map_err(zbus::Error::from)
        };
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(there)) => there,
            Ok(Err(error)) => {
                tracing::warn!("it is not known whether there is a tray: {error}");
                false
            }
            Err(_) => false,
        }
    }

    /// Shows a notification. The error is for the log: what is said is in the window as well.
    pub(crate) async fn notify(&self, notification: &Notification) -> Result<(), String> {
        let Some(bus) = &self.bus else {
            return Err("there is no session bus".into());
        };
        match tokio::time::timeout(PATIENCE, self.send(bus, notification)).await {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(_) => Err("the notification service does not answer".into()),
        }
    }

    async fn send(&self, bus: &Connection, notification: &Notification) -> zbus::Result<()> {
        let actions: Vec<&str> = notification
            .answers
            .iter()
            .flat_map(|(answer, label)| [key_of(*answer), label.as_str()])
            .collect();
        let urgency: u8 = match notification.urgency {
            Urgency::Low => 0,
            Urgency::Normal => 1,
        };
        let hints = HashMap::from([
            ("desktop-entry", Value::from("imgn")),
            ("urgency", Value::from(urgency)),
        ]);
        let id = NotificationsProxy::new(bus)
            .await?
            .notify(
                "imgn",
                0,
                "imgn",
                &notification.title,
                &notification.body,
                &actions,
                hints,
                -1,
            )
            .await?;
        self.ours
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id);
        Ok(())
    }

    /// Hands on what the person answers, as long as the app runs.
    pub(crate) fn hear(&self, app: &AppHandle, answered: fn(&AppHandle, Answer)) {
        let (Some(bus), ours, app) = (self.bus.clone(), Arc::clone(&self.ours), app.clone()) else {
            return;
        };
        tauri::async_runtime::spawn(async move {
            if let Err(error) = listen(&bus, &ours, &app, answered).await {
                tracing::warn!("clicks on notifications do nothing: {error}");
            }
        });
    }
}

async fn listen(
    bus: &Connection,
    ours: &Mutex<HashSet<u32>>,
    app: &AppHandle,
    answered: fn(&AppHandle, Answer),
) -> zbus::Result<()> {
    let mut invoked = NotificationsProxy::new(bus)
        .await?
        .receive_action_invoked()
        .await?;
    while let Some(signal) = invoked.next().await {
        let arguments = signal.args()?;
        let is_ours = ours
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&arguments.id);
        match arguments.action_key {
            DEFAULT if is_ours => answered(app, Answer::Open),
            QUIT if is_ours => answered(app, Answer::Quit),
            _ => {}
        }
    }
    Ok(())
}

fn key_of(answer: Answer) -> &'static str {
    match answer {
        Answer::Open => DEFAULT,
        Answer::Quit => QUIT,
    }
}
