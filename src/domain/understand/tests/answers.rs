//! Yes, no, and which one: what turns a proposal into a booking.

use super::hear;
use crate::domain::understand::{Answer, Choice, Expecting};

fn answers(table: &[&str], meant: Option<Answer>) {
    let wrong: Vec<&&str> = table.iter().filter(|text| hear(text, Expecting::YesNo).answer != meant).collect();
    assert!(wrong.is_empty(), "not {meant:?}: {wrong:?}");
}

#[test]
fn a_yes_has_many_forms() {
    let table = [
        "yes",
        "Yes.",
        "yep",
        "yeah okay",
        "um yeah",
        "sure",
        "sure thing",
        "sounds good",
        "that works",
        "that works for me",
        "perfect",
        "perfect, thank you",
        "go ahead",
        "please do",
        "please",
        "uh huh",
        "mm-hmm",
        "correct",
        "that's right",
        "yes that's my number",
        "of course",
        "absolutely",
        "book it",
        "please book it for me",
        "yes please, book it",
        "I'd love that",
        "no that's right",
        "no, no, that's correct",
        "no problem",
        "why not",
        "let's do it",
        "yes, that time works for me, thank you so much",
        "yes, my wife will be so pleased",
        "ok",
        "fine by me",
        "it is",
        "if that's okay",
        "yes bye",
        "sounds like a plan",
        "confirmed",
        "yes and where are you",
        "Yes please. Is there parking?",
        "yes, no rush",
        "go ahead and book it",
    ];
    answers(&table, Some(Answer::Yes));
}

#[test]
fn a_no_has_many_forms() {
    let table = [
        "no",
        "nope",
        "nah",
        "no thanks",
        "not really",
        "that's wrong",
        "that is incorrect",
        "yeah no",
        "yes, no",
        "I don't think so",
        "uh-uh",
        "that doesn't work for me",
        "I can't do that time",
        "no, that's not right",
        "no, that's fine",
        "don't book it",
        "of course not",
        "I'm afraid not",
        "not quite",
        "I'd rather not",
        "none of those",
        "no. Book it at eleven",
        "thanks but no thanks",
        "no, that's it, thanks",
        "no with James",
        "that's wrong I want another day",
    ];
    answers(&table, Some(Answer::No));
}

#[test]
fn a_doubtful_yes_is_none() {
    let table = [
        "sure, but later",
        "yes but with James",
        "yes, actually make it four",
        "yes except not with Maria",
        "yes if Maria is free",
        "yes, how much is it",
        "ok and how much is it",
        "that sounds good but can we do four",
        "yes can you make it earlier",
        "okay later",
        "maybe",
        "I guess so",
        "I'm not sure",
        "I don't know",
        "wait",
        "hold on a second",
        "is that okay",
        "does that work",
        "yes?",
        "sounds good?",
        "did you say yes",
        "yes or no?",
        "can you say yes",
        "book it for four",
        "please book me for eleven",
        "go ahead and make it eleven",
        "why not tomorrow",
        "let's do Thursday",
        "what was that",
        "thank you",
        "let me think",
        "ok bye",
        "that's it",
        "right, and can I bring my dog",
        "yes I think so",
        "good question",
        "yes only my name is spelled Kovacs",
        "yes and is there anything later",
        "great, Thursday",
        "okay with James",
        "well",
        "",
        "hmm",
    ];
    answers(&table, None);
}

#[test]
fn what_was_chosen_is_heard() {
    for (text, offered, meant) in [
        ("the first one", 3, Some(Choice::Nth(0))),
        ("the second", 3, Some(Choice::Nth(1))),
        ("I'll take the third one please", 3, Some(Choice::Nth(2))),
        ("the last one", 3, Some(Choice::Last)),
        ("the earlier one", 3, Some(Choice::Nth(0))),
        ("the later one", 2, Some(Choice::Last)),
        ("the later one", 1, Some(Choice::Later)),
        ("something a bit later", 2, Some(Choice::Later)),
        ("anything earlier?", 3, Some(Choice::Earlier)),
        ("later than four", 3, None),
        ("the one with maria", 2, Some(Choice::Described)),
        ("the morning one", 2, Some(Choice::Described)),
        ("i'll take the tuesday one please", 2, Some(Choice::Described)),
        ("sure, but later", 2, Some(Choice::Later)),
        ("either", 2, Some(Choice::Any)),
        ("I don't mind", 2, Some(Choice::Any)),
        ("both are fine", 2, Some(Choice::Any)),
        ("none of those", 2, Some(Choice::Neither)),
        ("neither works", 2, Some(Choice::Neither)),
        ("one", 2, Some(Choice::Nth(0))),
        ("number two please", 2, Some(Choice::Nth(1))),
        ("three", 2, None),
        ("the other one", 2, Some(Choice::Nth(1))),
        ("the other one", 3, None),
        ("the three o'clock one", 3, Some(Choice::Described)),
        ("yes", 3, None),
    ] {
        assert_eq!(hear(text, Expecting::Choice(offered)).choice, meant, "{text}");
    }
}

#[test]
fn nothing_is_chosen_where_nothing_was_offered() {
    for text in [
        "one haircut",
        "it's my first time",
        "the first appointment you have",
        "what's the earliest you have",
        "I don't mind",
    ] {
        assert_eq!(hear(text, Expecting::Anything).choice, None, "{text}");
    }
    assert_eq!(hear("either", Expecting::Staff).choice, None);
}
