use jiff::{Timestamp, ToSpan, civil::date, civil::time};
use proptest::prelude::*;

use super::*;
use crate::{
    domain::{
        business::{Exception, OpenPeriod, WeeklyHours, Zone},
        slots::Class,
    },
    testing::salon,
};

const MARIA: &str = "00000000-0000-7000-8000-00000000a001";
const JAMES: &str = "00000000-0000-7000-8000-00000000a002";

fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn staff(id: &str) -> StaffId {
    id.parse().unwrap()
}

fn period(from: (i8, i8), to: (i8, i8)) -> OpenPeriod {
    OpenPeriod { from: time(from.0, from.1, 0, 0), to: time(to.0, to.1, 0, 0) }
}

/// Wall-clock starts of one day, "09:00", of a search that begins long before.
fn on_day(business: &Business, service: usize, member: Option<&str>, day: &str, busy: &[Busy]) -> Vec<String> {
    let midnight = |date: jiff::civil::Date| date.to_zoned(business.zone.tz().clone()).unwrap().timestamp();
    let day: jiff::civil::Date = day.parse().unwrap();
    let search = Search {
        business,
        service: &business.services[service],
        staff: member.map(staff),
        from: midnight(day),
        to: midnight(day.tomorrow().unwrap()),
        now: midnight(day.checked_sub(5.days()).unwrap()),
    };
    let zoned = |slot: &Slot| slot.starts.to_zoned(business.zone.tz().clone());
    starts(&search, busy).iter().map(|slot| zoned(slot).strftime("%H:%M").to_string()).collect()
}

/// Always open, one member of staff, one service of half an hour.
fn round_the_clock(zone: &str) -> Business {
    let mut business = salon();
    business.zone = Zone::named(zone).unwrap();
    let all_day = vec![period((0, 0), (0, 0))];
    business.hours = WeeklyHours {
        monday: all_day.clone(),
        tuesday: all_day.clone(),
        wednesday: all_day.clone(),
        thursday: all_day.clone(),
        friday: all_day.clone(),
        saturday: all_day.clone(),
        sunday: all_day,
    };
    business.exceptions.clear();
    business.services.truncate(1);
    business.services[0].minutes = 30;
    business.services[0].staff = vec![staff(MARIA)];
    business.rules.grid_minutes = 30;
    business
}

#[test]
fn a_service_fits_before_the_lunch_break_and_before_closing() {
    let found = on_day(&salon(), 0, Some(MARIA), "2026-11-24", &[]);
    assert_eq!(found.first().unwrap(), "09:00");
    assert!(found.contains(&"11:45".into()) && !found.contains(&"12:00".into()), "45 minutes end at 12:30");
    assert!(!found.contains(&"13:15".into()) && found.contains(&"13:30".into()));
    assert_eq!(found.last().unwrap(), "17:15");
}

#[test]
fn staff_who_do_not_offer_it_are_not_offered_and_the_owners_order_holds() {
    assert!(on_day(&salon(), 1, Some(JAMES), "2026-11-24", &[]).is_empty(), "James does not color");
    let business = salon();
    let search = Search {
        business: &business,
        service: &business.services[0],
        staff: None,
        from: ts("2026-11-24T00:00Z"),
        to: ts("2026-11-25T00:00Z"),
        now: ts("2026-11-20T12:00Z"),
    };
    let found = starts(&search, &[]);
    assert_eq!(found[0].starts, found[1].starts);
    assert_eq!((found[0].staff, found[1].staff), (staff(MARIA), staff(JAMES)));
    assert!(found.is_sorted_by_key(|slot| slot.starts));
}

#[test]
fn h14_holidays_closed_days_notice_and_breaks_are_never_offered() {
    let business = salon();
    assert!(on_day(&business, 0, None, "2026-11-22", &[]).is_empty(), "Sunday");
    assert!(on_day(&business, 0, None, "2026-12-25", &[]).is_empty(), "Christmas");
    assert!(on_day(&business, 0, None, "2027-12-25", &[]).is_empty(), "and every other Christmas");
    let search = |now: &str| Search {
        business: &business,
        service: &business.services[0],
        staff: Some(staff(MARIA)),
        from: ts("2026-11-24T00:00-05"),
        to: ts("2026-11-25T00:00-05"),
        now: ts(now),
    };
    let first = |now: &str| starts(&search(now), &[])[0].starts;
    assert_eq!(first("2026-11-24T10:00-05"), ts("2026-11-24T10:30-05"), "30 minutes' notice, to the minute");
    assert_eq!(first("2026-11-24T10:00:00.5-05"), ts("2026-11-24T10:45-05"), "and not half a second less");
    assert!(starts(&search("2026-11-24T19:00-05"), &[]).is_empty());
}

#[test]
fn the_horizon_counts_days_with_today() {
    let mut business = salon();
    business.rules.horizon_days = 2;
    let search = Search {
        business: &business,
        service: &business.services[0],
        staff: None,
        from: ts("2026-11-24T00:00-05"),
        to: ts("9999-01-01T00:00Z"),
        now: ts("2026-11-24T08:00-05"),
    };
    let last = starts(&search, &[]).last().unwrap().starts;
    assert_eq!(last, ts("2026-11-25T17:15-05"));
}

#[test]
fn somebodys_own_hours_lie_inside_the_business_hours() {
    let mut business = salon();
    business.staff[0].hours = Some(WeeklyHours {
        tuesday: vec![period((7, 0), (10, 0)), period((12, 0), (14, 30))],
        ..WeeklyHours::default()
    });
    assert_eq!(
        on_day(&business, 0, Some(MARIA), "2026-11-24", &[]),
        ["09:00", "09:15", "13:30", "13:45"],
        "not before nine, not over lunch"
    );
    assert!(on_day(&business, 0, Some(MARIA), "2026-11-25", &[]).is_empty(), "she has Wednesdays off");
    let day_off = Exception {
        from: date(2026, 11, 24),
        to: date(2026, 11, 24),
        hours: Vec::new(),
        staff: Some(staff(MARIA)),
        yearly: false,
        reason: None,
    };
    business.exceptions.push(day_off);
    assert!(on_day(&business, 0, Some(MARIA), "2026-11-24", &[]).is_empty());
    assert!(!on_day(&business, 0, Some(JAMES), "2026-11-24", &[]).is_empty(), "it is only her day off");
}

#[test]
fn h16_overnight_hours_run_through_midnight() {
    let mut business = round_the_clock("America/New_York");
    business.hours = WeeklyHours { friday: vec![period((22, 0), (2, 0))], ..WeeklyHours::default() };
    business.services[0].minutes = 60;
    assert_eq!(on_day(&business, 0, None, "2026-11-27", &[]), ["22:00", "22:30", "23:00", "23:30"]);
    assert_eq!(on_day(&business, 0, None, "2026-11-28", &[]), ["00:00", "00:30", "01:00"]);
}

#[test]
fn h1_an_hour_that_does_not_exist_is_not_offered() {
    let found = on_day(&round_the_clock("America/New_York"), 0, None, "2026-03-08", &[]);
    assert_eq!(found.len(), 46, "23 hours");
    assert!(!found.contains(&"02:00".into()) && !found.contains(&"02:30".into()));
}

#[test]
fn h2_an_hour_that_comes_twice_is_offered_twice() {
    let found = on_day(&round_the_clock("America/New_York"), 0, None, "2026-11-01", &[]);
    assert_eq!(found.len(), 50, "25 hours");
    assert_eq!(found.iter().filter(|start| *start == "01:30").count(), 2);
}

#[test]
fn h11_odd_zones_keep_their_grid_on_the_wall_clock() {
    for zone in ["Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham"] {
        let mut business = round_the_clock(zone);
        business.rules.grid_minutes = 60;
        for day in ["2026-04-05", "2026-07-01", "2026-10-04"] {
            let found = on_day(&business, 0, None, day, &[]);
            assert!(found.len() >= 22 && found.iter().all(|start| start.ends_with(":00")), "{zone} {day}: {found:?}");
        }
    }
}

#[test]
fn buffers_keep_clear_of_bookings_but_may_stick_out_of_the_hours() {
    let business = salon();
    let color = on_day(&business, 1, None, "2026-11-24", &[]);
    assert!(color.contains(&"16:30".into()), "ends at 18:00; she tidies up after closing");
    let busy =
        Busy { staff: staff(MARIA), from: ts("2026-11-24T15:30-05"), to: ts("2026-11-24T16:00-05"), class: None };
    let color = on_day(&business, 1, None, "2026-11-24", &[busy]);
    assert!(color.contains(&"13:45".into()), "90 minutes and 15 of buffer end at half past three");
    assert!(!color.contains(&"14:00".into()));
    assert!(color.contains(&"16:00".into()));
}

#[test]
fn a_class_takes_customers_until_it_is_full() {
    let mut business = salon();
    business.services[2].capacity = 2;
    let yoga = business.services[2].id;
    let place = |start: &str| {
        let starts = ts(start);
        let to = starts + 20.minutes();
        Busy { staff: staff(JAMES), from: starts, to, class: Some(Class { service: yoga, starts }) }
    };
    let one = [place("2026-11-24T10:00-05")];
    let found = on_day(&business, 2, None, "2026-11-24", &one);
    assert!(found.contains(&"10:00".into()), "one place is left");
    assert!(!found.contains(&"10:15".into()) && !found.contains(&"09:45".into()), "another class cannot overlap it");
    let full = [one[0], one[0]];
    assert!(!on_day(&business, 2, None, "2026-11-24", &full).contains(&"10:00".into()));
    assert!(!on_day(&business, 0, Some(JAMES), "2026-11-24", &one).contains(&"10:00".into()), "nor a haircut");
}

#[test]
fn h5_a_search_in_an_impossible_year_finds_nothing_and_does_not_panic() {
    let business = salon();
    for (from, to) in [(Timestamp::MIN, Timestamp::MAX), (Timestamp::MAX, Timestamp::MAX)] {
        let search = |now| Search { business: &business, service: &business.services[0], staff: None, from, to, now };
        let _ = starts(&search(ts("2026-11-20T12:00Z")), &[]);
        assert!(starts(&search(Timestamp::MAX), &[]).is_empty());
        assert!(starts(&search(Timestamp::MIN), &[]).is_empty());
    }
}

/// The slow, obvious way: an instant is open if the wall clock shows an open hour on its date or the one before.
fn open_at(business: &Business, at: Timestamp) -> bool {
    let local = at.to_zoned(business.zone.tz().clone());
    let (today, now) = (local.date(), local.time());
    let yesterday = today.yesterday().unwrap();
    business.open_on(today).iter().any(|open| open.from <= now && (open.overnight() || now < open.to))
        || business.open_on(yesterday).iter().any(|open| open.overnight() && now < open.to)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn what_is_offered_is_open_free_on_the_grid_and_after_the_notice(
        zone in prop::sample::select(vec!["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"]),
        now in 1_772_000_000_i64..1_800_000_000,
        ahead in 0_i64..20 * 86_400,
        taken in prop::collection::vec((0_i64..21 * 86_400, 1_i64..4 * 3600), 0..20),
        (minutes, before, after) in (1_u16..300, 0_u16..60, 0_u16..60),
        (open, close) in (0_i8..24, 0_i8..24),
        grid in prop::sample::select(vec![5_u16, 10, 15, 20, 30, 60]),
    ) {
        let mut business = salon();
        business.zone = Zone::named(zone).unwrap();
        business.hours.saturday = vec![period((open, 15), (close, 30))];
        business.rules.grid_minutes = grid;
        let service = &mut business.services[0];
        (service.minutes, service.buffer_before, service.buffer_after) = (minutes, before, after);
        let second = |at: i64| Timestamp::from_second(at).unwrap();
        let busy: Vec<Busy> = taken
            .iter()
            .map(|(at, long)| Busy { staff: staff(MARIA), from: second(now + at), to: second(now + at + long), class: None })
            .collect();
        let search = Search {
            business: &business,
            service: &business.services[0],
            staff: Some(staff(MARIA)),
            from: second(now + ahead),
            to: second(now + ahead + 86_400),
            now: second(now),
        };
        for slot in starts(&search, &busy) {
            prop_assert!(slot.starts >= search.from && slot.starts < search.to);
            prop_assert!(slot.starts >= search.now + 30.minutes());
            let wall = slot.starts.to_zoned(business.zone.tz().clone());
            prop_assert_eq!(wall.minute() % i8::try_from(grid.min(60)).unwrap(), 0);
            let minutes_of = |slot: &Slot| (slot.starts.as_second()..slot.ends.as_second()).step_by(60);
            for at in minutes_of(&slot) {
                prop_assert!(open_at(&business, second(at)), "{} is not open", second(at));
            }
            let (from, to) = slot.busy(search.service);
            prop_assert!(busy.iter().all(|busy| busy.to <= from || to <= busy.from));
        }
    }
}
