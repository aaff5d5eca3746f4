//! What owners did to appointments in their own calendars: it is done here, too, in some minutes, and can be taken back until
//! then. What could not be done stays until somebody has seen it.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::super::{
    access::{Access, Staff},
    fault::Fault,
    frame::root,
    insights::{member, service},
    notice::{Notice, then},
    say::Say,
    settings::connections::words,
};
use crate::{
    domain::{
        connection::Connection,
        ids::{BusinessId, WishId},
    },
    store::following::{StoredWish, WishKind, WishState},
    web::{patience::in_time, state::AppState},
};

/// So many are shown at first: more at once may be a calendar that was emptied by mistake.
pub(super) const SHOWN: usize = 8;

/// One of them, in words.
pub(super) struct Wish {
    pub(super) id: String,
    pub(super) booking: String,
    pub(super) what: String,
    pub(super) told: String,
    /// It can be taken back; else it has to be seen.
    pub(super) waiting: bool,
}

pub(super) async fn read(
    state: &AppState,
    access: &Access,
    say: &Say,
    connections: &[Connection],
) -> Result<Vec<Wish>, Fault> {
    let business = access.business.id;
    let mut wishes = Vec::new();
    for wish in in_time("reading what was changed", state.store.wishes_to_see(business)).await? {
        let booking = in_time("reading an appointment", state.store.booking(business, wish.booking)).await?;
        let Some(booking) = booking else { continue };
        let name = booking.customer.name.as_str();
        let slot = &booking.slot;
        let provider = connections.iter().find(|one| one.id == wish.connection).map(|one| one.provider.as_str());
        let place = provider.map_or("your calendar", |provider| words::label(&state.vendors, provider));
        let of = format!("{} with {}", service(&access.business, slot.service), member(&access.business, slot.staff));
        let told_then = if booking.customer.phone.is_some() { ", and the customer told then" } else { "" };
        let (what, told) = match (&wish.kind, &wish.state) {
            (WishKind::Move(to), WishState::Refused(why)) => (
                match why.as_str() {
                    "whole_day" => format!("{name} could not be moved to {}", say.day(to.from)),
                    _ => format!("{name} could not be moved to {}", say.when(to.from)),
                },
                format!("Moved in {place}, but {}. Here it stays: {}.", not_done(why), say.when(wish.was.from)),
            ),
            (WishKind::Move(to), _) => (
                format!("{name} will be moved to {}", say.when(to.from)),
                format!(
                    "{of}, from {}, because it was moved in {place}. Done at {}{told_then}.",
                    say.when(wish.was.from),
                    say.time(wish.due)
                ),
            ),
            (WishKind::Cancel, WishState::Refused(why)) => (
                format!("{name} could not be cancelled"),
                format!("Deleted in {place}, but {}. Here it stays: {}.", not_done(why), say.when(wish.was.from)),
            ),
            (WishKind::Cancel, _) => (
                format!("{name} will be cancelled"),
                format!(
                    "{of}, {}, because it was deleted in {place}. Done at {}{told_then}.",
                    say.when(wish.was.from),
                    say.time(wish.due)
                ),
            ),
        };
        wishes.push(Wish {
            id: wish.id.to_string(),
            booking: wish.booking.to_string(),
            what,
            told,
            waiting: wish.state == WishState::Waiting,
        });
    }
    Ok(wishes)
}

/// Why it could not be done, of the words that are written down.
fn not_done(why: &str) -> &'static str {
    match why {
        "taken" => "that time is taken",
        "not_offered" => "it is not offered then",
        "whole_day" => "a whole day says no hour",
        _ => "it could not be done here",
    }
}

/// One of this business's, by what stands in the path.
async fn found(state: &AppState, access: &Access, id: &str) -> Result<StoredWish, Fault> {
    let id = id.parse::<WishId>().map_err(|_| Fault::NotFound)?;
    in_time("reading a wish", state.store.one_wish(access.business.id, id)).await?.ok_or(Fault::NotFound)
}

/// It is not done: the event is put back as the appointment is.
pub(super) async fn undo(
    State(state): State<AppState>,
    Staff(access): Staff,
    Path((_, id)): Path<(BusinessId, String)>,
) -> Result<Response, Fault> {
    let wish = found(&state, &access, &id).await?;
    let deed = access.deed(&state, "booking.kept", wish.booking, "");
    let undoing = state.store.undo_wish(access.business.id, wish.id, &deed, state.clock.now());
    let notice = if in_time("undoing a wish", undoing).await? {
        state.following.wake();
        state.outbox.wake();
        Notice::good("Taken back. The appointment stays as it was, and is put back in the calendar.")
    } else {
        Notice::bad("It was done already. Change the appointment itself, if that is not what you want.")
    };
    Ok(then(&root(&access.business), &notice))
}

/// Somebody knows that it could not be done.
pub(super) async fn seen(
    State(state): State<AppState>,
    Staff(access): Staff,
    Path((_, id)): Path<(BusinessId, String)>,
) -> Result<Response, Fault> {
    let wish = found(&state, &access, &id).await?;
    let seeing = state.store.acknowledge_wish(access.business.id, wish.id, state.clock.now());
    in_time("noting that a wish was seen", seeing).await?;
    Ok(then(&root(&access.business), &Notice::good("Noted.")))
}
