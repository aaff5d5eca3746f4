//! Whether a sentence claims what nothing supports.
//!
//! Nearly all that a receptionist says claims nothing, so one pass over the words decides first which rules have to look.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{
    Claim, Ground, amounts,
    english::{self, Rests, Said},
    free, hours,
    memory::{Memory, Name},
    numbers, promises, secrets,
    times::{self, Basis, Known, Mention},
    tongues,
    words::{self, Word},
};

/// What a word may be part of.
const STATE: u8 = 1;
const TIME: u8 = 2;
const FREE: u8 = 4;
const MONEY: u8 = 8;
const NUMBER: u8 = 16;
const PROMISE: u8 = 32;
const HOURS: u8 = 64;

static WORDS: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, u8> = HashMap::new();
    let lists: &[(u8, &str)] = &[
        (TIME, CALENDAR),
        (TIME | MONEY | NUMBER, NUMBERS),
        (
            TIME,
            "noon midnight midday morning afternoon evening night lunchtime o'clock half quarter past am pm week weekend fortnight christmas thanksgiving easter holiday month year later earlier",
        ),
        (
            MONEY,
            "dollar dollars buck bucks euro euros pound pounds quid cent cents pence cost costs price prices fee charge charges",
        ),
        (
            NUMBER,
            "dot street avenue road lane boulevard highway drive court square plaza suite www double triple oh zero",
        ),
        (FREE, free::WORDS),
        (HOURS, "open opens opening close closes closed closing hours shut lunch"),
    ];
    for (flags, list) in lists {
        for word in list.split(' ') {
            *words.entry(word).or_default() |= flags;
        }
    }
    for word in promises::words() {
        *words.entry(word).or_default() |= PROMISE;
    }
    words
});

const CALENDAR: &str = "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays \
mon tue tues wed thu thur thurs fri sat sun january february march april may june july august september october november december \
jan feb mar apr jun jul aug sep sept oct nov dec today tomorrow tonight";
const NUMBERS: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen \
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand first second third fourth fifth sixth seventh eighth ninth \
tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth";

static CALENDAR_WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| CALENDAR.split(' ').filter(|word| *word != "may").chain(tongues::calendar_words()).collect());
static NUMBER_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| NUMBERS.split(' ').collect());

pub(super) fn is_calendar_word(word: &str) -> bool {
    CALENDAR_WORDS.contains(word)
}

pub(super) fn is_number_word(word: &str) -> bool {
    NUMBER_WORDS.contains(word)
}

pub(super) fn is_month(word: &str) -> bool {
    const MONTHS: &str = "january february march april may june july august september october november december jan feb mar apr jun jul aug sep oct nov dec";
    MONTHS.split(' ').any(|month| month == word)
}

/// What the sentence so far claims without ground; `before` is the sentence before it in the same turn.
pub(super) fn claim(before: &str, sentence: &str, ground: &Ground<'_>, memory: &Memory) -> Option<Claim> {
    let folded = words::fold(sentence);
    let mut words = words::split(&folded);
    if secrets::are_told(sentence, &words, |text| is_own_word(text, ground)) {
        return Some(Claim::Secret);
    }
    let tongue = tongues::of(ground.language);
    if !tongue.is_spoken(sentence, &words, ground)
        || !each_clause(sentence, |clause, words| tongue.is_spoken(clause, words, ground))
    {
        return Some(Claim::Language);
    }
    if !tongue.is_english() {
        return tongue.claim(sentence, &folded, &words, ground);
    }
    words::mend(&mut words, english::is_strong);
    // Whether this sentence by itself says that something is done; the one before it may.
    let does = english_does(&words, memory, ground);
    // A sentence of two words may end what the one before it began: "You are. Booked."
    let folded_before = words::fold(before);
    let joined = join(&folded_before, &words);
    let words = joined.as_deref().unwrap_or(&words);
    let named = name(words, memory.names(ground));
    let named = named.as_slice();
    let mut flags = 0;
    for word in named {
        flags |= WORDS.get(&*word.text).copied().unwrap_or_default();
        if english::may_claim(&word.text) {
            flags |= STATE;
        }
        if word.text.bytes().any(|byte| byte.is_ascii_digit()) {
            flags |= TIME | MONEY | NUMBER;
        }
    }
    if folded.contains(['$', '€', '£', '@', '/', '%']) {
        flags |= MONEY | NUMBER | PROMISE;
    }
    if folded.contains('.') {
        flags |= NUMBER;
    }
    let known = Known::new(ground, memory);
    let answer = free::answers(named, ground);
    if flags & NUMBER != 0 && !numbers::hold(&folded, words, ground) {
        return Some(Claim::Number);
    }
    if flags & PROMISE != 0 && promises::is_made(words, ground) {
        return Some(Claim::Promise);
    }
    if flags & MONEY != 0 && !amounts::hold(&folded, ground) {
        return Some(Claim::Price);
    }
    let mentions = if flags & TIME != 0 { mentions(&folded, ground) } else { Vec::new() };
    let exact: Vec<&Mention> =
        mentions.iter().filter(|mention| mention.is_exact() && !mention.is_casual(known.today())).collect();
    let mut said = if flags & STATE != 0 { english::asserted(named) } else { Vec::new() };
    as_meant(&mut said, named);
    said.extend(answer.and_then(free::Answer::said));
    if let Some(said) = said.iter().find(|said| !is_so(**said, &exact, ground, &known)) {
        return Some(claimed(*said));
    }
    let about_hours = flags & HOURS != 0 && free::is_about_hours(named);
    if let Some(closed) = about_hours.then(|| free::says_closed(named)) {
        let all: Vec<Mention> = mentions.clone();
        return (!hours::hold(ground, &all, closed)
            && !all.iter().all(|mention| !all.is_empty() && known.basis(mention) == Basis::Fact))
        .then_some(Claim::Free);
    }
    let mut settled = false;
    // What has been done at a time says nothing of whether it is free.
    if (said.is_empty() || !does) && (flags & FREE != 0 || answer.is_some()) {
        let says = free::says(named).or(answer.and_then(free::Answer::free));
        if let Some(says) = says {
            if !free::holds(says, named, &mentions, ground, &known) {
                return Some(Claim::Free);
            }
            settled = true;
        }
    }
    if exact.iter().any(|mention| known.basis(mention) == Basis::Nothing) {
        return Some(Claim::When);
    }
    let rests = Rests {
        timed: !exact.is_empty(),
        booked: !exact.is_empty() && exact.iter().all(|mention| known.is_booked(mention)),
        offered: if exact.is_empty() {
            ground.held.is_some() || !ground.offered.is_empty()
        } else {
            exact.iter().all(|mention| known.is_offered(mention))
        },
        kept: ground.held.is_some()
            || !ground.booked.is_empty()
            || !ground.own.is_empty()
            || ground.cancelled
            || ground.message,
        settled,
    };
    if english::oversteps(named, rests, &|word| memory.knows(word, ground)) {
        return Some(Claim::Booked);
    }
    // What is read back is the time that is kept, not another that was spoken of.
    let read_back = ground.held.as_ref().is_some_and(|held| {
        free::reads_back(named) && !exact.is_empty() && !exact.iter().any(|mention| mention.fits(held))
    });
    read_back.then_some(Claim::When)
}

fn english_does(words: &[Word<'_>], memory: &Memory, ground: &Ground<'_>) -> bool {
    !english::asserted(&name(words, memory.names(ground))).is_empty()
}

/// What is said to be done, when it is said of an appointment.
fn as_meant(said: &mut [Said], words: &[Word<'_>]) {
    let about = |list: &[&str]| words.iter().any(|word| word.any(list));
    for said in said {
        // "The booking went through" is not made true by a message that was taken.
        let booking = about(&["booking", "reservation", "appointment", "slot", "spot"]);
        if *said == Said::Done && booking && !about(&["cancelled", "canceled"]) {
            *said = Said::Booked;
        }
        // "It's now on Friday instead" tells of a change.
        if *said == Said::Stands && about(&["instead"]) {
            *said = Said::Moved;
        }
    }
}

/// Whether it holds for every clause that is long enough to be in a language.
fn each_clause(sentence: &str, holds: impl Fn(&str, &[Word<'_>]) -> bool) -> bool {
    let mut clauses = sentence.split([',', ';', ':', '—']).filter(|clause| clause.len() < sentence.len());
    clauses.all(|clause| {
        let folded = words::fold(clause);
        let words = words::split(&folded);
        words.len() < 3 || holds(clause, &words)
    })
}

/// The words of the sentence before with those of this one, if one of them is too short to stand alone.
fn join<'t>(before: &'t str, words: &[Word<'t>]) -> Option<Vec<Word<'t>>> {
    let mut all = words::split(before);
    let short = |count: usize| (1..=2).contains(&count);
    if before.is_empty() || !short(all.len()) && !short(words.len()) || all.len() > 12 {
        return None;
    }
    // Whoever asked has been answered.
    if before.ends_with('?') {
        return None;
    }
    all.extend(words.iter().cloned());
    Some(all)
}

/// The words with one for each name of the staff and of the services, so that the rules need not know a business.
fn name<'t>(words: &[Word<'t>], names: &[Name]) -> Vec<Word<'t>> {
    let mut out: Vec<Word<'t>> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let here = |name: &[String]| {
            !name.is_empty()
                && name.iter().enumerate().all(|(nth, part)| words.get(at + nth).is_some_and(|word| word.is(part)))
        };
        let longest = names.iter().filter(|(name, _)| here(name)).max_by_key(|(name, _)| name.len());
        match longest {
            Some((name, what)) => {
                out.push(Word { text: std::borrow::Cow::Borrowed(what), before: word.before });
                at += name.len();
            }
            None => {
                out.push(word.clone());
                at += 1;
            }
        }
    }
    out
}

fn is_own_word(text: &str, ground: &Ground<'_>) -> bool {
    let text = words::fold(text);
    let business = ground.business;
    let facts = business.facts.iter().map(|fact| &fact.answer);
    let services = business.services.iter().map(|service| &service.name);
    std::iter::once(&business.name)
        .chain(&business.address)
        .chain(facts)
        .chain(services)
        .any(|own| words::fold(own).contains(&*text))
}

/// The days and times of the sentence. Only what stands around words of time is read: the grammar is thorough, not quick.
fn mentions(folded: &str, ground: &Ground<'_>) -> Vec<Mention> {
    let mut text = folded.to_owned();
    for own in ground.business.address.iter().chain([&ground.business.name]) {
        let own = words::fold(own);
        let street = own.split(',').next().unwrap_or_default();
        if street.len() > 3 {
            while let Some(at) = text.find(street) {
                text.replace_range(at..at + street.len(), &",".repeat(street.len()));
            }
        }
    }
    let Some(range) = timed(&text) else { return Vec::new() };
    times::mentions(&text[range], ground.now.date(), &ground.business.country)
}

/// How many words around one of time may belong to it.
const AROUND: usize = 4;

/// What is counted after a number that is no time.
const UNITS: &[&str] =
    &["dollars", "dollar", "euros", "euro", "pounds", "minutes", "minute", "percent", "people", "stylists", "services"];

/// The bytes from a little before the first word of time to a little after the last.
fn timed(text: &str) -> Option<std::ops::Range<usize>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_timed = |at: &usize| {
        let word = plain(&words[*at]);
        let counts =
            words.get(at + 1).is_some_and(|next| UNITS.contains(&&*plain(next))) || words[*at].starts_with('$');
        let digits = word.bytes().any(|byte| byte.is_ascii_digit());
        let named = word.split(['-', '\'', '’']).any(|part| WORDS.get(part).is_some_and(|flags| flags & TIME != 0));
        (digits || named) && !counts
    };
    let first = (0..words.len()).find(is_timed)?;
    let last = (0..words.len()).rev().find(is_timed)?;
    let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let from = words.get(first.saturating_sub(AROUND)).map_or(0, |word| place(word));
    let to = words.get(last + AROUND).map_or(text.len(), |word| place(word) + word.len());
    Some(from..to)
}

pub(super) fn claimed(said: Said) -> Claim {
    match said {
        Said::Booked | Said::Stands | Said::Done | Said::Kept => Claim::Booked,
        Said::Moved => Claim::Moved,
        Said::Cancelled => Claim::Cancelled,
        Said::Passed => Claim::Passed,
    }
}

/// Whether what the sentence says has been done in this call, at the times that it names.
fn is_so(said: Said, exact: &[&Mention], ground: &Ground<'_>, known: &Known<'_>) -> bool {
    let booked = !ground.booked.is_empty();
    let times = |moments: &dyn Fn(&Mention) -> bool| exact.iter().all(|mention| moments(mention));
    // With another appointment under way and no time named it is not said which one is meant.
    let certain = ground.held.is_none() || !exact.is_empty();
    match said {
        Said::Booked => {
            let this_call = booked && certain && times(&|mention| ground.booked.iter().any(|at| mention.fits(at)));
            // "You're booked for Thursday at two", of an appointment that was found.
            let found =
                exact.iter().any(|mention| mention.clock.is_some()) && times(&|mention| known.is_booked(mention));
            this_call || found
        }
        Said::Stands => (booked || !ground.own.is_empty()) && certain && times(&|mention| known.is_booked(mention)),
        Said::Done => {
            let done = booked || ground.moved || ground.cancelled || ground.message;
            done && certain && (ground.cancelled || ground.message || times(&|mention| known.is_booked(mention)))
        }
        Said::Moved => {
            ground.moved && certain && times(&|mention| known.is_booked(mention) || known.basis(mention) == Basis::Fact)
        }
        Said::Cancelled => {
            ground.cancelled && times(&|mention| known.is_booked(mention) || known.basis(mention) == Basis::Fact)
        }
        Said::Passed => ground.message,
        Said::Kept => {
            (ground.held.is_some() || booked)
                && times(&|mention| known.is_booked(mention) || ground.held.iter().any(|at| mention.fits(at)))
        }
    }
}
