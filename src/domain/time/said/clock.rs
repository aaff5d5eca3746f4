//! Times of day: "half past three", "3 30 p m", "after four", "between two and four", "late in the afternoon".

use super::{
    lengths, part,
    reading::{Reading, plain_reading, reading},
    settle::halved,
    stretch,
    words::{Kind, Words},
};
use crate::domain::time::{
    Clock, ClockTime, Day, Edge, Half, OneDay, Part, Turn, When,
    calendar::hours::{clock_time, is_open, part_of_day},
};

/// What stands around a place in the sentence; it decides whether a bare number is an hour.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// The end of the mention before this place.
    pub(super) floor: usize,
    /// That mention, when it ends right here: "Friday | ten", "9:20 | night".
    pub(super) beside: Option<When>,
    /// A time of day was mentioned before: "at three, no, four".
    pub(super) after_clock: bool,
    /// A time was just asked for: the whole sentence may be one number.
    pub(super) expected: bool,
}

impl Context {
    /// A day, or a part of one, ends right here: "tomorrow evening | six".
    fn after_day_or_part(&self) -> bool {
        self.beside.is_some_and(|when| matches!(when.clock, None | Some(Clock::Part(_) | Clock::Shaded(..))))
    }

    /// A day, and no time of it, ends right here.
    pub(super) fn after_day(&self) -> bool {
        self.beside.is_some_and(|when| when.day.is_some() && when.clock.is_none())
    }
}

/// What is said about the time of day at a place, and the place after it. "Tonight" and "this morning" carry a day.
pub(super) fn clock(words: &Words<'_>, at: usize, context: Context) -> Option<(When, usize)> {
    if let Some(found) = part::today(words, at).or_else(|| across(words, at, context)) {
        return Some(found);
    }
    let only = |(clock, next)| (When { day: None, clock: Some(clock) }, next);
    wish(words, at)
        .or_else(|| turn(words, at))
        .or_else(|| of_two(words, at, context))
        .or_else(|| part::around_a_meal(words, at))
        .or_else(|| part::part(words, at, context))
        .or_else(|| lengths::from_now(words, at))
        .or_else(|| length_first(words, at, context))
        .or_else(|| range(words, at, context))
        .or_else(|| bounded(words, at, context))
        .map(only)
}

/// "between two tomorrow and four", "from ten on Friday until Saturday at three": times with their days.
fn across(words: &Words<'_>, at: usize, context: Context) -> Option<(When, usize)> {
    let opens = words.is_any(at, &["between", "from"]);
    let (first, joined) = point(words, at + usize::from(opens), opens, false, context)?;
    let joins = words.is_any(joined, &["to", "until", "till", "through", "-"]) || words.is(joined, "and") && opens;
    if !joins || has_moved(words, at) {
        return None;
    }
    let place = words.skip(joined + 1, &["at"]);
    let second = point(words, place, true, true, context);
    let (day, time, next) = match second {
        Some(((day, time), next)) => (day, time, next),
        None => {
            let read = with_part(words, reading(words, place, Context { floor: place, ..context })?);
            (first.0, read.time, read.next)
        }
    };
    if day == first.0 {
        return Some((When { day: Some(day.into()), clock: Some(Clock::Between(first.1, time)) }, next));
    }
    let edge = |day| Some(Edge { day, included: true });
    let days = Day::Between { from: edge(first.0), to: edge(day) };
    Some((When { day: Some(days), clock: Some(Clock::Through(first.1, time)) }, next))
}

/// "for two hours from nine".
fn length_first(words: &Words<'_>, at: usize, context: Context) -> Option<(Clock, usize)> {
    const STARTS: &[&[&str]] =
        &[&["from"], &["at"], &["starting", "at"], &["starting", "from"], &["starting"], &["beginning", "at"]];
    let (minutes, next) = lengths::length(words, words.skip(at, &["for"]))?;
    let start = words.phrases(next, STARTS)?;
    let read = with_part(words, reading(words, start, Context { floor: start, ..context })?);
    (!read.counted).then_some((Clock::For { from: read.time, minutes }, read.next))
}

/// A time with its day, in either order: "two tomorrow", "Friday at ten"; of a part of the day the end that is meant.
fn point(
    words: &Words<'_>,
    at: usize,
    ranged: bool,
    last: bool,
    context: Context,
) -> Option<((OneDay, ClockTime), usize)> {
    // Outside a range "ten to four" is one time.
    let read = |place: usize| {
        let context = Context { floor: place, ..context };
        let read = if ranged { plain_reading(words, place, context) } else { reading(words, place, context) };
        read.map(|read| with_part(words, read)).map(|read| (read.time, read.next))
    };
    let part = |place: usize| {
        let (from, to) = part_of_day(part::name(words.word(place))?);
        Some((clock_time(if last { to } else { from }), place + 1))
    };
    if let Some((day, next)) = super::day::day(words, at) {
        let place = words.skip_all(next, &["at", "from", "in", "the"]);
        let (time, end) = read(place).or_else(|| part(place))?;
        return Some(((day.one()?, time), end));
    }
    let (time, next) = read(words.skip(at, &["at"]))?;
    let (day, next) = super::day::day(words, words.skip(next, &["on"]))?;
    Some(((day.one()?, time), next))
}

/// "the second half past two": which of a time that comes twice. After a day or a month the second is a date.
fn of_two(words: &Words<'_>, at: usize, context: Context) -> Option<(Clock, usize)> {
    let turn = match words.word(words.phrase(at, &["the"])?) {
        "first" => Turn::First,
        "second" => Turn::Second,
        _ => return None,
    };
    let dated = context.after_day() || matches!(words.before(at), "on" | "for" | "from" | "by" | "until" | "of");
    let read = reading(words, at + 2, Context { floor: at + 2, ..context })?;
    let one = words.skip(read.next, &["one"]);
    let certain = !dated && read.clear && !read.counted;
    let time = with_part(words, read).time;
    // Clocks go back at night.
    let night = time.half.is_none() && matches!(time.hour, 1..=3 | 12);
    let time = if night { ClockTime { half: Some(Half::Am), ..time } } else { time };
    certain.then_some((Clock::Twice(time, turn), one))
}

/// "before the clocks go back", "after the clocks have changed": which of a time that comes twice.
fn turn(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    let turn = match words.word(at) {
        "before" => Turn::First,
        "after" => Turn::Second,
        _ => return None,
    };
    let verb = words.skip_all(words.phrases(at + 1, &[&["the", "clocks"], &["the", "clock"], &["clocks"]])?, HAVE);
    let done =
        words.is_any(verb, &["go", "goes", "went", "gone", "going", "change", "changes", "changed", "turn", "turned"]);
    done.then(|| (Clock::Turn(turn), words.skip(verb + 1, &["back"])))
}

const HAVE: &[&str] = &["have", "has", "had", "are", "will", "were"];

/// "any time", "anything later".
fn wish(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    const ANY: &[&[&str]] = &[
        &["anytime"],
        &["any", "time"],
        &["at", "any", "time"],
        &["any", "hour"],
        &["whatever", "time"],
        &["whichever", "time"],
        &["all", "day"],
    ];
    if let Some(next) = words.phrases(at, ANY) {
        // "any time after four" is a wish after all, and the grammar comes to it next.
        return (!words.is_any(next, &["after", "before", "between", "from", "around", "until", "past"]))
            .then_some((Clock::Any, next));
    }
    let before = words.before(at);
    let clock = match words.word(at) {
        "later"
            if !matches!(
                before,
                "you" | "call" | "ring" | "talk" | "speak" | "till" | "until" | "no" | "me" | "back"
            ) =>
        {
            Clock::Later
        }
        "earlier" | "sooner" if !matches!(before, "called" | "rang" | "spoke" | "no") => Clock::Earlier,
        _ => return None,
    };
    // "later than four" is a bound; "sooner or later", "four or later" belong to what stands before.
    (!words.is(at + 1, "than") && before != "or" && words.phrase(at, &["sooner", "or"]).is_none())
        .then_some((clock, at + 1))
}

/// "between two and four", "from 3:30 to 5 p.m.", "10-11am".
fn range(words: &Words<'_>, at: usize, context: Context) -> Option<(Clock, usize)> {
    let opens = words.is_any(at, &["between", "from"]);
    let start = words.skip(if opens { at + 1 } else { words.skip(at, &["at"]) }, &["like", "around", "about"]);
    let joins = |read: &Reading| words.is_any(read.next, &["and", "to", "until", "till", "through", "-"]);
    let read =
        |words: &Words<'_>, place, context| plain_reading(words, place, context).map(|read| with_part(words, read));
    let plain = if opens { read(words, start, context).filter(joins) } else { None };
    let first = plain.or_else(|| reading(words, start, context).map(|read| with_part(words, read)).filter(joins))?;
    let joined = first.next;
    if words.is(joined, "and") && !words.is(at, "between") {
        return None;
    }
    let second_at = words.skip(joined + 1, &["like", "around", "about"]);
    let second = reading(words, second_at, Context { floor: second_at, ..context })?;
    // "Move my two o'clock to four" names two times; "2:30 to 4" and "2 to 4 pm" are one.
    let one = opens && !(words.is(at, "from") && has_moved(words, at))
        || context.after_day_or_part() && start == context.floor
        || (first.clear
            || second.time.half.is_some()
            || part_follows(words, second.next)
            || day_follows(words, second.next))
            && !has_moved(words, at);
    if !one || second.counted || first.counted {
        return None;
    }
    Some((Clock::Between(first.time, second.time), second.next))
}

/// "From 5:45 in the afternoon | to": the part says which half.
fn with_part(words: &Words<'_>, read: Reading) -> Reading {
    let noun = words.phrases(read.next, &[&["in", "the"], &["during", "the"], &["at"]]).unwrap_or(read.next);
    let night = (words.is(noun, "night")).then_some(Part::Night);
    match part::name(words.word(noun)).or(night) {
        Some(part) if is_open(read.time) => {
            Reading { time: halved(read.time, part), next: noun + 1, clear: true, ..read }
        }
        _ => read,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    At,
    About,
    After,
    Before,
}

/// What may stand before a time, longest first.
const PREFIXES: &[(&[&str], Bound)] = &[
    (&["any", "time", "after"], Bound::After),
    (&["any", "time", "before"], Bound::Before),
    (&["any", "time", "from"], Bound::After),
    (&["anytime", "after"], Bound::After),
    (&["anytime", "before"], Bound::Before),
    (&["anytime", "from"], Bound::After),
    (&["no", "earlier", "than"], Bound::After),
    (&["not", "earlier", "than"], Bound::After),
    (&["no", "sooner", "than"], Bound::After),
    (&["no", "later", "than"], Bound::Before),
    (&["not", "later", "than"], Bound::Before),
    (&["not", "before"], Bound::After),
    (&["not", "until"], Bound::After),
    (&["not", "till"], Bound::After),
    (&["not", "after"], Bound::Before),
    (&["later", "than"], Bound::After),
    (&["earlier", "than"], Bound::Before),
    (&["starting", "at"], Bound::After),
    (&["close", "to"], Bound::About),
    (&["nearer", "to"], Bound::About),
    (&["at"], Bound::At),
    (&["about"], Bound::About),
    (&["around"], Bound::About),
    (&["roughly"], Bound::About),
    (&["approximately"], Bound::About),
    (&["towards"], Bound::About),
    (&["near"], Bound::About),
    (&["after"], Bound::After),
    (&["past"], Bound::After),
    (&["from"], Bound::After),
    (&["before"], Bound::Before),
    (&["by"], Bound::Before),
    (&["until"], Bound::Before),
    (&["till"], Bound::Before),
    (&["through"], Bound::Before),
    (&["earlier", "than"], Bound::Before),
    (&["sooner", "than"], Bound::Before),
    (&["prior", "to"], Bound::Before),
];

/// The words before a time, and the place of the time. `None` for the bound: none of them stands here.
fn prefix(words: &Words<'_>, at: usize) -> (Option<Bound>, usize) {
    let mut bound = None;
    let mut place = at;
    let passing = |place: usize| {
        // "Two by four" are measures.
        let measured = words.is_number(place.wrapping_sub(1)) && words.is_number(place + 1);
        words.is(place, "by") && (stretch::passes_by(words, place) || measured)
            || words.is(place, "about") && words.is_any(place.wrapping_sub(1), &["how", "what"])
    };
    while let Some((phrase, found)) =
        PREFIXES.iter().find(|(phrase, _)| words.phrase(place, phrase).is_some() && !passing(place))
    {
        place += phrase.len();
        bound = match (bound, *found) {
            (Some(kept @ (Bound::After | Bound::Before)), _) => Some(kept),
            (_, found) => Some(found),
        };
        place = words.skip_all(place, &["like", "maybe", "perhaps", "exactly", "the", "or", "say"]);
    }
    (bound, place)
}

/// A time with what stands before and after it: "at four", "around three", "four or later", "four ish".
fn bounded(words: &Words<'_>, at: usize, context: Context) -> Option<(Clock, usize)> {
    let (bound, place) = prefix(words, at);
    let read = reading(words, place, context)?;
    // "About 15 February" is a day.
    if place > at && super::day::day(words, place).is_some_and(|(_, end)| end > read.next) {
        return None;
    }
    let offered = is_offered(words, at);
    let led = bound.is_some() || offered;
    let dashed = !read.clear && words.is(read.next, "-") && words.is_number(read.next + 1);
    if dashed || !(read.clear && !read.counted || accepts_bare(words, place, led, bound, &read, context)) {
        return None;
    }
    // "until" tells when somebody is busy once they say so: "I'm not free until four".
    let bound = match bound {
        Some(Bound::Before) if words.is_any(place - 1, &["until", "till", "til"]) && denied(words, at) => {
            Some(Bound::After)
        }
        bound => bound,
    };
    if !matches!(bound, Some(Bound::Before)) {
        let from = with_part(words, Reading { ..read });
        if let Some(found) = lengths::lasting(words, from.time, from.next) {
            return Some(found);
        }
    }
    let (said_after, next) = suffix(words, read.next);
    let clock = match (said_after.or(bound).unwrap_or(Bound::At), read.time) {
        (Bound::At, time) => Clock::At(time),
        (Bound::About, time) => Clock::About(time),
        (Bound::After, time) => Clock::After(time),
        (Bound::Before, time) => Clock::Before(time),
    };
    Some((clock, next))
}

/// What somebody says before a day or a time to put it forward: "how about", "make it", "say".
pub(super) fn is_offered(words: &Words<'_>, at: usize) -> bool {
    let earlier = at.checked_sub(2).map_or("", |at| words.word(at));
    match words.before(at) {
        "about" => matches!(earlier, "how" | "what" | "thinking" | "wondering"),
        "it" | "that" => matches!(earlier, "make" | "making"),
        "say" => true,
        _ => false,
    }
}

/// "I can't … until", "I'm not … until", "I work until".
pub(super) fn denied(words: &Words<'_>, at: usize) -> bool {
    let near = at.saturating_sub(5);
    (near..at).any(|place| {
        let word = words.word(place);
        word.ends_with("n't")
            || matches!(word, "not" | "cannot" | "cant" | "dont" | "work" | "working" | "busy" | "nothing")
    })
}

/// What may stand after a time.
fn suffix(words: &Words<'_>, at: usize) -> (Option<Bound>, usize) {
    const AFTER: &[(&[&str], Bound)] = &[
        (&["or", "later"], Bound::After),
        (&["or", "after"], Bound::After),
        (&["and", "later"], Bound::After),
        (&["and", "after"], Bound::After),
        (&["at", "the", "earliest"], Bound::After),
        (&["onwards"], Bound::After),
        (&["onward"], Bound::After),
        (&["on", "wards"], Bound::After),
        (&["or", "earlier"], Bound::Before),
        (&["or", "before"], Bound::Before),
        (&["or", "sooner"], Bound::Before),
        (&["at", "the", "latest"], Bound::Before),
        (&["latest"], Bound::Before),
        (&["ish"], Bound::About),
        (&["or", "so"], Bound::About),
        (&["or", "thereabouts"], Bound::About),
        (&["give", "or", "take"], Bound::About),
        (&["sharp"], Bound::At),
        (&["exactly"], Bound::At),
        (&["on", "the", "dot"], Bound::At),
    ];
    AFTER
        .iter()
        .find_map(|(phrase, bound)| words.phrase(at, phrase).map(|next| (Some(*bound), next)))
        // "Before ten or after four" are two bounds.
        .filter(|(_, next)| !(words.is_any(*next - 1, &["after", "before"]) && words.is_number(*next)))
        .unwrap_or((None, at))
}

/// Whether a number without "o'clock", minutes or a.m. is an hour where it stands.
fn accepts_bare(
    words: &Words<'_>,
    place: usize,
    led: bool,
    bound: Option<Bound>,
    read: &Reading,
    context: Context,
) -> bool {
    if read.counted {
        return false;
    }
    let vague = !matches!(bound, None | Some(Bound::At)) && words.before(place) != "at";
    // "How about one with Maria?"
    if words.is(place, "one") && words.before(place) == "about" && read.next < words.len() {
        return false;
    }
    // "This past one" is no time, "one evening" is any evening.
    let past = words.is(place.wrapping_sub(1), "past") && words.is_any(place.wrapping_sub(2), &["this", "the"]);
    let any_evening = !led && words.is_any(place, &["one", "1"]) && part::name(words.word(read.next)).is_some();
    let one_of_a_kind = words.is(place, "one") && read.next == place + 1 && is_pronoun(words, read.next);
    if past || any_evening || one_of_a_kind {
        return false;
    }
    // 2019 may be a year.
    let year = matches!(words.kind(place), Kind::Digits(1900..2100, 4));
    if year && !(matches!(words.before(place), "at" | "around" | "about" | "for") || context.after_day_or_part()) {
        return false;
    }
    if led {
        return !(vague && looks_plural(words.word(read.next)));
    }
    if suffix(words, read.next).0.is_some() {
        return true;
    }
    let before = words.before(place);
    let moved = || before == "to" && (context.after_clock || has_moved(words, place));
    let corrected = || {
        context.after_clock
            && matches!(before, "actually" | "no" | "or" | "sorry" | "mean" | "rather" | "instead" | "wait" | "nope")
    };
    // "Three or four in the afternoon", "either three or half past".
    let either = || {
        words.is(read.next, "or")
            && reading(words, read.next + 1, Context { floor: read.next + 1, ..context })
                .is_some_and(|other| !other.counted && (other.clear || part_follows(words, other.next)))
    };
    let lone = || words.len() == 1 && matches!(words.kind(place), Kind::Digits(_, 3)) && read.time.minute % 5 == 0;
    let asked = || context.expected && (before == "for" || alone(words, place, read.next));
    context.after_day_or_part() && place == context.floor
        || moved()
        || corrected()
        || either()
        || asked()
        || lone()
        || part_follows(words, read.next)
        || before != "the" && !words.is(place, "one") && day_follows(words, read.next)
}

/// "One place", "one with nature": what may follow "one" that is an hour is known.
fn is_pronoun(words: &Words<'_>, next: usize) -> bool {
    const AN_HOUR: &str = "on in at and or to if for so but then as is would works work sounds suits instead today tomorrow tonight \
        tmrw this next until till from with please thanks thank ish sharp exactly latest onwards i i'd i'm i'll we we'd it \
        it's that that's okay ok yes no not sorry actually maybe rather good great fine perfect be because when do does \
        can could day night - a every my";
    next < words.len()
        && !words.is_listed(next, AN_HOUR)
        && !words.is_number(next)
        && words.ordinal(next).is_none()
        && part::name(words.word(next)).is_none()
        && super::day::day(words, next).is_none()
}

/// "move it to", "change that to".
pub(super) fn has_moved(words: &Words<'_>, before: usize) -> bool {
    const MOVES: &str = "move moved moving change changed switch push bring shift reschedule rebook bump";
    (0..before).any(|at| words.is_listed(at, MOVES))
}

/// Nothing else of weight in the sentence.
fn alone(words: &Words<'_>, from: usize, to: usize) -> bool {
    const EMPTY: &str = "please yes yeah okay ok no sorry actually maybe probably preferably well so just then let's say i i'd \
        think like would be is it's that that's if alright s good great fine perfect works work sounds thanks thank you for me \
        my the one and how about near still";
    (0..words.len()).filter(|at| !(from..to).contains(at)).all(|at| words.is_listed(at, EMPTY) || words.is_number(at))
}

/// "four tomorrow", "two on Friday".
fn day_follows(words: &Words<'_>, at: usize) -> bool {
    let on = words.skip(at, &["on"]);
    super::day::weekday(words.word(on)).is_some()
        || words.is_any(at, &["today", "tomorrow", "tonight"])
        || words.is_any(at, &["next", "this"]) && super::day::weekday(words.word(at + 1)).is_some()
}

/// "three in the afternoon", "eight at night".
pub(super) fn part_follows(words: &Words<'_>, at: usize) -> bool {
    let noun = words.phrases(at, &[&["in", "the"], &["during", "the"], &["this"]]);
    noun.or(Some(at)).is_some_and(|noun| part::name(words.word(noun)).is_some())
        || words.phrases(at, &[&["at", "night"], &["in", "the", "night"], &["night"]]).is_some()
}

/// "about two haircuts".
pub(super) fn looks_plural(word: &str) -> bool {
    word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !matches!(
            word,
            "works" | "sounds" | "does" | "this" | "thanks" | "yes" | "suits" | "it's" | "that's" | "perhaps" | "james"
        )
}
