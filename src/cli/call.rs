//! `deskbell call`: telephones a running server from the terminal, or by a script, as Twilio would.

use std::{io::stdout, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, bail};
use clap::Args;

use crate::{
    cli::phone::{
        Api, CallSummary, Phone, PhoneOptions, outcome,
        script::{self, Script},
        show_aftermath,
        terminal::{self, Keyboard},
    },
    config::Secret,
};

/// The account that the demo plays: no real one has it, so that it can stand in the source.
pub(super) const DEMO_ACCOUNT: &str = "AC0000000000000000000000000000de30";

/// How long an answer may take before a caller gives up on it.
const ANSWER_BUDGET: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where the server listens, such as <http://127.0.0.1:8080>
    #[arg(long)]
    url: String,
    /// The id of the business that is called
    #[arg(long)]
    business: String,
    /// The caller's number, or "anonymous"
    #[arg(long, default_value = "+14155550100")]
    from: String,
    /// A file with what the caller says, line per line; the exit status is 0 only if a booking was made
    #[arg(long)]
    script: Option<PathBuf>,
    /// The server's `TWILIO_AUTH_TOKEN`, which requests are signed with. Better given as that variable than here
    #[arg(long, env = "TWILIO_AUTH_TOKEN", hide_env_values = true)]
    auth_token: String,
    #[arg(long, env = "TWILIO_ACCOUNT_SID", default_value = DEMO_ACCOUNT)]
    account_sid: String,
    /// The server's `DESKBELL_API_TOKEN`: shows the booking and the text messages after the call
    #[arg(long, env = "DESKBELL_API_TOKEN", hide_env_values = true)]
    api_token: Option<String>,
    /// The server's public origin, when it is not the URL: signatures are made over it
    #[arg(long, env = "DESKBELL_PUBLIC_ORIGIN")]
    public_origin: Option<String>,
}

impl Arguments {
    fn phone(&self) -> anyhow::Result<Phone> {
        let token = Secret::new(&self.auth_token);
        let options = PhoneOptions {
            origin: self.public_origin.clone(),
            from: self.from.clone(),
            ..PhoneOptions::new(&self.url, &self.business, &self.account_sid, token)
        };
        Ok(Phone::new(options)?)
    }

    fn api(&self) -> Option<Api> {
        let token = Secret::new(self.api_token.as_ref()?);
        Some(Api { url: self.url.trim_end_matches('/').to_owned(), business: self.business.clone(), token })
    }
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.script {
        Some(path) => by_script(&arguments, path).await,
        None => by_hand(&arguments).await,
    }
}

async fn by_hand(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let phone = arguments.phone()?;
    let summary = terminal::talk(&phone, &mut Keyboard::open(), &mut stdout()).await?;
    if let Some(api) = arguments.api() {
        show_aftermath(&api, &summary.call, &mut stdout()).await?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn by_script(arguments: &Arguments, path: &std::path::Path) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let script: Script = text.parse()?;
    let phone = arguments.phone()?;
    let played = script::play(&phone, &script, ANSWER_BUDGET, &mut stdout()).await?;
    if played.unanswered > 0 {
        bail!("the agent left {} of the caller's sentences without an answer", played.unanswered);
    }
    if let Some(api) = arguments.api() {
        show_aftermath(&api, &played.summary.call, &mut stdout()).await?;
    }
    let booked = has_booked(arguments, &played.summary).await?;
    println!("{}", if booked { "A booking was made." } else { "No booking was made." });
    Ok(if booked { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The ledger knows, if it may be asked; else what the server said when it ended the call.
async fn has_booked(arguments: &Arguments, summary: &CallSummary) -> anyhow::Result<bool> {
    match arguments.api() {
        Some(api) => Ok(outcome(&api, &summary.call).await? == "booked"),
        None => Ok(summary.booked()),
    }
}
