//! What is said about time, together with the rest of the sentence. These need the grammar of `domain/time`.

use jiff::civil::Weekday::{self, Thursday, Tuesday};

use super::{hear, phone, service, staff};
use crate::domain::{
    time::{Clock, ClockTime, Day, Half, Part, When, Which},
    understand::{Answer, Choice, Expecting, Intent},
};

fn on(weekday: Weekday) -> When {
    When { day: Some(Day::Weekday { weekday, which: Which::Coming }), clock: None }
}

fn at(hour: i8) -> When {
    When { day: None, clock: Some(Clock::At(ClockTime { hour, minute: 0, half: None })) }
}

#[test]
fn a_whole_booking_in_one_breath() {
    for text in [
        "Hi, a haircut with Maria on Tuesday at three, please, this is Anna Kovacs.",
        "hi can i get a haircut tuesday with maria at three this is anna kovacs",
    ] {
        let said = hear(text, Expecting::Anything);
        assert_eq!(said.when, Some(on(Tuesday).then(at(3))), "{text}");
        assert_eq!(service(&said).as_deref(), Some("Haircut"), "{text}");
        assert_eq!(staff(&said).as_deref(), Some("Maria"), "{text}");
        assert_eq!(said.name.as_deref(), Some("Anna Kovacs"), "{text}");
        assert!(said.intents.contains(&Intent::Book), "{text}");
    }
}

#[test]
fn names_that_are_months_are_names() {
    for (text, name) in [("my name is April Summers", "April Summers"), ("this is May Chen", "May Chen")] {
        let said = hear(text, Expecting::Anything);
        assert_eq!((said.name.as_deref(), said.when), (Some(name), None), "{text}");
    }
    let said = hear("June", Expecting::Name);
    assert_eq!((said.name.as_deref(), said.when), (Some("June"), None));
    let said = hear("Friday", Expecting::Name);
    assert!(said.name.is_none() && said.when.is_some());
    assert_eq!(hear("book it for August 7", Expecting::Anything).name, None);
}

#[test]
fn words_that_only_look_like_time_are_none() {
    for (text, expecting) in [
        ("good morning, a haircut please", Expecting::Anything),
        ("my number is 415 555 2671", Expecting::Anything),
        ("four one five five five five two six seven one", Expecting::Phone),
        ("the first one", Expecting::Choice(2)),
        ("the second", Expecting::Choice(2)),
        ("have a good evening", Expecting::Anything),
    ] {
        assert_eq!(hear(text, expecting).when, None, "{text}");
    }
    let said = hear("my number is 415 555 2671 and I want tomorrow at five", Expecting::Anything);
    assert_eq!(said.when, Some(When { day: Some(Day::InDays(1)), clock: None }.then(at(5))));
    assert_eq!(phone(&said).as_deref(), Some("+14155552671"));
}

#[test]
fn a_day_that_is_refused_is_not_wished() {
    for text in ["not Tuesday", "I can't do Tuesday", "Tuesday doesn't work for me"] {
        let said = hear(text, Expecting::YesNo);
        assert_eq!((said.when, said.answer), (None, Some(Answer::No)), "{text}");
    }
    for text in ["not Tuesday, Thursday", "no, Thursday", "no it's Thursday, not Tuesday"] {
        let said = hear(text, Expecting::YesNo);
        assert_eq!(said.when, Some(on(Thursday)), "{text}");
        assert!(said.answer == Some(Answer::No) && said.correction, "{text}");
    }
    let said = hear("not Tuesday but Thursday at two", Expecting::YesNo);
    assert_eq!(said.when, Some(on(Thursday).then(at(2))));
}

#[test]
fn a_yes_may_carry_a_time_and_a_change_carries_no_yes() {
    for text in ["yes, Thursday at four", "Thursday at four, yes please", "yes Thursday at four is perfect"] {
        let said = hear(text, Expecting::YesNo);
        assert_eq!(said.when, Some(on(Thursday).then(at(4))), "{text}");
        assert_eq!(said.answer, Some(Answer::Yes), "{text}");
    }
    for text in
        ["yes, actually make it four", "book it for four", "okay, at four", "sounds good but at four", "make it four"]
    {
        let said = hear(text, Expecting::YesNo);
        assert_eq!((said.when, said.answer), (Some(at(4)), None), "{text}");
    }
    for text in ["why not tomorrow", "great, tomorrow", "yes, later", "what about Friday"] {
        let said = hear(text, Expecting::YesNo);
        assert!(said.when.is_some() && said.answer.is_none(), "{text}");
    }
}

#[test]
fn a_bare_hour_is_a_time_where_times_were_asked_or_offered() {
    assert_eq!(hear("ten", Expecting::When).when, Some(at(10)));
    assert_eq!(hear("the ten one", Expecting::Choice(2)).when, Some(at(10)));
    assert_eq!(hear("I don't mind", Expecting::When).when, Some(When { day: Some(Day::Any), clock: None }));
    // "Two" may be the second offer or two o'clock; the dialogue sees both and knows what was offered.
    let said = hear("two", Expecting::Choice(2));
    assert_eq!((said.choice, said.when), (Some(Choice::Nth(1)), Some(at(2))));
}

#[test]
fn asking_for_a_day_is_asking_for_times() {
    let said = hear("can you do Tuesday", Expecting::Anything);
    assert_eq!((said.intents, said.when), (vec![Intent::AskTimes], Some(on(Tuesday))));
}

#[test]
fn half_a_day_that_is_refused_is_the_other_half_and_alone_it_is_an_answer() {
    let noon = ClockTime { hour: 12, minute: 0, half: Some(Half::Pm) };
    let ten = ClockTime { hour: 10, minute: 0, half: None };
    for (text, clock) in [
        ("not in the morning", Clock::AfterPart(Part::Morning)),
        ("not in the evening please", Clock::BeforePart(Part::Evening)),
        ("I can't do before ten", Clock::After(ten)),
        ("not before ten", Clock::After(ten)),
        ("I can't come after ten", Clock::Before(ten)),
        ("p.m.", Clock::After(noon)),
        ("the a m one please", Clock::Before(noon)),
    ] {
        assert_eq!(hear(text, Expecting::Choice(2)).when.and_then(|when| when.clock), Some(clock), "{text}");
    }
}
