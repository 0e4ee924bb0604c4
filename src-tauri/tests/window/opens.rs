//! The window opens, and says so when it cannot.

use crate::desk::Desk;

#[tokio::test]
async fn a_first_start_asks_for_folders_and_a_destination() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    window.close().await;
}
