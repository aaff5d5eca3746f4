//! `deskbell understand`: what the rules make of what was said, one JSON object per line in and one out, for measuring
//! and for curious people. docs/UNDERSTANDING.md describes every field.

mod lines;
mod name;
mod phone;
mod sentence;
mod time;

use std::{
    io::{self, stdin, stdout},
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

pub(super) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let (input, output) = (stdin().lock(), stdout().lock());
    let bad = match arguments.what {
        What { time: true, .. } => lines::answer(input, output, time::answer)?,
        What { phone: true, .. } => lines::answer(input, output, phone::answer)?,
        What { sentence: true, .. } => lines::answer(input, output, sentence::answer)?,
        What { .. } => lines::answer(input, output, name::answer)?,
    };
    Ok(if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
