//! One member of staff as a form.

use crate::{
    domain::{
        business::{Business, Mistake, Staff},
        ids::StaffId,
    },
    web::pages::{
        edit::Part,
        form::{Fields, Form, wrong},
        settings::{services::Choice, week, words},
    },
};

/// The one with this id, or a new one that will have it.
pub(super) struct One {
    pub(super) id: StaffId,
    pub(super) new: bool,
}

/// What stands in the form of a new one: the business's week at hand, and every service ticked.
pub(super) fn blank(business: &Business) -> Fields {
    let mut fields = Fields::default();
    for service in &business.services {
        fields.add("services", service.id.to_string());
    }
    week::write_week(&mut fields, &business.hours);
    fields
}

impl Part for One {
    const DEED: &'static str = "settings.staff";

    fn fields(&self, business: &Business) -> Fields {
        let Some(member) = business.member(self.id) else { return Fields::default() };
        let mut fields = Fields::default()
            .and("name", &member.name)
            .and("also", member.also.join(", "))
            .and("own_hours", if member.hours.is_some() { "on" } else { "" });
        for service in business.services.iter().filter(|service| service.staff.contains(&self.id)) {
            fields.add("services", service.id.to_string());
        }
        if let Some(hours) = &member.hours {
            week::write_week(&mut fields, hours);
        }
        fields
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let member = read(self.id, typed, business)?;
        match business.staff.iter_mut().find(|known| known.id == self.id) {
            Some(known) => *known = member,
            None if self.new => business.staff.push(member),
            None => return Err(vec![wrong("name", "they were removed meanwhile; add them again if they are needed")]),
        }
        for service in &mut business.services {
            let (wanted, is) = (typed.has("services", &service.id.to_string()), service.staff.contains(&self.id));
            match (wanted, is) {
                (true, false) => service.staff.push(self.id),
                (false, true) => service.staff.retain(|id| *id != self.id),
                _ => {}
            }
        }
        Ok(())
    }

    fn field_of(&self, at: &str, business: &Business) -> String {
        let place = business.staff.iter().position(|member| member.id == self.id);
        let own = place.and_then(|n| at.strip_prefix(&format!("staff[{n}].")));
        match own {
            Some(field) => week::field_of(field).unwrap_or(field).to_owned(),
            None => at.to_owned(),
        }
    }

    fn word(&self, field: &str) -> String {
        match field {
            "also" => "other names".to_owned(),
            "own_hours" => "own hours".to_owned(),
            _ => week::word(field).map_or_else(|| field.to_owned(), |day| format!("own {day}")),
        }
    }
}

fn read(id: StaffId, typed: &Fields, business: &Business) -> Result<Staff, Vec<Mistake>> {
    let mut found = Vec::new();
    let name = typed.text("name");
    if name.is_empty() || name.chars().count() > 80 {
        found.push(wrong("name", "give a name of 1 to 80 characters, as callers would say it"));
    }
    if business.staff.iter().any(|member| member.id != id && member.name.eq_ignore_ascii_case(name)) {
        found.push(wrong("name", "somebody else has this name; add a letter, so that callers can tell them apart"));
    }
    let also = words(typed.text("also"));
    if also.len() > 20 || also.iter().any(|word| word.chars().count() > 60) {
        found.push(wrong("also", "20 names of 60 characters at most"));
    }
    let mut hours = None;
    if typed.is_on("own_hours") {
        match week::read_week(typed) {
            Ok(week) => hours = Some(week),
            Err(wrong) => found.extend(wrong),
        }
    }
    if found.is_empty() { Ok(Staff { id, name: name.to_owned(), also, hours }) } else { Err(found) }
}

pub(super) fn services(business: &Business, form: &Form) -> Vec<Choice> {
    let choice =
        |value: String, label: &str| Choice { on: form.fields.has("services", &value), value, label: label.to_owned() };
    business.services.iter().map(|service| choice(service.id.to_string(), &service.name)).collect()
}

/// What they offer as somebody else saved it, by name.
pub(super) fn services_theirs(business: &Business, form: &Form) -> Option<String> {
    form.theirs("services")?;
    let theirs = form.theirs.as_ref()?;
    let offered = business.services.iter().filter(|service| theirs.has("services", &service.id.to_string()));
    let names: Vec<&str> = offered.map(|service| service.name.as_str()).collect();
    Some(if names.is_empty() { "nothing".to_owned() } else { names.join(", ") })
}
