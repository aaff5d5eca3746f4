//! What those a call is for see of it and do with it: its turns, lists and searches, orders, messages.

use deskbell::{
    domain::{
        business::Business,
        call::{Line, Outcome, Speaker, WhyNot},
        dialogue::Order,
        ids::{CallId, CommandId, MessageId, OutboxId, UserId},
        turn::Turn,
    },
    ports::{
        journal::{Entry, Lease},
        live::Ordered,
    },
    store::{
        Store,
        calls::{CallFilter, CallSearch, Claimed, Commanded, ListedCall, NewCall, NewCommand},
        notes::{NoteFilter, StoredNote},
        outbox::{MessageFilter, MessageState},
        search::Pattern,
    },
};
use jiff::Timestamp;

use super::samples::{confirmed, deed, fresh, hold, minutes, nine_plus, now, opened, text_message};
use crate::support::database::each_engine;

async fn rang(store: &Store, salon: &Business, n: i64, from: Option<&str>) -> Lease {
    let id = CallId(fresh());
    let from = from.map(|number| number.parse().unwrap());
    let started = now() + minutes(n);
    let call = NewCall { id, business: salon.id, vendor: "twilio", vendor_call: id.to_string(), from, now: started };
    store.ring(&call).await.unwrap();
    match store.claim_call(salon.id, &call.vendor_call, 0, started).await.unwrap() {
        Claimed::Claimed { lease, .. } => lease,
        Claimed::Refused => panic!("the first connection has the call"),
    }
}

fn entry(lease: Lease, said: &[&str], turns: Vec<(i32, Turn)>) -> Entry {
    let line = |text: &&str| Line { speaker: Speaker::Caller, text: (*text).to_owned(), at: now(), cut: false };
    Entry {
        lease,
        at: now() + minutes(1),
        state: "{}".to_owned(),
        outcome: Outcome::None,
        first_line: 0,
        lines: said.iter().map(line).collect(),
        turns,
        why_not: None,
        ended: false,
    }
}

async fn ended(store: &Store, lease: Lease, said: &[&str], outcome: Outcome) {
    let entry = Entry { ended: true, outcome, ..entry(lease, said, Vec::new()) };
    store.write_entries(&[entry]).await.unwrap();
}

#[expect(clippy::unnecessary_wraps, reason = "as the filter takes it")]
fn search(text: &str, digits: Option<&str>) -> Option<CallSearch> {
    let digits = digits.and_then(Pattern::of);
    Some(CallSearch { words: Pattern::of(text).unwrap(), digits, said_since: Timestamp::UNIX_EPOCH })
}

async fn list(store: &Store, salon: &Business, filter: CallFilter) -> Vec<CallId> {
    store.call_list(salon.id, &filter, None, 50).await.unwrap().into_iter().map(|call| call.id).collect()
}

#[tokio::test]
async fn a_turn_is_written_with_its_lines_and_again_when_it_has_changed() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let lease = rang(&store, &salon, 0, None).await;
        let turn = |meant: &str| Turn { meant: vec![meant.to_owned()], ..Turn::beginning(now()) };
        let first = entry(lease, &["a haircut"], vec![(0, turn("book"))]);
        let fenced = Entry { lease: Lease { epoch: 0, ..lease }, ..entry(lease, &[], vec![(0, turn("forged"))]) };
        store.write_entries(&[fenced, first]).await.unwrap();
        let more =
            Entry { first_line: 1, ..entry(lease, &["on Friday"], vec![(0, turn("book, truly")), (1, turn("x"))]) };
        store.write_entries(&[more]).await.unwrap();
        let turns = store.turns(lease.call).await.unwrap();
        let meant: Vec<_> = turns.iter().map(|(n, turn)| (*n, turn.meant[0].as_str())).collect();
        assert_eq!(meant, [(0, "book, truly"), (1, "x")]);
        assert_eq!(store.turns_from(lease.call, 1).await.unwrap().len(), 1);
        let lines = store.lines_from(lease.call, 1).await.unwrap();
        assert_eq!((lines.len(), lines[0].0, lines[0].1.text.as_str()), (1, 1, "on Friday"));

        let nonsense = Turn { model: "x".repeat(10_000), ..Turn::default() };
        let entry = Entry { first_line: 2, ..entry(lease, &["goodbye"], vec![(2, nonsense)]) };
        store.write_entries(&[entry]).await.unwrap();
        assert_eq!(store.lines_from(lease.call, 2).await.unwrap().len(), 1, "a record is not worth the call's journal");
        assert_eq!(store.turns(lease.call).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn why_nothing_was_booked_is_kept_until_the_call_comes_back() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let lease = rang(&store, &salon, 0, None).await;
        let why = |why_not| Entry { why_not, ..entry(lease, &[], Vec::new()) };
        store.write_entries(&[why(Some(WhyNot::NothingFree))]).await.unwrap();
        assert_eq!(store.call(salon.id, lease.call).await.unwrap().unwrap().why_not, Some(WhyNot::NothingFree));
        store.write_entries(&[why(None)]).await.unwrap();
        assert_eq!(store.call(salon.id, lease.call).await.unwrap().unwrap().why_not, None);
    })
    .await;
}

#[tokio::test]
async fn calls_are_listed_filtered_and_searched() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let ada = rang(&store, &salon, 0, Some("+14155552671")).await;
        ended(&store, ada, &["I'd like a Haircut, 100% sure"], Outcome::Booked).await;
        let none = rang(&store, &salon, 10, None).await;
        ended(&store, none, &["wrong number"], Outcome::None).await;
        let live = rang(&store, &salon, 20, Some("+12125550187")).await;
        let all = CallFilter::default;
        assert_eq!(list(&store, &salon, all()).await, [live.call, none.call, ada.call]);
        assert_eq!(
            list(&store, &salon, CallFilter { outcome: Some(Outcome::None), ..all() }).await,
            [live.call, none.call]
        );
        assert_eq!(list(&store, &salon, CallFilter { live: Some(now() + minutes(21)), ..all() }).await, [live.call]);
        let (from, to) = (Some(now() + minutes(5)), Some(now() + minutes(15)));
        assert_eq!(list(&store, &salon, CallFilter { from, to, ..all() }).await, [none.call]);
        assert_eq!(list(&store, &salon, CallFilter { model: Some(false), ..all() }).await.len(), 3);
        assert!(list(&store, &salon, CallFilter { model: Some(true), ..all() }).await.is_empty());

        let found =
            async |text: &str, digits| list(&store, &salon, CallFilter { search: search(text, digits), ..all() }).await;
        assert_eq!(found("haircut", None).await, [ada.call]);
        assert_eq!(found("100%", None).await, [ada.call]);
        assert_eq!(found("%", None).await, [ada.call], "a percent sign stands for itself");
        assert_eq!(found("555 0187", Some("5550187")).await, [live.call]);
        assert_eq!(found("x' or '1'='1", None).await, [] as [CallId; 0]);
        confirmed(&store, &deskbell::store::bookings::NewHold { call: Some(none.call), ..hold(&salon, nine_plus(0)) })
            .await;
        let name = store.call_names(salon.id, &[(none.call, None), (live.call, None)]).await.unwrap();
        let booked_as = name.of(none.call, None).unwrap().to_owned();
        assert!(name.of(live.call, None).is_none());
        assert!(found(&booked_as.to_lowercase(), None).await.contains(&none.call), "by the name it was booked under");

        let since = CallSearch { said_since: now() + minutes(5), ..search("haircut", None).unwrap() };
        assert!(list(&store, &salon, CallFilter { search: Some(since), ..all() }).await.is_empty());
        assert_eq!(store.said_since(salon.id, None).await.unwrap(), Timestamp::UNIX_EPOCH);

        let page = store.call_list(salon.id, &all(), None, 2).await.unwrap();
        let after = |call: &ListedCall| Some((call.started, call.id));
        let next = store.call_list(salon.id, &all(), after(&page[1]), 2).await.unwrap();
        assert_eq!(next.iter().map(|call| call.id).collect::<Vec<_>>(), [ada.call]);
        let live_now = store.live_calls(salon.id, now() + minutes(30)).await.unwrap();
        assert_eq!(live_now.iter().map(|call| call.id).collect::<Vec<_>>(), [live.call]);
        assert!(store.live_calls(salon.id, now() + minutes(600)).await.unwrap().is_empty(), "it was never closed");
    })
    .await;
}

#[tokio::test]
async fn a_live_call_is_ordered_once_and_taken_once() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let lease = rang(&store, &salon, 0, None).await;
        let command = |minutes_on: i64| NewCommand {
            id: CommandId(fresh()),
            business: salon.id,
            call: lease.call,
            ordered: Ordered { order: Order::PutThrough, to: Some("+12125550142".parse().unwrap()) },
            user: UserId(fresh()),
            now: now() + minutes(minutes_on),
        };
        let foreign = NewCommand { business: deskbell::domain::ids::BusinessId(fresh()), ..command(0) };
        assert_eq!(store.command_call(&foreign, &deed(salon.id)).await.unwrap(), Commanded::NotLive);

        let mut rush = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (store, command, deed) = (store.clone(), command(0), deed(salon.id));
            rush.spawn(async move { store.command_call(&command, &deed).await.unwrap() });
        }
        let done = rush.join_all().await;
        assert_eq!(done.iter().filter(|done| **done == Commanded::Written).count(), 1, "{done:?}");
        assert_eq!(store.deeds(salon.id, None, 50).await.unwrap().iter().filter(|d| d.deed == "test.done").count(), 1);

        assert!(store.waiting_commands(now() + minutes(1)).await.unwrap().is_empty(), "too old to be carried out");
        assert_eq!(store.command_call(&command(2), &deed(salon.id)).await.unwrap(), Commanded::Written, "another try");
        let waiting = store.waiting_commands(now() + minutes(2)).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].ordered.order), (1, Order::PutThrough));
        assert!(store.take_command(waiting[0].id, now()).await.unwrap());
        assert!(!store.take_command(waiting[0].id, now()).await.unwrap(), "another node has it");
        assert!(store.command_of(lease.call).await.unwrap().unwrap().taken.is_some());
        assert_eq!(store.command_call(&command(9), &deed(salon.id)).await.unwrap(), Commanded::Already);

        ended(&store, lease, &[], Outcome::None).await;
        assert_eq!(store.command_call(&command(20), &deed(salon.id)).await.unwrap(), Commanded::NotLive);
    })
    .await;
}

#[tokio::test]
async fn a_message_is_seen_to_and_is_not_after_all() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let call = rang(&store, &salon, 0, None).await.call;
        let id = MessageId(fresh());
        let note = StoredNote {
            id,
            business: salon.id,
            call: Some(call),
            from: Some("+14155552671".parse().unwrap()),
            name: Some("Ágnes".to_owned()),
            text: "Please call me back".to_owned(),
            created: now(),
            done: None,
        };
        store.add_note(&note).await.unwrap();
        let found = async |done, text: Option<&str>| {
            let filter = NoteFilter { done, search: text.and_then(Pattern::of), digits: None };
            store.listed_notes(salon.id, &filter, None, 10).await.unwrap().len()
        };
        assert_eq!((found(Some(false), None).await, found(Some(true), None).await), (1, 0));
        assert_eq!(
            (found(None, Some("CALL ME")).await, found(None, Some("Ágnes")).await, found(None, Some("no")).await),
            (1, 1, 0)
        );
        assert_eq!(store.open_notes(salon.id).await.unwrap(), 1);
        let attention = CallFilter { attention: true, ..CallFilter::default() };
        assert_eq!(list(&store, &salon, attention.clone()).await, [call]);

        assert!(store.note_done(salon.id, id, Some(now()), &deed(salon.id)).await.unwrap());
        assert!(!store.note_done(salon.id, id, Some(now()), &deed(salon.id)).await.unwrap(), "it is already");
        assert!(list(&store, &salon, attention).await.is_empty());
        assert_eq!(found(Some(true), None).await, 1);
        assert!(store.note_done(salon.id, id, None, &deed(salon.id)).await.unwrap());
        let foreign = deskbell::domain::ids::BusinessId(fresh());
        assert!(!store.note_done(foreign, id, Some(now()), &deed(salon.id)).await.unwrap());
        assert!(store.has_note(salon.id, id).await.unwrap() && !store.has_note(foreign, id).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn texts_are_listed_by_what_became_of_them_and_one_is_written_once() {
    each_engine(|store| async move {
        let salon = opened(&store).await;
        let booking = confirmed(&store, &hold(&salon, nine_plus(0))).await.id;
        let first = text_message(salon.id, booking, "reminder");
        assert!(store.add_message(&first, &deed(salon.id)).await.unwrap());
        let again = deskbell::store::outbox::NewOutbox { id: OutboxId(fresh()), ..first.clone() };
        assert!(!store.add_message(&again, &deed(salon.id)).await.unwrap(), "there is one with its key");
        assert_eq!(store.messages_with_keys(&[first.dedupe_key.clone(), "none".to_owned()]).await.unwrap(), 1);
        let count = async |state, text: Option<&str>, digits: Option<&str>| {
            let filter =
                MessageFilter { state, search: text.and_then(Pattern::of), digits: digits.and_then(Pattern::of) };
            store.messages(salon.id, &filter, None, 50).await.unwrap().len()
        };
        let waiting = count(Some(MessageState::Waiting), None, None).await;
        assert!(waiting >= 1 && count(None, Some("BOOKED"), None).await >= 1);
        assert!(count(None, Some("555"), Some("4155552671")).await >= 1);
        let leased = store.lease_outbox(now(), now() + minutes(1), 50).await.unwrap();
        let row = leased.iter().find(|row| row.id == first.id).unwrap();
        assert!(store.outbox_failed(row.id, row.fence, "the number does not exist").await.unwrap());
        assert_eq!(count(Some(MessageState::Failed), None, None).await, 1);
        assert_eq!(
            store.message(salon.id, first.id).await.unwrap().unwrap().problem.as_deref(),
            Some("the number does not exist")
        );
        assert!(store.message(deskbell::domain::ids::BusinessId(fresh()), first.id).await.unwrap().is_none());
    })
    .await;
}
