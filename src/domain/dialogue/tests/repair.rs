//! Misunderstandings: asked again differently, another way to answer, a way out, and back again.

use super::desk::call;
use crate::domain::dialogue::Asked;

#[test]
fn each_question_is_asked_again_in_another_way_and_then_a_way_out_is_offered() {
    let stories: [&[&str]; 5] = [
        &[],
        &["I'd like to make an appointment"],
        &["I'd like a haircut"],
        &["I'd like a haircut with Maria on Tuesday at ten"],
        &["This is Anna Kovacs, a haircut with Maria on Tuesday at ten"],
    ];
    for story in stories {
        let mut call = call();
        let asked = call.says_all(story);
        // Words that could be no name and no time either.
        let first = call.says("well that is what it is now");
        let second = call.says("what this and that was then");
        let third = call.says("over there and back again");
        assert!(first != asked && second != first && third != second, "{asked} / {first} / {second} / {third}");
        assert!(third.contains("take a message"), "{third}");
        let back = call.says("no");
        assert!(back.contains('?'), "{back}");
        if let Some(last) = story.last().filter(|last| last.contains("haircut")) {
            let question = asked.rsplit(['.', '!']).next().unwrap_or_default().trim();
            // Or to the other way it was asked in.
            let other = ["next free time", "spell"].iter().any(|way| back.contains(way));
            assert!(other || back.contains(question), "{last}: {back} without {question}");
        }
    }
}

#[test]
fn progress_starts_the_count_again() {
    let mut call = call();
    call.says("I'd like a haircut");
    for day in ["Tuesday", "Wednesday", "Thursday", "Friday"] {
        let puzzled = call.says("wibble the fluffy banana over yonder");
        assert!(!puzzled.contains("message"), "{puzzled}");
        let offers = call.says(day);
        assert!(offers.contains(day), "{offers}");
    }
}

#[test]
fn the_same_words_again_are_asked_for_in_another_way() {
    let mut call = call();
    call.says("I'd like a haircut with Maria");
    let first = call.says("wibble wobble");
    let second = call.says("wibble wobble");
    assert!(second != first && second.contains("next free time"), "{second}");
    let offer = call.says("yes please");
    assert!(offer.contains("10:30 a.m."), "{offer}");
}

#[test]
fn a_service_can_be_chosen_with_a_key() {
    let mut call = call();
    call.says_all(&["I'd like to make an appointment", "wibble wobble", "wobble wibble"]);
    let when = call.presses('2');
    assert!(when.contains("a color"), "{when}");
}

#[test]
fn what_is_wrong_can_be_named() {
    let mut call = call();
    call.says("This is Anna Kovaks, a haircut with James on Tuesday at ten");
    let what = call.says("no");
    assert!(what.contains("What should I change?"), "{what}");
    let name = call.says("the name");
    assert!(name.contains("right name"), "{name}");
    let read_back = call.says("Anna Kovacs");
    assert!(read_back.contains("Anna Kovacs") && read_back.contains("K, O, V, A, C, S"), "{read_back}");
    let who = call.says("no, the person is wrong");
    assert!(who.contains("Who would you like"), "{who}");
    let read_back = call.says("Maria");
    assert!(read_back.contains("with Maria") && read_back.contains("Shall I book it?"), "{read_back}");
    let when = call.says("no, the time is wrong");
    assert!(when.contains("What day and time"), "{when}");
    let read_back = call.says("four");
    assert!(read_back.contains("Tuesday") && read_back.contains("4 p.m."), "{read_back}");
}

#[test]
fn the_other_guesses_of_a_recogniser_help_where_the_first_says_nothing() {
    let mut call = call();
    call.says("I'd like a haircut with Maria");
    let offers = call.says_one_of(&["two stay", "Tuesday", "choose day"]);
    assert!(offers.contains("Tuesday the 24th"), "{offers}");
    call.says_all(&["ten o'clock", "Anna Kovacs"]);
    let unsure = call.says_one_of(&["chess", "yes"]);
    assert!(!unsure.contains("You're booked"), "a yes that was not heard is none: {unsure}");
    let heard = call.says_one_of(&["yes", "no", "Thursday"]);
    assert!(heard.contains("You're booked"), "{heard}");
}

#[test]
fn what_is_wrong_can_be_pressed_where_it_is_not_understood() {
    let mut call = call();
    call.says_all(&["This is Anna Kovacs, a haircut with Maria on Tuesday at ten", "no"]);
    call.says("well that is what it is now");
    let keys = call.says("well that is what it is now");
    assert!(keys.contains("press 1 for the time"), "{keys}");
    assert!(call.presses('3').contains("right name"));
    let read_back = call.says("Peter Miller");
    assert!(read_back.contains("Peter Miller"), "{read_back}");
}

#[test]
fn the_same_way_out_is_not_offered_for_ever() {
    let mut call = call();
    call.says("I'd like a haircut with Maria on Tuesday at ten");
    for turn in 0..40 {
        if call.ended {
            assert!(turn > 8, "given up after {turn} turns");
            return;
        }
        let answer = call.dialogue.state().asked;
        call.says(if answer == Asked::OfferMessage { "no thanks" } else { "over there and back again it was" });
    }
    panic!("still going round");
}
