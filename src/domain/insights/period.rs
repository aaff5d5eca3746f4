//! Which days are counted: read from what somebody asked for, and cut into steps that a chart can show.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};

/// The most days that are counted at once.
pub const LONGEST_DAYS: i32 = 731;

/// Days of a business, the first and the last included. Never empty, never longer than [`LONGEST_DAYS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    first: Date,
    last: Date,
}

/// Why days cannot be counted, and in which of the two fields that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodMistake {
    #[error("Write the first day as year, month and day, such as 2026-11-01.")]
    First,
    #[error("Write the last day as year, month and day, such as 2026-11-30.")]
    Last,
    #[error("The last day is before the first. Swap them?")]
    Backwards,
    #[error("That is more than two years. Choose fewer days at once.")]
    TooLong,
    #[error("Choose days between the years 2000 and 2100.")]
    Far,
}

/// What a chart's bars stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Day,
    /// Seven days, counted back from the last day of the period, so that all but the first are whole.
    Week,
    /// Of the calendar.
    Month,
}

impl Period {
    /// The last `count` days, today included.
    pub fn days(count: i32, today: Date) -> Self {
        let count = count.clamp(1, LONGEST_DAYS);
        Self { first: today.saturating_sub((count - 1).days()), last: today }
    }

    /// From the first of the month to today.
    pub fn this_month(today: Date) -> Self {
        Self { first: today.first_of_month(), last: today }
    }

    pub fn last_month(today: Date) -> Self {
        let last = today.first_of_month().saturating_sub(1.day());
        Self { first: last.first_of_month(), last }
    }

    /// From two days as a form sends them.
    ///
    /// # Errors
    /// What is wrong with them, in words for whoever typed them.
    pub fn read(first: &str, last: &str) -> Result<Self, PeriodMistake> {
        let first: Date = first.trim().parse().map_err(|_| PeriodMistake::First)?;
        let last: Date = last.trim().parse().map_err(|_| PeriodMistake::Last)?;
        let sane = date(2000, 1, 1)..=date(2100, 12, 31);
        if !sane.contains(&first) || !sane.contains(&last) {
            return Err(PeriodMistake::Far);
        }
        if last < first {
            return Err(PeriodMistake::Backwards);
        }
        let period = Self { first, last };
        if period.count() > LONGEST_DAYS { Err(PeriodMistake::TooLong) } else { Ok(period) }
    }

    pub fn first(&self) -> Date {
        self.first
    }

    pub fn last(&self) -> Date {
        self.last
    }

    /// How many days.
    pub fn count(&self) -> i32 {
        days_between(self.first, self.last) + 1
    }

    /// As many days that end on the day before.
    #[must_use]
    pub fn before(&self) -> Self {
        let last = self.first.saturating_sub(1.day());
        Self { first: last.saturating_sub((self.count() - 1).days()), last }
    }

    /// From ≤ t < to, in a zone. A day begins when the clocks there first show it, and may last 23 or 25 hours.
    pub fn bounds(&self, zone: &TimeZone) -> (Timestamp, Timestamp) {
        let start = |date: Date| date.to_zoned(zone.clone()).map_or(Timestamp::MAX, |start| start.timestamp());
        (start(self.first), start(self.last.saturating_add(1.day())))
    }

    /// What a chart of it shows: at most 35 bars of days, 29 of weeks, or 25 of months.
    pub fn step(&self) -> Step {
        match self.count() {
            ..=35 => Step::Day,
            36..=200 => Step::Week,
            _ => Step::Month,
        }
    }

    /// Its parts, in order and without gaps.
    pub fn parts(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let last = match self.step() {
                Step::Day => first,
                Step::Week => first.saturating_add((days_between(first, self.last) % 7).days()),
                Step::Month => first.last_of_month().min(self.last),
            };
            parts.push(Self { first, last });
            first = last.saturating_add(1.day());
        }
        parts
    }

    pub fn contains(&self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

fn days_between(first: Date, last: Date) -> i32 {
    (last - first).get_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = date(2026, 11, 26);

    fn read(first: &str, last: &str) -> Result<(Date, Date), PeriodMistake> {
        Period::read(first, last).map(|period| (period.first, period.last))
    }

    #[test]
    fn presets_end_where_they_say() {
        let shown = |period: Period| (period.first.to_string(), period.last.to_string(), period.count());
        assert_eq!(shown(Period::days(7, TODAY)), ("2026-11-20".into(), "2026-11-26".into(), 7));
        assert_eq!(shown(Period::this_month(TODAY)), ("2026-11-01".into(), "2026-11-26".into(), 26));
        assert_eq!(shown(Period::last_month(TODAY)), ("2026-10-01".into(), "2026-10-31".into(), 31));
        assert_eq!(shown(Period::last_month(date(2026, 1, 31))), ("2025-12-01".into(), "2025-12-31".into(), 31));
        assert_eq!(shown(Period::days(7, TODAY).before()), ("2026-11-13".into(), "2026-11-19".into(), 7));
    }

    #[test]
    fn what_cannot_be_counted_is_said_in_words() {
        assert_eq!(read(" 2026-11-01", "2026-11-30 "), Ok((date(2026, 11, 1), date(2026, 11, 30))));
        assert_eq!(read("2026-11-02", "2026-11-01"), Err(PeriodMistake::Backwards));
        assert_eq!(read("", "2026-11-01"), Err(PeriodMistake::First));
        assert_eq!(read("2026-11-01", "<script>"), Err(PeriodMistake::Last));
        assert_eq!(read("2026-02-30", "2026-03-01"), Err(PeriodMistake::First));
        assert_eq!(read("2026-11-01", "9999-12-31"), Err(PeriodMistake::Far));
        assert_eq!(read("-009999-01-01", "2026-01-01"), Err(PeriodMistake::Far));
        assert_eq!(read("2024-01-01", "2026-01-01"), Err(PeriodMistake::TooLong));
        assert!(read("2025-01-01", "2026-12-31").is_ok());
    }

    #[test]
    fn days_are_as_long_as_the_clocks_there_make_them() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let hours = |on: Date| {
            let (from, to) = Period { first: on, last: on }.bounds(&zone);
            to.duration_since(from).as_hours()
        };
        assert_eq!([hours(date(2026, 3, 8)), hours(date(2026, 11, 1)), hours(TODAY)], [23, 25, 24]);
        // In Cairo the clocks go forward at midnight: the day begins at one o'clock.
        let cairo = TimeZone::get("Africa/Cairo").unwrap();
        let (from, _) = Period { first: date(2026, 4, 24), last: date(2026, 4, 24) }.bounds(&cairo);
        assert_eq!(from.to_string(), "2026-04-23T22:00:00Z");
    }

    #[test]
    fn parts_follow_one_another_and_are_all_there() {
        for count in [1, 7, 35, 36, 90, 200, 201, 365, LONGEST_DAYS] {
            let period = Period::days(count, TODAY);
            let parts = period.parts();
            assert_eq!(parts.iter().map(Period::count).sum::<i32>(), count, "{count}");
            assert!(parts.len() <= 35, "{count}: {}", parts.len());
            assert!(parts.windows(2).all(|pair| pair[0].last.saturating_add(1.day()) == pair[1].first), "{count}");
        }
        let weeks = Period::days(90, TODAY).parts();
        assert_eq!((weeks.len(), weeks[0].count(), weeks[1].count(), weeks[12].count()), (13, 6, 7, 7));
    }
}
