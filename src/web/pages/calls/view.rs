//! How a call and what is said in it are put for a page.

use super::turn::{TurnView, told};
use crate::{
    domain::{
        business::Business,
        call::{Line, Outcome, Speaker, WhyNot},
        report::Report,
        turn::{Known, Turn},
    },
    web::pages::say::Say,
};

/// More of one utterance is not shown in a page that is watched; nobody says as much.
const LONGEST: usize = 4_000;

/// A word about what came of it, and its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web::pages) struct Badge {
    pub(in crate::web::pages) text: &'static str,
    /// "good", "warn", "bad", "info" or nothing.
    pub(in crate::web::pages) tone: &'static str,
}

/// How a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Live,
    Over,
    /// Neither: it rang and nobody came, or its connection broke.
    BrokenOff,
}

pub(super) fn badge(outcome: Outcome, standing: Standing) -> Badge {
    let (text, tone) = match (standing, outcome) {
        (_, Outcome::Booked) => ("Booked", "good"),
        (_, Outcome::Moved) => ("Moved", "good"),
        (_, Outcome::Cancelled) => ("Cancelled", "warn"),
        (_, Outcome::Transferred) => ("Put through", "info"),
        (_, Outcome::Message) => ("Message", "info"),
        (Standing::Live, _) => ("On the line", "good"),
        (Standing::BrokenOff, _) => ("Broken off", "warn"),
        (Standing::Over, Outcome::Answered) => ("Answered", ""),
        (Standing::Over, Outcome::None) => ("Nothing booked", ""),
    };
    Badge { text, tone }
}

/// What a call was about, in a line: the summary, else why nothing was booked.
pub(super) fn about(report: Option<&Report>, why_not: Option<WhyNot>) -> String {
    let summary = report.and_then(|report| report.summary.as_ref());
    let words = summary.map(|summary| if summary.summary.is_empty() { &summary.reason } else { &summary.summary });
    match (words.filter(|words| !words.is_empty()), why_not) {
        (Some(words), _) => words.clone(),
        (None, Some(why)) => format!("Nothing was booked: {}.", why.told()),
        (None, None) => String::new(),
    }
}

/// One utterance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LineView {
    pub(super) n: i32,
    pub(super) ours: bool,
    pub(super) time: String,
    pub(super) text: String,
    pub(super) cut: bool,
    /// What happened at the turn that begins with it.
    pub(super) turn: Option<TurnView>,
}

impl LineView {
    fn of(n: i32, line: &Line, turn: Option<TurnView>, say: &Say) -> Self {
        Self {
            n,
            ours: line.speaker == Speaker::Agent,
            time: say.time(line.at),
            text: line.text.chars().take(LONGEST).collect(),
            cut: line.cut,
            turn,
        }
    }
}

/// A transcript with its turns.
pub(super) fn transcript(lines: &[(i32, Line)], turns: &[(i32, Turn)], say: &Say) -> Vec<LineView> {
    let nothing = Known::default();
    let turn = |n: i32| {
        let at = turns.iter().position(|(at, _)| *at == n)?;
        let before = at.checked_sub(1).map_or(&nothing, |before| &turns[before].1.known);
        Some(told(&turns[at].1, before, say))
    };
    lines.iter().map(|(n, line)| LineView::of(*n, line, turn(*n), say)).collect()
}

/// The name, if one is known, else the number, else that there is none; and the number beside a name.
pub(super) fn who(
    name: Option<&str>,
    number: Option<&crate::domain::phone::PhoneNumber>,
    say: &Say,
) -> (String, String) {
    let number = number.map(|number| say.phone(number));
    match (name, number) {
        (Some(name), number) => (name.to_owned(), number.unwrap_or_default()),
        (None, Some(number)) => (number, String::new()),
        (None, None) => ("Number withheld".to_owned(), String::new()),
    }
}

/// "0.4 s"; what nobody notices is "at once".
pub(super) fn seconds(millis: u32) -> String {
    if millis < 100 {
        return "at once".to_owned();
    }
    format!("{}.{} s", millis / 1_000, millis % 1_000 / 100)
}

/// A number as it is read back ("2 1 2, 5 5 5, 0 1 8 7"), as it is written.
pub(super) fn written(spoken: &str) -> String {
    spoken.split(", ").map(|group| group.replace(' ', "")).collect::<Vec<_>>().join(" ").replace("plus", "+")
}

/// Whom calls are put through to, as it is typed.
pub(super) fn own_number(business: &Business) -> String {
    business.transfer_to.as_ref().map(ToString::to_string).unwrap_or_default()
}
