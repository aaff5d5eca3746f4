//! Moving and cancelling by oneself.

use std::sync::Arc;

use deskbell::{
    domain::booking::{BookingState, Customer, CustomerName},
    ports::desk::Actor,
};
use jiff::SignedDuration;

use super::{Page, Visitor, book, open_salon, page_of, slot, start, texts, try_book, ts, with_status};

const THURSDAY: &str = "2026-11-26T15:30-05";

/// The link to a start on the page that moves: "2026-11-27T15:00:00Z".
fn start_at(page: &Page, starts: &str) -> String {
    let encoded = starts.replace(':', "%3A");
    page.links(&format!("starts={encoded}"))
        .first()
        .cloned()
        .unwrap_or_else(|| panic!("{starts} is not free: {}", page.text))
}

#[tokio::test]
async fn an_appointment_is_moved_to_a_time_that_is_free() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let choose = visitor.get(&format!("{path}/move?day=2026-11-27")).await;
    choose.says("Choose a new time").says("Now: Thu, Nov 26, 3:30\u{a0}PM").says("Friday, November 27");
    let question = visitor.get(&start_at(&choose, "2026-11-27T15:00:00Z")).await;
    question.says("Move your appointment?").says("Friday, November 27").says("Thursday, November 26");
    let moved = visitor.submit(&question, "/move", &[]).await;
    assert_eq!((moved.status.as_u16(), moved.location()), (303, format!("{path}?news=moved").as_str()));
    visitor.get(moved.location()).await.says("Moved. This is your new time.").says("10:00\u{a0}AM");
    let now = with_status(&server, "confirmed").await;
    assert_eq!((now.len(), now[0].slot.starts), (1, ts("2026-11-27T15:00:00Z")));
    assert_eq!(
        texts(&server, &now[0]).await.iter().map(|(template, _)| template.as_str()).collect::<Vec<_>>(),
        ["moved"]
    );
    // The same form once more, from a double click that came late or a tab that was left open.
    let again = visitor.submit(&question, "/move", &[]).await;
    assert_eq!(again.location(), format!("{path}?news=moved"));
    assert_eq!(with_status(&server, "confirmed").await.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn k3_a_move_that_is_sent_twice_at_once_is_made_once() {
    let server = start().await;
    for n in 0..5 {
        let booking = book(&server, &format!("2026-12-0{}T10:00-05", n + 1)).await;
        let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
        let choose = visitor.get(&format!("{path}/move?day=2026-12-1{n}")).await;
        let link = choose.links("starts=").first().cloned().expect("something is free");
        let question = visitor.get(&link).await;
        let (one, two) = tokio::join!(visitor.submit(&question, "/move", &[]), visitor.submit(&question, "/move", &[]));
        for answer in [one, two] {
            assert_eq!((answer.status.as_u16(), answer.location()), (303, format!("{path}?news=moved").as_str()));
        }
    }
    assert_eq!(with_status(&server, "confirmed").await.len(), 5);
    assert_eq!(with_status(&server, "held").await.len(), 0);
    server.stop().await;
}

#[tokio::test]
async fn an_appointment_is_cancelled_after_one_more_question() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let question = visitor.get(&format!("{path}/cancel")).await;
    question.says("Cancel this appointment?").says("Keep it");
    let (one, two) = tokio::join!(visitor.submit(&question, "/cancel", &[]), visitor.submit(&question, "/cancel", &[]));
    for answer in [one, two] {
        assert_eq!((answer.status.as_u16(), answer.location()), (303, format!("{path}?news=cancelled").as_str()));
    }
    visitor.get(&format!("{path}?news=cancelled")).await.says("Your appointment is cancelled.").says("Book it again");
    let mut sent: Vec<String> = texts(&server, &booking).await.into_iter().map(|(template, _)| template).collect();
    sent.sort();
    assert_eq!(sent, ["booked", "cancelled"], "one text, however often it was clicked");
    server.stop().await;
}

#[tokio::test]
async fn a_cancellation_by_mistake_is_taken_back_while_the_time_is_free() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let question = visitor.get(&format!("{path}/cancel")).await;
    visitor.submit(&question, "/cancel", &[]).await;
    let cancelled = visitor.get(&path).await;
    let (one, two) = tokio::join!(visitor.submit(&cancelled, "/again", &[]), visitor.submit(&cancelled, "/again", &[]));
    assert_eq!(one.location(), two.location(), "twice is once");
    visitor.get(one.location()).await.says("You&#39;re booked.").says("3:30\u{a0}PM");
    assert_eq!(with_status(&server, "confirmed").await.len(), 1);
    // By now it is taken, by themselves.
    visitor.get(&path).await.says("Cancelled").says_not("Book it again");
    server.stop().await;
}

#[tokio::test]
async fn a_time_that_somebody_else_took_meanwhile_is_not_booked_again() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    visitor.submit(&visitor.get(&format!("{path}/cancel")).await, "/cancel", &[]).await;
    let cancelled = visitor.get(&path).await;
    book(&server, THURSDAY).await;
    let answer = visitor.submit(&cancelled, "/again", &[]).await;
    visitor.get(answer.location()).await.says("That time has just been taken.");
    assert_eq!(with_status(&server, "confirmed").await.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn what_starts_too_soon_is_changed_by_phone() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let cancel = visitor.get(&format!("{path}/cancel")).await;
    let choose = visitor.get(&format!("{path}/move?day=2026-11-27")).await;
    let question = visitor.get(&start_at(&choose, "2026-11-27T15:00:00Z")).await;
    server.clock.set(booking.slot.starts - SignedDuration::from_mins(120) + SignedDuration::from_secs(1));
    let page = visitor.get(&path).await;
    page.says("It starts too soon to be changed here.").says("tel:+12125550142").says("calendar.ics");
    page.says_not("/cancel").says_not("/move");
    for below in ["/cancel", "/move"] {
        assert_eq!(visitor.get(&format!("{path}{below}")).await.location(), path);
    }
    for (form, below) in [(&cancel, "/cancel"), (&question, "/move")] {
        let answer = visitor.submit(form, below, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, path.as_str()));
    }
    let now = server.state.store.booking(booking.business, booking.id).await.unwrap().unwrap();
    assert!(matches!(now.state, BookingState::Confirmed { .. }));
    server.stop().await;
}

#[tokio::test]
async fn what_changed_since_it_was_shown_is_not_changed_blindly() {
    let server = start().await;
    let booking = book(&server, THURSDAY).await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let cancel = visitor.get(&format!("{path}/cancel")).await;
    let choose = visitor.get(&format!("{path}/move?day=2026-11-27")).await;
    let early = visitor.get(&start_at(&choose, "2026-11-27T15:00:00Z")).await;
    let late = visitor.get(&start_at(&choose, "2026-11-27T20:00:00Z")).await;
    visitor.submit(&early, "/move", &[]).await;
    for (form, below) in [(&cancel, "/cancel"), (&late, "/move")] {
        let answer = visitor.submit(form, below, &[]).await;
        assert_eq!(answer.location(), format!("{path}?news=changed"));
        visitor.get(answer.location()).await.says("It was changed in the meantime.").says("10:00\u{a0}AM");
    }
    let garbage = visitor.post(&format!("{path}/move"), &[("starts", "x"), ("staff", "'")]).await;
    assert_eq!(garbage.status, 409);
    let cancelled = visitor.get(&format!("{path}/cancel")).await;
    visitor.submit(&cancelled, "/cancel", &[]).await;
    assert_eq!(visitor.submit(&late, "/move", &[]).await.location(), format!("{path}?news=changed"));
    server.stop().await;
}

#[tokio::test]
async fn a_move_and_a_caller_want_the_same_time_and_one_gets_it() {
    let server = start().await;
    let business = Arc::new(open_salon());
    for n in 0..8 {
        let booking = book(&server, &format!("2026-12-0{}T09:00-05", n % 4 + 1)).await;
        let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
        let wanted = slot(&business, &format!("2026-12-{:02}T14:00-05", 8 + n % 4 + n / 4 * 7));
        let starts = wanted.starts.to_string();
        let question = visitor.get(&format!("{path}/move?starts={starts}&staff={}", wanted.staff)).await;
        let caller = Customer { name: CustomerName::new("Bea"), phone: format!("+1212555010{n}").parse().ok() };
        let (moved, called) = tokio::join!(
            visitor.submit(&question, "/move", &[]),
            try_book(&server, &business, wanted, caller, Actor::Customer)
        );
        let got_it = moved.location().ends_with("news=moved");
        assert_ne!(got_it, called.is_ok(), "{} {called:?}", moved.status);
        if !got_it {
            assert_eq!(moved.status, 409);
            moved.says("That time has just been taken. These are still free.");
            visitor.get(&path).await.says("Booked");
        }
        let at_that_time = with_status(&server, "confirmed").await;
        assert_eq!(at_that_time.iter().filter(|booking| booking.slot.starts == wanted.starts).count(), 1);
        visitor.submit(&visitor.get(&format!("{path}/cancel")).await, "/cancel", &[]).await;
    }
    server.stop().await;
}
