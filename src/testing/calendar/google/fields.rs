//! Partial answers: `fields=nextPageToken,items(id,extendedProperties/private)`
//! (<https://developers.google.com/workspace/calendar/api/guides/performance#partial>).

use std::collections::BTreeMap;

use serde_json::Value;

use super::refusal::{Refusal, invalid};

/// What is asked for of an object; empty: all of it.
#[derive(Default)]
struct Wish(BTreeMap<String, Wish>);

/// `answer`, cut down to what a query asks for.
pub(super) fn chosen(answer: Value, fields: Option<&str>) -> Result<Value, Refusal> {
    let Some(fields) = fields else { return Ok(answer) };
    let mut rest = fields;
    let wish = list(&mut rest).filter(|_| rest.is_empty()).ok_or(invalid("Invalid field selection"))?;
    Ok(cut(answer, &wish))
}

fn list(rest: &mut &str) -> Option<Wish> {
    let mut wish = Wish::default();
    loop {
        let (name, inner) = item(rest)?;
        wish.0.insert(name, inner);
        match rest.strip_prefix(',') {
            Some(more) => *rest = more,
            None => return Some(wish),
        }
    }
}

fn item(rest: &mut &str) -> Option<(String, Wish)> {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let (name, more) = rest.split_at(end);
    *rest = more;
    if name.is_empty() {
        return None;
    }
    let mut inner = Wish::default();
    if let Some(more) = rest.strip_prefix('/') {
        *rest = more;
        let (name, wish) = item(rest)?;
        inner.0.insert(name, wish);
    } else if let Some(more) = rest.strip_prefix('(') {
        *rest = more;
        inner = list(rest)?;
        *rest = rest.strip_prefix(')')?;
    }
    Some((name.to_owned(), inner))
}

fn cut(value: Value, wish: &Wish) -> Value {
    if wish.0.is_empty() {
        return value;
    }
    match value {
        Value::Array(items) => items.into_iter().map(|item| cut(item, wish)).collect(),
        Value::Object(map) => {
            let kept = map.into_iter().filter_map(|(name, value)| {
                let inner = wish.0.get(&name)?;
                Some((name, cut(value, inner)))
            });
            Value::Object(kept.collect())
        }
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_cut_down_to_what_was_asked_for() {
        let whole = json!({"a": 1, "items": [{"id": "x", "summary": "secret", "e": {"p": 1, "s": 2}}], "z": 2});
        let cut = chosen(whole.clone(), Some("z,items(id,e/p)")).unwrap();
        assert_eq!(cut, json!({"items": [{"id": "x", "e": {"p": 1}}], "z": 2}));
        for wrong in ["", "a,", "items(id", "items)", "a b"] {
            assert!(chosen(whole.clone(), Some(wrong)).is_err(), "{wrong}");
        }
    }
}
