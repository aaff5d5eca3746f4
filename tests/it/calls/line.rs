//! What the line does: barge-in, silence, hang-ups, broken connections, time running out.

use std::time::Duration;

use deskbell::{
    domain::call::{Outcome, Speaker},
    ports::line::{LineCommand, LineEvent},
    session::Ended,
    testing::call::TestCall,
};

const ONE_BREATH: &str = "This is Anna Kovacs, I'd like a haircut with Maria on Wednesday at ten";

#[tokio::test(start_paused = true)]
async fn a_yes_before_the_read_back_was_heard_is_asked_for_again() {
    let mut call = TestCall::answer().await;
    call.says(ONE_BREATH).await;
    let LineCommand::Say { .. } = call.next().await else { panic!("something is said") };
    call.send(LineEvent::TalkedOver { heard: "That's a haircut".into() }).await;
    while !call.is_quiet_for(Duration::from_millis(50)).await {}
    let sure = call.ask("yes").await;
    assert!(sure.contains("Wednesday") && call.desk.confirmed().is_empty(), "{sure}");
    assert!(call.ask("yes").await.contains("You're booked"));
}

#[tokio::test(start_paused = true)]
async fn what_was_not_heard_is_not_in_the_transcript() {
    let mut call = TestCall::answer().await;
    let said = call.ask("what are your opening hours?").await;
    assert!(said.len() > 60, "{said}");
    call.says("and what does a haircut cost").await;
    let LineCommand::Say { .. } = call.next().await else { panic!("something is said") };
    call.send(LineEvent::TalkedOver { heard: "A haircut is".into() }).await;
    call.says("never mind").await;
    call.hears().await;
    let journal = std::sync::Arc::clone(&call.journal);
    call.hangs_up().await;
    let lines = journal.only();
    let cut: Vec<&str> = lines.iter().filter(|line| line.cut).map(|line| line.text.as_str()).collect();
    assert_eq!(cut, ["A haircut is"]);
    assert_eq!(lines.first().map(|line| line.speaker), Some(Speaker::Agent), "the greeting comes first");
}

#[tokio::test(start_paused = true)]
async fn c18_a_silent_caller_is_asked_twice_and_then_told_goodbye() {
    let mut call = TestCall::answer().await;
    assert!(call.hears().await.contains("still there"));
    assert!(call.hears().await.contains("still here"));
    assert!(call.hears().await.contains("Goodbye"));
    assert_eq!(call.ends().await.reason, "goodbye");
}

#[tokio::test(start_paused = true)]
async fn c7_words_without_a_word_in_them_are_no_turn() {
    let mut call = TestCall::answer().await;
    call.says("   ").await;
    assert!(call.is_quiet_for(Duration::from_secs(2)).await);
    assert!(call.ask("...?").await.contains("still there"));
}

#[tokio::test(start_paused = true)]
async fn c9_a_partial_result_that_never_becomes_final_is_taken_after_eight_seconds() {
    let mut call = TestCall::answer().await;
    call.send(LineEvent::Heard { text: "what does a haircut".into(), others: Vec::new(), last: false }).await;
    call.send(LineEvent::Heard { text: "what does a haircut cost".into(), others: Vec::new(), last: false }).await;
    assert!(call.is_quiet_for(Duration::from_millis(7_900)).await);
    assert!(call.hears().await.contains("45 dollars"));
}

#[tokio::test(start_paused = true)]
async fn the_goodbye_is_heard_before_the_call_is_ended() {
    let mut call = TestCall::answer().await;
    call.says("no thank you, goodbye").await;
    let goodbye = loop {
        match call.next().await {
            LineCommand::Say { text, last: true, .. } => break text,
            LineCommand::End { .. } => panic!("ended before the goodbye"),
            _ => {}
        }
    };
    assert!(goodbye.contains("Goodbye"), "{goodbye}");
    assert!(call.is_quiet_for(Duration::from_millis(900)).await, "ended while it was being said");
    call.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_caller_with_something_more_to_say_is_not_cut_off() {
    let mut call = TestCall::answer().await;
    call.says("goodbye").await;
    loop {
        if let LineCommand::Say { last: true, .. } = call.next().await {
            break;
        }
    }
    let price = call.ask("oh wait, what does a haircut cost?").await;
    assert!(price.contains("45 dollars"), "{price}");
}

#[tokio::test(start_paused = true)]
async fn c20_the_longest_call_is_warned_of_and_ended() {
    let mut business = deskbell::testing::salon();
    business.voice.longest_call_minutes = 5;
    let mut call = TestCall::answer_with(business, None).await;
    let mut warned = false;
    loop {
        let heard = call.hears().await; // Answers, and "are you still there?" in between.
        warned |= heard.contains("two minutes");
        if heard.contains("have to end the call here") {
            break;
        }
        call.says("what are your opening hours?").await;
        call.hears().await;
    }
    call.says("wait, what does a haircut cost?").await; // Too late: nobody listens any more.
    assert!(warned);
    call.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_stopping_server_says_goodbye() {
    let mut call = TestCall::answer().await;
    call.stopping.cancel();
    assert!(call.hears().await.contains("call again"));
    assert_eq!(call.ends().await.reason, "goodbye");
}

#[tokio::test(start_paused = true)]
async fn c22_hanging_up_right_after_the_yes_still_books() {
    let mut call = TestCall::answer().await;
    call.ask(ONE_BREATH).await;
    call.desk.is_slow(Duration::from_secs(2));
    call.says("yes").await;
    let (ended, outcome, desk) = call.hangs_up().await;
    assert_eq!((ended, outcome), (Ended::HungUp, Outcome::Booked));
    assert_eq!(desk.confirmed().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn c21_hanging_up_before_the_yes_gives_the_time_back() {
    let mut call = TestCall::answer().await;
    call.ask(ONE_BREATH).await;
    let (_, outcome, desk) = call.hangs_up().await;
    assert_eq!(outcome, Outcome::None);
    assert!(desk.confirmed().is_empty());
    assert!(matches!(desk.all()[0].state, deskbell::domain::booking::BookingState::Expired));
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_goes_on_where_it_stopped() {
    let mut call = TestCall::answer().await;
    call.ask("I'd like a haircut with Maria on Wednesday at ten").await;
    call.is_quiet_for(Duration::from_millis(100)).await;
    let mut call = call.breaks_and_comes_back().await;
    let again = call.hears().await;
    assert!(again.contains("cut off") && again.contains("name"), "{again}");
    let read_back = call.ask("Anna Kovacs").await;
    assert!(read_back.contains("Maria") && read_back.contains("Wednesday"), "{read_back}");
    call.is_quiet_for(Duration::from_millis(100)).await;
    let mut call = call.breaks_and_comes_back().await;
    assert!(call.hears().await.contains("Shall I book it?"));
    assert!(call.ask("yes").await.contains("You're booked"));
    assert_eq!(call.desk.confirmed().len(), 1);
    assert_eq!(call.desk.all().len(), 1, "the hold was taken up again, not made twice");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_while_booking_books_once() {
    let mut call = TestCall::answer().await;
    call.ask(ONE_BREATH).await;
    call.desk.is_slow(Duration::from_millis(300));
    call.says("yes").await;
    call.is_quiet_for(Duration::from_millis(100)).await;
    let mut call = call.breaks_and_comes_back().await;
    let told = call.hears().await;
    assert!(told.contains("cut off") && told.contains("You're booked"), "{told}");
    assert_eq!(call.desk.confirmed().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn c15_a_stuck_button_is_not_five_hundred_turns() {
    let mut call = TestCall::answer().await;
    let events = async {
        for _ in 0..500 {
            call.send(LineEvent::Key('*')).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), events).await.unwrap_or_default();
    let mut heard = 0;
    while let Ok(LineCommand::Say { .. }) = tokio::time::timeout(Duration::from_millis(500), call.next()).await {
        heard += 1;
    }
    assert!(heard <= 40, "{heard} answers");
    assert!(call.ask("what does a haircut cost?").await.contains("45 dollars"));
}

#[tokio::test(start_paused = true)]
async fn c19_somebody_who_talks_without_a_pause_is_answered_after_a_minute() {
    let mut call = TestCall::answer().await;
    let mut answered = false;
    for n in 0..40 {
        let text = format!("so what I wanted to ask is what does a haircut cost{}", " and so on".repeat(n));
        call.send(LineEvent::Heard { text, others: Vec::new(), last: false }).await;
        if !call.is_quiet_for(Duration::from_secs(2)).await {
            answered = true;
            break;
        }
        assert!(n < 31, "not answered after {} s", n * 2);
    }
    assert!(answered);
}

#[tokio::test(start_paused = true)]
async fn c24_two_calls_of_one_number_at_once_know_nothing_of_each_other() {
    let (mut one, mut two) = (TestCall::answer().await, TestCall::answer().await);
    assert!(one.ask("I'd like a haircut").await.contains("When"));
    assert!(two.ask("how much is a beard trim?").await.contains("20 dollars"));
    assert!(one.ask("tomorrow at ten, I'm Anna Kovacs").await.contains("Anna Kovacs"));
}

#[tokio::test(start_paused = true)]
async fn a_yes_that_was_said_before_the_read_back_is_no_yes_to_it() {
    let mut call = TestCall::answer().await;
    call.says(ONE_BREATH).await;
    call.says("yes yes, book it").await; // While the time is being kept.
    let read_back = call.hears().await;
    assert!(read_back.contains("Shall I book it?"), "{read_back}");
    assert!(call.is_quiet_for(Duration::from_secs(2)).await && call.desk.confirmed().is_empty());
    assert!(call.ask("yes").await.contains("You're booked"));
}

#[tokio::test(start_paused = true)]
async fn a_recognisers_second_guess_is_heard_where_its_first_says_nothing() {
    let mut call = TestCall::answer().await;
    call.ask("I'd like a haircut with Maria").await;
    call.says_one_of(&["wed nest bay", "Wednesday"]).await;
    assert!(call.hears().await.contains("Wednesday"));
    let journal = std::sync::Arc::clone(&call.journal);
    call.hangs_up().await;
    assert!(journal.only().iter().any(|line| line.text == "wed nest bay"), "the transcript has what was heard first");
}
