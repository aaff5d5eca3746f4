//! An e-mail address as it is spoken: "anna dot kovacs at example dot com", with letters, signs and digits in words.
//!
//! "At" and "dot" are said for other things as well ("at three dot dot"), so an address is what has both, and a domain
//! that could be one.

use std::ops::Range;

use super::{
    spelling,
    tokens::{Gap, Use, Utterance},
};
use crate::domain::email::EmailAddress;

/// An address that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenEmail {
    pub address: EmailAddress,
    /// Words may have been joined or cut wrongly: it is read back before it is used.
    pub uncertain: bool,
}

/// Finds an address and marks the words that said it.
pub(super) fn find(said: &mut Utterance<'_>) -> Option<SpokenEmail> {
    let (address, at, uncertain) = written(said).or_else(|| spoken(said))?;
    said.mark(at, Use::Phone);
    Some(SpokenEmail { address, uncertain })
}

/// "anna.kovacs@example.com" as a recogniser writes it.
fn written(said: &Utterance<'_>) -> Option<(EmailAddress, Range<usize>, bool)> {
    let text = said.text;
    let at = text.find('@')?;
    let start = text[..at]
        .rfind(|c: char| c.is_whitespace() || ",;:<(".contains(c))
        .map_or(0, |space| space + text[space..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(|c: char| c.is_whitespace() || ",;:>)".contains(c)).map_or(text.len(), |end| at + end);
    let address = EmailAddress::parse(text[start..end].trim_end_matches(['.', '!', '?'])).ok()?;
    Some((address, said.covering(&(start..end)), false))
}

fn spoken(said: &Utterance<'_>) -> Option<(EmailAddress, Range<usize>, bool)> {
    let mut ats = (0..said.words.len()).filter(|&at| said.words[at].is("at"));
    ats.find_map(|at| {
        let (domain, end) = domain(said, at + 1)?;
        let local = local(said, at)?;
        let address = EmailAddress::parse(&format!("{}@{domain}", local.text)).ok()?;
        Some((address, local.start..end, local.uncertain))
    })
}

/// What stands after "at (sign)": words, "dot", words, up to a domain that ends as domains do.
fn domain(said: &Utterance<'_>, start: usize) -> Option<(String, usize)> {
    let start = start + usize::from(said.words.get(start).is_some_and(|word| word.any(&["sign", "symbol"])));
    let mut domain = String::new();
    let mut found = None;
    let mut at = start;
    while at < said.words.len() && at < start + 24 && domain.len() < 80 {
        let word = &said.words[at];
        let dotted = at > start && said.text.get(said.words[at - 1].span.end..word.span.start) == Some(".");
        if dotted && !domain.ends_with('.') {
            domain.push('.');
        }
        if word.any(DOTS) {
            if domain.is_empty() || domain.ends_with('.') {
                break;
            }
            domain.push('.');
            at += 1;
            continue;
        }
        let dot_before = domain.ends_with('.');
        let (text, next) = piece(said, at, &["com"])?;
        domain.push_str(&text);
        at = next;
        let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
        let more = said.words.get(at).is_some_and(|word| {
            word.any(DOTS) || said.text.get(said.words[at - 1].span.end..word.span.start) == Some(".")
        });
        if !top.is_empty() && TOPS.contains(&top) && (dot_before || top.len() <= 3) && !more {
            found = Some((domain.clone(), at));
            break;
        }
        // After the last dot at most one word more may come ("dot c o", "dot u k").
        if !top.is_empty() && top.len() > 3 && !more {
            break;
        }
    }
    found
}

const DOTS: &[&str] = &["dot", "point", "period"];

/// Ends of domains that callers say; a word after "dot" that is none of them ends no address.
const TOPS: &[&str] = &[
    "com", "net", "org", "edu", "gov", "info", "biz", "io", "me", "co", "app", "dev", "online", "shop", "email",
    "cloud", "uk", "us", "ie", "de", "fr", "es", "it", "nl", "be", "at", "ch", "eu", "au", "nz", "ca", "in", "pl",
    "pt", "se", "no", "dk", "fi", "cz", "hu", "ro", "gr", "tr", "za", "mx", "br", "ar", "jp", "kr", "cn", "sg", "tv",
    "ai", "wales", "scot", "london",
];

struct Local {
    text: String,
    start: usize,
    uncertain: bool,
}

/// What stands before "at", from where the address begins: after "is", "it's", a pause, or a word that is in no address.
fn local(said: &Utterance<'_>, end: usize) -> Option<Local> {
    let mut start = end;
    while start > 0 && end - start < 40 {
        let word = &said.words[start - 1];
        if word.any(LEADS)
            || word.used != Use::Free
            || start < end && said.words[start].before == Gap::Stop && !dotted(said, start)
        {
            break;
        }
        start -= 1;
    }
    // "All one word" says how, and is no part of it.
    let mut text = String::new();
    let mut at = start;
    let mut bare = 0;
    while at < end {
        if at > start && dotted(said, at) && !text.ends_with('.') {
            text.push('.');
        }
        if let Some(skipped) = remark(said, at).filter(|&skipped| skipped <= end) {
            at = skipped;
            continue;
        }
        let word = &said.words[at];
        if let Some(sign) = sign(&word.text) {
            text.push(sign);
            at += 1;
            bare = 0;
            continue;
        }
        let (piece, next) = piece(said, at, &[])?;
        if next > end {
            return None;
        }
        // Two words without a sign between them may be one, or the first of them no part of it.
        bare += usize::from(piece.len() > 1);
        text.push_str(&piece);
        at = next;
    }
    let uncertain = bare > 1;
    (!text.is_empty()).then_some(Local { text, start, uncertain })
}

fn dotted(said: &Utterance<'_>, at: usize) -> bool {
    at > 0 && said.text.get(said.words[at - 1].span.end..said.words[at].span.start) == Some(".")
}

/// "All one word", "all lower case", "no spaces": how it is written.
fn remark(said: &Utterance<'_>, at: usize) -> Option<usize> {
    let words = |words: &[&str]| {
        let here = words.iter().enumerate().all(|(n, word)| said.words.get(at + n).is_some_and(|said| said.is(word)));
        here.then_some(at + words.len())
    };
    let remarks: [&[&str]; 9] = [
        &["all", "one", "word"],
        &["one", "word"],
        &["all", "lower", "case"],
        &["all", "lowercase"],
        &["lower", "case"],
        &["lowercase"],
        &["in", "lowercase"],
        &["no", "spaces"],
        &["all", "together"],
    ];
    remarks.iter().find_map(|remark| words(remark))
}

fn sign(word: &str) -> Option<char> {
    Some(match word {
        "dot" | "point" | "period" => '.',
        "underscore" => '_',
        "dash" | "hyphen" | "minus" => '-',
        "plus" => '+',
        "apostrophe" => '\'',
        _ => return None,
    })
}

/// Letters, digits or a word, and the word after them.
fn piece(said: &Utterance<'_>, at: usize, whole: &[&str]) -> Option<(String, usize)> {
    let word = said.words.get(at)?;
    if let Some(run) = spelling::at(said, at).filter(|run| !run.letters.contains([' ', '-', '\''])) {
        return Some((run.letters, run.at.end));
    }
    if word.is("double")
        && let Some(next) = said.words.get(at + 1)
        && let Some(twice) = one(&next.text)
    {
        return Some((twice.to_string().repeat(2), at + 2));
    }
    if let Some(digits) = number(&word.text).filter(|_| !whole.contains(&&*word.text)) {
        return Some((digits.to_owned(), at + 1));
    }
    let plain = !word.text.is_empty() && word.text.chars().all(|c| c.is_ascii_alphanumeric());
    plain.then(|| (word.text.to_string(), at + 1))
}

fn one(word: &str) -> Option<char> {
    let mut chars = word.chars();
    let single = chars.next().filter(|c| c.is_ascii_alphanumeric() && chars.next().is_none());
    single.or_else(|| number(word).filter(|digits| digits.len() == 1).and_then(|digits| digits.chars().next()))
}

fn number(word: &str) -> Option<&'static str> {
    const NUMBERS: &[(&str, &str)] = &[
        ("zero", "0"),
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("eleven", "11"),
        ("twelve", "12"),
        ("thirteen", "13"),
        ("fourteen", "14"),
        ("fifteen", "15"),
        ("sixteen", "16"),
        ("seventeen", "17"),
        ("eighteen", "18"),
        ("nineteen", "19"),
        ("twenty", "20"),
    ];
    NUMBERS.iter().find(|(said, _)| *said == word).map(|(_, digits)| *digits)
}

/// Words after which an address begins.
const LEADS: &[&str] = &[
    "is", "it", "my", "email", "mail", "address", "e", "to", "at", "and", "that", "the", "use", "yes", "yeah", "sure",
    "okay", "so", "well", "hi", "hello", "please", "write", "send", "under", "sorry", "actually", "'s", "no", "would",
    "be", "with", "for", "on", "i", "am", "can", "you", "me",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn heard(text: &str) -> Option<String> {
        find(&mut Utterance::read(text)).map(|found| found.address.to_string())
    }

    #[test]
    fn an_address_is_heard_however_it_is_said() {
        for (text, address) in [
            ("anna dot kovacs at gmail dot com", "anna.kovacs@gmail.com"),
            ("my email is anna dot kovacs at g mail dot com", "anna.kovacs@gmail.com"),
            ("it's a n n a underscore k, at, outlook dot co dot uk", "anna_k@outlook.co.uk"),
            ("anna.kovacs@example.com", "anna.kovacs@example.com"),
            ("Sure, it's Anna.Kovacs@Example.com.", "Anna.Kovacs@example.com"),
            ("anna kovacs all one word at proton mail dot com", "annakovacs@protonmail.com"),
            ("bob dash smith at hot mail dot com", "bob-smith@hotmail.com"),
            ("anna plus salon at sign example dot org", "anna+salon@example.org"),
            ("j smith seven two at example dot net please", "jsmith72@example.net"),
            ("a double n a at example dot d e", "anna@example.de"),
        ] {
            assert_eq!(heard(text).as_deref(), Some(address), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_not_one() {
        for text in [
            "at three dot dot",
            "on Tuesday at three",
            "I'm at the dentist dot",
            "meet me at noon",
            "at gmail dot com",
            "I am at home dot",
            "at ten point five",
            "@",
            "me @ home",
        ] {
            assert_eq!(heard(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,80}") {
            let _ = heard(&text);
        }

        #[test]
        fn a_spelled_address_is_heard(local in "[bcdfghjkmnpqrstv]{3,8}", domain in "[bcdfghjkmnpqrstv]{3,8}") {
            let spell = |text: &str| text.chars().map(String::from).collect::<Vec<_>>().join(" ");
            let text = format!("{} at {} dot com", spell(&local), spell(&domain));
            prop_assert_eq!(heard(&text), Some(format!("{local}@{domain}.com")));
        }
    }
}
