//! The desktop of macOS and Windows: always a tray, notifications without answers.

use super::{Answer, Notification};
use std::sync::{Arc, OnceLock};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

#[derive(Debug, Clone, Default)]
pub(crate) struct Desktop {
    app: Arc<OnceLock<AppHandle>>,
}

impl Desktop {
    pub(crate) async fn connect() -> Self {
        Self::default()
    }

    pub(crate) fn may_have_tray(&self) -> bool {
        true
    }

    pub(crate) async fn has_tray(&self) -> bool {
        true
    }

    pub(crate) async fn notify(&self, notification: &Notification) -> Result<(), String> {
        let app = self.app.get().ok_or("there is no app yet")?;
        app.notification()
            .builder()
            .title(&notification.title)
            .body(&notification.body)
            .show()
            .map_err(|error| error.to_string())
    }

    pub(crate) fn hear(&self, app: &AppHandle, _answered: fn(&AppHandle, Answer)) {
        // Called once.
        self.app.set(app.clone()).ok();
    }
}
