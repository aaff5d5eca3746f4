//! What callers hear when something is wrong, with us or with what they say.

use std::time::Duration;

use deskbell::{domain::call::Outcome, testing::call::TestCall};

#[tokio::test(start_paused = true)]
async fn a_slow_desk_is_bridged_with_one_moment() {
    let mut call = TestCall::answer().await;
    call.ask("This is Anna Kovacs, haircut with Maria on Wednesday at ten").await;
    call.desk.is_slow(Duration::from_millis(1_800));
    call.says("yes").await;
    assert_eq!(call.hears().await, "One moment, please.");
    assert!(call.hears().await.contains("You're booked"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_claimed_when_the_desk_does_not_answer() {
    let mut call = TestCall::answer().await;
    call.ask("This is Anna Kovacs, haircut with Maria on Wednesday at ten").await;
    call.desk.is_slow(Duration::from_secs(20));
    call.says("yes").await;
    call.hears().await;
    let told = call.hears().await;
    assert!(told.contains("can't tell yet") && !told.contains("You're booked"), "{told}");
    let (_, _, desk) = call.hangs_up().await;
    assert_eq!(desk.confirmed().len(), 1, "what was begun is brought to its end");
}

#[tokio::test(start_paused = true)]
async fn m1_a_ledger_that_is_down_offers_a_message_and_books_nothing() {
    let mut call = TestCall::answer().await;
    call.desk.is_down(true);
    let told = call.ask("a haircut tomorrow at ten please").await;
    assert!(told.contains("message"), "{told}");
    call.desk.is_down(false);
    let what = call.ask("yes please").await;
    assert!(what.contains("What should I tell them"), "{what}");
    let taken = call.ask("Please call Anna back about Saturday").await;
    assert!(taken.contains("pass that on"), "{taken}");
    let (_, outcome, desk) = call.hangs_up().await;
    assert_eq!(outcome, Outcome::Message);
    assert_eq!(desk.notes(), ["Please call Anna back about Saturday"]);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_not_begun_when_it_cannot_be_written_down() {
    let mut call = TestCall::answer().await;
    call.ask("This is Anna Kovacs, haircut with Maria on Wednesday at ten").await;
    call.is_quiet_for(Duration::from_millis(50)).await;
    call.journal.is_down(true);
    let told = call.ask("yes").await;
    assert!(!told.contains("You're booked"), "{told}");
    assert!(call.desk.confirmed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn three_turns_of_nonsense_lead_to_a_way_out() {
    let mut call = TestCall::answer().await;
    let first = call.ask("purple monkey dishwasher").await;
    let second = call.ask("fluffy cloud banana").await;
    assert_ne!(first, second, "the second repair is another one");
    let third = call.ask("wibble wobble").await;
    assert!(third.contains("message"), "{third}");
}

#[tokio::test(start_paused = true)]
async fn i12_a_card_number_is_not_kept() {
    let mut call = TestCall::answer().await;
    let told = call.ask("my card number is 4111 1111 1111 1111").await;
    assert!(told.contains("card"), "{told}");
    let journal = std::sync::Arc::clone(&call.journal);
    call.hangs_up().await;
    assert!(journal.only().iter().all(|line| !line.text.contains("4111")));
}

#[tokio::test(start_paused = true)]
async fn i11_an_emergency_is_told_whom_to_call() {
    let mut call = TestCall::answer().await;
    assert!(call.ask("help, I think I'm having a heart attack").await.contains("9 1 1"));
}

#[tokio::test(start_paused = true)]
async fn i14_a_caller_who_asks_is_told_that_this_is_a_machine() {
    let mut call = TestCall::answer().await;
    assert!(call.ask("am I talking to a robot?").await.contains("AI assistant"));
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_wants_a_person_is_put_through_where_there_is_one() {
    let mut business = deskbell::testing::salon();
    business.transfer_to = "+12125550143".parse().ok();
    let mut call = TestCall::answer_with(business, None).await;
    assert!(call.ask("can I speak to a real person please").await.contains("put you through"));
    assert_eq!(call.ends().await.reason, "transfer");
}

#[tokio::test(start_paused = true)]
async fn i6_a_number_that_gets_no_texts_is_promised_none() {
    let mut business = deskbell::testing::salon();
    business.country = "GB".into();
    let mut call = TestCall::answer_with(business, Some("+442079460958")).await;
    call.ask("This is Anna Kovacs, haircut with Maria on Wednesday at ten").await;
    let booked = call.ask("yes").await;
    assert!(booked.contains("You're booked") && !booked.contains("text message"), "{booked}");
}

#[tokio::test(start_paused = true)]
async fn i15_advice_is_not_invented() {
    let mut call = TestCall::answer().await;
    let told = call.ask("should I take aspirin for my scalp?").await;
    assert!(!told.to_lowercase().contains("aspirin"), "{told}");
    assert!(call.desk.all().is_empty());
}

#[tokio::test(start_paused = true)]
async fn without_the_calendar_an_owner_who_wants_no_promise_gets_none_made() {
    let mut business = deskbell::testing::salon();
    business.rules.when_calendar_down = deskbell::domain::business::WhenCalendarDown::ConfirmByText;
    let mut call = TestCall::answer_with(business, Some("+12125550177")).await;
    call.desk.is_without_calendar();
    call.ask("This is Anna Kovacs, haircut with Maria on Wednesday at ten").await;
    let told = call.ask("yes").await;
    assert!(told.contains("confirm it by text") && !told.contains("You're booked"), "{told}");
}
