//! What is used of an account, as a form: which calendars block, which one receives, which kind of appointment stands for
//! which service, and whose account it is.

pub(super) mod team;

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
    team::fields(connection, &mut fields);
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
            team::usual(&mut fields, business, listed);
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
        Kind::Diary(_) if staff.is_none() && typed.is_on("team") => {
            choice = team::read(typed, business, listed, &mut found);
            choice.meeting = typed.is_on("meeting");
        }
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
            choice.receives = team::written(typed, "receives", listed, &mut found);
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
    in_order(&mut choice.blocks, &connection.choice.blocks);
    for (staff, part) in &mut choice.members {
        in_order(&mut part.blocks, connection.choice.members.get(staff).map_or(&[][..], |old| old.blocks.as_slice()));
    }
    if found.is_empty() { Ok((choice, staff)) } else { Err(found) }
}

fn in_order(new: &mut [CalendarId], old: &[CalendarId]) {
    new.sort_by_key(|id| old.iter().position(|old| old == id).unwrap_or(usize::MAX));
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
    fn calendars_named_after_members_are_proposed_as_theirs() {
        let (kind, connection, salon) = (Kind::Diary(PaperDiary::usual()), connection(), salon());
        let (first, second) = (&salon.staff[0], &salon.staff[1]);
        let all = [
            listed("me", "Salon", true, true, None),
            listed("one", &format!(" {} ", first.name.to_uppercase()), false, true, None),
            listed("two", &second.name, false, false, None),
            listed("holidays", "Holidays", false, false, None),
        ];
        assert!(team::is_possible(&connection, &salon, &all) && !team::is_possible(&connection, &salon, &all[..1]));
        let form = form(&connection, &salon, &kind, &all);
        let busy = |n: usize| form.value(&team::busy_field(&all[n].id)).to_owned();
        assert_eq!([busy(0), busy(1), busy(2), busy(3)], ["all", &*first.id.to_string(), &*second.id.to_string(), ""]);
        let written = |of: &crate::domain::business::Staff| form.value(&team::written_field(of.id)).to_owned();
        assert_eq!([form.value("written"), &*written(first), &*written(second)], ["me", "one", ""]);
    }

    #[test]
    fn what_is_each_members_is_read_and_mistakes_are_told_beside_their_fields() {
        let (kind, mut connection, salon) = (Kind::Diary(PaperDiary::usual()), connection(), salon());
        let (anna, ben) = (salon.staff[0].id, salon.staff[1].id);
        let all = [
            listed("me", "Salon", true, true, None),
            listed("anna", "A", false, true, None),
            listed("ben", "B", false, true, None),
            listed("holidays", "Holidays", false, false, None),
        ];
        let [me, annas, bens, holidays] = [0, 1, 2, 3].map(|n| team::busy_field(&all[n].id));
        let (to_anna, to_ben) = (team::written_field(anna), team::written_field(ben));
        let reads = |text: &str| {
            read(&Fields::parse(format!("team=on&staff=&{text}").as_bytes()), &connection, &salon, &kind, &all)
        };
        // What one person's account would say is not asked.
        let usual = format!(
            "blocks=me&receives=gone&{me}=all&{annas}={anna}&{bens}={ben}&{holidays}=&written=me&{to_anna}=anna&{to_ben}=ben"
        );
        let (choice, staff) = reads(&usual).unwrap();
        assert_eq!((staff, choice.blocks.len(), choice.members.len()), (None, 1, 2));
        assert_eq!(choice.members[&ben].blocks, [all[2].id.clone()]);
        assert_eq!(choice.members[&anna].receives, Some(all[1].id.clone()));
        let (shared, _) = reads(&format!("{to_anna}=anna&{to_ben}=anna")).unwrap();
        assert_eq!(shared.members[&ben].receives, shared.members[&anna].receives, "one for both is allowed");
        let nobody = uuid::Uuid::from_u128(9);
        for (text, at) in [
            (String::new(), "busy"),
            ("busy_gone=all".to_owned(), "busy"),
            (format!("{annas}={nobody}"), &*annas),
            (format!("{annas}=x"), &*annas),
            (format!("{me}=all&written=gone"), "written"),
            (format!("{me}=all&written=holidays"), "written"),
            (format!("{me}=all&{to_ben}=holidays"), &*to_ben),
            (format!("{me}=all&{to_ben}=gone"), &*to_ben),
            (format!("{me}=all&written_{nobody}=me"), "written"),
        ] {
            let mistakes = reads(&text).unwrap_err();
            assert_eq!((mistakes.len(), mistakes[0].at.as_str()), (1, at), "{text}");
        }
        // It becomes one person's own: nobody else has a part of it.
        let own = format!("team=on&staff={anna}&blocks=me&receives=me&{bens}={ben}");
        let (choice, staff) = read(&Fields::parse(own.as_bytes()), &connection, &salon, &kind, &all).unwrap();
        assert_eq!((staff, choice.members.is_empty(), choice.blocks.len()), (Some(anna), true, 1));
        // What is saved is shown, and is the same when it comes back in another order.
        connection.choice = reads(&usual).unwrap().0;
        let fields = fields(&connection);
        assert_eq!((fields.text(&bens), fields.text(&to_anna)), (&*ben.to_string(), "anna"));
        let backwards = [all[3].clone(), all[2].clone(), all[1].clone(), all[0].clone()];
        let again = read(&Fields::parse(format!("team=on&{usual}").as_bytes()), &connection, &salon, &kind, &backwards);
        assert_eq!(again.unwrap().0, connection.choice);
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
