//! Dutch, with "u", as it is understood in the Netherlands and in Belgium.

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
    time::{Clock, Part, speak::dutch as speak},
};
use jiff::civil::Date;

/// The language itself; it holds nothing.
pub(super) struct Dutch;

const SIGNS: Signs = Signs {
    at: "apenstaartje",
    dot: "punt",
    underscore: "laag streepje",
    hyphen: "streepje",
    plus: "plus",
    apostrophe: "apostrof",
};

/// " voor knippen bij Maria".
fn for_what(business: &Business, service: Option<ServiceId>, staff: Option<StaffId>) -> String {
    about(business, service, staff, |service| format!("voor {}", lower(service)), |member| format!("bij {member}"))
}

/// "een afspraak voor knippen bij Maria".
fn what(business: &Business, slot: Slot) -> String {
    format!("een afspraak{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "uw afspraak voor knippen bij Maria".
fn yours(business: &Business, slot: Slot) -> String {
    format!("uw afspraak{}", for_what(business, Some(slot.service), Some(slot.staff)))
}

/// "een afspraak bij Maria op dinsdag 24 november in de middag"; nothing when nothing is wished for.
fn wished(business: &Business, wish: Wish, today: Date) -> Option<String> {
    let part = wish.when.and_then(|when| match when.clock? {
        Clock::Part(Part::Morning) => Some("in de ochtend"),
        Clock::Part(Part::Midday) => Some("rond het middaguur"),
        Clock::Part(Part::Afternoon) => Some("in de middag"),
        Clock::Part(Part::Evening | Part::Night) => Some("in de avond"),
        _ => None,
    });
    if wish.service.is_none() && wish.staff.is_none() && wish.day.is_none() && part.is_none() {
        return None;
    }
    let mut parts = vec![format!("een afspraak{}", for_what(business, wish.service, wish.staff))];
    parts.extend(wish.day.map(|day| speak::on_day(day, today)));
    parts.extend(part.map(str::to_owned));
    Some(parts.join(" "))
}

fn period(period: &OpenPeriod) -> String {
    format!("van {} tot {}", speak::time(period.from), speak::time(period.to))
}

fn price(price: Money) -> String {
    let unit = match price.currency.code() {
        "USD" | "CAD" | "AUD" | "NZD" => Some(("dollar", "dollar")),
        "EUR" => Some(("euro", "euro")),
        "GBP" => Some(("pond", "pond")),
        "CHF" => Some(("frank", "frank")),
        _ => None,
    };
    super::pieces::amount(price, unit, " ")
}

fn and(parts: &[String]) -> String {
    series(parts, "en")
}

fn or(parts: &[String]) -> String {
    series(parts, "of")
}
