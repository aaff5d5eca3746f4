//! A scheduler's own rules: when somebody works, how soon and how far ahead they can be booked, and what is in the way.

use jiff::{SignedDuration, Timestamp, civil::Weekday, tz::TimeZone};

use crate::ports::calendar::Interval;

/// When somebody can be booked at all.
#[derive(Clone, Debug)]
pub struct Agenda {
    pub zone: TimeZone,
    /// The first hour of a working day, and the one at which it is over; by the zone's clock.
    pub opens: i8,
    pub closes: i8,
    pub days: Vec<Weekday>,
    /// How soon, and how far ahead.
    pub notice: SignedDuration,
    pub horizon: SignedDuration,
    /// What stands in the owner's other calendars.
    pub busy: Vec<Interval>,
}

/// One kind of appointment. All of it minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub minutes: u16,
    /// It begins this often.
    pub every: u16,
    pub before: u16,
    pub after: u16,
}

impl Agenda {
    /// Monday to Friday from 9 to 17, four hours' notice, sixty days ahead.
    ///
    /// # Panics
    /// When there is no such zone.
    pub fn of(zone: &str) -> Self {
        use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
        Self {
            zone: TimeZone::get(zone).expect("an IANA zone"),
            opens: 9,
            closes: 17,
            days: vec![Monday, Tuesday, Wednesday, Thursday, Friday],
            notice: SignedDuration::from_hours(4),
            horizon: SignedDuration::from_hours(60 * 24),
            busy: Vec::new(),
        }
    }

    /// When something of this shape could begin, from ≤ start < to, around what is `taken` (with its own buffers).
    pub fn starts(&self, shape: Shape, range: Interval, now: Timestamp, taken: &[Interval]) -> Vec<Timestamp> {
        let soonest = range.from.max(now + self.notice);
        let latest = range.to.min(now + self.horizon);
        let mut starts = Vec::new();
        let mut day = range.from.to_zoned(self.zone.clone()).date();
        let last = range.to.to_zoned(self.zone.clone()).date();
        while day <= last {
            if self.days.contains(&day.weekday()) {
                let hour = |hour| day.at(hour, 0, 0, 0).to_zoned(self.zone.clone()).map(|zoned| zoned.timestamp());
                let (Ok(opens), Ok(closes)) = (hour(self.opens), hour(self.closes)) else { break };
                let mut start = opens;
                while start + minutes(shape.minutes) <= closes {
                    if (soonest..latest).contains(&start) && self.is_open(shape, start, taken) {
                        starts.push(start);
                    }
                    start += minutes(shape.every.max(1));
                }
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        starts
    }

    /// Nothing is in the way of it and of its buffers.
    fn is_open(&self, shape: Shape, start: Timestamp, taken: &[Interval]) -> bool {
        let wanted = with_buffers(shape, start);
        !self.busy.iter().chain(taken).any(|other| other.from < wanted.to && wanted.from < other.to)
    }
}

fn minutes(minutes: u16) -> SignedDuration {
    SignedDuration::from_mins(minutes.into())
}

/// How long something of this shape is.
pub fn within(shape: Shape, start: Timestamp) -> Interval {
    Interval { from: start, to: start + minutes(shape.minutes) }
}

/// What it keeps from others.
pub fn with_buffers(shape: Shape, start: Timestamp) -> Interval {
    let Interval { from, to } = within(shape, start);
    Interval { from: from - minutes(shape.before), to: to + minutes(shape.after) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-26T12:00:00Z";

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn it_keeps_hours_notice_and_buffers() {
        let mut agenda = Agenda::of("America/New_York");
        let shape = Shape { minutes: 60, every: 30, before: 0, after: 30 };
        let day = Interval { from: moment("2026-11-27T00:00:00Z"), to: moment("2026-11-28T00:00:00Z") };
        let starts = agenda.starts(shape, day, moment(NOW), &[]);
        assert_eq!(starts.first(), Some(&moment("2026-11-27T14:00:00Z")), "nine o'clock in winter");
        assert_eq!(starts.last(), Some(&moment("2026-11-27T21:00:00Z")), "over by five");
        agenda.busy.push(Interval { from: moment("2026-11-27T16:00:00Z"), to: moment("2026-11-27T17:00:00Z") });
        let starts = agenda.starts(shape, day, moment(NOW), &[]);
        assert!(!starts.contains(&moment("2026-11-27T15:00:00Z")), "its buffer would reach into it");
        assert!(starts.contains(&moment("2026-11-27T14:30:00Z")) && starts.contains(&moment("2026-11-27T17:00:00Z")));
        let soon = agenda.starts(shape, day, moment("2026-11-27T12:00:00Z"), &[]);
        assert_eq!(soon.first(), Some(&moment("2026-11-27T17:00:00Z")), "four hours' notice");
        let weekend = Interval { from: moment("2026-11-28T05:00:00Z"), to: moment("2026-11-30T05:00:00Z") };
        assert!(agenda.starts(shape, weekend, moment(NOW), &[]).is_empty());
    }
}
