//! What callers left for the business, and seeing to it.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

use super::NoteView;
use crate::{
    domain::ids::MessageId,
    store::{notes::NoteFilter, search::Pattern},
    web::{
        pages::{
            access::{Access, Staff},
            calls::{Named, list::digits, query},
            fault::Fault,
            form::{Fields, Form},
            frame::{Frame, Here, root, shown},
            notice::{Notice, then},
            say::{Say, counted},
        },
        patience::in_time,
        state::AppState,
    },
};

const ON_A_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "pages/messages/received.html")]
struct Received {
    frame: Frame,
    form: Form,
    segments: Vec<(String, String, bool)>,
    notes: Vec<NoteView>,
    older: Option<String>,
    filtered: bool,
    open: String,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Staff(access): Staff,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let business = &access.business;
    let fields = Fields::parse(asked.as_deref().unwrap_or_default().as_bytes());
    let which = fields.text("show").to_owned();
    let filter = NoteFilter {
        done: match which.as_str() {
            "done" => Some(true),
            "all" => None,
            _ => Some(false),
        },
        search: Pattern::of(fields.text("q")),
        digits: digits(fields.text("q")),
    };
    let before: Option<MessageId> = fields.text("before").parse().ok();
    let listed = state.store.listed_notes(business.id, &filter, before, ON_A_PAGE + 1);
    let mut notes = in_time("listing messages", listed).await?;
    let open = in_time("counting messages", state.store.open_notes(business.id)).await?;
    let address = |show: &str, before: &str| {
        let query = query(&[("show", &show), ("q", &fields.text("q")), ("before", &before)]);
        let question = if query.is_empty() { "" } else { "?" };
        format!("{}/messages{question}{query}", root(business))
    };
    let more = notes.len() > ON_A_PAGE as usize;
    notes.truncate(ON_A_PAGE as usize);
    let older = notes.last().filter(|_| more).map(|last| address(&which, &last.id.to_string()));
    let say = Say::of(business, state.clock.now());
    let open = u64::try_from(open).unwrap_or_default();
    let segment = |value: &str, label: &str| (label.to_owned(), address(value, ""), value == which);
    let page = Received {
        frame: Frame::of(&access, &headers, Here::Messages, "Messages"),
        segments: vec![segment("", "To do"), segment("done", "Done"), segment("all", "All")],
        filtered: !fields.text("q").is_empty() || !which.is_empty(),
        open: if open == 0 { String::new() } else { counted(open, "message to see to", "messages to see to") },
        notes: notes.into_iter().map(|note| NoteView::of(note, business, &say)).collect(),
        older,
        form: Form::of(fields),
    };
    shown(&page)
}

pub(super) async fn done(
    State(state): State<AppState>,
    Staff(access): Staff,
    Named(id): Named<MessageId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    mark(&state, &access, id, true, &headers).await
}

pub(super) async fn open(
    State(state): State<AppState>,
    Staff(access): Staff,
    Named(id): Named<MessageId>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    mark(&state, &access, id, false, &headers).await
}

async fn mark(
    state: &AppState,
    access: &Access,
    id: MessageId,
    done: bool,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let business = access.business.id;
    let deed = access.deed(state, if done { "note.done" } else { "note.undone" }, id, "");
    let at = done.then(|| state.clock.now());
    let marked = in_time("marking a message", state.store.note_done(business, id, at, &deed)).await?;
    if !marked && !in_time("reading a message", state.store.has_note(business, id)).await? {
        return Err(Fault::NotFound);
    }
    let notes = format!("{}/messages/notes/{id}", root(&access.business));
    let notice = if done {
        Notice::good("Marked as done.").undone_at(format!("{notes}/open"))
    } else {
        Notice::good("It is to do again.")
    };
    Ok(then(&back(headers, &access.business), &notice))
}

/// Where somebody came from, if that was a page of this business: its messages, or a call.
fn back(headers: &HeaderMap, business: &crate::domain::business::Business) -> String {
    let root = root(business);
    let from = headers.get(axum::http::header::REFERER).and_then(|from| from.to_str().ok());
    let path = from.and_then(|from| from.find(&root).and_then(|at| from.get(at..)));
    let ours = |path: &&str| {
        let rest = path.strip_prefix(root.as_str()).unwrap_or_default();
        rest.starts_with("/messages") || rest.starts_with("/calls/") || rest.is_empty()
    };
    path.filter(ours).map_or_else(|| format!("{root}/messages"), str::to_owned)
}
