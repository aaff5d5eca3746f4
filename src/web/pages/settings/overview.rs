//! All the settings on one page, each with what it is set to.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};

use super::{connections::words, counted, frame, week};
use crate::{
    domain::{business::Business, connection::Connection, countries::Country, setup},
    web::{
        pages::{
            access::Owner,
            doors::{Doors, Need},
            fault::Fault,
            frame::{Frame, shown},
        },
        patience::in_time,
        state::AppState,
    },
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/b/{business}/settings", Need::Owner, show)
}

struct Group {
    label: &'static str,
    places: Vec<Place>,
}

struct Place {
    path: &'static str,
    label: &'static str,
    /// How it is set.
    now: String,
    /// Nothing can be booked, or nobody can call, before this is done.
    warn: bool,
}

#[derive(Template)]
#[template(path = "pages/settings/overview.html")]
struct Overview {
    frame: Frame,
    tab: &'static str,
    groups: Vec<Group>,
    /// What is left of the guided path.
    left: Option<String>,
    done: usize,
    of: usize,
}

async fn show(State(state): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let business = &access.business;
    let newest = in_time("looking for a call", state.store.calls(business.id, None, 1)).await?;
    let connections = in_time("reading connections", state.store.connections(business.id)).await?;
    let progress = setup::progress(business, !newest.is_empty());
    let left = progress.next.map(|_| format!("{} of {} steps are done.", progress.done, progress.of));
    shown(&Overview {
        frame: frame(&access, &headers, "Settings"),
        tab: "",
        groups: groups(business, calendars(&state, &connections)),
        left,
        done: progress.done,
        of: progress.of,
    })
}

/// What is connected, and whether something has to be done about it.
fn calendars(state: &AppState, connections: &[Connection]) -> (String, bool) {
    let mut names: Vec<&str> = connections.iter().map(|one| words::label(&state.vendors, &one.provider)).collect();
    names.dedup();
    let now = if names.is_empty() { "no other calendar".to_owned() } else { names.join(", ") };
    (now, connections.iter().any(|one| !one.is_active()))
}

fn groups(business: &Business, (calendars, waiting): (String, bool)) -> Vec<Group> {
    let place = |path, label, now: String| Place { path, label, now, warn: false };
    let todo = |path, label, now: String, warn| Place { path, label, now, warn };
    let country = Country::of(&business.country).map_or(business.country.as_str(), |country| country.name);
    let offered = business.services.iter().filter(|service| business.offering(service).next().is_some()).count();
    let rules = &business.rules;
    let numbers: Vec<String> = business.numbers.iter().map(|number| number.written(&business.country)).collect();
    vec![
        Group {
            label: "Business",
            places: vec![
                place("/settings/business", "Business", format!("{country}, {}", business.zone.name())),
                todo("/settings/hours", "Hours", hours(business), !business.hours.is_open()),
                todo("/settings/services", "Services", counted(business.services.len(), "service"), offered == 0),
                todo("/settings/staff", "Staff", names(business), business.staff.is_empty()),
                place(
                    "/settings/rules",
                    "Rules",
                    format!("every {} minutes, {} days ahead", rules.grid_minutes, rules.horizon_days),
                ),
            ],
        },
        Group {
            label: "Phone",
            places: vec![
                place(
                    "/settings/receptionist",
                    "Receptionist",
                    format!("speaks {}, {}", business.voice.language, counted(business.facts.len(), "answer")),
                ),
                place("/settings/messages", "Messages", "what customers are texted".to_owned()),
                todo(
                    "/settings/numbers",
                    "Phone numbers",
                    if numbers.is_empty() { "none yet".to_owned() } else { numbers.join(", ") },
                    numbers.is_empty(),
                ),
                todo("/settings/integrations", "Integrations", calendars, waiting),
            ],
        },
        Group {
            label: "People and data",
            places: vec![
                place("/team", "Team", "who may sign in".to_owned()),
                place("/keys", "API keys", "for your own programs".to_owned()),
                place("/audit", "Audit log", "who changed what".to_owned()),
                place("/data", "Data", "export, erase, how long it is kept".to_owned()),
            ],
        },
    ]
}

fn hours(business: &Business) -> String {
    let open: Vec<&str> = week::DAYS
        .into_iter()
        .filter(|(day, ..)| !business.hours.on(*day).is_empty())
        .map(|(.., label)| &label[..3])
        .collect();
    let days = if open.len() == 7 { "every day".to_owned() } else { open.join(" ") };
    let other = match business.exceptions.len() {
        0 => String::new(),
        n => format!(", {}", counted(n, "exception")),
    };
    if open.is_empty() { "closed every day".to_owned() } else { format!("{days}{other}") }
}

fn names(business: &Business) -> String {
    let names: Vec<&str> = business.staff.iter().map(|member| member.name.as_str()).collect();
    match names.len() {
        0 => "nobody yet".to_owned(),
        1..=4 => names.join(", "),
        n => format!("{} and {} more", names[..3].join(", "), n - 3),
    }
}
