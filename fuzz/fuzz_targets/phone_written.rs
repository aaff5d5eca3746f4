//! Any text as a written number: what is taken is in E.164 and stays itself.
#![no_main]

use deskbell::domain::phone::PhoneNumber;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for country in ["US", "GB", "DE", "ZZ", ""] {
        let Ok(number) = PhoneNumber::parse(text, country) else { continue };
        let digits = number.as_str().strip_prefix('+').expect("a plus first");
        assert!((3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()), "{digits:?}");
        assert_eq!(PhoneNumber::parse(number.as_str(), ""), Ok(number.clone()));
        let (_, _, _) = (number.kind(), number.tail(), number.spoken(country));
    }
});
