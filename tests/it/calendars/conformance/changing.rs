//! What stands there is moved or cancelled, by us or by its owner, and something goes wrong.

use deskbell::testing::calendar::Misdeed;

use super::{case::Case, matrix::Point};
use crate::calendars::rig::tuesday;

#[tokio::test]
async fn whatever_is_answered_what_stands_is_true() {
    Point::Senseless
        .each(async |vendor| {
            for (what, misdeed) in [
                ("500", Misdeed::status(500, "{}")),
                ("502, and done", Misdeed::DoneBut(502)),
                ("html", Misdeed::Html),
                ("cut", Misdeed::CutOff),
                ("half", Misdeed::HalfABody),
            ] {
                let case = Case::of(vendor).await;
                let booked = case.has_booked("10:00").await;
                let other = case.has_booked("11:00").await;
                case.trap(case.world.changes(), 1, misdeed.clone());
                case.moves(&booked, "16:00").await;
                case.rig.work().await;
                case.world.kit().clear_traps();
                case.trap(case.world.removes(), 1, misdeed);
                case.cancels(&other).await;
                case.ends_well(what).await;
                assert_eq!(case.world.ours(), [tuesday("16:00", "16:45")], "{vendor} {what}");
            }
        })
        .await;
}

#[tokio::test]
async fn over_a_limit_it_is_moved_and_cancelled_later() {
    Point::Limited
        .each(async |vendor| {
            for wait in [None, Some(30)] {
                let case = Case::of(vendor).await;
                let booked = case.has_booked("10:00").await;
                let other = case.has_booked("11:00").await;
                case.trap(case.world.removes(), 2, case.world.limits(wait));
                case.cancels(&other).await;
                case.rig.work().await;
                case.moves(&booked, "16:00").await;
                case.ends_well("a limit").await;
                assert_eq!(case.world.ours(), [tuesday("16:00", "16:45")], "{vendor} {wait:?}");
            }
        })
        .await;
}

#[tokio::test]
async fn g5_a_move_that_is_not_answered_in_time_is_made_once_whenever_it_arrives() {
    Point::TimeoutAfterSend
        .each(async |vendor| {
            for (what, misdeed) in [("done", Misdeed::DoneUnanswered), ("done later", Misdeed::Late)] {
                let case = Case::of(vendor).await;
                let booked = case.has_booked("10:00").await;
                case.trap(case.world.changes(), 1, misdeed);
                case.moves(&booked, "15:00").await;
                case.ends_well(what).await;
                case.world.kit().arrive().await;
                case.ends_well(what).await;
                assert_eq!(case.world.ours(), [tuesday("15:00", "15:45")], "{vendor} {what}");
            }
        })
        .await;
}

#[tokio::test]
async fn g5_a_cancellation_that_is_not_answered_in_time_is_made_once_whenever_it_arrives() {
    Point::TimeoutAfterSend
        .each(async |vendor| {
            for (what, misdeed) in [("done", Misdeed::DoneUnanswered), ("done later", Misdeed::Late)] {
                let case = Case::of(vendor).await;
                let booked = case.has_booked("10:00").await;
                case.trap(case.world.removes(), 1, misdeed);
                case.cancels(&booked).await;
                case.ends_well(what).await;
                case.world.kit().arrive().await;
                case.ends_well(what).await;
                assert!(case.world.ours().is_empty(), "{vendor} {what}");
            }
        })
        .await;
}

#[tokio::test]
async fn what_its_owner_deleted_is_made_anew_when_it_is_moved_here_and_is_gone_when_it_is_cancelled() {
    Point::Missing404
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let booked = case.has_booked("10:00").await;
            let other = case.has_booked("11:00").await;
            case.world.owner_deletes();
            case.world.owner_deletes();
            assert!(case.world.ours().is_empty(), "{vendor}");
            case.moves(&booked, "15:00").await;
            case.cancels(&other).await;
            case.ends_well("deleted there").await;
            assert_eq!(case.world.ours(), [tuesday("15:00", "15:45")], "{vendor}");
            let asked = case.world.kit().asked().len();
            case.rig.an_hour_later().await;
            assert_eq!(case.world.kit().asked().len(), asked, "{vendor}: nobody looks for what is gone");
        })
        .await;
}

#[tokio::test]
async fn g15_what_its_owner_wrote_into_it_does_not_keep_it_from_being_moved() {
    Point::Changed412
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let booked = case.has_booked("10:00").await;
            case.world.owner_edits();
            let moved = case.moves(&booked, "15:00").await;
            case.ends_well("changed there").await;
            // And so it is when it is changed in the very moment in which it is moved.
            case.trap(case.world.changes(), 1, Misdeed::status(412, "{}"));
            let moved = case.moves(&moved, "16:00").await;
            case.ends_well("412").await;
            assert!(case.was_answered(412), "{vendor}");
            case.world.owner_edits();
            case.cancels(&moved).await;
            case.ends_well("cancelled, whatever was changed").await;
            assert!(case.world.ours().is_empty(), "{vendor}");
        })
        .await;
}

#[tokio::test]
async fn g15_what_its_owner_moved_is_not_fought_over() {
    Point::MovedThere
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let booked = case.has_booked("10:00").await;
            case.world.owner_moves(tuesday("17:00", "17:45"));
            let moved = case.moves(&booked, "11:00").await;
            case.rig.work().await;
            case.rig.an_hour_later().await;
            if case.world.is_scheduler() {
                // Its visits have no version: the last one to move it has moved it.
                case.ends_well("moved there, and then here").await;
                assert_eq!(case.world.ours(), [tuesday("11:00", "11:45")], "{vendor}");
            } else {
                assert_eq!(case.world.ours(), [tuesday("17:00", "17:45")], "{vendor}: it is the owner's");
            }
            case.world.owner_deletes();
            case.moves(&moved, "15:00").await;
            case.ends_well("deleted there, and then moved here").await;
            assert_eq!(case.world.ours(), [tuesday("15:00", "15:45")], "{vendor}");
        })
        .await;
}

#[tokio::test]
async fn what_its_owner_moved_and_the_customer_cancels_is_gone_where_it_stands() {
    Point::MovedThere
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let booked = case.has_booked("10:00").await;
            case.world.owner_moves(tuesday("17:00", "17:45"));
            case.cancels(&booked).await;
            case.ends_well("moved there, and cancelled here").await;
            assert!(case.world.ours().is_empty(), "{vendor}");
        })
        .await;
}
