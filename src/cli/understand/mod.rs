//! `deskbell understand`: what the rules make of what was said, one JSON object per line in and one out, for measuring
//! and for curious people. docs/UNDERSTANDING.md describes every field.

mod lines;
mod name;
mod phone;
mod sentence;
mod time;

use std::{
    io::{self, BufRead, Write, stdin, stdout},
    process::ExitCode,
};

use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    what: What,
}

/// What the lines are about; exactly one.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line, of which one is given")]
struct What {
    /// Days and times: {"id", "text", "reference", "locale"?} → {"id", "start", "end"?, …}
    #[arg(long)]
    time: bool,
    /// Telephone numbers: {"id", "text", "region"} → {"id", "e164"}
    #[arg(long)]
    phone: bool,
    /// Whole sentences: {"id", "text", "business"?} → {"id", "intents", "slots", …}
    #[arg(long)]
    sentence: bool,
    /// Names: {"id", "nbest", "spelled"?} → {"id", "first", "last"}
    #[arg(long)]
    name: bool,
}

/// What the lines of a run are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Time,
    Phone,
    Sentence,
    Name,
}

impl What {
    fn subject(&self) -> Subject {
        match self {
            Self { time: true, .. } => Subject::Time,
            Self { phone: true, .. } => Subject::Phone,
            Self { sentence: true, .. } => Subject::Sentence,
            Self { .. } => Subject::Name,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let bad = answers(arguments.what.subject(), stdin().lock(), stdout().lock())?;
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Answers every line of the input, and counts those that could not be read.
///
/// # Errors
/// When the input cannot be read or the output cannot be written.
pub fn answers(subject: Subject, input: impl BufRead, output: impl Write) -> io::Result<u64> {
    match subject {
        Subject::Time => lines::answer(input, output, time::answer),
        Subject::Phone => lines::answer(input, output, phone::answer),
        Subject::Sentence => lines::answer(input, output, sentence::answer),
        Subject::Name => lines::answer(input, output, name::answer),
    }
}
