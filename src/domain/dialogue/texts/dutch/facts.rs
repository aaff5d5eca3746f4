//! What callers ask beside booking.

use jiff::civil::Date;

use super::{Dutch, and, period, price};
use crate::domain::{
    business::{Business, Service},
    dialogue::texts::{
        Arranging, Facts, Question,
        pieces::{capital, lower, stop, week},
    },
    time::speak::dutch as speak,
};

impl Facts for Dutch {
    fn price(&self, service: &Service) -> String {
        let (name, length) = (capital(&lower(&service.name)), speak::minutes(service.minutes));
        match service.price {
            Some(cost) => format!("{name} kost {} en duurt {length}.", price(cost)),
            None => format!("{name} duurt {length}. Een prijs heb ik daar helaas niet van."),
        }
    }

    fn prices(&self, business: &Business) -> String {
        let prices: Vec<String> = business
            .services
            .iter()
            .filter_map(|service| Some(format!("{} kost {}", lower(&service.name), price(service.price?))))
            .take(5)
            .collect();
        if prices.is_empty() { "De prijzen heb ik hier helaas niet.".into() } else { stop(capital(&and(&prices))) }
    }

    fn services(&self, business: &Business) -> String {
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).take(8).collect();
        if names.is_empty() { "Ik kan helaas nog niets boeken.".into() } else { format!("We bieden {}.", and(&names)) }
    }

    fn address(&self, business: &Business) -> String {
        match &business.address {
            Some(address) => stop(format!("Ons adres is {address}")),
            None => "Het adres heb ik hier helaas niet.".into(),
        }
    }

    fn who_i_am(&self, business: &Business) -> String {
        format!("Ik ben een kunstmatige intelligentie en neem de telefoon op voor {}.", business.name)
    }

    fn unanswered(&self) -> String {
        "Dat weet ik helaas niet.".into()
    }

    fn pass_question_on(&self) -> Question {
        Question::new("Zal ik uw vraag doorgeven, zodat iemand u terugbelt?")
    }

    fn privacy(&self, business: &Business) -> String {
        format!(
            "Ik ben een kunstmatige intelligentie en noteer wat nodig is voor afspraken. Voor alles over uw gegevens kan ik \
             een boodschap achterlaten voor {}.",
            business.name
        )
    }

    fn hours_on(&self, business: &Business, date: Date, today: Date) -> String {
        let periods = business.open_on(date);
        if periods.is_empty() {
            return self.closed(business, date);
        }
        let hours = and(&periods.iter().map(period).collect::<Vec<_>>());
        format!("{} zijn we open {hours}.", capital(&speak::on_day(date, today)))
    }

    fn hours_of_week(&self, business: &Business) -> String {
        let open: Vec<String> = week(business)
            .iter()
            .map(|(from, to, periods)| {
                let days = if from == to {
                    speak::weekday(*from).to_owned()
                } else {
                    format!("{} tot en met {}", speak::weekday(*from), speak::weekday(*to))
                };
                format!("{days} {}", and(&periods.iter().map(period).collect::<Vec<_>>()))
            })
            .collect();
        if open.is_empty() {
            "De openingstijden heb ik hier helaas niet.".into()
        } else {
            format!("We zijn open op {}.", open.join("; "))
        }
    }
}
