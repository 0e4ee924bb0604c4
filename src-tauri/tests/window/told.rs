//! What is notified, and that it is not where it is not wanted.

use crate::background::{chosen, photo, set_up};
use crate::desk::Desk;
use crate::first_run;
use crate::notifications::Notifications;
use crate::panel::Panel;
use crate::session_bus::SessionBus;

/// From here on a batch is large.
const LARGE: u64 = 50;

async fn desk() -> (Desk, SessionBus) {
    let desk = Desk::new().await;
    let bus = SessionBus::start(&desk).await;
    let desk = desk.with("DBUS_SESSION_BUS_ADDRESS", bus.address());
    (desk, bus)
}

#[tokio::test]
async fn a_large_batch_that_is_safe_is_notified() {
    let (desk, bus) = desk().await;
    let notifications = Notifications::on(&bus).await;
    set_up(&desk).await;
    // Nobody looks at a window.
    let _app = desk.start(&["--hidden"]);
    batch(&desk, 0);
    let said = notifications.see("All 50 photos are safe in Safe").await;
    assert_eq!(said.body, "50 photos went up just now.");
    assert_eq!(notifications.all().len(), 1, "{:?}", notifications.all());
}

#[tokio::test]
async fn what_needs_the_person_is_notified_and_each_can_be_turned_off() {
    let (desk, bus) = desk().await;
    let notifications = Notifications::on(&bus).await;
    let panel = Panel::on(&bus).await;
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    window.click("[data-testid=nav-settings]").await;
    window.click("[name=notify_when_done]:checked").await;
    chosen(&desk, "notify_when_done = false").await;
    window.close().await;

    let _app = desk.start(&["--hidden"]);
    batch(&desk, 0);
    panel.shows("safe", "All 50 photos are safe").await;
    // Another library's disk stands where this one's was.
    let marker = desk.path("Safe/.imgn/destination.json");
    let own = std::fs::read_to_string(&marker).unwrap();
    let mut other: serde_json::Value = serde_json::from_str(&own).unwrap();
    other["uuid"] = "00000000-0000-4000-8000-000000000000".into();
    std::fs::write(&marker, other.to_string()).unwrap();
    photo(&desk.pictures(), 1000);
    notifications
        .see("Safe cannot be used as it is set up")
        .await;
    assert_eq!(notifications.all().len(), 1, "{:?}", notifications.all());
}

/// So many photos that it is worth a word when they are safe.
pub(crate) fn batch(desk: &Desk, from: u64) {
    for number in from..from + LARGE {
        photo(&desk.pictures(), number);
    }
}
