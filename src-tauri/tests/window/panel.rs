//! A desktop's panel: the tray that items register with, and a person who reads their menu.
//!
//! It speaks `org.kde.StatusNotifierWatcher`, `org.kde.StatusNotifierItem` and `com.canonical.dbusmenu`.

use crate::session_bus::SessionBus;
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use testbed::eventually;
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};
use zbus::{Connection, Proxy, interface};

type Registered = Arc<Mutex<Vec<(String, String)>>>;

pub(crate) struct Panel {
    bus: Connection,
    /// Sender and path of each item.
    items: Registered,
}

struct Watcher(Registered);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// An item names its path, or a service that has it at the usual one.
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().unwrap().to_string();
        let item = match service.starts_with('/') {
            true => (sender, service.to_owned()),
            false => (service.to_owned(), "/StatusNotifierItem".to_owned()),
        };
        self.0.lock().unwrap().push(item);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let items = self.0.lock().unwrap();
        items
            .iter()
            .map(|(sender, path)| format!("{sender}{path}"))
            .collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    id: i32,
    pub(crate) label: String,
    pub(crate) enabled: bool,
}

/// `(ia{sv}av)`: a line, and what is below it.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Panel {
    pub(crate) async fn on(bus: &SessionBus) -> Self {
        let bus = bus.connect().await.unwrap();
        let items = Registered::default();
        bus.object_server()
            .at("/StatusNotifierWatcher", Watcher(Arc::clone(&items)))
            .await
            .unwrap();
        bus.request_name("org.kde.StatusNotifierWatcher")
            .await
            .unwrap();
        Self { bus, items }
    }

    /// Waits until the icon is that of `state`, and the first line says `sentence`.
    pub(crate) async fn shows(&self, state: &str, sentence: &str) {
        eventually(&format!("the tray says {sentence:?}"), async || {
            let said = self.menu().await?.remove(0);
            if said.enabled {
                return Err(format!("{said:?} can be chosen"));
            }
            match said.label == sentence {
                true => Ok(()),
                false => Err(said.label),
            }
        })
        .await;
        eventually(&format!("the icon is {state}"), async || {
            let [shown, drawn] = [self.icon().await?, drawn(state)];
            match shown == drawn {
                true => Ok(()),
                false => Err("another one".to_owned()),
            }
        })
        .await;
    }

    /// What the menu offers below its sentence.
    pub(crate) async fn offers(&self, expected: &[&str]) {
        eventually(&format!("the menu offers {expected:?}"), async || {
            let lines = self.menu().await?;
            let offered: Vec<_> = lines
                .iter()
                .skip(1)
                .filter(|line| line.enabled && !line.label.is_empty())
                .map(|line| line.label.as_str())
                .collect();
            match offered == expected {
                true => Ok(()),
                false => Err(format!("{offered:?}")),
            }
        })
        .await;
    }

    /// Chooses a line of the menu.
    pub(crate) async fn choose(&self, label: &str) {
        eventually(&format!("{label:?} is chosen"), async || {
            let lines = self.menu().await?;
            let line = lines.iter().find(|line| line.label == label);
            let line = line.ok_or_else(|| format!("{lines:?}"))?;
            let menu = self.menu_proxy().await?;
            let event = (line.id, "clicked", Value::from(0), 0u32);
            menu.call_method("Event", &event).await.map_err(said)
        })
        .await;
    }

    async fn menu(&self) -> Result<Vec<Line>, String> {
        let menu = self.menu_proxy().await?;
        let asked: (i32, i32, Vec<&str>) = (0, -1, Vec::new());
        let (_revision, (_, _, children)): (u32, Layout) =
            menu.call("GetLayout", &asked).await.map_err(said)?;
        let lines: Vec<Line> = children.into_iter().map(line).collect::<Result<_, _>>()?;
        match lines.is_empty() {
            true => Err("the menu is empty".into()),
            false => Ok(lines),
        }
    }

    /// The pixels of the icon that the item names.
    async fn icon(&self) -> Result<Vec<u8>, String> {
        let item = self.item().await?;
        let name: String = item.get_property("IconName").await.map_err(said)?;
        pixels(Path::new(&name))
    }

    async fn menu_proxy(&self) -> Result<Proxy<'static>, String> {
        let item = self.item().await?;
        let path: OwnedObjectPath = item.get_property("Menu").await.map_err(said)?;
        let sender = item.destination().to_string();
        uncached(
            &self.bus,
            sender,
            path.to_string(),
            "com.canonical.dbusmenu",
        )
        .await
    }

    /// The one that registered last.
    async fn item(&self) -> Result<Proxy<'static>, String> {
        let last = self.items.lock().unwrap().last().cloned();
        let (sender, path) = last.ok_or("no item has registered")?;
        uncached(&self.bus, sender, path, "org.kde.StatusNotifierItem").await
    }
}

async fn uncached(
    bus: &Connection,
    sender: String,
    path: String,
    interface: &'static str,
) -> Result<Proxy<'static>, String> {
    let builder: zbus::proxy::Builder<'static, Proxy<'static>> = zbus::proxy::Builder::new(bus);
    builder
        .destination(sender)
        .and_then(|builder| builder.path(path))
        .and_then(|builder| builder.interface(interface))
        .map_err(said)?
        .cache_properties(zbus::proxy::CacheProperties::No)
        .build()
        .await
        .map_err(said)
}

fn line(child: OwnedValue) -> Result<Line, String> {
    let odd = || "the menu has an odd line".to_owned();
    let line = Structure::try_from(Value::from(child)).map_err(|error| error.to_string())?;
    let [Value::I32(id), Value::Dict(facts), _below] = line.fields() else {
        return Err(odd());
    };
    let mut line = Line {
        id: *id,
        label: String::new(),
        enabled: true,
    };
    for (name, fact) in facts.iter() {
        let fact = match fact {
            Value::Value(inner) => inner,
            plain => plain,
        };
        match (name, fact) {
            // What is underlined for the keyboard is no part of the text.
            (Value::Str(name), Value::Str(text)) if name == "label" => {
                line.label = text.replace('_', "");
            }
            (Value::Str(name), Value::Bool(enabled)) if name == "enabled" => {
                line.enabled = *enabled;
            }
            _ => {}
        }
    }
    Ok(line)
}

/// The pixels of a state's picture as it was drawn.
fn drawn(state: &str) -> Vec<u8> {
    let picture = format!("{}/icons/tray-{state}.png", env!("CARGO_MANIFEST_DIR"));
    pixels(Path::new(&picture)).unwrap()
}

/// Only what is seen: where nothing is, the colour does not count.
fn pixels(picture: &Path) -> Result<Vec<u8>, String> {
    let output = Command::new("convert")
        .arg(picture)
        .args([
            "-background",
            "white",
            "-alpha",
            "remove",
            "-depth",
            "8",
            "rgb:-",
        ])
        .output()
        .unwrap();
    match output.status.success() && !output.stdout.is_empty() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn said(error: zbus::Error) -> String {
    error.to_string()
}
