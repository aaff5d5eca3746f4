//! Languages: whether a sentence is in the call's, and what it claims in those that have a table.
//!
//! In a language that has neither rules nor a table nothing can be checked, so only questions without digits are spoken; the
//! scripted receptionist should take such calls, which is what [`can_check`] is for.

mod clock;
mod tables;

use std::{collections::HashMap, sync::LazyLock};

use self::tables::{TABLES, Table};
use super::{
    Claim, Ground, amounts,
    english::Said,
    hours, numbers,
    words::{self, Gap, Word},
};

/// Whether what is claimed in this language (BCP 47) can be checked.
pub fn can_check(language: &str) -> bool {
    !matches!(of(language), Tongue::Unknown(_))
}

/// How a language is judged.
#[derive(Clone, Copy)]
pub(super) enum Tongue {
    English,
    Table(&'static Table),
    Unknown([u8; 2]),
}

pub(super) fn of(language: &str) -> Tongue {
    let code = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match TABLES.iter().find(|table| table.code == code) {
        _ if code == "en" || code.is_empty() => Tongue::English,
        Some(table) => Tongue::Table(table),
        None => Tongue::Unknown([
            code.bytes().next().unwrap_or_default(),
            code.as_bytes().get(1).copied().unwrap_or_default(),
        ]),
    }
}

/// Weekdays and months of all languages, for where a clause does not end.
pub(super) fn calendar_words() -> impl Iterator<Item = &'static str> {
    // Before folding, as they are written.
    let written = "miércoles sábado märz février août décembre lunedì martedì mercoledì giovedì venerdì março terça sábado uhr heures horas uur";
    TABLES
        .iter()
        .flat_map(|table| table.weekdays.iter().chain(&table.months))
        .flat_map(|names| names.split(' '))
        .chain(written.split(' '))
        .filter(|word| !matches!(*word, "mars" | "mai" | "mei"))
}

const ENGLISH: &str = "the a an and is are you your i we to of for in on at it that this with have do what would like can will be not but my me our how \
when which there they or if from please let so just could shall name yes okay sure sorry thanks thank afraid about any";

/// Bits of the languages in which a word is common; English is the last.
static COMMON: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, u8> = HashMap::new();
    for (nth, list) in TABLES.iter().map(|table| table.common).chain([ENGLISH]).enumerate() {
        for word in list.split(' ') {
            *words.entry(word).or_default() |= 1 << nth;
        }
    }
    words
});

/// Claims of one word, by language: said in another language they are still claims.
static FOREIGN: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let phrases = TABLES.iter().flat_map(|table| {
        table.claims.iter().flat_map(|(_, phrases)| phrases.iter().map(|phrase| (table.code, *phrase)))
    });
    phrases
        .filter(|(_, phrase)| !phrase.contains([' ', '$']) && phrase.len() >= 6 && !ALSO_ENGLISH.contains(phrase))
        .collect()
});

/// Words of the tables that are English words, too.
const ALSO_ENGLISH: &[&str] = &[
    "reserve",
    "confirme",
    "change",
    "notice",
    "programme",
    "termine",
    "avance",
    "informe",
    "reserves",
    "modifie",
    "cancele",
    "bloque",
];

impl Tongue {
    pub(super) fn is_english(self) -> bool {
        matches!(self, Self::English)
    }

    /// Whether the sentence is in this language, as far as that can be told: what is short passes.
    pub(super) fn is_spoken(self, sentence: &str, words: &[Word<'_>], ground: &Ground<'_>) -> bool {
        if !self.is_written(sentence) {
            return false;
        }
        if matches!(self, Self::Unknown(_)) {
            return true;
        }
        let own = match self {
            Self::English => TABLES.len(),
            Self::Table(table) => TABLES.iter().position(|other| other.code == table.code).unwrap_or_default(),
            Self::Unknown(_) => return true,
        };
        let mut counts = [0_usize; 8];
        let mut names = 0;
        // Single letters are a name that is spelled.
        for word in words.iter().filter(|word| word.text.len() > 1) {
            let bits = COMMON.get(&*word.text).copied().unwrap_or_default();
            for (nth, count) in counts.iter_mut().enumerate() {
                *count += usize::from(bits >> nth & 1 == 1);
            }
            names += usize::from(bits == 0);
        }
        let best =
            counts.iter().enumerate().filter(|(nth, _)| *nth != own).map(|(_, count)| *count).max().unwrap_or_default();
        let other = best >= 3 && best > counts[own] * 2
            || best >= 2 && counts[own] == 0 && words.len() >= 3 && best * 3 >= names;
        if other {
            return false;
        }
        // "Su cita está reservada", in an English call.
        if sentence.is_ascii() && self.is_english() && counts[own] > 0 {
            return true;
        }
        let code = match self {
            Self::Table(table) => table.code,
            _ => "en",
        };
        let own_word = |word: &Word<'_>| words::fold(&ground.business.name).contains(&*word.text);
        let foreign = |word: &Word<'_>| {
            FOREIGN.iter().any(|(other, phrase)| *other != code && fits(phrase, &word.text)) && !own_word(word)
        };
        let shared = |word: &Word<'_>| matches!(self, Self::Table(table) if table.claims.iter().any(|(_, phrases)| phrases.iter().any(|phrase| fits(phrase, &word.text))));
        !words.iter().any(|word| foreign(word) && !shared(word))
    }

    /// Whether the letters are those of the language.
    fn is_written(self, sentence: &str) -> bool {
        if sentence.is_ascii() {
            return !matches!(self, Self::Unknown(code) if SCRIPTS.contains(&code))
                || !sentence.contains(char::is_alphabetic)
                || sentence.len() < 24;
        }
        let letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
        let latin = sentence.chars().filter(|c| c.is_alphabetic() && is_latin(*c)).count();
        match self {
            Self::Unknown(code) if SCRIPTS.contains(&code) => latin * 2 <= letters || letters < 12,
            Self::Unknown(_) => true,
            _ => latin * 10 >= letters * 7,
        }
    }

    pub(super) fn claim(self, sentence: &str, folded: &str, words: &[Word<'_>], ground: &Ground<'_>) -> Option<Claim> {
        match self {
            Self::English => None,
            Self::Table(table) => table.claim(sentence, folded, words, ground),
            Self::Unknown(_) => {
                let asks = sentence.trim_end().ends_with(['?', '？', '؟', ';']);
                let digits = sentence.chars().any(char::is_numeric);
                (!asks || digits).then_some(Claim::Language)
            }
        }
    }
}

/// Languages that are not written in Latin letters.
const SCRIPTS: &[[u8; 2]] = &[
    *b"ru", *b"uk", *b"bg", *b"sr", *b"el", *b"he", *b"ar", *b"fa", *b"ur", *b"hi", *b"bn", *b"ta", *b"te", *b"th",
    *b"ko", *b"ja", *b"zh", *b"ka", *b"hy", *b"am",
];

/// Latin, full-width and mathematical letters included: they are read as Latin ones.
fn is_latin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{2100}'..='\u{214f}' | '\u{ff21}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}')
}

/// A word of a table: itself, or its beginning when it ends in a star.
fn fits(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => word.strip_prefix(stem).is_some_and(|rest| rest.len() <= 5),
        None => word == pattern,
    }
}

/// "If", "when" and "once" at the beginning of a sentence.
const CONDITIONS: &[&str] = &[
    "si", "cuando", "vez", "wenn", "sobald", "falls", "fois", "quand", "lorsque", "des", "se", "quando", "appena",
    "volta", "assim", "als", "zodra", "wanneer",
];

/// How many words a gap may hold.
const LONGEST_GAP: usize = 5;

/// Where the phrase ends that starts at `at`.
fn matches(phrase: &str, words: &[Word<'_>], at: usize) -> Option<usize> {
    fn from(steps: &[&str], words: &[Word<'_>], at: usize) -> Option<usize> {
        let Some((step, rest)) = steps.split_first() else { return Some(at) };
        match *step {
            "…" => (at..=(at + LONGEST_GAP).min(words.len())).find_map(|next| from(rest, words, next)),
            "$" => words.get(at).is_none_or(|word| word.before > Gap::Space).then(|| from(rest, words, at))?,
            step => words.get(at).filter(|word| fits(step, &word.text)).and_then(|_| from(rest, words, at + 1)),
        }
    }
    let mut steps = [""; 8];
    let mut count = 0;
    for (step, place) in phrase.split(' ').zip(steps.iter_mut()) {
        *place = step;
        count += 1;
    }
    from(&steps[..count], words, at)
}

fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

impl Table {
    fn claim(&self, sentence: &str, folded: &str, words: &[Word<'_>], ground: &Ground<'_>) -> Option<Claim> {
        if !numbers::hold(folded, words, ground) {
            return Some(Claim::Number);
        }
        let asks = sentence.trim_end().ends_with('?') || sentence.contains('¿') || self.begins_as_question(words);
        let real = |at: usize, to: usize| !self.is_unreal(words, at, to);
        let found = |phrases: &[&str]| {
            (0..words.len())
                .find(|&at| phrases.iter().any(|phrase| matches(phrase, words, at).is_some_and(|to| real(at, to))))
        };
        if !asks && found(self.promises).is_some_and(|at| !is_own(&words[at].text, ground)) {
            return Some(Claim::Promise);
        }
        if !amounts::hold(folded, ground) {
            return Some(Claim::Price);
        }
        let times = clock::times(self, words, ground);
        if !asks {
            // "Once it is booked, you will get a message."
            let once = words.iter().take(2).any(|word| word.any(CONDITIONS));
            let claims = self
                .claims
                .iter()
                .filter(|(said, phrases)| found(phrases).is_some() && !(once && *said == Said::Stands));
            let claims = claims.map(|(said, _)| *said);
            let mut claims: Vec<Said> = claims.collect();
            if claims.iter().any(|said| matches!(said, Said::Moved | Said::Cancelled | Said::Passed)) {
                claims.retain(|said| !matches!(said, Said::Done | Said::Stands));
            }
            if let Some(said) = claims.iter().find(|said| !is_so(**said, &times, ground)) {
                return Some(super::judge::claimed(*said));
            }
            if claims.is_empty() {
                let closed = found(self.closed).is_some();
                if closed || found(self.open).is_some() {
                    return (!times.iter().all(|time| time.is_opening(ground, closed) || time.is_known(self, ground)))
                        .then_some(Claim::Free);
                }
                // Denied, a time that is "free" is taken.
                let denied = words.iter().any(|word| listed(self.negations, &word.text));
                let any = |phrases: &[&str]| {
                    (0..words.len()).any(|at| phrases.iter().any(|phrase| matches(phrase, words, at).is_some()))
                };
                if any(self.taken) || any(self.free) && denied {
                    let told = ground.told.iter().any(|told| self.tells_taken(told));
                    if !told && !times.iter().any(|time| time.is_closed(ground)) {
                        return Some(Claim::Free);
                    }
                } else if found(self.free).is_some() {
                    let offered = ground.held.is_some() || !ground.offered.is_empty();
                    if !offered || !times.iter().all(|time| time.is_offered(ground)) {
                        return Some(Claim::Free);
                    }
                }
            }
        }
        times.iter().any(|time| !time.is_known(self, ground)).then_some(Claim::When)
    }

    fn begins_as_question(&self, words: &[Word<'_>]) -> bool {
        words.first().is_some_and(|word| listed(self.asks, &word.text))
            && self.code != "es"
            && self.code != "it"
            && self.code != "pt"
    }

    /// Denied, wished, offered or only possible.
    fn is_unreal(&self, words: &[Word<'_>], at: usize, to: usize) -> bool {
        let mut start = at;
        while start > 0 && words[start].before == Gap::Space {
            start -= 1;
        }
        let mut end = to;
        while end < words.len() && words[end].before == Gap::Space {
            end += 1;
        }
        let before = &words[start..at];
        let denied = words[start..end].iter().any(|word| listed(self.negations, &word.text));
        // "Nur damit Sie es wissen": a condition that is far from the word sets none.
        let unreal = before.iter().rev().take(7).any(|word| listed(self.unreal, &word.text));
        denied || unreal
    }

    fn tells_taken(&self, told: &str) -> bool {
        let folded = words::fold(told).into_owned();
        let words = words::split(&folded);
        let denied = words.iter().any(|word| {
            listed(self.negations, &word.text) || word.any(&["not", "nothing", "closed", "taken", "afraid"])
        });
        denied || (0..words.len()).any(|at| self.taken.iter().any(|phrase| matches(phrase, &words, at).is_some()))
    }
}

/// Whether the business or the server has said the word.
fn is_own(word: &str, ground: &Ground<'_>) -> bool {
    let facts = ground.business.facts.iter().map(|fact| fact.answer.as_str());
    facts.chain(ground.told.iter().copied()).any(|text| words::fold(text).contains(word))
}

/// As in English: whether it has been done, at the times that are named.
fn is_so(said: Said, times: &[clock::Time], ground: &Ground<'_>) -> bool {
    let booked = !ground.booked.is_empty();
    let fit = |own: bool| {
        times.iter().all(|time| ground.booked.iter().chain(ground.own.iter().filter(|_| own)).any(|at| time.fits(at)))
    };
    let certain = ground.held.is_none() || !times.is_empty();
    match said {
        Said::Booked | Said::Kept => booked && certain && fit(false) || said == Said::Kept && ground.held.is_some(),
        Said::Stands => (booked || !ground.own.is_empty()) && certain && fit(true),
        Said::Done => {
            (booked || ground.moved || ground.cancelled || ground.message)
                && certain
                && (ground.cancelled || ground.message || fit(true))
        }
        Said::Moved => ground.moved && fit(true),
        Said::Cancelled => ground.cancelled && fit(true),
        Said::Passed => ground.message,
    }
}

/// The opening hours of the business on such a day.
fn is_edge(ground: &Ground<'_>, weekday: Option<jiff::civil::Weekday>, minutes: &[i16], closed: bool) -> bool {
    let days: Vec<super::times::Days> = weekday.map(super::times::Days::Named).into_iter().collect();
    let hours = minutes.first().map(|first| super::times::Hours::At(*first, minutes.get(1).copied()));
    let mention = super::times::Mention { days, clock: hours, span: 0..0 };
    hours::hold(ground, &[mention], closed)
}
