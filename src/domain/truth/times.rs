//! The days and times of a sentence, and what they rest on.

use std::ops::Range;

use jiff::{
    Zoned,
    civil::{Date, Weekday},
};

use super::{Ground, memory::Memory};
use crate::domain::time::{self, Clock, ClockTime, Day, Half, OneDay, Part, Which, calendar::Today};

/// What a mention rests on, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Basis {
    /// A moment that the desk knows of, or words of the server.
    Fact,
    /// Only the caller has said it.
    Heard,
    Nothing,
}

/// A day, a time of day, or both that belong together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mention {
    /// Of several the first that fits; empty: no day was said.
    pub days: Vec<Days>,
    pub clock: Option<Hours>,
    /// Bytes of the text.
    pub span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Days {
    /// Any of that name.
    Named(Weekday),
    On(Date),
    /// "The 24th", "March 3rd", with what was said of it.
    Dated {
        weekday: Option<Weekday>,
        day: i8,
        month: Option<i8>,
        year: Option<i16>,
    },
    /// A week, a month, a stretch; an end that was not said is missing.
    Stretch(Option<Date>, Option<Date>),
    /// No such day.
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hours {
    /// Minutes after midnight; of a time without its half there are two.
    At(i16, Option<i16>),
    /// From ≤ time ≤ to, in minutes after midnight.
    Within(i16, i16),
    /// A part of the day.
    Part(i16, i16),
}

const DAY: i16 = 24 * 60;

impl Days {
    pub(super) fn contains(self, date: Date) -> bool {
        match self {
            Self::Named(weekday) => date.weekday() == weekday,
            Self::On(day) => day == date,
            Self::Dated { weekday, day, month, year } => {
                date.day() == day
                    && weekday.is_none_or(|weekday| date.weekday() == weekday)
                    && month.is_none_or(|month| date.month() == month)
                    && year.is_none_or(|year| date.year() == year)
            }
            Self::Stretch(from, to) => from.is_none_or(|from| from <= date) && to.is_none_or(|to| date <= to),
            Self::Never => false,
        }
    }

    /// One day, and no stretch of them.
    pub(super) fn is_exact(self) -> bool {
        !matches!(self, Self::Stretch(..))
    }

    pub(super) fn is_today(self, today: Date) -> bool {
        self == Self::On(today)
    }

    /// Whether a day that was said before names this one, too. A week does not name its days.
    fn is_named_by(self, said: Self, today: Date) -> bool {
        match (self, said) {
            (Self::Stretch(from, to), Self::Stretch(first, last)) => {
                to.zip(first).is_none_or(|(to, first)| first <= to)
                    && from.zip(last).is_none_or(|(from, last)| from <= last)
            }
            (_, Self::Stretch(..)) => false,
            (Self::On(date), Self::Named(weekday)) => date.weekday() == weekday,
            (stretch @ Self::Stretch(..), day) => day.soonest(today).is_some_and(|date| stretch.contains(date)),
            (day, said) => {
                day == said
                    || said.soonest(today).is_some_and(|date| day.contains(date))
                    || day.soonest(today).is_some_and(|date| said.contains(date))
            }
        }
    }

    /// The next such day.
    fn soonest(self, today: Date) -> Option<Date> {
        today.series(jiff::Span::new().days(1)).take(400).find(|date| self.contains(*date))
    }
}

impl Hours {
    fn is_at(self, minute: i16) -> bool {
        match self {
            Self::At(one, other) => minute == one || other == Some(minute),
            Self::Within(from, to) | Self::Part(from, to) => (from..=to).contains(&minute),
        }
    }

    fn is_named_by(self, said: Self) -> bool {
        match (self, said) {
            (Self::At(one, other), Self::At(first, second)) => {
                [Some(one), other].into_iter().flatten().any(|minute| minute == first || second == Some(minute))
            }
            (Self::At(one, other), Self::Within(from, to)) => {
                [Some(one), other].into_iter().flatten().any(|minute| minute == from || minute == to)
            }
            (Self::Within(from, to), Self::At(one, other)) => [Some(one), other]
                .into_iter()
                .flatten()
                .any(|minute| minute == from || minute == to || (from..=to).contains(&minute) && to - from <= 90),
            (Self::Within(from, to), Self::Within(first, last)) => from == first || to == last,
            (Self::Part(..), _) | (_, Self::Part(..)) => false,
        }
    }

    pub(super) fn is_exact(self) -> bool {
        matches!(self, Self::At(..))
    }
}

impl Mention {
    /// Whether it names one day or one time, and no stretch.
    pub(super) fn is_exact(&self) -> bool {
        self.days.iter().any(|days| days.is_exact()) || self.clock.is_some_and(Hours::is_exact)
    }

    pub(super) fn fits(&self, at: &Zoned) -> bool {
        let day = self.days.is_empty() || self.days.iter().any(|days| days.contains(at.date()));
        day && self.clock.is_none_or(|clock| clock.is_at(minute(at)))
    }

    /// "Today" or "this morning", which say nothing by themselves.
    pub(super) fn is_casual(&self, today: Date) -> bool {
        let part = self.clock.is_none_or(|clock| matches!(clock, Hours::Part(..)));
        part && self.days.iter().all(|day| day.is_today(today))
    }
}

pub(super) fn minute(at: &Zoned) -> i16 {
    i16::from(at.hour()) * 60 + i16::from(at.minute())
}

/// The days and times of a text in order, each time of day with the day it belongs to.
pub(super) fn mentions(text: &str, now: Date, country: &str) -> Vec<Mention> {
    let today = Today { date: now, country };
    let said = time::mentions(text, country);
    let mut found: Vec<Mention> = Vec::with_capacity(said.len());
    for (nth, mention) in said.iter().enumerate() {
        if let Some((day, until)) = until_hour(text, mention) {
            let days = days(day, today).into_iter().collect();
            found.push(Mention { days, clock: Some(Hours::Within(0, until)), span: mention.span.clone() });
            continue;
        }
        let own = mention.when.day.and_then(|day| days(day, today));
        let Some(clock) = mention.when.clock.and_then(hours) else {
            if let Some(day) = own {
                found.push(Mention { days: vec![day], clock: None, span: mention.span.clone() });
            }
            continue;
        };
        let near: Vec<Days> = if let Some(day) = own {
            vec![day]
        } else {
            let before = said[..nth].iter().rev().find_map(|before| days(before.when.day?, today));
            let after = said.get(nth + 1).filter(|_| nth + 1 < said.len()).and_then(|after| {
                let between = text.get(mention.span.end..after.span.start)?;
                let joined =
                    matches!(between.trim(), "" | "," | "on" | ", on" | "in the" | "p.m." | "a.m." | "." | ".,");
                Some((days(after.when.day?, today)?, between.contains("on"))).filter(|_| joined)
            });
            match (before, after) {
                (_, Some((after, true))) => vec![after],
                (before, after) => before.into_iter().chain(after.map(|(day, _)| day)).collect(),
            }
        };
        found.push(Mention { days: near, clock: Some(clock), span: mention.span.clone() });
    }
    found
}

/// "Today until six" reads as until the sixth; a receptionist speaks of the hour.
fn until_hour(text: &str, mention: &time::Said) -> Option<(Day, i16)> {
    let Some(Day::Between { from: Some(from), to: Some(to) }) = mention.when.day else { return None };
    let OneDay::Date { weekday: None, day: hour @ 1..=12, month: None, year: None } = to.day else { return None };
    let said = text.get(mention.span.clone())?;
    let last = said.rsplit(' ').next().unwrap_or_default();
    let ordinal = said.contains(" the ")
        || last.ends_with("th")
        || last.ends_with("st")
        || last.ends_with("nd")
        || last.ends_with("rd");
    let time = ClockTime { hour, minute: 0, half: None };
    (!ordinal).then(|| (from.day.into(), daytime(time)))
}

fn days(day: Day, today: Today<'_>) -> Option<Days> {
    Some(match day {
        Day::Weekday { weekday, which: Which::Coming } => Days::Named(weekday),
        Day::Date { weekday, day, month, year } => {
            let year = year.map(|year| if year < 100 { year + 2000 } else { year });
            Days::Dated { weekday, day, month, year }
        }
        Day::Any | Day::Soonest => return None,
        day => match today.days(day) {
            Ok(Some(extent)) => match extent.single() {
                Some(date) => Days::On(date),
                None => Days::Stretch(extent.first, extent.last),
            },
            Ok(None) => return None,
            Err(_) => Days::Never,
        },
    })
}

fn hours(clock: Clock) -> Option<Hours> {
    Some(match clock {
        Clock::At(time) | Clock::Twice(time, _) => at(time),
        Clock::About(time) => match at(time) {
            Hours::At(minute, other) => Hours::At(minute, other),
            other => other,
        },
        Clock::After(time) => Hours::Within(daytime(time), DAY),
        Clock::Before(time) => Hours::Within(0, daytime(time)),
        Clock::Between(from, to) | Clock::Through(from, to) => between(from, to),
        Clock::For { from, minutes } => {
            let from = daytime(from);
            Hours::Within(from, from.saturating_add(i16::try_from(minutes).unwrap_or(DAY)))
        }
        Clock::Part(part) | Clock::Shaded(part, _) => {
            let (from, to) = part_of_day(part);
            Hours::Part(from, to)
        }
        Clock::AfterPart(part) => Hours::Part(part_of_day(part).1, DAY),
        Clock::BeforePart(part) => Hours::Part(0, part_of_day(part).0),
        Clock::Turn(_)
        | Clock::Later
        | Clock::Earlier
        | Clock::InMinutes(_)
        | Clock::WithinMinutes(_)
        | Clock::ComingHours(_)
        | Clock::Any => {
            return None;
        }
    })
}

/// Noon is a time in what a receptionist says; the other parts are stretches.
fn part_of_day(part: Part) -> (i16, i16) {
    match part {
        Part::Morning => (5 * 60, 12 * 60),
        Part::Midday => (11 * 60 + 30, 13 * 60 + 30),
        Part::Afternoon => (12 * 60, 17 * 60 + 59),
        Part::Evening => (17 * 60, 22 * 60),
        Part::Night => (18 * 60, DAY),
        Part::Daytime | Part::BusinessHours => (8 * 60, 18 * 60),
        Part::Breakfast => (7 * 60, 10 * 60),
        Part::Dinner => (17 * 60 + 30, 21 * 60),
    }
}

fn minutes(time: ClockTime, half: Half) -> i16 {
    let hour = match (time.hour, half) {
        (12, Half::Am) => 0,
        (12, Half::Pm) => 12,
        (hour, Half::Pm) if hour < 12 => hour + 12,
        (hour, _) => hour,
    };
    i16::from(hour) * 60 + i16::from(time.minute)
}

fn at(time: ClockTime) -> Hours {
    match time.half {
        Some(half) => Hours::At(minutes(time, half), None),
        None if (1..=12).contains(&time.hour) => Hours::At(minutes(time, Half::Am), Some(minutes(time, Half::Pm))),
        None => Hours::At(minutes(time, Half::Am), None),
    }
}

/// Without its half a time is by day: from seven in the morning to half past six in the evening.
fn daytime(time: ClockTime) -> i16 {
    match (time.half, time.hour) {
        (Some(half), _) => minutes(time, half),
        (None, 1..=6 | 12) => minutes(time, Half::Pm),
        (None, _) => minutes(time, Half::Am),
    }
}

fn between(from: ClockTime, to: ClockTime) -> Hours {
    let last = daytime(to);
    let mut first = daytime(from);
    // "Nine to six": the evening, not an hour that is over.
    let last = if last <= first && to.half.is_none() { last + 12 * 60 } else { last };
    if from.half.is_none() && to.half == Some(Half::Pm) && first > last {
        first = minutes(from, Half::Am);
    }
    Hours::Within(first, last)
}

/// What the call knows about times: moments, and what was said of them.
pub(super) struct Known<'g> {
    ground: &'g Ground<'g>,
    memory: &'g Memory,
}

impl<'g> Known<'g> {
    pub(super) fn new(ground: &'g Ground<'g>, memory: &'g Memory) -> Self {
        Self { ground, memory }
    }

    pub(super) fn today(&self) -> Date {
        self.ground.now.date()
    }

    fn told(&self) -> &[Vec<Mention>] {
        self.memory.told(self.ground)
    }

    fn heard(&self) -> &[Vec<Mention>] {
        self.memory.heard(self.ground)
    }

    /// Moments that may be named: kept, offered, booked, the caller's own.
    pub(super) fn moments(&self) -> impl Iterator<Item = &Zoned> {
        let ground = self.ground;
        ground.held.iter().chain(&ground.offered).chain(&ground.booked).chain(&ground.own)
    }

    /// Moments at which the caller can come: kept or offered.
    pub(super) fn is_offered(&self, mention: &Mention) -> bool {
        self.ground.held.iter().chain(&self.ground.offered).any(|at| mention.fits(at))
    }

    /// Moments of appointments that stand.
    pub(super) fn is_booked(&self, mention: &Mention) -> bool {
        self.ground.booked.iter().chain(&self.ground.own).any(|at| mention.fits(at))
    }

    pub(super) fn basis(&self, mention: &Mention) -> Basis {
        if self.moments().any(|at| mention.fits(at))
            || self.told().iter().any(|text| text.iter().any(|said| self.repeats(mention, said)))
        {
            return Basis::Fact;
        }
        let today = self.today();
        let all = || self.heard().iter().flatten();
        let day = mention.days.is_empty()
            || mention
                .days
                .iter()
                .any(|day| all().any(|said| said.days.iter().any(|said| day.is_named_by(*said, today))));
        let clock = mention.clock.is_none_or(|clock| {
            matches!(clock, Hours::Part(..)) || all().any(|said| said.clock.is_some_and(|said| clock.is_named_by(said)))
        });
        if day && clock { Basis::Heard } else { Basis::Nothing }
    }

    /// Whether what was told said the same time, of the same day if one is named.
    fn repeats(&self, mention: &Mention, said: &Mention) -> bool {
        let today = self.today();
        let day = mention.days.is_empty()
            || mention.days.iter().any(|day| said.days.iter().any(|said| day.is_named_by(*said, today)));
        let clock = match (mention.clock, said.clock) {
            (None, _) => true,
            (Some(clock), Some(said)) => clock.is_named_by(said),
            (Some(_), None) => false,
        };
        day && clock
    }

    /// Whether the server told that there is nothing free at that time, or on that day.
    pub(super) fn is_told_taken(&self, mention: Option<&Mention>) -> bool {
        let texts = self.ground.told.iter().rev();
        texts.zip(self.told()).any(|(text, said)| {
            let text = text.to_lowercase();
            let taken = DENIALS.iter().any(|denial| text.contains(denial));
            // Without a day or a time it has to be the times that are denied, and nothing else.
            let of_times = mention.is_some() || OF_TIMES.iter().any(|word| text.contains(word));
            taken
                && of_times
                && mention.is_none_or(|mention| {
                    said.is_empty()
                        || said.iter().any(|said| {
                            self.repeats(mention, said)
                                || mention.clock.is_some() && said.clock.is_none() && mention.days.is_empty()
                        })
                })
        })
    }
}

/// What makes a denial one of times.
const OF_TIMES: &[&str] = &["free", "available", "opening", "nothing on", "nothing at", "taken", "closed"];

/// How the machine and the desk tell that something is not to be had.
const DENIALS: &[&str] = &[
    "nothing",
    "isn't",
    "not ",
    "n't",
    "closed",
    "taken",
    "no longer",
    "passed",
    "too late",
    "until",
    "nearest",
    "can't",
    "nobody",
    "sorry",
    "afraid",
];
