//! How one message is put for a page.

use crate::{
    domain::{business::Business, phone::PhoneNumber},
    store::{
        notes::StoredNote,
        outbox::{Kind, Outbox, OutboxState},
    },
    web::pages::{calls::view::Badge, frame::root, say::Say},
};

/// What a caller left for the business.
pub(in crate::web::pages) struct NoteView {
    pub(in crate::web::pages) id: String,
    pub(in crate::web::pages) who: String,
    pub(in crate::web::pages) number: String,
    /// E.164, to call back.
    pub(in crate::web::pages) dial: String,
    pub(in crate::web::pages) when: String,
    pub(in crate::web::pages) text: String,
    /// When somebody saw to it.
    pub(in crate::web::pages) done: Option<String>,
    /// The call it was left in.
    pub(in crate::web::pages) call: Option<String>,
    /// Where it is marked.
    pub(in crate::web::pages) mark: String,
}

/// What was texted to a customer.
pub(in crate::web::pages) struct TextView {
    pub(in crate::web::pages) what: &'static str,
    pub(in crate::web::pages) who: String,
    pub(in crate::web::pages) number: String,
    pub(in crate::web::pages) when: String,
    pub(in crate::web::pages) body: String,
    pub(in crate::web::pages) badge: Badge,
    /// Why it failed or is late.
    pub(in crate::web::pages) problem: String,
    pub(in crate::web::pages) booking: Option<String>,
    pub(in crate::web::pages) call: Option<String>,
    /// Where it is sent once more, when that may help.
    pub(in crate::web::pages) again: Option<String>,
}

impl NoteView {
    pub(in crate::web::pages) fn of(note: StoredNote, business: &Business, say: &Say) -> Self {
        let number = note.from.as_ref().map(|number| say.phone(number)).unwrap_or_default();
        let dial = note.from.as_ref().map(ToString::to_string).unwrap_or_default();
        let (who, number) = match note.name {
            Some(name) => (name, number),
            None if number.is_empty() => ("Number withheld".to_owned(), String::new()),
            None => (number, String::new()),
        };
        let root = root(business);
        Self {
            who,
            number,
            dial,
            when: say.when(note.created),
            text: note.text,
            done: note.done.map(|at| say.when(at)),
            call: note.call.map(|call| format!("{root}/calls/{call}")),
            mark: format!("{root}/messages/notes/{}", note.id),
            id: note.id.to_string(),
        }
    }
}

impl TextView {
    /// Nothing: it is no text message.
    pub(in crate::web::pages) fn of(row: Outbox, business: &Business, say: &Say, name: Option<&str>) -> Option<Self> {
        if row.kind != Kind::Sms {
            return None;
        }
        let root = root(business);
        let number = row.recipient.parse::<PhoneNumber>().map_or_else(|_| row.recipient.clone(), |n| say.phone(&n));
        let (who, number) = match name {
            Some(name) => (name.to_owned(), number),
            None => (number, String::new()),
        };
        let failed = did_not_arrive(&row);
        Some(Self {
            what: what(&row.template),
            who,
            number,
            when: say.when(row.created),
            badge: badge(&row),
            problem: problem(&row),
            booking: row.booking.map(|booking| format!("{root}/bookings/{booking}")),
            call: row.call.map(|call| format!("{root}/calls/{call}")),
            again: (failed && !row.body.is_empty() && row.booking.is_some())
                .then(|| format!("{root}/messages/{}/again", row.id)),
            body: if row.body.is_empty() { "Deleted".to_owned() } else { row.body },
        })
    }
}

/// It was given up, or the network says that it did not arrive.
pub(super) fn did_not_arrive(row: &Outbox) -> bool {
    row.state == OutboxState::Failed || matches!(row.delivery.as_deref(), Some("undelivered" | "failed"))
}

pub(super) fn what(template: &str) -> &'static str {
    match template {
        "booked" => "Confirmation",
        "moved" => "Moved",
        "cancelled" => "Cancellation",
        "requested" => "Request noted",
        "reminder" => "Reminder",
        _ => "Message",
    }
}

fn badge(row: &Outbox) -> Badge {
    let (text, tone) = match (row.state, row.delivery.as_deref()) {
        (OutboxState::Pending, _) if row.attempts > 0 => ("Trying again", "warn"),
        (OutboxState::Pending, _) => ("Waiting", ""),
        (OutboxState::Sending, _) => ("Being sent", ""),
        (OutboxState::Failed, _) => ("Not sent", "bad"),
        (OutboxState::Sent, Some("delivered")) => ("Delivered", "good"),
        (OutboxState::Sent, Some("undelivered" | "failed")) => ("Did not arrive", "bad"),
        (OutboxState::Sent, _) => ("Sent", "info"),
    };
    Badge { text, tone }
}

fn problem(row: &Outbox) -> String {
    match (&row.problem, row.delivery.as_deref()) {
        (Some(problem), _) => problem.clone(),
        (None, Some("undelivered" | "failed")) => "the network could not deliver it".to_owned(),
        (None, _) => String::new(),
    }
}
