//! Who can be booked: people, chairs, bays, tables.

mod part;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use self::part::One;
use super::{
    Coming, answered, coming, exceptions, frame,
    services::Choice,
    undo,
    week::{self, DayView},
};
use crate::{
    domain::{
        business::{Business, Exception},
        ids::{BusinessId, StaffId},
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

const LIST: &str = "/b/{business}/settings/staff";
const NEW: &str = "/b/{business}/settings/staff/new";
const ONE: &str = "/b/{business}/settings/staff/{staff}";

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, LIST, Need::Owner, list)
        .at(Method::POST, "/b/{business}/settings/staff/order", Need::Owner, order)
        .at(Method::GET, NEW, Need::Owner, new)
        .at(Method::POST, NEW, Need::Owner, add)
        .at(Method::GET, ONE, Need::Owner, show)
        .at(Method::POST, ONE, Need::Owner, save)
        .at(Method::POST, "/b/{business}/settings/staff/{staff}/remove", Need::Owner, remove)
        .at(Method::POST, "/b/{business}/settings/staff/{staff}/rest", Need::Owner, rest)
}

struct Listed {
    id: String,
    name: String,
    also: String,
    services: String,
    hours: String,
    resting: bool,
}

#[derive(Template)]
#[template(path = "pages/settings/staff.html")]
struct List {
    frame: Frame,
    tab: &'static str,
    staff: Vec<Listed>,
}

async fn list(Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let business = &access.business;
    let listed = business.staff.iter().map(|member| {
        let offered: Vec<&str> = business
            .services
            .iter()
            .filter(|service| service.staff.contains(&member.id))
            .map(|service| service.name.as_str())
            .collect();
        let all = offered.len() == business.services.len() && offered.len() > 2;
        Listed {
            id: member.id.to_string(),
            name: member.name.clone(),
            also: member.also.join(", "),
            resting: offered.is_empty(),
            services: if all { "everything".to_owned() } else { offered.join(", ") },
            hours: if member.hours.is_some() { "own hours" } else { "the business’s hours" }.to_owned(),
        }
    });
    shown(&List { staff: listed.collect(), frame: frame(&access, &headers, "Staff"), tab: "staff" })
}

/// Moves one of them up or down by a place.
async fn order(State(state): State<AppState>, Owner(access): Owner, typed: Fields) -> Result<Response, Fault> {
    let (id, way) = typed.text("move").split_once(' ').unwrap_or_default();
    let id = id.parse::<StaffId>().map_err(|_| Fault::Bad("nobody is named"))?;
    edit::change(&state, &access, ("settings.staff", "order"), |business| {
        let Some(at) = business.staff.iter().position(|member| member.id == id) else { return Err(Fault::NotFound) };
        let to = if way == "up" { at.saturating_sub(1) } else { (at + 1).min(business.staff.len() - 1) };
        business.staff.swap(at, to);
        Ok(())
    })
    .await?;
    let path = format!("{}/settings/staff", root(&access.business));
    Ok(then(&path, &Notice::good("Moved. The calendar shows them in this order.")))
}

#[derive(Template)]
#[template(path = "pages/settings/member.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    action: String,
    id: String,
    saved: bool,
    form: Form,
    services: Vec<Choice>,
    services_theirs: Option<String>,
    days: Vec<DayView>,
    /// Their own closed days, in words.
    away: Vec<String>,
}

fn page(access: &Access, headers: &HeaderMap, part: &One, form: Form) -> Result<Response, Fault> {
    let business = &access.business;
    let known = business.member(part.id);
    let action = if part.new { "new".to_owned() } else { part.id.to_string() };
    let away = business.exceptions.iter().filter(|exception| exception.staff == Some(part.id)).map(exceptions::days);
    let page = Page {
        frame: frame(access, headers, known.map_or("Add somebody", |member| &member.name)),
        tab: "staff",
        action: format!("{}/settings/staff/{action}", root(business)),
        id: part.id.to_string(),
        saved: !part.new,
        services: part::services(business, &form),
        services_theirs: part::services_theirs(business, &form),
        days: week::view_week(&form),
        away: away.collect(),
        form,
    };
    shown_as(page.form.status(), &page)
}

/// Whoever has no hours of their own starts from those of the business when they are given some.
fn with_week(fields: Fields, business: &Business) -> Fields {
    if fields.is_on("own_hours") {
        return fields;
    }
    let mut fields = fields;
    week::write_week(&mut fields, &business.hours);
    fields
}

async fn new(State(state): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let part = One { id: StaffId(state.clock.new_id()), new: true };
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
    let id = typed.text("id").parse::<StaffId>().unwrap_or_else(|_| StaffId(state.clock.new_id()));
    put(&state, &access, &headers, typed, One { id, new: true }).await
}

async fn show(
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let part = One { id: known(&access, &id)?, new: false };
    let fields = part.fields(&access.business);
    let base = fields.fingerprint();
    let form = Form { base, fields: with_week(fields, &access.business), ..Form::default() };
    page(&access, &headers, &part, form)
}

/// A member of this business's staff, by what stands in the path.
fn known(access: &Access, id: &str) -> Result<StaffId, Fault> {
    let id = id.parse::<StaffId>().map_err(|_| Fault::NotFound)?;
    access.business.member(id).map(|member| member.id).ok_or(Fault::NotFound)
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
    if let Some(changed) = week::pressed(&typed) {
        return page(access, headers, &part, Form::going_on(changed));
    }
    let outcome = edit::save_as(state, access, &part, typed, if part.new { "added" } else { "" }).await;
    let saved = |business: Business| {
        let name = business.member(part.id).map_or("It", |member| &member.name);
        then(&format!("{}/settings/staff", root(&business)), &Notice::good(format!("{name} is saved.")))
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

/// Removes them, unless somebody is still to come to them.
async fn remove(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let business = &access.business;
    let id = known(&access, &id)?;
    let name = business.member(id).map(|member| member.name.clone()).unwrap_or_default();
    let (count, coming) = coming(&state, business, Of { staff: Some(id), ..Of::default() }).await?;
    let path = format!("{}/settings/staff", root(business));
    if count > 0 {
        let keep = Keep {
            frame: frame(&access, &headers, format!("{name} still has appointments")),
            tab: "staff",
            back: path.clone(),
            count,
            coming,
            why: "While there are appointments to come, nobody is removed: move them to somebody else in the calendar, or \
                  cancel them, and the customers are told.",
            instead: "Until then they can be taken off every service: nothing new is booked with them, and what was booked \
                      stays.",
            action: format!("{path}/{id}/rest"),
            button: "Book nothing new",
        };
        return shown_as(StatusCode::CONFLICT, &keep);
    }
    let mut removed = None;
    edit::change(&state, &access, ("settings.staff_removed", ""), |business| {
        removed = taken_out(business, id);
        Ok(())
    })
    .await?;
    let told = Notice::good(format!("{name} is removed."));
    Ok(then(&path, &removed.map_or(told.clone(), |removed| undo::offered(told, &access, &removed))))
}

/// Takes a member of staff out, with all that is theirs.
fn taken_out(business: &mut Business, id: StaffId) -> Option<undo::Removed> {
    let at = business.staff.iter().position(|member| member.id == id)?;
    let member = business.staff.remove(at);
    let mut services = Vec::new();
    for service in business.services.iter_mut().filter(|service| service.staff.contains(&id)) {
        service.staff.retain(|other| *other != id);
        services.push(service.id);
    }
    let theirs = |exception: &Exception| exception.staff == Some(id);
    let exceptions = business.exceptions.iter().filter(|exception| theirs(exception)).cloned().collect();
    business.exceptions.retain(|exception| !theirs(exception));
    Some(undo::Removed::Member { at, member, services, exceptions })
}

/// Takes them off every service: nothing new can be booked with them, what was booked stays.
async fn rest(
    State(state): State<AppState>,
    Owner(access): Owner,
    Path((_, id)): Path<(BusinessId, String)>,
) -> Result<Response, Fault> {
    let id = known(&access, &id)?;
    edit::change(&state, &access, ("settings.staff", "not booked any more"), |business| {
        business.services.iter_mut().for_each(|service| service.staff.retain(|other| *other != id));
        Ok(())
    })
    .await?;
    let path = format!("{}/settings/staff", root(&access.business));
    Ok(then(&path, &Notice::good("Nothing new is booked with them. What was booked stays as it is.")))
}
