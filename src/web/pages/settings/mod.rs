//! Setting the business up: one room for each place of the navigation beside it (`templates/pages/settings/frame.html`).

mod business;
pub(in crate::web::pages) mod connections;
mod exceptions;
mod holidays;
mod hours;
mod integrations;
mod messages;
mod number;
mod numbers;
mod overview;
mod receptionist;
mod rules;
mod services;
mod staff;
mod start;
mod undo;
mod week;

use axum::{http::HeaderMap, response::Response};

use super::{
    access::Access,
    doors::Doors,
    edit::{NotSaved, Part},
    fault::Fault,
    form::{Fields, Form},
    frame::{Frame, Here},
    say::Say,
    trial,
};
use crate::{
    domain::{booking::Booking, business::Business},
    store::bookings::ahead::Of,
    web::{patience::in_time, state::AppState},
};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .with(overview::doors)
        .with(start::doors)
        .with(business::doors)
        .with(hours::doors)
        .with(exceptions::doors)
        .with(holidays::doors)
        .with(services::doors)
        .with(staff::doors)
        .with(rules::doors)
        .with(undo::doors)
        .with(receptionist::doors)
        .with(messages::doors)
        .with(numbers::doors)
        .with(integrations::doors)
        .with(connections::doors)
}

fn frame(access: &Access, headers: &HeaderMap, title: impl Into<String>) -> Frame {
    Frame::of(access, headers, Here::Settings, title)
}

/// What becomes of a form that was sent: `saved` when it was, or the form again.
fn answered(
    outcome: Result<Business, NotSaved>,
    saved: impl FnOnce(Business) -> Response,
    again: impl FnOnce(Form) -> Result<Response, Fault>,
) -> Result<Response, Fault> {
    match outcome {
        Ok(business) => Ok(saved(business)),
        Err(NotSaved::Form(form)) => again(form),
        Err(NotSaved::Fault(fault)) => Err(fault),
    }
}

/// "Try it first": a call on what stands in the form, which is not saved.
async fn tried(
    state: &AppState,
    access: &Access,
    part: &impl Part,
    typed: Fields,
    again: impl FnOnce(Form) -> Result<Response, Fault>,
) -> Result<Response, Fault> {
    match trial::start(state, access, part, typed).await {
        Ok(response) => Ok(response),
        Err(NotSaved::Form(form)) => again(form),
        Err(NotSaved::Fault(fault)) => Err(fault),
    }
}

/// An appointment to come, for a page that says why something cannot go.
struct Coming {
    when: String,
    what: String,
}

/// How many appointments are to come, and the first of them. Whose they are is no matter here.
async fn coming(state: &AppState, business: &Business, of: Of) -> Result<(u32, Vec<Coming>), Fault> {
    let now = state.clock.now();
    let (count, first) = in_time("counting appointments", state.store.ahead(business.id, of, now, 5)).await?;
    let say = Say::of(business, now);
    let told = |booking: &Booking| {
        let service = business.service(booking.slot.service).map_or("an appointment", |service| &service.name);
        let with = business.member(booking.slot.staff).map(|member| format!(" with {}", member.name));
        Coming { when: say.when(booking.slot.starts), what: format!("{service}{}", with.unwrap_or_default()) }
    };
    Ok((count, first.iter().map(told).collect()))
}

/// "1 appointment", "3 appointments".
fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// Words that are separated by commas or stand on lines of their own; each once, none empty.
fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty()) {
        if !found.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            found.push(word.to_owned());
        }
    }
    found
}

/// A field that may stay empty.
fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
