//! What is counted, as both engines tell it.

use deskbell::{
    domain::{
        business::Business,
        call::{Line, Outcome, Speaker, WhyNot},
        ids::CallId,
        insights::{CallFact, Texts},
        report::{Micros, Report, TurnReport},
    },
    ports::journal::{Entry, Lease},
    store::{
        Store,
        bookings::{Ending, NewConfirmation, NewHold},
        calls::{Claimed, NewCall},
    },
};
use jiff::Timestamp;

use super::{
    samples::{confirmation, confirmed, fresh, held, hold, minutes, nine_plus, now, opened, text_message},
    schema::run,
};
use crate::support::database::{Database, each_engine};

/// Rings at that minute, and is answered a minute later unless it is refused.
async fn call(store: &Store, business: &Business, minute: i64, answered: bool) -> (CallId, Option<Lease>) {
    let (id, at) = (CallId(fresh()), now() + minutes(minute));
    let vendor_call = format!("CA{minute}");
    let from = "+14155552671".parse().ok();
    let new = NewCall { id, business: business.id, vendor: "web", vendor_call: vendor_call.clone(), from, now: at };
    store.ring(&new).await.unwrap();
    if !answered {
        return (id, None);
    }
    match store.claim_call(business.id, &vendor_call, 0, at + minutes(1)).await.unwrap() {
        Claimed::Claimed { lease, .. } => (id, Some(lease)),
        Claimed::Refused => panic!("the call could be claimed"),
    }
}

fn over(lease: Lease, at: Timestamp, outcome: Outcome, why_not: Option<WhyNot>) -> Entry {
    let line = |speaker| Line { speaker, text: "Hello".to_owned(), at, cut: false };
    Entry {
        lease,
        at,
        state: "{}".to_owned(),
        outcome,
        first_line: 0,
        lines: vec![line(Speaker::Agent), line(Speaker::Caller), line(Speaker::Agent)],
        turns: Vec::new(),
        why_not,
        ended: true,
    }
}

/// What a model did in one connection of a call.
fn report(cost: u64, first_word_ms: Option<u32>) -> Report {
    let turns = vec![TurnReport { first_word_ms, ..TurnReport::default() }];
    Report { turns, cost: Micros(cost), ..Report::default() }
}

/// What is counted about the only call there is.
async fn the_fact(store: &Store, business: &Business) -> CallFact {
    let all = (Timestamp::UNIX_EPOCH, now() + minutes(1_000));
    let mut facts = store.call_facts(business.id, all).await.unwrap();
    let listed = store.calls_between(business.id, all, None, 10).await.unwrap();
    assert_eq!(listed.into_iter().map(|call| call.fact).collect::<Vec<_>>(), facts, "one by one it is the same");
    assert_eq!(facts.len(), 1);
    facts.remove(0)
}

#[tokio::test]
async fn a_call_is_counted_with_what_it_booked_said_and_cost() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        let (booker, lease) = call(&store, &salon, 0, true).await;
        let lease = lease.unwrap();
        let booking = held(&store, &NewHold { call: Some(booker), ..hold(&salon, nine_plus(0)) }).await;
        store.confirm(&confirmation(&booking)).await.unwrap();
        let turn = |ms| TurnReport { first_word_ms: Some(ms), ..TurnReport::default() };
        let report = Report { turns: vec![turn(400), turn(700), turn(900)], cost: Micros(1_500), ..Report::default() };
        store.file_reports(&[(lease, report)]).await.unwrap();
        let (_, asker) = call(&store, &salon, 10, true).await;
        let entries = [
            over(lease, now() + minutes(4), Outcome::Booked, None),
            over(asker.unwrap(), now() + minutes(13), Outcome::Answered, Some(WhyNot::NothingFree)),
        ];
        store.write_entries(&entries).await.unwrap();
        call(&store, &salon, 20, false).await;
        call(&store, &salon, 60, true).await;

        let facts = store.call_facts(salon.id, (now(), now() + minutes(60))).await.unwrap();
        let booked = CallFact {
            started: now(),
            answered: Some(now() + minutes(1)),
            ended: Some(now() + minutes(4)),
            outcome: Outcome::Booked,
            why_not: None,
            booked: Some(now() + minutes(1)),
            sentences: Some(3),
            first_word_ms: Some(700),
            cost: Micros(1_500),
        };
        assert_eq!(facts[0], booked);
        assert_eq!((facts[1].why_not, facts[1].sentences, facts[1].booked), (Some(WhyNot::NothingFree), None, None));
        assert_eq!((facts[2].answered, facts[2].ended), (None, None));
        assert_eq!(facts.len(), 3, "the one at the end of the hour is of the next");
        let refused = store.calls_refused(salon.id, (now(), now() + minutes(60))).await.unwrap();
        assert_eq!((refused.count, refused.last), (1, Some(now() + minutes(20))));

        let bounds = (now(), now() + minutes(120));
        let first = store.calls_between(salon.id, bounds, None, 2).await.unwrap();
        let after = first.last().map(|call| (call.fact.started, call.id));
        let rest = store.calls_between(salon.id, bounds, after, 10).await.unwrap();
        assert_eq!((first[0].id, first.len(), rest.len()), (booker, 2, 2));
        let number = "+14155552671".parse().unwrap();
        assert_eq!(store.calls_of_number(salon.id, &number, 10).await.unwrap().len(), 4);
    })
    .await;
}

#[tokio::test]
async fn reports_of_a_call_come_to_one_whenever_they_come() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        let (_, lease) = call(&store, &salon, 0, true).await;
        let first = lease.unwrap();
        let told = async || {
            let fact = the_fact(&store, &salon).await;
            (fact.cost, fact.first_word_ms)
        };
        assert_eq!(told().await, (Micros(0), None));
        store.file_reports(&[(first, report(100, Some(900)))]).await.unwrap();
        assert_eq!(told().await, (Micros(100), Some(900)), "while it goes on");

        store.disconnect_call(first).await.unwrap();
        let Claimed::Claimed { lease: second, .. } =
            store.claim_call(salon.id, "CA0", first.epoch, now() + minutes(2)).await.unwrap()
        else {
            panic!("the call could be claimed again")
        };
        store.write_entries(&[over(second, now() + minutes(4), Outcome::Answered, None)]).await.unwrap();
        store.end_call(salon.id, "CA0", now() + minutes(4)).await.unwrap();
        assert_eq!(told().await, (Micros(100), Some(900)), "its end takes nothing away");
        store.file_reports(&[(second, report(30, Some(400)))]).await.unwrap();
        assert_eq!(told().await, (Micros(130), Some(900)), "after its end, too");
        store.file_reports(&[(first, report(110, None)), (second, report(30, Some(450)))]).await.unwrap();
        assert_eq!(told().await, (Micros(140), Some(450)), "again they replace what they said before");
    })
    .await;
}

/// On Postgres the two wait for each other.
#[tokio::test(flavor = "multi_thread")]
async fn two_connections_that_report_at_once_are_both_counted() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        let (id, _) = call(&store, &salon, 0, true).await;
        let mut filing = tokio::task::JoinSet::new();
        for epoch in 1..=8 {
            let store = store.clone();
            filing
                .spawn(async move { store.file_reports(&[(Lease { call: id, epoch }, report(10, Some(500)))]).await });
        }
        for filed in filing.join_all().await {
            filed.unwrap();
        }
        assert_eq!(the_fact(&store, &salon).await.cost, Micros(80));
    })
    .await;
}

#[tokio::test]
async fn a_booking_is_counted_with_its_call_before_and_after_the_end() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        let (id, lease) = call(&store, &salon, 0, true).await;
        let lease = lease.unwrap();
        let told = async || {
            let fact = the_fact(&store, &salon).await;
            (fact.booked, fact.sentences)
        };
        let book = async |at: i64, minute: i64| {
            let hold = held(&store, &NewHold { call: Some(id), ..hold(&salon, nine_plus(at)) }).await;
            store.confirm(&NewConfirmation { now: now() + minutes(minute), ..confirmation(&hold) }).await.unwrap();
            hold
        };
        let booked = book(0, 3).await;
        assert_eq!(told().await, (None, None), "nothing is told of it before the call says so");
        let goes_on = Entry { ended: false, ..over(lease, now() + minutes(3), Outcome::Booked, None) };
        store.write_entries(&[goes_on]).await.unwrap();
        assert_eq!(told().await, (Some(now() + minutes(3)), Some(3)), "what was said so far");

        book(60, 5).await;
        let moved = NewHold { call: Some(id), replacing: Some(booked.id), ..hold(&salon, nine_plus(120)) };
        confirmed(&store, &moved).await;
        let more = Entry { first_line: 3, ..over(lease, now() + minutes(6), Outcome::Booked, None) };
        store.write_entries(&[more]).await.unwrap();
        let whole = (Some(now() + minutes(3)), Some(6));
        assert_eq!(told().await, whole, "the first of them, and a move is none");
        store.cancel(salon.id, booked.id, &Ending::default(), &[], now() + minutes(9)).await.unwrap();
        book(180, 12).await;
        assert_eq!(told().await, whole);

        // What a late entry adds is told as well.
        let again = Entry { ended: false, first_line: 6, ..over(lease, now() + minutes(7), Outcome::Booked, None) };
        store.write_entries(&[again]).await.unwrap();
        assert_eq!(told().await, (whole.0, Some(9)));
    })
    .await;
}

#[tokio::test]
async fn a_call_that_is_forgotten_keeps_its_figures() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        let (id, lease) = call(&store, &salon, 0, true).await;
        let lease = lease.unwrap();
        confirmed(&store, &NewHold { call: Some(id), ..hold(&salon, nine_plus(0)) }).await;
        store.write_entries(&[over(lease, now() + minutes(4), Outcome::Booked, None)]).await.unwrap();
        store.file_reports(&[(lease, report(70, Some(600)))]).await.unwrap();
        let before = the_fact(&store, &salon).await;
        assert_eq!(before.sentences, Some(3));
        store.forget_before(salon.id, now() + minutes(1), now() + minutes(9), 10).await.unwrap();
        assert_eq!(the_fact(&store, &salon).await, CallFact { sentences: None, ..before });
    })
    .await;
}

/// A year ago, one booked on two connections, one that asked, one that nobody answered; and one that goes on.
#[tokio::test]
async fn calls_of_a_server_of_before_are_counted_as_they_were() {
    const COLUMNS: [&str; 4] = ["cost_micros", "first_word_ms", "booked_at", "sentences"];
    for database in Database::each().await {
        let store = database.store().await;
        let salon = opened(&store).await;
        let ago = -365 * 24 * 60;
        let mut leases = Vec::new();
        for minute in [ago, ago + 10, -5] {
            let (id, lease) = call(&store, &salon, minute, true).await;
            let lease = lease.unwrap();
            store.file_reports(&[(lease, report(50, Some(700)))]).await.unwrap();
            leases.push((id, lease));
        }
        call(&store, &salon, ago + 20, false).await;
        store.end_call(salon.id, &format!("CA{}", ago + 20), now() + minutes(ago + 21)).await.unwrap();
        let (booker, lease) = leases[0];
        confirmed(&store, &NewHold { call: Some(booker), ..hold(&salon, nine_plus(0)) }).await;
        let again = Lease { epoch: 2, ..lease };
        store.file_reports(&[(again, report(20, Some(900)))]).await.unwrap();
        let entries = [
            over(lease, now() + minutes(ago + 4), Outcome::Booked, None),
            over(leases[1].1, now() + minutes(ago + 13), Outcome::Answered, Some(WhyNot::OnlyAsked)),
            Entry { ended: false, ..over(leases[2].1, now(), Outcome::Booked, None) },
        ];
        store.write_entries(&entries).await.unwrap();
        let all = (Timestamp::UNIX_EPOCH, now() + minutes(60));
        let written = store.call_facts(salon.id, all).await.unwrap();
        assert_eq!((written[0].cost, written[0].first_word_ms, written[0].sentences), (Micros(70), Some(900), Some(3)));

        let nothing = COLUMNS.map(|column| format!("{column} = null")).join(", ");
        run(&database, &format!("update calls set {nothing}")).await;
        assert_eq!(store.call_facts(salon.id, all).await.unwrap(), written, "{}: nothing is written", database.engine);

        // The schema of before, with the same rows.
        let drops = COLUMNS.map(|column| format!("alter table calls drop column {column};")).join("\n");
        run(
            &database,
            &format!(
                "drop index calls_counted; drop index bookings_counted; drop index outbox_waiting;
                {drops}
                create index calls_counted on calls (business_id, started_at);
                create index bookings_confirmed on bookings (business_id, confirmed_at);
                delete from _sqlx_migrations where version = 12"
            ),
        )
        .await;
        store.close().await;
        let store = database.store().await;
        assert_eq!(store.call_facts(salon.id, all).await.unwrap(), written, "{}: migrated", database.engine);
        // What was filled in is not looked up any more; the call that goes on is.
        run(&database, "delete from call_reports").await;
        let filled = store.call_facts(salon.id, all).await.unwrap();
        assert_eq!(filled[..3], written[..3], "{}", database.engine);
        assert_eq!((filled[3].cost, written[3].cost), (Micros(0), Micros(50)));
        store.close().await;
        database.close().await;
    }
}

#[tokio::test]
async fn bookings_and_texts_are_counted_by_kind() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        assert!(!store.has_had_calls(salon.id).await.unwrap());
        let (caller, _) = call(&store, &salon, 0, true).await;
        confirmed(&store, &NewHold { call: Some(caller), ..hold(&salon, nine_plus(0)) }).await;
        let gone = held(&store, &hold(&salon, nine_plus(60))).await;
        let mut written = confirmation(&gone);
        written.outbox = ["booked", "moved"].map(|template| text_message(salon.id, gone.id, template)).to_vec();
        store.confirm(&written).await.unwrap();
        store.cancel(salon.id, gone.id, &Ending::default(), &[], now() + minutes(9)).await.unwrap();
        held(&store, &hold(&salon, nine_plus(120))).await;

        let facts = store.booking_facts(salon.id, (now(), now() + minutes(60))).await.unwrap();
        let mut told: Vec<_> = facts.iter().map(|fact| (fact.by_call, fact.cancelled, fact.count)).collect();
        told.sort_unstable();
        assert_eq!(told, [(false, true, 1), (true, false, 1)]);
        assert!(store.booking_facts(salon.id, (now() + minutes(60), now() + minutes(90))).await.unwrap().is_empty());

        let rows = store.lease_outbox(now(), now() + minutes(1), 10).await.unwrap();
        assert!(store.outbox_failed(rows[0].id, rows[0].fence, "the number is not in service").await.unwrap());
        let texts = store.text_facts(salon.id, (now(), now() + minutes(60))).await.unwrap();
        assert_eq!(texts, Texts { sent: 0, failed: 1, waiting: 1 });
        let lost = store.lost_texts(salon.id, now(), 10).await.unwrap();
        assert_eq!((lost.len(), lost[0].booking), (1, Some(gone.id)));
        assert_eq!(lost[0].name.as_ref().map(|name| name.as_str().to_owned()).as_deref(), Some("Ada Lovelace"));
        assert!(store.has_had_calls(salon.id).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn whoever_wanted_a_person_and_got_none_is_remembered() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        let mut entries = Vec::new();
        for (minute, outcome) in [(0, Outcome::None), (10, Outcome::Transferred), (20, Outcome::Message)] {
            let (_, lease) = call(&store, &salon, minute, true).await;
            let at = now() + minutes(minute + 2);
            entries.push(over(lease.unwrap(), at, outcome, Some(WhyNot::WantedPerson)));
        }
        store.write_entries(&entries).await.unwrap();
        let wanting = store.calls_for_a_person(salon.id, (now(), now() + minutes(60)), 10).await.unwrap();
        let number = "+14155552671".parse().ok();
        assert_eq!(wanting, [(entries[0].lease.call, number, now())]);
    })
    .await;
}
