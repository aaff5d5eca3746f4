//! The calls' sockets: who may open one, and what becomes of it.

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    extract::{Path, Request, State, rejection::PathRejection},
    response::Response,
    routing::get,
};
use futures_util::FutureExt as _;
use tokio::time::Instant;
use tracing::{Instrument as _, error, info, info_span, warn};

use super::{
    error::Refusal,
    line::WsLine,
    patience::in_time,
    state::AppState,
    tokens::Ticket,
    upgrade::{Socket, Upgrade},
    webhooks,
};
use crate::{
    domain::{business::Business, call::Outcome, ids::BusinessId},
    ports::{
        journal::Lease,
        line::{Gone, LineCodec},
        telephony::Expected,
    },
    session::{
        self, Call, Ended, Resumed,
        switchboard::{self, Place},
    },
    store::calls::Claimed,
};

/// RFC 6455 §7.4.1.
const NORMAL: u16 = 1000;
const OUR_MISTAKE: u16 = 1011;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/voice/incoming/{business_id}/{call_id}", get(async || Refusal::Forbidden("no token")))
        .route("/voice/incoming/{business_id}/{call_id}/{token}", get(connect))
}

type Names = Result<Path<(BusinessId, String, String)>, PathRejection>;

/// A call's connection, from the vendor. Everything is checked before the answer, so that nobody without a call of ours
/// ever has a socket; and the ledger last, since only it lets a token serve once.
async fn connect(State(state): State<AppState>, names: Names, mut request: Request) -> Result<Response, Refusal> {
    let telephony = state.telephony.clone().ok_or(Refusal::NotFound)?;
    webhooks::verify_upgrade(&state, telephony.as_ref(), &request)?;
    let Path((business, call, token)) = names.map_err(|_| Refusal::Bad("not a business and a call"))?;
    if !telephony.is_call_id(&call) {
        return Err(Refusal::Bad("not a call id"));
    }
    let ticket = Ticket { business, vendor: telephony.name(), call: &call };
    let epoch = state.tokens.check(&token, ticket, state.clock.now()).map_err(|_| Refusal::Forbidden("bad token"))?;
    let upgrade = Upgrade::of(&mut request)?;
    drop(request);
    let business = state.businesses.get(business).await.map_err(|_| Refusal::Down)?;
    let business = business.ok_or(Refusal::Forbidden("no such business"))?;
    let codec = telephony.codec(Expected {
        call: call.clone(),
        account: telephony.account().map(str::to_owned),
        country: business.country.clone(),
    });
    let admitted = admit(&state, business, telephony.name(), &call, epoch).await?;
    Ok(answer_socket(&state, upgrade, admitted, codec))
}

/// A call that has its place and its lease.
pub(super) struct Admitted {
    business: Arc<Business>,
    lease: Lease,
    resumed: Option<Resumed>,
    place: Place,
}

/// Gives one connection of a call its place at the switchboard and its lease on the ledger. `epoch` is what its token
/// allows.
pub(super) async fn admit(
    state: &AppState,
    business: Arc<Business>,
    vendor: &str,
    call: &str,
    epoch: i32,
) -> Result<Admitted, Refusal> {
    if state.lifecycle.stopping.is_cancelled() {
        return Err(Refusal::Busy("stopping"));
    }
    // With its number, because the connection before it may be dead without our knowing yet.
    let place = state.switchboard.admit(&format!("{vendor}/{call}/{epoch}")).map_err(|refusal| match refusal {
        switchboard::Refusal::Full => Refusal::Busy("no place for the call"),
        switchboard::Refusal::AlreadyLive => Refusal::Forbidden("the token is in use"),
    })?;
    let claim = state.store.claim_call(business.id, call, epoch, state.clock.now());
    match in_time("claiming a call", claim).await.map_err(|_| Refusal::Down)? {
        Claimed::Claimed { lease, call } => {
            state.desk.expect(&business);
            let resumed = call.state.map(|state| Resumed { state, lines: call.line_count });
            Ok(Admitted { business, lease, resumed, place })
        }
        Claimed::Refused => Err(Refusal::Forbidden("the token was used, or the call is over")),
    }
}

/// Answers an upgrade and holds the call's conversation over the socket, on the lifecycle's tasks.
pub(super) fn answer_socket(
    state: &AppState,
    upgrade: Upgrade,
    admitted: Admitted,
    codec: Box<dyn LineCodec>,
) -> Response {
    let (response, opening) = upgrade.accept();
    let span = info_span!("call", call.id = %admitted.lease.call);
    let tasks = state.lifecycle.tasks.clone();
    let state = state.clone();
    let conversation = async move {
        if let Some(Socket { stream, open }) = opening.await {
            hold(&state, admitted, WsLine::new(stream, codec)).await;
            drop(open);
        } else {
            disconnect(&state, admitted.lease).await;
        }
    };
    tasks.spawn(conversation.instrument(span));
    response
}

/// One connection of a call, from the open socket to the closed one. A panic ends this call only.
async fn hold(state: &AppState, admitted: Admitted, mut line: WsLine) {
    let Admitted { business, lease, resumed, place } = admitted;
    let call = lease.call;
    let began = Instant::now();
    let conversation = AssertUnwindSafe(converse(state, business, lease, resumed, &mut line));
    let code = if let Ok((ended, outcome)) = Box::pin(conversation.catch_unwind()).await {
        info!(connection = lease.epoch, ?ended, outcome = outcome.as_str(), "a connection of call {call} ended");
        state.metrics.connection_ended(ended, outcome, began.elapsed());
        if ended != Ended::Fenced {
            disconnect(state, lease).await;
        }
        if let Ended::Refused(code) = ended { code } else { NORMAL }
    } else {
        error!(connection = lease.epoch, "call {call} panicked");
        state.metrics.connection_panicked();
        disconnect(state, lease).await;
        OUR_MISTAKE
    };
    drop(place);
    line.finish(code).await;
}

async fn converse(
    state: &AppState,
    business: Arc<Business>,
    lease: Lease,
    resumed: Option<Resumed>,
    line: &mut WsLine,
) -> (Ended, Outcome) {
    match line.answered().await {
        Ok(()) => {}
        Err(Gone::Closed) => return (Ended::HungUp, Outcome::None),
        Err(Gone::Broken) => return (Ended::Broken, Outcome::None),
        Err(Gone::Refused(code)) => return (Ended::Refused(code), Outcome::None),
    }
    info!(connection = lease.epoch, resumed = resumed.is_some(), "call {} answered", lease.call);
    if let Some(session) = line.session() {
        // Without it the call goes on; should it break, it is opened again by its name alone.
        if in_time("noting a connection's id", state.store.call_session(lease, session)).await == Ok(false) {
            return (Ended::Fenced, Outcome::None);
        }
    }
    let receptionist = state.receptionists.of(&business);
    let call = Call {
        lease,
        business,
        desk: Arc::clone(&state.desk),
        journal: Arc::clone(&state.journal),
        clock: Arc::clone(&state.clock),
        stopping: state.lifecycle.stopping.clone(),
        resumed,
        receptionist: Some(receptionist),
        orders: state.live.listen(lease.call),
    };
    session::run(call, line).await
}

/// Opens the call for its next connection. Should this fail, the vendor's report that the connection is over does it.
async fn disconnect(state: &AppState, lease: Lease) {
    if in_time("noting the end of a connection", state.store.disconnect_call(lease)).await.is_err() {
        warn!("call {} is still marked as connected", lease.call);
    }
}
