//! Cancelling by oneself, and taking that back.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};

use super::{
    frame::{Frame, shown, to},
    limits::{Address, Shared},
    link::{BY, Opened},
    sorry::Sorry,
    ticket::Ticket,
};
use crate::{
    domain::booking::BookingState,
    ports::{
        desk::{Cancel, Confirm, DeskError, Hold},
        links,
    },
    web::{pages::form::Fields, state::AppState},
};

#[derive(Template)]
#[template(path = "pages/customer/cancel.html")]
struct Question {
    frame: Frame,
    ticket: Ticket,
    /// Where the form goes.
    action: String,
    booking: String,
    version: i32,
    back: String,
}

/// Asks once more. Without this step, whoever fumbles for the link with their thumb has cancelled.
pub(super) async fn ask_to_cancel(opened: Opened) -> Result<Response, Sorry> {
    if !opened.changeable() {
        return Ok(to(&opened.address("", &[])));
    }
    shown(&Question {
        frame: opened.visit.frame(opened.visit.words().cancel_question),
        ticket: opened.ticket(),
        action: opened.address("/cancel", &[]),
        booking: opened.booking().id.to_string(),
        version: opened.booking().version,
        back: opened.address("", &[]),
    })
}

/// Twice is the same as once; what has changed since it was shown is not cancelled.
pub(super) async fn cancel(
    State(state): State<AppState>,
    Extension(limits): Shared,
    Address(address): Address,
    opened: Opened,
    fields: Fields,
) -> Result<Response, Sorry> {
    if !limits.changes.admits(address) {
        return Err(Sorry::TooMany);
    }
    let booking = opened.booking();
    if matches!(booking.state, BookingState::Cancelled { .. }) {
        return Ok(opened.telling("cancelled"));
    }
    if !is_as_shown(&opened, &fields) {
        return Ok(opened.telling("changed"));
    }
    let cancel = Cancel {
        business: Arc::clone(&opened.visit.business),
        booking: booking.id,
        by: BY,
        reason: None,
        tell: true,
        language: opened.language(),
    };
    match state.desk.cancel(cancel).await {
        Ok(_) => Ok(opened.telling("cancelled")),
        // The page itself says that it is too late, and whom to call.
        Err(DeskError::TooLate) => Ok(to(&opened.address("", &[]))),
        Err(DeskError::Gone) => Ok(opened.telling("changed")),
        Err(error) => Err(error.into()),
    }
}

/// Whether a form was made from the appointment as it is now: another tab, a call or the business may have changed it.
pub(super) fn is_as_shown(opened: &Opened, fields: &Fields) -> bool {
    let booking = opened.booking();
    fields.text("booking") == booking.id.to_string() && fields.text("version") == booking.version.to_string()
}

/// Books what was cancelled again, at its old time.
pub(super) async fn again(
    State(state): State<AppState>,
    Extension(limits): Shared,
    Address(address): Address,
    opened: Opened,
    fields: Fields,
) -> Result<Response, Sorry> {
    if !limits.changes.admits(address) {
        return Err(Sorry::TooMany);
    }
    let (business, booking) = (&opened.visit.business, opened.booking());
    let cancelled = matches!(booking.state, BookingState::Cancelled { .. });
    if !cancelled || fields.text("booking") != booking.id.to_string() {
        return Ok(opened.telling("changed"));
    }
    let hold = Hold {
        business: Arc::clone(business),
        slot: booking.slot,
        customer: booking.customer.clone(),
        call: None,
        by: BY,
        anyway: false,
        key: format!("again/{}", booking.id),
        replacing: None,
    };
    let done = async {
        let held = state.desk.hold(hold).await?;
        let confirm = Confirm {
            business: Arc::clone(business),
            hold: held.id,
            customer: booking.customer.clone(),
            by: BY,
            tell: true,
            language: opened.language(),
        };
        state.desk.confirm(confirm).await
    };
    match done.await {
        Ok(new) => {
            let token = state.links.token(new.id).ok_or(Sorry::Down)?;
            Ok(to(&opened.visit.address(&links::path(&token), &[("news", "booked")])))
        }
        Err(DeskError::Taken | DeskError::NotOffered | DeskError::Gone) => Ok(opened.telling("taken")),
        Err(DeskError::TooMany) => Ok(opened.telling("many")),
        Err(error) => Err(error.into()),
    }
}
