//! What models do by tools, and what they do wrong with them.

use std::sync::Arc;

use deskbell::{
    domain::call::Outcome,
    ports::language_model::{ToolCall, Turn},
    testing::llm::{
        Reply,
        direct::{DirectModel, Fate, Manner},
    },
};

use super::models::{LOOK, TAKE, answers, books, called, calls, last, ms, says, words};

#[tokio::test(start_paused = true)]
async fn a_booking_by_tools_is_read_back_and_confirmed_by_the_server() {
    let model = books();
    let mut call = called(&[&model]).await;
    let offer = call.ask(LOOK).await;
    assert!(offer.contains("Which one"), "{offer}");
    let read_back = call.ask(TAKE).await;
    assert!(read_back.contains("Anna Kovacs") && read_back.contains("Shall I book it?"), "{read_back}");
    assert!(call.desk.confirmed().is_empty());
    let before = model.requests().len();
    assert!(call.ask("yes").await.contains("You're booked"));
    assert_eq!(model.requests().len(), before, "no model is asked what a yes means");
    let bye = call.ask("no, that is all, bye").await;
    assert!(bye.contains("bye") || bye.contains("Goodbye"), "{bye}");
    call.ends().await;
    assert_eq!(call.desk.confirmed().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_model_remembers_what_the_server_said_and_what_came_of_its_calls() {
    let model = books();
    let mut call = called(&[&model]).await;
    call.ask(LOOK).await;
    let read_back = call.ask(TAKE).await;
    let booked = call.ask("yes").await;
    call.ask("do you like cats?").await;
    let requests = model.requests();
    let turns = &requests.last().expect("asked").prompt.turns;
    let said: Vec<&str> = turns
        .iter()
        .filter_map(|turn| if let Turn::Agent { text, .. } = turn { Some(text.as_str()) } else { None })
        .collect();
    assert!(said.contains(&read_back.trim()) && said.contains(&booked.trim()), "{said:?}");
    let mut open: Vec<&ToolCall> = Vec::new();
    for turn in turns {
        match turn {
            Turn::Agent { calls, .. } => {
                assert!(open.is_empty(), "a call without a result");
                open.extend(calls);
            }
            Turn::Results(results) => {
                let ids: Vec<&str> = results.iter().map(|result| result.id.as_str()).collect();
                assert_eq!(ids, open.drain(..).map(|call| call.id.as_str()).collect::<Vec<_>>());
            }
            Turn::Caller(_) => assert!(open.is_empty(), "a call without a result"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_end_of_the_conversation_changes() {
    let model = books();
    let mut call = called(&[&model]).await;
    for said in [LOOK, TAKE, "hm", "hm hm"] {
        call.ask(said).await;
    }
    let requests = model.requests();
    for pair in requests.windows(2) {
        let (before, after) = (&pair[0].prompt, &pair[1].prompt);
        assert_eq!(before.system, after.system);
        assert!(after.turns.starts_with(&before.turns), "what stood in it has changed");
    }
}

#[tokio::test(start_paused = true)]
async fn e11_bad_arguments_go_back_once_and_then_the_caller_is_asked() {
    let model = answers(|_| calls("look_up_times", "{service: 'haircut'"));
    let mut call = called(&[&model]).await;
    let asked = call.ask("I'd like a haircut").await;
    assert!(asked.contains("When"), "the script asks: {asked}");
    assert_eq!(model.requests().len(), 2);
    let told = last(&model.requests()[1].prompt);
    assert!(told.contains("refused"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn e12_a_tool_that_there_is_not_is_refused_twice() {
    let model = answers(|_| calls("send_money", "{}"));
    let mut call = called(&[&model]).await;
    let asked = call.ask("I'd like a haircut").await;
    assert!(asked.contains("When"), "{asked}");
    assert_eq!(model.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn e14_the_same_call_again_is_answered_as_before_and_a_loop_ends_after_three_steps() {
    let model = answers(|_| calls("look_up_times", r#"{"service":"haircut"}"#));
    let mut call = called(&[&model]).await;
    let told = call.ask("I'd like a haircut some time").await;
    assert!(!told.trim().is_empty());
    let requests = model.requests();
    let may: Vec<bool> = requests.iter().map(|request| request.prompt.may_call).collect();
    assert_eq!(may[..4], [true, true, true, false], "in the last step it can only speak");
    assert!(may.len() <= 5);
    let results: Vec<String> = requests[1..4].iter().map(|request| last(&request.prompt)).collect();
    assert_eq!(results[0], results[2], "looked up once");
}

#[tokio::test(start_paused = true)]
async fn e15_of_fifty_calls_three_are_looked_at() {
    let model = answers(|told| {
        if told != "do it all" {
            return words("That was a lot. What would you like first?");
        }
        let call = |n| ToolCall {
            id: format!("c{n}"),
            name: "answer_from_facts".into(),
            arguments: format!(r#"{{"question":"what does a haircut cost {n}"}}"#),
        };
        Reply { words: String::new(), calls: (0..50).map(call).collect() }
    });
    let mut call = called(&[&model]).await;
    assert_eq!(call.ask("do it all").await, "That was a lot. What would you like first?");
    let turns = &model.requests()[1].prompt.turns;
    let Some(Turn::Results(results)) = turns.last() else { panic!("results") };
    assert_eq!(results.iter().filter(|result| !result.failed).count(), 3);
    assert!(results.iter().skip(3).all(|result| result.content.contains("Too many")));
}

#[tokio::test(start_paused = true)]
async fn e15_of_several_writes_in_one_message_one_is_done() {
    let model = answers(|told| {
        if told != "tell them" {
            return words("Anything else?");
        }
        let call = |n| ToolCall {
            id: format!("c{n}"),
            name: "take_message".into(),
            arguments: format!(r#"{{"text":"I am late, number {n}"}}"#),
        };
        Reply { words: String::new(), calls: (0..3).map(call).collect() }
    });
    let mut call = called(&[&model]).await;
    let told = call.ask("tell them").await;
    assert!(told.contains("pass"), "{told}");
    assert_eq!(call.desk.notes(), ["I am late, number 0"]);
}

#[tokio::test(start_paused = true)]
async fn e19_no_answer_is_longer_than_120_words() {
    let model = Arc::new(DirectModel::new(|_: &deskbell::ports::language_model::Prompt| Reply {
        words: "We have a lovely salon with many chairs. ".repeat(2_500),
        calls: Vec::new(),
    }));
    let mut call = called(&[&model]).await;
    let told = call.ask("tell me about you").await;
    assert!(told.split_whitespace().count() <= 125, "{} words", told.split_whitespace().count());
    assert_eq!(model.given_up(), 1, "what nobody will hear is not paid for");
}

#[tokio::test(start_paused = true)]
async fn e20_nothing_that_can_be_said_is_asked_for_once_more() {
    for nothing in ["", "   \n", "**", "```json\n{}\n```"] {
        let model = says("What would you like done?");
        model.next([Manner::says(nothing)]);
        let mut call = called(&[&model]).await;
        assert_eq!(call.ask("hello").await, "What would you like done?", "after {nothing:?}");
        assert_eq!(model.requests().len(), 2);
        model.next([Manner::says(nothing), Manner::says(nothing)]);
        let told = call.ask("what does a haircut cost?").await;
        assert!(told.contains("45 dollars"), "after {nothing:?}: {told}");
    }
}

#[tokio::test(start_paused = true)]
async fn e21_a_refusal_is_a_neutral_line_and_a_way_out() {
    let model = says("no");
    model.always(Manner { fate: Fate::Refuses, ..Manner::default() });
    let mut call = called(&[&model]).await;
    let told = call.ask("tell me something that no filter lets through").await;
    assert!(told.contains("message") || told.contains("put you through"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn e25_arguments_that_were_cut_off_are_no_call() {
    let model = answers(|_| calls("look_up_times", r#"{"service":"haircut"}"#));
    let cut = Manner { fate: Fate::Length { after: 0 }, ..Manner::default() };
    model.next([cut.clone(), cut]);
    let mut call = called(&[&model]).await;
    let asked = call.ask("I'd like a haircut").await;
    assert!(asked.contains("When"), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn a_card_number_never_reaches_a_model() {
    let model = says("What would you like?");
    let mut call = called(&[&model]).await;
    call.ask("hello there").await;
    call.ask("my card is 4111 1111 1111 1111").await;
    for key in "4111111111111111".chars() {
        call.send(deskbell::ports::line::LineEvent::Key(key)).await;
    }
    call.ask("and now?").await;
    let requests = model.requests();
    assert_eq!(requests.len(), 2, "the machine answers to a card number by itself");
    for request in requests {
        for turn in &request.prompt.turns {
            let (Turn::Caller(text) | Turn::Agent { text, .. }) = turn else { continue };
            assert!(!text.contains("4111") && !text.contains("key"), "{text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_is_taken_by_a_tool_and_the_server_says_so() {
    let model = answers(|_| calls("take_message", r#"{"text":"Please call me back about the color."}"#));
    let mut call = called(&[&model]).await;
    let told = call.ask("can you tell them to call me back about the color?").await;
    assert!(told.contains("pass"), "{told}");
    let (_, outcome, desk) = call.hangs_up().await;
    assert_eq!(outcome, Outcome::Message);
    assert_eq!(desk.notes().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_look_up_is_bridged_once() {
    let model = books();
    let mut call = called(&[&model]).await;
    call.is_quiet_for(ms(10)).await;
    call.desk.is_slow(ms(1_200));
    model.always(Manner::slow(ms(600)));
    let filler = call.ask(LOOK).await;
    assert!(filler.len() < 25, "{filler}");
    let offer = call.hears().await;
    assert!(offer.contains("Which one"), "{offer}");
}
