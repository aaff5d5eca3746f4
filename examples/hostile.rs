//! Thousands of calls between callers of any kind and a hostile model, in paused time: what must not happen is counted.
//!
//! ```text
//! cargo run --release --example hostile -- --calls 10000
//! cargo run --release --example hostile -- --seed 4711 --show
//! ```

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use clap::Parser;
use deskbell::testing::abuse::{CAP, Played, play};

#[derive(Parser)]
struct Options {
    #[arg(long, default_value_t = 10_000)]
    calls: u64,
    /// The first call's seed.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Prints the call of the seed, and no other.
    #[arg(long)]
    show: bool,
}

fn main() {
    let options = Options::parse();
    if options.show {
        let played = one(options.seed);
        println!("{}\n{:#?}", played.lines.join("\n"), played.faults);
        return;
    }
    let next = AtomicU64::new(options.seed);
    let end = options.seed + options.calls;
    let work = || {
        let mut mine = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return mine;
            }
            mine.push((seed, one(seed)));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let played: Vec<(u64, Played)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a call went wrong inside")).collect()
    });
    report(&played);
}

fn one(seed: u64) -> Played {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime can be made").block_on(play(seed))
}

fn report(played: &[(u64, Played)]) {
    let total = |of: fn(&Played) -> u64| played.iter().map(|(_, played)| of(played)).sum::<u64>();
    let faults: Vec<_> =
        played.iter().flat_map(|(seed, played)| played.faults.iter().map(move |f| (seed, f))).collect();
    for (seed, fault) in faults.iter().take(3000) {
        println!("seed {seed}: {fault}");
    }
    let most = played.iter().map(|(_, played)| played.spent).max().unwrap_or_default();
    println!(
        "{} calls, {} requests to the model, {} bookings and {} cancellations with the caller's yes, {} sentences withheld, \
         {} turns taken over by the machine, {} calls came to their cap of {CAP}, at most {most} millionths spent by one: \
         {} faults",
        played.len(),
        total(|played| played.requests as u64),
        total(|played| played.booked as u64),
        total(|played| played.cancelled as u64),
        total(|played| u64::from(played.withheld)),
        total(|played| u64::from(played.fell_back)),
        total(|played| u64::from(played.spent >= CAP)),
        faults.len(),
    );
    if !faults.is_empty() {
        std::process::exit(1);
    }
}
