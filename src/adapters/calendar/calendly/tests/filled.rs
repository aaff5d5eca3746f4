//! What is filled in: where it takes place, and what is answered.

use serde_json::{Value, json};

use super::{
    super::{
        form,
        wire::{EventType, Location},
    },
    *,
};

fn kind(locations: &Value, questions: &Value) -> EventType {
    serde_json::from_value(json!({
        "uri": "https://api.calendly.com/event_types/A", "name": "Haircut", "active": true, "booking_method": "instant",
        "duration": 30, "scheduling_url": "https://calendly.com/a", "custom_questions": questions, "locations": locations,
    }))
    .unwrap()
}

fn question(name: &str, kind: &str, required: bool) -> Value {
    json!({"name": name, "type": kind, "position": 0, "enabled": true, "required": required, "answer_choices": []})
}

fn bea() -> Visit {
    visit(1, "2026-11-27T14:00:00Z")
}

#[test]
fn the_place_is_the_owners_or_the_number_that_they_call_from() {
    let place = |locations: Value, visit: &Visit| {
        let kind = kind(&locations, &Value::Null);
        form::place(&kind, visit)
            .map(|place| place.map(|Location { kind, location }| (kind.to_owned(), location.map(str::to_owned))))
    };
    let some = |kind: &str, words: Option<&str>| Ok(Some((kind.to_owned(), words.map(str::to_owned))));
    assert_eq!(place(Value::Null, &bea()), Ok(None));
    assert_eq!(place(json!([]), &bea()), Ok(None));
    assert_eq!(place(json!([{"kind": "zoom_conference"}]), &bea()), some("zoom_conference", None));
    assert_eq!(place(json!([{"kind": "inbound_call", "phone_number": "+1"}]), &bea()), some("inbound_call", None));
    let shop = json!({"kind": "physical", "location": "1 Main Street"});
    assert_eq!(place(json!([shop]), &bea()), some("physical", Some("1 Main Street")));
    assert_eq!(
        place(json!([{"kind": "custom", "location": "At the back"}]), &bea()),
        some("custom", Some("At the back"))
    );
    assert_eq!(place(json!([{"kind": "outbound_call"}]), &bea()), some("outbound_call", Some("+12125550123")));
    assert_eq!(place(json!([{"kind": "ask_invitee"}]), &bea()), some("ask_invitee", Some("+12125550123")));
    let silent = Visit { phone: None, ..bea() };
    assert_eq!(place(json!([{"kind": "outbound_call"}]), &silent), Err(form::NEEDS_PHONE));
    assert_eq!(place(json!([{"kind": "outbound_call"}, shop]), &silent), some("physical", Some("1 Main Street")));
    for blank in [json!({"kind": "physical"}), json!({"kind": "custom", "location": " "})] {
        assert_eq!(place(json!([blank]), &bea()), Err(form::NEEDS_PLACE));
    }
}

#[test]
fn what_has_to_be_answered_is_and_nothing_is_made_up() {
    let answers = |questions: Value, visit: &Visit| {
        let kind = kind(&Value::Null, &questions);
        form::answers(&kind, visit)
            .map(|answers| answers.iter().map(|own| own.answer.to_owned()).collect::<Vec<_>>().join("|"))
    };
    let bea = bea();
    let ok = |text: &str| Ok(text.to_owned());
    assert_eq!(answers(Value::Null, &bea), ok(""));
    assert_eq!(answers(json!([question("Your phone number?", "phone_number", false)]), &bea), ok("+12125550123"));
    assert_eq!(answers(json!([question("Mobile", "string", true)]), &bea), ok("+12125550123"));
    assert_eq!(answers(json!([question("Telefonnummer", "string", true)]), &bea), ok("+12125550123"));
    assert_eq!(answers(json!([question("Your name:", "string", true)]), &bea), ok("Bea Bright"));
    assert_eq!(answers(json!([question("Company name", "string", true)]), &bea), ok("The usual, please."));
    let two = json!([question("What for?", "text", false), question("Anything else?", "text", true)]);
    assert_eq!(answers(two, &bea), ok("The usual, please.|-"));
    assert_eq!(answers(json!([question("Colour?", "single_select", false)]), &bea), ok(""));
    assert_eq!(answers(json!([question("Colour?", "single_select", true)]), &bea), Err(form::ASKS_TOO_MUCH));
    assert_eq!(answers(json!([question("Which?", "multi_select", true)]), &bea), Err(form::ASKS_TOO_MUCH));
    let silent = Visit { phone: None, notes: "  ".to_owned(), ..bea.clone() };
    assert_eq!(answers(json!([question("Phone", "phone_number", true)]), &silent), Err(form::NEEDS_PHONE));
    assert_eq!(answers(json!([question("Phone", "phone_number", false)]), &silent), ok(""));
    assert_eq!(answers(json!([question("Phone", "string", true)]), &silent), ok("-"));
    assert_eq!(answers(json!([question("What for?", "text", false)]), &silent), ok(""));
    let off = json!([{"name": "Colour?", "type": "single_select", "position": 0, "enabled": false, "required": true}]);
    assert_eq!(answers(off, &bea), ok(""));
    let long = Visit { notes: "ü".repeat(5_000), ..bea };
    let told = answers(json!([question("What for?", "text", true)]), &long).unwrap();
    assert_eq!(told.chars().count(), 2_000);
}

#[test]
fn what_nobody_could_be_booked_for_is_known_beforehand() {
    let hindrance = |locations: Value, questions: Value| form::hindrance(&kind(&locations, &questions));
    assert_eq!(hindrance(Value::Null, Value::Null), None);
    assert_eq!(hindrance(json!([{"kind": "outbound_call"}]), json!([question("Phone", "phone_number", true)])), None);
    assert_eq!(hindrance(json!([{"kind": "physical"}]), Value::Null), Some(form::NEEDS_PLACE));
    let terms = json!([question("Do you accept our terms?", "single_select", true)]);
    assert_eq!(hindrance(Value::Null, terms), Some(form::ASKS_TOO_MUCH));
}
