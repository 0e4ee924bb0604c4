//! The window stands where it stood.

use crate::desk::Desk;
use serde_json::json;

#[tokio::test]
async fn the_windows_size_is_kept_over_a_restart() {
    let desk = Desk::new().await;
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    window.resize(911, 623).await;
    window.close().await;

    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    let size = window.script("return [innerWidth, innerHeight]", &[]).await;
    assert_eq!(size, json!([911, 623]));
    window.close().await;
}

#[tokio::test]
async fn a_window_that_was_larger_than_the_screen_is_made_to_fit() {
    let desk = Desk::new().await;
    std::fs::create_dir(desk.library()).unwrap();
    let kept = json!({ "x": 3000, "y": 2000, "width": 5000, "height": 4000, "maximized": false });
    std::fs::write(desk.library().join("window.json"), kept.to_string()).unwrap();
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    let rect = window
        .script(
            "return [innerWidth <= screen.width, innerHeight <= screen.height, \
             screenX < screen.width, screenY < screen.height]",
            &[],
        )
        .await;
    assert_eq!(rect, json!([true, true, true, true]));
    window.close().await;
}
