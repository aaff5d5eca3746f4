//! `deskbell owner`: the accounts of the owner's pages, for whoever runs the server.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::{
    adapters::clock::SystemClock,
    app::{self, accounts::Accounts},
    cli,
    config::Config,
    domain::{email::EmailAddress, ids::BusinessId},
    store::Store,
};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Who owns which business
    List,
    /// Prints a fresh address that makes the first owner; the one printed before ends
    Setup,
    /// Prints a one-time address that sets a new password
    Reset {
        /// The e-mail address of the account
        email: EmailAddress,
    },
    /// Makes somebody an owner of a business, and prints a one-time address for their password when they are new
    Add {
        /// Their e-mail address
        email: EmailAddress,
        /// The business's id, as `deskbell owner list` prints it
        #[arg(long)]
        business: BusinessId,
    },
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let config = match cli::settings() {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let store = app::open_store(&config.database).await?;
    store.migrate().await.context("the schema cannot be brought up to date")?;
    let done = act(arguments.what, &config, &store).await;
    store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn act(what: What, config: &Config, store: &Store) -> anyhow::Result<()> {
    let accounts = Accounts { store, clock: &SystemClock, origin: &config.origin };
    match what {
        What::List => list(&accounts).await,
        What::Setup => {
            let Some(address) = accounts.setup_address().await? else {
                bail!("somebody has an account already; `deskbell owner reset EMAIL` lets them in again");
            };
            println!("Open this to make the first owner. It works once, within a day:\n\n  {address}\n");
            Ok(())
        }
        What::Reset { email } => {
            let address = accounts.reset_address(&email).await?;
            println!("Open this to set a new password for {email}. It works once, within a day:\n\n  {address}\n");
            Ok(())
        }
        What::Add { email, business } => {
            match accounts.add_owner(&email, business).await? {
                Some(address) => println!(
                    "{email} is an owner now. Open this to set a password. It works once, within a day:\n\n  {address}\n"
                ),
                None => println!("{email} has an account already, and is an owner now."),
            }
            Ok(())
        }
    }
}

async fn list(accounts: &Accounts<'_>) -> anyhow::Result<()> {
    let (owned, nobodys) = accounts.list().await?;
    for one in &owned {
        println!("{}  {}  {} <{}>", one.id, one.business, one.owner.name, one.owner.email);
    }
    for (id, name) in &nobodys {
        println!("{id}  {name}  (nobody's)");
    }
    if owned.is_empty() {
        println!("Nobody has an account yet. `deskbell owner setup` prints the address that makes the first one.");
    }
    Ok(())
}
