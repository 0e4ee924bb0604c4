//! A page as a person meets it: what is seen, clicked, typed, dropped and read.

use crate::chromium::{Chromium, Language};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use testbed::webdriver::{Element, Failure, texts};
use testbed::{WebDriver, eventually};

pub(crate) use testbed::webdriver::{ENTER, ESCAPE, RIGHT};

/// The sizes of a small laptop's window and of a large one.
pub(crate) const SMALL: (u32, u32) = (900, 600);
pub(crate) const LARGE: (u32, u32) = (1600, 1000);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

pub(crate) struct Page {
    chromium: Chromium,
}

impl Page {
    /// A browser that was never here before.
    pub(crate) async fn open(url: &str) -> Self {
        Self::open_in(url, Language::English).await
    }

    pub(crate) async fn open_in(url: &str, language: Language) -> Self {
        let page = Self {
            chromium: Chromium::start(language).await,
        };
        page.resize(SMALL).await;
        page.go(url).await;
        page
    }

    pub(crate) fn driver(&self) -> &WebDriver {
        &self.chromium.driver
    }

    pub(crate) async fn go(&self, url: &str) {
        self.chromium.driver.open(url).await.unwrap();
    }

    pub(crate) async fn resize(&self, (width, height): (u32, u32)) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        let driver = &self.chromium.driver;
        driver
            .devtools("Emulation.setDeviceMetricsOverride", size)
            .await
            .unwrap();
    }

    /// What the person's system is set to.
    pub(crate) async fn prefer(&self, theme: Theme) {
        let value = match theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        let driver = &self.chromium.driver;
        driver
            .devtools("Emulation.setEmulatedMedia", features)
            .await
            .unwrap();
    }

    /// The element that `css` selects, once it is shown.
    pub(crate) async fn see(&self, css: &str) -> Element {
        eventually(&format!("{css} is shown"), async || {
            self.driver().shown(css).await
        })
        .await
    }

    pub(crate) async fn see_no(&self, css: &str) {
        eventually(&format!("{css} is not shown"), async || {
            match self.driver().shown(css).await {
                Ok(_) => Err(Failure("still shown".into())),
                Err(_) => Ok(()),
            }
        })
        .await;
    }

    pub(crate) async fn click(&self, css: &str) {
        eventually(&format!("{css} can be clicked"), async || {
            let element = self.driver().shown(css).await?;
            self.chromium.driver.click(&element).await
        })
        .await;
    }

    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let field = self.see(css).await;
        self.chromium.driver.fill(&field, text).await.unwrap();
    }

    pub(crate) async fn press(&self, key: &str) {
        self.chromium.driver.press(key).await.unwrap();
    }

    /// What `css` says, once it holds `part`.
    pub(crate) async fn read(&self, css: &str, part: &str) -> String {
        eventually(&format!("{css} says {part:?}"), async || {
            let element = self.driver().shown(css).await?;
            let text = self.chromium.driver.text(&element).await?;
            text.contains(part)
                .then(|| text.clone())
                .ok_or(Failure(text))
        })
        .await
    }

    pub(crate) async fn script(&self, body: &str, arguments: &[Value]) -> Value {
        self.chromium.driver.script(body, arguments).await.unwrap()
    }

    pub(crate) async fn callback(&self, body: &str, arguments: &[Value]) -> Value {
        self.chromium
            .driver
            .callback(body, arguments)
            .await
            .unwrap()
    }

    /// The names of the tiles that are drawn, once there are so many.
    pub(crate) async fn tiles(&self, count: usize) -> Vec<String> {
        const NAMES: &str = "return [...document.querySelectorAll('[data-testid=tile]')]
            .map((tile) => tile.dataset.name)";
        eventually(&format!("{count} tiles"), async || {
            let names = texts(&self.chromium.driver.script(NAMES, &[]).await?);
            if names.len() == count {
                Ok(names)
            } else {
                Err(Failure(format!("{names:?}")))
            }
        })
        .await
    }

    /// Waits until a tile of this name has its thumbnail.
    pub(crate) async fn see_picture(&self, name: &str) {
        const LOADED: &str = "const image = document.querySelector(
            `[data-testid=tile][data-name=\"${CSS.escape(arguments[0])}\"] img`);
            return image !== null && image.complete && image.naturalWidth > 0";
        eventually(&format!("{name} has its picture"), async || {
            match self.chromium.driver.script(LOADED, &[name.into()]).await? {
                Value::Bool(true) => Ok(()),
                other => Err(Failure(other.to_string())),
            }
        })
        .await;
    }

    /// Picks a file, as the system's dialog would.
    pub(crate) async fn pick(&self, file: &Path) {
        // The dialog's field itself is never seen, and a driver types only into what is.
        const SHOW: &str = "document.querySelector('[data-testid=pick]').hidden = arguments[0]";
        self.script(SHOW, &[false.into()]).await;
        let field = self.see("[data-testid=pick]").await;
        let path = file.to_str().unwrap();
        self.chromium
            .driver
            .choose_file(&field, path)
            .await
            .unwrap();
        self.script(SHOW, &[true.into()]).await;
    }

    /// Holds files over the page and lets them go.
    pub(crate) async fn drop_files(&self, files: &[(&str, &[u8])]) {
        const DROP: &str = "
            const held = new DataTransfer();
            for (const [name, bytes] of arguments[0]) {
                held.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
            }
            const how = { dataTransfer: held, bubbles: true, cancelable: true };
            document.body.dispatchEvent(new DragEvent('dragenter', how));
            document.body.dispatchEvent(new DragEvent('dragover', how));
            document.body.dispatchEvent(new DragEvent('drop', how));";
        let files: Vec<_> = files
            .iter()
            .map(|(name, bytes)| json!([name, BASE64_STANDARD.encode(bytes)]))
            .collect();
        self.script(DROP, &[files.into()]).await;
    }

    /// Waits until nothing loads or moves any more, and that is what is painted.
    pub(crate) async fn rest(&self) {
        self.driver().rest().await;
    }

    /// What the page complained of: what its policy kept from running, and what failed in it.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let lines = self.chromium.driver.console().await.unwrap();
        let of_requests = |line: &String| line.contains("Failed to load resource");
        let advice = |line: &String| line.contains("[DOM]");
        lines
            .into_iter()
            .filter(|line| !of_requests(line) && !advice(line))
            .collect()
    }

    /// Leaves a picture beside the build, to be looked at.
    pub(crate) async fn picture(&self, name: &str) -> PathBuf {
        self.rest().await;
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{name}.png"));
        std::fs::write(&place, self.chromium.driver.screenshot().await.unwrap()).unwrap();
        place
    }
}
