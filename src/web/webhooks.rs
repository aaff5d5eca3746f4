//! What the vendor asks us on the telephone's behalf: a call rings, a connection is over, a call or a text message is
//! somewhere on its way.
//!
//! Nothing in a request is believed, or so much as parsed, before its signature fits. And whatever is wrong on our side,
//! somebody is holding a telephone: a genuine call is always answered with something they can hear.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::post,
};
use jiff::Timestamp;
use tracing::{info, warn};

use super::{
    body,
    error::Refusal,
    patience::{Late, in_time},
    state::AppState,
    tokens::Ticket,
};
use crate::{
    domain::{
        business::Business,
        ids::{BusinessId, CallId},
        phone::PhoneKind,
    },
    ports::{
        line::Handoff,
        telephony::{self, Answer, BadRequest, ConnectionOver, Reply, Ringing, Telephony},
    },
    store::calls::{Call, NewCall},
};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
/// How often a call whose connection broke is connected again.
const MOST_AGAIN: u32 = 5;
/// What is spoken where there is no business to say in which language.
const LANGUAGE: &str = "en-US";

const NOT_IN_SERVICE: &str = "The number you have called is not in service. Goodbye.";
const CLOSED: &str = "I'm sorry, we can't take your call right now. Please try again another time. Goodbye.";
const BUSY: &str = "I'm sorry, we can't take your call at this moment. Please call again in a few minutes. Goodbye.";
const LOST: &str = "I'm sorry, we have a problem with the line. Please call again in a few minutes. Goodbye.";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/voice/incoming", post(incoming_by_number))
        .route("/voice/incoming/{business_id}", post(incoming))
        .route("/voice/action/{business_id}/{call_id}", post(action))
        .route("/voice/status/{business_id}", post(call_status))
        .route("/sms/status", post(delivery))
}

/// A webhook whose signature fits.
struct Genuine {
    telephony: Arc<dyn Telephony>,
    body: Bytes,
}

impl Genuine {
    /// Its signature is over the configured origin and the target as it came; headers that say where a request was sent
    /// to are anybody's to write.
    async fn read(state: &AppState, request: Request) -> Result<Self, Refusal> {
        let telephony = state.telephony.clone().ok_or(Refusal::NotFound)?;
        let (parts, body) = request.into_parts();
        let signature = signature(&parts.headers, telephony.signature_header())?;
        let content_type = content_type(&parts.headers);
        if content_type != FORM && content_type != JSON {
            return Err(Refusal::WrongType);
        }
        let body = body::whole(&parts.headers, body).await?;
        let signed = telephony::Request {
            origin: state.config.origin.http(),
            target: target(&parts.uri),
            content_type: &content_type,
            signature: Some(signature),
            body: &body,
        };
        telephony.verify(&signed).map_err(|_| Refusal::Forbidden("wrong signature"))?;
        if content_type == FORM { Ok(Self { telephony, body }) } else { Err(Refusal::WrongType) }
    }
}

/// Whether the vendor asks for this upgrade.
pub(super) fn verify_upgrade(state: &AppState, telephony: &dyn Telephony, request: &Request) -> Result<(), Refusal> {
    let signed = telephony::Request {
        origin: &state.config.origin.ws(),
        target: target(request.uri()),
        content_type: "",
        signature: Some(signature(request.headers(), telephony.signature_header())?),
        body: &[],
    };
    telephony.verify(&signed).map_err(|_| Refusal::Forbidden("wrong signature"))
}

fn signature<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Refusal> {
    let mut given = headers.get_all(name).iter();
    match (given.next().and_then(|value| value.to_str().ok()), given.next()) {
        (Some(signature), None) => Ok(signature),
        _ => Err(Refusal::Forbidden("no signature")),
    }
}

fn target(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |target| target.as_str())
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

impl From<BadRequest> for Refusal {
    fn from(bad: BadRequest) -> Self {
        Self::Bad(bad.0)
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, self.content_type)], self.body).into_response()
    }
}

async fn incoming(
    State(state): State<AppState>,
    Path(business): Path<String>,
    request: Request,
) -> Result<Reply, Refusal> {
    let webhook = match Genuine::read(&state, request).await {
        Ok(webhook) => webhook,
        Err(refusal) => {
            state.sightings.refused(&state, business.parse().ok(), refusal).await;
            return Err(refusal);
        }
    };
    let ringing = webhook.telephony.ringing(&webhook.body)?;
    let business = match business.parse() {
        Ok(id) => state.businesses.get(id).await,
        Err(_) => Ok(None),
    };
    answer(&state, webhook.telephony.as_ref(), ringing, business).await
}

async fn incoming_by_number(State(state): State<AppState>, request: Request) -> Result<Reply, Refusal> {
    let webhook = match Genuine::read(&state, request).await {
        Ok(webhook) => webhook,
        Err(refusal) => {
            state.sightings.refused(&state, None, refusal).await;
            return Err(refusal);
        }
    };
    let ringing = webhook.telephony.ringing(&webhook.body)?;
    let business = match &ringing.to {
        Some(number) => state.businesses.by_number(number).await,
        None => Ok(None),
    };
    answer(&state, webhook.telephony.as_ref(), ringing, business).await
}

/// What a ringing call hears. The second webhook of a call is answered like the first, and only the first does anything.
async fn answer(
    state: &AppState,
    telephony: &dyn Telephony,
    ringing: Ringing,
    business: Result<Option<Arc<Business>>, Late>,
) -> Result<Reply, Refusal> {
    let business = match business {
        Ok(Some(business)) => business,
        Ok(None) => {
            warn!("a call came for a number that no business has");
            return Ok(say(telephony, NOT_IN_SERVICE, LANGUAGE));
        }
        Err(Late) => return Ok(say(telephony, BUSY, LANGUAGE)),
    };
    state.sightings.genuine(state, &business, ringing.to.as_ref());
    if business.suspended {
        info!(business.id = %business.id, "a call came for a suspended business");
        return Ok(turn_away(state, telephony, &business, CLOSED));
    }
    if state.lifecycle.is_draining() || !state.switchboard.has_room() {
        warn!(business.id = %business.id, "a call was turned away: no room, or stopping");
        return Ok(turn_away(state, telephony, &business, BUSY));
    }
    let call = NewCall {
        id: CallId(state.clock.new_id()),
        business: business.id,
        vendor: telephony.name(),
        vendor_call: ringing.call,
        from: ringing.from,
        now: state.clock.now(),
    };
    let Ok(call) = in_time("recording a call", state.store.ring(&call)).await else {
        return Ok(turn_away(state, telephony, &business, BUSY));
    };
    if call.business != business.id {
        return Err(Refusal::Bad("the call is another business's"));
    }
    info!(call.id = %call.id, business.id = %business.id, "call {} rings", call.id);
    state.desk.expect(&business);
    Ok(connect(state, telephony, &business, &call, Connection { epoch: 0, made: call.started, again: 0 }))
}

/// Which connection of a call the vendor is told to make.
struct Connection {
    epoch: i32,
    made: Timestamp,
    /// How often it has been told so before, because one broke. It travels in the address of the action webhook, which
    /// is signed: a connection that never comes about leaves no other trace, and must not be tried for ever.
    again: u32,
}

fn connect(
    state: &AppState,
    telephony: &dyn Telephony,
    business: &Business,
    call: &Call,
    Connection { epoch, made, again }: Connection,
) -> Reply {
    let ticket = Ticket { business: business.id, vendor: telephony.name(), call: &call.vendor_call };
    let token = state.tokens.mint(ticket, epoch, made);
    let (id, vendor_call) = (business.id, &call.vendor_call);
    let origin = &state.config.origin;
    let again = if again == 0 { String::new() } else { format!("?again={again}") };
    telephony.answer(&Answer::Connect {
        business,
        socket: format!("{}/voice/incoming/{id}/{vendor_call}/{token}", origin.ws()),
        action: format!("{}/voice/action/{id}/{vendor_call}{again}", origin.http()),
        // A call that broke off before anything was said starts from the beginning.
        greeting: (epoch == 0 || call.state.is_none()).then(|| business.greeting()),
    })
}

async fn action(
    State(state): State<AppState>,
    Path((business, call)): Path<(String, String)>,
    request: Request,
) -> Result<Reply, Refusal> {
    let again = again(request.uri());
    let webhook = Genuine::read(&state, request).await?;
    let telephony = webhook.telephony.as_ref();
    let over = telephony.connection_over(&webhook.body)?;
    if over.call != call {
        return Err(Refusal::Bad("the call is not the one in the path"));
    }
    let id = business.parse().map_err(|_| Refusal::Bad("not a business id"))?;
    let Ok(Some(business)) = state.businesses.get(id).await else {
        return Ok(say(telephony, LOST, LANGUAGE));
    };
    Ok(after_connection(&state, telephony, &business, over, again).await)
}

/// What a caller hears whose connection to us is over.
async fn after_connection(
    state: &AppState,
    telephony: &dyn Telephony,
    business: &Business,
    over: ConnectionOver,
    again: u32,
) -> Reply {
    if !over.broken {
        // Whether somebody is there was looked at when the caller was told so.
        return match transfer(&over).and_then(|handoff| handoff.to.or_else(|| business.transfer_to.clone())) {
            Some(number) if number.kind() != PhoneKind::Never => put_through(telephony, business, &number),
            _ => telephony.answer(&Answer::HangUp),
        };
    }
    let opened = state.store.session_over(business.id, &over.call, over.session.as_deref());
    let call = match in_time("opening a call again", opened).await {
        Ok(Some(call)) if call.ended.is_none() => call,
        Ok(_) => return telephony.answer(&Answer::HangUp),
        Err(Late) => return turn_away(state, telephony, business, LOST),
    };
    if again >= MOST_AGAIN || state.lifecycle.stopping.is_cancelled() {
        warn!(call.id = %call.id, "call {} is given up after {again} new connections", call.id);
        return turn_away(state, telephony, business, LOST);
    }
    info!(call.id = %call.id, "the connection of call {} broke; connecting it again", call.id);
    let connection = Connection { epoch: call.epoch, made: state.clock.now(), again: again + 1 };
    connect(state, telephony, business, &call, connection)
}

fn again(uri: &Uri) -> u32 {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.into_iter().find(|(name, _)| name == "again").and_then(|(_, count)| count.parse().ok()).unwrap_or(0)
}

/// What we said when we ended it, if it was to put the caller through. It comes back under the vendor's signature.
fn transfer(over: &ConnectionOver) -> Option<Handoff> {
    let handoff: Handoff = serde_json::from_str(over.handoff.as_deref()?).ok()?;
    (handoff.reason == "transfer").then_some(handoff)
}

async fn call_status(
    State(state): State<AppState>,
    Path(business): Path<BusinessId>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    let webhook = Genuine::read(&state, request).await?;
    let status = webhook.telephony.call_status(&webhook.body)?;
    if status.over {
        let end = state.store.end_call(business, &status.call, state.clock.now());
        in_time("ending a call", end).await.map_err(|Late| Refusal::Down)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn delivery(State(state): State<AppState>, request: Request) -> Result<StatusCode, Refusal> {
    let webhook = Genuine::read(&state, request).await?;
    let delivery = webhook.telephony.delivery(&webhook.body)?;
    let noted = state.store.outbox_delivery(&delivery.message, delivery.status);
    in_time("noting a delivery", noted).await.map_err(|Late| Refusal::Down)?;
    Ok(StatusCode::NO_CONTENT)
}

/// To a person if the business has named one who is there now, else a sentence.
fn turn_away(state: &AppState, telephony: &dyn Telephony, business: &Business, text: &str) -> Reply {
    let now = state.clock.now().to_zoned(business.zone.tz().clone());
    match business.transfer_at(&now) {
        Some(number) => put_through(telephony, business, number),
        None => say(telephony, text, &business.voice.language),
    }
}

fn put_through(telephony: &dyn Telephony, business: &Business, number: &crate::domain::phone::PhoneNumber) -> Reply {
    telephony.answer(&Answer::PutThrough { number, language: &business.voice.language })
}

fn say(telephony: &dyn Telephony, text: &str, language: &str) -> Reply {
    telephony.answer(&Answer::SayAndHangUp { text, language })
}
