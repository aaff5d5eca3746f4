//! Whole calls with models over real HTTP: the settings, the adapters, the session, the report, the metrics.

use std::{collections::BTreeMap, sync::Arc};

use deskbell::{
    config::{Config, Models},
    domain::business::{AnsweredBy, Business},
    ports::{clock::Clock as _, language_model::Prompt},
    testing::{
        llm::{Reply, server::ModelServer},
        salon,
    },
};
use serde_json::Value;

use crate::support::{
    caller::{Call, prompt, send_bytes},
    server::{API_TOKEN, TestServer, eventually},
    socket::{CLOSE, FIN},
};

const RECORD: &str = r#"{"outcome": "none", "reason": "A haircut", "summary": "The caller asked about a haircut.",
    "action_items": [], "sentiment": "positive"}"#;

/// A model that asks what they would like, and writes a record when it is asked for one.
async fn model() -> ModelServer {
    ModelServer::start(Arc::new(|prompt: &Prompt| {
        let words = if prompt.system.contains("record of a telephone call") {
            RECORD
        } else {
            "Sure. Which day would you like?"
        };
        Reply { words: words.to_owned(), calls: Vec::new() }
    }))
    .await
}

/// The settings of models at these addresses, read as they are from the environment.
fn settings(fast: &ModelServer, backup: &ModelServer, more: &[(&str, &str)]) -> Models {
    let mut environment: BTreeMap<String, String> = [
        ("DESKBELL_MODELS", "fast,backup"),
        ("DESKBELL_MODEL_FAST_URL", &fast.completions_url()),
        ("DESKBELL_MODEL_FAST_MODEL", "our-own"),
        ("DESKBELL_MODEL_FAST_KEY", "sk-0a1b2c3d4e5f"),
        ("DESKBELL_MODEL_FAST_PRICE_INPUT", "1"),
        ("DESKBELL_MODEL_FAST_PRICE_OUTPUT", "4"),
        ("DESKBELL_MODEL_BACKUP_KIND", "anthropic"),
        ("DESKBELL_MODEL_BACKUP_URL", &backup.messages_url()),
        ("DESKBELL_MODEL_BACKUP_MODEL", "theirs"),
        ("DESKBELL_MODEL_BACKUP_KEY", "sk-0a1b2c3d4e5f"),
        ("DESKBELL_SENTIMENT", "true"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::load(&environment, None).expect("these settings are in order").models
}

/// One call in which something is said and answered, and which the caller then ends.
async fn call(server: &TestServer, number: u128) -> (String, String) {
    let call = Call::ring(server, number).await;
    let mut socket = call.answer(server).await;
    socket.text(&prompt("I'd like a haircut")).await;
    let heard = socket.hears().await;
    socket.frame(FIN | CLOSE, &[0x03, 0xE8]).await;
    assert_eq!(socket.close_code().await, Some(1000));
    (call.sid, heard)
}

async fn get(server: &TestServer, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {API_TOKEN}\r\n\r\n");
    let answer = send_bytes(server.address, request.as_bytes()).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

/// The report on a call, once there is one that is wanted.
async fn report(server: &TestServer, sid: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let root = format!("/api/v1/businesses/{}/calls", salon().id);
    let list: Value = serde_json::from_str(&get(server, &format!("{root}?vendor_call={sid}")).await).unwrap();
    let id = list["items"][0]["id"].as_str().expect("the call is in the ledger").to_owned();
    let read = async || -> Value {
        let call: Value = serde_json::from_str(&get(server, &format!("{root}/{id}")).await).unwrap();
        call["report"].clone()
    };
    eventually("the report is filed", async || wanted(&read().await)).await;
    read().await
}

#[tokio::test]
async fn a_model_talks_and_the_report_tells_how_it_went_and_what_it_cost() {
    let (fast, backup) = (model().await, model().await);
    let server = TestServer::start_with(salon(), settings(&fast, &backup, &[])).await;
    let (sid, heard) = call(&server, 1).await;
    assert_eq!(heard, "Sure. Which day would you like?");
    let report = report(&server, &sid, |report| report["summary"]["by_model"] == true).await;
    assert_eq!(report["summary"]["summary"], "The caller asked about a haircut.");
    assert_eq!(report["summary"]["sentiment"], "positive");
    assert_eq!((&report["turns"][0]["model"], &report["turns"][0]["requests"]), (&"fast".into(), &1.into()));
    assert!(report["first_word_ms"].is_u64() && report["tokens_in"].as_u64() > Some(0), "{report}");
    assert_ne!(report["cost"], "0");
    assert_eq!((fast.requests(), backup.requests()), (2, 0), "one for the turn, one for the summary");
    let metrics = get(&server, "/metrics").await;
    for line in [
        r#"deskbell_model_requests_total{model="fast",came="answered"} 2"#,
        r#"deskbell_model_first_word_seconds_count{model="fast"} 1"#,
        r#"deskbell_model_breaker{model="backup"} 0"#,
        r#"deskbell_calls_total{outcome="none"} 1"#,
    ] {
        assert!(metrics.lines().any(|told| told == line), "{line} is missing:\n{metrics}");
    }
    assert!(!metrics.contains("+1415") && !metrics.contains(&sid), "nobody's number or id is in it");
    server.stop().await;
}

#[tokio::test]
async fn when_the_first_model_is_dead_the_second_one_answers_and_when_both_are_the_machine() {
    let (fast, backup) = (model().await, model().await);
    let server = TestServer::start_with(salon(), settings(&fast, &backup, &[])).await;
    fast.kill();
    let (sid, heard) = call(&server, 1).await;
    assert_eq!(heard, "Sure. Which day would you like?");
    let told = report(&server, &sid, Value::is_object).await;
    assert_eq!((&told["turns"][0]["model"], &told["fallbacks"]), (&"backup".into(), &0.into()));
    backup.kill();
    let (sid, heard) = call(&server, 2).await;
    assert!(!heard.is_empty() && heard != "Sure. Which day would you like?", "{heard}");
    let told = report(&server, &sid, Value::is_object).await;
    assert_eq!((&told["fallbacks"], &told["summary"]["by_model"]), (&1.into(), &false.into()));
    server.stop().await;
}

#[tokio::test]
async fn a_business_chooses_among_the_servers_models_and_can_switch_them_off() {
    let (fast, backup) = (model().await, model().await);
    let mut business = salon();
    business.ai_config.receptionist.models = vec!["backup".into()];
    let server = TestServer::start_with(business.clone(), settings(&fast, &backup, &[])).await;
    call(&server, 1).await;
    assert_eq!(fast.requests(), 0);
    let asked = backup.requests();
    assert!(asked > 0);
    // Without a deploy, and at once.
    let save = async |business: &Business, version| {
        server.state.store.save_business(business, version, server.clock.now()).await.unwrap();
        server.state.businesses.forget(business.id);
    };
    business.ai_config.receptionist.kind = AnsweredBy::Scripted;
    save(&business, 1).await;
    eventually("the first call is summed up", async || backup.requests() >= 2).await;
    let asked = backup.requests().max(asked);
    let (sid, heard) = call(&server, 2).await;
    assert!(!heard.is_empty());
    let told = report(&server, &sid, Value::is_object).await;
    assert_eq!((&told["summary"]["by_model"], &told["cost"]), (&false.into(), &"0".into()));
    assert_eq!((fast.requests(), backup.requests()), (0, asked));
    // A name the server does not have: its own order.
    business.ai_config.receptionist.kind = AnsweredBy::Model;
    business.ai_config.receptionist.models = vec!["premium".into()];
    save(&business, 2).await;
    call(&server, 3).await;
    assert!(fast.requests() > 0);
    server.stop().await;
}

#[tokio::test]
async fn without_money_the_machine_answers_alone() {
    let (fast, backup) = (model().await, model().await);
    let models = settings(&fast, &backup, &[("DESKBELL_CAP_BUSINESS", "0")]);
    let server = TestServer::start_with(salon(), models).await;
    let (sid, heard) = call(&server, 1).await;
    assert!(!heard.is_empty());
    report(&server, &sid, Value::is_object).await;
    assert_eq!((fast.requests(), backup.requests()), (0, 0));
    let metrics = get(&server, "/metrics").await;
    assert!(metrics.contains(r#"deskbell_spending_cap_hits_total{cap="business"} 1"#), "{metrics}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_asks_each_model_and_says_how_soon_it_answers() {
    let (fast, dead) = (model().await, model().await);
    let check = async || {
        let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_deskbell"))
            .args(["check", "--models"])
            .env_clear()
            .envs([
                ("DESKBELL_DATA", "/nonexistent"),
                ("DESKBELL_MODELS", "fast,dead"),
                ("DESKBELL_MODEL_FAST_URL", &fast.completions_url()),
                ("DESKBELL_MODEL_FAST_MODEL", "our-own"),
                ("DESKBELL_MODEL_FAST_KEY", "sk-0a1b2c3d4e5f"),
                ("DESKBELL_MODEL_DEAD_KIND", "anthropic"),
                ("DESKBELL_MODEL_DEAD_URL", &dead.messages_url()),
                ("DESKBELL_MODEL_DEAD_MODEL", "theirs"),
                ("DESKBELL_MODEL_DEAD_KEY", "sk-0a1b2c3d4e5f"),
            ])
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        (output.status.success(), said)
    };
    let (fine, said) = check().await;
    assert!(fine && said.matches("answers: first word after").count() == 2, "{said}");
    assert!(said.contains("fast: our-own at 127.0.0.1:") && !said.contains("0a1b2c"), "{said}");
    dead.kill();
    let (fine, said) = check().await;
    assert!(!fine && said.contains("does not answer: the model cannot be reached"), "{said}");
    assert_eq!(fast.requests(), 2, "one small question each time");
}
