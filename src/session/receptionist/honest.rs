//! Whether a model's record of a call is true, as far as that can be told: it says nothing was done that was not, and holds
//! no number, day or month that stands neither in the facts nor in what was said.
//!
//! What is doubtful counts as untrue: the record from the facts is always there instead.

use std::collections::HashSet;

use serde::Deserialize;

use super::summary::Facts;
use crate::domain::{
    call::{Line, Outcome},
    report::Sentiment,
};

/// What a model is asked to write.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) outcome: Outcome,
    pub(super) reason: String,
    pub(super) summary: String,
    #[serde(default)]
    pub(super) action_items: Vec<String>,
    #[serde(default)]
    pub(super) sentiment: Option<Sentiment>,
}

const LONGEST_REASON: usize = 120;
const LONGEST_SUMMARY: usize = 500;
const LONGEST_ITEM: usize = 200;
const MOST_ITEMS: usize = 5;

/// Words that say something was done, by what it is.
const BOOKED: &[&str] = &["booked", "scheduled", "reserved", "confirmed", "arranged", "made an appointment"];
const MOVED: &[&str] = &["moved", "rescheduled", "changed to", "postponed"];
const CANCELLED: &[&str] = &["cancelled", "canceled", "called off"];
const PASSED: &[&str] = &["message", "passed on", "call back", "callback", "will be called"];
const TRANSFERRED: &[&str] = &["transferred", "put through", "connected to"];
/// Money, medicine and promises are nobody's to record who only answered the telephone.
const PROMISED: &[&str] = &["refund", "discount", "free of charge", "voucher", "gift"];
/// Words by which a sentence says that it was not done, or not yet.
const NOT_SO: &[&str] = &[
    "not",
    "n't",
    "no ",
    "nothing",
    "never",
    "without",
    "unable",
    "could",
    "would",
    "want",
    "wish",
    "tried",
    "hoped",
    "asked",
    "asking",
    "before",
    "instead of",
    "to be ",
    "failed",
    "declined",
    "rather than",
    "already",
    "existing",
];
/// Days and months are checked as numbers are.
const CALENDAR: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "tomorrow",
    "tonight",
];

pub(super) fn is_honest(record: &Record, facts: &Facts, lines: &[Line]) -> bool {
    let fits = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
    if record.outcome != facts.outcome
        || !fits(&record.reason, LONGEST_REASON)
        || !fits(&record.summary, LONGEST_SUMMARY)
        || record.action_items.len() > MOST_ITEMS
        || !record.action_items.iter().all(|item| fits(item, LONGEST_ITEM))
    {
        return false;
    }
    let claims = sentences(&record.summary).chain(sentences(&record.reason)).all(|sentence| is_so(&sentence, facts));
    let known = known(facts, lines);
    let texts = [&record.reason, &record.summary].into_iter().chain(&record.action_items);
    claims && texts.flat_map(|text| checked(text)).all(|word| known.contains(&word))
}

fn sentences(text: &str) -> impl Iterator<Item = String> {
    text.split(['.', ';', '!', '?']).map(str::to_lowercase)
}

fn is_so(sentence: &str, facts: &Facts) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    if says(PROMISED) {
        return false;
    }
    let booked = !facts.booked.is_empty();
    let untrue = (says(BOOKED) && !booked && !facts.moved)
        || (says(MOVED) && !facts.moved)
        || (says(CANCELLED) && !facts.cancelled && !facts.moved)
        || (says(PASSED) && !facts.message_taken)
        || (says(TRANSFERRED) && facts.outcome != Outcome::Transferred);
    !untrue || says(NOT_SO)
}

/// Everything in a text that must have come from somewhere: digits, days, months.
fn checked(text: &str) -> HashSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
    let mut found = HashSet::new();
    for word in words {
        let digits = digits(word);
        if !digits.is_empty() {
            found.insert(digits.trim_start_matches('0').to_owned());
        } else if CALENDAR.contains(&word) {
            found.insert(word.to_owned());
        }
    }
    // "10:00" is "10".
    found.remove("");
    found
}

fn known(facts: &Facts, lines: &[Line]) -> HashSet<String> {
    let facts = facts.booked.iter().chain(&facts.wanted);
    facts.chain(lines.iter().map(|line| &line.text)).flat_map(|text| checked(text)).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::call::Speaker;

    fn line(text: &str) -> Line {
        Line { speaker: Speaker::Caller, text: text.to_owned(), at: Timestamp::UNIX_EPOCH, cut: false }
    }

    fn record(outcome: Outcome, summary: &str) -> Record {
        Record {
            outcome,
            reason: "A haircut".to_owned(),
            summary: summary.to_owned(),
            action_items: Vec::new(),
            sentiment: None,
        }
    }

    fn booked() -> Facts {
        Facts {
            outcome: Outcome::Booked,
            booked: vec!["Haircut with Maria, Friday, November 27th at 10 a.m.".to_owned()],
            spoke: true,
            ..Facts::default()
        }
    }

    #[test]
    fn a_record_of_what_was_done_is_kept() {
        let lines = [line("my number is 212 555 0142")];
        let said = "Anna booked a haircut with Maria for Friday at 10:00 a.m. and left 212-555-0142.";
        assert!(is_honest(&record(Outcome::Booked, said), &booked(), &lines));
        let nothing = Facts { outcome: Outcome::Answered, spoke: true, ..Facts::default() };
        for said in [
            "They asked about parking and did not book anything.",
            "The caller wanted to book for Saturday, but nothing was free.",
            "The caller asked for the opening hours.",
        ] {
            assert!(is_honest(&record(Outcome::Answered, said), &nothing, &[line("saturday")]), "{said}");
        }
    }

    #[test]
    fn what_the_call_did_not_do_is_not_claimed() {
        let nothing = Facts { outcome: Outcome::Answered, spoke: true, ..Facts::default() };
        for said in [
            "The caller booked a haircut.",
            "An appointment was scheduled with Maria.",
            "The appointment was moved.",
            "Their appointment was canceled.",
            "They left a message for the owner.",
            "They were put through to the owner.",
            "The receptionist promised a refund.",
        ] {
            assert!(!is_honest(&record(Outcome::Answered, said), &nothing, &[]), "{said}");
        }
        assert!(!is_honest(&record(Outcome::Booked, "All went well."), &nothing, &[]), "an outcome of its own");
    }

    #[test]
    fn a_number_or_a_day_from_nowhere_is_not_believed() {
        for said in
            ["Anna booked for Tuesday at 10.", "Anna booked for Friday at 11.", "Anna booked for Friday, June 27th."]
        {
            assert!(!is_honest(&record(Outcome::Booked, said), &booked(), &[]), "{said}");
        }
        let mut with_item = record(Outcome::Booked, "Anna booked a haircut.");
        with_item.action_items.push("Call +1 900 555 0100.".to_owned());
        assert!(!is_honest(&with_item, &booked(), &[]));
    }

    #[test]
    fn what_is_too_long_or_empty_is_no_record() {
        assert!(!is_honest(&record(Outcome::Booked, " "), &booked(), &[]));
        assert!(!is_honest(&record(Outcome::Booked, &"a ".repeat(400)), &booked(), &[]));
        let items = Record { action_items: vec!["Wait".to_owned(); 6], ..record(Outcome::Booked, "Booked.") };
        assert!(!is_honest(&items, &booked(), &[]));
    }
}
