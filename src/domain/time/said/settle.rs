//! From several mentions in one sentence to what is meant: corrections, refusals, alternatives, and halves that belong
//! together.

use super::{day::which_week, doubts, words::Words};
use jiff::civil::Weekday;

use crate::domain::time::{
    Clock, ClockTime, Counted, Day, Doubt, Edge, Length, OneDay, Part, Unit, When, Which,
    expr::Half::{self, Am, Pm},
};

/// A mention and its place among the words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub(super) when: When,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// How a mention hangs on to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// "Tuesday at four", "Tuesday, the 14th".
    Beside,
    /// "Tuesday … four": both hold.
    Apart,
    /// "Tuesday or Wednesday": the first is tried first.
    Or,
    /// "Monday Friday": from one to the other, as what was said between them was not heard.
    Through,
    /// "Tuesday, no, Wednesday".
    Corrects,
    /// "move it from Tuesday at two to Friday".
    Moves,
    /// "arriving on the 4th, leaving on the 13th".
    Stays,
}

/// What is meant in the end, and the places of the first and the last mention.
pub(super) struct Settled {
    pub(super) when: When,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) others: Vec<When>,
    pub(super) doubt: Option<Doubt>,
}

/// Puts the mentions together. `None` when there are none, or every one was refused and only wishes count.
pub(super) fn settle(words: &Words<'_>, mentions: &[Mention], wished: bool) -> Option<Settled> {
    let mut meant = When::default();
    let mut others: Vec<When> = Vec::new();
    let mut last: Option<Mention> = None;
    // What stands beside a second choice is of that choice: "Tuesday morning or Wednesday afternoon".
    let mut second_choice = false;
    for mention in mentions {
        if wished && refused(words, mention) {
            meant = match opposite(mention.when) {
                Some(opposite) => join(meant, opposite, Link::Apart),
                None => without(meant, mention.when),
            };
        } else {
            let link = match last.map_or(Link::Apart, |last| link(words, &last, mention)) {
                Link::Beside if second_choice => Link::Or,
                link => link,
            };
            second_choice = link == Link::Or;
            // "Three or four in the afternoon" are both in the afternoon.
            if second_choice
                && let (Some(Clock::Part(part)), None) = (mention.when.clock, mention.when.day)
                && last.is_some_and(|last| matches!(last.when.clock, Some(Clock::At(_))) && last.to == mention.from)
            {
                meant.clock = meant.clock.map(|clock| in_part(clock, part));
                if let Some(other) = others.last_mut() {
                    other.clock = other.clock.map(|clock| in_part(clock, part));
                }
                last = Some(*mention);
                continue;
            }
            let joined = join(meant, mention.when, link);
            if second_choice || link == Link::Through {
                others.push(meant.then(mention.when));
            } else if link == Link::Apart && forgets(meant, joined, mention.when) {
                others.push(meant);
            }
            meant = joined;
        }
        last = Some(*mention);
    }
    let (first, last) = (mentions.first()?, last?);
    let mut doubt = (!others.is_empty()).then_some(Doubt::Several);
    for (why, other) in mentions.iter().filter_map(|mention| doubts::doubt(words, mention)) {
        doubt = doubt.or(Some(why));
        others.extend(other.map(|other| meant.then(other)));
    }
    (!meant.is_empty()).then_some(Settled { when: meant, from: first.from, to: last.to, others, doubt })
}

/// "I can't do before ten" is a wish for after ten.
fn opposite(refused: When) -> Option<When> {
    let clock = match refused.clock? {
        Clock::Before(time) => Clock::After(time),
        Clock::After(time) => Clock::Before(time),
        Clock::Part(Part::Morning) if refused.day.is_none() => Clock::AfterPart(Part::Morning),
        Clock::Part(part @ (Part::Evening | Part::Night)) if refused.day.is_none() => Clock::BeforePart(part),
        _ => return None,
    };
    Some(When { clock: Some(clock), ..refused })
}

/// Whether one of two unconnected days or times was let go of: nobody said that the second one corrects the first.
fn forgets(meant: When, joined: When, newer: When) -> bool {
    let day = meant.day.is_some() && newer.day.is_some() && joined.day == newer.day && meant.day != newer.day;
    let clock =
        matches!((meant.clock, newer.clock), (Some(Clock::At(_)), Some(Clock::At(_)))) && meant.clock != newer.clock;
    day || clock
}

/// What is left when something is taken back.
fn without(meant: When, refused: When) -> When {
    When {
        day: meant.day.filter(|day| Some(*day) != refused.day),
        clock: meant.clock.filter(|clock| Some(*clock) != refused.clock),
    }
}

/// "Not Tuesday", "I can't do Tuesday", "Tuesday doesn't work", "instead of Tuesday".
fn refused(words: &Words<'_>, mention: &Mention) -> bool {
    const BETWEEN: &[&str] = &[
        "do", "make", "it", "want", "come", "in", "on", "the", "at", "for", "this", "that", "a", "have", "is", "be",
        "really",
    ];
    // "I can't come until four" has been turned into "after four" by the grammar.
    if words.is_any(mention.from, &["until", "till", "til"]) {
        return false;
    }
    let mut at = mention.from;
    while at > 0 && words.is_any(at - 1, BETWEEN) {
        at -= 1;
    }
    let before = words.before(at);
    let earlier = at.checked_sub(2).map_or("", |at| words.word(at));
    let no = before == "not" && !matches!(earlier, "why" | "if" | "or")
        || matches!(
            before,
            "nothing" | "can't" | "cannot" | "cant" | "don't" | "won't" | "couldn't" | "except" | "isn't" | "wasn't"
        )
        || before == "but" && matches!(earlier, "day" | "time" | "anything" | "anytime")
        || matches!((earlier, before), ("instead", "of") | ("rather" | "other", "than") | ("apart", "from"));
    no || refused_after(words, mention.to)
}

/// "… doesn't work", "… is no good".
fn refused_after(words: &Words<'_>, at: usize) -> bool {
    let at = words
        .skip_all(at, &["is", "it's", "that's", "really", "just", "does", "do", "will", "actually", "sorry", "that"]);
    let not = words.word(at);
    let negated = matches!(
        not,
        "not" | "no" | "doesn't" | "don't" | "won't" | "isn't" | "wouldn't" | "can't" | "doesnt" | "wont"
    );
    let next = words.skip_all(at + 1, &["really", "be", "going", "to", "a"]);
    negated
        && words.is_any(
            next,
            &[
                "work",
                "good",
                "great",
                "possible",
                "suit",
                "available",
                "okay",
                "ok",
                "fine",
                "convenient",
                "option",
                "do",
            ],
        )
}

fn link(words: &Words<'_>, last: &Mention, mention: &Mention) -> Link {
    const GLUE: &[&str] = &[
        "at", "on", "in", "the", "of", "for", "a", "which", "is", "that's", "it's", "around", "and", "like", "maybe",
        "then",
    ];
    let between = last.to..mention.from;
    let word_before = words.before(mention.from);
    let starts_with_or = words.is(last.to, "or") || word_before == "or";
    let two_days = mention.when.clock.is_none() && last.when.clock.is_none();
    let listed = words.is(last.to, "and") && between.len() == 1 && two_days && other_weekday(last.when, mention.when);
    if starts_with_or && between.len() <= 3 || listed {
        return Link::Or;
    }
    if between.is_empty() && two_days && other_weekday(last.when, mention.when) {
        return Link::Through;
    }
    if between.clone().any(|at| corrects(words, at) || words.is(at, "make")) {
        return Link::Corrects;
    }
    if let (true, true) = (comes_or_goes(words, last.from), comes_or_goes(words, mention.from))
        && mention.when.clock.is_none()
    {
        return Link::Stays;
    }
    let to = matches!(word_before, "to" | "into") || words.is(mention.from, "to");
    if to && mention.when.day.is_some() {
        return Link::Moves;
    }
    if between.clone().all(|at| words.is_any(at, GLUE)) { Link::Beside } else { Link::Apart }
}

/// "arriving | on the 4th", "and checking out | on the 13th".
fn comes_or_goes(words: &Words<'_>, at: usize) -> bool {
    const COMING_AND_GOING: &str =
        "arrive arrives arriving leave leaves leaving depart departing come coming out in enter entering";
    let mut before = at;
    while before > 0 && words.is_any(before - 1, &["on", "the", "from", "at"]) {
        before -= 1;
    }
    let verb = before.checked_sub(1).unwrap_or(usize::MAX);
    words.is_listed(verb, COMING_AND_GOING)
        && (!words.is_any(verb, &["in", "out"])
            || matches!(words.before(verb), "check" | "checking" | "moving" | "move"))
}

fn other_weekday(old: When, new: When) -> bool {
    match (old.day, new.day) {
        (Some(Day::Weekday { weekday, .. }), Some(Day::Weekday { weekday: other, .. })) => weekday != other,
        _ => false,
    }
}

fn corrects(words: &Words<'_>, at: usize) -> bool {
    words.is_any(
        at,
        &[
            "no",
            "nope",
            "actually",
            "sorry",
            "wait",
            "mean",
            "meant",
            "rather",
            "instead",
            "scratch",
            "correction",
            "oops",
            "not",
        ],
    )
}

fn join(meant: When, newer: When, link: Link) -> When {
    match link {
        Link::Or => {
            let clock = match (meant.clock, newer.clock) {
                (Some(Clock::At(first)), Some(Clock::At(second))) => Some(Clock::At(like_the_other(first, second))),
                (first, second) => first.or(second),
            };
            When { day: meant.day.or(newer.day), clock }
        }
        Link::Corrects => meant.then(newer),
        Link::Moves => newer,
        Link::Stays | Link::Through => {
            When { day: meant.day.zip(newer.day).map(|(first, second)| stay(first, second)).or(newer.day), ..meant }
        }
        Link::Beside | Link::Apart => When {
            day: match (meant.day, newer.day) {
                (Some(old @ Day::Week(_)), Some(new @ Day::Weekday { which: Which::Coming, .. })) => {
                    Some(same_day(old, new))
                }
                (Some(old), Some(new)) if link == Link::Beside => Some(same_day(old, new)),
                (old, new) => new.or(old),
            },
            clock: match (meant.clock, newer.clock) {
                (Some(old), Some(new)) => Some(same_time(old, new)),
                (old, new) => new.or(old),
            },
        },
    }
}

/// Two names for one day: "Tuesday … next week", "the 14th, a Monday", "tomorrow, Friday".
fn same_day(old: Day, new: Day) -> Day {
    match (old, new) {
        (Day::Weekday { weekday, .. }, Day::Week(week)) | (Day::Week(week), Day::Weekday { weekday, .. }) => {
            Day::Weekday { weekday, which: which_week(week) }
        }
        (Day::InDays(days @ 7..), Day::Weekday { weekday, .. })
        | (Day::Weekday { weekday, .. }, Day::InDays(days @ 7..))
            if days % 7 == 0 =>
        {
            Day::Weekday { weekday, which: which_week(days / 7) }
        }
        (Day::Weekday { weekday, .. }, Day::Date { weekday: None, day, month, year })
        | (Day::Date { weekday: None, day, month, year }, Day::Weekday { weekday, .. }) => {
            Day::Date { weekday: Some(weekday), day, month, year }
        }
        (Day::Shifted { from, by, weekday: None }, Day::Weekday { weekday, .. }) => {
            Day::Shifted { from, by, weekday: Some(weekday) }
        }
        // "The first week of October, on Friday".
        (Day::WeekOf(from), Day::Weekday { weekday, which: Which::Coming }) => on_weekday(from, weekday),
        (old @ Day::NthOf { unit: Counted::Week, .. }, Day::Weekday { weekday, which: Which::Coming }) => {
            old.one().map_or(old, |from| on_weekday(from, weekday))
        }
        // "In three days, on Friday": who counts wrong knows the weekday.
        (Day::InDays(3..), weekday @ Day::Weekday { .. }) => weekday,
        (Day::InDays(days), Day::Weekday { .. }) => Day::InDays(days),
        (Day::Week(week), Day::Between { from, to }) => {
            Day::Between { from: from.map(|edge| of_week(edge, week)), to: to.map(|edge| of_week(edge, week)) }
        }
        (old, Day::Soonest | Day::Any) => old,
        (_, new) => new,
    }
}

/// The weekday of the week that a day, or a week, is in.
fn on_weekday(from: OneDay, weekday: Weekday) -> Day {
    Day::Shifted { from, by: Length { count: 0, unit: Unit::Day }, weekday: Some(weekday) }
}

/// The days of a stay, in whichever order they were said.
fn stay(first: Day, second: Day) -> Day {
    let (Some(from), Some(to)) = (first.one(), second.one()) else { return second };
    let (from, to) = match (from, to) {
        (OneDay::Date { day, month, .. }, OneDay::Date { day: other, month: second_month, .. })
            if month == second_month && other < day =>
        {
            (to, from)
        }
        ends => ends,
    };
    let edge = |day| Some(Edge { day, included: true });
    Day::Between { from: edge(from), to: edge(to) }
}

/// "Next week, between Wednesday and Friday".
fn of_week(edge: Edge, week: i32) -> Edge {
    match edge.day {
        OneDay::Weekday { weekday, which: Which::Coming } => {
            Edge { day: OneDay::Weekday { weekday, which: which_week(week) }, ..edge }
        }
        _ => edge,
    }
}

/// Two names for one time: "in the morning … at ten" is ten in the morning.
fn same_time(old: Clock, new: Clock) -> Clock {
    // "Late tomorrow afternoon".
    if let (Clock::Shaded(_, shade), Clock::Part(part)) = (old, new) {
        return Clock::Shaded(part, shade);
    }
    if let (Clock::Turn(turn), clock) | (clock, Clock::Turn(turn)) = (old, new) {
        return clock.on_turn(turn);
    }
    let part = |clock| match clock {
        Clock::Part(part) | Clock::Shaded(part, _) => Some(part),
        _ => None,
    };
    if let (Some(part), None, clock) | (None, Some(part), clock) =
        (part(old), part(new), if part(old).is_some() { new } else { old })
    {
        return in_part(clock, part);
    }
    if let (Clock::After(from), Clock::Before(to)) | (Clock::Before(to), Clock::After(from)) = (old, new) {
        return Clock::Between(from, to);
    }
    match (half_of(old), new, old) {
        (Some(half), Clock::At(time), Clock::Before(_) | Clock::After(_) | Clock::Between(..)) => {
            Clock::At(or_half(time, half))
        }
        _ => new,
    }
}

fn in_part(clock: Clock, part: Part) -> Clock {
    let said = |time: ClockTime| halved(time, part);
    match clock {
        Clock::At(time) => Clock::At(said(time)),
        Clock::Twice(time, turn) => Clock::Twice(said(time), turn),
        Clock::About(time) => Clock::About(said(time)),
        Clock::After(time) => Clock::After(said(time)),
        Clock::Before(time) => Clock::Before(said(time)),
        Clock::Between(from, to) => Clock::Between(said(from), said(to)),
        Clock::Any | Clock::Later | Clock::Earlier => Clock::Part(part),
        other => other,
    }
}

/// The half of the day that a part says of an hour: twelve is noon, except at night.
pub(super) fn halved(time: ClockTime, part: Part) -> ClockTime {
    let half = match (part, time.hour) {
        (Part::Morning, 1..=11) | (Part::Midday, 9..=11) | (Part::Night, 1..=4) => Am,
        (Part::Night | Part::Evening, 12) => return ClockTime { hour: 24, half: None, ..time },
        _ => Pm,
    };
    or_half(time, half)
}

fn or_half(time: ClockTime, half: Half) -> ClockTime {
    if (1..=12).contains(&time.hour) { ClockTime { half: time.half.or(Some(half)), ..time } } else { time }
}

/// "Three or four p.m.": the first is p.m. too, and eleven of "eleven or twelve p.m." is not.
fn like_the_other(first: ClockTime, second: ClockTime) -> ClockTime {
    let hours = |time: ClockTime, half| i32::from(time.hour % 12) + if half == Pm { 12 } else { 0 };
    match (first.half, second.half) {
        (None, Some(half)) => {
            let nearest = [Am, Pm].into_iter().min_by_key(|own| (hours(first, *own) - hours(second, half)).abs());
            or_half(first, nearest.unwrap_or(half))
        }
        _ => first,
    }
}

fn half_of(clock: Clock) -> Option<Half> {
    match clock {
        Clock::At(time) | Clock::About(time) | Clock::After(time) | Clock::Before(time) | Clock::Between(time, _) => {
            time.half
        }
        _ => None,
    }
}
