//! What is used of an account, as a form: which calendars block, which one receives, which kind of appointment stands for
//! which service, and whose account it is.

use std::collections::BTreeMap;

use crate::{
    domain::{
        business::{Business, Mistake},
        connection::{CalendarId, Choice, Connection, ConnectionState},
        ids::StaffId,
    },
    ports::{calendar::Listed, vendors::Kind},
    web::pages::form::{Fields, Form, wrong},
};

/// The field of a service's kind.
pub(super) fn kind_field(service: impl std::fmt::Display) -> String {
    format!("kind_{service}")
}

/// What is saved, as fields.
pub(super) fn fields(connection: &Connection) -> Fields {
    let choice = &connection.choice;
    let mut fields = Fields::default().and("staff", connection.staff.map(|id| id.to_string()).unwrap_or_default());
    for id in &choice.blocks {
        fields.add("blocks", id.as_str());
    }
    fields.add("receives", choice.receives.as_ref().map_or("", CalendarId::as_str));
    for (service, kind) in &choice.kinds {
        fields.add(kind_field(service), kind.as_str());
    }
    fields.and("meeting", if choice.meeting { "on" } else { "" })
}

/// The form as it is shown first: what is saved, or what most people want while nothing is.
pub(super) fn form(connection: &Connection, business: &Business, kind: &Kind, listed: &[Listed]) -> Form {
    let saved = fields(connection);
    let base = saved.fingerprint();
    let fresh = connection.state == ConnectionState::Choosing && connection.choice == Choice::default();
    let fields = if fresh { usual(&saved, business, kind, listed).and("use", "on") } else { saved };
    Form { fields, base, ..Form::default() }
}

/// The main calendar blocks and receives; a kind of appointment stands for the service of the same name, else for the only
/// one of the same length.
fn usual(saved: &Fields, business: &Business, kind: &Kind, listed: &[Listed]) -> Fields {
    let mut fields = Fields::default().and("staff", saved.text("staff"));
    match kind {
        Kind::Diary(_) => {
            let main = listed.iter().find(|one| one.primary).or_else(|| listed.iter().find(|one| one.writable));
            if let Some(main) = main.or_else(|| listed.first()) {
                fields.add("blocks", main.id.as_str());
            }
            let receives = main.filter(|one| one.writable).or_else(|| listed.iter().find(|one| one.writable));
            fields.add("receives", receives.map_or("", |one| one.id.as_str()));
        }
        Kind::Scheduler(_) => {
            for service in &business.services {
                let bookable = || listed.iter().filter(|one| one.writable);
                let named = bookable().find(|one| one.name.trim().eq_ignore_ascii_case(&service.name));
                let long =
                    |one: &&Listed| one.minutes.is_some_and(|minutes| u32::from(minutes) == u32::from(service.minutes));
                let mut alike = bookable().filter(long);
                let only = match (alike.next(), alike.next()) {
                    (Some(only), None) => Some(only),
                    _ => None,
                };
                if let Some(found) = named.or(only) {
                    fields.add(kind_field(service.id), found.id.as_str());
                }
            }
        }
    }
    fields
}

/// What was typed. Only what the account has, or what was chosen before, can be chosen.
pub(super) fn read(
    typed: &Fields,
    connection: &Connection,
    business: &Business,
    kind: &Kind,
    listed: &[Listed],
) -> Result<(Choice, Option<StaffId>), Vec<Mistake>> {
    let mut found = Vec::new();
    let has = |id: &str| listed.iter().find(|one| one.id.as_str() == id);
    let staff = match typed.text("staff") {
        "" => None,
        id => match id.parse().ok().and_then(|id| business.member(id)) {
            Some(member) => Some(member.id),
            None => {
                found.push(wrong("staff", "They are not there any more. Choose somebody else."));
                None
            }
        },
    };
    let mut choice = Choice::default();
    match kind {
        Kind::Diary(_) => {
            for id in typed.all("blocks").filter(|id| !id.is_empty()) {
                match has(id) {
                    Some(one) if !choice.blocks.contains(&one.id) => choice.blocks.push(one.id.clone()),
                    Some(_) => {}
                    None => found.push(wrong(
                        "blocks",
                        "One of these calendars is not there any more. Here is what there is now.",
                    )),
                }
            }
            match typed.text("receives") {
                "" => {}
                id => match has(id) {
                    Some(one) if one.writable => choice.receives = Some(one.id.clone()),
                    Some(_) => found.push(wrong("receives", "Deskbell may not write into this one. Choose another.")),
                    None => found.push(wrong("receives", "This calendar is not there any more. Choose another.")),
                },
            }
            choice.meeting = typed.is_on("meeting");
            if found.is_empty() && choice.blocks.is_empty() && choice.receives.is_none() {
                found.push(wrong("blocks", "Choose at least one calendar, or disconnect the account."));
            }
        }
        Kind::Scheduler(_) => {
            choice.kinds = kinds(typed, business, has, &mut found);
            if found.is_empty() && choice.kinds.is_empty() {
                found.push(wrong("kinds", "Choose what stands for at least one of your services."));
            }
        }
    }
    // Values come in the order of the list; a choice that only differs in order is the same.
    let order = |id: &CalendarId| connection.choice.blocks.iter().position(|old| old == id).unwrap_or(usize::MAX);
    choice.blocks.sort_by_key(order);
    if found.is_empty() { Ok((choice, staff)) } else { Err(found) }
}

fn kinds<'a>(
    typed: &Fields,
    business: &Business,
    has: impl Fn(&str) -> Option<&'a Listed>,
    found: &mut Vec<Mistake>,
) -> BTreeMap<crate::domain::ids::ServiceId, CalendarId> {
    let mut kinds = BTreeMap::new();
    for service in &business.services {
        let field = kind_field(service.id);
        match typed.text(&field) {
            "" => {}
            id => match has(id) {
                Some(one) if one.writable => {
                    kinds.insert(service.id, one.id.clone());
                }
                Some(_) => found.push(wrong(field, "It asks for something that only the customer can answer there.")),
                None => found.push(wrong(field, "This is not there any more. Choose another.")),
            },
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            connection::{Account, Health},
            ids::ConnectionId,
        },
        testing::{calendar::paper::PaperDiary, salon},
    };

    fn connection() -> Connection {
        Connection {
            id: ConnectionId(uuid::Uuid::from_u128(1)),
            business: salon().id,
            provider: "diary".to_owned(),
            staff: None,
            account: Account { subject: "1".to_owned(), label: "ann@example.com".to_owned(), home: None },
            choice: Choice::default(),
            state: ConnectionState::Choosing,
            health: Health::default(),
            version: 1,
            created: "2026-11-24T15:00:00Z".parse().unwrap(),
        }
    }

    fn listed(id: &str, name: &str, primary: bool, writable: bool, minutes: Option<u16>) -> Listed {
        Listed { id: CalendarId::new(id).unwrap(), name: name.to_owned(), primary, writable, minutes, page: None }
    }

    #[test]
    fn the_main_calendar_is_proposed_and_what_is_typed_is_compared_with_what_there_is() {
        let (kind, connection) = (Kind::Diary(PaperDiary::usual()), connection());
        let all = [listed("holidays", "Holidays", false, false, None), listed("me", "Ann", true, true, None)];
        let form = form(&connection, &salon(), &kind, &all);
        assert_eq!((form.value("blocks"), form.value("receives"), form.value("use")), ("me", "me", "on"));
        assert_eq!(form.base, fields(&connection).fingerprint(), "what is proposed is not saved");
        let reads = |text: &str| read(&Fields::parse(text.as_bytes()), &connection, &salon(), &kind, &all);
        let (choice, staff) = reads("staff=&blocks=me&blocks=holidays&blocks=me&receives=me&meeting=on").unwrap();
        assert_eq!((choice.blocks.len(), choice.meeting, staff), (2, true, None));
        for (text, at) in [
            ("", "blocks"),
            ("blocks=elsewhere", "blocks"),
            ("receives=holidays", "receives"),
            ("receives=gone", "receives"),
            ("blocks=me&staff=nobody", "staff"),
        ] {
            assert_eq!(reads(text).unwrap_err()[0].at, at, "{text}");
        }
    }

    #[test]
    fn kinds_of_appointment_find_the_services_they_are_named_after() {
        let (kind, connection, salon) = (Kind::Scheduler(PaperDiary::usual()), connection(), salon());
        let service = &salon.services[0];
        let all = [
            listed("a", &service.name.to_uppercase(), false, true, Some(1)),
            listed("b", "Other", false, false, Some(2)),
        ];
        let form = form(&connection, &salon, &kind, &all);
        let field = kind_field(service.id);
        assert_eq!(form.value(&field), "a");
        let reads = |text: String| read(&Fields::parse(text.as_bytes()), &connection, &salon, &kind, &all);
        assert_eq!(reads(format!("{field}=a")).unwrap().0.kinds[&service.id].as_str(), "a");
        assert_eq!(reads(format!("{field}=b")).unwrap_err()[0].at, field);
        assert_eq!(reads(String::new()).unwrap_err()[0].at, "kinds");
    }
}
