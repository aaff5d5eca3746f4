//! What can be booked: the list, adding, changing, ordering, removing.

mod part;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use self::part::One;
pub(super) use self::part::{Choice, price};
use super::{Coming, answered, coming, frame, tried, undo};
use crate::{
    domain::{
        business::Business,
        countries::Country,
        ids::{BusinessId, ServiceId},
    },
    store::bookings::ahead::Of,
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, Part as _},
            fault::Fault,
            form::{Fields, Form},
            frame::{Frame, root, shown, shown_as},
            notice::{Notice, then},
        },
        state::AppState,
    },
};

const LIST: &str = "/b/{business}/settings/services";
const NEW: &str = "/b/{business}/settings/services/new";
const ONE: &str = "/b/{business}/settings/services/{service}";

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, LIST, Need::Owner, list)
        .at(Method::POST, "/b/{business}/settings/services/order", Need::Owner, order)
        .at(Method::GET, NEW, Need::Owner, new)
        .at(Method::POST, NEW, Need::Owner, add)
        .at(Method::GET, ONE, Need::Owner, show)
        .at(Method::POST, ONE, Need::Owner, save)
        .at(Method::POST, "/b/{business}/settings/services/{service}/remove", Need::Owner, remove)
        .at(Method::POST, "/b/{business}/settings/services/{service}/rest", Need::Owner, rest)
}

struct Listed {
    id: String,
    name: String,
    takes: String,
    price: String,
    with: String,
    /// Nobody offers it, so it cannot be booked.
    resting: bool,
}

#[derive(Template)]
#[template(path = "pages/settings/services.html")]
struct List {
    frame: Frame,
    tab: &'static str,
    services: Vec<Listed>,
}

async fn list(Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let business = &access.business;
    let comma = Country::of(&business.country).is_some_and(|country| country.decimal_comma);
    let listed = business.services.iter().map(|service| {
        let with: Vec<&str> = business.offering(service).map(|member| member.name.as_str()).collect();
        Listed {
            id: service.id.to_string(),
            name: service.name.clone(),
            takes: format!("{} min", service.minutes),
            price: service
                .price
                .map(|price| format!("{} {}", price.typed(comma), price.currency.code()))
                .unwrap_or_default(),
            resting: with.is_empty(),
            with: if with.len() == business.staff.len() && with.len() > 2 {
                "everybody".to_owned()
            } else {
                with.join(", ")
            },
        }
    });
    shown(&List { services: listed.collect(), frame: frame(&access, &headers, "Services"), tab: "services" })
}

/// Moves one of them up or down by a place.
async fn order(State(state): State<AppState>, Owner(access): Owner, typed: Fields) -> Result<Response, Fault> {
    let path = format!("{}/settings/services", root(&access.business));
    let (id, way) = typed.text("move").split_once(' ').unwrap_or_default();
    let id = id.parse::<ServiceId>().map_err(|_| Fault::Bad("no service is named"))?;
    edit::change(&state, &access, ("settings.services", "order"), |business| {
        let Some(at) = business.services.iter().position(|service| service.id == id) else {
            return Err(Fault::NotFound);
        };
        let to = if way == "up" { at.saturating_sub(1) } else { (at + 1).min(business.services.len() - 1) };
        business.services.swap(at, to);
        Ok(())
    })
    .await?;
    Ok(then(&path, &Notice::good("Moved. Callers hear them in this order.")))
}

#[derive(Template)]
#[template(path = "pages/settings/service.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    action: String,
    id: String,
    /// It is there already, so it can be removed.
    saved: bool,
    form: Form,
    currencies: Vec<String>,
    staff: Vec<Choice>,
    staff_theirs: Option<String>,
}

fn page(access: &Access, headers: &HeaderMap, part: &One, form: Form) -> Result<Response, Fault> {
    let business = &access.business;
    let known = business.service(part.id);
    let action = if part.new { "new".to_owned() } else { part.id.to_string() };
    let page = Page {
        frame: frame(access, headers, known.map_or("Add a service", |service| &service.name)),
        tab: "services",
        action: format!("{}/settings/services/{action}", root(business)),
        id: part.id.to_string(),
        saved: !part.new,
        currencies: part::currencies(business, form.value("currency")),
        staff: part::staff(business, &form),
        staff_theirs: part::staff_theirs(business, &form),
        form,
    };
    shown_as(page.form.status(), &page)
}

async fn new(State(state): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let part = One { id: ServiceId(state.clock.new_id()), new: true };
    let base = part.fields(&access.business).fingerprint();
    let form = Form { base, fields: part::blank(&access.business), ..Form::default() };
    page(&access, &headers, &part, form)
}

async fn add(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    // The form brings the id of what it adds, so that sending it twice adds one.
    let id = typed.text("id").parse::<ServiceId>().unwrap_or_else(|_| ServiceId(state.clock.new_id()));
    put(&state, &access, &headers, typed, One { id, new: true }).await
}

async fn show(
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let part = One { id: known(&access, &id)?, new: false };
    let form = Form::of(part.fields(&access.business));
    page(&access, &headers, &part, form)
}

/// A service of this business, by what stands in the path.
fn known(access: &Access, id: &str) -> Result<ServiceId, Fault> {
    let id = id.parse::<ServiceId>().map_err(|_| Fault::NotFound)?;
    access.business.service(id).map(|service| service.id).ok_or(Fault::NotFound)
}

async fn save(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let part = One { id: known(&access, &id)?, new: false };
    put(&state, &access, &headers, typed, part).await
}

async fn put(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    typed: Fields,
    part: One,
) -> Result<Response, Fault> {
    if typed.is_on("try") {
        return tried(state, access, &part, typed, |form| page(access, headers, &part, form)).await;
    }
    let outcome = edit::save_as(state, access, &part, typed, if part.new { "added" } else { "" }).await;
    let saved = |business: Business| {
        let name = business.service(part.id).map_or("It", |service| &service.name);
        let offered = business.service(part.id).is_some_and(|service| business.offering(service).next().is_some());
        let told = if offered {
            Notice::good(format!("{name} is saved."))
        } else {
            Notice::bad(format!("{name} is saved. Nobody offers it, so it cannot be booked."))
        };
        then(&format!("{}/settings/services", root(&business)), &told)
    };
    answered(outcome, saved, |form| page(access, headers, &part, form))
}

#[derive(Template)]
#[template(path = "pages/settings/keep.html")]
struct Keep {
    frame: Frame,
    tab: &'static str,
    back: String,
    count: u32,
    coming: Vec<Coming>,
    why: &'static str,
    instead: &'static str,
    action: String,
    button: &'static str,
}

/// Removes it, unless somebody is still to come for it.
async fn remove(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let business = &access.business;
    let id = known(&access, &id)?;
    let name = business.service(id).map(|service| service.name.clone()).unwrap_or_default();
    let (count, coming) = coming(&state, business, Of { service: Some(id), ..Of::default() }).await?;
    let path = format!("{}/settings/services", root(business));
    if count > 0 {
        let keep = Keep {
            frame: frame(&access, &headers, format!("{name} is still needed")),
            tab: "services",
            back: path.clone(),
            count,
            coming,
            why: "While it has appointments to come it cannot be removed: whoever calls to move or cancel one would not be \
                  understood.",
            instead: "Take everybody off it, and no new appointment can be made. Once the last one is over, remove it.",
            action: format!("{path}/{id}/rest"),
            button: "Stop offering it",
        };
        return shown_as(StatusCode::CONFLICT, &keep);
    }
    let mut removed = None;
    edit::change(&state, &access, ("settings.service_removed", ""), |business| {
        let at = business.services.iter().position(|service| service.id == id);
        removed = at.map(|at| (at, business.services.remove(at)));
        Ok(())
    })
    .await?;
    let told = Notice::good(format!("{name} is removed."));
    let told = match removed {
        Some((at, service)) => undo::offered(told, &access, &undo::Removed::Service { at, service }),
        None => told,
    };
    Ok(then(&path, &told))
}

/// Takes everybody off it: nothing new can be booked, what was booked stays.
async fn rest(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
) -> Result<Response, Fault> {
    let id = known(&access, &id)?;
    edit::change(&state, &access, ("settings.services", "not offered any more"), |business| {
        let service = business.services.iter_mut().find(|service| service.id == id).ok_or(Fault::NotFound)?;
        service.staff.clear();
        Ok(())
    })
    .await?;
    let path = format!("{}/settings/services", root(&access.business));
    Ok(then(&path, &Notice::good("It is not offered any more. What was booked stays as it is.")))
}
