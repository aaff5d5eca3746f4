//! How long a clause takes: run in release with `--ignored --nocapture`.

use super::Call;
use crate::domain::truth::{judge, memory::Memory};

#[test]
#[ignore = "a measurement"]
fn a_clause_costs_little() {
    let mut call = Call::on("offered");
    for _ in 0..10 {
        call.heard.push("What about Wednesday at ten then, or maybe Thursday at half past two with James?");
        call.told.push(
            "For a haircut with Maria I have Tuesday the 24th at 3:30 p.m., 4:15 p.m. or Wednesday the 25th at 10 a.m.",
        );
    }
    let ground = call.ground();
    let memory = Memory::default();
    for text in [
        "Sure, let me take a look for you.",
        "Thank you, Anna, and would you rather see Maria or James, or doesn't it matter to you who does it?",
        "I'm happy to help you with that, and I can certainly look for something if you tell me a day that suits.",
        "So that's a haircut with Maria on Tuesday, November 24th, at 3:30 p.m. for Anna Kovacs, shall I book it?",
        "A haircut is 45 dollars, a color is 120 dollars, and a beard trim is 20 dollars and takes 20 minutes.",
        "Great, would Thursday at half past two with James suit you, or is Friday at noon better for you and him?",
    ] {
        let start = tokio::time::Instant::now();
        for _ in 0..2_000 {
            std::hint::black_box(judge::claim("", std::hint::black_box(text), &ground, &memory));
        }
        println!("{:8.1} us  {:3} {text}", start.elapsed().as_secs_f64() * 1e6 / 2_000.0, text.len());
    }
}
