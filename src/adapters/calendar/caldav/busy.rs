//! When calendars are busy: the server finds the events (RFC 4791, 7.8), we unfold them.

use anyhow::anyhow;
use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};

use super::{
    CalDav, Facts,
    ics::{Unclear, rule::Budget, text::Component, unfold},
    reach::Address,
    web::{Answer, Key},
    wire,
};
use crate::{
    adapters::{calendar::merge::merged, http},
    domain::connection::{CalendarId, Why},
    ports::calendar::{Access, Interval, Trouble},
};

/// Days.
const LONGEST: i64 = 62;
/// Calendars of one server that are asked at a time.
const AT_ONCE: usize = 4;
/// A server reads whole days and times without a zone in a zone of its own; ours may be this far from it.
const MARGIN: SignedDuration = SignedDuration::from_hours(48);
/// What is asked for at a time when all of it is too long.
const PART: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Bytes of an answer that are read where they come in; more would keep telephone calls waiting.
const SHORT: usize = 64 * 1024;

impl CalDav {
    pub(super) async fn busy_times(
        &self,
        access: &Access,
        calendars: &[CalendarId],
        range: Interval,
    ) -> Result<Vec<Interval>, Trouble> {
        if range.to.duration_since(range.from) > SignedDuration::from_hours(LONGEST * 24) {
            return Err(Trouble::Refused("more than 62 days"));
        }
        let mut places = Vec::with_capacity(calendars.len());
        for calendar in calendars {
            places.push(self.collection(access, calendar)?);
        }
        let mut busy = Vec::new();
        for some in places.chunks(AT_ONCE) {
            let asked = some.iter().map(|at| self.busy_in_parts(access, at, range));
            busy.extend(try_join_all(asked).await?.into_iter().flatten());
        }
        Ok(merged(busy, range))
    }

    /// A busy shop's two months may be longer than one answer may be: then shorter times are asked for.
    async fn busy_in_parts(&self, access: &Access, at: &Address, range: Interval) -> Result<Vec<Interval>, Trouble> {
        let divisible = range.to.duration_since(range.from) > PART;
        match self.busy_in(access, at, range).await {
            Err(Trouble::Unavailable(error)) if divisible && http::was_too_long(&error) => {}
            asked => return asked,
        }
        let mut busy = Vec::new();
        let mut from = range.from;
        while from < range.to {
            let to = from.saturating_add(PART).unwrap_or(range.to).min(range.to);
            busy.extend(self.busy_in(access, at, Interval { from, to }).await?);
            from = to;
        }
        Ok(busy)
    }

    async fn busy_in(&self, access: &Access, at: &Address, range: Interval) -> Result<Vec<Interval>, Trouble> {
        let key = Key::from(access);
        let wide = Interval {
            from: range.from.saturating_sub(MARGIN).unwrap_or(Timestamp::MIN),
            to: range.to.saturating_add(MARGIN).unwrap_or(Timestamp::MAX),
        };
        let asked = self.web.report(at, key, Some("1"), wire::events_in(wide, false));
        let (facts, answer) = tokio::try_join!(self.facts(access, at), asked)?;
        let found = read(at, answer, facts.clone(), range).await?;
        if found != Err(Unclear::Rule) {
            return found.map_err(unclear);
        }
        // Something recurs in a way that we do not know: some servers do, and those that do not give it back as it was.
        let asked = self.web.report(at, key, Some("1"), wire::events_in(wide, true));
        let found = read(at, asked.await?, facts, range).await.map_err(|trouble| match trouble {
            // It does not unfold, or not this.
            Trouble::Refused(_) | Trouble::Reconnect(Why::NotAllowed) => unclear(Unclear::Rule),
            other => other,
        })?;
        found.map_err(unclear)
    }
}

/// Reads an answer; a long one where it keeps nobody waiting.
async fn read(
    at: &Address,
    answer: Answer,
    facts: Facts,
    range: Interval,
) -> Result<Result<Vec<Interval>, Unclear>, Trouble> {
    if answer.body.len() <= SHORT {
        return unfolded(at, &answer, &facts, range);
    }
    let at = at.clone();
    let read = tokio::task::spawn_blocking(move || unfolded(&at, &answer, &facts, range));
    read.await.map_err(|error| Trouble::Unavailable(error.into()))?
}

fn unfolded(
    at: &Address,
    answer: &Answer,
    facts: &Facts,
    range: Interval,
) -> Result<Result<Vec<Interval>, Unclear>, Trouble> {
    let mut budget = Budget::new();
    let mut busy = Vec::new();
    for one in answer.multistatus()?.responses {
        let Some(text) = one.text(wire::DATA) else {
            if one.is_gone() || is_itself(at, &one.href) {
                continue;
            }
            return Err(Trouble::Unavailable(anyhow!("an event without its data")));
        };
        let read = Component::read(text)
            .and_then(|calendar| unfold::busy(&calendar, facts.zone.as_ref(), &facts.owner, range, &mut budget));
        match read {
            Ok(times) => busy.extend(times),
            Err(unclear) => return Ok(Err(unclear)),
        }
    }
    Ok(Ok(busy))
}

fn unclear(unclear: Unclear) -> Trouble {
    Trouble::Unavailable(unclear.into())
}

/// Some servers list the calendar among its events.
fn is_itself(at: &Address, href: &str) -> bool {
    href.ends_with('/') && at.url().join(href).is_ok_and(|url| url.path() == at.path())
}
