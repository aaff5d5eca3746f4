//! Whether what a sentence says about opening hours is so.

use jiff::{Span, civil::Date};

use super::{
    Ground,
    times::{Days, Hours, Mention},
};
use crate::domain::business::OpenPeriod;

/// Whether the business is open, or closed, as the sentence says.
pub(super) fn hold(ground: &Ground<'_>, mentions: &[Mention], closed: bool) -> bool {
    if mentions.is_empty() {
        // "We're open": now.
        return !closed || !is_open_now(ground);
    }
    mentions.iter().all(|mention| holds(ground, mention, closed))
}

fn is_open_now(ground: &Ground<'_>) -> bool {
    let minute = super::times::minute(&ground.now);
    ground.business.open_on(ground.now.date()).iter().any(|period| within(period, minute))
}

/// The next two weeks have every weekday in them, and the holidays one speaks about.
fn dates(ground: &Ground<'_>, days: &[Days]) -> Vec<Date> {
    let today = ground.now.date();
    let ahead = |count: usize| today.series(Span::new().days(1)).take(count);
    let weekdays_only = days.iter().all(|days| matches!(days, Days::Named(_)));
    // A holiday does not change what the weekday's hours are.
    let count = if weekdays_only { 60 } else { 370 };
    let on = |date: &Date| days.is_empty() || days.iter().any(|days| days.contains(*date));
    let all: Vec<Date> = ahead(count).filter(on).collect();
    let usual: Vec<Date> =
        all.iter().copied().filter(|date| ground.business.exception_on(*date).is_none()).take(7).collect();
    if weekdays_only && !usual.is_empty() { usual } else { all.into_iter().take(31).collect() }
}

fn holds(ground: &Ground<'_>, mention: &Mention, closed: bool) -> bool {
    let dates = dates(ground, &mention.days);
    let on = |date: &Date| holds_on(ground.business.open_on(*date), mention.clock, closed);
    let stretch = mention.days.iter().any(|day| !day.is_exact());
    if mention.days.is_empty() {
        return dates.iter().any(on);
    }
    // "Closed from the 24th to the 26th" is every day of it.
    !dates.is_empty() && if stretch { dates.iter().all(on) } else { dates.iter().take(1).all(on) }
}

fn holds_on(periods: &[OpenPeriod], clock: Option<Hours>, closed: bool) -> bool {
    let Some(clock) = clock else { return periods.is_empty() == closed };
    let edge = |minute: i16| periods.iter().any(|period| from(period) == minute || to(period) == minute);
    let starts = |minute: i16| periods.iter().any(|period| from(period) == minute);
    let ends = |minute: i16| periods.iter().any(|period| to(period) == minute);
    let inside = |minute: i16| periods.iter().any(|period| within(period, minute));
    match clock {
        Hours::At(one, other) => {
            [Some(one), other].into_iter().flatten().any(|minute| edge(minute) || inside(minute) != closed)
        }
        Hours::Within(0, until) => ends(until),
        Hours::Within(since, 1440) => starts(since) || closed && ends(since),
        Hours::Within(since, until) if closed => ends(since) && starts(until),
        Hours::Within(since, until) => starts(since) && ends(until),
        Hours::Part(since, until) => {
            let open = periods.iter().any(|period| from(period) < until && to(period) > since);
            open != closed
        }
    }
}

fn from(period: &OpenPeriod) -> i16 {
    i16::from(period.from.hour()) * 60 + i16::from(period.from.minute())
}

fn to(period: &OpenPeriod) -> i16 {
    let to = i16::from(period.to.hour()) * 60 + i16::from(period.to.minute());
    if period.overnight() { to + 24 * 60 } else { to }
}

fn within(period: &OpenPeriod, minute: i16) -> bool {
    (from(period)..to(period)).contains(&minute)
}
