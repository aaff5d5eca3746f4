//! The receptionist: how it greets and sounds, who answers, what it knows, and what it does when it is at a loss.

mod facts;
mod hours;
mod part;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use crate::{
    domain::{business::Business, disclosure},
    ports::telephony::Speech,
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, NotSaved, Part as _},
            fault::Fault,
            form::{Fields, Form},
            frame::{Frame, Here, shown, shown_as},
            notice::{Notice, then},
            trial,
        },
        state::AppState,
    },
};
use facts::Row;
use hours::DAYS;
use part::{LANGUAGES, Receptionist};

const PATH: &str = "/b/{business}/settings/receptionist";

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, PATH, Need::Owner, show).at(Method::POST, PATH, Need::Owner, save).at(
        Method::POST,
        "/b/{business}/settings/receptionist/heard",
        Need::Owner,
        heard,
    )
}

#[derive(Template)]
#[template(path = "pages/settings/receptionist.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    form: Form,
    /// What callers hear first, as the form stands.
    heard: String,
    suggestions: &'static [disclosure::Suggestion],
    languages: Vec<(String, String)>,
    /// The server's models, by name.
    models: Vec<String>,
    facts: Vec<Row>,
    days: Vec<(&'static str, &'static str)>,
    speech: Option<Speech>,
}

impl Page {
    fn of(state: &AppState, access: &Access, headers: &HeaderMap, form: Form, rows: usize) -> Self {
        let business = &access.business;
        Self {
            frame: Frame::of(access, headers, Here::Settings, "Receptionist"),
            tab: "receptionist",
            heard: first_words(business, &form.fields),
            suggestions: disclosure::suggestions(&business.country),
            languages: languages(business),
            models: models(state),
            facts: facts::rows(&form, rows),
            days: DAYS.to_vec(),
            speech: state.telephony.as_ref().map(|telephony| telephony.speech()),
            form,
        }
    }

    /// For templates: whether a language is one of the others.
    fn speaks(&self, tag: &str) -> bool {
        self.form.fields.has("languages", tag)
    }

    /// For templates: whether a model is among those chosen.
    fn asks(&self, name: &str) -> bool {
        self.form.fields.has("models", name)
    }

    /// For templates.
    fn is(&self, field: &str, value: &str) -> bool {
        self.form.value(field) == value
    }
}

/// Those that are vouched for, and those of the business.
fn languages(business: &Business) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        LANGUAGES.iter().map(|(tag, name)| ((*tag).to_owned(), (*name).to_owned())).collect();
    for tag in std::iter::once(&business.voice.language).chain(&business.voice.languages) {
        if !all.iter().any(|(known, _)| known == tag) {
            all.push((tag.clone(), tag.clone()));
        }
    }
    all
}

fn models(state: &AppState) -> Vec<String> {
    state.receptionists.endpoints().iter().map(|endpoint| endpoint.name.to_string()).collect()
}

/// The first words of a call, as a form has them.
fn first_words(business: &Business, typed: &Fields) -> String {
    let mut tried = business.clone();
    typed.text("greeting").clone_into(&mut tried.voice.greeting);
    typed.text("disclosure").clone_into(&mut tried.voice.disclosure);
    if !typed.text("language").is_empty() {
        typed.text("language").clone_into(&mut tried.voice.language);
    }
    tried.greeting().chars().take(1_000).collect()
}

async fn show(Owner(access): Owner, State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Fault> {
    let form = Form::of(Receptionist::new(models(&state)).fields(&access.business));
    shown(&Page::of(&state, &access, &headers, form, 0))
}

async fn save(
    Owner(access): Owner,
    State(state): State<AppState>,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let part = Receptionist::new(models(&state));
    // Rows come and go without script: the form is shown again with one more, or one less.
    if typed.is_on("add") || !typed.text("remove").is_empty() {
        let more = usize::from(typed.is_on("add"));
        let form = Form { base: typed.text("base").to_owned(), fields: facts::without(typed), ..Form::default() };
        return shown(&Page::of(&state, &access, &headers, form, more));
    }
    let done = if typed.is_on("try") {
        trial::start(&state, &access, &part, typed).await
    } else {
        let path = format!("/b/{}/settings/receptionist", access.business.id);
        let saved = edit::save(&state, &access, &part, typed).await;
        saved.map(|_| then(&path, &Notice::good("Saved. The next call is answered this way.")))
    };
    match done {
        Ok(response) => Ok(response),
        Err(NotSaved::Form(form)) => {
            let status = if form.is_overtaken() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            shown_as(status, &Page::of(&state, &access, &headers, form, 0))
        }
        Err(NotSaved::Fault(fault)) => Err(fault),
    }
}

#[derive(Template)]
#[template(source = "{{ heard }}", ext = "html")]
struct Heard {
    heard: String,
}

/// What callers would hear first: a piece of the page, while somebody types.
async fn heard(Owner(access): Owner, typed: Fields) -> Result<Response, Fault> {
    shown(&Heard { heard: first_words(&access.business, &typed) })
}
