//! Any text: what is found in it lies within it.
#![no_main]

use deskbell::domain::time;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for country in ["US", "GB", ""] {
        let found = [time::find(text, country), time::find_answer(text, country)];
        for said in found.into_iter().flatten().chain(time::mentions(text, country)) {
            assert!(text.get(said.span.clone()).is_some_and(|words| !words.is_empty()), "{:?}", said.span);
        }
    }
});
