//! The selects of the page: what stands for a service, whom a calendar keeps busy, where whose appointments are written.

use super::choice::{kind_field, team};
use crate::{
    domain::{
        business::{Business, Service},
        connection::Connection,
    },
    ports::calendar::Listed,
    web::pages::form::Form,
};

/// One select.
pub(super) struct Pick {
    pub(super) field: String,
    pub(super) name: String,
    /// The account's main calendar.
    pub(super) main: bool,
    /// The first one is what it is when nothing else is chosen.
    pub(super) options: Vec<Pickable>,
    pub(super) wrong: Option<String>,
    /// What somebody else has saved meanwhile.
    pub(super) theirs: Option<String>,
}

pub(super) struct Pickable {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
    /// It is there, and cannot be chosen.
    pub(super) closed: bool,
}

impl Pick {
    /// `options`: values, what they are called, and whether they can be chosen.
    fn of(form: &Form, field: String, name: &str, options: impl IntoIterator<Item = (String, String, bool)>) -> Self {
        let option = |(value, label, open): (String, String, bool)| Pickable {
            chosen: form.fields.has(&field, &value),
            value,
            label,
            closed: !open,
        };
        let options: Vec<Pickable> = options.into_iter().map(option).collect();
        let saved = |one: &&Pickable| form.theirs_has(&field, &one.value);
        let theirs = form.theirs(&field).map(|_| {
            let saved = options.iter().find(saved).or(options.first());
            saved.map(|one| one.label.clone()).unwrap_or_default()
        });
        let wrong = form.wrong(&field).map(str::to_owned);
        Self { name: name.to_owned(), main: false, options, wrong, theirs, field }
    }

    fn is_set(&self) -> bool {
        self.options.iter().skip(1).any(|one| one.chosen)
    }
}

/// What stands for each service at a vendor that has rules of its own.
pub(super) fn services(business: &Business, form: &Form, listed: &[Listed]) -> Vec<Pick> {
    let pick = |service: &Service| {
        let nothing = (String::new(), "Nothing: Deskbell’s own calendar decides".to_owned(), true);
        let kind = |one: &Listed| {
            let minutes = one.minutes.map(|minutes| format!(", {minutes} min")).unwrap_or_default();
            let why = if one.writable { "" } else { " (asks for what only the customer can answer)" };
            (one.id.as_str().to_owned(), format!("{}{minutes}{why}", one.name), one.writable)
        };
        Pick::of(form, kind_field(service.id), &service.name, std::iter::once(nothing).chain(listed.iter().map(kind)))
    };
    business.services.iter().map(pick).collect()
}

/// An account of the whole business whose calendars may be several people's.
pub(super) struct Team {
    pub(super) calendars: Vec<Pick>,
    pub(super) everybody: Pick,
    pub(super) members: Vec<Pick>,
    /// Somebody has a calendar of their own, or something is wrong or new about it.
    pub(super) open: bool,
}

impl Team {
    /// Nothing: it cannot be several people's.
    pub(super) fn of(connection: &Connection, business: &Business, form: &Form, listed: &[Listed]) -> Option<Self> {
        if !team::is_possible(connection, business, listed) {
            return None;
        }
        let choices = |none: &str, all: Vec<(String, String)>| {
            let none = std::iter::once((String::new(), none.to_owned()));
            none.chain(all).map(|(value, label)| (value, label, true)).collect::<Vec<_>>()
        };
        let people = || business.staff.iter().map(|member| (member.id.to_string(), member.name.clone()));
        let whom = || std::iter::once((team::ALL.to_owned(), "Everybody".to_owned())).chain(people()).collect();
        let calendar = |one: &Listed| {
            let pick = Pick::of(form, team::busy_field(&one.id), called(one), choices("Nobody", whom()));
            Pick { main: one.primary, ..pick }
        };
        let writable = || {
            let open = listed.iter().filter(|one| one.writable);
            open.map(|one| (one.id.as_str().to_owned(), called(one).to_owned())).collect()
        };
        let everybody = Pick::of(form, "written".to_owned(), "Everybody’s", choices("Not written there", writable()));
        let member = |member: &crate::domain::business::Staff| {
            Pick::of(form, team::written_field(member.id), &member.name, choices("As everybody’s", writable()))
        };
        let members: Vec<Pick> = business.staff.iter().map(member).collect();
        let open = members.iter().any(|pick| pick.is_set() || pick.wrong.is_some() || pick.theirs.is_some());
        Some(Self { calendars: listed.iter().map(calendar).collect(), everybody, members, open })
    }

    pub(super) fn picks(&self) -> impl Iterator<Item = &Pick> {
        self.calendars.iter().chain([&self.everybody]).chain(&self.members)
    }
}

/// A calendar's name.
pub(super) fn called(one: &Listed) -> &str {
    let name = one.name.trim();
    if name.is_empty() { "Without a name" } else { name }
}
