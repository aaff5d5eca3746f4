//! What it costs to understand a sentence, which a caller waits for at every turn. Budget: 200 µs in the median.

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use deskbell::{
    domain::{
        business::Business,
        phone::PhoneNumber,
        time::{self, Around, speak},
        understand::{Expecting, understand},
    },
    testing::salon,
};
use jiff::{Span, Timestamp, Zoned};

/// Each kind of thing that is said about time, as people write it and as a recogniser does.
const TIMES: &[(&str, &str)] = &[
    ("bare", "tomorrow"),
    ("plain", "Tuesday the 14th at half past three"),
    ("spoken", "um next friday at uh three thirty p m"),
    ("range", "any time between ten and two on Thursday or Friday"),
    ("correction", "Thursday at four, no wait, Friday, in the morning if you can, say ten"),
    ("none", "I'd like to know whether you do colour and how much that would be"),
];

const SENTENCES: &[(&str, &str, Expecting)] = &[
    ("yes", "yes please", Expecting::YesNo),
    ("short", "a haircut with Maria tomorrow at four", Expecting::Anything),
    (
        "long",
        "hi good morning um I was in last month with my daughter and now I'd need a haircut for myself, with Maria if she's \
         there, next Thursday would be best, sometime after four because I work until half past three, my name's Anna \
         Kovacs and you can reach me at two one two five five five oh one four two",
        Expecting::Anything,
    ),
    ("name, spelled", "it's Kovacs, K O V as in Victor A C S, Anna Kovacs", Expecting::Name),
    ("number", "two one two, double five five, oh one four two", Expecting::Phone),
    ("e-mail address", "anna dot kovacs at example dot com, that's K O V A C S", Expecting::Anything),
];

fn now(business: &Business) -> Zoned {
    let now: Timestamp = "2026-11-26T14:00:00Z".parse().expect("a moment");
    now.to_zoned(business.zone.tz().clone())
}

fn times(criterion: &mut Criterion) {
    let business = salon();
    let now = now(&business);
    let around = Around { now: &now, business: &business, compared: None };
    let mut group = criterion.benchmark_group("time");
    for (name, text) in TIMES {
        group.bench_with_input(BenchmarkId::new("find and resolve", name), text, |bench, text| {
            bench.iter(|| time::find(black_box(text), "US").map(|said| time::resolve(said.when, around)));
        });
    }
    let ahead = |days: i64| now.checked_add(Span::new().days(days)).expect("a moment");
    for (name, at) in [("tomorrow", ahead(1)), ("next month", ahead(40)), ("in two years", ahead(700))] {
        group.bench_function(BenchmarkId::new("speak", name), |bench| {
            bench.iter(|| speak::moment(black_box(&at), black_box(&now)));
        });
    }
    group.finish();
}

fn sentences(criterion: &mut Criterion) {
    let business = salon();
    let mut group = criterion.benchmark_group("understand");
    for (name, text, expecting) in SENTENCES {
        group.bench_function(*name, |bench| bench.iter(|| understand(black_box(text), &business, *expecting)));
    }
    // The longest that is listened to in one breath.
    let most: String = SENTENCES[2].1.chars().cycle().take(2_000).collect();
    group.bench_function("2,000 characters", |bench| {
        bench.iter(|| understand(black_box(&most), &business, Expecting::Anything));
    });
    group.finish();
}

fn numbers(criterion: &mut Criterion) {
    PhoneNumber::warm_up();
    let mut group = criterion.benchmark_group("number");
    for (name, text, country) in [("national", "(212) 555-0142", "US"), ("international", "+44 20 7946 0958", "GB")] {
        group.bench_function(BenchmarkId::new("written", name), |bench| {
            bench.iter(|| PhoneNumber::parse(black_box(text), country));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    // Long enough for a steady median, short enough that it is run.
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = times, sentences, numbers
}
criterion_main!(benches);
