//! Portuguese, with "o senhor, a senhora" left out wherever the verb alone is polite, as it is understood in Brazil and in
//! Portugal.

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
    time::{Clock, Part, speak::portuguese as speak},
};
use jiff::civil::Date;

/// The language itself; it holds nothing.
pub(super) struct Portuguese;

const SIGNS: Signs = Signs {
    at: "arroba",
    dot: "ponto",
    underscore: "sublinhado",
    hyphen: "hífen",
    plus: "mais",
    apostrophe: "apóstrofo",
};

/// " para corte com Maria".
fn for_what(business: &Business, service: Option<ServiceId>, staff: Option<StaffId>) -> String {
    about(business, service, staff, |service| format!("para {}", lower(service)), |member| format!("com {member}"))
}

/// "uma reserva para corte com Maria".
fn what(business: &Business, slot: Slot) -> String {
    format!("uma reserva{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "a sua reserva para corte com Maria".
fn yours(business: &Business, slot: Slot) -> String {
    format!("a sua reserva{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "uma reserva com Maria na terça-feira, 24 de novembro, à tarde"; nothing when nothing is wished for.
fn wished(business: &Business, wish: Wish, today: Date) -> Option<String> {
    let part = wish.when.and_then(|when| match when.clock? {
        Clock::Part(Part::Morning) => Some("de manhã"),
        Clock::Part(Part::Midday) => Some("por volta do meio-dia"),
        Clock::Part(Part::Afternoon) => Some("à tarde"),
        Clock::Part(Part::Evening | Part::Night) => Some("à noite"),
        _ => None,
    });
    if wish.service.is_none() && wish.staff.is_none() && wish.day.is_none() && part.is_none() {
        return None;
    }
    let mut text = format!("uma reserva{}", for_what(business, wish.service, wish.staff));
    if let Some(day) = wish.day {
        text.push(' ');
        text.push_str(&speak::on_day(day, today));
    }
    if let Some(part) = part {
        text.push_str(if wish.day.is_some() { ", " } else { " " });
        text.push_str(part);
    }
    Some(text)
}

/// "das 9 horas às 12 horas e 30", "do meio-dia às 18 horas".
fn period(period: &OpenPeriod) -> String {
    let (from, to) = (speak::at(period.from), speak::at(period.to));
    let from = match (from.strip_prefix("às "), from.strip_prefix("à ")) {
        (Some(hour), _) => format!("das {hour}"),
        (_, Some(hour)) => format!("da {hour}"),
        _ => format!("d{}", from.strip_prefix('a').unwrap_or(&from)),
    };
    format!("{from} {to}")
}

fn price(price: Money) -> String {
    let unit = match price.currency.code() {
        "USD" | "CAD" | "AUD" | "NZD" => Some(("dólar", "dólares")),
        "EUR" => Some(("euro", "euros")),
        "BRL" => Some(("real", "reais")),
        "GBP" => Some(("libra", "libras")),
        "CHF" => Some(("franco", "francos")),
        _ => None,
    };
    super::pieces::amount(price, unit, " e ")
}

fn and(parts: &[String]) -> String {
    series(parts, "e")
}

fn or(parts: &[String]) -> String {
    series(parts, "ou")
}
