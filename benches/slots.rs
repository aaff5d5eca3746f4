//! The slot search that a caller waits for: ten members of staff, sixty days, half of the time booked. Budget: 1 ms.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use deskbell::{
    domain::{
        business::{Business, Staff},
        ids::StaffId,
        slots::{
            Busy, Class,
            free::{self, Search},
            offer::{self, Wish},
        },
    },
    testing::salon,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// The salon with ten members of staff who all cut hair, each in a week of their own.
fn big_salon() -> Business {
    let mut business = salon();
    let own = business.hours.clone();
    business.staff = (0..10)
        .map(|n| Staff {
            id: StaffId(Uuid::from_u128(n)),
            name: format!("Number {n}"),
            also: Vec::new(),
            hours: (n % 2 == 0).then(|| own.clone()),
        })
        .collect();
    business.services[0].staff = business.staff.iter().map(|member| member.id).collect();
    business
}

/// Every member of staff has five appointments of 45 minutes a day, an hour and a half apart.
fn half_booked(business: &Business, from: Timestamp) -> Vec<Busy> {
    let appointment = |staff: StaffId, day: i64, n: i64| {
        let starts = from + SignedDuration::from_hours(24 * day) + SignedDuration::from_mins(90 * n);
        let class = Some(Class { service: business.services[0].id, starts });
        Busy { staff, from: starts, to: starts + SignedDuration::from_mins(45), class }
    };
    let days = |staff| (0..60).flat_map(move |day| (0..5).map(move |n| appointment(staff, day, n)));
    business.staff.iter().flat_map(|member| days(member.id)).collect()
}

fn slots(criterion: &mut Criterion) {
    let business = big_salon();
    let now: Timestamp = "2026-11-23T14:00:00Z".parse().expect("a moment");
    let busy = half_booked(&business, now);
    let search = Search {
        business: &business,
        service: &business.services[0],
        staff: None,
        from: now,
        to: now + SignedDuration::from_hours(24 * 60),
        now,
    };
    let zone = business.zone.tz();
    let free = free::starts(&search, &busy);
    eprintln!("{} free starts among {} bookings", free.len(), busy.len());
    let mut group = criterion.benchmark_group("10 staff, 60 days");
    group.bench_function("every free start", |bench| {
        bench.iter(|| free::starts(black_box(&search), black_box(&busy)));
    });
    group.bench_function("three to offer", |bench| {
        bench.iter(|| offer::choose(black_box(&free), Wish::Soonest, 3, zone));
    });
    group.bench_function("three near a time", |bench| {
        let wish = Wish::Near(now + SignedDuration::from_hours(24 * 30));
        bench.iter(|| offer::choose(black_box(&free), wish, 3, zone));
    });
    group.bench_function("who gets it", |bench| {
        bench.iter(|| offer::fairest(black_box(&free[..10]), black_box(&busy), zone));
    });
    group.finish();
}

criterion_group!(benches, slots);
criterion_main!(benches);
