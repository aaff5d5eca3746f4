//! Names and numbers: in pieces, put right, not given.

use super::desk::{Story, call};
use super::salon;
use crate::domain::understand::{Confidence, Found, Meaning, Slot};

fn withheld() -> Story {
    Story::at(salon(), "2026-11-20T10:00", None)
}

#[test]
fn a_number_may_come_in_pieces_and_is_read_back_in_groups() {
    let mut call = withheld();
    let number = call.says_all(&["a haircut with Maria on Tuesday at ten", "Anna Kovacs"]);
    assert!(number.contains("Thank you, Anna") && number.contains("number"), "{number}");
    assert!(call.says("two one two").contains("go on"));
    assert!(call.says("five five five").contains("go on"));
    let read_back = call.says("oh one four three");
    assert!(read_back.contains("2 1 2, 5 5 5, 0 1 4 3"), "{read_back}");
}

#[test]
fn a_number_that_is_none_does_not_spoil_the_next() {
    let mut call = withheld();
    call.says_all(&["a haircut with Maria on Tuesday at ten", "Anna Kovacs"]);
    let again = call.says("one one one, one one one, one one one one");
    assert!(again.contains("digit by digit"), "{again}");
    let read_back = call.says("two one two, five five five, oh one four three");
    assert!(read_back.contains("0 1 4 3") && read_back.contains("Shall I book it?"), "{read_back}");
}

#[test]
fn a_number_that_is_not_given_is_not_asked_for_again() {
    let mut call = withheld();
    call.says_all(&["a haircut with Maria on Tuesday at ten", "Anna Kovacs"]);
    let read_back = call.says("no, I'd rather not");
    assert!(read_back.contains("Shall I book it?"), "{read_back}");
    let other = call.says("make it eleven");
    assert!(other.contains("11 a.m.") && other.contains("Shall I book it?"), "{other}");
}

#[test]
fn the_number_on_the_line_is_not_asked_for() {
    let mut call = call();
    let read_back = call.says_all(&["a haircut with Maria on Tuesday at ten", "Anna Kovacs"]);
    assert!(read_back.contains("Shall I book it?") && !read_back.contains("number"), "{read_back}");
}

#[test]
fn a_name_that_is_heard_wrong_twice_is_spelled() {
    let mut call = call();
    call.says_all(&["a haircut with Maria on Tuesday at ten", "Anna Coats"]);
    let spell = call.says("no, the name is Anna Coats");
    assert!(spell.contains("letter by letter"), "{spell}");
    let read_back = call.says("K O V A C S");
    assert!(read_back.contains("Anna Kovacs") && read_back.contains("K, O, V, A, C, S"), "{read_back}");
    call.says("yes");
    assert_eq!(call.booked(), "2026-11-24T10:00 Haircut Maria Anna Kovacs");
}

#[test]
fn the_guesses_at_a_name_and_its_letters_are_laid_together() {
    let mut call = call();
    call.says("a haircut with Maria on Tuesday at ten");
    let read_back = call.says_one_of(&["Katherine Stone", "Catherine Stone", "Kathryn Stone"]);
    assert!(read_back.contains("Stone"), "{read_back}");
    call.says("no, the name is wrong");
    call.says("the name is wrong");
    let spelled = call.says_one_of(&["K A T H R Y N S T O N E", "K A T H R I N S T O N E"]);
    assert!(spelled.contains("Kathryn Stone") && spelled.contains("K, A, T, H, R, Y, N"), "{spelled}");
}

#[test]
fn an_address_that_is_told_is_read_back_and_passed_on() {
    let mut call = call();
    call.says("This is Anna Kovacs, a haircut with Maria on Tuesday at ten");
    let read_back = call.says("and my email is anna at example dot com");
    assert!(read_back.contains("e-mail is A N N A") && read_back.contains("Shall I book it?"), "{read_back}");
    call.says("yes");
    assert!(call.notes[0].contains("anna@example.com"), "{:?}", call.notes);
}

#[test]
fn a_doubtful_name_is_asked_for_letter_by_letter_once() {
    let mut call = call();
    call.says("a haircut with Maria on Tuesday at ten");
    let doubtful = Found { slot: Slot::Name, span: 0..5, confidence: Confidence::Doubtful };
    let name = Some("Kovax".to_owned());
    let spell = call.meaning(Meaning { name, found: vec![doubtful], text: "Kovax".into(), ..Meaning::default() });
    assert!(spell.contains("I have Kovax") && spell.contains("letter by letter"), "{spell}");
    let read_back = call.says("no, that's fine");
    assert!(read_back.contains("spelled K, O, V, A, X") && read_back.contains("Shall I book it?"), "{read_back}");
}

#[test]
fn the_end_of_a_number_is_put_right_at_the_read_back() {
    let mut call = call();
    let read_back = call.says(
        "Anna Kovacs, a haircut with Maria on Tuesday at ten, my number is two one two five five five oh one four two",
    );
    assert!(read_back.contains("0 1 4 2"), "{read_back}");
    let read_back = call.says("no, the last four are oh one four three");
    assert!(read_back.contains("5 5 5, 0 1 4 3") && read_back.contains("Shall I book it?"), "{read_back}");
}
