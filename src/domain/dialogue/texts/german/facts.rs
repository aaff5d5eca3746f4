//! What callers ask beside booking.

use jiff::civil::Date;

use super::{German, and, period, price};
use crate::domain::{
    business::{Business, Service},
    dialogue::texts::{
        Arranging, Facts, Question,
        pieces::{capital, stop, week},
    },
    time::speak::german as speak,
};

impl Facts for German {
    fn price(&self, service: &Service) -> String {
        let (name, length) = (&service.name, speak::minutes(service.minutes));
        match service.price {
            Some(cost) => format!("{name} kostet {} und dauert {length}.", price(cost)),
            None => format!("{name} dauert {length}. Einen Preis habe ich dafür leider nicht."),
        }
    }

    fn prices(&self, business: &Business) -> String {
        let prices: Vec<String> = business
            .services
            .iter()
            .filter_map(|service| Some(format!("{} kostet {}", service.name, price(service.price?))))
            .take(5)
            .collect();
        if prices.is_empty() { "Die Preise habe ich hier leider nicht.".into() } else { stop(and(&prices)) }
    }

    fn services(&self, business: &Business) -> String {
        let names: Vec<String> = business.services.iter().map(|service| service.name.clone()).take(8).collect();
        if names.is_empty() {
            "Ich kann leider noch nichts buchen.".into()
        } else {
            format!("Wir bieten an: {}.", and(&names))
        }
    }

    fn address(&self, business: &Business) -> String {
        match &business.address {
            Some(address) => stop(format!("Sie finden uns hier: {address}")),
            None => "Die Adresse habe ich hier leider nicht.".into(),
        }
    }

    fn who_i_am(&self, business: &Business) -> String {
        format!("Ich bin eine künstliche Intelligenz und gehe für {} ans Telefon.", business.name)
    }

    fn unanswered(&self) -> String {
        "Das weiß ich leider nicht.".into()
    }

    fn pass_question_on(&self) -> Question {
        Question::new("Soll ich Ihre Frage weitergeben, damit Sie jemand zurückruft?")
    }

    fn privacy(&self, business: &Business) -> String {
        format!(
            "Ich bin eine künstliche Intelligenz und notiere, was für Termine nötig ist. Zu allem, was Ihre Daten betrifft, \
             kann ich eine Nachricht für {} hinterlassen.",
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
        format!("{}{comma} haben wir {hours} geöffnet.", capital(&day))
    }

    fn hours_of_week(&self, business: &Business) -> String {
        let open: Vec<String> = week(business)
            .iter()
            .map(|(from, to, periods)| {
                let days = if from == to {
                    speak::weekday(*from).to_owned()
                } else {
                    format!("{} bis {}", speak::weekday(*from), speak::weekday(*to))
                };
                format!("{days} {}", and(&periods.iter().map(period).collect::<Vec<_>>()))
            })
            .collect();
        if open.is_empty() {
            "Die Öffnungszeiten habe ich hier leider nicht.".into()
        } else {
            format!("Wir haben geöffnet: {}.", open.join("; "))
        }
    }
}
