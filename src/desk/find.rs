//! Looking for free times: our ledger and the business's calendar against the owner's rules.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::FrontDesk;
use crate::{
    domain::{
        booking::Slot,
        business::Business,
        slots::{
            Busy,
            free::{self, Search},
            offer,
        },
    },
    ports::{
        booking::{RangeContext, Says},
        desk::{DeskError, Find},
    },
};

/// Bookings this far around a search are looked at: buffers reach over its edge, and who gets a booking depends on the
/// whole day.
const AROUND: SignedDuration = SignedDuration::from_hours(30);

/// Who has had nothing to do for so long has rested enough.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

impl FrontDesk {
    pub(super) async fn find_free(&self, find: &Find) -> Result<Vec<Slot>, DeskError> {
        let business = &find.business;
        let service = business.service(find.service).ok_or(DeskError::NotOffered)?;
        if find.staff.is_some_and(|staff| !service.staff.contains(&staff)) {
            return Err(DeskError::NotOffered);
        }
        let now = self.clock.now();
        let Some((from, to)) = within_horizon(find, now) else { return Ok(Vec::new()) };
        let around = (from - AROUND, to + AROUND);
        let range = RangeContext {
            business: Arc::clone(business),
            service: find.service,
            staff: find.staff,
            from: around.0,
            to: around.1,
            now,
        };
        let (ledger, blocks, says) = futures_util::future::join3(
            self.store.busy(business.id, around, now, find.replacing),
            self.store.blocks(business.id, around),
            self.calendars_say(&range),
        )
        .await;
        let mut busy = ledger?;
        busy.extend(blocks?.iter().flat_map(|block| block.busy(&business.staff)));
        busy.extend_from_slice(&says.busy);

        let mut free = starts(&Search { business, service, staff: find.staff, from, to, now }, &busy, &says);
        free::keep_within(&mut free, &find.within);
        let zone = business.zone.tz();
        let mut offers = offer::choose(&free, find.wish, find.count.clamp(1, 500), zone);
        busy.sort_unstable_by_key(|busy| busy.from);
        for slot in &mut offers {
            let first = free.partition_point(|other| other.starts < slot.starts);
            let at_once = free[first..].partition_point(|other| other.starts == slot.starts);
            let lately = lately(&busy, slot.starts);
            if let Some(staff) = offer::fairest(&free[first..first + at_once], lately, zone) {
                slot.staff = staff;
            }
        }
        Ok(offers)
    }
}

/// By the owner's rules, and for the staff whose times a provider decides, by the provider's.
fn starts(search: &Search<'_>, busy: &[Busy], says: &Says) -> Vec<Slot> {
    let mut starts = free::starts(search, busy);
    if says.starts.is_empty() {
        return starts;
    }
    starts.retain(|slot| says.starts_of(slot.staff).is_none());
    let members: Vec<_> = search.business.offering(search.service).map(|member| member.id).collect();
    for staff in members.iter().filter(|staff| search.staff.is_none_or(|wanted| wanted == **staff)) {
        if let Some(theirs) = says.starts_of(*staff) {
            starts.extend(free::given(search, *staff, theirs, busy));
        }
    }
    starts.sort_by_key(|slot| (slot.starts, members.iter().position(|member| *member == slot.staff)));
    starts
}

/// The part of all busy times that decides who gets a booking: its day, and the week before it for who has rested. A
/// list of 500 starts asks 500 times, so it matters that this is short.
fn lately(busy: &[Busy], starts: Timestamp) -> &[Busy] {
    let (since, until) = (starts - LATELY, starts + AROUND);
    &busy[busy.partition_point(|busy| busy.from < since)..busy.partition_point(|busy| busy.from < until)]
}

/// The part of the asked time that can be booked at all, so that no store is asked about the year 9999.
fn within_horizon(find: &Find, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let last = farthest(&find.business, now)?;
    let (from, to) = (find.from.max(now), find.to.min(last));
    (from < to).then_some((from, to))
}

/// A little beyond the horizon, whatever the zone.
pub(super) fn farthest(business: &Business, now: Timestamp) -> Option<Timestamp> {
    let days = i64::from(business.rules.horizon_days) + 2;
    now.checked_add(SignedDuration::from_hours(24 * days)).ok()
}
