//! An appointment is made there, and something goes wrong.

use deskbell::{ports::desk::DeskError, testing::calendar::Misdeed};

use super::{case::Case, matrix::Point};
use crate::{calendars::rig::tuesday, desk::rig::tuesday as at};

#[tokio::test]
async fn whatever_is_answered_it_stands_once() {
    Point::Senseless
        .each(async |vendor| {
            for (times, what, misdeed) in [
                (1, "500", Misdeed::status(500, "{}")),
                (3, "503 again and again", Misdeed::status(503, "down for maintenance")),
                (1, "502, and done", Misdeed::DoneBut(502)),
                (2, "html", Misdeed::Html),
                (1, "half", Misdeed::HalfABody),
                (2, "cut", Misdeed::CutOff),
                (1, "too long", Misdeed::TooLong),
            ] {
                let case = Case::of(vendor).await;
                case.trap(case.world.makes(), times, misdeed);
                let booked = case.books("10:00").await;
                // A vendor with rules of its own has not said yes.
                assert_eq!(booked.unverified, case.world.is_scheduler(), "{vendor} {what}");
                case.ends_well(what).await;
                assert_eq!(case.world.ours().len(), 1, "{vendor} {what}");
            }
        })
        .await;
}

#[tokio::test]
async fn over_a_limit_it_is_made_later_or_by_the_customer_on_the_vendors_page() {
    Point::Limited
        .each(async |vendor| {
            for wait in [None, Some(1)] {
                let case = Case::of(vendor).await;
                let held = case.holds(at("10:00")).await;
                case.trap(case.world.makes(), 2, case.world.limits(wait));
                let booked = case.rig.desk.confirm(held.id).await;
                if case.world.is_scheduler() {
                    assert!(matches!(booked, Err(DeskError::ByPage { .. })), "{vendor} {wait:?}: {booked:?}");
                    case.ends_well("it is booked by whoever goes to that page").await;
                    assert!(case.world.ours().is_empty(), "{vendor} {wait:?}");
                    case.world.kit().clear_traps();
                    case.has_booked("10:00").await;
                } else {
                    assert!(!booked.unwrap().unverified, "{vendor} {wait:?}");
                    case.ends_well("a limit").await;
                    assert_eq!(case.world.ours().len(), 1, "{vendor} {wait:?}");
                }
            }
        })
        .await;
}

#[tokio::test]
async fn made_moved_and_cancelled_again_nothing_changes() {
    Point::Again
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let booked = case.has_booked("10:00").await;
            let moved = case.moves(&booked, "15:00").await;
            case.rig.work().await;
            assert_eq!(case.world.ours(), case.confirmed().await, "{vendor}");
            let asked = case.world.kit().asked().len();
            case.is_looked_at(&moved).await;
            assert_eq!(case.world.kit().asked().len(), asked, "{vendor}: what stands well is left alone");
            case.cancels(&moved).await;
            case.rig.work().await;
            assert!(case.world.ours().is_empty(), "{vendor}");
            case.is_looked_at(&moved).await;
            case.ends_well("and it stays away").await;
        })
        .await;
}

#[tokio::test]
async fn g5_what_was_done_unknown_to_us_and_is_done_again_stands_once() {
    Point::DuplicateCreate
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            // It is done and its answer lost; and whoever looks for it is told that there is nothing.
            case.trap(case.world.makes(), 1, Misdeed::DoneBut(502));
            case.trap(case.world.finds(), 1, case.world.finds_nothing());
            let booked = case.books("10:00").await;
            case.ends_well("made twice").await;
            assert_eq!(case.world.ours(), [tuesday("10:00", "10:45")], "{vendor}");
            assert!(!case.collides(&booked).await, "{vendor}: not with itself");
        })
        .await;
}

#[tokio::test]
async fn g5_what_is_sent_and_not_answered_in_time_stands_once_whenever_it_arrives() {
    Point::TimeoutAfterSend
        .each(async |vendor| {
            for (what, misdeed) in [
                ("done", Misdeed::DoneUnanswered),
                ("not done", Misdeed::Unanswered),
                ("done when it was made again", Misdeed::Late),
            ] {
                let case = Case::of(vendor).await;
                case.trap(case.world.makes(), 1, misdeed);
                let booked = case.books("10:00").await;
                assert_eq!(booked.unverified, case.world.is_scheduler(), "{vendor} {what}");
                case.ends_well(what).await;
                let late = case.world.kit().arrive().await;
                assert_eq!(late == 1, what == "done when it was made again", "{vendor} {what}");
                case.ends_well(what).await;
                assert_eq!(case.world.ours(), [tuesday("10:00", "10:45")], "{vendor} {what}");
                assert!(!case.collides(&booked).await, "{vendor} {what}");
                // A look comes before a second writing.
                let made = if what == "done" { 1 } else { 2 };
                assert_eq!(case.asked(case.world.makes()), made, "{vendor} {what}");
            }
        })
        .await;
}

#[tokio::test]
async fn a_name_that_is_used_up_is_followed_by_another_and_a_time_that_is_gone_is_taken() {
    Point::Conflict409
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            if case.world.is_scheduler() {
                let held = case.holds(at("10:00")).await;
                case.trap(case.world.makes(), 1, Misdeed::status(409, "{}"));
                assert!(matches!(case.rig.desk.confirm(held.id).await, Err(DeskError::Taken)), "{vendor}");
                case.ends_well("409").await;
                assert!(case.world.ours().is_empty() && case.confirmed().await.is_empty(), "{vendor}");
                return;
            }
            case.world.burns_names();
            // It was done, nobody knew, and its owner has deleted it since.
            case.trap(case.world.makes(), 1, Misdeed::DoneBut(502));
            case.books("10:00").await;
            case.rig.work().await;
            case.world.owner_deletes();
            case.ends_well("a name that is used up").await;
            assert_eq!(case.world.ours(), [tuesday("10:00", "10:45")], "{vendor}");
            assert!(case.was_answered(case.world.used_up()), "{vendor}");
        })
        .await;
}
