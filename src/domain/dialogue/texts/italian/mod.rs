//! Italian, with "Lei".

mod arranging;
mod asked;
mod facts;
mod manners;

use super::{
    Wish,
    pieces::{Signs, about, lower, series},
};
use crate::domain::{
    booking::Slot,
    business::{Business, OpenPeriod},
    ids::{ServiceId, StaffId},
    money::Money,
    time::{Clock, Part, speak::italian as speak},
};
use jiff::civil::Date;

/// The language itself; it holds nothing.
pub(super) struct Italian;

const SIGNS: Signs = Signs {
    at: "chiocciola",
    dot: "punto",
    underscore: "trattino basso",
    hyphen: "trattino",
    plus: "più",
    apostrophe: "apostrofo",
};

/// " per taglio con Maria".
fn for_what(business: &Business, service: Option<ServiceId>, staff: Option<StaffId>) -> String {
    about(business, service, staff, |service| format!("per {}", lower(service)), |member| format!("con {member}"))
}

/// "un appuntamento per taglio con Maria".
fn what(business: &Business, slot: Slot) -> String {
    format!("un appuntamento{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "il suo appuntamento per taglio con Maria".
fn yours(business: &Business, slot: Slot) -> String {
    format!("il suo appuntamento{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "un appuntamento con Maria martedì 24 novembre nel pomeriggio"; nothing when nothing is wished for.
fn wished(business: &Business, wish: Wish, today: Date) -> Option<String> {
    let part = wish.when.and_then(|when| match when.clock? {
        Clock::Part(Part::Morning) => Some("di mattina"),
        Clock::Part(Part::Midday) => Some("verso mezzogiorno"),
        Clock::Part(Part::Afternoon) => Some("nel pomeriggio"),
        Clock::Part(Part::Evening | Part::Night) => Some("di sera"),
        _ => None,
    });
    if wish.service.is_none() && wish.staff.is_none() && wish.day.is_none() && part.is_none() {
        return None;
    }
    let mut parts = vec![format!("un appuntamento{}", for_what(business, wish.service, wish.staff))];
    parts.extend(wish.day.map(|day| speak::day(day, today)));
    parts.extend(part.map(str::to_owned));
    Some(parts.join(" "))
}

/// "dalle 9 alle 12 e 30", "da mezzogiorno alle 18".
fn period(period: &OpenPeriod) -> String {
    let (from, to) = (speak::at(period.from), speak::at(period.to));
    let from = match (from.strip_prefix("alle "), from.strip_prefix("all'"), from.strip_prefix("a ")) {
        (Some(hour), _, _) => format!("dalle {hour}"),
        (_, Some(hour), _) => format!("dall'{hour}"),
        (_, _, noon) => format!("da {}", noon.unwrap_or(&from)),
    };
    format!("{from} {to}")
}

fn price(price: Money) -> String {
    let unit = match price.currency.code() {
        "USD" | "CAD" | "AUD" | "NZD" => Some(("dollaro", "dollari")),
        "EUR" => Some(("euro", "euro")),
        "GBP" => Some(("sterlina", "sterline")),
        "CHF" => Some(("franco", "franchi")),
        _ => None,
    };
    super::pieces::amount(price, unit, " e ")
}

fn and(parts: &[String]) -> String {
    series(parts, "e")
}

fn or(parts: &[String]) -> String {
    series(parts, "o")
}
