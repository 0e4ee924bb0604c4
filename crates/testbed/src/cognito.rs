//! Stands in for Amazon Cognito: a user pool with one person, and an identity pool that lends the keys of a real
//! store.

use crate::Endpoint;
use crate::serving::{Serving, lock};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

const POOL: &str = "eu-central-1_testbed";

/// One that answers on a free port, as both of its services.
#[derive(Debug)]
pub struct CognitoServer {
    pub url: String,
    kept: Arc<Kept>,
    _serving: Serving,
}

#[derive(Debug)]
struct Kept {
    endpoint: Endpoint,
    state: Mutex<Now>,
}

#[derive(Debug)]
struct Now {
    password: String,
    /// Something is wanted besides name and password.
    challenge: Option<String>,
    /// Seconds for which keys are lent, and tokens are good.
    lent_for: u64,
    token_for: u64,
    refreshes: bool,
    asked: Vec<String>,
}

impl CognitoServer {
    pub const IDENTITY_POOL: &str = "eu-central-1:0191d5a0-0000-7000-8000-000000000001";
    pub const IDENTITY: &str = "eu-central-1:0191d5a0-0000-7000-8000-000000000002";
    pub const CLIENT: &str = "client0of0the0testbed";
    pub const USER: &str = "ann";
    pub const PASSWORD: &str = "canary of this person";

    /// Lends the keys of this store.
    pub async fn start(endpoint: &Endpoint) -> Self {
        let kept = Arc::new(Kept {
            endpoint: endpoint.clone(),
            state: Mutex::new(Now {
                password: Self::PASSWORD.to_owned(),
                challenge: None,
                lent_for: 3600,
                token_for: 3600,
                refreshes: true,
                asked: Vec::new(),
            }),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&kept));
        let serving = Serving::start(router).await;
        Self {
            url: serving.url.clone(),
            kept,
            _serving: serving,
        }
    }

    /// From now on keys and tokens last so many seconds.
    pub fn lend_for(&self, keys: u64, tokens: u64) {
        let mut now = lock(&self.kept.state);
        (now.lent_for, now.token_for) = (keys, tokens);
    }

    /// From now on who signs in is asked for this, too.
    pub fn challenge(&self, challenge: Option<&str>) {
        lock(&self.kept.state).challenge = challenge.map(str::to_owned);
    }

    /// Whether a token that renews others is taken.
    pub fn set_refreshes(&self, refreshes: bool) {
        lock(&self.kept.state).refreshes = refreshes;
    }

    pub fn change_password(&self, password: &str) {
        password.clone_into(&mut lock(&self.kept.state).password);
    }

    /// What was asked of it so far: `USER_PASSWORD_AUTH`, `REFRESH_TOKEN_AUTH`, `GetId`,
    /// `GetCredentialsForIdentity`.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.kept.state).asked.clone()
    }
}

async fn answer(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let target = request.headers().get("x-amz-target");
    let target = target.and_then(|value| value.to_str().ok());
    let action = target
        .and_then(|target| target.rsplit_once('.'))
        .map(|(_, action)| action.to_owned())
        .unwrap_or_default();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await;
    let asked: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
    let mut now = lock(&kept.state);
    let action = match action.as_str() {
        "InitiateAuth" => asked["AuthFlow"].as_str().unwrap_or_default().to_owned(),
        _ => action,
    };
    now.asked.push(action.clone());
    let words = &asked["AuthParameters"];
    let known = asked["ClientId"] == CognitoServer::CLIENT;
    match action.as_str() {
        "USER_PASSWORD_AUTH" | "REFRESH_TOKEN_AUTH" if !known => {
            refusal("ResourceNotFoundException")
        }
        "USER_PASSWORD_AUTH" => {
            let right = words["USERNAME"] == CognitoServer::USER
                && words["PASSWORD"] == now.password.as_str();
            match (&now.challenge, right) {
                (_, false) => refusal("NotAuthorizedException"),
                (Some(challenge), true) => said(&json!({
                    "ChallengeName": challenge, "Session": "s", "ChallengeParameters": {}
                })),
                (None, true) => said(&json!({
                    "AuthenticationResult": {
                        "IdToken": token(), "AccessToken": "a", "RefreshToken": "renews",
                        "ExpiresIn": now.token_for, "TokenType": "Bearer"
                    }
                })),
            }
        }
        "REFRESH_TOKEN_AUTH" if now.refreshes && words["REFRESH_TOKEN"] == "renews" => {
            said(&json!({
                "AuthenticationResult": {
                    "IdToken": token(), "AccessToken": "a",
                    "ExpiresIn": now.token_for, "TokenType": "Bearer"
                }
            }))
        }
        "GetId" if asked["IdentityPoolId"] != CognitoServer::IDENTITY_POOL => {
            refusal("ResourceNotFoundException")
        }
        "GetId" if is_signed_in(&asked) => said(&json!({"IdentityId": CognitoServer::IDENTITY})),
        "GetCredentialsForIdentity"
            if is_signed_in(&asked) && asked["IdentityId"] == CognitoServer::IDENTITY =>
        {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            let ends = since.expect("it is after 1970").as_secs() + now.lent_for;
            said(&json!({
                "IdentityId": CognitoServer::IDENTITY,
                "Credentials": {
                    "AccessKeyId": kept.endpoint.access_key_id,
                    "SecretKey": kept.endpoint.secret_access_key,
                    "Expiration": ends
                }
            }))
        }
        _ => refusal("NotAuthorizedException"),
    }
}

fn issuer() -> String {
    format!("cognito-idp.eu-central-1.amazonaws.com/{POOL}")
}

/// Nobody verifies its signature here.
fn token() -> String {
    let claims = json!({"iss": format!("https://{}", issuer()), "sub": "0191"}).to_string();
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part("{}"), part(&claims), part("signature"))
}

fn is_signed_in(asked: &Value) -> bool {
    asked["Logins"][issuer()] == token().as_str()
}

fn said(json: &Value) -> Response {
    Response::builder()
        .header("content-type", "application/x-amz-json-1.1")
        .body(Body::from(json.to_string()))
        .expect("an answer")
}

fn refusal(code: &str) -> Response {
    let json = json!({"__type": code, "message": "no"});
    Response::builder()
        .status(400)
        .header("content-type", "application/x-amz-json-1.1")
        .body(Body::from(json.to_string()))
        .expect("an answer")
}
