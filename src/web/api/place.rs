//! Where in a JSON text something is, as a path: a parser says "line 3, column 14", and people want
//! `services[0].minutes`.

use serde::de::DeserializeOwned;

use crate::domain::business::Mistake;

/// Reads a document; what is wrong with it is named by its path.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Mistake> {
    serde_json::from_str(text).map_err(|error| explain(text, &error))
}

fn explain(text: &str, error: &serde_json::Error) -> Mistake {
    let message = error.to_string();
    // The parser's own idea of the place is the end of its message.
    let why = message.rsplit_once(" at line ").map_or(message.as_str(), |(why, _)| why);
    let read = &text[..offset(text, error.line(), error.column())];
    if let Some(field) = why.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        let place = path_to_end(read);
        let at = if place.is_empty() { field.to_owned() } else { format!("{place}.{field}") };
        return Mistake { at, why: "is missing".to_owned() };
    }
    // A value that parses and is refused afterwards is noticed one bracket or comma later.
    let at = path_to_end(read.strip_suffix(['}', ']', ',']).unwrap_or(read));
    let why = if error.is_data() { why.to_owned() } else { format!("is not JSON: {why}") };
    Mistake { at, why }
}

/// Both count from one, and columns are bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    text.floor_char_boundary(before + column)
}

enum Inside {
    Object { key: String, key_next: bool },
    Array { index: usize },
}

/// The path to whatever a JSON text that breaks off ends with.
fn path_to_end(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut inside: Vec<Inside> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let close = closing_quote(bytes, at);
                if let Some(Inside::Object { key, key_next: true }) = inside.last_mut() {
                    *key = String::from_utf8_lossy(&bytes[at + 1..close]).into_owned();
                }
                at = close;
            }
            b'{' => inside.push(Inside::Object { key: String::new(), key_next: true }),
            b'[' => inside.push(Inside::Array { index: 0 }),
            b'}' | b']' => drop(inside.pop()),
            b':' => {
                if let Some(Inside::Object { key_next, .. }) = inside.last_mut() {
                    *key_next = false;
                }
            }
            b',' => match inside.last_mut() {
                Some(Inside::Object { key_next, .. }) => *key_next = true,
                Some(Inside::Array { index }) => *index += 1,
                None => {}
            },
            _ => {}
        }
        at += 1;
    }
    written(&inside)
}

/// Where the string that opens at `open` closes, or the end of the text.
fn closing_quote(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

fn written(inside: &[Inside]) -> String {
    let mut path = String::new();
    for step in inside {
        match step {
            Inside::Object { key, .. } if key.is_empty() => {}
            Inside::Object { key, .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Inside::Array { index } => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::business::Business, testing::salon};

    fn mistake(change: impl FnOnce(&mut serde_json::Value)) -> (String, String) {
        let mut document = serde_json::to_value(salon()).unwrap();
        change(&mut document);
        let pretty = serde_json::to_string_pretty(&document).unwrap();
        let short = read::<Business>(&document.to_string()).unwrap_err();
        assert_eq!(short, read::<Business>(&pretty).unwrap_err(), "spaces and lines do not matter");
        (short.at, short.why)
    }

    #[test]
    fn k2_an_unknown_field_is_named_by_its_path() {
        let (at, why) = mistake(|document| document["services"][1]["colour"] = "red".into());
        assert_eq!(at, "services[1].colour");
        assert!(why.starts_with("unknown field `colour`"), "{why}");
    }

    #[test]
    fn k2_a_wrong_type_is_named_by_its_path() {
        assert_eq!(mistake(|document| document["services"][2]["minutes"] = "long".into()).0, "services[2].minutes");
        assert_eq!(
            mistake(|document| document["services"][0]["price"]["minor"] = (-1).into()).0,
            "services[0].price.minor"
        );
        assert_eq!(mistake(|document| document["zone"] = "Mars/Olympus".into()).0, "zone");
        assert_eq!(mistake(|document| document["hours"]["monday"][0]["from"] = 9.into()).0, "hours.monday[0].from");
        assert_eq!(mistake(|document| document["name"] = serde_json::Value::Null).0, "name");
    }

    #[test]
    fn k2_a_missing_field_is_named_by_its_path() {
        let gone =
            |document: &mut serde_json::Value| drop(document["services"][1].as_object_mut().unwrap().remove("minutes"));
        assert_eq!(mistake(gone), ("services[1].minutes".to_owned(), "is missing".to_owned()));
        let gone = |document: &mut serde_json::Value| drop(document.as_object_mut().unwrap().remove("zone"));
        assert_eq!(mistake(gone).0, "zone");
    }

    #[test]
    fn k2_what_is_no_json_is_said_so_and_never_panics() {
        for text in ["", "{", "[", "\"", "{\"a\\", "{\"name\": \"\\ud800\"}", "nul", "{\"é\": tru", &"[".repeat(10_000)]
        {
            assert!(read::<Business>(text).is_err(), "{text}");
        }
        assert_eq!(read::<Business>("{\"name\": tru}").unwrap_err().at, "name");
    }
}
