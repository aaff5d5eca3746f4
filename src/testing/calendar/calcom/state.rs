//! What Cal.com knows: kinds of appointment, bookings, reservations, webhooks, keys.

use std::collections::{HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::{
    ports::calendar::Interval,
    testing::calendar::agenda::{Agenda, Shape, with_buffers},
};

/// Of any kind, in a minute, for one key.
pub(super) const REQUESTS: usize = 120;

/// Something that is asked of whoever books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// `text`, `textarea`, `phone`, `select`, `boolean` and others.
    pub kind: &'static str,
    pub slug: String,
    pub label: String,
    pub required: bool,
    pub hidden: bool,
    /// Cal.com's own, not the owner's.
    pub default: bool,
    pub options: Vec<String>,
}

impl Field {
    pub fn new(kind: &'static str, slug: &str, required: bool) -> Self {
        let label = slug.replace('-', " ");
        Self { kind, slug: slug.to_owned(), label, required, hidden: false, default: false, options: Vec::new() }
    }
}

/// Where it may take place, as a kind lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Address(String),
    Link(String),
    /// The owner's number.
    Phone(String),
    Integration(&'static str),
    /// The customer says where: their number, their address, anything.
    AttendeePhone,
    AttendeeAddress,
    AttendeeDefined,
}

/// A kind of appointment: Cal.com's "event type".
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on Cal.com's page")]
pub struct Kind {
    pub title: String,
    pub shape: Shape,
    /// Lengths to choose from, beside the usual one.
    pub lengths: Vec<u16>,
    pub fields: Vec<Field>,
    pub places: Vec<Place>,
    /// The owner has to accept each booking.
    pub confirms: bool,
    /// So many share a booking.
    pub seats: Option<u16>,
    /// So many bookings are made at once, week by week.
    pub repeats: Option<u16>,
    /// An e-mail address may be left out.
    pub email_optional: bool,
    pub hidden: bool,
    pub no_moving: bool,
    pub no_cancelling: bool,
}

impl Kind {
    /// Every half hour, at one place, without questions.
    pub fn new(title: &str, minutes: u16) -> Self {
        Self {
            title: title.to_owned(),
            shape: Shape { minutes, every: 30, before: 0, after: 0 },
            lengths: Vec::new(),
            fields: Vec::new(),
            places: vec![Place::Address("1 Main Street".to_owned())],
            confirms: false,
            seats: None,
            repeats: None,
            email_optional: false,
            hidden: false,
            no_moving: false,
            no_cancelling: false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Accepted,
    Pending,
    Cancelled,
}

#[derive(Clone, Debug)]
pub(super) struct Booking {
    pub(super) id: i64,
    pub(super) uid: String,
    pub(super) kind: i64,
    pub(super) starts: Timestamp,
    pub(super) minutes: u16,
    pub(super) status: Status,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) zone: String,
    pub(super) language: String,
    pub(super) phone: Option<String>,
    pub(super) location: String,
    pub(super) answers: Map<String, Value>,
    pub(super) metadata: Map<String, Value>,
    pub(super) reason: Option<String>,
    pub(super) moved_from: Option<String>,
    pub(super) moved_to: Option<String>,
    pub(super) made: Timestamp,
}

impl Booking {
    pub(super) fn ends(&self) -> Timestamp {
        self.starts + SignedDuration::from_mins(self.minutes.into())
    }
}

#[derive(Clone, Debug)]
pub(super) struct Reservation {
    pub(super) uid: String,
    pub(super) kind: i64,
    pub(super) starts: Timestamp,
    pub(super) ends: Timestamp,
    pub(super) minutes: i64,
    pub(super) until: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) struct Webhook {
    pub(super) id: i64,
    pub(super) url: String,
    pub(super) triggers: Vec<String>,
    pub(super) secret: Option<String>,
    pub(super) active: bool,
}

pub(super) struct State {
    pub(super) agenda: Agenda,
    pub(super) kinds: Vec<(i64, Kind)>,
    pub(super) bookings: Vec<Booking>,
    pub(super) reservations: Vec<Reservation>,
    pub(super) webhooks: Vec<Webhook>,
    pub(super) keys: HashSet<String>,
    pub(super) requests: VecDeque<Timestamp>,
    /// What a time that is taken is answered with: 400 for years, 409 lately.
    pub(super) taken: u16,
    count: u64,
}

impl State {
    pub(super) fn new(agenda: Agenda) -> Self {
        Self {
            agenda,
            kinds: Vec::new(),
            bookings: Vec::new(),
            reservations: Vec::new(),
            webhooks: Vec::new(),
            keys: HashSet::new(),
            requests: VecDeque::new(),
            taken: 400,
            count: 0,
        }
    }

    pub(super) fn number(&mut self) -> i64 {
        self.count += 1;
        i64::try_from(self.count).unwrap_or_default() + 100
    }

    /// Letters and digits, like theirs.
    pub(super) fn fresh(&mut self) -> String {
        let number = self.number();
        format!("{:022x}", u128::from(number.unsigned_abs()).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C))
    }

    pub(super) fn kind(&self, id: i64) -> Option<&Kind> {
        self.kinds.iter().find(|(own, _)| *own == id).map(|(_, kind)| kind)
    }

    pub(super) fn booking(&self, uid: &str) -> Option<usize> {
        self.bookings.iter().position(|booking| booking.uid == uid)
    }

    /// When a kind could begin. `without` is not in the way: it is to be moved.
    pub(super) fn free(
        &self,
        id: i64,
        minutes: Option<u16>,
        range: Interval,
        now: Timestamp,
        without: Option<&str>,
    ) -> Vec<Timestamp> {
        let Some(kind) = self.kind(id) else { return Vec::new() };
        let shape = Shape { minutes: minutes.unwrap_or(kind.shape.minutes), ..kind.shape };
        let standing = self.bookings.iter().filter(|booking| booking.status != Status::Cancelled);
        let others = standing.filter(|booking| Some(booking.uid.as_str()) != without);
        let taken: Vec<Interval> = others
            .map(|booking| {
                let own = self.kind(booking.kind).map_or(shape, |kind| kind.shape);
                with_buffers(Shape { minutes: booking.minutes, ..own }, booking.starts)
            })
            .collect();
        self.agenda.starts(shape, range, now, &taken)
    }

    pub(super) fn is_free(
        &self,
        id: i64,
        minutes: u16,
        start: Timestamp,
        now: Timestamp,
        without: Option<&str>,
    ) -> bool {
        let range = Interval { from: start, to: start + SignedDuration::from_secs(1) };
        self.free(id, Some(minutes), range, now, without).contains(&start)
    }

    /// Whether somebody has the time to themselves for now.
    pub(super) fn is_reserved(&self, id: i64, range: Interval, now: Timestamp) -> bool {
        let others = self.reservations.iter().filter(|reservation| reservation.kind == id && reservation.until > now);
        others.into_iter().any(|reservation| reservation.starts < range.to && range.from < reservation.ends)
    }
}
