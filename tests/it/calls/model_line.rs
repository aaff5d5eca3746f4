//! A line with a model on it: barge-in, early starts, money that runs out, connections that break.

use std::sync::Arc;

use deskbell::{
    domain::call::{Outcome, Speaker},
    ports::{
        language_model::{LanguageModel, ModelError, Prompt, Turn},
        line::{LineCommand, LineEvent},
    },
    session::receptionist::Settings,
    testing::{
        call::TestCall,
        llm::direct::{DirectModel, Fate, Manner},
        receptionist::{PurseInMemory, ReportsInMemory, receptionist},
    },
};
use tokio::time::Instant;

use super::models::{LOOK, TAKE, books, called, last, ms, said_at, says};

const LONG: &str =
    "A haircut is 45 dollars. A color is 120 dollars. A beard trim is 20 dollars. Which one would you like?";

async fn partial(call: &TestCall, text: &str) {
    call.send(LineEvent::Heard { text: text.into(), others: Vec::new(), last: false }).await;
}

fn said(prompt: &Prompt) -> Vec<String> {
    let agent = |turn: &Turn| if let Turn::Agent { text, .. } = turn { Some(text.clone()) } else { None };
    prompt.turns.iter().filter_map(agent).collect()
}

/// Hears pieces until some words have come.
async fn hears_up_to(call: &mut TestCall, words: &str) -> String {
    let mut heard = String::new();
    while !heard.contains(words) {
        heard += &said_at(call).await.0;
    }
    heard
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_talks_over_a_model_is_heard_and_the_rest_is_never_said() {
    let model = says(LONG);
    model.always(Manner { first: ms(200), between: ms(100), ..Manner::default() });
    let mut call = called(&[&model]).await;
    call.says("What do you cost?").await;
    hears_up_to(&mut call, "A color").await;
    call.send(LineEvent::TalkedOver { heard: "A haircut is 45 dollars. A col".into() }).await;
    while let Ok(command) = tokio::time::timeout(ms(1_000), call.next()).await {
        assert!(matches!(command, LineCommand::Say { ref text, last: true, .. } if text.is_empty()), "{command:?}");
    }
    assert_eq!(model.given_up(), 1, "the answer is given up");
    call.says("just the haircut").await;
    call.hears().await;
    let requests = model.requests();
    assert_eq!(said(&requests[1].prompt), ["A haircut is 45 dollars. A"], "the model is told what was heard");
    let journal = Arc::clone(&call.journal);
    call.hangs_up().await;
    let lines = journal.only();
    let cut: Vec<&str> = lines.iter().filter(|line| line.cut).map(|line| line.text.as_str()).collect();
    assert_eq!(cut, ["A haircut is 45 dollars. A"]);
    assert_eq!(lines.iter().filter(|line| line.speaker == Speaker::Agent).count(), 3, "one line for each turn");
}

#[tokio::test(start_paused = true)]
async fn new_words_before_the_answer_give_it_up() {
    let model = says(LONG);
    model.next([Manner::slow(ms(500))]);
    let mut call = called(&[&model]).await;
    call.says("I'd like a").await;
    call.is_quiet_for(ms(300)).await;
    assert_eq!(call.ask("a haircut, what is it?").await, LONG);
    assert_eq!(model.given_up(), 1);
    let turns = &model.requests()[1].prompt.turns;
    assert!(turns.iter().all(|turn| matches!(turn, Turn::Caller(_))) && turns.len() == 2, "{turns:?}");
}

async fn early() -> (Arc<DirectModel>, TestCall) {
    let model = says(LONG);
    let models = [Arc::clone(&model) as Arc<dyn LanguageModel>];
    let mut receptionist = receptionist(&models);
    receptionist.settings = Settings { early_start: true, ..Settings::default() };
    (model, TestCall::answer_by_models(receptionist).await)
}

#[tokio::test(start_paused = true)]
async fn an_early_answer_is_there_when_the_caller_has_finished() {
    let (model, mut call) = early().await;
    model.always(Manner::slow(ms(400)));
    partial(&call, "what does").await;
    call.is_quiet_for(ms(100)).await;
    partial(&call, "what does a haircut cost").await;
    assert!(call.is_quiet_for(ms(700)).await, "nothing is said before the end of the words");
    assert_eq!(model.requests().len(), 1);
    let began = Instant::now();
    assert_eq!(call.ask("What does a haircut cost?").await, LONG);
    assert_eq!((began.elapsed().as_millis(), model.requests().len()), (0, 1));
    call.ask("and then?").await;
    let turns = &model.requests()[1].prompt.turns;
    assert!(turns.starts_with(&model.requests()[0].prompt.turns), "it is part of the conversation");
}

#[tokio::test(start_paused = true)]
async fn an_early_answer_to_other_words_is_thrown_away() {
    let (model, mut call) = early().await;
    partial(&call, "what does a haircut cost").await;
    call.is_quiet_for(ms(400)).await;
    call.ask("what does a haircut cost on a Sunday?").await;
    let asked: Vec<String> = model.requests().iter().map(|request| last(&request.prompt)).collect();
    assert_eq!(asked, ["what does a haircut cost", "what does a haircut cost on a Sunday?"]);
    assert_eq!(model.requests()[1].prompt.turns.len(), 1, "nothing of it is remembered");
}

#[tokio::test(start_paused = true)]
async fn an_early_answer_books_nothing_and_looks_nothing_up() {
    let model = books();
    let models = [Arc::clone(&model) as Arc<dyn LanguageModel>];
    let mut receptionist = receptionist(&models);
    receptionist.settings.early_start = true;
    let mut call = TestCall::answer_by_models(receptionist).await;
    call.ask(LOOK).await;
    partial(&call, TAKE).await;
    call.is_quiet_for(ms(2_000)).await;
    assert_eq!(last(&model.requests().last().unwrap().prompt), TAKE);
    assert!(call.desk.all().is_empty(), "held before the caller had finished");
    partial(&call, "The first one please, I'm Anna Kovacs or rather no").await;
    call.is_quiet_for(ms(2_000)).await;
    assert!(call.desk.all().is_empty());
    assert!(call.ask(TAKE).await.contains("Shall I book it?"));
    assert_eq!(call.desk.all().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn half_a_card_number_is_not_asked_about_early() {
    let (model, mut call) = early().await;
    for text in ["my card is 4111", "my card is 4111 1111", "my card is 4111 1111 1111 11"] {
        partial(&call, text).await;
        call.is_quiet_for(ms(400)).await;
    }
    call.ask("my card is 4111 1111 1111 1111").await;
    assert!(model.requests().iter().all(|request| !last(&request.prompt).contains("4111 1")));
}

#[tokio::test(start_paused = true)]
async fn no_early_start_where_it_is_not_wanted() {
    let model = says(LONG);
    let mut call = called(&[&model]).await;
    partial(&call, "what does a haircut cost").await;
    call.is_quiet_for(ms(1_000)).await;
    assert!(model.requests().is_empty());
    call.ask("what does a haircut cost").await;
}

#[tokio::test(start_paused = true)]
async fn when_the_money_is_spent_the_script_goes_on_with_what_is_known() {
    let model = books();
    let models = [Arc::clone(&model) as Arc<dyn LanguageModel>];
    let purse = Arc::new(PurseInMemory::with(u64::MAX));
    let mut receptionist = receptionist(&models);
    receptionist.purse = Arc::clone(&purse) as _;
    let mut call = TestCall::answer_by_models(receptionist).await;
    call.ask(LOOK).await;
    assert!(purse.spent() > 0);
    purse.holds(purse.spent());
    let requests = model.requests().len();
    let read_back = call.ask(TAKE).await;
    assert!(read_back.contains("Anna Kovacs") && read_back.contains("Shall I book it?"), "{read_back}");
    assert!(call.ask("yes").await.contains("You're booked"));
    call.ask("what does a color cost?").await;
    assert_eq!(model.requests().len(), requests, "not asked again in this call");
    let (_, outcome, _) = call.hangs_up().await;
    assert_eq!(outcome, Outcome::Booked);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_breaks_and_comes_back_goes_on_with_the_model() {
    let model = books();
    let mut call = called(&[&model]).await;
    call.ask(LOOK).await;
    let read_back = call.ask(TAKE).await;
    call.is_quiet_for(ms(100)).await;
    let mut call = call.breaks_and_comes_back().await;
    let again = call.hears().await;
    assert!(again.contains("cut off") && again.contains("Shall I book it?"), "{again} after {read_back}");
    assert!(call.ask("yes").await.contains("You're booked"));
    assert_eq!(call.desk.all().len(), 1);
    assert_eq!(call.ask("do you like cats?").await, "I am not sure about that. What would you like?");
    let prompt = model.requests().pop().unwrap().prompt;
    assert!(matches!(&prompt.turns[0], Turn::Caller(text) if text.contains("caller is back")), "{:?}", prompt.turns);
    assert!(matches!(&prompt.turns[1], Turn::Agent { text, .. } if *text == again.trim()));
}

#[tokio::test(start_paused = true)]
async fn everything_down_still_answers() {
    let (first, second) = (says(LONG), says(LONG));
    for model in [&first, &second] {
        model.always(Manner::fails(|| ModelError::Failed));
    }
    let mut call = called(&[&first, &second]).await;
    call.desk.is_down(true);
    let told = call.ask("I'd like a haircut on Wednesday at ten, I'm Anna Kovacs").await;
    assert!(told.contains("message"), "{told}");
    call.desk.is_down(false);
    assert!(call.ask("yes please").await.contains('?'));
    let thanks = call.ask("please call me back").await;
    assert!(thanks.contains("pass"), "{thanks}");
    assert_eq!(call.desk.notes().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn silence_and_keys_stay_the_machines() {
    let model = books();
    let mut call = called(&[&model]).await;
    call.ask(LOOK).await;
    call.ask(TAKE).await;
    assert!(call.hears().await.contains("still there"));
    let requests = model.requests().len();
    assert!(call.ask("yes, I'm here").await.contains("Shall I book it?"));
    call.send(LineEvent::Key('1')).await;
    assert!(call.hears().await.contains("You're booked"));
    assert_eq!(model.requests().len(), requests);
    assert_eq!(call.desk.confirmed().len(), 1);
}

/// The model is killed after each of its requests, and in the middle of each of its answers.
#[tokio::test(start_paused = true)]
async fn g33_a_model_that_dies_at_any_moment_is_not_missed() {
    for (requests, pieces) in (0..5).flat_map(|requests| (0..12).map(move |pieces| (requests, pieces))) {
        let model = books();
        let dies = Manner { fate: Fate::Breaks { after: pieces, error: || ModelError::Failed }, ..Manner::default() };
        model.next(std::iter::repeat_n(Manner::default(), requests).chain([dies]));
        model.always(Manner::fails(|| ModelError::Failed));
        let mut call = called(&[&model]).await;
        let offer = call.ask(LOOK).await;
        assert!(offer.contains("Which one"), "{requests}/{pieces}: {offer}");
        let read_back = call.ask(TAKE).await;
        assert!(read_back.contains("Shall I book it?"), "{requests}/{pieces}: {offer} / {read_back}");
        assert!(call.is_quiet_for(ms(3_000)).await, "{requests}/{pieces}: one reply for one turn");
        let booked = call.ask("yes please").await;
        assert!(booked.contains("You're booked"), "{requests}/{pieces}: {booked}");
        assert!(call.ask("no, that is all, bye").await.contains("bye"), "{requests}/{pieces}");
        assert_eq!(call.desk.confirmed().len(), 1, "{requests}/{pieces}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_with_something_more_to_say_is_answered_before_the_call_ends() {
    let model = books();
    let mut call = called(&[&model]).await;
    call.says("no, that is all, bye").await;
    loop {
        if let LineCommand::Say { last: true, .. } = call.next().await {
            break;
        }
    }
    model.next([Manner::slow(ms(600))]);
    assert!(call.ask("oh wait, do you like cats?").await.contains("not sure"));
    assert!(call.is_quiet_for(ms(5_000)).await, "and it goes on");
}

#[tokio::test(start_paused = true)]
async fn the_report_tells_how_the_models_did() {
    let (first, second) = (books(), says(LONG));
    let models = [Arc::clone(&first) as Arc<dyn LanguageModel>, Arc::clone(&second) as _];
    let reports = Arc::new(ReportsInMemory::default());
    let mut receptionist = receptionist(&models);
    receptionist.reports = Arc::clone(&reports) as _;
    receptionist.settings.early_start = true;
    let tasks = receptionist.tasks.clone();
    let mut call = TestCall::answer_by_models(receptionist).await;
    first.next([Manner::slow(ms(1_000)), Manner::slow(ms(200))]);
    call.ask(LOOK).await; // "One moment."
    call.hears().await;
    call.ask(TAKE).await;
    partial(&call, "hm, one").await;
    call.is_quiet_for(ms(300)).await;
    first.next([Manner::fails(|| ModelError::Failed)]);
    second.next([Manner::fails(|| ModelError::Failed)]);
    call.ask("hm, one more thing, where are you?").await;
    call.ask("I see, and you are nice").await;
    call.hangs_up().await;
    tasks.close();
    tasks.wait().await;
    let report = reports.filed().pop().expect("filed");
    let times: Vec<Option<u32>> = report.turns.iter().map(|turn| turn.first_word_ms).collect();
    assert_eq!(times, [Some(1_200), Some(0), Some(0), Some(0)]);
    let told: Vec<(&str, u32)> = report.turns.iter().map(|turn| (turn.model.as_str(), turn.requests)).collect();
    assert_eq!(told, [("first", 2), ("first", 1), ("", 2), ("first", 1)]);
    assert_eq!(report.turns[0].tools, ["look_up_times"]);
    assert_eq!((report.fillers, report.fallbacks, report.withheld), (1, 1, 0));
    assert_eq!((report.early, report.early_used), (1, 0));
    assert!(report.turns[0].filler && report.turns[2].fallback);
    assert!(report.tokens_in >= 4_000 && report.tokens_cached >= 3_200 && report.cost.0 > 0, "{report:?}");
}
