//! The model dies, and the machine goes on with everything that was understood.

use super::{
    acting::{proposal, times},
    desk::{Story, call},
};
use crate::domain::dialogue::{
    Asked, Effect, Event, Overheard, State,
    tool::{AnswerFromFacts, Tool},
};

/// The caller says something, and no model answers.
fn unanswered(call: &mut Story, words: &str) -> String {
    match call.tells(words) {
        Some(said) => said,
        None => call.model_dies(),
    }
}

#[test]
fn a_call_without_any_model_is_the_scripted_call() {
    for turns in [
        &["I'd like a haircut with Maria", "Tuesday", "the first one", "Anna Kovacs", "yes please", "no thanks"][..],
        &["what do you charge?", "a color then", "next Thursday at two", "Peter Miller", "no, the name is wrong"][..],
        &["wibble", "wobble", "over there and back again", "no", "goodbye"][..],
    ] {
        let (mut scripted, mut fallen) = (call(), call());
        for words in turns {
            assert_eq!(scripted.says(words), unanswered(&mut fallen, words), "{words}");
        }
        assert_eq!(scripted.booked(), fallen.booked());
    }
}

#[test]
fn a_model_that_dies_at_any_turn_leaves_a_call_that_is_booked() {
    for dies_at in 0..4 {
        let mut call = call();
        let mut said = String::new();
        for (turn, words) in
            ["I'd like a haircut on Tuesday", "the first one", "Anna Kovacs", "yes please"].into_iter().enumerate()
        {
            if let Some(own) = call.tells(words) {
                said = own;
                continue;
            }
            if turn >= dies_at {
                said = call.model_dies();
                continue;
            }
            said = match turn {
                0 => {
                    let answer = call.calls(times("Haircut", "Tuesday"));
                    let words = format!("{} Which one?", answer.say);
                    call.dialogue.said_by_model(&words);
                    words
                }
                1 => call.calls(proposal("s1", "")).say,
                _ => call.calls(proposal("", words)).say,
            };
        }
        assert!(said.contains("You're booked"), "{dies_at}: {said}");
        assert_eq!(call.booked(), "2026-11-24T09:00 Haircut Maria Anna Kovacs", "{dies_at}");
    }
}

#[test]
fn what_a_model_asked_in_its_own_words_is_answered_to_the_machine() {
    for (question, answer, expected) in [
        ("Lovely! And what's your name?", "Anna Kovacs", "Anna"),
        ("Sure thing. Who am I speaking with?", "Anna Kovacs", "Anna"),
        ("What would you like to have done?", "Beard trim", "beard trim"),
        ("Great. What day works best for you?", "Tuesday", "Tuesday"),
        ("Anything else I can help you with?", "no thanks", "Goodbye"),
        ("Would you like me to take a message?", "yes please", "tell them"),
    ] {
        let mut call = call();
        call.tells("I'd like a haircut");
        call.dialogue.said_by_model(question);
        let said = unanswered(&mut call, answer);
        let name = call.dialogue.state().name.clone().unwrap_or_default();
        assert!(said.contains(expected) || name.contains(expected), "{question}: {said}");
    }
}

#[test]
fn a_time_a_model_offered_in_its_own_words_can_be_taken() {
    let mut call = call();
    call.tells("a haircut on Tuesday");
    let shown = call.calls(times("Haircut", "Tuesday"));
    assert_eq!(shown.slots.len(), 3);
    let last = shown.slots[2].at.clone();
    call.dialogue.said_by_model(&format!("How about {last}, would that work for you?"));
    let said = unanswered(&mut call, "yes");
    assert!(said.contains("is free") && said.contains("name"), "{said}");
    assert_eq!(call.bookings.len(), 1);
}

#[test]
fn what_a_tool_found_is_said_when_the_model_dies_after_it() {
    let mut call = call();
    call.tells("a haircut on Tuesday please");
    call.calls(times("Haircut", "Tuesday"));
    let found = call.model_dies();
    assert!(found.contains("9 a.m.") && found.ends_with('?'), "{found}");
    let said = unanswered(&mut call, "the first one");
    assert!(said.contains("name"), "{said}");
}

#[test]
fn a_search_that_was_dropped_is_begun_again() {
    let mut call = call();
    call.tells("a haircut on Tuesday please");
    let effects = call.dialogue.act(times("Haircut", "Tuesday"), call.now).expect("done");
    assert!(matches!(effects.as_slice(), [Effect::Desk(_)]), "{effects:?}");
    let said = call.model_dies();
    assert!(said.contains("9 a.m."), "{said}");
}

#[test]
fn an_answer_that_was_found_is_given() {
    let mut call = call();
    call.tells("where can I park?");
    call.calls(Tool::AnswerFromFacts(AnswerFromFacts { question: "parking".into() }));
    let said = call.model_dies();
    assert!(said.contains("free parking") && said.ends_with('?'), "{said}");
}

#[test]
fn the_machine_takes_its_own_step_where_a_model_had_only_looked() {
    let words = "This is Anna Kovacs, a haircut with Maria on Tuesday at half past three";
    let (mut scripted, mut fallen) = (call(), call());
    fallen.tells(words);
    fallen.calls(times("Haircut", "Tuesday at half past three"));
    assert_eq!(scripted.says(words), fallen.model_dies());
}

#[test]
fn a_time_that_looking_gave_up_is_kept_again() {
    let mut call = call();
    call.tells("This is Anna Kovacs, a haircut with Maria on Tuesday at ten");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.tells("hm, and is there anything on Thursday?");
    call.calls(times("Haircut", "any time on Thursday"));
    let said = call.model_dies();
    assert!(said.contains("Thursday"), "{said}");
    let read_back = unanswered(&mut call, "no, Tuesday at ten please");
    assert!(read_back.contains("Tuesday, November 24th at 10 a.m.") && read_back.contains("Shall I"), "{read_back}");
    assert_eq!(call.bookings.iter().filter(|booking| booking.active(call.now)).count(), 1);
}

#[test]
fn a_refused_tool_has_done_nothing() {
    let (mut scripted, mut fallen) = (call(), call());
    fallen.tells("I'd like a haircut with Maria on Tuesday at ten");
    assert!(fallen.calls(proposal("s7", "Mallory")).refused.is_some());
    assert_eq!(scripted.says("I'd like a haircut with Maria on Tuesday at ten"), fallen.model_dies());
    let without = |state: &State| State { said: String::new(), ..state.clone() };
    assert_eq!(without(scripted.dialogue.state()), without(fallen.dialogue.state()));
}

#[test]
fn words_while_a_change_is_made_come_back_to_the_model() {
    let mut call = call();
    call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    let Overheard::Handled(effects) = call.dialogue.overhear("yes".into(), call.now) else { panic!("not booked") };
    let [Effect::Desk(request)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(call.dialogue.overhear("and is there parking?".into(), call.now), Overheard::Waits);
    assert!(call.dialogue.act(proposal("s1", ""), call.now).is_err(), "nothing else is begun meanwhile");
    assert_eq!(call.dialogue.fall_back(call.now), [], "and nothing is said but its answer");
    assert!(call.dialogue.take_meanwhile().is_empty(), "not before it has come");
    assert_eq!(call.dialogue.overhear("behind the house?".into(), call.now), Overheard::Waits);
    let reply = call.answers(request);
    let said = call.happens(Event::Desk(reply));
    assert!(said.contains("You're booked") && !said.contains("parking"), "{said}");
    assert_eq!(call.dialogue.take_meanwhile(), ["and is there parking?", "behind the house?"]);
    assert!(call.dialogue.take_meanwhile().is_empty());
}

#[test]
fn no_wait_said_too_late_is_answered_with_the_booking() {
    let mut call = call();
    call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    let Overheard::Handled(effects) = call.dialogue.overhear("yes".into(), call.now) else { panic!("not booked") };
    let [Effect::Desk(request)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(call.dialogue.overhear("no wait".into(), call.now), Overheard::Waits);
    let reply = call.answers(request);
    let said = call.happens(Event::Desk(reply));
    assert!(said.contains("You're booked") && said.contains("move it or cancel it"), "{said}");
    assert!(call.dialogue.take_meanwhile().is_empty());
}

#[test]
fn a_filter_is_answered_with_a_person_or_a_message() {
    let mut call = call();
    call.tells("a haircut on Tuesday please");
    let effects = call.dialogue.decline(call.now);
    assert!(matches!(effects.last(), Some(Effect::Say(asks)) if asks.contains("message")), "{effects:?}");
    assert_eq!(call.dialogue.state().asked, Asked::OfferMessage);
}

#[test]
fn a_connection_that_comes_back_hears_what_was_asked_last() {
    let mut call = call();
    call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.tells("hmm, is there parking?");
    call.dialogue.said_by_model("Yes, behind the house. So, shall we do that?");
    let again = call.happens(Event::Reconnected);
    assert!(again.contains("That's a haircut with Maria") && again.contains("Shall I book it?"), "{again}");
    assert!(call.tells("yes").is_some_and(|said| said.contains("You're booked")));
}

#[test]
fn what_the_caller_wanted_is_known_though_a_model_answered_it() {
    let booked = || {
        let mut call = call();
        call.has_booked(0, 0, "2026-11-25T10:00", "Anna Kovacs", "+12125550177");
        call
    };
    let mut call = booked();
    call.tells("I need to cancel my appointment");
    call.dialogue.said_by_model("Sure, no problem. What name is it under?");
    let day = unanswered(&mut call, "Anna Kovacs");
    assert!(day.contains("which day"), "{day}");
    assert!(unanswered(&mut call, "Wednesday").contains("Shall I cancel it?"));
    let mut call = booked();
    call.tells("can I move my appointment on Wednesday?");
    call.dialogue.said_by_model("Of course! And your name is?");
    let when = unanswered(&mut call, "Anna Kovacs");
    assert!(when.contains("What day and time would suit you instead?"), "{when}");
    let mut call = booked();
    call.tells("when is my appointment?");
    call.dialogue.said_by_model("Let me see. What's your name, please?");
    let told = unanswered(&mut call, "Anna Kovacs");
    assert!(told.contains("10 a.m."), "{told}");
    let mut call = booked();
    call.tells("I'd like to make an appointment");
    call.dialogue.said_by_model("Lovely. May I have your name first?");
    let service = unanswered(&mut call, "Anna Kovacs");
    assert!(service.contains("What would you like to book"), "{service}");
}

#[test]
fn after_a_message_that_a_model_asked_for_the_arrangement_goes_on() {
    let mut call = call();
    call.tells("How much is a color, and do you have anything on Friday?");
    call.calls(times("Color", "Friday"));
    call.dialogue.said_by_model("A color is one hundred and twenty dollars. Which time suits you?");
    call.tells("can I leave a message first?");
    call.dialogue.said_by_model("Of course. What would you like me to pass on?");
    let said = unanswered(&mut call, "I forgot my umbrella");
    assert!(said.contains("pass that on") && said.contains("Which time suits you?"), "{said}");
    assert_eq!(call.notes, ["I forgot my umbrella"]);
}

#[test]
fn a_yes_before_the_read_back_is_none_to_it() {
    for early in ["yes", "yes please, and is there parking?"] {
        let mut call = call();
        call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
        let shown = call.calls(times("Haircut", "Tuesday at ten"));
        let effects = call.dialogue.act(proposal(&shown.slots[0].slot, ""), call.now).expect("done");
        let [Effect::Desk(request)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(call.dialogue.overhear(early.into(), call.now), Overheard::Waits);
        let reply = call.answers(request);
        assert!(call.happens(Event::Desk(reply)).contains("Shall I book it?"));
        for words in call.dialogue.take_meanwhile() {
            let said = unanswered(&mut call, &words);
            assert!(!said.contains("booked"), "{early}: {said}");
        }
        assert!(!call.dialogue.state().agreed && call.confirmed().is_empty());
    }
}

#[test]
fn another_day_over_the_read_back_is_looked_up_though_the_model_dies() {
    let mut call = call();
    call.tells("This is Anna Kovacs, a haircut with Maria on Thursday at three");
    let shown = call.calls(times("Haircut", "Thursday at three"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.tells("wait, not Thursday, Wednesday");
    call.calls(times("Haircut", "Wednesday"));
    let said = call.model_dies();
    assert!(said.contains("Wednesday") && said.contains("Shall I book it?"), "{said}");
    assert!(unanswered(&mut call, "yes").contains("You're booked"));
    assert_eq!(call.booked(), "2026-11-25T15:00 Haircut Maria Anna Kovacs");
}

#[test]
fn a_time_that_was_given_up_is_kept_again_before_it_is_booked() {
    let mut call = call();
    call.tells("This is Anna Kovacs, a haircut with Maria on Thursday at three");
    let shown = call.calls(times("Haircut", "Thursday at three"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    call.tells("is there parking?");
    call.calls(times("Haircut", "any time on Friday"));
    let said = call.model_dies();
    assert!(said.contains("free parking") && said.contains("Shall I book it?"), "{said}");
    let again = call.tells("yes").expect("the machine");
    assert!(again.contains("That's a haircut with Maria") && again.contains("Shall I book it?"), "{again}");
    assert!(call.tells("yes").is_some_and(|said| said.contains("You're booked")));
    assert_eq!(call.booked(), "2026-11-26T15:00 Haircut Maria Anna Kovacs");
}

#[test]
fn what_a_price_was_asked_of_is_what_is_wanted_next() {
    let mut call = call();
    call.tells("What does a color cost, and could I come on Friday?");
    call.dialogue.said_by_model("A color is one hundred and twenty dollars. Would you like to come in on Friday?");
    let said = unanswered(&mut call, "Yes, I'd like that on Friday");
    assert!(said.contains("I have Friday"), "{said}");
}

#[test]
fn hold_on_said_too_late_is_answered_by_what_was_said() {
    let mut call = call();
    call.tells("a haircut with Maria on Tuesday at ten, this is Anna Kovacs");
    let shown = call.calls(times("Haircut", "Tuesday at ten"));
    call.calls(proposal(&shown.slots[0].slot, ""));
    let Overheard::Handled(effects) = call.dialogue.overhear("yes".into(), call.now) else { panic!("not booked") };
    let [Effect::Desk(request)] = effects.as_slice() else { panic!("{effects:?}") };
    call.dialogue.overhear("oh wait, hold on".into(), call.now);
    let reply = call.answers(request);
    call.happens(Event::Desk(reply));
    for words in call.dialogue.take_meanwhile() {
        assert_eq!((call.tells(&words), call.model_dies().as_str()), (None, ""), "{words}");
    }
}
