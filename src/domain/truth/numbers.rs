//! Numbers to call, streets and addresses on the net: said only when they are the business's own, or were said before.

use super::{
    Ground, amounts,
    words::{self, Word},
};

/// The fewest digits that are a number to call, a postcode or a code, and no time, date or price.
const FEWEST_DIGITS: usize = 5;
/// Nobody repeats what may be a card's number.
const CARD_DIGITS: usize = 13;

/// Whether every number and address in the text is known.
pub(super) fn hold(folded: &str, words: &[Word<'_>], ground: &Ground<'_>) -> bool {
    digits_hold(words, ground) && streets_hold(words, ground) && net_holds(folded, words, ground)
}

fn own_texts<'g>(ground: &'g Ground<'_>) -> impl Iterator<Item = &'g str> {
    let business = ground.business;
    let facts = business.facts.iter().map(|fact| fact.answer.as_str());
    let numbers = business.numbers.iter().map(crate::domain::phone::PhoneNumber::as_str);
    business.address.as_deref().into_iter().chain(facts).chain(numbers).chain([business.name.as_str()])
}

/// What the business, the server or the caller has said.
fn said_texts<'g>(ground: &'g Ground<'_>) -> impl Iterator<Item = &'g str> {
    own_texts(ground).chain(ground.told.iter().copied()).chain(ground.heard.iter().copied())
}

fn digits_hold(words: &[Word<'_>], ground: &Ground<'_>) -> bool {
    let runs = runs(words);
    runs.iter().all(|run| {
        let known = |text: &str| {
            let folded = words::fold(text).into_owned();
            let digits: String = all_digits(&words::split(&folded));
            digits.contains(run.as_str()) || digits.len() >= 7 && run.ends_with(&digits)
        };
        let said = || said_texts(ground).any(known);
        let callers = || said() || together(ground).contains(run.as_str());
        run.len() < CARD_DIGITS && (own_texts(ground).any(known) || callers() && !asks_to_call(words))
    })
}

/// "Please call …", and no "we'll call you at …": a number the caller gave is not one for them to dial, or to pay to.
fn asks_to_call(words: &[Word<'_>]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let them = words.get(at + 1).is_some_and(|next| next.any(&["you", "back", "them", "him", "her", "or"]));
        word.any(&["pay", "send", "transfer"]) || word.any(&["call", "dial", "ring", "phone"]) && !them
    })
}

/// A number that the caller gave in several turns.
fn together(ground: &Ground<'_>) -> String {
    let all = ground.heard.join(" ");
    let folded = words::fold(&all).into_owned();
    all_digits(&words::split(&folded))
}

fn all_digits(words: &[Word<'_>]) -> String {
    let mut out = String::new();
    let mut times = 1;
    for word in words {
        match digits(word) {
            Some(Digits::Some(some)) => {
                (0..times).for_each(|_| out.push_str(&some));
                times = 1;
            }
            Some(Digits::Times(count)) => times = count,
            None => times = 1,
        }
    }
    out
}

enum Digits {
    Some(String),
    /// "Double", "triple": of what follows.
    Times(usize),
}

fn digits(word: &Word<'_>) -> Option<Digits> {
    let text = &*word.text;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        return Some(Digits::Some(text.bytes().filter(u8::is_ascii_digit).map(char::from).collect()));
    }
    Some(match text {
        "double" => Digits::Times(2),
        "triple" | "treble" => Digits::Times(3),
        "oh" | "o" | "nought" => Digits::Some("0".to_owned()),
        text => Digits::Some(amounts::small(text).map(|value| value.to_string())?),
    })
}

/// Digits that are said one after the other.
fn runs(words: &[Word<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let count = words[at..].iter().take_while(|word| digits(word).is_some()).count();
        if count > 0 {
            let run = all_digits(&words[at..at + count]);
            let dated =
                words[at.saturating_sub(3)..at].iter().any(|word| super::judge::is_month(&word.text)) && run.len() <= 6;
            // A price with its thousands, "45.50 dollars", is looked at elsewhere.
            let money = words
                .get(at + count)
                .is_some_and(|word| word.any(&["dollars", "dollar", "euros", "euro", "pounds", "bucks"]));
            if run.len() >= FEWEST_DIGITS && !dated && !money {
                found.push(run);
            }
        }
        at += count.max(1);
    }
    found
}

const STREETS: &[&str] = &[
    "street",
    "avenue",
    "road",
    "lane",
    "boulevard",
    "highway",
    "ave",
    "blvd",
    "rd",
    "parkway",
    "alley",
    "strasse",
    "calle",
    "rue",
    "via",
    "rua",
    "straat",
];
/// Streets only with a number before them.
const MAYBE_STREETS: &[&str] = &[
    "drive", "court", "square", "way", "place", "plaza", "terrace", "crescent", "st", "close", "suite", "floor", "row",
    "hill",
];
const PLAIN: &[&str] = &[
    "the", "this", "that", "a", "an", "your", "our", "of", "same", "main", "side", "what", "which", "off", "across",
    "down", "up", "on", "my", "la", "una", "che",
];

fn streets_hold(words: &[Word<'_>], ground: &Ground<'_>) -> bool {
    (1..words.len()).all(|at| {
        let numbered =
            words[at.saturating_sub(3)..at].iter().find(|word| word.text.bytes().all(|byte| byte.is_ascii_digit()));
        let street = words[at].any(STREETS)
            || words[at].any(MAYBE_STREETS)
                && numbered.is_some()
                && !super::judge::is_calendar_word(&words[at - 1].text);
        let before = &words[at - 1];
        if !street
            || before.any(PLAIN) && (numbered.is_none() && !before.is("main"))
            || before.text.bytes().all(|byte| byte.is_ascii_digit())
        {
            return true;
        }
        let known = |text: &str| {
            let folded = words::fold(text).into_owned();
            let known = words::split(&folded);
            let has = |word: &Word<'_>| known.iter().any(|known| known.text == word.text);
            has(before) && numbered.is_none_or(has)
        };
        said_texts(ground).any(known)
    })
}

/// What ends an address on the net.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "io", "co", "info", "biz", "de", "fr", "es", "it", "nl", "pt", "uk", "us", "eu", "app", "dev",
    "ai", "me", "shop", "salon", "gov", "edu", "tv", "ly", "ru", "cn", "xyz", "online", "site", "health", "dental",
    "law", "ch", "at", "be", "ca", "au", "br", "mx",
];

fn net_holds(folded: &str, words: &[Word<'_>], ground: &Ground<'_>) -> bool {
    let squash = |text: &str| -> String {
        let folded = words::fold(text).into_owned();
        let parts = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty() && !matches!(*part, "dot" | "at" | "www" | "http" | "https" | "slash"));
        parts.collect()
    };
    let known = |address: &str| {
        let address = squash(address);
        said_texts(ground).any(|text| squash(text).contains(&address))
    };
    let written = folded.split_whitespace().all(|token| {
        let token = token.trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
        let dotted = token.split('/').next().unwrap_or_default().rsplit_once('.').is_some_and(|(name, ending)| {
            let ending = ending.split(':').next().unwrap_or_default();
            name.chars().any(char::is_alphabetic) && name.len() > 1 && ENDINGS.contains(&ending)
        });
        let address =
            token.contains("://") || token.starts_with("www.") || dotted || token.contains('@') && token.len() > 1;
        !address || known(token)
    });
    let spoken = (1..words.len()).all(|at| {
        let ends = words[at - 1].is("dot") && words[at].any(ENDINGS);
        if !ends || at < 2 {
            return !ends;
        }
        let address: String = words[at - 2..=at].iter().map(|word| &*word.text).collect::<Vec<_>>().join(" ");
        let whole: String =
            words[at.saturating_sub(4)..=at].iter().map(|word| &*word.text).collect::<Vec<_>>().join(" ");
        let has_at = words[at.saturating_sub(4)..at].iter().any(|word| word.is("at"));
        if has_at {
            known(&whole) || known(&address) && words[at.saturating_sub(3)].is("at") && known_mailbox(words, at, &known)
        } else {
            known(&address)
        }
    });
    written && spoken
}

/// "Anna at example dot com": the word before "at", with what follows.
fn known_mailbox(words: &[Word<'_>], end: usize, known: &impl Fn(&str) -> bool) -> bool {
    let Some(from) = end.checked_sub(4) else { return true };
    let text: String = words[from..=end].iter().map(|word| &*word.text).collect::<Vec<_>>().join(" ");
    known(&text)
}
