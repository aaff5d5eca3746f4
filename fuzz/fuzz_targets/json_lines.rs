//! Any bytes on the standard input of `deskbell understand`: every answer is a line of JSON.
#![no_main]

use deskbell::cli::understand::{Subject, answers};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for subject in [Subject::Time, Subject::Phone, Subject::Sentence, Subject::Name] {
        let mut out = Vec::new();
        answers(subject, data, &mut out).expect("memory does not fail");
        for line in out.split_inclusive(|byte| *byte == b'\n') {
            serde_json::from_slice::<serde_json::Value>(line).expect("JSON");
        }
    }
});
