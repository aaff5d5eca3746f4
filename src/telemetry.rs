//! What the program writes about itself: log lines on standard error, or in a file when a person talks in the terminal.
//!
//! Nothing that a caller said, and no number or name, may come out here; the lines carry ids.

use std::{fs::File, panic::PanicHookInfo, path::Path};

use anyhow::Context;
use tracing::error;
use tracing_subscriber::{EnvFilter, fmt::writer::BoxMakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{LogFormat, Logging};

/// Where log lines go.
#[derive(Clone, Copy, Debug)]
pub enum Output<'a> {
    Stderr,
    /// Added to the end of this file.
    File(&'a Path),
}

/// Starts logging for the whole process.
///
/// # Errors
/// When the file cannot be opened, or logging has been started before.
pub fn start(logging: &Logging, output: Output<'_>) -> anyhow::Result<()> {
    let (writer, colour) = match output {
        Output::Stderr => (BoxMakeWriter::new(std::io::stderr), std::io::IsTerminal::is_terminal(&std::io::stderr())),
        Output::File(path) => (BoxMakeWriter::new(open(path)?), false),
    };
    // M6: a full disk costs log lines. The subscriber's own complaint about it would panic when standard error is full.
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(colour).log_internal_errors(false);
    let registry = tracing_subscriber::registry().with(EnvFilter::try_new(&logging.filter)?);
    match logging.format {
        LogFormat::Text => registry.with(lines.compact()).try_init()?,
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init()?,
    }
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("the log file {} cannot be opened", path.display()))
}

/// Says where, and not what: a panic's words may quote what a caller said.
fn panicked(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    error!(panic.place = %place, "a bug at {place}: this task has ended, the others go on");
}
