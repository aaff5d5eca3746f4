//! `deskbell migrate`: the schema, brought up to date ahead of a rolling deploy.

use std::process::ExitCode;

use anyhow::Context;

use crate::{app, cli};

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = match cli::settings() {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let store = app::open_store(&config.database).await?;
    store.migrate().await.context("the schema cannot be brought up to date")?;
    println!("The database's schema is up to date.");
    Ok(ExitCode::SUCCESS)
}
