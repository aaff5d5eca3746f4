//! Conversations that go well.

use super::*;
use crate::testing::llm::server::Wire;

/// Remembers nothing; says how it understood the prompt.
struct Echo;

impl Brain for Echo {
    fn reply(&self, prompt: &Prompt) -> Reply {
        match prompt.turns.last() {
            Some(Turn::Results(results)) => Reply { words: results[0].content.clone(), calls: Vec::new() },
            _ if prompt.may_call => {
                Reply { words: String::new(), calls: vec![call("", "look_up_times", r#"{"service":"haircut"}"#)] }
            }
            _ => Reply { words: "Just words.".into(), calls: Vec::new() },
        }
    }
}

#[tokio::test]
async fn an_answer_comes_whole_with_what_it_cost() {
    let rig = says(WORDS, &[]).await;
    for model in &rig.models {
        let heard = ask(&**model, &hello()).await;
        assert_eq!(heard.words, WORDS);
        let (why, usage) = heard.end.unwrap();
        assert_eq!(why, Why::Said);
        assert!(usage.input > 50 && usage.output > 15, "{usage:?}");
    }
}

#[tokio::test]
async fn what_the_vendor_kept_is_counted_as_kept() {
    let rig = says(WORDS, &[]).await;
    for model in &rig.models {
        let mut first = hello();
        first.system = format!("{}{}", first.system, rig.server.requests()).into();
        assert_eq!(ask(&**model, &first).await.end.unwrap().1.cached, 0);
        let again = ask(&**model, &first).await.end.unwrap().1;
        assert!(again.cached > 50 && again.cached <= again.input, "{again:?}");
    }
}

#[tokio::test]
async fn words_and_several_calls_come_in_one_answer() {
    let calls = [
        call("toolu_1", "look_up_times", r#"{"service":"Haircut, „kurz“ \n 🙂"}"#),
        call("toolu_2", "propose", "{}"),
        call("toolu_3", "look_up_times", r#"{"service":"beard"}"#),
    ];
    let rig = says("One moment.", &calls).await;
    for model in &rig.models {
        let heard = ask(&**model, &hello()).await;
        assert_eq!(heard.words, "One moment.");
        assert_eq!(heard.calls, calls);
        assert_eq!(heard.end.unwrap().0, Why::Calls);
    }
}

#[tokio::test]
async fn a_call_without_arguments_has_an_empty_object() {
    let rig = says("", &[call("a", "propose", "")]).await;
    for model in &rig.models {
        assert_eq!(ask(&**model, &hello()).await.calls, [call("a", "propose", "{}")]);
    }
}

#[tokio::test]
async fn the_server_understands_a_whole_conversation_as_it_was_meant() {
    let rig = rig(Echo).await;
    let turns = vec![
        agent("Hello, this is Example Salon.", &[]),
        caller("a haircut with \"Maria\" \u{1F642}"),
        agent(
            "Let me see.",
            &[call("toolu_01ABC", "look_up_times", r#"{"service":"haircut"}"#), call("x", "propose", "")],
        ),
        results(&[("x", r#"{"refused":"no time yet"}"#, true), ("toolu_01ABC", r#"{"times":[]}"#, false)]),
        agent("There is nothing free.", &[]),
        caller("another day then"),
        agent("", &[call("toolu_01ABC", "look_up_times", "{'broken'")]),
        results(&[("toolu_01ABC", r#"{"refused":"the arguments are not JSON"}"#, true)]),
    ];
    let asked = prompt(turns.clone());
    for (model, wire) in rig.models.iter().zip([Wire::Completions, Wire::Messages]) {
        let heard = ask(&**model, &asked).await;
        assert_eq!(heard.words, r#"{"refused":"the arguments are not JSON"}"#, "{:?}", heard.error);
        let told = rig.server.asked().pop().unwrap();
        assert_eq!(told.wire, wire);
        let told = told.prompt.unwrap();
        assert_eq!((told.system, told.tools, told.most_tokens), (asked.system.clone(), asked.tools.clone(), 300));
        // The ids are the wire's own; chat completions do not tell whether a call failed.
        let failed = wire == Wire::Messages;
        let expected = vec![
            turns[0].clone(),
            turns[1].clone(),
            agent(
                "Let me see.",
                &[call("call00000", "look_up_times", r#"{"service":"haircut"}"#), call("call00001", "propose", "{}")],
            ),
            results(&[("call00001", r#"{"refused":"no time yet"}"#, failed), ("call00000", r#"{"times":[]}"#, false)]),
            turns[4].clone(),
            turns[5].clone(),
            agent("", &[call("call00002", "look_up_times", "{}")]),
            results(&[("call00002", r#"{"refused":"the arguments are not JSON"}"#, failed)]),
        ];
        assert!(told.turns == expected, "{wire:?} understood something else");
    }
}

#[tokio::test]
async fn in_the_last_step_of_a_turn_the_tools_are_there_and_not_to_be_called() {
    let rig = rig(Echo).await;
    let mut last = hello();
    last.may_call = false;
    for model in &rig.models {
        assert_eq!(ask(&**model, &last).await.words, "Just words.");
        let told = rig.server.asked().pop().unwrap().prompt.unwrap();
        assert_eq!((told.tools.len(), told.may_call), (2, false));
    }
}

#[tokio::test]
async fn a_prompt_without_tools_has_no_word_of_them() {
    let rig = says(WORDS, &[]).await;
    for may_call in [true, false] {
        let asked = Prompt { tools: [].into(), may_call, ..hello() };
        for model in &rig.models {
            assert_eq!(ask(&**model, &asked).await.words, WORDS);
        }
    }
    assert!(rig.server.asked().iter().all(|asked| !String::from_utf8_lossy(&asked.body).contains("tool")));
}

#[tokio::test]
async fn nothing_that_changes_stands_before_what_vendors_keep() {
    let rig = says(WORDS, &[]).await;
    for model in &rig.models {
        let mut turns = vec![caller("hello")];
        let mut bodies: Vec<String> = Vec::new();
        for n in 0..4 {
            let asked = Prompt { may_call: n < 3, most_tokens: 100 + n, ..prompt(turns.clone()) };
            ask(&**model, &asked).await;
            bodies.push(String::from_utf8(rig.server.asked().pop().unwrap().body.to_vec()).unwrap());
            turns.extend([agent(&format!("answer {n}"), &[]), caller(&format!("question {n}"))]);
        }
        // Everything up to the newest turn is the same, but for the mark that says how far it is worth keeping.
        let stable = |body: &str| body.replace(r#","cache_control":{"type":"ephemeral"}"#, "");
        for pair in bodies.windows(2) {
            let (before, after) = (stable(&pair[0]), stable(&pair[1]));
            let conversation = &before[..before.rfind("}]").unwrap()];
            assert!(after.starts_with(conversation.trim_end_matches("}]")), "{before}\n{after}");
        }
    }
}

#[tokio::test]
async fn further_fields_and_headers_go_out_with_every_request() {
    let rig = says(WORDS, &[]).await;
    let models = models(&rig.server, |endpoint| {
        endpoint.extra.insert("temperature".into(), json!(0.5));
        endpoint.extra.insert("service_tier".into(), json!("auto"));
        endpoint.headers.push(("x-title".into(), Secret::new("Deskbell")));
    });
    for model in &models {
        assert_eq!(ask(&**model, &hello()).await.words, WORDS);
        let body = String::from_utf8(rig.server.asked().pop().unwrap().body.to_vec()).unwrap();
        assert!(body.contains(r#""temperature":0.5"#) && body.contains(r#""service_tier":"auto""#), "{body}");
    }
}

#[test]
fn settings_that_cannot_be_are_refused_by_their_name() {
    let wrong = |set: &dyn Fn(&mut Endpoint)| {
        let mut endpoint = Endpoint::new("https://models.example.com/v1", "double-1");
        set(&mut endpoint);
        let openai = OpenAi::new(super::super::client().unwrap(), &endpoint, Dialect::OpenAi).err().unwrap();
        let anthropic = Anthropic::new(super::super::client().unwrap(), &endpoint).err().unwrap();
        [openai.to_string(), anthropic.to_string()]
    };
    let all_say = |sentences: [String; 2], what: &str| {
        assert!(
            sentences.iter().all(|sentence| sentence.contains(what) && !sentence.contains("s3cret")),
            "{sentences:?}"
        );
    };
    all_say(wrong(&|endpoint| drop(endpoint.extra.insert("messages".into(), json!([])))), "messages");
    all_say(wrong(&|endpoint| endpoint.headers.push(("x y".into(), Secret::new("s3cret")))), "x y");
    all_say(wrong(&|endpoint| endpoint.headers.push(("x-y".into(), Secret::new("s3cret\n")))), "x-y");
    all_say(wrong(&|endpoint| endpoint.url = "http://models.example.com".into()), "https");
}

#[tokio::test]
async fn each_dialect_is_what_its_endpoint_wants_to_hear() {
    let rig = says(WORDS, &[]).await;
    let asked = prompt(vec![caller("hello"), agent("", &[call("a", "propose", "{}")]), results(&[("a", "{}", false)])]);
    let said = async |dialect, model: &str| {
        let mut endpoint = Endpoint::new(rig.server.completions_url(), model);
        endpoint.key = Some(Secret::new("key"));
        let heard = ask(&OpenAi::new(super::super::client().unwrap(), &endpoint, dialect).unwrap(), &asked).await;
        (heard, String::from_utf8(rig.server.asked().pop().unwrap().body.to_vec()).unwrap())
    };
    let (heard, body) = said(Dialect::OpenAi, "gpt-5.6").await;
    assert_eq!(heard.words, WORDS);
    assert!(body.contains(r#""max_completion_tokens":300"#) && !body.contains("extra_content"));
    let (heard, _) = said(Dialect::Compatible, "gpt-5.6").await;
    assert!(matches!(heard.error, Some(ModelError::NotAccepted(400))));
    let (heard, body) = said(Dialect::Gemini, "gemini-3.6-flash").await;
    assert_eq!(heard.words, WORDS);
    assert!(body.contains(r#""max_tokens":300"#) && body.contains("skip_thought_signature_validator"));
    assert_eq!(Dialect::at("https://api.openai.com/v1"), Dialect::OpenAi);
    assert_eq!(Dialect::at("https://generativelanguage.googleapis.com/v1beta/openai"), Dialect::Gemini);
    assert_eq!(Dialect::at("http://127.0.0.1:11434/v1"), Dialect::Compatible);
}

#[tokio::test]
async fn words_are_heard_while_the_answer_is_still_coming() {
    let rig = says("One two three four five six.", &[]).await;
    rig.server.pace(Duration::ZERO, Duration::from_millis(30));
    for model in &rig.models {
        let mut answer = model.answer(&hello()).await.unwrap();
        let started = tokio::time::Instant::now();
        let Some(Ok(Piece::Words(first))) = answer.next().await else { panic!("no words") };
        assert!(started.elapsed() < Duration::from_millis(150) && first.len() < 10, "{first}");
        let mut pieces = 1;
        while let Some(Ok(Piece::Words(_))) = answer.next().await {
            pieces += 1;
        }
        assert!(pieces > 4, "{pieces}");
    }
}

#[tokio::test]
async fn turn_after_turn_goes_over_the_same_connection() {
    let rig = says(WORDS, &[]).await;
    for model in &rig.models {
        for _ in 0..20 {
            assert_eq!(ask(&**model, &hello()).await.words, WORDS);
        }
    }
    assert_eq!((rig.server.requests(), rig.server.connections()), (40, 1));
}

#[tokio::test]
async fn an_answer_that_is_given_up_closes_its_connection() {
    let rig = says(WORDS, &[]).await;
    rig.server.pace(Duration::ZERO, Duration::from_millis(20));
    for model in &rig.models {
        let mut answer = model.answer(&hello()).await.unwrap();
        answer.next().await.unwrap().unwrap();
        assert_eq!(rig.server.open_connections(), 1);
        drop(answer);
        let gone = async {
            while rig.server.open_connections() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), gone).await.unwrap();
    }
}
