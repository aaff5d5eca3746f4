//! The meaning of what was said about time, before a clock or a calendar is asked.

use jiff::{Zoned, civil::Weekday};
use serde::{Deserialize, Serialize};

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

/// The days of [`Day`] that can be an edge.
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
}

impl From<OneDay> for Day {
    fn from(day: OneDay) -> Self {
        match day {
            OneDay::InDays(days) => Self::InDays(days),
            OneDay::Weekday { weekday, which } => Self::Weekday { weekday, which },
            OneDay::Date { weekday, day, month, year } => Self::Date { weekday, day, month, year },
        }
    }
}

impl Day {
    /// This day as an edge of a stretch; a week or a month is none.
    pub fn one(self) -> Option<OneDay> {
        match self {
            Self::InDays(days) => Some(OneDay::InDays(days)),
            Self::Weekday { weekday, which } => Some(OneDay::Weekday { weekday, which }),
            Self::Date { weekday, day, month, year } => Some(OneDay::Date { weekday, day, month, year }),
            _ => None,
        }
    }
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    At(ClockTime),
    Part(Part),
    /// "after four", "from ten on".
    After(ClockTime),
    /// "before noon", "until three".
    Before(ClockTime),
    Between(ClockTime, ClockTime),
    /// "around three", "threeish".
    About(ClockTime),
    /// Compared with what was offered or booked: "anything later?", "earlier".
    Later,
    Earlier,
    /// "in two hours", counted in minutes from now. Says the day too.
    InMinutes(u16),
    /// "any time": no wish.
    Any,
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
}

impl When {
    pub fn is_empty(&self) -> bool {
        self.day.is_none() && self.clock.is_none()
    }

    /// Exactly this moment, on its own day and at its own wall time.
    pub fn exactly(at: &Zoned) -> Self {
        let (hour, minute) = (at.hour(), at.minute());
        let half = if hour < 12 { Half::Am } else { Half::Pm };
        let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
        Self {
            day: Some(Day::Date { weekday: None, day: at.day(), month: Some(at.month()), year: Some(at.year()) }),
            clock: Some(Clock::At(ClockTime { hour, minute, half: Some(half) })),
        }
    }

    /// What is meant after somebody who said `self` says `newer`: each half that is said again replaces the old one.
    #[must_use]
    pub fn then(self, newer: Self) -> Self {
        Self { day: newer.day.or(self.day), clock: newer.clock.or(self.clock) }
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
