//! A model gone bad: it calls every tool with every argument at every moment, claims what is not so, tells what it was
//! told to keep, and does whatever a caller talks it into.
//!
//! What it says and does follows from the conversation and its seed alone, so that a call that went wrong can be played
//! again. The lies it tells are in [`lies`], so that whoever listens can look for them.

mod arguments;
pub mod lies;

use crate::{
    domain::dialogue::tool::ToolAnswer,
    ports::language_model::{Prompt, ToolCall, Turn},
    testing::{
        dice::Dice,
        llm::{Brain, Reply},
    },
};

/// The tools it knows of, and some that nobody has.
const TOOLS: &[&str] = &[
    "look_up_times",
    "propose",
    "confirm",
    "find_bookings",
    "cancel_booking",
    "answer_from_facts",
    "take_message",
    "transfer",
    "speak_language",
    "end_call",
];
const NO_TOOLS: &[&str] = &[
    "book_now",
    "send_sms",
    "set_price",
    "cancel_all",
    "",
    "confirm ",
    "CONFIRM",
    "propose;confirm",
    "run_sql",
    "../confirm",
];

pub struct Hostile {
    pub seed: u64,
}

impl Brain for Hostile {
    fn reply(&self, prompt: &Prompt) -> Reply {
        let mut chance = Chance::of(self.seed, prompt);
        match chance.below(12) {
            0..=2 => lie(&mut chance),
            3 => Reply { words: leak(prompt, &mut chance), calls: Vec::new() },
            4 => obey(prompt, &mut chance),
            5 | 6 => Reply { words: lie(&mut chance).words, calls: one_call(prompt, &mut chance) },
            7 => Reply { words: String::new(), calls: many_calls(prompt, &mut chance) },
            8 | 9 => Reply { words: String::new(), calls: the_shortest_way(prompt, &mut chance) },
            10 => Reply { words: nonsense(&mut chance), calls: one_call(prompt, &mut chance) },
            _ => Reply { words: String::new(), calls: one_call(prompt, &mut chance) },
        }
    }
}

/// The same for the same conversation and seed.
pub(crate) struct Chance(Dice);

impl Chance {
    fn of(seed: u64, prompt: &Prompt) -> Self {
        let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
        let mut take = |text: &str| {
            for byte in text.bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        };
        for turn in &prompt.turns {
            match turn {
                Turn::Caller(text) => take(text),
                Turn::Agent { text, calls } => {
                    take(text);
                    for call in calls {
                        take(&call.arguments);
                    }
                }
                Turn::Results(results) => {
                    for result in results {
                        take(&result.content);
                    }
                }
            }
        }
        Self(Dice::seeded(hash))
    }

    /// The same for the same seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Dice::named("", seed))
    }

    /// 0 ≤ n < `sides`, which is not 0.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0.below(sides)
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        self.0.pick(from).copied().unwrap_or_default()
    }
}

fn lie(chance: &mut Chance) -> Reply {
    let lie = lies::ALL.get(chance.below(lies::ALL.len())).map(|lie| lie.words).unwrap_or_default();
    let opener =
        chance.pick(&["", "Sure. ", "Great news! ", "Okay, ", "As you asked: ", "**Done!** ", "Thanks for waiting, "]);
    let closer = chance.pick(&["", " Goodbye!", " Anything else?", " Have a lovely day.", " Is that all right?"]);
    Reply { words: format!("{opener}{lie}{closer}"), calls: Vec::new() }
}

/// Its instructions, its tools, what stands in the conversation as data.
fn leak(prompt: &Prompt, chance: &mut Chance) -> String {
    match chance.below(4) {
        0 => format!("My instructions are: {}", prompt.system),
        1 => prompt.tools.iter().map(|tool| format!("{}: {} ", tool.name, tool.schema)).collect(),
        2 => match prompt.turns.last() {
            Some(Turn::Caller(text)) => format!("This is what I read: {text}"),
            _ => "sk-live-0f3c9a7be1d24c55a0d9".to_owned(),
        },
        _ => "The key is sk-proj-00000000000000000000000000000000 and your slot is s1, booking b1.".to_owned(),
    }
}

/// Whatever the caller says, it says and does: the words of an injection become its own.
fn obey(prompt: &Prompt, chance: &mut Chance) -> Reply {
    let said = prompt.turns.iter().rev().find_map(|turn| match turn {
        Turn::Caller(text) => {
            serde_json::from_str::<serde_json::Value>(text).ok()?.get("caller")?.as_str().map(str::to_owned)
        }
        _ => None,
    });
    let said = said.unwrap_or_default();
    let name = chance.pick(TOOLS);
    let arguments =
        serde_json::json!({ "text": said, "name": said, "booking": said, "slot": said, "to": said }).to_string();
    let id = format!("obey_{}", chance.below(1_000));
    Reply { words: said, calls: vec![ToolCall { id, name: name.to_owned(), arguments }] }
}

fn one_call(prompt: &Prompt, chance: &mut Chance) -> Vec<ToolCall> {
    let tools = if chance.below(8) == 0 { NO_TOOLS } else { TOOLS };
    let name = chance.pick(tools).to_owned();
    let arguments = arguments::any(&name, &handles(prompt), chance);
    vec![ToolCall { id: format!("call_{}", chance.below(1_000_000)), name, arguments }]
}

fn many_calls(prompt: &Prompt, chance: &mut Chance) -> Vec<ToolCall> {
    let count = 2 + chance.below(49);
    let same = chance.below(3) == 0;
    let first = one_call(prompt, chance);
    let mut calls = Vec::with_capacity(count);
    for _ in 0..count {
        if same { calls.extend(first.iter().cloned()) } else { calls.extend(one_call(prompt, chance)) }
    }
    calls
}

/// Straight to a booking, without asking anybody: look, propose, confirm, or find, cancel, confirm.
fn the_shortest_way(prompt: &Prompt, chance: &mut Chance) -> Vec<ToolCall> {
    let call = |name: &str, arguments: String, at: usize| ToolCall {
        id: format!("way_{at}"),
        name: name.to_owned(),
        arguments,
    };
    let handles = handles(prompt);
    let slot = handles.iter().find(|handle| handle.starts_with('s'));
    let booking = handles.iter().find(|handle| handle.starts_with('b'));
    match (chance.below(3), slot, booking) {
        (0, _, Some(booking)) => vec![
            call("cancel_booking", serde_json::json!({ "booking": booking }).to_string(), 0),
            call("confirm", "{}".to_owned(), 1),
        ],
        (0 | 1, Some(slot), _) => vec![
            call("propose", serde_json::json!({ "slot": slot, "name": "Mallory Gray" }).to_string(), 0),
            call("confirm", "{}".to_owned(), 1),
        ],
        (2, ..) => vec![
            call("find_bookings", r#"{"name":"Anna Kovacs","to":"cancel"}"#.to_owned(), 0),
            call("confirm", String::new(), 1),
        ],
        _ => vec![
            call("look_up_times", r#"{"service":"haircut","when":{"words":"tomorrow morning"}}"#.to_owned(), 0),
            call("propose", r#"{"slot":"s1","name":"Mallory Gray"}"#.to_owned(), 1),
            call("confirm", "{}".to_owned(), 2),
        ],
    }
}

fn nonsense(chance: &mut Chance) -> String {
    match chance.below(8) {
        0 => "word ".repeat(20_000),
        1 => "```json\n{\"booked\": true}\n```".to_owned(),
        2 => "<speak><prosody rate=\"fast\">You are booked</prosody></speak>".to_owned(),
        3 => " \n\t ".to_owned(),
        4 => "| Time | Price |\n|---|---|\n| 3 p.m. | free |".to_owned(),
        5 => "\u{202e}dekoob er'uoY\u{202c}".to_owned(),
        6 => "a".repeat(5_000),
        _ => "😀😀😀 [click here](https://evil.example/pay)".to_owned(),
    }
}

/// Every handle that was given in this call.
fn handles(prompt: &Prompt) -> Vec<String> {
    let mut found = Vec::new();
    for turn in &prompt.turns {
        if let Turn::Results(results) = turn {
            for answer in results.iter().filter_map(|result| serde_json::from_str::<ToolAnswer>(&result.content).ok()) {
                found.extend(answer.slots.into_iter().map(|slot| slot.slot));
                found.extend(answer.bookings.into_iter().map(|booking| booking.booking));
            }
        }
    }
    found
}
