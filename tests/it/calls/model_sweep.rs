//! The caller talks over everything, at every 50 ms of every tool's run, with a desk and a model that take their time:
//! nothing is done twice, nothing is lost, and the model is told what was heard.

use std::sync::Arc;

use deskbell::{
    domain::booking::{Booking, BookingState, Customer, Slot},
    ports::{
        language_model::{Prompt, Turn},
        line::LineEvent,
    },
    testing::{
        call::TestCall,
        desk::in_new_york,
        llm::direct::{DirectModel, Manner},
        salon,
    },
};

use super::models::{LOOK, TAKE, called, calls, first_booking, first_slot, last, ms, results, words};

const CANCEL: &str = "I want to cancel my appointment on Wednesday, it's Anna Kovacs";
const MESSAGE: &str = "Tell them that I left my umbrella there";
const HM: &str = "oh dear, the doorbell, hold on";
const BACK: &str = "I am back, do you sell gift cards?";

/// How long a tool's run can take, and how often somebody talks into it.
const RUN: u64 = 2_000;
const STEP: u64 = 50;

/// Does everything that a model can do.
fn does_it_all() -> Arc<DirectModel> {
    Arc::new(DirectModel::new(|prompt: &Prompt| match last(prompt).as_str() {
        LOOK => calls("look_up_times", r#"{"service":"haircut","when":{"words":"Wednesday morning"}}"#),
        TAKE => {
            let slot = results(prompt).iter().rev().find_map(|told| first_slot(told)).unwrap_or_default();
            calls("propose", &format!(r#"{{"slot":"{slot}","name":"Anna Kovacs"}}"#))
        }
        CANCEL => calls("find_bookings", r#"{"name":"Anna Kovacs","day":{"words":"Wednesday"},"to":"cancel"}"#),
        MESSAGE => calls("take_message", r#"{"text":"I left my umbrella there."}"#),
        told if first_booking(told).is_some() => {
            calls("cancel_booking", &format!(r#"{{"booking":"{}"}}"#, first_booking(told).unwrap_or_default()))
        }
        told if first_slot(told).is_some() => words("I have a few times on Wednesday. Which one would you like?"),
        _ => words("Of course, take your time, I am here. What can I do for you?"),
    }))
}

async fn call() -> (Arc<DirectModel>, TestCall) {
    let model = does_it_all();
    let call = called(&[&model]).await;
    call.desk.is_slow(ms(700));
    model.always(Manner { first: ms(300), between: ms(40), ..Manner::default() });
    (model, call)
}

/// Says something, and talks over what comes of it after so long. Returns what was said from then on.
async fn interrupted(model: &DirectModel, call: &mut TestCall, says: &str, after: u64) -> String {
    call.says(says).await;
    let heard = call.last_utterance_within(ms(after)).await;
    // A little of what was sent last has not been played.
    let played = heard.len().saturating_sub(12);
    let played = heard.get(..played).unwrap_or_default();
    call.send(LineEvent::TalkedOver { heard: played.to_owned() }).await;
    call.is_quiet_for(ms(1)).await;
    call.says(HM).await;
    let mut said = call.listens_for(ms(8_000)).await;
    if !asked_last(model, HM) {
        // Said while the desk was busy, it wants no answer; the model learns at the next turn how it went.
        call.says(BACK).await;
        said += &call.listens_for(ms(8_000)).await;
    }
    knows_only_what_was_heard(model, played, after);
    said
}

/// Whether these were the caller's words when the model was last asked.
fn asked_last(model: &DirectModel, words: &str) -> bool {
    let prompt = model.requests().pop().map(|request| request.prompt);
    prompt.is_some_and(|prompt| matches!(prompt.turns.last(), Some(Turn::Caller(caller)) if caller.contains(words)))
}

fn active(bookings: &[Booking]) -> usize {
    let state =
        |booking: &&Booking| matches!(booking.state, BookingState::Held { .. } | BookingState::Confirmed { .. });
    bookings.iter().filter(state).count()
}

/// What the model believes to have been said is what was heard of it.
fn knows_only_what_was_heard(model: &DirectModel, played: &str, after: u64) {
    let prompt = model.requests().pop().expect("asked").prompt;
    for pair in prompt.turns.windows(2) {
        let called = matches!(&pair[0], Turn::Agent { calls, .. } if !calls.is_empty());
        assert_eq!(called, matches!(&pair[1], Turn::Results(_)), "calls without results, interrupted after {after} ms");
    }
    let [before @ .., Turn::Caller(_)] = prompt.turns.as_slice() else { panic!("the caller was last") };
    let since = before.iter().rposition(|turn| matches!(turn, Turn::Caller(_))).unwrap_or_default();
    let said = before[since..].iter().filter_map(|turn| match turn {
        Turn::Agent { text, .. } => Some(text.as_str()),
        _ => None,
    });
    let said = said.collect::<Vec<_>>().join(" ");
    // What was said after the interruption, of a change that had begun before it, was heard.
    let reported = ["You're booked", "cancelled", "pass", "Shall I"].iter().any(|told| said.contains(told));
    assert!(played.contains(said.trim()) || reported, "after {after} ms: {said:?} is more than {played:?}");
}

fn times() -> impl Iterator<Item = u64> {
    (0..=RUN / STEP).map(|n| n * STEP)
}

#[tokio::test(start_paused = true)]
async fn looking_up_is_dropped_and_can_be_asked_for_again() {
    for after in times() {
        let (model, mut call) = call().await;
        let said = interrupted(&model, &mut call, LOOK, after).await;
        assert!(said.contains("take your time"), "after {after} ms: {said}");
        call.says(LOOK).await;
        let offer = call.listens_for(ms(8_000)).await;
        assert!(offer.contains("Which one"), "after {after} ms: {offer}");
        assert!(call.desk.all().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn proposing_keeps_one_time_and_loses_none() {
    for after in times() {
        let (model, mut call) = call().await;
        call.says(LOOK).await;
        call.listens_for(ms(8_000)).await;
        let said = interrupted(&model, &mut call, TAKE, after).await;
        assert!(!said.trim().is_empty(), "after {after} ms");
        assert!(active(&call.desk.all()) <= 1, "after {after} ms: {:?}", call.desk.all());
        call.says(TAKE).await;
        let read_back = call.listens_for(ms(8_000)).await;
        assert!(read_back.contains("Shall I book it?"), "after {after} ms: {said} / {read_back}");
        assert_eq!(active(&call.desk.all()), 1, "after {after} ms");
        call.send(LineEvent::Played).await;
        call.says("yes please").await;
        let booked = call.listens_for(ms(8_000)).await;
        assert!(booked.contains("You're booked"), "after {after} ms: {booked}");
        assert_eq!(call.desk.confirmed().len(), 1, "after {after} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn confirming_books_once_whatever_is_said_into_it() {
    for after in times() {
        let (model, mut call) = call().await;
        call.says(LOOK).await;
        call.listens_for(ms(8_000)).await;
        call.says(TAKE).await;
        call.listens_for(ms(8_000)).await;
        call.send(LineEvent::Played).await;
        let said = interrupted(&model, &mut call, "yes", after).await;
        assert_eq!(call.desk.confirmed().len(), 1, "after {after} ms: {said}");
        let (_, outcome, desk) = call.hangs_up().await;
        assert_eq!((outcome.as_str(), active(&desk.all())), ("booked", 1), "after {after} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn cancelling_cancels_once_and_only_after_a_yes() {
    for after in times() {
        let (model, mut call) = call().await;
        let business = salon();
        let haircut = &business.services[0];
        let slot = Slot::at(haircut, business.staff[0].id, in_new_york("2026-11-25T10:00"));
        let customer =
            Customer { name: "Anna Kovacs".to_owned().into(), phone: Some("+12125550177".parse().expect("a number")) };
        call.desk.has_booked(&business, slot, customer);
        let said = interrupted(&model, &mut call, CANCEL, after).await;
        assert_eq!(call.desk.confirmed().len(), 1, "after {after} ms: {said}");
        call.says(CANCEL).await;
        let asked = call.listens_for(ms(8_000)).await;
        assert!(asked.contains("Shall I cancel it?"), "after {after} ms: {said} / {asked}");
        call.send(LineEvent::Played).await;
        interrupted(&model, &mut call, "yes", after).await;
        assert!(call.desk.confirmed().is_empty(), "after {after} ms");
        let cancelled = call.desk.all();
        assert!(matches!(cancelled.as_slice(), [Booking { state: BookingState::Cancelled { .. }, .. }]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_taken_once() {
    for after in times() {
        let (model, mut call) = call().await;
        let said = interrupted(&model, &mut call, MESSAGE, after).await;
        let taken = call.desk.notes().len();
        assert!(taken <= 1, "after {after} ms: {said}");
        if taken == 0 {
            call.says(MESSAGE).await;
            let told = call.listens_for(ms(8_000)).await;
            assert!(told.contains("pass"), "after {after} ms: {told}");
        }
        assert_eq!(call.desk.notes(), ["I left my umbrella there."], "after {after} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn hanging_up_in_the_middle_of_anything_leaves_nothing_half_done() {
    for after in times() {
        let (_, mut call) = call().await;
        call.says(LOOK).await;
        call.listens_for(ms(8_000)).await;
        call.says(TAKE).await;
        call.listens_for(ms(after)).await;
        let (_, outcome, desk) = call.hangs_up().await;
        assert_eq!((outcome.as_str(), active(&desk.all())), ("none", 0), "hung up {after} ms into proposing");
        let (_, mut call) = self::call().await;
        call.says(LOOK).await;
        call.listens_for(ms(8_000)).await;
        call.says(TAKE).await;
        call.listens_for(ms(8_000)).await;
        call.send(LineEvent::Played).await;
        call.says("yes").await;
        call.listens_for(ms(after)).await;
        let (_, outcome, desk) = call.hangs_up().await;
        assert_eq!((outcome.as_str(), active(&desk.all())), ("booked", 1), "hung up {after} ms into confirming");
    }
}
