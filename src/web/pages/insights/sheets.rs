//! The numbers as a table, and the calls one by one. Both are sent while they are read: two years of calls do not stand
//! in memory.

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use jiff::Timestamp;

use super::{
    super::{
        access::{Access, Owner, Staff},
        fault::Fault,
        form::Fields,
        say::Say,
    },
    Detail,
    csv::{MARK, line},
    range::asked,
    read, view,
};
use crate::{
    domain::{
        business::Business,
        ids::CallId,
        insights::{Fate, Insights, Period},
        report::Micros,
        time::speak::WEEKDAYS,
    },
    store::insights::CountedCall,
    web::{patience::in_time, state::AppState},
};

/// How many calls are read at once.
const CALLS_AT_ONCE: u32 = 500;

/// What stands on the page, one number a line, so that a spreadsheet can turn and filter it.
pub(super) async fn numbers(
    Staff(access): Staff,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let period = period(&access, &state, query)?;
    let read = read(&state, &access, period, Detail::Whole).await?;
    let mut text = format!("{MARK}{}", line(["table", "from", "to", "item", "number"]));
    for insights in [&read.now, &read.before] {
        table(&mut text, &access.business, insights);
    }
    Ok(sheet("numbers", period, Body::from(text)))
}

fn table(text: &mut String, business: &Business, insights: &Insights) {
    let mut row = |table: &str, days: Period, item: &str, number: String| {
        text.push_str(&line([table, &days.first().to_string(), &days.last().to_string(), item, &number]));
    };
    let (whole, sum) = (insights.period, &insights.sum);
    for (item, number) in [
        ("calls", sum.calls.to_string()),
        ("calls answered", sum.answered.to_string()),
        ("calls that booked", sum.booked.to_string()),
        ("seconds talked", sum.talked.to_string()),
        ("seconds talked without a person", sum.saved.to_string()),
        ("cost of models", sum.cost.to_string()),
        ("cost of models per call", sum.cost_per_call().map_or_else(String::new, |cost| cost.to_string())),
        ("cost of models per booking", sum.cost_per_booking().map_or_else(String::new, |cost| cost.to_string())),
        ("appointments made", insights.bookings.made.to_string()),
        ("appointments made by phone", insights.bookings.by_call.to_string()),
        ("appointments cancelled since", insights.bookings.cancelled.to_string()),
        ("texts sent", insights.texts.sent.to_string()),
        ("texts failed", insights.texts.failed.to_string()),
    ] {
        row("total", whole, item, number);
    }
    for (item, spread) in [
        ("seconds to book", insights.time_to_book),
        ("sentences to book", insights.sentences),
        ("milliseconds to the first word", insights.first_word),
    ] {
        let Some(spread) = spread else { continue };
        row("median", whole, item, spread.median.to_string());
        row("nine of ten", whole, item, spread.p90.to_string());
    }
    for (fate, count) in &insights.fates {
        row("what became of calls", whole, &fate.words(), count.to_string());
    }
    for (id, count) in &insights.bookings.by_service {
        row("appointments by service", whole, view::service(business, *id), count.to_string());
    }
    for (id, count) in &insights.bookings.by_staff {
        row("appointments by staff", whole, view::member(business, *id), count.to_string());
    }
    for (weekday, hours) in WEEKDAYS.iter().zip(&insights.hours) {
        for (hour, count) in hours.iter().enumerate().filter(|(_, count)| **count > 0) {
            row("calls by hour", whole, &format!("{weekday} {hour:02}:00"), count.to_string());
        }
    }
    for bucket in &insights.buckets {
        row("calls over time", bucket.days, "calls", bucket.sum.calls.to_string());
        row("calls over time", bucket.days, "answered", bucket.sum.answered.to_string());
        row("calls over time", bucket.days, "booked", bucket.sum.booked.to_string());
        row("calls over time", bucket.days, "cost of models", bucket.sum.cost.to_string());
    }
}

/// Every call of the period. It takes numbers out of the house, so it is the owner's.
pub(super) async fn calls(
    Owner(access): Owner,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let period = period(&access, &state, query)?;
    let heading = line([
        "call",
        "day",
        "time",
        "number",
        "answered",
        "what became of it",
        "seconds talked",
        "seconds to book",
        "milliseconds to the first word",
        "cost of models",
    ]);
    let reading = Reading {
        bounds: period.bounds(access.business.zone.tz()),
        say: Say::of(&access.business, state.clock.now()),
        business: access.business,
        state,
        after: None,
        left: true,
        text: format!("{MARK}{heading}"),
    };
    let body = stream::try_unfold(reading, |mut reading| async move {
        let text = std::mem::take(&mut reading.text);
        if !text.is_empty() {
            return Ok::<_, std::io::Error>(Some((text, reading)));
        }
        if !reading.left {
            return Ok(None);
        }
        let text = reading.next().await?;
        Ok(Some((text, reading)))
    });
    Ok(sheet("calls", period, Body::from_stream(body)))
}

/// Where a long table stands.
struct Reading {
    state: AppState,
    business: Business,
    say: Say,
    bounds: (Timestamp, Timestamp),
    after: Option<(Timestamp, CallId)>,
    left: bool,
    text: String,
}

impl Reading {
    /// The next lines. When the ledger fails in the middle the download breaks off, rather than look complete.
    async fn next(&mut self) -> std::io::Result<String> {
        let reading = self.state.store.calls_between(self.business.id, self.bounds, self.after, CALLS_AT_ONCE);
        let calls = in_time("listing calls", reading).await.map_err(|_| std::io::Error::other("the ledger failed"))?;
        self.left = calls.len() == usize::try_from(CALLS_AT_ONCE).unwrap_or(usize::MAX);
        self.after = calls.last().map(|call| (call.fact.started, call.id));
        Ok(calls.iter().map(|call| self.line(call)).collect())
    }

    fn line(&self, call: &CountedCall) -> String {
        let fact = &call.fact;
        let began = self.say.zoned(fact.started);
        let seconds = |to: Option<Timestamp>| {
            let span = to?.duration_since(fact.answered?).as_secs();
            Some(span.to_string())
        };
        line([
            call.id.to_string().as_str(),
            &began.date().to_string(),
            &began.time().strftime("%H:%M:%S").to_string(),
            call.from.as_ref().map_or("", |number| number.as_str()),
            if fact.answered.is_some() { "yes" } else { "no" },
            &Fate::of(fact).words(),
            &seconds(fact.ended).unwrap_or_default(),
            &seconds(fact.booked).unwrap_or_default(),
            &fact.first_word_ms.map(|ms| ms.to_string()).unwrap_or_default(),
            &if fact.cost == Micros(0) { String::new() } else { fact.cost.to_string() },
        ])
    }
}

/// The days that are asked for; a page never links to ones that cannot be counted.
fn period(access: &Access, state: &AppState, query: Option<String>) -> Result<Period, Fault> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let today = Say::of(&access.business, state.clock.now()).today();
    asked(&fields, today).map(|range| range.period).map_err(|_| Fault::Bad("these days cannot be counted"))
}

fn sheet(what: &str, period: Period, body: Body) -> Response {
    let name = format!("attachment; filename=\"deskbell-{what}-{}-to-{}.csv\"", period.first(), period.last());
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, body).into_response()
}
