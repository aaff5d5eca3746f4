//! The business steps in: takes a call over, or ends it.

use std::time::Duration;

use deskbell::{
    domain::{booking::BookingState, call::Outcome, dialogue::Order},
    ports::{
        line::{LineCommand, LineEvent},
        live::Ordered,
    },
    session::Ended,
    testing::{
        call::TestCall,
        llm::direct::{DirectModel, Manner},
        salon,
    },
};

use super::models::{called, words};

const ONE_BREATH: &str = "This is Anna Kovacs, I'd like a haircut with Maria on Wednesday at ten";
const OWNER: &str = "+12125550142";

fn to_me() -> Ordered {
    Ordered { order: Order::PutThrough, to: Some(OWNER.parse().unwrap()) }
}

const END: Ordered = Ordered { order: Order::End, to: None };

#[tokio::test(start_paused = true)]
async fn a_call_is_put_through_to_the_number_that_was_chosen() {
    let mut business = salon();
    business.transfer_to = None;
    let mut call = TestCall::answer_with(business, None).await;
    call.ask("what are your opening hours?").await;
    assert!(call.is_ordered(to_me()));
    assert!(call.hears().await.contains("put you through"));
    let handoff = call.ends().await;
    assert_eq!((handoff.reason.as_str(), handoff.outcome.as_str()), ("transfer", "transferred"));
    assert_eq!(handoff.to.unwrap().as_str(), OWNER);
}

#[tokio::test(start_paused = true)]
async fn what_the_caller_says_while_being_put_through_changes_nothing() {
    let mut call = TestCall::answer().await;
    call.is_quiet_for(Duration::from_secs(1)).await;
    call.is_ordered(to_me());
    let LineCommand::Say { .. } = call.next().await else { panic!("something is said") };
    call.says("oh, okay, thank you").await;
    call.send(LineEvent::TalkedOver { heard: "One".into() }).await;
    call.send(LineEvent::Key('1')).await;
    assert_eq!(call.ends().await.reason, "transfer");
}

#[tokio::test(start_paused = true)]
async fn in_the_middle_of_a_sentence_of_ours() {
    let mut call = TestCall::answer().await;
    call.says("what are your opening hours?").await;
    let LineCommand::Say { .. } = call.next().await else { panic!("something is said") };
    call.is_ordered(END);
    let rest = call.listens_for(Duration::from_secs(1)).await;
    assert!(rest.contains("Thank you for calling"), "{rest}");
    assert_eq!(call.ends().await.reason, "goodbye");
}

#[tokio::test(start_paused = true)]
async fn a_partial_sentence_of_the_callers_is_not_waited_for() {
    let mut call = TestCall::answer().await;
    call.send(LineEvent::Heard { text: "so what I".into(), others: Vec::new(), last: false }).await;
    call.is_ordered(to_me());
    assert!(call.hears().await.contains("put you through"));
    assert_eq!(call.ends().await.reason, "transfer");
}

#[tokio::test(start_paused = true)]
async fn a_time_that_is_being_kept_is_given_back() {
    let mut call = TestCall::answer().await;
    call.desk.is_slow(Duration::from_millis(300));
    call.says(ONE_BREATH).await;
    call.is_quiet_for(Duration::from_millis(450)).await; // Found; being kept.
    call.is_ordered(to_me());
    let said = call.hears().await;
    assert!(said.contains("put you through") && !said.contains("Shall I book"), "{said}");
    call.ends().await;
    let (_, outcome, desk) = call.hangs_up().await;
    assert_eq!(outcome, Outcome::Transferred);
    assert!(desk.confirmed().is_empty() && desk.all().iter().all(|held| held.state == BookingState::Expired));
}

#[tokio::test(start_paused = true)]
async fn a_read_back_is_not_gone_on_with() {
    let mut call = TestCall::answer().await;
    call.ask(ONE_BREATH).await;
    call.is_ordered(END);
    let said = call.listens_for(Duration::from_secs(1)).await;
    assert!(said.contains("nothing is booked") && said.contains("Goodbye"), "{said}");
    call.says("yes, book it").await;
    assert_eq!(call.ends().await.reason, "goodbye");
    let (_, _, desk) = call.hangs_up().await;
    assert!(desk.confirmed().is_empty(), "nothing is booked by it");
}

#[tokio::test(start_paused = true)]
async fn a_booking_that_is_being_made_is_made_and_told_first() {
    let mut call = TestCall::answer().await;
    call.ask(ONE_BREATH).await;
    call.desk.is_slow(Duration::from_millis(800));
    call.says("yes").await;
    call.is_quiet_for(Duration::from_millis(100)).await;
    call.is_ordered(to_me());
    let said = call.hears().await;
    let (booked, through) = (said.find("You're booked"), said.find("put you through"));
    assert!(booked.is_some() && booked < through && !said.contains("anything else"), "{said}");
    let handoff = call.ends().await;
    assert_eq!((handoff.reason.as_str(), handoff.outcome.as_str()), ("transfer", "booked"));
    let (_, outcome, desk) = call.hangs_up().await;
    assert_eq!((outcome, desk.confirmed().len()), (Outcome::Booked, 1));
}

#[tokio::test(start_paused = true)]
async fn a_booking_whose_answer_never_comes_does_not_keep_the_caller() {
    let mut call = TestCall::answer().await;
    call.ask(ONE_BREATH).await;
    call.desk.is_slow(Duration::from_secs(20));
    call.says("yes").await;
    call.is_quiet_for(Duration::from_millis(100)).await;
    call.is_ordered(to_me());
    let handoff = tokio::time::timeout(Duration::from_secs(20), call.ends()).await.expect("it does not wait for ever");
    assert_eq!(handoff.reason, "transfer");
}

#[tokio::test(start_paused = true)]
async fn twice_is_once_and_the_first_counts() {
    let mut call = TestCall::answer().await;
    assert!(call.is_ordered(to_me()) && call.is_ordered(END));
    assert!(call.hears().await.contains("put you through"));
    assert_eq!(call.ends().await.reason, "transfer");
}

#[tokio::test(start_paused = true)]
async fn after_the_hang_up_there_is_nobody_to_tell() {
    let call = TestCall::answer().await;
    let live = call.live.clone();
    assert!(live.any());
    let (ended, ..) = call.hangs_up().await;
    assert_eq!((ended, live.any()), (Ended::HungUp, false));
}

#[tokio::test(start_paused = true)]
async fn a_model_in_mid_sentence_is_broken_off() {
    let model = DirectModel::new(|_: &deskbell::ports::language_model::Prompt| {
        words("We are open from nine to five, and it goes on, and on, and on, like this.")
    });
    model.always(Manner { between: Duration::from_secs(1), ..Manner::default() });
    let mut call = called(&[&std::sync::Arc::new(model)]).await;
    call.says("tell me a story about your salon").await;
    let before = call.listens_for(Duration::from_millis(3_500)).await;
    call.is_ordered(to_me());
    let said = call.listens_for(Duration::from_secs(2)).await;
    assert!(said.contains("put you through") && !said.contains("like this"), "{before} / {said}");
    assert_eq!(call.ends().await.reason, "transfer");
}
