//! Any utterance, whatever was asked before it.
#![no_main]

use deskbell::domain::understand::understand;
use deskbell_fuzz::Scene;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let scene = Scene::read(data);
    let meaning = understand(&scene.text, &scene.business, scene.expecting);
    for found in &meaning.found {
        assert!(meaning.text.get(found.span.clone()).is_some_and(|words| !words.is_empty()), "{found:?}");
    }
    // The same words always mean the same.
    assert_eq!(meaning, understand(&scene.text, &scene.business, scene.expecting));
});
