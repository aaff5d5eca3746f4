//! Any words as an answer to "what number can we reach you at?".
#![no_main]

use deskbell::domain::{
    phone::PhoneNumber,
    understand::{Expecting, SpokenNumber, phone_number, understand},
};
use deskbell_fuzz::Scene;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let scene = Scene::read(data);
    if let Some(found) = phone_number(&scene.text, &scene.business.country) {
        assert_eq!(PhoneNumber::parse(found.number.as_str(), ""), Ok(found.number));
    }
    match understand(&scene.text, &scene.business, Expecting::Phone).phone {
        Some(SpokenNumber::Whole(number)) => {
            assert_eq!(PhoneNumber::parse(number.as_str(), ""), Ok(number.clone()));
            assert!(!number.spoken(&scene.business.country).is_empty());
        }
        Some(SpokenNumber::Piece(digits)) => {
            let rest = digits.strip_prefix('+').unwrap_or(&digits);
            assert!(rest.bytes().all(|byte| byte.is_ascii_digit()), "{digits:?}");
        }
        Some(SpokenNumber::ThisOne) | None => {}
    }
});
