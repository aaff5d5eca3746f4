//! Booking from a page: whether a time can be had, and holding and confirming it at the desk as for a caller.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::words::Words;
use crate::{
    domain::{
        booking::{Booking, Customer, Slot},
        business::{Business, Service},
        ids::BookingId,
        slots::{
            self,
            free::{self, Search},
            offer::Wish,
        },
    },
    ports::desk::{Actor, Confirm, DeskError, Find, Hold},
    web::{pages::fault::Fault, patience::in_time, state::AppState},
};

/// How a time stands, as it is looked at. What really is free the ledger says when it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Free,
    /// No caller would be offered it; why. The business may book it all the same.
    Outside(String),
    /// Somebody or something is there; what.
    Taken(String),
}

/// A booking to be made.
pub(super) struct Order {
    pub(super) slot: Slot,
    pub(super) customer: Customer,
    pub(super) replacing: Option<BookingId>,
    pub(super) anyway: bool,
    pub(super) tell: bool,
    /// The same key, the same booking.
    pub(super) key: String,
}

/// Holds and confirms.
pub(super) async fn book(state: &AppState, business: &Arc<Business>, order: Order) -> Result<Booking, DeskError> {
    let Order { slot, customer, replacing, anyway, tell, key } = order;
    let hold = Hold {
        business: Arc::clone(business),
        slot,
        customer: customer.clone(),
        call: None,
        by: Actor::Business,
        anyway,
        key: format!("page/{key}"),
        replacing,
    };
    let held = state.desk.hold(hold).await?;
    let business = Arc::clone(business);
    let confirm =
        Confirm { business: Arc::clone(&business), hold: held.id, customer, by: Actor::Business, tell, language: None };
    let confirmed = state.desk.confirm(confirm).await;
    if matches!(confirmed, Err(DeskError::Taken | DeskError::Gone)) {
        // It would keep the time for three minutes for nobody.
        let _ = state.desk.release(&business, held.id).await;
    }
    confirmed
}

/// How a time stands. `replacing`: a booking that would make room.
pub(super) async fn standing(
    state: &AppState,
    business: &Arc<Business>,
    slot: &Slot,
    replacing: Option<BookingId>,
    words: &Words,
) -> Result<Standing, Fault> {
    let now = state.clock.now();
    let Some(service) = business.service(slot.service) else {
        return Ok(Standing::Taken("This service is no longer offered.".to_owned()));
    };
    if let Some(who) = in_the_way(state, business, service, slot, replacing, words).await? {
        return Ok(Standing::Taken(who));
    }
    let to = slot.starts + SignedDuration::from_secs(1);
    let search = Search { business, service, staff: Some(slot.staff), from: slot.starts, to, now };
    if !free::starts(&search, &[]).contains(slot) {
        return Ok(Standing::Outside(why_not(business, slot, words, now)));
    }
    let find = Find {
        business: Arc::clone(business),
        service: slot.service,
        staff: Some(slot.staff),
        from: slot.starts,
        to,
        within: Vec::new(),
        wish: Wish::Soonest,
        count: 1,
        replacing,
    };
    // What is left is the calendar of somebody else's program.
    if state.desk.find(find).await?.is_empty() {
        Ok(Standing::Taken("Your own calendar has something at that time.".to_owned()))
    } else {
        Ok(Standing::Free)
    }
}

/// Who or what has the time, in words.
async fn in_the_way(
    state: &AppState,
    business: &Business,
    service: &Service,
    slot: &Slot,
    replacing: Option<BookingId>,
    words: &Words,
) -> Result<Option<String>, Fault> {
    let busy = slot.busy(service);
    let member = business.member(slot.staff).map_or("Somebody", |member| member.name.as_str());
    let blocks = in_time("reading the calendar", state.store.blocks(business.id, busy)).await?;
    if let Some(block) = blocks.iter().find(|block| block.concerns(slot.staff)) {
        let reason = if block.reason.is_empty() { "blocked time" } else { &block.reason };
        let when = words.span(block.from, block.to);
        return Ok(Some(format!("{member}'s time is blocked then: {reason}, {when}. Change the block first.")));
    }
    let kept = in_time("reading the calendar", state.store.agenda(business.id, busy, state.clock.now())).await?;
    let others = kept.iter().filter(|kept| kept.booking.slot.staff == slot.staff && Some(kept.booking.id) != replacing);
    let mut mates = 0;
    for other in others {
        let theirs = other.booking.slot;
        if service.capacity > 1 && theirs.service == slot.service && theirs.starts == slot.starts {
            mates += 1;
            continue;
        }
        let when = words.span(theirs.starts, theirs.ends);
        let buffers =
            if theirs.ends <= slot.starts || slot.ends <= theirs.starts { ", with the time around it" } else { "" };
        return Ok(Some(format!("{member} has {} then, {when}{buffers}.", other.booking.customer.name.as_str())));
    }
    Ok((mates >= service.capacity.max(1) && mates > 0).then(|| "Every place is taken.".to_owned()))
}

/// Why no caller would be offered a time that nobody has.
fn why_not(business: &Business, slot: &Slot, words: &Words, now: Timestamp) -> String {
    if slot.starts < now {
        return "This is in the past.".to_owned();
    }
    let member = business.member(slot.staff).map_or("Nobody", |member| member.name.as_str());
    let around = SignedDuration::from_hours(24);
    let (from, to) = (slot.starts.saturating_sub(around), slot.ends.saturating_add(around));
    let working = match (from, to) {
        (Ok(from), Ok(to)) => slots::working(business, from, to),
        _ => Vec::new(),
    };
    let theirs = working.iter().find(|(staff, _)| *staff == slot.staff);
    let open = theirs.is_some_and(|(_, times)| times.iter().any(|(from, to)| *from <= slot.starts && slot.ends <= *to));
    if !open {
        return format!("{member} does not work then, or not long enough.");
    }
    let notice = SignedDuration::from_mins(i64::from(business.rules.notice_minutes));
    if slot.starts.duration_since(now) < notice {
        return "This is on shorter notice than callers are given.".to_owned();
    }
    let days = i64::from(business.rules.horizon_days);
    let ahead = words.date_of(slot.starts).since(words.date_of(now)).map_or(0, |span| i64::from(span.get_days()));
    if ahead >= days {
        return format!("This is further ahead than the {days} days that callers can book.");
    }
    format!("Callers are offered times every {} minutes.", business.rules.grid_minutes)
}
