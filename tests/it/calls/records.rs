//! What is written down of a call's turns, and why nothing was booked in it.

use std::{sync::Arc, time::Duration};

use deskbell::{
    domain::{
        call::{Outcome, WhyNot},
        dialogue::Failure,
        turn::{Came, Turn, What},
    },
    testing::{call::TestCall, desk::in_new_york, salon},
};

const ONE_BREATH: &str = "This is Anna Kovacs, I'd like a haircut with Maria on Wednesday at ten";

async fn turns_of(call: TestCall) -> Vec<Turn> {
    let journal = Arc::clone(&call.journal);
    call.hangs_up().await;
    journal.turns()
}

#[tokio::test(start_paused = true)]
async fn a_turn_tells_what_was_understood_and_what_the_desk_said() {
    let mut call = TestCall::answer().await;
    call.desk.is_slow(Duration::from_millis(200));
    call.ask(ONE_BREATH).await;
    call.ask("yes").await;
    let turns = turns_of(call).await;
    let [first, second] = turns.as_slice() else { panic!("two turns: {turns:?}") };
    let ten = in_new_york("2026-11-25T10:00");
    assert!(first.meant.iter().any(|word| word == "book"), "{:?}", first.meant);
    assert!(
        matches!(first.desk[0].what, What::Times { .. }) && matches!(first.desk[0].came, Some(Came::Found(_))),
        "{first:?}"
    );
    assert_eq!((first.desk[1].what, first.desk[1].came), (What::Hold(ten), Some(Came::Held)));
    let known = &first.known;
    assert_eq!(
        (known.service.as_deref(), known.staff.as_deref(), known.time),
        (Some("Haircut"), Some("Maria"), Some(ten))
    );
    assert!(known.name && known.phone && known.stage == "confirming", "{known:?}");
    assert_eq!(first.first_word_ms, Some(400), "two answers of the desk");
    assert_eq!((second.meant.as_slice(), second.desk[0].came), (["yes".to_owned()].as_slice(), Some(Came::Booked)));
    assert_eq!((second.known.stage.as_str(), second.filler, second.model.as_str()), ("booked", false, ""));
}

#[tokio::test(start_paused = true)]
async fn one_moment_is_no_answer() {
    let mut call = TestCall::answer().await;
    call.desk.is_slow(Duration::from_millis(1_200));
    call.says("a haircut with Maria on Wednesday at ten").await;
    while !call.hears().await.contains("name") {}
    let turns = turns_of(call).await;
    assert!(turns[0].filler);
    assert_eq!(turns[0].first_word_ms, Some(2_400));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_desk_is_in_the_record() {
    let mut call = TestCall::answer().await;
    call.ask(ONE_BREATH).await;
    call.desk.is_down(true);
    call.ask("yes").await;
    let turns = turns_of(call).await;
    assert_eq!(turns[1].desk[0].came, Some(Came::Refused(Failure::Unavailable)));
}

#[tokio::test(start_paused = true)]
async fn i12_nothing_that_was_said_stands_in_the_record() {
    let mut call = TestCall::answer().await;
    call.ask("my card is 4111 1111 1111 1111").await;
    call.ask("I'm Anna Kovacs, a haircut on Wednesday at ten, and tell them I'm allergic to bleach").await;
    let written = serde_json::to_string(&turns_of(call).await).unwrap();
    for kept in ["4111", "Anna", "Kovacs", "bleach", "5550177"] {
        assert!(!written.contains(kept), "{kept} is in {written}");
    }
    assert!(written.contains("something that is not kept"), "{written}");
}

#[tokio::test(start_paused = true)]
async fn a_record_that_could_not_be_written_is_written_next_time() {
    let mut call = TestCall::answer().await;
    call.journal.is_down(true);
    call.ask("what are your opening hours?").await;
    call.is_quiet_for(Duration::from_secs(1)).await;
    call.journal.is_down(false);
    call.ask("and what does a haircut cost?").await;
    let turns = turns_of(call).await;
    assert_eq!(turns.iter().map(|turn| turn.meant.join(", ")).collect::<Vec<_>>(), ["ask the hours", "ask the price"]);
}

async fn why_not(said: &[&str]) -> Option<WhyNot> {
    let mut call = TestCall::answer().await;
    for words in said {
        call.says(words).await;
        call.is_quiet_for(Duration::from_secs(1)).await;
        call.listens_for(Duration::from_secs(3)).await;
    }
    let journal = Arc::clone(&call.journal);
    call.hangs_up().await;
    journal.why_not()
}

#[tokio::test(start_paused = true)]
async fn it_is_told_why_nothing_was_booked() {
    for (said, why) in [
        (&[ONE_BREATH, "yes"][..], None),
        (&[ONE_BREATH], Some(WhyNot::NotConfirmed)),
        (&["a haircut with Maria on Wednesday at ten"], Some(WhyNot::NoName)),
        (&["I'd like an appointment"], Some(WhyNot::HungUpEarly)),
        (&["what are your opening hours?"], Some(WhyNot::OnlyAsked)),
        (&["can I talk to a real person?"], Some(WhyNot::WantedPerson)),
        (&["a haircut tomorrow morning please"], Some(WhyNot::NoTimeSuited)),
        (&["I'd like to leave a message", "please call me back"], Some(WhyNot::LeftMessage)),
        (&["sorry, wrong number"], Some(WhyNot::WrongNumber)),
        (&["flurb gronk", "zzz blah"], Some(WhyNot::NotUnderstood)),
        (&[], Some(WhyNot::HungUpEarly)),
    ] {
        assert_eq!(why_not(said).await, why, "{said:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn c18_a_silent_call_booked_nothing_because_nobody_spoke() {
    let mut call = TestCall::answer().await;
    call.ends().await;
    let journal = Arc::clone(&call.journal);
    let (_, outcome, _) = call.hangs_up().await;
    assert_eq!((outcome, journal.why_not()), (Outcome::None, Some(WhyNot::Silence)));
}

#[tokio::test(start_paused = true)]
async fn a_business_without_services_is_closed_for_booking() {
    let mut business = salon();
    business.services.clear();
    let mut call = TestCall::answer_with(business, None).await;
    call.says("I'd like to book a haircut").await;
    call.listens_for(Duration::from_secs(2)).await;
    let journal = Arc::clone(&call.journal);
    call.hangs_up().await;
    assert_eq!(journal.why_not(), Some(WhyNot::Closed));
}
