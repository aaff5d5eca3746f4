//! What owners get wrong about models, and what they are told.

use std::collections::BTreeMap;

use super::*;
use crate::config::{Config, Mistake};

const KEY: &str = "sk-proj-0a1b2c3d4e5f6071";

fn load(pairs: &[(&str, &str)]) -> Result<Models, Vec<Mistake>> {
    load_with(pairs, None)
}

fn load_with(pairs: &[(&str, &str)], file: Option<&str>) -> Result<Models, Vec<Mistake>> {
    let environment: BTreeMap<String, String> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::load(&environment, file).map(|config| config.models)
}

/// One model with everything it needs, and these settings besides.
fn fast(more: &[(&str, &str)]) -> Result<Models, Vec<Mistake>> {
    let base = [("DESKBELL_MODELS", "fast"), ("DESKBELL_MODEL_FAST_MODEL", "gpt"), ("DESKBELL_MODEL_FAST_KEY", KEY)];
    // The last one given counts, as in an environment.
    load(&[&base[..], more].concat())
}

#[track_caller]
fn refused(models: Result<Models, Vec<Mistake>>, setting: &str, hint: &str) {
    let mistakes = models.unwrap_err();
    let told = mistakes.iter().find(|mistake| mistake.setting == setting).map(|mistake| mistake.why.as_str());
    assert!(told.is_some_and(|why| why.contains(hint)), "{setting} should say {hint:?}: {mistakes:?}");
    assert!(!format!("{mistakes:?}").contains("0a1b2c"), "a key is repeated: {mistakes:?}");
}

#[test]
fn without_models_the_scripted_receptionist_answers_alone() {
    let models = load(&[]).unwrap();
    assert!(models.order.is_empty() && !models.early_start && !models.sentiment);
    assert_eq!(models.caps, Caps::default());
}

#[test]
fn a_model_is_its_name_its_key_and_what_its_kind_decides() {
    let models = load(&[
        ("DESKBELL_MODELS", "fast, backup,home"),
        ("DESKBELL_MODEL_FAST_KIND", "groq"),
        ("DESKBELL_MODEL_FAST_MODEL", "openai/gpt-oss-120b"),
        ("DESKBELL_MODEL_FAST_KEY", KEY),
        ("DESKBELL_MODEL_FAST_HEADERS", "X-Title: My desk; HTTP-Referer: https://example.com"),
        ("DESKBELL_MODEL_FAST_PRICE_INPUT", "0.15"),
        ("DESKBELL_MODEL_FAST_PRICE_OUTPUT", "0.75"),
        ("DESKBELL_MODEL_BACKUP_KIND", "anthropic"),
        ("DESKBELL_MODEL_BACKUP_MODEL", "claude"),
        ("DESKBELL_MODEL_BACKUP_KEY", KEY),
        ("DESKBELL_MODEL_HOME_KIND", "ollama"),
        ("DESKBELL_MODEL_HOME_MODEL", "qwen3:8b"),
        ("DESKBELL_EARLY_START", "true"),
        ("DESKBELL_CAP_CALL", "0.25"),
    ])
    .unwrap();
    let [fast, backup, home] = &models.order[..] else { panic!("three models: {models:?}") };
    assert_eq!((fast.name.as_str(), fast.url.as_str()), ("fast", "https://api.groq.com/openai/v1"));
    assert_eq!((fast.format, fast.dialect), (WireFormat::OpenAi, None));
    assert_eq!(fast.headers[1], ("http-referer".to_owned(), Secret::new("https://example.com")));
    assert_eq!(fast.price, Price { input: Micros(150_000), cached: Micros(150_000), output: Micros(750_000) });
    assert_eq!((backup.format, backup.price, backup.price_is_a_guess), (WireFormat::Anthropic, DEAR, true));
    assert_eq!((home.url.as_str(), home.key.is_none()), ("http://127.0.0.1:11434/v1", true));
    assert_eq!((home.price, home.price_is_a_guess), (Price::default(), false));
    assert!(models.early_start);
    assert_eq!(models.caps.call, Micros(250_000));
    assert!(!format!("{models:?}").contains("0a1b2c") && !format!("{models:?}").contains("My desk"));
}

#[test]
fn a_table_of_the_file_says_what_variables_say_and_the_environment_wins() {
    let file = "DESKBELL_MODELS = [\"fast\"]\n[models.fast]\nkind = \"openai\"\nmodel = \"gpt\"\nkey = \"sk-from-the-file\"\n\
                price_input = 0.15\nprice_output = 1\nheaders = { X-Team = \"desk\", X-Other = \"1\" }\n\
                extra = { reasoning_effort = \"low\", temperature = 0.5 }\n";
    let models = load_with(&[("DESKBELL_MODEL_FAST_KEY", KEY)], Some(file)).unwrap();
    let fast = &models.order[0];
    assert_eq!((fast.model.as_str(), fast.key.as_ref().map(Secret::expose)), ("gpt", Some(KEY)));
    assert_eq!((fast.price.input, fast.price.output), (Micros(150_000), Micros(1_000_000)));
    assert_eq!(fast.headers.len(), 2);
    assert_eq!(serde_json::to_string(&fast.extra).unwrap(), r#"{"reasoning_effort":"low","temperature":0.5}"#);
}

#[test]
fn a_slip_in_a_models_table_is_told_by_its_place() {
    let wrong = |file: &str| load_with(&[], Some(file));
    refused(wrong("[models.fast]\nkye = \"x\"\n"), "models.fast.kye", "did you mean key?");
    refused(wrong("[models]\nfast = \"gpt\"\n"), "models.fast", "[models.fast]");
    refused(wrong("[models.The-Fast]\nkey = \"x\"\n"), "models.The-Fast", "small letters");
    refused(wrong("[models.fast]\nmodel = [1]\n"), "models.fast.model", "must be a text");
    let both = "DESKBELL_MODEL_FAST_MODEL = \"a\"\n[models.fast]\nmodel = \"b\"\n";
    refused(wrong(both), "models.fast.model", "given twice");
}

#[test]
fn models_and_their_settings_have_to_name_each_other() {
    refused(load(&[("DESKBELL_MODELS", "fast")]), "DESKBELL_MODEL_FAST_MODEL", "set DESKBELL_MODEL_FAST_MODEL and");
    refused(load(&[("DESKBELL_MODEL_FAST_KEY", KEY)]), "DESKBELL_MODELS", "such as fast");
    refused(fast(&[("DESKBELL_MODEL_FATS_KEY", KEY)]), "DESKBELL_MODEL_FATS_…", "did you mean fast?");
    refused(fast(&[("DESKBELL_MODELS", "fast,fast")]), "DESKBELL_MODELS", "names fast twice");
    refused(fast(&[("DESKBELL_MODELS", "fast;slow")]), "DESKBELL_MODELS", "\"fast;slow\"");
    refused(fast(&[("DESKBELL_MODELS", "a,b,c,d,e,f,g,h,i")]), "DESKBELL_MODELS", "8 at most");
    refused(
        fast(&[("DESKBELL_MODEL_FAST_KYE", "x")]),
        "DESKBELL_MODEL_FAST_KYE",
        "did you mean DESKBELL_MODEL_FAST_KEY?",
    );
    refused(fast(&[("DESKBELL_MODEL_FAST_URL_FILE", "x")]), "DESKBELL_MODEL_FAST_URL_FILE", "is not a setting");
    refused(fast(&[("DESKBELL_MODEL_FAST", "x")]), "DESKBELL_MODEL_FAST", "is not a setting");
    refused(fast(&[("DESKBELL_MODEL_FAST_KEY_FILE", "/nowhere")]), "DESKBELL_MODEL_FAST_KEY", "given twice");
}

#[test]
fn every_setting_of_a_model_that_cannot_be_says_what_to_do() {
    for (field, value, hint) in [
        ("KIND", "opnai", "did you mean openai?"),
        ("KIND", "mistral", "with its URL"),
        ("URL", "http://models.example.com/v1", "must be https"),
        ("URL", "models.example.com/v1", "must be an address"),
        ("URL", "ftp://models.example.com", "must start with https://"),
        ("URL", "https://me:0a1b2c@models.example.com", "no user name"),
        ("URL", "https://models.example.com/v1#0a1b2c", "no fragment"),
        ("URL", "https:///v1", "a host name"),
        ("MODEL", "gpt four", "without spaces"),
        ("KEY", "sk-0a1b2c 0a1b2c", "without spaces"),
        ("KEY", "your-key-here", "placeholder"),
        ("KEY", "short", "too short"),
        ("HEADERS", "X-Team desk", "Name: value"),
        ("HEADERS", "X Team: desk", "no header's"),
        ("HEADERS", "X-Team: 0a1b2cé", "value for x-team"),
        ("HEADERS", "Authorization: Bearer 0a1b2c", "must not set authorization"),
        ("HEADERS", "X-Team: a; x-team: b", "sets x-team twice"),
        ("DIALECT", "klingon", "openai, compatible or gemini"),
        ("EXTRA", "reasoning_effort=low", "a JSON object"),
        ("EXTRA", r#"{"stream": false}"#, "must not set stream"),
        ("PRICE_INPUT", "-0.15", "an amount such as"),
        ("PRICE_CACHED", "0,15", "an amount such as"),
        ("PRICE_OUTPUT", "0.0000001", "six decimal places"),
    ] {
        let setting = format!("DESKBELL_MODEL_FAST_{field}");
        refused(fast(&[(&setting, value)]), &setting, hint);
    }
    refused(fast(&[("DESKBELL_MODEL_FAST_KEY", "")]), "DESKBELL_MODEL_FAST_KEY", "api.openai.com lets nobody in");
    let field = ("DESKBELL_MODEL_FAST_DIALECT", "openai");
    refused(fast(&[("DESKBELL_MODEL_FAST_KIND", "anthropic"), field]), field.0, "is for models of kind openai");
}

#[test]
fn elsewhere_no_key_is_asked_for() {
    let model = |url| {
        let url = ("DESKBELL_MODEL_FAST_URL", url);
        fast(&[("DESKBELL_MODEL_FAST_KEY", ""), url]).unwrap().order.remove(0)
    };
    let gateway = model("https://models.example.com/v1/");
    assert_eq!((gateway.url.as_str(), gateway.key), ("https://models.example.com/v1", None));
    assert!(gateway.price_is_a_guess, "what is paid for elsewhere is counted as dear");
    let home = model("http://localhost:8000/v1");
    assert_eq!((home.price, home.price_is_a_guess), (Price::default(), false));
}

#[test]
fn the_mistakes_of_models_stand_where_the_manual_explains_them() {
    let settings =
        [("DESKBELL_LOG_FORMAT", "xml"), ("DESKBELL_MODEL_FAST_PRICE_INPUT", "x"), ("DESKBELL_MAX_CALLS", "0")];
    let mistakes = fast(&settings).unwrap_err();
    let names: Vec<&str> = mistakes.iter().map(|mistake| mistake.setting.as_str()).collect();
    assert_eq!(names, ["DESKBELL_MAX_CALLS", "DESKBELL_MODEL_FAST_PRICE_INPUT", "DESKBELL_LOG_FORMAT"]);
}
