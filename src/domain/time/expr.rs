//! The meaning of what was said about time, before a clock or a calendar is asked.

use jiff::{Zoned, civil::Weekday, tz::AmbiguousOffset};
use serde::{Deserialize, Serialize};

use super::holiday::Holiday;

/// "next Tuesday at half past three": a day, a time of day, either or both. Which of them were said is kept apart, so
/// that a day and a time from different turns combine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    pub day: Option<Day>,
    pub clock: Option<Clock>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Day {
    /// Today is 0, tomorrow 1, "in three days" 3, yesterday −1.
    InDays(i32),
    /// "Tuesday", "this Tuesday", "next Tuesday", "Tuesday week".
    Weekday {
        #[serde(with = "weekday")]
        weekday: Weekday,
        which: Which,
    },
    /// "the 14th", "March 3rd", "Monday the 14th", "2027-03-03". A month without a day is `Month`.
    Date {
        #[serde(with = "weekday::option")]
        weekday: Option<Weekday>,
        day: i8,
        month: Option<i8>,
        year: Option<i16>,
    },
    /// Any day of the week that is this many weeks after the current one: "this week" 0, "next week" 1.
    Week(i32),
    /// "this weekend" 0, "next weekend" 1.
    Weekend(i32),
    /// Any day of the named month, or of the month this many after the current one.
    Month { month: Option<i8>, after: i32 },
    /// "the 14th of next month": a day of the month this many after the current one.
    OfMonth { day: i8, after: i32 },
    /// "the first Monday of December", "the last Friday of next month" (`nth` −1). The month as in `Month`.
    Nth {
        nth: i8,
        #[serde(with = "weekday")]
        weekday: Weekday,
        month: Option<i8>,
        after: i32,
    },
    /// A month of a year, a quarter, a year, a season: "October 2027", "next quarter", "this summer".
    Whole(Whole),
    /// "the last day of May", "the first week of October", "the third Tuesday of September 2027".
    NthOf { nth: i8, unit: Counted, of: Whole },
    /// "early next week", "the end of the month", "the rest of the week".
    Slice { slice: Slice, of: Whole },
    /// "Christmas Day", "Thanksgiving 2027".
    Holiday { holiday: Holiday, year: InYear },
    /// "in three months", "in four business days", "two weeks ago": a date as far from today.
    Ahead(Length),
    /// "three weeks after Christmas", "five days before New Year", and with a weekday the one of that week.
    Shifted {
        from: OneDay,
        by: Length,
        #[serde(with = "weekday::option")]
        weekday: Option<Weekday>,
    },
    /// "the day after Thanksgiving", "the Monday before Christmas", "the week after the 20th".
    Beside { what: Counted, of: OneDay, after: bool },
    /// "the week of October 7th", from its Monday on.
    WeekOf(OneDay),
    /// "the weekend of Halloween", "Labor Day weekend": with the day itself when it lies beside the weekend.
    WeekendOf(OneDay),
    /// "a week from the 20th on", "the 27th for two days".
    Run { from: OneDay, length: Length },
    /// "the next three weeks": whole units after the current one; before it when negative.
    Coming(Length),
    /// "within two weeks": from today on.
    Within(Length),
    /// "from Tuesday to Friday", "before the 20th", "after Monday": any day between the two; a missing edge is open.
    Between { from: Option<Edge>, to: Option<Edge> },
    /// "as soon as possible", "your first free time".
    Soonest,
    /// "any day", "whenever": no wish.
    Any,
}

/// Where a stretch of days starts or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    pub day: OneDay,
    /// "From Monday" has Monday in it, "after Monday" does not.
    pub included: bool,
}

/// The days of [`Day`] that can be an edge, or that something is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OneDay {
    InDays(i32),
    Weekday {
        #[serde(with = "weekday")]
        weekday: Weekday,
        which: Which,
    },
    Date {
        #[serde(with = "weekday::option")]
        weekday: Option<Weekday>,
        day: i8,
        month: Option<i8>,
        year: Option<i16>,
    },
    OfMonth {
        day: i8,
        after: i32,
    },
    Ahead(Length),
    Holiday {
        holiday: Holiday,
        year: InYear,
    },
    NthOf {
        nth: i8,
        unit: Counted,
        of: Whole,
    },
    /// Weeks, months and the like have edges too: "after February", "by next week", "from May to December".
    Weekend(i32),
    Whole(Whole),
    Slice {
        slice: Slice,
        of: Whole,
    },
}

impl From<OneDay> for Day {
    fn from(day: OneDay) -> Self {
        match day {
            OneDay::InDays(days) => Self::InDays(days),
            OneDay::Weekday { weekday, which } => Self::Weekday { weekday, which },
            OneDay::Date { weekday, day, month, year } => Self::Date { weekday, day, month, year },
            OneDay::OfMonth { day, after } => Self::OfMonth { day, after },
            OneDay::Ahead(length) => Self::Ahead(length),
            OneDay::Holiday { holiday, year } => Self::Holiday { holiday, year },
            OneDay::NthOf { nth, unit, of } => Self::NthOf { nth, unit, of },
            OneDay::Weekend(weeks) => Self::Weekend(weeks),
            OneDay::Whole(Whole::Week(weeks)) => Self::Week(weeks),
            OneDay::Whole(Whole::Month { month, after, year: InYear::Coming }) => Self::Month { month, after },
            OneDay::Whole(whole) => Self::Whole(whole),
            OneDay::Slice { slice, of } => Self::Slice { slice, of },
        }
    }
}

impl Day {
    /// This day, or this week or month, as an edge of a stretch; a stretch is none.
    pub fn one(self) -> Option<OneDay> {
        Some(match self {
            Self::InDays(days) => OneDay::InDays(days),
            Self::Weekday { weekday, which } => OneDay::Weekday { weekday, which },
            Self::Date { weekday, day, month, year } => OneDay::Date { weekday, day, month, year },
            Self::OfMonth { day, after } => OneDay::OfMonth { day, after },
            Self::Ahead(length) => OneDay::Ahead(length),
            Self::Holiday { holiday, year } => OneDay::Holiday { holiday, year },
            Self::Nth { nth, weekday, month, after } => OneDay::NthOf {
                nth,
                unit: Counted::Weekday(weekday),
                of: Whole::Month { month, after, year: InYear::Coming },
            },
            Self::NthOf { nth, unit, of } => OneDay::NthOf { nth, unit, of },
            Self::Week(weeks) => OneDay::Whole(Whole::Week(weeks)),
            Self::Weekend(weeks) => OneDay::Weekend(weeks),
            Self::Month { month, after } => OneDay::Whole(Whole::Month { month, after, year: InYear::Coming }),
            Self::Whole(whole) => OneDay::Whole(whole),
            Self::Slice { slice, of } => OneDay::Slice { slice, of },
            _ => return None,
        })
    }
}

/// A stretch of the calendar that has a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whole {
    /// This many weeks after the current one.
    Week(i32),
    /// The month of that name and year, or without a name the one this many after the current one.
    Month { month: Option<i8>, after: i32, year: InYear },
    /// The quarter of that number (of that year), or the one this many after the current one.
    Quarter { nth: Option<i8>, after: i32, year: Option<i16> },
    /// That year, or the one this many after the current one.
    Year { year: Option<i16>, after: i32 },
    /// The coming season of that name, this many years later; the current one counts.
    Season { season: Season, after: i32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// A part of a week, a month or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slice {
    Early,
    Mid,
    /// "late next week": from Thursday on; of a month from the 21st on.
    Late,
    /// "the end of next week": from Friday on.
    End,
    /// From today on.
    Rest,
    /// "the first half of next month".
    FirstHalf,
    SecondHalf,
}

/// What is counted within a month or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Counted {
    Day,
    /// Monday to Friday.
    BusinessDay,
    Week,
    Weekend,
    Weekday(#[serde(with = "weekday")] Weekday),
}

/// A length in one unit. Negative lengths are past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    pub count: i32,
    pub unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    Day,
    /// Monday to Friday.
    BusinessDay,
    Week,
    Fortnight,
    Weekend,
    Month,
    Quarter,
    Year,
}

/// Which year's holiday or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InYear {
    /// That of the next one; today counts.
    Coming,
    /// This many after the coming one; −1 is the one before.
    After(i8),
    Said(i16),
    /// "of next year".
    YearsAfter(i8),
}

/// Which of the coming weekdays of one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Which {
    /// Nothing said, or "this", or "coming": the nearest one that is still to come.
    Coming,
    /// "next": the one of next week, counted from Monday.
    Next,
    /// "Tuesday week", "the Tuesday after next": this many weeks after the coming one.
    WeeksAfter(u8),
    /// "Tuesday of the week after next": the one of the week this many after the current one, counted from Monday.
    OfWeek(u8),
    /// "last Tuesday": the nearest one before today.
    Last,
    /// "Tuesday of last week": the one of the week this many before the current one.
    OfWeekBefore(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    At(ClockTime),
    /// "1:30, after the clocks go back": of a time that comes twice this one. Where it comes once it is [`Clock::At`].
    Twice(ClockTime, Turn),
    /// "After the clocks go back", of a time that was said before.
    Turn(Turn),
    Part(Part),
    /// "late in the afternoon", "early evening".
    Shaded(Part, Shade),
    /// "after lunch", "before work".
    AfterPart(Part),
    BeforePart(Part),
    /// "after four", "from ten on".
    After(ClockTime),
    /// "before noon", "until three".
    Before(ClockTime),
    Between(ClockTime, ClockTime),
    /// "ten in the evening until Friday at eight": from the first day's time to the last day's, without a break.
    Through(ClockTime, ClockTime),
    /// "from nine for two and a half hours".
    For {
        from: ClockTime,
        minutes: u16,
    },
    /// "around three", "threeish".
    About(ClockTime),
    /// Compared with what was offered or booked: "anything later?", "earlier".
    Later,
    Earlier,
    /// "in two hours", counted in minutes from now; past when negative. Says the day too.
    InMinutes(i32),
    /// "within two hours": from now on, so many minutes.
    WithinMinutes(u16),
    /// "the next three hours": whole hours after the current one.
    ComingHours(u16),
    /// "any time": no wish.
    Any,
}

/// Which of the two when a wall time comes twice, in autumn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    First,
    Second,
}

/// A reading of the clock. Until resolved, "four" may be in the morning or in the afternoon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockTime {
    /// 0 to 24 as said ("24:00" is the end of the day).
    pub hour: i8,
    pub minute: i8,
    /// Nothing said and the hour is 1 to 12: both are possible.
    pub half: Option<Half>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Half {
    Am,
    Pm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Morning,
    Midday,
    Afternoon,
    Evening,
    Night,
    Daytime,
    BusinessHours,
    Breakfast,
    Dinner,
}

/// Which end of a part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shade {
    Early,
    Mid,
    Late,
}

impl Clock {
    /// The same time with which of the two it is.
    pub(super) fn on_turn(self, turn: Turn) -> Self {
        match self {
            Self::At(time) | Self::Twice(time, _) => Self::Twice(time, turn),
            Self::Turn(_) | Self::Any => Self::Turn(turn),
            other => other,
        }
    }
}

impl When {
    pub fn is_empty(&self) -> bool {
        self.day.is_none() && self.clock.is_none()
    }

    /// Exactly this moment, on its own day and at its own wall time; of an hour that comes twice, the right one.
    pub fn exactly(at: &Zoned) -> Self {
        let (hour, minute) = (at.hour(), at.minute());
        let half = if hour < 12 { Half::Am } else { Half::Pm };
        let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
        let time = ClockTime { hour, minute, half: Some(half) };
        let clock = match at.time_zone().to_ambiguous_zoned(at.datetime()).offset() {
            AmbiguousOffset::Fold { before, .. } if at.offset() == before => Clock::Twice(time, Turn::First),
            AmbiguousOffset::Fold { .. } => Clock::Twice(time, Turn::Second),
            _ => Clock::At(time),
        };
        Self {
            day: Some(Day::Date { weekday: None, day: at.day(), month: Some(at.month()), year: Some(at.year()) }),
            clock: Some(clock),
        }
    }

    /// What is meant after somebody who said `self` says `newer`: each half that is said again replaces the old one.
    #[must_use]
    pub fn then(self, newer: Self) -> Self {
        let clock = match (self.clock, newer.clock) {
            (Some(said), Some(Clock::Turn(turn))) => Some(said.on_turn(turn)),
            (said, newer) => newer.or(said),
        };
        Self { day: newer.day.or(self.day), clock }
    }
}

/// A weekday as 1 (Monday) to 7 in a saved call.
mod weekday {
    use jiff::civil::Weekday;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(super) fn serialize<S: Serializer>(day: &Weekday, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i8(day.to_monday_one_offset())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
        Weekday::from_monday_one_offset(i8::deserialize(deserializer)?).map_err(D::Error::custom)
    }

    pub(super) mod option {
        use super::{Deserialize, Deserializer, Error, Serializer, Weekday};

        #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
        pub(in super::super) fn serialize<S: Serializer>(
            day: &Option<Weekday>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match day {
                Some(day) => serializer.serialize_some(&day.to_monday_one_offset()),
                None => serializer.serialize_none(),
            }
        }

        pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<Weekday>, D::Error> {
            Option::<i8>::deserialize(deserializer)?
                .map(|day| Weekday::from_monday_one_offset(day).map_err(D::Error::custom))
                .transpose()
        }
    }
}
