//! The audit log: who did what, when.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Method},
    response::Response,
};
use serde::Deserialize;

use super::words;
use crate::{
    domain::ids::DeedId,
    store::audit::{Deed, Wanted},
    web::{
        pages::{
            access::Owner,
            doors::{Doors, Need},
            fault::Fault,
            form::{Fields, Form},
            frame::{Frame, Here, shown},
            say::Say,
        },
        patience::in_time,
        state::AppState,
    },
};

const PER_PAGE: u32 = 50;

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/b/{business}/audit", Need::Owner, show)
}

/// Which lines. What is not understood is not asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    who: String,
    kind: String,
    /// The last line of the page before.
    before: String,
}

#[derive(Template)]
#[template(path = "pages/team/audit.html")]
struct AuditPage {
    frame: Frame,
    tab: &'static str,
    form: Form,
    people: Vec<(String, String)>,
    kinds: Vec<(&'static str, &'static str)>,
    lines: Vec<Line>,
    filtered: bool,
    later: bool,
    /// The query of the next page.
    older: Option<String>,
}

/// A line of the log, as it is read.
struct Line {
    when: String,
    who: String,
    what: Option<&'static str>,
    word: String,
    detail: String,
}

async fn show(
    State(state): State<AppState>,
    Owner(access): Owner,
    headers: HeaderMap,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Fault> {
    let Query(asked) = asked.map_err(|_| Fault::Bad("the query cannot be read"))?;
    // A cursor that this page did not give out is nobody's: 400, as the API has it.
    let before = match asked.before.as_str() {
        "" => None,
        text => Some(text.parse::<DeedId>().map_err(|_| Fault::Bad("a forged cursor"))?),
    };
    let id = access.business.id;
    let kind = words::kind(&asked.kind);
    let wanted = Wanted { actor: Some(asked.who.clone()).filter(|who| !who.is_empty()), kind: kind.map(str::to_owned) };
    let read = state.store.deeds_of(id, &wanted, before, PER_PAGE + 1);
    let mut deeds = in_time("reading the audit log", read).await?;
    let actors = in_time("reading the audit log", state.store.actors(id)).await?;
    let more = deeds.len() > PER_PAGE as usize;
    deeds.truncate(PER_PAGE as usize);
    let older = deeds.last().filter(|_| more).map(|last| {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("who", &asked.who)
            .append_pair("kind", kind.unwrap_or_default())
            .append_pair("before", &last.id.to_string())
            .finish()
    });
    let say = Say::of(&access.business, state.clock.now());
    let people = std::iter::once((String::new(), "Everybody".to_owned()))
        .chain(actors.into_iter().map(|name| (name.clone(), name)))
        .collect();
    shown(&AuditPage {
        frame: Frame::of(&access, &headers, Here::Settings, "Audit log"),
        tab: "audit",
        form: Form::of(Fields::default().and("who", &asked.who).and("kind", kind.unwrap_or_default())),
        people,
        kinds: std::iter::once(("", "Everything")).chain(words::KINDS.iter().copied()).collect(),
        lines: deeds.into_iter().map(|deed| Line::of(deed, &say)).collect(),
        filtered: wanted != Wanted::default(),
        later: before.is_some(),
        older,
    })
}

impl Line {
    fn of(deed: Deed, say: &Say) -> Self {
        Self {
            when: say.when(deed.at),
            what: words::sentence(&deed.deed),
            who: deed.actor,
            word: deed.deed,
            detail: deed.detail,
        }
    }
}
