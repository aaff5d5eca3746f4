//! Customers: who becomes one, under which name, and how they are found.

use std::collections::BTreeSet;

use deskbell::{
    domain::{
        booking::{Customer, CustomerName},
        business::Business,
        customer::KnownCustomer,
        ids::{BusinessId, MessageId},
    },
    store::{
        Store,
        bookings::NewHold,
        customers::{CustomerOrder, Edited, Visits},
        notes::StoredNote,
    },
};

use super::samples::{confirmed, deed, fresh, hold, nine_plus, now, opened};
use crate::support::database::each_engine;

fn named(business: &Business, start: i64, name: &str, phone: &str) -> NewHold {
    let customer = Customer { name: CustomerName::new(name), phone: Some(phone.parse().unwrap()) };
    NewHold { customer, ..hold(business, nine_plus(start)) }
}

async fn known(store: &Store, business: BusinessId, phone: &str) -> KnownCustomer {
    store.customer_by_phone(business, &phone.parse().unwrap()).await.unwrap().expect("somebody with this number")
}

async fn found(store: &Store, business: BusinessId, search: &str) -> Vec<String> {
    let customers = store.customers(business, search, CustomerOrder::Name, None, 100).await.unwrap();
    customers.iter().map(|customer| customer.name.as_str().to_owned()).collect()
}

#[tokio::test]
async fn whoever_books_is_remembered_by_the_number_and_under_the_last_name() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        confirmed(&store, &named(&salon, 0, "Ana Kovacs", "+14155552671")).await;
        let first = known(&store, salon.id, "+14155552671").await;
        confirmed(&store, &named(&salon, 60, "Anna Kovács", "+14155552671")).await;
        confirmed(&store, &named(&salon, 120, "", "+14155552671")).await;
        let last = known(&store, salon.id, "+14155552671").await;
        assert_eq!((first.id, last.name.as_str()), (last.id, "Anna Kovács"), "nobody is called Guest who has a name");
        assert_eq!(store.count_customers(salon.id).await.unwrap(), 1);
        let visits = store.visits(salon.id, &[&last.phone], nine_plus(30)).await.unwrap();
        let expected = Visits { past: 1, last: Some(nine_plus(0)), coming: 2, next: Some(nine_plus(60)) };
        assert_eq!(visits[&last.phone], expected);
        let booked = store.booked_by(salon.id, &last.phone, 10).await.unwrap();
        assert_eq!(booked.len(), 3);
        assert!(booked[0].slot.starts > booked[2].slot.starts, "the latest first");
    })
    .await;
}

#[tokio::test]
async fn a_hold_makes_nobody_a_customer_and_a_message_with_a_name_does() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        super::samples::held(&store, &hold(&salon, nine_plus(0))).await;
        assert_eq!(store.count_customers(salon.id).await.unwrap(), 0);
        let note = StoredNote {
            id: MessageId(fresh()),
            business: salon.id,
            call: None,
            from: Some("+14155550100".parse().unwrap()),
            name: Some("Ben Diaz".to_owned()),
            text: "Please call me back.".to_owned(),
            created: now(),
            done: None,
        };
        store.add_note(&note).await.unwrap();
        store.add_note(&note).await.unwrap();
        assert_eq!(known(&store, salon.id, "+14155550100").await.name.as_str(), "Ben Diaz");
        let phone = "+14155550100".parse().unwrap();
        assert_eq!(store.notes_of_number(salon.id, &phone, 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn people_are_found_by_parts_of_their_names_and_numbers_and_by_nothing_else() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        for (n, name) in ["Anna Kovács", "Zoë 100% Brown", "Émile O'Brien"].iter().enumerate() {
            let phone = format!("+1415555010{n}");
            confirmed(&store, &named(&salon, 60 * i64::try_from(n).unwrap(), name, &phone)).await;
        }
        assert_eq!(found(&store, salon.id, "").await.len(), 3);
        assert_eq!(found(&store, salon.id, "kovacs ANNA").await, ["Anna Kovács"]);
        assert_eq!(found(&store, salon.id, "emile").await, ["Émile O'Brien"]);
        assert_eq!(found(&store, salon.id, "(415) 555-0101").await, ["Zoë 100% Brown"]);
        assert_eq!(found(&store, salon.id, "%").await, ["Zoë 100% Brown"], "a percent sign is itself");
        assert!(found(&store, salon.id, "_").await.is_empty());
        assert!(found(&store, salon.id, "'; drop table customers; --").await.is_empty());
        assert!(found(&store, BusinessId(fresh()), "anna").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn every_order_shows_everybody_once_page_by_page() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        for n in 0..11 {
            // Two of each name, so that the id decides.
            let name = format!("Person {}", n / 2);
            confirmed(&store, &named(&salon, 30 * n, &name, &format!("+141555501{n:02}"))).await;
        }
        for order in [CustomerOrder::Last, CustomerOrder::New, CustomerOrder::Name] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = store.customers(salon.id, "", order, after, 4).await.unwrap();
                after = page.last().map(|customer| customer.id);
                if page.is_empty() {
                    break;
                }
                seen.extend(page.into_iter().map(|customer| customer.id));
            }
            assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (11, 11), "{order:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_that_the_business_wrote_stays_and_two_editors_notice_each_other() {
    each_engine(async |store| {
        let salon = opened(&store).await;
        confirmed(&store, &named(&salon, 0, "Anna", "+14155552671")).await;
        let seen = known(&store, salon.id, "+14155552671").await;
        let name = CustomerName::new("Anna Kovács (Mia's mother)");
        let edited = store.edit_customer(&seen, &name, "Allergic to ammonia", &deed(salon.id)).await.unwrap();
        assert!(matches!(edited, Edited::Edited));
        let late = store.edit_customer(&seen, &CustomerName::new("Ann"), "", &deed(salon.id)).await.unwrap();
        let Edited::Overtaken(there) = late else { panic!("the second editor is told") };
        assert_eq!((there.name, there.note.as_str()), (name.clone(), "Allergic to ammonia"));
        assert_eq!(store.deeds(salon.id, None, 10).await.unwrap().len(), 1, "what was not saved is not in the log");

        confirmed(&store, &named(&salon, 60, "A. Kovacs", "+14155552671")).await;
        assert_eq!(known(&store, salon.id, "+14155552671").await.name, name);
        assert_eq!(found(&store, salon.id, "mia").await.len(), 1);
        let gone = KnownCustomer { id: deskbell::domain::ids::CustomerId(fresh()), ..seen };
        let missing = store.edit_customer(&gone, &name, "", &deed(salon.id)).await.unwrap();
        assert!(matches!(missing, Edited::Missing));
    })
    .await;
}
