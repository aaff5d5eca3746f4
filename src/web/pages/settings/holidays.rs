//! Public holidays: which of them the door is closed on.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Method},
    response::Response,
};
use jiff::{Zoned, civil::Date};
use serde::Deserialize;

use super::{counted, exceptions, frame};
use crate::{
    domain::{
        business::{Business, Exception},
        countries,
        holidays::{Country, Day},
    },
    web::{
        pages::{
            access::Owner,
            doors::{Doors, Need},
            edit,
            fault::Fault,
            form::Fields,
            frame::{Frame, root, shown},
            notice::{Notice, then},
        },
        state::AppState,
    },
};

const PATH: &str = "/b/{business}/settings/hours/holidays";

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, PATH, Need::Owner, show).at(Method::POST, PATH, Need::Owner, close)
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    country: String,
    #[serde(default)]
    region: String,
}

struct Year {
    year: i16,
    days: Vec<Shown>,
}

struct Shown {
    value: String,
    date: String,
    name: &'static str,
    ticked: bool,
    observed: bool,
    in_places: bool,
    /// An exception for the whole business that holds on it already, in words.
    taken: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/holidays.html")]
struct Holidays {
    frame: Frame,
    tab: &'static str,
    part: &'static str,
    countries: Vec<(&'static str, &'static str)>,
    country: String,
    kind: String,
    regions: &'static [(&'static str, &'static str)],
    region: String,
    unknown: bool,
    in_places: bool,
    years: Vec<Year>,
}

fn today(state: &AppState, business: &Business) -> Date {
    Zoned::new(state.clock.now(), business.zone.tz().clone()).date()
}

/// Those of this year that are not over, and of the next.
fn to_come(country: &Country, region: &str, today: Date) -> Vec<Day> {
    let years = [today.year(), today.year().saturating_add(1)];
    years.into_iter().flat_map(|year| country.days(region, year)).filter(|day| day.date >= today).collect()
}

async fn show(
    State(state): State<AppState>,
    Owner(access): Owner,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let business = &access.business;
    let known = Country::of(&chosen.country).or_else(|| Country::of(&business.country));
    let today = today(&state, business);
    let mut years: Vec<Year> = Vec::new();
    for day in known.map(|country| to_come(country, &chosen.region, today)).unwrap_or_default() {
        if years.last().is_none_or(|year| year.year != day.date.year()) {
            years.push(Year { year: day.date.year(), days: Vec::new() });
        }
        if let (Some(year), Some(country)) = (years.last_mut(), known) {
            year.days.push(day_shown(&day, country, &chosen.region, business));
        }
    }
    let name = |country: &Country| countries::Country::of(country.code).map_or(country.code, |known| known.name);
    let mut named: Vec<_> = Country::all().iter().map(|country| (country.code, name(country))).collect();
    named.sort_by_key(|(_, name)| *name);
    let kind = known.map_or("", |country| country.kind);
    shown(&Holidays {
        frame: frame(&access, &headers, "Hours"),
        tab: "hours",
        part: "holidays",
        countries: named,
        country: known.map_or_else(String::new, |country| country.code.to_owned()),
        kind: kind.chars().take(1).flat_map(char::to_uppercase).chain(kind.chars().skip(1)).collect(),
        regions: known.map_or(&[], |country| country.regions),
        region: chosen.region,
        unknown: known.is_none(),
        in_places: years.iter().any(|year| year.days.iter().any(|day| day.in_places)),
        years,
    })
}

fn day_shown(day: &Day, country: &Country, region: &str, business: &Business) -> Shown {
    let taken =
        business.exception_on(day.date).map(|exception| format!("{} already", super::week::told_all(&exception.hours)));
    // A day in lieu is for those who are closed on the day itself anyway.
    let closed = |date: Date| business.hours.on(date.weekday()).is_empty();
    let itself = country
        .days(region, day.date.year())
        .into_iter()
        .chain(country.days(region, day.date.year().saturating_add(1)));
    let kept = day.observed
        && itself
            .filter(|other| other.name == day.name && !other.observed)
            .any(|other| (day.date.duration_since(other.date).as_hours().abs() <= 72) && !closed(other.date));
    Shown {
        value: day.date.to_string(),
        date: day.date.strftime("%a %-d %b").to_string(),
        name: day.called(&business.voice.language, country.code),
        ticked: !day.in_places && !closed(day.date) && !kept,
        observed: day.observed,
        in_places: day.in_places,
        taken,
    }
}

async fn close(State(state): State<AppState>, Owner(access): Owner, typed: Fields) -> Result<Response, Fault> {
    let business = &access.business;
    let path = format!("{}/settings/hours", root(business));
    let Some(country) = Country::of(typed.text("country")) else {
        return Ok(then(&format!("{path}/holidays"), &Notice::bad("Choose a country first.")));
    };
    let chosen: Vec<Exception> = to_come(country, typed.text("region"), today(&state, business))
        .into_iter()
        .filter(|day| typed.has("day", &day.date.to_string()))
        .map(|day| Exception {
            from: day.date,
            to: day.date,
            hours: Vec::new(),
            staff: None,
            yearly: false,
            reason: Some(day.called(&business.voice.language, country.code).to_owned()),
        })
        .collect();
    let mut added = 0;
    edit::change(&state, &access, ("settings.holidays", ""), |business| {
        added = 0;
        for exception in &chosen {
            // What holds on that day already was somebody's decision.
            if business.exception_on(exception.from).is_none() {
                business.exceptions.push(exception.clone());
                added += 1;
            }
        }
        Ok(())
    })
    .await?;
    let told = match (added, chosen.last()) {
        (0, _) | (_, None) => Notice::good("Nothing was added: no new day was ticked."),
        (_, Some(last)) => Notice::good(format!(
            "{} added, up to {}. Next year’s can be added when the time comes.",
            counted(added, "closed day"),
            exceptions::days(last)
        )),
    };
    Ok(then(&format!("{path}/exceptions"), &told))
}
