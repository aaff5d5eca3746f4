//! What callers say, and what must be made of it, as tables of stories. The demo's salon offers a haircut ("cut",
//! "trim"), color ("dye") and a beard trim ("beard", "shave"); Maria and James ("Jim") work there.

use proptest::prelude::*;

use super::*;
use crate::testing::salon;

mod answers;
mod names;
mod phones;
mod times;

fn hear(text: &str, expecting: Expecting) -> Meaning {
    understand(text, &salon(), expecting)
}

fn service(said: &Meaning) -> Option<String> {
    let salon = salon();
    let name = |id: &ServiceId| salon.service(*id).unwrap().name.clone();
    Some(match said.service.as_ref()? {
        Match::One(id) => name(id),
        Match::Several(ids) => ids.iter().map(name).collect::<Vec<_>>().join(" or "),
        Match::Unknown(words) => format!("not {words}"),
    })
}

fn staff(said: &Meaning) -> Option<String> {
    let salon = salon();
    let name = |id: &StaffId| salon.member(*id).unwrap().name.clone();
    Some(match said.staff.as_ref()? {
        StaffWish::NoPreference => "anyone".into(),
        StaffWish::Named(Match::One(id)) => name(id),
        StaffWish::Named(Match::Several(ids)) => ids.iter().map(name).collect::<Vec<_>>().join(" or "),
        StaffWish::Named(Match::Unknown(name)) => format!("not {name}"),
    })
}

fn phone(said: &Meaning) -> Option<String> {
    Some(match said.phone.as_ref()? {
        SpokenNumber::Whole(number) => number.to_string(),
        SpokenNumber::Piece(digits) => format!("{digits}…"),
        SpokenNumber::ThisOne => "this one".into(),
    })
}

#[test]
fn one_breath_carries_everything() {
    for text in [
        "Hi, I'd like to book a haircut with Maria, my name is Anna Kovacs and my number is 415 555 2671.",
        "hi id like to book a haircut with maria my name is anna kovacs and my number is four one five five five five two six seven one",
        "um hi uh I'd like to book a hair cut with maria er my name is anna kovacs and my number is four one five triple five twenty six seventy one",
    ] {
        let said = hear(text, Expecting::Anything);
        assert_eq!(said.intents, [Intent::Greeting, Intent::Book], "{text}");
        assert_eq!(service(&said).as_deref(), Some("Haircut"), "{text}");
        assert_eq!(staff(&said).as_deref(), Some("Maria"), "{text}");
        assert_eq!(said.name.as_deref(), Some("Anna Kovacs"), "{text}");
        assert_eq!(phone(&said).as_deref(), Some("+14155552671"), "{text}");
    }
}

#[test]
fn what_the_caller_wants_is_heard() {
    use Intent::*;
    for (text, wants) in [
        ("I'd like to make an appointment", &[Book][..]),
        ("can i come in for a trim", &[Book]),
        ("I need a haircut", &[Book]),
        ("haircut please", &[Book]),
        ("I need to reschedule my appointment", &[Move]),
        ("can I move my haircut", &[Move]),
        ("push my appointment back an hour", &[Move]),
        ("I can't make my appointment, can I come Friday instead?", &[Move]),
        ("I can't make my appointment", &[Cancel]),
        ("cancel my booking please", &[Cancel]),
        ("no I don't want to cancel, I want to move it", &[Move]),
        ("when is my appointment", &[WhenIsMine]),
        ("can you tell me when my appointment is", &[WhenIsMine]),
        ("what are your opening hours", &[AskHours]),
        ("what time do you close", &[AskHours]),
        ("how much is a haircut", &[AskPrice]),
        ("how much does a shave cost and where are you", &[AskPrice, AskAddress]),
        ("what services do you offer", &[AskServices]),
        ("is there parking?", &[AskFact(0)]),
        ("do you take cards and is there parking", &[AskFact(1), AskFact(0)]),
        ("can I speak to a real person", &[Person]),
        ("can I talk to Maria", &[Person]),
        ("can I leave a message", &[LeaveMessage]),
        ("please have someone call me back", &[LeaveMessage]),
        ("could you say that again", &[Repeat]),
        ("sorry?", &[Repeat]),
        ("that's all, thank you, goodbye", &[Goodbye, Thanks]),
        ("never mind", &[NeverMind]),
        ("what times do you have", &[AskTimes]),
        ("is James available", &[AskTimes]),
        ("call 911, he's not breathing", &[Emergency]),
        ("nine one one", &[Emergency]),
        ("what's the cancellation policy", &[AskOther]),
        ("do you have wifi", &[AskOther]),
        ("id like to cancel thursday and book friday instead and what do you charge", &[Cancel, Book, AskPrice]),
        ("I need to amend my booking", &[Move]),
        ("I've got an appointment on Friday that I need to change", &[Move]),
        ("could you put my appointment back an hour", &[Move]),
        ("could I have it on Thursday instead", &[Move]),
        ("I don't want my appointment anymore", &[Cancel]),
        ("I'd like to see a doctor", &[Book]),
        ("my daughter needs a haircut", &[Book]),
        ("um hi äh I need a new appointment please", &[Greeting, Book]),
        ("im running ten minutes late", &[RunningLate]),
        ("I'm stuck in traffic, could you tell Maria", &[RunningLate, LeaveMessage]),
        ("oh sorry I've got the wrong number", &[WrongNumber]),
        ("wrong number, sorry", &[WrongNumber]),
        ("you stupid robot", &[Abuse]),
        ("what's your phone number", &[AskOther]),
        ("where are you and can I pay by card", &[AskAddress, AskFact(1)]),
        ("actually, leave it, I'll call again", &[NeverMind]),
        ("have you got my address", &[]),
        ("I don't want to book anything", &[NeverMind]),
        ("no I'm not trying to make an appointment", &[NeverMind]),
        ("sorry, wrong number", &[WrongNumber]),
    ] {
        assert_eq!(hear(text, Expecting::Anything).intents, wants, "{text}");
    }
}

#[test]
fn words_of_an_intent_in_other_company_do_not_mean_it() {
    for text in
        ["it's not an emergency", "how much time does it take", "I'm dying to see it", "I don't care", "we got cut off"]
    {
        assert_eq!(hear(text, Expecting::Anything).intents, [], "{text}");
    }
}

#[test]
fn i14_a_caller_may_ask_what_we_are_and_what_we_keep() {
    for (text, intent) in [
        ("are you a robot?", Intent::AskWhoYouAre),
        ("am I talking to a real person", Intent::AskWhoYouAre),
        ("is this a recording", Intent::AskWhoYouAre),
        ("delete my data", Intent::Privacy),
        ("stop recording", Intent::Privacy),
        ("are you recording this", Intent::Privacy),
    ] {
        assert_eq!(hear(text, Expecting::Anything).intents, [intent], "{text}");
    }
}

#[test]
fn i12_a_card_or_a_social_security_number_is_noticed_and_not_kept_as_a_number() {
    for text in [
        "my card number is 4111 1111 1111 1111",
        "four one one one one one one one one one one one one one one one",
        "it's 3782 822463 10005",
        "my social is 123 45 6789",
        "078-05-1120",
        "the security code is 123",
    ] {
        for expecting in [Expecting::Anything, Expecting::Phone, Expecting::Message] {
            let said = hear(text, expecting);
            assert!(said.intents.contains(&Intent::Sensitive), "{text}");
            assert_eq!(said.phone, None, "{text}");
        }
    }
    for text in ["can I pay by card", "415 555 2671", "+44 20 7946 0958", "1234567890123456"] {
        assert!(!hear(text, Expecting::Phone).intents.contains(&Intent::Sensitive), "{text}");
    }
}

#[test]
fn a_service_goes_by_many_words() {
    for (text, meant) in [
        ("a haircut", "Haircut"),
        ("two haircuts", "Haircut"),
        ("I want my hair cut", "Haircut"),
        ("men's haircut", "Haircut"),
        ("a quick trim", "Haircut"),
        ("can you cut my hair", "Haircut"),
        ("hair cat please", "Haircut"),
        ("I'd like my hair coloured", "Color"),
        ("the collar", "Color"),
        ("I'd like to get my hair dyed", "Color"),
        ("a beard trim", "Beard trim"),
        ("trim my beard", "Beard trim"),
        ("a trim for my beard", "Beard trim"),
        ("bird trim", "Beard trim"),
        ("shaving", "Beard trim"),
        ("a cut and color", "Haircut or Color"),
        ("a haircut, no, a beard trim", "Beard trim"),
        ("not a haircut, a beard trim", "Beard trim"),
    ] {
        assert_eq!(service(&hear(text, Expecting::Service)).as_deref(), Some(meant), "{text}");
    }
}

#[test]
fn a_service_that_is_not_offered_is_never_another_one() {
    for (text, words) in [
        ("I'd like a manicure", "manicure"),
        ("can I book a pedicure please", "pedicure"),
        ("do you do waxing", "waxing"),
        ("I want a nail trim", "nail trim"),
        ("eyebrow trim please", "eyebrow trim"),
        ("can you trim my dog", "trim my dog"),
        ("I'd like a color correction", "color correction"),
    ] {
        assert_eq!(service(&hear(text, Expecting::Anything)), Some(format!("not {words}")), "{text}");
    }
    assert_eq!(service(&hear("nails", Expecting::Service)).as_deref(), Some("not nails"));
    for text in ["I need a minute", "I'd like an appointment", "I have a question", "I want to talk to a human"] {
        assert_eq!(service(&hear(text, Expecting::Anything)), None, "{text}");
    }
}

#[test]
fn part_of_a_name_is_enough_when_it_fits_one_service_and_asked_when_it_fits_more() {
    let mut spa = salon();
    spa.services[0].name = "Swedish massage".into();
    spa.services[1].name = "Deep tissue massage".into();
    for service in &mut spa.services {
        service.also.clear();
    }
    let one = |n: usize| Some(Match::One(spa.services[n].id));
    assert_eq!(understand("a swedish one", &spa, Expecting::Service).service, one(0));
    assert_eq!(understand("deep tissue", &spa, Expecting::Service).service, one(1));
    let both = Some(Match::Several(vec![spa.services[0].id, spa.services[1].id]));
    assert_eq!(understand("I'd like a massage", &spa, Expecting::Anything).service, both);
}

#[test]
fn staff_go_by_their_names() {
    for (text, expecting, meant) in [
        ("with Maria", Expecting::Anything, Some("Maria")),
        ("is Jim in", Expecting::Anything, Some("James")),
        ("Maria please", Expecting::Staff, Some("Maria")),
        ("with marie", Expecting::Staff, Some("Maria")),
        ("Maria or James", Expecting::Staff, Some("Maria or James")),
        ("not Maria, James", Expecting::Staff, Some("James")),
        ("with Maria, not James", Expecting::Anything, Some("Maria")),
        ("anyone but Maria", Expecting::Staff, Some("James")),
        ("anyone", Expecting::Staff, Some("anyone")),
        ("I don't mind", Expecting::Staff, Some("anyone")),
        ("no preference", Expecting::Anything, Some("anyone")),
        ("whoever is free first", Expecting::Anything, Some("anyone")),
        ("with Peter", Expecting::Anything, Some("not Peter")),
        ("a haircut with Will please", Expecting::Anything, Some("not Will")),
        ("Sam", Expecting::Staff, Some("not Sam")),
        ("with pleasure", Expecting::Anything, None),
        ("with my insurance", Expecting::Anything, None),
        ("I don't mind", Expecting::YesNo, None),
        ("this is Maria", Expecting::Anything, None),
        ("Maria", Expecting::Name, None),
    ] {
        assert_eq!(staff(&hear(text, expecting)).as_deref(), meant, "{text}");
    }
}

#[test]
fn a_name_that_is_a_word_is_staff_only_where_people_are_named() {
    let mut shop = salon();
    shop.staff[0].name = "Will".into();
    let will = Some(StaffWish::Named(Match::One(shop.staff[0].id)));
    assert_eq!(understand("a haircut with will", &shop, Expecting::Anything).staff, will);
    assert_eq!(understand("will", &shop, Expecting::Staff).staff, will);
    assert_eq!(understand("will you be open", &shop, Expecting::Anything).staff, None);
}

#[test]
fn a_number_is_heard_in_words_figures_and_pieces() {
    for (text, meant) in [
        ("415 555 2671", "+14155552671"),
        ("(415) 555-2671.", "+14155552671"),
        ("two one two five five five oh one four two", "+12125550142"),
        ("two one two triple five oh one four two", "+12125550142"),
        ("four one five, um, five fifty five, twenty six seventy one", "+14155552671"),
        ("it's plus one four one five five five five two six seven one", "+14155552671"),
        ("eight hundred five five five one two one two", "+18005551212"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("415 555 2671 extension 12", "+14155552671"),
        ("415 555 2671, no, 2672", "+14155552672"),
        ("212 555 0142, sorry, 415 555 2671", "+14155552671"),
        ("415 555", "415555…"),
        ("double five triple two", "55222…"),
        ("this number is fine", "this one"),
        ("the one I'm calling from", "this one"),
        ("use this one", "this one"),
    ] {
        assert_eq!(phone(&hear(text, Expecting::Phone)).as_deref(), Some(meant), "{text}");
    }
}

#[test]
fn i4_what_is_no_number_is_a_piece_or_nothing() {
    for (text, meant) in [
        ("12", Some("12…")),
        ("12345678901234567", Some("12345678901234567…")),
        ("+0123456789", Some("+0123456789…")),
        ("letters", None),
        ("I don't have one", None),
        ("not this number", None),
        ("at 4 15", None),
    ] {
        assert_eq!(phone(&hear(text, Expecting::Phone)).as_deref(), meant, "{text}");
    }
    for text in ["I'd like one haircut", "at 10 30", "on 2026-12-03", "for two people"] {
        assert_eq!(phone(&hear(text, Expecting::Anything)), None, "{text}");
    }
}

#[test]
fn a_message_is_its_words() {
    let said = hear("  Tell Maria yes, cancel Tuesday. This is Anna, 415 555 2671 ", Expecting::Message);
    let only_text = Meaning { text: said.text.clone(), ..Meaning::default() };
    assert_eq!(said, only_text);
    assert_eq!(said.text, "Tell Maria yes, cancel Tuesday. This is Anna, 415 555 2671");
    assert_eq!(hear("never mind", Expecting::Message).intents, [Intent::NeverMind]);
}

fn party(text: &str, expecting: Expecting) -> Option<u16> {
    hear(text, expecting).people
}

#[test]
fn a_party_is_counted_however_it_is_said() {
    for (text, people) in [
        ("a table for four", 4),
        ("a haircut for two people please", 2),
        ("five adults and one child", 6),
        ("me and my two kids", 3),
        ("my husband and i", 2),
        ("just me", 1),
        ("it's just going to be me", 1),
        ("party of six", 6),
        ("there will be seven of us", 7),
        ("we're a group of twenty five", 25),
        ("me plus three", 4),
        ("myself, my sister and four friends", 6),
        ("for me and my parents", 3),
        ("two couples", 4),
        ("four or five people", 5),
        ("three people, no, four people", 4),
        ("four people, not three people", 4),
        ("haircuts for two at four", 2),
        ("a table for a dozen people", 12),
    ] {
        assert_eq!(party(text, Expecting::Anything), Some(people), "{text}");
    }
    for (text, people) in
        [("four", 4), ("um we're six", 6), ("there'll be about 32 of us", 32), ("56. Is that too many?", 56)]
    {
        assert_eq!(party(text, Expecting::People), Some(people), "{text}");
    }
}

#[test]
fn numbers_that_count_no_people_are_no_party() {
    for text in [
        "book it for four",
        "at four",
        "for 6 pm",
        "in two hours",
        "on the 4th of March",
        "one of us is vegetarian",
        "two of my friends are vegan",
        "one person more",
        "my number is 415 555 2671",
        "18:00 for the haircut",
        "I've been waiting for two hours",
        "the second one",
        "I'd like to speak to a person",
        "just me again",
    ] {
        assert_eq!(party(text, Expecting::Anything), None, "{text}");
    }
}

#[test]
fn what_the_business_should_know_is_noted_as_it_was_said() {
    for (text, note) in [
        ("I'm allergic to bleach", "I'm allergic to bleach"),
        ("a haircut please and im allergic to nuts and can i come on friday", "im allergic to nuts"),
        ("It's my birthday. Can I have Tuesday?", "It's my birthday"),
        ("it's my first visit", "it's my first visit"),
        ("please ring the bell when you're ready", "please ring the bell when you're ready"),
        ("I'm running ten minutes late", "I'm running ten minutes late"),
    ] {
        assert_eq!(hear(text, Expecting::Anything).note.as_deref(), Some(note), "{text}");
    }
    for text in ["a haircut on Friday", "can I bring my dog?", "is it my first time?", "I have a question"] {
        assert_eq!(hear(text, Expecting::Anything).note, None, "{text}");
    }
}

#[test]
fn the_part_that_is_to_be_put_right_is_named() {
    for (text, about) in [
        ("the time", Aspect::Time),
        ("the day is wrong", Aspect::Time),
        ("that's the wrong name", Aspect::Name),
        ("my name is wrong", Aspect::Name),
        ("you got my name wrong", Aspect::Name),
        ("the service", Aspect::Service),
        ("someone else please", Aspect::Staff),
        ("a different stylist", Aspect::Staff),
        ("the phone number", Aspect::Phone),
    ] {
        assert_eq!(hear(text, Expecting::Anything).about, Some(about), "{text}");
    }
    assert_eq!(hear("yes please", Expecting::YesNo).about, None);
}

#[test]
fn what_is_found_has_a_place_and_says_how_sure_it_is() {
    let said = hear("a haircut with Maria on Tuesday at three for Anna Kovacs", Expecting::Anything);
    let words: Vec<(Slot, &str, Confidence)> =
        said.found.iter().map(|found| (found.slot, &said.text[found.span.clone()], found.confidence)).collect();
    assert_eq!(
        words,
        [
            (Slot::Service, "haircut", Confidence::Sure),
            (Slot::Staff, "Maria", Confidence::Sure),
            (Slot::Date, "on Tuesday", Confidence::Sure),
            (Slot::Time, "at three", Confidence::Sure),
            (Slot::Name, "Anna Kovacs", Confidence::Likely),
        ]
    );
    let sure = |text: &str, slot: Slot| {
        let said = hear(text, Expecting::Anything);
        said.found.iter().find(|found| found.slot == slot).map(|found| found.confidence)
    };
    assert_eq!(sure("a bird trim please", Slot::Service), Some(Confidence::Likely));
    assert_eq!(sure("a cut and color please", Slot::Service), Some(Confidence::Doubtful));
    assert_eq!(sure("with marie please", Slot::Staff), Some(Confidence::Likely));
}

#[test]
fn a_very_long_utterance_is_cut_between_characters() {
    let said = hear(&"é".repeat(5_000), Expecting::Anything);
    assert_eq!(said.text.chars().count(), 2_000);
}

#[test]
fn a_correction_is_marked_when_something_is_corrected() {
    for (text, correction) in [
        ("no, with James", true),
        ("actually a beard trim", true),
        ("I meant James", true),
        ("not Maria, James", true),
        ("no", false),
        ("with James", false),
        ("no preference", false),
        ("I don't care who", false),
    ] {
        assert_eq!(hear(text, Expecting::Anything).correction, correction, "{text}");
    }
}

#[test]
#[ignore = "a measurement: run alone, with --release"]
fn reading_an_utterance_takes_at_most_a_tenth_of_a_millisecond() {
    let salon = salon();
    for text in [
        "yes please",
        "hi um this is anna kovacs I'd like to book a haircut with maria on tuesday at three please",
        "my number is 415 555 2671",
    ] {
        let mut times: Vec<std::time::Duration> = (0..2_000)
            .map(|_| {
                #[expect(clippy::disallowed_methods, reason = "measures real time")]
                let start = std::time::Instant::now();
                std::hint::black_box(understand(text, &salon, Expecting::Anything));
                start.elapsed()
            })
            .collect();
        times.sort();
        println!("median {:?}, p99 {:?}: {text}", times[1_000], times[1_980]);
        assert!(cfg!(debug_assertions) || times[1_000].as_micros() <= 100);
    }
}

fn any_expecting() -> impl Strategy<Value = Expecting> {
    prop_oneof![
        Just(Expecting::Anything),
        Just(Expecting::Service),
        Just(Expecting::Staff),
        Just(Expecting::When),
        (0..9_usize).prop_map(Expecting::Choice),
        Just(Expecting::Name),
        Just(Expecting::Phone),
        Just(Expecting::YesNo),
        Just(Expecting::Message),
        Just(Expecting::People),
    ]
}

/// Words the tables know, in any order: the way to reach every rule.
fn any_words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "yes",
        "no",
        "not",
        "but",
        "people",
        "adults",
        "and",
        "me",
        "table",
        "allergic",
        "morning",
        "later",
        "what",
        "maria",
        "james",
        "with",
        "for",
        "haircut",
        "beard",
        "trim",
        "my",
        "name",
        "is",
        "this",
        "number",
        "four",
        "double",
        "plus",
        "hundred",
        "k",
        "o",
        "as",
        "in",
        "kilo",
        "spelled",
        "I'm",
        "don't",
        "it's",
        "what's",
        "?",
        ",",
        ".",
        "-",
        "tuesday",
        "three",
        "one",
        "first",
        "the",
        "cancel",
        "move",
        "appointment",
        "book",
        "a",
        "nail",
        "Anna",
        "O'Brien",
        "von",
        "mrs",
        "may",
        "um",
        "uh",
        "huh",
        "dr.",
        "415",
        "+1",
        "\u{301}",
        "last",
        "surname",
        "speaking",
        "here",
        "sorry",
        "actually",
        "it",
        "space",
        "capital",
        "İ",
        "ß",
        "ﬁ",
        "’",
        "n't",
        "'s",
        "李",
        "😀",
    ]);
    prop::collection::vec(word, 0..14).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_utterance_is_too_strange(text in "\\PC{0,200}", expecting in any_expecting()) {
        let said = hear(&text, expecting);
        prop_assert_eq!(&said, &hear(&text, expecting));
    }

    #[test]
    fn no_order_of_words_is_too_strange(text in any_words(), expecting in any_expecting()) {
        let said = hear(&text, expecting);
        if let Some(name) = said.name {
            prop_assert!(name.chars().all(|c| c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c) || " -'".contains(c)), "{name}");
        }
    }

    #[test]
    fn a_plain_refusal_among_any_words_is_no_yes(
        before in any_words(),
        refusal in prop::sample::select(vec!["no thanks", "I don't want it", "don't book it", "that doesn't work", "absolutely not"]),
        after in any_words(),
    ) {
        let text = format!("{before} {refusal} {after}");
        prop_assert_ne!(hear(&text, Expecting::YesNo).answer, Some(Answer::Yes), "{}", text);
    }

    #[test]
    fn every_place_is_a_piece_of_the_text(text in any_words(), expecting in any_expecting()) {
        let said = hear(&text, expecting);
        for found in &said.found {
            prop_assert!(said.text.get(found.span.clone()).is_some_and(|words| !words.is_empty()), "{:?}", found);
        }
    }

    #[test]
    fn bytes_that_are_not_seen_change_nothing(at in 0..30_usize) {
        let mut text = "this is anna kovacs, a haircut please".to_owned();
        text.insert(at, '\u{200b}');
        let said = hear(&text, Expecting::Anything);
        prop_assert_eq!(said.name.as_deref(), Some("Anna Kovacs"));
    }
}
