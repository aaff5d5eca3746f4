//! Bookings, found again, moved and cancelled.

use super::*;
use crate::{
    adapters::calendar::tests::faults::PATIENCE,
    testing::calendar::{Misdeed, calcom::Field},
};

const FRIDAY: &str = "2026-11-27T14:00:00Z";

#[tokio::test]
async fn a_caller_is_booked_and_the_owner_reads_what_they_said() {
    let World { fake, calcom, access, kind, .. } = world().await;
    let booked = calcom.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    let guests = fake.guests();
    assert_eq!(guests.len(), 1);
    let guest = &guests[0];
    assert_eq!((guest.id.as_str(), guest.stands), (booked.id.as_str(), true));
    assert_eq!((guest.name.as_str(), guest.email.as_str()), ("Bea Bright", "b1@guests.example.com"));
    assert_eq!((guest.phone.as_deref(), guest.language.as_str()), (Some("+12125550123"), "en"));
    assert_eq!((guest.starts, guest.ends), (at(FRIDAY), at("2026-11-27T14:30:00Z")));
    assert_eq!(guest.mark.as_deref(), Some(visit(1, FRIDAY).key.to_string().as_str()));
    assert_eq!(guest.answers["notes"], "The usual, please.");
    assert_eq!(booked.cancel_link.as_deref(), Some(&*format!("https://cal.com/booking/{}?cancel=true", booked.id)));
    assert_eq!(booked.change_link.as_deref(), Some(&*format!("https://cal.com/reschedule/{}", booked.id)));
    assert_eq!(fake.reservations(), 0, "given back");
}

#[tokio::test]
async fn a_time_that_somebody_else_has_is_taken_and_nothing_stays_reserved() {
    let World { fake, calcom, access, kind, clock } = world().await;
    fake.book_as_outsider(kind.as_str(), at(FRIDAY), "Carl", "carl@example.com").unwrap();
    fake.add_busy(range("2026-11-27T16:00:00Z", "2026-11-27T17:00:00Z"));
    for status in [400, 409] {
        fake.says_taken_with(status);
        let book = |starts| {
            let visit = visit(1, starts);
            let (calcom, access, kind) = (&calcom, &access, &kind);
            async move { calcom.book(access, kind, &visit).await }
        };
        assert!(matches!(book(FRIDAY).await, Err(Trouble::Taken)));
        assert!(matches!(book("2026-11-27T16:00:00Z").await, Err(Trouble::Taken)), "busy elsewhere");
        assert!(matches!(book("2026-11-28T15:00:00Z").await, Err(Trouble::Taken)), "a Saturday");
        assert!(matches!(book("2026-11-26T11:00:00Z").await, Err(Trouble::Taken)), "past");
    }
    assert_eq!(fake.guests().len(), 1);
    assert_eq!(fake.reservations(), 0);
    clock.advance(SignedDuration::from_mins(1));
    assert!(fake.book_as_outsider(kind.as_str(), at("2026-11-27T15:00:00Z"), "Dora", "dora@example.com").is_some());
}

#[tokio::test]
async fn whoever_fills_in_the_form_is_not_overtaken_and_does_not_overtake() {
    let World { fake, calcom, access, kind, clock } = world().await;
    assert!(fake.reserve_as_outsider(kind.as_str(), at(FRIDAY)));
    assert!(matches!(calcom.book(&access, &kind, &visit(1, FRIDAY)).await, Err(Trouble::Taken)));
    assert_eq!(fake.kit().count("POST", "/v2/bookings"), 0, "not even tried");
    clock.advance(SignedDuration::from_mins(6));
    fake.kit().once("POST", "/v2/bookings", Misdeed::Slow(Duration::from_millis(300)));
    let (access, kind, bea) = (&access, &kind, &visit(1, FRIDAY));
    let outsider = async {
        while fake.reservations() == 0 {
            tokio::task::yield_now().await;
        }
        fake.book_as_outsider(kind.as_str(), at(FRIDAY), "Carl", "carl@example.com")
    };
    let (booked, overtaken) = tokio::join!(calcom.book(access, kind, bea), outsider);
    assert!(booked.is_ok() && overtaken.is_none(), "the time was kept for the caller");
}

#[tokio::test]
async fn where_nothing_can_be_reserved_it_is_booked_all_the_same() {
    let World { fake, calcom, access, kind, .. } = world_with(PATIENCE).await;
    let misdeeds = [
        Misdeed::status(400, r#"{"status": "error", "error": {"message": "Cannot reserve a slot for a team event"}}"#),
        Misdeed::status(403, "{}"),
        Misdeed::status(404, "{}"),
        Misdeed::status(500, "oops"),
        Misdeed::Html,
        Misdeed::Unanswered,
    ];
    let free = fake.free(kind.as_str(), range(FRIDAY, "2026-12-04T00:00:00Z"));
    for (number, misdeed) in misdeeds.into_iter().enumerate() {
        fake.kit().once("POST", "/v2/slots/reservations", misdeed);
        let visit = Visit { starts: free[number], ..visit(number as u128, FRIDAY) };
        calcom.book(&access, &kind, &visit).await.unwrap();
    }
    fake.kit().once("POST", "/v2/slots/reservations", Misdeed::status(429, ""));
    let visit = Visit { starts: free[10], ..visit(10, FRIDAY) };
    assert!(matches!(calcom.book(&access, &kind, &visit).await, Err(Trouble::Limited { .. })));
}

#[tokio::test]
async fn of_two_at_once_one_is_booked() {
    let World { fake, calcom, access, kind, .. } = world().await;
    let (bea, carl) = (visit(1, FRIDAY), visit(2, FRIDAY));
    let (one, other) = tokio::join!(calcom.book(&access, &kind, &bea), calcom.book(&access, &kind, &carl));
    assert!(one.is_ok() != other.is_ok());
    assert!([one.err(), other.err()].into_iter().flatten().all(|trouble| matches!(trouble, Trouble::Taken)));
    assert_eq!(fake.guests().len(), 1);
}

#[tokio::test]
async fn a_refusal_without_a_reason_is_decided_by_asking_again() {
    let World { fake, calcom, access, kind, .. } = world().await;
    let vague = r#"{"status": "error", "error": {"code": "BadRequestException", "message": "Bad Request"}}"#;
    let refuse = |status, body: &str| fake.kit().once("POST", "/v2/bookings", Misdeed::status(status, body));
    let book = |visit: Visit| {
        let (calcom, access, kind) = (&calcom, &access, &kind);
        async move { calcom.book(access, kind, &visit).await.unwrap_err() }
    };
    refuse(400, vague);
    assert!(matches!(book(visit(1, FRIDAY)).await, Trouble::Refused(_)), "it would be free");
    refuse(400, r#"{"error": {"message": "no_available_users_found_error"}}"#);
    assert!(matches!(book(visit(1, FRIDAY)).await, Trouble::Taken));
    let echo = r#"{"error": {"message": "Bad Request", "details": {"attendee": {"email": "b@example.com"}}}}"#;
    refuse(400, echo);
    assert!(matches!(book(visit(1, FRIDAY)).await, Trouble::Refused(why) if !why.contains("e-mail")));
    refuse(400, vague);
    fake.kit().once("GET", "/v2/slots", Misdeed::status(503, ""));
    assert!(matches!(book(visit(1, FRIDAY)).await, Trouble::Unavailable(_)));
    assert_eq!(fake.reservations(), 0, "given back each time");
}

#[tokio::test]
async fn g18_an_email_address_is_asked_for_where_cal_com_asks() {
    let World { fake, calcom, access, kind, .. } = world().await;
    assert!(!calcom.needs_email(), "it is the kind that does");
    let silent = Visit { email: None, ..visit(1, FRIDAY) };
    assert!(matches!(calcom.book(&access, &kind, &silent).await, Err(Trouble::Refused(NEEDS_EMAIL))));
    assert_eq!(fake.kit().count("POST", ""), 0);
    let silently = r#"{"status": "success", "data": {"id": 101, "title": "Haircut", "lengthInMinutes": 30,
                       "bookingFields": []}}"#;
    fake.kit().once("GET", "/v2/event-types", Misdeed::status(200, silently));
    assert!(matches!(calcom.book(&access, &kind, &silent).await, Err(Trouble::Refused(NEEDS_EMAIL))), "its own words");
    let odd = Visit { email: Some("bea".into()), ..visit(1, FRIDAY) };
    assert!(matches!(calcom.book(&access, &kind, &odd).await, Err(Trouble::Refused(why)) if why.contains("e-mail")));
    fake.change_kind(kind.as_str(), |kind| {
        kind.email_optional = true;
        kind.fields = vec![Field { default: true, ..Field::new("phone", "attendeePhoneNumber", true) }];
    });
    let mute = Visit { phone: None, ..silent.clone() };
    assert!(matches!(calcom.book(&access, &kind, &mute).await, Err(Trouble::Refused(super::super::form::NEEDS_PHONE))));
    let booked = calcom.book(&access, &kind, &silent).await.unwrap();
    let found = calcom.find(&access, &kind, &silent).await.unwrap().unwrap();
    assert_eq!(found.booked.id, booked.id, "found without an address, too");
}

#[tokio::test]
async fn what_the_owner_has_to_accept_is_not_said_to_be_booked() {
    let World { fake, calcom, access, kind, .. } = world().await;
    fake.change_kind(kind.as_str(), |kind| kind.confirms = true);
    let refused = calcom.book(&access, &kind, &visit(1, FRIDAY)).await;
    assert!(matches!(refused, Err(Trouble::Refused(super::super::form::NEEDS_OWNER))));
    assert!(fake.guests().is_empty(), "known beforehand");
    // The kind said otherwise a moment ago.
    let calm = fake.kit().asked();
    assert!(calm.iter().all(|asked| asked.path != "/v2/bookings"));
    let plain = r#"{"status": "success", "data": {"id": 101, "title": "Haircut", "lengthInMinutes": 30,
                    "bookingFields": [], "bookingUrl": "https://cal.com/ann/haircut"}}"#;
    fake.kit().once("GET", "/v2/event-types", Misdeed::status(200, plain));
    let refused = calcom.book(&access, &kind, &visit(1, FRIDAY)).await;
    assert!(matches!(refused, Err(Trouble::Refused(super::super::form::NEEDS_OWNER))));
    let guests = fake.guests();
    assert!(guests.len() == 1 && !guests[0].stands);
    assert_eq!(fake.kit().count("POST", "/cancel"), 1, "and taken back");
}

#[tokio::test]
async fn g10_a_booking_whose_answer_was_lost_is_found_by_its_mark() {
    let World { fake, calcom, access, kind, .. } = world_with(PATIENCE).await;
    let bea = visit(1, FRIDAY);
    assert!(calcom.find(&access, &kind, &bea).await.unwrap().is_none());
    fake.kit().once("POST", "/v2/bookings", Misdeed::DoneUnanswered);
    assert!(matches!(calcom.book(&access, &kind, &bea).await, Err(Trouble::Unknown(_))));
    let found = calcom.find(&access, &kind, &bea).await.unwrap().unwrap();
    assert_eq!((found.key, found.when), (Some(bea.key), Some(range(FRIDAY, "2026-11-27T14:30:00Z"))));
    let other = Visit { key: EventKey { generation: 2, ..bea.key }, ..bea.clone() };
    assert!(calcom.find(&access, &kind, &other).await.unwrap().is_none(), "another try of the same booking");
    fake.kit().once("POST", "/v2/bookings", Misdeed::Unanswered);
    let carl = visit(2, "2026-11-27T15:00:00Z");
    assert!(matches!(calcom.book(&access, &kind, &carl).await, Err(Trouble::Unknown(_))));
    assert!(calcom.find(&access, &kind, &carl).await.unwrap().is_none(), "it never arrived");
    calcom.book(&access, &kind, &carl).await.unwrap();
    assert_eq!(fake.guests().len(), 2, "our own reservation is not in our way");
}

#[tokio::test]
async fn moving_makes_a_new_booking_in_the_old_ones_place() {
    let World { fake, calcom, access, kind, .. } = world_with(PATIENCE).await;
    let (bea, monday) = (visit(1, FRIDAY), "2026-11-30T15:00:00Z");
    let booked = calcom.book(&access, &kind, &bea).await.unwrap();
    fake.book_as_outsider(kind.as_str(), at(monday), "Carl", "carl@example.com").unwrap();
    assert!(matches!(calcom.move_to(&access, &booked, at(monday)).await, Err(Trouble::Taken)));
    let overlapping = calcom.move_to(&access, &booked, at("2026-11-27T14:30:00Z")).await.unwrap();
    assert_ne!(overlapping.id, booked.id);
    assert!(overlapping.change_link.unwrap().ends_with(&overlapping.id));
    let found = calcom.find(&access, &kind, &bea).await.unwrap().unwrap();
    assert_eq!((found.booked.id.as_str(), found.key), (overlapping.id.as_str(), Some(bea.key)));
    assert_eq!(found.when, Some(range("2026-11-27T14:30:00Z", "2026-11-27T15:00:00Z")));
    let stands: Vec<_> = fake.guests().into_iter().filter(|guest| guest.stands).map(|guest| guest.starts).collect();
    assert_eq!(stands, [at(monday), at("2026-11-27T14:30:00Z")]);
    fake.change_kind(kind.as_str(), |kind| kind.no_moving = true);
    let now = fake.guests().into_iter().find(|guest| guest.stands && guest.name == "Bea Bright").unwrap();
    let now = Booked { id: now.id, cancel_link: None, change_link: None };
    assert!(matches!(calcom.move_to(&access, &now, at("2026-11-30T16:00:00Z")).await, Err(Trouble::Refused(_))));
    let unknown = Booked { id: "nowhere".into(), ..now };
    assert!(matches!(calcom.move_to(&access, &unknown, at(monday)).await, Err(Trouble::Gone)));
}

#[tokio::test]
async fn g15_a_booking_that_was_cancelled_or_moved_there_is_found_so() {
    let World { fake, calcom, access, kind, .. } = world().await;
    let (bea, carl) = (visit(1, FRIDAY), visit(2, "2026-11-27T15:00:00Z"));
    let booked = calcom.book(&access, &kind, &bea).await.unwrap();
    fake.cancel_as_owner(&booked.id);
    let found = calcom.find(&access, &kind, &bea).await.unwrap().unwrap();
    assert_eq!((found.when, found.moved_to), (None, None));
    let booked = calcom.book(&access, &kind, &carl).await.unwrap();
    let moved = fake.move_elsewhere(&booked.id, at("2026-11-30T15:00:00Z")).unwrap();
    let moved = fake.move_elsewhere(&moved, at("2026-11-30T16:00:00Z")).unwrap();
    let found = calcom.find(&access, &kind, &carl).await.unwrap().unwrap();
    assert_eq!((found.booked.id.as_str(), found.moved_to.as_deref()), (moved.as_str(), None));
    assert_eq!(found.when, Some(range("2026-11-30T16:00:00Z", "2026-11-30T16:30:00Z")));
    let stands = calcom.stands(&access, &booked).await.unwrap();
    assert_eq!((stands.booked.id.as_str(), stands.when), (moved.as_str(), found.when), "from its first id on");
    calcom.cancel(&access, &booked).await.unwrap();
    assert!(fake.guests().iter().all(|guest| !guest.stands), "cancelled where it stands");
    assert_eq!(calcom.stands(&access, &booked).await.unwrap().when, None);
    assert!(matches!(calcom.move_to(&access, &booked, at("2026-11-30T17:00:00Z")).await, Err(Trouble::Gone)));
}

#[tokio::test]
async fn a_move_whose_answer_was_lost_is_not_made_twice() {
    let World { fake, calcom, access, kind, .. } = world_with(PATIENCE).await;
    let (monday, tuesday) = (at("2026-11-30T15:00:00Z"), at("2026-12-01T15:00:00Z"));
    let booked = calcom.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    fake.kit().once("POST", "/reschedule", Misdeed::DoneUnanswered);
    assert!(matches!(calcom.move_to(&access, &booked, monday).await, Err(Trouble::Unknown(_))));
    let moved = calcom.move_to(&access, &booked, monday).await.unwrap();
    assert_eq!(fake.kit().count("POST", "/reschedule"), 1);
    let standing = || fake.guests().into_iter().filter(|guest| guest.stands).collect::<Vec<_>>();
    assert_eq!(standing().iter().map(|guest| (&*guest.id, guest.starts)).collect::<Vec<_>>(), [(&*moved.id, monday)]);
    calcom.move_to(&access, &booked, tuesday).await.unwrap();
    assert_eq!(standing().iter().map(|guest| guest.starts).collect::<Vec<_>>(), [tuesday], "from where it stands");
    fake.kit().once("POST", "/reschedule", Misdeed::DoneUnanswered);
    assert!(matches!(calcom.move_to(&access, &booked, monday).await, Err(Trouble::Unknown(_))));
    calcom.cancel(&access, &booked).await.unwrap();
    assert!(standing().is_empty());
}

#[tokio::test]
async fn cancelling_is_safe_to_repeat() {
    let World { fake, calcom, access, kind, .. } = world_with(PATIENCE).await;
    let booked = calcom.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    calcom.cancel(&access, &booked).await.unwrap();
    assert!(!fake.guests()[0].stands);
    calcom.cancel(&access, &booked).await.unwrap();
    calcom.cancel(&access, &Booked { id: "nowhere".into(), ..booked.clone() }).await.unwrap();
    let booked = calcom.book(&access, &kind, &visit(2, FRIDAY)).await.unwrap();
    fake.kit().once("POST", "/cancel", Misdeed::DoneUnanswered);
    assert!(matches!(calcom.cancel(&access, &booked).await, Err(Trouble::Unknown(_))));
    calcom.cancel(&access, &booked).await.unwrap();
    let booked = calcom.book(&access, &kind, &visit(3, FRIDAY)).await.unwrap();
    fake.change_kind(kind.as_str(), |kind| kind.no_cancelling = true);
    assert!(matches!(calcom.cancel(&access, &booked).await, Err(Trouble::Refused(_))));
    assert!(fake.guests().last().unwrap().stands);
}
