//! What the clock does around its changes, as an oracle outside of this program says, against what we say. The oracle is
//! `eval/clock_changes.py`, which describes the lines it writes.

use jiff::{
    SignedDuration, Span, Timestamp, Zoned,
    civil::{DateTime, Time},
    tz::{Offset, TimeZone},
};
use serde::Deserialize;

use super::salon;
use crate::domain::{
    business::{Business, OpenPeriod, WeeklyHours, Zone},
    time::{Around, Resolution, find, resolve, speak},
};

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    /// Every change of the clocks between two moments in zones that have them all in common.
    History { zones: Vec<String>, from: Timestamp, to: Timestamp, changes: Vec<Timestamp> },
    /// The quarter-hours of some days around one of them.
    Change {
        zones: Vec<String>,
        change: Timestamp,
        /// The first quarter-hour, as a clock on the wall shows it.
        wall: DateTime,
        /// How many quarter-hours in a row, and the offsets from UTC, in seconds, at which they are that wall time: one,
        /// two for a time that comes twice (the first one first), none for a time that is left out.
        quarters: Vec<(u32, Vec<i32>)>,
    },
}

/// What was compared, and everything that we and the oracle do not agree on, in words.
#[derive(Debug, Default)]
pub struct Comparison {
    pub zones: usize,
    pub quarters: u64,
    pub disagreements: Vec<String>,
}

impl Comparison {
    /// Compares one line, in all of its zones.
    ///
    /// # Errors
    /// When the line is none that the script writes.
    pub fn add(&mut self, line: &str) -> Result<(), serde_json::Error> {
        match serde_json::from_str(line)? {
            Line::History { zones, from, to, changes } => {
                for name in &zones {
                    self.zones += 1;
                    self.disagreements.extend(history(name, from, to, &changes));
                }
            }
            Line::Change { zones, change, wall, quarters } => {
                for zone in zones.iter().filter_map(|name| Zone::named(name).ok()) {
                    self.quarters_of(&zone, change, wall, &quarters);
                }
            }
        }
        Ok(())
    }

    fn quarters_of(&mut self, zone: &Zone, change: Timestamp, mut wall: DateTime, quarters: &[(u32, Vec<i32>)]) {
        let business = always_open(zone);
        let now = (change - SignedDuration::from_hours(24 * 4)).to_zoned(zone.tz().clone());
        let around = Around { now: &now, business: &business, compared: None };
        for (count, offsets) in quarters {
            for _ in 0..*count {
                self.quarters += 1;
                if let Err(why) = agrees(wall, offsets, change, around) {
                    self.disagreements.push(format!("{}: {wall}: {why}", zone.name()));
                }
                wall = wall.saturating_add(Span::new().minutes(15));
            }
        }
    }
}

/// What is different about the changes of a zone as we know it.
fn history(name: &str, from: Timestamp, to: Timestamp, theirs: &[Timestamp]) -> Option<String> {
    let Ok(zone) = Zone::named(name) else { return Some(format!("{name}: we do not know this zone")) };
    let tz = zone.tz();
    let moves = |at: Timestamp| {
        at.checked_sub(Span::new().seconds(1)).is_ok_and(|before| tz.to_offset(before) != tz.to_offset(at))
    };
    let ours: Vec<_> =
        tz.following(from).map(|change| change.timestamp()).take_while(|at| *at < to).filter(|at| moves(*at)).collect();
    let only = |who: &str, at: &Timestamp| format!("{name}: only {who} know of a change at {at}");
    let we = ours.iter().find(|at| !theirs.contains(at)).map(|at| only("we", at));
    we.or_else(|| theirs.iter().find(|at| !ours.contains(at)).map(|at| only("they", at)))
}

/// Asks for a wall time in words, and says every moment that it is, and looks whether both are understood.
fn agrees(wall: DateTime, offsets: &[i32], change: Timestamp, around: Around<'_>) -> Result<(), String> {
    let tz = around.now.time_zone();
    let moments = offsets.iter().map(|offset| at_offset(wall, *offset, tz)).collect::<Option<Vec<_>>>();
    let expected = match moments.as_deref() {
        Some([]) => Resolution::Gap { asked: wall, next: change.to_zoned(tz.clone()) },
        Some([at]) => Resolution::Moment(at.clone()),
        Some([first, second]) => Resolution::Fold { first: first.clone(), second: second.clone() },
        _ => return Err(format!("{offsets:?} are no offsets of one time")),
    };
    let asked = format!("{} at {}", wall.date(), speak::time(wall.time()));
    let understood = understood(&asked, around);
    if understood != Some(expected.clone()) {
        return Err(format!("{asked:?} is understood as {understood:?}, not {expected:?}"));
    }
    for at in moments.unwrap_or_default() {
        let spoken = speak::moment(&at, around.now);
        let understood = self::understood(&spoken, around);
        if understood != Some(Resolution::Moment(at.clone())) {
            return Err(format!("{at} is said as {spoken:?}, which is understood as {understood:?}"));
        }
    }
    Ok(())
}

fn at_offset(wall: DateTime, offset: i32, tz: &TimeZone) -> Option<Zoned> {
    Some(Offset::from_seconds(offset).ok()?.to_timestamp(wall).ok()?.to_zoned(tz.clone()))
}

fn understood(text: &str, around: Around<'_>) -> Option<Resolution> {
    find(text, &around.business.country).map(|said| resolve(said.when, around))
}

/// The salon in a zone, open all day every day, for as long as it takes.
fn always_open(zone: &Zone) -> Business {
    let mut business = salon();
    business.zone = zone.clone();
    business.rules.horizon_days = u16::MAX;
    let day = vec![OpenPeriod { from: Time::midnight(), to: Time::midnight() }];
    business.hours = WeeklyHours {
        monday: day.clone(),
        tuesday: day.clone(),
        wednesday: day.clone(),
        thursday: day.clone(),
        friday: day.clone(),
        saturday: day.clone(),
        sunday: day,
    };
    business
}
