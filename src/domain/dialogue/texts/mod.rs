//! Everything the scripted receptionist says, as a language has to be able to say it.
//!
//! The dialogue decides what is said and knows no words; a language knows the words and decides nothing. Another language
//! is another folder beside `english` and a line in [`in_language`]; the compiler tells what it still lacks. What is said is warm
//! and short, and ends in at most one question.

mod dutch;
mod english;
mod french;
mod german;
mod italian;
mod pieces;
mod portuguese;
mod spanish;

#[cfg(test)]
mod tests;

use jiff::{Zoned, civil::Date};

use super::{Asked, Task};
use crate::domain::{
    booking::{Booking, Slot},
    business::{Business, Service},
    call::Outcome,
    email::EmailAddress,
    ids::{ServiceId, StaffId},
    time::{Resolution, When},
};

/// The words of a language (BCP 47, "en-US"); English where we have none of it.
pub fn of(language: &str) -> &'static dyn Texts {
    in_language(language).unwrap_or(&english::English)
}

/// The words of a language, if there are any of it: what is true in a call can then be said in it.
pub fn in_language(language: &str) -> Option<&'static dyn Texts> {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    Some(match primary.to_ascii_lowercase().as_str() {
        "en" => &english::English,
        "es" => &spanish::Spanish,
        "de" => &german::German,
        "fr" => &french::French,
        "it" => &italian::Italian,
        "pt" => &portuguese::Portuguese,
        "nl" => &dutch::Dutch,
        _ => return None,
    })
}

/// Something that wants an answer: what is told first, and the question alone, to be asked again after an aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    pub told: String,
    pub asks: String,
}

impl Question {
    pub fn new(asks: impl Into<String>) -> Self {
        Self { told: String::new(), asks: asks.into() }
    }

    #[must_use]
    pub fn after(self, told: impl Into<String>) -> Self {
        Self { told: told.into(), ..self }
    }

    pub fn whole(&self) -> String {
        if self.told.is_empty() { self.asks.clone() } else { format!("{} {}", self.told, self.asks) }
    }
}

/// How somebody who was not understood is asked again: each time in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Asked again in other words.
    Rephrased,
    /// Shown another way to answer: an example, keys, spelling.
    AnotherWay,
}

/// What is understood of an appointment before it has a place in the book.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wish {
    pub service: Option<ServiceId>,
    pub staff: Option<StaffId>,
    /// The day and the time of it, as said.
    pub when: Option<When>,
    /// The day it comes to, when it is one.
    pub day: Option<Date>,
}

/// What is read back before the yes.
#[derive(Clone, Copy, Debug)]
pub struct ReadBack<'a> {
    pub slot: Slot,
    pub starts: &'a Zoned,
    /// Empty when it is not known.
    pub name: &'a str,
    /// The name was spelled or doubted, so its letters are said.
    pub spelled: bool,
    /// In groups of digits, when it was not simply the one on the line.
    pub number: Option<&'a str>,
    pub email: Option<&'a EmailAddress>,
    pub party: Option<u16>,
    pub note: Option<&'a str>,
}

/// Everything that can be said. `turn` counts the caller's turns: what is said often is not said the same way twice in a
/// row.
pub trait Texts: Manners + Arranging + Own + Facts + Sync {}

impl<T: Manners + Arranging + Own + Facts + Sync> Texts for T {}

/// Hello, goodbye, and what is said when something is wrong.
pub trait Manners {
    /// The first words, where the owner has written none.
    fn greeting(&self, business: &str) -> String;
    fn how_can_i_help(&self) -> Question;
    fn hello(&self, name: &str) -> Question;
    fn anything_else(&self, turn: u16) -> Question;
    fn goodbye(&self, outcome: Outcome) -> String;
    /// Something was being arranged, and nothing has come of it.
    fn unfinished_goodbye(&self, task: Task) -> String;
    fn silent_goodbye(&self) -> String;
    fn are_you_there(&self) -> String;
    fn still_there_again(&self) -> String;
    fn one_moment(&self) -> String;
    /// Something short to hold on to while somebody thinks.
    fn hold_on(&self, turn: u16) -> String;
    /// After a sentence of ours that broke off in the middle.
    fn say_again(&self) -> String;
    fn cut_off(&self) -> String;
    fn too_long(&self) -> String;
    fn time_almost_up(&self) -> String;
    fn time_up(&self) -> String;
    fn stopping(&self) -> String;
    /// Something is wrong with us.
    fn failed(&self) -> String;
    fn emergency(&self, country: &str) -> String;
    fn sensitive(&self) -> String;
    fn system_down(&self) -> Question;
    /// Before what was told is told again.
    fn sorry(&self, turn: u16) -> String;
    fn not_understood(&self, asked: Asked, repair: Repair, business: &Business) -> Question;
    fn way_out(&self, transfer: bool) -> Question;
    /// After "no" to the way out: back to what was asked.
    fn go_on(&self) -> String;
    fn wrong_number(&self, business: &Business) -> String;
    fn be_kind(&self) -> String;
    fn unkind_goodbye(&self) -> String;
    fn putting_through(&self) -> String;
    fn nobody_free(&self) -> Question;
    fn what_message(&self) -> Question;
    fn note_taken(&self) -> String;
    fn note_failed(&self) -> String;
    /// What goes to the business about a booking whose caller said more than a booking holds.
    fn note_on(&self, business: &Business, booking: &Booking, starts: &Zoned, read_back: &ReadBack<'_>) -> String;
    /// The caller comes late, in their own words, for the business.
    fn late_note(&self, words: &str) -> String;
    /// In place of something that is nobody's to say here.
    fn cannot_say(&self) -> String;
    /// In place of a claim that a message was passed on.
    fn nothing_passed_on_yet(&self) -> String;
    /// What a question asks for, in whatever words a model has put it; none, if it is nothing the machine asks.
    fn asked_for(&self, question: &str) -> Option<Asked>;
}

/// Arranging an appointment, up to the yes.
pub trait Arranging {
    fn which_service_at(&self, business: &Business, wish: Wish, now: &Zoned) -> Question;
    fn which_service(&self, services: &[&Service]) -> Question;
    fn no_such_service(&self, business: &Business) -> Question;
    fn no_such_staff(&self, business: &Business) -> String;
    fn which_staff(&self, names: &[&str]) -> Question;
    fn not_offered_by(&self, business: &Business, service: &Service, staff: StaffId) -> String;
    /// `wish` is what the caller has just been understood to want; empty, and nothing is repeated.
    fn when(&self, task: Task, business: &Business, wish: Wish, turn: u16) -> Question;
    fn when_instead(&self, turn: u16) -> Question;
    fn next_free_time(&self) -> Question;
    /// One of two days or times: both were possible.
    fn which_time(&self, meant: &[Zoned], whole_days: bool, now: &Zoned) -> Question;
    fn clocks_go_back(&self, first: &Zoned, second: &Zoned) -> Question;
    fn clocks_go_forward(&self, asked: jiff::civil::DateTime, next: &Zoned, today: Date) -> Question;
    fn time_problem(&self, problem: &Resolution, now: &Zoned) -> Question;
    fn closed(&self, business: &Business, date: Date) -> String;
    /// `day` and today.
    fn nothing_free(&self, day: Option<(Date, Date)>) -> String;
    fn nothing_at_all(&self) -> Question;
    /// "tomorrow at 10 a.m. or 2 p.m., or Friday the 27th at noon": a day is said once.
    fn offers(&self, starts: &[Zoned], now: &Zoned) -> String;
    fn not_free_then(&self, at: &Zoned, closed: Option<String>, offers: &str) -> String;
    fn free(&self, business: &Business, wish: Wish, offers: &str, turn: u16) -> String;
    fn free_at_that_time(&self, offers: &str) -> String;
    fn nearest_to_that_time(&self, offers: &str) -> String;
    fn next_free(&self, offers: &str) -> String;
    /// Nothing later, or earlier, than what was offered.
    fn nothing_beyond(&self, later: bool) -> String;
    /// Others, after the first were refused.
    fn others(&self, offers: &str) -> Question;
    fn which_suits(&self, count: usize, turn: u16) -> String;
    fn which_one(&self, count: usize, offers: &str) -> Question;
    fn just_taken(&self) -> String;
    fn not_on_offer(&self) -> String;
    fn is_free(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> String;
    fn your_name(&self) -> Question;
    fn spell_it(&self, name: Option<&str>) -> Question;
    fn your_number(&self, name: Option<&str>) -> Question;
    fn number_by_keys(&self) -> Question;
    /// Nothing that was said was a number, and the booking goes on without.
    fn without_number(&self) -> String;
    fn rest_of_number(&self, digits: usize) -> Question;
    fn read_back(&self, business: &Business, what: &ReadBack<'_>, now: &Zoned) -> Question;
    fn read_back_move(&self, business: &Business, old: &Zoned, slot: Slot, starts: &Zoned, now: &Zoned) -> Question;
    fn who_instead(&self, business: &Business) -> Question;
    fn right_name(&self) -> Question;
    fn right_number(&self) -> Question;
    /// "Extension 12", as a part of a note.
    fn extension(&self, digits: &str) -> String;
    /// Before the read-back is said again to somebody who talked over it.
    fn just_to_be_sure(&self) -> String;
    fn before_you_go(&self) -> Question;
    fn what_to_change(&self) -> Question;
    /// Said only when the desk has confirmed.
    fn booked(&self, booking: &Booking, starts: &Zoned, now: &Zoned, texted: bool) -> String;
    /// The time is kept, but the business's calendar could not be asked, and its owner wants no promise then.
    fn noted(&self, booking: &Booking, starts: &Zoned, now: &Zoned) -> String;
    /// Said only when the desk has confirmed.
    fn moved(&self, starts: &Zoned, now: &Zoned, texted: bool) -> String;
    fn note_passed_on(&self) -> String;
    fn note_not_passed_on(&self) -> String;
    fn confirm_unknown(&self) -> Question;
    fn too_many(&self) -> Question;
    /// It cannot be booked by us, and the address of a page was texted.
    fn by_page(&self) -> Question;
    fn done_already(&self) -> Question;
    fn never_mind(&self) -> String;
    /// In place of a claim that it is booked.
    fn not_booked_yet(&self) -> String;
    /// In place of a time that nobody has looked up.
    fn let_me_see(&self) -> String;
}

/// The caller's own appointments.
pub trait Own {
    fn whose_name(&self) -> Question;
    fn which_day(&self) -> Question;
    fn which_of_yours(&self, starts: &[Zoned]) -> Question;
    fn no_number(&self) -> Question;
    fn not_found_yet(&self) -> Question;
    fn not_found(&self) -> Question;
    fn your_appointments(&self, business: &Business, bookings: &[(Slot, Zoned)], now: &Zoned) -> String;
    fn cancel_it(&self, business: &Business, slot: Slot, starts: &Zoned, now: &Zoned) -> Question;
    /// Said only when the desk has cancelled it.
    fn cancelled(&self, starts: &Zoned, now: &Zoned) -> String;
    fn kept(&self) -> String;
    fn gone_already(&self) -> String;
    fn too_late(&self) -> Question;
    /// In place of a claim that an appointment was moved or cancelled.
    fn nothing_changed_yet(&self) -> String;
}

/// What callers ask beside booking.
pub trait Facts {
    fn price(&self, service: &Service) -> String;
    fn prices(&self, business: &Business) -> String;
    fn services(&self, business: &Business) -> String;
    fn address(&self, business: &Business) -> String;
    fn who_i_am(&self, business: &Business) -> String;
    /// A question that the owner wrote no answer to.
    fn unanswered(&self) -> String;
    fn pass_question_on(&self) -> Question;
    fn privacy(&self, business: &Business) -> String;
    fn hours_on(&self, business: &Business, date: Date, today: Date) -> String;
    /// Days with the same hours are said together: "Monday to Thursday, 9 to 5".
    fn hours_of_week(&self, business: &Business) -> String;
}
