//! All services in one short list: name, minutes, price. The rest of each is on its own page.

use super::rows;
use crate::{
    domain::{
        business::{Business, Mistake, Service},
        countries::Country,
        ids::ServiceId,
    },
    store::bookings::ahead::Of,
    web::{
        pages::{
            access::Access,
            edit::Part,
            fault::Fault,
            form::{Fields, wrong},
            settings::{coming, counted, number::whole, services::price},
        },
        state::AppState,
    },
};

pub(super) const COLUMNS: [&str; 4] = ["id", "name", "minutes", "price"];

pub(super) struct ManyServices;

impl Part for ManyServices {
    const DEED: &'static str = "settings.services";

    fn fields(&self, business: &Business) -> Fields {
        let comma = Country::of(&business.country).is_some_and(|country| country.decimal_comma);
        let mut fields = Fields::default();
        for service in &business.services {
            fields.add("id", service.id.to_string());
            fields.add("name", &service.name);
            fields.add("minutes", service.minutes.to_string());
            fields.add("price", service.price.map(|price| price.typed(comma)).unwrap_or_default());
        }
        fields
    }

    /// A row that is not there any more is removed. What is wrong is named by the row: "row2".
    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let (mut services, mut found) = (Vec::<Service>::new(), Vec::new());
        for (n, row) in rows::read(typed, &COLUMNS).iter().enumerate() {
            if row.iter().skip(1).all(String::is_empty) {
                continue;
            }
            match read(row, business) {
                Ok(service) if services.iter().any(|other| other.id == service.id) => {
                    found.push(wrong(format!("row{n}"), "this row was sent twice; load the page again"));
                }
                Ok(service) if services.iter().any(|other| other.name.eq_ignore_ascii_case(&service.name)) => {
                    found.push(wrong(format!("row{n}"), "there is another service of this name"));
                }
                Ok(service) => services.push(service),
                Err(why) => found.push(wrong(format!("row{n}"), why)),
            }
        }
        if services.is_empty() && found.is_empty() {
            found.push(wrong("services", "add at least one service, or come back to this later"));
        }
        if found.is_empty() {
            business.services = services;
            Ok(())
        } else {
            Err(found)
        }
    }

    fn field_of(&self, at: &str, _business: &Business) -> String {
        let row = at.strip_prefix("services[").and_then(|rest| rest.split(']').next());
        row.map_or_else(|| at.to_owned(), |n| format!("row{n}"))
    }

    fn word(&self, field: &str) -> String {
        match field {
            "id" => "which there are",
            other => other,
        }
        .to_owned()
    }
}

/// A service as it stands in a row, with what the row does not say as it was.
fn read(row: &[String], business: &Business) -> Result<Service, String> {
    let [id, name, minutes, amount] = row else { return Err("load the page again".to_owned()) };
    let id = id.parse::<ServiceId>().map_err(|_| "load the page again".to_owned())?;
    let known = business.service(id);
    let currency = known.and_then(|service| service.price).map(|price| price.currency.code().to_owned());
    let typed =
        Fields::default().and("minutes", minutes).and("price", amount).and("currency", currency.unwrap_or_default());
    if name.is_empty() || name.chars().count() > 80 {
        return Err("give a name of 1 to 80 characters".to_owned());
    }
    let minutes = whole(&typed, "minutes", 1, 1440, None).map_err(|wrong| format!("minutes: {}", wrong.why))?;
    let price = price(&typed, business).map_err(|wrong| wrong.why)?;
    let minutes = u16::try_from(minutes).unwrap_or(u16::MAX);
    let base = known.cloned().unwrap_or_else(|| Service {
        id,
        name: String::new(),
        also: Vec::new(),
        description: None,
        minutes,
        buffer_before: 0,
        buffer_after: 0,
        price: None,
        staff: business.staff.iter().map(|member| member.id).collect(),
        capacity: 1,
    });
    Ok(Service { name: name.clone(), minutes, price, ..base })
}

/// A service that is to go while somebody is still to come for it.
pub(super) async fn still_needed(state: &AppState, access: &Access, typed: &Fields) -> Result<Option<Mistake>, Fault> {
    for service in access.business.services.iter().filter(|service| !typed.has("id", &service.id.to_string())) {
        let of = Of { service: Some(service.id), ..Of::default() };
        let (count, _) = coming(state, &access.business, of).await?;
        if count > 0 {
            let why = format!(
                "{} has {} to come, so it cannot be removed; load the page again to have it back",
                service.name,
                counted(count as usize, "appointment")
            );
            return Ok(Some(wrong("services", why)));
        }
    }
    Ok(None)
}
