//! Arranging an appointment, up to the yes.

use jiff::{
    Zoned,
    civil::{Date, DateTime},
};

use super::{
    English,
    pieces::{and, capital, first, lower, or, spelled, stop, thing, vary, what, wish as wished, with_article, yours},
};
use crate::domain::{
    booking::{Booking, Slot},
    business::{Business, Service},
    dialogue::{
        Task,
        texts::{Arranging, Facts, Question, ReadBack, Wish},
    },
    ids::StaffId,
    time::{
        Resolution,
        speak::{self, ordinal, weekday},
    },
};

impl Arranging for English {
    fn which_service_at(&self, business: &Business, wish: Wish, now: &Zoned) -> Question {
        let understood = wished(business, wish, now.date());
        let told = understood.map_or_else(String::new, |wish| stop(format!("{}, sure", capital(&wish))));
        what_to_book(business).after(told)
    }

    fn which_service(&self, services: &[&Service]) -> Question {
        let names: Vec<String> = services.iter().map(|service| with_article(&service.name)).collect();
        Question::new(format!("Do you mean {}?", or(&names)))
    }

    fn no_such_service(&self, business: &Business) -> Question {
        Question::new("Which would you like?")
            .after(format!("I'm afraid we don't offer that. {}", self.services(business)))
    }

    fn no_such_staff(&self, business: &Business) -> String {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        format!("I don't know anybody of that name here. We have {}.", and(&names))
    }

    fn which_staff(&self, names: &[&str]) -> Question {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Question::new(format!("Do you mean {}?", or(&names)))
    }

    fn not_offered_by(&self, business: &Business, service: &Service, staff: StaffId) -> String {
        let who: Vec<String> = business.offering(service).map(|member| member.name.clone()).collect();
        let member = business.member(staff).map_or("They", |member| &member.name);
        let verb = if who.len() == 1 { "does" } else { "do" };
        format!("{member} doesn't offer {}, but {} {verb}.", with_article(&service.name), and(&who))
    }

    fn when(&self, task: Task, business: &Business, wish: Wish, turn: u16) -> Question {
        if task == Task::Move {
            return Question::new("What day and time would suit you instead?");
        }
        let asks = "When would you like to come in?";
        if wish.service.is_none() && wish.staff.is_none() {
            return Question::new(asks);
        }
        let what = thing(business, wish.service, wish.staff);
        Question::new(asks).after(format!("{}, {what}.", vary(turn, &["Sure", "Alright"])))
    }

    fn when_instead(&self, turn: u16) -> Question {
        Question::new("What day and time would suit you better?").after(vary(turn, &["No problem.", "That's alright."]))
    }

    fn next_free_time(&self) -> Question {
        Question::new("Shall I tell you the next free time?")
    }

    fn which_time(&self, meant: &[Zoned], whole_days: bool, now: &Zoned) -> Question {
        let today = now.date();
        let same_day = meant.iter().all(|at| meant.first().is_some_and(|first| first.date() == at.date()));
        let said: Vec<String> = meant
            .iter()
            .map(|at| match (whole_days, same_day) {
                (true, _) => speak::day(at.date(), today),
                (false, true) => speak::time_of(at),
                (false, false) => speak::moment(at, now),
            })
            .collect();
        Question::new(format!("Which one did you mean: {}?", or(&said)))
    }

    fn clocks_go_back(&self, first: &Zoned, second: &Zoned) -> Question {
        let asks = format!("Which one did you mean: {}, or {}?", speak::time_of(first), speak::time_of(second));
        let time = speak::time(first.time());
        Question::new(asks).after(format!("The clocks go back that night, so {time} comes twice."))
    }

    fn clocks_go_forward(&self, asked: DateTime, next: &Zoned, today: Date) -> Question {
        let (time, day) = (speak::time(asked.time()), speak::day(asked.date(), today));
        Question::new("Would that suit you?").after(format!(
            "The clocks go forward that night, so {time} doesn't exist on {day}. {}",
            stop(format!("I could do {}", speak::time(next.time())))
        ))
    }

    fn time_problem(&self, problem: &Resolution, now: &Zoned) -> Question {
        let today = now.date();
        match problem {
            Resolution::Past { asked } => {
                let day = speak::day(asked.date(), today);
                // A whole day that is over has no time of day to be said.
                let passed = match (asked.time() == jiff::civil::Time::midnight(), asked.date() == today) {
                    (true, false) => format!("I'm afraid {day} has already passed."),
                    (true, true) => "I'm afraid it's too late for that today.".to_owned(),
                    (false, _) => {
                        format!("I'm afraid {day} at {} has already passed.", speak::time(asked.time()))
                    }
                };
                Question::new("When would you like to come in?").after(passed)
            }
            Resolution::NoSuchDate { last, .. } => Question::new("Which day did you mean?")
                .after(format!("There's no such day. The last day of that month is {}.", speak::day(*last, today))),
            Resolution::WrongWeekday { said, date } => Question::new("Which day did you mean?").after(format!(
                "The {} is a {}, not a {}.",
                ordinal(date.day()),
                weekday(date.weekday()),
                weekday(*said),
            )),
            Resolution::TooFar { last } => Question::new("Which day before that would you like?")
                .after(format!("We book until {} at the moment.", speak::day(*last, today))),
            _ => Question::new("Which day and time would you like?").after("Sorry, I didn't get the time."),
        }
    }

    fn closed(&self, business: &Business, date: Date) -> String {
        match business.exception_on(date).map(|exception| &exception.reason) {
            Some(Some(reason)) => stop(format!("We're closed that day, for {reason}")),
            Some(None) => "We're closed that day.".into(),
            None => format!("We're closed on {}s.", weekday(date.weekday())),
        }
    }

    fn nothing_free(&self, day: Option<(Date, Date)>) -> String {
        match day {
            Some((day, today)) => format!("I'm afraid there's nothing free {}.", speak::on_day(day, today)),
            None => "I'm afraid there's nothing free then.".into(),
        }
    }

    fn nothing_at_all(&self) -> Question {
        Question::new("Which other day would work for you?").after("I'm sorry, I couldn't find anything free there.")
    }

    fn offers(&self, starts: &[Zoned], now: &Zoned) -> String {
        let mut said: Option<Date> = None;
        let parts: Vec<String> = starts
            .iter()
            .map(|at| {
                let known = said.replace(at.date()) == Some(at.date());
                if known { speak::time_of(at) } else { speak::moment(at, now) }
            })
            .collect();
        or(&parts)
    }

    fn not_free_then(&self, at: &Zoned, closed: Option<String>, offers: &str) -> String {
        match closed {
            Some(closed) => format!("{closed} {}", stop(format!("The nearest I have is {offers}"))),
            None => stop(format!("I'm afraid {} isn't free. I have {offers}", speak::time(at.time()))),
        }
    }

    fn free(&self, business: &Business, wish: Wish, offers: &str, turn: u16) -> String {
        if wish.service.is_none() && wish.staff.is_none() {
            return stop(format!("{} {offers}", vary(turn, &["I have", "I could do"])));
        }
        stop(format!("For {} I have {offers}", thing(business, wish.service, wish.staff)))
    }

    fn free_at_that_time(&self, offers: &str) -> String {
        stop(format!("At that time I have {offers}"))
    }

    fn nearest_to_that_time(&self, offers: &str) -> String {
        stop(format!("I have nothing at exactly that time, but {offers}"))
    }

    fn next_free(&self, offers: &str) -> String {
        stop(format!("I could offer you {offers}"))
    }

    fn nothing_beyond(&self, later: bool) -> String {
        format!("There's nothing {}, I'm afraid.", if later { "later" } else { "earlier" })
    }

    fn others(&self, offers: &str) -> Question {
        Question::new("Would one of those work, or what would suit you better?")
            .after(stop(format!("No problem. I also have {offers}")))
    }

    fn which_suits(&self, count: usize, turn: u16) -> String {
        if count == 1 {
            vary(turn, &["Would that suit you?", "Does that work for you?"])
        } else {
            vary(turn, &["Which would suit you?", "Which one would you like?"])
        }
    }

    fn which_one(&self, count: usize, offers: &str) -> Question {
        match count {
            0 | 1 => Question::new(format!("Would {offers} work?")),
            _ => Question::new(format!("Which one: {offers}?")),
        }
    }

    fn just_taken(&self) -> String {
        "I'm sorry, somebody has just taken that time.".into()
    }

    fn not_on_offer(&self) -> String {
        "I'm sorry, I can't book that time.".into()
    }

    fn is_free(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
        let who = match business.member(slot.staff) {
            Some(member) if business.staff.len() > 1 => format!(" with {}", member.name),
            _ => String::new(),
        };
        format!("{}{who} is free.", capital(&speak::moment(starts, now)))
    }

    fn your_name(&self) -> Question {
        Question::new("May I have your name, please?")
    }

    fn spell_it(&self, name: Option<&str>) -> Question {
        match name {
            Some(name) => Question::new("Could you spell it for me, letter by letter?")
                .after(format!("I have {}, but I'm not sure I got that right.", name.trim())),
            None => Question::new("Could you spell your name for me, letter by letter?"),
        }
    }

    fn your_number(&self, name: Option<&str>) -> Question {
        let told = name.map_or_else(String::new, |name| format!("Thank you, {}.", first(name)));
        Question::new("And what number can we reach you at?").after(told)
    }

    fn number_by_keys(&self) -> Question {
        Question::new("Could you type the number on your phone's keys?").after("I'm sorry, I didn't get the number.")
    }

    fn without_number(&self) -> String {
        "Never mind the number.".into()
    }

    fn rest_of_number(&self, digits: usize) -> Question {
        if digits == 0 {
            Question::new("Could you tell me the number again, digit by digit?")
        } else {
            Question::new("Yes, go on.")
        }
    }

    fn read_back(&self, business: &Business, read: &ReadBack<'_>, now: &Zoned) -> Question {
        let starts = speak::in_full(read.starts, now);
        let name = if read.name.is_empty() { "you" } else { read.name };
        let mut parts = vec![format!("That's {}, {starts}, for {name}", what(business, read.slot))];
        parts.extend(read.spelled.then(|| format!("spelled {}", spelled(read.name))));
        parts.extend(read.number.map(|number| format!("and your number is {number}")));
        parts.extend(read.email.map(|address| format!("and your e-mail is {}", address.spoken())));
        let mut told = stop(parts.join(", "));
        let party = read.party.map(|party| format!("that there are {party} of you"));
        let more: Vec<String> = party.into_iter().chain(read.note.map(|_| "what you told me".to_owned())).collect();
        if !more.is_empty() {
            told.push_str(&stop(format!(" I'll pass on {}", and(&more))));
        }
        Question::new("Shall I book it?").after(told)
    }

    fn read_back_move(&self, business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> Question {
        let told = format!(
            "I'd move {} from {} to {}",
            yours(business, slot),
            speak::in_full(old, now),
            speak::in_full(starts, now)
        );
        Question::new("Is that right?").after(stop(told))
    }

    fn who_instead(&self, business: &Business) -> Question {
        let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
        Question::new(format!("Who would you like instead: {}?", or(&names)))
    }

    fn right_name(&self) -> Question {
        Question::new("What's the right name?").after("Sorry about that.")
    }

    fn right_number(&self) -> Question {
        Question::new("What's the right number?").after("Sorry about that.")
    }

    fn extension(&self, digits: &str) -> String {
        format!("extension {digits}")
    }

    fn just_to_be_sure(&self) -> String {
        "Just to be sure.".into()
    }

    fn before_you_go(&self) -> Question {
        Question::new("Before you go: shall I book it?")
    }

    fn what_to_change(&self) -> Question {
        Question::new("What should I change?").after("Alright.")
    }

    fn booked(&self, booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " You'll get a text message with the details." } else { "" };
        let booked = format!("You're booked, {}: {}", booking.customer.name.first(), speak::in_full(starts, now));
        format!("{}{text}", stop(booked))
    }

    fn noted(&self, booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
        let kept = format!(
            "Thank you, {}. I've put you down for {}",
            booking.customer.name.first(),
            speak::in_full(starts, now)
        );
        format!("{} We'll confirm it by text message.", stop(kept))
    }

    fn moved(&self, starts: &Zoned, now: &Zoned, texted: bool) -> String {
        let text = if texted { " You'll get a text message with the new time." } else { "" };
        format!("{}{text}", stop(format!("Done, your appointment is now {}", speak::in_full(starts, now))))
    }

    fn note_passed_on(&self) -> String {
        "And I've passed on what you told me.".into()
    }

    fn note_not_passed_on(&self) -> String {
        "I couldn't pass on what you told me, so please mention it when you come in.".into()
    }

    fn confirm_unknown(&self) -> Question {
        Question::new("Shall I also leave a message, so that somebody calls you back?")
            .after("I'm sorry, I can't tell yet whether that went through. If it did, you'll get a text message.")
    }

    fn too_many(&self) -> Question {
        Question::new("Shall I take a message instead?").after("I'm sorry, I can't make more bookings on this call.")
    }

    fn by_page(&self) -> Question {
        Question::new("Shall I also take a message?").after(
            "I'm sorry, I can't book that myself right now. I've texted you the address of a page where you can.",
        )
    }

    fn done_already(&self) -> Question {
        Question::new("Would you like to move it or cancel it?").after("That one is booked already.")
    }

    fn never_mind(&self) -> String {
        "Alright, I've left it.".into()
    }

    fn not_booked_yet(&self) -> String {
        "It isn't booked yet.".into()
    }

    fn let_me_see(&self) -> String {
        "I'd have to look that up first.".into()
    }
}

pub(super) fn what_to_book(business: &Business) -> Question {
    let names: Vec<String> = business.services.iter().map(|service| lower(&service.name)).collect();
    Question::new(match names.len() {
        0 => "What can I do for you?".to_owned(),
        1..=4 => format!("What would you like to book: {}?", or(&names)),
        _ => "What would you like to book?".to_owned(),
    })
}
