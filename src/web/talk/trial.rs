//! Calls of the business's own people from their settings, on what is saved or on a draft of it. They are calls like any
//! other, and book for real; only who may ring is another question: whoever is signed in and belongs to the business,
//! whether or not the public may call from the browser.

use std::sync::{Arc, LazyLock};

use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
    routing::{get, post},
};

use super::{
    Again, NOT_FOUND, NOT_FROM_HERE, PER_MINUTE, Ring, Ringing, Sorry, after, connected, epoch, has_room, held, opened,
    read, ringing, rung,
};
use crate::{
    domain::{business::Business, ids::UserId},
    store::calls::Call,
    web::{
        body,
        error::Refusal,
        limit::Limit,
        pages::{access, trial::Tried},
        same_origin,
        state::AppState,
        upgrade::Upgrade,
    },
};

static LIMIT: LazyLock<Limit<UserId>> = LazyLock::new(|| Limit::new(PER_MINUTE, std::time::Duration::from_mins(1)));

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/b/{business}/try/{draft}/line", post(ring))
        .route("/b/{business}/try/{draft}/line/{call}/again", post(again))
        .route("/b/{business}/try/{draft}/line/{call}/{token}", get(connect))
        .route("/b/{business}/try/{draft}/line/{call}/{token}/after", get(tell))
}

/// Who rings, and the business as it is tried.
struct Trial {
    user: UserId,
    business: Arc<Business>,
    /// Where its lines begin.
    place: String,
}

/// Everybody else is told that there is no such thing, as pages are.
impl FromRequestParts<AppState> for Trial {
    type Rejection = Sorry;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Sorry> {
        let signed_out = Sorry(StatusCode::UNAUTHORIZED, "You were signed out. Sign in again, then call.");
        let entered = access::Staff::from_request_parts(parts, state).await;
        let access::Staff(access) = entered.map_err(|fault| if fault.is_sign_in() { signed_out } else { NOT_FOUND })?;
        let path = parts.uri.path();
        let name = path.split('/').nth(4).unwrap_or_default();
        let tried = Tried::find(state, &access, name).await.map_err(|_| NOT_FOUND)?;
        let place = format!("/b/{}/try/{name}/line", access.business.id);
        Ok(Self { user: access.user.id, business: Arc::new(tried.business), place })
    }
}

async fn ring(trial: Trial, State(state): State<AppState>, request: Request) -> Result<Json<Ringing>, Sorry> {
    let (parts, content) = request.into_parts();
    if !same_origin::from_here(&state.config.origin, &parts.headers) {
        return Err(NOT_FROM_HERE);
    }
    if !LIMIT.admits(trial.user) {
        return Err(Sorry(StatusCode::TOO_MANY_REQUESTS, "That is a lot of calls. Please wait a minute."));
    }
    has_room(&state)?;
    let asked: Ring = read(&parts.headers, body::whole(&parts.headers, content).await?.as_ref())?;
    let call = rung(&state, &trial.business, &asked).await?;
    Ok(Json(trial.ringing(&state, &call, trial.business.greeting())))
}

type Line = (String, String, String);

async fn again(
    trial: Trial,
    State(state): State<AppState>,
    Path((_, _, call)): Path<Line>,
    request: Request,
) -> Result<Json<Ringing>, Sorry> {
    let (parts, content) = request.into_parts();
    if !same_origin::from_here(&state.config.origin, &parts.headers) {
        return Err(NOT_FROM_HERE);
    }
    let asked: Again = read(&parts.headers, body::whole(&parts.headers, content).await?.as_ref())?;
    held(&state, trial.business.id, &call, &asked.token).await?;
    has_room(&state)?;
    let call = opened(&state, &trial.business, &call, asked.session.as_deref()).await?;
    let greeting = if call.state.is_none() { trial.business.greeting() } else { String::new() };
    Ok(Json(trial.ringing(&state, &call, greeting)))
}

impl Trial {
    fn ringing(&self, state: &AppState, call: &Call, greeting: String) -> Ringing {
        let record = Some(format!("/b/{}/calls/{}", self.business.id, call.id));
        Ringing { record, ..ringing(state, &self.business, &self.place, call, greeting) }
    }
}

async fn connect(
    trial: Trial,
    State(state): State<AppState>,
    Path((_, _, call, token)): Path<(String, String, String, String)>,
    mut request: Request,
) -> Result<Response, Refusal> {
    if !same_origin::from_here(&state.config.origin, request.headers()) {
        return Err(Refusal::Forbidden("a foreign origin"));
    }
    let epoch = epoch(&state, trial.business.id, &call, &token)?;
    let upgrade = Upgrade::of(&mut request)?;
    connected(&state, upgrade, trial.business, &call, epoch).await
}

async fn tell(
    trial: Trial,
    State(state): State<AppState>,
    Path((_, _, call, token)): Path<(String, String, String, String)>,
    request: Request,
) -> Result<Response, Sorry> {
    if same_origin::from_elsewhere(request.headers()) {
        return Err(NOT_FROM_HERE);
    }
    let call = held(&state, trial.business.id, &call, &token).await?;
    after::told(&state, &trial.business, &call).await
}
