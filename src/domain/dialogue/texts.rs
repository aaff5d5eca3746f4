//! Everything the scripted receptionist says, in English. Warm and short; at most one question at the end. Another
//! language is another file like this one.

use jiff::{
    Zoned,
    civil::{Date, Weekday},
};

use super::{Asked, Task};
use crate::domain::{
    booking::{Booking, Slot},
    business::{Business, OpenPeriod, Service},
    call::Outcome,
    ids::StaffId,
    time::{
        Resolution,
        speak::{self, ordinal, weekday},
    },
};

pub(super) fn how_can_i_help() -> &'static str {
    "How can I help you?"
}

pub(super) fn hello(name: &str) -> String {
    format!("Hello {}. How can I help you?", first(name))
}

pub(super) fn anything_else() -> &'static str {
    "Is there anything else I can do for you?"
}

pub(super) fn goodbye(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Booked | Outcome::Moved => "Wonderful. We look forward to seeing you. Goodbye!",
        _ => "Thank you for calling. Goodbye!",
    }
}

pub(super) fn silent_goodbye() -> &'static str {
    "I can't hear you any more, so I'll hang up now. Please call again any time. Goodbye!"
}

pub(super) fn are_you_there() -> &'static str {
    "Are you still there?"
}

pub(super) fn still_there_again() -> &'static str {
    "I'm still here."
}

pub(super) fn one_moment() -> &'static str {
    "One moment, please."
}

pub(super) fn cut_off() -> &'static str {
    "Sorry, we were cut off for a second."
}

pub(super) fn too_long() -> &'static str {
    "Sorry, that was a lot at once. Could you say it a little shorter?"
}

pub(super) fn time_almost_up() -> &'static str {
    "Just so you know, I have to end this call in two minutes."
}

pub(super) fn time_up() -> &'static str {
    "I'm sorry, I have to end the call here. Please call again and we'll go on. Goodbye!"
}

pub(super) fn stopping() -> &'static str {
    "I'm sorry, I have to end the call here. Please call again in a minute. Goodbye!"
}

/// Something is wrong with us.
pub fn failed() -> &'static str {
    "I'm sorry, something went wrong on my side. Please call again. Goodbye!"
}

pub(super) fn emergency(country: &str) -> String {
    let number = match country {
        "US" | "CA" => "9 1 1",
        "GB" | "IE" => "9 9 9",
        "AU" => "triple zero",
        "NZ" => "1 1 1",
        _ => "1 1 2",
    };
    format!("If this is an emergency, please hang up and call {number} right away.")
}

pub(super) fn sensitive() -> &'static str {
    "Please don't tell me card or identity numbers. I don't need them and I haven't kept that."
}

pub(super) fn system_down() -> &'static str {
    "I'm sorry, I can't reach the appointment book right now. Shall I take a message instead?"
}

pub(super) fn not_understood(asked: Asked, times: u8, business: &Business) -> String {
    let first_time = times <= 1;
    match asked {
        Asked::When if first_time => "Sorry, which day and time would you like?".into(),
        Asked::When => {
            "I didn't catch the time. You could say, for example, tomorrow at three, or next Friday morning.".into()
        }
        Asked::Service if first_time => which_service_at(business),
        Asked::Service => format!("I didn't get that. {}", services(business)),
        Asked::Name | Asked::WhoseName if first_time => "Sorry, could you tell me just the name?".into(),
        Asked::Name | Asked::WhoseName => "I'm having trouble with the name. Could you spell it for me?".into(),
        Asked::Phone => "Sorry, could you give me the number digit by digit?".into(),
        Asked::WhichDay => "Sorry, which day is the appointment on?".into(),
        Asked::Which | Asked::ReadBack | Asked::CancelIt => "Sorry, I didn't catch that.".into(),
        Asked::OfferMessage => "Sorry, was that a yes or a no?".into(),
        _ if first_time => "Sorry, I didn't get that. Would you like to book, move or cancel an appointment?".into(),
        _ => {
            "I still didn't get that. You could say, for example: I'd like to book an appointment for tomorrow.".into()
        }
    }
}

pub(super) fn way_out(transfer: bool) -> &'static str {
    if transfer {
        "I'm sorry, I'm having trouble understanding. Shall I put you through to somebody?"
    } else {
        "I'm sorry, I'm having trouble understanding. Shall I take a message, so that somebody can call you back?"
    }
}

// What to book

pub(super) fn which_service_at(business: &Business) -> String {
    let names: Vec<String> = business.services.iter().map(|service| service.name.to_lowercase()).collect();
    match names.len() {
        0 => "What can I do for you?".into(),
        1..=4 => format!("What would you like to book: {}?", or(&names)),
        _ => "What would you like to book?".into(),
    }
}

pub(super) fn which_service(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    format!("Do you mean {}?", or(&names))
}

pub(super) fn no_such_service(business: &Business) -> String {
    format!("I'm afraid we don't offer that. {} Which would you like?", services(business))
}

pub(super) fn no_such_staff(business: &Business) -> String {
    let names: Vec<String> = business.staff.iter().map(|member| member.name.clone()).collect();
    format!("I don't know anybody of that name here. We have {}.", and(&names))
}

pub(super) fn which_staff(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    format!("Do you mean {}?", or(&names))
}

pub(super) fn not_offered_by(business: &Business, service: &Service, staff: StaffId) -> String {
    let who: Vec<String> = business.offering(service).map(|member| member.name.clone()).collect();
    let member = business.member(staff).map_or("They", |member| &member.name);
    let verb = if who.len() == 1 { "does" } else { "do" };
    format!("{member} doesn't offer {}, but {} {verb}.", with_article(&service.name), and(&who))
}

// When

pub(super) fn when(task: Task, service: &Service) -> String {
    match task {
        Task::Move => "What day and time would suit you instead?".into(),
        _ => format!("Sure, {}. When would you like to come in?", with_article(&service.name)),
    }
}

pub(super) fn when_instead() -> &'static str {
    "No problem. What day and time would suit you?"
}

pub(super) fn time_problem(problem: &Resolution, now: &Zoned) -> String {
    let today = now.date();
    match problem {
        Resolution::Gap { asked, next } => format!(
            "The clocks go forward that night, so {} doesn't exist on {}. Would {} work, or another time?",
            speak::time(asked.time()),
            speak::day(asked.date(), today),
            speak::time(next.time()),
        ),
        Resolution::Fold { first, .. } => format!(
            "The clocks go back that night, so {} comes twice. Could you pick another time?",
            speak::time(first.time()),
        ),
        Resolution::Past { asked } => {
            let day = speak::day(asked.date(), today);
            format!(
                "I'm afraid {day} at {} has already passed. When would you like to come in?",
                speak::time(asked.time())
            )
        }
        Resolution::NoSuchDate { last, .. } => {
            format!(
                "There's no such day. The last day of that month is {}. Which day did you mean?",
                speak::day(*last, today)
            )
        }
        Resolution::WrongWeekday { said, date } => format!(
            "The {} is a {}, not a {}. Which day did you mean?",
            ordinal(date.day()),
            weekday(date.weekday()),
            weekday(*said),
        ),
        Resolution::TooFar { last } => {
            format!("We book until {} at the moment. Which day before that would suit you?", speak::day(*last, today))
        }
        _ => "I didn't get the time. Which day and time would you like?".into(),
    }
}

pub(super) fn closed(business: &Business, date: Date) -> String {
    match business.exception_on(date).map(|exception| &exception.reason) {
        Some(Some(reason)) => format!("We're closed that day, for {reason}."),
        Some(None) => "We're closed that day.".into(),
        None => format!("We're closed on {}s.", weekday(date.weekday())),
    }
}

pub(super) fn nothing_free(day: Option<(Date, Date)>) -> String {
    match day {
        Some((day, today)) => format!("I'm afraid there's nothing free {}.", speak::on_day(day, today)),
        None => "I'm afraid there's nothing free then.".into(),
    }
}

pub(super) fn nothing_at_all() -> &'static str {
    "I'm sorry, I couldn't find anything free there. Which other day would suit you?"
}

pub(super) fn not_free_then(at: &Zoned, closed: Option<String>, offers: &str) -> String {
    match closed {
        Some(closed) => format!("{closed} {}", stop(format!("The nearest I have is {offers}"))),
        None => stop(format!("I'm afraid {} isn't free. I have {offers}", speak::time(at.time()))),
    }
}

pub(super) fn free(offers: &str) -> String {
    stop(format!("I have {offers}"))
}

pub(super) fn free_at_that_time(offers: &str) -> String {
    stop(format!("At that time I have {offers}"))
}

pub(super) fn next_free(offers: &str) -> String {
    stop(format!("I could offer you {offers}"))
}

/// "tomorrow at 10 a.m. or 2 p.m., or Friday the 27th at noon": a day is said once.
pub(super) fn offers(starts: &[Zoned], now: &Zoned) -> String {
    let mut said: Option<Date> = None;
    let parts: Vec<String> = starts
        .iter()
        .map(|at| {
            let same_day = said.replace(at.date()) == Some(at.date());
            if same_day { speak::time_of(at) } else { speak::moment(at, now) }
        })
        .collect();
    or(&parts)
}

pub(super) fn which_suits(count: usize) -> &'static str {
    if count == 1 { "Would that suit you?" } else { "Which would suit you?" }
}

pub(super) fn which_one(count: usize) -> String {
    if count == 2 { "The first or the second?".into() } else { "Which one: the first, the second or the third?".into() }
}

pub(super) fn just_taken() -> &'static str {
    "I'm sorry, somebody has just taken that time."
}

pub(super) fn not_on_offer() -> &'static str {
    "I'm sorry, I can't book that time."
}

// Who

pub(super) fn your_name() -> &'static str {
    "May I have your name, please?"
}

pub(super) fn your_number() -> &'static str {
    "And what number can we reach you at?"
}

pub(super) fn rest_of_number(digits: usize) -> &'static str {
    if digits == 0 { "Could you tell me the number again, digit by digit?" } else { "Yes, go on." }
}

// Yes

pub(super) fn read_back(
    business: &Business,
    slot: Slot,
    starts: &Zoned,
    now: &Zoned,
    name: &str,
    number: Option<&str>,
) -> String {
    let number = number.map(|number| format!(", and your number is {number}")).unwrap_or_default();
    format!("That's {}, {}, for {name}{number}. Shall I book it?", what(business, slot), speak::in_full(starts, now))
}

pub(super) fn read_back_move(business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
    let move_ = format!(
        "I'd move {} from {} to {}",
        yours(business, slot),
        speak::in_full(old, now),
        speak::in_full(starts, now)
    );
    format!("{} Is that right?", stop(move_))
}

pub(super) fn just_to_be_sure(starts: &Zoned, now: &Zoned) -> String {
    format!("{} Yes?", stop(format!("Just to be sure: {}", speak::in_full(starts, now))))
}

pub(super) fn what_to_change() -> &'static str {
    "Alright. What should I change?"
}

/// Said only when the desk has confirmed.
pub(super) fn booked(booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String {
    let text = if texted { " You'll get a text message with the details." } else { "" };
    let booked = format!("You're booked, {}: {}", booking.customer.name.first(), speak::in_full(starts, now));
    format!("{}{text} Is there anything else?", stop(booked))
}

/// The time is kept, but the business's calendar could not be asked, and its owner wants no promise then.
pub(super) fn noted(booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
    let kept =
        format!("Thank you, {}. I've put you down for {}", booking.customer.name.first(), speak::in_full(starts, now));
    format!("{} We'll confirm it by text message. Is there anything else?", stop(kept))
}

/// Said only when the desk has confirmed.
pub(super) fn moved(starts: &Zoned, now: &Zoned, texted: bool) -> String {
    let text = if texted { " You'll get a text message with the new time." } else { "" };
    format!(
        "{}{text} Is there anything else?",
        stop(format!("Done, your appointment is now {}", speak::in_full(starts, now)))
    )
}

pub(super) fn confirm_unknown() -> &'static str {
    "I'm sorry, I can't tell yet whether that went through. If it did, you'll get a text message. Shall I also leave a \
     message, so that somebody calls you back?"
}

pub(super) fn too_many() -> &'static str {
    "I'm sorry, I can't make more bookings on this call. Shall I take a message instead?"
}

pub(super) fn done_already() -> &'static str {
    "That one is booked already. Would you like to move it or cancel it?"
}

pub(super) fn never_mind() -> &'static str {
    "Alright, I've left it. Is there anything else I can do for you?"
}

// Their own appointment

pub(super) fn whose_name() -> &'static str {
    "Sure. What name is the appointment under?"
}

pub(super) fn which_day() -> &'static str {
    "And which day is it on?"
}

pub(super) fn no_number() -> &'static str {
    "I can only look up appointments from the number they were booked with. Shall I take a message?"
}

pub(super) fn not_found() -> &'static str {
    "I can't find that appointment under this number and name. Shall I take a message, so that somebody looks into it?"
}

pub(super) fn appointment(business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String {
    format!("{}, {}", what(business, slot), speak::in_full(starts, now))
}

pub(super) fn your_appointments(told: &[String]) -> String {
    format!("{} Is there anything else?", stop(format!("You have {}", and(told))))
}

pub(super) fn cancel_it(business: &Business, booking: &Booking, starts: &Zoned, now: &Zoned) -> String {
    format!(
        "{} Shall I cancel it?",
        stop(format!("That's {}, {}", yours(business, booking.slot), speak::in_full(starts, now)))
    )
}

/// Said only when the desk has cancelled it.
pub(super) fn cancelled(starts: &Zoned, now: &Zoned) -> String {
    format!("Your appointment {} is cancelled. Is there anything else?", speak::on_day(starts.date(), now.date()))
}

pub(super) fn kept() -> &'static str {
    "Alright, it stays as it is. Is there anything else?"
}

pub(super) fn gone_already() -> &'static str {
    "That appointment is no longer in the book. Is there anything else?"
}

pub(super) fn too_late() -> &'static str {
    "I'm sorry, it's too close to the appointment for me to change it. Shall I leave a message for them?"
}

// A person, a message

pub(super) fn putting_through() -> &'static str {
    "Of course. One moment, I'll put you through."
}

pub(super) fn nobody_free() -> &'static str {
    "Nobody can come to the phone right now, but I'll pass on a message. What should I tell them?"
}

pub(super) fn what_message() -> &'static str {
    "Sure. What should I tell them?"
}

pub(super) fn note_taken() -> &'static str {
    "Thank you, I'll pass that on. Is there anything else?"
}

pub(super) fn note_failed() -> &'static str {
    "I'm sorry, I couldn't save your message. Please call again a little later. Is there anything else?"
}

// Questions

pub(super) fn price(service: &Service) -> String {
    let length = speak::minutes(service.minutes);
    match service.price {
        Some(price) => format!("{} is {} and takes {length}.", capital(&with_article(&service.name)), price.spoken()),
        None => format!("{} takes {length}. I don't have a price for it.", capital(&with_article(&service.name))),
    }
}

pub(super) fn prices(business: &Business) -> String {
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

pub(super) fn services(business: &Business) -> String {
    let names: Vec<String> = business.services.iter().map(|service| service.name.to_lowercase()).take(8).collect();
    if names.is_empty() { "I'm afraid I can't book anything yet.".into() } else { format!("We offer {}.", and(&names)) }
}

pub(super) fn address(business: &Business) -> String {
    match &business.address {
        Some(address) => format!("We're at {address}."),
        None => "I'm afraid I don't have the address here.".into(),
    }
}

pub(super) fn who_i_am(business: &Business) -> String {
    format!("I'm an AI assistant answering the phone for {}.", business.name)
}

pub(super) fn privacy(business: &Business) -> String {
    format!(
        "I'm an AI assistant, and I note down what's needed for appointments. For anything about your data, I can leave a message for {}.",
        business.name
    )
}

pub(super) fn hours_on(business: &Business, date: Date, today: Date) -> String {
    let periods = business.open_on(date);
    if periods.is_empty() {
        return closed(business, date);
    }
    let day = speak::day(date, today);
    stop(format!("{} we're open {}", capital(&day), and(&periods.iter().map(period).collect::<Vec<_>>())))
}

/// Days with the same hours are said together: "Monday to Thursday, 9 to 5".
pub(super) fn hours_of_week(business: &Business) -> String {
    let mut groups: Vec<(Weekday, Weekday, &[OpenPeriod])> = Vec::new();
    for day in Weekday::Monday.cycle_forward().take(7) {
        let periods = business.hours.on(day);
        match groups.last_mut() {
            Some((_, last, same)) if *same == periods => *last = day,
            _ => groups.push((day, day, periods)),
        }
    }
    let open: Vec<String> = groups
        .iter()
        .filter(|(_, _, periods)| !periods.is_empty())
        .map(|(from, to, periods)| {
            let days =
                if from == to { weekday(*from).to_owned() } else { format!("{} to {}", weekday(*from), weekday(*to)) };
            format!("{days} {}", and(&periods.iter().map(period).collect::<Vec<_>>()))
        })
        .collect();
    if open.is_empty() {
        "I'm afraid I don't have the opening hours here.".into()
    } else {
        stop(format!("We're open {}", open.join("; ")))
    }
}

// Pieces

fn period(period: &OpenPeriod) -> String {
    format!("from {} to {}", speak::time(period.from), speak::time(period.to))
}

/// "a haircut with Maria".
fn what(business: &Business, slot: Slot) -> String {
    let service = business
        .service(slot.service)
        .map_or_else(|| "an appointment".to_owned(), |service| with_article(&service.name));
    match business.member(slot.staff) {
        Some(member) if business.staff.len() > 1 => format!("{service} with {}", member.name),
        _ => service,
    }
}

/// "your haircut with Maria".
fn yours(business: &Business, slot: Slot) -> String {
    let service =
        business.service(slot.service).map_or("appointment".to_owned(), |service| service.name.to_lowercase());
    match business.member(slot.staff) {
        Some(member) if business.staff.len() > 1 => format!("your {service} with {}", member.name),
        _ => format!("your {service}"),
    }
}

/// Ends a sentence; "3 p.m." has its full stop already.
fn stop(mut sentence: String) -> String {
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

fn with_article(name: &str) -> String {
    let name = name.to_lowercase();
    let plural = name.ends_with('s') && !name.ends_with("ss");
    match name.chars().next() {
        _ if plural => name,
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

fn first(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn and(parts: &[String]) -> String {
    listed(parts, "and")
}

fn or(parts: &[String]) -> String {
    listed(parts, "or")
}

fn listed(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [one, two] => format!("{one} {word} {two}"),
        [rest @ .., last] => format!("{}, {word} {last}", rest.join(", ")),
    }
}
