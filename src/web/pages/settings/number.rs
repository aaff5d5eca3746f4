//! Numbers as people type them into a field, and lengths of time with their unit.

use crate::{
    domain::business::Mistake,
    web::pages::form::{Fields, wrong},
};

/// A whole number of a field. An empty field is a mistake as well, unless `empty` says what it means.
pub(super) fn whole(typed: &Fields, name: &str, from: u32, to: u32, empty: Option<u32>) -> Result<u32, Mistake> {
    let text = typed.text(name);
    if let ("", Some(value)) = (text, empty) {
        return Ok(value);
    }
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}')).collect();
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse::<u32>() {
        Ok(number) if plain && (from..=to).contains(&number) => Ok(number),
        _ => Err(wrong(name, format!("a whole number from {from} to {to}"))),
    }
}

/// Units of a length of time: value, label, minutes.
pub(super) const UNITS: [(&str, &str, u32); 3] =
    [("minutes", "minutes", 1), ("hours", "hours", 60), ("days", "days", 24 * 60)];

/// Writes minutes as a number and the largest unit that divides them.
pub(super) fn write_length(fields: &mut Fields, name: &str, minutes: u32) {
    let fits = UNITS.iter().rev().find(|(.., size)| minutes > 0 && minutes.is_multiple_of(*size));
    let (unit, _, size) = fits.unwrap_or(&UNITS[0]);
    fields.add(name, (minutes / size).to_string());
    fields.add(format!("{name}_unit"), *unit);
}

/// Reads it back, in minutes, of at most `most`.
pub(super) fn read_length(typed: &Fields, name: &str, most: u32) -> Result<u32, Mistake> {
    let unit = typed.text(&format!("{name}_unit"));
    let (_, label, size) = UNITS.iter().find(|(value, ..)| *value == unit).unwrap_or(&UNITS[0]);
    let number = whole(typed, name, 0, most, None).map_err(|_| too_much(name, most, label, *size))?;
    let minutes = number.checked_mul(*size).filter(|minutes| *minutes <= most);
    minutes.ok_or_else(|| too_much(name, most, label, *size))
}

fn too_much(name: &str, most: u32, unit: &str, size: u32) -> Mistake {
    wrong(name, format!("a whole number of {unit}, {} at most", most / size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_the_unit_that_people_would_use() {
        for (minutes, number, unit) in
            [(0, "0", "minutes"), (45, "45", "minutes"), (120, "2", "hours"), (2880, "2", "days")]
        {
            let mut fields = Fields::default();
            write_length(&mut fields, "notice", minutes);
            assert_eq!((fields.text("notice"), fields.text("notice_unit")), (number, unit));
            assert_eq!(read_length(&fields, "notice", 100_000), Ok(minutes));
        }
    }

    #[test]
    fn k5_what_is_no_number_is_told_and_never_guessed() {
        for text in ["", "-1", "NaN", "1e308", "1.5", "99999999999", "４", "+5"] {
            let typed = Fields::default().and("minutes", text);
            assert!(whole(&typed, "minutes", 1, 1440, None).is_err(), "{text}");
        }
        let typed = Fields::default().and("notice", "4000000000").and("notice_unit", "days");
        assert!(read_length(&typed, "notice", 86_400).is_err());
    }
}
