//! What happened at a turn, in words.

use super::view::seconds;
use crate::{
    domain::{
        dialogue::Failure,
        turn::{Asked, Came, Known, Turn, What},
    },
    web::pages::say::{Say, counted},
};

/// A turn, as the quiet line under the caller's words and what opens below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct TurnView {
    /// "book · 3 times found, Wed, Nov 25, 10:00 am kept".
    pub(super) brief: String,
    /// How long the caller waited, "0.4 s"; nothing when we have said nothing.
    pub(super) waited: String,
    /// They waited longer than they should, or something was kept back.
    pub(super) doubtful: bool,
    pub(super) rows: Vec<(&'static str, Vec<String>)>,
}

/// Callers begin to wonder.
const LONG: u32 = 2_000;

/// `before`: what was known before this turn.
pub(super) fn told(turn: &Turn, before: &Known, say: &Say) -> TurnView {
    let mut rows = Vec::new();
    let mut row = |label, words: Vec<String>| {
        let words: Vec<String> = words.into_iter().filter(|words| !words.is_empty()).collect();
        if !words.is_empty() {
            rows.push((label, words));
        }
    };
    row("Heard as", vec![turn.meant.join(", ")]);
    row("Known then", vec![known(&turn.known, say)]);
    row("The book", turn.desk.iter().map(|asked| desk(*asked, say)).collect());
    row("Tools", turn.tools.iter().map(|tool| format!("{} ({})", tool.name.replace('_', " "), tool.came)).collect());
    row("First word", turn.first_word_ms.map(|ms| first_word(ms, turn.filler)).into_iter().collect());
    row("Answered by", vec![answered_by(turn)]);
    if turn.withheld > 0 {
        row("Kept back", vec![format!("{} that was not true", counted(turn.withheld, "sentence", "sentences"))]);
    }
    TurnView {
        brief: brief(turn, before, say),
        waited: turn.first_word_ms.map(seconds).unwrap_or_default(),
        doubtful: turn.first_word_ms.is_some_and(|ms| ms > LONG) || turn.withheld > 0 || turn.fallback.is_some(),
        rows,
    }
}

fn brief(turn: &Turn, before: &Known, say: &Say) -> String {
    let meant = turn.meant.join(", ");
    let now = &turn.known;
    let new = [
        now.service.clone().filter(|_| now.service != before.service),
        now.staff.as_ref().filter(|_| now.staff != before.staff).map(|staff| format!("with {staff}")),
        (now.name && !before.name).then(|| "their name".to_owned()),
        (now.phone && !before.phone && !before.is_new()).then(|| "their number".to_owned()),
    ];
    let new = new.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let done: Vec<String> = turn.desk.iter().filter_map(|asked| short(*asked, say)).collect();
    let parts: Vec<String> = [meant, new, done.join(", ")].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "Nothing new was understood".to_owned() } else { parts.join(" · ") }
}

fn known(known: &Known, say: &Say) -> String {
    let parts = [
        known.service.clone(),
        known.staff.as_ref().map(|staff| format!("with {staff}")),
        known.time.map(|at| format!("{} kept", say.when(at))),
        known.name.then(|| "the name".to_owned()),
        known.phone.then(|| "the number".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn what(what: What, say: &Say) -> String {
    match what {
        What::Times { near: Some(near), .. } => format!("Looked for times around {}", say.when(near)),
        What::Times { from, to, .. } if say.day(from) == say.day(to) => format!("Looked for times: {}", say.day(from)),
        What::Times { from, to, .. } => format!("Looked for times: {} to {}", say.day(from), say.day(to)),
        What::Hold(at) => format!("Asked to keep {}", say.when(at)),
        What::Confirm => "Asked to book it".to_owned(),
        What::Cancel => "Asked to cancel it".to_owned(),
        What::Own => "Looked for their own appointments".to_owned(),
        What::Message => "Passed a message on".to_owned(),
    }
}

fn desk(asked: Asked, say: &Say) -> String {
    let came = match asked.came {
        None => "not waited for".to_owned(),
        Some(Came::Found(0)) => "none".to_owned(),
        Some(Came::Found(count)) => format!("{count} found"),
        Some(Came::Held) => "kept".to_owned(),
        Some(Came::Booked) => "booked".to_owned(),
        Some(Came::Cancelled) => "cancelled".to_owned(),
        Some(Came::PassedOn) => "done".to_owned(),
        Some(Came::Refused(failure)) => format!("refused, {}", refused(failure)),
    };
    format!("{}: {came}", what(asked.what, say))
}

fn short(asked: Asked, say: &Say) -> Option<String> {
    Some(match (asked.what, asked.came?) {
        (What::Own, Came::Found(count)) => counted(count, "appointment found", "appointments found"),
        (_, Came::Found(0)) => "nothing free".to_owned(),
        (_, Came::Found(count)) => counted(count, "time found", "times found"),
        (What::Hold(at), Came::Held) => format!("{} kept", say.when(at)),
        (_, Came::Held) => "kept".to_owned(),
        (_, Came::Booked) => "booked".to_owned(),
        (_, Came::Cancelled) => "cancelled".to_owned(),
        (_, Came::PassedOn) => "message passed on".to_owned(),
        (_, Came::Refused(failure)) => refused(failure).to_owned(),
    })
}

fn refused(failure: Failure) -> &'static str {
    match failure {
        Failure::Taken => "taken by somebody else",
        Failure::Gone => "no longer there",
        Failure::TooLate => "too late for that",
        Failure::NotOffered => "not on offer",
        Failure::TooMany => "too many bookings",
        Failure::ByPage => "to be booked on a page; its address was texted",
        Failure::Unavailable => "the book did not answer",
    }
}

fn first_word(millis: u32, filler: bool) -> String {
    let after = if millis < 100 { seconds(millis) } else { format!("{} after the caller", seconds(millis)) };
    if filler { format!("{after}, with \u{201c}one moment\u{201d} before it") } else { after }
}

fn answered_by(turn: &Turn) -> String {
    let why = match turn.fallback.as_deref() {
        None if turn.model.is_empty() => return "the script".to_owned(),
        None => return turn.model.clone(),
        Some("slow") => "the model was slow",
        Some("down") => "the model could not be reached",
        Some("spent") => "the limit of spending was reached",
        Some("unusable") => "the model's answer could not be used",
        Some(_) => "the model did not answer",
    };
    format!("the script, because {why}")
}
