//! What somebody who means harm uploads, or has another page do: nothing of it runs in a browser.

use crate::client::{gallery, one_file, photo, post_old};
use crate::page::{ESCAPE, Page};
use crate::program::Program;
use samples::{Exif, JpegOptions};

/// Each would leave a mark in any page that took it for markup.
const MARKS: [&str; 5] = [
    "<img src=x onerror=\"window.hit=1\">",
    "<script>window.hit=1</script>",
    "<svg onload=window.hit=1>",
    "'\"><iframe srcdoc=\"<script>parent.hit=1</script>\"></iframe>",
    "`${window.hit=1}`</textarea></style></title><img src=x onerror=window.hit=1>",
];

const HIT: &str = "return { hit: window.hit ?? null, \
    made: document.querySelectorAll('img[src=x], iframe, svg[onload], main script').length }";

fn armed(seed: u64, text: &str) -> Vec<u8> {
    samples::jpeg(&JpegOptions {
        seed,
        exif: Exif {
            taken_at: Some("2024-05-04T12:30:00".parse().unwrap()),
            make: Some(text.into()),
            model: Some(text.into()),
            lens: Some(text.into()),
            description: Some(text.into()),
            artist: Some(text.into()),
            ..Exif::default()
        },
        ..JpegOptions::default()
    })
}

/// A server with each of the marks in a photo's metadata and in its name.
async fn armed_server(words: &[&str]) -> Program {
    let program = Program::monolith(words);
    for (seed, mark) in (1..).zip(MARKS) {
        let name = mark.replace(['/', '"', '\\'], "_");
        let answer = post_old(
            &program,
            one_file(&format!("{name}.jpg"), &armed(seed, mark)),
        )
        .await;
        assert_eq!(answer.status(), 201, "{mark}");
    }
    crate::program::eventually("that all are described", || async {
        gallery(&program)
            .await
            .iter()
            .all(|entry| entry.metadata.is_some())
    })
    .await;
    program
}

async fn unharmed(page: &Page) {
    let state = page.script(HIT, &[]).await;
    assert!(state["hit"].is_null(), "it ran");
    assert_eq!(state["made"], 0, "it became elements");
}

#[tokio::test]
async fn what_metadata_and_names_say_is_shown_and_never_run() {
    let program = armed_server(&[]).await;
    let page = Page::open(&program.url("/")).await;
    let names = page.tiles(MARKS.len()).await;
    unharmed(&page).await;
    for name in names {
        page.script(
            "[...document.querySelectorAll('[data-testid=tile]')]
                .find((tile) => tile.dataset.name === arguments[0]).click()",
            &[name.into()],
        )
        .await;
        page.read("[data-testid=panel]", "hit=1").await;
        page.rest().await;
        unharmed(&page).await;
        page.press(ESCAPE).await;
        page.see_no("[data-testid=lightbox]").await;
    }
    // Nothing even tried to: the policy had nothing to stop.
    assert_eq!(page.complaints().await, [""; 0]);
}

/// The original imgn's gallery puts what the list says into HTML.
#[tokio::test]
async fn the_originals_own_page_runs_nothing_of_it_either() {
    let ui = tempfile::tempdir().unwrap();
    std::fs::write(
        ui.path().join("index.html"),
        "<!doctype html><main id=gallery></main><pre id=raw></pre><script src=gallery.js></script>",
    )
    .unwrap();
    std::fs::write(
        ui.path().join("gallery.js"),
        "fetch('gallery').then((answer) => answer.text()).then((text) => {
            const list = JSON.parse(text);
            document.getElementById('gallery').innerHTML = list.map(({ src, meta }) =>
                `<a href='${src}'><img src='${src}' title=\"${meta}\"></a><p>${meta}</p>`).join('');
            document.getElementById('raw').innerHTML = text;
            document.body.dataset.done = list.length;
        });",
    )
    .unwrap();
    let program = armed_server(&["--ui", ui.path().to_str().unwrap()]).await;
    let page = Page::open(&program.url("/")).await;
    page.see(&format!("body[data-done='{}']", MARKS.len()))
        .await;
    page.rest().await;
    unharmed(&page).await;
    const WHOLE: &str = "return [...document.querySelectorAll('main img')]
        .filter(({ complete, naturalWidth }) => complete && naturalWidth > 0).length";
    assert_eq!(page.script(WHOLE, &[]).await, MARKS.len());
}

#[tokio::test]
async fn what_is_no_picture_is_saved_and_not_opened() {
    let program = Program::monolith(&[]);
    let folder = program.images().join("2024/05");
    std::fs::create_dir_all(&folder).unwrap();
    let page_in_disguise = "<!doctype html><title>hit</title><script>document.title='hit'</script>";
    let drawing =
        "<svg xmlns='http://www.w3.org/2000/svg'><script>document.title='hit'</script></svg>";
    // Put there by other tools: uploads of these are refused.
    for (name, bytes) in [
        ("a.jpg", page_in_disguise),
        ("b.svg", drawing),
        ("c.jpg", drawing),
    ] {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let page = Page::open(&program.url("/")).await;
    page.see("[data-testid=standing]").await;
    for name in ["a.jpg", "b.svg", "c.jpg"] {
        // A browser that saves it goes nowhere, which its driver may take for a failure.
        let at = program.url(&format!("/gallery/2024/05/{name}"));
        page.script("location.href = arguments[0]", &[at.into()])
            .await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_ne!(
            page.script("return document.title", &[]).await,
            "hit",
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_page_of_somebody_else_writes_and_reads_nothing() {
    let program = Program::monolith(&[]);
    let (before, target) = (program.files(), program.url(""));
    let ui = tempfile::tempdir().unwrap();
    let html = format!(
        "<!doctype html><form action='{target}/upload' method=post enctype=multipart/form-data target=into>
         <input name=file type=file><input name=x value=y></form><iframe name=into></iframe>
         <img src='{target}/gallery/2024/05/a.jpg'>"
    );
    std::fs::write(ui.path().join("index.html"), html).unwrap();
    let foreign = Program::monolith(&["--ui", ui.path().to_str().unwrap()]);
    let page = Page::open(&foreign.url("/")).await;
    const SEND: &str = "
        const [target, bytes, done] = arguments;
        const held = new DataTransfer();
        held.items.add(new File([Uint8Array.from(bytes)], 'a.jpg', { type: 'image/jpeg' }));
        document.querySelector('[type=file]').files = held.files;
        document.querySelector('form').submit();
        const form = new FormData();
        form.append('file', held.files[0]);
        const told = (asked) => asked.then(({ status, type }) => `${status} ${type}`, () => 'refused');
        Promise.all([
            told(fetch(`${target}/upload`, { method: 'POST', body: form })),
            told(fetch(`${target}/upload`, { method: 'POST', body: form, mode: 'no-cors' })),
            told(fetch(`${target}/gallery`)),
        ]).then((answers) => setTimeout(() => done(answers), 500));";
    let bytes: Vec<serde_json::Value> = photo(1).into_iter().map(Into::into).collect();
    let answers = page.callback(SEND, &[target.into(), bytes.into()]).await;
    assert_eq!(
        answers,
        serde_json::json!(["refused", "refused", "refused"])
    );
    assert_eq!(program.files(), before, "another page wrote");
}
