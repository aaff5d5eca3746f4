//! The guided path: from nothing to a first test call, one short page after the other.
//!
//! It can be left at any page and gone on with later: what is done shows in the business itself (`domain/setup.rs`).

mod numbers;
mod rows;
mod services;
mod staff;
mod trade;
mod views;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, Method},
    response::Response,
};
use serde::Deserialize;

use self::{numbers::Numbers, services::ManyServices, staff::ManyStaff};
use super::{
    answered,
    business::{Basics, TimeZone, zone_moves},
    hours::Week,
    integrations::Offer,
    week,
};
use crate::{
    domain::{
        business::{Business, Mistake},
        setup::{self, Step},
    },
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, Part},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::root,
            notice::{Notice, then},
        },
        patience::in_time,
        state::AppState,
    },
};

/// Each step has an address of its own, so that "back" in the browser is back on the path.
const PATHS: [(Step, &str); 9] = [
    (Step::Business, "/b/{business}/settings/start/business"),
    (Step::Zone, "/b/{business}/settings/start/zone"),
    (Step::Trade, "/b/{business}/settings/start/trade"),
    (Step::Hours, "/b/{business}/settings/start/hours"),
    (Step::Services, "/b/{business}/settings/start/services"),
    (Step::Staff, "/b/{business}/settings/start/staff"),
    (Step::Number, "/b/{business}/settings/start/number"),
    (Step::Calendar, "/b/{business}/settings/start/calendar"),
    (Step::Call, "/b/{business}/settings/start/call"),
];

pub(super) fn doors(doors: Doors) -> Doors {
    let mut doors = doors.at(Method::GET, "/b/{business}/settings/start", Need::Owner, landing);
    for (step, path) in PATHS {
        let look = move |state: State<AppState>, owner: Owner, headers: HeaderMap, asked: Query<Asked>| {
            show(step, state, owner, headers, asked)
        };
        let go = move |state: State<AppState>, owner: Owner, headers: HeaderMap, typed: Fields| {
            send(step, state, owner, headers, typed)
        };
        doors = doors.at(Method::GET, path, Need::Owner, look).at(Method::POST, path, Need::Owner, go);
    }
    doors
}

#[derive(Deserialize)]
struct Asked {
    /// The kind of business that is looked at.
    #[serde(default)]
    trade: String,
}

/// A part whose saving also passes the step.
struct Passing<'a, P> {
    part: &'a P,
    step: Step,
}

impl<P: Part> Part for Passing<'_, P> {
    const DEED: &'static str = P::DEED;

    fn fields(&self, business: &Business) -> Fields {
        self.part.fields(business)
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        self.part.apply(typed, business)?;
        business.setup.pass(self.step);
        Ok(())
    }

    fn field_of(&self, at: &str, business: &Business) -> String {
        self.part.field_of(at, business)
    }

    fn word(&self, field: &str) -> String {
        self.part.word(field)
    }
}

/// Whether there has been a call.
async fn called(state: &AppState, business: &Business) -> Result<bool, Fault> {
    let newest = in_time("looking for a call", state.store.calls(business.id, None, 1)).await?;
    Ok(!newest.is_empty())
}

fn path_of(business: &Business, step: Option<Step>) -> String {
    let start = format!("{}/settings/start", root(business));
    step.map_or(start.clone(), |step| format!("{start}/{}", step.name()))
}

async fn landing(State(state): State<AppState>, Owner(access): Owner, headers: HeaderMap) -> Result<Response, Fault> {
    let called = called(&state, &access.business).await?;
    views::landing(&access, &headers, called)
}

async fn show(
    step: Step,
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let business = &access.business;
    let fields = match step {
        Step::Business => Basics.fields(business),
        Step::Zone => TimeZone.fields(business),
        Step::Trade => Fields::default().and("trade", asked.trade),
        Step::Hours => Week.fields(business),
        Step::Services => ManyServices.fields(business),
        Step::Staff => ManyStaff.fields(business),
        Step::Number => Numbers.fields(business),
        Step::Calendar | Step::Call => Fields::default(),
    };
    page(&state, &access, &headers, step, Form::of(fields)).await
}

async fn page(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    step: Step,
    form: Form,
) -> Result<Response, Fault> {
    let called = called(state, &access.business).await?;
    let moving = match step {
        Step::Zone if form.wrong("zone_moves").is_some() => zone_moves(state, access, &form.fields).await?,
        _ => None,
    };
    let offers = match step {
        Step::Calendar => {
            let connections = in_time("reading connections", state.store.connections(access.business.id)).await?;
            Offer::all(state, &root(&access.business), &connections)
        }
        _ => Vec::new(),
    };
    views::step(access, headers, step, form, views::Beside { called, moving, offers })
}

async fn send(
    step: Step,
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    if typed.text("do") == "skip" {
        return pass(&state, &access, step, "put off").await;
    }
    let again = match step {
        Step::Zone if zone_moves(&state, &access, &typed).await?.is_some() => {
            Some(Form::refused(typed.clone(), vec![wrong("zone_moves", "please say that you have read this")]))
        }
        Step::Hours => week::pressed(&typed).map(Form::going_on),
        Step::Services => rows_again(&state, &access, &typed, &services::COLUMNS).await?,
        Step::Staff => rows_again(&state, &access, &typed, &staff::COLUMNS).await?,
        _ => None,
    };
    if let Some(form) = again {
        return page(&state, &access, &headers, step, form).await;
    }
    match step {
        Step::Business => put(&state, &access, &headers, step, &Basics, typed).await,
        Step::Zone => put(&state, &access, &headers, step, &TimeZone, typed).await,
        Step::Trade => trade::take(&state, &access, &typed).await,
        Step::Hours => put(&state, &access, &headers, step, &Week, typed).await,
        Step::Services => put(&state, &access, &headers, step, &ManyServices, typed).await,
        Step::Staff => put(&state, &access, &headers, step, &ManyStaff, typed).await,
        Step::Number => put(&state, &access, &headers, step, &Numbers, typed).await,
        Step::Calendar | Step::Call => pass(&state, &access, step, "done").await,
    }
}

/// A list of rows that is shown again: a row was added or taken away, or one is to go that is still needed.
async fn rows_again(
    state: &AppState,
    access: &Access,
    typed: &Fields,
    columns: &[&str],
) -> Result<Option<Form>, Fault> {
    if let Some(changed) = rows::pressed(typed, columns, || state.clock.new_id().to_string()) {
        return Ok(Some(Form::going_on(changed)));
    }
    let needed = if columns == services::COLUMNS {
        services::still_needed(state, access, typed).await?
    } else {
        staff::still_needed(state, access, typed).await?
    };
    Ok(needed.map(|mistake| Form::refused(typed.clone(), vec![mistake])))
}

async fn put<P: Part>(
    state: &AppState,
    access: &Access,
    headers: &HeaderMap,
    step: Step,
    part: &P,
    typed: Fields,
) -> Result<Response, Fault> {
    let outcome = edit::save(state, access, &Passing { part, step }, typed).await;
    if let Err(edit::NotSaved::Form(form)) = outcome {
        return page(state, access, headers, step, form).await;
    }
    answered(outcome, |business| onwards(&business, step), |_| Err(Fault::Broken))
}

/// Notes that somebody has been at the step, and goes on.
async fn pass(state: &AppState, access: &Access, step: Step, how: &str) -> Result<Response, Fault> {
    let detail = format!("{}: {how}", step.name());
    let business = edit::change(state, access, ("settings.setup", &detail), |business| {
        business.setup.pass(step);
        Ok(())
    })
    .await?;
    Ok(onwards(&business, step))
}

/// To the next page of the path; after the last one, to what is still open or to the end.
fn onwards(business: &Business, step: Step) -> Response {
    let next = step.next();
    let path = path_of(business, next);
    if next.is_some() {
        return axum::response::IntoResponse::into_response(axum::response::Redirect::to(&path));
    }
    let open = setup::progress(business, true).next.is_some();
    let told = if open { "Whatever you put off can be done at any time." } else { "That was the last step." };
    then(&path, &Notice::good(told))
}
