//! Calls from the browser: the page rings here, and talks over a WebSocket in the messages a telephone company sends.
//!
//! A browser is nobody's signed webhook, so other things keep strangers out: only our own page may ring (its Origin is
//! checked), not more than so often from one address; and everything about a call is for whoever holds its token.

mod after;
mod profile;
mod trial;

pub(in crate::web) use profile::examples;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json, Router,
    extract::{ConnectInfo, Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};

use super::{
    body,
    error::Refusal,
    limit::Limit,
    media,
    patience::{Late, in_time},
    same_origin,
    state::AppState,
    tokens::{Invalid, Ticket},
    upgrade::Upgrade,
};
use crate::{
    domain::{
        business::Business,
        ids::{BusinessId, CallId},
        phone::{PhoneKind, PhoneNumber},
    },
    ports::telephony::Expected,
    store::calls::{Call, NewCall},
};

/// The name of this line, beside "twilio".
const VENDOR: &str = "web";
/// Calls that may ring within a minute from one address.
const PER_MINUTE: u32 = 30;
/// How long after its start a call is told about to whoever holds its token.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(2);

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/talk/business", get(profile::show))
        .route("/talk/{business}", post(ring))
        .route("/talk/{business}/{call}/again", post(again))
        .route("/talk/{business}/{call}/{token}", get(connect))
        .route("/talk/{business}/{call}/{token}/after", get(after::tell))
        .layer(Extension(Arc::new(Limit::<IpAddr>::new(PER_MINUTE, Duration::from_mins(1)))))
        .merge(trial::router())
}

/// A no that the page shows to its reader.
#[derive(Debug)]
struct Sorry(StatusCode, &'static str);

impl IntoResponse for Sorry {
    fn into_response(self) -> Response {
        let body = json!({ "status": self.0.as_u16(), "title": self.1 }).to_string();
        let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
        (self.0, headers, body).into_response()
    }
}

impl From<Late> for Sorry {
    fn from(_: Late) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, "The server is out of breath. Please try again in a moment.")
    }
}

impl From<Refusal> for Sorry {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.status(), "That request could not be read.")
    }
}

const NOT_FOUND: Sorry = Sorry(StatusCode::NOT_FOUND, "There is no such call.");
const NOT_FROM_HERE: Sorry = Sorry(
    StatusCode::FORBIDDEN,
    "Calls can only be made from this server's own page, at the address it was set up for.",
);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ring {
    #[serde(default)]
    from: Option<String>,
}

/// How to go on: where the socket is, what to say first, and where to ask afterwards.
#[derive(Serialize)]
struct Ringing {
    call: String,
    /// The caller's number in E.164, as a telephone company would tell it; empty when withheld.
    from: String,
    token: String,
    socket: String,
    after: String,
    again: String,
    greeting: String,
    language: String,
    /// Where the business's own people read what was said, when it is one of them who rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
}

/// A new call.
async fn ring(
    State(state): State<AppState>,
    Extension(limit): Extension<Arc<Limit<IpAddr>>>,
    peer: Option<Extension<ConnectInfo<IpAddr>>>,
    Path(business): Path<BusinessId>,
    request: Request,
) -> Result<Json<Ringing>, Sorry> {
    let (parts, content) = request.into_parts();
    if !same_origin::from_here(&state.config.origin, &parts.headers) {
        return Err(NOT_FROM_HERE);
    }
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(ConnectInfo(address))| address);
    if !limit.admits(address) {
        return Err(Sorry(StatusCode::TOO_MANY_REQUESTS, "That is a lot of calls. Please wait a minute."));
    }
    let business = answering(&state, business).await?;
    let asked: Ring = read(&parts.headers, body::whole(&parts.headers, content).await?.as_ref())?;
    let call = rung(&state, &business, &asked).await?;
    Ok(Json(ringing(&state, &business, &place(&business), &call, business.greeting())))
}

/// Where the lines of a business begin.
fn place(business: &Business) -> String {
    format!("/talk/{}", business.id)
}

/// Writes a new call down.
async fn rung(state: &AppState, business: &Business, asked: &Ring) -> Result<Call, Sorry> {
    let from = number(asked.from.as_deref().unwrap_or_default(), business)?;
    let new = NewCall {
        id: CallId(state.clock.new_id()),
        business: business.id,
        vendor: VENDOR,
        vendor_call: name()?,
        from,
        now: state.clock.now(),
    };
    Ok(in_time("ringing", state.store.ring(&new)).await?)
}

/// The business, when it can be called from the browser now.
async fn answering(state: &AppState, id: BusinessId) -> Result<Arc<Business>, Sorry> {
    if !state.config.web_calls {
        return Err(Sorry(StatusCode::FORBIDDEN, "Calls from the browser are switched off on this server."));
    }
    has_room(state)?;
    let business = state.businesses.get(id).await?.ok_or(NOT_FOUND)?;
    if business.suspended {
        return Err(Sorry(StatusCode::CONFLICT, "This business is not taking calls at the moment."));
    }
    Ok(business)
}

/// Whether another call can be taken now.
fn has_room(state: &AppState) -> Result<(), Sorry> {
    if state.lifecycle.is_draining() {
        return Err(Sorry(
            StatusCode::SERVICE_UNAVAILABLE,
            "The server is about to restart. Please try again shortly.",
        ));
    }
    if !state.switchboard.has_room() {
        return Err(Sorry(StatusCode::SERVICE_UNAVAILABLE, "All lines are busy. Please try again in a moment."));
    }
    Ok(())
}

fn read<T: Default + for<'de> Deserialize<'de>>(headers: &HeaderMap, content: &[u8]) -> Result<T, Sorry> {
    if content.is_empty() {
        return Ok(T::default());
    }
    let json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !json {
        return Err(Sorry(StatusCode::UNSUPPORTED_MEDIA_TYPE, "That request could not be read."));
    }
    serde_json::from_slice(content).map_err(|_| Sorry(StatusCode::BAD_REQUEST, "That request could not be read."))
}

/// The caller's number as it was typed; nothing when it was left empty, as a withheld one.
fn number(text: &str, business: &Business) -> Result<Option<PhoneNumber>, Sorry> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let number = PhoneNumber::parse(text.trim(), &business.country).ok().filter(|n| n.kind() != PhoneKind::Never);
    number.map(Some).ok_or(Sorry(
        StatusCode::BAD_REQUEST,
        "That is not a telephone number that can be called back. Try one such as +1 212 555 0187.",
    ))
}

/// "WB" and 32 hexadecimal digits, from the operating system's randomness.
fn name() -> Result<String, Sorry> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Late)?;
    Ok(bytes.iter().fold("WB".to_owned(), |name, byte| format!("{name}{byte:02x}")))
}

fn is_name(text: &str) -> bool {
    let digits = text.strip_prefix("WB").unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// `place` is where the lines begin: see [`place`].
fn ringing(state: &AppState, business: &Business, place: &str, call: &Call, greeting: String) -> Ringing {
    let ticket = Ticket { business: business.id, vendor: VENDOR, call: &call.vendor_call };
    let token = state.tokens.mint(ticket, call.epoch, state.clock.now());
    let path = format!("{place}/{}", call.vendor_call);
    Ringing {
        call: call.vendor_call.clone(),
        from: call.from.as_ref().map(ToString::to_string).unwrap_or_default(),
        socket: format!("{path}/{token}"),
        after: format!("{path}/{token}/after"),
        again: format!("{path}/again"),
        token,
        greeting,
        language: business.voice.language.clone(),
        record: None,
    }
}

/// What proves that this is the browser that rang, and which of its connections broke.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Again {
    token: String,
    session: Option<String>,
}

/// The connection broke: another one for the same call.
async fn again(
    State(state): State<AppState>,
    Path((business, call)): Path<(BusinessId, String)>,
    request: Request,
) -> Result<Json<Ringing>, Sorry> {
    let (parts, content) = request.into_parts();
    if !same_origin::from_here(&state.config.origin, &parts.headers) {
        return Err(NOT_FROM_HERE);
    }
    let asked: Again = read(&parts.headers, body::whole(&parts.headers, content).await?.as_ref())?;
    held(&state, business, &call, &asked.token).await?;
    let business = answering(&state, business).await?;
    let call = opened(&state, &business, &call, asked.session.as_deref()).await?;
    let greeting = if call.state.is_none() { business.greeting() } else { String::new() };
    Ok(Json(ringing(&state, &business, &place(&business), &call, greeting)))
}

/// The call, free for its next connection. `session` is the connection that broke.
async fn opened(state: &AppState, business: &Business, call: &str, session: Option<&str>) -> Result<Call, Sorry> {
    let over = state.store.session_over(business.id, call, session);
    let call = in_time("opening a call again", over).await?.ok_or(NOT_FOUND)?;
    if call.ended.is_some() {
        return Err(Sorry(StatusCode::GONE, "The call is over."));
    }
    if call.connected {
        return Err(Sorry(StatusCode::CONFLICT, "The call is on another connection."));
    }
    Ok(call)
}

/// The call of a token. However old the token is: it proves who rang, and the call itself must be a recent one.
async fn held(state: &AppState, business: BusinessId, call: &str, token: &str) -> Result<Call, Sorry> {
    if !is_name(call) {
        return Err(NOT_FOUND);
    }
    let now = state.clock.now();
    let ticket = Ticket { business, vendor: VENDOR, call };
    if state.tokens.check(token, ticket, now) == Err(Invalid::Forged) {
        return Err(NOT_FOUND);
    }
    let found = in_time("looking up a call", state.store.call_by_vendor(business, call)).await?;
    found.filter(|call| now.duration_since(call.started) < REMEMBERED).ok_or(NOT_FOUND)
}

type Names = (BusinessId, String, String);

/// The call's connection. Everything is checked before the upgrade is answered.
async fn connect(
    State(state): State<AppState>,
    Path((business, call, token)): Path<Names>,
    mut request: Request,
) -> Result<Response, Refusal> {
    if !same_origin::from_here(&state.config.origin, request.headers()) {
        return Err(Refusal::Forbidden("a foreign origin"));
    }
    let epoch = epoch(&state, business, &call, &token)?;
    let upgrade = Upgrade::of(&mut request)?;
    let business = answering(&state, business).await.map_err(|_| Refusal::Busy("the business cannot be called"))?;
    connected(&state, upgrade, business, &call, epoch).await
}

/// The connection that a token allows.
fn epoch(state: &AppState, business: BusinessId, call: &str, token: &str) -> Result<i32, Refusal> {
    if !is_name(call) {
        return Err(Refusal::Bad("not a call id"));
    }
    let ticket = Ticket { business, vendor: VENDOR, call };
    state.tokens.check(token, ticket, state.clock.now()).map_err(|_| Refusal::Forbidden("bad token"))
}

/// Answers the upgrade with the call's conversation.
async fn connected(
    state: &AppState,
    upgrade: Upgrade,
    business: Arc<Business>,
    call: &str,
    epoch: i32,
) -> Result<Response, Refusal> {
    let expected = Expected { call: call.to_owned(), account: None, country: business.country.clone() };
    let codec = (state.web_codec)(expected);
    let admitted = media::admit(state, business, VENDOR, call, epoch).await?;
    Ok(media::answer_socket(state, upgrade, admitted, codec))
}

/// Which business a page is about.
#[derive(Deserialize)]
struct Which {
    business: Option<BusinessId>,
}

type Asked = Result<Query<Which>, QueryRejection>;
