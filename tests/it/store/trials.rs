//! What is tried before it is saved, and whether calls arrive.

use deskbell::{
    domain::{
        account::User,
        business::Business,
        ids::{BusinessId, DraftId, UserId},
    },
    store::{
        Store,
        drafts::{Draft, KEPT},
        sightings::Sighting,
    },
    testing::salon,
};

use super::samples::{fresh, minutes, now};
use crate::support::database::each_engine;

async fn draft(store: &Store) -> Draft {
    let business = Business { id: BusinessId(fresh()), numbers: Vec::new(), ..salon() };
    store.create_business(&business, now()).await.unwrap();
    let id = UserId(fresh());
    let user = User { id, email: format!("{id}@example.com").parse().unwrap(), name: "Maria".to_owned() };
    store.add_user(&user, None, now()).await.unwrap();
    let business = Business { name: "Tried \u{0} 😀".to_owned(), ..business };
    Draft { id: DraftId(fresh()), user: id, part: "settings.hours".to_owned(), business }
}

#[tokio::test]
async fn a_draft_is_read_by_its_own_business_for_two_hours() {
    each_engine(|store| async move {
        let draft = draft(&store).await;
        let (business, id) = (draft.business.id, draft.id);
        store.keep_draft(&draft, now()).await.unwrap();
        let read = store.draft(business, id, now() + minutes(119)).await.unwrap().unwrap();
        assert_eq!((read.business, read.part, read.user), (draft.business.clone(), draft.part.clone(), draft.user));
        assert!(store.draft(BusinessId(fresh()), id, now()).await.unwrap().is_none(), "of another business");
        assert!(store.draft(business, DraftId(fresh()), now()).await.unwrap().is_none());
        assert!(store.draft(business, id, now() + KEPT + minutes(1)).await.unwrap().is_none(), "too old");
        // The next one takes the old ones away.
        let next = Draft { id: DraftId(fresh()), ..draft };
        store.keep_draft(&next, now() + KEPT + minutes(1)).await.unwrap();
        assert!(store.draft(business, id, now()).await.unwrap().is_none(), "gone");
        let saved = store.business(business).await.unwrap().unwrap();
        assert_eq!(saved.business.name, salon().name, "what is saved is as it was");
    })
    .await;
}

#[tokio::test]
async fn what_arrived_is_kept_by_number_and_what_was_refused_beside_it() {
    each_engine(|store| async move {
        let business = draft(&store).await.business.id;
        assert_eq!(store.sightings(business).await.unwrap(), []);
        store.sighting_refused(business, "wrong signature", now()).await.unwrap();
        store.sighted(business, "+12125550142", now()).await.unwrap();
        store.sighted(business, "+12125550142", now() + minutes(2)).await.unwrap();
        store.sighted(business, "", now() + minutes(1)).await.unwrap();
        let expected = [
            Sighting {
                number: String::new(),
                genuine: Some(now() + minutes(1)),
                refused: Some((now(), "wrong signature".to_owned())),
            },
            Sighting { number: "+12125550142".to_owned(), genuine: Some(now() + minutes(2)), refused: None },
        ];
        assert_eq!(store.sightings(business).await.unwrap(), expected);
        assert_eq!(store.sightings(BusinessId(fresh())).await.unwrap(), []);
    })
    .await;
}
