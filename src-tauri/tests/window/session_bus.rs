//! A session bus of one desk's own, without anything that a desktop would start on it.

use crate::desk::Desk;
use crate::process::Group;
use testbed::eventually;
use tokio::process::Command;
use zbus::Connection;
use zbus::connection::Builder;

pub(crate) struct SessionBus {
    address: String,
    _daemon: Group,
}

impl SessionBus {
    pub(crate) async fn start(desk: &Desk) -> Self {
        let socket = desk.path("bus.socket");
        let settings = desk.path("bus.xml");
        let listen = socket.display();
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={listen}</listen><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
             </policy></busconfig>"
        );
        std::fs::write(&settings, text).unwrap();
        let mut command = Command::new("dbus-daemon");
        command
            .arg("--nofork")
            .arg(format!("--config-file={}", settings.display()));
        let bus = Self {
            address: format!("unix:path={listen}"),
            _daemon: Group::start(&mut command, &desk.path("bus.log")),
        };
        let connection = eventually("the session bus answers", async || bus.connect().await).await;
        drop(connection);
        bus
    }

    /// What goes into `DBUS_SESSION_BUS_ADDRESS`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) async fn connect(&self) -> zbus::Result<Connection> {
        Builder::address(self.address.as_str())?.build().await
    }
}
