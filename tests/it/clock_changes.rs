//! The days around clock changes as Python's zoneinfo has them, in a dozen zones with a story. `eval/clock_changes.py`
//! compares all zones and years, and has written the fixture.

use deskbell::{
    domain::{
        business::Zone,
        time::{Around, Resolution, find, resolve},
    },
    testing::{clock_changes::Comparison, salon},
};
use jiff::{Timestamp, civil::date};

#[test]
fn around_a_change_of_the_clocks_we_say_what_python_says() {
    let mut compared = Comparison::default();
    for line in include_str!("../../fixtures/time/clock_changes.jsonl").lines() {
        compared.add(line).expect("a line of the script");
    }
    let Comparison { zones, quarters, disagreements } = compared;
    assert!(zones >= 12 && quarters > 10_000, "{zones} zones, {quarters} quarter-hours");
    assert!(disagreements.is_empty(), "{} disagreements:\n{}", disagreements.len(), disagreements.join("\n"));
}

#[test]
fn ten_in_vancouver_in_december_2026_is_seventeen_in_utc() {
    let mut business = salon();
    business.zone = Zone::named("America/Vancouver").expect("a zone");
    let now = date(2026, 11, 26).at(9, 0, 0, 0).to_zoned(business.zone.tz().clone()).expect("a moment");
    let said = find("the third of december at ten in the morning", "CA").expect("a time");
    let around = Around { now: &now, business: &business, compared: None };
    let expected: Timestamp = "2026-12-03T17:00:00Z".parse().expect("a moment");
    assert_eq!(resolve(said.when, around), Resolution::Moment(expected.to_zoned(business.zone.tz().clone())));
}
