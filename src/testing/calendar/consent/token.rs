//! The token endpoint (RFC 6749 §4.1.3, §6; RFC 7636 §4.6) and where tokens are given back (RFC 7009).

use std::collections::HashMap;

use axum::{
    Json,
    extract::{RawForm, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{ConsentServer, Inner, Lie};

type Form = HashMap<String, String>;

fn form(raw: &[u8]) -> Form {
    form_urlencoded::parse(raw).into_owned().collect()
}

fn field<'f>(form: &'f Form, name: &str) -> &'f str {
    form.get(name).map(String::as_str).unwrap_or_default()
}

/// Status, error, description (RFC 6749 §5.2).
struct Refusal(StatusCode, &'static str, &'static str);

impl Refusal {
    fn into_response(self) -> Response {
        let Self(status, error, words) = self;
        let body = json!({"error": error, "error_description": words});
        ([(header::CACHE_CONTROL, "no-store")], (status, Json(body))).into_response()
    }
}

const INVALID_GRANT: Refusal = Refusal(StatusCode::BAD_REQUEST, "invalid_grant", "Token has been expired or revoked.");

/// By Basic (both parts form-encoded) or in the form (RFC 6749 §2.3.1).
fn is_client(inner: &Inner, headers: &HeaderMap, form: &Form) -> bool {
    let decoded =
        |text: &str| form_urlencoded::parse(format!("x={text}").as_bytes()).next().map(|(_, x)| x.into_owned());
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let presented = match basic {
        Some(basic) => STANDARD
            .decode(basic)
            .ok()
            .and_then(|both| String::from_utf8(both).ok())
            .and_then(|both| both.split_once(':').map(|(id, secret)| (decoded(id), decoded(secret)))),
        None => Some((form.get("client_id").cloned(), form.get("client_secret").cloned())),
    };
    presented == Some((Some(inner.rules.client_id.clone()), Some(inner.rules.client_secret.clone())))
}

pub(super) async fn token(State(server): State<ConsentServer>, headers: HeaderMap, RawForm(raw): RawForm) -> Response {
    let form = form(&raw);
    let now = server.clock.now();
    let mut inner = server.lock();
    let answer = match field(&form, "grant_type") {
        "authorization_code" => {
            inner.grants.counters.codes += 1;
            by_code(&mut inner, &headers, &form, now)
        }
        "refresh_token" => {
            inner.grants.counters.refreshes += 1;
            by_refresh_token(&mut inner, &headers, &form, now)
        }
        _ => Err(Refusal(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Invalid grant_type.")),
    };
    answer.unwrap_or_else(|refusal| {
        inner.grants.counters.refused += 1;
        refusal.into_response()
    })
}

fn by_code(inner: &mut Inner, headers: &HeaderMap, form: &Form, now: Timestamp) -> Result<Response, Refusal> {
    admit(inner, headers, form)?;
    let given = inner.grants.take(field(form, "code"), now).ok_or(INVALID_GRANT)?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field(form, "code_verifier")));
    if given.challenge != challenge || given.back != field(form, "redirect_uri") {
        return Err(INVALID_GRANT);
    }
    limit(inner, &given.person.subject.clone(), now)?;
    let grant = inner.grants.grant(given.person, given.scopes);
    let life = inner.rules.life;
    let access = inner.grants.access_token(grant, life, now);
    let refresh = given.refresh.then(|| inner.grants.refresh_token(grant));
    Ok(answer(inner, grant, &access, refresh))
}

fn by_refresh_token(inner: &mut Inner, headers: &HeaderMap, form: &Form, now: Timestamp) -> Result<Response, Refusal> {
    admit(inner, headers, form)?;
    let text = field(form, "refresh_token");
    let grant = inner.grants.of_refresh_token(text).ok_or(INVALID_GRANT)?;
    let subject = inner.grants.person(grant).subject.clone();
    limit(inner, &subject, now)?;
    let (rule, life) = (inner.rules.refresh, inner.rules.life);
    let renewed = inner.grants.renew(text, rule, life, now).ok_or(INVALID_GRANT)?;
    Ok(answer(inner, renewed.grant, &renewed.access, renewed.refresh))
}

fn admit(inner: &Inner, headers: &HeaderMap, form: &Form) -> Result<(), Refusal> {
    if is_client(inner, headers, form) {
        return Ok(());
    }
    Err(Refusal(StatusCode::UNAUTHORIZED, "invalid_client", "The OAuth client was not found."))
}

fn limit(inner: &mut Inner, subject: &str, now: Timestamp) -> Result<(), Refusal> {
    match inner.rules.per_minute {
        Some(most) if inner.grants.too_many(subject, most, now) => {
            Err(Refusal(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", "Too many tokens."))
        }
        _ => Ok(()),
    }
}

fn answer(inner: &mut Inner, grant: usize, access: &str, refresh: Option<String>) -> Response {
    let mut body = (inner.rules.extra)(&inner.base, inner.grants.person(grant));
    body.insert("access_token".to_owned(), access.into());
    body.insert("token_type".to_owned(), "Bearer".into());
    body.insert("expires_in".to_owned(), inner.rules.life.as_secs().into());
    let mut scopes = inner.grants.scopes(grant).to_vec();
    if inner.lies(Lie::FewerScopes) {
        let boxed =
            |name: &str| inner.rules.scopes.iter().any(|scope| scope.granted_as == name && !scope.words.is_empty());
        if let Some(at) = scopes.iter().position(|name| boxed(name)) {
            scopes.remove(at);
        }
        body.insert("scope".to_owned(), scopes.join(" ").into());
    } else if inner.rules.tells_scopes {
        body.insert("scope".to_owned(), scopes.join(" ").into());
    }
    if let Some(refresh) = refresh.filter(|_| !inner.lies(Lie::NoRefreshToken)) {
        body.insert("refresh_token".to_owned(), refresh.into());
    }
    if inner.lies(Lie::OtherType) {
        body.insert("token_type".to_owned(), "mac".into());
    }
    if inner.lies(Lie::NoAccessToken) {
        body.remove("access_token");
    }
    if inner.lies(Lie::NegativeLife) {
        body.insert("expires_in".to_owned(), (-5).into());
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// The token stands in the form or, at Google, in the address.
pub(super) async fn revoke(
    State(server): State<ConsentServer>,
    RawQuery(query): RawQuery,
    RawForm(raw): RawForm,
) -> Response {
    let (form, query) = (form(&raw), form(query.unwrap_or_default().as_bytes()));
    let mut inner = server.lock();
    // By Calendly's rule; Google's own way, in the address, has no client in it.
    if form.contains_key("token") && !is_client(&inner, &HeaderMap::new(), &form) {
        return Refusal(StatusCode::FORBIDDEN, "unauthorized_client", "You are not authorized.").into_response();
    }
    inner.grants.counters.revocations += 1;
    let token = form.get("token").or_else(|| query.get("token")).cloned().unwrap_or_default();
    if inner.grants.give_back(&token) {
        return Json(json!({})).into_response();
    }
    Refusal(StatusCode::BAD_REQUEST, "invalid_token", "Token expired or revoked").into_response()
}
