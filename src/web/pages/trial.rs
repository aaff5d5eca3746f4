//! Calling the receptionist from the settings, on what is saved or on what is not saved yet.
//!
//! A form's "Try it first" keeps what was typed as a draft for two hours and leads here; the business stays as it is. The
//! call itself is like any other (`talk/trial.rs`): it books for real, and stands among the calls.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method},
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    access::{Access, Staff},
    doors::{Doors, Need},
    edit::{NotSaved, Part},
    fault::Fault,
    form::{Fields, Form},
    frame::{Frame, Here, shown},
};
use crate::{
    domain::{business::Business, ids::DraftId},
    store::drafts::Draft,
    web::{page::CallPieces, patience::in_time, state::AppState, talk},
};

/// In place of a draft's id: the business as it is saved.
const SAVED: &str = "saved";

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, "/b/{business}/try", Need::Staff, saved).at(
        Method::GET,
        "/b/{business}/try/{draft}",
        Need::Staff,
        draft,
    )
}

/// A business as it is tried.
pub(in crate::web) struct Tried {
    pub(in crate::web) business: Business,
    /// The form that the draft came from, in words; nothing when it is saved.
    form: Option<String>,
}

impl Tried {
    /// What a path names: "saved", or a draft of the business that is not too old.
    pub(in crate::web) async fn find(state: &AppState, access: &Access, name: &str) -> Result<Self, Fault> {
        if name == SAVED {
            return Ok(Self { business: access.business.clone(), form: None });
        }
        let id: DraftId = name.parse().map_err(|_| Fault::NotFound)?;
        let draft = state.store.draft(access.business.id, id, state.clock.now());
        let draft = in_time("reading a draft", draft).await?.ok_or(Fault::NotFound)?;
        Ok(Self { business: draft.business, form: Some(in_words(&draft.part)) })
    }
}

/// "Receptionist" of "settings.receptionist".
fn in_words(part: &str) -> String {
    let name = part.rsplit('.').next().unwrap_or(part);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Answers a form's "Try it first": leads to a call on what was typed, which is saved nowhere else.
///
/// # Errors
/// What was typed cannot be a business's settings: the form, to be shown again as after a save that was refused.
pub(in crate::web) async fn start<P: Part>(
    state: &AppState,
    access: &Access,
    part: &P,
    typed: Fields,
) -> Result<Response, NotSaved> {
    let mut business = access.business.clone();
    let wrong = match part.apply(&typed, &mut business) {
        Ok(()) => business.mistakes(),
        Err(wrong) => wrong,
    };
    if !wrong.is_empty() {
        return Err(NotSaved::Form(Form::refused(typed, wrong)));
    }
    let id = DraftId(state.clock.new_id());
    let path = format!("/b/{}/try/{id}", business.id);
    let draft = Draft { id, user: access.user.id, part: P::DEED.to_owned(), business };
    in_time("keeping a draft", state.store.keep_draft(&draft, state.clock.now())).await?;
    Ok(Redirect::to(&path).into_response())
}

#[derive(Template)]
#[template(path = "pages/trial.html")]
struct Page {
    frame: Frame,
    /// Where to ring.
    line: String,
    name: String,
    form: Option<String>,
    suspended: bool,
    /// Text messages go out from here.
    texts: bool,
    examples: Vec<String>,
    call: CallPieces,
}

async fn saved(Staff(access): Staff, State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Fault> {
    show(&state, &access, &headers, SAVED).await
}

async fn draft(
    Staff(access): Staff,
    State(state): State<AppState>,
    Path((_, draft)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    show(&state, &access, &headers, &draft).await
}

async fn show(state: &AppState, access: &Access, headers: &HeaderMap, name: &str) -> Result<Response, Fault> {
    let Tried { business, form } = Tried::find(state, access, name).await?;
    let now = state.clock.now().to_zoned(business.zone.tz().clone());
    let page = Page {
        frame: Frame::of(access, headers, Here::Settings, "Call it now"),
        line: format!("/b/{}/try/{name}/line", business.id),
        name: business.name.clone(),
        form,
        suspended: business.suspended,
        texts: state.config.text_sender().is_some(),
        examples: talk::examples(&business, &now),
        call: CallPieces::of(state),
    };
    shown(&page)
}
