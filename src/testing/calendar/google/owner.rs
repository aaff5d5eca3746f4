//! What the owner does in their own calendar, and what they see there; and what Google does on demand.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    FakeGoogle,
    document::{blocks, is_all_day, moment},
    recurrence::unfolded,
    state::{Calendar, Role, Stored},
};

/// An event that an owner writes.
#[derive(Clone, Debug)]
pub struct Planned(Map<String, Value>);

impl Planned {
    fn new(title: &str, start: &Value, end: &Value) -> Self {
        let doc = json!({"summary": title, "start": start, "end": end, "status": "confirmed", "eventType": "default"});
        Self(doc.as_object().cloned().unwrap_or_default())
    }

    /// Between two moments.
    pub fn timed(title: &str, from: Timestamp, to: Timestamp) -> Self {
        Self::new(title, &json!({"dateTime": from.to_string()}), &json!({"dateTime": to.to_string()}))
    }

    /// By the wall clock of a zone (IANA): "2026-12-03T10:00:00".
    pub fn local(title: &str, zone: &str, from: &str, to: &str) -> Self {
        let edge = |at: &str| json!({"dateTime": at, "timeZone": zone});
        Self::new(title, &edge(from), &edge(to))
    }

    /// Whole days of the calendar's zone, the last one not included: "2026-12-03", "2026-12-04".
    pub fn all_day(title: &str, first: &str, end: &str) -> Self {
        Self::new(title, &json!({"date": first}), &json!({"date": end}))
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// Shown as free.
    #[must_use]
    pub fn free(self) -> Self {
        self.with("transparency", "transparent".into())
    }

    /// An invitation that was turned down, and still stands there.
    #[must_use]
    pub fn declined(self) -> Self {
        self.with("attendees", json!([{"email": "me@example.com", "self": true, "responseStatus": "declined"}]))
    }

    /// `workingLocation`, `outOfOffice`, `focusTime`.
    #[must_use]
    pub fn of_kind(self, kind: &str) -> Self {
        self.with("eventType", kind.into())
    }

    /// "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=America/Vancouver:20261210T100000".
    #[must_use]
    pub fn again(self, rules: &[&str]) -> Self {
        self.with("recurrence", rules.into())
    }
}

/// An event as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub id: String,
    pub title: String,
    pub description: String,
    pub location: String,
    pub from: Timestamp,
    pub to: Timestamp,
    pub all_day: bool,
    pub busy: bool,
    pub cancelled: bool,
    /// What Deskbell has marked it with.
    pub booking: Option<String>,
    pub meeting: Option<String>,
}

fn shown(id: &str, stored: &Stored, calendar: &Calendar) -> Option<Shown> {
    let text = |name: &str| stored.doc.get(name).and_then(Value::as_str);
    let private = stored.doc.get("extendedProperties").and_then(|both| both.get("private"));
    Some(Shown {
        id: id.to_owned(),
        title: text("summary").unwrap_or_default().to_owned(),
        description: text("description").unwrap_or_default().to_owned(),
        location: text("location").unwrap_or_default().to_owned(),
        from: moment(&stored.doc, "start", &calendar.zone)?,
        to: moment(&stored.doc, "end", &calendar.zone)?,
        all_day: is_all_day(&stored.doc),
        busy: blocks(&stored.doc),
        cancelled: stored.is_cancelled(),
        booking: private.and_then(|private| private["deskbell_booking"].as_str()).map(str::to_owned),
        meeting: text("hangoutLink").map(str::to_owned),
    })
}

impl FakeGoogle {
    /// # Panics
    /// When there is no such zone.
    pub fn add_calendar(&self, id: &str, name: &str, zone: &str, owner: &str) {
        let calendar = Calendar {
            name: name.to_owned(),
            zone: TimeZone::get(zone).expect("an IANA zone"),
            zone_name: zone.to_owned(),
            roles: [(owner.to_owned(), Role::Owner)].into(),
            events: [].into(),
        };
        self.server.lock().calendars.insert(id.to_owned(), calendar);
    }

    /// Somebody else gets to see it, or no longer.
    pub fn share(&self, calendar: &str, subject: &str, role: Option<Role>) {
        if let Some(calendar) = self.server.lock().calendars.get_mut(calendar) {
            match role {
                Some(role) => calendar.roles.insert(subject.to_owned(), role),
                None => calendar.roles.remove(subject),
            };
        }
    }

    pub fn delete_calendar(&self, id: &str) {
        self.server.lock().calendars.remove(id);
    }

    /// Ids of somebody's own calendars, with their names.
    pub fn calendars(&self, owner: &str) -> Vec<(String, String)> {
        let state = self.server.lock();
        let own = state.calendars.iter().filter(|(_, own)| own.roles.get(owner) == Some(&Role::Owner));
        own.map(|(id, own)| (id.clone(), own.name.clone())).collect()
    }

    /// The id that Google gives it.
    pub fn add_event(&self, calendar: &str, event: Planned) -> String {
        let mut state = self.server.lock();
        let id = format!("{:026}", state.count + 1);
        let mut doc = event.0;
        doc.insert("id".to_owned(), id.clone().into());
        doc.insert("htmlLink".to_owned(), format!("https://www.google.com/calendar/event?eid={id}").into());
        state.keep(calendar, &id, doc);
        id
    }

    /// Moves an event, or one time of an event that comes again (`…_20261203T180000Z`).
    pub fn move_event(&self, calendar: &str, id: &str, from: Timestamp, to: Timestamp) {
        self.change(calendar, id, |doc| {
            for (name, at) in [("start", from), ("end", to)] {
                let zone = doc.get(name).and_then(|edge| edge.get("timeZone")).cloned().unwrap_or(Value::Null);
                doc.insert(name.to_owned(), json!({"dateTime": at.to_string(), "timeZone": zone}));
            }
        });
    }

    /// Makes whole days of it.
    pub fn make_all_day(&self, calendar: &str, id: &str, first: civil::Date, end: civil::Date) {
        self.change(calendar, id, |doc| {
            doc.insert("start".to_owned(), json!({"date": first.to_string()}));
            doc.insert("end".to_owned(), json!({"date": end.to_string()}));
        });
    }

    pub fn retitle(&self, calendar: &str, id: &str, title: &str) {
        self.change(calendar, id, |doc| {
            doc.insert("summary".to_owned(), title.into());
        });
    }

    /// Writes more into an event: `{"description": …, "colorId": "11", "reminders": …}`.
    pub fn write_into(&self, calendar: &str, id: &str, more: Value) {
        let Value::Object(more) = more else { return };
        self.change(calendar, id, |doc| doc.extend(more));
    }

    /// All that is in one.
    pub fn document(&self, calendar: &str, id: &str) -> Value {
        let state = self.server.lock();
        let found = state.calendars.get(calendar).and_then(|own| own.events.get(id));
        found.map_or(Value::Null, |stored| Value::Object(stored.doc.clone()))
    }

    pub fn delete_event(&self, calendar: &str, id: &str) {
        self.change(calendar, id, |doc| {
            doc.insert("status".to_owned(), "cancelled".into());
        });
    }

    /// A copy, as the calendar's own page makes it: another id, and all of its properties.
    pub fn copy_event(&self, calendar: &str, id: &str) -> Option<String> {
        let doc = self.server.lock().calendars.get(calendar)?.events.get(id)?.doc.clone();
        Some(self.add_event(calendar, Planned(doc)))
    }

    /// Drags an event into another calendar: it keeps its id, as by `events.move`.
    pub fn drag_event(&self, calendar: &str, id: &str, to: &str) {
        let mut state = self.server.lock();
        let found = state.calendars.get(calendar).and_then(|own| own.events.get(id));
        let Some(doc) = found.map(|stored| stored.doc.clone()) else { return };
        state.keep(to, id, doc);
        drop(state);
        self.delete_event(calendar, id);
    }

    fn change(&self, calendar: &str, id: &str, change: impl FnOnce(&mut Map<String, Value>)) {
        let mut state = self.server.lock();
        let Some(own) = state.calendars.get(calendar) else { return };
        let found = own.events.get(id).map(|stored| stored.doc.clone()).or_else(|| {
            let (master, _) = id.split_once('_')?;
            let end = Timestamp::MAX;
            unfolded(master, own.events.get(master)?, own, end).into_iter().find(|one| one.id == id).map(|one| one.doc)
        });
        let Some(mut doc) = found else { return };
        change(&mut doc);
        state.keep(calendar, id, doc);
    }

    /// What stands there, by its beginning; what comes again stands there once.
    pub fn events(&self, calendar: &str) -> Vec<Shown> {
        self.all_events(calendar).into_iter().filter(|event| !event.cancelled).collect()
    }

    /// With what was deleted.
    pub fn all_events(&self, calendar: &str) -> Vec<Shown> {
        let state = self.server.lock();
        let Some(own) = state.calendars.get(calendar) else { return Vec::new() };
        let mut events: Vec<Shown> = own.events.iter().filter_map(|(id, stored)| shown(id, stored, own)).collect();
        events.sort_by_key(|event| event.from);
        events
    }

    /// The owner takes back what they have allowed.
    pub fn revoke(&self, subject: &str) {
        self.server.consent.revoke_account(subject);
    }

    /// Sync tokens that are out now are too old.
    pub fn expire_sync_tokens(&self) {
        let mut state = self.server.lock();
        state.count += 1;
        state.oldest_token = state.count;
    }

    /// Requests of one account within a minute; nothing: any number. Google's own is 600.
    pub fn limit(&self, per_minute: Option<usize>) {
        let mut state = self.server.lock();
        state.quota = per_minute;
        state.asked.clear();
    }

    /// How many things stand on a page; nothing: as many as are asked for.
    pub fn page_size(&self, size: Option<usize>) {
        self.server.lock().page_size = size;
    }

    /// A meeting's address comes only with a later look at the event.
    pub fn meetings_later(&self, later: bool) {
        self.server.lock().meetings_later = later;
    }

    /// `freeBusy` answers 200 with this reason in place of the calendar's times ("internalError"); nothing: as ever.
    pub fn cannot_read(&self, calendar: &str, reason: Option<&str>) {
        let mut state = self.server.lock();
        match reason {
            Some(reason) => state.unreadable.insert(calendar.to_owned(), reason.to_owned()),
            None => state.unreadable.remove(calendar),
        };
    }
}
