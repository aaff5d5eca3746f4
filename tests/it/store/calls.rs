//! Calls: who may write, what is written, and how a call goes on after a lost connection.

use deskbell::{
    domain::{
        business::Business,
        call::{Line, Outcome, Speaker},
        ids::{BusinessId, CallId},
    },
    ports::journal::{Entry, Lease},
    store::{
        Store,
        bookings::NewHold,
        calls::{Call, Claimed, NewCall, Written},
    },
};

use super::samples::{confirmed, fresh, held, hold, minutes, nine_plus, now, opened};
use crate::support::database::{Database, each_engine};

fn ringing(business: &Business, vendor_call: &str) -> NewCall {
    NewCall {
        id: CallId(fresh()),
        business: business.id,
        vendor: "twilio",
        vendor_call: vendor_call.to_owned(),
        from: Some("+14155552671".parse().unwrap()),
        now: now(),
    }
}

async fn claimed(store: &Store, call: &Call) -> Lease {
    match store.claim_call(call.business, &call.vendor_call, call.epoch, now()).await.unwrap() {
        Claimed::Claimed { lease, .. } => lease,
        Claimed::Refused => panic!("the call could be claimed"),
    }
}

async fn refused(store: &Store, call: &Call, epoch: i32) -> bool {
    let claimed = store.claim_call(call.business, &call.vendor_call, epoch, now()).await.unwrap();
    matches!(claimed, Claimed::Refused)
}

fn said(speaker: Speaker, text: &str) -> Line {
    Line { speaker, text: text.to_owned(), at: now(), cut: false }
}

fn entry(lease: Lease, first_line: i32, lines: Vec<Line>) -> Entry {
    Entry {
        lease,
        at: now() + minutes(1),
        state: format!("{{\"at\":{first_line}}}"),
        outcome: Outcome::Answered,
        first_line,
        lines,
        turns: Vec::new(),
        why_not: None,
        ended: false,
    }
}

#[tokio::test]
async fn the_second_webhook_of_a_call_finds_the_first() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let first = store.ring(&ringing(&salon, "CA1")).await.unwrap();
        let again = store.ring(&ringing(&salon, "CA1")).await.unwrap();
        assert_eq!((again.id, again.epoch, again.connected), (first.id, 0, false));
        assert_eq!((again.outcome, again.line_count, again.started), (Outcome::None, 0, now()));
        let (one, two) = (ringing(&salon, "CA2"), ringing(&salon, "CA2"));
        let (one, two) = tokio::join!(store.ring(&one), store.ring(&two));
        assert_eq!(one.unwrap().id, two.unwrap().id);
        assert!(store.call_by_vendor(BusinessId(fresh()), "CA1").await.unwrap().is_none(), "another business's");
    })
    .await;
}

#[tokio::test]
async fn one_connection_claims_a_call_and_the_others_are_refused() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let call = store.ring(&ringing(&salon, "CA1")).await.unwrap();
        let mut rush = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (store, call) = (store.clone(), call.clone());
            rush.spawn(async move { !refused(&store, &call, 0).await });
        }
        assert_eq!(rush.join_all().await.into_iter().filter(|won| *won).count(), 1);
        assert!(refused(&store, &call, 1).await, "somebody is connected");
        store.disconnect_call(Lease { call: call.id, epoch: 0 }).await.unwrap();
        assert!(refused(&store, &call, 1).await, "an old lease disconnects nobody");
        store.disconnect_call(Lease { call: call.id, epoch: 1 }).await.unwrap();
        assert!(refused(&store, &call, 0).await, "the epoch was used");
        assert!(!refused(&store, &call, 1).await);
    })
    .await;
}

#[tokio::test]
async fn a_report_that_a_connection_is_over_opens_the_call_for_the_next() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let call = store.ring(&ringing(&salon, "CA1")).await.unwrap();
        let first = claimed(&store, &call).await;
        assert!(store.call_session(first, "VX1").await.unwrap());
        let over = |session| store.session_over(salon.id, "CA1", session);
        assert!(over(Some("VX0")).await.unwrap().unwrap().connected, "a different connection");
        let call = over(Some("VX1")).await.unwrap().unwrap();
        assert_eq!((call.connected, call.epoch), (false, 1));

        let second = claimed(&store, &call).await;
        assert!(!store.call_session(first, "VX9").await.unwrap(), "the old one has been taken over");
        assert!(over(Some("VX1")).await.unwrap().unwrap().connected, "a late report about the one before");
        assert!(store.call_session(second, "VX2").await.unwrap());
        assert!(over(Some("VX1")).await.unwrap().unwrap().connected);
        assert!(!over(None).await.unwrap().unwrap().connected, "no name: the current one");

        let call = store.call(salon.id, call.id).await.unwrap().unwrap();
        claimed(&store, &call).await;
        assert!(!over(Some("VX3")).await.unwrap().unwrap().connected, "it died before it told its name");
        assert!(store.session_over(salon.id, "CA?", None).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_was_said_is_kept_and_a_line_talked_over_is_cut() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let call = store.ring(&ringing(&salon, "CA1")).await.unwrap();
        let lease = claimed(&store, &call).await;
        let nasty = "Robert'); drop table calls;-- {{7*7}} <b>\0\u{202e}";
        let first = entry(lease, 0, vec![said(Speaker::Caller, nasty), said(Speaker::Agent, "We have nine or ten.")]);
        let heard = Line { cut: true, ..said(Speaker::Agent, "We have nine") };
        let second = entry(lease, 1, vec![heard, said(Speaker::Caller, "Nine.")]);
        assert_eq!(store.write_entries(&[first, second]).await.unwrap(), [Written::Written, Written::Written]);
        let lines = store.transcript(call.id).await.unwrap();
        let texts: Vec<_> = lines.iter().map(|line| (line.speaker, line.text.as_str(), line.cut)).collect();
        let stored = nasty.replace('\0', "\u{fffd}");
        assert_eq!(
            texts,
            [
                (Speaker::Caller, stored.as_str(), false),
                (Speaker::Agent, "We have nine", true),
                (Speaker::Caller, "Nine.", false)
            ]
        );
        let call = store.call(salon.id, call.id).await.unwrap().unwrap();
        assert_eq!((call.line_count, call.state.as_deref()), (3, Some("{\"at\":1}")));
        assert_eq!((call.outcome, call.ended), (Outcome::Answered, None));
    })
    .await;
}

#[tokio::test]
async fn a_process_believed_dead_cannot_write_over_its_successor() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let call = store.ring(&ringing(&salon, "CA1")).await.unwrap();
        let old = claimed(&store, &call).await;
        store.disconnect_call(old).await.unwrap();
        let new = claimed(&store, &store.call(salon.id, call.id).await.unwrap().unwrap()).await;
        let unknown = Lease { call: CallId(fresh()), epoch: 1 };
        let batch = [
            entry(old, 0, vec![said(Speaker::Agent, "from the grave")]),
            entry(new, 0, vec![said(Speaker::Agent, "welcome back")]),
            entry(unknown, 0, vec![said(Speaker::Agent, "no such call")]),
        ];
        let written = store.write_entries(&batch).await.unwrap();
        assert_eq!(written, [Written::Fenced, Written::Written, Written::Fenced]);
        let lines = store.transcript(call.id).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["welcome back"]);
    })
    .await;
}

#[tokio::test]
async fn a_call_that_is_over_stays_over() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let call = store.ring(&ringing(&salon, "CA1")).await.unwrap();
        let lease = claimed(&store, &call).await;
        store.end_call(salon.id, "CA1", now() + minutes(2)).await.unwrap();
        store.end_call(salon.id, "CA1", now() + minutes(3)).await.unwrap();
        // What was under way at the hang-up is still written down.
        let last = Entry { ended: true, outcome: Outcome::Booked, ..entry(lease, 0, vec![]) };
        assert_eq!(store.write_entries(&[last]).await.unwrap(), [Written::Written]);
        let call = store.session_over(salon.id, "CA1", None).await.unwrap().unwrap();
        assert_eq!((call.ended, call.outcome), (Some(now() + minutes(2)), Outcome::Booked));
        assert!(refused(&store, &call, 1).await);
        assert_eq!(store.ring(&ringing(&salon, "CA1")).await.unwrap().ended, call.ended);
    })
    .await;
}

#[tokio::test]
async fn a_call_whose_process_died_after_booking_is_still_told_as_booked() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let [booked, moved, held_only] = ["CA1", "CA2", "CA3"].map(|name| ringing(&salon, name));
        for call in [&booked, &moved, &held_only] {
            store.ring(call).await.unwrap();
        }
        let of = |call: &NewCall, at| NewHold { call: Some(call.id), ..hold(&salon, nine_plus(at)) };
        let first = confirmed(&store, &of(&booked, 0)).await;
        confirmed(&store, &NewHold { replacing: Some(first.id), ..of(&moved, 60) }).await;
        confirmed(&store, &of(&booked, 120)).await;
        held(&store, &of(&held_only, 180)).await;
        for (call, outcome) in [(&booked, Outcome::Booked), (&moved, Outcome::Moved), (&held_only, Outcome::None)] {
            store.end_call(salon.id, &call.vendor_call, now() + minutes(2)).await.unwrap();
            assert_eq!(store.call(salon.id, call.id).await.unwrap().unwrap().outcome, outcome);
        }
    })
    .await;
}

#[tokio::test]
async fn the_newest_calls_come_first_page_by_page() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let mut made = Vec::new();
        for n in 0..5 {
            made.insert(0, store.ring(&ringing(&salon, &format!("CA{n}"))).await.unwrap().id);
        }
        let ids = |page: Vec<Call>| page.into_iter().map(|call| call.id).collect::<Vec<_>>();
        let first = ids(store.calls(salon.id, None, 3).await.unwrap());
        let second = ids(store.calls(salon.id, first.last().copied(), 3).await.unwrap());
        assert_eq!([first, second].concat(), made);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "for its figures"]
async fn batches_of_two_hundred_entries_are_quick() {
    for database in Database::each().await {
        let store = database.store().await;
        let salon = opened(&store).await;
        let mut leases = Vec::new();
        for n in 0..200 {
            let call = store.ring(&ringing(&salon, &format!("CA{n}"))).await.unwrap();
            leases.push(claimed(&store, &call).await);
        }
        let mut took = Vec::new();
        for turn in 0..50 {
            let lines =
                || vec![said(Speaker::Caller, &"words ".repeat(10)), said(Speaker::Agent, &"words ".repeat(20))];
            let mut entries: Vec<Entry> = leases.iter().map(|lease| entry(*lease, turn * 2, lines())).collect();
            for entry in &mut entries {
                entry.state = "x".repeat(2_000);
            }
            let began = tokio::time::Instant::now();
            let written = store.write_entries(&entries).await.unwrap();
            took.push(began.elapsed());
            assert!(written.iter().all(|written| *written == Written::Written));
        }
        took.sort();
        println!("{}: 200 entries p50 {:.1?}, longest {:.1?}", database.engine, took[25], took[49]);
        store.close().await;
        database.close().await;
    }
}
