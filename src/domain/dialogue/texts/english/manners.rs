//! Hello, goodbye, and what is said when something is wrong.

use jiff::Zoned;

use super::{
    English,
    arranging::what_to_book,
    pieces::{first, lower, or, stop, vary, what},
};
use crate::domain::{
    booking::Booking,
    business::Business,
    call::Outcome,
    dialogue::{
        Asked, Task,
        texts::{Arranging, Manners, Question, ReadBack, Repair},
    },
    time::speak,
};

impl Manners for English {
    fn greeting(&self, business: &str) -> String {
        format!("Thanks for calling {business}. How can I help you?")
    }

    fn how_can_i_help(&self) -> Question {
        Question::new("How can I help you?")
    }

    fn hello(&self, name: &str) -> Question {
        Question::new("How can I help you?").after(format!("Hello {}.", first(name)))
    }

    fn anything_else(&self, turn: u16) -> Question {
        Question::new(vary(
            turn,
            &["Is there anything else I can do for you?", "Is there anything else?", "Anything else I can do for you?"],
        ))
    }

    fn goodbye(&self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Booked | Outcome::Moved => "Wonderful. We look forward to seeing you. Goodbye!".into(),
            _ => "Thank you for calling. Goodbye!".into(),
        }
    }

    fn unfinished_goodbye(&self, task: Task) -> String {
        let left = if task == Task::Move { "your appointment stays as it is" } else { "nothing is booked yet" };
        format!("Alright, {left}. Please call again any time. Goodbye!")
    }

    fn silent_goodbye(&self) -> String {
        "I can't hear you any more, so I'll hang up now. Please call again any time. Goodbye!".into()
    }

    fn are_you_there(&self) -> String {
        "Are you still there?".into()
    }

    fn still_there_again(&self) -> String {
        "I'm still here.".into()
    }

    fn one_moment(&self) -> String {
        "One moment, please.".into()
    }

    fn hold_on(&self, turn: u16) -> String {
        vary(turn, &["One moment, please.", "Let me see.", "Just a second."])
    }

    fn say_again(&self) -> String {
        "Sorry, let me say that again.".into()
    }

    fn cut_off(&self) -> String {
        "Sorry, we were cut off for a second.".into()
    }

    fn too_long(&self) -> String {
        "Sorry, that was a lot at once. Could you say it a little shorter?".into()
    }

    fn time_almost_up(&self) -> String {
        "Just so you know, I have to end this call in two minutes.".into()
    }

    fn time_up(&self) -> String {
        "I'm sorry, I have to end the call here. Please call again and we'll go on. Goodbye!".into()
    }

    fn stopping(&self) -> String {
        "I'm sorry, I have to end the call here. Please call again in a minute. Goodbye!".into()
    }

    fn failed(&self) -> String {
        "I'm sorry, something went wrong on my side. Please call again. Goodbye!".into()
    }

    fn emergency(&self, country: &str) -> String {
        let number = match country {
            "US" | "CA" => "9 1 1",
            "GB" | "IE" => "9 9 9",
            "AU" => "triple zero",
            "NZ" => "1 1 1",
            _ => "1 1 2",
        };
        format!("If this is an emergency, please hang up and call {number} right away.")
    }

    fn sensitive(&self) -> String {
        "Please don't tell me card or identity numbers. I don't need them and I haven't kept that.".into()
    }

    fn system_down(&self) -> Question {
        Question::new("Shall I take a message instead?")
            .after("I'm sorry, I can't reach the appointment book right now.")
    }

    fn sorry(&self, turn: u16) -> String {
        vary(turn, &["Sorry, I didn't catch that.", "Sorry, I missed that."])
    }

    fn not_understood(&self, asked: Asked, repair: Repair, business: &Business) -> Question {
        match repair {
            Repair::Rephrased => rephrased(asked, business),
            Repair::AnotherWay => another_way(asked, business),
        }
    }

    fn way_out(&self, transfer: bool) -> Question {
        let asks = if transfer {
            "Shall I put you through to somebody?"
        } else {
            "Shall I take a message, so that somebody can call you back?"
        };
        Question::new(asks).after("I'm sorry, I'm having trouble understanding.")
    }

    fn go_on(&self) -> String {
        "Alright, let's try again.".into()
    }

    fn wrong_number(&self, business: &Business) -> String {
        format!("No problem at all, this is {}. Have a nice day. Goodbye!", business.name)
    }

    fn be_kind(&self) -> String {
        "I understand you're upset. I'm glad to help if we keep it friendly.".into()
    }

    fn unkind_goodbye(&self) -> String {
        "I'm going to end the call here. Please call again any time. Goodbye!".into()
    }

    fn putting_through(&self) -> String {
        "Of course. One moment, I'll put you through.".into()
    }

    fn nobody_free(&self) -> Question {
        Question::new("What should I tell them?")
            .after("Nobody can come to the phone right now, but I'll pass on a message.")
    }

    fn what_message(&self) -> Question {
        Question::new("What should I tell them?").after("Sure.")
    }

    fn note_taken(&self) -> String {
        "Thank you, I'll pass that on.".into()
    }

    fn note_failed(&self) -> String {
        "I'm sorry, I couldn't save your message. Please call again a little later.".into()
    }

    fn note_on(&self, business: &Business, booking: &Booking, starts: &Zoned, said: &ReadBack<'_>) -> String {
        let mut parts = Vec::new();
        parts.extend(said.party.map(|party| format!("party of {party}")));
        parts.extend(said.email.map(|email| format!("e-mail {}", email.as_str())));
        parts.extend(said.note.map(|note| format!("\"{note}\"")));
        let (what, when) = (what(business, booking.slot), speak::written(starts, false));
        format!("About {what} on {when}, {}: {}", booking.customer.name.as_str(), parts.join("; "))
    }

    fn late_note(&self, words: &str) -> String {
        format!("Running late: \"{words}\"")
    }

    fn cannot_say(&self) -> String {
        "I'm afraid I can't help with that.".into()
    }

    fn nothing_passed_on_yet(&self) -> String {
        "I haven't passed anything on yet.".into()
    }

    fn asked_for(&self, question: &str) -> Option<Asked> {
        super::asked::asked_for(question)
    }
}

fn rephrased(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Sorry, which day and time would you like?"),
        Asked::Service => what_to_book(business).after("Sorry, I didn't get that."),
        Asked::Staff => Question::new("Sorry, who would you like to come to?"),
        Asked::Name | Asked::WhoseName => Question::new("Sorry, could you tell me just the name?"),
        Asked::Spelling => Question::new("Sorry, could you spell it once more, letter by letter?"),
        Asked::Phone => Question::new("Sorry, could you give me the number digit by digit?"),
        Asked::WhichDay => Question::new("Sorry, which day is the appointment on?"),
        Asked::OfferMessage | Asked::OfferSoonest => Question::new("Sorry, was that a yes or a no?"),
        Asked::Change => Question::new("Sorry, what should be different: the time, the service, or the name?"),
        Asked::Message => Question::new("Sorry, what should I tell them?"),
        Asked::AfterAll => Question::new("Sorry, would you like to move it or cancel it?"),
        Asked::Which | Asked::WhichTime | Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("Sorry, I didn't catch that.")
        }
        Asked::Help | Asked::AnythingElse => {
            Question::new("Would you like to book, move or cancel an appointment?").after("Sorry, I didn't get that.")
        }
    }
}

fn another_way(asked: Asked, business: &Business) -> Question {
    match asked {
        Asked::When => Question::new("Shall I just tell you the next free time?")
            .after("I still didn't get the time. You could say, for example, tomorrow at three."),
        Asked::Service => by_keys(business),
        Asked::Staff => {
            let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
            Question::new("Who would you like, or is anybody fine?").after(stop(format!("Here are {}", or(&names))))
        }
        Asked::Name | Asked::WhoseName | Asked::Spelling => {
            Question::new("Could you spell it for me, one letter at a time?").after("I'm having trouble with the name.")
        }
        Asked::Phone => English.number_by_keys(),
        Asked::WhichDay => Question::new("Which day is it on?")
            .after("I still didn't get the day. It could be, say, Tuesday, or the 24th."),
        Asked::Which | Asked::WhichTime => Question::default()
            .after("I'm sorry, let me say it again. You can also press 1 for the first, 2 for the second."),
        Asked::ReadBack | Asked::CancelIt => {
            Question::default().after("I'm sorry. Just say yes or no, or press 1 for yes and 2 for no.")
        }
        Asked::OfferMessage | Asked::OfferSoonest => {
            Question::new("Could you say yes or no, or press 1 for yes and 2 for no?")
        }
        Asked::Change => {
            Question::new("Could you press 1 for the time, 2 for the service, 3 for the name, or 4 for the number?")
        }
        Asked::Message => Question::new("What should I write down?").after("I can pass on a short message."),
        Asked::AfterAll => Question::new("Shall I move it, cancel it, or leave it?"),
        Asked::Help | Asked::AnythingElse => Question::new("What can I do for you?").after(
            "I still didn't get that. You could say, for example: I'd like to book an appointment for tomorrow.",
        ),
    }
}

/// "For a haircut press 1, for a color press 2."
fn by_keys(business: &Business) -> Question {
    let keys: Vec<String> = (1..)
        .zip(business.services.iter().take(9))
        .map(|(key, service)| format!("{key} for {}", lower(&service.name)))
        .collect();
    Question::new(format!("Could you press {}?", or(&keys))).after("I'm sorry, I still didn't get that.")
}
