//! What stands in calendars and is not simply busy from here to there, and what the clocks do.

use deskbell::{
    domain::business::{Business, OpenPeriod},
    ports::calendar::Interval,
};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Weekday, time},
};

use super::{case::Case, matrix::Point, world::Odd};
use crate::{
    calendars::rig::tuesday,
    desk::rig::{ts, tuesday as at},
};

#[tokio::test]
async fn g12_a_whole_day_is_busy_from_midnight_to_midnight() {
    Point::AllDay
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            case.world.odd(Odd::AllDay("2026-11-25".parse().unwrap()));
            let wednesday = SignedDuration::from_hours(24);
            assert!(!case.offers(at("10:00") + wednesday).await, "{vendor}");
            assert!(!case.offers(at("17:15") + wednesday).await, "{vendor}");
            assert!(case.offers(at("14:00")).await, "{vendor}: the day before");
            assert!(case.offers(at("10:00") + wednesday * 2).await, "{vendor}: the day after");
        })
        .await;
}

#[tokio::test]
async fn g12_what_is_shown_as_free_is_nobodys_in_the_way() {
    Point::Transparent
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            case.world.odd(Odd::Free(tuesday("09:00", "12:00")));
            assert!(case.offers(at("10:00")).await, "{vendor}");
            case.has_booked("10:00").await;
        })
        .await;
}

#[tokio::test]
async fn g13_four_in_berlin_is_ten_in_new_york() {
    Point::OtherZone
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let (from, to) = ("2026-11-24T16:00:00", "2026-11-24T17:00:00");
            case.world.odd(Odd::Wall { zone: "Europe/Berlin", from, to });
            assert!(!case.offers(at("10:15")).await, "{vendor}");
            assert!(case.offers(at("09:15")).await && case.offers(at("11:00")).await, "{vendor}");
            assert!(case.offers(at("16:00")).await, "{vendor}");
        })
        .await;
}

#[tokio::test]
async fn g12_a_series_is_busy_each_time_but_where_it_was_taken_out_or_moved() {
    Point::Series
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let day = |n: i64| SignedDuration::from_hours(24 * n);
            let thursday = tuesday("15:00", "16:00");
            let thursday = Interval { from: thursday.from + day(2), to: thursday.to + day(2) };
            let (from, to) = ("2026-11-24T10:00:00", "2026-11-24T11:00:00");
            case.world.odd(Odd::Daily { from, to, days: 4, but: 1, moved: (2, thursday) });
            assert!(!case.offers(at("10:00")).await, "{vendor}: Tuesday");
            assert!(case.offers(at("10:00") + day(1)).await, "{vendor}: taken out on Wednesday");
            assert!(case.offers(at("10:00") + day(2)).await, "{vendor}: moved on Thursday");
            assert!(!case.offers(thursday.from).await, "{vendor}: to here");
            assert!(case.offers(at("15:00") + day(1)).await, "{vendor}: and nowhere else");
            assert!(!case.offers(at("10:00") + day(3)).await, "{vendor}: Friday");
            assert!(case.offers(at("10:00") + day(4)).await, "{vendor}: it is over");
        })
        .await;
}

/// From midnight to noon, on every day of the week.
fn open_at_night(business: &mut Business) {
    for day in Weekday::Monday.cycle_forward().take(7) {
        *business.hours.on_mut(day) = vec![OpenPeriod { from: time(0, 0, 0, 0), to: time(12, 0, 0, 0) }];
    }
}

async fn at_night(vendor: &'static str, now: &str) -> Case {
    let case = Case::on(vendor, now, open_at_night).await;
    case.world.works_nights();
    case
}

fn hour(from: &str) -> Interval {
    let from = ts(from);
    Interval { from, to: from + SignedDuration::from_hours(1) }
}

/// A haircut that begins then, as it is to stand there.
fn haircut(from: Timestamp) -> Interval {
    Interval { from, to: from + SignedDuration::from_mins(45) }
}

const OCTOBER: &str = "2026-10-28T12:00:00Z";
const MARCH: &str = "2027-03-10T12:00:00Z";

/// In New York, 1 November 2026: the hour from one to two comes twice, first at 05:00Z and then at 06:00Z.
#[tokio::test]
async fn of_an_hour_that_comes_twice_only_the_busy_one_is_busy() {
    const FIRST: &str = "2026-11-01T05:00:00Z";
    const SECOND: &str = "2026-11-01T06:00:00Z";
    Point::Fold
        .each(async |vendor| {
            for (busy, free) in [(FIRST, SECOND), (SECOND, FIRST)] {
                let case = at_night(vendor, OCTOBER).await;
                case.world.busy(hour(busy));
                assert!(!case.offers(ts(busy)).await, "{vendor}: busy at {busy}");
                assert!(case.offers(ts(free)).await, "{vendor}: free at {free}");
                assert!(case.offers(ts("2026-11-01T04:00:00Z")).await, "{vendor}: before");
                assert!(case.offers(ts("2026-11-01T07:00:00Z")).await, "{vendor}: after");
            }
        })
        .await;
}

#[tokio::test]
async fn what_is_booked_in_an_hour_that_comes_twice_and_after_it_stands_at_its_moment() {
    Point::Fold
        .each(async |vendor| {
            let case = at_night(vendor, OCTOBER).await;
            let times =
                ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z", "2026-11-02T05:00:00Z"];
            for time in times {
                let booked = case.books_at(ts(time)).await.unwrap_or_else(|error| panic!("{vendor} {time}: {error}"));
                assert!(!booked.unverified, "{vendor} {time}");
                case.rig.work().await;
            }
            assert_eq!(case.world.ours(), times.map(|time| haircut(ts(time))), "{vendor}");
            case.ends_well("around a fold").await;
        })
        .await;
}

#[tokio::test]
async fn a_wall_time_that_comes_twice_is_its_first_and_a_series_keeps_its_wall_time_over_the_change() {
    Point::OtherZone
        .each(async |vendor| {
            let case = at_night(vendor, OCTOBER).await;
            let (from, to) = ("2026-11-01T01:15:00", "2026-11-01T01:45:00");
            case.world.odd(Odd::Wall { zone: "America/New_York", from, to });
            let elsewhere = hour("2026-11-05T20:00:00Z");
            let (from, to) = ("2026-10-30T09:00:00", "2026-10-30T10:00:00");
            case.world.odd(Odd::Daily { from, to, days: 7, but: 5, moved: (6, elsewhere) });
            assert!(!case.offers(ts("2026-11-01T05:15:00Z")).await, "{vendor}: the first time");
            assert!(case.offers(ts("2026-11-01T06:15:00Z")).await, "{vendor}: the second time");
            assert!(!case.offers(ts("2026-10-31T13:00:00Z")).await, "{vendor}: nine in summer");
            assert!(case.offers(ts("2026-11-01T13:00:00Z")).await, "{vendor}: eight in winter");
            assert!(!case.offers(ts("2026-11-01T14:00:00Z")).await, "{vendor}: nine in winter");
            assert!(case.offers(ts("2026-11-04T14:00:00Z")).await, "{vendor}: taken out");
        })
        .await;
}

/// In New York, 14 March 2027: at 07:00Z it is three o'clock; it was never two.
#[tokio::test]
async fn right_after_an_hour_that_does_not_exist_it_is_busy_free_and_booked_at_its_moment() {
    Point::Gap
        .each(async |vendor| {
            let case = at_night(vendor, MARCH).await;
            case.world.busy(hour("2027-03-14T07:00:00Z"));
            assert!(case.offers(ts("2027-03-14T06:00:00Z")).await, "{vendor}: one o'clock");
            assert!(!case.offers(ts("2027-03-14T07:00:00Z")).await, "{vendor}: three o'clock");
            assert!(case.offers(ts("2027-03-14T08:00:00Z")).await, "{vendor}: four o'clock");
            let case = at_night(vendor, MARCH).await;
            let times = ["2027-03-14T06:00:00Z", "2027-03-14T07:00:00Z", "2027-03-15T04:00:00Z"];
            for time in times {
                case.books_at(ts(time)).await.unwrap_or_else(|error| panic!("{vendor} {time}: {error}"));
                case.rig.work().await;
            }
            assert_eq!(case.world.ours(), times.map(|time| haircut(ts(time))), "{vendor}");
            case.ends_well("around a gap").await;
        })
        .await;
}

#[tokio::test]
async fn a_series_at_a_time_that_does_not_exist_is_busy_when_the_clocks_have_moved_on() {
    Point::Series
        .each(async |vendor| {
            let case = at_night(vendor, MARCH).await;
            let elsewhere = hour("2027-03-17T20:00:00Z");
            let (from, to) = ("2027-03-12T02:30:00", "2027-03-12T04:00:00");
            case.world.odd(Odd::Daily { from, to, days: 6, but: 4, moved: (5, elsewhere) });
            assert!(!case.offers(ts("2027-03-13T07:30:00Z")).await, "{vendor}: half past two on Saturday");
            assert!(case.offers(ts("2027-03-13T06:30:00Z")).await, "{vendor}: an hour before");
            assert!(!case.offers(ts("2027-03-14T07:30:00Z")).await, "{vendor}: half past three on Sunday");
            assert!(case.offers(ts("2027-03-14T06:00:00Z")).await, "{vendor}: one o'clock");
            assert!(!case.offers(ts("2027-03-15T06:30:00Z")).await, "{vendor}: half past two on Monday");
            assert!(case.offers(ts("2027-03-15T08:00:00Z")).await, "{vendor}: four o'clock");
        })
        .await;
}
