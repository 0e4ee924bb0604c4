//! Names, metadata and pages from outside: shown as text, never run, never gone to.

use crate::desk::Desk;
use crate::first_run;
use samples::{Exif, JpegOptions};
use serde_json::json;
use std::net::TcpListener;
use testbed::eventually;

/// Runs wherever text is taken for a page.
const HOSTILE: &str =
    r#"<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>"#;

#[tokio::test]
async fn names_and_metadata_are_text_and_never_run() {
    let desk = Desk::new().await;
    // A slash is the one character of these that no file name can hold.
    let name = format!("{}.jpg", HOSTILE.replace('/', "⁄"));
    let exif = Exif {
        make: Some(HOSTILE.into()),
        model: Some(HOSTILE.into()),
        description: Some(HOSTILE.into()),
        artist: Some(HOSTILE.into()),
        ..Exif::default()
    };
    let photo = samples::jpeg(&JpegOptions {
        exif,
        ..JpegOptions::default()
    });
    std::fs::write(desk.pictures().join(&name), photo).unwrap();

    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    window.click("[data-testid=tile]").await;
    // As text it is all there.
    window.read("[data-testid=panel]", HOSTILE).await;
    let title = window.script("return document.title", &[]).await;
    assert_eq!(title, "imgn");
    window.close().await;
}

#[tokio::test]
async fn a_script_that_got_into_the_page_does_not_run() {
    const SMUGGLE: &str = "
        const inline = document.createElement('script');
        inline.textContent = 'window.owned = true';
        const handler = document.createElement('div');
        handler.innerHTML = '<img src=x onerror=\"window.owned = true\">';
        document.body.append(inline, handler);
        const done = arguments[arguments.length - 1];
        handler.firstChild.addEventListener('error', () => setTimeout(() => done(window.owned === true)));";
    let desk = Desk::new().await;
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    assert_eq!(window.callback(SMUGGLE, &[]).await, json!(false));
    window.close().await;
}

#[tokio::test]
async fn the_window_never_leaves_its_own_pages_nor_talks_to_others() {
    const TRY: &str = "
        const [address, done] = arguments;
        const frame = document.createElement('iframe');
        frame.src = address;
        const picture = document.createElement('img');
        picture.src = address;
        document.body.append(frame, picture);
        const opened = window.open(address);
        const fetched = fetch(address, { mode: 'no-cors' }).then(() => true, () => false);
        fetched.then((reached) => {
            location.href = address;
            setTimeout(() => done([opened === null, reached]));
        });";
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let address = format!("http://{}/", elsewhere.local_addr().unwrap());

    let desk = Desk::new().await;
    let window = desk.open().await;
    window.see("[data-testid=first-run]").await;
    let tried = window.callback(TRY, &[json!(address)]).await;
    assert_eq!(
        tried,
        json!([true, false]),
        "no window was opened, nothing was fetched"
    );
    // A navigation is decided after the script has ended; the page's answer to a call shows that
    // it is still there, and alive.
    const ALIVE: &str = "
        const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke('status').then(() => done(location.origin), done);";
    for _ in 0..3 {
        assert_eq!(
            window.callback(ALIVE, &[]).await,
            json!("tauri://localhost")
        );
    }
    let called = elsewhere.accept().map(|(_, from)| from);
    assert!(called.is_err(), "{called:?} came from the window");
    window.close().await;
}

#[tokio::test]
async fn a_picture_address_gives_pictures_of_the_library_and_nothing_else() {
    const STATUS: &str = "
        const [address, done] = arguments;
        const picture = new Image();
        picture.onload = () => done(picture.naturalWidth > 0);
        picture.onerror = () => done(false);
        picture.src = address;";
    let desk = Desk::new().await;
    let photo = samples::jpeg(&JpegOptions::default());
    std::fs::write(desk.pictures().join("here.jpg"), &photo).unwrap();
    std::fs::write(desk.path("not-watched.jpg"), &photo).unwrap();
    let window = desk.open().await;
    first_run::into_folder(&window, &desk).await;
    let id = eventually("the tile has a picture", async || {
        const READ: &str =
            "return document.querySelector('[data-testid=tile]:has(img:not(.first))')?.dataset.id";
        window
            .script(READ, &[])
            .await
            .as_str()
            .map(str::to_owned)
            .ok_or("none")
    })
    .await;

    let outside = desk.path("not-watched.jpg").display().to_string();
    //  address                                           shown
    let cases = [
        (format!("thumb://localhost/{id}"), true),
        (format!("thumb://localhost/{id}/original"), true),
        ("thumb://localhost/999999".into(), false),
        ("thumb://localhost/-1".into(), false),
        (format!("thumb://localhost{outside}"), false),
        (format!("thumb://localhost/..{outside}"), false),
        (format!("asset://localhost{outside}"), false),
        (format!("file://{outside}"), false),
    ];
    for (address, shown) in cases {
        assert_eq!(
            window.callback(STATUS, &[json!(address)]).await,
            json!(shown),
            "{address}"
        );
    }
    window.close().await;
}
