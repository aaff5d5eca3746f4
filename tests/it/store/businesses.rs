//! Businesses: one document, one version, and numbers that lead to one business each.

use deskbell::{
    domain::{
        business::Business,
        ids::{BusinessId, CallId, MessageId},
    },
    store::{businesses::Saved, notes::StoredNote},
    testing::salon,
};

use super::samples::{fresh, now};
use crate::support::database::each_engine;

fn another(number: Option<&str>) -> Business {
    let numbers = number.into_iter().map(|number| number.parse().unwrap()).collect();
    Business { id: BusinessId(fresh()), numbers, ..salon() }
}

#[tokio::test]
async fn a_business_is_read_as_it_was_written() {
    each_engine(|store| async move {
        let mut business = another(Some("+14155550100"));
        // I3: what looks like code is text.
        business.name = "Robert'); drop table businesses;-- <script> {{7*7}} $1 \u{0} 😀".to_owned();
        assert!(matches!(store.create_business(&business, now()).await.unwrap(), Saved::Saved { version: 1 }));
        let read = store.business(business.id).await.unwrap().unwrap();
        assert_eq!((read.business, read.version), (business.clone(), 1));
        let by_number = store.business_by_number(&business.numbers[0]).await.unwrap();
        assert_eq!(by_number, Some(business.id));
        assert!(store.business(BusinessId(fresh())).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn two_editors_notice_each_other() {
    each_engine(|store| async move {
        let mut business = another(None);
        store.create_business(&business, now()).await.unwrap();
        business.name = "Mine".to_owned();
        assert!(matches!(store.save_business(&business, 1, now()).await.unwrap(), Saved::Saved { version: 2 }));
        let late = Business { name: "Theirs".to_owned(), ..business.clone() };
        let Saved::Conflict(seen) = store.save_business(&late, 1, now()).await.unwrap() else { panic!() };
        assert_eq!((seen.business.name.as_str(), seen.version), ("Mine", 2));
        let Saved::Conflict(seen) = store.create_business(&late, now()).await.unwrap() else { panic!() };
        assert_eq!(seen.version, 2);
        assert!(matches!(store.save_business(&another(None), 1, now()).await.unwrap(), Saved::Missing));
    })
    .await;
}

#[tokio::test]
async fn a_number_leads_to_one_business() {
    each_engine(|store| async move {
        let (one, mut two) = (another(Some("+14155550100")), another(Some("+14155550101")));
        store.create_business(&one, now()).await.unwrap();
        store.create_business(&two, now()).await.unwrap();
        let thief = another(Some("+14155550100"));
        let Saved::NumberTaken(number) = store.create_business(&thief, now()).await.unwrap() else { panic!() };
        assert_eq!(number, one.numbers[0]);
        assert!(store.business(thief.id).await.unwrap().is_none(), "all or nothing");

        two.numbers.push(one.numbers[0].clone());
        assert!(matches!(store.save_business(&two, 1, now()).await.unwrap(), Saved::NumberTaken(_)));
        assert_eq!(store.business_by_number(&"+14155550101".parse().unwrap()).await.unwrap(), Some(two.id));
        two.numbers = vec!["+14155550102".parse().unwrap(); 2];
        assert!(matches!(store.save_business(&two, 1, now()).await.unwrap(), Saved::Saved { version: 2 }));
        assert_eq!(store.business_by_number(&"+14155550101".parse().unwrap()).await.unwrap(), None, "given up");
    })
    .await;
}

#[tokio::test]
async fn businesses_come_page_by_page() {
    each_engine(|store| async move {
        let mut made: Vec<_> = (0..5).map(|_| another(None)).collect();
        for business in &made {
            store.create_business(business, now()).await.unwrap();
        }
        made.sort_by_key(|business| business.id);
        let first = store.businesses(None, 3).await.unwrap();
        let second = store.businesses(first.last().map(|last| last.business.id), 3).await.unwrap();
        let read: Vec<_> = first.into_iter().chain(second).map(|read| read.business.id).collect();
        assert_eq!(read, made.iter().map(|business| business.id).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_message_for_the_business_is_kept_once() {
    each_engine(|store| async move {
        let business = another(None);
        store.create_business(&business, now()).await.unwrap();
        let call = CallId(fresh());
        let note = |text: &str| StoredNote {
            id: MessageId(fresh()),
            business: business.id,
            call: Some(call),
            from: Some("+14155552671".parse().unwrap()),
            name: Some("Ada".to_owned()),
            text: text.to_owned(),
            created: now(),
            done: None,
        };
        let notes = [note("first"), note("'; delete from notes; --"), note("third")];
        for note in notes.iter().chain(&notes[..1]) {
            store.add_note(note).await.unwrap();
        }
        let texts = |notes: Vec<StoredNote>| notes.into_iter().map(|note| note.text).collect::<Vec<_>>();
        let newest = store.notes(business.id, None, 2).await.unwrap();
        let older = store.notes(business.id, newest.last().map(|note| note.id), 2).await.unwrap();
        assert_eq!(texts(newest), ["third", "'; delete from notes; --"]);
        assert_eq!(texts(older), ["first"]);
        let of_call = store.notes_of_call(call).await.unwrap();
        assert_eq!((of_call.len(), of_call[0].created), (3, now()));
        assert!(store.notes(BusinessId(fresh()), None, 9).await.unwrap().is_empty());
    })
    .await;
}
