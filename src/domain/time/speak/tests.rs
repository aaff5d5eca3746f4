//! What is said about a time is understood as that time, from any now, in any zone.

use jiff::{
    Span, Timestamp, Unit, Zoned, ZonedRound,
    civil::{DateTime, Time, date},
    tz::TimeZone,
};
use proptest::prelude::*;

use super::super::{Around, Clock, Resolution, find, resolve, speak};
use crate::{
    domain::business::{Business, OpenPeriod, WeeklyHours, Zone},
    testing::salon,
};

fn new_york(wall: DateTime) -> Zoned {
    wall.to_zoned(TimeZone::get("America/New_York").expect("a zone")).expect("a wall time that exists")
}

#[test]
fn a_day_is_said_as_seen_from_today() {
    let today = date(2026, 11, 26);
    let days = [
        (date(2026, 11, 26), "today"),
        (date(2026, 11, 27), "tomorrow, Friday"),
        (date(2026, 11, 28), "this Saturday the 28th"),
        (date(2026, 11, 29), "this Sunday the 29th"),
        (date(2026, 11, 30), "Monday the 30th"),
        (date(2026, 12, 7), "Monday the 7th"),
        (date(2026, 12, 9), "Wednesday the 9th"),
        (date(2026, 12, 10), "Thursday, December 10th"),
        (date(2027, 3, 2), "Tuesday, March 2nd"),
        (date(2027, 11, 25), "Thursday, November 25th"),
        (date(2027, 11, 26), "Friday, November 26th, 2027"),
        (date(2026, 11, 25), "Wednesday, November 25th, 2026"),
    ];
    for (date, text) in days {
        assert_eq!(speak::day(date, today), text);
    }
    assert_eq!(speak::on_day(date(2026, 11, 27), today), "tomorrow, Friday");
    assert_eq!(speak::on_day(date(2026, 11, 28), today), "this Saturday the 28th");
    assert_eq!(speak::on_day(date(2026, 12, 7), today), "on Monday the 7th");
}

#[test]
fn a_leap_day_is_said_with_its_year_when_this_year_has_none() {
    assert_eq!(speak::day(date(2032, 2, 29), date(2031, 2, 20)), "Sunday, February 29th, 2032");
    assert_eq!(speak::day(date(2028, 2, 29), date(2028, 2, 1)), "Tuesday, February 29th");
}

#[test]
fn a_moment_is_said_in_few_words() {
    let now = new_york(date(2026, 11, 26).at(8, 0, 0, 0));
    let moments = [
        (date(2026, 11, 26).at(16, 0, 0, 0), "today at 4 p.m."),
        (date(2026, 11, 27).at(9, 0, 0, 0), "tomorrow, Friday, at 9 a.m."),
        (date(2026, 11, 28).at(10, 30, 0, 0), "this Saturday the 28th at 10:30 a.m."),
        (date(2026, 12, 7).at(12, 0, 0, 0), "Monday the 7th at noon"),
        (date(2027, 3, 2).at(0, 0, 0, 0), "Tuesday, March 2nd, at 12 a.m."),
        (date(2028, 2, 29).at(12, 5, 0, 0), "Tuesday, February 29th, 2028, at 12:05 p.m."),
    ];
    for (at, text) in moments {
        assert_eq!(speak::moment(&new_york(at), &now), text);
    }
}

#[test]
fn of_an_hour_that_comes_twice_it_is_said_which() {
    let now: Zoned = "2026-10-31T12:00[America/New_York]".parse().expect("a moment");
    let [first, second] = ["2026-11-01T01:30-04:00[America/New_York]", "2026-11-01T01:30-05:00[America/New_York]"]
        .map(|at| at.parse::<Zoned>().expect("a moment"));
    assert_eq!(speak::moment(&first, &now), "tomorrow, Sunday, at 1:30 a.m., before the clocks go back");
    assert_eq!(speak::moment(&second, &now), "tomorrow, Sunday, at 1:30 a.m., after the clocks have gone back");
    assert_eq!(speak::time_of(&second), "1:30 a.m., after the clocks have gone back");
    // Which of the two may be said in a turn of its own, in answer to the question.
    let asked = find("tomorrow at half past one in the morning", "US").expect("a time").when;
    let answer = find("after the clocks go back please", "US").expect("which of the two").when;
    let business = always_open("America/New_York");
    let around = Around { now: &now, business: &business, compared: None };
    assert_eq!(resolve(asked.then(answer), around), Resolution::Moment(second));
}

#[test]
fn a_window_is_said_as_people_say_it() {
    let now = new_york(date(2026, 11, 26).at(8, 0, 0, 0));
    let day = |day: i8, hour: i8| new_york(date(2026, 11, day).at(hour, 0, 0, 0));
    let windows = [
        (now.clone(), day(27, 0), "any time today"),
        (day(27, 0), day(28, 0), "any time tomorrow, Friday"),
        (day(30, 0), new_york(date(2026, 12, 1).at(0, 0, 0, 0)), "any time on Monday the 30th"),
        (now.clone(), day(30, 0), "any time until this Sunday the 29th"),
        (day(27, 0), day(30, 0), "from tomorrow to this Sunday the 29th"),
        (now.clone(), day(26, 16), "before 4 p.m. today"),
        (day(26, 16), day(27, 0), "after 4 p.m. today"),
        (day(28, 14), day(28, 16), "between 2 and 4 p.m. this Saturday the 28th"),
        (day(28, 10), day(28, 14), "between 10 a.m. and 2 p.m. this Saturday the 28th"),
        (day(28, 12), day(28, 13), "between noon and 1 p.m. this Saturday the 28th"),
        (day(28, 23), day(29, 1), "between 11 p.m. and 1 a.m. this Saturday the 28th"),
    ];
    for (from, to, text) in windows {
        assert_eq!(speak::window(&from, &to, &now), text);
    }
}

/// The salon in another zone, open all day, with a horizon that lets any near date be asked for.
fn always_open(zone: &str) -> Business {
    let mut business = salon();
    business.zone = Zone::named(zone).expect("a zone of the database");
    business.rules.horizon_days = 800;
    let all_day = vec![OpenPeriod { from: Time::midnight(), to: Time::midnight() }];
    business.hours = WeeklyHours {
        monday: all_day.clone(),
        tuesday: all_day.clone(),
        wednesday: all_day.clone(),
        thursday: all_day.clone(),
        friday: all_day.clone(),
        saturday: all_day.clone(),
        sunday: all_day,
    };
    business
}

fn any_zone() -> impl Strategy<Value = String> {
    let zones: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    prop::sample::select(zones)
}

/// A now between 2024 and 2037 and a moment at most two years after it, on the minute.
fn now_and_then() -> impl Strategy<Value = (Zoned, Zoned)> {
    // Most of what is spoken of is near.
    let ahead = prop_oneof![0_i64..3 * 24 * 60, 0_i64..30 * 24 * 60, 0_i64..799 * 24 * 60];
    (any_zone(), 1_704_067_200_i64..2_145_916_800, ahead).prop_filter_map(
        "after now and within the horizon",
        |(zone, now, ahead)| {
            let now = Timestamp::from_second(now).ok()?.in_tz(&zone).ok()?;
            let at = now.checked_add(Span::new().minutes(ahead)).ok()?;
            let at = at.round(ZonedRound::new().smallest(Unit::Minute)).ok()?;
            let last = now.date().checked_add(Span::new().days(799)).ok()?;
            (at >= now && at.date() <= last).then_some((now, at))
        },
    )
}

fn understood(text: &str, now: &Zoned) -> Resolution {
    let business = always_open(now.time_zone().iana_name().expect("a named zone"));
    let when = find(text, &business.country).unwrap_or_else(|| panic!("nothing found in {text:?}")).when;
    resolve(when, Around { now, business: &business, compared: None })
}

proptest! {
    #[test]
    fn a_moment_said_is_understood_as_that_moment((now, at) in now_and_then()) {
        for text in [speak::moment(&at, &now), speak::in_full(&at, &now)] {
            prop_assert_eq!(understood(&text, &now), Resolution::Moment(at.clone()), "{} at {}", text, now);
        }
    }

    #[test]
    fn a_day_said_is_understood_as_that_day((now, at) in now_and_then()) {
        for text in [speak::day(at.date(), now.date()), speak::on_day(at.date(), now.date())] {
            match understood(&text, &now) {
                Resolution::Window { day, .. } => prop_assert_eq!(day, Some(at.date()), "{} at {}", text, now),
                other => prop_assert!(false, "{} at {}: {:?}", text, now, other),
            }
        }
    }

    #[test]
    fn a_window_said_is_understood_as_that_window((now, at) in now_and_then(), minutes in 1_i64..40 * 60, kind in 0..4) {
        let tz = now.time_zone();
        let start = |day: jiff::civil::Date| day.at(0, 0, 0, 0).to_zoned(tz.clone()).expect("the start of a day");
        let tomorrow = at.date().tomorrow().expect("in range");
        let within_a_day = at.datetime().checked_add(Span::new().minutes(minutes % (24 * 60 - 1) + 1)).expect("in range");
        let (from, to) = match kind {
            0 => (start(at.date()).max(now.clone()), start(tomorrow)),
            1 => (at.clone(), within_a_day.to_zoned(tz.clone()).expect("in range")),
            2 => (at.clone(), start(tomorrow)),
            _ => (start(at.date()).max(now.clone()), start(at.date().checked_add(Span::new().days(minutes % 9 + 2)).expect("in range"))),
        };
        // The ends of a window are wall times: one that comes twice is taken as the first, one that is left out as the next.
        let plain = |at: &Zoned| at.datetime().to_zoned(tz.clone()).is_ok_and(|again| again == *at);
        let last = now.date().checked_add(Span::new().days(800)).expect("in range");
        prop_assume!(from < to && plain(&from) && plain(&to) && to.date() <= last);
        prop_assume!(kind == 0 || kind == 3 || from.time() != Time::midnight());
        let text = speak::window(&from, &to, &now);
        match understood(&text, &now) {
            Resolution::Window { from: f, to: t, .. } => prop_assert_eq!((f, t), (from, to), "{} at {}", text, now),
            other => prop_assert!(false, "{} at {}: {:?}", text, now, other),
        }
    }

    #[test]
    fn a_length_said_is_understood_as_that_length(minutes in 1_u16..48 * 60) {
        let text = format!("in {}", speak::minutes(minutes));
        let when = find(&text, "US").unwrap_or_else(|| panic!("nothing found in {text:?}")).when;
        prop_assert_eq!(when.clock, Some(Clock::InMinutes(minutes.into())), "{}", text);
    }
}

#[test]
fn a_year_of_the_next_century_is_no_time_of_day() {
    let now = new_york(date(2106, 2, 7).at(14, 28, 0, 0));
    let mut business = salon();
    business.rules.horizon_days = 800;
    let at = new_york(date(2107, 4, 2).at(22, 28, 0, 0));
    let text = speak::in_full(&at, &now);
    let said = find(&text, "US").expect("what we say is a time");
    let around = Around { now: &now, business: &business, compared: None };
    assert_eq!(resolve(said.when, around), Resolution::Moment(at), "{text}");
}
