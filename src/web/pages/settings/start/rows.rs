//! Lists that are typed row by row, with buttons for one more and one less; with or without script.

use crate::web::pages::form::Fields;

/// More than anybody types by hand.
const MOST: usize = 60;

/// The rows of some columns. Each row has a value for every column.
pub(super) fn read(typed: &Fields, columns: &[&str]) -> Vec<Vec<String>> {
    let values: Vec<Vec<&str>> = columns.iter().map(|name| typed.all(name).collect()).collect();
    let longest = values.iter().map(Vec::len).max().unwrap_or_default().min(MOST);
    let cell = |column: &Vec<&str>, n: usize| column.get(n).copied().unwrap_or_default().to_owned();
    (0..longest).map(|n| values.iter().map(|column| cell(column, n)).collect()).collect()
}

/// What the form is after "add" or "drop 2" was pressed. The first column is the row's id.
pub(super) fn pressed(typed: &Fields, columns: &[&str], new_id: impl FnOnce() -> String) -> Option<Fields> {
    let pressed = typed.text("do");
    let mut rows = read(typed, columns);
    if pressed == "add" {
        let mut row = vec![String::new(); columns.len()];
        if let Some(id) = row.first_mut() {
            *id = new_id();
        }
        rows.push(row);
    } else {
        let n: usize = pressed.strip_prefix("drop ")?.parse().unwrap_or(usize::MAX);
        if n < rows.len() {
            rows.remove(n);
        }
    }
    let mut fields = Fields::default();
    for (name, value) in typed.iter().filter(|(name, _)| *name != "do" && !columns.contains(name)) {
        fields.add(name, value);
    }
    for row in rows {
        for (name, value) in columns.iter().zip(row) {
            fields.add(*name, value);
        }
    }
    Some(if pressed == "add" { fields.and("added", "on") } else { fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_and_go_and_the_rest_of_the_form_stays() {
        let typed = Fields::parse(b"base=x&id=1&name=A&id=2&name=B");
        let added = pressed(&typed.clone().and("do", "add"), &["id", "name"], || "3".into()).unwrap();
        assert_eq!(read(&added, &["id", "name"]), [["1", "A"], ["2", "B"], ["3", ""]]);
        let less = pressed(&typed.clone().and("do", "drop 0"), &["id", "name"], || unreachable!()).unwrap();
        assert_eq!(
            (read(&less, &["id", "name"]), less.text("base")),
            (vec![vec!["2".to_owned(), "B".to_owned()]], "x")
        );
        assert!(pressed(&typed, &["id", "name"], String::new).is_none());
    }
}
