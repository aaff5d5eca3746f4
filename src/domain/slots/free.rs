//! Open hours minus busy times: every start at which a service could begin.

use jiff::Timestamp;

use super::{
    Busy,
    open::{Opening, Stretch},
};
use crate::domain::{
    booking::Slot,
    business::{Business, Service},
    ids::StaffId,
};

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    pub business: &'a Business,
    pub service: &'a Service,
    /// One member of staff, or whoever offers the service.
    pub staff: Option<StaffId>,
    /// Starts with from ≤ start < to.
    pub from: Timestamp,
    pub to: Timestamp,
    pub now: Timestamp,
}

/// Every free start, soonest first; starts of several staff at the same time stand beside each other in the owner's
/// order. Respects hours, breaks, exceptions, notice, horizon, grid, buffers and capacity.
///
/// The service itself lies inside the open hours; its buffers may stick out of them (tidying up after closing is the
/// owner's business) and only keep clear of other bookings.
pub fn starts(search: &Search<'_>, busy: &[Busy]) -> Vec<Slot> {
    let Search { business, service, .. } = *search;
    let Some((from, to)) = bookable(search) else { return Vec::new() };
    let opening = Opening::new(business, from, to + minutes(service.minutes));
    let mut days: Vec<Day> = business
        .offering(service)
        .filter(|member| search.staff.is_none_or(|wanted| wanted == member.id))
        .map(|member| Day::new(member.id, service, opening.of(member), busy))
        .collect();
    let mut free = Vec::new();
    for start in opening.grid(business.rules.grid_minutes, from, to) {
        // A tick of the grid is a whole second of a year that jiff knows, since both ends of the search are.
        let Ok(starts) = Timestamp::from_second(start) else { continue };
        free.extend(days.iter_mut().filter_map(|day| day.is_free(start).then(|| Slot::at(service, day.staff, starts))));
    }
    free
}

/// Of the starts that somebody else's rules allow a member of staff (sorted), those at which nobody else's time is touched.
/// Our own hours, notice and grid are not asked.
pub fn given(search: &Search<'_>, staff: StaffId, starts: &[Timestamp], busy: &[Busy]) -> Vec<Slot> {
    let mut day = Day::new(staff, search.service, Vec::new(), busy);
    let wanted = |start: &&Timestamp| (search.from..search.to).contains(*start) && **start > search.now;
    let slots = starts.iter().filter(wanted).map(|start| Slot::at(search.service, staff, *start));
    slots.filter(|slot| day.has_room(slot.starts.as_second())).collect()
}

/// Leaves the starts that lie in one of the windows, from ≤ start < to; without windows all of them.
pub fn keep_within(starts: &mut Vec<Slot>, windows: &[(Timestamp, Timestamp)]) {
    if !windows.is_empty() {
        starts.retain(|slot| windows.iter().any(|(from, to)| (*from..*to).contains(&slot.starts)));
    }
}

/// Seconds since 1970 that a start may lie in, from ≤ start < to, after notice and horizon. Nothing: none may.
fn bookable(search: &Search<'_>) -> Option<(i64, i64)> {
    let rules = &search.business.rules;
    let zone = search.business.zone.tz();
    let notice = jiff::SignedDuration::from_mins(i64::from(rules.notice_minutes));
    let soonest = search.now.checked_add(notice).ok()?.max(search.from);
    let today = search.now.to_zoned(zone.clone()).date();
    let beyond = today.checked_add(jiff::Span::new().days(i64::from(rules.horizon_days))).ok()?;
    let end = beyond.to_zoned(zone.clone()).ok()?.timestamp().min(search.to);
    let (from, to) = (round_up(soonest), round_up(end));
    (from < to).then_some((from, to))
}

/// The first whole second that is not before.
fn round_up(at: Timestamp) -> i64 {
    at.as_second() + i64::from(at.subsec_nanosecond() > 0)
}

fn minutes(minutes: u16) -> i64 {
    i64::from(minutes) * 60
}

/// One member of staff's time, walked through once, forwards.
struct Day {
    staff: StaffId,
    length: i64,
    before: i64,
    after: i64,
    capacity: u16,
    /// In order, not touching each other.
    open: Vec<Stretch>,
    /// In order of `from`.
    taken: Vec<Taken>,
    next_open: usize,
    next_taken: usize,
}

/// A busy time in seconds; `mates_at` is the start of the class of this very service that it is a place in.
struct Taken {
    from: i64,
    to: i64,
    mates_at: Option<i64>,
}

impl Day {
    fn new(staff: StaffId, service: &Service, open: Vec<Stretch>, busy: &[Busy]) -> Self {
        let mut taken: Vec<Taken> = busy
            .iter()
            .filter(|busy| busy.staff == staff)
            .map(|busy| Taken {
                from: busy.from.as_second(),
                to: round_up(busy.to),
                mates_at: busy
                    .class
                    .filter(|class| service.capacity > 1 && class.service == service.id)
                    .map(|class| class.starts.as_second()),
            })
            .collect();
        taken.sort_unstable_by_key(|taken| taken.from);
        Self {
            staff,
            length: minutes(service.minutes),
            before: minutes(service.buffer_before),
            after: minutes(service.buffer_after),
            capacity: service.capacity,
            open,
            taken,
            next_open: 0,
            next_taken: 0,
        }
    }

    /// Whether the service could begin then. Must be asked in order of time.
    fn is_free(&mut self, start: i64) -> bool {
        self.is_open(start) && self.has_room(start)
    }

    fn is_open(&mut self, start: i64) -> bool {
        while self.open.get(self.next_open).is_some_and(|open| open.to <= start) {
            self.next_open += 1;
        }
        self.open.get(self.next_open).is_some_and(|open| open.from <= start && start + self.length <= open.to)
    }

    /// Nobody else's time is touched, and a class has a place left.
    fn has_room(&mut self, start: i64) -> bool {
        let (from, to) = (start - self.before, start + self.length + self.after);
        while self.taken.get(self.next_taken).is_some_and(|taken| taken.to <= from) {
            self.next_taken += 1;
        }
        let mut mates = 0;
        for taken in self.taken[self.next_taken..].iter().take_while(|taken| taken.from < to) {
            if taken.to <= from {
                continue;
            }
            if taken.mates_at != Some(start) {
                return false;
            }
            mates += 1;
        }
        mates < self.capacity
    }
}

#[cfg(test)]
mod tests;
