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
            let view = View::of(&access, &say, &read(&state, &access, period).await?);
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

/// Reads both at once; the calls of both in one go, since they follow one another.
async fn read(state: &AppState, access: &Access, period: Period) -> Result<Read, Fault> {
    let (store, business, zone) = (&state.store, access.business.id, access.business.zone.tz());
    let before = period.before();
    let (from, to) = period.bounds(zone);
    let (earlier, _) = before.bounds(zone);
    let reading = async {
        Ok((
            store.call_facts(business, (earlier, to)).await?,
            store.booking_facts(business, (from, to)).await?,
            store.booking_facts(business, (earlier, from)).await?,
            store.text_facts(business, (from, to)).await?,
            store.text_facts(business, (earlier, from)).await?,
        ))
    };
    let (calls, bookings, bookings_before, texts, texts_before) = in_time("counting calls", reading).await?;
    let half = calls.partition_point(|call| call.started < from);
    Ok(Read {
        before: Insights::of(before, zone, &calls[..half], &bookings_before, texts_before),
        now: Insights::of(period, zone, &calls[half..], &bookings, texts),
    })
}
