//! The app's window below WebKit's driver.

use crate::process::Group;
use serde_json::json;
use std::net::TcpListener;
use std::ops::Deref;
use std::path::Path;
use testbed::{WebDriver, eventually};
use tokio::process::Command;

/// WebKit's driver and the one session that it holds.
pub(crate) struct Session {
    page: WebDriver,
    _driver: Group,
    app: u32,
}

impl Deref for Session {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.page
    }
}

impl Session {
    /// Starts `app` with `arguments` below a driver that has `environment`, and waits until its
    /// window can be driven.
    pub(crate) async fn start(
        app: &Path,
        arguments: &[&str],
        environment: &[(String, String)],
        log: &Path,
    ) -> Self {
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Group::start(&mut command, log);
        let root = format!("http://127.0.0.1:{port}");
        eventually("the driver answers", async || {
            WebDriver::is_ready(&root).await
        })
        .await;

        let options = json!({ "binary": app, "args": arguments });
        let page = WebDriver::begin(&root, json!({ "webkitgtk:browserOptions": options })).await;
        let page = page.unwrap_or_else(|failure| panic!("no window: {failure}"));
        let app = *crate::process::children(driver.id())
            .first()
            .expect("the driver runs the app");
        Self {
            page,
            _driver: driver,
            app,
        }
    }

    pub(crate) fn app(&self) -> u32 {
        self.app
    }

    /// Asks the app to end, as a desktop does at logout, and waits until it has. Deleting the
    /// session would kill it instead.
    pub(crate) async fn end(&self) {
        crate::process::terminate(self.app);
        eventually("the app ends when it is asked to", async || {
            if crate::process::runs(self.app) {
                Err("still running")
            } else {
                Ok(())
            }
        })
        .await;
    }
}

/// Free when asked; the driver takes it a moment later.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
