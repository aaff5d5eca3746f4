//! `deskbell serve`: the server, until it is told to stop.

use std::{io::Write as _, process::ExitCode};

use crate::{
    app::{self, App, Ending, Outside},
    cli,
    telemetry::{self, Output},
};

/// What a shell reports for a program that was ended by Ctrl-C.
const ENDED_AT_ONCE: u8 = 130;

pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let config = match cli::settings() {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    telemetry::start(&config.logging, Output::Stderr)?;
    let listener = app::listen(config.bind).await?;
    let outside = Outside::real(&config)?;
    let app = App::build(config, listener, outside).await?;
    if let Some(address) = app.setup_address().await? {
        // Past the log, which is kept and read by others. That nobody reads it (a full disk, a closed pipe) is no reason not
        // to start: `deskbell owner setup` prints another.
        let _ = writeln!(
            std::io::stdout(),
            "Nobody has an account yet. Open this to make the first owner; it works once, within a day:\n\n  {address}\n"
        );
    }
    Ok(exit_code(app.run().await?))
}

/// How the program's end is told to whoever started it.
pub(super) fn exit_code(ending: Ending) -> ExitCode {
    match ending {
        Ending::Clean => ExitCode::SUCCESS,
        Ending::CutShort => ExitCode::FAILURE,
        Ending::AtOnce => ExitCode::from(ENDED_AT_ONCE),
    }
}
