//! Several days: weeks, months and years, parts of them, and what lies between two days.

use jiff::civil::{Date, Weekday};

use super::{
    Extent, Today, Unreal, ahead,
    days::{full_year, length_ahead, month_of},
    first_of, months_ahead, week_start,
};
use crate::domain::time::{Counted, Day, Edge, Grain, InYear, Length, OneDay, Season, Slice, Unit, Whole};

impl Today<'_> {
    pub(super) fn stretch(self, day: Day) -> Result<Option<Extent>, Unreal> {
        Ok(Some(match day {
            Day::Soonest | Day::Any => return Ok(None),
            Day::Between { from, to } => self.between(from, to)?,
            Day::Shifted { from, by, weekday } => self.shifted(from, by, weekday)?,
            Day::Beside { what, of, after } => self.beside(what, of, after)?,
            Day::WeekOf(day) => {
                let monday = week_start(self.start(day)?)?;
                Extent::of(monday, ahead(monday, 6)?, Grain::Week)
            }
            Day::WeekendOf(day) => self.weekend_of(day)?,
            Day::Run { from, length } => {
                let first = self.start(from)?;
                Extent::of(first, ahead(length_ahead(first, length)?, -1)?.max(first), Grain::Day)
            }
            Day::Within(length) => {
                let end = ahead(length_ahead(self.date, length)?, -1)?;
                Extent::of(self.date.min(end), end.max(self.date), Grain::Day)
            }
            Day::Coming(length) => self.coming(length)?,
            // The rest are single days or stretches with a name, which `one` has.
            other => match other.one() {
                Some(one) => self.one(one)?,
                None => return Ok(None),
            },
        }))
    }

    /// "From Tuesday to Friday" said on a Wednesday ends after it starts.
    fn between(self, from: Option<Edge>, to: Option<Edge>) -> Result<Extent, Unreal> {
        let start = from.map(|edge| self.one(edge.day)).transpose()?;
        let first = match (from, start) {
            (Some(Edge { included: false, .. }), Some(Extent { last: Some(last), .. })) => Some(ahead(last, 1)?),
            (_, start) => start.and_then(|start| start.first),
        };
        let end = match (to, first) {
            (Some(edge), Some(first)) => {
                let end = self.one(edge.day)?;
                let seen = Today { date: first, ..self };
                if end.last < Some(first) { Some(seen.one(edge.day)?) } else { Some(end) }
            }
            (Some(edge), None) => Some(self.one(edge.day)?),
            (None, _) => None,
        };
        let last = match (to, end) {
            (Some(Edge { included: false, .. }), Some(Extent { first: Some(first), .. })) => Some(ahead(first, -1)?),
            (_, end) => end.and_then(|end| end.last),
        };
        Ok(Extent { first, last, grain: Grain::Day })
    }

    /// The first day that an edge can be counted from.
    fn start(self, day: OneDay) -> Result<Date, Unreal> {
        let extent = match self.one(day) {
            Err(Unreal::WrongWeekday { date, .. }) => return Ok(date),
            extent => extent?,
        };
        extent.first.ok_or(Unreal::TooEarly)
    }

    fn shifted(self, from: OneDay, by: Length, weekday: Option<Weekday>) -> Result<Extent, Unreal> {
        let from = self.one(from)?;
        // After February is after its end, before it is before its start.
        let base = if by.count < 0 { from.first } else { from.last };
        let date = length_ahead(base.ok_or(Unreal::TooLate)?, by)?;
        match weekday {
            Some(weekday) => ahead(week_start(date)?, i32::from(weekday.to_monday_zero_offset())).map(Extent::day),
            None => Ok(Extent::day(date)),
        }
    }

    /// The nearest such day, week or weekend that lies wholly after a day, or before it.
    fn beside(self, what: Counted, of: OneDay, after: bool) -> Result<Extent, Unreal> {
        let of = self.one(of)?;
        let (Some(first), Some(last)) = (of.first, of.last) else { return Err(Unreal::TooLate) };
        let next = if after { ahead(last, 1)? } else { ahead(first, -1)? };
        let weekday = |weekday: Weekday| {
            let days = if after { next.weekday().until(weekday) } else { weekday.until(next.weekday()) };
            ahead(next, if after { i32::from(days) } else { -i32::from(days) })
        };
        match what {
            Counted::Day => Ok(Extent::day(next)),
            Counted::BusinessDay => {
                let count = if after { 1 } else { -1 };
                let base = if after { last } else { first };
                length_ahead(base, Length { count, unit: Unit::BusinessDay }).map(Extent::day)
            }
            Counted::Weekday(day) => weekday(day).map(Extent::day),
            Counted::Week => {
                let monday =
                    week_start(if after { ahead(week_start(last)?, 7)? } else { ahead(week_start(first)?, -7)? })?;
                Ok(Extent::of(monday, ahead(monday, 6)?, Grain::Week))
            }
            Counted::Weekend => {
                let saturday = if after { weekday(Weekday::Saturday)? } else { ahead(weekday(Weekday::Sunday)?, -1)? };
                Ok(Extent::of(saturday, ahead(saturday, 1)?, Grain::Day))
            }
        }
    }

    /// Whole units after the current one, or before it. "The next three days" begin tomorrow.
    fn coming(self, length: Length) -> Result<Extent, Unreal> {
        let Length { count, unit } = length;
        let current = match unit {
            Unit::Week => self.whole(Whole::Week(0))?,
            Unit::Month => self.whole(Whole::Month { month: None, after: 0, year: InYear::Coming })?,
            Unit::Quarter => self.whole(Whole::Quarter { nth: None, after: 0, year: None })?,
            Unit::Year => self.whole(Whole::Year { year: None, after: 0 })?,
            Unit::Weekend => self.weekend(0)?,
            Unit::Day | Unit::BusinessDay | Unit::Fortnight => Extent::day(self.date),
        };
        let (Some(first), Some(last)) = (current.first, current.last) else { return Err(Unreal::TooLate) };
        let grain = if current.grain == Grain::Week { Grain::Week } else { Grain::Day };
        if count < 0 {
            return Ok(Extent::of(length_ahead(first, length)?, ahead(first, -1)?, grain));
        }
        let after = ahead(last, 1)?;
        let end = match unit {
            Unit::BusinessDay => length_ahead(self.date, length)?,
            Unit::Weekend => ahead(length_ahead(first, length)?, 1)?,
            _ => ahead(length_ahead(after, length)?, -1)?,
        };
        Ok(Extent::of(after, end.max(after), grain))
    }

    pub(super) fn weekend(self, weeks: i32) -> Result<Extent, Unreal> {
        let days = weeks.checked_mul(7).and_then(|days| days.checked_add(5)).ok_or(Unreal::TooLate)?;
        let saturday = ahead(week_start(self.date)?, days)?;
        Ok(Extent::of(saturday, ahead(saturday, 1)?, Grain::Day))
    }

    /// The weekend of a day, or next to it: a holiday on a Monday is part of its weekend.
    fn weekend_of(self, day: OneDay) -> Result<Extent, Unreal> {
        let date = self.start(day)?;
        let to_saturday = match date.weekday() {
            Weekday::Sunday => -1,
            Weekday::Monday => -2,
            Weekday::Tuesday => -3,
            weekday => i32::from(weekday.until(Weekday::Saturday)),
        };
        let saturday = ahead(date, to_saturday)?;
        let near = matches!(date.weekday(), Weekday::Thursday | Weekday::Friday | Weekday::Monday);
        let sunday = ahead(saturday, 1)?;
        let (first, last) = if near { (saturday.min(date), sunday.max(date)) } else { (saturday, sunday) };
        Ok(Extent::of(first, last, Grain::Day))
    }

    pub(super) fn whole(self, whole: Whole) -> Result<Extent, Unreal> {
        let (first, last) = self.bounds(whole)?;
        let grain = match whole {
            Whole::Week(_) => Grain::Week,
            Whole::Month { .. } => Grain::Month,
            Whole::Quarter { .. } => Grain::Quarter,
            Whole::Year { .. } => Grain::Year,
            Whole::Season { .. } => Grain::Day,
        };
        Ok(Extent::of(first, last, grain))
    }

    /// The first and the last day.
    pub(super) fn bounds(self, whole: Whole) -> Result<(Date, Date), Unreal> {
        let this_month = self.date.first_of_month();
        match whole {
            Whole::Week(weeks) => {
                let monday = ahead(week_start(self.date)?, weeks.checked_mul(7).ok_or(Unreal::TooLate)?)?;
                Ok((monday, ahead(monday, 6)?))
            }
            Whole::Month { month, after, year } => {
                let this = self.date.year();
                let first = match (month, year) {
                    (Some(month), InYear::Coming) => self.month(month)?,
                    (Some(month), InYear::After(years)) => months_ahead(self.month(month)?, i32::from(years) * 12)?,
                    (Some(month), InYear::Said(year)) => month_of(full_year(year), month, self.date)?,
                    (Some(month), InYear::YearsAfter(years)) => {
                        month_of(this.saturating_add(i16::from(years)), month, self.date)?
                    }
                    (None, _) => months_ahead(this_month, after)?,
                };
                Ok((first, first.last_of_month()))
            }
            Whole::Quarter { nth, after, year } => {
                let current = first_of(self.date.year(), (self.date.month() - 1) / 3 * 3 + 1)?;
                let first = match nth {
                    Some(nth) => first_of(year.map_or(self.date.year(), full_year), (nth.clamp(1, 4) - 1) * 3 + 1)?,
                    None => months_ahead(current, after.checked_mul(3).ok_or(Unreal::TooLate)?)?,
                };
                Ok((first, ahead(months_ahead(first, 3)?, -1)?))
            }
            Whole::Year { year, after } => {
                let year = match year {
                    Some(year) => full_year(year),
                    None => i16::try_from(i32::from(self.date.year()).saturating_add(after))
                        .map_err(|_| if after < 0 { Unreal::TooEarly } else { Unreal::TooLate })?,
                };
                let first = first_of(year, 1)?;
                Ok((first, first.last_of_year()))
            }
            Whole::Season { season, after } => self.season(season, after),
        }
    }

    /// The astronomical seasons, by the days on which they begin in most years.
    fn season(self, season: Season, after: i32) -> Result<(Date, Date), Unreal> {
        let starts = |season| match season {
            Season::Spring => (3, 20, 6, 20),
            Season::Summer => (6, 21, 9, 22),
            Season::Autumn => (9, 23, 12, 20),
            Season::Winter => (12, 21, 3, 19),
        };
        let (month, day, end_month, end_day) = starts(season);
        let in_year = |year: i16| {
            let first = Date::new(year, month, day).map_err(|_| Unreal::TooLate)?;
            let end_year = if end_month < month { year.saturating_add(1) } else { year };
            Date::new(end_year, end_month, end_day).map(|last| (first, last)).map_err(|_| Unreal::TooLate)
        };
        let mut year = self.date.year().saturating_sub(1);
        while in_year(year)?.1 < self.date {
            year = year.checked_add(1).ok_or(Unreal::TooLate)?;
        }
        let year = i16::try_from(i32::from(year).saturating_add(after)).map_err(|_| Unreal::TooLate)?;
        in_year(year)
    }

    pub(super) fn slice(self, slice: Slice, of: Whole) -> Result<Extent, Unreal> {
        let (first, last) = self.bounds(of)?;
        let is_week = matches!(of, Whole::Week(_));
        let (from, to) = match (slice, of) {
            (Slice::FirstHalf, Whole::Month { .. }) => (first, ahead(first, 14)?),
            (Slice::SecondHalf, Whole::Month { .. }) => (ahead(first, 15)?, last),
            (Slice::Rest, _) => (self.date.max(first), last),
            (Slice::Early | Slice::FirstHalf, Whole::Week(_)) => (first, ahead(first, 2)?),
            (Slice::Mid, Whole::Week(_)) => (ahead(first, 1)?, ahead(first, 3)?),
            (Slice::Late | Slice::SecondHalf, Whole::Week(_)) => (ahead(first, 3)?, last),
            (Slice::End, Whole::Week(_)) => (ahead(first, 4)?, last),
            (Slice::Early, Whole::Month { .. }) => (first, ahead(first, 9)?),
            (Slice::Mid, Whole::Month { .. }) => (ahead(first, 9)?, ahead(first, 19)?),
            (Slice::Late | Slice::End, Whole::Month { .. }) => (ahead(first, 20)?, last),
            (Slice::FirstHalf, _) => (first, ahead(months_ahead(first, 6)?, -1)?.min(last)),
            (Slice::SecondHalf, _) => (months_ahead(first, 6)?.min(last), last),
            (Slice::Early, _) => (first, ahead(months_ahead(first, 3)?, -1)?.min(last)),
            (Slice::Mid, _) => (months_ahead(first, 4)?.min(last), ahead(months_ahead(first, 8)?, -1)?.min(last)),
            (Slice::Late | Slice::End, _) => (months_ahead(ahead(last, 1)?, -4)?.max(first), last),
        };
        Ok(Extent::of(from, to, if is_week { Grain::Day } else { Grain::Month }))
    }
}
