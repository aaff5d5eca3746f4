//! What somebody else has asked in their own words: a model puts the machine's questions as it likes.

use crate::domain::dialogue::{Asked, texts::pieces::asked_among};

/// Tried in this order: each needs one of the phrases.
const QUESTIONS: &[(Asked, &[&str])] = &[
    (Asked::AnythingElse, &["anything else", "something else i can", "else i can", "else can i"]),
    (Asked::Spelling, &["spell"]),
    (
        Asked::ReadBack,
        &[
            "shall i book",
            "should i book",
            "want me to book",
            "like me to book",
            "can i book",
            "go ahead and book",
            "shall i confirm",
            "should i confirm",
            "is that right",
            "is that correct",
            "does that sound right",
        ],
    ),
    (Asked::CancelIt, &["shall i cancel", "should i cancel", "want me to cancel", "like me to cancel"]),
    (
        Asked::Message,
        &[
            "should i tell them",
            "should i pass on",
            "what message",
            "what would you like me to tell",
            "what should i write",
            "what would you like me to pass",
        ],
    ),
    (Asked::OfferMessage, &["take a message", "leave a message", "pass that on", "call you back", "pass on a message"]),
    (Asked::Phone, &["number", "phone", "reach you"]),
    (
        Asked::Name,
        &[
            "your name",
            "name is it",
            "name is the",
            "name, please",
            "what name",
            "which name",
            "whose name",
            "full name",
            "first name",
            "last name",
            "the name",
            "who am i speaking",
            "who's calling",
            "a name",
        ],
    ),
    (
        Asked::Which,
        &[
            "which one",
            "which of",
            "which suits",
            "which would",
            "which works",
            "either of",
            "any of those",
            "one of those",
            "those work",
            "that work",
            "this work",
            "that suit",
            "works for you",
            "work for you",
            "suit you",
            "work better",
            "works better",
            "works best",
            "do you prefer",
            "would you prefer",
            "you like that",
            "like that one",
            "like to take",
        ],
    ),
    (Asked::When, &["when ", "what time", "which time", "what day", "which day", "what date", "which date"]),
    (
        Asked::Staff,
        &[
            "with whom",
            "who would you",
            "anyone in particular",
            "anybody in particular",
            "with anyone",
            "with anybody",
            "any preference",
            "a preference",
        ],
    ),
    (
        Asked::Service,
        &[
            "which service",
            "what service",
            "what kind of appointment",
            "what would you like to book",
            "what would you like to have done",
            "what would you like done",
            "what are you looking",
            "what can i book",
        ],
    ),
    (Asked::Help, &["how can i help", "how may i help", "what can i do for you", "how can i assist"]),
];

pub(super) fn asked_for(question: &str) -> Option<Asked> {
    asked_among(question, QUESTIONS)
}
