//! A message as it might go out, for whoever writes its words.

use jiff::{Timestamp, civil::date};

use super::{About, Template};
use crate::domain::{
    booking::{CustomerName, Slot},
    business::Business,
    ids::{ServiceId, StaffId},
    phone::PhoneNumber,
};

/// About as long as a customer's link is.
const LINK: &str = "https://deskbell.a-usual-business.example/c/0123456789abcdefghijkl";

/// An appointment that nobody has.
#[derive(Clone, Debug)]
pub struct Sample {
    business: Business,
    slot: Slot,
    name: CustomerName,
    phone: Option<PhoneNumber>,
    home: Option<String>,
    link: Option<String>,
}

impl Sample {
    /// With one of the business's own services, at a usual time. `home` is where this server is found, `link` what the page
    /// of an appointment looks like, if customers can reach them.
    pub fn usual(business: &Business, home: Option<&str>, link: Option<String>) -> Self {
        Self { home: home.map(str::to_owned), link, ..Self::of(business, 0, "Anna Kovács") }
    }

    /// With the longest of everything that it may have to take.
    pub(super) fn longest(business: &Business) -> Self {
        let length = |n: &usize| business.services.get(*n).map_or(0, |service| service.name.chars().count());
        let service = (0..business.services.len()).max_by_key(length).unwrap_or_default();
        let link = Some(LINK.to_owned());
        Self { link, ..Self::of(business, service, "Maximiliana") }
    }

    fn of(business: &Business, service: usize, name: &str) -> Self {
        let zone = business.zone.tz().clone();
        let starts =
            date(2026, 11, 24).at(15, 30, 0, 0).to_zoned(zone).map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp());
        let slot = match business.services.get(service) {
            Some(service) => {
                let nobody = StaffId(uuid::Uuid::nil());
                Slot::at(service, service.staff.first().copied().unwrap_or(nobody), starts)
            }
            None => Slot {
                service: ServiceId(uuid::Uuid::nil()),
                staff: StaffId(uuid::Uuid::nil()),
                starts,
                ends: starts + jiff::SignedDuration::from_mins(30),
            },
        };
        let phone = business.numbers.first().or(business.transfer_to.as_ref()).cloned();
        Self { business: business.clone(), slot, name: CustomerName::new(name), phone, home: None, link: None }
    }

    /// The message as the business's words have it in this language.
    pub fn text(&self, template: Template, language: &str) -> String {
        self.about(language).map_or_else(String::new, |about| about.text(template))
    }

    /// The message in these words, whole, however long it gets.
    pub fn text_in(&self, words: &str, template: Template, language: &str) -> String {
        let Some(about) = self.about(language) else { return words.to_owned() };
        if words.is_empty() { about.built_in(template) } else { about.in_own_words(words, super::CUTS[0]) }
    }

    fn about<'a>(&'a self, language: &'a str) -> Option<About<'a>> {
        // Somebody nearby, who needs no zone.
        static NOBODY: std::sync::LazyLock<Option<PhoneNumber>> =
            std::sync::LazyLock::new(|| "+12125550123".parse().ok());
        Some(About {
            business: &self.business,
            slot: &self.slot,
            name: &self.name,
            phone: self.phone.as_ref().or(NOBODY.as_ref())?,
            home: self.home.as_deref(),
            link: self.link.as_deref(),
            language: Some(language),
        })
    }
}
