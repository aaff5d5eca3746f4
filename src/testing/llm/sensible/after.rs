//! What it does when its tools have answered.

use super::{
    Doing,
    decide::{asks, find, look_up, offer, propose, question, times},
    memory::{Answered, Errand, Memory},
    picks::fits,
    words::Question,
};
use crate::{
    domain::{
        dialogue::tool::{CancelBooking, LookUpTimes, ShownBooking, WaitsFor},
        understand::Intent,
    },
    testing::llm::Reply,
};

pub(super) fn after(memory: &Memory<'_>) -> Reply {
    let Some(last) = memory.answers.last() else { return Reply::default() };
    let doing = if let Some(why) = &last.answer.refused {
        refused(memory, last, why)
    } else {
        match last.tool.as_str() {
            "look_up_times" => times_shown(memory, last),
            "find_bookings" => bookings_shown(memory, last),
            "answer_from_facts" => told(memory, last),
            // The server has spoken.
            _ => Doing::default(),
        }
    };
    doing.reply(memory)
}

/// What the other tools of the same message told, to be said first.
fn facts_told(memory: &Memory<'_>) -> String {
    let told = memory.answers.iter().filter(|answered| answered.tool == "answer_from_facts");
    told.map(|answered| told_only(&answered.answer.say)).collect::<Vec<_>>().join(" ")
}

fn times_shown(memory: &Memory<'_>, answered: &Answered) -> Doing {
    let say = &answered.answer.say;
    let aside = facts_told(memory);
    let other = answered.arguments.get("other").is_some();
    if let ([only], true, false) = (memory.slots.as_slice(), memory.may_call, other)
        && memory.names_an_hour()
        && aside.is_empty()
        && fits(only, memory.when, memory.business)
    {
        return propose(memory, Some(only.slot.clone()));
    }
    let lead = if aside.is_empty() { String::new() } else { format!("{aside} ") };
    if memory.slots.is_empty() || memory.perhaps(40) {
        return Doing::say(format!("{lead}{say}"));
    }
    let reason = reason(say);
    Doing::say(offer(memory, format!("{lead}{reason}").trim()))
}

/// The sentences that say why something cannot be, which go before what can.
fn reason(say: &str) -> String {
    const REASONS: [&str; 7] = ["closed", "n't free", "nothing free", "taken", "passed", "too late", "doesn't offer"];
    sentences_of(say)
        .into_iter()
        .filter(|sentence| !sentence.ends_with('?') && REASONS.iter().any(|word| sentence.contains(word)))
        .filter(|sentence| !sentence.contains("I have") && !sentence.contains("nearest"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Cut where a full stop is followed by a capital.
fn sentences_of(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest
            .match_indices(['.', '?', '!'])
            .map(|(at, mark)| at + mark.len())
            .find(|end| rest[*end..].starts_with(' ') && rest[*end..].trim_start().starts_with(char::is_uppercase))
            .unwrap_or(rest.len());
        sentences.push(rest[..end].trim().to_owned());
        rest = rest[end..].trim_start();
    }
    sentences
}

/// The answer without the question that the server would put after it.
fn told_only(say: &str) -> String {
    sentences_of(say).into_iter().filter(|sentence| !sentence.ends_with('?')).collect::<Vec<_>>().join(" ")
}

fn told(memory: &Memory<'_>, answered: &Answered) -> Doing {
    let told = told_only(&answered.answer.say);
    let unanswered = memory.has(Intent::AskOther);
    if memory.desk.kept.is_some() {
        // What waits is the server's own question, with all that belongs to it.
        return if memory.desk.waits_for == WaitsFor::YesToReadBack && memory.may_call {
            propose(memory, None).after_saying(told)
        } else {
            Doing::say(format!("{told} {}", question(memory)))
        };
    }
    let wishes = memory.meaning.intents.iter().any(|intent| !asks(*intent) && *intent != Intent::Greeting);
    if unanswered && !wishes && memory.errand == Errand::None {
        let offer = memory.one_of(Question::OfferMessage.ways());
        return Doing::say(format!("{told} {offer}"));
    }
    let waits = matches!(memory.asked, Some(asked) if !matches!(asked, Question::Open | Question::Else));
    if memory.errand != Errand::None || waits {
        return Doing::say(format!("{told} {}", question(memory)));
    }
    Doing::say(format!("{told} {}", memory.one_of(Question::Else.ways())))
}

fn bookings_shown(memory: &Memory<'_>, answered: &Answered) -> Doing {
    let say = &answered.answer.say;
    match (memory.errand, memory.bookings.as_slice()) {
        (Errand::Cancel, [only]) if memory.may_call => cancel(only),
        (Errand::Move, [_]) if !memory.time.is_empty() && memory.may_call => {
            Doing::call("look_up_times", &times(memory, None))
        }
        (Errand::Move, [only]) => {
            let ways = Question::NewTime.ways();
            Doing::say(format!("That's {} on {}. {}", only.service.to_lowercase(), only.at, memory.one_of(ways)))
        }
        (Errand::Tell, [_, ..]) => Doing::say(format!("{} {}", told_only(say), memory.one_of(Question::Else.ways()))),
        _ => Doing::say(say.clone()),
    }
}

fn cancel(booking: &ShownBooking) -> Doing {
    Doing::call("cancel_booking", &CancelBooking { booking: booking.booking.clone() })
}

/// It does what the refusal says is allowed, as far as it knows how; the same is not tried twice.
fn refused(memory: &Memory<'_>, answered: &Answered, why: &str) -> Doing {
    let tried = |tool: &str| memory.answers.iter().any(|answered| answered.tool == tool);
    let small = why.to_lowercase();
    let may = |tool: &str| memory.may_call && small.contains(tool) && !tried(tool);
    // "Color is offered by Maria alone."
    if let Some((_, who)) = why.split_once(" is offered by ")
        && answered.tool == "look_up_times"
        && memory.may_call
    {
        let who = who.trim_end_matches('.').trim_end_matches(" alone");
        let look = LookUpTimes { staff: Some("anyone".to_owned()), ..times(memory, None) };
        return Doing::call("look_up_times", &look).after_saying(format!("For that there is only {who}."));
    }
    if may("find_bookings") {
        return find(memory);
    }
    if may("propose") {
        return propose(memory, None);
    }
    if may("look_up_times") {
        return look_up(memory, None);
    }
    if !answered.answer.say.is_empty() {
        return Doing::say(answered.answer.say.clone());
    }
    if small.contains("name") {
        return Doing::say(memory.one_of(Question::WhoseName.ways()));
    }
    Doing::say(question(memory))
}
