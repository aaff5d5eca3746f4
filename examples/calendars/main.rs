//! What connected calendars cost, measured: callers who wait for one (`waiting`), an owner who connects one with thousands of
//! appointments to come (`catching-up`), and a server that follows thousands of them (`following`).
//!
//! ```text
//! cargo run --release --example calendars -- waiting
//! cargo run --release --example calendars -- catching-up --appointments 10,1000,5000
//! cargo run --release --example calendars -- following --connections 5000 --hanging 100
//! ```
//!
//! It ends with 1 when a limit is passed, so it can be a check on a machine that does nothing else. The last two take
//! `--database postgres://…`, an empty one; otherwise they make a file and remove it.

mod catching_up;
mod following;
mod plain;
mod waiting;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Waiting(waiting::Options),
    CatchingUp(catching_up::Options),
    Following(following::Options),
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let good = match Options::parse().what {
        What::Waiting(options) => waiting::run(&options).await?,
        What::CatchingUp(options) => catching_up::run(&options).await?,
        What::Following(options) => following::run(&options).await?,
    };
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
