//! Forms as a browser would send them.

/// The value of an attribute in a tag, with its entities read.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[from..from + tag[from..].find('"')?];
    Some(plain(value))
}

pub(crate) fn plain(text: &str) -> String {
    let read =
        [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&"), ("&lt;", "<"), ("&gt;", ">")];
    let read = read.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign));
    read.replace("&quot;", "\"").replace("&amp;", "&")
}

/// What a browser would send of the form that goes to `action`, without pressing a named button.
pub(crate) fn form(page: &str, action: &str) -> Vec<(String, String)> {
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
pub(crate) fn with(mut fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    match fields.iter_mut().find(|(field, _)| field == name) {
        Some(field) => value.clone_into(&mut field.1),
        None => fields.push((name.to_owned(), value.to_owned())),
    }
    fields
}

pub(crate) fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
