//! The server is killed in the middle of a call, and the call goes on.
//!
//! A real process answers a real phone and gets SIGKILL at some moment of the conversation. Another is started in its
//! place, the phone asks `<Connect action>` what next, as Twilio does (error 64105), and the caller goes on. Then the
//! ledger is held against what the caller was told.
//!
//! A normal run kills seven servers. `DESKBELL_KILLS=200 cargo test --test it crash -- --nocapture` kills 200, at moments
//! drawn by a generator whose seed is printed and can be set with `DESKBELL_KILLS_SEED`; with
//! `DESKBELL_KILLS_ENGINE=postgres` their ledgers are on Postgres.

mod caller;
mod process;

use std::time::Duration;

use caller::{Caller, Moment, Story, When};
use deskbell::{
    adapters::clock::SystemClock,
    cli::phone::{PhoneEvent, script},
    domain::{booking::BookingState, call::Outcome},
    ports::clock::Clock,
    store::{bookings::Filter, outbox::Kind},
};
use jiff::{
    civil::{Date, Weekday},
    tz::TimeZone,
};
use process::{Server, business};
use tokio::task::JoinSet;

/// How many servers live and die at once. They mostly wait: a goodbye takes as long as it takes to say.
const AT_ONCE: usize = 6;
/// The sentences of a whole call: service, time, name, yes, no thanks.
const TURNS: usize = 5;
/// The caller's "yes".
const YES: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_in_mid_call_loses_nothing_that_was_said_or_booked() {
    let moments = match crate::support::postgres::setting("DESKBELL_KILLS") {
        Some(kills) => drawn(kills.parse().expect("DESKBELL_KILLS is a number")),
        None => the_usual_seven(),
    };
    let kills = moments.len();
    let mut faults = Vec::new();
    let mut left = moments.into_iter();
    let mut under_way: JoinSet<Option<String>> = left.by_ref().take(AT_ONCE).map(faults_of_one_kill).collect();
    while let Some(fault) = under_way.join_next().await {
        faults.extend(fault.unwrap());
        if let Some(moment) = left.next() {
            under_way.spawn(faults_of_one_kill(moment));
        }
    }
    println!("{kills} servers killed in mid-call; {} calls at fault", faults.len());
    assert!(faults.is_empty(), "\n{}", faults.join("\n\n"));
}

fn the_usual_seven() -> Vec<Moment> {
    let after = |micros| When::After(Duration::from_micros(micros));
    vec![
        Moment { turn: 0, when: When::Frames(1) },
        Moment { turn: 1, when: after(300) },
        Moment { turn: 2, when: When::Frames(1) },
        Moment { turn: 3, when: after(4_000) },
        Moment { turn: YES, when: after(1_500) },
        Moment { turn: YES, when: When::Frames(1) },
        Moment { turn: TURNS, when: When::Frames(1) },
    ]
}

/// Every turn in its turn, every other one the "yes", since that is where something can be half done. Half of the
/// moments are counted in frames of the answer, half lie up to 30 ms after the caller's sentence.
fn drawn(kills: usize) -> Vec<Moment> {
    let seed = crate::support::postgres::setting("DESKBELL_KILLS_SEED").and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| SystemClock.now().as_millisecond().unsigned_abs());
    println!("{kills} kills, DESKBELL_KILLS_SEED={seed}");
    let mut state = seed;
    let mut below = move |most: u64| {
        // Knuth's MMIX generator; its high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    (0..kills)
        .map(|n| {
            let turn = if n % 2 == 0 { YES } else { (n / 2) % (TURNS + 1) };
            let when = match n % 4 {
                0 | 1 => When::After(Duration::from_micros(below(30_000))),
                _ => When::Frames(usize::try_from(below(4)).unwrap_or_default()),
            };
            Moment { turn, when }
        })
        .collect()
}

/// One call, one kill. What is wrong afterwards, with the whole story; nothing when all is well.
async fn faults_of_one_kill(moment: Moment) -> Option<String> {
    let mut server = Server::start().await;
    let call = server.phone().dial().await.unwrap();
    let crash = async {
        server.kill().await;
        server.start_again();
    };
    let story = Caller::new(call, moment, crash).talk().await;
    let faults = held_against_the_ledger(&server, moment, &story).await;
    let told = || format!("{moment:?}: {faults:?}\n  {}\n{}", story.lines.join("\n  "), server.log());
    (!faults.is_empty()).then(told)
}

async fn held_against_the_ledger(server: &Server, moment: Moment, story: &Story) -> Vec<String> {
    let ledger = server.ledger().await;
    let bookings = ledger.bookings(business(), &Filter::default(), None, 100).await.unwrap();
    let confirmed: Vec<_> =
        bookings.iter().filter(|booking| matches!(booking.state, BookingState::Confirmed { .. })).collect();
    let call = ledger.call_by_vendor(business(), &story.call).await.unwrap().expect("the call was written down");
    let mut faults = Vec::new();
    let mut must = |holds: bool, fault: &str| {
        if !holds {
            faults.push(fault.to_owned());
        }
    };
    must(story.over, "the call did not end");
    // A server that dies after the goodbye is missed by nobody.
    must(story.drops >= 1 || moment.turn == TURNS, "the line never dropped");
    must(!story.told_booked || !confirmed.is_empty(), "the caller was told of a booking that is not there");
    must(confirmed.len() <= 1, "one call, two bookings");
    must(confirmed.len() == 1 && story.told_booked, "the call did not go on to its booking");
    must(story.asked_again.is_empty(), &format!("asked again: {:?}", story.asked_again));
    must(call.outcome == Outcome::Booked, "the call is not written down as booked");
    for booking in confirmed {
        let texts = ledger.outbox_of_booking(booking.id).await.unwrap();
        let booked = texts.iter().filter(|row| row.kind == Kind::Sms && row.template == "booked").count();
        must(booked == 1, "a booking without exactly one text message");
        must(booking.call == Some(call.id), "a booking of another call");
    }
    ledger.close().await;
    faults
}

#[tokio::test]
async fn m4_one_signal_lets_a_call_finish_and_then_the_server_ends_well() {
    let mut server = Server::start().await;
    let call = server.phone().dial().await.unwrap();
    let never = Moment { turn: usize::MAX, when: When::Frames(0) };
    let caller = Caller::new(call, never, async {});
    server.has_answered().await;
    server.signal("TERM").await;
    let story = caller.talk().await;
    assert!(story.told_booked, "{story:#?}");
    assert_eq!(server.ended().await.code(), Some(0), "{}", server.log());
}

#[tokio::test]
async fn m4_a_draining_server_is_alive_but_not_ready_and_the_second_signal_says_goodbye() {
    let mut server = Server::start().await;
    let mut call = server.phone().dial().await.unwrap();
    server.has_answered().await;
    server.signal("TERM").await;
    while server.answers("/health/ready").await {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(server.answers("/health/live").await);
    server.signal("TERM").await;
    let mut heard = String::new();
    while let Some(event) = call.next().await {
        match event {
            PhoneEvent::Token { text, .. } => heard.push_str(&text),
            PhoneEvent::Ended { .. } => break,
            _ => {}
        }
    }
    drop(call);
    assert!(heard.contains("I have to end the call here"), "{heard}");
    assert_eq!(server.ended().await.code(), Some(0), "{}", server.log());
}

#[tokio::test]
async fn m6_a_full_disk_for_logs_costs_log_lines_and_no_calls() {
    let server = Server::start_without_room_for_logs().await;
    let call = server.phone().dial().await.unwrap();
    let never = Moment { turn: usize::MAX, when: When::Frames(0) };
    let story = Caller::new(call, never, async {}).talk().await;
    assert!(story.told_booked, "{story:#?}");
}

#[tokio::test]
async fn m5_without_a_free_file_descriptor_nothing_is_lost_and_it_goes_on_afterwards() {
    let server = Server::start_with_few_files(64).await;
    let mut crowd = Vec::new();
    for _ in 0..120 {
        crowd.extend(server.silent_connection().await);
    }
    drop(crowd);
    server.ready().await;
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

/// Words, numbers and secrets that nobody else would write.
const CANARIES: [&str; 6] = ["Zebulon", "Quixote", "2125550186", "555-0186", "haircut with", "c0ffee5eed"];

#[tokio::test]
async fn m14_nothing_that_a_caller_or_a_stranger_says_reaches_the_log() {
    let server = Server::start().await;
    let script =
        "This is Zebulon Quixote, a haircut with Maria next Wednesday at ten please\nyes please\nno, thank you\n";
    let phone = server.phone_of(Some("+12125550186"));
    let mut out = Vec::new();
    let budget = Duration::from_secs(10);
    let played = script::play(&phone, &script.parse().unwrap(), budget, &mut out).await.unwrap();
    assert!(played.summary.booked(), "{}", String::from_utf8_lossy(&out));
    assert!(!server.answers("/Zebulon/haircut%20with?from=2125550186").await);
    assert!(!server.answers("/voice/incoming/Quixote").await);
    let log = server.log();
    assert!(log.contains("rings") && log.contains("confirmed"), "there is a log: {log}");
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} is in the log:\n{log}");
    }
}

/// What a caller with a script heard, and whether a booking was made.
async fn played(server: &Server, number: &str, lines: &[&str]) -> (String, bool) {
    let mut out = Vec::new();
    let script = lines.join("\n").parse().unwrap();
    let played =
        script::play(&server.phone_of(Some(number)), &script, Duration::from_secs(10), &mut out).await.unwrap();
    (String::from_utf8(out).unwrap(), played.summary.booked())
}

#[tokio::test]
async fn a_whole_conversation_books_tells_moves_and_cancels() {
    let server = Server::start().await;
    // Named by their dates, so that it is the same conversation on every day and at every hour.
    let today = SystemClock.now().to_zoned(TimeZone::get("America/New_York").unwrap()).date();
    let wednesday = today.nth_weekday(2, Weekday::Wednesday).unwrap();
    let thursday = wednesday.tomorrow().unwrap();
    let said = |date: Date| date.strftime("%B %-d").to_string();
    let first = format!("Hi, this is Anna Kovacs, I'd like a haircut with Maria on {} at ten", said(wednesday));
    let call = [first.as_str(), "yes please", "no, bye"];
    let (heard, booked) = played(&server, "+12125550171", &call).await;
    assert!(booked && heard.contains("You're booked, Anna"), "{heard}");
    let moved = format!("could I move it to {} at five?", said(thursday));
    let call = ["when is my appointment?", "Anna Kovacs", moved.as_str(), "no, I mean at four", "yes", "no, thank you"];
    let (heard, _) = played(&server, "+12125550171", &call).await;
    assert!(heard.contains("Done, your appointment is now"), "{heard}");
    let cancelled = format!("it's on {}", said(thursday));
    let call = ["I have to cancel my appointment, this is Anna Kovacs", cancelled.as_str(), "yes", "no thanks"];
    let (heard, _) = played(&server, "+12125550171", &call).await;
    assert!(heard.contains("is cancelled"), "{heard}");

    let ledger = server.ledger().await;
    let rows = ledger.bookings(business(), &Filter::default(), None, 10).await.unwrap();
    let mut states: Vec<&str> = rows.iter().map(|booking| name_of(booking.state)).collect();
    states.sort_unstable();
    assert_eq!(states, ["cancelled", "expired", "moved"], "what was kept at five was given up");
    let mut texts = Vec::new();
    for booking in &rows {
        texts.extend(ledger.outbox_of_booking(booking.id).await.unwrap().into_iter().map(|row| row.template));
    }
    texts.sort();
    assert_eq!(texts, ["booked", "cancelled", "moved"], "each change has its text");
}

fn name_of(state: BookingState) -> &'static str {
    match state {
        BookingState::Held { .. } => "held",
        BookingState::Confirmed { .. } => "confirmed",
        BookingState::Cancelled { .. } => "cancelled",
        BookingState::Moved { .. } => "moved",
        BookingState::Expired => "expired",
    }
}

#[tokio::test]
async fn of_two_callers_for_one_time_one_gets_it_and_the_other_hears_so() {
    let server = Server::start().await;
    let wants = |name: &str| format!("This is {name}, a color with Maria next Wednesday at two please");
    let (one, other) = (wants("Ben Okafor"), wants("Lena Fischer"));
    let (one, other) = ([one.as_str(), "yes", "never mind, bye"], [other.as_str(), "yes", "never mind, bye"]);
    let (one, other) = tokio::join!(played(&server, "+12125550172", &one), played(&server, "+12125550173", &other));
    assert!(one.1 != other.1, "exactly one is booked:\n{}\n{}", one.0, other.0);
    let loser = if one.1 { &other.0 } else { &one.0 };
    assert!(loser.contains("taken") || loser.contains("isn't free"), "{loser}");
    assert!(loser.contains("Which"), "others are offered: {loser}");
    let rows = server.ledger().await.bookings(business(), &Filter::default(), None, 10).await.unwrap();
    assert_eq!(rows.iter().filter(|booking| name_of(booking.state) == "confirmed").count(), 1);
}
