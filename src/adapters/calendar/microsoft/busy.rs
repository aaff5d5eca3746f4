//! When calendars are busy, by their views: those unfold recurrences, and work for personal accounts, which the shorter
//! question `getSchedule` does not.

use futures_util::future::try_join_all;
use jiff::SignedDuration;

use super::{
    graph::{About, Graph, PLAIN},
    times, wire,
};
use crate::{
    adapters::calendar::merge::merged,
    domain::connection::CalendarId,
    ports::calendar::{Access, Interval, Trouble},
};

const LONGEST: SignedDuration = SignedDuration::from_hours(62 * 24);
/// Whole days stand at midnights that are not theirs, so what is near is asked for, too.
const NEAR: SignedDuration = SignedDuration::from_hours(26);

pub(super) async fn busy(
    graph: &Graph,
    access: &Access,
    calendars: &[CalendarId],
    range: Interval,
) -> Result<Vec<Interval>, Trouble> {
    if range.from >= range.to {
        return Ok(Vec::new());
    }
    if range.from.duration_until(range.to) > LONGEST {
        return Err(Trouble::Refused("the range is too long"));
    }
    let all = try_join_all(calendars.iter().map(|calendar| one(graph, access, calendar, range))).await?;
    Ok(merged(all.into_iter().flatten().collect(), range))
}

async fn one(graph: &Graph, access: &Access, calendar: &CalendarId, range: Interval) -> Result<Vec<Interval>, Trouble> {
    let mut url = graph.url(&["me", "calendars", calendar.as_str(), "calendarView"])?;
    url.query_pairs_mut()
        .append_pair("startDateTime", &times::query(range.from.checked_sub(NEAR).unwrap_or(range.from)))
        .append_pair("endDateTime", &times::query(range.to.checked_add(NEAR).unwrap_or(range.to)))
        .append_pair("$select", "showAs,start,end,isCancelled,isAllDay,originalStartTimeZone")
        .append_pair("$top", "999");
    let (events, _) = graph.pages::<wire::Shown>(access, url, About::Calendar, PLAIN).await?;
    let mut busy = Vec::new();
    for event in events.into_iter().filter(blocks) {
        let made_in = event.original_start_time_zone.as_deref();
        busy.extend(times::interval(&event.start, &event.end, event.is_all_day.unwrap_or(false), made_in)?);
    }
    Ok(busy)
}

/// Whether nobody else can be there meanwhile. What we do not know is busy.
fn blocks(event: &wire::Shown) -> bool {
    let shown_free = matches!(event.show_as.as_deref(), Some("free" | "workingElsewhere"));
    !shown_free && !event.is_cancelled.unwrap_or(false)
}
