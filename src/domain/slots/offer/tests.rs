use jiff::ToSpan;

use super::*;
use crate::domain::{ids::ServiceId, slots::Class};

fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

fn who(n: u128) -> StaffId {
    StaffId(uuid::Uuid::from_u128(n))
}

fn slot(start: &str, staff: u128) -> Slot {
    let starts = ts(start);
    Slot { starts, ends: starts + 30.minutes(), service: ServiceId(uuid::Uuid::nil()), staff: who(staff) }
}

/// Every quarter of an hour of a day in November, nine to six, in New York.
fn day(date: &str) -> Vec<Slot> {
    let first = slot(&format!("{date}T09:00-05"), 1);
    (0..36).map(|n| Slot { starts: first.starts + (n * 15).minutes(), ..first }).collect()
}

fn said(slots: &[Slot]) -> Vec<String> {
    slots.iter().map(|slot| slot.starts.to_zoned(new_york()).strftime("%d %H:%M").to_string()).collect()
}

#[test]
fn the_soonest_comes_with_another_part_of_the_day_and_another_day() {
    let free = [day("2026-11-24"), day("2026-11-25"), day("2026-11-26")].concat();
    assert_eq!(said(&choose(&free, Wish::Soonest, 3, &new_york())), ["24 09:00", "24 12:00", "25 09:00"]);
    assert_eq!(said(&choose(&free, Wish::Soonest, 2, &new_york())), ["24 09:00", "24 12:00"]);
}

#[test]
fn with_only_one_part_of_one_day_left_the_offers_are_hours_apart() {
    let free: Vec<Slot> = day("2026-11-24").into_iter().take(12).collect();
    assert_eq!(said(&choose(&free, Wish::Soonest, 3, &new_york())), ["24 09:00", "24 10:00", "24 11:00"]);
    assert_eq!(said(&choose(&free[..1], Wish::Soonest, 3, &new_york())), ["24 09:00"]);
    assert!(choose(&[], Wish::Soonest, 3, &new_york()).is_empty());
}

#[test]
fn near_a_taken_time_the_ones_before_and_after_are_offered() {
    let mut free = day("2026-11-24");
    free.retain(|slot| !(ts("2026-11-24T14:00-05")..ts("2026-11-24T16:00-05")).contains(&slot.starts));
    let near = |at: &str, count| said(&choose(&free, Wish::Near(ts(at)), count, &new_york()));
    assert_eq!(near("2026-11-24T15:00-05", 2), ["24 13:45", "24 16:00"]);
    assert_eq!(near("2026-11-24T15:30-05", 1), ["24 16:00"], "the nearer one");
    assert_eq!(near("2026-11-24T10:00-05", 1), ["24 10:00"], "the very time");
    assert_eq!(near("2026-11-24T10:00-05", 3), ["24 09:45", "24 10:00", "24 10:15"]);
}

#[test]
fn near_a_time_its_own_day_comes_before_a_nearer_time_of_another_day() {
    let free = [day("2026-11-24"), day("2026-11-25")].concat();
    let near = choose(&free, Wish::Near(ts("2026-11-25T07:00-05")), 2, &new_york());
    assert_eq!(said(&near), ["25 09:00", "25 10:00"]);
}

#[test]
fn a_long_list_is_in_order_with_one_of_each_start() {
    let mut free = day("2026-11-24");
    free.insert(1, slot("2026-11-24T09:00-05", 2));
    let list = choose(&free, Wish::Soonest, 500, &new_york());
    assert_eq!(list.len(), 36);
    assert!(list.is_sorted_by_key(|slot| slot.starts));
}

fn busy(staff: u128, from: &str, minutes: i64) -> Busy {
    let starts = ts(from);
    let class = Some(Class { service: ServiceId(uuid::Uuid::nil()), starts });
    Busy { staff: who(staff), from: starts, to: starts + minutes.minutes(), class }
}

#[test]
fn who_worked_least_that_day_gets_the_booking() {
    let both = [slot("2026-11-24T15:00-05", 1), slot("2026-11-24T15:00-05", 2)];
    let fair = |busy: &[Busy]| fairest(&both, busy, &new_york()).unwrap();
    assert_eq!(fair(&[]), who(1), "the owner's order");
    assert_eq!(fair(&[busy(1, "2026-11-24T09:00-05", 30)]), who(2));
    assert_eq!(fair(&[busy(1, "2026-11-24T09:00-05", 30), busy(2, "2026-11-24T11:00-05", 90)]), who(1));
    let yesterday = [busy(1, "2026-11-23T09:00-05", 30)];
    assert_eq!(fair(&yesterday), who(2), "equal today; the other has rested longer");
    let equal = [busy(1, "2026-11-24T12:00-05", 30), busy(2, "2026-11-24T09:00-05", 30)];
    assert_eq!(fair(&equal), who(2), "equal today; the other's last one ended longer ago");
    let lunch = Busy { class: None, ..busy(1, "2026-11-24T09:00-05", 300) };
    assert_eq!(fair(&[lunch]), who(1), "what a calendar holds is not work for customers");
}

#[test]
fn a_class_of_ten_is_one_piece_of_work() {
    let both = [slot("2026-11-24T15:00-05", 1), slot("2026-11-24T15:00-05", 2)];
    let mut work = vec![busy(1, "2026-11-24T09:00-05", 30); 10];
    work.push(busy(2, "2026-11-24T09:00-05", 60));
    assert_eq!(fairest(&both, &work, &new_york()), Some(who(1)));
}
