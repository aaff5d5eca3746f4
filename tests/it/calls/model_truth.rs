//! What a model claims and is not so: nobody hears it.

use deskbell::testing::llm::Reply;

use super::models::{answers, called, calls, first_slot, says, words};

#[tokio::test(start_paused = true)]
async fn e16_e17_a_claim_is_kept_back_and_the_truth_is_said() {
    let model = says("Great news, you're booked for Wednesday at ten! See you then.");
    let mut call = called(&[&model]).await;
    let told = call.ask("I'd like a haircut").await;
    assert!(!told.contains("you're booked for"), "{told}");
    assert!(!told.trim().is_empty());
    assert!(call.desk.all().is_empty());
}

#[tokio::test(start_paused = true)]
async fn e16_a_claim_beside_a_call_gives_way_to_what_came_of_the_call() {
    let model = answers(|told| match first_slot(told) {
        None => calls("look_up_times", r#"{"service":"haircut","staff":"Maria","when":{"words":"Wednesday at ten"}}"#),
        Some(slot) => Reply {
            words: "It's booked! You're all set for Wednesday at ten.".into(),
            ..calls("propose", &format!(r#"{{"slot":"{slot}","name":"Anna Kovacs"}}"#))
        },
    });
    let mut call = called(&[&model]).await;
    let told = call.ask("A haircut with Maria on Wednesday at ten, I'm Anna Kovacs").await;
    assert!(!told.contains("It's booked!"), "{told}");
    assert!(told.contains("Shall I book it?"), "{told}");
    assert!(call.desk.confirmed().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_a_tool_has_told_may_be_said_in_other_words() {
    let model = answers(|told| match told {
        "When are you open on Saturday?" => calls("answer_from_facts", r#"{"question":"hours on Saturday"}"#),
        told if told.contains("say") => words("On Saturdays we are open from 9 a.m. to 3 p.m. Would that suit you?"),
        _ => words("Sorry?"),
    });
    let mut call = called(&[&model]).await;
    let told = call.ask("When are you open on Saturday?").await;
    assert_eq!(told, "On Saturdays we are open from 9 a.m. to 3 p.m. Would that suit you?");
}

#[tokio::test(start_paused = true)]
async fn messages_of_one_turn_do_not_run_together() {
    let model = answers(|told| match told {
        "When are you open on Saturday?" => {
            Reply { words: "Let me see.".into(), ..calls("answer_from_facts", r#"{"question":"hours on Saturday"}"#) }
        }
        _ => words("Sure, would Saturday suit you?"),
    });
    let mut call = called(&[&model]).await;
    assert_eq!(call.ask("When are you open on Saturday?").await, "Let me see. Sure, would Saturday suit you?");
}
