//! What goes wrong on the way.

use super::*;
use crate::adapters::calendar::{
    exchange::Doing,
    tests::faults::{PATIENCE, all_fail_as_they_should},
};

const FRIDAY: &str = "2026-11-27T14:00:00Z";

/// An enterprise is not held to ten bookings a minute.
async fn patient_world() -> World {
    let world = world_with(PATIENCE).await;
    world.fake.plan(crate::testing::calendar::calendly::Plan::Enterprise);
    world
}

#[tokio::test]
async fn g11_readings_that_fail_are_unavailable() {
    let World { fake, calendly, access, kind, .. } = patient_world().await;
    calendly.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    let kit = fake.kit();
    let reading = Doing::Reading;
    all_fail_as_they_should(kit, "GET", "/event_types", reading, async || calendly.kinds(&access).await).await;
    let free = async || calendly.free(&access, &kind, day).await;
    all_fail_as_they_should(kit, "GET", "/event_type_available_times", reading, free).await;
    let bea = visit(1, FRIDAY);
    let find = async || calendly.find(&access, &kind, &bea).await;
    all_fail_as_they_should(kit, "GET", "/scheduled_events", reading, find).await;
    all_fail_as_they_should(kit, "GET", "/invitees", reading, find).await;
    let visits = async || calendly.visits(&access, day).await;
    all_fail_as_they_should(kit, "GET", "/scheduled_events", reading, visits).await;
    all_fail_as_they_should(kit, "GET", "/invitees", reading, visits).await;
}

#[tokio::test]
async fn g11_a_booking_that_fails_is_unknown_and_never_twice() {
    let World { fake, calendly, access, kind, .. } = patient_world().await;
    let free = fake.free(kind.as_str(), range(FRIDAY, "2026-12-25T00:00:00Z"));
    let mut number = 0_u8;
    let book = async || {
        number += 1;
        let visit = Visit { starts: free[usize::from(number)], ..visit(number.into(), FRIDAY) };
        calendly.book(&access, &kind, &visit).await
    };
    all_fail_as_they_should(fake.kit(), "POST", "/invitees", Doing::Writing, book).await;
    let mut number = 100_u8;
    let book = async || {
        number += 1;
        let visit = Visit { starts: free[usize::from(number)], ..visit(number.into(), FRIDAY) };
        calendly.book(&access, &kind, &visit).await
    };
    all_fail_as_they_should(fake.kit(), "GET", "/event_types/", Doing::Reading, book).await;
    let mut marks: Vec<_> = fake.guests().into_iter().map(|guest| guest.mark).collect();
    let made = marks.len();
    marks.sort();
    marks.dedup();
    assert_eq!(marks.len(), made);
}

#[tokio::test]
async fn g11_a_cancellation_that_fails_is_unknown() {
    let World { fake, calendly, access, kind, .. } = patient_world().await;
    let free = fake.free(kind.as_str(), range(FRIDAY, "2026-12-25T00:00:00Z"));
    let mut number = 0_u8;
    let mut cancel = async || {
        number += 1;
        let visit = Visit { starts: free[usize::from(number)], ..visit(number.into(), FRIDAY) };
        let booked = calendly.book(&access, &kind, &visit).await.unwrap();
        calendly.cancel(&access, &booked).await
    };
    all_fail_as_they_should(fake.kit(), "POST", "/cancellation", Doing::Writing, &mut cancel).await;
    all_fail_as_they_should(fake.kit(), "GET", "/scheduled_events/", Doing::Reading, &mut cancel).await;
}

#[tokio::test]
async fn g11_subscriptions_that_fail() {
    let World { fake, calendly, access, .. } = patient_world().await;
    let mut number = 0;
    let mut hook = move || {
        number += 1;
        let address = format!("https://desk.example/hooks/{number}");
        Hook { address, secret: Secret::new("k"), id: "h".to_owned() }
    };
    let mut fresh = hook;
    let subscribe = async || calendly.watch(&access, &fresh()).await;
    all_fail_as_they_should(fake.kit(), "POST", "/webhook_subscriptions", Doing::Writing, subscribe).await;
    let subscribe = async || calendly.watch(&access, &hook()).await;
    all_fail_as_they_should(fake.kit(), "GET", "/users/me", Doing::Reading, subscribe).await;
}

#[tokio::test]
async fn nobody_there_is_unavailable_even_to_a_writing() {
    let World { calendly, access, kind, clock, fake } = world().await;
    let booked = calendly.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    drop(fake);
    let nowhere = Calendly::with_timeout("http://127.0.0.1:1", Arc::new(clock), PATIENCE).unwrap();
    let elsewhere = CalendarId::new("http://127.0.0.1:1/event_types/A").unwrap();
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    assert!(matches!(nowhere.free(&access, &elsewhere, day).await, Err(Trouble::Unavailable(_))));
    assert!(matches!(nowhere.cancel(&access, &booked).await, Err(Trouble::Unavailable(_))));
}

#[tokio::test]
async fn g4_a_missing_scope_has_to_be_allowed_again() {
    for (scope, method) in [
        ("event_types:read", 0),
        ("availability:read", 1),
        ("scheduled_events:write", 2),
        ("webhooks:write", 3),
        ("users:read", 3),
    ] {
        let World { fake, calendly, access, kind, .. } = world().await;
        fake.without_scope(scope);
        if scope == "scheduled_events:write" {
            fake.without_scope("scheduled_events:read");
        }
        let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
        let hook = Hook { address: "https://desk.example/h".into(), secret: Secret::new("k"), id: "h".into() };
        let trouble = match method {
            0 => calendly.kinds(&access).await.map(drop),
            1 => calendly.free(&access, &kind, day).await.map(drop),
            2 => calendly.visits(&access, day).await.map(drop),
            _ => calendly.watch(&access, &hook).await.map(drop),
        };
        assert!(matches!(trouble, Err(Trouble::Reconnect(Why::NotAllowed))), "{scope}: {trouble:?}");
    }
}
