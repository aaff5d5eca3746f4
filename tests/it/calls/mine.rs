//! Callers who have an appointment: when, move, cancel; and strangers who would like to know.

use deskbell::{
    domain::{
        booking::{Booking, BookingState, Customer, Slot},
        call::Outcome,
    },
    testing::{call::TestCall, desk::in_new_york, salon},
};

/// Anna has a haircut with Maria on Wednesday the 25th at ten, booked from the number that calls.
async fn anna_calls() -> TestCall {
    let call = TestCall::answer().await;
    let business = salon();
    let slot = Slot::at(&business.services[0], business.staff[0].id, in_new_york("2026-11-25T10:00"));
    let customer = Customer { name: "Anna Kovacs".to_owned().into(), phone: "+12125550177".parse().ok() };
    call.desk.has_booked(&business, slot, customer);
    call
}

fn only(bookings: &[Booking]) -> &Booking {
    assert_eq!(bookings.len(), 1);
    &bookings[0]
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_says_their_name_hears_when_their_appointment_is() {
    let mut call = anna_calls().await;
    let name = call.ask("Hi, when is my appointment?").await;
    assert!(name.contains("name") && !name.contains("Wednesday"), "{name}");
    let told = call.ask("Anna Kovacs").await;
    assert!(told.contains("Wednesday") && told.contains("10"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn somebody_who_was_told_can_move_it_without_introducing_themselves_again() {
    let mut call = anna_calls().await;
    call.ask("when is my appointment? this is Anna Kovacs").await;
    let read_back = call.ask("can I move it to Thursday at four?").await;
    assert!(read_back.contains("Is that right") && read_back.contains("Thursday"), "{read_back}");
    call.ask("yes").await;
    assert_eq!(only(&call.desk.confirmed()).slot.starts, in_new_york("2026-11-26T16:00"));
}

#[tokio::test(start_paused = true)]
async fn i13_a_stranger_with_a_forged_number_learns_nothing() {
    let mut call = anna_calls().await;
    call.ask("when is my appointment?").await;
    let told = call.ask("Peter Miller").await;
    assert!(told.contains("can't find") && !told.contains("Anna") && !told.contains("Wednesday"), "{told}");
    let mut call = anna_calls().await;
    call.ask("I want to cancel my appointment").await;
    call.ask("Anna Kovacs").await;
    let told = call.ask("it's on Thursday").await;
    assert!(told.contains("can't find") && !told.contains("Wednesday"), "{told}");
    assert_eq!(call.desk.confirmed().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_appointment_is_cancelled_after_name_day_and_yes() {
    let mut call = anna_calls().await;
    let name = call.ask("I need to cancel my appointment").await;
    assert!(name.contains("name"), "{name}");
    let day = call.ask("Anna Kovacs").await;
    assert!(day.contains("day"), "{day}");
    let sure = call.ask("on Wednesday").await;
    assert!(sure.contains("Shall I cancel it") && sure.contains("Wednesday"), "{sure}");
    assert_eq!(call.desk.confirmed().len(), 1, "nothing is cancelled before a yes");
    let done = call.ask("yes, please").await;
    assert!(done.contains("cancelled"), "{done}");
    let (_, outcome, desk) = call.hangs_up().await;
    assert_eq!(outcome, Outcome::Cancelled);
    assert!(matches!(only(&desk.all()).state, BookingState::Cancelled { .. }));
}

#[tokio::test(start_paused = true)]
async fn an_appointment_is_moved_and_the_old_time_is_free_again() {
    let mut call = anna_calls().await;
    call.ask("This is Anna Kovacs, I have a haircut on Wednesday and I need to move it").await;
    let offers_or_read_back = call.ask("Thursday at four").await;
    assert!(offers_or_read_back.contains("Is that right"), "{offers_or_read_back}");
    assert!(offers_or_read_back.contains("Wednesday") && offers_or_read_back.contains("Thursday"));
    let done = call.ask("yes").await;
    assert!(done.contains("Thursday"), "{done}");
    let (_, outcome, desk) = call.hangs_up().await;
    assert_eq!(outcome, Outcome::Moved);
    assert_eq!(only(&desk.confirmed()).slot.starts, in_new_york("2026-11-26T16:00"));
}

#[tokio::test(start_paused = true)]
async fn an_appointment_can_move_by_a_quarter_of_an_hour() {
    let mut call = anna_calls().await;
    call.ask("I'd like to reschedule my appointment, this is Anna Kovacs").await;
    call.ask("it's on Wednesday").await;
    let read_back = call.ask("could it be Wednesday at ten fifteen?").await;
    assert!(read_back.contains("10:15"), "{read_back}");
    call.ask("yes").await;
    assert_eq!(only(&call.desk.confirmed()).slot.starts, in_new_york("2026-11-25T10:15"));
}

#[tokio::test(start_paused = true)]
async fn a_withheld_number_cannot_change_anything() {
    let mut call = TestCall::answer_with(salon(), None).await;
    let answer = call.ask("I'd like to cancel my appointment").await;
    assert!(answer.contains("message"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn i7_the_number_of_another_customer_opens_nothing() {
    let business = salon();
    let mut call = TestCall::answer_with(business.clone(), Some("+12125550199")).await;
    let slot = Slot::at(&business.services[0], business.staff[0].id, in_new_york("2026-11-25T10:00"));
    let customer = Customer { name: "Anna Kovacs".to_owned().into(), phone: "+12125550177".parse().ok() };
    call.desk.has_booked(&business, slot, customer);
    call.ask("my number is two one two, five five five, oh one seven seven").await;
    call.ask("when is my appointment? This is Anna Kovacs").await;
    let lines = std::sync::Arc::clone(&call.journal);
    call.is_quiet_for(std::time::Duration::from_millis(100)).await;
    assert!(lines.only().iter().all(|line| !line.text.contains("Wednesday")), "{:?}", lines.only());
}
