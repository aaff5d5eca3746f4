//! One account of the whole business with calendars of several members of staff: whom each calendar keeps busy, and where
//! whose appointments are written.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::{
    domain::{
        business::{Business, Mistake, Staff},
        connection::{CalendarId, Choice, Connection, Part, Whom},
        ids::StaffId,
    },
    ports::calendar::Listed,
    web::{
        assets::short,
        pages::form::{Fields, wrong},
    },
};

/// A calendar that keeps everybody busy.
pub(in super::super) const ALL: &str = "all";

const BUSY: &str = "busy_";
const WRITTEN: &str = "written_";

/// The field that says whom a calendar keeps busy: nobody, [`ALL`], or a member's id. Ids of calendars are long, and some are
/// addresses.
pub(in super::super) fn busy_field(calendar: &CalendarId) -> String {
    let mut hash = Sha256::new();
    hash.update(calendar.as_str());
    format!("{BUSY}{}", short(hash))
}

/// The field of where appointments with a member are written; nothing: where everybody's are.
pub(in super::super) fn written_field(staff: StaffId) -> String {
    format!("{WRITTEN}{staff}")
}

/// Whether the calendars of an account can be several people's.
pub(in super::super) fn is_possible(connection: &Connection, business: &Business, listed: &[Listed]) -> bool {
    business.staff.len() > 1 && (listed.len() > 1 || !connection.choice.members.is_empty())
}

/// What is saved, as fields.
pub(super) fn fields(connection: &Connection, fields: &mut Fields) {
    for (calendar, whom) in connection.blocking() {
        let field = busy_field(calendar);
        match whom {
            Whom::All => fields.add(field, ALL),
            Whom::Members(members) => members.iter().for_each(|id| fields.add(field.clone(), id.to_string())),
        }
    }
    let choice = &connection.choice;
    fields.add("written", choice.receives.as_ref().map_or("", CalendarId::as_str));
    for (staff, part) in &choice.members {
        if let Some(calendar) = &part.receives {
            fields.add(written_field(*staff), calendar.as_str());
        }
    }
}

/// A calendar with the name of a member is most likely theirs. The others are as in an account of one person: `main` is
/// everybody's.
pub(super) fn usual(fields: &mut Fields, business: &Business, listed: &[Listed]) {
    let of = |one: &Listed| business.staff.iter().find(|member| !one.primary && alike(&one.name, &member.name));
    for one in listed {
        let Some(member) = of(one) else { continue };
        fields.add(busy_field(&one.id), member.id.to_string());
        let field = written_field(member.id);
        if one.writable && fields.text(&field).is_empty() {
            fields.add(field, one.id.as_str());
        }
    }
    let others = || listed.iter().filter(|one| of(one).is_none());
    let main = others().find(|one| one.primary).or_else(|| others().find(|one| one.writable));
    if let Some(main) = main {
        fields.add(busy_field(&main.id), ALL);
    }
    let receives = main.filter(|one| one.writable).or_else(|| others().find(|one| one.writable));
    fields.add("written", receives.map_or("", |one| one.id.as_str()));
}

fn alike(calendar: &str, member: &str) -> bool {
    calendar.trim().to_lowercase() == member.trim().to_lowercase()
}

/// What was typed.
pub(super) fn read(typed: &Fields, business: &Business, listed: &[Listed], found: &mut Vec<Mistake>) -> Choice {
    let mut choice = Choice::default();
    let mut members: BTreeMap<StaffId, Part> = BTreeMap::new();
    let member = |id: &str| id.parse().ok().and_then(|id| business.member(id));
    for one in listed {
        let field = busy_field(&one.id);
        match typed.text(&field) {
            "" => {}
            ALL => choice.blocks.push(one.id.clone()),
            id => match member(id) {
                Some(Staff { id, .. }) => members.entry(*id).or_default().blocks.push(one.id.clone()),
                None => found.push(wrong(field, "They are not there any more. Choose somebody else.")),
            },
        }
    }
    let known = |field: &str| listed.iter().any(|one| busy_field(&one.id) == field);
    if typed.iter().any(|(name, value)| name.starts_with(BUSY) && !value.trim().is_empty() && !known(name)) {
        found.push(wrong("busy", "One of these calendars is not there any more. Here is what there is now."));
    }
    choice.receives = written(typed, "written", listed, found);
    // One calendar may get the appointments of several, as the one for everybody does: a room with one book, a calendar of
    // all trainees. Their names stand in the events then, and nobody is busy by what is written for another: what is ours is
    // taken out.
    for of in &business.staff {
        if let Some(calendar) = written(typed, &written_field(of.id), listed, found) {
            members.entry(of.id).or_default().receives = Some(calendar);
        }
    }
    let left = |(name, value): (&str, &str)| {
        name.strip_prefix(WRITTEN).is_some_and(|id| !value.trim().is_empty() && member(id).is_none())
    };
    if typed.iter().any(left) {
        found.push(wrong("written", "Somebody has left your team meanwhile. Here is who is there now."));
    }
    choice.members = members;
    if found.is_empty() && choice.blocks.is_empty() && choice.receives.is_none() && choice.members.is_empty() {
        found.push(wrong("busy", "Choose at least one calendar, or disconnect the account."));
    }
    choice
}

/// A calendar of the account that may be written into; nothing: none was chosen, or it is said what is wrong with it.
pub(super) fn written(typed: &Fields, field: &str, listed: &[Listed], found: &mut Vec<Mistake>) -> Option<CalendarId> {
    let id = typed.text(field);
    if id.is_empty() {
        return None;
    }
    match listed.iter().find(|one| one.id.as_str() == id) {
        Some(one) if one.writable => return Some(one.id.clone()),
        Some(_) => found.push(wrong(field, "Deskbell may not write into this one. Choose another.")),
        None => found.push(wrong(field, "This calendar is not there any more. Choose another.")),
    }
    None
}
