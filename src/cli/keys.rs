//! `deskbell keys`: what seals the way into connected calendars, for whoever runs the server.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};

use crate::{
    adapters::clock::SystemClock,
    app::{self, keyring},
    cli,
    ports::clock::Clock as _,
    store::connections::Vault,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Prints a fresh master key
    Make,
    /// How much is sealed with which key
    Status,
    /// Gives every business a fresh key, sealed with the current master key, and seals what it has connected with it; while
    /// the server serves, and again if it broke off
    Rotate,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if matches!(arguments.what, What::Make) {
        println!("{}", keyring::fresh()?.to_text().expose());
        return Ok(ExitCode::SUCCESS);
    }
    let config = match cli::settings() {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let store = app::open_store(&config.database).await?;
    store.migrate().await.context("the schema cannot be brought up to date")?;
    let done = async {
        let vault = keyring::vault(&config, &store).await?;
        match arguments.what {
            What::Rotate => rotate(&vault).await,
            What::Make | What::Status => status(&vault).await,
        }
    };
    let done = done.await;
    store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn status(vault: &Vault) -> anyhow::Result<()> {
    let there = vault.sealings().await?;
    let current = vault.master_key();
    match current {
        Some(id) => println!("Master key {id} seals."),
        None => println!("There is no master key: nothing can be connected (DESKBELL_MASTER_KEY)."),
    }
    for (master, keys) in &there.masters {
        let which = if Some(*master) == current { "the one that seals" } else { "an old one: `deskbell keys rotate`" };
        println!("  {master}  {keys} data keys  ({which})");
    }
    println!(
        "Connections: {} sealed with the newest key of their business, {} with an older one.",
        there.newest, there.older
    );
    Ok(())
}

async fn rotate(vault: &Vault) -> anyhow::Result<()> {
    let done = vault.rotate(SystemClock.now()).await.context("it broke off; what was done stays done: run it again")?;
    println!(
        "{} data keys were sealed with the current master key; {} businesses have a fresh one, and {} connections were sealed \
         with it.",
        done.wrapped, done.businesses, done.connections
    );
    if done.unreadable > 0 {
        println!(
            "{} keys and connections do not open with the key that they name (the database was changed by hand), and were left \
             as they are: keep the old master key until their owners have connected them again.",
            done.unreadable
        );
    }
    let left = vault.sealings().await?;
    let current = vault.master_key();
    let old = left.masters.iter().filter(|(master, _)| Some(*master) != current).map(|(_, keys)| keys).sum::<u64>();
    ensure!(
        old + left.older <= done.unreadable,
        "{old} data keys and {} connections are sealed with old keys again: a server still runs with an old master key. \
         Restart it with the new settings, and run this again",
        left.older
    );
    println!("Nothing that opens is sealed with an old key any more.");
    Ok(())
}
