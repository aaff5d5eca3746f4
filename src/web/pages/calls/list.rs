//! The calls of a business, newest first.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use jiff::{Timestamp, civil::Date};

use super::{
    query,
    view::{Badge, Standing, about, badge, who},
};
use crate::{
    domain::{
        business::Business,
        call::Outcome,
        ids::{BusinessId, CallId},
        report::Report,
    },
    store::{
        calls::{CallFilter, CallNames, CallSearch, ListedCall, SEARCHED},
        search::Pattern,
    },
    web::{
        pages::{
            access::Staff,
            fault::Fault,
            form::{Fields, Form},
            frame::{Frame, Here, root, shown},
            say::{Say, length},
        },
        patience::in_time,
        state::AppState,
    },
};

const ON_A_PAGE: u32 = 50;
/// So many digits are looked for in numbers; fewer are in nearly all of them.
const ENOUGH_DIGITS: usize = 3;

#[derive(Template)]
#[template(path = "pages/calls/list.html")]
struct List {
    frame: Frame,
    form: Form,
    outcomes: Vec<(&'static str, &'static str)>,
    voices: Vec<(&'static str, &'static str)>,
    segments: Vec<Segment>,
    rows: Vec<Row>,
    older: Option<String>,
    newest: Option<String>,
    /// There has never been a call.
    none_yet: bool,
    /// What a search for words could not look through.
    limit: Option<String>,
}

struct Segment {
    label: String,
    href: String,
    here: bool,
}

struct Row {
    href: String,
    who: String,
    number: String,
    day: String,
    time: String,
    length: String,
    badge: Badge,
    about: String,
    cost: String,
    live: bool,
    attention: bool,
}

/// What is asked for, as it stands in the address.
struct Wanted {
    fields: Fields,
    filter: CallFilter,
    before: Option<(Timestamp, CallId)>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Staff(access): Staff,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (business, now) = (&access.business, state.clock.now());
    let mut wanted = Wanted::read(asked.as_deref().unwrap_or_default(), business, now);
    let say = Say::of(business, now);
    let limit = wanted.look_back(&state, business.id, &say).await?;
    let listed = state.store.call_list(business.id, &wanted.filter, wanted.before, ON_A_PAGE + 1);
    let mut calls = in_time("listing calls", listed).await?;
    let more = calls.len() > ON_A_PAGE as usize;
    calls.truncate(ON_A_PAGE as usize);
    let older = calls.last().filter(|_| more).map(|last| wanted.older(business, last));
    let known: Vec<_> = calls.iter().map(|call| (call.id, call.from.clone())).collect();
    let names = in_time("reading names", state.store.call_names(business.id, &known)).await?;
    let ids: Vec<CallId> = calls.iter().map(|call| call.id).collect();
    let reports = in_time("reading reports", state.store.reports_of(&ids)).await?;
    let live = in_time("reading live calls", state.store.live_calls(business.id, now)).await?.len();
    let filtered = wanted.is_filtered();
    let page = List {
        frame: Frame::of(&access, &headers, Here::Calls, "Calls"),
        outcomes: vec![
            ("", "Any outcome"),
            ("booked", "Booked"),
            ("moved", "Moved"),
            ("cancelled", "Cancelled"),
            ("transferred", "Put through"),
            ("message", "Message"),
            ("answered", "Answered"),
            ("none", "Nothing booked"),
        ],
        voices: vec![("", "Model or script"), ("model", "With a model"), ("script", "Script alone")],
        segments: wanted.segments(business, live),
        none_yet: calls.is_empty() && !filtered && wanted.before.is_none(),
        rows: rows(calls, &names, &reports, business, &say, now),
        older,
        newest: wanted.before.is_some().then(|| wanted.address(business, wanted.fields.text("show"))),
        limit,
        form: Form::of(wanted.fields),
    };
    shown(&page)
}

fn rows(
    calls: Vec<ListedCall>,
    names: &CallNames,
    reports: &HashMap<CallId, Report>,
    business: &Business,
    say: &Say,
    now: Timestamp,
) -> Vec<Row> {
    let row = |call: ListedCall| {
        let (who, number) = who(names.of(call.id, call.from.as_ref()), call.from.as_ref(), say);
        let live = call.is_live(now);
        let standing = match call.ended {
            Some(_) => Standing::Over,
            None if live => Standing::Live,
            None => Standing::BrokenOff,
        };
        let report = reports.get(&call.id);
        let page = format!("{}/calls/{}", root(business), call.id);
        Row {
            href: if live { format!("{page}/live") } else { page },
            who,
            number,
            day: say.day(call.started),
            time: say.time(call.started),
            length: call.ended.map(|ended| lasted(call.started, ended)).unwrap_or_default(),
            badge: badge(call.outcome, standing),
            about: about(report, call.why_not),
            cost: report.filter(|report| report.cost.0 > 0).map(|report| report.cost.to_string()).unwrap_or_default(),
            live,
            attention: call.attention,
        }
    };
    calls.into_iter().map(row).collect()
}

/// How long it took.
pub(super) fn lasted(started: Timestamp, ended: Timestamp) -> String {
    length(u64::try_from(ended.duration_since(started).as_secs()).unwrap_or_default())
}

impl Wanted {
    fn read(query: &str, business: &Business, now: Timestamp) -> Self {
        let fields = Fields::parse(query.as_bytes());
        let start = |date: Date| date.to_zoned(business.zone.tz().clone()).ok().map(|start| start.timestamp());
        let day = |name: &str| fields.text(name).parse::<Date>().ok();
        let filter = CallFilter {
            from: day("from").and_then(start),
            to: day("to").and_then(|date| date.tomorrow().ok()).and_then(start),
            outcome: fields.text("outcome").parse::<Outcome>().ok(),
            live: (fields.text("show") == "live").then_some(now),
            attention: fields.text("show") == "attention",
            model: match fields.text("voice") {
                "model" => Some(true),
                "script" => Some(false),
                _ => None,
            },
            search: None,
        };
        let before = fields
            .text("before")
            .split_once('.')
            .and_then(|(at, id)| Some((Timestamp::from_second(at.parse().ok()?).ok()?, id.parse().ok()?)));
        Self { fields, filter, before }
    }

    /// Says how far a search for words looks back, when that is not to the beginning.
    async fn look_back(&mut self, state: &AppState, business: BusinessId, say: &Say) -> Result<Option<String>, Fault> {
        let Some(words) = Pattern::of(self.fields.text("q")) else { return Ok(None) };
        let to = self.filter.to;
        let said_since = in_time("searching calls", state.store.said_since(business, to)).await?;
        self.filter.search = Some(CallSearch { words, digits: digits(self.fields.text("q")), said_since });
        let all = said_since == Timestamp::UNIX_EPOCH || self.filter.from.is_some_and(|from| from >= said_since);
        Ok((!all).then(|| {
            let back = say.day(said_since);
            format!(
                "Names and numbers were looked for in every call, words in the newest {SEARCHED} (back to {back}). To look \
                 further back, set an earlier last day."
            )
        }))
    }

    fn is_filtered(&self) -> bool {
        ["q", "outcome", "from", "to", "voice", "show"].iter().any(|name| !self.fields.text(name).is_empty())
    }

    /// The address of the same list, with another choice of what to show.
    fn address(&self, business: &Business, show: &str) -> String {
        let field = |name| self.fields.text(name);
        let query = query(&[
            ("show", &show),
            ("q", &field("q")),
            ("outcome", &field("outcome")),
            ("voice", &field("voice")),
            ("from", &field("from")),
            ("to", &field("to")),
        ]);
        let root = root(business);
        if query.is_empty() { format!("{root}/calls") } else { format!("{root}/calls?{query}") }
    }

    fn older(&self, business: &Business, last: &ListedCall) -> String {
        let address = self.address(business, self.fields.text("show"));
        let join = if address.contains('?') { '&' } else { '?' };
        format!("{address}{join}before={}.{}", last.started.as_second(), last.id)
    }

    fn segments(&self, business: &Business, live: usize) -> Vec<Segment> {
        let live = if live == 0 { "On the line".to_owned() } else { format!("On the line ({live})") };
        let segment = |value: &str, label: String| Segment {
            label,
            href: self.address(business, value),
            here: self.fields.text("show") == value,
        };
        vec![segment("", "All".to_owned()), segment("live", live), segment("attention", "Needs a person".to_owned())]
    }
}

/// The digits of what may be a number, without the brackets, spaces and zeros that stand before it nationally.
pub(in crate::web::pages) fn digits(text: &str) -> Option<Pattern> {
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ' ');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    (text.chars().all(allowed) && digits.len() >= ENOUGH_DIGITS).then(|| Pattern::of(digits)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_looked_for_however_it_is_written() {
        assert_eq!(digits("(212) 555-0187"), Pattern::of("2125550187"));
        assert_eq!(digits("0176 123"), Pattern::of("176123"));
        assert_eq!(digits("+1 212"), Pattern::of("1212"));
        assert_eq!((digits("12"), digits("room 2125"), digits("")), (None, None, None));
    }
}
