//! Hours of a day as minutes after midnight: what a reading of the clock and a part of the day come to.

use jiff::civil::{Date, DateTime, Time};

use crate::domain::time::{
    Clock, ClockTime, Part, Shade,
    expr::Half::{self, Am, Pm},
};

/// Minutes of a day.
pub(in crate::domain::time) const DAY: i16 = 24 * 60;
/// Minutes to either side of a time that was said with "around".
const ABOUT: i16 = 45;

/// The minutes that a wish spans, which may go over midnight, when every half of the day is settled; nothing for a wish
/// that spans the whole day or is no stretch.
pub(in crate::domain::time) fn span(clock: Clock) -> Option<(i16, i16)> {
    match clock {
        Clock::Part(part) => Some(part_of_day(part)),
        Clock::Shaded(part, shade) => Some(shaded(part, shade)),
        Clock::AfterPart(part) => Some((after_part(part), DAY)),
        Clock::BeforePart(part) => Some((0, before_part(part))),
        Clock::After(time) => Some((minute_of(time)?, DAY)),
        Clock::Before(time) => Some((0, minute_of(time)?)),
        Clock::About(time) => {
            let middle = minute_of(time)?;
            Some((middle.saturating_sub(ABOUT).max(0), middle + ABOUT))
        }
        Clock::Between(from, to) | Clock::Through(from, to) => {
            let (from, to) = (minute_of(from)?, minute_of(to)?);
            // "Between ten and two" at night ends on the next day.
            Some((from, if to > from { to } else { to + DAY }))
        }
        Clock::For { from, minutes } => {
            let from = minute_of(from)?;
            Some((from, from.saturating_add(i16::try_from(minutes).unwrap_or(DAY)).min(2 * DAY)))
        }
        _ => None,
    }
}

pub(in crate::domain::time) fn part_of_day(part: Part) -> (i16, i16) {
    match part {
        Part::Morning => (5 * 60, 12 * 60),
        Part::Midday => (11 * 60 + 30, 13 * 60 + 30),
        Part::Afternoon => (12 * 60, 17 * 60),
        Part::Evening => (17 * 60, 22 * 60),
        Part::Night => (20 * 60, DAY),
        Part::Daytime | Part::BusinessHours => (8 * 60, 18 * 60),
        Part::Breakfast => (7 * 60, 10 * 60),
        Part::Dinner => (17 * 60 + 30, 21 * 60),
    }
}

/// The early or the late end of a part.
fn shaded(part: Part, shade: Shade) -> (i16, i16) {
    match (part, shade) {
        (Part::Morning, Shade::Early) => (0, 10 * 60),
        (Part::Morning, Shade::Mid) => (10 * 60, 11 * 60 + 30),
        (Part::Morning, Shade::Late) => (10 * 60 + 30, 12 * 60),
        (Part::Afternoon, Shade::Early) => (12 * 60, 14 * 60 + 30),
        (Part::Afternoon, Shade::Mid) => (14 * 60, 16 * 60),
        (Part::Afternoon, Shade::Late) => (15 * 60 + 30, 18 * 60),
        (Part::Evening, Shade::Early) => (17 * 60, 19 * 60),
        (Part::Evening | Part::Night, Shade::Late) => (20 * 60, DAY),
        (part, _) => part_of_day(part),
    }
}

/// "After lunch" is when people are back from it.
fn after_part(part: Part) -> i16 {
    match part {
        Part::Midday => 13 * 60,
        Part::BusinessHours => 17 * 60,
        part => part_of_day(part).1,
    }
}

fn before_part(part: Part) -> i16 {
    match part {
        Part::Midday => 12 * 60,
        Part::BusinessHours => 9 * 60,
        part => part_of_day(part).0,
    }
}

/// The same wish in hours of the clock, where they differ from the part's name.
pub(in crate::domain::time) fn in_hours(clock: Clock) -> Clock {
    let Some((from, to)) = span(clock) else { return clock };
    match clock {
        Clock::Shaded(Part::Morning, Shade::Early) | Clock::BeforePart(_) => Clock::Before(clock_time(to)),
        Clock::Shaded(Part::Evening | Part::Night, Shade::Late) | Clock::AfterPart(_) => Clock::After(clock_time(from)),
        Clock::Shaded(Part::Morning | Part::Afternoon, _)
        | Clock::Shaded(Part::Evening, Shade::Early)
        | Clock::For { .. } => Clock::Between(clock_time(from), clock_time(to)),
        Clock::Shaded(part, _) => Clock::Part(part),
        clock => clock,
    }
}

/// How a minute of the day is said.
pub(in crate::domain::time) fn clock_time(minute: i16) -> ClockTime {
    let minute = minute % (DAY + 1);
    let (hour, rest) = (i8::try_from(minute / 60).unwrap_or(0), i8::try_from(minute % 60).unwrap_or(0));
    match hour {
        24 => ClockTime { hour: 24, minute: 0, half: None },
        0 => ClockTime { hour: 12, minute: rest, half: Some(Am) },
        1..=11 => ClockTime { hour, minute: rest, half: Some(Am) },
        12 => ClockTime { hour: 12, minute: rest, half: Some(Pm) },
        _ => ClockTime { hour: hour - 12, minute: rest, half: Some(Pm) },
    }
}

/// Minutes after midnight, of which there may be more than a day has.
pub(in crate::domain::time) fn at_minute(date: Date, minute: i16) -> Option<DateTime> {
    let mut date = date;
    for _ in 0..minute / DAY {
        date = date.tomorrow().ok()?;
    }
    let minute = minute % DAY;
    let time = Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
    Some(date.to_datetime(time))
}

/// Minutes after midnight (0 to 1,440) of a reading whose half is known or does not matter.
pub(in crate::domain::time) fn minute_of(time: ClockTime) -> Option<i16> {
    let hour = match (time.hour, time.half) {
        (0 | 12, Some(Am)) => 0,
        (1..=11, Some(Pm)) => time.hour + 12,
        (1..=12, _) | (13..=23, None | Some(Pm)) | (0 | 24, None) => time.hour,
        _ => return None,
    };
    let valid = (0..60).contains(&time.minute) && (hour < 24 || time.minute == 0);
    valid.then(|| i16::from(hour) * 60 + i16::from(time.minute))
}

/// Where nothing else decides: seven to eleven is in the morning, twelve to six is not.
pub(in crate::domain::time) fn daytime(hour: i8) -> Half {
    if (7..=11).contains(&hour) { Am } else { Pm }
}

/// Whether the half of the day was left open.
pub(in crate::domain::time) fn is_open(time: ClockTime) -> bool {
    time.half.is_none() && (1..=12).contains(&time.hour)
}

/// The readings that a time can be: both halves where none was said, in the afternoon first.
pub(in crate::domain::time) fn halves(time: ClockTime) -> impl Iterator<Item = ClockTime> {
    let both = is_open(time);
    let said = (!both).then_some(time);
    let two = both.then_some([Pm, Am].map(|half| ClockTime { half: Some(half), ..time }));
    said.into_iter().chain(two.into_iter().flatten())
}
