//! Any words as an answer to "may I have your name?", and as what a recogniser offers: one alternative a line, those of the
//! spelled name after an empty line. What is kept of it is a name.
#![no_main]

use deskbell::domain::{
    booking::CustomerName,
    understand::{Expecting, names::full_name, understand},
};
use deskbell_fuzz::Scene;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let scene = Scene::read(data);
    if let Some(name) = understand(&scene.text, &scene.business, Expecting::Name).name {
        assert!(!name.trim().is_empty());
        assert!(!CustomerName::new(&name).as_str().is_empty());
    }
    let (said, spelled) = scene.text.split_once("\n\n").unwrap_or((&scene.text, ""));
    let [said, spelled] = [said, spelled].map(|texts| texts.lines().take(10).collect::<Vec<_>>());
    if let Some(name) = full_name(&said, &spelled) {
        assert!((0.0..=1.0).contains(&name.confidence), "{name:?}");
        let parts = [name.first, name.last];
        assert!(parts.iter().flatten().count() > 0);
        assert!(parts.iter().flatten().all(|part| !part.trim().is_empty()), "{parts:?}");
    }
});
