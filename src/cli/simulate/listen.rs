//! What an agent's words mean to a caller: what is asked, what is claimed, and which details are in it.
//!
//! Keyword rules over plain English. They are written against what receptionists say, not against this program's
//! sentences, and they use none of its code: a defect there must not be heard with the same ears.

use jiff::civil::Date;

use super::{
    scenario::Topic,
    told::{self, Told},
};

/// One complete utterance of the agent.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    /// The question that is to be answered: the last one.
    pub(super) asked: Option<Topic>,
    /// How many different questions it held.
    pub(super) questions: usize,
    pub(super) claims: Vec<Claim>,
    /// It says why what was wished for cannot be, so that asking again is no forgetting.
    pub(super) gives_reason: bool,
    pub(super) told: Vec<Told>,
    /// The times that can be had.
    pub(super) offers: Vec<Told>,
    /// It says goodbye.
    pub(super) leaves: bool,
}

/// Something that is said to have been done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) what: Done,
    pub(super) sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Booked,
    Moved,
    Cancelled,
}

/// What each question sounds like: any of the wordings between bars, of which all parts between pluses must be there. The
/// first row that fits is what is asked, so the narrower ones come first.
const QUESTIONS: &[(Topic, &str)] = &[
    (Topic::Open, "book, move or cancel | book, move, or cancel | can i help | may i help | can i assist"),
    (Topic::Open, "help you with | help with today | what brings you"),
    (Topic::There, "still there | hear me | are you there"),
    (Topic::AfterAll, "move it or cancel | change it or cancel | cancel it or move"),
    (Topic::Else, "anything else | something else i can | else can i | anything more"),
    (Topic::Offer, "take a message | leave a message | put you through | call you back | connect you"),
    (Topic::Offer, "calls you back | have somebody call | have someone call | pass your question on | pass that on to"),
    (Topic::Offer, "was that a yes or a no | speak to somebody | speak to someone | speak with some"),
    (Topic::Message, "what should i tell | what shall i tell | what message | what would you like me to pass"),
    (Topic::Message, "me to pass on | me to tell | shall i pass on | the message be | want to say to"),
    (Topic::Message, "what should i pass | like me to say | what is the message"),
    (Topic::CancelIt, "shall i cancel | should i cancel | like me to cancel | want me to cancel | cancel that one"),
    (Topic::CancelIt, "really cancel | to cancel it? | cancel the appointment?"),
    (Topic::WhoseName, "name + appointment | name + booking under | name + booked under | name + is it under"),
    (Topic::WhoseName, "who is the appointment | who is it under"),
    (Topic::WhichDay, "which day + is it on | which day + appointment | what day + appointment"),
    (Topic::WhichDay, "what day + is it on | day is it on | when is the appointment | when is your appointment"),
    (Topic::WhichDay, "day is it booked | day are you booked | day is your booking | when is it booked"),
    (Topic::WhichDay, "which appointment | which one + your appointments | day is your appointment"),
    (Topic::Change, "should i change | would you like to change | like me to change | what's wrong"),
    (Topic::Change, "shall i change | what should be different | which part | what would you like instead"),
    (Topic::ReadBack, "shall i book | should i book | like me to book | want me to book | is that right"),
    (Topic::ReadBack, "is that correct | is this right | is this correct | is everything right | shall i go ahead"),
    (Topic::ReadBack, "shall i do that | shall i move | shall i put you down | yes? | have i got that right"),
    (Topic::ReadBack, "did i get that right | shall i make | can i book | go ahead and book"),
    (Topic::Email, "e-mail | email"),
    (Topic::Spell, "spell"),
    (Topic::Name, "your name | the name | what name | who am i speaking | just the name | last name | first name"),
    (Topic::Name, "who is it for | name, please | who shall i put | who should i put | who am i booking"),
    (Topic::Phone, "what number | which number | phone number | your number | the number | reach you"),
    (Topic::Phone, "digit by digit | rest of the number | telephone number | digits"),
    (Topic::Which, "would suit you? | would that suit | which would suit | which one | which of"),
    (Topic::Which, "the first or the second | does that work | would that work | do any of + work"),
    (Topic::Which, "do any of + suit | either of | would either | does either | would you prefer | works best"),
    (Topic::Which, "would one of | would work, or another | work, or another time | does that suit | how about"),
    (Topic::Which, "suits you best | suit you best | works best | work best | shall it be | how does that sound"),
    (
        Topic::Which,
        "would any of | be good for you | any good | which time | work for you | works for you | okay for you",
    ),
    (Topic::Which, "do you want that | would that be + good | is that all right | is that okay | which do you"),
    (Topic::When, "when would | what day | which day | what time | which time | day and time | another time"),
    (Topic::When, "another day | when shall | when should | when do you | how soon | which other day"),
    (
        Topic::When,
        "when were you | when are you | when could you | when can you | when works | when should | what time",
    ),
    (Topic::When, "come instead | rather come | have in mind | rather have"),
    (Topic::When, "pick another | morning or | before or after | suit you instead | do you mean + o'clock"),
    (Topic::When, "do you mean + a.m. | do you mean + p.m. | did you mean + the | which week"),
    (Topic::When, "which one did you mean | when suits | when is good"),
    (Topic::Staff, "with whom | who would you like | anybody in particular | anyone in particular | with anyone"),
    (
        Topic::Staff,
        "like to come to | like to see | who would you | a preference | somebody in particular | do you prefer",
    ),
    (Topic::Staff, "whom would | who did you mean"),
    (Topic::Service, "like to book | which service | what service | what can i book | do you mean"),
    (Topic::Service, "appointment for? | we do for you | like done | like to have done | is it for | which treatment"),
    (Topic::Service, "which would you like | what would you like | what kind of | what are you coming"),
    (Topic::Service, "what is it for | what can i do for you | what do you need | what would that be | press 1 for"),
    (Topic::Open, "help you | can i do for you | what is it about | what are you calling"),
];

/// Invitations that are no questions.
const PROMPTS: &[(Topic, &str)] = &[
    (Topic::Phone, "go on"),
    (Topic::Phone, "the rest of it"),
    (Topic::When, "you could say, for example, tomorrow"),
    (Topic::When, "didn't catch the time"),
    (Topic::Service, "tell me which service"),
    (Topic::Open, "you could say, for example: i'd like"),
    (Topic::Name, "tell me your name"),
    (Topic::Phone, "tell me your number"),
];

/// Why a wish cannot be granted.
const REASONS: &[&str] = &[
    "closed",
    "isn't free",
    "not free",
    "nothing free",
    "passed",
    "past",
    "exist",
    "twice",
    "book until",
    "taken",
    "no such",
    " not a ",
    "isn't a",
    "can't book",
    "couldn't find",
    "don't offer",
    "doesn't offer",
    "too close",
    "too late",
    "no longer",
    "don't know anybody",
    "nearest",
    "fully booked",
    "already",
    "earliest",
    "is a monday",
    "is a tuesday",
    "is a wednesday",
    "is a thursday",
    "is a friday",
    "is a saturday",
    "is a sunday",
    "not open",
    "only has",
    "only have",
    "not working",
    "doesn't work",
    "not in",
    "does not",
    "last day",
    "have i got",
    "no problem",
    "alright",
    "clocks",
    "nobody of that name",
    "afraid we don't",
    "take your time",
    "no hurry",
];

const REFUSALS: &[&str] = &[
    "isn't free",
    "not free",
    "nothing free",
    "closed",
    "exist",
    "passed",
    "taken",
    "twice",
    "not open",
    "aren't open",
    "only open",
];

const GOODBYES: &[&str] = &["goodbye", "bye"];

const CLAIMS: &[(Done, &[&str])] = &[
    (
        Done::Cancelled,
        &[
            "is cancelled",
            "is canceled",
            "i've cancelled",
            "i have cancelled",
            "been cancelled",
            "is now cancelled",
            "it's cancelled",
        ],
    ),
    (Done::Moved, &["is now ", "i've moved", "i have moved", "been moved", "is moved", "it's moved", "now at "]),
    (
        Done::Booked,
        &[
            "you're booked",
            "you are booked",
            "is booked",
            "i've booked",
            "i have booked",
            "it's booked",
            "been booked",
            "put you down",
            "you're all set",
            "got you down",
            "have you down",
            "you're confirmed",
            "is confirmed",
            "you're in the book",
        ],
    ),
];

/// What makes a sentence no claim.
const NO_CLAIM: &[&str] = &[
    "?",
    "not booked",
    "n't booked",
    "not been",
    "haven't",
    "hasn't",
    "can't",
    "if it did",
    "whether",
    "not yet",
    "nothing has",
    "nothing is",
    "isn't",
    "would be",
    "once ",
    "unless",
    "can be",
    "fully booked",
    "now cancel",
    "already taken",
];

/// Understands an utterance; `today` is the day at the business.
pub(super) fn listen(text: &str, today: Date) -> Heard {
    let sentences = sentences(text);
    let small: Vec<String> = sentences.iter().map(|sentence| sentence.to_lowercase().replace('’', "'")).collect();
    let mut asked: Vec<Topic> = Vec::new();
    let mut questions = 0;
    for sentence in small.iter().filter(|sentence| sentence.ends_with('?')) {
        questions += 1;
        asked.extend(question(sentence));
    }
    let all = small.join(" ");
    if asked.is_empty() {
        asked.extend(PROMPTS.iter().find(|(_, words)| all.contains(words)).map(|(topic, _)| *topic));
    }
    // "We have haircuts and colors. Which would you like?" asks no time, "I have ten or eleven. Which would you like?" does.
    let told = told::read(text, today);
    let times = told.iter().filter(|told| told.time.is_some()).count();
    let last = small.iter().rfind(|sentence| sentence.ends_with('?')).map_or("", String::as_str);
    let topic = by_times(asked.last().copied(), questions > 0, times > 0, last);
    Heard {
        asked: topic,
        questions,
        claims: sentences.iter().zip(&small).filter_map(|(sentence, small)| claim(sentence, small)).collect(),
        gives_reason: REASONS.iter().any(|reason| all.contains(reason)),
        offers: offers(&sentences, told.clone(), today),
        told,
        leaves: GOODBYES.iter().any(|word| all.contains(word)),
    }
}

/// What is asked, now that it is known whether there are times to choose from: "What would you prefer?" after ten and eleven
/// is which of them, and after nothing it is when.
fn by_times(asked: Option<Topic>, is_question: bool, times: bool, sentence: &str) -> Option<Topic> {
    let anew = ["other", "instead", "another", "different", "rather"].iter().any(|word| sentence.contains(word));
    let when = ["when", "what day", "which day", "which other day", "what time", "day and time"]
        .iter()
        .any(|words| sentence.contains(words));
    match asked {
        Some(Topic::Service) if times && sentence.contains("would you like") => Some(Topic::Which),
        Some(Topic::When) if times && !anew && sentence.contains("which time") => Some(Topic::Which),
        Some(Topic::Which) if when && (anew || !times) => Some(Topic::When),
        // Words this ear does not know, after times that can be had.
        None if is_question && times => Some(Topic::Which),
        other => other,
    }
}

/// The times of the sentences that do not say what cannot be had.
fn offers(sentences: &[String], all: Vec<Told>, today: Date) -> Vec<Told> {
    let refuses = |sentence: &&String| {
        let small = sentence.to_lowercase().replace('’', "'");
        REFUSALS.iter().any(|words| small.contains(words))
    };
    let open: Vec<&str> = sentences.iter().filter(|sentence| !refuses(sentence)).map(String::as_str).collect();
    let offers = told::read(&open.join(" "), today);
    if offers.iter().any(|told| told.time.is_some()) { offers } else { all }
}

fn question(sentence: &str) -> Option<Topic> {
    let fits =
        |wordings: &str| wordings.split('|').any(|way| way.split('+').all(|part| sentence.contains(part.trim())));
    QUESTIONS.iter().find(|(_, wordings)| fits(wordings)).map(|(topic, _)| *topic)
}

fn claim(sentence: &str, small: &str) -> Option<Claim> {
    if NO_CLAIM.iter().any(|words| small.contains(words)) {
        return None;
    }
    let (what, _) = CLAIMS.iter().find(|(_, ways)| ways.iter().any(|words| small.contains(words)))?;
    Some(Claim { what: *what, sentence: sentence.to_owned() })
}

/// Cut after full stops, question and exclamation marks that a capital follows; "3 p.m. on" is no end.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest
            .match_indices(['.', '?', '!'])
            .map(|(at, mark)| at + mark.len())
            .find(|end| {
                let after = &rest[*end..];
                after.starts_with(' ') && after.trim_start().starts_with(|c: char| c.is_uppercase())
            })
            .unwrap_or(rest.len());
        sentences.push(rest[..end].trim().to_owned());
        rest = rest[end..].trim_start();
    }
    sentences
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn hear(text: &str) -> Heard {
        listen(text, date(2026, 11, 24))
    }

    #[test]
    fn questions_are_told_apart_by_their_words() {
        for (text, topic) in [
            ("Thanks for calling Willow. How can I help you?", Topic::Open),
            ("What would you like to book: haircut, color, or beard trim?", Topic::Service),
            ("Sure, a haircut. When would you like to come in?", Topic::When),
            ("I have tomorrow, Wednesday at 10 a.m. or 2 p.m. Which would suit you?", Topic::Which),
            (
                "We're closed on Sundays. The nearest I have is Tuesday the 1st at 9 a.m. Would that suit you?",
                Topic::Which,
            ),
            ("May I have your name, please?", Topic::Name),
            ("And what number can we reach you at?", Topic::Phone),
            ("Yes, go on.", Topic::Phone),
            (
                "That's a haircut with Maria, Tuesday, December 1st at 3:30 p.m., for Anna. Shall I book it?",
                Topic::ReadBack,
            ),
            ("Just to be sure: Tuesday, December 1st at 3:30 p.m. Yes?", Topic::ReadBack),
            ("Alright. What should I change?", Topic::Change),
            ("Sure. What name is the appointment under?", Topic::WhoseName),
            ("And which day is it on?", Topic::WhichDay),
            ("That's your haircut, Tuesday, December 1st at 9 a.m. Shall I cancel it?", Topic::CancelIt),
            ("I can't find that appointment. Shall I take a message, so that somebody looks into it?", Topic::Offer),
            ("Nobody can come to the phone right now. What should I tell them?", Topic::Message),
            ("You're booked, Anna: Tuesday, December 1st at 3:30 p.m. Is there anything else?", Topic::Else),
            ("That one is booked already. Would you like to move it or cancel it?", Topic::AfterAll),
            ("Are you still there?", Topic::There),
            // In the words of a model, which are never twice the same.
            ("How can I help?", Topic::Open),
            ("A haircut, gladly. When were you hoping to come in?", Topic::When),
            ("There is Friday at 10 a.m., or 2 p.m. How does that sound?", Topic::Which),
            ("I could give you ten in the morning or half past three. Do you have a favorite?", Topic::Which),
            ("What day and time would you prefer?", Topic::When),
            ("I have Friday at 10 a.m. What time works best for you?", Topic::Which),
            ("Friday at 10 a.m. isn't free. Which other day would work for you?", Topic::When),
            ("What name shall I put it under?", Topic::Name),
            ("Whose name is that appointment under?", Topic::WhoseName),
            ("What day is your appointment?", Topic::WhichDay),
            ("Which day is it booked for?", Topic::WhichDay),
            ("Of course. What would you like me to pass on?", Topic::Message),
            ("Can I do anything else for you?", Topic::Else),
            ("I'm afraid I can't follow you. Shall I take a message, so that somebody calls you back?", Topic::Offer),
            ("What is the appointment for?", Topic::Service),
            ("What should we do for you?", Topic::Service),
            ("Is there somebody you would like to come to?", Topic::Staff),
            ("All right. What should be different?", Topic::Change),
        ] {
            let heard = hear(text);
            assert_eq!((heard.asked, heard.questions <= 1), (Some(topic), true), "{text}");
        }
    }

    #[test]
    fn two_questions_in_one_turn_are_counted() {
        assert_eq!(hear("May I have your name? And what number can we reach you at?").questions, 2);
    }

    #[test]
    fn only_what_is_said_to_be_done_is_a_claim() {
        let claims = |text: &str| hear(text).claims.into_iter().map(|claim| claim.what).collect::<Vec<_>>();
        assert_eq!(
            claims("You're booked, Anna: Tuesday, December 1st at 3:30 p.m. Is there anything else?"),
            [Done::Booked]
        );
        assert_eq!(claims("Done, your appointment is now Tuesday, December 1st at 9 a.m."), [Done::Moved]);
        assert_eq!(
            claims("Your appointment on Tuesday the 1st is cancelled. Is there anything else?"),
            [Done::Cancelled]
        );
        for none in [
            "Shall I book it?",
            "I can't tell yet whether that went through.",
            "Nothing has been booked yet.",
            "I'm sorry, somebody has just taken that time.",
            "Would you like to book, move or cancel an appointment?",
        ] {
            assert!(claims(none).is_empty(), "{none}");
        }
    }
}
