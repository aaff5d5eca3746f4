//! What callers say, against a clock: tables in `fixtures/time`, the catalogue's cases of dates and times, and what must
//! hold for every sentence and every moment.

use jiff::{
    Span, Timestamp, Zoned,
    civil::{DateTime, Weekday, date},
};
use proptest::prelude::*;
use serde::Deserialize;

use super::{
    Around, Clock, ClockTime, Day, Half, Resolution, When, find, find_answer, mentions, resolve, speak, windows,
};
use crate::{
    domain::business::{Business, Zone},
    testing::salon,
};

/// One line of a table. `now` is a wall time in the salon's zone; `means` is what [`shown`] makes of the resolution.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    said: String,
    #[serde(default = "a_wednesday")]
    now: DateTime,
    #[serde(default)]
    country: Option<String>,
    means: String,
    /// The words that the mention must cover, when it matters.
    #[serde(default)]
    covers: Option<String>,
}

fn a_wednesday() -> DateTime {
    date(2026, 11, 18).at(10, 0, 0, 0)
}

fn table(lines: &str) {
    let mut wrong = Vec::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let case: Case = serde_json::from_str(line).expect(line);
        let business = salon();
        let now = case.now.to_zoned(business.zone.tz().clone()).expect("a wall time that exists");
        let said = find(&case.said, case.country.as_deref().unwrap_or("US"));
        let around = Around { now: &now, business: &business, compared: None };
        let means = said.as_ref().map_or("nothing".to_owned(), |said| shown(&resolve(said.when, around)));
        if means != case.means {
            wrong.push(format!("{:?}: {means}, not {} ({:?})", case.said, case.means, said.map(|said| said.when)));
        } else if let (Some(covers), Some(said)) = (case.covers, said)
            && case.said[said.span.clone()] != covers
        {
            wrong.push(format!("{:?}: covers {:?}, not {covers:?}", case.said, &case.said[said.span]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A resolution in a line of a table: "2026-11-24 16:00", "2026-11-24 12:00 to 17:00", "at 16:00", "past".
fn shown(resolution: &Resolution) -> String {
    let minute = |at: &Zoned| at.strftime("%Y-%m-%d %H:%M").to_string();
    let until = |from: &Zoned, to: &Zoned| {
        if from.date() == to.date() { to.strftime("%H:%M").to_string() } else { minute(to) }
    };
    match resolution {
        Resolution::Moment(at) => minute(at),
        Resolution::Window { from, to, .. } => format!("{} to {}", minute(from), until(from, to)),
        Resolution::Windows(windows) => {
            let (from, to) = &windows[0];
            format!("{} x {} to {}", windows.len(), minute(from), until(from, to))
        }
        Resolution::TimeOnly(clock) => clock_shown(*clock),
        Resolution::Gap { next, .. } => format!("gap, next {}", minute(next)),
        Resolution::Fold { first, .. } => format!("fold {}", minute(first)),
        Resolution::Past { .. } => "past".to_owned(),
        Resolution::NoSuchDate { last, .. } => format!("no such date, last {last}"),
        Resolution::WrongWeekday { date, .. } => format!("wrong weekday, {date}"),
        Resolution::NoSuchTime => "no such time".to_owned(),
        Resolution::TooFar { .. } => "too far".to_owned(),
    }
}

fn clock_shown(clock: Clock) -> String {
    let time = |time: ClockTime| {
        let hour = match (time.hour, time.half) {
            (12, Some(Half::Am)) => 0,
            (1..=11, Some(Half::Pm)) => time.hour + 12,
            _ => time.hour,
        };
        format!("{hour:02}:{:02}", time.minute)
    };
    match clock {
        Clock::At(at) => format!("at {}", time(at)),
        Clock::About(at) => format!("about {}", time(at)),
        Clock::After(at) => format!("after {}", time(at)),
        Clock::Before(at) => format!("before {}", time(at)),
        Clock::Between(from, to) => format!("between {} and {}", time(from), time(to)),
        other => format!("{other:?}").to_lowercase(),
    }
}

#[test]
fn days_are_understood() {
    table(include_str!("../../../fixtures/time/days.jsonl"));
}

#[test]
fn dates_are_understood() {
    table(include_str!("../../../fixtures/time/dates.jsonl"));
}

#[test]
fn times_of_day_are_understood() {
    table(include_str!("../../../fixtures/time/clock.jsonl"));
}

#[test]
fn days_and_times_combine() {
    table(include_str!("../../../fixtures/time/together.jsonl"));
}

#[test]
fn changes_of_mind_are_settled() {
    table(include_str!("../../../fixtures/time/corrections.jsonl"));
}

#[test]
fn numbers_that_count_something_else_are_no_times() {
    table(include_str!("../../../fixtures/time/not_times.jsonl"));
}

fn zoned(wall: DateTime, zone: &str) -> Zoned {
    let zone = Zone::named(zone).expect("a zone of the database");
    wall.to_zoned(zone.tz().clone()).expect("a wall time that exists")
}

/// The salon in another zone, with a horizon that lets any near date be asked for.
fn salon_in(zone: &str) -> Business {
    let mut business = salon();
    business.zone = Zone::named(zone).expect("a zone of the database");
    business.rules.horizon_days = 365;
    business
}

fn said(text: &str, now: &Zoned, business: &Business) -> Resolution {
    let when = find(text, &business.country).unwrap_or_else(|| panic!("nothing found in {text:?}")).when;
    resolve(when, Around { now, business, compared: None })
}

#[test]
fn h1_a_time_that_the_clocks_jump_over_is_refused_with_the_next_that_exists() {
    let business = salon_in("America/New_York");
    let now = zoned(date(2027, 3, 10).at(10, 0, 0, 0), "America/New_York");
    let asked = date(2027, 3, 14).at(2, 30, 0, 0);
    let next = zoned(date(2027, 3, 14).at(3, 0, 0, 0), "America/New_York");
    assert_eq!(said("sunday at 2:30 am", &now, &business), Resolution::Gap { asked, next: next.clone() });
    assert_eq!(
        said("sunday at 2 am", &now, &business),
        Resolution::Gap { asked: date(2027, 3, 14).at(2, 0, 0, 0), next: next.clone() }
    );
    assert_eq!(said("sunday at 3 am", &now, &business), Resolution::Moment(next));
}

#[test]
fn h2_a_time_that_comes_twice_is_asked_about_and_the_text_message_says_which() {
    let business = salon_in("America/New_York");
    let now = zoned(date(2026, 10, 28).at(10, 0, 0, 0), "America/New_York");
    let Resolution::Fold { first, second } = said("sunday at 1:30 am", &now, &business) else { panic!("a fold") };
    assert_eq!(second.timestamp().duration_since(first.timestamp()).as_secs(), 3600);
    assert_eq!(speak::written(&first, false), "Sun, Nov 1, 2026 at 1:30 AM EDT");
    assert_eq!(speak::written(&second, false), "Sun, Nov 1, 2026 at 1:30 AM EST");
    assert_ne!(speak::in_full(&first, &now), speak::in_full(&second, &now));
}

#[test]
fn h2_of_a_time_that_comes_twice_the_one_that_is_left_is_meant() {
    let business = salon_in("America/New_York");
    let between: Zoned = "2026-11-01T01:10:00-05:00[America/New_York]".parse().expect("a moment");
    let Resolution::Moment(at) = said("today at 1:30 am", &between, &business) else { panic!("a moment") };
    assert_eq!(at.offset().seconds(), -5 * 3600);
}

#[test]
fn h3_there_is_no_30th_of_february() {
    let business = salon_in("America/New_York");
    let now = zoned(date(2026, 11, 20).at(10, 0, 0, 0), "America/New_York");
    let no = |day, month, last| Resolution::NoSuchDate { day, month, last };
    assert_eq!(said("the 30th of February", &now, &business), no(30, 2, date(2027, 2, 28)));
    assert_eq!(said("June 31st", &now, &business), no(31, 6, date(2027, 6, 30)));
    assert_eq!(said("February 29th 2027 at four", &now, &business), no(29, 2, date(2027, 2, 28)));
}

#[test]
fn h4_what_has_passed_is_past() {
    let business = salon();
    let now = zoned(date(2026, 11, 20).at(10, 0, 0, 0), "America/New_York");
    assert_eq!(said("yesterday", &now, &business), Resolution::Past { asked: date(2026, 11, 19).at(0, 0, 0, 0) });
    assert_eq!(said("today at 9:00", &now, &business), Resolution::Past { asked: date(2026, 11, 20).at(9, 0, 0, 0) });
    assert_eq!(
        said("this morning before nine", &now, &business),
        Resolution::Past { asked: date(2026, 11, 20).at(0, 0, 0, 0) }
    );
}

#[test]
fn h5_years_that_make_no_sense_are_refused() {
    let business = salon();
    let now = zoned(date(2026, 11, 20).at(10, 0, 0, 0), "America/New_York");
    let around = Around { now: &now, business: &business, compared: None };
    let in_year = |year| {
        let day = Day::Date { weekday: None, day: 3, month: Some(12), year: Some(year) };
        resolve(When { day: Some(day), clock: None }, around)
    };
    let last = date(2027, 1, 18);
    for year in [9999, 10_000, i16::MAX, 2028, 28] {
        assert_eq!(in_year(year), Resolution::TooFar { last }, "{year}");
    }
    for year in [0, -5, 1999] {
        assert!(matches!(in_year(year), Resolution::Past { .. }), "{year}");
    }
    assert!(matches!(in_year(26), Resolution::Window { day: Some(day), .. } if day == date(2026, 12, 3)));
    assert_eq!(said("December 3rd 9999", &now, &business), Resolution::TooFar { last });
}

#[test]
fn h6_next_friday_on_a_friday_is_in_a_week_and_is_read_back_with_weekday_and_date() {
    let business = salon();
    let friday = zoned(date(2026, 11, 20).at(10, 0, 0, 0), "America/New_York");
    let day_of = |text: &str| match said(text, &friday, &business) {
        Resolution::Window { from, .. } => from.date(),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(day_of("next Friday"), date(2026, 11, 27));
    assert_eq!(day_of("Friday"), date(2026, 11, 27));
    assert_eq!(day_of("this weekend"), date(2026, 11, 21));
    assert_eq!(day_of("in a fortnight"), date(2026, 12, 4));
    assert_eq!(day_of("Friday week"), date(2026, 12, 4));
    let Resolution::Moment(at) = said("next Friday at four", &friday, &business) else { panic!("a moment") };
    assert_eq!(speak::in_full(&at, &friday), "Friday, November 27th at 4 p.m.");
}

#[test]
fn h7_three_slash_four_is_read_as_in_the_country_and_said_with_the_name_of_the_month() {
    let now = zoned(date(2026, 11, 20).at(10, 0, 0, 0), "America/New_York");
    let mut business = salon_in("America/New_York");
    let read_back = |business: &Business| match said("3/4 at noon", &now, business) {
        Resolution::Moment(at) => speak::in_full(&at, &now),
        other => panic!("{other:?}"),
    };
    assert_eq!(read_back(&business), "Thursday, March 4th at noon");
    business.country = "GB".to_owned();
    assert_eq!(read_back(&business), "Saturday, April 3rd at noon");
}

#[test]
fn h8_a_weekday_that_does_not_fit_the_date_is_asked_about() {
    let business = salon();
    let now = zoned(date(2026, 11, 20).at(10, 0, 0, 0), "America/New_York");
    assert_eq!(
        said("Tuesday the 14th at four", &now, &business),
        Resolution::WrongWeekday { said: Weekday::Tuesday, date: date(2026, 12, 14) }
    );
}

#[test]
fn h9_noon_midnight_and_what_no_clock_shows() {
    let business = salon();
    let now = zoned(date(2026, 11, 20).at(10, 0, 0, 0), "America/New_York");
    let at = |text: &str| match said(text, &now, &business) {
        Resolution::Moment(at) => at.datetime(),
        other => panic!("{text}: {other:?}"),
    };
    let tomorrow = date(2026, 11, 21);
    assert_eq!(at("tomorrow at noon"), tomorrow.at(12, 0, 0, 0));
    assert_eq!(at("tomorrow at 12 pm"), tomorrow.at(12, 0, 0, 0));
    assert_eq!(at("tomorrow at 12 am"), tomorrow.at(0, 0, 0, 0));
    assert_eq!(at("tomorrow at twelve"), tomorrow.at(12, 0, 0, 0));
    assert_eq!(at("tomorrow at midnight"), date(2026, 11, 22).at(0, 0, 0, 0));
    assert_eq!(at("tomorrow at 24:00"), date(2026, 11, 22).at(0, 0, 0, 0));
    for text in ["tomorrow at 25:00", "tomorrow at 9:75", "tomorrow at 24:30", "tomorrow at 17 am"] {
        assert_eq!(said(text, &now, &business), Resolution::NoSuchTime, "{text}");
    }
}

#[test]
fn h10_a_clock_in_the_business_zone_decides_and_the_zone_can_be_written() {
    let business = salon_in("America/Vancouver");
    let now = zoned(date(2026, 11, 20).at(23, 30, 0, 0), "America/Vancouver");
    let Resolution::Moment(at) = said("tomorrow at ten", &now, &business) else { panic!("a moment") };
    assert_eq!(at.datetime(), date(2026, 11, 21).at(10, 0, 0, 0));
    assert!(speak::written(&at, true).starts_with("Sat, Nov 21, 2026 at 10:00 AM "));
}

#[test]
fn h11_ten_in_vancouver_in_december_2026_is_seventeen_utc() {
    let business = salon_in("America/Vancouver");
    let now = zoned(date(2026, 11, 20).at(10, 0, 0, 0), "America/Vancouver");
    let Resolution::Moment(at) = said("december 3rd at ten", &now, &business) else { panic!("a moment") };
    assert_eq!(at.timestamp(), "2026-12-03T17:00:00Z".parse::<Timestamp>().expect("a timestamp"));
}

#[test]
fn h11_odd_zones_are_kept_by_the_database() {
    for (zone, utc) in [
        ("Asia/Kathmandu", "2026-12-03T04:15:00Z"),
        ("Australia/Lord_Howe", "2026-12-02T23:00:00Z"),
        ("America/Phoenix", "2026-12-03T17:00:00Z"),
    ] {
        let business = salon_in(zone);
        let now = zoned(date(2026, 11, 20).at(10, 0, 0, 0), zone);
        let Resolution::Moment(at) = said("december 3rd at ten", &now, &business) else { panic!("a moment") };
        assert_eq!(at.timestamp(), utc.parse::<Timestamp>().expect("a timestamp"), "{zone}");
    }
    // Lord Howe moves by half an hour: 2:15 does not exist, 2:30 does.
    let business = salon_in("Australia/Lord_Howe");
    let now = zoned(date(2026, 10, 1).at(10, 0, 0, 0), "Australia/Lord_Howe");
    let Resolution::Gap { next, .. } = said("october 4th at 2:15 am", &now, &business) else { panic!("a gap") };
    assert_eq!(next.datetime(), date(2026, 10, 4).at(2, 30, 0, 0));
}

#[test]
fn h12_a_leap_second_is_the_minute_it_ends_and_the_year_turns() {
    let business = salon();
    let now = zoned(date(2026, 12, 31).at(10, 0, 0, 0), "America/New_York");
    let Resolution::Moment(at) = said("today at 23:59:60", &now, &business) else { panic!("a moment") };
    assert_eq!(at.datetime(), date(2026, 12, 31).at(23, 59, 0, 0));
    let Resolution::Moment(at) = said("tomorrow at ten", &now, &business) else { panic!("a moment") };
    assert_eq!(at.datetime(), date(2027, 1, 1).at(10, 0, 0, 0));
}

#[test]
fn h12_a_day_on_which_the_clocks_change_is_as_long_as_it_is() {
    let business = salon_in("America/New_York");
    let now = zoned(date(2026, 10, 28).at(10, 0, 0, 0), "America/New_York");
    let Resolution::Window { from, to, .. } = said("sunday", &now, &business) else { panic!("a window") };
    assert_eq!(to.timestamp().duration_since(from.timestamp()).as_hours(), 25);
}

#[test]
fn h13_lengths_are_said_as_people_say_them() {
    let lengths = [
        (0, "0 minutes"),
        (1, "1 minute"),
        (30, "half an hour"),
        (45, "45 minutes"),
        (60, "an hour"),
        (75, "an hour and 15 minutes"),
        (90, "an hour and a half"),
        (120, "2 hours"),
        (150, "2 and a half hours"),
        (165, "2 hours and 45 minutes"),
        (10_000, "166 hours and 40 minutes"),
    ];
    for (minutes, text) in lengths {
        assert_eq!(speak::minutes(minutes), text);
    }
}

#[test]
fn h14_a_bare_hour_is_read_by_the_hours_of_that_very_day() {
    let business = salon();
    let now = zoned(date(2026, 11, 18).at(10, 0, 0, 0), "America/New_York");
    let hour = |text: &str| match said(text, &now, &business) {
        Resolution::Moment(at) => at.hour(),
        other => panic!("{text}: {other:?}"),
    };
    // Thursdays are long, so seven can be in the evening; Fridays are not, and a shut hour is read as daytime.
    assert_eq!(hour("thursday at seven"), 19);
    assert_eq!(hour("friday at seven"), 7);
    assert_eq!(hour("friday at four"), 16);
    assert_eq!(hour("sunday at two"), 14);
}

#[test]
fn h16_hours_over_midnight_decide_too() {
    let mut business = salon();
    let night = |day: Weekday| {
        serde_json::from_value::<Vec<_>>(serde_json::json!([{"from": "22:00:00", "to": "02:00:00"}]))
            .unwrap_or_else(|error| panic!("{day:?}: {error}"))
    };
    business.hours.friday = night(Weekday::Friday);
    business.hours.saturday = night(Weekday::Saturday);
    let now = zoned(date(2026, 11, 18).at(10, 0, 0, 0), "America/New_York");
    let Resolution::Moment(at) = said("friday at eleven", &now, &business) else { panic!("a moment") };
    assert_eq!(at.datetime(), date(2026, 11, 20).at(23, 0, 0, 0));
    let Resolution::Moment(at) = said("saturday at one", &now, &business) else { panic!("a moment") };
    assert_eq!(at.datetime(), date(2026, 11, 21).at(1, 0, 0, 0));
    let Resolution::Window { from, to, .. } = said("friday between eleven and one", &now, &business) else {
        panic!("a window")
    };
    assert_eq!((from.hour(), to.datetime()), (23, date(2026, 11, 21).at(1, 0, 0, 0)));
}

#[test]
fn later_and_earlier_are_measured_from_what_was_offered() {
    let business = salon();
    let now = zoned(date(2026, 11, 18).at(10, 0, 0, 0), "America/New_York");
    let offered = zoned(date(2026, 11, 20).at(14, 0, 0, 0), "America/New_York");
    let around = Around { now: &now, business: &business, compared: Some(&offered) };
    let shown_as = |text: &str| shown(&resolve(find(text, "US").expect(text).when, around));
    assert_eq!(shown_as("do you have anything later"), "2026-11-20 14:01 to 2026-11-21 00:00");
    assert_eq!(shown_as("anything earlier"), "2026-11-20 00:00 to 14:00");
    assert_eq!(shown_as("later on friday"), "2026-11-20 14:01 to 2026-11-21 00:00");
    assert_eq!(shown_as("later on saturday"), "2026-11-21 00:00 to 2026-11-22 00:00");
    let nothing_offered = Around { compared: None, ..around };
    assert_eq!(
        shown(&resolve(find("anything later", "US").expect("later").when, nothing_offered)),
        "2026-11-18 10:00 to 2027-01-17 00:00"
    );
}

#[test]
fn an_empty_wish_is_the_whole_time_to_the_horizon() {
    let business = salon();
    let now = zoned(date(2026, 11, 18).at(10, 0, 0, 0), "America/New_York");
    let around = Around { now: &now, business: &business, compared: None };
    assert_eq!(shown(&resolve(When::default(), around)), "2026-11-18 10:00 to 2027-01-17 00:00");
}

#[test]
fn a_time_without_a_day_has_a_moment_on_every_day_that_is_left() {
    let business = salon();
    let now = zoned(date(2026, 11, 18).at(17, 0, 0, 0), "America/New_York");
    let around = Around { now: &now, business: &business, compared: None };
    let Resolution::TimeOnly(clock) = said("at four", &now, &business) else { panic!("a time") };
    let found = windows(clock, now.date(), date(2026, 11, 21), around);
    let starts: Vec<_> = found.iter().map(|(from, _)| from.datetime()).collect();
    assert_eq!(starts, [19, 20, 21].map(|day| date(2026, 11, day).at(16, 0, 0, 0)));
}

#[test]
fn after_when_a_lone_number_is_an_hour() {
    let four = ClockTime { hour: 4, minute: 0, half: None };
    for text in ["four", "4", "um four please", "four I think", "for four", "four's fine"] {
        assert_eq!(find(text, "US"), None, "{text}");
        assert_eq!(find_answer(text, "US").map(|said| said.when.clock), Some(Some(Clock::At(four))), "{text}");
    }
    let five = ClockTime { hour: 5, ..four };
    assert_eq!(find_answer("four no five", "US").map(|said| said.when.clock), Some(Some(Clock::At(five))));
    assert_eq!(find_answer("555 0142", "US"), None);
}

#[test]
fn half_a_day_alone_answers_which_of_two_times_was_meant() {
    let noon = ClockTime { hour: 12, minute: 0, half: Some(Half::Pm) };
    for (text, clock) in
        [("a.m.", Clock::Before(noon)), ("the p m one please", Clock::After(noon)), ("am", Clock::Before(noon))]
    {
        assert_eq!(find(text, "US"), None, "{text}");
        assert_eq!(find_answer(text, "US").and_then(|said| said.when.clock), Some(clock), "{text}");
    }
}

#[test]
fn every_mention_has_its_own_place() {
    let text = "Tuesday, my name is Anna, at four";
    let found: Vec<_> = mentions(text, "US").into_iter().map(|said| &text[said.span]).collect();
    assert_eq!(found, ["Tuesday", "at four"]);
}

#[test]
fn places_are_right_in_text_that_is_not_ascii() {
    let text = "Grüezi, József hier, “tomorrow at three o’clock” geht’s?";
    let found = find(text, "US").expect("a time");
    assert_eq!(&text[found.span], "tomorrow at three o’clock");
}

const ZONES: [&str; 6] = [
    "America/New_York",
    "America/Vancouver",
    "Europe/London",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Phoenix",
];

fn any_zone() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&ZONES[..])
}

/// Words that the grammar knows, in any order.
fn any_sentence() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "tuesday", "next", "week", "the", "14th", "of", "march", "at", "four", "half", "past", "to", "quarter", "30",
        "3", ":", "/", "-", "p", "m", "am", "after", "before", "between", "and", "no", "not", "or", "in", "two",
        "hours", "days", "weeks", "from", "now", "noon", "midnight", "morning", "this", "tonight", "later", "9999",
        "2027", "oh", "twenty", "first", "month", "may", "weekend", "until", "about", "ish", "o'clock", "24", "0",
        "32", "a", "on", "year", ".", "$", "+",
    ];
    prop::collection::vec(prop::sample::select(WORDS), 0..14).prop_map(|words| words.join(" "))
}

fn holds_for(text: &str, zone: &str, at: i64) -> Result<(), TestCaseError> {
    let business = salon_in(zone);
    let now = Timestamp::from_second(at).expect("in range").to_zoned(business.zone.tz().clone());
    for found in [find(text, "US"), find_answer(text, "GB")].into_iter().flatten() {
        prop_assert!(text.get(found.span.clone()).is_some_and(|words| !words.is_empty()));
        for compared in [None, Some(&now)] {
            match resolve(found.when, Around { now: &now, business: &business, compared }) {
                Resolution::Moment(at) => prop_assert!(at >= now),
                Resolution::Window { from, to, .. } => prop_assert!(now <= from && from < to),
                Resolution::Windows(windows) => {
                    prop_assert!(windows.iter().all(|(from, to)| now <= *from && from < to));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,80}", zone in any_zone(), at in -60_000_000_000_i64..250_000_000_000) {
        holds_for(&text, zone, at)?;
    }

    #[test]
    fn no_order_of_the_words_it_knows_makes_it_panic(text in any_sentence(), zone in any_zone(), at in 0_i64..4_000_000_000) {
        holds_for(&text, zone, at)?;
    }

    #[test]
    fn what_is_read_back_is_understood_as_the_same_moment(
        zone in any_zone(),
        now in 1_700_000_000_i64..2_000_000_000,
        ahead in 0_i64..364 * 24 * 60,
    ) {
        let business = salon_in(zone);
        let now = Timestamp::from_second(now).expect("in range").to_zoned(business.zone.tz().clone());
        let at = now.checked_add(Span::new().minutes(ahead)).expect("in range");
        let at = at.round(jiff::ZonedRound::new().smallest(jiff::Unit::Minute)).expect("in range");
        prop_assume!(at >= now && at.date() <= now.date().checked_add(Span::new().days(364)).expect("in range"));
        let text = speak::in_full(&at, &now);
        let found = find(&text, &business.country).expect(&text);
        match resolve(found.when, Around { now: &now, business: &business, compared: None }) {
            Resolution::Moment(understood) => prop_assert_eq!(understood, at, "{}", text),
            Resolution::Fold { first, second } => prop_assert!(at == first || at == second, "{}", text),
            other => prop_assert!(false, "{}: {:?}", text, other),
        }
    }
}
