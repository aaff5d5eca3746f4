//! What an event says of when it is, and whether it keeps anybody busy.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
};

use super::{
    Unclear,
    text::{Component, Line},
    zone::{Zone, Zones},
};

const DAY: i64 = 86_400;

/// A time as it stands in a calendar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    pub(super) civil: DateTime,
    pub(super) zone: Zone,
    /// A date alone; `civil` is where it begins.
    pub(super) whole_day: bool,
}

impl Moment {
    pub(super) fn read(line: &Line, zones: &Zones<'_>) -> Result<Self, Unclear> {
        Self::read_value(&line.value, line.param("TZID"), zones)
    }

    fn read_value(value: &str, zone: Option<&str>, zones: &Zones<'_>) -> Result<Self, Unclear> {
        let value = value.trim();
        let (value, utc) = match value.strip_suffix(['Z', 'z']) {
            Some(value) => (value, true),
            None => (value, false),
        };
        let civil = civil(value).ok_or(Unclear::Broken("a date that is none"))?;
        if value.len() == 8 {
            return Ok(Self { civil, zone: zones.home().clone(), whole_day: true });
        }
        let zone = match zone {
            _ if utc => Zone::utc(),
            Some(id) => zones.named(id)?,
            None => zones.home().clone(),
        };
        Ok(Self { civil, zone, whole_day: false })
    }

    pub(super) fn earliest(&self) -> Timestamp {
        self.zone.earliest(self.civil)
    }
}

/// "20261203" or "20261203T170000". A leap second is the one before it.
pub(super) fn civil(value: &str) -> Option<DateTime> {
    if !value.is_ascii() || !matches!(value.len(), 8 | 15) {
        return None;
    }
    let number = |from: usize, to: usize| {
        let digits = &value[from..to];
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i16>().ok()).flatten()
    };
    let two = |from: usize| number(from, from + 2).and_then(|number| i8::try_from(number).ok());
    let date = Date::new(number(0, 4)?, two(4)?, two(6)?).ok()?;
    if value.len() == 8 {
        return Some(date.to_datetime(Time::midnight()));
    }
    if !value[8..].starts_with(['T', 't']) {
        return None;
    }
    Some(date.to_datetime(Time::new(two(9)?, two(11)?, two(13)?.min(59), 0).ok()?))
}

/// How long it takes, in seconds: by the clock on the wall, and on a stop-watch. They differ when the clocks change
/// meanwhile, and calendars do not agree on which is meant, so both count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) wall: i64,
    pub(super) exact: i64,
}

impl Length {
    fn of(seconds: i64) -> Self {
        Self { wall: seconds, exact: seconds }
    }

    fn between(start: &Moment, end: &Moment) -> Self {
        let wall = end.civil.duration_since(start.civil).as_secs();
        if start.zone == end.zone {
            // Roughly known zones: the difference of two guesses says nothing.
            let exact = match start.zone {
                Zone::Known(_) => end.earliest().duration_since(start.earliest()).as_secs(),
                Zone::Between { .. } => wall,
            };
            return Self { wall, exact };
        }
        let exact = end.zone.latest(end.civil).duration_since(start.earliest()).as_secs();
        Self { wall: exact, exact }
    }
}

/// Seconds of "P1DT2H", "-PT15M", "P2W".
fn duration(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut seconds: i64 = 0;
    let mut number = String::new();
    for c in text.strip_prefix('P')?.chars() {
        let unit = match c {
            '0'..='9' if number.len() < 9 => {
                number.push(c);
                continue;
            }
            'T' if number.is_empty() => continue,
            'W' => 7 * DAY,
            'D' => DAY,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        seconds += number.parse::<i64>().ok()? * unit;
        number.clear();
    }
    number.is_empty().then_some(sign * seconds)
}

/// One `VEVENT`: alone, the master of a recurrence, or what takes the place of one instance.
#[derive(Debug)]
pub(super) struct Happening<'c> {
    pub(super) start: Moment,
    pub(super) length: Length,
    pub(super) rules: Vec<&'c str>,
    /// `RDATE`; some are periods with their own length.
    pub(super) more: Vec<(Moment, Option<Length>)>,
    /// `EXDATE`.
    pub(super) but: Vec<Moment>,
}

impl<'c> Happening<'c> {
    pub(super) fn read(event: &'c Component, zones: &Zones<'_>) -> Result<Self, Unclear> {
        let start = Moment::read(event.line("DTSTART").ok_or(Unclear::Broken("no DTSTART"))?, zones)?;
        let length = match (event.line("DTEND"), event.line("DURATION")) {
            (Some(end), _) => Length::between(&start, &Moment::read(end, zones)?),
            (None, Some(lasts)) => Length::of(duration(&lasts.value).ok_or(Unclear::Broken("a duration"))?),
            (None, None) if start.whole_day => Length::of(DAY),
            (None, None) => Length::of(0),
        };
        let mut more = Vec::new();
        for line in event.all("RDATE") {
            for value in line.value.split(',').filter(|value| !value.trim().is_empty()) {
                more.push(one_more(value, line.param("TZID"), zones)?);
            }
        }
        // One that cannot be read takes nothing away.
        let but = event.all("EXDATE").flat_map(|line| {
            let read = |value| Moment::read_value(value, line.param("TZID"), zones).ok();
            line.value.split(',').filter_map(read).collect::<Vec<_>>()
        });
        Ok(Self {
            length,
            rules: event.all("RRULE").map(|line| line.value.as_str()).collect(),
            more,
            but: but.collect(),
            start,
        })
    }
}

fn one_more(value: &str, zone: Option<&str>, zones: &Zones<'_>) -> Result<(Moment, Option<Length>), Unclear> {
    let Some((start, end)) = value.split_once('/') else {
        return Ok((Moment::read_value(value, zone, zones)?, None));
    };
    let start = Moment::read_value(start, zone, zones)?;
    let length = if end.trim_start().starts_with(['P', '+', '-']) {
        Length::of(duration(end).ok_or(Unclear::Broken("a duration"))?)
    } else {
        Length::between(&start, &Moment::read_value(end, zone, zones)?)
    };
    Ok((start, Some(length)))
}

/// Addresses by which the account is known, in small letters: "mailto:ann@example.com".
pub(in super::super) type Addresses = [String];

/// Whether its time is taken: not shown as free, not cancelled, not declined by the calendar's owner.
pub(super) fn blocks(event: &Component, owner: &Addresses) -> bool {
    let says =
        |name: &str, word: &str| event.line(name).is_some_and(|line| line.value.trim().eq_ignore_ascii_case(word));
    !says("TRANSP", "TRANSPARENT") && !is_cancelled(event) && !is_declined(event, owner)
}

pub(super) fn is_cancelled(event: &Component) -> bool {
    event.line("STATUS").is_some_and(|line| line.value.trim().eq_ignore_ascii_case("CANCELLED"))
}

/// Every line about the owner says no.
fn is_declined(event: &Component, owner: &Addresses) -> bool {
    let mut own = event.all("ATTENDEE").filter(|line| owner.contains(&line.value.trim().to_lowercase())).peekable();
    let no = |line: &Line| line.param("PARTSTAT").is_some_and(|word| word.eq_ignore_ascii_case("DECLINED"));
    own.peek().is_some() && own.all(no)
}
