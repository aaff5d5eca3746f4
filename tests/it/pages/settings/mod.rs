//! Setting the business up.

mod days;
mod editors;
mod forms;
mod path;
mod removal;

use deskbell::{
    domain::{booking::Booking, business::Business},
    store::audit::Deed,
    testing::salon,
};

use crate::support::server::TestServer;

/// Where the salon's settings are.
fn at(path: &str) -> String {
    format!("/b/{}/settings{path}", salon().id)
}

async fn saved(server: &TestServer) -> (Business, i32) {
    let found = server.state.store.business(salon().id).await.unwrap().unwrap();
    (found.business, found.version)
}

async fn deeds(server: &TestServer) -> Vec<Deed> {
    server.state.store.deeds(salon().id, None, 200).await.unwrap()
}

/// An appointment that is to come.
async fn booked(server: &TestServer) -> Booking {
    server.booked(&salon(), "Anna Kovacs", "+14155552671", None).await
}

/// The value of an attribute in a tag, with its entities read.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[from..from + tag[from..].find('"')?];
    Some(plain(value))
}

fn plain(text: &str) -> String {
    let read =
        [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&"), ("&lt;", "<"), ("&gt;", ">")];
    let read = read.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign));
    read.replace("&quot;", "\"").replace("&amp;", "&")
}

/// What a browser would send of the form that goes to `action`, without pressing a named button.
fn form(page: &str, action: &str) -> Vec<(String, String)> {
    let begin =
        page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form goes to {action}: {page}"));
    let text = &page[begin..begin + page[begin..].find("</form>").unwrap()];
    let mut fields = Vec::new();
    let mut select = None;
    for (at, _) in text.match_indices('<') {
        let tag = &text[at..at + text[at..].find('>').unwrap()];
        let word = tag[1..].split([' ', '>']).next().unwrap();
        let (name, value) = (attribute(tag, "name"), attribute(tag, "value").unwrap_or_default());
        let kind = attribute(tag, "type").unwrap_or_default();
        match (word, name) {
            ("input", Some(_)) if matches!(kind.as_str(), "checkbox" | "radio") && !tag.contains(" checked") => {}
            ("input", Some(name)) => fields.push((name, value)),
            ("textarea", Some(name)) => {
                let rest = &text[at + tag.len() + 1..];
                fields.push((name, plain(&rest[..rest.find('<').unwrap()])));
            }
            ("select", name) => select = name,
            ("option", _) if tag.contains(" selected") => {
                let rest = &text[at + tag.len() + 1..];
                let label = plain(&rest[..rest.find('<').unwrap()]);
                fields.push((select.clone().unwrap(), attribute(tag, "value").unwrap_or(label)));
            }
            _ => {}
        }
    }
    fields
}

/// The same with another value in a field.
fn with(mut fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    match fields.iter_mut().find(|(field, _)| field == name) {
        Some(field) => value.clone_into(&mut field.1),
        None => fields.push((name.to_owned(), value.to_owned())),
    }
    fields
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
