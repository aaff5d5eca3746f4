//! What is in the mailboxes: calendars, events, series with their exceptions; what changed, in order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use super::{super::consent::Person, BEN};

/// A calendar, as Outlook lists it.
#[derive(Clone, Debug)]
pub struct Shelf {
    pub id: String,
    pub name: String,
    /// The account's main one.
    pub main: bool,
    pub editable: bool,
}

/// How often a series comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeats {
    /// 1: every day, 7: every week.
    pub days: u8,
    pub times: u16,
}

/// An event that somebody writes by hand.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub title: String,
    /// Of a whole day: any moment of its first day, in the mailbox's zone.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Midnight to midnight, the last day counted in.
    pub all_day: bool,
    /// "free", "tentative", "busy", "oof", "workingElsewhere", "unknown".
    pub show_as: String,
    pub private: bool,
    pub repeats: Option<Repeats>,
}

impl NewEvent {
    /// Busy, once.
    pub fn new(title: &str, from: Timestamp, to: Timestamp) -> Self {
        Self {
            title: title.to_owned(),
            from,
            to,
            all_day: false,
            show_as: "busy".to_owned(),
            private: false,
            repeats: None,
        }
    }

    #[must_use]
    pub fn shown_as(self, show_as: &str) -> Self {
        Self { show_as: show_as.to_owned(), ..self }
    }
}

/// An event that stands somewhere, or a series.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    pub calendar: String,
    pub title: String,
    pub body: String,
    pub location: String,
    pub from: Timestamp,
    pub to: Timestamp,
    pub all_day: bool,
    pub show_as: String,
    pub private: bool,
    pub cancelled: bool,
    pub transaction: Option<String>,
    /// Named properties: id and value.
    pub properties: Vec<(String, String)>,
    /// The address of its video meeting.
    pub meeting: Option<String>,
    /// By its Windows name, or "UTC".
    pub made_in: String,
    pub series: Option<Series>,
    pub(super) version: u64,
    pub(super) created: u64,
}

#[derive(Clone, Debug)]
pub struct Series {
    pub repeats: Repeats,
    pub moved: BTreeMap<u16, (Timestamp, Timestamp)>,
    pub cancelled: BTreeSet<u16>,
}

/// Something that takes place once.
pub(super) struct Instance {
    /// Its place in a series.
    pub(super) number: Option<u16>,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) moved: bool,
}

impl Entry {
    pub(super) fn instances(&self, zone: &TimeZone) -> Vec<Instance> {
        let Some(series) = &self.series else {
            return vec![Instance { number: None, from: self.from, to: self.to, moved: false }];
        };
        let (from, to) = (self.from.to_zoned(zone.clone()), self.to.to_zoned(zone.clone()));
        let numbers = (0..series.repeats.times).filter(|number| !series.cancelled.contains(number));
        numbers
            .map(|number| {
                let days = i32::from(number) * i32::from(series.repeats.days);
                let later = |at: &jiff::Zoned| at.checked_add(days.days()).map_or(at.timestamp(), |at| at.timestamp());
                let moved = series.moved.get(&number).copied();
                let (from, to) = moved.unwrap_or_else(|| (later(&from), later(&to)));
                Instance { number: Some(number), from, to, moved: moved.is_some() }
            })
            .collect()
    }

    pub(super) fn id_of(&self, number: Option<u16>) -> String {
        number.map_or_else(|| self.id.clone(), |number| format!("{}.{number}", self.id))
    }
}

pub(super) struct Mailbox {
    pub(super) person: Person,
    pub(super) personal: bool,
    pub(super) zone: TimeZone,
    pub(super) windows_zone: &'static str,
    pub(super) shelves: Vec<Shelf>,
    pub(super) entries: Vec<Entry>,
    /// Events and instances that were deleted: calendar, id, when (a version), and when it was created.
    pub(super) deleted: Vec<(String, String, u64, u64)>,
    /// Of everything that was ever written here.
    pub(super) transactions: BTreeMap<String, String>,
    pub(super) forbidden: bool,
    pub(super) at_once: usize,
}

impl Mailbox {
    pub(super) fn new(person: &Person) -> Self {
        let personal = person.subject == BEN;
        let (zone, windows_zone) = if personal {
            ("Europe/Berlin", "W. Europe Standard Time")
        } else {
            ("America/New_York", "Eastern Standard Time")
        };
        Self {
            person: person.clone(),
            personal,
            zone: TimeZone::get(zone).expect("a zone"),
            windows_zone,
            shelves: Vec::new(),
            entries: Vec::new(),
            deleted: Vec::new(),
            transactions: BTreeMap::new(),
            forbidden: false,
            at_once: 0,
        }
    }

    pub(super) fn shelf(&self, id: &str) -> Option<&Shelf> {
        self.shelves.iter().find(|shelf| shelf.id == id)
    }

    pub(super) fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Midnight to midnight around two moments.
    pub(super) fn whole_days(&self, from: Timestamp, to: Timestamp) -> (Timestamp, Timestamp) {
        let date = |at: Timestamp| at.to_zoned(self.zone.clone()).date();
        let midnight = |date: Date| date.to_zoned(self.zone.clone()).expect("a day").timestamp();
        let last = date(to.checked_sub(SignedDuration::from_secs(1)).unwrap_or(to)).max(date(from));
        (midnight(date(from)), midnight(last.tomorrow().expect("a day after")))
    }

    /// Takes an event, or one instance of a series, away. Gives its calendar and id.
    pub(super) fn remove(&mut self, id: &str, version: u64) -> Option<(String, String)> {
        let (event, number) = split(id);
        let at = self.entries.iter().position(|entry| entry.id == event)?;
        let (calendar, created) = (self.entries[at].calendar.clone(), self.entries[at].created);
        match (number, &mut self.entries[at].series) {
            (Some(number), Some(series)) => {
                series.cancelled.insert(number);
                self.entries[at].version = version;
                self.deleted.push((calendar.clone(), id.to_owned(), version, created));
            }
            (Some(_), None) => return None,
            (None, _) => {
                let entry = self.entries.remove(at);
                for instance in entry.instances(&self.zone) {
                    self.deleted.push((calendar.clone(), entry.id_of(instance.number), version, created));
                }
            }
        }
        Some((calendar, id.to_owned()))
    }

    /// Puts an event, or one instance of a series, elsewhere.
    pub(super) fn relocate(
        &mut self,
        id: &str,
        from: Timestamp,
        to: Timestamp,
        version: u64,
    ) -> Option<(String, String)> {
        let (event, number) = split(id);
        let entry = self.entries.iter_mut().find(|entry| entry.id == event)?;
        match (number, &mut entry.series) {
            (Some(number), Some(series)) => {
                series.moved.insert(number, (from, to));
            }
            (Some(_), None) => return None,
            (None, _) => (entry.from, entry.to) = (from, to),
        }
        entry.version = version;
        Some((entry.calendar.clone(), id.to_owned()))
    }
}

/// An instance's id into the series' id and its place there.
fn split(id: &str) -> (&str, Option<u16>) {
    id.rsplit_once('.').and_then(|(event, number)| Some((event, Some(number.parse().ok()?)))).unwrap_or((id, None))
}
