//! The business and its calendar: five people, six days a week, a year back and some weeks ahead.

use anyhow::Context as _;
use deskbell::{
    domain::{
        booking::Slot,
        business::{Business, Service, Staff},
        ids::StaffId,
    },
    testing::salon,
};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Weekday},
};
use uuid::Uuid;

use crate::people::Dice;

/// Days of the calendar that lie ahead.
const AHEAD: i32 = 45;
const BEHIND: i32 = 365;
/// Appointments of each person on each day of next week, which the calendar's page is measured with: 5 × 6 × 10.
const FULL: usize = 10;

/// An appointment to be, with the moment it was made.
pub(crate) struct Planned {
    pub(crate) slot: Slot,
    pub(crate) made: Timestamp,
}

/// The demo's salon, with three more people.
pub(crate) fn business() -> Business {
    let mut business = salon();
    for (n, name) in [(3_u128, "Aisha"), (4, "Tomás"), (5, "Grace")] {
        let id = StaffId(Uuid::from_u128(0x7000_8000_0000_0000_a000 + n));
        business.staff.push(Staff { id, name: name.to_owned(), also: Vec::new(), hours: None });
    }
    let everybody: Vec<StaffId> = business.staff.iter().map(|member| member.id).collect();
    for service in &mut business.services {
        service.staff.clone_from(&everybody);
        service.buffer_after = 0;
    }
    business
}

/// The Monday of next week, there.
pub(crate) fn full_week(today: Date) -> Date {
    let to_monday = 7 - i32::from(today.weekday().to_monday_zero_offset());
    today.saturating_add(to_monday.days())
}

/// As many appointments as wanted, the latest ones of what there is room for.
pub(crate) fn plan(
    business: &Business,
    now: Timestamp,
    wanted: usize,
    dice: &mut Dice,
) -> anyhow::Result<Vec<Planned>> {
    let today = now.to_zoned(business.zone.tz().clone()).date();
    let full = full_week(today);
    let mut planned = Vec::new();
    for away in -BEHIND..=AHEAD {
        let date = today.saturating_add(away.days());
        if date.weekday() == Weekday::Sunday {
            continue;
        }
        let is_full = (full..full.saturating_add(6.days())).contains(&date);
        // Further ahead less is booked yet.
        let busy = if away > 14 { 2 } else { 6 + dice.below(3) };
        for member in &business.staff {
            let count = if is_full { FULL } else { busy.saturating_sub(dice.below(3)) };
            day(business, member.id, date, count, now, dice, &mut planned)?;
        }
    }
    let surplus = planned.len().saturating_sub(wanted);
    planned.drain(..surplus);
    Ok(planned)
}

fn day(
    business: &Business,
    member: StaffId,
    date: Date,
    count: usize,
    now: Timestamp,
    dice: &mut Dice,
    planned: &mut Vec<Planned>,
) -> anyhow::Result<()> {
    let zone = business.zone.tz().clone();
    let mut starts = date.at(9, 0, 0, 0).to_zoned(zone)?.timestamp();
    for left in (0..count).rev() {
        let service = service(business, count == FULL, dice);
        let slot = Slot::at(service, member, starts);
        let lead = SignedDuration::from_mins(i64::try_from(60 + dice.below(10 * 24 * 60))?);
        let made = (slot.starts - lead).min(now - SignedDuration::from_mins(i64::try_from(5 + dice.below(3_000))?));
        planned.push(Planned { slot, made });
        let pause = if count == FULL { 0 } else { 15 * dice.below(4) };
        let pause = if left == count / 2 { pause + 30 } else { pause };
        starts = slot.ends + SignedDuration::from_mins(i64::try_from(pause)?);
    }
    Ok(())
}

/// In a full week the short ones, so that ten fit.
fn service<'a>(business: &'a Business, short: bool, dice: &mut Dice) -> &'a Service {
    let services = &business.services;
    match dice.below(10) {
        0..=5 => &services[0],
        6 | 7 if !short => &services[1],
        _ => services.last().unwrap_or(&services[0]),
    }
}

/// The hours in which people call, more of them in the morning and after lunch.
pub(crate) fn call_time(business: &Business, now: Timestamp, dice: &mut Dice) -> anyhow::Result<Timestamp> {
    const HOURS: [i8; 20] = [8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 12, 13, 13, 14, 14, 15, 16, 17, 18, 20];
    let zone = business.zone.tz().clone();
    let today = now.to_zoned(zone.clone()).date();
    loop {
        let date = today.saturating_sub(i32::try_from(dice.below(365))?.days());
        // A third of the Sundays' calls, and half of the Saturdays'.
        let quiet = match date.weekday() {
            Weekday::Sunday => dice.percent(67),
            Weekday::Saturday => dice.percent(50),
            _ => false,
        };
        let (hour, minute, second) = (*dice.pick(&HOURS), dice.below(60), dice.below(60));
        let wall = date.at(hour, i8::try_from(minute)?, i8::try_from(second)?, 0);
        let at = wall.to_zoned(zone.clone()).context("a wall time")?.timestamp();
        if !quiet && at < now - SignedDuration::from_mins(10) {
            return Ok(at);
        }
    }
}
