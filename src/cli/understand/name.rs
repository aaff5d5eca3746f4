//! `--name`: the full name from a recogniser's alternatives, of what was said and of what was spelled.

use serde::{Deserialize, Serialize};

use crate::domain::understand::names::{FullName, full_name_of};

#[derive(Debug, Deserialize)]
pub(super) struct Question {
    id: String,
    #[serde(default)]
    nbest: Heard,
    #[serde(default)]
    spelled: Heard,
}

/// One text, the alternatives of one attempt, or several attempts.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Heard {
    #[default]
    Nothing,
    Text(String),
    Alternatives(Vec<String>),
    Attempts(Vec<Vec<String>>),
}

impl Heard {
    fn attempts(&self) -> Vec<Vec<&str>> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Text(text) => vec![vec![text.as_str()]],
            Self::Alternatives(texts) => vec![texts.iter().map(String::as_str).collect()],
            Self::Attempts(attempts) => {
                attempts.iter().map(|texts| texts.iter().map(String::as_str).collect()).collect()
            }
        }
    }
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Answer {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    none: bool,
}

pub(super) fn answer(question: Question) -> Answer {
    let (said, spelled) = (question.nbest.attempts(), question.spelled.attempts());
    match full_name_of(&slices(&said), &slices(&spelled)) {
        Some(FullName { first, last, confidence }) => {
            Answer { id: question.id, first, last, confidence: Some(confidence), none: false }
        }
        None => Answer { id: question.id, none: true, ..Answer::default() },
    }
}

fn slices<'t>(attempts: &'t [Vec<&'t str>]) -> Vec<&'t [&'t str]> {
    attempts.iter().map(Vec::as_slice).collect()
}
