//! `--sentence`: what a sentence does and what it carries, with the places in the text. docs/UNDERSTANDING.md names every field.

use std::{ops::Range, sync::LazyLock};

use serde::{Deserialize, Serialize};

use crate::domain::{
    business::Business,
    understand::{self, Aspect, Choice, Confidence, Expecting, Intent, Match, Meaning, Slot, SpokenNumber, StaffWish},
};

/// The salon of the demo: what is on offer when the question names no business.
static DEMO: LazyLock<Business> = LazyLock::new(|| {
    let document = include_str!("../../../fixtures/demo_business.json");
    serde_json::from_str(document).expect("the demo's business is well formed")
});

#[derive(Debug, Deserialize)]
pub(super) struct Question {
    id: String,
    text: String,
    #[serde(default)]
    business: Option<Box<Business>>,
    #[serde(default)]
    expecting: Asked,
}

/// What was asked before, as JSON has it: `"yes_no"`, `{"choice": 3}`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    #[default]
    Anything,
    Service,
    Staff,
    When,
    Choice(usize),
    Name,
    Phone,
    People,
    YesNo,
    Message,
}

#[derive(Debug, Serialize)]
pub(super) struct Answer {
    id: String,
    intents: Vec<&'static str>,
    /// Which of the owner's answers are asked for, counted from zero.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'static str>,
    slots: Vec<SlotFound>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    correction: bool,
}

#[derive(Debug, Serialize)]
struct SlotFound {
    slot: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    /// The words as they were said; absent when the question before says what is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// From and to, in Unicode scalar values (what Python counts in a `str`).
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<[usize; 2]>,
    confidence: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Value {
    One(String),
    /// Equally meant: the caller has to be asked.
    Several(Vec<String>),
    Count(u16),
}

pub(super) fn answer(question: Question) -> Answer {
    let business = question.business.as_deref().unwrap_or(&DEMO);
    let meaning = understand::understand(&question.text, business, question.expecting.into());
    let facts = meaning.intents.iter().filter_map(|intent| match intent {
        Intent::AskFact(fact) => Some(*fact),
        _ => None,
    });
    Answer {
        id: question.id,
        facts: facts.collect(),
        intents: meaning.intents.iter().copied().map(intent).collect(),
        answer: meaning.answer.map(|answer| match answer {
            understand::Answer::Yes => "yes",
            understand::Answer::No => "no",
        }),
        choice: meaning.choice.map(choice),
        about: meaning.about.map(aspect),
        slots: slots(&question.text, &meaning, business),
        correction: meaning.correction,
    }
}

impl From<Asked> for Expecting {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Anything => Self::Anything,
            Asked::Service => Self::Service,
            Asked::Staff => Self::Staff,
            Asked::When => Self::When,
            Asked::Choice(offered) => Self::Choice(offered),
            Asked::Name => Self::Name,
            Asked::Phone => Self::Phone,
            Asked::People => Self::People,
            Asked::YesNo => Self::YesNo,
            Asked::Message => Self::Message,
        }
    }
}

fn slots(text: &str, meaning: &Meaning, business: &Business) -> Vec<SlotFound> {
    let mut slots: Vec<SlotFound> = meaning
        .found
        .iter()
        .map(|found| SlotFound {
            slot: slot(found.slot),
            value: value(found.slot, meaning, business),
            text: meaning.text.get(found.span.clone()).map(str::to_owned),
            span: Some(scalars(text, &meaning.text, &found.span)),
            confidence: confidence(found.confidence),
        })
        .collect();
    // What the line or the question before says has no words of its own.
    let unsaid = [(Slot::Phone, meaning.phone.is_some()), (Slot::Staff, meaning.staff.is_some())];
    for (which, understood) in unsaid {
        if understood && !meaning.found.iter().any(|found| found.slot == which) {
            let value = value(which, meaning, business);
            slots.push(SlotFound { slot: slot(which), value, text: None, span: None, confidence: "sure" });
        }
    }
    slots
}

/// Bytes of the trimmed text as characters of the text that was asked about.
fn scalars(text: &str, trimmed: &str, span: &Range<usize>) -> [usize; 2] {
    let lead = text.chars().count() - text.trim_start().chars().count();
    let count = |bytes: usize| lead + trimmed.get(..bytes).map_or(0, |before| before.chars().count());
    [count(span.start), count(span.end)]
}

fn value(slot: Slot, meaning: &Meaning, business: &Business) -> Option<Value> {
    match slot {
        Slot::Service => match meaning.service.as_ref()? {
            Match::One(id) => business.service(*id).map(|service| Value::One(service.name.clone())),
            Match::Several(ids) => {
                let names = ids.iter().filter_map(|id| business.service(*id)).map(|service| service.name.clone());
                Some(Value::Several(names.collect()))
            }
            Match::Unknown(_) => None,
        },
        Slot::Staff => match meaning.staff.as_ref()? {
            StaffWish::NoPreference => Some(Value::One("anyone".to_owned())),
            StaffWish::Named(Match::One(id)) => business.member(*id).map(|member| Value::One(member.name.clone())),
            StaffWish::Named(Match::Several(ids)) => {
                let names = ids.iter().filter_map(|id| business.member(*id)).map(|member| member.name.clone());
                Some(Value::Several(names.collect()))
            }
            StaffWish::Named(Match::Unknown(_)) => None,
        },
        Slot::Name => meaning.name.clone().map(Value::One),
        Slot::Phone => meaning.phone.as_ref().map(|phone| {
            Value::One(match phone {
                SpokenNumber::Whole(number) => number.to_string(),
                SpokenNumber::Piece(digits) => digits.clone(),
                SpokenNumber::ThisOne => "this_one".to_owned(),
            })
        }),
        Slot::Email => meaning.email.as_ref().map(|email| Value::One(email.address.as_str().to_owned())),
        Slot::People => meaning.people.map(Value::Count),
        Slot::Note => meaning.note.clone().map(Value::One),
        // What a day and a time come to depends on the clock: `--time` says it.
        Slot::Date | Slot::Time => None,
    }
}

fn slot(slot: Slot) -> &'static str {
    match slot {
        Slot::Service => "service",
        Slot::Staff => "staff",
        Slot::Date => "date",
        Slot::Time => "time",
        Slot::Name => "name",
        Slot::Phone => "phone",
        Slot::Email => "email",
        Slot::People => "people",
        Slot::Note => "note",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Sure => "sure",
        Confidence::Likely => "likely",
        Confidence::Doubtful => "doubtful",
    }
}

fn intent(intent: Intent) -> &'static str {
    match intent {
        Intent::Book => "book",
        Intent::Move => "move",
        Intent::Cancel => "cancel",
        Intent::WhenIsMine => "ask_when_mine",
        Intent::AskTimes => "ask_times",
        Intent::AskHours => "ask_hours",
        Intent::AskPrice => "ask_price",
        Intent::AskAddress => "ask_address",
        Intent::AskServices => "ask_services",
        Intent::AskFact(_) => "ask_fact",
        Intent::AskOther => "ask_other",
        Intent::AskWhoYouAre => "ask_who_you_are",
        Intent::Person => "person",
        Intent::LeaveMessage => "leave_message",
        Intent::Repeat => "repeat",
        Intent::NeverMind => "never_mind",
        Intent::Greeting => "greeting",
        Intent::Thanks => "thanks",
        Intent::Goodbye => "goodbye",
        Intent::RunningLate => "running_late",
        Intent::WrongNumber => "wrong_number",
        Intent::Emergency => "emergency",
        Intent::Sensitive => "sensitive",
        Intent::Privacy => "privacy",
        Intent::Abuse => "abuse",
    }
}

fn choice(choice: Choice) -> String {
    match choice {
        Choice::Nth(n) => format!("{}", n + 1),
        Choice::Last => "last".to_owned(),
        Choice::Earlier => "earlier".to_owned(),
        Choice::Later => "later".to_owned(),
        Choice::Described => "described".to_owned(),
        Choice::Any => "any".to_owned(),
        Choice::Neither => "neither".to_owned(),
    }
}

fn aspect(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Time => "time",
        Aspect::Service => "service",
        Aspect::Staff => "staff",
        Aspect::Name => "name",
        Aspect::Phone => "phone",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn ask(question: Value) -> Value {
        serde_json::to_value(answer(serde_json::from_value(question).unwrap())).unwrap()
    }

    #[test]
    fn everything_that_was_said_stands_in_the_answer_with_its_place() {
        let text = "  Für Ágnes: a haircut with Jim for me and my son, I'm allergic to bleach";
        let said = ask(json!({"id": "1", "text": text}));
        for slot in said["slots"].as_array().unwrap() {
            let [from, to] = [0, 1].map(|n| usize::try_from(slot["span"][n].as_u64().unwrap()).unwrap());
            let words: String = text.chars().skip(from).take(to - from).collect();
            assert_eq!(slot["text"], json!(words));
        }
        let slot = |name: &str| said["slots"].as_array().unwrap().iter().find(|slot| slot["slot"] == name).cloned();
        assert_eq!(slot("service").unwrap()["value"], "Haircut");
        assert_eq!(slot("staff").unwrap()["value"], "James");
        assert_eq!(slot("people").unwrap()["value"], 2);
        assert_eq!(slot("note").unwrap()["value"], "I'm allergic to bleach");
    }

    #[test]
    fn the_question_before_decides_what_a_short_answer_is() {
        let said = ask(json!({"id": "1", "text": "the second one", "expecting": {"choice": 3}}));
        assert_eq!(said["choice"], "2");
        let said = ask(json!({"id": "2", "text": "uh huh", "expecting": "yes_no"}));
        assert_eq!(said, json!({"id": "2", "intents": [], "answer": "yes", "slots": []}));
        let said = ask(json!({"id": "3", "text": "this number is fine", "expecting": "phone"}));
        assert_eq!(said["slots"][0]["value"], "this_one");
    }
}
