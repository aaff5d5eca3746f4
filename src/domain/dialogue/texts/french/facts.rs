//! What callers ask beside booking.

use jiff::civil::Date;

use super::{French, and, period, price};
use crate::domain::{
    business::{Business, Service},
    dialogue::texts::{
        Arranging, Facts, Question,
        pieces::{capital, lower, stop, week},
    },
    time::speak::french as speak,
};

impl Facts for French {
    fn price(&self, service: &Service) -> String {
        let (name, length) = (capital(&lower(&service.name)), speak::minutes(service.minutes));
        match service.price {
            Some(cost) => format!("{name} : cela coûte {} et dure {length}.", price(cost)),
            None => format!("{name} : cela dure {length}. Je n'ai pas le prix."),
        }
    }

    fn prices(&self, business: &Business) -> String {
        let prices: Vec<String> = business
            .services
            .iter()
            .filter_map(|service| Some(format!("{} coûte {}", lower(&service.name), price(service.price?))))
            .take(5)
            .collect();
        if prices.is_empty() {
            "Je n'ai malheureusement pas les prix ici.".into()
        } else {
            stop(capital(&and(&prices)))
        }
    }

    fn services(&self, business: &Business) -> String {
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).take(8).collect();
        if names.is_empty() {
            "Je ne peux malheureusement encore rien réserver.".into()
        } else {
            format!("Nous proposons {}.", and(&names))
        }
    }

    fn address(&self, business: &Business) -> String {
        match &business.address {
            Some(address) => stop(format!("Notre adresse est {address}")),
            None => "Je n'ai malheureusement pas l'adresse ici.".into(),
        }
    }

    fn who_i_am(&self, business: &Business) -> String {
        format!("Je suis une intelligence artificielle et je réponds au téléphone pour {}.", business.name)
    }

    fn unanswered(&self) -> String {
        "Malheureusement, je ne sais pas.".into()
    }

    fn pass_question_on(&self) -> Question {
        Question::new("Voulez-vous que je transmette votre question pour qu'on vous rappelle ?")
    }

    fn privacy(&self, business: &Business) -> String {
        format!(
            "Je suis une intelligence artificielle et je note ce qu'il faut pour les rendez-vous. Pour tout ce qui touche à \
             vos données, je peux laisser un message pour {}.",
            business.name
        )
    }

    fn hours_on(&self, business: &Business, date: Date, today: Date) -> String {
        let periods = business.open_on(date);
        if periods.is_empty() {
            return self.closed(business, date);
        }
        let hours = and(&periods.iter().map(period).collect::<Vec<_>>());
        format!("{}, nous sommes ouverts {hours}.", capital(&speak::day(date, today)))
    }

    fn hours_of_week(&self, business: &Business) -> String {
        let open: Vec<String> = week(business)
            .iter()
            .map(|(from, to, periods)| {
                let days = if from == to {
                    format!("le {}", speak::weekday(*from))
                } else {
                    format!("du {} au {}", speak::weekday(*from), speak::weekday(*to))
                };
                format!("{days} {}", and(&periods.iter().map(period).collect::<Vec<_>>()))
            })
            .collect();
        if open.is_empty() {
            "Je n'ai malheureusement pas les horaires ici.".into()
        } else {
            format!("Nous sommes ouverts {}.", open.join(" ; "))
        }
    }
}
