//! What happens at Calendly without us: the owner works there, and customers book by themselves.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{FakeCalendly, Kind, Plan, desk::Booking, state::Cancelled};
use crate::{ports::calendar::Interval, testing::calendar::agenda::Agenda};

/// Somebody who is booked, as the sandbox shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// `scheduled_events/E/invitees/I`.
    pub id: String,
    pub kind: String,
    pub name: String,
    pub email: String,
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// `utm_content`: whoever booked it left it there.
    pub mark: Option<String>,
    pub answers: Vec<(String, String)>,
    /// A kind of place and its words.
    pub place: Option<(String, Option<String>)>,
    pub stands: bool,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookSeen {
    pub id: String,
    pub url: String,
    pub active: bool,
}

impl FakeCalendly {
    /// Its address, which is its id.
    pub fn add_kind(&self, kind: Kind) -> String {
        let mut state = self.desk.lock();
        let id = state.fresh();
        state.kinds.push((id.clone(), kind));
        format!("{}/event_types/{id}", self.address())
    }

    /// By address.
    pub fn kinds(&self) -> Vec<(String, Kind)> {
        let state = self.desk.lock();
        state.kinds.iter().map(|(id, kind)| (format!("{}/event_types/{id}", self.address()), kind.clone())).collect()
    }

    /// The owner changes a kind.
    pub fn change_kind(&self, address: &str, change: impl FnOnce(&mut Kind)) {
        let mut state = self.desk.lock();
        if let Some((_, kind)) = state.kinds.iter_mut().find(|(id, _)| address.ends_with(id.as_str())) {
            change(kind);
        }
    }

    /// The owner deletes a kind.
    pub fn remove_kind(&self, address: &str) {
        self.desk.lock().kinds.retain(|(id, _)| !address.ends_with(id.as_str()));
    }

    /// The owner changes when they work.
    pub fn change_hours(&self, change: impl FnOnce(&mut Agenda)) {
        change(&mut self.desk.lock().agenda);
    }

    /// Something stands in the owner's other calendars.
    pub fn add_busy(&self, busy: Interval) {
        self.desk.lock().agenda.busy.push(busy);
    }

    pub fn free(&self, kind: &str, range: Interval) -> Vec<Timestamp> {
        let now = self.desk.clock.now();
        let id = kind.rsplit('/').next().unwrap_or_default();
        self.desk.lock().free(id, range, now).into_iter().map(|(start, _)| start).collect()
    }

    pub fn plan(&self, plan: Plan) {
        self.desk.lock().plan = plan;
    }

    /// The account's tokens do not have this scope after all.
    pub fn without_scope(&self, scope: &'static str) {
        self.desk.lock().without.insert(scope);
    }

    /// The owner takes back what they allowed.
    pub fn revoke(&self) {
        self.desk.consent.revoke_account(&self.subject());
    }

    /// A customer books on the owner's page: the invitee's id, or nothing when the time is not free.
    pub fn book_as_outsider(&self, kind: &str, starts: Timestamp, name: &str, email: &str) -> Option<String> {
        let now = self.desk.clock.now();
        let kind = kind.rsplit('/').next().unwrap_or_default();
        let (at, seat) = {
            let mut state = self.desk.lock();
            if !state.is_free(kind, starts, now) {
                return None;
            }
            let place = state.kind(kind)?.places.first().map(|place| (place.kind.to_owned(), place.location.clone()));
            let tracking = json!({"utm_campaign": null, "utm_source": null, "utm_medium": null, "utm_content": null,
                                  "utm_term": null, "salesforce_uuid": null});
            let zone = "America/New_York";
            state.book(Booking { kind, starts, name, email, zone, answers: Vec::new(), tracking, place }, now)
        };
        self.desk.report("invitee.created", at, seat);
        self.guests()
            .into_iter()
            .rev()
            .find(|guest| guest.starts == starts && guest.email == email)
            .map(|guest| guest.id)
    }

    /// The owner cancels: the whole event.
    pub fn cancel_as_owner(&self, id: &str) {
        if let Some((event, _)) = parts(id) {
            self.desk.call_off(event, "host", Some("Something came up".to_owned()));
        }
    }

    /// The invitee or the owner moves it on Calendly's page: a new event with a new invitee, told by two reports. The
    /// new id, or nothing when the time is not free.
    pub fn move_elsewhere(&self, id: &str, starts: Timestamp) -> Option<String> {
        let now = self.desk.clock.now();
        let (event, invitee) = parts(id)?;
        let ((at, seat), (new_at, new_seat), name) = {
            let mut state = self.desk.lock();
            let (at, seat) = state.seat(event, invitee)?;
            let kind = state.events[at].kind.clone();
            let before = state.events[at].cancelled.replace(Cancelled { by: "invitee", reason: None });
            if before.is_some() || !state.is_free(&kind, starts, now) {
                state.events[at].cancelled = before;
                return None;
            }
            let old = state.events[at].invitees[seat].clone();
            let place = state.events[at].place.clone();
            let booking = Booking {
                kind: &kind,
                starts,
                name: &old.name,
                email: &old.email,
                zone: &old.zone,
                answers: old.answers.clone(),
                tracking: old.tracking.clone(),
                place,
            };
            let (new_at, new_seat) = state.book(booking, now);
            let address =
                |event: &str, invitee: &str| format!("{}/scheduled_events/{event}/invitees/{invitee}", self.desk.base);
            let new = (state.events[new_at].id.clone(), state.events[new_at].invitees[new_seat].id.clone());
            state.events[new_at].invitees[new_seat].old = Some(address(event, invitee));
            let left = &mut state.events[at].invitees[seat];
            left.new = Some(address(&new.0, &new.1));
            left.cancelled = Some(Cancelled { by: "invitee", reason: None });
            left.changed = now;
            ((at, seat), (new_at, new_seat), format!("scheduled_events/{}/invitees/{}", new.0, new.1))
        };
        self.desk.report("invitee.canceled", at, seat);
        self.desk.report("invitee.created", new_at, new_seat);
        Some(name)
    }

    /// Everybody who is or was booked, in the order in which they were.
    pub fn guests(&self) -> Vec<Guest> {
        let state = self.desk.lock();
        let mut guests = Vec::new();
        for event in &state.events {
            for invitee in &event.invitees {
                guests.push(Guest {
                    id: format!("scheduled_events/{}/invitees/{}", event.id, invitee.id),
                    kind: state.kind(&event.kind).map(|kind| kind.name.clone()).unwrap_or_default(),
                    name: invitee.name.clone(),
                    email: invitee.email.clone(),
                    starts: event.starts,
                    ends: state.ends(event),
                    mark: invitee.tracking.get("utm_content").and_then(Value::as_str).map(str::to_owned),
                    answers: invitee.answers.iter().map(|(asked, answer, _)| (asked.clone(), answer.clone())).collect(),
                    place: event.place.clone(),
                    stands: event.cancelled.is_none() && invitee.cancelled.is_none(),
                });
            }
        }
        guests
    }

    pub fn webhooks(&self) -> Vec<HookSeen> {
        let seen = |hook: &super::state::Subscription| HookSeen {
            id: hook.id.clone(),
            url: hook.url.clone(),
            active: hook.active,
        };
        self.desk.lock().subscriptions.iter().map(seen).collect()
    }

    /// Calendly gives up on every hook, as after a day of failures. Nobody is told.
    pub fn disable_webhooks(&self) {
        self.desk.lock().subscriptions.iter_mut().for_each(|hook| hook.active = false);
    }

    /// Until every report has been taken or refused.
    pub async fn settle(&self) {
        self.desk.postman.settle().await;
    }
}

fn parts(id: &str) -> Option<(&str, &str)> {
    id.strip_prefix("scheduled_events/")?.split_once("/invitees/")
}
