//! Bookings, found again and cancelled.

use super::*;
use crate::{
    adapters::calendar::tests::faults::PATIENCE,
    testing::calendar::{
        Misdeed,
        calendly::{Place, Plan, Question},
    },
};

const FRIDAY: &str = "2026-11-27T14:00:00Z";

#[tokio::test]
async fn a_caller_is_booked_and_the_owner_reads_what_they_said() {
    let World { fake, calendly, access, kind, .. } = world().await;
    fake.change_kind(kind.as_str(), |kind| {
        kind.places = vec![Place::new("physical", Some("1 Main Street"))];
        kind.questions = vec![
            Question::new("Phone number", "phone_number", true),
            Question::new("Anything that helps us prepare?", "text", false),
            Question::new("How did you hear of us?", "string", true),
            Question::new("Which products do you use?", "multi_select", false),
        ];
    });
    let booked = calendly.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    let guests = fake.guests();
    assert_eq!(guests.len(), 1);
    let guest = &guests[0];
    assert_eq!((guest.id.as_str(), guest.stands), (booked.id.as_str(), true));
    assert_eq!((guest.name.as_str(), guest.email.as_str()), ("Bea Bright", "b1@guests.example.com"));
    assert_eq!((guest.starts, guest.ends), (at(FRIDAY), at("2026-11-27T14:30:00Z")));
    assert_eq!(guest.mark.as_deref(), Some(visit(1, FRIDAY).key.to_string().as_str()));
    assert_eq!(guest.place, Some(("physical".to_owned(), Some("1 Main Street".to_owned()))));
    let answer = |asked: &str| guest.answers.iter().find(|(own, _)| own == asked).map(|(_, answer)| answer.as_str());
    assert_eq!(answer("Phone number"), Some("+12125550123"));
    assert_eq!(answer("Anything that helps us prepare?"), Some("The usual, please."));
    assert_eq!(answer("How did you hear of us?"), Some("-"), "never blank");
    assert_eq!(answer("Which products do you use?"), None);
    assert!(booked.cancel_link.unwrap().starts_with("https://calendly.com/cancellations/"));
    assert!(booked.change_link.unwrap().starts_with("https://calendly.com/reschedulings/"));
    let sent = fake.kit().asked().into_iter().find(|asked| asked.path == "/invitees").unwrap().text();
    assert!(!sent.contains("text_reminder_number"), "a consent that we do not have");
}

#[tokio::test]
async fn a_time_that_somebody_else_has_is_taken() {
    let World { fake, calendly, access, kind, clock } = world().await;
    fake.book_as_outsider(kind.as_str(), at(FRIDAY), "Carl", "carl@example.com").unwrap();
    let book = |starts| {
        let visit = visit(1, starts);
        let (calendly, access, kind) = (&calendly, &access, &kind);
        async move { calendly.book(access, kind, &visit).await }
    };
    assert!(matches!(book(FRIDAY).await, Err(Trouble::Taken)));
    assert!(matches!(book("2026-11-27T14:10:00Z").await, Err(Trouble::Taken)), "never a beginning");
    assert!(matches!(book("2026-11-28T15:00:00Z").await, Err(Trouble::Taken)), "a Saturday");
    fake.kit().forget_asked();
    clock.set(at("2026-11-27T18:00:00Z"));
    assert!(matches!(book("2026-11-27T17:59:00Z").await, Err(Trouble::Taken)), "past");
    assert_eq!(fake.kit().count("", ""), 0);
    assert_eq!(fake.guests().len(), 1);
}

#[tokio::test]
async fn a_refusal_without_a_reason_is_decided_by_asking_again() {
    let World { fake, calendly, access, kind, .. } = world().await;
    let vague = r#"{"title": "Invalid Argument", "message": "The supplied parameters are invalid."}"#;
    let refuse = |status, body: &str| fake.kit().once("POST", "/invitees", Misdeed::status(status, body));
    let book = || async { calendly.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap_err() };
    refuse(400, vague);
    assert!(matches!(book().await, Trouble::Refused(_)), "it is free, so it is something else");
    refuse(400, "<html>");
    assert!(matches!(book().await, Trouble::Refused(_)));
    refuse(409, "{}");
    assert!(matches!(book().await, Trouble::Taken));
    refuse(400, r#"{"message": "no", "details": [{"parameter": "invitee.email", "message": "is not valid"}]}"#);
    assert!(matches!(book().await, Trouble::Refused(why) if why.contains("e-mail")));
    refuse(400, vague);
    fake.kit().once("GET", "/event_type_available_times", Misdeed::status(503, ""));
    assert!(matches!(book().await, Trouble::Unavailable(_)), "nothing was done, and it cannot be told why");
    fake.book_as_outsider(kind.as_str(), at(FRIDAY), "Carl", "carl@example.com").unwrap();
    refuse(400, vague);
    assert!(matches!(book().await, Trouble::Taken), "it is not free any more");
    assert_eq!(fake.guests().len(), 1);
}

#[tokio::test]
async fn a_free_plan_books_nothing_and_is_told_apart() {
    let World { fake, calendly, access, kind, .. } = world().await;
    fake.plan(Plan::Free);
    let refused = calendly.book(&access, &kind, &visit(1, FRIDAY)).await;
    assert!(matches!(refused, Err(Trouble::Refused(NEEDS_PAID_PLAN))));
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    assert!(!calendly.free(&access, &kind, day).await.unwrap().is_empty(), "it can be read");
    assert!(calendly.kinds(&access).await.unwrap()[0].page.is_some(), "whose link can be texted");
}

#[tokio::test]
async fn g18_without_an_email_address_nothing_is_sent() {
    let World { fake, calendly, access, kind, .. } = world().await;
    for email in [None, Some(String::new()), Some("  ".to_owned())] {
        let visit = Visit { email, ..visit(1, FRIDAY) };
        assert!(matches!(calendly.book(&access, &kind, &visit).await, Err(Trouble::Refused(NEEDS_EMAIL))));
    }
    assert_eq!(fake.kit().count("", ""), 0);
    let odd = Visit { email: Some("bea@".to_owned()), ..visit(1, FRIDAY) };
    assert!(matches!(calendly.book(&access, &kind, &odd).await, Err(Trouble::Refused(why)) if why.contains("e-mail")));
}

#[tokio::test]
async fn the_eleventh_booking_of_a_minute_has_to_wait() {
    let World { fake, calendly, access, kind, clock } = world().await;
    assert_eq!(calendly.allowances().iter().map(|own| own.bookings).collect::<Vec<_>>(), [10, 50, 100]);
    let free = fake.free(kind.as_str(), range(FRIDAY, "2026-12-04T00:00:00Z"));
    for number in 0..10_u8 {
        let visit = Visit { starts: free[usize::from(number)], ..visit(number.into(), FRIDAY) };
        calendly.book(&access, &kind, &visit).await.unwrap();
    }
    let last = Visit { starts: free[10], ..visit(10, FRIDAY) };
    clock.advance(SignedDuration::from_secs(20));
    let after = match calendly.book(&access, &kind, &last).await {
        Err(Trouble::Limited { after }) => after,
        other => panic!("{other:?}"),
    };
    assert_eq!(after, Some(Duration::from_secs(40)), "as its headers say");
    clock.advance(SignedDuration::from_secs(40));
    calendly.book(&access, &kind, &last).await.unwrap();
    assert_eq!(fake.guests().len(), 11);
}

#[tokio::test]
async fn g10_a_booking_whose_answer_was_lost_is_found_by_its_mark() {
    let World { fake, calendly, access, kind, .. } = world_with(PATIENCE).await;
    let bea = visit(1, FRIDAY);
    assert!(calendly.find(&access, &kind, &bea).await.unwrap().is_none());
    fake.kit().once("POST", "/invitees", Misdeed::DoneUnanswered);
    assert!(matches!(calendly.book(&access, &kind, &bea).await, Err(Trouble::Unknown(_))));
    let found = calendly.find(&access, &kind, &bea).await.unwrap().unwrap();
    assert_eq!(found.key, Some(bea.key));
    assert_eq!(found.when, Some(range(FRIDAY, "2026-11-27T14:30:00Z")));
    assert_eq!(found.booked.id, fake.guests()[0].id);
    let other = Visit { key: EventKey { generation: 2, ..bea.key }, ..bea.clone() };
    assert!(calendly.find(&access, &kind, &other).await.unwrap().is_none(), "another try of the same booking");
    fake.kit().once("POST", "/invitees", Misdeed::Unanswered);
    let carl = visit(2, "2026-11-27T15:00:00Z");
    assert!(matches!(calendly.book(&access, &kind, &carl).await, Err(Trouble::Unknown(_))));
    assert!(calendly.find(&access, &kind, &carl).await.unwrap().is_none(), "it never arrived");
}

#[tokio::test]
async fn g15_a_booking_that_was_cancelled_or_moved_there_is_found_so() {
    let World { fake, calendly, access, kind, .. } = world().await;
    let (bea, carl) = (visit(1, FRIDAY), visit(2, "2026-11-27T15:00:00Z"));
    let booked = calendly.book(&access, &kind, &bea).await.unwrap();
    fake.cancel_as_owner(&booked.id);
    let found = calendly.find(&access, &kind, &bea).await.unwrap().unwrap();
    assert_eq!((found.when, found.moved_to), (None, None));
    let booked = calendly.book(&access, &kind, &carl).await.unwrap();
    let moved = fake.move_elsewhere(&booked.id, at("2026-11-30T15:00:00Z")).unwrap();
    let moved = fake.move_elsewhere(&moved, at("2026-11-30T16:00:00Z")).unwrap();
    let found = calendly.find(&access, &kind, &carl).await.unwrap().unwrap();
    assert_eq!((found.booked.id.as_str(), found.moved_to.as_deref()), (moved.as_str(), None));
    assert_eq!((found.when, found.key), (Some(range("2026-11-30T16:00:00Z", "2026-11-30T16:30:00Z")), Some(carl.key)));
    let stands = calendly.stands(&access, &booked).await.unwrap();
    assert_eq!((stands.booked.id.as_str(), stands.when), (moved.as_str(), found.when), "from its first id on");
    calendly.cancel(&access, &booked).await.unwrap();
    assert!(fake.guests().iter().all(|guest| !guest.stands), "cancelled where it stands");
    assert_eq!(calendly.stands(&access, &booked).await.unwrap().when, None);
    let again =
        calendly.book(&access, &kind, &Visit { key: EventKey { generation: 2, ..bea.key }, ..bea.clone() }).await;
    assert!(again.is_ok(), "its time is free again");
}

#[tokio::test]
async fn an_address_elsewhere_in_the_answer_is_not_believed() {
    let World { fake, calendly, access, kind, .. } = world().await;
    let evil = r#"{"resource": {"uri": "https://evil.example/scheduled_events/A/invitees/B", "status": "active"}}"#;
    fake.kit().once("POST", "/invitees", Misdeed::status(201, evil));
    assert!(matches!(calendly.book(&access, &kind, &visit(1, FRIDAY)).await, Err(Trouble::Unknown(_))));
}

#[tokio::test]
async fn cancelling_is_safe_to_repeat() {
    let World { fake, calendly, access, kind, clock } = world_with(PATIENCE).await;
    let booked = calendly.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    calendly.cancel(&access, &booked).await.unwrap();
    assert!(!fake.guests()[0].stands);
    calendly.cancel(&access, &booked).await.unwrap();
    assert_eq!(fake.kit().count("POST", "/cancellation"), 1);
    let unknown = Booked { id: "scheduled_events/NONE/invitees/NONE".into(), ..booked.clone() };
    calendly.cancel(&access, &unknown).await.unwrap();
    let booked = calendly.book(&access, &kind, &visit(2, FRIDAY)).await.unwrap();
    fake.kit().once("POST", "/cancellation", Misdeed::DoneUnanswered);
    assert!(matches!(calendly.cancel(&access, &booked).await, Err(Trouble::Unknown(_))));
    calendly.cancel(&access, &booked).await.unwrap();
    let raced = r#"{"title": "Permission Denied", "message": "Event is already canceled"}"#;
    let booked = calendly.book(&access, &kind, &visit(3, FRIDAY)).await.unwrap();
    fake.kit().once("POST", "/cancellation", Misdeed::status(403, raced));
    calendly.cancel(&access, &booked).await.unwrap();
    assert!(fake.guests().iter().all(|guest| !guest.stands), "somebody's word is not enough: it is looked at again");
    let booked = calendly.book(&access, &kind, &visit(4, FRIDAY)).await.unwrap();
    clock.set(at("2026-11-27T19:00:00Z"));
    let access = Access { secret: Secret::new(fake.token()), ..access };
    assert!(matches!(calendly.cancel(&access, &booked).await, Err(Trouble::Refused(_))), "it is over");
}

#[tokio::test]
async fn a_session_that_others_have_joined_is_not_cancelled_for_them() {
    let World { fake, calendly, access, kind, .. } = world().await;
    fake.change_kind(kind.as_str(), |kind| kind.seats = 5);
    let booked = calendly.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    calendly.book(&access, &kind, &visit(2, FRIDAY)).await.unwrap();
    assert!(matches!(calendly.cancel(&access, &booked).await, Err(Trouble::Refused(_))));
    assert!(fake.guests().iter().all(|guest| guest.stands));
    assert_eq!(fake.kit().count("POST", "/cancellation"), 0);
    let alone = calendly.book(&access, &kind, &visit(3, "2026-11-27T16:00:00Z")).await.unwrap();
    calendly.cancel(&access, &alone).await.unwrap();
}

#[tokio::test]
async fn nothing_is_moved() {
    let World { fake: _fake, calendly, access, kind, .. } = world().await;
    let booked = calendly.book(&access, &kind, &visit(1, FRIDAY)).await.unwrap();
    assert!(!calendly.moves() && calendly.needs_email());
    let moved = calendly.move_to(&access, &booked, at("2026-11-30T15:00:00Z")).await;
    assert!(matches!(moved, Err(Trouble::Refused(_))));
}
