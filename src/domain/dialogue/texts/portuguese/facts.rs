//! What callers ask beside booking.

use jiff::civil::Date;

use super::{Portuguese, and, period, price};
use crate::domain::{
    business::{Business, Service},
    dialogue::texts::{
        Arranging, Facts, Question,
        pieces::{capital, lower, stop, week},
    },
    time::speak::portuguese as speak,
};

impl Facts for Portuguese {
    fn price(&self, service: &Service) -> String {
        let (name, length) = (capital(&lower(&service.name)), speak::minutes(service.minutes));
        match service.price {
            Some(cost) => format!("{name}: custa {} e leva {length}.", price(cost)),
            None => format!("{name}: leva {length}. O preço não tenho aqui."),
        }
    }

    fn prices(&self, business: &Business) -> String {
        let prices: Vec<String> = business
            .services
            .iter()
            .filter_map(|service| Some(format!("{} custa {}", lower(&service.name), price(service.price?))))
            .take(5)
            .collect();
        if prices.is_empty() { "Lamento, aqui não tenho os preços.".into() } else { stop(capital(&and(&prices))) }
    }

    fn services(&self, business: &Business) -> String {
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).take(8).collect();
        if names.is_empty() {
            "Lamento, ainda não posso reservar nada.".into()
        } else {
            format!("Oferecemos {}.", and(&names))
        }
    }

    fn address(&self, business: &Business) -> String {
        match &business.address {
            Some(address) => stop(format!("O nosso endereço é {address}")),
            None => "Lamento, aqui não tenho o endereço.".into(),
        }
    }

    fn who_i_am(&self, business: &Business) -> String {
        format!("Sou uma inteligência artificial e atendo o telefone de {}.", business.name)
    }

    fn unanswered(&self) -> String {
        "Lamento, isso não sei.".into()
    }

    fn pass_question_on(&self) -> Question {
        Question::new("Quer que eu transmita a sua pergunta para que liguem de volta?")
    }

    fn privacy(&self, business: &Business) -> String {
        format!(
            "Sou uma inteligência artificial e anoto o que é preciso para as reservas. Para tudo o que diz respeito aos seus \
             dados posso deixar um recado a {}.",
            business.name
        )
    }

    fn hours_on(&self, business: &Business, date: Date, today: Date) -> String {
        let periods = business.open_on(date);
        if periods.is_empty() {
            return self.closed(business, date);
        }
        let hours = and(&periods.iter().map(period).collect::<Vec<_>>());
        let day = speak::on_day(date, today);
        let comma = if day.contains(',') { "," } else { "" };
        format!("{}{comma} abrimos {hours}.", capital(&day))
    }

    fn hours_of_week(&self, business: &Business) -> String {
        let open: Vec<String> = week(business)
            .iter()
            .map(|(from, to, periods)| {
                let days = if from == to {
                    speak::weekday(*from).to_owned()
                } else {
                    format!("de {} a {}", speak::weekday(*from), speak::weekday(*to))
                };
                format!("{days} {}", and(&periods.iter().map(period).collect::<Vec<_>>()))
            })
            .collect();
        if open.is_empty() {
            "Lamento, aqui não tenho o horário.".into()
        } else {
            format!("Abrimos {}.", open.join("; "))
        }
    }
}
