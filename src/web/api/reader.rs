//! The page at `/docs`: the OpenAPI document as people read it, with a curl line for every operation.

use std::sync::OnceLock;

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::problem::Kind;
use crate::{
    domain::scope::Scope,
    web::{assets, state::AppState},
};

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs {
    assets: String,
    origin: String,
    paragraphs: Vec<Vec<Piece>>,
    groups: Vec<Group>,
    scopes: [Scope; 6],
    schemas: Vec<Schema>,
    problems: Vec<(u16, &'static str, &'static str)>,
}

/// Text with `code` in it.
struct Piece {
    text: String,
    code: bool,
}

struct Group {
    name: String,
    about: String,
    operations: Vec<Operation>,
}

struct Operation {
    anchor: String,
    method: String,
    path: String,
    title: String,
    about: Vec<Piece>,
    parameters: Vec<Field>,
    /// What a key needs.
    needs: String,
    body: Option<Link>,
    answers: Vec<Answer>,
    curl: String,
}

struct Field {
    name: String,
    place: String,
    kind: String,
    link: Option<String>,
    required: bool,
    about: Vec<Piece>,
}

struct Link {
    text: String,
    schema: String,
}

struct Answer {
    status: String,
    about: String,
    body: Option<Link>,
}

struct Schema {
    name: String,
    about: Vec<Piece>,
    fields: Vec<Field>,
    example: String,
}

/// The page. It is made at the first request and kept.
pub(super) async fn page(State(state): State<AppState>) -> Response {
    static PAGE: OnceLock<Option<String>> = OnceLock::new();
    let rendered = PAGE.get_or_init(|| {
        let document = serde_json::to_value(super::document()).ok()?;
        docs(&document, state.config.origin.http()).render().ok()
    });
    match rendered {
        Some(html) => ([(header::CACHE_CONTROL, "no-cache")], Html(html.as_str())).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn docs(document: &Value, origin: &str) -> Docs {
    let about = text(&document["info"]["description"]);
    let groups = document["tags"].as_array().into_iter().flatten().map(|tag| group(document, tag, origin)).collect();
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    Docs {
        assets: assets::path().to_owned(),
        origin: origin.to_owned(),
        paragraphs: about.split("\n\n").map(pieces).collect(),
        groups,
        scopes: Scope::ALL,
        schemas: schemas.map(|(name, schema)| described(document, name, schema)).collect(),
        problems: Kind::ALL.map(Kind::parts).map(|(status, name, title)| (status.as_u16(), name, title)).to_vec(),
    }
}

fn group(document: &Value, tag: &Value, origin: &str) -> Group {
    let name = text(&tag["name"]);
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if operation["tags"][0] == tag["name"] {
                operations.push(read(document, method, path, operation, origin));
            }
        }
    }
    Group { about: text(&tag["description"]), name, operations }
}

fn read(document: &Value, method: &str, path: &str, operation: &Value, origin: &str) -> Operation {
    let body_schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let parameters: Vec<Field> = operation["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    Operation {
        anchor: format!("{method}{}", path.replace(['/', '{', '}'], "-")),
        method: method.to_uppercase(),
        path: format!("{}{path}", super::ROOT),
        title: text(&operation["summary"]),
        about: pieces(&text(&operation["description"])),
        body: link(body_schema),
        answers: operation["responses"].as_object().into_iter().flatten().map(answer).collect(),
        curl: curl(document, method, path, operation, origin),
        parameters,
        needs: match text(&operation["security"][0]["token"][0]).as_str() {
            "server" => "the server's own token".to_owned(),
            scope => format!("scope {scope}"),
        },
    }
}

fn parameter(parameter: &Value) -> Field {
    let schema = &parameter["schema"];
    Field {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        kind: kind(schema),
        link: None,
        required: parameter["required"] == true,
        about: pieces(&text(&parameter["description"])),
    }
}

fn answer((status, response): (&String, &Value)) -> Answer {
    let content = response["content"].as_object().and_then(|content| content.values().next());
    Answer {
        status: status.clone(),
        about: text(&response["description"]),
        body: content.and_then(|content| link(&content["schema"])),
    }
}

/// A schema by name, or a list of one.
fn link(schema: &Value) -> Option<Link> {
    if let Some(name) = name(schema) {
        return Some(Link { text: name.to_owned(), schema: name.to_owned() });
    }
    let name = name(&schema["items"])?;
    Some(Link { text: format!("list of {name}"), schema: name.to_owned() })
}

fn name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

fn described(document: &Value, name: &str, schema: &Value) -> Schema {
    let mut fields = Vec::new();
    collect(document, schema, &mut fields);
    let example = serde_json::to_string_pretty(&example(document, schema, 0)).unwrap_or_default();
    Schema { name: name.to_owned(), about: pieces(&text(&schema["description"])), fields, example }
}

/// The fields of a schema, those of the schemas it is put together from included.
fn collect(document: &Value, schema: &Value, fields: &mut Vec<Field>) {
    for part in schema["allOf"].as_array().into_iter().flatten() {
        collect(document, resolve(document, part), fields);
    }
    let required =
        |field: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|name| name == field));
    for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
        fields.push(Field {
            name: field.clone(),
            place: String::new(),
            kind: kind(schema),
            link: link(schema).or_else(|| link(other_than_null(schema))).map(|link| link.schema),
            required: required(field),
            about: pieces(&text(&schema["description"])),
        });
    }
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match name(schema) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    }
}

/// Of "this or null", this.
fn other_than_null(schema: &Value) -> &Value {
    let options = schema["oneOf"].as_array().into_iter().flatten();
    options.into_iter().find(|option| option["type"] != "null").unwrap_or(schema)
}

fn kind(schema: &Value) -> String {
    if let Some(link) = link(schema).or_else(|| link(other_than_null(schema))) {
        return link.text;
    }
    if let Some(names) = schema["enum"].as_array() {
        return names.iter().map(text).collect::<Vec<_>>().join(" | ");
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).find(|kind| kind != "null").unwrap_or_default(),
        kind => text(kind),
    };
    match (kind.as_str(), schema["format"].as_str()) {
        ("string", Some(format)) => format.to_owned(),
        ("array", _) => format!("list of {}", kind_of_items(schema)),
        _ => kind,
    }
}

fn kind_of_items(schema: &Value) -> String {
    kind(&schema["items"])
}

/// A value that a schema allows: its example, or one made from its parts.
fn example(document: &Value, schema: &Value, depth: usize) -> Value {
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    if depth > 8 {
        return Value::Null;
    }
    let schema = resolve(document, other_than_null(schema));
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    let mut object = Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if let Value::Object(fields) = example(document, part, depth + 1) {
            object.extend(fields);
        }
    }
    for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
        object.insert(field.clone(), example(document, schema, depth + 1));
    }
    if !object.is_empty() {
        return Value::Object(object);
    }
    match kind(schema).as_str() {
        _ if schema["default"] != Value::Null => schema["default"].clone(),
        _ if schema["enum"].is_array() => schema["enum"][0].clone(),
        "uuid" => json!("01977f2e-8a4b-7c3d-9e5f-1a2b3c4d5e6f"),
        "date-time" => json!("2026-11-24T15:00:00-05:00"),
        "integer" | "number" => json!(0),
        "boolean" => json!(false),
        "string" => json!("…"),
        _ if schema["type"] == "array" => json!([example(document, &schema["items"], depth + 1)]),
        _ => json!({}),
    }
}

/// The request as one would type it.
fn curl(document: &Value, method: &str, path: &str, operation: &Value, origin: &str) -> String {
    let mut url = format!("{origin}{}{path}", super::ROOT).replace('{', "$").replace('}', "");
    let needed = operation["parameters"].as_array().into_iter().flatten();
    for parameter in needed.filter(|parameter| parameter["in"] == "query" && parameter["required"] == true) {
        let name = text(&parameter["name"]);
        url = format!("{url}?{name}=${name}");
    }
    let mut lines = vec![match method {
        "get" => format!("curl \"{url}\""),
        method => format!("curl -X {} \"{url}\"", method.to_uppercase()),
    }];
    lines.push("-H \"Authorization: Bearer $DESKBELL_KEY\"".to_owned());
    if operation["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "Idempotency-Key") {
        lines.push("-H \"Idempotency-Key: $(uuidgen)\"".to_owned());
    }
    if operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|one| one["name"] == "If-Match" && one["required"] == true)
    {
        lines.push("-H 'If-Match: \"3\"'".to_owned());
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !schema.is_null() {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        let body = match name(schema) {
            Some("Business") => "@business.json".to_owned(),
            _ => short(&example(document, schema, 0)).to_string(),
        };
        lines.push(format!("-d '{body}'"));
    }
    lines.join(" \\\n  ")
}

/// Without what has a good default anyway.
fn short(example: &Value) -> Value {
    let Value::Object(fields) = example else { return example.clone() };
    let matters =
        |value: &Value| *value != json!(0) && *value != json!(false) && *value != json!({}) && *value != json!("…");
    Value::Object(
        fields
            .iter()
            .filter(|(name, value)| *name != "id" && matters(value))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect(),
    )
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Splits at backticks: every second piece is code.
fn pieces(text: &str) -> Vec<Piece> {
    let split = text.split('`').enumerate();
    split
        .map(|(n, piece)| Piece { text: piece.to_owned(), code: n % 2 == 1 })
        .filter(|piece| !piece.text.is_empty())
        .collect()
}
