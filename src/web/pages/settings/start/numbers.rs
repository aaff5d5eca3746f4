//! The numbers that callers dial, one a line.

use crate::{
    domain::{
        business::{Business, Mistake},
        phone::PhoneNumber,
    },
    web::pages::{
        edit::Part,
        form::{Fields, wrong},
        settings::words,
    },
};

pub(super) struct Numbers;

impl Part for Numbers {
    const DEED: &'static str = "settings.numbers";

    fn fields(&self, business: &Business) -> Fields {
        let numbers: Vec<&str> = business.numbers.iter().map(PhoneNumber::as_str).collect();
        Fields::default().and("numbers", numbers.join("\n"))
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let read = |text: String| {
            let why = || wrong("numbers", format!("“{text}” is not a phone number; write it with its area code"));
            PhoneNumber::parse(&text, &business.country).map_err(|_| why())
        };
        let (mut numbers, mut found) = (Vec::new(), Vec::new());
        for text in words(typed.text("numbers")) {
            match read(text) {
                Ok(number) if numbers.contains(&number) => {}
                Ok(number) => numbers.push(number),
                Err(mistake) => found.push(mistake),
            }
        }
        if numbers.is_empty() && found.is_empty() {
            found.push(wrong("numbers", "give a number, or come back to this later"));
        }
        if numbers.len() > 50 {
            found.push(wrong("numbers", "50 numbers at most"));
        }
        if !found.is_empty() {
            return Err(found);
        }
        business.numbers = numbers;
        Ok(())
    }

    fn field_of(&self, at: &str, _business: &Business) -> String {
        at.split('[').next().unwrap_or(at).to_owned()
    }
}
