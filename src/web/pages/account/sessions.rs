//! Signing other browsers out.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::own_deed;
use crate::{
    domain::ids::SessionId,
    web::{
        pages::{
            access::SignedIn,
            fault::Fault,
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

pub(super) async fn end(
    State(state): State<AppState>,
    who: SignedIn,
    Path(session): Path<String>,
) -> Result<Response, Fault> {
    let id: SessionId = session.parse().map_err(|_| Fault::NotFound)?;
    let deed = own_deed(&state, &who, "session.ended", "");
    if !in_time("ending a session", state.store.end_session(who.user.id, id, &deed)).await? {
        return Err(Fault::NotFound);
    }
    if id == who.session {
        return Ok(then("/sign-in", &Notice::good("You are signed out.")));
    }
    Ok(then("/account", &Notice::good("That browser is signed out.")))
}

pub(super) async fn end_others(State(state): State<AppState>, who: SignedIn) -> Result<Response, Fault> {
    let deed = own_deed(&state, &who, "session.ended", "every other one");
    let ended = in_time("ending sessions", state.store.end_other_sessions(who.user.id, who.session, &deed)).await?;
    let told = match ended {
        0 => "You are signed in nowhere else.".to_owned(),
        1 => "One other browser is signed out.".to_owned(),
        ended => format!("{ended} other browsers are signed out."),
    };
    Ok(then("/account", &Notice::good(told)))
}
