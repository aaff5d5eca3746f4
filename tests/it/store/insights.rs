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
        bookings::{Ending, NewHold},
        calls::{Claimed, NewCall},
    },
};
use jiff::Timestamp;

use super::samples::{confirmation, confirmed, fresh, held, hold, minutes, nine_plus, now, opened, text_message};
use crate::support::database::each_engine;

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
        let outlines = store.call_outlines(salon.id, (now(), now() + minutes(60))).await.unwrap();
        let bare = facts.iter().map(|fact| CallFact { booked: None, sentences: None, ..fact.clone() });
        assert_eq!(outlines, bare.collect::<Vec<_>>(), "the same but for how it booked");
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
