//! Who is not let in (any more), may not do what is needed, or finds nothing there.

use deskbell::{
    domain::connection::Why,
    ports::{calendar::Trouble, clock::Clock as _, vendors::Kind},
    testing::calendar::Misdeed,
};

use super::{case::Case, matrix::Point};
use crate::calendars::rig::tuesday;

#[tokio::test]
async fn g1_a_token_that_is_not_accepted_is_nothing_to_notice() {
    Point::Unauthorized401
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            case.trap(case.world.reads(), 1, Misdeed::status(401, "{}"));
            assert!(!case.books("10:00").await.unverified, "{vendor}");
            assert_eq!(case.world.refreshes(), 1, "{vendor}: once");
            case.trap(case.world.makes(), 1, Misdeed::status(401, "{}"));
            assert!(!case.books("11:00").await.unverified, "{vendor}");
            case.ends_well("a token that was refused when it was made").await;
            assert_eq!(case.world.ours().len(), 2, "{vendor}");
            assert_eq!(case.world.refreshes(), 2, "{vendor}: once each");
        })
        .await;
}

#[tokio::test]
async fn a_new_token_that_is_not_accepted_either_is_a_calendar_that_is_down() {
    Point::Unauthorized401
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let held = case.holds(crate::desk::rig::tuesday("10:00")).await;
            case.trap(case.world.reads(), 2, Misdeed::status(401, "{}"));
            let booked = case.rig.desk.confirm(held.id).await.unwrap_or_else(|error| panic!("{vendor}: {error}"));
            assert!(booked.unverified, "{vendor}");
            assert_eq!(case.reconnect().await, None, "{vendor}: nobody has taken anything back");
            case.ends_well("two tokens that were refused").await;
        })
        .await;
}

#[tokio::test]
async fn g2_access_that_was_taken_back_is_as_no_calendar_and_its_owner_is_told_once() {
    Point::Revoked
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            case.has_booked("09:00").await;
            case.world.revoke();
            assert!(!case.books("10:00").await.unverified, "{vendor}");
            case.is_as_none(Why::Revoked).await;
            assert_eq!(case.world.ours(), [tuesday("09:00", "09:45")], "{vendor}: what stood before stands");
        })
        .await;
}

#[tokio::test]
async fn what_was_not_written_when_access_was_taken_back_is_written_when_it_is_given_again() {
    Point::Revoked
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let booked = case.has_booked("10:00").await;
            case.world.revoke();
            case.moves(&booked, "15:00").await;
            case.rig.work().await;
            assert_eq!(case.reconnect().await, Some(Why::Revoked), "{vendor}");
            assert_eq!(case.world.ours(), [tuesday("10:00", "10:45")], "{vendor}");
            case.is_connected_again().await;
            case.ends_well("what was moved meanwhile").await;
            assert_eq!(case.world.ours(), [tuesday("15:00", "15:45")], "{vendor}");
        })
        .await;
}

#[tokio::test]
async fn g4_what_may_not_be_asked_is_as_no_calendar_and_its_owner_is_told_once() {
    Point::Forbidden403
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            case.has_booked("09:00").await;
            case.world.forbid();
            assert!(!case.books("10:00").await.unverified, "{vendor}");
            case.is_as_none(Why::NotAllowed).await;
        })
        .await;
}

#[tokio::test]
async fn g6_a_calendar_that_was_deleted_is_as_none_and_a_kind_of_appointment_as_one_that_is_down() {
    Point::CalendarDeleted
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            case.has_booked("09:00").await;
            let held = case.holds(crate::desk::rig::tuesday("10:00")).await;
            case.world.calendar_goes();
            let booked = case.rig.desk.confirm(held.id).await.unwrap_or_else(|error| panic!("{vendor}: {error}"));
            if case.world.is_scheduler() {
                // The account's other kinds are as good as before. This service cannot be asked about, and its owner sees it.
                assert!(booked.unverified, "{vendor}");
                case.rig.an_hour_later().await;
                assert!(case.state(&booked).await.unverified, "{vendor}");
                assert_eq!(case.reconnect().await, None, "{vendor}");
            } else {
                assert!(!booked.unverified, "{vendor}");
                case.is_as_none(Why::CalendarGone).await;
            }
        })
        .await;
}

#[tokio::test]
async fn g7_a_cursor_that_is_too_old_is_a_new_beginning_in_which_nothing_is_missing() {
    Point::Gone410
        .each(async |vendor| {
            let case = Case::of(vendor).await;
            let Kind::Diary(diary) = case.world.vendor().kind else { panic!("{vendor} has cursors") };
            let calendar = &case.world.choice(&case.rig.desk.business).receives.unwrap();
            let now = case.rig.desk.clock.now();
            let changes = async |cursor: Option<&str>| {
                let asked = case.rig.opener.ask(&case.connection, |access| {
                    let diary = std::sync::Arc::clone(&diary);
                    async move { diary.changes(&access, calendar, cursor, now).await }
                });
                asked.await
            };
            let first = changes(None).await.unwrap().cursor;
            let booked = case.has_booked("10:00").await;
            let since = changes(Some(&first)).await.unwrap();
            assert_eq!(
                since.seen.iter().filter_map(|seen| seen.key).map(|key| key.booking).collect::<Vec<_>>(),
                [booked.id]
            );
            case.world.forgets_cursors();
            for cursor in [&first, &since.cursor] {
                assert!(matches!(changes(Some(cursor)).await, Err(Trouble::Stale)), "{vendor}");
            }
            let anew = changes(None).await.unwrap();
            let ours: Vec<_> =
                anew.seen.iter().filter(|seen| seen.key.is_some_and(|key| key.booking == booked.id)).collect();
            assert_eq!(
                ours.iter().map(|seen| seen.when).collect::<Vec<_>>(),
                [Some(tuesday("10:00", "10:45"))],
                "{vendor}"
            );
            assert!(changes(Some(&anew.cursor)).await.unwrap().seen.is_empty(), "{vendor}");
            assert_eq!(case.reconnect().await, None, "{vendor}");
        })
        .await;
}
