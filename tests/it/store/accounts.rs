//! Accounts on both engines: guesses, addresses that work once, the first owner, and what is cleared away.

use deskbell::{
    domain::{
        account::{Role, User, patience::wait_after},
        ids::{SessionId, UserId},
    },
    store::{
        Store,
        accounts::{Attempt, Founder, Founding, LinkKind, NewLink, NewSession, hash_of},
        audit::Deed,
    },
};
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::samples::{deed, fresh, member, minutes, now, opened};
use crate::support::database::each_engine;

const DAY: i64 = 24 * 60;

async fn attempt(store: &Store, account: u8, at: Timestamp) -> Attempt {
    store.attempt(&[account; 32], at, at - minutes(DAY), wait_after).await.unwrap()
}

fn link(kind: LinkKind, user: Option<UserId>, secret: &str) -> NewLink {
    NewLink { id: fresh(), hash: hash_of(secret), kind, user, expires: now() + minutes(60), now: now() }
}

fn maria() -> User {
    User { id: UserId(fresh()), email: "Maria@example.com".parse().unwrap(), name: "Maria".to_owned() }
}

fn session(user: UserId, secret: &str, seen: Timestamp) -> NewSession {
    let hash = hash_of(secret);
    NewSession {
        id: SessionId(fresh()),
        hash,
        user,
        device: "Firefox".to_owned(),
        expires: seen + minutes(12 * 60),
        now: seen,
    }
}

#[tokio::test]
async fn guesses_are_counted_before_they_are_looked_at() {
    each_engine(|store| async move {
        let mut under_way = JoinSet::new();
        for _ in 0..30 {
            let store = store.clone();
            under_way.spawn(async move { attempt(&store, 1, now()).await });
        }
        let answers = under_way.join_all().await;
        let admitted = answers.iter().filter(|answer| **answer == Attempt::Admitted).count();
        assert_eq!(admitted, 6, "of thirty at the same moment");
        let until = now() + jiff::SignedDuration::from_secs(15);
        assert_eq!(attempt(&store, 1, now()).await, Attempt::Wait { until });
        assert_eq!(attempt(&store, 2, now()).await, Attempt::Admitted, "others are not concerned");
        assert_eq!(attempt(&store, 1, until).await, Attempt::Admitted);
        assert_eq!(
            attempt(&store, 1, until).await,
            Attempt::Wait { until: until + jiff::SignedDuration::from_secs(30) }
        );
        store.forget_attempts(&[1; 32]).await.unwrap();
        assert_eq!(attempt(&store, 1, until).await, Attempt::Admitted);
        // Five a day cost nothing, for ever.
        for day in 1..4 {
            for _ in 0..5 {
                assert_eq!(attempt(&store, 3, now() + minutes(2 * DAY * day)).await, Attempt::Admitted);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_opens_once_and_a_newer_one_ends_it() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        let (maria, james) =
            (member(&store, business.id, Role::Owner).await, member(&store, business.id, Role::Staff).await);
        for (user, secret) in [(&maria, "one"), (&james, "james"), (&maria, "two")] {
            store.add_one_time_link(&link(LinkKind::Reset, Some(user.id), secret)).await.unwrap();
        }
        let good = async |secret: &str, at| store.one_time_link(LinkKind::Reset, &hash_of(secret), at).await.unwrap();
        assert_eq!(good("one", now()).await, None);
        assert_eq!(good("james", now()).await.unwrap().user, Some(james.id));
        assert_eq!(good("two", now()).await.unwrap().user, Some(maria.id));
        assert_eq!(good("two", now() + minutes(60)).await, None);
        assert_eq!(
            store.one_time_link(LinkKind::Setup, &hash_of("two"), now()).await.unwrap(),
            None,
            "of another kind"
        );

        store.open_session(&session(maria.id, "cookie", now())).await.unwrap();
        let mut under_way = JoinSet::new();
        for n in 0..8 {
            let (store, deed) = (store.clone(), deed(business.id));
            under_way
                .spawn(async move { store.reset_password(&hash_of("two"), &format!("phc {n}"), &deed).await.unwrap() });
        }
        let set = under_way.join_all().await;
        assert_eq!(set.iter().flatten().collect::<Vec<_>>(), [&maria.id], "of eight at once, one");
        assert!(store.session(&hash_of("cookie"), now(), now() - minutes(120)).await.unwrap().is_none());
        let found = store.credentials(&maria.email).await.unwrap().unwrap();
        assert!(found.password.unwrap().starts_with("phc "));
        assert_eq!(store.credentials(&james.email).await.unwrap().unwrap().password, None);
        assert_eq!(store.deeds(business.id, None, 9).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn there_is_one_first_owner() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        // Two nodes that started at once, each with its address: neither was there when the other cleared up.
        store.add_one_time_link(&link(LinkKind::Setup, None, "one")).await.unwrap();
        store.add_one_time_link(&link(LinkKind::Setup, None, "two")).await.unwrap();
        assert!(store.one_time_link(LinkKind::Setup, &hash_of("one"), now()).await.unwrap().is_none());
        let mut under_way = JoinSet::new();
        for n in 0..8 {
            let (store, deed) = (store.clone(), deed(business.id));
            under_way.spawn(async move {
                let user = User { email: format!("m{n}@example.com").parse().unwrap(), ..maria() };
                let founder = Founder { user: &user, password: "phc", business: None };
                store.found(&hash_of("two"), founder, deed, now()).await.unwrap()
            });
        }
        let done = under_way.join_all().await;
        let owned = Founding::Done { businesses: vec![business.id], new: false };
        assert_eq!(done.iter().filter(|founding| **founding == owned).count(), 1, "{done:?}");
        assert_eq!(done.iter().filter(|founding| **founding == Founding::Gone).count(), 7);
        assert_eq!(store.members(business.id).await.unwrap().len(), 1);
        let owners = store.owners().await.unwrap();
        assert_eq!(owners.iter().map(|(_, id)| *id).collect::<Vec<_>>(), [business.id]);
    })
    .await;
}

#[tokio::test]
async fn a_first_owner_without_a_business_founds_one_or_nothing_happens() {
    each_engine(|store| async move {
        store.add_one_time_link(&link(LinkKind::Setup, None, "one")).await.unwrap();
        let (user, business) = (maria(), deskbell::testing::salon());
        let found = async |business| {
            let founder = Founder { user: &user, password: "phc", business };
            store.found(&hash_of("one"), founder, deed(deskbell::testing::salon().id), now()).await.unwrap()
        };
        assert_eq!(found(None).await, Founding::NoBusiness);
        assert!(!store.has_users().await.unwrap(), "the address is still good");
        let done = found(Some(&business)).await;
        assert_eq!(done, Founding::Done { businesses: vec![business.id], new: true });
        assert_eq!(store.businesses_of(user.id).await.unwrap()[0].1, Role::Owner);
    })
    .await;
}

#[tokio::test]
async fn two_people_never_have_one_address() {
    each_engine(|store| async move {
        let maria = maria();
        assert!(store.add_user(&maria, None, now()).await.unwrap());
        let again = User { id: UserId(fresh()), email: "maria@example.com".parse().unwrap(), ..maria.clone() };
        assert!(!store.add_user(&again, None, now()).await.unwrap());
        let james = User { id: UserId(fresh()), email: "james@example.com".parse().unwrap(), name: "James".to_owned() };
        assert!(store.add_user(&james, None, now()).await.unwrap());
        let line = || Deed { business: None, ..deed(deskbell::testing::salon().id) };
        let moved = User { email: "MARIA@example.com".parse().unwrap(), ..james.clone() };
        assert!(!store.rename_user(&moved, &line()).await.unwrap());
        let renamed = User { name: "Jim \u{0} '; drop table users;--".to_owned(), ..james.clone() };
        assert!(store.rename_user(&renamed, &line()).await.unwrap());
        let read = store.user(james.id).await.unwrap().unwrap();
        assert_eq!((read.email, read.name.as_str()), (james.email, "Jim \u{fffd} '; drop table users;--"));
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_cleared_away_and_nothing_else() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        let maria = member(&store, business.id, Role::Owner).await;
        store.open_session(&session(maria.id, "idle", now() - minutes(121))).await.unwrap();
        store.open_session(&session(maria.id, "busy", now())).await.unwrap();
        store.add_one_time_link(&link(LinkKind::Reset, Some(maria.id), "one")).await.unwrap();
        attempt(&store, 1, now() - minutes(2 * DAY)).await;
        attempt(&store, 2, now()).await;
        let tidy = async |at: Timestamp| store.tidy_accounts(at, at - minutes(120), at - minutes(DAY)).await.unwrap();
        assert_eq!(tidy(now()).await, 2, "the idle session and yesterday's guess");
        assert!(store.session(&hash_of("busy"), now(), now() - minutes(120)).await.unwrap().is_some());
        assert!(store.one_time_link(LinkKind::Reset, &hash_of("one"), now()).await.unwrap().is_some());
        assert_eq!(tidy(now() + minutes(40 * DAY)).await, 3, "the session, the address, the guess");
        assert_eq!(tidy(now() + minutes(40 * DAY)).await, 0);
    })
    .await;
}
