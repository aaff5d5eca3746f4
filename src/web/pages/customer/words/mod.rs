//! Everything that customers read on their pages, in each language that the receptionist speaks.
//!
//! A `{}` stands for what the sentence is about. Customers are addressed formally, as in the text messages. Another
//! language is another file here and a line in [`ALL`]; the compiler tells what it still lacks.

mod dutch;
mod english;
mod french;
mod german;
mod italian;
mod portuguese;
mod spanish;

/// In the order in which they are offered.
pub(super) static ALL: [&Words; 7] = [
    &english::WORDS,
    &spanish::WORDS,
    &german::WORDS,
    &french::WORDS,
    &italian::WORDS,
    &portuguese::WORDS,
    &dutch::WORDS,
];

/// A language.
#[derive(Debug)]
pub(super) struct Words {
    /// ISO 639-1, "en".
    pub code: &'static str,
    /// What it calls itself.
    pub itself: &'static str,
    /// From Monday, as they stand in a sentence.
    pub weekdays: [&'static str; 7],
    /// Above the columns of a calendar.
    pub weekdays_short: [&'static str; 7],
    pub months: [&'static str; 12],
    pub months_short: [&'static str; 12],
    /// "min", "hr" behind a figure.
    pub minutes: &'static str,
    pub hours: &'static str,

    // What stands around every page.
    pub skip: &'static str,
    pub language: &'static str,
    pub call: &'static str,
    /// With the zone's name.
    pub zone: &'static str,
    /// The same moment by the reader's own clock; `{}` is its time.
    pub your_time: &'static str,
    pub back: &'static str,

    // An appointment.
    pub your_appointment: &'static str,
    pub booked: &'static str,
    pub requested: &'static str,
    pub cancelled: &'static str,
    pub over: &'static str,
    pub what: &'static str,
    pub with: &'static str,
    pub at: &'static str,
    pub price: &'static str,
    pub name: &'static str,
    pub phone: &'static str,
    pub map: &'static str,
    pub good_to_know: &'static str,
    pub add_to_calendar: &'static str,
    pub video_call: &'static str,
    pub change_time: &'static str,
    pub cancel: &'static str,
    /// With the moment until which it can be changed.
    pub until: &'static str,
    pub too_late: &'static str,
    pub you_are_booked: &'static str,
    /// With the number it was sent to, of which only the last digits show.
    pub text_is_coming: &'static str,
    pub has_moved: &'static str,
    pub is_cancelled: &'static str,
    /// With the business's name.
    pub will_confirm: &'static str,
    pub changed_meanwhile: &'static str,
    pub by_mistake: &'static str,
    pub book_it_again: &'static str,
    pub book_another: &'static str,

    // Cancelling and moving.
    pub cancel_question: &'static str,
    pub cancel_yes: &'static str,
    pub keep: &'static str,
    pub new_time: &'static str,
    /// With the moment it is at now.
    pub now_at: &'static str,
    pub move_question: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    pub move_yes: &'static str,

    // Free times.
    pub previous_month: &'static str,
    pub next_month: &'static str,
    pub nothing_free: &'static str,
    pub nothing_free_at_all: &'static str,
    /// With a day.
    pub next_free: &'static str,
    pub morning: &'static str,
    pub afternoon: &'static str,
    pub evening: &'static str,
    pub anyone: &'static str,
    pub taken: &'static str,
    pub others: &'static str,

    // Booking.
    pub choose_service: &'static str,
    pub choose_time: &'static str,
    /// With two figures: "Step {} of {}".
    pub step: &'static str,
    pub your_details: &'static str,
    pub your_name: &'static str,
    pub your_number: &'static str,
    pub number_hint: &'static str,
    /// With the business's name.
    pub consent: &'static str,
    pub go_on: &'static str,
    pub wrong_name: &'static str,
    /// With the country's calling code, "+44".
    pub wrong_number: &'static str,
    pub never_number: &'static str,
    pub again_please: &'static str,
    pub is_this_right: &'static str,
    /// With a time of day.
    pub kept_until: &'static str,
    pub kept_no_more: &'static str,
    pub book_yes: &'static str,
    pub other_time: &'static str,
    pub too_many: &'static str,

    // When it does not go on.
    pub closed: &'static str,
    /// With the business's name.
    pub closed_why: &'static str,
    pub gone: &'static str,
    pub gone_why: &'static str,
    pub slowly: &'static str,
    pub slowly_why: &'static str,
    pub down: &'static str,
    pub down_why: &'static str,
    pub not_from_here: &'static str,
    pub not_from_here_why: &'static str,
}

/// Puts what a sentence is about in its place.
pub(super) fn about(sentence: &str, what: &str) -> String {
    sentence.replacen("{}", what, 1)
}

/// The language of a tag (BCP 47), if it is one of ours.
pub(super) fn of(tag: &str) -> Option<&'static Words> {
    let primary = tag.split(['-', '_', ';']).next().unwrap_or_default().trim().to_ascii_lowercase();
    ALL.into_iter().find(|words| words.code == primary)
}

pub(super) fn english() -> &'static Words {
    ALL[0]
}
