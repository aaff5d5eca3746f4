//! French, with "vous", as it is understood in Europe and in Canada.

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
    time::{Clock, Part, speak::french as speak},
};
use jiff::civil::Date;

/// The language itself; it holds nothing.
pub(super) struct French;

const SIGNS: Signs = Signs {
    at: "arobase",
    dot: "point",
    underscore: "tiret bas",
    hyphen: "tiret",
    plus: "plus",
    apostrophe: "apostrophe",
};

/// " pour coupe avec Maria".
fn for_what(business: &Business, service: Option<ServiceId>, staff: Option<StaffId>) -> String {
    about(business, service, staff, |service| format!("pour {}", lower(service)), |member| format!("avec {member}"))
}

/// "un rendez-vous pour coupe avec Maria".
fn what(business: &Business, slot: Slot) -> String {
    format!("un rendez-vous{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "votre rendez-vous pour coupe avec Maria".
fn yours(business: &Business, slot: Slot) -> String {
    format!("votre rendez-vous{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "un rendez-vous avec Maria le mardi 24 novembre, dans l'après-midi"; nothing when nothing is wished for.
fn wished(business: &Business, wish: Wish, today: Date) -> Option<String> {
    let part = wish.when.and_then(|when| match when.clock? {
        Clock::Part(Part::Morning) => Some("dans la matinée"),
        Clock::Part(Part::Midday) => Some("vers midi"),
        Clock::Part(Part::Afternoon) => Some("dans l'après-midi"),
        Clock::Part(Part::Evening | Part::Night) => Some("en soirée"),
        _ => None,
    });
    if wish.service.is_none() && wish.staff.is_none() && wish.day.is_none() && part.is_none() {
        return None;
    }
    let mut parts = vec![format!("un rendez-vous{}", for_what(business, wish.service, wish.staff))];
    parts.extend(wish.day.map(|day| speak::day(day, today)));
    parts.extend(part.map(str::to_owned));
    Some(parts.join(" "))
}

/// "au nom de Paul", "au nom d'Anna".
fn of(name: &str) -> String {
    let vowel = name.chars().next().is_some_and(|first| "aeiouyàâäéèêëîïôöùûüAEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜ".contains(first));
    if vowel { format!("d'{name}") } else { format!("de {name}") }
}

fn period(period: &OpenPeriod) -> String {
    format!("de {} à {}", speak::time(period.from), speak::time(period.to))
}

fn price(price: Money) -> String {
    let unit = match price.currency.code() {
        "USD" | "CAD" | "AUD" | "NZD" => Some(("dollar", "dollars")),
        "EUR" => Some(("euro", "euros")),
        "GBP" => Some(("livre", "livres")),
        "CHF" => Some(("franc", "francs")),
        _ => None,
    };
    super::pieces::amount(price, unit, " ")
}

fn and(parts: &[String]) -> String {
    series(parts, "et")
}

fn or(parts: &[String]) -> String {
    series(parts, "ou")
}
