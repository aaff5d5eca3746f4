//! `deskbell simulate`: callers made of rules telephone the real server, and the book shows whether it understood them.
//!
//! Each call has a server, a database and a clock of its own, and goes over the real webhooks and the real WebSocket. The
//! caller knows nothing but what it hears; the grade is made of what stands in the database afterwards.

mod caller;
mod cast;
mod clock;
mod facts;
mod grade;
mod library;
mod listen;
mod outage;
mod report;
mod scenario;
mod stage;
mod story;
mod style;
mod told;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use futures_util::{StreamExt, stream};
use tokio::time::timeout;

use self::{
    caller::Caller,
    cast::Cast,
    grade::{Played, grade},
    library::{Library, fits},
    report::{Row, Totals, table},
    scenario::Scenario,
    stage::Stage,
    story::{Fault, Story},
};
use crate::{
    domain::{business::Business, phone::PhoneNumber},
    ports::clock::Clock,
    testing::dice::Dice,
};

/// Longer than any scenario takes, silences included.
const LONGEST_CALL: Duration = Duration::from_mins(2);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Who answers the phone
    #[arg(long, value_enum, default_value = "scripted")]
    receptionist: Receptionist,
    /// In which format a double is spoken with
    #[arg(long, value_enum, default_value = "chat")]
    wire: Wire,
    /// Cuts the line to the language model at a random moment of each call; in every second one it comes back
    #[arg(long)]
    kill_model: bool,
    /// Only the scenarios whose id fits, such as "time-*"
    #[arg(long, default_value = "*")]
    only: String,
    /// How many seeds each scenario is played with; it passes when all of them do
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of scenarios that must pass with every seed, 0 to 1
    #[arg(long, default_value_t = 0.95)]
    bar: f64,
    /// A folder to write what was said to, a file a call
    #[arg(long)]
    transcripts: Option<PathBuf>,
    /// Prints what was said in the calls that failed
    #[arg(long)]
    verbose: bool,
    /// A folder with scenarios of your own (fixtures/callers/README.md explains them)
    #[arg(long)]
    scenarios: Option<PathBuf>,
    /// How many calls at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..))]
    jobs: u8,
}

/// Who can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Receptionist {
    /// The rules alone, without a language model
    Scripted,
    /// A double of a language model that does its work well
    Sensible,
    /// A double of a language model that does what it must not
    Hostile,
    /// The language models of the settings
    Configured,
}

/// How a double is spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Wire {
    /// Chat completions
    Chat,
    /// Messages
    Messages,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let library = match &arguments.scenarios {
        Some(folder) => Library::in_folder(folder)?,
        None => Library::embedded()?,
    };
    let cast = Cast::of(&arguments, library.businesses()).await?;
    let rows = play(&library, &arguments, &cast).await?;
    if let Some(folder) = &arguments.transcripts {
        write_down(folder, &rows)?;
    }
    if arguments.verbose {
        for row in &rows {
            for played in row.played.iter().filter(|played| !played.passed()) {
                println!("{}\n", transcript(&row.id, played));
            }
        }
    }
    let totals = Totals::of(&rows);
    print!("{}", table(&rows, &totals));
    let well = totals.all_pass() >= arguments.bar && totals.false_claims == 0 && totals.wrong_bookings == 0;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Plays every scenario that is asked for with every seed, several calls at once.
async fn play(library: &Library, arguments: &Arguments, cast: &Cast) -> anyhow::Result<Vec<Row>> {
    PhoneNumber::warm_up();
    let mut calls = Vec::new();
    for scenario in library.scenarios.iter().filter(|scenario| fits(&arguments.only, &scenario.id)) {
        let business = library.business(scenario)?;
        for seed in (arguments.seed..).take(usize::try_from(arguments.seeds)?) {
            calls.push((Arc::clone(scenario), Arc::clone(&business), seed));
        }
    }
    if calls.is_empty() {
        bail!("no scenario is called {}", arguments.only);
    }
    // Those that fall silent for long begin first, so that nobody waits for them in the end.
    calls.sort_by_key(|(scenario, ..)| std::cmp::Reverse(scenario.silence()));
    let mut played = stream::iter(calls)
        .map(|(scenario, business, seed)| async move {
            let played = Box::pin(play_one(&scenario, business, seed, cast)).await;
            played.with_context(|| format!("{} cannot be played", scenario.id)).map(|played| (scenario, played))
        })
        .buffer_unordered(usize::from(arguments.jobs));
    let mut by_id: BTreeMap<String, Vec<Played>> = BTreeMap::new();
    while let Some(done) = played.next().await {
        let (scenario, played) = done?;
        by_id.entry(scenario.id.clone()).or_default().push(played);
    }
    let in_order = library.scenarios.iter().filter_map(|scenario| by_id.remove_entry(&scenario.id));
    Ok(in_order
        .map(|(id, mut played)| {
            played.sort_by_key(|played| played.seed);
            Row { id, played }
        })
        .collect())
}

/// One call, from the first ring to the grade.
async fn play_one(scenario: &Scenario, business: Arc<Business>, seed: u64, cast: &Cast) -> anyhow::Result<Played> {
    let (models, _line) = cast.models(&mut Dice::named(&scenario.id, seed)).await?;
    let mut stage = Stage::set(scenario, business, models).await?;
    let today = stage.clock.now().to_zoned(stage.ledger.business.zone.tz().clone()).date();
    let call = stage.phone(&scenario.from)?.dial().await?;
    let id = call.id().to_owned();
    let talk = Caller::new(scenario, &stage, call, seed).talk();
    let mut story = match timeout(LONGEST_CALL, talk).await {
        Ok(story) => story?,
        Err(_) => Story { faults: vec![Fault::Other("the call does not end".into())], ..Story::of(&id) },
    };
    stage.strike().await?;
    story.report = stage.ledger.report(&id).await?;
    grade(scenario, &mut story, &stage.ledger, today).await?;
    stage.ledger.close().await;
    Ok(Played { seed, story })
}

fn transcript(id: &str, played: &Played) -> String {
    format!("# {id}, seed {}\n{}", played.seed, played.story.lines.join("\n"))
}

fn write_down(folder: &Path, rows: &[Row]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    for row in rows {
        for played in &row.played {
            let file = folder.join(format!("{}.{}.txt", row.id, played.seed));
            let text = transcript(&row.id, played) + "\n";
            std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
        }
    }
    Ok(())
}
