//! The free times of a day, to choose from; and a time that was typed.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, civil::Time, tz::AmbiguousOffset};

use super::{axis::Day, words::Words};
use crate::{
    domain::{
        booking::Slot,
        business::Business,
        ids::{BookingId, ServiceId, StaffId},
        slots::offer::Wish,
    },
    ports::desk::{DeskError, Find},
    web::{pages::fault::Fault, state::AppState},
};

/// A day has 300 starts at most: 25 hours of twelve.
const ALL: usize = 300;
/// How far a free day is looked for when one has nothing.
const LOOK_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 31);

/// A day's free times.
pub(super) struct Times {
    pub(super) on: Date,
    /// "Thursday, November 26".
    pub(super) day: String,
    pub(super) before: Date,
    pub(super) after: Date,
    pub(super) choices: Vec<Choice>,
    /// When nothing is free: the next day on which something is, and what it is called.
    pub(super) next: Option<(Date, String)>,
}

/// A start to choose.
pub(super) struct Choice {
    /// "1795701600.01J…": the second, and who.
    pub(super) value: String,
    pub(super) starts: i64,
    pub(super) staff: StaffId,
    /// "10:00 am".
    pub(super) text: String,
    pub(super) with: String,
}

/// What is asked for.
pub(super) struct Wanted {
    pub(super) service: ServiceId,
    pub(super) staff: Option<StaffId>,
    pub(super) on: Date,
    pub(super) replacing: Option<BookingId>,
}

impl Times {
    pub(super) async fn of(
        state: &AppState,
        business: &Arc<Business>,
        wanted: &Wanted,
        words: &Words,
    ) -> Result<Self, Fault> {
        let day = Day::of(wanted.on, words.zone()).ok_or(Fault::NotFound)?;
        let found = wanted.found(state, business, (day.begins, day.ends), ALL).await?;
        let next = if found.is_empty() {
            let end = day.ends.checked_add(LOOK_AHEAD).unwrap_or(day.ends);
            let next = wanted.found(state, business, (day.ends, end), 1).await?;
            next.first().map(|slot| (words.date_of(slot.starts), words.day(slot.starts)))
        } else {
            None
        };
        let choice = |slot: &Slot| Choice {
            value: format!("{}.{}", slot.starts.as_second(), slot.staff),
            starts: slot.starts.as_second(),
            staff: slot.staff,
            text: words.clock(slot.starts),
            with: business.member(slot.staff).map_or("", |member| &member.name).to_owned(),
        };
        Ok(Self {
            on: wanted.on,
            day: words.long(wanted.on),
            before: wanted.on.checked_sub(1.day()).unwrap_or(wanted.on),
            after: wanted.on.checked_add(1.day()).unwrap_or(wanted.on),
            choices: found.iter().map(choice).collect(),
            next,
        })
    }
}

impl Wanted {
    async fn found(
        &self,
        state: &AppState,
        business: &Arc<Business>,
        (from, to): (Timestamp, Timestamp),
        count: usize,
    ) -> Result<Vec<Slot>, Fault> {
        let find = Find {
            business: Arc::clone(business),
            service: self.service,
            staff: self.staff,
            from,
            to,
            within: Vec::new(),
            wish: Wish::Soonest,
            count,
            replacing: self.replacing,
        };
        match state.desk.find(find).await {
            Ok(found) => Ok(found),
            Err(DeskError::NotOffered) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Reads a choice's value.
pub(super) fn chosen(value: &str) -> Option<(Timestamp, StaffId)> {
    let (second, staff) = value.split_once('.')?;
    Some((Timestamp::from_second(second.parse().ok()?).ok()?, staff.parse().ok()?))
}

/// A wall-clock time on a date. `again`: the second time, where the clock shows it twice.
///
/// # Errors
/// What to say when it is no time, or one that the clock skips on that date.
pub(super) fn at(on: Date, time: &str, again: bool, words: &Words) -> Result<Timestamp, &'static str> {
    let time: Time = time.parse().map_err(|_| "give a time, such as 15:30")?;
    let wall = words.zone().to_ambiguous_timestamp(on.to_datetime(time));
    let found = match wall.offset() {
        AmbiguousOffset::Gap { .. } => return Err("the clocks go forward that night, and this time is skipped"),
        _ if again => wall.later(),
        _ => wall.earlier(),
    };
    found.map_err(|_| "that is too far away")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    #[test]
    fn a_time_that_is_skipped_is_refused_and_one_that_comes_twice_can_be_told_apart() {
        let words = Words::of(&salon());
        let date = |text: &str| text.parse::<Date>().unwrap();
        let ts = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(at(date("2026-11-26"), "15:30", false, &words), Ok(ts("2026-11-26T15:30-05")));
        assert!(at(date("2027-03-14"), "02:30", false, &words).is_err());
        assert_eq!(at(date("2026-11-01"), "01:30", false, &words), Ok(ts("2026-11-01T01:30-04")));
        assert_eq!(at(date("2026-11-01"), "01:30", true, &words), Ok(ts("2026-11-01T01:30-05")));
        assert!(at(date("2026-11-26"), "half past", false, &words).is_err());
        assert_eq!(chosen("x.y"), None);
    }
}
