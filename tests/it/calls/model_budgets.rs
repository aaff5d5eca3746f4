//! Models that are slow, silent, broken or down: what the caller hears, and when, to the millisecond.

use std::{sync::Arc, time::Duration};

use deskbell::{
    ports::{
        language_model::{LanguageModel, ModelError},
        line::{LineCommand, LineEvent},
    },
    session::receptionist::Receptionist,
    testing::{
        call::TestCall,
        llm::direct::{DirectModel, Fate, Manner},
        receptionist::receptionist,
    },
};
use tokio::time::Instant;

use super::models::{answers, ms, says};

const HELLO: &str = "What does a haircut cost?";

/// Two models, and the call they talk in.
struct Two {
    first: Arc<DirectModel>,
    second: Arc<DirectModel>,
    call: TestCall,
}

async fn two(first: &'static str, second: &'static str) -> Two {
    let (first, second) = (says(first), says(second));
    let models = [Arc::clone(&first) as Arc<dyn LanguageModel>, Arc::clone(&second) as _];
    let call = TestCall::answer_by_models(receptionist(&models)).await;
    Two { first, second, call }
}

#[tokio::test(start_paused = true)]
async fn first_words_go_to_the_line_as_they_come() {
    let mut two = two("A haircut is 45 dollars. Would you like one?", "no").await;
    two.first.always(Manner { first: ms(300), between: ms(100), ..Manner::default() });
    let began = Instant::now();
    two.call.says(HELLO).await;
    let LineCommand::Say { text, last, .. } = two.call.next().await else { panic!("something is said") };
    assert!(!last && text.starts_with("A haircut"), "{text}");
    assert!(began.elapsed() < ms(1_000), "{:?}", began.elapsed());
    let rest = two.call.hears().await;
    assert_eq!(text + &rest, "A haircut is 45 dollars. Would you like one?");
    assert!(two.second.requests().is_empty());
}
