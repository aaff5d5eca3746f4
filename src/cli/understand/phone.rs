//! `--phone`: the telephone number in a text, written or as a recogniser writes spoken words.

use serde::{Deserialize, Serialize};

use crate::domain::{
    phone::PhoneNumber,
    understand::{FoundNumber, phone_number},
};

#[derive(Debug, Deserialize)]
pub(super) struct Question {
    id: String,
    text: String,
    /// The business's country (ISO 3166, "US"), for numbers without a country code.
    region: String,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Answer {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    e164: Option<PhoneNumber>,
    /// Digits to dial after the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    extension: Option<String>,
    /// Another reading of the same words is a number as well, or more was said than the number.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    uncertain: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    none: bool,
}

pub(super) fn answer(question: Question) -> Answer {
    match phone_number(&question.text, &question.region) {
        Some(FoundNumber { number, extension, uncertain }) => {
            Answer { id: question.id, e164: Some(number), extension, uncertain, none: false }
        }
        None => Answer { id: question.id, none: true, ..Answer::default() },
    }
}
