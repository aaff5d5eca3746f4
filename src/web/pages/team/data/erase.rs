//! Erasing: a customer by their number, after it was shown what that is; the business, by typing its name.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use tracing::{error, info};

use super::DataPage;
use crate::{
    domain::{ids::ErasureId, phone::PhoneNumber},
    store::{
        audit::Deed,
        data::{Erased, Erasure, Found},
    },
    web::{
        pages::{
            access::{Access, Owner, SignedIn},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, root, shown, shown_as},
            notice::{Notice, then},
            say::counted,
            team::Ids,
        },
        patience::in_time,
        state::AppState,
    },
};

/// First what is known of them is shown; with `sure` it goes.
pub(super) async fn customer(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let Ok(phone) = PhoneNumber::parse(typed.text("phone"), &access.business.country) else {
        let why = wrong("phone", "a number such as (212) 555-0123, or with its country code");
        return refused(&access, &headers, Form::refused(typed, vec![why]));
    };
    let find = state.store.find_customer_data(access.business.id, &phone, state.clock.now());
    let found = in_time("looking for a customer", find).await?;
    if found.is_nothing() {
        let why = wrong("phone", "nothing is known of this number here");
        return refused(&access, &headers, Form::refused(typed, vec![why]));
    }
    if found.calling {
        let why = wrong("phone", "they are on the line at this moment: try again after the call");
        return refused(&access, &headers, Form::refused(typed, vec![why]));
    }
    if !typed.is_on("sure") {
        let mut page = DataPage::of(&access, &headers);
        let shown = phone.written(&access.business.country);
        page.customer = Form::refused(typed, Vec::new());
        page.found = Some((phone.as_str().to_owned(), shown, found));
        return shown_as(StatusCode::OK, &page);
    }
    let id = ErasureId(state.clock.new_id());
    let deed = access.deed(&state, "data.customer_erased", id, &told(&found));
    let erase = state.store.erase_customer(access.business.id, &phone, (id, access.user.id), &deed);
    let here = format!("{}/data", root(&access.business));
    match erase.await? {
        Erased::Erased(found) => {
            state.store.settle().await?;
            Ok(then(&here, &Notice::good(format!("Erased: {}.", told(&found)))))
        }
        Erased::Calling => Ok(then(&here, &Notice::bad("They have just called: try again after the call."))),
        Erased::Unknown => Ok(then(&here, &Notice::good("They are erased already."))),
    }
}

fn refused(access: &Access, headers: &HeaderMap, form: Form) -> Result<Response, Fault> {
    let mut page = DataPage::of(access, headers);
    page.customer = form;
    shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// "2 appointments, 1 call": no more than how much it was.
fn told(found: &Found) -> String {
    [
        (found.bookings, "appointment", "appointments"),
        (found.calls, "call", "calls"),
        (found.notes, "message left", "messages left"),
        (found.messages, "text message", "text messages"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| counted(count, one, many))
    .chain(Some("one name in the list of customers".to_owned()).filter(|_| found.listed))
    .collect::<Vec<_>>()
    .join(", ")
}

pub(super) async fn business(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    if typed.text("name") != access.business.name.trim() {
        let mut page = DataPage::of(&access, &headers);
        page.business = Form::refused(typed, vec![wrong("name", "is not the name of this business")]);
        return shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let id = ErasureId(state.clock.new_id());
    let business = access.business.id;
    // The lines of the business go with it, so this one is the account's.
    let deed = Deed { business: None, ..access.deed(&state, "data.business_erased", business, "") };
    state.opener.before_erasing(business).await;
    let begin = state.store.begin_erasure(business, (id, access.user.id), &deed);
    if !in_time("beginning an erasure", begin).await? {
        return Err(Fault::NotFound);
    }
    state.businesses.forget(business);
    let erasure = Erasure { id, business, begun: deed.at, finished: None };
    let (store, clock, opener) = (state.store.clone(), state.clock.clone(), state.opener.clone());
    state.lifecycle.tasks.spawn(async move {
        let (done, ()) = tokio::join!(store.finish_erasure(&erasure, clock.now()), opener.part(Some(business)));
        match done {
            Ok(()) => info!(erasure = %erasure.id, "a business is erased"),
            // The retention's keeper goes on with it.
            Err(error) => error!(%error, erasure = %erasure.id, "an erasure is not finished yet"),
        }
    });
    let told = format!("{} answers no more, and nobody can open it.", access.business.name);
    Ok(then(&format!("/erasures/{id}"), &Notice::good(told)))
}

#[derive(Template)]
#[template(path = "pages/team/erasure.html")]
struct ErasurePage {
    frame: Frame,
    erasure: Erasure,
}

/// How far an erasure is, for whoever asked for it; they belong to nothing any more that they could look into.
pub(super) async fn progress(
    State(state): State<AppState>,
    who: SignedIn,
    Ids(id): Ids<ErasureId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let erasure = in_time("reading an erasure", state.store.erasure(who.user.id, id)).await?;
    let Some(erasure) = erasure else {
        return Ok(then("/businesses", &Notice::bad("There is no erasure of that number that you asked for.")));
    };
    shown(&ErasurePage { frame: Frame::outside(&who, &headers, "Erasing a business"), erasure })
}
