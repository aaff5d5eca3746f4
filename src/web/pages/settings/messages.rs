//! What is texted to customers: the owner's own words, how they will look, and what they cost.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use serde::Deserialize;

use crate::{
    domain::{
        business::{Business, Mistake},
        letters::{self, PLACES, Sample, Template as Letter},
    },
    web::{
        pages::{
            access::{Access, Owner},
            doors::{Doors, Need},
            edit::{self, NotSaved, Part},
            fault::Fault,
            form::{Fields, Form, wrong},
            frame::{Frame, Here, shown, shown_as},
            notice::{Notice, then},
        },
        state::AppState,
    },
};

const PATH: &str = "/b/{business}/settings/messages";

pub(super) fn doors(doors: Doors) -> Doors {
    doors.at(Method::GET, PATH, Need::Owner, show).at(Method::POST, PATH, Need::Owner, save).at(
        Method::POST,
        "/b/{business}/settings/messages/preview",
        Need::Owner,
        preview,
    )
}

/// Whose words are edited.
#[derive(Deserialize)]
struct Which {
    lang: Option<String>,
}

impl Which {
    /// One of those that the business's messages may go out in.
    fn language(self, business: &Business) -> String {
        let mut all = letters::languages(business).into_iter();
        let asked = self.lang.unwrap_or_default();
        let first = all.next().unwrap_or_default();
        if asked == first { first } else { all.find(|language| *language == asked).unwrap_or(first) }
    }
}

type Asked = Result<Query<Which>, axum::extract::rejection::QueryRejection>;

fn asked(asked: Asked, business: &Business) -> String {
    asked.map_or(Which { lang: None }, |Query(which)| which).language(business)
}

/// The words of one language.
struct Words {
    language: String,
}

impl Part for Words {
    const DEED: &'static str = "settings.messages";

    fn fields(&self, business: &Business) -> Fields {
        let own = business.texts.get(&self.language).cloned().unwrap_or_default();
        let add = |fields: Fields, letter: Letter| fields.and(letter.as_str(), own.of(letter));
        Letter::ALL.into_iter().fold(Fields::default(), add)
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let mut own = letters::OwnWords::default();
        let mut found = Vec::new();
        for letter in Letter::ALL {
            let words = one_line(typed.text(letter.as_str()));
            if words.is_empty()
                || [true, false].iter().any(|link| words == letters::built_in(letter, &self.language, *link))
            {
                continue;
            }
            if let Some(why) = letters::mistake(&words, letter, &self.language, business) {
                found.push(wrong(letter.as_str(), why));
            }
            own.set(letter, words);
        }
        if own.is_empty() {
            business.texts.remove(&self.language);
        } else {
            business.texts.insert(self.language.clone(), own);
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

/// A text message has no lines; whoever presses Enter means a space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A message and how it looks.
struct Shown {
    name: &'static str,
    title: &'static str,
    when: &'static str,
    ours: String,
    seen: Seen,
}

#[derive(Template)]
#[template(path = "pages/settings/message_seen.html")]
struct Seen {
    text: String,
    segments: usize,
    length: usize,
    room: usize,
    /// Letters that make it twice as dear.
    dear: String,
    wrong: Option<String>,
    /// It is not the owner's but ours.
    ours: bool,
}

impl Seen {
    fn of(state: &AppState, business: &Business, letter: Letter, language: &str, words: &str) -> Self {
        let words = one_line(words);
        let text = Sample::usual(business, state.links.home(), state.links.example()).text_in(&words, letter, language);
        let size = letters::size(&text);
        let wrong = if words.is_empty() { None } else { letters::mistake(&words, letter, language, business) };
        let dear = letters::dear(&text).into_iter().take(8).map(String::from).collect::<Vec<_>>().join(" ");
        let (segments, length, room) = (size.segments, size.length, size.room);
        Self { text, segments, length, room, dear, wrong, ours: words.is_empty() }
    }
}

fn told(letter: Letter) -> (&'static str, &'static str) {
    match letter {
        Letter::Booked => ("Booked", "Right after an appointment was made, by phone or on your public page."),
        Letter::Moved => ("Moved", "When it was moved, by the customer or by you."),
        Letter::Cancelled => ("Cancelled", "When it was cancelled, by the customer or by you."),
        Letter::Requested => {
            ("Requested", "Only while your calendar cannot be read, if your rules say that you want to look first.")
        }
    }
}

#[derive(Template)]
#[template(path = "pages/settings/messages.html")]
struct Page {
    frame: Frame,
    tab: &'static str,
    form: Form,
    language: String,
    /// Each with its name.
    languages: Vec<(String, &'static str)>,
    letters: Vec<Shown>,
    places: &'static [(&'static str, &'static str)],
    /// What they come from; nothing: this server sends none.
    sender: Option<String>,
    missing: Vec<(&'static str, &'static str)>,
    /// Customers can open links to this server.
    has_links: bool,
    number: bool,
}

impl Page {
    fn of(state: &AppState, access: &Access, headers: &HeaderMap, language: &str, form: Form) -> Self {
        let business = &access.business;
        let links = state.links.example().is_some();
        let letter = |letter: Letter| {
            let (title, when) = told(letter);
            let seen = Seen::of(state, business, letter, language, form.value(letter.as_str()));
            Shown { name: letter.as_str(), title, when, ours: letters::built_in(letter, language, links), seen }
        };
        Self {
            frame: Frame::of(access, headers, Here::Settings, "Messages"),
            tab: "messages",
            language: language.to_owned(),
            languages: letters::languages(business).into_iter().map(|tag| (tag.clone(), name(&tag))).collect(),
            letters: Letter::ALL.into_iter().map(letter).collect(),
            places: &PLACES,
            sender: state.config.text_sender(),
            missing: state.config.missing_for_texts(),
            has_links: links,
            number: !business.numbers.is_empty() || business.transfer_to.is_some(),
            form,
        }
    }
}

fn name(language: &str) -> &'static str {
    match language {
        "es" => "Spanish",
        "de" => "German",
        "fr" => "French",
        "it" => "Italian",
        "pt" => "Portuguese",
        "nl" => "Dutch",
        _ => "English",
    }
}

async fn show(
    Owner(access): Owner,
    State(state): State<AppState>,
    which: Asked,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let language = asked(which, &access.business);
    let form = Form::of(Words { language: language.clone() }.fields(&access.business));
    shown(&Page::of(&state, &access, &headers, &language, form))
}

async fn save(
    Owner(access): Owner,
    State(state): State<AppState>,
    which: Asked,
    headers: HeaderMap,
    typed: Fields,
) -> Result<Response, Fault> {
    let language = asked(which, &access.business);
    let part = Words { language: language.clone() };
    match edit::save_as(&state, &access, &part, typed, &language).await {
        Ok(business) => {
            let path = format!("/b/{}/settings/messages?lang={language}", business.id);
            Ok(then(&path, &Notice::good("Saved. The next message goes out in these words.")))
        }
        Err(NotSaved::Form(form)) => {
            let status = if form.is_overtaken() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            shown_as(status, &Page::of(&state, &access, &headers, &language, form))
        }
        Err(NotSaved::Fault(fault)) => Err(fault),
    }
}

/// How one message would look: a piece of the page, while somebody types.
async fn preview(
    Owner(access): Owner,
    State(state): State<AppState>,
    which: Asked,
    typed: Fields,
) -> Result<Response, Fault> {
    let language = asked(which, &access.business);
    // htmx names the field that was typed in; without it, the first that is there.
    let letter = Letter::ALL.into_iter().find(|letter| typed.iter().any(|(name, _)| name == letter.as_str()));
    let letter = letter.ok_or(Fault::Bad("no message"))?;
    shown(&Seen::of(&state, &access.business, letter, &language, typed.text(letter.as_str())))
}
