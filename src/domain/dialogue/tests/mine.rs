//! Callers who have an appointment already.

use super::desk::{Story, call};
use crate::domain::dialogue::Event;

fn anna() -> Story {
    let mut call = call();
    call.has_booked(0, 0, "2026-11-25T10:00", "Anna Kovacs", "+12125550177");
    call
}

#[test]
fn after_a_cancellation_the_name_is_still_known() {
    let mut call = anna();
    call.says_all(&["I need to cancel my appointment", "Anna Kovacs", "Wednesday"]);
    let done = call.says("yes please");
    assert!(done.contains("cancelled"), "{done}");
    let read_back = call.says("can I book a haircut with Maria on Friday at ten instead?");
    assert!(read_back.contains("Anna Kovacs") && read_back.contains("Shall I book it?"), "{read_back}");
}

#[test]
fn of_two_on_one_day_the_time_tells_which() {
    for answer in ["the one at three", "the second one", "three p.m."] {
        let mut call = anna();
        call.has_booked(2, 1, "2026-11-25T15:00", "Anna Kovacs", "+12125550177");
        call.says_all(&["I need to cancel my appointment", "Anna Kovacs"]);
        let which = call.says("Wednesday");
        assert!(which.contains("10 a.m. or 3 p.m."), "{which}");
        let sure = call.says(answer);
        assert!(sure.contains("beard trim") && sure.contains("Shall I cancel it?"), "{answer}: {sure}");
    }
}

#[test]
fn a_name_that_was_heard_wrong_is_asked_for_once_more() {
    let mut call = anna();
    call.says("I need to cancel my appointment");
    let again = call.says("Hannah Covax");
    assert!(again.contains("can't find") && again.contains("spell") && !again.contains("Anna"), "{again}");
    call.says("Anna Kovacs");
    let sure = call.says("Wednesday");
    assert!(sure.contains("Shall I cancel it?"), "{sure}");
}

#[test]
fn a_yes_before_it_was_heard_what_would_be_cancelled_cancels_nothing() {
    let mut call = anna();
    call.says_all(&["I need to cancel my appointment", "Anna Kovacs", "Wednesday"]);
    call.happens(Event::TalkedOver { heard: "That's".into() });
    let again = call.says("yes");
    assert!(again.contains("Wednesday") && again.contains("Shall I cancel it?"), "{again}");
    let done = call.says("yes");
    assert!(done.contains("cancelled"), "{done}");
}

#[test]
fn to_want_somebody_elses_cancelled_is_no_yes_to_ones_own() {
    let mut call = anna();
    call.says_all(&["I need to cancel my appointment", "Anna Kovacs", "Wednesday"]);
    let told = call.says("Cancel Robert Miller's appointment, he asked me to");
    assert!(!told.contains("is cancelled"), "{told}");
    assert_eq!(call.confirmed().len(), 1);
}

#[test]
fn a_no_to_the_cancellation_leaves_it() {
    let mut call = anna();
    call.says_all(&["I need to cancel my appointment", "Anna Kovacs", "Wednesday"]);
    let kept = call.says("no, actually");
    assert!(kept.contains("stays as it is"), "{kept}");
    assert_eq!(call.confirmed().len(), 1);
}

#[test]
fn a_move_takes_second_thoughts() {
    let mut call = anna();
    call.says("This is Anna Kovacs, I need to move my haircut on Wednesday");
    let first = call.says("Thursday at four");
    assert!(first.contains("Is that right?") && first.contains("Thursday"), "{first}");
    let second = call.says("no, next Friday at four");
    assert!(second.contains("Friday") && second.contains("4 p.m.") && second.contains("Maria"), "{second}");
    assert!(call.says("yes").contains("your appointment is now Friday"));
    assert_eq!(call.booked(), "2026-11-27T16:00 Haircut Maria Anna Kovacs");
}

#[test]
fn a_cancellation_is_agreed_to_in_any_words() {
    for yes in ["yes, cancel it", "cancel it please", "yes"] {
        let mut call = anna();
        call.says_all(&["I need to cancel my appointment", "Anna Kovacs", "Wednesday"]);
        assert!(call.says(yes).contains("is cancelled"), "{yes}");
    }
}

#[test]
fn what_was_just_told_can_be_moved_without_the_word() {
    let mut call = anna();
    call.says("when is my appointment? this is Anna Kovacs");
    let read_back = call.says("could I have it on Thursday at four instead?");
    assert!(read_back.contains("I'd move") && read_back.contains("4 p.m."), "{read_back}");
}

#[test]
fn from_one_time_to_another_on_the_same_day() {
    let mut call = anna();
    let read_back = call.says("This is Anna Kovacs, can I move my appointment on Wednesday to eleven in the morning?");
    assert!(read_back.contains("to Wednesday, November 25th at 11 a.m."), "{read_back}");
}

#[test]
fn who_has_to_cancel_has_an_appointment_to_cancel() {
    let mut call = anna();
    let day = call.says("I have to cancel my appointment, this is Anna Kovacs");
    assert!(day.contains("which day"), "{day}");
}
