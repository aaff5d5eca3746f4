//! How the phone is answered: the receptionist, what it texts, its numbers, and calls on trial.

mod numbers;
mod settings;
mod trial;

use crate::support::owner::Answer;

/// The value of a field in a page's form, for what is not typed anew.
fn value(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\"");
    let field = page.text.split(&start).nth(1).unwrap_or_else(|| panic!("no field {name}"));
    let value =
        field.split('>').next().and_then(|tag| tag.split("value=\"").nth(1)).and_then(|rest| rest.split('"').next());
    value.unwrap_or_default().to_owned()
}

/// The receptionist's form as it stands in the demo's salon, with some fields changed.
fn receptionist<'a>(base: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("base", base),
        ("greeting", ""),
        ("disclosure", ""),
        ("language", "en-US"),
        ("tone", ""),
        ("interruptible", "on"),
        ("speaker", ""),
        ("voice", ""),
        ("listener", ""),
        ("answered", "model"),
        ("when_unsure", "offer"),
        ("transfer_to", ""),
        ("transfer_when", "always"),
        ("longest_call", "15"),
        ("fact_words", "parking, park, car"),
        ("fact_answer", "There is free parking behind the house."),
    ];
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}
