//! When calendars are busy (`freebusy.query`).

use anyhow::anyhow;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;

use super::{Google, refusals, wire};
use crate::{
    adapters::calendar::{
        exchange::{self, Answer, Doing},
        merge,
    },
    domain::connection::CalendarId,
    ports::calendar::{Access, Interval, Trouble},
};

/// Google's `calendarExpansionMax` is at most this.
const CALENDARS: usize = 50;
/// The port's. Google's own is some 90.
const LONGEST: SignedDuration = SignedDuration::from_hours(62 * 24 + 2);

impl Google {
    pub(super) async fn free_busy(
        &self,
        access: &Access,
        calendars: &[CalendarId],
        range: Interval,
    ) -> Result<Vec<Vec<Interval>>, Trouble> {
        if range.to.duration_since(range.from) > LONGEST {
            return Err(Trouble::Refused("more than 62 days at once"));
        }
        if range.from >= range.to {
            return Ok(vec![Vec::new(); calendars.len()]);
        }
        let mut busy = Vec::with_capacity(calendars.len());
        for some in calendars.chunks(CALENDARS) {
            let question = wire::FreeBusyQuestion {
                time_min: range.from.to_string(),
                time_max: range.to.to_string(),
                calendar_expansion_max: CALENDARS,
                items: some.iter().map(|id| wire::Item { id: id.as_str() }).collect(),
            };
            let request = self.request(Method::POST, &["freeBusy"], &[], access).json(&question);
            // A POST that changes nothing.
            let answer = exchange::ask(request, Doing::Reading).await?;
            if !answer.is_success() {
                return Err(refusals::of_account(&answer));
            }
            busy.extend(read(&answer, some)?.into_iter().map(|busy| merged(busy, range)));
        }
        Ok(busy)
    }
}

/// A time, as it is told.
type Period = (Timestamp, Timestamp);

/// All of the calendars, in order, or an error: HTTP 200 may say that one of them could not be read.
fn read(answer: &Answer, asked: &[CalendarId]) -> Result<Vec<Vec<Period>>, Trouble> {
    let mut busy = Vec::with_capacity(asked.len());
    let said: wire::FreeBusy = answer.read()?;
    // What only the owner can cure is said before what may pass.
    let mut passing = None;
    for id in asked {
        let Some(calendar) = said.calendars.get(id.as_str()) else {
            passing = Some(answer.senseless("a calendar is missing from the answer"));
            continue;
        };
        for error in calendar.errors.iter().flatten() {
            match refusals::of_calendar(&error.reason) {
                Trouble::Reconnect(why) => return Err(Trouble::Reconnect(why)),
                trouble => passing = Some(trouble),
            }
        }
        match &calendar.busy {
            Some(periods) => busy.push(periods.iter().map(|period| (period.start, period.end)).collect()),
            None => passing = Some(Trouble::Unavailable(anyhow!("a calendar says nothing"))),
        }
    }
    passing.map_or(Ok(busy), Err)
}

/// In order, whole seconds outwards. What ends before it begins is turned around: it is
/// not nothing.
fn merged(busy: Vec<Period>, range: Interval) -> Vec<Interval> {
    let whole = |(start, end): Period| {
        let (start, end) = if start <= end { (start, end) } else { (end, start) };
        let from = start.clamp(range.from, range.to);
        let to = end.clamp(range.from, range.to);
        (from < to).then(|| Interval { from: exchange::second(from), to: up(to) })
    };
    merge::merged(busy.into_iter().filter_map(whole).collect(), range)
}

fn up(moment: Timestamp) -> Timestamp {
    let floor = exchange::second(moment);
    if floor < moment { floor.checked_add(SignedDuration::from_secs(1)).unwrap_or(floor) } else { floor }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever it is told: in order, apart, inside, and nothing that was busy gets free.
        #[test]
        fn what_is_busy_stays_busy(periods in proptest::collection::vec((-50_i64..150, -50_i64..150), 0..20)) {
            let second = |at: i64| Timestamp::from_second(1_790_000_000 + at).unwrap();
            let range = Interval { from: second(0), to: second(100) };
            let told = periods.iter().map(|(from, to)| (second(*from), second(*to))).collect();
            let merged = merged(told, range);
            prop_assert!(merged.windows(2).all(|two| two[0].to < two[1].from));
            prop_assert!(merged.iter().all(|busy| range.from <= busy.from && busy.from < busy.to && busy.to <= range.to));
            for at in 0..100 {
                let inside = periods.iter().any(|(from, to)| (*from.min(to)..*from.max(to)).contains(&at));
                let busy = merged.iter().any(|busy| busy.from <= second(at) && second(at) < busy.to);
                prop_assert_eq!(inside, busy, "{}", at);
            }
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// G12.
    #[test]
    fn g12_odd_periods_are_put_in_order() {
        let range = Interval { from: at("2026-12-01T00:00:00Z"), to: at("2026-12-02T00:00:00Z") };
        let odd = vec![
            (at("2026-12-01T12:00:00Z"), at("2026-12-01T13:00:00Z")),
            (at("2026-12-01T11:30:00.5Z"), at("2026-12-01T12:15:00.25Z")),
            (at("2026-12-01T10:00:00Z"), at("2026-12-01T09:00:00Z")),
            (at("2026-12-01T15:00:00Z"), at("2026-12-01T15:00:00Z")),
            (at("0001-01-01T00:00:00Z"), at("2026-12-01T00:30:00Z")),
            (at("2026-12-01T23:00:00Z"), at("9999-12-30T00:00:00Z")),
            (at("2026-12-05T00:00:00Z"), at("2026-12-06T00:00:00Z")),
        ];
        let merged: Vec<String> = merged(odd, range).iter().map(|busy| format!("{} {}", busy.from, busy.to)).collect();
        assert_eq!(
            merged,
            [
                "2026-12-01T00:00:00Z 2026-12-01T00:30:00Z",
                "2026-12-01T09:00:00Z 2026-12-01T10:00:00Z",
                "2026-12-01T11:30:00Z 2026-12-01T13:00:00Z",
                "2026-12-01T23:00:00Z 2026-12-02T00:00:00Z",
            ]
        );
    }
}
