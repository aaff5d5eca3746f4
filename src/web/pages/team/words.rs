//! The words of the audit log as sentences: "settings.hours" by Maria is "changed the opening hours".

/// The kinds of deeds, by their first word, as the filter offers them.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("settings", "Settings"),
    ("booking", "Appointments"),
    ("block", "Blocked time"),
    ("customer", "Customers"),
    ("message", "Messages"),
    ("note", "Messages from callers"),
    ("call", "Calls"),
    ("team", "Team"),
    ("key", "API keys"),
    ("data", "Data"),
    ("calendar", "Connected calendars"),
    ("business", "The business"),
    ("account", "Accounts"),
];

/// What the deeds are in words, after the name of whoever did them. A word that is not here is shown as it is, so that a
/// deed of a newer program is never hidden.
const SENTENCES: &[(&str, &str)] = &[
    ("account.set_up", "set the server up"),
    ("account.changed", "changed their account"),
    ("account.password", "changed their password"),
    ("account.linked", "signed in elsewhere for the first time"),
    ("business.created", "created the business"),
    ("business.added", "added the business"),
    ("settings.replaced", "replaced the whole setup"),
    ("settings.setup", "went on with the setup"),
    ("settings.template", "filled the setup in from a template"),
    ("settings.business", "changed the business's details"),
    ("settings.hours", "changed the opening hours"),
    ("settings.exceptions", "changed closed days and special hours"),
    ("settings.closed_days", "changed closed days and special hours"),
    ("settings.exception_added", "added closed days or special hours"),
    ("settings.exception_changed", "changed closed days or special hours"),
    ("settings.exception_removed", "removed closed days or special hours"),
    ("settings.holidays", "added public holidays"),
    ("settings.services", "changed the services"),
    ("settings.service_added", "added a service"),
    ("settings.service_changed", "changed a service"),
    ("settings.service_removed", "removed a service"),
    ("settings.staff", "changed the staff"),
    ("settings.staff_added", "added a member of staff"),
    ("settings.staff_changed", "changed a member of staff"),
    ("settings.staff_removed", "removed a member of staff"),
    ("settings.rules", "changed the rules for booking"),
    ("settings.receptionist", "changed the receptionist"),
    ("settings.messages", "changed the text messages"),
    ("settings.numbers", "changed the phone numbers"),
    ("settings.integrations", "changed the integrations"),
    ("calendar.connected", "connected a calendar"),
    ("calendar.chosen", "chose what is used of a connected calendar"),
    ("calendar.disconnected", "disconnected a calendar"),
    ("settings.retention", "changed how long calls are kept"),
    ("booking.added", "made an appointment"),
    ("booking.made", "made an appointment"),
    ("booking.moved", "moved an appointment"),
    ("booking.cancelled", "cancelled an appointment"),
    ("booking.kept", "took back what was done to an appointment in a connected calendar"),
    ("booking.vouched", "said that an appointment fits, whatever the calendar said"),
    ("booking.restored", "made a cancelled appointment again"),
    ("block.added", "blocked time in the calendar"),
    ("block.changed", "changed blocked time"),
    ("block.removed", "opened blocked time again"),
    ("block.restored", "blocked the time again"),
    ("customer.edited", "changed a customer's name or note"),
    ("message.sent_again", "sent a text message again"),
    ("message.resent", "sent a text message again"),
    ("message.done", "marked a caller's message as done"),
    ("message.open", "marked a caller's message as open"),
    ("note.done", "marked a caller's message as done"),
    ("note.undone", "marked a caller's message as open"),
    ("call.taken_over", "took a call over"),
    ("call.ended", "ended a call"),
    ("team.invited", "invited somebody to the team"),
    ("team.invited_again", "renewed an invitation"),
    ("team.withdrawn", "withdrew an invitation"),
    ("team.joined", "joined the team"),
    ("team.role", "changed somebody's role"),
    ("team.removed", "removed somebody from the team"),
    ("key.made", "made an API key"),
    ("key.revoked", "revoked an API key"),
    ("data.exported", "exported the data"),
    ("data.customer_erased", "erased a customer"),
    ("data.business_erased", "began to erase the business"),
];

/// What was done, in words if there are any.
pub(super) fn sentence(deed: &str) -> Option<&'static str> {
    SENTENCES.iter().find(|(word, _)| *word == deed).map(|(_, sentence)| *sentence)
}

/// The kind that a query names, if it is one.
pub(super) fn kind(name: &str) -> Option<&'static str> {
    KINDS.iter().find(|(kind, _)| *kind == name).map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_can_be_found_by_its_kind_and_stands_once() {
        for (n, (word, _)) in SENTENCES.iter().enumerate() {
            let first = word.split('.').next().unwrap();
            assert!(kind(first).is_some(), "{word} is of no kind");
            assert!(SENTENCES[..n].iter().all(|(other, _)| other != word), "{word} stands twice");
        }
    }
}
