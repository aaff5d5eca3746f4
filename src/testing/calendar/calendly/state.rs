//! What Calendly knows: kinds of appointment, events with their invitees, subscriptions, and who may do what.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::limits::Limits;
use crate::{
    ports::calendar::Interval,
    testing::calendar::agenda::{Agenda, Shape, with_buffers, within},
};

/// What the account pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// It can be read; nothing can be booked for others, and nothing is reported.
    Free,
    Trial,
    Standard,
    Enterprise,
}

/// A question on the page where customers book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub name: String,
    /// `string`, `text`, `phone_number`, `single_select`, `multi_select`.
    pub kind: &'static str,
    pub required: bool,
    pub enabled: bool,
    pub choices: Vec<String>,
}

impl Question {
    pub fn new(name: &str, kind: &'static str, required: bool) -> Self {
        Self { name: name.to_owned(), kind, required, enabled: true, choices: Vec::new() }
    }
}

/// Where it may take place: a kind (`physical`, `outbound_call`, `zoom_conference`), and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub kind: &'static str,
    pub location: Option<String>,
}

impl Place {
    pub fn new(kind: &'static str, location: Option<&str>) -> Self {
        Self { kind, location: location.map(str::to_owned) }
    }
}

/// A kind of appointment: Calendly's "event type".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    pub name: String,
    pub shape: Shape,
    pub questions: Vec<Question>,
    pub places: Vec<Place>,
    /// How many can join one session.
    pub seats: u16,
    pub active: bool,
    pub poll: bool,
}

impl Kind {
    /// Every half hour, without buffers, questions or a place.
    pub fn new(name: &str, minutes: u16) -> Self {
        Self {
            name: name.to_owned(),
            shape: Shape { minutes, every: 30, before: 0, after: 0 },
            questions: Vec::new(),
            places: Vec::new(),
            seats: 1,
            active: true,
            poll: false,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) id: String,
    /// The kind's id.
    pub(super) kind: String,
    pub(super) starts: Timestamp,
    pub(super) made: Timestamp,
    pub(super) cancelled: Option<Cancelled>,
    pub(super) place: Option<(String, Option<String>)>,
    pub(super) invitees: Vec<Invitee>,
}

#[derive(Clone, Debug)]
pub(super) struct Cancelled {
    pub(super) by: &'static str,
    pub(super) reason: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Invitee {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) zone: String,
    pub(super) answers: Vec<(String, String, u64)>,
    /// The six fields, as they came.
    pub(super) tracking: serde_json::Value,
    pub(super) made: Timestamp,
    pub(super) changed: Timestamp,
    pub(super) cancelled: Option<Cancelled>,
    /// Addresses.
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) events: Vec<String>,
    pub(super) scope: String,
    pub(super) user: Option<String>,
    pub(super) key: Option<String>,
    pub(super) active: bool,
    /// When a report failed first, with none taken since.
    pub(super) failing: Option<Timestamp>,
    pub(super) made: Timestamp,
}

pub(super) struct State {
    pub(super) agenda: Agenda,
    /// By id, in the order in which they were made.
    pub(super) kinds: Vec<(String, Kind)>,
    pub(super) events: Vec<Event>,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) plan: Plan,
    /// Scopes that the account's tokens do not have after all.
    pub(super) without: HashSet<&'static str>,
    pub(super) limits: HashMap<&'static str, Limits>,
    count: u64,
}

pub(super) fn organization(base: &str) -> String {
    format!("{base}/organizations/ORGAAAAAAAAAAAAA")
}

impl State {
    pub(super) fn new(agenda: Agenda) -> Self {
        Self {
            agenda,
            kinds: Vec::new(),
            events: Vec::new(),
            subscriptions: Vec::new(),
            plan: Plan::Standard,
            without: HashSet::new(),
            limits: HashMap::new(),
            count: 0,
        }
    }

    /// Sixteen letters and digits, like theirs.
    pub(super) fn fresh(&mut self) -> String {
        self.count += 1;
        format!("{:016X}", self.count.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub(super) fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|(own, _)| own == id).map(|(_, kind)| kind)
    }

    pub(super) fn ends(&self, event: &Event) -> Timestamp {
        let minutes = self.kind(&event.kind).map_or(30, |kind| kind.shape.minutes);
        event.starts + SignedDuration::from_mins(minutes.into())
    }

    /// When a kind could begin, each with how many can still join.
    pub(super) fn free(&self, id: &str, range: Interval, now: Timestamp) -> Vec<(Timestamp, u16)> {
        let Some(kind) = self.kind(id) else { return Vec::new() };
        let standing = self.events.iter().filter(|event| event.cancelled.is_none());
        let (mut taken, mut joinable) = (Vec::new(), HashMap::new());
        for event in standing {
            let active = event.invitees.iter().filter(|invitee| invitee.cancelled.is_none()).count();
            let left = usize::from(kind.seats).saturating_sub(active);
            if event.kind == id && left > 0 {
                joinable.insert(event.starts, u16::try_from(left).unwrap_or(u16::MAX));
            } else if let Some(other) = self.kind(&event.kind) {
                taken.push(with_buffers(other.shape, event.starts));
            }
        }
        // A session that can be joined is in the way of every other beginning, and not of its own.
        let own: Vec<Interval> = joinable.keys().map(|starts| within(kind.shape, *starts)).collect();
        let starts = self.agenda.starts(kind.shape, range, now, &taken);
        let open = starts.into_iter().filter(|start| {
            let wanted = within(kind.shape, *start);
            joinable.contains_key(start) || !own.iter().any(|own| own.from < wanted.to && wanted.from < own.to)
        });
        open.map(|start| (start, joinable.get(&start).copied().unwrap_or(kind.seats))).collect()
    }

    pub(super) fn is_free(&self, id: &str, start: Timestamp, now: Timestamp) -> bool {
        let range = Interval { from: start, to: start + SignedDuration::from_secs(1) };
        self.free(id, range, now).iter().any(|(free, _)| *free == start)
    }

    /// Where an invitee stands: the event's place, and its own.
    pub(super) fn seat(&self, event: &str, invitee: &str) -> Option<(usize, usize)> {
        let at = self.events.iter().position(|own| own.id == event)?;
        let seat = self.events[at].invitees.iter().position(|own| own.id == invitee)?;
        Some((at, seat))
    }
}
