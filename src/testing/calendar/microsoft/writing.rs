//! What can be written: events, as a program makes, changes and deletes them.

use axum::http::StatusCode;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

use super::{
    faults::Fault,
    json,
    mailbox::{Entry, Mailbox},
    request::Asked,
    server::{Reply, Shared},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    content: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Time {
    date_time: String,
    time_zone: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    display_name: Option<String>,
}

#[derive(Deserialize)]
struct Property {
    id: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    subject: Option<String>,
    body: Option<Body>,
    start: Option<Time>,
    end: Option<Time>,
    location: Option<Location>,
    show_as: Option<String>,
    transaction_id: Option<String>,
    is_online_meeting: Option<bool>,
    online_meeting_provider: Option<String>,
    #[serde(default)]
    attendees: Vec<Value>,
    #[serde(default)]
    single_value_extended_properties: Vec<Property>,
}

fn refused(what: &str) -> Fault {
    Fault::new(400, "ErrorInvalidPropertySet", format!("At least one property failed validation: {what}."))
}

/// IANA names and a few of Windows'.
fn moment(time: &Time) -> Result<Timestamp, Fault> {
    let name = match time.time_zone.as_str() {
        "Eastern Standard Time" => "America/New_York",
        "W. Europe Standard Time" => "Europe/Berlin",
        name => name,
    };
    let unknown = || Fault::new(400, "TimeZoneNotSupportedException", "A valid TimeZone value must be specified.");
    let zone = TimeZone::get(name).map_err(|_| unknown())?;
    let at: DateTime = time.date_time.parse().map_err(|_| refused("DateTimeTimeZone.DateTime"))?;
    zone.to_timestamp(at).map_err(|_| refused("DateTimeTimeZone.DateTime"))
}

impl Written {
    fn checked(&self) -> Result<(), Fault> {
        let shown = ["unknown", "free", "tentative", "busy", "oof", "workingElsewhere"];
        if self.show_as.as_deref().is_some_and(|show_as| !shown.contains(&show_as)) {
            return Err(Fault::bad("Requested value was not found."));
        }
        if self.subject.as_ref().is_some_and(|subject| subject.chars().count() > 255) {
            return Err(refused("Subject"));
        }
        if !self.attendees.is_empty() {
            // Real ones would get a letter; nothing of ours may invite anybody.
            return Err(refused("Attendees"));
        }
        let good = |id: &str| id.starts_with("String {") && id.contains("} Name ");
        match self.single_value_extended_properties.iter().find(|property| !good(&property.id)) {
            None => Ok(()),
            Some(_) => Err(Fault::bad("The extended property id is not in the correct format.")),
        }
    }

    fn times(&self) -> Result<Option<(Timestamp, Timestamp)>, Fault> {
        let (Some(start), Some(end)) = (&self.start, &self.end) else {
            return if self.start.is_none() && self.end.is_none() { Ok(None) } else { Err(refused("Start, End")) };
        };
        let (from, to) = (moment(start)?, moment(end)?);
        if to < from { Err(refused("Start.DateTime, End.DateTime")) } else { Ok(Some((from, to))) }
    }

    /// Work accounts get a meeting; personal ones get none, and are not told so.
    fn wants_meeting(&self, mailbox: &Mailbox) -> bool {
        let teams = self.online_meeting_provider.as_deref().is_none_or(|provider| provider == "teamsForBusiness");
        self.is_online_meeting == Some(true) && teams && !mailbox.personal
    }
}

fn meeting(id: &str) -> String {
    let number: u32 = id.bytes().map(u32::from).sum();
    format!("https://teams.microsoft.example/l/meetup-join/19%3ameeting_{number}%40thread.v2/0")
}

pub(super) fn create(shared: &Shared, asked: &Asked, calendar: &str) -> Reply {
    let written: Written = asked.json()?;
    written.checked()?;
    let (from, to) = written.times()?.ok_or_else(|| refused("Start, End"))?;
    shared.changed(|state| {
        let (id, version) = (state.new_id(), state.next());
        let mailbox = state.mailbox_mut(asked.subject());
        let shelf = mailbox.shelf(calendar).ok_or_else(Fault::not_found)?;
        if !shelf.editable {
            return Err(Fault::denied());
        }
        if let Some(transaction) = &written.transaction_id {
            // A second writing does nothing, and is answered with what the first one made.
            if let Some(first) = mailbox.transactions.get(transaction) {
                let entry = mailbox.entry(first).ok_or_else(|| {
                    Fault::new(
                        409,
                        "ErrorDuplicateTransactionId",
                        "The transaction id was used by an event that was deleted.",
                    )
                })?;
                return Ok((StatusCode::CREATED, json::event(mailbox, entry, None, asked)));
            }
            mailbox.transactions.insert(transaction.clone(), id.clone());
        }
        let meets = written.wants_meeting(mailbox);
        let entry = Entry {
            id: id.clone(),
            calendar: calendar.to_owned(),
            title: written.subject.unwrap_or_default(),
            body: written.body.map(|body| body.content).unwrap_or_default(),
            location: written.location.and_then(|location| location.display_name).unwrap_or_default(),
            from,
            to,
            all_day: false,
            show_as: written.show_as.unwrap_or_else(|| "busy".to_owned()),
            private: false,
            cancelled: false,
            transaction: written.transaction_id,
            properties: written.single_value_extended_properties.into_iter().map(|one| (one.id, one.value)).collect(),
            meeting: meets.then(|| meeting(&id)),
            made_in: written.start.map(|start| start.time_zone).unwrap_or_default(),
            series: None,
            version,
            created: version,
        };
        let value = json::event(mailbox, &entry, None, asked);
        mailbox.entries.push(entry);
        state.news.push(("created", calendar.to_owned(), id));
        Ok((StatusCode::CREATED, value))
    })
}

/// Finds an event that may be written to, and makes sure that it is the one that the writer knows.
fn writable(mailbox: &Mailbox, asked: &Asked, id: &str) -> Result<String, Fault> {
    let entry = json::named(mailbox, id).ok_or_else(Fault::not_found)?;
    if !mailbox.shelf(&entry.calendar).is_some_and(|shelf| shelf.editable) {
        return Err(Fault::denied());
    }
    match &asked.if_match {
        Some(etag) if etag != "*" && *etag != json::etag(entry.version) => {
            let message = "The send or update operation could not be performed because the change key passed in the request \
                           does not match the current change key for the item.";
            Err(Fault::new(412, "ErrorIrresolvableConflict", message))
        }
        _ => Ok(entry.id.clone()),
    }
}

pub(super) fn update(shared: &Shared, asked: &Asked, id: &str) -> Reply {
    let written: Written = asked.json()?;
    written.checked()?;
    let times = written.times()?;
    shared.changed(|state| {
        let version = state.next();
        let mailbox = state.mailbox_mut(asked.subject());
        let id = writable(mailbox, asked, id)?;
        let meets = written.wants_meeting(mailbox);
        let entry = mailbox.entries.iter_mut().find(|entry| entry.id == id).ok_or_else(Fault::not_found)?;
        if written.transaction_id.is_some() && written.transaction_id != entry.transaction {
            return Err(refused("TransactionId"));
        }
        entry.version = version;
        if let Some((from, to)) = times {
            (entry.from, entry.to) = (from, to);
        }
        if let Some(title) = written.subject {
            entry.title = title;
        }
        if let Some(location) = written.location {
            entry.location = location.display_name.unwrap_or_default();
        }
        if let Some(show_as) = written.show_as {
            entry.show_as = show_as;
        }
        if let Some(body) = written.body {
            // What made it a meeting stood in the old one.
            entry.body = body.content;
            entry.meeting = None;
        }
        if meets && entry.meeting.is_none() {
            entry.meeting = Some(meeting(&entry.id));
        }
        let calendar = entry.calendar.clone();
        let entry = mailbox.entry(&id).ok_or_else(Fault::not_found)?;
        let value = json::event(mailbox, entry, None, asked);
        state.news.push(("updated", calendar, id));
        Ok((StatusCode::OK, value))
    })
}

pub(super) fn delete(shared: &Shared, asked: &Asked, id: &str) -> Reply {
    shared.changed(|state| {
        let id = writable(state.mailbox(asked.subject()), asked, id)?;
        state.delete(&id);
        Ok((StatusCode::NO_CONTENT, Value::Null))
    })
}
