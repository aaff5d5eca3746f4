//! What callers ask beside booking.

use jiff::civil::Date;

use super::{Italian, and, period, price};
use crate::domain::{
    business::{Business, Service},
    dialogue::texts::{
        Arranging, Facts, Question,
        pieces::{capital, lower, stop, week},
    },
    time::speak::italian as speak,
};

impl Facts for Italian {
    fn price(&self, service: &Service) -> String {
        let (name, length) = (capital(&lower(&service.name)), speak::minutes(service.minutes));
        match service.price {
            Some(cost) => format!("{name}: costa {} e dura {length}.", price(cost)),
            None => format!("{name}: dura {length}. Il prezzo purtroppo non ce l'ho."),
        }
    }

    fn prices(&self, business: &Business) -> String {
        let prices: Vec<String> = business
            .services
            .iter()
            .filter_map(|service| Some(format!("{} costa {}", lower(&service.name), price(service.price?))))
            .take(5)
            .collect();
        if prices.is_empty() { "Purtroppo qui non ho i prezzi.".into() } else { stop(capital(&and(&prices))) }
    }

    fn services(&self, business: &Business) -> String {
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).take(8).collect();
        if names.is_empty() {
            "Purtroppo non posso ancora prenotare nulla.".into()
        } else {
            format!("Offriamo {}.", and(&names))
        }
    }

    fn address(&self, business: &Business) -> String {
        match &business.address {
            Some(address) => stop(format!("Il nostro indirizzo è {address}")),
            None => "Purtroppo qui non ho l'indirizzo.".into(),
        }
    }

    fn who_i_am(&self, business: &Business) -> String {
        format!("Sono un'intelligenza artificiale e rispondo al telefono per {}.", business.name)
    }

    fn unanswered(&self) -> String {
        "Purtroppo non lo so.".into()
    }

    fn pass_question_on(&self) -> Question {
        Question::new("Vuole che riferisca la sua domanda, così la richiamano?")
    }

    fn privacy(&self, business: &Business) -> String {
        format!(
            "Sono un'intelligenza artificiale e prendo nota di ciò che serve per gli appuntamenti. Per tutto ciò che riguarda \
             i suoi dati posso lasciare un messaggio a {}.",
            business.name
        )
    }

    fn hours_on(&self, business: &Business, date: Date, today: Date) -> String {
        let periods = business.open_on(date);
        if periods.is_empty() {
            return self.closed(business, date);
        }
        let hours = and(&periods.iter().map(period).collect::<Vec<_>>());
        format!("{} siamo aperti {hours}.", capital(&speak::day(date, today)))
    }

    fn hours_of_week(&self, business: &Business) -> String {
        let open: Vec<String> = week(business)
            .iter()
            .map(|(from, to, periods)| {
                let days = if from == to {
                    speak::weekday(*from).to_owned()
                } else {
                    format!("da {} a {}", speak::weekday(*from), speak::weekday(*to))
                };
                format!("{days} {}", and(&periods.iter().map(period).collect::<Vec<_>>()))
            })
            .collect();
        if open.is_empty() {
            "Purtroppo qui non ho gli orari.".into()
        } else {
            format!("Siamo aperti {}.", open.join("; "))
        }
    }
}
