//! Writing down what a customer is called, and what to remember about them.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{
    super::{
        access::Staff,
        fault::Fault,
        form::{Fields, Form, wrong},
        notice::{Notice, then},
    },
    detail::{fields, known, page},
};
use crate::{
    domain::{booking::CustomerName, business::Mistake, customer::MOST_NOTE},
    store::customers::Edited,
    web::{patience::in_time, state::AppState},
};

/// Characters of a name, as everywhere.
const MOST_NAME: usize = 60;

pub(super) async fn save(
    Staff(access): Staff,
    Path((_, id)): Path<(String, String)>,
    State(state): State<AppState>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let customer = known(&state, &access, &id).await?;
    let saved = fields(&customer);
    if typed.text("base") != saved.fingerprint() {
        let form = Form::overtaken(typed, saved);
        return page(&state, &access, &headers, &customer, form, StatusCode::CONFLICT).await;
    }
    let mistakes = mistakes(&typed);
    if !mistakes.is_empty() {
        let form = Form::refused(typed, mistakes);
        return page(&state, &access, &headers, &customer, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let name = CustomerName::new(typed.text("name"));
    // Browsers send line breaks as two characters (WHATWG HTML, "multipart form data").
    let note = typed.text("note").replace("\r\n", "\n");
    let changed: Vec<&str> = [("name", name != customer.name), ("note", note != customer.note)]
        .into_iter()
        .filter_map(|(field, changed)| changed.then_some(field))
        .collect();
    let back = format!("/b/{}/customers/{}", access.business.id, customer.id);
    if changed.is_empty() {
        return Ok(then(&back, &Notice::good("Nothing was changed.")));
    }
    let deed = access.deed(&state, "customer.edited", customer.id, &changed.join(", "));
    match in_time("editing a customer", state.store.edit_customer(&customer, &name, &note, &deed)).await? {
        Edited::Edited => Ok(then(&back, &Notice::good("Saved."))),
        Edited::Overtaken(now) => {
            let form = Form::overtaken(typed, fields(&now));
            page(&state, &access, &headers, &now, form, StatusCode::CONFLICT).await
        }
        Edited::Missing => Err(Fault::NotFound),
    }
}

fn mistakes(typed: &Fields) -> Vec<Mistake> {
    let mut found = Vec::new();
    let name = typed.text("name");
    if name.is_empty() {
        found.push(wrong("name", "Write a name, so that you know who comes."));
    } else if name.chars().count() > MOST_NAME {
        found.push(wrong("name", "At most 60 characters."));
    }
    if typed.text("note").chars().count() > MOST_NOTE {
        found.push(wrong("note", "At most 2,000 characters."));
    }
    found
}
