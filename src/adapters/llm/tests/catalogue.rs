//! What goes wrong, by its number in the catalogue of bad inputs.

use super::*;
use crate::testing::llm::faults::Fault;

/// For what should not take long, on a machine that is busy.
const SOON: Duration = Duration::from_secs(5);

async fn with(fault: Fault) -> Vec<Heard> {
    with_reply(fault, WORDS, &[]).await
}

async fn with_reply(fault: Fault, words: &str, calls: &[ToolCall]) -> Vec<Heard> {
    let rig = says(words, calls).await;
    rig.server.from_now_on(Some(fault.clone()));
    let mut all = Vec::new();
    for model in &rig.models {
        let heard = ask_for(&**model, &hello(), SOON).await;
        all.push(heard.unwrap_or_else(|| panic!("{fault:?} was waited for")));
    }
    all
}

#[tokio::test]
async fn e01_nobody_listens_or_the_name_is_unknown_or_there_is_no_tls() {
    let rig = says(WORDS, &[]).await;
    let address = rig.server.address();
    let models = models(&rig.server, |_| {});
    let tls = super::models(&rig.server, |endpoint| endpoint.url = format!("https://{address}/v1"));
    let nowhere = super::models(&rig.server, |endpoint| endpoint.url = "https://no-such-name.invalid/v1".into());
    drop(rig);
    for model in models.iter().chain(&nowhere) {
        let heard = ask_for(&**model, &hello(), SOON).await.unwrap();
        assert!(matches!(heard.error, Some(ModelError::Unreachable(_))), "{heard:?}");
    }
    let plain = says(WORDS, &[]).await;
    let plain_address = plain.server.address();
    let no_tls = super::models(&plain.server, |endpoint| endpoint.url = format!("https://{plain_address}/v1"));
    for model in tls.iter().chain(&no_tls) {
        let heard = ask_for(&**model, &hello(), SOON).await.unwrap();
        assert!(matches!(heard.error, Some(ModelError::Unreachable(_))), "{heard:?}");
    }
}

#[tokio::test]
async fn e01_the_connection_is_closed_without_an_answer() {
    for heard in with(Fault::Closes).await {
        assert!(matches!(heard.error, Some(ModelError::Unreachable(_))), "{heard:?}");
    }
}

#[tokio::test]
async fn e01_a_model_that_was_killed_is_reached_again_when_it_is_back() {
    let rig = says(WORDS, &[]).await;
    for model in &rig.models {
        assert_eq!(ask(&**model, &hello()).await.words, WORDS);
        rig.server.pace(Duration::ZERO, Duration::from_millis(20));
        let mut answer = model.answer(&hello()).await.unwrap();
        answer.next().await.unwrap().unwrap();
        rig.server.kill();
        let mut broken = false;
        while let Some(piece) = answer.next().await {
            broken |= matches!(piece, Err(ModelError::Broken(_)));
        }
        assert!(broken);
        assert!(matches!(ask(&**model, &hello()).await.error, Some(ModelError::Unreachable(_))));
        rig.server.revive();
        rig.server.pace(Duration::ZERO, Duration::ZERO);
        assert_eq!(ask(&**model, &hello()).await.words, WORDS);
    }
}

#[tokio::test]
async fn e02_a_conversation_that_is_too_long_is_told_from_a_request_that_is_wrong() {
    for heard in with(Fault::TooLong).await {
        assert!(matches!(heard.error, Some(ModelError::TooLong)), "{heard:?}");
    }
    for heard in with(Fault::Status(404)).await {
        assert!(matches!(heard.error, Some(ModelError::NotAccepted(404))), "{heard:?}");
    }
    // Results of a call that was never made.
    let rig = says(WORDS, &[]).await;
    for model in &rig.models {
        let heard = ask(&**model, &prompt(vec![caller("hello"), results(&[("a", "{}", false)])])).await;
        assert!(matches!(heard.error, Some(ModelError::NotAccepted(400))), "{heard:?}");
    }
}

#[tokio::test]
async fn e03_a_key_that_is_refused_or_missing() {
    for status in [401, 403] {
        for heard in with(Fault::Status(status)).await {
            assert!(matches!(heard.error, Some(ModelError::KeyRefused)), "{heard:?}");
        }
    }
    let rig = says(WORDS, &[]).await;
    for model in models(&rig.server, |endpoint| endpoint.key = None) {
        assert!(matches!(ask(&*model, &hello()).await.error, Some(ModelError::KeyRefused)));
    }
}

#[tokio::test]
async fn e04_too_many_requests_with_a_time_and_without() {
    for heard in with(Fault::Limited(Some("60".into()))).await {
        let Some(ModelError::Limited { retry_after: Some(wait) }) = heard.error else { panic!("{heard:?}") };
        assert_eq!(wait, Duration::from_mins(1));
    }
    for heard in with(Fault::Limited(Some("Fri, 31 Dec 2100 23:59:59 GMT".into()))).await {
        let Some(ModelError::Limited { retry_after: Some(wait) }) = heard.error else { panic!("{heard:?}") };
        assert_eq!(wait, Duration::from_hours(24), "no longer than a day");
    }
    for heard in with(Fault::Limited(None)).await {
        assert!(matches!(heard.error, Some(ModelError::Limited { retry_after: None })), "{heard:?}");
    }
}

#[tokio::test]
async fn e05_the_vendor_fails_or_is_overloaded() {
    for status in [500, 502, 504] {
        for heard in with(Fault::Status(status)).await {
            assert!(matches!(heard.error, Some(ModelError::Failed)), "{heard:?}");
        }
    }
    for status in [503, 529] {
        for heard in with(Fault::Status(status)).await {
            assert!(matches!(heard.error, Some(ModelError::Overloaded { retry_after: None })), "{heard:?}");
        }
    }
}

#[tokio::test]
async fn e06_an_error_inside_an_answer_that_began_well() {
    for heard in with(Fault::OverloadedInside).await {
        assert!(matches!(heard.error, Some(ModelError::Overloaded { .. })) && heard.words.is_empty(), "{heard:?}");
    }
    for heard in with(Fault::ErrorAfter(8)).await {
        assert!(matches!(heard.error, Some(ModelError::Failed)), "{heard:?}");
        assert!(WORDS.starts_with(&heard.words) && !heard.words.is_empty(), "{}", heard.words);
    }
}

#[tokio::test]
async fn e07_an_answer_with_nothing_in_it() {
    for fault in [Fault::Empty, Fault::CutAfter(0)] {
        for heard in with(fault).await {
            assert!(matches!(heard.error, Some(ModelError::Broken(_))) && heard.is_broken(), "{heard:?}");
        }
    }
}

#[tokio::test]
async fn e08_an_answer_cut_in_the_middle_and_no_call_from_half_its_arguments() {
    let calls = [call("a", "look_up_times", r#"{"service":"haircut"}"#), call("b", "propose", "{}")];
    let rig = says("One moment, please.", &calls).await;
    for model in &rig.models {
        for cut in (0..1500).step_by(97) {
            rig.server.next([Fault::CutAfter(cut)]);
            let heard = ask_for(&**model, &hello(), SOON).await.unwrap();
            assert!(matches!(heard.error, Some(ModelError::Broken(_))) && heard.is_broken(), "at {cut}: {heard:?}");
            assert!("One moment, please.".starts_with(&heard.words));
        }
    }
}

#[tokio::test]
async fn e08_an_answer_without_its_end_is_none_even_if_all_its_words_are_there() {
    for heard in with_reply(Fault::NoEnd, WORDS, &[call("a", "propose", "{}")]).await {
        assert_eq!(heard.words, WORDS);
        assert!(heard.is_broken(), "{heard:?}");
    }
}

#[tokio::test]
async fn e08_an_answer_that_has_its_reason_needs_no_done_but_a_message_needs_its_stop() {
    let rig = says(WORDS, &[call("a", "propose", "{}")]).await;
    rig.server.from_now_on(Some(Fault::StaysOpen));
    let models = models(&rig.server, |endpoint| endpoint.total = Duration::from_secs(3));
    let completion = ask_for(&*models[0], &hello(), SOON).await.unwrap();
    assert_eq!((completion.words.as_str(), completion.calls.len()), (WORDS, 1));
    assert_eq!(completion.end.unwrap().0, Why::Calls);
    let message = ask_for(&*models[1], &hello(), SOON).await.unwrap();
    assert!(message.words == WORDS && message.is_broken(), "{message:?}");
}

#[tokio::test]
async fn e09_comments_are_no_answer() {
    let rig = says(WORDS, &[]).await;
    rig.server.from_now_on(Some(Fault::Comments));
    for model in &rig.models {
        let mut answer = model.answer(&hello()).await.unwrap();
        // Nothing comes, so whoever waits for words gives up in time.
        assert!(tokio::time::timeout(Duration::from_millis(300), answer.next()).await.is_err());
    }
}

#[tokio::test]
async fn e09_silence_ends_with_the_patience_for_a_whole_answer() {
    let rig = says(WORDS, &[]).await;
    let models = models(&rig.server, |endpoint| endpoint.total = Duration::from_millis(200));
    for (fault, in_the_answer) in [(Fault::Silent, false), (Fault::SilentAfterHead, true), (Fault::Comments, true)] {
        rig.server.from_now_on(Some(fault));
        for model in &models {
            let heard = ask_for(&**model, &hello(), SOON).await.unwrap();
            assert_eq!(matches!(heard.error, Some(ModelError::Broken(_))), in_the_answer, "{heard:?}");
            assert_eq!(matches!(heard.error, Some(ModelError::Unreachable(_))), !in_the_answer, "{heard:?}");
        }
    }
}

#[tokio::test]
async fn e10_lines_end_as_they_like() {
    for end in ["\n", "\r", "\r\n"] {
        for heard in with_reply(Fault::OddLines(end), WORDS, &[call("a", "propose", r#"{"x":1}"#)]).await {
            assert_eq!(heard.words, WORDS);
            assert_eq!(heard.calls, [call("a", "propose", r#"{"x":1}"#)]);
        }
    }
}

#[tokio::test]
async fn e10_a_line_that_does_not_end_is_given_up() {
    for heard in with(Fault::EndlessLine).await {
        assert!(matches!(heard.error, Some(ModelError::Broken(_))), "{heard:?}");
    }
}

#[tokio::test]
async fn what_is_no_stream_of_events_is_none() {
    for fault in [Fault::Html, Fault::NotAStream, Fault::Garbage] {
        for heard in with(fault).await {
            assert!(matches!(heard.error, Some(ModelError::Broken(_))) && heard.words.is_empty(), "{heard:?}");
        }
    }
}

#[tokio::test]
async fn e19_twenty_thousand_tokens_come_through_for_whoever_wants_them() {
    for heard in with(Fault::ManyTokens(20_000)).await {
        assert_eq!(heard.words.len(), "and on ".len() * 10_000);
        assert!(heard.end.is_some_and(|(_, usage)| usage.output >= 20_000));
    }
}

#[tokio::test]
async fn e21_a_refusal_is_told_from_an_answer() {
    for heard in with_reply(Fault::Refuses, WORDS, &[]).await {
        assert_eq!(heard.end.unwrap().0, Why::Refused);
    }
}

#[tokio::test]
async fn e25_an_answer_that_is_too_long_leaves_out_what_is_not_whole() {
    let calls = [call("a", "look_up_times", r#"{"service":"haircut"}"#), call("b", "propose", r#"{"name":"Anna"}"#)];
    for heard in with_reply(Fault::HalfArguments, "One moment.", &calls).await {
        assert_eq!((heard.words.as_str(), heard.end.unwrap().0), ("One moment.", Why::Length));
        assert_eq!(heard.calls, calls[..1]);
    }
    for heard in with_reply(Fault::HalfArguments, WORDS, &[]).await {
        assert!(WORDS.starts_with(&heard.words) && heard.words.len() < WORDS.len());
        assert_eq!(heard.end.unwrap().0, Why::Length);
    }
}
