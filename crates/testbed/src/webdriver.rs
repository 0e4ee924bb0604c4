//! The few words of the WebDriver protocol that tests speak, to whichever driver; each call has an end.
//!
//! <https://www.w3.org/TR/webdriver2/>

use crate::wait::eventually;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::fmt::{Display, Formatter};
use std::time::Duration;

/// The key under which an element's reference comes.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const CALL: Duration = Duration::from_secs(30);

/// Keys that have no character, for [`WebDriver::press`].
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
pub const CONTROL: &str = "\u{e009}";
pub const ESCAPE: &str = "\u{e00c}";
pub const RIGHT: &str = "\u{e014}";
pub(crate) const DOWN: &str = "\u{e015}";

/// A refused or failed call: the protocol's code and message, or the transport's.
#[derive(Debug)]
pub struct Failure(pub String);

impl Display for Failure {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        to.write_str(&self.0)
    }
}

pub type Result<T> = std::result::Result<T, Failure>;

/// A session of a driver that somebody else started, and ends.
#[derive(Debug)]
pub struct WebDriver {
    address: String,
    http: reqwest::Client,
}

/// Something in the page.
#[derive(Debug, Clone)]
pub struct Element(String);

impl WebDriver {
    /// Fails while the driver at `root`, such as `http://127.0.0.1:4444`, does not answer yet.
    pub async fn is_ready(root: &str) -> Result<()> {
        call(client()?.get(format!("{root}/status")))
            .await
            .map(drop)
    }

    /// Begins a session with what must match of a browser.
    pub async fn begin(root: &str, always_match: Value) -> Result<Self> {
        let http = client()?;
        let wanted = json!({ "capabilities": { "alwaysMatch": always_match } });
        let answer = call(http.post(format!("{root}/session")).json(&wanted)).await?;
        let id = answer["sessionId"].as_str();
        let id = id.ok_or_else(|| Failure(format!("a session without an id: {answer}")))?;
        Ok(Self {
            address: format!("{root}/session/{id}"),
            http,
        })
    }

    /// Leads to an address, and waits until its page is loaded.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.post("url", &json!({ "url": url })).await.map(drop)
    }

    async fn find_all(&self, css: &str) -> Result<Vec<Element>> {
        let by = json!({ "using": "css selector", "value": css });
        let found = self.post("elements", &by).await?;
        let found = found.as_array().expect("elements are a list").iter();
        Ok(found
            .map(|element| Element(string(&element[ELEMENT])))
            .collect())
    }

    pub async fn click(&self, element: &Element) -> Result<()> {
        self.post(&format!("element/{}/click", element.0), &json!({}))
            .await
            .map(drop)
    }

    /// Replaces what a field holds.
    pub async fn fill(&self, element: &Element, text: &str) -> Result<()> {
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
    pub async fn text(&self, element: &Element) -> Result<String> {
        let element = json!({ ELEMENT: element.0 });
        Ok(string(
            &self
                .script("return arguments[0].innerText", &[element])
                .await?,
        ))
    }

    async fn is_shown(&self, element: &Element) -> Result<bool> {
        let shown = self
            .get(&format!("element/{}/displayed", element.0))
            .await?;
        Ok(shown.as_bool().expect("displayed is a yes or no"))
    }

    /// Presses and releases a key in the window.
    pub async fn press(&self, key: &str) -> Result<()> {
        let strokes =
            json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        self.strike(strokes).await
    }

    /// Presses and releases a key while `held` is down.
    pub async fn press_with(&self, held: &str, key: &str) -> Result<()> {
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
    pub async fn script(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        self.post(
            "execute/sync",
            &json!({ "script": body, "args": arguments }),
        )
        .await
    }

    /// What the body of a function passes to its last argument, a callback.
    pub async fn callback(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        self.post(
            "execute/async",
            &json!({ "script": body, "args": arguments }),
        )
        .await
    }

    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.post("window/rect", &json!({ "width": width, "height": height }))
            .await
            .map(drop)
    }

    /// The page as PNG.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        let text = string(&self.get("screenshot").await?);
        Ok(BASE64_STANDARD
            .decode(text)
            .expect("a screenshot is base64"))
    }

    /// Has a field for files hold this one, of this machine.
    pub async fn choose_file(&self, field: &Element, path: &str) -> Result<()> {
        let keys = json!({ "text": path });
        let field = format!("element/{}/value", field.0);
        self.post(&field, &keys).await.map(drop)
    }

    /// A word of the browser's own tools: `Emulation.setEmulatedMedia` and the like; Chromium alone has them.
    pub async fn devtools(&self, word: &str, parameters: Value) -> Result<Value> {
        let said = json!({ "cmd": word, "params": parameters });
        self.post("goog/cdp/execute", &said).await
    }

    /// What the page wrote on its console since it was asked last, errors of the browser's own included.
    pub async fn console(&self) -> Result<Vec<String>> {
        let lines = self.post("se/log", &json!({ "type": "browser" })).await?;
        let lines = lines.as_array().cloned().unwrap_or_default();
        Ok(lines.iter().map(|line| string(&line["message"])).collect())
    }

    /// The first element that `css` selects and that is shown.
    pub async fn shown(&self, css: &str) -> Result<Element> {
        let found = self.find_all(css).await?;
        let there = found.len();
        for element in found {
            if self.is_shown(&element).await? {
                return Ok(element);
            }
        }
        Err(Failure(format!("{there} in the page, none shown")))
    }

    /// Waits until nothing loads or moves any more, and that is what is painted.
    pub async fn rest(&self) {
        const RESTS: &str = "
            const done = arguments[arguments.length - 1];
            const rests = () => [...document.images].every((image) => image.complete)
                && document.getAnimations().every(({ playState }) => playState === 'finished');
            requestAnimationFrame(() => requestAnimationFrame(() => done(rests())));";
        eventually("the page rests", async || {
            match self.callback(RESTS, &[]).await? {
                Value::Bool(true) => Ok(()),
                other => Err(Failure(other.to_string())),
            }
        })
        .await;
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

fn client() -> Result<reqwest::Client> {
    let client = reqwest::Client::builder().timeout(CALL).no_proxy();
    client.build().map_err(|error| Failure(error.to_string()))
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

/// A list of texts, as a script may return one.
pub fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list of texts").iter();
    list.map(string).collect()
}

fn string(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not text"))
        .to_owned()
}
