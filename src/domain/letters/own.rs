//! The owner's own wording of a text message: what may stand in it, and what it becomes.
//!
//! Whatever is not known when a message is written must not leave a hole in it: a name that may not be said goes without
//! its comma, and a sentence about a link or a number that there is none of is left out.

use serde::{Deserialize, Serialize};

use super::{About, SEGMENTS, Template, plain, sample::Sample, segments, wording::Wording};
use crate::domain::business::Business;

/// The longest a wording may be, in characters.
pub const LONGEST: usize = 480;

/// The words of one language. Empty: the built-in ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OwnWords {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub booked: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub moved: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cancelled: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub requested: String,
}

impl OwnWords {
    /// The wording of a message; empty when it is the built-in one.
    pub fn of(&self, template: Template) -> &str {
        match template {
            Template::Booked => &self.booked,
            Template::Moved => &self.moved,
            Template::Cancelled => &self.cancelled,
            Template::Requested => &self.requested,
        }
    }

    pub fn set(&mut self, template: Template, words: String) {
        *match template {
            Template::Booked => &mut self.booked,
            Template::Moved => &mut self.moved,
            Template::Cancelled => &mut self.cancelled,
            Template::Requested => &mut self.requested,
        } = words;
    }

    /// Whether every message is the built-in one.
    pub fn is_empty(&self) -> bool {
        Template::ALL.into_iter().all(|template| self.of(template).is_empty())
    }
}

/// What can be put into a wording, as it is written there and what it stands for.
pub const PLACES: [(&str, &str); 6] = [
    ("{name}", "the customer’s first name"),
    ("{business}", "the name of the business"),
    ("{what}", "the service, and with whom"),
    ("{when}", "day and time, in the business’s zone"),
    ("{link}", "the customer’s own page, to see, move or cancel it"),
    ("{call}", "the number to call"),
];

/// What the places stand for in one message. Nothing: it is not known.
pub(super) struct Filling<'a> {
    pub name: Option<&'a str>,
    pub business: &'a str,
    pub what: &'a str,
    pub when: &'a str,
    pub link: Option<&'a str>,
    pub call: Option<&'a str>,
}

impl Filling<'_> {
    fn of(&self, place: &str) -> Option<&str> {
        match place {
            "name" => self.name,
            "business" => Some(self.business),
            "what" => Some(self.what),
            "when" => Some(self.when),
            "link" => self.link,
            "call" => self.call,
            _ => None,
        }
    }

    /// A wording with everything in its place, left to right, so that nothing that was put in is read again.
    pub(super) fn fill(&self, words: &str) -> String {
        let mut text = String::with_capacity(words.len() + 80);
        for sentence in sentences(words) {
            if let Some(sentence) = self.sentence(sentence) {
                text.push_str(&sentence);
            }
        }
        text.trim().to_owned()
    }

    /// Nothing when it is about a link or a number that there is none of.
    fn sentence(&self, words: &str) -> Option<String> {
        let mut text = String::with_capacity(words.len() + 40);
        let mut rest = words;
        let mut capital = false;
        while let Some((before, place, after)) = next_place(rest) {
            push(&mut text, before, &mut capital);
            rest = after;
            match (self.of(place), place) {
                (Some(value), _) => {
                    push(&mut text, value, &mut capital);
                    if place == "link" {
                        // It would become part of the link.
                        rest = rest.trim_start_matches(['.', ',', '!']);
                    }
                }
                (None, "name") if text.trim().is_empty() => {
                    rest = rest.trim_start_matches([',', '!', ':', ' ']);
                    capital = true;
                }
                // "Hi {name}, …" becomes "Hi, …".
                (None, "name") => text.truncate(text.trim_end().len()),
                (None, _) => return None,
            }
        }
        push(&mut text, rest, &mut capital);
        Some(text)
    }
}

fn push(text: &mut String, more: &str, capital: &mut bool) {
    let mut letters = more.chars();
    match letters.next() {
        Some(first) if *capital => {
            text.extend(first.to_uppercase());
            text.push_str(letters.as_str());
            *capital = false;
        }
        _ => text.push_str(more),
    }
}

/// What stands before the next place, its name, and what follows it.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (place, after) = rest.split_once('}')?;
    Some((before, place, after))
}

/// With the spaces behind them. "No. 5" is cut too, which matters only to a sentence that is left out.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (mut stop, mut space) = (false, false);
        let end = rest.char_indices().find(|(_, c)| {
            if c.is_whitespace() {
                space = stop;
                return false;
            }
            let begins = stop && space;
            (stop, space) = (matches!(c, '.' | '!' | '?'), false);
            begins
        });
        let (sentence, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        (!sentence.is_empty()).then_some(sentence)
    })
}

/// Why a wording cannot be used, if so: for whoever writes it.
pub fn mistake(words: &str, template: Template, language: &str, business: &Business) -> Option<String> {
    if words.chars().count() > LONGEST {
        return Some(format!("is too long: at most {LONGEST} characters"));
    }
    if words.chars().any(char::is_control) {
        return Some("must be one line".to_owned());
    }
    if let Some(why) = misplaced(words) {
        return Some(why);
    }
    if !words.contains("{when}") {
        return Some("must say {when}: a message without the time helps nobody".to_owned());
    }
    if has_link(words) {
        return Some("may have no address of its own, which carriers block: {link} is the customer’s page".to_owned());
    }
    if asks_for_a_reply(words) {
        return Some(
            "asks for a reply: nobody reads replies, and carriers take words such as CANCEL, STOP or END as “no more \
             messages”. Point to {link} or {call} instead"
                .to_owned(),
        );
    }
    let long = Sample::longest(business).text_in(words, template, language);
    let count = segments(&long);
    (count > SEGMENTS).then(|| format!("comes to {count} segments with a long name; {SEGMENTS} are the most"))
}

fn misplaced(words: &str) -> Option<String> {
    let mut rest = words;
    while let Some((before, place, after)) = next_place(rest) {
        if before.contains('}') || place.contains('{') {
            return Some("has a brace that is not closed, or not opened".to_owned());
        }
        if !PLACES.iter().any(|(known, _)| known.trim_matches(['{', '}']) == place) {
            let known: Vec<&str> = PLACES.iter().map(|(place, _)| *place).collect();
            return Some(format!("knows no {{{place}}}; there are {}", known.join(" ")));
        }
        rest = after;
    }
    rest.contains(['{', '}']).then(|| "has a brace that is not closed, or not opened".to_owned())
}

/// An address, or what a telephone would make one of: letters, a full stop, and letters again.
fn has_link(words: &str) -> bool {
    let lower = words.to_lowercase();
    let domain = |token: &str| {
        let host = token.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.trim_matches(|c: char| !c.is_alphanumeric());
        let (name, end) = host.rsplit_once('.').unwrap_or_default();
        let letters = end.len() >= 2 && end.chars().all(char::is_alphabetic);
        letters && name.chars().last().is_some_and(char::is_alphanumeric) && !token.contains('@')
    };
    lower.contains("://") || lower.contains("www.") || lower.split_whitespace().any(domain)
}

/// What carriers take as an order about all messages of a number (CTIA, Messaging Principles, 5.1.3; and what the large
/// ones add), besides "yes" and "no", which nobody here would read.
const ORDERS: [&str; 21] = [
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "out",
    "start",
    "unstop",
    "yes",
    "no",
    "help",
    "info",
    "alto",
    "parar",
    "baja",
    "arret",
    "stopp",
    "annuler",
];
const REPLY: [&str; 22] = [
    "reply",
    "replying",
    "text",
    "answer",
    "respond",
    "send",
    "responda",
    "responde",
    "conteste",
    "envíe",
    "antworten",
    "antworte",
    "schreiben",
    "répondez",
    "envoyez",
    "rispondi",
    "risponda",
    "rispondere",
    "antwoord",
    "stuur",
    "responder",
    "envie",
];

fn asks_for_a_reply(words: &str) -> bool {
    sentences(words).any(|sentence| {
        let words: Vec<String> = sentence
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_lowercase)
            .filter(|word| !word.is_empty())
            .collect();
        let asked = words.iter().position(|word| REPLY.contains(&word.as_str()));
        asked.is_some_and(|at| words[at + 1..].iter().take(4).any(|word| ORDERS.contains(&word.as_str())))
    })
}

impl About<'_> {
    /// The owner's words for a message, with everything in its place.
    pub(super) fn in_own_words(&self, words: &str, cut: usize) -> String {
        let wording = self.wording();
        let what = self.what(wording, cut);
        let (name, call) = (super::first_name(self.name), self.call());
        let filling = Filling {
            name: name.as_deref(),
            business: &super::shortened(&self.business.name, cut),
            what: &what,
            when: &self.when(),
            link: self.link,
            call: call.as_deref(),
        };
        filling.fill(&plain(words))
    }
}

/// The built-in words of a message as an owner would write them. `link`: customers have a page of their own.
pub fn built_in(template: Template, language: &str, link: bool) -> String {
    Wording::of(language).unwrap_or_else(Wording::english).as_own(template, link)
}

/// The languages (BCP 47, primary subtag) that a business's messages may go out in, its own first.
pub fn languages(business: &Business) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for tag in std::iter::once(&business.voice.language).chain(&business.voice.languages) {
        let language = primary(tag);
        if Wording::of(&language).is_some() && !found.contains(&language) {
            found.push(language);
        }
    }
    if found.is_empty() {
        found.push("en".to_owned());
    }
    found
}

/// "es" of "es-MX".
pub fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    fn filled(words: &str, name: Option<&str>, link: Option<&str>, call: Option<&str>) -> String {
        let (business, what, when) = ("Willow", "Haircut with Maria", "Tue 3:30 p.m.");
        Filling { name, business, what, when, link, call }.fill(words)
    }

    #[test]
    fn what_is_not_known_leaves_no_hole() {
        let words = "{name}, you are booked at {business}: {what}, {when}. Change it here: {link} Or call {call}.";
        let call = Some("+1 212");
        assert_eq!(
            filled(words, Some("Anna"), Some("https://x.example/a"), call),
            "Anna, you are booked at Willow: Haircut with Maria, Tue 3:30 p.m.. Change it here: https://x.example/a Or call +1 212."
        );
        let words = "Hi {name}! See you at {business}, {when}! Change it here: {link}! Or call {call}.";
        assert_eq!(filled(words, None, None, call), "Hi! See you at Willow, Tue 3:30 p.m.! Or call +1 212.");
        assert_eq!(filled("{name}, see you {when}.", None, None, None), "See you Tue 3:30 p.m..");
        assert_eq!(filled("{when}. {link}", Some("Anna"), None, None), "Tue 3:30 p.m..");
    }

    #[test]
    fn what_was_put_in_is_not_read_again() {
        assert_eq!(filled("{name} {when}", Some("{link}"), Some("https://x"), None), "{link} Tue 3:30 p.m.");
    }

    #[test]
    fn t38_a_wording_that_carriers_or_customers_would_stumble_over_is_refused() {
        let salon = salon();
        let why = |words: &str| mistake(words, Template::Booked, "en", &salon);
        assert_eq!(why("See you {when}, {name}! Change it: {link}"), None);
        assert_eq!(why("Your {what} at {business}, {when}, 3.50 a.m. No. 5. Call {call}."), None);
        for (words, hint) in [
            ("See you soon, {name}", "{when}"),
            ("{when} {time}", "{time}"),
            ("{when} {name", "brace"),
            ("{when} name}", "brace"),
            ("{when}. Reply CANCEL to cancel.", "no more messages"),
            ("{when}. Text us STOP, if you like", "no more messages"),
            ("{when}. Responda ALTO", "no more messages"),
            ("{when} https://evil.example", "address of its own"),
            ("{when} see willow.com/now", "address of its own"),
            ("{when}\nmore", "one line"),
        ] {
            let found = why(words).unwrap_or_default();
            assert!(found.contains(hint), "{words}: {found}");
        }
        assert!(why(&format!("{{when}} {}", "x".repeat(470))).is_some_and(|why| why.contains("segments")));
        assert!(why(&format!("{{when}} {}", "š".repeat(220))).is_some_and(|why| why.contains("segments")));
        assert_eq!(why("{when}. We do not cancel without reason, and you need not reply."), None);
    }

    #[test]
    fn the_built_in_words_are_words_an_owner_could_write() {
        let salon = salon();
        for language in ["en", "es", "de", "fr", "it", "pt", "nl"] {
            for template in Template::ALL {
                for link in [true, false] {
                    let words = built_in(template, language, link);
                    assert_eq!(mistake(&words, template, language, &salon), None, "{words}");
                }
            }
        }
        assert_eq!(
            built_in(Template::Booked, "en-US", false),
            "{name}, you're booked at {business}: {what}, {when}. To change it, call {call}."
        );
    }
}
