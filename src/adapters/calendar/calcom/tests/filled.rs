//! What is filled in: where it takes place, how long, in which language, and what is answered.

use serde_json::{Value, json};

use super::{
    super::{
        form,
        wire::{EventType, Location},
    },
    *,
};

fn kind(locations: &Value, fields: &Value) -> EventType {
    serde_json::from_value(json!({
        "id": 101, "title": "Haircut", "lengthInMinutes": 30, "locations": locations, "bookingFields": fields,
        "bookingUrl": "https://cal.com/ann/haircut",
    }))
    .unwrap()
}

fn field(kind: &str, slug: &str, required: bool) -> Value {
    json!({"type": kind, "slug": slug, "label": slug, "required": required, "isDefault": false})
}

fn bea() -> Visit {
    visit(1, "2026-11-27T14:00:00Z")
}

#[test]
fn the_place_is_the_owners_or_the_number_that_they_call_from() {
    let place = |locations: Value, visit: &Visit| {
        let kind = kind(&locations, &json!([]));
        form::place(&kind, visit).map(|place| place.map(|place: Location<'_>| serde_json::to_value(place).unwrap()))
    };
    let shop = json!({"type": "address", "address": "1 Main Street", "public": true});
    let meet = json!({"type": "integration", "integration": "google-meet"});
    let phone = json!({"type": "attendeePhone"});
    assert_eq!(place(Value::Null, &bea()), Ok(None));
    assert_eq!(place(json!([shop]), &bea()), Ok(None), "there is no choice to make");
    assert_eq!(place(json!([shop, meet]), &bea()), Ok(Some(json!({"type": "address"}))));
    let meeting = json!({"type": "integration", "integration": "google-meet"});
    assert_eq!(place(json!([meet, shop]), &bea()), Ok(Some(meeting)));
    let called = json!({"type": "attendeePhone", "phone": "+12125550123"});
    assert_eq!(place(json!([phone]), &bea()), Ok(Some(called)));
    let silent = Visit { phone: None, ..bea() };
    assert_eq!(place(json!([phone]), &silent), Err(form::NEEDS_PHONE));
    assert_eq!(place(json!([phone, shop]), &silent), Ok(Some(json!({"type": "address"}))));
    assert_eq!(place(json!([{"type": "attendeeAddress"}]), &bea()), Err(form::NEEDS_PLACE));
    assert_eq!(place(json!([{"type": "attendeeDefined"}, shop]), &bea()), Ok(Some(json!({"type": "address"}))));
    assert_eq!(place(json!([{"type": "unknown", "location": "x"}]), &bea()), Ok(None));
}

#[test]
fn what_has_to_be_answered_is_and_nothing_is_made_up() {
    let answers =
        |fields: Value, visit: &Visit| form::answers(&kind(&Value::Null, &fields), visit).map(|answers| json!(answers));
    let bea = bea();
    let own = json!({"type": "textarea", "slug": "notes", "label": "x", "required": false, "isDefault": true});
    assert_eq!(answers(json!([]), &bea), Ok(json!({})));
    assert_eq!(answers(json!([own]), &bea), Ok(json!({"notes": "The usual, please."})));
    let both = json!([field("text", "what-for", true), own]);
    assert_eq!(answers(both, &bea), Ok(json!({"notes": "The usual, please.", "what-for": "-"})));
    assert_eq!(answers(json!([field("text", "what-for", false)]), &bea), Ok(json!({"what-for": "The usual, please."})));
    assert_eq!(answers(json!([field("phone", "mobile", true)]), &bea), Ok(json!({"mobile": "+12125550123"})));
    assert_eq!(answers(json!([field("select", "colour", false)]), &bea), Ok(json!({})));
    for kind in ["select", "multiselect", "radio", "checkbox", "boolean", "number", "address", "url", "multiemail"] {
        assert_eq!(answers(json!([field(kind, "x", true)]), &bea), Err(form::ASKS_TOO_MUCH), "{kind}");
    }
    let silent = Visit { phone: None, notes: String::new(), ..bea };
    assert_eq!(answers(json!([field("phone", "mobile", true)]), &silent), Err(form::NEEDS_PHONE));
    assert_eq!(answers(json!([field("text", "what-for", true)]), &silent), Ok(json!({"what-for": "-"})));
    let hidden = json!([{"type": "select", "slug": "x", "required": true, "hidden": true, "isDefault": false}]);
    assert_eq!(answers(hidden, &silent), Ok(json!({})));
    let defaults = json!([
        {"type": "name", "slug": "name", "required": true, "isDefault": true},
        {"type": "email", "slug": "email", "required": true, "isDefault": true},
        {"type": "multiemail", "slug": "guests", "required": false, "isDefault": true},
        {"type": "radioInput", "slug": "location", "required": true, "isDefault": true},
        {"type": "text", "slug": "title", "required": true, "isDefault": true},
    ]);
    assert_eq!(answers(defaults, &silent), Ok(json!({"title": "Bea Bright"})));
}

#[test]
fn the_length_is_chosen_only_where_there_is_a_choice() {
    let mut kind = kind(&Value::Null, &json!([]));
    let hour = Visit { minutes: 60, ..bea() };
    assert_eq!(form::length(&kind, &hour), None);
    kind.length_in_minutes_options = Some(vec![30, 60]);
    assert_eq!(form::length(&kind, &hour), Some(60));
    assert_eq!(form::length(&kind, &Visit { minutes: 45, ..bea() }), None);
}

#[test]
fn the_language_is_the_nearest_of_cal_coms() {
    let pairs = [
        ("en", Some("en")),
        ("en-US", Some("en")),
        ("de-AT", Some("de")),
        ("pt-br", Some("pt-BR")),
        ("pt-PT", Some("pt")),
        ("zh-TW", Some("zh-TW")),
        ("nb-NO", Some("no")),
        ("es-419", Some("es-419")),
        ("tlh", None),
        ("", None),
    ];
    for (wanted, language) in pairs {
        assert_eq!(form::language(wanted), language, "{wanted}");
    }
}
