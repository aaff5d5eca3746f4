//! How many requests an account may make, in sliding windows.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::Plan;

/// Of any kind, in a minute.
fn general(plan: Plan) -> usize {
    if plan == Plan::Free { 50 } else { 500 }
}

/// `POST /invitees` (release note of 2026-04-15): within how long, how many.
fn bookings(plan: Plan) -> &'static [(SignedDuration, usize)] {
    const TRIAL: &[(SignedDuration, usize)] = &[(SignedDuration::from_hours(24), 5)];
    const PAID: &[(SignedDuration, usize)] = &[
        (SignedDuration::from_mins(1), 10),
        (SignedDuration::from_hours(1), 50),
        (SignedDuration::from_hours(24), 100),
    ];
    const ENTERPRISE: &[(SignedDuration, usize)] = &[(SignedDuration::from_mins(1), 500)];
    match plan {
        Plan::Free | Plan::Trial => TRIAL,
        Plan::Standard => PAID,
        Plan::Enterprise => ENTERPRISE,
    }
}

/// What the headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) limit: usize,
    pub(super) remaining: usize,
    /// Seconds.
    pub(super) reset: i64,
    pub(super) over: bool,
}

/// When requests came, oldest first.
#[derive(Default)]
pub(super) struct Limits(VecDeque<Timestamp>);

impl Limits {
    /// Counts a request of any kind.
    pub(super) fn request(&mut self, plan: Plan, now: Timestamp) -> Standing {
        self.count(&[(SignedDuration::from_mins(1), general(plan))], now)
    }

    /// Counts a booking.
    pub(super) fn booking(&mut self, plan: Plan, now: Timestamp) -> Standing {
        self.count(bookings(plan), now)
    }

    /// One that is over a limit does not count.
    fn count(&mut self, windows: &[(SignedDuration, usize)], now: Timestamp) -> Standing {
        let standings: Vec<Standing> = windows.iter().map(|window| self.standing(*window, now)).collect();
        let tightest = standings.iter().min_by_key(|standing| standing.remaining).copied();
        let mut standing = tightest.unwrap_or(Standing { limit: 0, remaining: 0, reset: 0, over: false });
        if let Some(over) = standings.iter().filter(|standing| standing.over).max_by_key(|standing| standing.reset) {
            return *over;
        }
        self.0.push_back(now);
        standing.remaining = standing.remaining.saturating_sub(1);
        standing
    }

    fn standing(&self, (within, limit): (SignedDuration, usize), now: Timestamp) -> Standing {
        let recent = || self.0.iter().filter(|at| **at + within > now);
        let used = recent().count();
        let reset = recent().next().map_or(within.as_secs(), |first| (*first + within).duration_since(now).as_secs());
        Standing { limit, remaining: limit.saturating_sub(used), reset: reset.max(1), over: used >= limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_booking_of_a_minute_is_too_many_and_the_next_minutes_is_not() {
        let mut limits = Limits::default();
        let now = Timestamp::UNIX_EPOCH;
        let counts =
            |limits: &mut Limits, after: i64| limits.booking(Plan::Standard, now + SignedDuration::from_secs(after));
        assert!((0..10).all(|n| !counts(&mut limits, n).over));
        let over = counts(&mut limits, 10);
        assert_eq!((over.over, over.limit, over.reset), (true, 10, 50));
        assert!(!counts(&mut limits, 61).over);
        let mut limits = Limits::default();
        assert!((0..200).all(|n| !counts(&mut limits, n * 900).over), "four an hour are no hundred a day");
        let mut limits = Limits::default();
        assert_eq!((0..200).filter(|n| !counts(&mut limits, n * 100).over).count(), 100, "a hundred a day");
    }
}
