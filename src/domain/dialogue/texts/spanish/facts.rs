//! What callers ask beside booking.

use jiff::civil::Date;

use super::{Spanish, and, period, price};
use crate::domain::{
    business::{Business, Service},
    dialogue::texts::{
        Arranging, Facts, Question,
        pieces::{capital, lower, stop, week},
    },
    time::speak::spanish as speak,
};

impl Facts for Spanish {
    fn price(&self, service: &Service) -> String {
        let (name, length) = (capital(&lower(&service.name)), speak::minutes(service.minutes));
        match service.price {
            Some(cost) => format!("{name}: cuesta {} y dura {length}.", price(cost)),
            None => format!("{name}: dura {length}. No tengo el precio."),
        }
    }

    fn prices(&self, business: &Business) -> String {
        let prices: Vec<String> = business
            .services
            .iter()
            .filter_map(|service| Some(format!("{} cuesta {}", lower(&service.name), price(service.price?))))
            .take(5)
            .collect();
        if prices.is_empty() { "Lo siento, aquí no tengo los precios.".into() } else { stop(capital(&and(&prices))) }
    }

    fn services(&self, business: &Business) -> String {
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).take(8).collect();
        if names.is_empty() {
            "Lo siento, todavía no puedo reservar nada.".into()
        } else {
            format!("Ofrecemos {}.", and(&names))
        }
    }

    fn address(&self, business: &Business) -> String {
        match &business.address {
            Some(address) => stop(format!("Estamos en {address}")),
            None => "Lo siento, aquí no tengo la dirección.".into(),
        }
    }

    fn who_i_am(&self, business: &Business) -> String {
        format!("Soy una inteligencia artificial y atiendo el teléfono de {}.", business.name)
    }

    fn unanswered(&self) -> String {
        "Lo siento, eso no lo sé.".into()
    }

    fn pass_question_on(&self) -> Question {
        Question::new("¿Quiere que les pase su pregunta para que le llamen?")
    }

    fn privacy(&self, business: &Business) -> String {
        format!(
            "Soy una inteligencia artificial y apunto lo que hace falta para las citas. Para cualquier cosa \
             sobre sus datos puedo dejar un recado a {}.",
            business.name
        )
    }

    fn hours_on(&self, business: &Business, date: Date, today: Date) -> String {
        let periods = business.open_on(date);
        if periods.is_empty() {
            return self.closed(business, date);
        }
        let hours = and(&periods.iter().map(period).collect::<Vec<_>>());
        format!("{} abrimos {hours}.", capital(&speak::day(date, today)))
    }

    fn hours_of_week(&self, business: &Business) -> String {
        let open: Vec<String> = week(business)
            .iter()
            .map(|(from, to, periods)| {
                let days = if from == to {
                    format!("el {}", speak::weekday(*from))
                } else {
                    format!("de {} a {}", speak::weekday(*from), speak::weekday(*to))
                };
                format!("{days} {}", and(&periods.iter().map(period).collect::<Vec<_>>()))
            })
            .collect();
        if open.is_empty() {
            "Lo siento, aquí no tengo el horario.".into()
        } else {
            format!("Abrimos {}.", open.join("; "))
        }
    }
}
