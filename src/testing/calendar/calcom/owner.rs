//! What happens at Cal.com without us: the owner works there, and customers book by themselves.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::{
    FakeCalcom, Kind,
    state::{Booking, Status},
};
use crate::{ports::calendar::Interval, testing::calendar::agenda::Agenda};

/// Somebody who is booked, as the sandbox shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The booking's uid.
    pub id: String,
    pub kind: String,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// What we left in its metadata.
    pub mark: Option<String>,
    pub answers: Map<String, Value>,
    pub location: String,
    pub language: String,
    /// Accepted, not waiting for the owner and not cancelled.
    pub stands: bool,
}

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookSeen {
    pub id: String,
    pub url: String,
    pub active: bool,
}

impl FakeCalcom {
    /// The owner makes a key: `cal_live_…`.
    pub fn key(&self) -> String {
        let mut state = self.desk.lock();
        let key = format!("cal_live_{}", state.fresh());
        state.keys.insert(key.clone());
        key
    }

    /// The owner deletes every key.
    pub fn revoke(&self) {
        self.desk.lock().keys.clear();
    }

    /// Its id.
    pub fn add_kind(&self, kind: Kind) -> String {
        let mut state = self.desk.lock();
        let id = state.number();
        state.kinds.push((id, kind));
        id.to_string()
    }

    pub fn kinds(&self) -> Vec<(String, Kind)> {
        self.desk.lock().kinds.iter().map(|(id, kind)| (id.to_string(), kind.clone())).collect()
    }

    /// The owner changes a kind.
    pub fn change_kind(&self, id: &str, change: impl FnOnce(&mut Kind)) {
        let mut state = self.desk.lock();
        if let Some((_, kind)) = state.kinds.iter_mut().find(|(own, _)| own.to_string() == id) {
            change(kind);
        }
    }

    /// The owner deletes a kind.
    pub fn remove_kind(&self, id: &str) {
        self.desk.lock().kinds.retain(|(own, _)| own.to_string() != id);
    }

    /// The owner changes when they work.
    pub fn change_hours(&self, change: impl FnOnce(&mut Agenda)) {
        change(&mut self.desk.lock().agenda);
    }

    /// Something stands in the owner's other calendars.
    pub fn add_busy(&self, busy: Interval) {
        self.desk.lock().agenda.busy.push(busy);
    }

    /// A time that is taken is answered with this status: 400, or 409.
    pub fn says_taken_with(&self, status: u16) {
        self.desk.lock().taken = status;
    }

    pub fn free(&self, kind: &str, range: Interval) -> Vec<Timestamp> {
        let now = self.desk.clock.now();
        kind.parse().map(|id| self.desk.lock().free(id, None, range, now, None)).unwrap_or_default()
    }

    /// A visitor of the owner's page has picked a time and fills in the form. Whether they could.
    pub fn reserve_as_outsider(&self, kind: &str, starts: Timestamp) -> bool {
        kind.parse().is_ok_and(|id| self.desk.reserve(id, starts, None, 5).is_ok())
    }

    /// A customer books on the owner's page: the booking's uid, or nothing when the time is not free.
    pub fn book_as_outsider(&self, kind: &str, starts: Timestamp, name: &str, email: &str) -> Option<String> {
        let now = self.desk.clock.now();
        let kind: i64 = kind.parse().ok()?;
        let booking = {
            let mut state = self.desk.lock();
            let minutes = state.kind(kind)?.shape.minutes;
            let slot = Interval { from: starts, to: starts + SignedDuration::from_mins(minutes.into()) };
            if !state.is_free(kind, minutes, starts, now, None) || state.is_reserved(kind, slot, now) {
                return None;
            }
            let (id, uid) = (state.number(), state.fresh());
            let booking = Booking {
                id,
                uid,
                kind,
                starts,
                minutes,
                status: Status::Accepted,
                name: name.to_owned(),
                email: email.to_owned(),
                zone: "America/New_York".to_owned(),
                language: "en".to_owned(),
                phone: None,
                location: "1 Main Street".to_owned(),
                answers: Map::new(),
                metadata: Map::new(),
                reason: None,
                moved_from: None,
                moved_to: None,
                made: now,
            };
            state.bookings.push(booking.clone());
            booking
        };
        self.desk.report("BOOKING_CREATED", &booking, None);
        Some(booking.uid)
    }

    pub fn cancel_as_owner(&self, uid: &str) {
        self.desk.call_off(uid, Some("Something came up".to_owned()));
    }

    /// The owner or the customer moves it: the new uid, or nothing when the time is not free.
    pub fn move_elsewhere(&self, uid: &str, starts: Timestamp) -> Option<String> {
        self.desk.move_to(uid, starts).ok().map(|moved| moved.uid)
    }

    /// How many times are kept for somebody now.
    pub fn reservations(&self) -> usize {
        let now = self.desk.clock.now();
        self.desk.lock().reservations.iter().filter(|reservation| reservation.until > now).count()
    }

    /// Everybody who is or was booked, in the order in which they were.
    pub fn guests(&self) -> Vec<Guest> {
        let state = self.desk.lock();
        let guest = |booking: &Booking| Guest {
            id: booking.uid.clone(),
            kind: state.kind(booking.kind).map(|kind| kind.title.clone()).unwrap_or_default(),
            name: booking.name.clone(),
            email: booking.email.clone(),
            phone: booking.phone.clone(),
            starts: booking.starts,
            ends: booking.ends(),
            mark: booking.metadata.get("deskbell").and_then(Value::as_str).map(str::to_owned),
            answers: booking.answers.clone(),
            location: booking.location.clone(),
            language: booking.language.clone(),
            stands: booking.status == Status::Accepted,
        };
        state.bookings.iter().map(guest).collect()
    }

    pub fn webhooks(&self) -> Vec<HookSeen> {
        let state = self.desk.lock();
        let seen = |hook: &super::state::Webhook| HookSeen {
            id: hook.id.to_string(),
            url: hook.url.clone(),
            active: hook.active,
        };
        state.webhooks.iter().map(seen).collect()
    }

    /// The owner switches every webhook off.
    pub fn disable_webhooks(&self) {
        self.desk.lock().webhooks.iter_mut().for_each(|hook| hook.active = false);
    }

    /// Until every report has been taken or refused.
    pub async fn settle(&self) {
        self.desk.postman.settle().await;
    }
}
