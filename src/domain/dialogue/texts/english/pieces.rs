//! The parts that sentences are put together from.

use jiff::civil::Date;

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

/// Ends a sentence; "3 p.m." has its full stop already.
pub(super) fn stop(mut sentence: String) -> String {
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
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

/// A service within a sentence; an abbreviation ("MRI") stays as it is.
pub(super) fn lower(name: &str) -> String {
    let word = |word: &str| {
        let shouted = word.chars().count() > 1 && word.chars().all(|c| !c.is_lowercase());
        if shouted { word.to_owned() } else { word.to_lowercase() }
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

pub(super) fn first(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "K, O, V, A, C, S": letter by letter, each name after a pause.
pub(super) fn spelled(name: &str) -> String {
    let words = name.split_whitespace().map(|word| {
        let letters = word.chars().map(|letter| match letter {
            '-' => "hyphen".to_owned(),
            '\'' | '’' => "apostrophe".to_owned(),
            letter => letter.to_uppercase().collect(),
        });
        letters.collect::<Vec<_>>().join(", ")
    });
    words.collect::<Vec<_>>().join("; ")
}

pub(super) fn and(parts: &[String]) -> String {
    listed(parts, "and")
}

pub(super) fn or(parts: &[String]) -> String {
    listed(parts, "or")
}

fn listed(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [one, two] => format!("{one} {word} {two}"),
        [rest @ .., last] => format!("{}, {word} {last}", rest.join(", ")),
    }
}

/// One of several ways to say the same, by the caller's turn: the same call always sounds the same.
pub(super) fn vary(turn: u16, ways: &[&str]) -> String {
    let at = usize::from(turn) % ways.len().max(1);
    ways.get(at).copied().unwrap_or_default().to_owned()
}
