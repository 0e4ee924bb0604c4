//! Photos that are just there: something of each is seen before its thumbnail is made.

use crate::desk::Desk;
use crate::first_run;
use serde_json::json;

/// Twelve million pixels, of which a first scan is quickly read and all are not.
const PROGRESSIVE: &[u8] = include_bytes!("fixtures/progressive.jpg");
const PHOTOS: u8 = 24;

#[tokio::test]
async fn a_photo_is_painted_first_and_its_cell_is_never_blank_again() {
    // Each frame: which tiles have something, and which of those that had are blank now.
    const LOOK: &str = "
        window.painted = new Set();
        window.blank = new Set();
        const seen = (image) => image.complete && image.naturalWidth > 0;
        const look = () => {
            for (const tile of document.querySelectorAll('[data-testid=tile]')) {
                const images = [...tile.querySelectorAll('img.pictured')];
                if (images.some((image) => image.matches('.first') && seen(image))) painted.add(tile);
                // One that just begins to fade in hides nothing.
                const opaque = (image) => getComputedStyle(image).opacity === '1';
                const filled = images.some((image) => seen(image) && opaque(image));
                if (painted.has(tile) && !filled) blank.add(tile.dataset.name);
            }
            requestAnimationFrame(look);
        };
        look();";
    const SEEN: &str = "return [painted.size > 0, [...blank]]";
    let desk = Desk::new().await;
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    window.script(LOOK, &[]).await;
    for number in 0..PHOTOS {
        // What follows a picture's end belongs to the file.
        let bytes = [PROGRESSIVE, &[number]].concat();
        std::fs::write(desk.pictures().join(format!("{number}.jpg")), bytes).unwrap();
    }
    first_run::into_folder(&window, &desk).await;
    window
        .tiles("all are there", |tiles| tiles.len() == usize::from(PHOTOS))
        .await;
    window.see_pictures().await;
    window.see_no("[data-testid=tile] img.first").await;
    assert_eq!(window.script(SEEN, &[]).await, json!([true, []]));
    window.close().await;
}
