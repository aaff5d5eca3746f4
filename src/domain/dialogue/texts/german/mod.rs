//! German, with "Sie", as it is understood in Germany, Austria and Switzerland.

mod arranging;
mod asked;
mod facts;
mod manners;

use super::{
    Wish,
    pieces::{Signs, about, series},
};
use crate::domain::{
    booking::Slot,
    business::{Business, OpenPeriod},
    ids::{ServiceId, StaffId},
    money::Money,
    time::{Clock, Part, speak::german as speak},
};
use jiff::civil::Date;

/// The language itself; it holds nothing.
pub(super) struct German;

const SIGNS: Signs = Signs {
    at: "ät",
    dot: "Punkt",
    underscore: "Unterstrich",
    hyphen: "Bindestrich",
    plus: "plus",
    apostrophe: "Apostroph",
};

/// " für Haarschnitt bei Maria".
fn for_what(business: &Business, service: Option<ServiceId>, staff: Option<StaffId>) -> String {
    about(business, service, staff, |service| format!("für {service}"), |member| format!("bei {member}"))
}

/// "ein Termin für Haarschnitt bei Maria".
fn what(business: &Business, slot: Slot) -> String {
    format!("ein Termin{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "Termin am Dienstag, den 24. November, am Nachmittag"; nothing when nothing is wished for.
fn wished(business: &Business, wish: Wish, today: Date) -> Option<String> {
    let part = wish.when.and_then(|when| match when.clock? {
        Clock::Part(Part::Morning) => Some("vormittags"),
        Clock::Part(Part::Midday) => Some("gegen Mittag"),
        Clock::Part(Part::Afternoon) => Some("nachmittags"),
        Clock::Part(Part::Evening | Part::Night) => Some("abends"),
        _ => None,
    });
    if wish.service.is_none() && wish.staff.is_none() && wish.day.is_none() && part.is_none() {
        return None;
    }
    let mut text = format!("ein Termin{}", for_what(business, wish.service, wish.staff));
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

fn period(period: &OpenPeriod) -> String {
    format!("von {} bis {}", speak::time(period.from), speak::time(period.to))
}

fn price(price: Money) -> String {
    let unit = match price.currency.code() {
        "USD" | "CAD" | "AUD" | "NZD" => Some(("Dollar", "Dollar")),
        "EUR" => Some(("Euro", "Euro")),
        "GBP" => Some(("Pfund", "Pfund")),
        "CHF" => Some(("Franken", "Franken")),
        _ => None,
    };
    super::pieces::amount(price, unit, " ")
}

fn and(parts: &[String]) -> String {
    series(parts, "und")
}

fn or(parts: &[String]) -> String {
    series(parts, "oder")
}
