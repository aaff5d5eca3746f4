//! What comes in between: questions, messages, rudeness, a wrong number.

use super::desk::{Story, call};
use super::salon;
use crate::domain::dialogue::{Event, Failure};

#[test]
fn a_question_in_between_is_answered_and_the_pending_one_asked_alone() {
    let mut call = call();
    call.says("This is Anna Kovacs, a haircut with Maria on Tuesday at ten");
    let aside = call.says("is there parking?");
    assert!(aside.contains("behind the house") && aside.ends_with("Shall I book it?"), "{aside}");
    assert!(!aside.contains("November"), "the details are not said again: {aside}");
    let repeated = call.says("sorry, could you repeat that?");
    assert!(repeated.contains("November 24th"), "{repeated}");
    assert!(call.says("yes").contains("You're booked"));
}

#[test]
fn a_question_and_a_wish_in_one_breath_are_both_heard() {
    let mut call = call();
    call.says("I'd like to book a haircut, my name is Anna Kovacs");
    let offers = call.says("is there parking, and can I come on Tuesday?");
    assert!(offers.contains("behind the house") && offers.contains("Tuesday the 24th"), "{offers}");
}

#[test]
fn a_message_in_the_middle_leads_back_to_where_it_was() {
    let mut call = call();
    call.says("I'd like a haircut with Maria");
    let what = call.says("I'd like to leave a message");
    assert!(what.contains("tell them"), "{what}");
    let back = call.says("Please turn the music down");
    assert!(back.contains("pass that on") && back.contains("come in?"), "{back}");
    assert_eq!(call.notes, ["Please turn the music down"]);
    assert!(call.says("Tuesday at ten").contains("is free"));
}

#[test]
fn what_a_booking_has_no_place_for_goes_to_the_business_as_a_message() {
    let mut call = call();
    let read_back = call.says(
        "This is Anna Kovacs, a haircut with Maria on Tuesday at ten, for two people, and I'm allergic to bleach",
    );
    assert!(read_back.contains("there are 2 of you") && read_back.contains("pass on"), "{read_back}");
    let booked = call.says("yes");
    assert!(booked.contains("You're booked") && booked.contains("passed on"), "{booked}");
    let [note] = call.notes.as_slice() else { panic!("one note: {:?}", call.notes) };
    for part in ["Anna Kovacs", "haircut", "Nov 24", "party of 2", "allergic to bleach"] {
        assert!(note.contains(part), "{part}: {note}");
    }
}

#[test]
fn one_question_at_a_time_also_when_the_desk_refuses() {
    let mut call = call();
    call.says("This is Anna Kovacs, a haircut with Maria on Tuesday at ten");
    call.refuses = Some(Failure::Taken);
    let taken = call.says("yes");
    assert!(taken.contains("just taken") && taken.contains("Which"), "{taken}");
    call.refuses = Some(Failure::TooMany);
    let many = call.says("the first one");
    assert!(many.contains("more bookings"), "{many}");
    let what = call.says("yes");
    assert!(what.contains("What should I tell them?"), "{what}");
}

#[test]
fn a_business_with_a_person_puts_through_and_one_without_takes_a_message() {
    let mut business = salon();
    business.transfer_to = "+12125550143".parse().ok();
    let mut call = Story::at(business, "2026-11-20T10:00", None);
    assert!(call.says("let me talk to a real person").contains("put you through") && call.ended);
    let mut call = super::desk::call();
    assert!(call.says("let me talk to a real person").contains("message"));
}

#[test]
fn an_older_state_is_read_and_gone_on_with() {
    let old = r#"{"line":"+12125550177","task":"Book","asked":"When","question":"When would you like to come in?",
        "service":"00000000-0000-7000-8000-0000000005e1","when":{"day":null,"clock":null},"waiting":{"Find":{
        "service":"00000000-0000-7000-8000-0000000005e1","staff":null,"from":"2026-11-21T05:00:00Z",
        "to":"2026-11-22T05:00:00Z","near":null,"count":3,"replacing":null,"asked_for":"Next"}}}"#;
    let state = serde_json::from_str(old).expect("an older state");
    let mut call = call();
    call.dialogue = crate::domain::dialogue::Dialogue::resume(std::sync::Arc::new(salon()), state);
    let said = call.happens(crate::domain::dialogue::Event::Reconnected);
    assert!(said.contains("cut off") && said.contains("tomorrow"), "{said}");
}

#[test]
fn a_yes_to_are_you_there_books_nothing() {
    use crate::domain::dialogue::Event;
    let mut call = call();
    call.says("This is Anna Kovacs, a haircut with Maria on Tuesday at ten");
    assert!(call.happens(Event::Silent).contains("still there"));
    let again = call.says("yes, sorry, I'm here");
    assert!(again.contains("November 24th") && again.contains("Shall I book it?"), "{again}");
    assert_eq!(call.booked(), "0 bookings");
    assert!(call.says("yes").contains("You're booked"));
}
#[test]
fn a_question_nobody_here_can_answer_is_passed_on_if_wanted() {
    let mut call = call();
    let said = call.says("do you have wifi?");
    assert!(said.contains("don't know") && said.contains("pass your question on"), "{said}");
    let taken = call.says("yes please");
    assert!(taken.contains("pass that on"), "{taken}");
    assert_eq!(call.notes, ["do you have wifi?"]);
}

#[test]
fn somebody_who_is_late_has_it_passed_on() {
    let mut call = call();
    let said = call.says("I'm running ten minutes late");
    assert!(said.contains("pass that on"), "{said}");
    assert!(call.notes[0].contains("ten minutes late"), "{:?}", call.notes);
}

#[test]
fn rudeness_is_answered_once_and_then_the_call_ends() {
    let mut call = call();
    call.says("I'd like a haircut");
    let calm = call.says("you stupid idiot");
    assert!(calm.contains("glad to help") && calm.contains('?') && !call.ended, "{calm}");
    let bye = call.says("oh shut up, idiot");
    assert!(bye.contains("Goodbye") && call.ended, "{bye}");
}

#[test]
fn a_wrong_number_is_told_so_kindly() {
    let mut call = call();
    let said = call.says("oh sorry, I have the wrong number");
    assert!(said.contains("Willow and Sage Salon") && said.contains("Goodbye") && call.ended, "{said}");
}

#[test]
fn a_no_to_what_is_wished_for_leaves_it() {
    let mut call = call();
    call.says("I'd like to make an appointment");
    let left = call.says("no");
    assert!(left.contains("left it") && left.contains("lse"), "{left}");
    assert!(call.says("no thanks").contains("Goodbye"));
}

#[test]
fn what_was_said_before_a_read_back_tells_nothing_of_whether_it_was_heard() {
    let mut call = call();
    call.says("This is Anna Kovacs, haircut with Maria on Wednesday at ten");
    let told = call.says("my card number is four one one one one one one one one one one one one one one one");
    assert!(told.ends_with("Shall I book it?"), "{told}");
    let heard: String = told.chars().take(told.len() * 4 / 10).collect();
    call.happens(Event::TalkedOver { heard });
    let again = call.says("yes");
    assert!(again.contains("Wednesday") && again.ends_with("Shall I book it?"), "{again}");
    assert!(call.says("yes").contains("You're booked"));
}
