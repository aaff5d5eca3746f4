//! Schemas that every vendor takes, and arguments as models really send them (E11 to E14).

use serde_json::{Value, json};

use super::*;
use crate::testing::salon;

fn call(name: &str, arguments: &str) -> ToolCall {
    ToolCall { id: "1".into(), name: name.into(), arguments: arguments.into() }
}

fn why(name: &str, arguments: &str) -> String {
    let answer = parse(&call(name, arguments), &salon()).expect_err("not taken");
    answer.refused.expect("a reason")
}

#[test]
fn every_schema_is_one_closed_object_without_references() {
    fn closed(at: &str, schema: &Value) {
        let object = schema.as_object().unwrap_or_else(|| panic!("{at}"));
        if let Some(properties) = object.get("properties") {
            assert_eq!(object.get("type"), Some(&json!("object")), "{at}");
            assert_eq!(object.get("additionalProperties"), Some(&json!(false)), "{at}");
            for (name, schema) in properties.as_object().into_iter().flatten() {
                closed(&format!("{at}.{name}"), schema);
            }
        } else {
            assert!(object["type"].is_string(), "{at}: {schema}");
        }
        for unwanted in ["$ref", "$defs", "anyOf", "oneOf", "allOf", "$schema", "default", "format", "const"] {
            assert!(!object.contains_key(unwanted), "{at}: {unwanted}");
        }
    }
    let mut business = salon();
    business.voice.languages = vec!["es-US".into()];
    let specs = specs(&business);
    assert_eq!(specs.len(), 10);
    for spec in specs.iter() {
        assert!(spec.schema["properties"].is_object(), "{}", spec.name);
        closed(spec.name, &spec.schema);
    }
    assert_eq!(specs, super::specs(&business), "the same, in the same order");
}

#[test]
fn a_language_is_changed_only_where_there_is_another() {
    assert!(specs(&salon()).iter().all(|spec| spec.name != SPEAK_LANGUAGE));
    assert!(why(SPEAK_LANGUAGE, r#"{"language":"es-US"}"#).contains("no such tool"));
}

#[test]
fn arguments_are_read_as_models_write_them() {
    let salon = salon();
    let slot = Propose { slot: Some("s1".into()), ..Propose::default() };
    for arguments in [
        r#"{"slot":"s1"}"#,
        " {\n \"slot\" : \"s1\" }\n",
        r#"{"slot":"s1","name":null,"people":null,"spelled":false}"#,
        r#"{"slot":"s1","spelled":null}"#,
    ] {
        assert_eq!(parse(&call("propose", arguments), &salon), Ok(Tool::Propose(slot.clone())), "{arguments}");
    }
    for nothing in ["", "  ", "{}"] {
        assert_eq!(parse(&call("confirm", nothing), &salon), Ok(Tool::Confirm(Confirm {})));
    }
    let when = r#"{"service":"Haircut","when":{"weekday":"tuesday","weeks_ahead":1,"clock":"15:30"}}"#;
    assert!(matches!(parse(&call("look_up_times", when), &salon), Ok(Tool::LookUpTimes(_))));
}

#[test]
fn e11_what_is_no_json_object_is_told_what_one_is() {
    for arguments in [
        r#"{"slot":"s1""#,
        r#"{"slot":"#,
        r#"{"slot":"s1"} and that's it"#,
        r#"{"slot":"s1"}{"slot":"s2"}"#,
        "{'slot': 's1'}",
        "```json\n{\"slot\":\"s1\"}\n```",
        "slot=s1",
        "[\"s1\"]",
        "\"s1\"",
        "null",
        "\u{0}",
        "1e999",
    ] {
        let why = why("propose", arguments);
        assert!(why.contains("JSON") && why.contains("slot (string)"), "{arguments}: {why}");
    }
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(why("propose", &deep).contains("too long"));
    assert!(why("propose", &format!(r#"{{"slot":{}"#, "[".repeat(2_000))).contains("JSON"));
}

#[test]
fn e12_there_are_no_other_tools_and_no_other_fields() {
    let why_not = why("drop_tables", "{}");
    assert!(why_not.contains("look_up_times") && why_not.contains("end_call"), "{why_not}");
    let other_business = why("confirm", r#"{"business_id":"00000000-0000-7000-8000-00000000d35c"}"#);
    assert!(other_business.contains("unknown field"), "{other_business}");
    let number = why("propose", r#"{"slot":"s1","phone":"+19005550100"}"#);
    assert!(number.contains("unknown field") && number.contains("without_number"), "{number}");
    assert!(why("transfer", r#"{"to":"+19005550100"}"#).contains("unknown field"));
}

#[test]
fn e13_wrong_types_are_answered_with_the_right_ones() {
    for (tool, arguments) in [
        ("propose", r#"{"slot":1}"#),
        ("propose", r#"{"slot":["s1","s2"]}"#),
        ("propose", r#"{"people":"three"}"#),
        ("propose", r#"{"people":-30}"#),
        ("propose", r#"{"people":1000000000}"#),
        ("propose", r#"{"people":1e300}"#),
        ("propose", r#"{"spelled":"yes"}"#),
        ("look_up_times", r#"{"when":"tomorrow at 3pm"}"#),
        ("look_up_times", r#"{"when":{"weekday":"someday"}}"#),
        ("look_up_times", r#"{"when":{"days_ahead":99999999999999999999}}"#),
        ("look_up_times", r#"{"other":"cheaper"}"#),
        ("find_bookings", r#"{"to":"delete"}"#),
        ("cancel_booking", "{}"),
        ("answer_from_facts", r#"{"question":{"q":"hours"}}"#),
    ] {
        let why = why(tool, arguments);
        assert!(why.contains("do not fit") && why.contains(tool) && why.len() < 1_000, "{arguments}: {why}");
    }
    assert!(why("find_bookings", r#"{"to":"delete"}"#).contains("tell, move, cancel"));
}

#[test]
fn e14_the_same_call_is_known_however_it_is_written() {
    let one = key(&call("propose", r#"{"slot":"s1","name":"Anna"}"#));
    assert_eq!(one, key(&call("propose", r#"{ "name": "Anna", "slot": "s1", "people": null }"#)));
    assert_ne!(one, key(&call("propose", r#"{"slot":"s2","name":"Anna"}"#)));
    assert_eq!(key(&call("confirm", "")), key(&call("confirm", "{}")));
    assert_ne!(key(&call("confirm", "")), key(&call("end_call", "")));
    key(&call("confirm", "{'"));
}
