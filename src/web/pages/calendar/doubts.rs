//! What is not certain about an appointment, said on its page with what can be done: it was made while the calendar did not
//! answer, the calendar has something else then, or it did not get into the calendar.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use super::{ask::booking_path, booking::read as booking_of, pane::Id};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        business::{Business, WhenCalendarDown},
        ids::BookingId,
    },
    web::{
        pages::{
            access::Staff,
            fault::Fault,
            notice::{Notice, then},
            say::sentence,
        },
        patience::in_time,
        state::AppState,
    },
};

/// One of them, in words, and the button that settles it.
pub(super) struct Doubt {
    pub(super) badge: &'static str,
    /// The badge's: "warn", "bad".
    pub(super) tone: &'static str,
    pub(super) told: String,
    /// Below the booking's path.
    pub(super) deed: &'static str,
    pub(super) button: &'static str,
}

pub(super) async fn read(state: &AppState, business: &Business, booking: &Booking) -> Result<Vec<Doubt>, Fault> {
    let now = state.clock.now();
    let mut doubts = Vec::new();
    let confirmed = matches!(booking.state, BookingState::Confirmed { .. });
    if confirmed && booking.unverified && booking.slot.starts > now {
        let colliding = state.store.is_colliding(business.id, booking.id);
        let colliding = in_time("reading an appointment", colliding).await?;
        let asked = !state.providers.for_service(business, booking.slot.service).is_empty();
        doubts.push(uncertain(business, colliding, asked));
    }
    let lost = state.store.lost_event_of(business.id, booking.id, now);
    if let Some(lost) = in_time("reading what was lost", lost).await? {
        let why = sentence(lost.problem.as_deref().unwrap_or("the calendar did not take it"));
        doubts.push(Doubt {
            badge: "Not in your calendar",
            tone: "bad",
            told: format!("What became of it did not get into your calendar. {why} Here it is as it stands."),
            deed: "place",
            button: "Try it again",
        });
    }
    Ok(doubts)
}

fn uncertain(business: &Business, colliding: bool, asked: bool) -> Doubt {
    let (badge, tone) = if colliding { ("Two at once", "bad") } else { ("Not checked against your calendar", "warn") };
    let what = match (colliding, asked) {
        (true, _) => {
            "Your calendar has something else at this time: this was booked without it. Move it or \
             cancel it, or say that both fit."
        }
        (false, true) => {
            "This was booked while your calendar did not answer. It is asked again by itself every minute; you can also say \
             that it fits."
        }
        (false, false) => {
            "This was booked while your calendar did not answer, and no calendar is asked any more. Look yourself whether it \
             fits, and say so."
        }
    };
    let promised = business.rules.when_calendar_down == WhenCalendarDown::ConfirmByText;
    let waiting = if promised { " The customer is sent a confirmation as soon as that is clear." } else { "" };
    Doubt { badge, tone, told: format!("{what}{waiting}"), deed: "vouch", button: "It fits, keep it" }
}

/// Somebody of the business has looked, and it fits.
pub(super) async fn vouch(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
) -> Result<Response, Fault> {
    let booking = booking_of(&state, &access, id).await?;
    let notice = if state.desk.vouch(&Arc::new(access.business.clone()), booking.id).await? {
        access.note(&state, "booking.vouched", booking.id, "").await?;
        Notice::good("Kept. It counts like any other appointment now.")
    } else {
        Notice::good("It was settled already. This is how it stands now.")
    };
    Ok(then(&booking_path(&access.business, booking.id), &notice))
}

/// What did not get into the calendar is tried once more.
pub(super) async fn place(
    State(state): State<AppState>,
    Staff(access): Staff,
    Id(id): Id<BookingId>,
) -> Result<Response, Fault> {
    let booking = booking_of(&state, &access, id).await?;
    let notice = if state.desk.place_again(&access.business, booking.id).await? {
        Notice::good("It is tried again. Look here in a minute whether it worked.")
    } else {
        Notice::good("There is nothing to try again any more. This is how it stands now.")
    };
    Ok(then(&booking_path(&access.business, booking.id), &notice))
}
