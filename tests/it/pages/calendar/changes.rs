//! Moving and cancelling: what is asked, what is told, and taking it back.

use deskbell::domain::booking::BookingState;
use jiff::SignedDuration;

use super::rig::{Rig, hidden, notice, wednesday};

#[tokio::test]
async fn a_booking_is_moved_by_a_form_the_customer_is_told_and_it_can_be_taken_back() {
    let rig = Rig::start().await;
    let booked = rig.book(rig.slot(wednesday("10:00")), "Anna Kovacs").await;
    let staff = rig.staff().await;
    let page = rig.page_of(booked.id);
    let times = staff.get(&format!("{page}/move?on=2026-11-25")).await;
    assert_eq!(times.status, 200);
    // Its own time counts as free: half an hour later is a choice.
    let wanted = wednesday("10:30");
    assert!(times.text.contains(&format!("at={}&", wanted.as_second())), "{}", times.text);
    let ask = staff.get(&format!("{page}/move?at={}", wanted.as_second())).await;
    assert!(ask.text.contains("Text the customer") && ask.text.contains("10:30"), "{}", ask.text);
    assert!(matches!(rig.booking(booked.id).await.state, BookingState::Confirmed { .. }), "looking changes nothing");

    let (at, version) = (hidden(&ask, "at"), hidden(&ask, "version"));
    let maria = rig.business.staff[0].id.to_string();
    let fields = [("at", at.as_str()), ("version", &version), ("staff", &maria), ("tell", "on")];
    let moved = staff.post(&format!("{page}/move"), &fields).await;
    assert_eq!(moved.status, 303, "{}", moved.text);
    let (said, undo) = notice(&moved);
    assert!(said.contains("Moved to Wednesday, November 25, 10:30 am"), "{said}");
    let new = rig.moved_to(booked.id).await;
    assert_eq!(new.slot.starts, wanted);
    assert_eq!(rig.letters(new.id).await, ["moved"]);
    assert_eq!(rig.deeds().await, ["booking.moved"]);
    let told = staff.get(&rig.page_of(new.id)).await.text;
    assert!(told.contains("Moved here by Maria Lopez from Wednesday, November 25, 10:00 am"), "{told}");

    let back = staff.post(&undo.unwrap(), &[]).await;
    assert!(notice(&back).0.contains("Back to Wednesday, November 25, 10:00 am"));
    let again = rig.moved_to(new.id).await;
    assert_eq!(again.slot, booked.slot);
    assert_eq!(rig.letters(again.id).await, ["moved"]);
    rig.server.stop().await;
}

#[tokio::test]
async fn without_the_tick_nobody_is_told_and_outside_the_hours_takes_a_second_one() {
    let rig = Rig::start().await;
    let booked = rig.book(rig.slot(wednesday("10:00")), "Anna Kovacs").await;
    let staff = rig.staff().await;
    let page = rig.page_of(booked.id);
    let ask = staff.get(&format!("{page}/move?on=2026-11-25&time=20:00")).await;
    assert!(ask.text.contains("Maria does not work then"), "{}", ask.text);
    let (at, version) = (hidden(&ask, "at"), hidden(&ask, "version"));
    let plain = [("at", at.as_str()), ("version", version.as_str())];
    let refused = staff.post(&format!("{page}/move"), &plain).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Nothing was moved yet"));
    let anyway = [plain[0], plain[1], ("anyway", "on")];
    assert_eq!(staff.post(&format!("{page}/move"), &anyway).await.status, 303);
    let new = rig.moved_to(booked.id).await;
    assert_eq!((new.slot.starts, rig.letters(new.id).await.len()), (wednesday("20:00"), 0));
    rig.server.stop().await;
}

#[tokio::test]
async fn a_taken_time_is_said_to_be_whose_and_nothing_is_moved() {
    let rig = Rig::start().await;
    let booked = rig.book(rig.slot(wednesday("10:00")), "Anna Kovacs").await;
    rig.book(rig.slot(wednesday("14:00")), "Bo Lin").await;
    let staff = rig.staff().await;
    let at = wednesday("14:15").as_second().to_string();
    let page = rig.page_of(booked.id);
    let ask = staff.get(&format!("{page}/move?at={at}")).await;
    assert!(ask.text.contains("Maria has Bo Lin then, 2:00 pm to 2:45 pm"), "{}", ask.text);
    let version = booked.version.to_string();
    let fields = [("at", at.as_str()), ("version", &version), ("anyway", "on")];
    let refused = staff.post(&format!("{page}/move"), &fields).await;
    assert_eq!(refused.status, 409);
    assert!(matches!(rig.booking(booked.id).await.state, BookingState::Confirmed { .. }));
    rig.server.stop().await;
}

#[tokio::test]
async fn a_page_that_was_overtaken_does_nothing_and_shows_how_it_stands() {
    let rig = Rig::start().await;
    let booked = rig.book(rig.slot(wednesday("10:00")), "Anna Kovacs").await;
    let (one, other) = (rig.staff().await, rig.staff().await);
    let page = rig.page_of(booked.id);
    let version = hidden(&one.get(&format!("{page}/cancel")).await, "version");
    let at = wednesday("15:00").as_second().to_string();
    let moved = other.post(&format!("{page}/move"), &[("at", &at), ("version", &version)]).await;
    assert_eq!(moved.status, 303);
    let late = one.post(&format!("{page}/cancel"), &[("version", &version), ("tell", "on")]).await;
    assert_eq!(late.status, 409);
    assert!(
        late.text.contains("Somebody else changed this") && late.text.contains("Moved to Wednesday"),
        "{}",
        late.text
    );
    let later = one.post(&format!("{page}/move"), &[("at", &at), ("version", &version)]).await;
    assert_eq!(later.status, 409);
    assert_eq!(rig.confirmed().await.len(), 1);
    rig.server.stop().await;
}

#[tokio::test]
async fn a_booking_is_cancelled_with_a_reason_and_booked_again_if_that_was_a_mistake() {
    let rig = Rig::start().await;
    let booked = rig.book(rig.slot(wednesday("10:00")), "Anna Kovacs").await;
    let staff = rig.staff().await;
    let page = rig.page_of(booked.id);
    let version = hidden(&staff.get(&format!("{page}/cancel")).await, "version");
    let fields = [("version", version.as_str()), ("tell", "on"), ("reason", "Maria is ill")];
    let cancelled = staff.post(&format!("{page}/cancel"), &fields).await;
    assert_eq!(cancelled.status, 303);
    let (said, undo) = notice(&cancelled);
    assert!(said.contains("Cancelled: Wednesday, November 25, 10:00 am. The customer is being told"), "{said}");
    assert_eq!(rig.letters(booked.id).await, ["cancelled"]);
    let seen = staff.get(&page).await.text;
    assert!(seen.contains("Cancelled by Maria Lopez: Maria is ill"), "{seen}");
    let undo = undo.unwrap();
    assert!(notice(&staff.post(&undo, &[]).await).0.contains("Booked again"));
    let standing = rig.confirmed().await;
    assert_eq!((standing.len(), standing[0].slot), (1, booked.slot));
    assert_eq!(rig.letters(standing[0].id).await, ["booked"]);
    // Again by the same button: it is the same booking, not a second one.
    staff.post(&undo, &[]).await;
    assert_eq!(rig.confirmed().await.len(), 1);
    let deeds = rig.server.state.store.deeds(rig.id(), None, 10).await.unwrap();
    assert!(deeds.iter().all(|deed| !deed.detail.contains("ill") && !deed.detail.contains("Anna")), "{deeds:?}");
    rig.server.stop().await;
}

#[tokio::test]
async fn an_undo_that_comes_too_late_says_so() {
    let rig = Rig::start().await;
    let staff = rig.staff().await;
    let booked = rig.book(rig.slot(wednesday("10:00")), "Anna Kovacs").await;
    let page = rig.page_of(booked.id);
    let version = booked.version.to_string();
    let cancelled = staff.post(&format!("{page}/cancel"), &[("version", &version)]).await;
    rig.book(rig.slot(wednesday("10:30")), "Bo Lin").await;
    let (said, _) = notice(&staff.post(&notice(&cancelled).1.unwrap(), &[]).await);
    assert!(said.contains("taken meanwhile"), "{said}");

    let second = rig.book(rig.slot(wednesday("15:00")), "Cy Moss").await;
    let (path, version) = (rig.page_of(second.id), second.version.to_string());
    let at = wednesday("16:00").as_second().to_string();
    let moved = staff.post(&format!("{path}/move"), &[("at", &at), ("version", &version)]).await;
    rig.book(rig.slot(wednesday("15:00")), "Di Fox").await;
    let (said, _) = notice(&staff.post(&notice(&moved).1.unwrap(), &[]).await);
    assert!(said.contains("It stays where it is"), "{said}");
    assert_eq!(rig.moved_to(second.id).await.slot.starts, wednesday("16:00"));
    rig.server.clock.advance(SignedDuration::from_hours(1));
    rig.server.stop().await;
}
