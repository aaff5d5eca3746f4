//! The tools as models see them: schemas made from the types, and calls read back into the types. What does not fit is
//! answered with what would.

use std::sync::Arc;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    domain::{
        business::Business,
        dialogue::tool::{
            AnswerFromFacts, CancelBooking, Confirm, EndCall, FindBookings, LookUpTimes, Propose, SpeakLanguage,
            TakeMessage, Tool, ToolAnswer, Transfer,
        },
    },
    ports::language_model::{ToolCall, ToolSpec},
};

/// Longer arguments than any tool has, in bytes.
const MOST_ARGUMENTS: usize = 4_096;
/// As much as a model is told of what is wrong with its arguments, in characters.
const MOST_WHY: usize = 240;

/// One tool: its name on the wire, what a model is told of it, its schema, and how its arguments are read.
struct Kind {
    name: &'static str,
    description: &'static str,
    schema: fn() -> Value,
    read: fn(Value) -> Result<Tool, serde_json::Error>,
}

/// In the order in which models are told of them, always the same: vendors keep what does not change.
const KINDS: &[Kind] = &[
    Kind {
        name: "look_up_times",
        description: "Looks up free times. Nothing is kept. Hand over what the caller said about the day and the time; \
                      never work out a date yourself.",
        schema: schema::<LookUpTimes>,
        read: |value| Ok(Tool::LookUpTimes(read(value)?)),
    },
    Kind {
        name: "propose",
        description: "Keeps a time that was looked up and reads the appointment back to the caller; the server asks for a \
                      name or number that is missing. The server speaks, not you. Also for what changes in it: another \
                      slot, the name, a note.",
        schema: schema::<Propose>,
        read: |value| Ok(Tool::Propose(read(value)?)),
    },
    Kind {
        name: "confirm",
        description: "Books or moves what was read back, or cancels what the caller was asked about. Only when desk.agreed \
                      is true. The server speaks, not you.",
        schema: schema::<Confirm>,
        read: |value| Ok(Tool::Confirm(read(value)?)),
    },
    Kind {
        name: "find_bookings",
        description: "Finds the caller's own appointments, to tell, move or cancel them. They have to say the name it is \
                      under, and to move or cancel it also its day.",
        schema: schema::<FindBookings>,
        read: |value| Ok(Tool::FindBookings(read(value)?)),
    },
    Kind {
        name: "cancel_booking",
        description: "Asks the caller whether to cancel one of their appointments that was found. The server speaks, not \
                      you; nothing is cancelled until they say yes.",
        schema: schema::<CancelBooking>,
        read: |value| Ok(Tool::CancelBooking(read(value)?)),
    },
    Kind {
        name: "answer_from_facts",
        description: "What the business's own facts say to a question: hours on a day, prices, address, services, and what \
                      its owner has written.",
        schema: schema::<AnswerFromFacts>,
        read: |value| Ok(Tool::AnswerFromFacts(read(value)?)),
    },
    Kind {
        name: "take_message",
        description: "Leaves a message for the business, in the caller's words. The server speaks, not you.",
        schema: schema::<TakeMessage>,
        read: |value| Ok(Tool::TakeMessage(read(value)?)),
    },
    Kind {
        name: "transfer",
        description: "Puts a caller who asks for a person through, or offers to take a message. The server speaks, not you.",
        schema: schema::<Transfer>,
        read: |value| Ok(Tool::Transfer(read(value)?)),
    },
    Kind {
        name: SPEAK_LANGUAGE,
        description: "Goes on in another of the business's languages, as soon as the caller speaks it. The server speaks, \
                      not you.",
        schema: schema::<SpeakLanguage>,
        read: |value| Ok(Tool::SpeakLanguage(read(value)?)),
    },
    Kind {
        name: "end_call",
        description: "Says goodbye and ends the call, when the caller wants nothing more. The server speaks, not you.",
        schema: schema::<EndCall>,
        read: |value| Ok(Tool::EndCall(read(value)?)),
    },
];

const SPEAK_LANGUAGE: &str = "speak_language";

/// The tools of a business. The same every time.
pub fn specs(business: &Business) -> Arc<[ToolSpec]> {
    kinds(business)
        .map(|kind| ToolSpec { name: kind.name, description: kind.description, schema: (kind.schema)() })
        .collect()
}

/// Another language can be spoken only where there is one.
fn kinds(business: &Business) -> impl Iterator<Item = &'static Kind> {
    let several = !business.voice.languages.is_empty();
    KINDS.iter().filter(move |kind| several || kind.name != SPEAK_LANGUAGE)
}

/// The request in a call.
///
/// # Errors
/// No such tool, or arguments it does not take: the answer says what would be taken.
pub fn parse(call: &ToolCall, business: &Business) -> Result<Tool, ToolAnswer> {
    let Some(kind) = kinds(business).find(|kind| kind.name == call.name) else {
        let names: Vec<&str> = kinds(business).map(|kind| kind.name).collect();
        return Err(refused(format!("There is no such tool. The tools are: {}.", names.join(", "))));
    };
    let allowed = || format!("{} takes one JSON object with: {}.", kind.name, fields(&(kind.schema)()));
    let arguments = arguments(call).map_err(|why| refused(format!("{why} {}", allowed())))?;
    (kind.read)(arguments).map_err(|error| {
        let why: String = error.to_string().chars().take(MOST_WHY).collect();
        refused(format!("The arguments do not fit: {why}. {}", allowed()))
    })
}

/// The name of the tool that is called, if there is one.
pub fn name(call: &ToolCall) -> Option<&'static str> {
    KINDS.iter().map(|kind| kind.name).find(|name| *name == call.name)
}

/// The same for two calls that ask for the same, however their arguments are written.
pub fn key(call: &ToolCall) -> String {
    let arguments = arguments(call).map_or_else(|_| call.arguments.trim().to_owned(), |value| value.to_string());
    format!("{} {arguments}", call.name)
}

/// The arguments as a JSON object. One that takes none is called with nothing by some models, and what was not given
/// is `null` for others.
fn arguments(call: &ToolCall) -> Result<Value, &'static str> {
    if call.arguments.len() > MOST_ARGUMENTS {
        return Err("The arguments are too long.");
    }
    if call.arguments.trim().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    match serde_json::from_str(&call.arguments) {
        Ok(Value::Object(mut object)) => {
            without_nulls(&mut object);
            Ok(Value::Object(object))
        }
        Ok(_) => Err("The arguments are no JSON object."),
        Err(_) => Err("The arguments are no valid JSON, or there is something beside it."),
    }
}

fn without_nulls(object: &mut Map<String, Value>) {
    object.retain(|_, value| !value.is_null());
    for value in object.values_mut() {
        if let Value::Object(inner) = value {
            without_nulls(inner);
        }
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(value)
}

fn refused(why: String) -> ToolAnswer {
    ToolAnswer { refused: Some(why), ..ToolAnswer::default() }
}

/// A type's schema as every vendor takes it: one closed object, nothing referred to, nothing that is only for validators.
fn schema<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    if let Value::Object(root) = &mut schema {
        // The tool's own description says more.
        root.remove("description");
        root.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    }
    plain(&mut schema);
    schema
}

/// Takes out what only some vendors know: `null` beside a type (what is not required may be left out), defaults, widths of
/// numbers, titles.
fn plain(schema: &mut Value) {
    let Value::Object(object) = schema else { return };
    for extra in ["$schema", "title", "default", "format"] {
        object.remove(extra);
    }
    if let Some(Value::Array(any)) = object.remove("anyOf") {
        let real = any.into_iter().find(|one| one.get("type").is_none_or(|kind| kind != "null"));
        if let Some(Value::Object(real)) = real {
            let description = object.remove("description");
            object.extend(real);
            // Said of the field, which is more than what is said of its type.
            object.extend(description.map(|text| ("description".to_owned(), text)));
        }
        return plain(schema);
    }
    // An enumeration whose values are described comes as one schema for each.
    if let Some(Value::Array(one_of)) = object.remove("oneOf") {
        let values: Vec<Value> = one_of.iter().filter_map(|one| one.get("const").cloned()).collect();
        object.insert("type".to_owned(), "string".into());
        object.insert("enum".to_owned(), Value::Array(values));
    }
    if let Some(Value::Array(types)) = object.get("type")
        && let Some(kind) = types.iter().find(|kind| **kind != "null").cloned()
    {
        object.insert("type".to_owned(), kind);
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Object(fields)) = object.get_mut("properties") {
        fields.values_mut().for_each(plain);
    }
}

/// "slot (string), spelled (boolean), to (one of tell, move, cancel)"
fn fields(schema: &Value) -> String {
    let Some(Value::Object(properties)) = schema.get("properties") else { return "nothing".to_owned() };
    if properties.is_empty() {
        return "nothing in it".to_owned();
    }
    let field = |(name, schema): (&String, &Value)| {
        let kind = match schema.get("enum") {
            Some(Value::Array(values)) => {
                let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                format!("one of {}", values.join(", "))
            }
            _ => match (schema.get("properties"), schema.get("type").and_then(Value::as_str)) {
                (Some(_), _) => format!("object with {}", fields(schema)),
                (None, kind) => kind.unwrap_or("anything").to_owned(),
            },
        };
        format!("{name} ({kind})")
    };
    properties.iter().map(field).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
