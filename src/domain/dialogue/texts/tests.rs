//! Every sentence of every language, as it is heard: beside the English one in `golden/`, so that somebody who speaks the
//! language can read through it.

use jiff::{Zoned, civil::date, tz::TimeZone};

use super::*;
use crate::{
    domain::{
        booking::{BookingState, Customer, CustomerName},
        business::Exception,
        ids::BookingId,
        time::{Clock, Day, Part},
    },
    testing::salon,
};

const LANGUAGES: [(&str, &str); 6] = [
    ("es", include_str!("golden/spanish.txt")),
    ("de", include_str!("golden/german.txt")),
    ("fr", include_str!("golden/french.txt")),
    ("it", include_str!("golden/italian.txt")),
    ("pt", include_str!("golden/portuguese.txt")),
    ("nl", include_str!("golden/dutch.txt")),
];

/// A salon whose own words are no English.
fn business() -> Business {
    let mut business = salon();
    business.name = "Salon Aurora".into();
    business.address = Some("Calle Mayor 12".into());
    for (service, name) in business.services.iter_mut().zip(["Balayage", "Brushing", "Peeling", "Botox", "Manicura"]) {
        service.name = name.into();
    }
    business.services.truncate(3);
    business
}

fn at(month: i8, day: i8, hour: i8, minute: i8) -> Zoned {
    let zone = TimeZone::get("America/New_York").expect("a zone");
    date(2026, month, day).at(hour, minute, 0, 0).to_zoned(zone).expect("a time that exists")
}

/// Everything that can be said, each with what says it.
#[expect(clippy::too_many_lines, reason = "a list of everything")]
fn everything(texts: &dyn Texts) -> Vec<(String, String)> {
    let business = &business();
    let now = &at(11, 20, 10, 5);
    let today = now.date();
    let starts = &at(11, 24, 15, 30);
    let (service, staff) = (&business.services[0], &business.staff[0]);
    let slot = Slot::at(service, staff.id, starts.timestamp());
    let offers = texts.offers(&[at(11, 20, 16, 0), at(11, 21, 9, 15), at(11, 21, 12, 0), at(12, 1, 13, 45)], now);
    let offers = offers.as_str();
    let whole = Wish {
        service: Some(service.id),
        staff: Some(staff.id),
        when: Some(When { day: Some(Day::Soonest), clock: Some(Clock::Part(Part::Afternoon)) }),
        day: Some(starts.date()),
    };
    let booking = &Booking {
        id: BookingId(uuid::Uuid::nil()),
        business: business.id,
        slot,
        wall: starts.datetime(),
        zone: "America/New_York".into(),
        customer: Customer { name: CustomerName::new("Anna Kovacs"), phone: None },
        state: BookingState::Held { expires: starts.timestamp() },
        call: None,
        unverified: false,
        version: 1,
        created: now.timestamp(),
    };
    let email = "anna.k@example.com".parse().expect("an address");
    let plain = ReadBack {
        slot,
        starts,
        name: "Anna Kovacs",
        spelled: false,
        number: None,
        email: None,
        party: None,
        note: None,
    };
    let rich = ReadBack {
        spelled: true,
        number: Some("plus 4 4, 2 0, 7 9 4 6, 0 9 5 8"),
        email: Some(&email),
        party: Some(4),
        note: Some("A B C"),
        ..plain
    };
    let names: Vec<&str> = business.staff.iter().map(|member| member.name.as_str()).collect();
    let services: Vec<&Service> = business.services.iter().take(2).collect();
    let mut closed = business.clone();
    closed.exceptions = vec![Exception {
        from: date(2026, 12, 25),
        to: date(2026, 12, 26),
        hours: Vec::new(),
        staff: None,
        yearly: false,
        reason: Some("25/12".into()),
    }];
    let (first, second) = (
        &"2026-11-01T01:30-04[America/New_York]".parse::<Zoned>().expect("a moment"),
        &"2026-11-01T01:30-05[America/New_York]".parse::<Zoned>().expect("a moment"),
    );
    let mut said: Vec<(String, String)> = Vec::new();
    macro_rules! says {
        ($($call:ident($($argument:expr),*)),* $(,)?) => {
            $(said.push((stringify!($call).to_owned(), Words::words(texts.$call($($argument),*))));)*
        };
    }
    says![
        greeting(&business.name),
        how_can_i_help(),
        hello("Anna Kovacs"),
        anything_else(0),
        anything_else(1),
        anything_else(2),
        goodbye(Outcome::Booked),
        goodbye(Outcome::Message),
        unfinished_goodbye(Task::Book),
        unfinished_goodbye(Task::Move),
        silent_goodbye(),
        are_you_there(),
        still_there_again(),
        one_moment(),
        hold_on(0),
        hold_on(1),
        hold_on(2),
        say_again(),
        cut_off(),
        too_long(),
        time_almost_up(),
        time_up(),
        stopping(),
        failed(),
        emergency("US"),
        emergency("DE"),
        sensitive(),
        system_down(),
        sorry(0),
        sorry(1),
        way_out(true),
        way_out(false),
        go_on(),
        wrong_number(business),
        be_kind(),
        unkind_goodbye(),
        putting_through(),
        nobody_free(),
        what_message(),
        note_taken(),
        note_failed(),
        note_on(business, booking, starts, &rich),
        late_note("A B C"),
        cannot_say(),
        nothing_passed_on_yet(),
        which_service_at(business, Wish::default(), now),
        which_service_at(business, whole, now),
        which_service_at(business, Wish { day: Some(starts.date()), ..Wish::default() }, now),
        which_service(&services),
        no_such_service(business),
        no_such_staff(business),
        which_staff(&names),
        not_offered_by(business, service, staff.id),
        when(Task::Move, business, Wish::default(), 0),
        when(Task::Book, business, Wish::default(), 0),
        when(Task::Book, business, whole, 0),
        when(Task::Book, business, whole, 1),
        when_instead(0),
        when_instead(1),
        next_free_time(),
        which_time(&[at(11, 24, 6, 0), at(11, 24, 18, 0)], false, now),
        which_time(&[at(11, 24, 0, 0), at(12, 1, 0, 0)], true, now),
        which_time(&[at(11, 24, 9, 0), at(11, 25, 9, 0)], false, now),
        clocks_go_back(first, second),
        clocks_go_forward(date(2026, 3, 8).at(2, 30, 0, 0), &at(3, 8, 3, 30), date(2026, 3, 1)),
        time_problem(&Resolution::Past { asked: at(11, 3, 0, 0).datetime() }, now),
        time_problem(&Resolution::Past { asked: at(11, 20, 0, 0).datetime() }, now),
        time_problem(&Resolution::Past { asked: at(11, 20, 8, 0).datetime() }, now),
        time_problem(&Resolution::NoSuchDate { day: 30, month: 2, last: date(2027, 2, 28) }, now),
        time_problem(&Resolution::WrongWeekday { said: jiff::civil::Weekday::Monday, date: date(2026, 11, 24) }, now),
        time_problem(&Resolution::TooFar { last: date(2027, 2, 18) }, now),
        time_problem(&Resolution::NoSuchTime, now),
        closed(business, date(2026, 11, 22)),
        closed(&closed, date(2026, 12, 25)),
        nothing_free(Some((date(2026, 11, 24), today))),
        nothing_free(None),
        nothing_at_all(),
        not_free_then(starts, None, offers),
        not_free_then(starts, Some(texts.closed(business, date(2026, 11, 22))), offers),
        free(business, Wish::default(), offers, 0),
        free(business, Wish::default(), offers, 1),
        free(business, whole, offers, 0),
        free_at_that_time(offers),
        nearest_to_that_time(offers),
        next_free(offers),
        nothing_beyond(true),
        nothing_beyond(false),
        others(offers),
        which_suits(1, 0),
        which_suits(1, 1),
        which_suits(2, 0),
        which_suits(2, 1),
        which_one(1, offers),
        which_one(2, offers),
        just_taken(),
        not_on_offer(),
        is_free(business, slot, starts, now),
        your_name(),
        spell_it(Some("Anna Kovacs")),
        spell_it(None),
        your_number(Some("Anna Kovacs")),
        your_number(None),
        number_by_keys(),
        without_number(),
        rest_of_number(0),
        rest_of_number(3),
        read_back(business, &plain, now),
        read_back(business, &rich, now),
        read_back(business, &ReadBack { name: "", ..plain }, now),
        read_back_move(business, &at(11, 21, 9, 0), slot, starts, now),
        who_instead(business),
        right_name(),
        right_number(),
        extension("1 2"),
        just_to_be_sure(),
        before_you_go(),
        what_to_change(),
        booked(booking, starts, now, true),
        booked(booking, &at(11, 20, 16, 0), now, false),
        booked(booking, &at(11, 21, 9, 0), now, false),
        noted(booking, starts, now),
        moved(starts, now, true),
        moved(starts, now, false),
        note_passed_on(),
        note_not_passed_on(),
        confirm_unknown(),
        too_many(),
        by_page(),
        done_already(),
        never_mind(),
        not_booked_yet(),
        let_me_see(),
        whose_name(),
        which_day(),
        which_of_yours(&[at(11, 24, 9, 0), at(11, 24, 15, 30)]),
        no_number(),
        not_found_yet(),
        not_found(),
        your_appointments(business, &[(slot, starts.clone()), (slot, at(12, 1, 13, 0))], now),
        cancel_it(business, slot, starts, now),
        cancelled(starts, now),
        cancelled(&at(11, 20, 16, 0), now),
        cancelled(&at(11, 21, 9, 0), now),
        kept(),
        gone_already(),
        too_late(),
        nothing_changed_yet(),
        price(service),
        price(&Service { price: None, ..service.clone() }),
        prices(business),
        services(business),
        address(business),
        address(&Business { address: None, ..business.clone() }),
        who_i_am(business),
        unanswered(),
        pass_question_on(),
        privacy(business),
        hours_on(business, date(2026, 11, 24), today),
        hours_on(business, today, today),
        hours_of_week(business),
    ];
    for asked in [
        Asked::Help,
        Asked::Service,
        Asked::Staff,
        Asked::When,
        Asked::Which,
        Asked::OfferSoonest,
        Asked::Name,
        Asked::Spelling,
        Asked::Phone,
        Asked::ReadBack,
        Asked::Change,
        Asked::WhichDay,
        Asked::Message,
        Asked::AfterAll,
    ] {
        for repair in [Repair::Rephrased, Repair::AnotherWay] {
            let name = format!("not_understood {asked:?} {repair:?}");
            said.push((name, texts.not_understood(asked, repair, business).whole().trim().to_owned()));
        }
    }
    said
}

/// What a method gives, as it is heard.
trait Words {
    fn words(self) -> String;
}

impl Words for String {
    fn words(self) -> String {
        self
    }
}

impl Words for Question {
    fn words(self) -> String {
        self.whole().trim().to_owned()
    }
}

#[test]
fn every_sentence_of_every_language_is_as_a_speaker_has_read_it() {
    let english = everything(&english::English);
    for (language, golden) in LANGUAGES {
        let said = everything(in_language(language).expect("a language"));
        let lines = said.iter().zip(&english);
        let written: String =
            lines.map(|((name, said), (_, english))| format!("{name}\n  {english}\n  {said}\n")).collect();
        // The whole, ready to be put into the file once it has been read.
        assert!(written == golden, "golden/{language}:\n{written}");
    }
}

#[test]
fn no_sentence_is_left_in_english() {
    let english = everything(&english::English);
    for (language, _) in LANGUAGES {
        for ((name, said), (_, english)) in everything(in_language(language).expect("a language")).iter().zip(&english)
        {
            assert_ne!(said, english, "{language}: {name}");
            let theirs = |word: &&str| SHARED.contains(&(language, word));
            let mut words = said.split(|c: char| !c.is_alphabetic()).filter(|word| !theirs(word));
            let word = words.find(|word| ENGLISH.contains(word));
            assert_eq!(word, None, "{language}: {name}: {said}");
        }
    }
}

/// Words of every second English sentence that are none in the other languages.
const ENGLISH: &[&str] = &[
    "the",
    "The",
    "you",
    "You",
    "your",
    "Your",
    "is",
    "of",
    "and",
    "for",
    "with",
    "I",
    "my",
    "we",
    "We",
    "what",
    "What",
    "which",
    "Which",
    "when",
    "When",
    "would",
    "could",
    "shall",
    "Shall",
    "please",
    "Please",
    "appointment",
    "to",
    "at",
    "it",
    "this",
    "that",
    "That",
    "today",
    "tomorrow",
    "o'clock",
    "noon",
    "from",
    "us",
    "hyphen",
    "dot",
    "dollars",
    "minutes",
];

/// Some of them that are words of another language as well.
const SHARED: &[(&str, &str)] =
    &[("fr", "minutes"), ("fr", "dollars"), ("pt", "for"), ("nl", "is"), ("nl", "of"), ("nl", "we"), ("nl", "We")];

#[test]
fn every_question_ends_as_one_and_nothing_is_said_twice() {
    for (language, _) in LANGUAGES {
        for (name, said) in everything(in_language(language).expect("a language")) {
            assert!(
                said.ends_with(['.', '!', '?', '»', '“', '”']) || name == "extension" || name == "note_on",
                "{name}: {said}"
            );
            assert!(!said.contains("..") && !said.contains("  ") && !said.contains(" ."), "{language}: {name}: {said}");
            assert!(said.matches('?').count() <= 2, "{language}: {name}: {said}");
            assert!(!said.contains('{'), "{language}: {name}: {said}");
        }
    }
}

#[test]
fn a_language_is_found_by_its_tag() {
    let greets = |language: &str| of(language).how_can_i_help().asks;
    assert_eq!(greets("es-MX"), greets("es"));
    assert_eq!(greets("DE_at"), greets("de"));
    assert_eq!(greets("pl-PL"), greets("en-US"), "English where there are no words");
    assert!(in_language("pl-PL").is_none() && in_language("").is_none());
}

#[test]
fn a_businesss_greeting_is_in_its_language() {
    let mut business = salon();
    business.voice.greeting.clear();
    business.voice.language = "de-DE".into();
    assert!(business.greeting().starts_with("Guten Tag, hier ist "), "{}", business.greeting());
}

/// How a model may put each of the machine's questions, so that the machine knows what was asked.
#[test]
fn the_machines_own_questions_are_known_when_a_model_asks_them() {
    let business = &business();
    let now = &at(11, 20, 10, 5);
    for (language, _) in LANGUAGES {
        let texts = in_language(language).expect("a language");
        let questions = [
            (Asked::AnythingElse, texts.anything_else(0)),
            (Asked::AnythingElse, texts.anything_else(1)),
            (Asked::Spelling, texts.spell_it(None)),
            (Asked::Phone, texts.your_number(None)),
            (Asked::Name, texts.your_name()),
            (Asked::Name, texts.whose_name()),
            (Asked::When, texts.when(Task::Book, business, Wish::default(), 0)),
            (Asked::When, texts.when_instead(0)),
            (Asked::Service, texts.which_service_at(business, Wish::default(), now)),
            (Asked::Staff, texts.who_instead(business)),
            (Asked::Message, texts.what_message()),
            (Asked::OfferMessage, texts.way_out(false)),
            (Asked::Which, Question::new(texts.which_suits(1, 0))),
            (Asked::Which, Question::new(texts.which_suits(2, 0))),
            (Asked::Help, texts.how_can_i_help()),
        ];
        for (asked, question) in questions {
            assert_eq!(texts.asked_for(&question.asks), Some(asked), "{language}: {}", question.asks);
        }
    }
}
