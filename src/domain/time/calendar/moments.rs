//! What was said as moments of a bare calendar, without a business: what `deskbell understand --time` answers.
//!
//! Without opening hours "at four" stays open between morning and afternoon. The likelier one comes first, and the doubt
//! is told along with it.

use jiff::{
    Span,
    civil::{Date, DateTime},
};

use super::{
    Extent, Today, Unreal, ahead,
    hours::{self, at_minute, daytime, halves, is_open, minute_of},
};
use crate::domain::time::{Clock, ClockTime, Day, Doubt, Edge, OneDay, Part, Said, Shade, When, Which, Whole};

/// How fine a moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    Minute,
    PartOfDay,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A moment, or the stretch from `start` to before `end`; an open stretch has one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    pub start: Option<DateTime>,
    pub end: Option<DateTime>,
    pub grain: Grain,
    /// The part of the day, where one was named.
    pub part: Option<(Part, Option<Shade>)>,
    /// A time of day and no day: any day will do, and the date is that of the next such time.
    pub dateless: bool,
}

/// What was said, placed in the calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub first: Moments,
    /// What else it may have been, likeliest first.
    pub others: Vec<Moments>,
    /// Why the first may be wrong.
    pub doubt: Option<Doubt>,
}

/// Places what was said around `now`, the wall time of whoever speaks. `country` (ISO 3166) says whose holidays. Nothing
/// for what no calendar or clock has: "the 30th of February", "25 o'clock".
pub fn place(said: &Said, now: DateTime, country: &str) -> Option<Placed> {
    let place = Place { now, today: Today { date: now.date(), country } };
    let mut readings = place.readings(said.when);
    let found = readings.iter().find_map(|(when, _)| place.when(*when).map(|first| (first, *when)));
    let (first, taken) = found?;
    let several = place.is_on_one_of_several_days(taken).then_some(Doubt::Several);
    let doubt = readings.iter().find_map(|(_, doubt)| *doubt).or(said.doubt).or(several);
    readings.retain(|(when, _)| *when != taken);
    let alternatives = said.others.iter().flat_map(|when| place.readings(*when)).chain(readings);
    let mut others: Vec<Moments> = Vec::new();
    for moments in alternatives.filter_map(|(when, _)| place.when(when)) {
        if moments != first && !others.contains(&moments) {
            others.push(moments);
        }
    }
    Some(Placed { first, others, doubt })
}

#[derive(Clone, Copy)]
struct Place<'a> {
    now: DateTime,
    today: Today<'a>,
}

impl Place<'_> {
    /// The readings that a meaning leaves open, likeliest first, each with what is doubtful when it is taken.
    fn readings(self, when: When) -> Vec<(When, Option<Doubt>)> {
        let mut found = vec![(when, None)];
        if let Some(Day::Weekday { weekday, which: Which::Coming }) = when.day
            && weekday == self.now.weekday()
        {
            found = vec![
                (when, Some(Doubt::TodayOrInAWeek)),
                (When { day: Some(Day::InDays(0)), ..when }, Some(Doubt::TodayOrInAWeek)),
            ];
        }
        if let Some(Day::Between {
            from: Some(Edge { day: OneDay::Weekday { weekday, which: Which::Coming }, .. }),
            ..
        }) = when.day
            && weekday == self.now.weekday()
        {
            found = vec![(when, Some(Doubt::TodayOrInAWeek))];
        }
        if let Some(Day::Date { weekday: Some(weekday), day, month, year }) = when.day
            && let Err(Unreal::WrongWeekday { date, .. }) =
                self.today.days(Day::Date { weekday: Some(weekday), day, month, year })
        {
            found = self.other_dates(when, weekday, date, month.is_none(), year.is_some());
        }
        found.into_iter().flat_map(|(when, doubt)| self.halves(when, doubt)).collect()
    }

    /// "Tuesday the 8th", and the next 8th is a Thursday: the next one that is a Tuesday, then the next 8th of all.
    fn other_dates(
        self,
        when: When,
        weekday: jiff::civil::Weekday,
        date: Date,
        any_month: bool,
        said_year: bool,
    ) -> Vec<(When, Option<Doubt>)> {
        let on = |date: Date| When {
            day: Some(Day::Date { weekday: None, day: date.day(), month: Some(date.month()), year: Some(date.year()) }),
            ..when
        };
        let fitting = if any_month {
            self.today.next_with_day(date.day(), |date| date.weekday() == weekday).ok()
        } else {
            let years = (1..=2).filter_map(|years| Date::new(date.year() + years, date.month(), date.day()).ok());
            years.filter(|_| !said_year).find(|date| date.weekday() == weekday)
        };
        let doubt = Some(Doubt::WrongWeekday);
        fitting.into_iter().chain([date]).map(|date| (on(date), doubt)).collect()
    }

    /// "At four" is at sixteen or at four.
    fn halves(self, when: When, doubt: Option<Doubt>) -> Vec<(When, Option<Doubt>)> {
        let with = |clock| When { clock: Some(clock), ..when };
        let single = |time: ClockTime, wrap: fn(ClockTime) -> Clock| {
            if !is_open(time) {
                return vec![(with(wrap(time)), doubt)];
            }
            let mut both: Vec<ClockTime> = halves(time).collect();
            both.sort_by_key(|time| self.is_past(when.day, *time) || time.half != Some(daytime(time.hour)));
            let doubt = doubt.or((time.hour != 12).then_some(Doubt::HalfOfDay));
            both.into_iter().map(|time| (with(wrap(time)), doubt)).collect()
        };
        match when.clock {
            // A calendar without a zone does not tell the two apart.
            Some(Clock::At(time) | Clock::Twice(time, _)) => single(time, Clock::At),
            Some(Clock::About(time)) => single(time, Clock::About),
            Some(Clock::After(time)) => single(time, Clock::After),
            Some(Clock::Before(time)) => single(time, Clock::Before),
            Some(Clock::For { from, minutes }) if is_open(from) => {
                let half = Some(daytime(from.hour));
                let from = ClockTime { half, ..from };
                vec![(with(Clock::For { from, minutes }), doubt.or(Some(Doubt::HalfOfDay)))]
            }
            Some(Clock::Between(from, to)) => pairs(from, to, doubt, |from, to| with(Clock::Between(from, to))),
            Some(Clock::Through(from, to)) => {
                let settled = |time: ClockTime| halves(time).find(|time| time.half != Some(other(daytime(time.hour))));
                let (from, to) = (settled(from).unwrap_or(from), settled(to).unwrap_or(to));
                vec![(with(Clock::Through(from, to)), doubt)]
            }
            _ => vec![(when, doubt)],
        }
    }

    /// Whether a time of today has passed. Only a day that was said is today.
    fn is_past(self, day: Option<Day>, time: ClockTime) -> bool {
        day == Some(Day::InDays(0))
            && minute_of(time).and_then(|minute| at_minute(self.now.date(), minute)).is_some_and(|at| at < self.now)
    }

    fn when(self, when: When) -> Option<Moments> {
        match when.clock {
            Some(Clock::InMinutes(minutes)) => return Some(exact(Some(self.in_minutes(minutes)?), None)),
            Some(Clock::WithinMinutes(minutes)) => {
                return Some(exact(Some(self.now), Some(self.in_minutes(i32::from(minutes))?)));
            }
            Some(Clock::ComingHours(hours)) => {
                let start = at_minute(self.now.date(), i16::from(self.now.hour()) * 60 + 60)?;
                let end = start.checked_add(Span::new().hours(i64::from(hours))).ok()?;
                return Some(exact(Some(start), Some(end)));
            }
            _ => {}
        }
        let clock = when.clock.filter(|clock| !matches!(clock, Clock::Any | Clock::Later | Clock::Earlier));
        let extent = match when.day {
            Some(Day::Soonest) if clock.is_none() => return Some(exact(Some(self.now), None)),
            Some(day) => self.bounded(day).ok()?,
            None => None,
        };
        match (extent, clock) {
            (None, None) => None,
            (Some(extent), None) => whole_days(extent),
            (None, Some(clock)) => self.on_next_day(clock),
            (Some(extent), Some(clock)) => on_days(extent, clock),
        }
        // "From the 22nd to the 3rd of March 2020" is no stretch.
        .filter(|found| found.start.zip(found.end).is_none_or(|(start, end)| start <= end))
    }

    /// "Next week at six", and nobody said on which day.
    fn is_on_one_of_several_days(self, when: When) -> bool {
        let (Some(day), Some(Clock::At(_) | Clock::Between(..))) = (when.day, when.clock) else { return false };
        self.today
            .days(day)
            .ok()
            .flatten()
            .is_some_and(|extent| extent.single().is_none() && extent.first.is_some() && extent.last.is_some())
    }

    fn in_minutes(self, minutes: i32) -> Option<DateTime> {
        self.now.checked_add(Span::new().try_minutes(minutes).ok()?).ok()
    }

    /// The days of a named day. What is only bounded has its bound where it was said: "by Friday" ends on Friday.
    fn bounded(self, day: Day) -> Result<Option<Extent>, Unreal> {
        let day = match day {
            Day::Between { from: None, to: Some(Edge { day, .. }) } => day,
            Day::Between { from: Some(Edge { day, included: false }), to: None } => {
                let start = self.today.one(day)?;
                let first = if start.single().is_some() {
                    start.first
                } else {
                    Some(ahead(start.last.ok_or(Unreal::TooLate)?, 1)?)
                };
                return Ok(Some(Extent { first, last: None, grain: start.grain }));
            }
            // "From February 1st to March" ends when March begins.
            Day::Between { from: Some(from), to: Some(Edge { day: to @ OneDay::Whole(Whole::Month { .. }), .. }) } => {
                let (start, end) = (self.today.one(from.day)?, self.today.one(to)?);
                let seen = Today { date: start.first.ok_or(Unreal::TooLate)?, ..self.today };
                let end = if end.first < start.first { seen.one(to)? } else { end };
                return Ok(Some(Extent { first: start.first, last: end.first, grain: Grain::Day }));
            }
            day => return self.today.days(day),
        };
        let end = self.today.one(day)?;
        let last = if matches!(day, OneDay::Slice { .. }) { end.last } else { end.first };
        let last = match (day, last) {
            (OneDay::Slice { .. }, Some(last)) => Some(ahead(last, 1)?),
            (_, last) => last,
        };
        Ok(Some(Extent { first: None, last, grain: end.grain }))
    }

    /// A time of day without a day is the next such time.
    fn on_next_day(self, clock: Clock) -> Option<Moments> {
        let today = on_day(self.now.date(), clock)?;
        let past = today.start.or(today.end).is_some_and(|at| at <= self.now);
        let next = if past { on_day(self.now.date().tomorrow().ok()?, clock)? } else { today };
        Some(Moments { dateless: matches!(clock, Clock::At(_) | Clock::About(_)), ..next })
    }
}

fn exact(start: Option<DateTime>, end: Option<DateTime>) -> Moments {
    Moments { start, end, grain: Grain::Minute, part: None, dateless: false }
}

fn other(half: crate::domain::time::Half) -> crate::domain::time::Half {
    use crate::domain::time::Half::{Am, Pm};
    if half == Am { Pm } else { Am }
}

/// Both ends of "from nine to five": not over midnight if it can be helped, not over half a day, from daytime on.
fn pairs(
    from: ClockTime,
    to: ClockTime,
    doubt: Option<Doubt>,
    with: impl Fn(ClockTime, ClockTime) -> When,
) -> Vec<(When, Option<Doubt>)> {
    let mut found = Vec::with_capacity(4);
    for start in halves(from) {
        for end in halves(to) {
            let (Some(first), Some(last)) = (minute_of(start), minute_of(end)) else { continue };
            let length = if last > first { last - first } else { last + hours::DAY - first };
            let unlikely = is_open(from) && start.half != Some(daytime(from.hour));
            // "Seven to eight p.m." is one hour long; with neither half said people begin by day.
            let both = is_open(from) && is_open(to);
            found.push(((last <= first, both && length > 12 * 60, both && unlikely, length), with(start, end)));
        }
    }
    found.sort_by_key(|(cost, _)| *cost);
    // "Nine to five" has one reading by day; "nine to eleven" has two.
    let both = match found.as_slice() {
        [((over, long, ..), _), ((next_over, next_long, ..), _), ..] => (over, long) == (next_over, next_long),
        _ => false,
    };
    let doubt = doubt.or((both && is_open(from) && is_open(to)).then_some(Doubt::HalfOfDay));
    found.into_iter().take(2).map(|(_, when)| (when, doubt)).collect()
}

fn whole_days(extent: Extent) -> Option<Moments> {
    let at = |date: Date| date.at(0, 0, 0, 0);
    let (start, end) = match (extent.first, extent.last) {
        (None, None) => return None,
        (None, Some(last)) => (None, Some(at(last))),
        (Some(first), last) if last == Some(first) || last.is_none() => (Some(at(first)), None),
        (Some(first), last) => (Some(at(first)), last.and_then(|last| last.tomorrow().ok()).map(at)),
    };
    Some(Moments { grain: extent.grain, ..exact(start, end) })
}

/// A time of day on the first of several days; an open end keeps open.
fn on_days(extent: Extent, clock: Clock) -> Option<Moments> {
    let placed = on_day(extent.first.or(extent.last)?, clock)?;
    match (extent.first, extent.last) {
        (None, Some(_)) => Some(Moments { start: None, end: placed.start.or(placed.end), ..placed }),
        (Some(_), Some(last)) if let Clock::Through(_, to) = clock => {
            Some(Moments { end: at_minute(last, minute_of(to)?), ..placed })
        }
        _ => Some(placed),
    }
}

fn on_day(date: Date, clock: Clock) -> Option<Moments> {
    if let Clock::At(time) | Clock::About(time) = clock {
        return Some(exact(Some(at_minute(date, minute_of(time)?)?), None));
    }
    let (from, to) = hours::span(clock)?;
    let (start, end) = (Some(at_minute(date, from)?), Some(at_minute(date, to)?));
    Some(match clock {
        Clock::After(_) => exact(start, None),
        Clock::Before(_) => exact(None, end),
        Clock::AfterPart(part) => Moments { part: Some((part, None)), ..exact(start, None) },
        Clock::BeforePart(part) => Moments { part: Some((part, None)), ..exact(None, end) },
        Clock::Part(part) => Moments { part: Some((part, None)), grain: Grain::PartOfDay, ..exact(start, end) },
        Clock::Shaded(part, shade) => {
            Moments { part: Some((part, Some(shade))), grain: Grain::PartOfDay, ..exact(start, end) }
        }
        _ => exact(start, end),
    })
}
