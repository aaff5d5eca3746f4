//! Digits that must not be kept: of a payment card (ISO/IEC 7812: 13 to 19 digits with a Luhn check digit) or a US social
//! security number.

use super::{
    super::tokens::Utterance,
    groups::Run,
    reading::{LIKELIEST, ways},
};

pub(super) fn is_sensitive(said: &Utterance<'_>, runs: &[Run]) -> bool {
    let mentions = |words: &[&str]| said.words.iter().any(|word| word.any(words));
    let security = mentions(&["ssn", "social"]);
    let code = mentions(&["cvv", "cvc", "cvv2"]) || mentions(&["security"]) && mentions(&["code"]);
    let card = mentions(&["card", "visa", "mastercard", "amex"]);
    let all: String = runs.iter().map(Run::digits).collect();
    let long = || {
        card_number(&all)
            || runs.iter().flat_map(|run| ways(&run.groups, LIKELIEST)).any(|way| card_number(&way.digits))
    };
    let dashed = runs.iter().any(|run| {
        let lengths: Vec<usize> = said.words[run.at.clone()].iter().map(|word| word.text.len()).collect();
        lengths == [3, 2, 4]
    });
    all.len() >= 13 && long()
        || card && all.len() >= 12
        || dashed
        || security && all.len() >= 4
        || code && (3..=8).contains(&all.len())
}

/// Cards start with 2 to 6; a number with "+", "00" or "011" before it is a telephone's.
fn card_number(digits: &str) -> bool {
    let card = (13..=19).contains(&digits.len()) && digits.starts_with(['2', '3', '4', '5', '6']);
    card && digits.bytes().all(|byte| byte.is_ascii_digit()) && luhn(digits)
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, byte)| {
            let digit = u32::from(byte - b'0') << (n % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}
