//! How long a busy week takes: `cargo test --test it calendar::speed -- --ignored --nocapture`.

use std::time::Duration;

use deskbell::{
    domain::{
        booking::Slot,
        business::{Business, Staff},
        ids::StaffId,
    },
    testing::salon,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::rig::{Rig, ts};

/// Five members of staff who all offer a haircut.
fn five() -> Business {
    let mut business = salon();
    for n in 3..=5_u128 {
        let id = StaffId(Uuid::from_u128(0x7000_8000_0000_0000_a000 + n));
        business.staff.push(Staff { id, name: format!("Member {n}"), also: Vec::new(), hours: None });
    }
    business.services[0].staff = business.staff.iter().map(|member| member.id).collect();
    business
}

#[tokio::test]
#[ignore = "for its figures"]
async fn a_week_of_300_bookings_and_5_staff() {
    let rig = Rig::start_for(five()).await;
    let monday = ts("2026-11-23T09:00-05");
    for n in 0..300_i64 {
        let member = &rig.business.staff[usize::try_from(n % 5).unwrap()];
        let (day, place) = (n / 5 % 6, n / 30);
        let starts = monday + SignedDuration::from_hours(24 * (7 + day)) + SignedDuration::from_mins(50 * place);
        rig.book(Slot::at(&rig.business.services[0], member.id, starts), "Anna Kovacs").await;
    }
    let staff = rig.staff().await;
    for query in ["view=week", "view=day", &format!("view=week&staff={}", rig.business.staff[0].id)] {
        let path = rig.path(&format!("/calendar?on=2026-12-01&{query}"));
        let mut took: Vec<Duration> = Vec::new();
        let mut size = 0;
        for _ in 0..60 {
            let began = tokio::time::Instant::now();
            let page = staff.get(&path).await;
            took.push(began.elapsed());
            assert_eq!(page.status, 200);
            size = page.text.len();
        }
        took.sort();
        println!("{query}: p50 {:.1?}, p99 {:.1?}, {size} bytes", took[30], took[59]);
        assert!(took[30] < Duration::from_millis(100), "{query}");
    }
    rig.server.stop().await;
}
