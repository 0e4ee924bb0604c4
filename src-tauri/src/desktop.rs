//! The desktop around the window: whether it has a place for a tray icon, and its notifications.
//!
//! On Linux both are found over the session bus, which may not be there.

#[cfg(target_os = "linux")]
mod session_bus;
#[cfg(target_os = "linux")]
pub(crate) use session_bus::Desktop;

#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(not(target_os = "linux"))]
pub(crate) use native::Desktop;

/// One notification, in the person's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notification {
    pub(crate) title: String,
    pub(crate) body: String,
    /// What can be done at once, each with its label; the first also by a click on the notification.
    pub(crate) answers: Vec<(Answer, String)>,
    pub(crate) urgency: Urgency,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Open,
    Quit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    Low,
    Normal,
}
