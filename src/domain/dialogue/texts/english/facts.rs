//! What callers ask beside booking.

use jiff::civil::Date;

use super::{
    English,
    pieces::{and, capital, lower, period, stop, with_article},
};
use crate::domain::{
    business::{Business, Service},
    dialogue::texts::{Arranging, Facts, Question, pieces::week},
    time::speak::{self, weekday},
};

impl Facts for English {
    fn price(&self, service: &Service) -> String {
        let length = speak::minutes(service.minutes);
        match service.price {
            Some(price) => {
                format!("{} is {} and takes {length}.", capital(&with_article(&service.name)), price.spoken())
            }
            None => format!("{} takes {length}. I don't have a price for it.", capital(&with_article(&service.name))),
        }
    }

    fn prices(&self, business: &Business) -> String {
        let prices: Vec<String> = business
            .services
            .iter()
            .filter_map(|service| Some(format!("{} is {}", with_article(&service.name), service.price?.spoken())))
            .take(5)
            .collect();
        if prices.is_empty() {
            "I'm afraid I don't have the prices here.".into()
        } else {
            format!("{}.", capital(&and(&prices)))
        }
    }

    fn services(&self, business: &Business) -> String {
        let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).take(8).collect();
        if names.is_empty() {
            "I'm afraid I can't book anything yet.".into()
        } else {
            format!("We offer {}.", and(&names))
        }
    }

    fn address(&self, business: &Business) -> String {
        match &business.address {
            Some(address) => stop(format!("We're at {address}")),
            None => "I'm afraid I don't have the address here.".into(),
        }
    }

    fn who_i_am(&self, business: &Business) -> String {
        format!("I'm an AI assistant answering the phone for {}.", business.name)
    }

    fn unanswered(&self) -> String {
        "I'm afraid I don't know that.".into()
    }

    fn pass_question_on(&self) -> Question {
        Question::new("Shall I pass your question on, so that somebody calls you back?")
    }

    fn privacy(&self, business: &Business) -> String {
        format!(
            "I'm an AI assistant, and I note down what's needed for appointments. For anything about your data, I can \
             leave a message for {}.",
            business.name
        )
    }

    fn hours_on(&self, business: &Business, date: Date, today: Date) -> String {
        let periods = business.open_on(date);
        if periods.is_empty() {
            return self.closed(business, date);
        }
        let day = speak::on_day(date, today);
        let comma = if day.contains(',') { "," } else { "" };
        stop(format!("{}{comma} we're open {}", capital(&day), and(&periods.iter().map(period).collect::<Vec<_>>())))
    }

    fn hours_of_week(&self, business: &Business) -> String {
        let open: Vec<String> = week(business)
            .iter()
            .map(|(from, to, periods)| {
                let days = if from == to {
                    weekday(*from).to_owned()
                } else {
                    format!("{} to {}", weekday(*from), weekday(*to))
                };
                format!("{days} {}", and(&periods.iter().map(period).collect::<Vec<_>>()))
            })
            .collect();
        if open.is_empty() {
            "I'm afraid I don't have the opening hours here.".into()
        } else {
            stop(format!("We're open {}", open.join("; ")))
        }
    }
}
