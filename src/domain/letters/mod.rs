//! The text messages that customers get. Templates only: the one thing in them that a caller chose is a first name, and
//! it is left out unless it looks like one.
//!
//! They never ask to reply with a word: carriers take "CANCEL", "STOP" and their kin as "no more messages".

mod own;
mod sample;
mod segments;
mod wording;

use jiff::{Timestamp, tz::AmbiguousOffset};
use unicode_segmentation::UnicodeSegmentation;

use self::wording::{Letter, Wording};
pub use self::{
    own::{LONGEST, OwnWords, PLACES, built_in, languages, mistake, primary},
    sample::Sample,
    segments::{Size, dear, plain, segments, size},
};
use super::{
    booking::{Booking, CustomerName, Slot},
    business::Business,
    phone::PhoneNumber,
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
    pub const ALL: [Self; 4] = [Self::Booked, Self::Moved, Self::Cancelled, Self::Requested];

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
pub const SEGMENTS: usize = 3;

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
    /// Where this server is found, if a customer could open that.
    pub home: Option<&'a str>,
    /// The address of this appointment's own page, when there is one that can be opened.
    pub link: Option<&'a str>,
    /// The language (BCP 47) the customer spoke; none, or one that there are no texts in: the business's.
    pub language: Option<&'a str>,
}

impl<'a> About<'a> {
    /// Nothing: the booking has no number.
    pub fn booking(business: &'a Business, booking: &'a Booking, language: Option<&'a str>) -> Option<Self> {
        let phone = booking.customer.phone.as_ref()?;
        let name = &booking.customer.name;
        Some(Self { business, slot: &booking.slot, name, phone, home: None, link: None, language })
    }

    /// The message: at most three segments. The owner's words for it, if there are some that fit.
    pub fn text(&self, template: Template) -> String {
        let fits = |text: &String| segments(text) <= SEGMENTS;
        let own = self.own(template).map(|words| CUTS.into_iter().map(|cut| self.in_own_words(words, cut)));
        let own = own.and_then(|mut written| written.find(fits));
        own.unwrap_or_else(|| self.built_in(template))
    }

    /// For a time that cannot be booked by us: where the customer books by themselves. The address is never cut.
    pub fn page(&self, address: &str) -> String {
        let words = self.wording();
        let written = |cut: usize| {
            let (business, what, when) = (shortened(&self.business.name, cut), self.what(words, cut), self.when());
            let letter = Letter { name: None, business: &business, what: &what, when: &when };
            format!("{} {address}", words.by_page(&letter))
        };
        let shortest = || written(CUTS[CUTS.len() - 1]);
        CUTS.into_iter().map(written).find(|text| segments(text) <= SEGMENTS).unwrap_or_else(shortest)
    }

    fn own(&self, template: Template) -> Option<&'a str> {
        let words = self.business.texts.get(&self.language())?.of(template);
        (!words.is_empty()).then_some(words)
    }

    /// The message in the built-in words.
    fn built_in(&self, template: Template) -> String {
        let fits = |text: &String| segments(text) <= SEGMENTS;
        let short = |how_to: &str| CUTS.into_iter().map(|cut| self.written(template, cut, how_to)).find(fits);
        let again = template == Template::Cancelled;
        // With names as they are, the link and the number; else names are cut before the number is left out, and that
        // before they are cut to nothing.
        let whole = self.how_to(again, true);
        let linked = self.how_to(again, false);
        short(&whole).or_else(|| short(&linked)).unwrap_or_else(|| self.bare(template))
    }

    fn written(&self, template: Template, cut: usize, how_to: &str) -> String {
        let words = self.wording();
        let name = first_name(self.name);
        let letter = Letter {
            name: name.as_deref(),
            business: &shortened(&self.business.name, cut),
            what: &self.what(words, cut),
            when: &self.when(),
        };
        format!("{}{how_to}", words.letter(template, &letter))
    }

    /// When even short names are too long, which takes names that no alphabet of carriers has.
    fn bare(&self, template: Template) -> String {
        format!("{}{}", self.wording().bare(template, &self.when()), self.how_to(false, false))
    }

    /// "Haircut with Maria".
    fn what(&self, words: &Wording, cut: usize) -> String {
        let service = self.business.service(self.slot.service).map(|service| shortened(&service.name, cut));
        let member = self.business.member(self.slot.staff).map(|member| shortened(&member.name, cut));
        words.what(service.as_deref(), member.as_deref())
    }

    /// The language the message is in: the one that was spoken, else the business's, if there are words for it.
    fn language(&self) -> String {
        let known = |tag: &&str| Wording::of(tag).is_some();
        let spoken = self.language.filter(known).or(Some(self.business.voice.language.as_str()).filter(known));
        primary(spoken.unwrap_or("en"))
    }

    fn wording(&self) -> &'static Wording {
        Wording::of(&self.language()).unwrap_or_else(Wording::english)
    }

    fn when(&self) -> String {
        let at = self.slot.starts.to_zoned(self.business.zone.tz().clone());
        plain(&(self.wording().when)(&at, self.zone_matters(at.timestamp())))
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

    /// " To change it: `https://voice.example.com/c/…` or call +1 212-555-0142."; or how to get a new one. `with_number`:
    /// beside a link, too.
    fn how_to(&self, again: bool, with_number: bool) -> String {
        let words = self.wording();
        let number = self.call();
        if let Some(link) = self.link {
            return match number.filter(|_| with_number) {
                Some(number) => format!(" {}: {link} {} {number}.", words.how(again), words.or_call),
                // No full stop: it would become part of the link.
                None => format!(" {}: {link}", words.how(again)),
            };
        }
        match (number, self.home) {
            (Some(number), _) => format!(" {}", words.call(again, &number)),
            (None, Some(home)) => format!(" {}: {home}", words.how(again)),
            (None, None) => String::new(),
        }
    }

    /// The number to call, as phones make a link of it.
    fn call(&self) -> Option<String> {
        self.business.numbers.first().or(self.business.transfer_to.as_ref()).map(grouped)
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
