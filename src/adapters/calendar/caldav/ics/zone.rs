//! Which zone a local time is in. One that is known only roughly gives an earliest and a latest moment, so that what is
//! busy covers both.

use std::collections::BTreeMap;

use jiff::{
    SignedDuration, Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};

use super::{
    Unclear,
    text::{Component, unescaped},
};
use crate::adapters::calendar::windows;

/// Longer is no name.
const LONGEST: usize = 200;
/// Seconds. Nobody is further from UTC.
const FURTHEST: i32 = 18 * 3_600;

#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Zone {
    Known(TimeZone),
    /// The zone has always been between these offsets.
    Between {
        west: Offset,
        east: Offset,
    },
}

impl Zone {
    pub(in super::super) fn utc() -> Self {
        Self::Known(TimeZone::UTC)
    }

    /// Any place on earth.
    pub(super) fn anywhere() -> Self {
        Self::Between { west: Offset::constant(-12), east: Offset::constant(14) }
    }

    /// The first moment that a local time can be. In a gap and in a fold by RFC 5545, 3.3.5: with the offset before the
    /// gap, the first of two.
    pub(super) fn earliest(&self, civil: DateTime) -> Timestamp {
        match self {
            Self::Known(zone) => clamped(zone.to_ambiguous_timestamp(civil).compatible(), civil),
            Self::Between { east, .. } => clamped(east.to_timestamp(civil), civil),
        }
    }

    /// The last moment that a local time can be.
    pub(super) fn latest(&self, civil: DateTime) -> Timestamp {
        match self {
            Self::Known(_) => self.earliest(civil),
            Self::Between { west, .. } => clamped(west.to_timestamp(civil), civil),
        }
    }

    /// The local time of a moment, where there is only one answer.
    pub(super) fn civil(&self, at: Timestamp) -> Option<DateTime> {
        match self {
            Self::Known(zone) => Some(zone.to_datetime(at)),
            Self::Between { .. } => None,
        }
    }

    /// The clocks skip this time.
    pub(super) fn skips(&self, civil: DateTime) -> bool {
        match self {
            Self::Known(zone) => matches!(zone.to_ambiguous_timestamp(civil).offset(), AmbiguousOffset::Gap { .. }),
            Self::Between { .. } => false,
        }
    }

    /// Of the property `calendar-timezone` (RFC 4791, 5.2.2): a calendar with one zone in it.
    pub(in super::super) fn of_property(text: &str) -> Option<Self> {
        let calendar = Component::read(text).ok()?;
        let defined = calendar.parts("VTIMEZONE").next()?.line("TZID")?;
        Zones::of(&calendar, None).named(&defined.value).ok()
    }

    /// By its IANA name.
    pub(in super::super) fn of_name(name: &str) -> Option<Self> {
        known(name.trim())
    }
}

/// At the ends of the calendar there is no such moment; nobody's appointment is there.
fn clamped(at: Result<Timestamp, jiff::Error>, civil: DateTime) -> Timestamp {
    at.unwrap_or(if civil.year() < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The zones of one calendar.
pub(super) struct Zones<'c> {
    defined: BTreeMap<&'c str, &'c Component>,
    /// For times without a zone and for whole days.
    home: Zone,
}

impl<'c> Zones<'c> {
    /// `home`: the zone of the collection. Without it the calendar's own word counts, and without that, any zone may be
    /// meant.
    pub(super) fn of(calendar: &'c Component, home: Option<&Zone>) -> Self {
        let own = || calendar.line("X-WR-TIMEZONE").and_then(|line| known(&unescaped(&line.value)));
        // Of two with one name, the first.
        let defined = calendar.parts("VTIMEZONE").filter_map(|part| Some((part.line("TZID")?.value.as_str(), part)));
        let defined = defined.collect::<Vec<_>>().into_iter().rev().collect();
        Self { defined, home: home.cloned().or_else(own).unwrap_or_else(Zone::anywhere) }
    }

    pub(super) fn home(&self) -> &Zone {
        &self.home
    }

    /// The zone that a `TZID` names: by IANA's or Windows' name, in a path, as its definition says; at worst by the
    /// offsets of its definition.
    pub(super) fn named(&self, id: &str) -> Result<Zone, Unclear> {
        if let Some(zone) = by_name(id) {
            return Ok(zone);
        }
        let definition = self.defined.get(id).ok_or(Unclear::Zone)?;
        let location = definition.line("X-LIC-LOCATION").and_then(|line| known(&unescaped(&line.value)));
        location.or_else(|| between(definition)).ok_or(Unclear::Zone)
    }
}

fn by_name(id: &str) -> Option<Zone> {
    let id = id.trim();
    if let Some(zone) = known(id).or_else(|| known(windows::iana(id)?)) {
        return Some(zone);
    }
    // "/freeassociation.sourceforge.net/America/Argentina/Salta"
    let at = |parts: usize| id.rmatch_indices('/').nth(parts - 1).and_then(|(at, _)| known(&id[at + 1..]));
    at(3).or_else(|| at(2))
}

fn known(name: &str) -> Option<Zone> {
    let sensible = (1..=LONGEST).contains(&name.len());
    let zone = sensible.then(|| TimeZone::get(name).ok()).flatten()?;
    (!zone.is_unknown()).then_some(Zone::Known(zone))
}

/// What the definition's offsets leave open.
fn between(definition: &Component) -> Option<Zone> {
    let of = |name: &'static str| definition.parts.iter().filter_map(move |part| part.line(name));
    let mut seconds = Vec::new();
    for line in of("TZOFFSETTO").chain(of("TZOFFSETFROM")) {
        seconds.push(offset(line.value.trim())?);
    }
    let offset = |seconds: Option<&i32>| seconds.and_then(|seconds| Offset::from_seconds(*seconds).ok());
    let (west, east) = (offset(seconds.iter().min())?, offset(seconds.iter().max())?);
    Some(if west == east { Zone::Known(TimeZone::fixed(west)) } else { Zone::Between { west, east } })
}

/// Seconds of "+0130", "-080000".
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |at: usize| digits.get(at..at + 2).map_or(Some(0), |two| two.parse::<i32>().ok());
    let seconds = number(0)? * 3_600 + number(2)? * 60 + number(4)?;
    (seconds <= FURTHEST).then_some(sign * seconds)
}

/// Fourteen hours, as far as local time is ahead of UTC anywhere.
pub(super) const EASTERNMOST: SignedDuration = SignedDuration::from_hours(14);
