//! An identity provider that behaves, and then does not: discovery, keys, consent and tokens of OpenID Connect.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use axum::{
    Json, Router,
    extract::{RawForm, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey as _,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{net::TcpListener, task::JoinSet};

/// The only client it knows.
pub const CLIENT: &str = "deskbell-client-1";
pub const SECRET: &str = "the-secret-of-client-1";
/// Of nobody's but these tests'.
const KEY: &str = include_str!("../../fixtures/identity_key.pem");

/// What the next token's answer is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdeed {
    NoIdToken,
    Html,
    /// Ten megabytes of spaces before the answer.
    TooLong,
    /// To an address that would answer well.
    Redirect,
    OtherNonce,
    OtherAudience,
    OtherIssuer,
    Expired,
    /// A token that was changed after it was signed.
    Forged,
    Unsigned,
    Down,
}

impl Misdeed {
    pub const ALL: [Self; 11] = [
        Self::NoIdToken,
        Self::Html,
        Self::TooLong,
        Self::Redirect,
        Self::OtherNonce,
        Self::OtherAudience,
        Self::OtherIssuer,
        Self::Expired,
        Self::Forged,
        Self::Unsigned,
        Self::Down,
    ];
}

/// Whoever sits before the consent page.
#[derive(Clone, Debug)]
pub struct Person {
    pub subject: String,
    pub email: String,
    pub email_verified: bool,
    pub name: String,
}

/// What a code was given out for.
struct Given {
    challenge: String,
    nonce: String,
    back: String,
    person: Person,
}

#[derive(Default)]
struct Inner {
    issuer: String,
    codes: HashMap<String, Given>,
    asked: usize,
    misdeed: Option<Misdeed>,
}

type Shared = Arc<Mutex<Inner>>;

/// Runs until it is dropped.
pub struct FakeProvider {
    inner: Shared,
    _server: JoinSet<()>,
}

fn lock(inner: &Shared) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl FakeProvider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("it is bound"));
        let inner: Shared = Arc::new(Mutex::new(Inner { issuer, ..Inner::default() }));
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(async || Json(keys())))
            .route("/token", post(token))
            .with_state(Arc::clone(&inner));
        let mut server = JoinSet::new();
        server.spawn(async move {
            let _ = axum::serve(listener, app).await;
        });
        Self { inner, _server: server }
    }

    pub fn issuer(&self) -> String {
        lock(&self.inner).issuer.clone()
    }

    /// How often it was asked for a token.
    pub fn asked(&self) -> usize {
        lock(&self.inner).asked
    }

    /// The next token's answer is so.
    pub fn then(&self, misdeed: Misdeed) {
        lock(&self.inner).misdeed = Some(misdeed);
    }

    /// A person agrees on the page that this address leads to: where their browser is sent.
    ///
    /// # Panics
    /// When the address does not ask for what the protocol wants.
    pub fn agrees(&self, address: &str, person: &Person) -> String {
        let mut inner = lock(&self.inner);
        let (place, query) = address.split_once('?').expect("a query");
        assert_eq!(place, format!("{}/consent", inner.issuer));
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{}", asked["scope"]);
        assert!(asked["state"].len() >= 22 && asked["nonce"].len() >= 22, "128 bits");
        let code = format!("code-{}", inner.codes.len());
        let given = Given {
            challenge: asked["code_challenge"].clone(),
            nonce: asked["nonce"].clone(),
            back: asked["redirect_uri"].clone(),
            person: person.clone(),
        };
        inner.codes.insert(code.clone(), given);
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("state", &asked["state"])
            .append_pair("iss", &inner.issuer)
            .append_pair("code", &code)
            .finish();
        format!("{}?{query}", asked["redirect_uri"])
    }
}

async fn discovery(State(inner): State<Shared>) -> Json<Value> {
    let issuer = lock(&inner).issuer.clone();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/consent"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

fn key() -> CoreRsaPrivateSigningKey {
    CoreRsaPrivateSigningKey::from_pem(KEY, Some(JsonWebKeyId::new("one".to_owned()))).expect("a key")
}

fn keys() -> CoreJsonWebKeySet {
    CoreJsonWebKeySet::new(vec![key().as_verification_key()])
}

fn refused() -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response()
}

/// A code is good once, with its verifier and its address (RFC 6749 §4.1.3, RFC 7636 §4.6).
async fn token(State(inner): State<Shared>, RawForm(form): RawForm) -> Response {
    let mut inner = lock(&inner);
    inner.asked += 1;
    let form: HashMap<String, String> = form_urlencoded::parse(&form).into_owned().collect();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let Some(given) = inner.codes.remove(field("code")) else { return refused() };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    if given.challenge != challenge || given.back != field("redirect_uri") {
        return refused();
    }
    let misdeed = inner.misdeed.take();
    answer(&inner.issuer, &given, misdeed)
}

fn answer(issuer: &str, given: &Given, misdeed: Option<Misdeed>) -> Response {
    let mut whole = json!({
        "access_token": "an-access-token", "token_type": "Bearer", "expires_in": 3600,
        "id_token": id_token(issuer, given, misdeed),
    });
    match misdeed {
        Some(Misdeed::NoIdToken) => {
            whole.as_object_mut().expect("an object").remove("id_token");
        }
        Some(Misdeed::Html) => {
            return ([(header::CONTENT_TYPE, "text/html")], "<!doctype html><p>Welcome").into_response();
        }
        Some(Misdeed::TooLong) => {
            let long = format!("{}{whole}", " ".repeat(10 * 1024 * 1024));
            return ([(header::CONTENT_TYPE, "application/json")], long).into_response();
        }
        Some(Misdeed::Redirect) => return Redirect::temporary(&format!("{issuer}/token")).into_response(),
        Some(Misdeed::Down) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => {}
    }
    Json(whole).into_response()
}

/// RFC 7515 and OpenID Connect Core §2, by hand, so that it can be wrong.
fn id_token(issuer: &str, given: &Given, misdeed: Option<Misdeed>) -> String {
    #[expect(clippy::disallowed_methods, reason = "the library that checks it looks at the machine's clock")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
    let wrong = |this: Misdeed, wrong: &str, right: &str| {
        if misdeed == Some(this) { wrong.to_owned() } else { right.to_owned() }
    };
    let algorithm = if misdeed == Some(Misdeed::Unsigned) { "none" } else { "RS256" };
    let head = json!({"alg": algorithm, "kid": "one", "typ": "JWT"});
    let claims = json!({
        "iss": wrong(Misdeed::OtherIssuer, "https://evil.example", issuer),
        "aud": wrong(Misdeed::OtherAudience, "another-client", CLIENT),
        "nonce": wrong(Misdeed::OtherNonce, "another-nonce", &given.nonce),
        "sub": given.person.subject,
        "email": given.person.email,
        "email_verified": given.person.email_verified,
        "name": given.person.name,
        "iat": now,
        "exp": if misdeed == Some(Misdeed::Expired) { now - 60 } else { now + 300 },
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&head), part(&claims));
    if misdeed == Some(Misdeed::Unsigned) {
        return format!("{signed}.");
    }
    let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    let signature = key().sign(&algorithm, signed.as_bytes()).expect("a signature");
    let signature = URL_SAFE_NO_PAD.encode(signature);
    if misdeed == Some(Misdeed::Forged) {
        let mut others = claims;
        others["sub"] = "somebody-else".into();
        return format!("{}.{}.{signature}", part(&head), part(&others));
    }
    format!("{signed}.{signature}")
}
