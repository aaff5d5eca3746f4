//! What the calls came to, as charts with the numbers beneath, and as tables for a spreadsheet.

mod csv;
mod range;
mod sheets;
mod view;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use super::{
    access::{Access, Staff},
    doors::{Doors, Need},
    fault::Fault,
    form::{Fields, Form},
    frame::{Frame, Here, shown, shown_as},
    say::Say,
};
use crate::{
    domain::insights::{Insights, Period},
    store::StoreError,
    web::{patience::in_time, state::AppState},
};
use range::{PRESETS, Range, asked};
use view::View;
pub(super) use view::{member, service};

pub(super) fn doors(doors: Doors) -> Doors {
    doors
        .at(Method::GET, "/b/{business}/insights", Need::Staff, show)
        .at(Method::GET, "/b/{business}/insights/numbers.csv", Need::Staff, sheets::numbers)
        .at(Method::GET, "/b/{business}/insights/calls.csv", Need::Owner, sheets::calls)
}

#[derive(Template)]
#[template(path = "pages/insights/page.html")]
struct Page {
    frame: Frame,
    form: Form,
    presets: [(&'static str, &'static str); 5],
    /// Which of them is shown.
    chosen: &'static str,
    /// Nothing when the days that were asked for cannot be counted.
    view: Option<View>,
}

async fn show(
    Staff(access): Staff,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let say = Say::of(&access.business, state.clock.now());
    let frame = Frame::of(&access, &headers, Here::Insights, "Insights");
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    match asked(&fields, say.today()) {
        Ok(Range { period, chosen }) => {
            let view = View::of(&access, &say, &read(&state, &access, period, Detail::Calls).await?);
            let form = Form::of(range::fields(period));
            shown(&Page { frame, form, presets: PRESETS, chosen, view: Some(view) })
        }
        Err(wrong) => {
            let form = Form::refused(fields, vec![wrong]);
            shown_as(StatusCode::UNPROCESSABLE_ENTITY, &Page { frame, form, presets: PRESETS, chosen: "", view: None })
        }
    }
}

/// A period and the one before it.
struct Read {
    now: Insights,
    before: Insights,
}

/// How much is wanted of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// What the page compares with: calls, minutes, cost, the first word.
    Calls,
    /// Everything.
    Whole,
}

/// The two are read beside each other: neither has to wait for the other's numbers.
async fn read(state: &AppState, access: &Access, period: Period, before: Detail) -> Result<Read, Fault> {
    let reading = async {
        let now = count(state, access, period, Detail::Whole);
        let (now, before) = tokio::try_join!(now, count(state, access, period.before(), before))?;
        Ok(Read { now, before })
    };
    Ok(in_time("counting calls", reading).await?)
}

async fn count(state: &AppState, access: &Access, period: Period, detail: Detail) -> Result<Insights, StoreError> {
    let (store, business, zone) = (&state.store, access.business.id, access.business.zone.tz());
    let bounds = period.bounds(zone);
    let calls = store.call_facts(business, bounds).await?;
    let (bookings, texts) = match detail {
        Detail::Calls => Default::default(),
        Detail::Whole => (store.booking_facts(business, bounds).await?, store.text_facts(business, bounds).await?),
    };
    Ok(Insights::of(period, zone, &calls, &bookings, texts))
}
