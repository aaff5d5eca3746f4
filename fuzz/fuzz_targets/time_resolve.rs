//! Any text at any moment, in any zone, with any hours: what it comes to is to come and in order.
#![no_main]

use deskbell::domain::time::{self, Around, Resolution};
use deskbell_fuzz::Scene;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let scene = Scene::read(data);
    let found =
        [time::find(&scene.text, &scene.business.country), time::find_answer(&scene.text, &scene.business.country)];
    for said in found.into_iter().flatten() {
        for compared in [None, Some(&scene.now)] {
            let around = Around { now: &scene.now, business: &scene.business, compared };
            match time::resolve(said.when, around) {
                Resolution::Moment(at) => assert!(at >= scene.now, "{at}"),
                Resolution::Window { from, to, .. } => assert!(scene.now <= from && from < to, "{from} to {to}"),
                Resolution::Windows(windows) => {
                    assert!(!windows.is_empty());
                    assert!(windows.iter().all(|(from, to)| scene.now <= *from && from < to), "{windows:?}");
                }
                Resolution::Fold { first, second } => assert!(scene.now <= first && first < second),
                Resolution::Gap { next, .. } => assert!(scene.now <= next),
                _ => {}
            }
        }
    }
});
