//! The few words of the WebDriver protocol that the tests speak; each call has an end.
//!
//! <https://www.w3.org/TR/webdriver2/>

use crate::process::Group;
use crate::wait::eventually;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::fmt::{Display, Formatter};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;

/// The key under which an element's reference comes.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const CALL: Duration = Duration::from_secs(30);

/// A refused or failed call: the protocol's code and message, or the transport's.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl Display for Failure {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.0)
    }
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// WebKit's driver and the one session that it holds.
pub(crate) struct Session {
    _driver: Group,
    app: u32,
    address: String,
    http: reqwest::Client,
}

#[derive(Debug, Clone)]
pub(crate) struct Element(String);

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
        let http = reqwest::Client::builder()
            .timeout(CALL)
            .no_proxy()
            .build()
            .unwrap();
        let root = format!("http://127.0.0.1:{port}");
        eventually("the driver answers", async || {
            call(http.get(format!("{root}/status"))).await
        })
        .await;

        let options = json!({ "binary": app, "args": arguments });
        let wanted = json!({
            "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } }
        });
        let answer = call(http.post(format!("{root}/session")).json(&wanted)).await;
        let answer = answer.unwrap_or_else(|failure| panic!("no window: {failure}"));
        let id = answer["sessionId"].as_str().expect("a session has an id");
        let app = *crate::process::children(driver.id())
            .first()
            .expect("the driver runs the app");
        Self {
            address: format!("{root}/session/{id}"),
            _driver: driver,
            app,
            http,
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

    pub(crate) async fn find_all(&self, css: &str) -> Result<Vec<Element>> {
        let by = json!({ "using": "css selector", "value": css });
        let found = self.post("elements", &by).await?;
        let found = found.as_array().expect("elements are a list").iter();
        Ok(found
            .map(|element| Element(string(&element[ELEMENT])))
            .collect())
    }

    pub(crate) async fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("element/{}/click", element.0), &json!({}))
            .await
            .map(drop)
    }

    /// Replaces what a field holds.
    pub(crate) async fn fill(&self, element: &Element, text: &str) -> Result<()> {
        self.post(&format!("element/{}/clear", element.0), &json!({}))
            .await?;
        self.post(
            &format!("element/{}/value", element.0),
            &json!({ "text": text }),
        )
        .await
        .map(drop)
    }

    /// The text as it is rendered. Not the protocol's own word for it, which takes text that may
    /// be cut off by an ellipsis for hidden.
    pub(crate) async fn text(&self, element: &Element) -> Result<String> {
        let element = json!({ ELEMENT: element.0 });
        Ok(string(
            &self
                .script("return arguments[0].innerText", &[element])
                .await?,
        ))
    }

    pub(crate) async fn is_shown(&self, element: &Element) -> Result<bool> {
        let shown = self
            .get(&format!("element/{}/displayed", element.0))
            .await?;
        Ok(shown.as_bool().expect("displayed is a yes or no"))
    }

    /// Presses and releases a key in the window.
    pub(crate) async fn press(&self, key: &str) -> Result<()> {
        let strokes =
            json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        self.strike(strokes).await
    }

    /// Presses and releases a key while `held` is down.
    pub(crate) async fn press_with(&self, held: &str, key: &str) -> Result<()> {
        let strokes = json!([
            { "type": "keyDown", "value": held },
            { "type": "keyDown", "value": key },
            { "type": "keyUp", "value": key },
            { "type": "keyUp", "value": held },
        ]);
        self.strike(strokes).await
    }

    async fn strike(&self, strokes: Value) -> Result<()> {
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        self.post("actions", &actions).await.map(drop)
    }

    /// What the body of a function returns.
    pub(crate) async fn script(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        self.post(
            "execute/sync",
            &json!({ "script": body, "args": arguments }),
        )
        .await
    }

    /// What the body of a function passes to its last argument, a callback.
    pub(crate) async fn callback(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        self.post(
            "execute/async",
            &json!({ "script": body, "args": arguments }),
        )
        .await
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.post("window/rect", &json!({ "width": width, "height": height }))
            .await
            .map(drop)
    }

    /// The page as PNG.
    pub(crate) async fn screenshot(&self) -> Result<Vec<u8>> {
        let text = string(&self.get("screenshot").await?);
        Ok(BASE64_STANDARD
            .decode(text)
            .expect("a screenshot is base64"))
    }

    async fn get(&self, path: &str) -> Result<Value> {
        call(self.http.get(format!("{}/{path}", self.address))).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        call(
            self.http
                .post(format!("{}/{path}", self.address))
                .json(body),
        )
        .await
    }
}

async fn call(request: reqwest::RequestBuilder) -> Result<Value> {
    let transport = |error: reqwest::Error| Failure(format!("{error:?}"));
    let answer = request.send().await.map_err(transport)?;
    let refused = !answer.status().is_success();
    let mut body: Value = answer.json().await.map_err(transport)?;
    let value = body["value"].take();
    if refused {
        Err(Failure(value.to_string()))
    } else {
        Ok(value)
    }
}

fn string(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not text"))
        .to_owned()
}

/// Free when asked; the driver takes it a moment later.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
