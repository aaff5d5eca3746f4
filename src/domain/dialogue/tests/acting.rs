//! A model on the line: every tool, at the right moment and at the wrong one.

use super::{
    desk::{Story, call},
    salon,
};
use crate::domain::{
    dialogue::{
        Asked, Failure,
        tool::{
            AnswerFromFacts, CancelBooking, Confirm, EndCall, FindBookings, FindTo, LookUpTimes, OtherTimes, Propose,
            Said, SpeakLanguage, TakeMessage, Tool, ToolAnswer, Transfer, WaitsFor, WeekdaySaid,
        },
    },
    truth::Claim,
};

fn said(words: &str) -> Said {
    Said { words: Some(words.into()), ..Said::default() }
}

pub(super) fn times(service: &str, when: &str) -> Tool {
    Tool::LookUpTimes(LookUpTimes { service: Some(service.into()), when: Some(said(when)), ..LookUpTimes::default() })
}

pub(super) fn proposal(slot: &str, name: &str) -> Tool {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Tool::Propose(Propose { slot: some(slot), name: some(name), ..Propose::default() })
}

fn find(name: &str, day: &str, to: FindTo) -> Tool {
    let day = (!day.is_empty()).then(|| said(day));
    Tool::FindBookings(FindBookings { name: Some(name.into()).filter(|name: &String| !name.is_empty()), day, to })
}

fn cancel(booking: &str) -> Tool {
    Tool::CancelBooking(CancelBooking { booking: booking.into() })
}

fn question(question: &str) -> Tool {
    Tool::AnswerFromFacts(AnswerFromFacts { question: question.into() })
}

fn refusal(answer: &ToolAnswer) -> &str {
    answer.refused.as_deref().unwrap_or_else(|| panic!("not refused: {answer:?}"))
}

fn held(call: &Story) -> usize {
    call.bookings.len() - call.confirmed().len()
}

#[test]
fn a_whole_booking_by_tools() {
    let mut call = call();
    assert_eq!(call.tells("I'd like a haircut with Maria on Tuesday"), None);
    let answer = call.calls(times("haircut", "Tuesday"));
    assert_eq!((answer.slots.len(), held(&call)), (3, 0), "looked up, and nothing kept: {answer:?}");
    assert!(answer.slots.iter().all(|slot| slot.at.contains("Tuesday, November 24th") && slot.staff == "Maria"));
    call.dialogue.said_by_model("I have nine or half past two. Which would you like?");
    assert_eq!(call.tells("nine please, I'm Anna Kovacs"), None);
    let read_back = call.calls(proposal(&answer.slots[0].slot, ""));
    assert!(read_back.say.contains("for Anna Kovacs") && read_back.say.contains("Shall I book it?"), "{read_back:?}");
    let done = call.tells("yes please").expect("the machine books it");
    assert!(done.contains("You're booked, Anna"), "{done}");
    assert_eq!(call.booked(), "2026-11-24T09:00 Haircut Maria Anna Kovacs");
    let situation = call.dialogue.situation(call.now);
    assert_eq!(situation.booked.len(), 1, "{situation:?}");
    assert_eq!(call.dialogue.ground(call.now).booked.len(), 1);
}

#[test]
fn an_exact_time_is_offered_and_not_kept() {
    let mut call = call();
    call.tells("do you have ten on Tuesday for a beard trim?");
    let answer = call.calls(times("Beard trim", "ten on Tuesday"));
    assert_eq!((answer.slots.len(), held(&call)), (1, 0), "{answer:?}");
    assert!(answer.say.contains("James is free"), "{answer:?}");
}

#[test]
fn other_words_and_closed_fields_say_the_same() {
    let fields = Said {
        weekday: Some(WeekdaySaid::Tuesday),
        weeks_ahead: Some(1),
        clock: Some("15:30".into()),
        ..Said::default()
    };
    for when in [Some(said("next Tuesday at half past three")), Some(fields)] {
        let mut call = call();
        call.tells("hello there");
        let service = Some("a cut and blow dry".to_owned());
        let answer = call.calls(Tool::LookUpTimes(LookUpTimes { service, when, ..LookUpTimes::default() }));
        assert_eq!(answer.slots[0].at, "Tuesday, November 24th at 3:30 p.m.", "{answer:?}");
    }
}

#[test]
fn a_day_and_a_time_of_two_turns_belong_together() {
    let mut call = call();
    call.tells("a haircut on Tuesday please");
    call.calls(times("Haircut", "Tuesday"));
    call.dialogue.said_by_model("What time on Tuesday?");
    call.tells("half past two");
    let answer = call.calls(times("Haircut", "half past two"));
    assert_eq!(answer.slots[0].at, "Tuesday, November 24th at 2:30 p.m.", "{answer:?}");
}

#[test]
fn what_is_not_on_offer_is_answered_with_what_is() {
    let mut call = call();
    call.tells("can I get a massage with Rob?");
    let service = call.calls(times("massage", "tomorrow"));
    assert!(refusal(&service).contains("Haircut, Color, Beard trim"), "{service:?}");
    let no_service = call.calls(Tool::LookUpTimes(LookUpTimes::default()));
    assert!(refusal(&no_service).contains("Haircut"), "{no_service:?}");
    let staff = |staff: &str, service: &str| {
        let (service, staff) = (Some(service.to_owned()), Some(staff.to_owned()));
        Tool::LookUpTimes(LookUpTimes { service, staff, ..LookUpTimes::default() })
    };
    assert!(refusal(&call.calls(staff("Rob", "Haircut"))).contains("Maria, James"));
    assert!(refusal(&call.calls(staff("Maria", "Beard trim"))).contains("James"));
    assert!(refusal(&call.calls(times("Haircut", "banana"))).contains("tomorrow afternoon"));
    for wrong in [
        Said { clock: Some("3pm".into()), ..Said::default() },
        Said { clock: Some("25:00".into()), ..Said::default() },
        Said { month: Some(13), ..Said::default() },
        Said { day_of_month: Some(0), ..Said::default() },
        Said { days_ahead: Some(60_000), ..Said::default() },
        Said { weekday: Some(WeekdaySaid::Friday), weeks_ahead: Some(255), ..Said::default() },
    ] {
        let (service, when) = (Some("Haircut".to_owned()), Some(wrong.clone()));
        let answer = call.calls(Tool::LookUpTimes(LookUpTimes { service, when, ..LookUpTimes::default() }));
        assert!(refusal(&answer).contains("has to be"), "{wrong:?}: {answer:?}");
    }
    assert!(call.calls(staff("anyone", "Haircut")).slots.len() > 1);
}

#[test]
fn a_past_or_impossible_day_is_said_by_the_machine() {
    let mut call = call();
    call.tells("a haircut please");
    for (when, expected) in [("yesterday", "passed"), ("February 30th", "no such day"), ("in a year", "book until")] {
        let answer = call.calls(times("Haircut", when));
        assert!(answer.slots.is_empty() && answer.say.contains(expected), "{when}: {answer:?}");
    }
    let sunday = call.calls(times("Haircut", "Sunday"));
    assert!(sunday.say.contains("closed on Sundays") && !sunday.slots.is_empty(), "{sunday:?}");
}

#[test]
fn earlier_later_and_different_times() {
    let mut call = call();
    call.tells("a haircut on Tuesday please");
    let first = call.calls(times("Haircut", "Tuesday at eleven"));
    let other = |other| Tool::LookUpTimes(LookUpTimes { other: Some(other), ..LookUpTimes::default() });
    let later = call.calls(other(OtherTimes::Later));
    assert!(later.slots.iter().all(|slot| !first.slots.contains(slot)), "{first:?} {later:?}");
    assert!(later.slots[0].at.contains("Tuesday") && !later.slots[0].at.contains(" 9 a.m."), "{later:?}");
    let different = call.calls(other(OtherTimes::Different));
    assert!(!different.slots.is_empty() && different.slots != later.slots, "{different:?}");
}

#[test]
fn a_handle_is_good_for_what_was_shown_and_nothing_else() {
    let mut call = call();
    call.tells("a haircut please");
    assert!(refusal(&call.calls(proposal("s1", "Anna"))).contains("there were none"));
    let shown = call.calls(times("Haircut", "Tuesday"));
    for handle in ["s9", "s0", "s-1", "1", "", "S", "s99999999999999", "2026-11-24T10:00", "b1", "'; drop table"] {
        let answer = call.calls(Tool::Propose(Propose { slot: Some(handle.into()), ..Propose::default() }));
        assert!(refusal(&answer).contains(&shown.slots[0].slot), "{handle}: {answer:?}");
    }
    assert_eq!(held(&call), 0);
    assert!(refusal(&call.calls(cancel("b1"))).contains("find_bookings"));
    assert!(refusal(&call.calls(cancel("s1"))).contains("find_bookings"));
}

#[test]
fn the_same_time_keeps_its_handle_and_old_ones_are_forgotten() {
    let mut call = call();
    call.tells("a haircut please");
    let first = call.calls(times("Haircut", "Tuesday"));
    assert_eq!(first.slots, call.calls(times("Haircut", "Tuesday")).slots);
    for day in 0..60 {
        let when = Some(Said { days_ahead: Some(day), ..Said::default() });
        let service = Some("Haircut".to_owned());
        call.calls(Tool::LookUpTimes(LookUpTimes { service, when, ..LookUpTimes::default() }));
        call.tells("and another day?");
    }
    let answer = call.calls(proposal(&first.slots[0].slot, "Anna"));
    assert!(refusal(&answer).contains("none of the times"), "{answer:?}");
    let state = serde_json::to_string(&call.dialogue.state().shown).expect("it can be written");
    assert!(state.len() < 2_000, "{} bytes", state.len());
}

#[test]
fn who_is_missing_is_asked_by_the_machine() {
    let mut call = Story::at(salon(), "2026-11-20T10:00", None);
    call.tells("a haircut on Tuesday at ten");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    let name = call.calls(proposal(&shown.slots[0].slot, ""));
    assert!(name.say.contains("your name"), "{name:?}");
    assert_eq!(call.tells("Anna Kovacs"), None);
    assert_eq!(call.dialogue.situation(call.now).name.as_deref(), Some("Anna Kovacs"));
    let number = call.calls(proposal("", "Anna Kovacs"));
    assert!(number.say.contains("number"), "{number:?}");
    call.tells("two one two, five five five, oh one four three");
    let read_back = call.calls(proposal("", ""));
    assert!(read_back.say.contains("0 1 4 3") && read_back.say.contains("Shall I book it?"), "{read_back:?}");
}

#[test]
fn a_name_is_cleaned_before_it_is_kept() {
    let mut call = call();
    call.tells("a haircut on Tuesday at ten");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    for (name, kept) in [
        ("Robert'); DROP TABLE bookings;--", "Robert' DROP TABLE bookings --"),
        ("<script>alert(1)</script>", "script alert 1 script"),
        ("Anna\u{202e}\u{0} https://evil.example/x Kovacs", "Anna Kovacs"),
        ("Anna www.evil.com", "Anna"),
    ] {
        let read_back = call.calls(proposal(&shown.slots[0].slot, name));
        assert!(read_back.say.contains(&format!("for {kept}")), "{name}: {read_back:?}");
    }
    for people in [0, 501, u16::MAX] {
        let answer = call.calls(Tool::Propose(Propose { people: Some(people), ..Propose::default() }));
        assert!(refusal(&answer).contains("1 to 500"), "{answer:?}");
    }
    call.calls(proposal("", &"Ann ".repeat(500)));
    assert!(call.dialogue.state().name.as_ref().is_some_and(|name| name.chars().count() <= 60));
    let known = call.dialogue.state().name.clone();
    call.calls(proposal("", "!!! 123 ???"));
    assert_eq!(call.dialogue.state().name, known, "no letters are no name");
}

#[test]
fn only_the_callers_own_yes_confirms() {
    let confirm = || Tool::Confirm(Confirm {});
    let mut call = call();
    call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
    assert!(refusal(&call.calls(confirm())).contains("nothing to confirm"));
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    assert!(refusal(&call.calls(confirm())).contains("nothing to confirm"));
    call.calls(proposal(&shown.slots[0].slot, "Anna Kovacs"));
    assert!(refusal(&call.calls(confirm())).contains("clear yes"), "in the same breath");
    call.tells("hmm, what about the parking?");
    assert!(refusal(&call.calls(confirm())).contains("clear yes"));
    call.dialogue.said_by_model("There is free parking behind the house. Would you like some cake?");
    let again = call.tells("yes").expect("the machine");
    assert!(again.contains("Just to be sure") && again.contains("Shall I book it?"), "a yes to cake: {again}");
    assert_eq!(call.confirmed().len(), 0);
    let done = call.tells("yes").expect("the machine");
    assert!(done.contains("You're booked"), "{done}");
}

#[test]
fn a_yes_with_a_question_is_confirmed_by_the_model() {
    let mut call = call();
    call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    assert_eq!(call.tells("yes please, and where can I park?"), None);
    assert!(call.dialogue.situation(call.now).agreed);
    let parking = call.calls(question("is there parking"));
    assert!(parking.say.contains("free parking"), "{parking:?}");
    let done = call.calls(Tool::Confirm(Confirm {}));
    assert!(done.say.contains("You're booked"), "{done:?}");
    call.dialogue.said_by_model("There is free parking behind the house.");
    assert!(refusal(&call.calls(Tool::Confirm(Confirm {}))).contains("nothing to confirm"), "once is enough");
}

#[test]
fn a_yes_is_used_up_by_anything_that_changes() {
    let mut call = call();
    call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "any time on Tuesday"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.tells("yes please, and where can I park?");
    call.calls(proposal(&shown.slots[1].slot, ""));
    assert!(refusal(&call.calls(Tool::Confirm(Confirm {}))).contains("clear yes"));
    assert_eq!(call.confirmed().len(), 0);
    assert_eq!(call.bookings.iter().filter(|booking| booking.active(call.now)).count(), 1, "one is kept at a time");
}

#[test]
fn a_yes_to_a_read_back_that_was_talked_over_is_none() {
    let mut call = call();
    call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.happens(crate::domain::dialogue::Event::TalkedOver { heard: "That's a".into() });
    let again = call.tells("yes").expect("the machine");
    assert!(again.contains("Just to be sure"), "{again}");
    assert_eq!(call.dialogue.situation(call.now).heard_of_ours.as_deref(), Some("That's a"));
    assert!(call.tells("yes").expect("the machine").contains("You're booked"));
}

#[test]
fn somebody_was_faster() {
    let mut call = call();
    call.tells("a haircut on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.refuses = Some(Failure::Taken);
    let answer = call.calls(proposal(&shown.slots[0].slot, ""));
    assert!(answer.say.contains("just taken that time") && answer.say.contains("I could offer you"), "{answer:?}");
    assert_eq!(call.dialogue.state().asked, Asked::Which);
}

#[test]
fn ten_times_are_kept_and_no_more() {
    let mut call = call();
    call.tells("a haircut on Tuesday, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday"));
    for turn in 0..10 {
        call.calls(proposal(&shown.slots[turn % 2].slot, ""));
    }
    let answer = call.calls(proposal(&shown.slots[0].slot, ""));
    assert!(refusal(&answer).contains("No more times"), "{answer:?}");
    assert_eq!(call.bookings.iter().filter(|booking| booking.active(call.now)).count(), 1);
}

#[test]
fn two_appointments_are_made_and_no_more() {
    let mut call = call();
    for day in ["Tuesday", "Wednesday"] {
        call.tells(&format!("a haircut on {day} at ten, this is Anna Kovacs"));
        let shown = call.calls(times("Haircut", &format!("{day} at ten")));
        call.calls(proposal(&shown.slots[0].slot, "Anna Kovacs"));
        assert!(call.tells("yes").is_some_and(|said| said.contains("You're booked")));
    }
    call.tells("and one on Thursday at ten");
    let shown = call.calls(times("Haircut", "Thursday at ten"));
    let answer = call.calls(proposal(&shown.slots[0].slot, ""));
    assert!(refusal(&answer).contains("No more appointments"), "{answer:?}");
}

fn anna() -> Story {
    let mut call = call();
    call.has_booked(0, 0, "2026-11-25T10:00", "Anna Kovacs", "+12125550177");
    call
}

#[test]
fn an_appointment_is_told_to_who_knows_its_name() {
    let mut call = anna();
    call.tells("when is my appointment?");
    let asks = call.calls(find("", "", FindTo::Tell));
    assert!(asks.bookings.is_empty() && asks.say.contains("What name"), "{asks:?}");
    let guess = call.calls(find("Anna Kovacs", "", FindTo::Tell));
    assert!(refusal(&guess).contains("has not said that name"), "{guess:?}");
    call.tells("it's Anna Kovacs");
    let found = call.calls(find("Anna Kovacs", "", FindTo::Tell));
    assert_eq!(found.bookings.len(), 1);
    assert!(found.say.contains("10 a.m."), "{found:?}");
    assert_eq!(call.dialogue.ground(call.now).own.len(), 1);
}

#[test]
fn an_appointment_is_cancelled_with_its_day_and_a_yes() {
    let mut call = anna();
    call.tells("I need to cancel my appointment, my name is Anna Kovacs");
    let day = call.calls(find("Anna Kovacs", "", FindTo::Cancel));
    assert!(day.bookings.is_empty() && day.say.contains("which day"), "{day:?}");
    call.dialogue.said_by_model("Which day is it on?");
    call.tells("Wednesday");
    let found = call.calls(find("Anna Kovacs", "Wednesday", FindTo::Cancel));
    assert!(found.bookings.len() == 1 && !found.say.contains("Shall I"), "{found:?}");
    assert!(refusal(&call.calls(Tool::Confirm(Confirm {}))).contains("nothing to confirm"));
    let asks = call.calls(cancel(&found.bookings[0].booking));
    assert!(asks.say.contains("Shall I cancel it?"), "{asks:?}");
    assert!(refusal(&call.calls(Tool::Confirm(Confirm {}))).contains("clear yes"));
    let done = call.tells("yes, cancel it").expect("the machine");
    assert!(done.contains("is cancelled"), "{done}");
    assert!(call.dialogue.ground(call.now).cancelled && call.confirmed().is_empty());
}

#[test]
fn a_yes_to_something_else_cancels_nothing() {
    let mut call = anna();
    call.tells("I need to cancel my appointment on Wednesday, my name is Anna Kovacs");
    let found = call.calls(find("Anna Kovacs", "Wednesday", FindTo::Cancel));
    call.calls(cancel(&found.bookings[0].booking));
    assert_eq!(call.tells("hang on, are you open on Mondays?"), None);
    call.dialogue.said_by_model("Yes, from one. Do you like Mondays?");
    let again = call.tells("yes").expect("the machine");
    assert!(again.contains("Shall I cancel it?") && call.confirmed().len() == 1, "{again}");
    assert!(call.tells("yes").expect("the machine").contains("is cancelled"));
}

#[test]
fn several_told_ones_are_changed_by_their_day() {
    let mut call = anna();
    call.has_booked(1, 0, "2026-11-26T10:00", "Anna Kovacs", "+12125550177");
    call.tells("which appointments do I have? Anna Kovacs");
    let told = call.calls(find("Anna Kovacs", "", FindTo::Tell));
    assert_eq!(told.bookings.len(), 2, "{told:?}");
    let answer = call.calls(cancel(&told.bookings[1].booking));
    assert!(refusal(&answer).contains("which day"), "{answer:?}");
    call.tells("cancel the one on Thursday");
    let found = call.calls(find("Anna Kovacs", "Thursday", FindTo::Cancel));
    assert_eq!(found.bookings, told.bookings[1..]);
    assert!(refusal(&call.calls(cancel(&told.bookings[0].booking))).contains("which day"));
    assert!(call.calls(cancel(&told.bookings[1].booking)).say.contains("Thursday"));
}

#[test]
fn a_strangers_appointments_stay_theirs() {
    let mut call = anna();
    call.tells("I want to cancel my appointment, my name is Peter Miller, on Wednesday");
    let first = call.calls(find("Peter Miller", "Wednesday", FindTo::Cancel));
    assert!(first.bookings.is_empty() && first.say.contains("can't find") && !first.say.contains("Anna"), "{first:?}");
    for _ in 0..10 {
        call.tells("my name is Peter Miller");
        let again = call.calls(find("Peter Miller", "Wednesday", FindTo::Cancel));
        assert!(again.bookings.is_empty() && !again.say.contains("Anna"), "{again:?}");
    }
    assert!(refusal(&call.calls(find("", "", FindTo::Tell))).contains("No more"));
    assert!(refusal(&call.calls(cancel("b1"))).contains("find_bookings"));
}

#[test]
fn without_a_number_on_the_line_nothing_is_looked_up() {
    let mut call = Story::at(salon(), "2026-11-20T10:00", None);
    call.has_booked(0, 0, "2026-11-25T10:00", "Anna Kovacs", "+12125550177");
    call.tells("when is my appointment? it's Anna Kovacs, my number is two one two five five five oh one seven seven");
    let answer = call.calls(find("Anna Kovacs", "", FindTo::Tell));
    assert!(answer.bookings.is_empty() && answer.say.contains("from the number they were booked with"), "{answer:?}");
}

#[test]
fn a_move_by_tools() {
    let mut call = anna();
    call.tells("I need to move my haircut on Wednesday to Friday, this is Anna Kovacs");
    let found = call.calls(find("Anna Kovacs", "Wednesday", FindTo::Move));
    let moving = Some(found.bookings[0].booking.clone());
    let wanted = LookUpTimes { when: Some(said("next Friday at four")), moving, ..LookUpTimes::default() };
    let shown = call.calls(Tool::LookUpTimes(wanted));
    assert_eq!(shown.slots[0].at, "Friday, November 27th at 4 p.m.", "{shown:?}");
    assert_eq!(shown.slots[0].staff, "Maria");
    let read_back = call.calls(proposal(&shown.slots[0].slot, ""));
    assert!(read_back.say.contains("I'd move") && read_back.say.contains("Is that right?"), "{read_back:?}");
    let done = call.tells("yes").expect("the machine");
    assert!(done.contains("your appointment is now Friday"), "{done}");
    assert_eq!(call.booked(), "2026-11-27T16:00 Haircut Maria Anna Kovacs");
    assert!(call.dialogue.ground(call.now).moved);
}

#[test]
fn a_move_to_somebody_else_is_kept_as_it_was_taken() {
    let mut call = anna();
    call.tells("I need to move my haircut on Wednesday, this is Anna Kovacs");
    let found = call.calls(find("Anna Kovacs", "Wednesday", FindTo::Move));
    call.dialogue.said_by_model("When would suit you?");
    call.tells("Friday at four, with James");
    let moving = Some(found.bookings[0].booking.clone());
    let (staff, when) = (Some("James".into()), Some(said("Friday the 27th at four")));
    let shown = call.calls(Tool::LookUpTimes(LookUpTimes { staff, when, moving, ..LookUpTimes::default() }));
    let read_back = call.calls(proposal(&shown.slots[0].slot, ""));
    assert!(read_back.say.contains("Is that right?"), "{read_back:?}");
    assert!(call.tells("yes that's right").is_some_and(|said| said.contains("now Friday")));
    assert_eq!(call.booked(), "2026-11-27T16:00 Haircut James Anna Kovacs");
}

#[test]
fn too_close_to_be_moved() {
    let mut call = call();
    call.has_booked(0, 0, "2026-11-20T11:00", "Anna Kovacs", "+12125550177");
    call.tells("I need to move my appointment today, this is Anna Kovacs");
    let answer = call.calls(find("Anna Kovacs", "today", FindTo::Move));
    assert!(answer.say.contains("too close"), "{answer:?}");
    assert!(answer.bookings.is_empty());
}

#[test]
fn facts_are_the_owners() {
    let mut call = call();
    call.tells("a few questions first");
    for (asked, answer) in [
        ("how much is a color?", "120 dollars"),
        ("price of a haircut", "45 dollars"),
        ("opening hours on Thursday", "8 p.m."),
        ("opening hours", "Monday"),
        ("where are you?", "Juniper Street"),
        ("is there parking?", "free parking"),
        ("what services do you offer?", "beard trim"),
        ("do you have wifi?", "don't know"),
        ("delete my data", "data"),
        ("", "don't know"),
        ("qwertz", "don't know"),
    ] {
        let told = call.calls(question(asked));
        assert!(told.say.contains(answer), "{asked}: {told:?}");
    }
    assert_eq!(call.dialogue.state().asked, Asked::Help);
}

#[test]
fn a_message_is_passed_on_and_the_arrangement_goes_on() {
    let message = |text: &str| Tool::TakeMessage(TakeMessage { text: text.into() });
    let mut call = call();
    call.tells("a haircut on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.tells("and tell Maria I loved the last one");
    let answer = call.calls(message("I loved\r\nthe last one"));
    assert!(answer.say.contains("pass that on") && answer.say.contains("Shall I book it?"), "{answer:?}");
    assert_eq!(call.notes, ["I loved the last one"]);
    assert!(refusal(&call.calls(message(" \u{0} "))).contains("empty"));
    call.calls(message(&"x".repeat(5_000)));
    assert_eq!(call.notes[1].chars().count(), 500);
    call.calls(message("again"));
    assert!(refusal(&call.calls(message("and again"))).contains("No more messages"));
}

#[test]
fn a_person_is_there_or_a_message_is_taken() {
    let mut call = call();
    assert!(refusal(&call.calls(Tool::Transfer(Transfer {}))).contains("not said anything"));
    call.tells("can I talk to somebody?");
    let answer = call.calls(Tool::Transfer(Transfer {}));
    assert!(answer.say.contains("What should I tell them?"), "{answer:?}");
    assert_eq!(call.dialogue.situation(call.now).waits_for, WaitsFor::Message);
    let mut business = salon();
    business.transfer_to = "+12125550142".parse().ok();
    let mut call = Story::at(business, "2026-11-20T10:00", Some("+12125550177"));
    call.tells("a person please");
    let answer = call.calls(Tool::Transfer(Transfer {}));
    assert!(answer.say.contains("put you through") && call.ended, "{answer:?}");
}

#[test]
fn a_call_is_not_ended_on_somebody_who_wants_something() {
    let mut call = call();
    assert!(refusal(&call.calls(Tool::EndCall(EndCall {}))).contains("Answer that first"));
    call.tells("I'd like a haircut");
    assert!(refusal(&call.calls(Tool::EndCall(EndCall {}))).contains("Answer that first"));
    call.tells("no, that's all, thank you");
    let answer = call.calls(Tool::EndCall(EndCall {}));
    assert!(answer.say.contains("Goodbye") && call.ended, "{answer:?}");
}

#[test]
fn who_says_goodbye_to_the_read_back_is_asked_once() {
    let mut call = call();
    call.tells("a haircut on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.tells("great, bye bye");
    let answer = call.calls(Tool::EndCall(EndCall {}));
    assert!(answer.say.contains("Before you go: shall I book it?") && !call.ended, "{answer:?}");
}

#[test]
fn the_language_is_one_of_the_businesss() {
    let speak = |language: &str| Tool::SpeakLanguage(SpeakLanguage { language: language.into() });
    let mut call = call();
    call.tells("hola");
    assert!(refusal(&call.calls(speak("es-US"))).contains("en-US"));
    let mut business = salon();
    business.voice.languages = vec!["es-US".into()];
    let mut call = Story::at(business, "2026-11-20T10:00", Some("+12125550177"));
    call.tells("hola");
    assert!(refusal(&call.calls(speak("fr-FR"))).contains("en-US, es-US"));
    assert!(refusal(&call.calls(speak("en"))).contains("already"));
    let answer = call.calls(speak("es"));
    assert_eq!((answer.refused.as_deref(), call.dialogue.language()), (None, "es-US"));
    assert_eq!(call.dialogue.ground(call.now).language, "es-US");
}

#[test]
fn what_needs_no_model_is_answered_without_one() {
    for (words, answer) in [
        ("my husband can't breathe", "9 1 1"),
        ("my card number is four one one one one one one one one one one one one one one one", "card or identity"),
        ("sorry, wrong number", "No problem"),
    ] {
        let mut call = call();
        let said = call.tells(words);
        assert!(said.as_ref().is_some_and(|said| said.contains(answer)), "{words}: {said:?}");
    }
    let mut call = call();
    call.tells("hello");
    call.dialogue.said_by_model("Hi there! Do you want a cut or a color?");
    let again = call.tells("sorry, can you repeat that?");
    assert_eq!(again.as_deref(), Some("Hi there! Do you want a cut or a color?"));
    assert_eq!(call.tells("..."), Some(String::new()));
}

#[test]
fn what_is_free_next_is_known_before_anybody_asks() {
    let mut call = call();
    let requests = call.dialogue.prefetch(call.now);
    assert_eq!(requests.len(), 3);
    for request in requests {
        let reply = call.answers(&request);
        call.dialogue.prefetched(&request, reply);
    }
    call.tells("when could I come for a beard trim?");
    let situation = call.dialogue.situation(call.now);
    assert_eq!(situation.next_free.len(), 3, "{situation:?}");
    let beard = situation.next_free.iter().find(|next| next.service == "Beard trim").expect("it");
    assert!(call.dialogue.ground(call.now).offered.len() >= 3);
    // What the model says of them the machine understands, too.
    let said = format!("I have {}. Does that work for you?", beard.slots[0].at);
    call.dialogue.said_by_model(&said);
    assert_eq!(call.dialogue.state().asked, Asked::Which);
    call.tells("yes");
    let name = call.calls(proposal(&beard.slots[0].slot, ""));
    assert!(name.say.contains("your name"), "{name:?}");
    call.tells("hm?");
    assert!(call.dialogue.situation(call.now).next_free.is_empty(), "told once");
}

#[test]
fn what_is_not_true_is_replaced_by_what_is() {
    let mut call = call();
    call.tells("I'd like a haircut");
    let said = call.instead_of(Claim::Booked);
    assert!(said.starts_with("It isn't booked yet.") && said.ends_with('?'), "{said}");
    let shown = call.calls(times("Haircut", "Tuesday"));
    for claim in [Claim::Free, Claim::When] {
        let said = call.instead_of(claim);
        assert!(said.contains("9 a.m.") && said.ends_with('?'), "{claim:?}: {said}");
    }
    let said = call.instead_of(Claim::Price);
    assert!(said.contains("45 dollars") && said.ends_with('?'), "{said}");
    call.calls(proposal(&shown.slots[0].slot, "Anna Kovacs"));
    for claim in [Claim::Booked, Claim::When, Claim::Free] {
        let said = call.instead_of(claim);
        assert!(said.contains("That's a haircut") && said.contains("Shall I book it?"), "{claim:?}: {said}");
    }
    for claim in [Claim::Number, Claim::Secret, Claim::Promise, Claim::Language, Claim::Passed, Claim::Moved] {
        let said = call.instead_of(claim);
        assert!(said.ends_with("Shall I book it?"), "{claim:?}: {said}");
    }
    let done = call.tells("yes").expect("the machine");
    assert!(done.contains("You're booked"), "what is true was read back: {done}");
}

#[test]
fn never_mind_lets_go_of_what_was_arranged() {
    for words in ["never mind", "oh, cancel that"] {
        let mut call = call();
        call.tells("a haircut on Tuesday at ten, this is Anna Kovacs");
        let shown = call.calls(times("Haircut", "Tuesday at ten"));
        call.calls(proposal(&shown.slots[0].slot, ""));
        let said = call.tells(words);
        assert!(said.as_ref().is_some_and(|said| said.contains("I've left it")), "{words}: {said:?}");
        assert_eq!(call.bookings.iter().filter(|booking| booking.active(call.now)).count(), 0);
    }
}

#[test]
fn a_time_that_is_kept_is_not_in_its_own_way() {
    let mut call = call();
    call.tells("a haircut with Maria Thursday at half past three, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Thursday at half past three"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.tells("could we make that three instead?");
    let three = call.calls(times("Haircut", "three"));
    assert_eq!(three.slots.len(), 1, "{three:?}");
    assert!(three.slots[0].at.contains("Thursday") && three.slots[0].staff == "Maria", "{three:?}");
    let read_back = call.calls(proposal(&three.slots[0].slot, ""));
    assert!(read_back.say.contains("at 3 p.m."), "{read_back:?}");
    call.tells("yes");
    assert_eq!(call.booked(), "2026-11-26T15:00 Haircut Maria Anna Kovacs");
}

#[test]
fn after_a_message_the_time_that_is_kept_now_is_read_back_and_no_earlier_one() {
    let mut call = call();
    call.tells("This is Anna Kovacs, a haircut on Tuesday or Friday at ten");
    let tuesday = call.calls(times("Haircut", "Tuesday at ten"));
    let read_back = call.calls(proposal(&tuesday.slots[0].slot, "Anna Kovacs"));
    assert!(read_back.say.contains("Tuesday"), "{read_back:?}");
    // A message is begun, and a model that has its own head proposes another time in the middle of it.
    call.says("can I leave a message");
    call.tells("Friday would be better");
    let friday = call.calls(times("Haircut", "Friday the 27th at ten"));
    let other = call.calls(proposal(&friday.slots[0].slot, "Anna Kovacs"));
    assert!(other.say.contains("Friday"), "{other:?}");
    let taken = call.calls(Tool::TakeMessage(TakeMessage { text: "I left my umbrella".into() }));
    assert!(!taken.say.contains("Tuesday"), "{taken:?}");
    if taken.say.contains("Shall I book it?") {
        assert!(taken.say.contains("Friday"), "{taken:?}");
    }
}
