//! The rows of what callers ask and what they are told.

use crate::{
    domain::business::Fact,
    web::pages::form::{Fields, Form},
};

const WORDS: &str = "fact_words";
const ANSWER: &str = "fact_answer";

/// One row as it is shown.
pub(super) struct Row {
    pub(super) n: usize,
    pub(super) words: String,
    pub(super) answer: String,
    pub(super) wrong_words: Option<String>,
    pub(super) wrong_answer: Option<String>,
}

pub(super) fn add(fields: &mut Fields, facts: &[Fact]) {
    for fact in facts {
        fields.add(WORDS, fact.about.join(", "));
        fields.add(ANSWER, &fact.answer);
    }
}

fn typed(fields: &Fields) -> Vec<(&str, &str)> {
    fields.all(WORDS).zip(fields.all(ANSWER)).collect()
}

/// What was typed; rows with nothing in them are none.
pub(super) fn read(fields: &Fields) -> Vec<Fact> {
    let words =
        |text: &str| text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let rows = typed(fields).into_iter().filter(|(about, answer)| !about.is_empty() || !answer.is_empty());
    rows.map(|(about, answer)| Fact { about: words(about), answer: answer.to_owned() }).collect()
}

/// The form's field that a path into the document came from. Empty rows are not counted, so they are left out of what is
/// shown again too.
pub(super) fn field(at: &str) -> Option<String> {
    let (n, field) = at.strip_prefix("facts[")?.split_once("].")?;
    Some(if field == "about" { format!("{WORDS}_{n}") } else { format!("{ANSWER}_{n}") })
}

/// The rows of a form, and `more` empty ones; one at least.
pub(super) fn rows(form: &Form, more: usize) -> Vec<Row> {
    let facts = read(&form.fields);
    let filled = facts.len();
    let blank = if filled == 0 { more.max(1) } else { more };
    let row = |(n, fact): (usize, Option<&Fact>)| Row {
        n,
        words: fact.map(|fact| fact.about.join(", ")).unwrap_or_default(),
        answer: fact.map(|fact| fact.answer.clone()).unwrap_or_default(),
        wrong_words: form.wrong(&format!("{WORDS}_{n}")).map(str::to_owned),
        wrong_answer: form.wrong(&format!("{ANSWER}_{n}")).map(str::to_owned),
    };
    let all = facts.iter().map(Some).chain(std::iter::repeat_n(None, blank));
    all.enumerate().map(row).collect()
}

/// The fields without the row that `remove` names.
pub(super) fn without(fields: Fields) -> Fields {
    let Ok(gone) = fields.text("remove").parse::<usize>() else { return fields };
    let mut left = Fields::default();
    let (mut words, mut answers) = (0, 0);
    for (name, value) in fields.iter() {
        let count = match name {
            WORDS => &mut words,
            ANSWER => &mut answers,
            _ => {
                left.add(name, value);
                continue;
            }
        };
        if *count != gone {
            left.add(name, value);
        }
        *count += 1;
    }
    left
}
