//! Counted by hand, and that parts make the whole.

use jiff::{SignedDuration, Timestamp, civil::date};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::call::{Outcome, WhyNot};

fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A call of two minutes, answered after two seconds.
fn call(started: &str, outcome: Outcome) -> CallFact {
    let started = ts(started);
    CallFact {
        started,
        answered: Some(started + SignedDuration::from_secs(2)),
        ended: Some(started + SignedDuration::from_secs(122)),
        outcome,
        why_not: None,
        booked: None,
        sentences: None,
        first_word_ms: None,
        cost: Micros(0),
    }
}

fn november() -> Period {
    Period::read("2026-11-01", "2026-11-07").unwrap()
}

#[test]
fn five_calls_are_counted_as_one_would_by_hand() {
    let booked = CallFact {
        booked: Some(ts("2026-11-03T15:01:32Z")),
        sentences: Some(14),
        first_word_ms: Some(640),
        cost: Micros(30_000),
        ..call("2026-11-03T15:00:00Z", Outcome::Booked)
    };
    let asked =
        CallFact { first_word_ms: Some(900), cost: Micros(10_000), ..call("2026-11-03T15:59:59Z", Outcome::Answered) };
    let put_through = call("2026-11-04T03:30:00Z", Outcome::Transferred);
    let missed = CallFact { answered: None, ..call("2026-11-05T12:00:00Z", Outcome::None) };
    let before = call("2026-11-01T03:59:59Z", Outcome::Booked);
    let calls = [booked, asked, put_through, missed, before];
    let insights = Insights::of(november(), &new_york(), &calls, &[], Texts::default());

    let sum = Sum { calls: 4, answered: 3, booked: 1, cost: Micros(40_000), talked: 360, saved: 240 };
    assert_eq!(insights.sum, sum, "the one before midnight of the first is not of this week");
    assert_eq!((sum.not_booked(), sum.unanswered()), (2, 1));
    assert_eq!((sum.cost_per_call(), sum.cost_per_booking()), (Some(Micros(13_333)), Some(Micros(40_000))));
    let fates = [(Fate::Booked, 1), (Fate::Transferred, 1), (Fate::Question, 1), (Fate::Unanswered, 1)];
    assert_eq!(insights.fates, BTreeMap::from(fates));
    // 15:00 in London is 10:00 in New York, and half past three at night there is still Tuesday evening.
    assert_eq!((insights.hours[1][10], insights.hours[1][22], insights.hours[3][7]), (2, 1, 1));
    assert_eq!(insights.busiest(), 2);
    assert_eq!(insights.time_to_book, Some(Spread { median: 90, p90: 90, count: 1 }));
    assert_eq!(insights.sentences, Some(Spread { median: 14, p90: 14, count: 1 }));
    assert_eq!(insights.first_word, Some(Spread { median: 640, p90: 900, count: 2 }));
    let by_day: Vec<u32> = insights.buckets.iter().map(|bucket| bucket.sum.calls).collect();
    assert_eq!(by_day, [0, 0, 3, 0, 1, 0, 0]);
}

#[test]
fn a_call_that_says_why_it_booked_nothing_is_counted_by_that_unless_it_did_something() {
    let why = |outcome| CallFact { why_not: Some(WhyNot::WantedPerson), ..call("2026-11-03T15:00:00Z", outcome) };
    assert_eq!(Fate::of(&why(Outcome::Answered)), Fate::Why(WhyNot::WantedPerson));
    assert_eq!(Fate::of(&why(Outcome::Transferred)), Fate::Transferred);
    assert_eq!(Fate::of(&call("2026-11-03T15:00:00Z", Outcome::Answered)).words(), "They only asked something");
    let refused = CallFact { answered: None, ..why(Outcome::None) };
    assert_eq!(Fate::of(&refused).words(), "The call was not answered");
}

#[test]
fn an_hour_that_comes_twice_is_one_hour_of_the_clock_and_one_that_never_comes_stays_empty() {
    let calls = [call("2026-11-01T05:30:00Z", Outcome::None), call("2026-11-01T06:30:00Z", Outcome::None)];
    let insights = Insights::of(november(), &new_york(), &calls, &[], Texts::default());
    assert_eq!(insights.hours[6][1], 2, "half past one, and half past one again");
    assert_eq!(insights.buckets[0].sum.calls, 2);
    let spring = Period::read("2026-03-08", "2026-03-08").unwrap();
    let calls = [call("2026-03-08T06:59:59Z", Outcome::None), call("2026-03-08T07:00:00Z", Outcome::None)];
    let insights = Insights::of(spring, &new_york(), &calls, &[], Texts::default());
    assert_eq!((insights.hours[6][1], insights.hours[6][2], insights.hours[6][3]), (1, 0, 1));
}

#[test]
fn bookings_are_counted_by_what_and_by_whom() {
    let [cut, color] = [1, 2].map(|n| ServiceId(Uuid::from_u128(n)));
    let [maria, james] = [3, 4].map(|n| StaffId(Uuid::from_u128(n)));
    let fact = |service, staff, by_call, cancelled, count| BookingFact { service, staff, by_call, cancelled, count };
    let facts =
        [fact(cut, maria, true, false, 3), fact(cut, james, false, true, 1), fact(color, james, true, false, 5)];
    let bookings = Insights::of(november(), &new_york(), &[], &facts, Texts::default()).bookings;
    assert_eq!((bookings.made, bookings.by_call, bookings.cancelled), (9, 8, 1));
    assert_eq!(bookings.by_service, [(color, 5), (cut, 4)]);
    assert_eq!(bookings.by_staff, [(james, 6), (maria, 3)]);
}

fn any_call() -> impl Strategy<Value = CallFact> {
    let outcomes = [Outcome::None, Outcome::Answered, Outcome::Message, Outcome::Transferred, Outcome::Booked];
    let begin = date(2026, 1, 1).to_zoned(TimeZone::UTC).unwrap().timestamp();
    (0..400_i64 * 86_400, 0..5_usize, any::<bool>(), 0..3_600_i64, 0..100_000_u64).prop_map(
        move |(seconds, outcome, answered, length, cost)| {
            let started = begin + SignedDuration::from_secs(seconds);
            CallFact {
                started,
                answered: answered.then_some(started),
                ended: Some(started + SignedDuration::from_secs(length)),
                outcome: outcomes[outcome],
                why_not: (outcome == 1).then_some(WhyNot::NothingFree),
                booked: (outcome == 4).then(|| started + SignedDuration::from_secs(length / 2)),
                sentences: Some(10),
                first_word_ms: answered.then_some(500),
                cost: Micros(cost),
            }
        },
    )
}

proptest! {
    /// Whatever days are asked for: its parts, its fates and its hours each add up to the whole, and two halves make it.
    #[test]
    fn parts_make_the_whole(calls in prop::collection::vec(any_call(), 0..80), first in 0..300_i32, count in 2..100_i32) {
        let zone = new_york();
        let day = |n: i32| date(2026, 1, 1).saturating_add(jiff::Span::new().days(n)).to_string();
        let count_of = |from: i32, to: i32| {
            let period = Period::read(&day(from), &day(to)).unwrap();
            Insights::of(period, &zone, &calls, &[], Texts::default())
        };
        let whole = count_of(first, first + count - 1);
        let mut parts = Sum::default();
        whole.buckets.iter().for_each(|bucket| parts.add(bucket.sum));
        prop_assert_eq!(parts, whole.sum);
        prop_assert_eq!(whole.fates.values().sum::<u32>(), whole.sum.calls);
        prop_assert_eq!(whole.hours.iter().flatten().sum::<u32>(), whole.sum.calls);
        prop_assert_eq!(whole.sum.booked + whole.sum.not_booked() + whole.sum.unanswered(), whole.sum.calls);
        prop_assert!(whole.sum.saved <= whole.sum.talked);
        let half = first + count / 2;
        let mut halves = count_of(first, half - 1).sum;
        halves.add(count_of(half, first + count - 1).sum);
        prop_assert_eq!(halves, whole.sum);
    }
}
