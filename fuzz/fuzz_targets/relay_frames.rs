//! Any frames on a call's socket, one per line: nothing is believed before the setup, and what was heard is short.
#![no_main]

use deskbell::{
    adapters::telephony::relay::RelayCodec,
    ports::{
        line::{LineCodec, LineEvent},
        telephony::Expected,
    },
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let expected = Expected { call: "CA1".into(), account: Some("AC1".into()), country: "US".into() };
    let mut codec = RelayCodec::new(expected);
    let mut answered = false;
    for frame in text.lines() {
        match codec.decode(frame) {
            LineEvent::Answered(_) => answered = true,
            LineEvent::Heard { text, .. } => assert!(answered && text.chars().count() <= 2_000),
            LineEvent::Gone(_) => return,
            _ => {}
        }
    }
});
