//! The busy times of one resource: its events with their recurrences, and the instances that were changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Span, Timestamp, civil::DateTime};

use super::{
    Unclear,
    event::{Addresses, Happening, Length, Moment, blocks, is_cancelled},
    rule::{Budget, Rule},
    text::Component,
    zone::{Zone, Zones},
};
use crate::ports::calendar::Interval;

/// Days before and after a range in which local times of it can lie.
const MARGIN: i64 = 2;

/// When the events of a calendar keep its owner busy in a range: not merged, not cut, but touching it.
///
/// `home`: the zone of the collection. What is doubtful is busy; what cannot be understood is an error.
pub(in super::super) fn busy(
    calendar: &Component,
    home: Option<&Zone>,
    owner: &Addresses,
    range: Interval,
    budget: &mut Budget,
) -> Result<Vec<Interval>, Unclear> {
    let zones = Zones::of(calendar, home);
    let mut series: BTreeMap<&str, Vec<&Component>> = BTreeMap::new();
    for event in calendar.parts("VEVENT") {
        budget.spend(1)?;
        let uid = event.line("UID").map_or("", |line| line.value.trim());
        series.entry(uid).or_default().push(event);
    }
    let mut found = Vec::new();
    for events in series.values() {
        one_series(events, &zones, owner, range, budget, &mut found)?;
    }
    Ok(found)
}

/// A master and what takes the place of its instances; either may be missing.
fn one_series(
    events: &[&Component],
    zones: &Zones<'_>,
    owner: &Addresses,
    range: Interval,
    budget: &mut Budget,
    found: &mut Vec<Interval>,
) -> Result<(), Unclear> {
    let (changed, masters): (Vec<_>, Vec<_>) =
        events.iter().copied().partition(|event| event.line("RECURRENCE-ID").is_some());
    // One that nobody has to heed may be as odd as it likes.
    if !events.iter().any(|event| blocks(event, owner)) {
        return Ok(());
    }
    let onwards = |event: &&Component| event.line("RECURRENCE-ID").is_some_and(|line| line.param("RANGE").is_some());
    if changed.iter().any(onwards) {
        return Err(Unclear::Rule);
    }
    // What replaces an unreadable instance replaces none: the master's stays busy.
    let replaced = changed.iter().filter_map(|event| Moment::read(event.line("RECURRENCE-ID")?, zones).ok());
    let replaced: BTreeSet<Named> = replaced.map(|moment| Named::of(&moment)).collect();
    for event in masters.into_iter().filter(|event| blocks(event, owner)) {
        let happening = Happening::read(event, zones)?;
        let left_out: BTreeSet<Named> = happening.but.iter().map(Named::of).collect();
        for (start, length) in instances(&happening, range, budget)? {
            let named = Named::of(&start);
            if !left_out.contains(&named) && !replaced.contains(&named) {
                found.extend(touching(&start, length, range));
            }
        }
    }
    for event in changed.into_iter().filter(|event| blocks(event, owner)) {
        let happening = Happening::read(event, zones)?;
        found.extend(touching(&happening.start, happening.length, range));
    }
    Ok(())
}

/// The start itself, what the rules give near the range, and the extra dates.
fn instances(
    happening: &Happening<'_>,
    range: Interval,
    budget: &mut Budget,
) -> Result<Vec<(Moment, Length)>, Unclear> {
    let Happening { start, length, .. } = happening;
    let mut found = vec![(start.clone(), *length)];
    let window = window(*length, range);
    for rule in &happening.rules {
        let starts = Rule::read(rule, start)?.starts(start, window, budget)?;
        let again = starts.into_iter().filter(|civil| *civil != start.civil);
        found.extend(again.map(|civil| (Moment { civil, ..start.clone() }, *length)));
    }
    budget.spend(happening.more.len())?;
    found.extend(happening.more.iter().map(|(more, own)| (more.clone(), own.unwrap_or(*length))));
    Ok(found)
}

/// Local times at which something of this length can begin to be within a range.
fn window(length: Length, range: Interval) -> (DateTime, DateTime) {
    let local = |at: Timestamp| jiff::tz::Offset::UTC.to_datetime(at);
    let before = SignedDuration::from_secs(length.wall.max(length.exact).max(0));
    let from = local(range.from).saturating_sub(before).saturating_sub(Span::new().days(MARGIN));
    (from, local(range.to).saturating_add(Span::new().days(MARGIN)))
}

/// An instance, as an `EXDATE` or a `RECURRENCE-ID` names it: by its moment; by its local time, where the zone is known
/// only roughly. A date does not name a time.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    whole_day: bool,
    roughly: Option<(i32, i32)>,
    second: i64,
}

impl Named {
    fn of(moment: &Moment) -> Self {
        let whole_day = moment.whole_day;
        match &moment.zone {
            Zone::Known(_) => Self { whole_day, roughly: None, second: moment.earliest().as_second() },
            Zone::Between { west, east } => Self {
                whole_day,
                roughly: Some((west.seconds(), east.seconds())),
                second: Zone::utc().earliest(moment.civil).as_second(),
            },
        }
    }
}

/// From when to when, if it touches the range.
fn touching(start: &Moment, length: Length, range: Interval) -> Option<Interval> {
    let busy = interval(start, length)?;
    (busy.from < range.to && range.from < busy.to).then_some(busy)
}

/// Nothing: it takes no time.
fn interval(start: &Moment, length: Length) -> Option<Interval> {
    if length.wall <= 0 && length.exact <= 0 {
        return None;
    }
    let from = start.earliest();
    let wall = start.civil.saturating_add(SignedDuration::from_secs(length.wall.max(0)));
    let exact = from.saturating_add(SignedDuration::from_secs(length.exact.max(0))).unwrap_or(Timestamp::MAX);
    // A whole day ends by the wall's clock, and nobody thinks otherwise.
    let to = if start.whole_day { start.zone.latest(wall) } else { exact.max(start.zone.latest(wall)) };
    (from < to).then_some(Interval { from, to })
}

/// When the first event of a resource is; nothing when it is cancelled. Of a recurrence, its first time.
pub(in super::super) fn first(calendar: &Component, home: Option<&Zone>) -> Result<Option<Interval>, Unclear> {
    let zones = Zones::of(calendar, home);
    let master = calendar.parts("VEVENT").find(|event| event.line("RECURRENCE-ID").is_none());
    let event = master.or_else(|| calendar.parts("VEVENT").next()).ok_or(Unclear::Broken("no event"))?;
    if is_cancelled(event) {
        return Ok(None);
    }
    let happening = Happening::read(event, &zones)?;
    let at = happening.start.earliest();
    Ok(Some(interval(&happening.start, happening.length).unwrap_or(Interval { from: at, to: at })))
}
