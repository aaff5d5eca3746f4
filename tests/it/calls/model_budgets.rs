//! Models that are slow, silent, broken or down: what the caller hears, and when, to the millisecond.

use std::sync::Arc;

use deskbell::{
    ports::{
        language_model::{LanguageModel, ModelError},
        line::LineEvent,
    },
    testing::{
        call::TestCall,
        llm::direct::{DirectModel, Fate, Manner},
        receptionist::receptionist,
    },
};
use tokio::time::{Duration, Instant};

use super::models::{called, ms, said_at, says};

const COST: &str = "What does a haircut cost?";
const FIRST: &str = "A haircut is 45 dollars. Would you like one?";
const SECOND: &str = "That would be 45 dollars. Shall we find you a time?";
const SCRIPTED: &str = "A haircut is 45 dollars";

/// Two models that say the same in different words, and the call they talk in.
async fn two() -> (Arc<DirectModel>, Arc<DirectModel>, TestCall) {
    let (first, second) = (says(FIRST), says(SECOND));
    let call = called(&[&first, &second]).await;
    (first, second, call)
}

fn down(error: fn() -> ModelError) -> Manner {
    Manner::fails(error)
}

#[tokio::test(start_paused = true)]
async fn first_words_go_to_the_line_as_they_come() {
    let (first, second, mut call) = two().await;
    first.always(Manner { first: ms(300), between: ms(100), ..Manner::default() });
    call.says(COST).await;
    let (piece, at) = said_at(&mut call).await;
    assert!(piece.starts_with("A haircut") && piece != FIRST && at < ms(900), "{piece} at {at:?}");
    assert_eq!(piece + &call.hears().await, FIRST);
    assert!(second.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_filler_is_said_at_900_ms_and_once() {
    let (first, _, mut call) = two().await;
    first.always(Manner::slow(ms(1_400)));
    call.says(COST).await;
    let (filler, at) = said_at(&mut call).await;
    assert_eq!(at, ms(900), "{filler}");
    assert!(filler.len() < 25 && !filler.contains("45"), "{filler}");
    assert_eq!(call.hears().await, "");
    let (_, at) = said_at(&mut call).await;
    assert_eq!(at, ms(500));
    call.hears().await;
    assert!(call.is_quiet_for(Duration::from_secs(5)).await, "nothing more");
}

#[tokio::test(start_paused = true)]
async fn fillers_vary_from_turn_to_turn() {
    let (first, _, mut call) = two().await;
    first.always(Manner::slow(ms(1_000)));
    let mut fillers = Vec::new();
    for _ in 0..3 {
        fillers.push(call.ask(COST).await);
        assert_eq!(call.hears().await, FIRST);
    }
    fillers.sort();
    fillers.dedup();
    assert!(fillers.len() > 1, "{fillers:?}");
}

#[tokio::test(start_paused = true)]
async fn no_filler_over_a_caller_who_goes_on_talking() {
    let (first, _, mut call) = two().await;
    first.always(Manner::slow(ms(1_400)));
    call.says("I would like").await;
    call.is_quiet_for(ms(800)).await;
    call.send(LineEvent::Heard { text: "a hair".into(), others: Vec::new(), last: false }).await;
    assert!(call.is_quiet_for(ms(3_000)).await, "somebody talks, and nobody talks over them");
    assert_eq!(first.given_up(), 1, "its answer is no longer wanted");
    call.says("a haircut, what does it cost?").await;
    let (filler, at) = said_at(&mut call).await;
    assert_eq!(at, ms(900), "{filler}");
    call.hears().await;
    assert_eq!(call.hears().await, FIRST);
}

#[tokio::test(start_paused = true)]
async fn g32_the_second_model_is_asked_at_1500_ms_and_the_first_to_speak_is_heard() {
    let (first, second, mut call) = two().await;
    first.always(Manner::slow(ms(3_000)));
    second.always(Manner::slow(ms(400)));
    let began = Instant::now();
    call.says(COST).await;
    let (_, filler) = said_at(&mut call).await;
    assert_eq!(filler, ms(900));
    call.hears().await;
    let (words, _) = said_at(&mut call).await;
    assert!(words.starts_with("That would"), "{words}");
    assert_eq!(began.elapsed(), ms(1_900), "spoken before 2.5 s");
    assert_eq!(second.requests()[0].at - began, ms(1_500));
    call.hears().await;
    assert_eq!((first.given_up(), second.given_up()), (1, 0), "the loser is cancelled");
    assert!(call.is_quiet_for(Duration::from_secs(5)).await, "nobody hears the loser");
}

#[tokio::test(start_paused = true)]
async fn a_first_model_that_speaks_at_last_still_wins_over_a_second_that_does_not() {
    let (first, second, mut call) = two().await;
    first.always(Manner::slow(ms(1_700)));
    second.always(Manner::silent());
    call.ask(COST).await;
    assert_eq!(call.hears().await, FIRST);
    assert_eq!((first.given_up(), second.given_up()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn the_script_answers_at_4_s_with_everything_that_was_understood() {
    let (first, second, mut call) = two().await;
    first.next([Manner::silent()]);
    second.next([Manner::silent()]);
    let began = Instant::now();
    call.says("This is Anna Kovacs, I'd like a haircut with Maria on Wednesday at ten").await;
    call.hears().await; // The filler.
    let read_back = call.hears().await;
    assert_eq!(began.elapsed(), ms(4_000));
    for part in ["haircut", "Maria", "Wednesday", "10 a.m.", "Anna Kovacs"] {
        assert!(read_back.contains(part), "{part} is missing: {read_back}");
    }
    assert!(call.ask("yes").await.contains("You're booked"));
    assert_eq!(call.ask(COST).await, FIRST, "and the next turn is a model's again");
    assert_eq!(call.desk.confirmed().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn e1_e5_a_model_that_fails_hands_over_at_once() {
    for error in [
        || ModelError::Unreachable(anyhow::anyhow!("refused")),
        || ModelError::Failed,
        || ModelError::Overloaded { retry_after: None },
        || ModelError::NotAccepted(400),
        || ModelError::Broken("no events"),
    ] as [fn() -> ModelError; 5]
    {
        let (first, second, mut call) = two().await;
        first.always(down(error));
        second.always(Manner::slow(ms(200)));
        call.says(COST).await;
        let (words, at) = said_at(&mut call).await;
        assert!(words.starts_with("That would") && at == ms(200), "{words} at {at:?}");
        call.hears().await;
    }
}

#[tokio::test(start_paused = true)]
async fn when_both_fail_the_script_answers_at_once_and_without_a_filler() {
    let (first, second, mut call) = two().await;
    first.always(down(|| ModelError::Failed));
    second.always(down(|| ModelError::Failed));
    let began = Instant::now();
    let told = call.ask(COST).await;
    assert!(told.contains(SCRIPTED), "{told}");
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn e2_a_conversation_that_is_too_long_is_shortened_once() {
    let (first, second, mut call) = two().await;
    for _ in 0..4 {
        call.ask(COST).await;
    }
    first.next([down(|| ModelError::TooLong)]);
    assert_eq!(call.ask(COST).await, FIRST);
    let requests = first.requests();
    let [.., long, short] = requests.as_slice() else { panic!("asked twice") };
    assert!(short.prompt.turns.len() < long.prompt.turns.len());
    assert!(second.requests().is_empty());
    first.next([down(|| ModelError::TooLong), down(|| ModelError::TooLong)]);
    assert_eq!(call.ask(COST).await, SECOND, "then it is another model's");
}

#[tokio::test(start_paused = true)]
async fn e3_a_refused_key_is_not_tried_again_for_five_minutes() {
    let (first, _, mut call) = two().await;
    first.always(down(|| ModelError::KeyRefused));
    for _ in 0..4 {
        assert_eq!(call.ask(COST).await, SECOND);
    }
    assert_eq!(first.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn e4_a_limit_is_kept_to_and_no_caller_waits_for_it() {
    for (retry_after, quiet) in [(Some(Duration::from_secs(30)), 30), (None, 60)] {
        let (first, _, mut call) = two().await;
        first.next([match retry_after {
            Some(_) => down(|| ModelError::Limited { retry_after: Some(Duration::from_secs(30)) }),
            None => down(|| ModelError::Limited { retry_after: None }),
        }]);
        assert_eq!(call.ask(COST).await, SECOND);
        let limited = Instant::now();
        loop {
            call.is_quiet_for(Duration::from_secs(4)).await;
            let answer = call.ask(COST).await;
            let since = limited.elapsed().as_secs();
            assert_eq!(answer, if since < quiet { SECOND } else { FIRST }, "after {since} s");
            if since >= quiet {
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_that_fails_five_times_is_left_alone_and_comes_back() {
    let (first, second, mut call) = two().await;
    first.always(down(|| ModelError::Failed));
    second.always(down(|| ModelError::Failed));
    for _ in 0..7 {
        assert!(call.ask(COST).await.contains(SCRIPTED));
    }
    assert_eq!((first.requests().len(), second.requests().len()), (5, 5));
    first.always(Manner::default());
    call.is_quiet_for(Duration::from_secs(5)).await;
    assert_eq!(call.ask(COST).await, FIRST, "one request finds it well");
    assert_eq!(call.ask(COST).await, FIRST);
}

#[tokio::test(start_paused = true)]
async fn the_breaker_is_shared_by_all_calls() {
    let (first, second) = (says(FIRST), says(SECOND));
    first.always(down(|| ModelError::KeyRefused));
    let models = [Arc::clone(&first) as Arc<dyn LanguageModel>, Arc::clone(&second) as _];
    let receptionist = Arc::new(receptionist(&models));
    for _ in 0..3 {
        let receptionist = Some(Arc::clone(&receptionist));
        let mut call = TestCall::answer_by(deskbell::testing::salon(), None, receptionist).await;
        assert_eq!(call.ask(COST).await, SECOND);
    }
    assert_eq!(first.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_silent_model_is_found_out_and_nobody_waits_for_it_any_more() {
    let (first, second, mut call) = two().await;
    first.always(Manner::silent());
    for _ in 0..5 {
        call.ask(COST).await; // "One moment."
        assert_eq!(call.hears().await, SECOND);
    }
    let began = Instant::now();
    assert_eq!(call.ask(COST).await, SECOND);
    assert_eq!((began.elapsed(), first.requests().len()), (Duration::ZERO, 5));
    assert_eq!(second.requests().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn e6_e7_an_error_before_the_first_word_is_no_word() {
    let (first, _, mut call) = two().await;
    first.next([Manner {
        fate: Fate::Breaks { after: 0, error: || ModelError::Overloaded { retry_after: None } },
        ..Manner::default()
    }]);
    assert_eq!(call.ask(COST).await, SECOND);
}

#[tokio::test(start_paused = true)]
async fn e8_an_answer_that_breaks_off_before_anything_was_heard_is_another_models() {
    let (first, second, mut call) = two().await;
    let broken = Manner { fate: Fate::Breaks { after: 1, error: || ModelError::Failed }, ..Manner::default() };
    first.next([broken]);
    assert_eq!(call.ask(COST).await, SECOND, "one word is no clause yet, and was not spoken");
    assert_eq!(second.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn e8_an_answer_that_breaks_off_in_a_sentence_is_said_again_by_the_script() {
    let first = says("Let me see what that costs, and I will, if you like, also look for a time for it.");
    let second = says(SECOND);
    let mut call = called(&[&first, &second]).await;
    let broken = Manner { fate: Fate::Breaks { after: 14, error: || ModelError::Failed }, ..Manner::default() };
    first.next([broken]);
    let told = call.ask(COST).await;
    assert!(told.starts_with("Let me see what that costs,"), "{told}");
    assert!(told.contains("Sorry, let me say that again. A haircut is 45 dollars"), "{told}");
    assert!(second.requests().is_empty(), "nothing is asked again once something was spoken");
    assert!(call.is_quiet_for(Duration::from_secs(5)).await, "one reply");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_breaks_off_after_its_question_is_an_answer() {
    let first = says("Sure, I can help. Which service would you like? We have many more");
    let mut call = called(&[&first]).await;
    first.next([Manner { fate: Fate::Stops { after: 12 }, ..Manner::default() }]);
    let began = Instant::now();
    let told = call.ask("I'd like an appointment").await;
    assert!(told.trim_end().ends_with("Which service would you like?"), "{told}");
    assert_eq!(began.elapsed(), ms(2_000), "two seconds without a piece are a break");
    assert!(call.is_quiet_for(Duration::from_secs(4)).await, "one reply");
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_drips_is_over_after_twelve_seconds() {
    let first = says("Well. That is. A long. Story to. Tell you. About our. Prices here. And so. It goes. On and. On.");
    let mut call = called(&[&first]).await;
    first.always(Manner { between: ms(1_500), ..Manner::default() });
    let began = Instant::now();
    call.ask(COST).await;
    assert!(began.elapsed() <= ms(12_000), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_model_that_says_it_will_look_and_does_not_leaves_nobody_waiting() {
    let model = says("Sure, let me check that for you.");
    let mut call = called(&[&model]).await;
    call.says(COST).await;
    let mut heard = call.hears().await;
    if !heard.contains("45") {
        heard += &call.hears().await;
    }
    assert!(heard.starts_with("Sure, let me check") && heard.contains(SCRIPTED), "{heard}");
}
