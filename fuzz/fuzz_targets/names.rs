//! Any words as an answer to "may I have your name?": what is kept of it is a name.
#![no_main]

use deskbell::domain::{
    booking::CustomerName,
    understand::{Expecting, understand},
};
use deskbell_fuzz::Scene;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let scene = Scene::read(data);
    if let Some(name) = understand(&scene.text, &scene.business, Expecting::Name).name {
        assert!(!name.trim().is_empty());
        assert!(!CustomerName::new(&name).as_str().is_empty());
    }
});
