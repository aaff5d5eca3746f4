//! The commands. Each reads its arguments, calls the program, and says in plain words what came of it.

mod call;
mod check;
mod demo;
mod keys;
mod migrate;
mod owner;
pub mod phone;
#[cfg(feature = "testing")]
mod sandbox;
mod serve;
mod simulate;
pub mod understand;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, Mistake};

/// Answers a business's phone, talks with the caller and books the appointment.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers calls, with the settings of the environment and the settings file.
    Serve,
    /// A server with a demo business and a phone in the terminal, for a first look.
    Demo(demo::Arguments),
    /// Telephones a running server, by hand or by a script.
    Call(call::Arguments),
    /// Says what is wrong with the settings, or what they come to, and whether the database answers.
    Check(check::Arguments),
    /// Brings the database's schema up to date. `serve` does so too, when it starts.
    Migrate,
    /// What seals the way into connected calendars: a fresh key, what is sealed with which, and sealing it anew.
    Keys(keys::Arguments),
    /// The accounts of the owner's pages: who there is, and one-time addresses for who cannot get in.
    Owner(owner::Arguments),
    /// Simulated callers telephone the server, and the book shows whether it understood them.
    Simulate(simulate::Arguments),
    /// Says what the rules make of what was said: JSON lines in, JSON lines out.
    Understand(understand::Arguments),
}

/// Runs the command that was asked for.
pub async fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve => serve::run().await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Call(arguments) => call::run(arguments).await,
        Command::Check(arguments) => check::run(arguments).await,
        Command::Migrate => migrate::run().await,
        Command::Keys(arguments) => keys::run(arguments).await,
        Command::Owner(arguments) => owner::run(arguments).await,
        Command::Simulate(arguments) => simulate::run(arguments).await,
        Command::Understand(arguments) => understand::run(&arguments).map_err(Into::into),
    };
    done.unwrap_or_else(|error| {
        eprintln!("deskbell: {error:#}");
        ExitCode::FAILURE
    })
}

/// The settings, or every mistake in them on standard error.
fn settings() -> Result<Config, ExitCode> {
    Config::from_process().map_err(|mistakes| {
        report(&mistakes);
        ExitCode::FAILURE
    })
}

fn report(mistakes: &[Mistake]) {
    let settings = if mistakes.len() == 1 { "one setting has".to_owned() } else { format!("{} have", mistakes.len()) };
    eprintln!("deskbell: {settings} to be put right (docs/OPERATIONS.md explains each):");
    for mistake in mistakes {
        eprintln!("  {mistake}");
    }
}
