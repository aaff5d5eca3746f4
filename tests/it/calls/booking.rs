//! Callers who book.

use deskbell::{
    domain::{booking::Customer, call::Outcome},
    session::Ended,
    testing::{call::TestCall, desk::in_new_york, salon},
};

#[tokio::test(start_paused = true)]
async fn everything_in_one_breath_needs_one_yes() {
    let mut call = TestCall::answer().await;
    let read_back =
        call.ask("Hi, this is Anna Kovacs, I'd like a haircut with Maria next Tuesday at half past three").await;
    for part in ["haircut", "Maria", "Tuesday", "November 24th", "3:30", "Anna Kovacs"] {
        assert!(read_back.contains(part), "{part} is missing: {read_back}");
    }
    assert!(call.desk.confirmed().is_empty(), "nothing is booked before a yes");
    let booked = call.ask("Yes please").await;
    assert!(booked.contains("You're booked"), "{booked}");
    let bye = call.ask("No, that's all, thank you").await;
    assert!(bye.contains("Goodbye"), "{bye}");
    let handoff = call.ends().await;
    assert_eq!((handoff.reason.as_str(), handoff.outcome.as_str()), ("goodbye", "booked"));
    let bookings = call.desk.confirmed();
    assert_eq!(bookings.len(), 1);
    assert_eq!(bookings[0].slot.starts, in_new_york("2026-11-24T15:30"));
    assert_eq!(bookings[0].customer.name.as_str(), "Anna Kovacs");
    assert_eq!(bookings[0].customer.phone.as_ref().unwrap().as_str(), "+12125550177");
}

#[tokio::test(start_paused = true)]
async fn piece_by_piece_every_question_is_asked_once() {
    let mut call = TestCall::answer_with(salon(), None).await;
    let service = call.ask("Hello, I'd like to make an appointment").await;
    assert!(service.contains("haircut"), "{service}");
    let when = call.ask("a beard trim").await;
    assert!(when.contains("When"), "{when}");
    let offers = call.ask("tomorrow").await;
    assert!(offers.contains("tomorrow"), "{offers}");
    let name = call.ask("the first one").await;
    assert!(name.contains("name"), "{name}");
    let number = call.ask("Ben Okafor").await;
    assert!(number.contains("number"), "{number}");
    let read_back = call.ask("two one two, five five five, oh one seven eight").await;
    assert!(read_back.contains("Ben Okafor") && read_back.contains("0 1 7 8"), "{read_back}");
    assert!(call.ask("yep").await.contains("You're booked"));
    let (ended, outcome, desk) = call.hangs_up().await;
    assert_eq!((ended, outcome), (Ended::HungUp, Outcome::Booked));
    assert_eq!(desk.confirmed()[0].customer.phone.as_ref().unwrap().as_str(), "+12125550178");
}

#[tokio::test(start_paused = true)]
async fn a_correction_at_the_read_back_is_read_back_again() {
    let mut call = TestCall::answer().await;
    let first = call.ask("I'm Anna Kovacs and I need a haircut with Maria on Wednesday at ten").await;
    assert!(first.contains("Wednesday"), "{first}");
    let second = call.ask("no, Thursday").await;
    assert!(second.contains("Thursday") && second.contains("10"), "{second}");
    assert!(call.desk.confirmed().is_empty());
    assert!(call.ask("yes").await.contains("You're booked"));
    let (_, _, desk) = call.hangs_up().await;
    assert_eq!(desk.confirmed().len(), 1);
    assert_eq!(desk.confirmed()[0].slot.starts, in_new_york("2026-11-26T10:00"));
}

#[tokio::test(start_paused = true)]
async fn a_yes_that_carries_a_change_is_no_yes() {
    let mut call = TestCall::answer().await;
    call.ask("This is Anna Kovacs, a haircut with Maria on Wednesday at ten please").await;
    let again = call.ask("yes but make it eleven").await;
    assert!(again.contains("11"), "{again}");
    assert!(call.desk.confirmed().is_empty(), "booked without a plain yes");
}

#[tokio::test(start_paused = true)]
async fn a_taken_time_is_said_to_be_taken_and_others_are_offered() {
    let mut call = TestCall::answer().await;
    let business = salon();
    let haircut = &business.services[0];
    for member in &business.staff {
        let slot = deskbell::domain::booking::Slot::at(haircut, member.id, in_new_york("2026-11-25T10:00"));
        let customer = Customer { name: "Somebody Else".to_owned().into(), phone: None };
        call.desk.has_booked(&business, slot, customer);
    }
    let answer = call.ask("I'd like a haircut on Wednesday at ten, my name is Anna Kovacs").await;
    assert!(answer.contains("isn't free") && answer.contains("Wednesday"), "{answer}");
    let read_back = call.ask("the first one").await;
    assert!(read_back.contains("Shall I book it?"), "{read_back}");
    assert!(call.ask("yes").await.contains("You're booked"));
    assert_eq!(call.desk.confirmed().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn anything_later_is_later_than_what_was_offered() {
    let mut call = TestCall::answer().await;
    let offers = call.ask("a haircut tomorrow morning please").await;
    assert!(offers.contains("tomorrow"), "{offers}");
    let later = call.ask("do you have anything later?").await;
    assert_ne!(offers, later);
    let name = call.ask("the first one").await;
    assert!(name.contains("name"), "{name}");
    let held = call.desk.all().pop().unwrap();
    assert!(held.slot.starts > in_new_york("2026-11-21T09:45"), "{:?}", held.slot);
}

#[tokio::test(start_paused = true)]
async fn a_closed_day_is_named_and_the_next_times_are_offered() {
    let mut call = TestCall::answer().await;
    let answer = call.ask("Can I get a haircut on Sunday?").await;
    assert!(answer.contains("closed on Sundays") && answer.contains("Monday"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn somebody_who_does_not_do_it_is_said_not_to() {
    let mut call = TestCall::answer().await;
    let answer = call.ask("I'd like a color with James on Tuesday at two").await;
    assert!(answer.contains("James doesn't offer") && answer.contains("Maria"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_second_booking_in_one_call_starts_afresh() {
    let mut call = TestCall::answer().await;
    call.ask("This is Anna Kovacs, haircut with Maria on Wednesday at ten").await;
    assert!(call.ask("yes").await.contains("You're booked"));
    let read_back = call.ask("yes, I'd also like to book a beard trim on Thursday at three").await;
    assert!(read_back.contains("beard trim") && read_back.contains("James"), "{read_back}");
    assert!(call.ask("that's right").await.contains("You're booked"));
    assert_eq!(call.desk.confirmed().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refused_read_back_books_nothing() {
    let mut call = TestCall::answer().await;
    call.ask("This is Anna Kovacs, haircut with Maria on Wednesday at ten").await;
    let change = call.ask("no").await;
    assert!(change.contains("change"), "{change}");
    let left = call.ask("never mind, forget it").await;
    assert!(left.contains("anything else"), "{left}");
    let (_, outcome, desk) = call.hangs_up().await;
    assert_eq!(outcome, Outcome::None);
    assert!(desk.confirmed().is_empty());
    assert!(
        desk.all().iter().all(|booking| !booking.active(in_new_york("2026-11-20T10:02"))),
        "the hold was not given up"
    );
}

#[tokio::test(start_paused = true)]
async fn key_one_is_a_yes() {
    use deskbell::ports::line::LineEvent;
    let mut call = TestCall::answer().await;
    call.ask("This is Anna Kovacs, haircut with Maria on Wednesday at ten").await;
    call.send(LineEvent::Key('1')).await;
    assert!(call.hears().await.contains("You're booked"));
}

#[tokio::test(start_paused = true)]
async fn questions_are_answered_in_the_middle_of_a_booking() {
    let mut call = TestCall::answer().await;
    let when = call.ask("I'd like to book a haircut").await;
    assert!(when.contains("When"), "{when}");
    let price = call.ask("how much is it?").await;
    assert!(price.contains("45 dollars") && price.contains("When"), "{price}");
    let parking = call.ask("is there parking?").await;
    assert!(parking.contains("behind the house"), "{parking}");
    let hours = call.ask("and what are your opening hours?").await;
    assert!(hours.contains("Tuesday"), "{hours}");
    let address = call.ask("where are you?").await;
    assert!(address.contains("Juniper"), "{address}");
}

#[tokio::test(start_paused = true)]
async fn a_question_about_a_day_is_no_wish_for_that_day() {
    let mut call = TestCall::answer().await;
    let told = call.ask("what are your hours on Thursday and how much is a color?").await;
    assert!(told.contains("1:30 p.m. to 8 p.m.") && told.contains("120 dollars"), "{told}");
    assert!(told.contains("anything else"), "{told}");
    let when = call.ask("okay, I'd like to book that").await;
    assert!(when.contains("a color") && when.contains("When"), "{when}");
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_after_a_no_is_a_goodbye() {
    let mut call = TestCall::answer_with(salon(), None).await;
    call.ask("I'd like to cancel my appointment").await;
    assert!(call.ask("no thanks, bye").await.contains("Goodbye"));
}

#[tokio::test(start_paused = true)]
async fn offers_within_one_morning_lie_apart() {
    let mut call = TestCall::answer().await;
    let offers = call.ask("a color with Maria tomorrow morning please").await;
    assert!(offers.contains("9 a.m.") && !offers.contains("9:15"), "{offers}");
}
