//! Spanish, with "usted", as it is understood in Spain and in America.

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
    time::{Clock, Part, speak::spanish as speak},
};
use jiff::civil::Date;

/// The language itself; it holds nothing.
pub(super) struct Spanish;

const SIGNS: Signs = Signs {
    at: "arroba",
    dot: "punto",
    underscore: "guion bajo",
    hyphen: "guion",
    plus: "más",
    apostrophe: "apóstrofo",
};

/// " para corte con Maria".
fn for_what(business: &Business, service: Option<ServiceId>, staff: Option<StaffId>) -> String {
    about(business, service, staff, |service| format!("para {}", lower(service)), |member| format!("con {member}"))
}

/// "una cita para corte con Maria".
fn what(business: &Business, slot: Slot) -> String {
    format!("una cita{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "su cita para corte con Maria".
fn yours(business: &Business, slot: Slot) -> String {
    format!("su cita{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "una cita con Maria el martes 24 de noviembre por la tarde"; nothing when nothing is wished for.
fn wished(business: &Business, wish: Wish, today: Date) -> Option<String> {
    let part = wish.when.and_then(|when| match when.clock? {
        Clock::Part(Part::Morning) => Some("por la mañana"),
        Clock::Part(Part::Midday) => Some("al mediodía"),
        Clock::Part(Part::Afternoon) => Some("por la tarde"),
        Clock::Part(Part::Evening | Part::Night) => Some("por la noche"),
        _ => None,
    });
    if wish.service.is_none() && wish.staff.is_none() && wish.day.is_none() && part.is_none() {
        return None;
    }
    let mut parts = vec![format!("una cita{}", for_what(business, wish.service, wish.staff))];
    parts.extend(wish.day.map(|day| speak::day(day, today)));
    parts.extend(part.map(str::to_owned));
    Some(parts.join(" "))
}

fn period(period: &OpenPeriod) -> String {
    let (from, to) = (speak::time(period.from), speak::time(period.to));
    let from = from.strip_prefix("el ").map_or_else(|| format!("de {from}"), |noon| format!("del {noon}"));
    let to = to.strip_prefix("el ").map_or_else(|| format!("a {to}"), |noon| format!("al {noon}"));
    format!("{from} {to}")
}

fn price(price: Money) -> String {
    let unit = match price.currency.code() {
        "USD" | "CAD" | "AUD" | "NZD" => Some(("dólar", "dólares")),
        "EUR" => Some(("euro", "euros")),
        "GBP" => Some(("libra", "libras")),
        "MXN" | "ARS" | "COP" | "CLP" | "UYU" | "DOP" => Some(("peso", "pesos")),
        "CHF" => Some(("franco", "francos")),
        _ => None,
    };
    super::pieces::amount(price, unit, " con ")
}

/// "y" is "e" before another i.
fn and(parts: &[String]) -> String {
    let start = parts.last().map(|last| last.to_lowercase()).unwrap_or_default();
    let clash = start.starts_with('i') || start.starts_with("hi") && !start.starts_with("hie");
    series(parts, if clash { "e" } else { "y" })
}

/// "o" is "u" before another o.
fn or(parts: &[String]) -> String {
    let start = parts.last().map(|last| last.to_lowercase()).unwrap_or_default();
    series(parts, if start.starts_with('o') || start.starts_with("ho") { "u" } else { "o" })
}
