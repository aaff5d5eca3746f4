//! What goes wrong on the way.

use super::*;
use crate::adapters::calendar::{
    exchange::Doing,
    tests::faults::{PATIENCE, all_fail_as_they_should},
};

const FRIDAY: &str = "2026-11-27T14:00:00Z";

/// Each booking is another time, a minute after the one before: 120 requests a minute are not much here.
struct Bookings {
    world: World,
    free: Vec<Timestamp>,
    made: usize,
}

impl Bookings {
    async fn begin() -> Self {
        let world = world_with(PATIENCE).await;
        let free = world.fake.free(world.kind.as_str(), range(FRIDAY, "2026-12-25T00:00:00Z"));
        Self { world, free, made: 0 }
    }

    fn next(&mut self) -> Visit {
        self.made += 1;
        self.world.clock.advance(SignedDuration::from_mins(1));
        Visit { starts: self.free[self.made], ..visit(self.made as u128, FRIDAY) }
    }
}

#[tokio::test]
async fn g11_readings_that_fail_are_unavailable() {
    let World { fake, calcom, access, kind, clock } = world_with(PATIENCE).await;
    calcom.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    let (kit, bea, reading) = (fake.kit(), visit(1, FRIDAY), Doing::Reading);
    all_fail_as_they_should(kit, "GET", "/v2/event-types", reading, async || calcom.kinds(&access).await).await;
    clock.advance(SignedDuration::from_mins(1));
    let find = async || calcom.find(&access, &kind, &bea).await;
    all_fail_as_they_should(kit, "GET", "/v2/bookings", reading, find).await;
    clock.advance(SignedDuration::from_mins(1));
    let visits = async || calcom.visits(&access, day).await;
    all_fail_as_they_should(kit, "GET", "/v2/bookings", reading, visits).await;
}

#[tokio::test]
async fn g11_free_times_that_cannot_be_read_are_never_all_there_are() {
    let World { fake, calcom, access, kind, .. } = world_with(PATIENCE).await;
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    for body in ["{}", "[]", "null", "", r#"{"status": "success"}"#, r#"{"status": "success", "data": []}"#] {
        fake.kit().once("GET", "/v2/slots", crate::testing::calendar::Misdeed::status(200, body));
        assert!(matches!(calcom.free(&access, &kind, day).await, Err(Trouble::Unavailable(_))), "{body}");
    }
    // No day in it is an answer: nothing is free.
    let none = r#"{"status": "success", "data": {}}"#;
    fake.kit().once("GET", "/v2/slots", crate::testing::calendar::Misdeed::status(200, none));
    assert!(calcom.free(&access, &kind, day).await.unwrap().is_empty());
    let old = r#"{"status": "success", "data": {"slots": {"2026-11-27": [{"time": "2026-11-27T14:00:00Z"}]}}}"#;
    fake.kit().once("GET", "/v2/slots", crate::testing::calendar::Misdeed::status(200, old));
    assert!(matches!(calcom.free(&access, &kind, day).await, Err(Trouble::Unavailable(_))), "an older shape");
}

#[tokio::test]
async fn g11_a_booking_that_fails_is_unknown_and_never_twice() {
    let mut bookings = Bookings::begin().await;
    let kit = bookings.world.fake.kit().clone();
    let mut book = async || {
        let visit = bookings.next();
        let World { calcom, access, kind, .. } = &bookings.world;
        calcom.book(access, kind, &visit).await
    };
    all_fail_as_they_should(&kit, "POST", "/v2/bookings", Doing::Writing, &mut book).await;
    all_fail_as_they_should(&kit, "GET", "/v2/event-types/", Doing::Reading, &mut book).await;
    let mut marks: Vec<_> = bookings.world.fake.guests().into_iter().map(|guest| guest.mark).collect();
    let made = marks.len();
    marks.sort();
    marks.dedup();
    assert_eq!(marks.len(), made);
}

#[tokio::test]
async fn g11_a_cancellation_or_a_move_that_fails_is_unknown() {
    let mut bookings = Bookings::begin().await;
    let kit = bookings.world.fake.kit().clone();
    let cancel = async || {
        let visit = bookings.next();
        let World { calcom, access, kind, .. } = &bookings.world;
        let booked = calcom.book(access, kind, &visit).await.unwrap();
        calcom.cancel(access, &booked).await
    };
    all_fail_as_they_should(&kit, "POST", "/cancel", Doing::Writing, cancel).await;
    let mut bookings = Bookings::begin().await;
    let kit = bookings.world.fake.kit().clone();
    let mut last = bookings.free.len();
    let reschedule = async || {
        let visit = bookings.next();
        last -= 1;
        let World { calcom, access, kind, .. } = &bookings.world;
        let booked = calcom.book(access, kind, &visit).await.unwrap();
        calcom.move_to(access, &booked, bookings.free[last]).await
    };
    all_fail_as_they_should(&kit, "POST", "/reschedule", Doing::Writing, reschedule).await;
    let stands = bookings.world.fake.guests().into_iter().filter(|guest| guest.stands).count();
    assert_eq!(stands, bookings.made, "each once, here or there");
}

#[tokio::test]
async fn g11_webhooks_that_fail() {
    let World { fake, calcom, access, .. } = world_with(PATIENCE).await;
    let mut number = 0;
    let subscribe = async || {
        number += 1;
        let address = format!("https://desk.example/hooks/{number}");
        let hook = Hook { address, secret: Secret::new("k"), id: "h".to_owned() };
        calcom.watch(&access, &hook).await
    };
    all_fail_as_they_should(fake.kit(), "POST", "/v2/webhooks", Doing::Writing, subscribe).await;
}

#[tokio::test]
async fn more_than_120_requests_a_minute_have_to_wait() {
    let World { fake: _fake, calcom, access, clock, .. } = world().await;
    for _ in 0..120 {
        calcom.kinds(&access).await.unwrap();
    }
    match calcom.kinds(&access).await {
        Err(Trouble::Limited { after }) => assert_eq!(after, Some(Duration::from_mins(1))),
        other => panic!("{other:?}"),
    }
    clock.advance(SignedDuration::from_mins(1));
    calcom.kinds(&access).await.unwrap();
}

#[tokio::test]
async fn what_is_not_allowed_has_to_be_connected_again() {
    let World { fake, calcom, access, .. } = world().await;
    let misdeed = |body: &str| crate::testing::calendar::Misdeed::status(403, body);
    fake.kit().once("GET", "/v2/event-types", misdeed(r#"{"error": {"message": "Forbidden"}}"#));
    assert!(matches!(calcom.kinds(&access).await, Err(Trouble::Reconnect(Why::NotAllowed))));
    fake.kit().once("GET", "/v2/event-types", misdeed(r#"{"error": {"message": "Your API key has expired"}}"#));
    assert!(matches!(calcom.kinds(&access).await, Err(Trouble::Reconnect(Why::Revoked))));
}
