//! The text messages that customers get. Templates only: the one thing in them that a caller chose is a first name, and
//! it is left out unless it looks like one.
//!
//! They never ask to reply with a word: carriers take "CANCEL", "STOP" and their kin as "no more messages".

use jiff::{Timestamp, tz::AmbiguousOffset};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    Links,
    segments::{plain, segments},
};
use crate::domain::{
    booking::{Booking, CustomerName, Slot},
    business::Business,
    phone::PhoneNumber,
    time::speak,
};

/// Which text, and the name it has in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    Booked,
    Moved,
    Cancelled,
    /// The calendar could not be asked and the owner wants to look first.
    Requested,
}

impl Template {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::Cancelled => "cancelled",
            Self::Requested => "requested",
        }
    }
}

/// The longest a message may be.
const SEGMENTS: usize = 3;

/// How many graphemes of the business's, the service's and the member of staff's name are kept, tried in turn until the
/// message is short enough. The date and the number to call are never cut.
const CUTS: [usize; 5] = [120, 60, 32, 20, 12];

/// What a message is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub business: &'a Business,
    pub slot: &'a Slot,
    pub name: &'a CustomerName,
    pub phone: &'a PhoneNumber,
    pub links: &'a Links,
}

impl<'a> About<'a> {
    /// Nothing: the booking has no number.
    pub fn booking(business: &'a Business, booking: &'a Booking, links: &'a Links) -> Option<Self> {
        let phone = booking.customer.phone.as_ref()?;
        Some(Self { business, slot: &booking.slot, name: &booking.customer.name, phone, links })
    }

    /// The message: at most three segments.
    pub fn text(&self, template: Template) -> String {
        let written = |cut: usize| self.written(template, cut);
        let short = CUTS.into_iter().map(written).find(|text| segments(text) <= SEGMENTS);
        short.unwrap_or_else(|| self.bare(template))
    }

    fn written(&self, template: Template, cut: usize) -> String {
        let short = |text: &str| shortened(text, cut);
        let business = short(&self.business.name);
        let service =
            self.business.service(self.slot.service).map_or("appointment".into(), |service| short(&service.name));
        let with = self.business.member(self.slot.staff).map(|member| format!(" with {}", short(&member.name)));
        let what = format!("{service}{}", with.unwrap_or_default());
        let when = self.when();
        let change = self.how_to("To change it");
        match (template, first_name(self.name)) {
            (Template::Booked, Some(name)) => format!("{name}, you're booked at {business}: {what}, {when}.{change}"),
            (Template::Booked, None) => format!("You're booked at {business}: {what}, {when}.{change}"),
            (Template::Moved, Some(name)) => {
                format!("{name}, your appointment at {business} has moved. It is now: {what}, {when}.{change}")
            }
            (Template::Moved, None) => {
                format!("Your appointment at {business} has moved. It is now: {what}, {when}.{change}")
            }
            (Template::Cancelled, _) => {
                let again = self.how_to("For a new one");
                format!("Your appointment at {business} is cancelled: {what}, {when}.{again}")
            }
            (Template::Requested, _) => {
                format!("{business} has your request: {what}, {when}. We'll confirm it by text.{change}")
            }
        }
    }

    /// When even short names are too long, which takes names that no alphabet of carriers has.
    fn bare(&self, template: Template) -> String {
        let is = match template {
            Template::Booked => "is booked",
            Template::Moved => "has moved",
            Template::Cancelled => "is cancelled",
            Template::Requested => "is requested",
        };
        format!("Your appointment {is}: {}.{}", self.when(), self.how_to("To change it"))
    }

    fn when(&self) -> String {
        let at = self.slot.starts.to_zoned(self.business.zone.tz().clone());
        plain(&speak::written(&at, self.zone_matters(at.timestamp())))
    }

    /// The customer may read their own clock: the number is of another country, or in North America of another area;
    /// or the clock shows this hour twice that night.
    fn zone_matters(&self, at: Timestamp) -> bool {
        let zone = self.business.zone.tz();
        let wall = zone.to_datetime(at);
        let twice = matches!(zone.to_ambiguous_timestamp(wall).offset(), AmbiguousOffset::Fold { .. });
        let area = |number: &PhoneNumber| number.as_str().get(..5).map(str::to_owned);
        let nearby = || {
            let north_america = self.phone.as_str().starts_with("+1");
            !north_america || self.business.numbers.iter().any(|number| area(number) == area(self.phone))
        };
        twice || country(self.phone).as_deref() != Some(self.business.country.as_str()) || !nearby()
    }

    /// " To change it, call +1 212-555-0142."
    fn how_to(&self, change: &str) -> String {
        let number = self.business.numbers.first().or(self.business.transfer_to.as_ref());
        match (number, self.links.home()) {
            (Some(number), _) => format!(" {change}, call {}.", grouped(number)),
            // No full stop: it would become part of the link.
            (None, Some(home)) => format!(" {change}: {home}"),
            (None, None) => String::new(),
        }
    }
}

/// "+1 212-555-0142", which phones make a link of.
fn grouped(number: &PhoneNumber) -> String {
    match phonenumber::parse(None, number.as_str()) {
        Ok(parsed) => parsed.format().mode(phonenumber::Mode::International).to_string(),
        Err(_) => number.to_string(),
    }
}

fn country(number: &PhoneNumber) -> Option<String> {
    let parsed = phonenumber::parse(None, number.as_str()).ok()?;
    parsed.country().id().map(|country| country.as_ref().to_owned())
}

/// A name to begin with, if it is made of letters alone: what a caller says must not put a link or a number into a
/// message that comes from the business.
fn first_name(name: &CustomerName) -> Option<String> {
    let first = plain(name.first());
    let letters = first.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-'));
    let proper = letters && first.chars().next().is_some_and(char::is_alphabetic) && first != "Guest";
    (proper && first.graphemes(true).count() <= 20).then_some(first)
}

/// Cut at a grapheme, with dots that say so.
fn shortened(text: &str, graphemes: usize) -> String {
    let text = plain(text.trim());
    if text.graphemes(true).count() <= graphemes {
        return text;
    }
    let kept: String = text.graphemes(true).take(graphemes.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

#[cfg(test)]
mod tests;
