//! When somebody works, as stretches of real time. Wall-clock hours become instants here and nowhere else in the search.
//!
//! The rule is one sentence: an instant is open if the wall clock shows an open hour then. So an hour that is skipped in
//! spring is not there, an hour that comes twice in autumn is open twice, and a period has its real length.

use jiff::{ToSpan, civil::Date, civil::Time, tz::TimeZone};

use crate::domain::business::{Business, OpenPeriod, Staff};

const DAY: i64 = 86_400;

/// An unbroken time: [from, to), in seconds since 1970; of real time, or of the wall clock read as if it were UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: i64,
    pub(super) to: i64,
}

/// The opening hours of a business around a search.
pub(super) struct Opening<'a> {
    business: &'a Business,
    /// Every date that can matter, with the wall-clock second it begins at.
    dates: Vec<(Date, i64)>,
    /// The business's hours on the wall clock.
    hours: Vec<Stretch>,
    /// Real time cut where the zone changes its offset, with the seconds to add to get the wall clock.
    offsets: Vec<(Stretch, i64)>,
}

impl<'a> Opening<'a> {
    /// For times with from ≤ t < to, in seconds since 1970.
    pub(super) fn new(business: &'a Business, from: i64, to: i64) -> Self {
        let offsets = offsets(business.zone.tz(), from - 2 * DAY, to + 2 * DAY);
        let dates = dates(&offsets);
        let hours = joined(dates.iter().flat_map(|&(date, begins)| on_wall(business.open_on(date), begins)).collect());
        Self { business, dates, hours, offsets }
    }

    /// When this member of staff works: their own week and days off, inside the hours of the business.
    pub(super) fn of(&self, member: &Staff) -> Vec<Stretch> {
        let own: Vec<_> = self.business.exceptions.iter().filter(|except| except.staff == Some(member.id)).collect();
        if own.is_empty() && member.hours.is_none() {
            return self.in_real_time(&self.hours);
        }
        let hours = self.dates.iter().flat_map(|&(date, begins)| {
            let periods = match own.iter().rev().find(|exception| exception.covers(date)) {
                Some(exception) => &exception.hours,
                None => member.hours.as_ref().map_or(self.business.open_on(date), |week| week.on(date.weekday())),
            };
            on_wall(periods, begins)
        });
        self.in_real_time(&both(&self.hours, &joined(hours.collect())))
    }

    /// The instants with from ≤ t < to at which the wall clock shows a multiple of `minutes` after midnight.
    pub(super) fn grid(&self, minutes: u16, from: i64, to: i64) -> impl Iterator<Item = i64> {
        // Times are set up to divide the hour, so that midnight is always on the grid.
        let step = i64::from(minutes.max(1)) * 60;
        self.offsets.iter().flat_map(move |(stretch, offset)| {
            let begin = stretch.from.max(from);
            let past = (begin + offset).rem_euclid(step);
            let first = if past == 0 { begin } else { begin + step - past };
            (first..stretch.to.min(to)).step_by(usize::try_from(step).unwrap_or(60))
        })
    }

    fn in_real_time(&self, wall: &[Stretch]) -> Vec<Stretch> {
        let mut real = Vec::with_capacity(wall.len() + 2);
        for (stretch, offset) in &self.offsets {
            let first = wall.partition_point(|open| open.to - offset <= stretch.from);
            real.extend(
                wall[first..]
                    .iter()
                    .map(|open| Stretch {
                        from: (open.from - offset).max(stretch.from),
                        to: (open.to - offset).min(stretch.to),
                    })
                    .take_while(|open| open.from < open.to),
            );
        }
        joined(real)
    }
}

/// Where between two instants a zone keeps one offset.
fn offsets(zone: &TimeZone, from: i64, to: i64) -> Vec<(Stretch, i64)> {
    let Ok(begin) = jiff::Timestamp::from_second(from) else { return Vec::new() };
    let mut found = Vec::new();
    let (mut since, mut offset) = (from, zone.to_offset(begin));
    for change in zone.following(begin) {
        let at = change.timestamp().as_second();
        if at >= to {
            break;
        }
        found.push((Stretch { from: since, to: at }, i64::from(offset.seconds())));
        (since, offset) = (at, change.offset());
    }
    found.push((Stretch { from: since, to }, i64::from(offset.seconds())));
    found
}

/// The dates that the wall clock shows, and one before: its last period may run past midnight.
fn dates(offsets: &[(Stretch, i64)]) -> Vec<(Date, i64)> {
    let (Some((first, to_first)), Some((last, to_last))) = (offsets.first(), offsets.last()) else { return Vec::new() };
    let day_of = |wall: i64| wall.div_euclid(DAY);
    let (from, to) = (day_of(first.from + to_first) - 1, day_of(last.to + to_last));
    let epoch = Date::constant(1970, 1, 1);
    let Ok(first) = epoch.checked_add(from.days()) else { return Vec::new() };
    first.series(1.day()).zip((from..=to).map(|day| day * DAY)).collect()
}

fn on_wall(periods: &[OpenPeriod], begins: i64) -> impl Iterator<Item = Stretch> {
    periods.iter().map(move |period| Stretch {
        from: begins + seconds(period.from),
        to: begins + seconds(period.to) + if period.overnight() { DAY } else { 0 },
    })
}

fn seconds(time: Time) -> i64 {
    i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

/// In order, with those that touch or overlap made one: a service may run through midnight if the hours do.
fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_unstable_by_key(|stretch| stretch.from);
    stretches.dedup_by(|next, kept| {
        let touches = next.from <= kept.to;
        if touches {
            kept.to = kept.to.max(next.to);
        }
        touches
    });
    stretches
}

/// What lies in both; each in order and joined.
fn both(one: &[Stretch], other: &[Stretch]) -> Vec<Stretch> {
    let (mut a, mut b, mut found) = (0, 0, Vec::new());
    while let (Some(left), Some(right)) = (one.get(a), other.get(b)) {
        let common = Stretch { from: left.from.max(right.from), to: left.to.min(right.to) };
        if common.from < common.to {
            found.push(common);
        }
        if left.to < right.to { a += 1 } else { b += 1 }
    }
    found
}
