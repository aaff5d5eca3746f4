//! Names: found where they are said, written as people write them, and never made of what is no name.

use super::{hear, phone};
use crate::domain::understand::{Confidence, Expecting};

fn names(expecting: Expecting, table: &[(&str, Option<&str>)]) {
    for (text, name) in table {
        assert_eq!(hear(text, expecting).name.as_deref(), *name, "{text}");
    }
}

#[test]
fn a_caller_says_who_they_are() {
    names(
        Expecting::Anything,
        &[
            ("this is Anna Kovacs", Some("Anna Kovacs")),
            ("hi this is anna kovacs can I get a trim", Some("Anna Kovacs")),
            ("hi maria this is anna", Some("Anna")),
            ("my name's anna kovacs", Some("Anna Kovacs")),
            ("I'm Anna Kovacs", Some("Anna Kovacs")),
            ("im anna", Some("Anna")),
            ("Anna Kovacs speaking", Some("Anna Kovacs")),
            ("it's under the name of Smith", Some("Smith")),
            ("book a haircut for Anna Kovacs please", Some("Anna Kovacs")),
            ("my name is Will Smith", Some("Will Smith")),
            ("my first name is Anna and my last name is Kovacs", Some("Anna Kovacs")),
            ("last name Kovacs, first name Anna", Some("Anna Kovacs")),
        ],
    );
}

#[test]
fn a_name_comes_before_the_wish() {
    names(
        Expecting::Anything,
        &[
            ("Al Gray, a haircut on Thursday at eleven", Some("Al Gray")),
            ("nora fields i'd like a haircut", Some("Nora Fields")),
            ("Hi, Rita Bell, can I move my appointment", Some("Rita Bell")),
            ("Ivan Keller, I have to cancel my appointment today", Some("Ivan Keller")),
            ("Maria, can I get a trim", None),
            ("happy birthday party tomorrow", None),
        ],
    );
}

#[test]
fn small_letters_are_a_name_where_a_booking_is_spoken_of() {
    names(
        Expecting::Anything,
        &[
            ("a haircut for dora lindqvist at five", Some("Dora Lindqvist")),
            ("my booking is under tamsin okoro", Some("Tamsin Okoro")),
            ("the reservation is for mister brandt", Some("Mister Brandt")),
            ("hi it's dora calling", Some("Dora")),
            ("a table for outdoor seating", None),
            ("it's under construction", None),
        ],
    );
}

#[test]
fn short_names_are_names_and_what_somebody_does_is_none() {
    names(
        Expecting::Name,
        &[
            ("Jo Fenton", Some("Jo Fenton")),
            ("no, the name is jo fenton", Some("Jo Fenton")),
            ("D O T, M E R C E R", Some("Dot Mercer")),
            ("s i o b h a n d o y l e", Some("Siobhan Doyle")),
            ("it depends on this and that", None),
        ],
    );
    let odd = hear("purple monkey dishwasher", Expecting::Name);
    assert!(odd.found.iter().all(|found| found.confidence == Confidence::Doubtful));
}

#[test]
fn a_caller_who_says_something_else_is_not_named_after_it() {
    for text in [
        "I'm calling about my haircut",
        "I'm free on Thursday",
        "I'm looking for a trim",
        "I'm not sure",
        "I'm allergic to dye",
        "this is ridiculous",
        "this is urgent",
        "I'm running late",
        "I'm honestly not sure",
        "a haircut for my son",
        "a haircut for two people",
        "it's crazy",
        "I am here",
        "with Maria",
        "an appointment for Maria",
        "I'm interested",
        "this is about my appointment",
    ] {
        assert_eq!(hear(text, Expecting::Anything).name, None, "{text}");
    }
}

#[test]
fn a_bare_name_answers_the_question() {
    names(
        Expecting::Name,
        &[
            ("Anna Kovacs", Some("Anna Kovacs")),
            ("uh Anna Kovacs please", Some("Anna Kovacs")),
            ("it's anna", Some("Anna")),
            ("sure, it's Anna", Some("Anna")),
            ("Maria", Some("Maria")),
            ("the name is Bond, James Bond", Some("James Bond")),
            ("Katie Price", Some("Katie Price")),
            ("Cheryl day", Some("Cheryl Day")),
            ("Mrs Anna Kovacs", Some("Anna Kovacs")),
            ("Mrs Kovacs", Some("Mrs Kovacs")),
            ("Anna Kovacs is my name", Some("Anna Kovacs")),
            ("no, it's Hannah", Some("Hannah")),
            ("it's not Anna it's Hannah", Some("Hannah")),
            ("Ng", Some("Ng")),
        ],
    );
    let both = hear("Bob, and my number is 212 555 0142", Expecting::Name);
    assert_eq!((both.name.as_deref(), phone(&both).as_deref()), (Some("Bob"), Some("+12125550142")));
}

#[test]
fn names_are_written_as_people_write_them() {
    names(
        Expecting::Name,
        &[
            ("anna kovacs", Some("Anna Kovacs")),
            ("ANNA KOVACS", Some("Anna Kovacs")),
            ("mary o'brien", Some("Mary O'Brien")),
            ("Mary O\u{2019}Brien", Some("Mary O'Brien")),
            ("Shane o Connor", Some("Shane O'Connor")),
            ("Ronald McDonald", Some("Ronald McDonald")),
            ("anna mcdonald", Some("Anna McDonald")),
            ("jean-luc picard", Some("Jean-Luc Picard")),
            ("anna de la cruz", Some("Anna de la Cruz")),
            ("ludwig van beethoven", Some("Ludwig van Beethoven")),
            ("Anna Kova\u{301}cs", Some("Anna Kovács")),
            ("Нина Петрова", Some("Нина Петрова")),
            ("李小龙", Some("李小龙")),
            ("J R Smith", Some("J R Smith")),
        ],
    );
}

#[test]
fn spelled_letters_make_the_name_right() {
    names(
        Expecting::Name,
        &[
            ("K O V A C S", Some("Kovacs")),
            ("k-o-v-a-c-s", Some("Kovacs")),
            ("it's spelled K O V A C S", Some("Kovacs")),
            ("Anna Kovach, K O V A C S", Some("Anna Kovacs")),
            ("Anna Kovach, that's spelled K O V A C S", Some("Anna Kovacs")),
            ("Anna, A N N A, Kovacs, K O V A C S", Some("Anna Kovacs")),
            ("Anna Kovatch A N N A K O V A C S", Some("Anna Kovacs")),
            ("anna k as in kilo o v a c s", Some("Anna Kovacs")),
            ("Lloyd, double l o y d", Some("Lloyd")),
            ("kilo oscar victor alpha charlie sierra", Some("Kovacs")),
            ("k o bee a r n", Some("Kobarn")),
        ],
    );
}

#[test]
fn i1_what_is_not_seen_or_not_a_letter_is_stripped() {
    names(
        Expecting::Name,
        &[
            ("Anna\u{1f600}", Some("Anna")),
            ("\u{1f600}", None),
            ("An\u{200b}na \u{202e}Kovacs", Some("Anna Kovacs")),
            ("Anna\0 Kovacs", Some("Anna Kovacs")),
        ],
    );
    let stacked = format!("Anna{}", "\u{301}".repeat(500));
    assert!(hear(&stacked, Expecting::Name).name.is_none_or(|name| name.len() < 100));
}

#[test]
fn i2_what_is_no_name_is_not_taken_for_one() {
    for text in [
        "",
        " ",
        "no",
        "nope",
        "yes",
        "why do you need that?",
        "who wants to know",
        "what?",
        "415 555 2671",
        "four one five",
        "12",
        "I don't want to say",
        "I'd rather not say",
        "tomorrow at three",
        "can I have a haircut",
        "cancel",
        "hello",
        "none of your business",
        "never mind",
        "double l",
        "O",
    ] {
        assert_eq!(hear(text, Expecting::Name).name, None, "{text}");
    }
    assert_eq!(hear(&"Anna".repeat(2_500), Expecting::Name).name, None);
}

#[test]
fn i3_code_is_no_name() {
    for text in [
        "Robert'); DROP TABLE students;--",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "=cmd|' /C calc'!A0",
        "../../etc/passwd",
        "${jndi:ldap://x}",
    ] {
        assert_eq!(hear(text, Expecting::Name).name, None, "{text}");
    }
    let name = hear("my name is Anna\r\nBcc: all", Expecting::Name).name;
    assert!(name.is_none_or(|name| !name.contains(['\r', '\n', ':'])));
}

#[test]
fn a_name_is_put_right_by_its_caller() {
    names(
        Expecting::Name,
        &[
            ("Anna Smith, sorry, Smyth", Some("Anna Smyth")),
            ("Smith, sorry, Smyth", Some("Smyth")),
            ("Anna Smyth, S M Y T H E, not Smith", Some("Anna Smythe")),
            ("Anna Smyth, S M Y T H E", Some("Anna Smythe")),
            ("Anna Smythe, not Smith", Some("Anna Smythe")),
            ("no, it's Catherine with a K", Some("Katherine")),
            ("Catherine with a K", Some("Katherine")),
            ("it's Anna, no wait, Hannah", Some("Hannah")),
        ],
    );
}

#[test]
fn letters_are_spelled_in_many_ways() {
    names(
        Expecting::Name,
        &[
            ("bee ay are en ee ess", Some("Barnes")),
            ("B for Bertie A R N E S", Some("Barnes")),
            ("capital B A R N E S", Some("Barnes")),
            ("O apostrophe B R I E N", Some("O'Brien")),
            ("S M I T H hyphen J O N E S", Some("Smith-Jones")),
            ("Z O E, zed oh ee", Some("Zoe")),
            ("M A double T H E W S", Some("Matthews")),
            ("M C D O N A L D", Some("McDonald")),
        ],
    );
}

#[test]
fn callers_say_for_whom_they_call() {
    names(
        Expecting::Anything,
        &[
            ("it's for my wife Anna", Some("Anna")),
            ("I'd like to book for my daughter Emma Stone", Some("Emma Stone")),
            ("hello, Doctor Anna Weber speaking", Some("Anna Weber")),
            ("you can call me Bob", Some("Bob")),
            ("a haircut under the name of van der Berg please", Some("van der Berg")),
        ],
    );
}

#[test]
fn a_name_is_written_with_its_own_capitals() {
    names(
        Expecting::Name,
        &[
            ("mary ann o'connor", Some("Mary Ann O'Connor")),
            ("ahmed bin rashid", Some("Ahmed bin Rashid")),
            ("Frau Weber", Some("Frau Weber")),
            ("Mister John Smith", Some("John Smith")),
            ("山田太郎", Some("山田太郎")),
            ("yes please", None),
        ],
    );
}
