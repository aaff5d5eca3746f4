//! Recurrence rules (RFC 5545, 3.3.10), unfolded in local time. What is not understood here is left to the server.

use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime, Weekday},
};

use super::{
    Unclear,
    event::{Moment, civil},
    zone::{EASTERNMOST, Zone},
};

/// Steps that are left, for all recurrences of one answer together: a calendar may be made to cost.
#[derive(Debug)]
pub(in super::super) struct Budget(u32);

impl Budget {
    /// A daily recurrence of fifty years takes 18,000 when it has to be counted from its beginning, 70 otherwise.
    pub(in super::super) fn new() -> Self {
        Self(400_000)
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Unclear> {
        let left = u32::try_from(steps).ok().and_then(|steps| self.0.checked_sub(steps));
        self.0 = left.ok_or(Unclear::TooMuch)?;
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// The last start that belongs to it.
#[derive(Clone, Copy, Debug)]
enum Until {
    Local(DateTime),
    At(Timestamp),
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    every: Every,
    interval: i64,
    count: Option<u32>,
    until: Option<Until>,
    /// With the how-manieth of the month or year.
    days: Vec<(Option<i16>, Weekday)>,
    month_days: Vec<i8>,
    months: Vec<i8>,
    positions: Vec<i16>,
    week_start: Weekday,
}

impl Rule {
    pub(super) fn read(text: &str, start: &Moment) -> Result<Self, Unclear> {
        let mut every = None;
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            days: Vec::new(),
            month_days: Vec::new(),
            months: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        for part in text.trim().split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(Unclear::Rule)?;
            let value = value.trim().to_ascii_uppercase();
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => every = Some(frequency(&value)?),
                "INTERVAL" => rule.interval = i64::from(one::<u16>(&value)?),
                "COUNT" => rule.count = Some(one(&value)?),
                "UNTIL" => rule.until = Some(until(&value)?),
                "WKST" => rule.week_start = weekday(&value)?,
                "BYDAY" => rule.days = value.split(',').map(day).collect::<Result<_, _>>()?,
                "BYMONTHDAY" => rule.month_days = several(&value, 31)?,
                "BYMONTH" => rule.months = several(&value, 12)?,
                "BYSETPOS" => rule.positions = several(&value, 366)?,
                // Some programs repeat what the start says already.
                "BYHOUR" if one::<i8>(&value)? == start.civil.hour() => {}
                "BYMINUTE" if one::<i8>(&value)? == start.civil.minute() => {}
                "BYSECOND" if one::<i8>(&value)? == start.civil.second() => {}
                _ => return Err(Unclear::Rule),
            }
        }
        rule.every = every.ok_or(Unclear::Rule)?;
        if rule.is_sensible() { Ok(rule) } else { Err(Unclear::Rule) }
    }

    /// What the table of RFC 5545 leaves undefined or forbids.
    fn is_sensible(&self) -> bool {
        let numbered = self.days.iter().any(|(nth, _)| nth.is_some());
        let short = matches!(self.every, Every::Day | Every::Week);
        let of_the_year = self.every == Every::Year && self.months.is_empty() && !self.month_days.is_empty();
        self.interval > 0
            && !(self.count.is_some() && self.until.is_some())
            && !(numbered && (short || of_the_year))
            && (self.every != Every::Week || self.month_days.is_empty())
            && self.months.iter().all(|month| *month > 0)
    }

    /// The local starts from `window.0` to `window.1`, in order. A start that the clocks skip is among them, but not
    /// counted: some programs leave it out, and others move it.
    pub(super) fn starts(
        &self,
        start: &Moment,
        window: (DateTime, DateTime),
        budget: &mut Budget,
    ) -> Result<Vec<DateTime>, Unclear> {
        let mut found = Vec::new();
        let mut left = self.count;
        for number in self.first_period(start.civil.date(), window.0.date()).. {
            budget.spend(1)?;
            let Some((begins, mut dates)) = self.period(start.civil.date(), number) else { break };
            if begins > window.1.date() {
                break;
            }
            budget.spend(dates.len())?;
            dates.sort_unstable();
            dates.dedup();
            for date in self.positioned(dates) {
                let civil = date.to_datetime(start.civil.time());
                if civil < start.civil {
                    continue;
                }
                if left == Some(0) || civil > window.1 || self.is_over(civil, start) {
                    return Ok(found);
                }
                if civil >= window.0 {
                    found.push(civil);
                }
                if !start.zone.skips(civil) {
                    left = left.map(|left| left - 1);
                }
            }
        }
        Ok(found)
    }

    fn is_over(&self, civil: DateTime, start: &Moment) -> bool {
        match self.until {
            None => false,
            Some(Until::Local(last)) => civil > last,
            // A whole day has no moment; where its date was last is where clocks are furthest ahead.
            Some(Until::At(last)) if start.whole_day => {
                let last = last.checked_add(EASTERNMOST).ok().and_then(|last| Zone::utc().civil(last));
                last.is_some_and(|last| civil > last)
            }
            Some(Until::At(last)) => start.zone.earliest(civil) > last,
        }
    }

    /// The last period that is surely over before the window begins, or the first one when they have to be counted.
    fn first_period(&self, start: Date, window: Date) -> i64 {
        let days = i64::from(window.since(start).map_or(0, |span| span.get_days()));
        if self.count.is_some() || days <= 0 {
            return 0;
        }
        let length = match self.every {
            Every::Day => 1,
            Every::Week => 7,
            Every::Month => 31,
            Every::Year => 366,
        };
        (days / (length * self.interval) - 1).max(0)
    }

    /// Where a period begins, and the dates in it.
    fn period(&self, start: Date, number: i64) -> Option<(Date, Vec<Date>)> {
        let steps = number.checked_mul(self.interval)?;
        match self.every {
            Every::Day => {
                let date = later(start, steps)?;
                Some((date, if self.allows(date) { vec![date] } else { Vec::new() }))
            }
            Every::Week => {
                let into = i64::from(start.weekday().since(self.week_start));
                let monday = later(start, steps.checked_mul(7)? - into)?;
                // The last week of the calendar is cut off.
                let week = (0..7).map_while(|day| later(monday, day));
                let wanted = |date: &Date| match self.days.as_slice() {
                    [] => date.weekday() == start.weekday(),
                    days => days.iter().any(|(_, weekday)| *weekday == date.weekday()),
                };
                Some((monday, week.filter(wanted).filter(|date| self.allows_month(*date)).collect()))
            }
            Every::Month => {
                let month = i64::from(start.month()) - 1 + steps;
                let year = i16::try_from(i64::from(start.year()) + month.div_euclid(12)).ok()?;
                let first = Date::new(year, i8::try_from(month.rem_euclid(12)).ok()? + 1, 1).ok()?;
                let dates = if self.allows_month(first) { self.in_month(first, start) } else { Vec::new() };
                Some((first, dates))
            }
            Every::Year => {
                let year = i16::try_from(i64::from(start.year()).checked_add(steps)?).ok()?;
                let first = Date::new(year, 1, 1).ok()?;
                Some((first, self.in_year(first, start)))
            }
        }
    }

    fn in_year(&self, first: Date, start: Date) -> Vec<Date> {
        let month = |month: i8| Date::new(first.year(), month, 1).ok();
        if !self.months.is_empty() {
            let months = self.months.iter().filter_map(|number| month(*number));
            return months.flat_map(|first| self.in_month(first, start)).collect();
        }
        if !self.month_days.is_empty() {
            return (1..=12).filter_map(month).flat_map(|first| self.in_month(first, start)).collect();
        }
        if !self.days.is_empty() {
            return self.weekdays(first, first.last_of_year());
        }
        Date::new(first.year(), start.month(), start.day()).into_iter().collect()
    }

    fn in_month(&self, first: Date, start: Date) -> Vec<Date> {
        let last = first.last_of_month();
        if !self.month_days.is_empty() {
            let length = last.day();
            let date = |day: &i8| {
                let day = if *day < 0 { length + 1 + *day } else { *day };
                Date::new(first.year(), first.month(), day).ok()
            };
            let dates = self.month_days.iter().filter_map(date);
            let weekdays = self.weekdays(first, last);
            return dates.filter(|date| self.days.is_empty() || weekdays.contains(date)).collect();
        }
        if !self.days.is_empty() {
            return self.weekdays(first, last);
        }
        Date::new(first.year(), first.month(), start.day()).into_iter().collect()
    }

    /// `BYDAY` in a month or a year.
    fn weekdays(&self, first: Date, last: Date) -> Vec<Date> {
        let mut dates = Vec::new();
        for (nth, weekday) in &self.days {
            match *nth {
                None => {
                    let mut next = later(first, i64::from(weekday.since(first.weekday())));
                    while let Some(date) = next.filter(|date| *date <= last) {
                        dates.push(date);
                        next = later(date, 7);
                    }
                }
                Some(nth) if nth > 0 => {
                    let days = i64::from(weekday.since(first.weekday())) + 7 * (i64::from(nth) - 1);
                    dates.extend(later(first, days).filter(|date| *date <= last));
                }
                Some(nth) => {
                    let days = i64::from(last.weekday().since(*weekday)) + 7 * (-i64::from(nth) - 1);
                    dates.extend(later(last, -days).filter(|date| *date >= first));
                }
            }
        }
        dates
    }

    /// For days, where everything takes away.
    fn allows(&self, date: Date) -> bool {
        let length = date.last_of_month().day();
        let is = |day: &i8| date.day() == if *day < 0 { length + 1 + *day } else { *day };
        self.allows_month(date)
            && (self.days.is_empty() || self.days.iter().any(|(_, weekday)| *weekday == date.weekday()))
            && (self.month_days.is_empty() || self.month_days.iter().any(is))
    }

    fn allows_month(&self, date: Date) -> bool {
        self.months.is_empty() || self.months.contains(&date.month())
    }

    /// `BYSETPOS`, of sorted dates.
    fn positioned(&self, dates: Vec<Date>) -> Vec<Date> {
        if self.positions.is_empty() {
            return dates;
        }
        let at = |position: &i16| {
            let behind = usize::from(position.unsigned_abs());
            let index = if *position > 0 { behind.checked_sub(1) } else { dates.len().checked_sub(behind) };
            index.and_then(|index| dates.get(index)).copied()
        };
        let mut chosen: Vec<Date> = self.positions.iter().filter_map(at).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }
}

fn later(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

fn frequency(value: &str) -> Result<Every, Unclear> {
    match value {
        "DAILY" => Ok(Every::Day),
        "WEEKLY" => Ok(Every::Week),
        "MONTHLY" => Ok(Every::Month),
        "YEARLY" => Ok(Every::Year),
        _ => Err(Unclear::Rule),
    }
}

/// A date alone is meant to its end.
fn until(value: &str) -> Result<Until, Unclear> {
    let (local, utc) = match value.strip_suffix('Z') {
        Some(local) => (local, true),
        None => (value, false),
    };
    let last = civil(local).ok_or(Unclear::Rule)?;
    Ok(match (utc, local.len()) {
        (_, 8) => Until::Local(last.date().to_datetime(jiff::civil::time(23, 59, 59, 0))),
        (true, _) => Until::At(Zone::utc().earliest(last)),
        (false, _) => Until::Local(last),
    })
}

fn weekday(value: &str) -> Result<Weekday, Unclear> {
    Ok(match value {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return Err(Unclear::Rule),
    })
}

/// "MO", "2TU", "-1FR".
fn day(value: &str) -> Result<(Option<i16>, Weekday), Unclear> {
    let value = value.trim();
    let at = value.len().checked_sub(2).filter(|at| value.is_char_boundary(*at)).ok_or(Unclear::Rule)?;
    let (nth, name) = value.split_at(at);
    let nth = if nth.is_empty() { None } else { Some(signed(nth, 53)?) };
    Ok((nth, weekday(name)?))
}

fn one<T: std::str::FromStr>(value: &str) -> Result<T, Unclear> {
    value.trim().parse().map_err(|_| Unclear::Rule)
}

/// 1 to `most`, or from the end.
fn signed(value: &str, most: i16) -> Result<i16, Unclear> {
    let number: i16 = one(value)?;
    if number == 0 || number.abs() > most { Err(Unclear::Rule) } else { Ok(number) }
}

fn several<T: TryFrom<i16>>(value: &str, most: i16) -> Result<Vec<T>, Unclear> {
    let read = |value| signed(value, most).and_then(|number| T::try_from(number).map_err(|_| Unclear::Rule));
    value.split(',').map(read).collect()
}
