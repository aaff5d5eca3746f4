//! Telephone numbers: written and spoken in every way we know of, put right in the same breath, and never made up.

use proptest::prelude::*;

use super::{hear, phone};
use crate::domain::{
    phone::PhoneNumber,
    understand::{Expecting, amended_number, phone_number},
};

fn numbers(country: &str, table: &[(&str, Option<&str>)]) {
    for (text, number) in table {
        let found = phone_number(text, country).map(|found| found.number.to_string());
        assert_eq!(found.as_deref(), *number, "{text}");
    }
}

#[test]
fn a_number_is_heard_in_the_ways_of_its_country() {
    numbers(
        "GB",
        &[
            ("oh two oh seven nine four six oh nine five eight", Some("+442079460958")),
            ("0207 946 oh nine double five", Some("+442079460955")),
            ("0207 946 oh nine double five eight", None),
            ("0207 946 oh nine five eight", Some("+442079460958")),
            ("oh seven four double oh nine hundred three two one", Some("+447400900321")),
            ("plus forty four (0) 20 7946 0958", Some("+442079460958")),
            ("zero zero four nine one seven one one two three four five six seven", Some("+491711234567")),
            ("０２０ ７９４６ ０９５８", Some("+442079460958")),
        ],
    );
    numbers(
        "US",
        &[
            ("one eight hundred five five five one two one two", Some("+18005551212")),
            ("four one five, five fifty five, twenty six seventy one", Some("+14155552671")),
            ("area code four one five five five five two six seven one", Some("+14155552671")),
            ("four one five treble five two six seven one", Some("+14155552671")),
            ("four one five three fives two six seven one", Some("+14155552671")),
            ("+49 171 1234567", Some("+491711234567")),
            ("call (415) 555-2671 on 04/21/2027 at 12:30", Some("+14155552671")),
            ("four one five five five five", None),
            ("no number", None),
        ],
    );
}

#[test]
fn a_plus_begins_a_number_and_stands_in_none() {
    for text in ["9 +44 20", "plus +44 20", "four one five, +1 4"] {
        let said = phone(&hear(text, Expecting::Phone)).unwrap_or_default();
        assert!(!said.get(1..).unwrap_or_default().contains('+'), "{text}: {said}");
    }
}

#[test]
fn an_extension_is_kept_apart() {
    for text in
        ["415 555 2671 extension 12", "four one five five five five two six seven one ext one two", "415-555-2671x12"]
    {
        let found = phone_number(text, "US").unwrap();
        assert_eq!((found.number.as_str(), found.extension.as_deref()), ("+14155552671", Some("12")), "{text}");
    }
    assert_eq!(hear("415 555 2671 extension 12", Expecting::Phone).extension.as_deref(), Some("12"));
}

#[test]
fn a_number_is_put_right_in_the_same_breath() {
    for text in [
        "four one five five five six, sorry, five five five two six seven one",
        "415 555 2672, no, the last four are 2671",
        "415 555 2671, not 2672",
        "416 555 2671, sorry, the first three are 415",
        "212 555 0142, no wait, 415 555 2671",
    ] {
        let said = hear(text, Expecting::Phone);
        assert_eq!(phone(&said).as_deref(), Some("+14155552671"), "{text}");
    }
}

#[test]
fn a_number_that_could_be_another_says_so() {
    assert!(!phone_number("415 555 2671", "US").unwrap().uncertain);
    // 030 20 1… or 030 21…: both are numbers in Berlin.
    assert!(phone_number("oh three oh twenty one three four five six seven", "DE").unwrap().uncertain);
}

#[test]
fn groups_of_a_read_back_are_those_of_the_country() {
    for (number, country, spoken) in [
        ("+14155552671", "US", "4 1 5, 5 5 5, 2 6 7 1"),
        ("+442079460958", "GB", "0 2 0, 7 9 4 6, 0 9 5 8"),
        ("+33123456789", "FR", "0 1, 2 3, 4 5, 6 7, 8 9"),
        ("+61412345678", "AU", "0 4 1 2, 3 4 5, 6 7 8"),
    ] {
        assert_eq!(number.parse::<PhoneNumber>().unwrap().spoken(country), spoken, "{number}");
    }
}

/// A number in the words of a caller: singly, with doubles and triples, in pairs.
fn said(digits: &str, style: u8) -> String {
    let words = ["oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let bytes = digits.as_bytes();
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let word = words[usize::from(bytes[at] - b'0')];
        let same = bytes[at..].iter().take_while(|&&byte| byte == bytes[at]).count();
        match (style, same) {
            (1, 2) => (out.push(format!("double {word}")), at += 2).1,
            (1, 3..) => (out.push(format!("triple {word}")), at += 3).1,
            _ => (out.push(if style == 2 && word == "oh" { "zero".into() } else { word.into() }), at += 1).1,
        }
    }
    out.join(" ")
}

proptest! {
    #[test]
    fn every_number_is_heard_as_it_was_said(area in 201..990_u32, rest in 0..10_000_000_u32, style in 0..3_u8) {
        let digits = format!("{area}{rest:07}");
        let Ok(number) = PhoneNumber::parse(&digits, "US") else { return Ok(()) };
        let found = phone_number(&said(&digits, style), "US").map(|found| found.number);
        prop_assert_eq!(found.as_ref(), Some(&number));
        let back = phone_number(&number.spoken("US"), "US").map(|found| found.number);
        prop_assert_eq!(back, Some(number));
    }

    #[test]
    fn no_written_number_is_too_strange(text in "[0-9+()./,;:#x =~a-z-]{0,60}", country in "[A-Z]{2}") {
        let _ = PhoneNumber::parse(&text, &country);
        let _ = phone_number(&text, &country);
    }
}

#[test]
fn a_number_is_put_right_in_a_later_turn() {
    let before = PhoneNumber::parse("+12125550142", "US").expect("a number");
    for (text, after) in [
        ("no, the last four are 0143", Some("+12125550143")),
        ("the last two digits are four seven", Some("+12125550147")),
        ("it ends in 0149", Some("+12125550149")),
        ("the area code is 415", Some("+14155550142")),
        ("it starts with four one five", Some("+14155550142")),
        ("no it's 646 555 0199", Some("+16465550199")),
        ("that is wrong", None),
        ("yes", None),
    ] {
        let amended = amended_number(&before, text, "US");
        assert_eq!(amended.as_ref().map(PhoneNumber::as_str), after, "{text}");
    }
}
