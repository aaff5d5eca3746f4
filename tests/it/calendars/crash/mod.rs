//! A server is killed again and again while it books, moves and cancels, and Google's double fails again and again in six
//! ways. Afterwards each appointment that stands has exactly one event, at its time, and nothing else stands there.
//!
//! A normal run makes 30 bookings. `DESKBELL_CALENDAR_BOOKINGS=300 cargo test --test it calendars::crash -- --nocapture`
//! makes 300.

pub(super) mod process;
mod tokens;
pub(super) mod vendor;

use std::{collections::BTreeMap, time::Duration};

use deskbell::{
    domain::booking::{Booking, BookingState},
    store::{Store, bookings::Filter, placements::PlacementState},
    testing::{
        calendar::{
            Misdeed, Trap,
            google::{ANNS, FakeGoogle},
        },
        salon,
    },
};
use jiff::SignedDuration;
use process::{Dice, Process};
use serde_json::{Value, json};

use crate::support::database::Database;

pub(super) const SALON: &str = "/api/v1/businesses/00000000-0000-7000-8000-00000000d35c";
pub(super) const HAIRCUT: &str = "00000000-0000-7000-8000-0000000005e1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_while_it_books_leaves_one_event_for_each_appointment_and_none_for_others() {
    let wanted: usize = crate::support::postgres::setting("DESKBELL_CALENDAR_BOOKINGS")
        .map_or(30, |bookings| bookings.parse().expect("DESKBELL_CALENDAR_BOOKINGS is a number"));
    let mut dice = Dice::thrown();
    let mut server: Process<FakeGoogle> = Process::start(Database::sqlite()).await;
    server.connect().await;
    let (mut kills, mut moved, mut cancelled) = (0, 0, 0);
    let mut told: BTreeMap<String, &'static str> = BTreeMap::new();
    for n in 0..wanted {
        spoil(&server.vendor, &mut dice);
        if n % 4 == 3 {
            server.kill_within(dice.below(60));
            kills += 1;
        }
        let booked = book(&mut server, n).await;
        let id = booked["id"].as_str().expect("a booking has an id").to_owned();
        told.insert(id.clone(), "confirmed");
        if n % 5 == 4 {
            server.kill_within(dice.below(40));
            kills += 1;
            server.post(&format!("{SALON}/bookings/{id}/cancel"), &Value::Null, &format!("cancel-{n}")).await;
            told.insert(id, "cancelled");
            cancelled += 1;
        } else if n % 7 == 6 {
            let starts = free(&mut server, n).await;
            server.kill_within(dice.below(40));
            kills += 1;
            let path = format!("{SALON}/bookings/{id}/move");
            let answer = server.post(&path, &json!({"starts": starts}), &format!("move-{n}")).await;
            if let Some(new) = answer["id"].as_str() {
                told.insert(id, "moved");
                told.insert(new.to_owned(), "confirmed");
                moved += 1;
            }
        }
    }
    server.vendor.kit().clear_traps();
    let store = server.ledger().await;
    // Time goes by for the server and for Google, and the server is started again in it, until all is quiet.
    for _ in 0..40 {
        server.clock.later(SignedDuration::from_mins(35));
        server.kill().await;
        server.start_again().await;
        if quiet(&store, &server).await {
            break;
        }
    }
    let faults = faults(&store, &server.vendor, &told).await;
    println!("{wanted} bookings, {moved} moved, {cancelled} cancelled; {kills} kills in the middle");
    assert!(faults.is_empty(), "{} faults\n{}\n{}", faults.len(), faults.join("\n"), server.log());
    store.close().await;
    server.end().await;
}

/// Wrong answers for some of the next requests.
fn spoil(google: &FakeGoogle, dice: &mut Dice) {
    let misdeeds = [
        Misdeed::status(500, "{}"),
        Misdeed::status(503, "<html>"),
        Misdeed::CutOff,
        Misdeed::HalfABody,
        Misdeed::Html,
        Misdeed::Slow(Duration::from_millis(300)),
    ];
    let kinds =
        [("POST", "/events"), ("PATCH", "/events"), ("DELETE", "/events"), ("GET", "/events"), ("POST", "freeBusy")];
    google.kit().clear_traps();
    for (method, path) in kinds {
        if dice.below(2) == 0 {
            let misdeed = misdeeds[usize::try_from(dice.below(misdeeds.len() as u64)).unwrap()].clone();
            google.kit().trap(Trap { method, path: path.to_owned(), times: 1, misdeed });
        }
    }
}

/// A free start, some days ahead.
async fn free(server: &mut Process<FakeGoogle>, n: usize) -> Value {
    let from = server.clock.date_in(2 + n / 12);
    let path = format!("{SALON}/slots?service={HAIRCUT}&from={from}T09:00:00-05:00&limit=1");
    server.get(&path).await["items"][0]["starts"].clone()
}

async fn book(server: &mut Process<FakeGoogle>, n: usize) -> Value {
    for again in 0.. {
        let starts = free(server, n).await;
        let body = json!({"service": HAIRCUT, "starts": starts, "name": format!("Caller {n}"),
            "phone": format!("+1212555{:04}", 100 + n % 100)});
        let answer = server.post(&format!("{SALON}/bookings"), &body, &format!("book-{n}-{again}")).await;
        if answer["id"].is_string() {
            return answer;
        }
        assert!(again < 20, "no booking: {answer}");
    }
    unreachable!()
}

/// Nothing is left to do.
async fn quiet(store: &Store, server: &Process<FakeGoogle>) -> bool {
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut open = store.outbox_waiting().await.unwrap();
        for booking in all(store).await {
            let rows = store.placements_of(booking.id).await.unwrap();
            open += i64::try_from(rows.iter().filter(|row| row.due.is_some()).count()).unwrap();
        }
        if open == 0 {
            return true;
        }
    }
    println!("not quiet yet, {} events", server.vendor.events(ANNS).len());
    false
}

async fn all(store: &Store) -> Vec<Booking> {
    let mut bookings: Vec<Booking> = Vec::new();
    loop {
        let after = bookings.last().map(|booking| (booking.slot.starts, booking.id));
        let page = store.bookings(salon().id, &Filter::default(), after, 200).await.unwrap();
        if page.is_empty() {
            return bookings;
        }
        bookings.extend(page);
    }
}

async fn faults(store: &Store, google: &FakeGoogle, told: &BTreeMap<String, &'static str>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut events: BTreeMap<String, _> =
        google.events(ANNS).into_iter().map(|event| (event.id.clone(), event)).collect();
    let bookings = all(store).await;
    for booking in &bookings {
        let said = told.get(&booking.id.to_string()).copied();
        let rows = store.placements_of(booking.id).await.unwrap();
        let live: Vec<_> = rows.iter().filter(|row| row.state != PlacementState::Gone).collect();
        let confirmed = matches!(booking.state, BookingState::Confirmed { .. });
        if said == Some("confirmed") && !confirmed {
            faults.push(format!("{} was promised, and is {:?}", booking.id, booking.state));
        }
        if !confirmed {
            if !live.is_empty() {
                faults.push(format!("{} is {:?}, and has {live:?}", booking.id, booking.state));
            }
            continue;
        }
        let [row] = live.as_slice() else {
            faults.push(format!("{} has {} placements: {rows:?}", booking.id, live.len()));
            continue;
        };
        let id = row.placed.as_ref().map(|placed| placed.id.clone()).unwrap_or_default();
        match events.remove(&id) {
            Some(event) if event.from == booking.slot.starts && event.to == booking.slot.ends => {}
            Some(event) => {
                faults.push(format!("{} is at {}, its event at {}", booking.id, booking.slot.starts, event.from));
            }
            None => faults.push(format!("{} has no event: {row:?}", booking.id)),
        }
    }
    for id in told.keys().filter(|id| !bookings.iter().any(|booking| booking.id.to_string() == **id)) {
        faults.push(format!("{id} is lost"));
    }
    faults.extend(events.values().map(|event| format!("an event for nobody: {} {:?}", event.from, event.booking)));
    faults
}
