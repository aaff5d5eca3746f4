//! Any moment from any now: what is said of it is understood as that moment.
#![no_main]

use deskbell::domain::time::{self, Around, Resolution, speak};
use deskbell_fuzz::Scene;
use jiff::{Span, Unit, ZonedRound};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut scene = Scene::read(data);
    scene.business.rules.horizon_days = 800;
    let ahead = data.get(deskbell_fuzz::HEAD..deskbell_fuzz::HEAD + 3).map_or(0, |minutes| {
        (i64::from(minutes[0]) << 16 | i64::from(minutes[1]) << 8 | i64::from(minutes[2])) % (799 * 24 * 60)
    });
    let at = scene.now.checked_add(Span::new().minutes(ahead)).expect("in range");
    // Zones counted in seconds until 1972, and the year 2106 is beyond what anybody books.
    let Ok(at) = at.round(ZonedRound::new().smallest(Unit::Minute)) else { return };
    let last = scene.now.date().checked_add(Span::new().days(799)).expect("in range");
    if at < scene.now || at.date() > last || at.offset().seconds() % 60 != 0 || scene.now.offset().seconds() % 60 != 0 {
        return;
    }
    let around = Around { now: &scene.now, business: &scene.business, compared: None };
    for text in [speak::moment(&at, &scene.now), speak::in_full(&at, &scene.now)] {
        let said = time::find(&text, &scene.business.country).expect("what we say is a time");
        let understood = time::resolve(said.when, around);
        assert_eq!(understood, Resolution::Moment(at.clone()), "{text} at {}", scene.now);
    }
});
