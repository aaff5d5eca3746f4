//! Days that do not follow the week: closed days and other hours, of the business or of one person.
//!
//! An exception has no id of its own. What stands in the list is the fingerprint of what it says, so that one which somebody
//! changed meanwhile is not found, rather than another one changed in its place.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Method},
    response::Response,
};
use jiff::{Zoned, civil::Date};
use serde::Deserialize;

use super::{
    answered, counted, frame, some, undo,
    week::{self, DayView},
};
use crate::{
    domain::{
        business::{Business, Exception, Mistake},
        ids::StaffId,
    },
    store::bookings::ahead::Of,
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, Part},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, root, shown, shown_as},
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

const LIST: &str = "/b/{business}/settings/hours/exceptions";
const NEW: &str = "/b/{business}/settings/hours/exceptions/new";
const EDIT: &str = "/b/{business}/settings/hours/exceptions/edit";

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, LIST, Need::Owner, list)
        .at(Method::GET, NEW, Need::Owner, new)
        .at(Method::POST, NEW, Need::Owner, add)
        .at(Method::GET, EDIT, Need::Owner, edit_one)
        .at(Method::POST, EDIT, Need::Owner, save)
        .at(Method::POST, "/b/{business}/settings/hours/exceptions/remove", Need::Owner, remove)
        .at(Method::POST, "/b/{business}/settings/hours/exceptions/tidy", Need::Owner, tidy)
}

/// One exception: the one with this key, or a new one.
struct One {
    key: Option<String>,
    /// The key that it has once it is saved.
    becomes: Option<String>,
}

impl One {
    fn find(&self, business: &Business) -> Option<usize> {
        let key = self.key.as_ref()?;
        business.exceptions.iter().position(|exception| key_of(exception) == *key)
    }

    /// The same, or what it has become.
    fn find_now(&self, business: &Business) -> Option<usize> {
        let becomes = || {
            let key = self.becomes.as_ref()?;
            business.exceptions.iter().position(|exception| key_of(exception) == *key)
        };
        self.find(business).or_else(becomes)
    }
}

fn key_of(exception: &Exception) -> String {
    fields_of(exception).fingerprint()
}

fn fields_of(exception: &Exception) -> Fields {
    let mut fields = Fields::default()
        .and("from", exception.from.to_string())
        .and("to", exception.to.to_string())
        .and("yearly", if exception.yearly { "on" } else { "" })
        .and("who", exception.staff.map(|id| id.to_string()).unwrap_or_default())
        .and("kind", if exception.hours.is_empty() { "closed" } else { "open" })
        .and("reason", exception.reason.clone().unwrap_or_default());
    week::write(&mut fields, "hours", &exception.hours);
    fields
}

impl Part for One {
    const DEED: &'static str = "settings.exceptions";

    fn fields(&self, business: &Business) -> Fields {
        self.find_now(business).and_then(|n| business.exceptions.get(n)).map(fields_of).unwrap_or_default()
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let exception = read(typed, business)?;
        match self.find(business) {
            Some(n) => business.exceptions[n] = exception,
            // What is there already was sent twice.
            None if business.exceptions.contains(&exception) => {}
            None => business.exceptions.push(exception),
        }
        Ok(())
    }

    fn field_of(&self, at: &str, _business: &Business) -> String {
        let field = at.rsplit("].").next().unwrap_or(at);
        field.split('[').next().unwrap_or(field).replace("staff", "who")
    }

    fn word(&self, field: &str) -> String {
        match field.split('.').next().unwrap_or_default() {
            "from" => "first day",
            "to" => "last day",
            "kind" => "closed or open",
            other => other,
        }
        .to_owned()
    }
}

fn read(typed: &Fields, business: &Business) -> Result<Exception, Vec<Mistake>> {
    let mut found = Vec::new();
    let date = |name: &str| -> Result<Date, Mistake> {
        let date = typed.text(name).parse::<Date>().ok().filter(|date| (2000..=2200).contains(&date.year()));
        date.ok_or_else(|| wrong(name, "a day such as 2026-12-24"))
    };
    let from = date("from").map_err(|mistake| found.push(mistake));
    let to = if typed.text("to").is_empty() { from } else { date("to").map_err(|mistake| found.push(mistake)) };
    let yearly = typed.is_on("yearly");
    if let (Ok(from), Ok(to)) = (from, to) {
        if to < from {
            found.push(wrong("to", "the last day must not be before the first"));
        } else if yearly && to.duration_since(from).as_hours() >= 24 * 365 {
            found.push(wrong("to", "less than a year, when it is the same every year"));
        }
    }
    let staff = match typed.text("who") {
        "" => None,
        id => match id.parse::<StaffId>() {
            Ok(id) if business.member(id).is_some() => Some(id),
            _ => {
                found.push(wrong("who", "is not one of the staff"));
                None
            }
        },
    };
    let hours = if typed.text("kind") == "open" {
        match week::read(typed, "hours") {
            Ok(hours) if hours.is_empty() => Err(wrong("hours", "give the hours, or say that it is closed")),
            other => other,
        }
    } else {
        Ok(Vec::new())
    };
    let hours = hours.map_err(|mistake| found.push(mistake));
    if typed.text("reason").chars().count() > 80 {
        found.push(wrong("reason", "at most 80 characters"));
    }
    match (from, to, hours) {
        (Ok(from), Ok(to), Ok(hours)) if found.is_empty() => {
            Ok(Exception { from, to, hours, staff, yearly, reason: some(typed.text("reason")) })
        }
        _ => Err(found),
    }
}

/// One of them in the list.
struct Listed {
    key: String,
    days: String,
    hours: String,
    who: String,
    reason: String,
    yearly: bool,
}

/// "24 to 26 Dec 2026", "1 Jan 2027".
pub(super) fn days(exception: &Exception) -> String {
    let year = if exception.yearly { "" } else { " %Y" };
    let written = |date: Date, format: &str| date.strftime(format).to_string();
    let last = written(exception.to, &format!("%-d %b{year}"));
    if exception.from == exception.to {
        return last;
    }
    let same_month = (exception.from.year(), exception.from.month()) == (exception.to.year(), exception.to.month());
    let same_year = exception.from.year() == exception.to.year();
    let first = match (same_month, same_year || exception.yearly) {
        (true, _) => written(exception.from, "%-d"),
        (_, true) => written(exception.from, "%-d %b"),
        _ => written(exception.from, "%-d %b %Y"),
    };
    format!("{first} to {last}")
}

fn listed(exception: &Exception, business: &Business) -> Listed {
    let who = exception.staff.map_or("Everybody", |id| business.member(id).map_or("", |member| &member.name));
    Listed {
        key: key_of(exception),
        days: days(exception),
        hours: if exception.hours.is_empty() && exception.staff.is_some() {
            "away".to_owned()
        } else {
            week::told_all(&exception.hours)
        },
        who: who.to_owned(),
        reason: exception.reason.clone().unwrap_or_default(),
        yearly: exception.yearly,
    }
}

#[derive(Template)]
#[template(path = "pages/settings/exceptions.html")]
struct List {
    frame: Frame,
    tab: &'static str,
    part: &'static str,
    coming: Vec<Listed>,
    past: Vec<Listed>,
}

fn today(state: &AppState, business: &Business) -> Date {
    Zoned::new(state.clock.now(), business.zone.tz().clone()).date()
}

async fn list(State(state): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let business = &access.business;
    let today = today(&state, business);
    let mut sorted: Vec<&Exception> = business.exceptions.iter().collect();
    // Those of every year stand where they come next.
    let next = |exception: &Exception| {
        if !exception.yearly {
            return exception.to;
        }
        let this_year = Date::new(today.year(), exception.to.month(), exception.to.day()).unwrap_or(exception.to);
        if this_year >= today {
            return this_year;
        }
        this_year.checked_add(jiff::Span::new().years(1)).unwrap_or(this_year)
    };
    sorted.sort_by_key(|exception| next(exception));
    let (coming, past): (Vec<_>, Vec<_>) =
        sorted.into_iter().partition(|exception| exception.yearly || exception.to >= today);
    let list = |those: Vec<&Exception>| those.into_iter().map(|exception| listed(exception, business)).collect();
    shown(&List {
        frame: frame(&access, &headers, "Hours"),
        tab: "hours",
        part: "exceptions",
        coming: list(coming),
        past: list(past),
    })
}

#[derive(Template)]
#[template(path = "pages/settings/exception.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    action: String,
    day_key: String,
    form: Form,
    hours: DayView,
    people: Vec<(String, String)>,
}

fn page(access: &Access, headers: &HeaderMap, part: &One, form: Form) -> Result<Response, Fault> {
    let (title, action) = match part.key {
        Some(_) => ("Change these days", "edit"),
        None => ("Closed days or other hours", "new"),
    };
    let business = &access.business;
    let everybody = (String::new(), "Everybody: the whole business".to_owned());
    let people = business.staff.iter().map(|member| (member.id.to_string(), format!("Only {}", member.name)));
    let page = Page {
        frame: frame(access, headers, title),
        tab: "hours",
        action: format!("{}/settings/hours/exceptions/{action}", root(business)),
        day_key: part.key.clone().unwrap_or_default(),
        hours: week::view(&form, "hours", "Hours then"),
        people: std::iter::once(everybody).chain(people).collect(),
        form,
    };
    shown_as(page.form.status(), &page)
}

async fn new(Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let part = One { key: None, becomes: None };
    let form = Form::of(part.fields(&access.business));
    page(&access, &headers, &part, form)
}

#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    day: String,
}

async fn edit_one(Owner(access): Owner, Query(which): Query<Which>, headers: HeaderMap) -> Result<Response, Fault> {
    if which.day.is_empty() {
        return Ok(then(
            &format!("{}/settings/hours/exceptions", root(&access.business)),
            &Notice::bad("Choose the days to change."),
        ));
    }
    let part = One { key: Some(which.day), becomes: None };
    part.find(&access.business).ok_or(Fault::NotFound)?;
    let form = Form::of(part.fields(&access.business));
    page(&access, &headers, &part, form)
}

async fn add(state: State<AppState>, owner: Owner, headers: HeaderMap, typed: Fields) -> Result<Response, Fault> {
    Box::pin(put(state, owner, headers, typed, One { key: None, becomes: None })).await
}

async fn save(state: State<AppState>, owner: Owner, headers: HeaderMap, typed: Fields) -> Result<Response, Fault> {
    let part = One { key: some(typed.text("day")), becomes: None };
    Box::pin(put(state, owner, headers, typed, part)).await
}

async fn put(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
    mut part: One,
) -> Result<Response, Fault> {
    if let Some(mut changed) = week::pressed(&typed) {
        if typed.text("do").starts_with("add") {
            changed = with_kind_open(&changed);
        }
        return page(&access, &headers, &part, Form::going_on(changed));
    }
    let read = read(&typed, &access.business).ok();
    part.becomes = read.as_ref().map(key_of);
    let detail = if part.key.is_none() { "added" } else { "" };
    let outcome = edit::save_as(&state, &access, &part, typed, detail).await;
    let ahead = match (&outcome, read) {
        (Ok(business), Some(exception)) => within(&state, business, &exception).await?,
        _ => 0,
    };
    let saved = |business: Business| {
        let path = format!("{}/settings/hours/exceptions", root(&business));
        if ahead == 0 {
            return then(&path, &Notice::good("Saved."));
        }
        let told = format!(
            "Saved. {} on these days {} as before; move or cancel what cannot be kept in the calendar.",
            counted(ahead, "appointment"),
            if ahead == 1 { "stays" } else { "stay" }
        );
        then(&path, &Notice::bad(told))
    };
    answered(outcome, saved, |form| page(&access, &headers, &part, form))
}

/// Whoever adds hours does not mean "closed".
fn with_kind_open(fields: &Fields) -> Fields {
    let mut changed = Fields::default();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "kind") {
        changed.add(name, value);
    }
    changed.and("kind", "open")
}

/// How many appointments lie on the days of an exception, the next time it comes.
async fn within(state: &AppState, business: &Business, exception: &Exception) -> Result<usize, Fault> {
    let zone = business.zone.tz();
    let from = exception.from.to_zoned(zone.clone()).map(|at| at.timestamp());
    let until = exception.to.tomorrow().and_then(|day| day.to_zoned(zone.clone())).map(|at| at.timestamp());
    let (Ok(from), Ok(until)) = (from, until) else { return Ok(0) };
    let of = Of { staff: exception.staff, until: Some(until), ..Of::default() };
    let from = from.max(state.clock.now());
    let (count, _) = in_time("counting appointments", state.store.ahead(business.id, of, from, 0)).await?;
    Ok(count as usize)
}

async fn remove(State(state): State<AppState>, Owner(access): Owner, typed: Fields) -> Result<Response, Fault> {
    let part = One { key: some(typed.text("day")), becomes: None };
    let path = format!("{}/settings/hours/exceptions", root(&access.business));
    let mut removed = None;
    edit::change(&state, &access, ("settings.exception_removed", ""), |business| {
        removed = part.find(business).map(|n| (n, business.exceptions.remove(n)));
        Ok(())
    })
    .await?;
    let Some((at, exception)) = removed else {
        return Ok(then(&path, &Notice::bad("These days were changed or removed meanwhile.")));
    };
    let told = Notice::good(format!("{} removed.", days(&exception)));
    Ok(then(&path, &undo::offered(told, &access, &undo::Removed::Exception { at, exception })))
}

async fn tidy(State(state): State<AppState>, Owner(access): Owner) -> Result<Response, Fault> {
    let today = today(&state, &access.business);
    edit::change(&state, &access, ("settings.exceptions", "removed what was over"), |business| {
        business.exceptions.retain(|exception| exception.yearly || exception.to >= today);
        Ok(())
    })
    .await?;
    let path = format!("{}/settings/hours/exceptions", root(&access.business));
    Ok(then(&path, &Notice::good("Only days to come are left.")))
}
