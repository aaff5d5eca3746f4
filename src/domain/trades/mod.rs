//! A head start for a kind of business: what such a business usually offers, when it is open, and what it is asked.
//!
//! Choosing one only fills in; what an owner has written is never replaced unless they say so.

mod price;

use std::sync::LazyLock;

use serde::Deserialize;
use uuid::Uuid;

use super::{
    business::{Business, Fact, Rules, Service, Staff, WeeklyHours},
    countries::Country,
    ids::{ServiceId, StaffId},
    money::{Currency, Money},
};

/// What a kind of business usually has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trade {
    /// As it stands in an address: "hair".
    #[serde(skip)]
    pub key: &'static str,
    pub name: String,
    #[serde(default)]
    about: Option<String>,
    tone: String,
    pub hours: WeeklyHours,
    /// Names that say what to put there.
    pub staff: Vec<String>,
    pub services: Vec<Offer>,
    pub facts: Vec<Fact>,
    #[serde(default)]
    rules: Rules,
}

/// A service that is not anybody's yet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub name: String,
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default)]
    pub description: Option<String>,
    pub minutes: u16,
    #[serde(default)]
    buffer_before: u16,
    #[serde(default)]
    buffer_after: u16,
    /// Whole US dollars, as the example for every currency.
    #[serde(default)]
    price: Option<u32>,
    /// Who offers it, as places in the list of staff; nothing: everybody.
    #[serde(default)]
    staff: Option<Vec<usize>>,
    #[serde(default = "one")]
    capacity: u16,
}

fn one() -> u16 {
    1
}

/// A part that can be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Replaces the week.
    Hours,
    /// Adds the services that are not there by name, and the staff when there is nobody.
    Services,
    /// Adds answers to questions.
    Facts,
    /// What it says about itself, how it sounds, and how far ahead can be booked.
    Manner,
}

impl Piece {
    pub const ALL: [Self; 4] = [Self::Hours, Self::Services, Self::Facts, Self::Manner];

    /// As the field of a form is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Services => "services",
            Self::Facts => "facts",
            Self::Manner => "manner",
        }
    }

    /// Whether the business has nothing of it yet, so that taking it over replaces nothing.
    pub fn is_empty_in(self, business: &Business) -> bool {
        match self {
            Self::Hours => !business.hours.is_open(),
            Self::Services => business.services.is_empty(),
            Self::Facts => business.facts.is_empty(),
            Self::Manner => {
                business.about.is_none() && business.voice.tone.is_empty() && business.rules == Rules::default()
            }
        }
    }
}

macro_rules! trades {
    ($($key:literal),+) => {
        [$(($key, include_str!(concat!("../../../fixtures/trades/", $key, ".json")))),+]
    };
}

static TRADES: LazyLock<Vec<Trade>> = LazyLock::new(|| {
    let read = |(key, text): (&'static str, &str)| {
        // A test reads them all, so none is left out.
        serde_json::from_str::<Trade>(text).ok().map(|trade| Trade { key, ..trade })
    };
    trades!("hair", "dentist", "garage", "restaurant", "tutor", "vet", "other").into_iter().filter_map(read).collect()
});

impl Trade {
    pub fn all() -> &'static [Self] {
        &TRADES
    }

    pub fn of(key: &str) -> Option<&'static Self> {
        TRADES.iter().find(|trade| trade.key == key)
    }

    /// What a service would cost in a business's country: an example to be checked by its owner.
    pub fn price(offer: &Offer, country: &str) -> Option<Money> {
        let currency = currency(country)?;
        offer.price.and_then(|dollars| price::usual(dollars, currency))
    }

    /// Takes `pieces` over. `new_id` gives the ids of what is new.
    pub fn fill(&self, business: &mut Business, pieces: &[Piece], mut new_id: impl FnMut() -> Uuid) {
        if pieces.contains(&Piece::Hours) {
            business.hours = self.hours.clone();
        }
        if pieces.contains(&Piece::Services) {
            self.offer(business, &mut new_id);
        }
        if pieces.contains(&Piece::Facts) {
            let known: Vec<&str> = business.facts.iter().map(|fact| fact.answer.as_str()).collect();
            let new: Vec<Fact> =
                self.facts.iter().filter(|fact| !known.contains(&fact.answer.as_str())).cloned().collect();
            business.facts.extend(new);
        }
        if pieces.contains(&Piece::Manner) {
            business.about.clone_from(&self.about);
            business.voice.tone.clone_from(&self.tone);
            business.rules = self.rules.clone();
        }
    }

    fn offer(&self, business: &mut Business, new_id: &mut impl FnMut() -> Uuid) {
        // Whoever is there already offers everything; else the usual people come, and each offers their own.
        let everybody: Option<Vec<StaffId>> =
            (!business.staff.is_empty()).then(|| business.staff.iter().map(|member| member.id).collect());
        if everybody.is_none() {
            let member =
                |name: &String| Staff { id: StaffId(new_id()), name: name.clone(), also: Vec::new(), hours: None };
            business.staff = self.staff.iter().map(member).collect();
        }
        for offer in &self.services {
            if business.services.iter().any(|service| service.name.eq_ignore_ascii_case(&offer.name)) {
                continue;
            }
            let places = offer.staff.clone().unwrap_or_else(|| (0..business.staff.len()).collect());
            let own = || places.iter().filter_map(|place| business.staff.get(*place)).map(|member| member.id).collect();
            let service = Service {
                id: ServiceId(new_id()),
                name: offer.name.clone(),
                also: offer.also.clone(),
                description: offer.description.clone(),
                minutes: offer.minutes,
                buffer_before: offer.buffer_before,
                buffer_after: offer.buffer_after,
                price: Self::price(offer, &business.country),
                staff: everybody.clone().unwrap_or_else(own),
                capacity: offer.capacity,
            };
            business.services.push(service);
        }
    }
}

/// The money of a country; dollars where it is not known.
fn currency(country: &str) -> Option<Currency> {
    Country::of(country).and_then(Country::currency).or_else(|| "USD".parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    fn blank(country: &str) -> Business {
        Business {
            country: country.to_owned(),
            hours: WeeklyHours::default(),
            services: Vec::new(),
            staff: Vec::new(),
            facts: Vec::new(),
            about: None,
            exceptions: Vec::new(),
            rules: Rules::default(),
            ..salon()
        }
    }

    fn ids() -> impl FnMut() -> Uuid {
        let mut next = 0xf000_u128;
        move || {
            next += 1;
            Uuid::from_u128(next)
        }
    }

    #[test]
    fn every_trade_makes_a_business_that_can_be_saved_in_every_country() {
        assert_eq!(Trade::all().len(), 7);
        for trade in Trade::all() {
            for country in Country::all() {
                let mut business = blank(country.code);
                trade.fill(&mut business, &Piece::ALL, ids());
                assert_eq!(business.mistakes(), Vec::new(), "{} in {}", trade.key, country.code);
                assert!(business.services.iter().all(|service| !service.staff.is_empty()), "{}", trade.key);
                let currency = country.currency().unwrap();
                assert!(business.services.iter().filter_map(|service| service.price).all(|p| p.currency == currency));
            }
        }
    }

    #[test]
    fn nothing_that_is_there_is_replaced_or_doubled() {
        let mut business = salon();
        let before = business.clone();
        Trade::of("hair").unwrap().fill(&mut business, &[Piece::Services], ids());
        assert_eq!(business.services[..3], before.services[..], "the haircut stays as it was");
        assert_eq!(business.services.iter().filter(|service| service.name == "Haircut").count(), 1);
        assert_eq!((business.staff, business.hours), (before.staff, before.hours));
        let mut again = salon();
        Trade::of("hair").unwrap().fill(&mut again, &[Piece::Services, Piece::Services], ids());
        assert_eq!(again.services.len(), business.services.len());
    }

    #[test]
    fn what_is_empty_is_told() {
        let business = salon();
        let empty: Vec<&str> =
            Piece::ALL.into_iter().filter(|piece| piece.is_empty_in(&business)).map(Piece::name).collect();
        assert_eq!(empty, Vec::<&str>::new());
        assert!(Piece::ALL.into_iter().all(|piece| piece.is_empty_in(&blank("US"))));
    }
}
