//! The parts that sentences are put together from.

use jiff::civil::Date;

pub(super) use super::super::pieces::{capital, first, lower, stop, vary};
use super::super::pieces::{letters, listed};
use crate::domain::{
    booking::Slot,
    business::{Business, OpenPeriod},
    dialogue::texts::Wish,
    ids::{ServiceId, StaffId},
    time::{Clock, Part, speak},
};

pub(super) fn period(period: &OpenPeriod) -> String {
    format!("from {} to {}", speak::time(period.from), speak::time(period.to))
}

/// "a haircut with Maria".
pub(super) fn what(business: &Business, slot: Slot) -> String {
    thing(business, Some(slot.service), Some(slot.staff))
}

/// "a haircut with Maria", "a haircut", "an appointment with Maria": as much as is known of it.
pub(super) fn thing(business: &Business, service: Option<ServiceId>, staff: Option<StaffId>) -> String {
    let service = service
        .and_then(|service| business.service(service))
        .map_or_else(|| "an appointment".to_owned(), |service| with_article(&service.name));
    match staff.and_then(|staff| business.member(staff)) {
        Some(member) if business.staff.len() > 1 => format!("{service} with {}", member.name),
        _ => service,
    }
}

/// "your haircut with Maria".
pub(super) fn yours(business: &Business, slot: Slot) -> String {
    let service = business.service(slot.service).map_or("appointment".to_owned(), |service| lower(&service.name));
    match business.member(slot.staff) {
        Some(member) if business.staff.len() > 1 => format!("your {service} with {}", member.name),
        _ => format!("your {service}"),
    }
}

/// "a color with Maria on Tuesday the 24th in the afternoon": a wish as it was understood; nothing when it is empty.
pub(super) fn wish(business: &Business, wish: Wish, today: Date) -> Option<String> {
    let mut parts = Vec::new();
    if wish.service.is_some() || wish.staff.is_some() {
        parts.push(thing(business, wish.service, wish.staff));
    }
    parts.extend(wish.day.map(|day| speak::on_day(day, today)));
    parts.extend(wish.when.and_then(|when| clock(when.clock?)));
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A time of day that needs no opening hours to be said.
fn clock(clock: Clock) -> Option<String> {
    Some(match clock {
        Clock::Part(Part::Morning) => "in the morning".into(),
        Clock::Part(Part::Midday) => "around noon".into(),
        Clock::Part(Part::Afternoon) => "in the afternoon".into(),
        Clock::Part(Part::Evening) => "in the evening".into(),
        Clock::Part(Part::Night) => "at night".into(),
        _ => return None,
    })
}

pub(super) fn with_article(name: &str) -> String {
    let name = lower(name);
    let plural = name.ends_with('s') && !name.ends_with("ss");
    match name.chars().next() {
        _ if plural => name,
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

/// "K, O, V, A, C, S": letter by letter, each name after a pause.
pub(super) fn spelled(name: &str) -> String {
    letters(name, "hyphen", "apostrophe")
}

pub(super) fn and(parts: &[String]) -> String {
    listed(parts, "and")
}

pub(super) fn or(parts: &[String]) -> String {
    listed(parts, "or")
}
