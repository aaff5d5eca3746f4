//! Being put through to a person: in which hours, and what happens when the receptionist is at a loss.

use super::{desk::Story, salon};
use crate::domain::{
    business::{Business, OpenPeriod, WeeklyHours, WhenUnsure},
    call::Outcome,
};

const NONSENSE: [&str; 3] = ["well that is what it is now", "what this and that was then", "over there and back again"];

/// Somebody takes calls on Fridays from nine to noon.
fn business(when_unsure: WhenUnsure) -> Business {
    let morning = OpenPeriod { from: jiff::civil::time(9, 0, 0, 0), to: jiff::civil::time(12, 0, 0, 0) };
    Business {
        transfer_to: "+12125550143".parse().ok(),
        transfer_hours: Some(WeeklyHours { friday: vec![morning], ..WeeklyHours::default() }),
        when_unsure,
        ..salon()
    }
}

fn on_friday_at(hour: &str, when_unsure: WhenUnsure) -> Story {
    Story::at(business(when_unsure), &format!("2026-11-20T{hour}"), Some("+12125550177"))
}

#[test]
fn who_asks_for_a_person_gets_one_in_the_hours_for_it_and_leaves_a_message_outside_of_them() {
    let mut call = on_friday_at("10:00", WhenUnsure::TakeMessage);
    assert!(call.says("can I speak to a real person please").contains("put you through"));
    assert_eq!(call.dialogue.outcome(), Outcome::Transferred);
    let mut call = on_friday_at("12:00", WhenUnsure::PutThrough);
    assert!(call.says("can I speak to a real person please").contains("pass on a message"));
    call.says("Please call me back about my color");
    assert_eq!(call.notes.len(), 1, "{:?}", call.notes);
}

#[test]
fn a_caller_who_is_not_understood_may_choose() {
    let mut call = on_friday_at("10:00", WhenUnsure::Offer);
    assert!(call.says_all(&NONSENSE).contains("put you through to somebody?"));
    let message = call.says("no");
    assert!(message.contains("take a message"), "the other of the two is offered: {message}");
    assert!(call.says("yes").contains("What should I tell them?"), "and a yes is to what was asked");
    let mut call = on_friday_at("10:00", WhenUnsure::Offer);
    call.says_all(&NONSENSE);
    assert!(call.says("yes please").contains("put you through"));
    let mut call = on_friday_at("13:00", WhenUnsure::Offer);
    assert!(call.says_all(&NONSENSE).contains("take a message"), "nobody is there");
}

#[test]
fn an_owner_may_rather_have_messages_than_calls() {
    let mut call = on_friday_at("10:00", WhenUnsure::TakeMessage);
    assert!(call.says_all(&NONSENSE).contains("take a message"));
    assert!(call.says("yes").contains("What should I tell them?"));
    assert_eq!(call.dialogue.outcome(), Outcome::None, "not put through");
}

#[test]
fn an_owner_may_rather_talk_to_them_at_once() {
    let mut call = on_friday_at("10:00", WhenUnsure::PutThrough);
    assert!(call.says_all(&NONSENSE).contains("put you through"));
    assert!(call.dialogue.is_over());
    let mut call = on_friday_at("10:00", WhenUnsure::PutThrough);
    let answer = call.says("do you have wifi?");
    assert!(answer.contains("don't know") && answer.contains("put you through"), "{answer}");
    let mut call = on_friday_at("13:00", WhenUnsure::PutThrough);
    let answer = call.says("do you have wifi?");
    assert!(answer.contains("pass your question on"), "nobody is there: {answer}");
}
