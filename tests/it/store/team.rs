//! People, keys and the log: what the database decides about them.

use deskbell::{
    domain::{
        account::Role,
        business::Business,
        ids::{ApiKeyId, BusinessId, DeedId, InvitationId},
        scope::{Scope, Scopes},
    },
    store::{
        Store,
        accounts::{Accepted, Invited, NewApiKey, NewInvitation, TeamChange},
        audit::{Deed, Wanted},
    },
    testing::salon,
};

use super::samples::{deed, fresh, member, minutes, now, opened};
use crate::support::database::{Database, each_engine};

async fn another(store: &Store) -> BusinessId {
    let business = Business { id: BusinessId(fresh()), numbers: Vec::new(), ..salon() };
    store.create_business(&business, now()).await.unwrap();
    business.id
}

#[tokio::test]
async fn two_owners_who_put_each_other_out_at_once_leave_one() {
    each_engine(|store| async move {
        for _ in 0..20 {
            let business = another(&store).await;
            let one = member(&store, business, Role::Owner).await.id;
            let two = member(&store, business, Role::Owner).await.id;
            let deeds = [deed(business), deed(business)];
            let (a, b) = tokio::join!(
                store.remove_member(business, one, &deeds[0]),
                store.change_role(business, two, Role::Staff, &deeds[1]),
            );
            let mut done = [a.unwrap(), b.unwrap()];
            done.sort_by_key(|done| *done == TeamChange::Done);
            assert_eq!(done, [TeamChange::LastOwner, TeamChange::Done]);
            let team = store.team(business).await.unwrap();
            assert_eq!(team.iter().filter(|member| member.role == Role::Owner).count(), 1);
            assert_eq!(store.deeds(business, None, 9).await.unwrap().len(), 1, "what was refused is no deed");
        }
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_accepted_once_by_the_one_it_is_for() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let elsewhere = another(&store).await;
        let invited = member(&store, elsewhere, Role::Staff).await;
        let somebody = member(&store, elsewhere, Role::Staff).await;
        let hash = [7; 32];
        let new = NewInvitation {
            id: InvitationId(fresh()),
            hash,
            business,
            email: invited.email.clone(),
            role: Role::Owner,
            expires: now() + minutes(10),
            now: now(),
        };
        assert_eq!(store.invite(&new, &deed(business)).await.unwrap(), Invited::Invited);
        assert!(store.invitation(&hash, now() + minutes(10)).await.unwrap().is_none(), "it has run out by then");
        let theirs = store.accept_invitation(&hash, &somebody, &deed(business)).await.unwrap();
        assert_eq!(theirs, Accepted::NotTheirs);
        let deeds = [deed(business), deed(business)];
        let (a, b) = tokio::join!(
            store.accept_invitation(&hash, &invited, &deeds[0]),
            store.accept_invitation(&hash, &invited, &deeds[1]),
        );
        let mut done = [a.unwrap(), b.unwrap()];
        done.sort_by_key(|done| *done == Accepted::Accepted);
        assert_eq!(done, [Accepted::Gone, Accepted::Accepted]);
        assert_eq!(store.team(business).await.unwrap()[0].role, Role::Owner);
        let again = NewInvitation { id: InvitationId(fresh()), hash: [8; 32], role: Role::Staff, ..new };
        assert_eq!(store.invite(&again, &deed(business)).await.unwrap(), Invited::Member);
    })
    .await;
}

#[tokio::test]
async fn somebody_new_gets_an_account_and_a_place_together() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let elsewhere = another(&store).await;
        let new = NewInvitation {
            id: InvitationId(fresh()),
            hash: [1; 32],
            business,
            email: "Ada@example.com".parse().unwrap(),
            role: Role::Staff,
            expires: now() + minutes(10),
            now: now(),
        };
        store.invite(&new, &deed(business)).await.unwrap();
        let ada = deskbell::domain::account::User {
            id: deskbell::domain::ids::UserId(fresh()),
            email: "ada@example.com".parse().unwrap(),
            name: "Ada".to_owned(),
        };
        let (here, there) = (deed(business), deed(elsewhere));
        let accept = store.accept_invitation_as_new(&new.hash, &ada, "$argon2id$…", &here);
        assert_eq!(accept.await.unwrap(), Accepted::Accepted);
        assert_eq!(store.team(business).await.unwrap()[0].user, ada);
        // Whoever has an account does not get a second one, and the invitation stays good for them.
        let again = NewInvitation { id: InvitationId(fresh()), hash: [2; 32], business: elsewhere, ..new };
        store.invite(&again, &deed(elsewhere)).await.unwrap();
        let twin = deskbell::domain::account::User { id: deskbell::domain::ids::UserId(fresh()), ..ada.clone() };
        let accept = store.accept_invitation_as_new(&again.hash, &twin, "$argon2id$…", &there);
        assert_eq!(accept.await.unwrap(), Accepted::HasAccount);
        let accept = store.accept_invitation(&again.hash, &ada, &there);
        assert_eq!(accept.await.unwrap(), Accepted::Accepted);
    })
    .await;
}

#[tokio::test]
async fn a_key_opens_until_it_is_revoked() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let by = member(&store, business, Role::Owner).await.id;
        let scopes = Scopes::from_iter([Scope::SlotsRead, Scope::BookingsRead]);
        let key = NewApiKey {
            id: ApiKeyId(fresh()),
            business,
            name: "Website".to_owned(),
            hash: [3; 32],
            hint: "abcd".to_owned(),
            scopes: scopes.clone(),
            by,
            now: now(),
        };
        store.add_api_key(&key, &deed(business)).await.unwrap();
        let used = store.use_api_key(&[3; 32], now() + minutes(5)).await.unwrap().unwrap();
        assert_eq!((used.business, used.scopes, used.name.as_str()), (business, scopes, "Website"));
        assert_eq!(store.api_keys(business).await.unwrap()[0].used, Some(now() + minutes(5)));
        assert!(store.use_api_key(&[4; 32], now()).await.unwrap().is_none());
        let foreign = another(&store).await;
        assert!(!store.revoke_api_key(foreign, key.id, &deed(foreign)).await.unwrap());
        assert!(store.revoke_api_key(business, key.id, &deed(business)).await.unwrap());
        assert!(!store.revoke_api_key(business, key.id, &deed(business)).await.unwrap(), "once");
        assert!(store.use_api_key(&[3; 32], now()).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn the_log_is_read_page_by_page_by_person_and_by_kind() {
    each_engine(|store| async move {
        let business = opened(&store).await.id;
        let note = |actor: &str, word: &str| Deed { actor: actor.to_owned(), deed: word.to_owned(), ..deed(business) };
        let lines = [note("Ada", "settings.hours"), note("Bo", "booking.moved"), note("Ada", "booking.made")];
        for line in &lines {
            store.note_deed(line).await.unwrap();
        }
        store.note_deed(&deed(another(&store).await)).await.unwrap();
        assert_eq!(store.actors(business).await.unwrap(), ["Ada", "Bo"]);
        let read = async |actor: Option<&str>, kind: Option<&str>, before: Option<DeedId>| {
            let wanted = Wanted { actor: actor.map(str::to_owned), kind: kind.map(str::to_owned) };
            let read = store.deeds_of(business, &wanted, before, 2).await.unwrap();
            read.into_iter().map(|deed| deed.deed).collect::<Vec<_>>()
        };
        assert_eq!(read(None, None, None).await, ["booking.made", "booking.moved"]);
        assert_eq!(read(None, None, Some(lines[1].id)).await, ["settings.hours"]);
        assert_eq!(read(Some("Ada"), None, None).await, ["booking.made", "settings.hours"]);
        assert_eq!(read(Some("Ada"), Some("booking"), None).await, ["booking.made"]);
        assert_eq!(read(Some("' or 1=1 --"), Some("book"), None).await, [""; 0]);
    })
    .await;
}

/// Somebody who can write to the database can do much, but not this by a slip.
#[tokio::test]
async fn t35_the_log_is_only_ever_added_to() {
    use sqlx::Connection as _;
    for database in Database::each().await {
        let store = database.store().await;
        let business = opened(&store).await.id;
        store.note_deed(&deed(business)).await.unwrap();
        let tampering = ["update audit set actor = 'Nobody'", "delete from audit", "truncate audit"];
        for sql in tampering {
            let refused = if database.engine == "sqlite" {
                let mut connection = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
            } else {
                let mut connection = sqlx::PgConnection::connect(&database.url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
            };
            assert!(refused.is_err(), "{sql} on {}", database.engine);
        }
        assert_eq!(store.deeds(business, None, 9).await.unwrap().len(), 1);
        store.close().await;
        database.close().await;
    }
}
