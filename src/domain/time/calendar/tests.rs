//! What callers say, placed in a calendar without a business: the table in `fixtures/time/calendar.jsonl`, and what must
//! hold for any words at all.

use jiff::civil::{DateTime, date};
use proptest::prelude::*;
use serde::Deserialize;

use super::place;
use crate::domain::time::{Moments, Placed, find_mentioned};

/// One line of the table, said on a Wednesday morning unless it says when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    said: String,
    #[serde(default = "a_wednesday")]
    now: DateTime,
    #[serde(default)]
    country: Option<String>,
    /// As [`shown`] writes it.
    means: String,
}

fn a_wednesday() -> DateTime {
    date(2026, 11, 18).at(10, 0, 0, 0)
}

/// "2026-11-19T05:00 to 2026-11-19T12:00 `PartOfDay` Morning ?Several": open ends are dots, a time alone has no date.
fn shown(placed: &Placed) -> String {
    let Moments { start, end, grain, part, dateless } = placed.first;
    let at = |at: DateTime| at.strftime(if dateless { "T%H:%M" } else { "%Y-%m-%dT%H:%M" }).to_string();
    let mut text = start.map_or("...".to_owned(), at);
    if end.is_some() || start.is_none() {
        text = format!("{text} to {}", end.map_or("...".to_owned(), at));
    }
    text = format!("{text} {grain:?}");
    if let Some((part, shade)) = part {
        text = format!("{text} {}{part:?}", shade.map(|shade| format!("{shade:?} ")).unwrap_or_default());
    }
    placed.doubt.map_or(text.clone(), |doubt| format!("{text} ?{doubt:?}"))
}

#[test]
fn what_is_said_is_placed_in_the_calendar() {
    let mut wrong = Vec::new();
    for line in include_str!("../../../../fixtures/time/calendar.jsonl").lines().filter(|line| !line.is_empty()) {
        let case: Case = serde_json::from_str(line).expect(line);
        let country = case.country.as_deref().unwrap_or("US");
        let placed = find_mentioned(&case.said, country).and_then(|said| place(&said, case.now, country));
        let means = placed.as_ref().map_or("nothing".to_owned(), shown);
        if means != case.means {
            wrong.push(format!("{:?}: {means}, not {}", case.said, case.means));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_time_that_may_be_in_the_morning_or_not_has_both_and_the_likelier_first() {
    let said = find_mentioned("tomorrow at four", "US").expect("a time");
    let placed = place(&said, a_wednesday(), "US").expect("a moment");
    let starts: Vec<_> = [placed.first].iter().chain(&placed.others).filter_map(|moments| moments.start).collect();
    assert_eq!(starts, [16, 4].map(|hour| date(2026, 11, 19).at(hour, 0, 0, 0)));
}

#[test]
fn a_numeric_date_that_can_be_read_two_ways_has_both() {
    let said = find_mentioned("on 3/4", "GB").expect("a date");
    let placed = place(&said, a_wednesday(), "GB").expect("a day");
    let days: Vec<_> = [placed.first].iter().chain(&placed.others).filter_map(|moments| moments.start).collect();
    assert_eq!(days, [date(2027, 4, 3), date(2027, 3, 4)].map(|day| day.at(0, 0, 0, 0)));
}

/// Words and numbers of the grammar, and numbers that no calendar has.
fn any_words() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "tuesday",
        "next",
        "last",
        "this",
        "week",
        "weeks",
        "weekend",
        "month",
        "months",
        "year",
        "years",
        "quarter",
        "the",
        "14th",
        "31st",
        "of",
        "march",
        "february",
        "at",
        "four",
        "half",
        "past",
        "to",
        "in",
        "ago",
        "from",
        "now",
        "before",
        "after",
        "by",
        "until",
        "between",
        "and",
        "no",
        "or",
        "not",
        "99999999",
        "2147483647",
        "32767",
        "128",
        "9999",
        "0",
        "24",
        "99",
        "hours",
        "minutes",
        "days",
        "business",
        "early",
        "end",
        "rest",
        "within",
        "coming",
        "thanksgiving",
        "easter",
        "christmas",
        "eve",
        "first",
        "last",
        "day",
        "for",
        "starting",
        "morning",
        "night",
        "lunch",
        "late",
        "fortnight",
        "couple",
        "few",
        "2.5",
        "point",
        "hundred",
        "thousand",
        ":",
        "/",
        "-",
        ".",
        "pm",
        "am",
        "a",
        "o'clock",
        "noon",
        "midnight",
        "summer",
        "today",
        "tomorrow",
    ];
    prop::collection::vec(prop::sample::select(WORDS), 0..12).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_words_at_any_time_make_it_panic(text in any_words(), year in -9990_i16..9990, day in 1_i16..365, hour in 0_i8..24) {
        let now = date(year, 1, 1).with().day_of_year(day).build().expect("a day").at(hour, 30, 0, 0);
        for country in ["US", "GB"] {
            if let Some(said) = find_mentioned(&text, country)
                && let Some(placed) = place(&said, now, country)
            {
                prop_assert!(placed.first.start.is_some() || placed.first.end.is_some());
                if let (Some(start), Some(end)) = (placed.first.start, placed.first.end) {
                    prop_assert!(start <= end);
                }
            }
        }
    }
}
