//! The caller's own appointments.

use jiff::Zoned;

use super::{
    English,
    pieces::{and, or, stop, what, yours},
};
use crate::domain::{
    booking::Slot,
    business::Business,
    dialogue::texts::{Own, Question},
    time::speak,
};

impl Own for English {
    fn whose_name(&self) -> Question {
        Question::new("What name is the appointment under?").after("Sure.")
    }

    fn which_day(&self) -> Question {
        Question::new("And which day is it on?")
    }

    fn which_of_yours(&self, starts: &[Zoned]) -> Question {
        let times: Vec<String> = starts.iter().map(|at| speak::time(at.time())).collect();
        Question::new(format!("Which one: {}?", or(&times))).after("There's more than one that day.")
    }

    fn no_number(&self) -> Question {
        Question::new("Shall I take a message?")
            .after("I can only look up appointments from the number they were booked with.")
    }

    fn not_found_yet(&self) -> Question {
        Question::new("Could you spell the name it was booked under?")
            .after("I can't find that appointment under this number and name.")
    }

    fn not_found(&self) -> Question {
        Question::new("Shall I take a message, so that somebody looks into it?").after("I still can't find it.")
    }

    fn your_appointments(&self, business: &Business, bookings: &[(Slot, Zoned)], now: &Zoned) -> String {
        let told: Vec<String> = bookings
            .iter()
            .map(|(slot, starts)| format!("{}, {}", what(business, *slot), speak::in_full(starts, now)))
            .collect();
        stop(format!("You have {}", and(&told)))
    }

    fn cancel_it(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        Question::new("Shall I cancel it?").after(stop(format!(
            "That's {}, {}",
            yours(business, slot),
            speak::in_full(starts, now)
        )))
    }

    fn cancelled(&self, starts: &Zoned, now: &Zoned) -> String {
        format!("Your appointment {} is cancelled.", speak::on_day(starts.date(), now.date()))
    }

    fn kept(&self) -> String {
        "Alright, it stays as it is.".into()
    }

    fn gone_already(&self) -> String {
        "That appointment is no longer in the book.".into()
    }

    fn too_late(&self) -> Question {
        Question::new("Shall I leave a message for them?")
            .after("I'm sorry, it's too close to the appointment for me to change it.")
    }

    fn nothing_changed_yet(&self) -> String {
        "Nothing has been changed yet.".into()
    }
}
