//! What is free and what is busy, and what is made of an answer that says neither.

use std::time::Duration;

use deskbell::{ports::desk::DeskError, testing::calendar::Misdeed};
use jiff::{SignedDuration, Timestamp};

use super::{case::Case, matrix::Point};
use crate::{calendars::rig::tuesday, desk::rig::tuesday as at};

#[tokio::test]
async fn free_busy_and_what_appears_between_offer_and_yes() {
    Point::FreeBusyConflict
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            case.world.busy(tuesday("14:00", "15:00"));
            assert!(case.offers(at("10:00")).await, "{vendor}");
            assert!(!case.offers(at("14:30")).await, "{vendor}");
            case.has_booked("10:00").await;
            let held = case.holds(at("16:00")).await;
            case.world.busy(tuesday("16:00", "17:00"));
            assert!(matches!(case.rig.desk.confirm(held.id).await, Err(DeskError::Taken)), "{vendor}");
            assert!(!case.offers(at("16:00")).await, "{vendor}: nor is it offered from memory any more");
            assert_eq!(case.world.ours(), [tuesday("10:00", "10:45")], "{vendor}");
            assert_eq!(case.reconnect().await, None, "{vendor}");
            case.ends_well("and nothing was made for what did not come about").await;
        })
        .await;
}

/// Ways in which an answer to a reading says nothing.
fn senseless() -> Vec<(&'static str, Misdeed)> {
    vec![
        ("500", Misdeed::status(500, "{}")),
        ("503", Misdeed::status(503, "down for maintenance")),
        ("html", Misdeed::Html),
        ("half", Misdeed::HalfABody),
        ("cut", Misdeed::CutOff),
        ("too long", Misdeed::TooLong),
        ("redirect", Misdeed::Redirect { to: "http://127.0.0.1:9/".into() }),
    ]
}

/// Times for one case after another: seven on Tuesday, and as many on Wednesday.
fn times() -> impl Iterator<Item = Timestamp> {
    let on_tuesday = ["09:00", "10:00", "11:00", "14:00", "15:00", "16:00", "17:00"];
    [0, 24].into_iter().flat_map(move |later| on_tuesday.map(|time| at(time) + SignedDuration::from_hours(later)))
}

/// Offered from memory, and then it does not say: booked all the same, unverified, looked at again, and well.
async fn books_unverified(case: &Case, misdeeds: impl IntoIterator<Item = (&'static str, Misdeed)>) {
    for ((what, misdeed), time) in misdeeds.into_iter().zip(times()) {
        let vendor = case.vendor;
        let held = case.holds(time).await;
        case.trap(case.world.reads(), 1, misdeed);
        let booked = case.rig.desk.confirm(held.id).await.unwrap_or_else(|error| panic!("{vendor} {what}: {error}"));
        assert!(booked.unverified, "{vendor} {what}");
        assert_eq!(case.reconnect().await, None, "{vendor} {what}");
        case.world.kit().clear_traps();
        case.rig.work().await;
        case.rig.an_hour_later().await;
        assert!(!case.state(&booked).await.unverified, "{vendor} {what}: it was looked at again");
    }
    case.ends_well("what could not be read").await;
}

#[tokio::test]
async fn an_answer_without_sense_when_it_counts_leaves_the_booking_unverified_until_it_is_looked_at_again() {
    Point::Senseless.each(async |vendor| books_unverified(&Case::of(vendor).await, senseless()).await).await;
}

#[tokio::test]
async fn so_does_a_limit_with_and_without_a_time_to_wait() {
    Point::Limited
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let limits = [("429", case.world.limits(None)), ("429 later", case.world.limits(Some(30)))];
            books_unverified(&case, limits).await;
        })
        .await;
}

#[tokio::test]
async fn an_answer_that_is_late_counts_when_it_comes_in_time_and_not_when_it_does_not() {
    Point::Slow
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let held = case.holds(at("17:00")).await;
            case.trap(case.world.reads(), 1, Misdeed::Slow(Duration::from_millis(50)));
            assert!(!case.rig.desk.confirm(held.id).await.unwrap().unverified, "{vendor}");
            let late = [("slow", Misdeed::Slow(Duration::from_secs(4))), ("silent", Misdeed::Unanswered)];
            books_unverified(&case, late).await;
        })
        .await;
}

#[tokio::test]
async fn what_could_not_be_read_and_was_busy_stands_and_is_in_front_of_the_owner() {
    Point::Senseless
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let held = case.holds(at("14:00")).await;
            case.world.busy(tuesday("14:00", "15:00"));
            case.trap(case.world.reads(), 1, Misdeed::status(503, "{}"));
            let booked = case.rig.desk.confirm(held.id).await.unwrap_or_else(|error| panic!("{vendor}: {error}"));
            assert!(booked.unverified, "{vendor}");
            for _ in 0..3 {
                case.rig.work().await;
                case.rig.an_hour_later().await;
            }
            assert!(case.collides(&booked).await, "{vendor}");
            // A calendar takes two events at one time; a vendor with rules of its own does not.
            let stands = usize::from(!case.world.is_scheduler());
            assert_eq!(case.world.ours().len(), stands, "{vendor}");
            assert_eq!(case.confirmed().await.len(), 1, "{vendor}: what was said to the customer is kept");
        })
        .await;
}
