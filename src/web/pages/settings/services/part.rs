//! One service as a form.

use crate::{
    domain::{
        business::{Business, MOST_DESCRIPTION, Mistake, Service},
        countries::Country,
        ids::{ServiceId, StaffId},
        money::{Currency, Money},
    },
    web::pages::{
        edit::Part,
        form::{Fields, Form, wrong},
        settings::{number::whole, some, words},
    },
};

/// The one with this id, or a new one that will have it.
pub(in crate::web::pages::settings) struct One {
    pub(in crate::web::pages::settings) id: ServiceId,
    pub(in crate::web::pages::settings) new: bool,
}

fn comma(business: &Business) -> bool {
    Country::of(&business.country).is_some_and(|country| country.decimal_comma)
}

fn own_currency(business: &Business) -> Option<Currency> {
    let usual = Country::of(&business.country).and_then(Country::currency);
    usual.or_else(|| business.services.iter().find_map(|service| service.price).map(|price| price.currency))
}

/// The codes to choose from: the country's, what other prices are in, and the one that is set.
pub(super) fn currencies(business: &Business, set: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let used = business.services.iter().filter_map(|service| service.price).map(|price| price.currency);
    for currency in own_currency(business).into_iter().chain(used).chain(set.parse().ok()) {
        if !codes.iter().any(|code| code == currency.code()) {
            codes.push(currency.code().to_owned());
        }
    }
    codes
}

/// What stands in the form of a new one.
pub(super) fn blank(business: &Business) -> Fields {
    let mut fields = Fields::default()
        .and("minutes", "30")
        .and("capacity", "1")
        .and("currency", own_currency(business).map(|currency| currency.code().to_owned()).unwrap_or_default());
    for member in &business.staff {
        fields.add("staff", member.id.to_string());
    }
    fields
}

impl Part for One {
    const DEED: &'static str = "settings.services";

    fn fields(&self, business: &Business) -> Fields {
        let Some(service) = business.service(self.id) else { return Fields::default() };
        let currency = service.price.map(|price| price.currency).or_else(|| own_currency(business));
        let mut fields = Fields::default()
            .and("name", &service.name)
            .and("also", service.also.join(", "))
            .and("description", service.description.clone().unwrap_or_default())
            .and("minutes", service.minutes.to_string())
            .and("buffer_before", service.buffer_before.to_string())
            .and("buffer_after", service.buffer_after.to_string())
            .and("price", service.price.map(|price| price.typed(comma(business))).unwrap_or_default())
            .and("currency", currency.map(|currency| currency.code().to_owned()).unwrap_or_default())
            .and("capacity", service.capacity.to_string());
        for member in business.offering(service) {
            fields.add("staff", member.id.to_string());
        }
        fields
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let service = read(self.id, typed, business)?;
        match business.services.iter_mut().find(|known| known.id == self.id) {
            Some(known) => *known = service,
            None if self.new => business.services.push(service),
            None => return Err(vec![wrong("name", "it was removed meanwhile; add it again if it is needed")]),
        }
        Ok(())
    }

    fn field_of(&self, at: &str, business: &Business) -> String {
        let place = business.services.iter().position(|service| service.id == self.id);
        let own = place.and_then(|n| at.strip_prefix(&format!("services[{n}].")));
        own.unwrap_or(at).to_owned()
    }

    fn word(&self, field: &str) -> String {
        match field {
            "also" => "other names",
            "staff" => "who offers it",
            "buffer_before" => "time before",
            "buffer_after" => "time after",
            other => other,
        }
        .to_owned()
    }
}

fn read(id: ServiceId, typed: &Fields, business: &Business) -> Result<Service, Vec<Mistake>> {
    let mut found = Vec::new();
    let mut number = |name: &str, from: u32, to: u32, empty: Option<u32>| {
        let read = whole(typed, name, from, to, empty).map_err(|mistake| found.push(mistake)).unwrap_or_default();
        u16::try_from(read).unwrap_or(u16::MAX)
    };
    let minutes = number("minutes", 1, 1440, None);
    let buffer_before = number("buffer_before", 0, 240, Some(0));
    let buffer_after = number("buffer_after", 0, 240, Some(0));
    let capacity = number("capacity", 1, 500, Some(1));
    let name = typed.text("name");
    if name.is_empty() || name.chars().count() > 80 {
        found.push(wrong("name", "give a name of 1 to 80 characters, as callers would say it"));
    }
    let same = |service: &&Service| service.id != id && service.name.eq_ignore_ascii_case(name);
    if business.services.iter().find(same).is_some() {
        found.push(wrong("name", "another service has this name; callers could not tell them apart"));
    }
    let also = words(typed.text("also"));
    if also.len() > 30 || also.iter().any(|word| word.chars().count() > 60) {
        found.push(wrong("also", "30 names of 60 characters at most"));
    }
    if typed.text("description").chars().count() > MOST_DESCRIPTION {
        found.push(wrong("description", format!("at most {MOST_DESCRIPTION} characters")));
    }
    let price = price(typed, business).unwrap_or_else(|mistake| {
        found.push(mistake);
        None
    });
    let staff: Vec<StaffId> = business
        .staff
        .iter()
        .map(|member| member.id)
        .filter(|member| typed.has("staff", &member.to_string()))
        .collect();
    if !found.is_empty() {
        return Err(found);
    }
    Ok(Service {
        id,
        name: name.to_owned(),
        also,
        description: some(typed.text("description")),
        minutes,
        buffer_before,
        buffer_after,
        price,
        staff,
        capacity,
    })
}

/// The price of a form; an empty field is none.
pub(in crate::web::pages::settings) fn price(typed: &Fields, business: &Business) -> Result<Option<Money>, Mistake> {
    let text = typed.text("price");
    if text.is_empty() {
        return Ok(None);
    }
    let currency = match typed.text("currency") {
        "" => own_currency(business),
        code => code.parse().ok(),
    };
    let currency = currency.ok_or_else(|| wrong("price", "say in which currency, such as USD"))?;
    let example = if comma(business) { "45 or 45,50" } else { "45 or 45.50" };
    let price = Money::parse(text, currency, comma(business));
    price.map(Some).map_err(|_| wrong("price", format!("a price such as {example}, or nothing")))
}

/// A box to tick.
pub(in crate::web::pages::settings) struct Choice {
    pub(in crate::web::pages::settings) value: String,
    pub(in crate::web::pages::settings) label: String,
    pub(in crate::web::pages::settings) on: bool,
}

pub(super) fn staff(business: &Business, form: &Form) -> Vec<Choice> {
    let choice =
        |value: String, label: &str| Choice { on: form.fields.has("staff", &value), value, label: label.to_owned() };
    business.staff.iter().map(|member| choice(member.id.to_string(), &member.name)).collect()
}

/// Who offers it as somebody else saved it, by name.
pub(super) fn staff_theirs(business: &Business, form: &Form) -> Option<String> {
    form.theirs("staff")?;
    let theirs = form.theirs.as_ref()?;
    let with = business.staff.iter().filter(|member| theirs.has("staff", &member.id.to_string()));
    let names: Vec<&str> = with.map(|member| member.name.as_str()).collect();
    Some(if names.is_empty() { "nobody".to_owned() } else { names.join(", ") })
}
