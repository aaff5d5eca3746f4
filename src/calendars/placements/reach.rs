//! Where a booking is to stand, of the accounts that a business has connected.

use super::Side;
use crate::domain::{
    booking::Slot,
    connection::{CalendarId, Connection},
};

/// The one calendar, or kind of appointment, that receives a slot: of the member of staff's own account, else their own in an
/// account of the business's, else the one for everybody there; of several accounts the one that was connected first.
/// Nothing: nobody receives it.
pub(in crate::calendars) fn receiving<'a>(
    side: &Side,
    connections: &'a [Connection],
    provider: &str,
    slot: &Slot,
) -> Option<(&'a Connection, &'a CalendarId)> {
    let usable = |connection: &&Connection| connection.provider == provider && connection.is_active();
    let of = |staff| connections.iter().filter(usable).filter(move |connection| connection.staff == staff);
    let all = |connection: &'a Connection| {
        let calendar = match side {
            Side::Diary(_) => connection.receives(slot.staff),
            Side::Scheduler { .. } => connection.choice.kinds.get(&slot.service),
        };
        calendar.map(|calendar| (connection, calendar))
    };
    let own = |connection: &'a Connection| {
        let calendar = match side {
            Side::Diary(_) => connection.receives_own(slot.staff),
            Side::Scheduler { .. } => None,
        };
        calendar.map(|calendar| (connection, calendar))
    };
    of(Some(slot.staff)).find_map(all).or_else(|| of(None).find_map(own)).or_else(|| of(None).find_map(all))
}
