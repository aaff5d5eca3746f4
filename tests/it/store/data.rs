//! Exports and erasures on both engines, and at once.

use deskbell::{
    domain::{
        account::Role,
        business::Business,
        ids::{BusinessId, ErasureId},
    },
    store::{
        Store,
        audit::Deed,
        data::{Broken, Erased, Erasure, TABLES, What},
    },
    testing::salon,
};
use serde_json::Value;
use sqlx::Connection as _;
use tokio::{sync::mpsc, task::JoinSet};

use super::samples::{confirmed, customer, deed, fresh, hold, member, nine_plus, now, opened};
use crate::support::database::{Database, each_engine};

/// Everything that is handed on, and how it ended.
async fn export(store: &Store, business: BusinessId, what: What) -> (String, Result<(), Broken>) {
    let (pieces, mut received) = mpsc::channel::<String>(4);
    let taken = async {
        let mut text = String::new();
        while let Some(piece) = received.recv().await {
            text.push_str(&piece);
        }
        text
    };
    let export = async move {
        // Dropped at the end, so that the reader ends too.
        let pieces = pieces;
        store.export(business, what, now(), &pieces).await
    };
    let (ended, text) = tokio::join!(export, taken);
    (text, ended)
}

#[tokio::test]
async fn a_file_is_whole_json_with_every_row_however_many() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        for n in 0..520 {
            let mut hold = hold(&business, nine_plus(n * 30));
            hold.customer = customer("Grace Hopper");
            confirmed(&store, &hold).await;
        }
        let (text, ended) = export(&store, business.id, What::Everything).await;
        ended.unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        let bookings = file["bookings"].as_array().unwrap();
        let ids: std::collections::BTreeSet<_> = bookings.iter().map(|row| row["id"].to_string()).collect();
        assert_eq!((bookings.len(), ids.len()), (520, 520));
        let (table, ended) = export(&store, business.id, What::Bookings).await;
        ended.unwrap();
        assert_eq!(table.lines().count(), 521);
        let (table, ended) = export(&store, business.id, What::Customers).await;
        ended.unwrap();
        assert!(table.lines().count() == 2 && table.contains("Grace Hopper,+14155552671,,520,"), "{table}");
        let (text, ended) = export(&store, BusinessId(fresh()), What::Everything).await;
        assert!(text.is_empty() && matches!(ended, Err(Broken::Missing)));
    })
    .await;
}

#[tokio::test]
async fn k14_an_erasure_while_a_file_is_written_wins() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        let owner = member(&store, business.id, Role::Owner).await.id;
        for n in 0..520 {
            confirmed(&store, &hold(&business, nine_plus(n * 30))).await;
        }
        let (pieces, mut received) = mpsc::channel::<String>(1);
        let (exporting, id) = (store.clone(), business.id);
        let mut export = JoinSet::new();
        export.spawn(async move { exporting.export(id, What::Everything, now(), &pieces).await });
        let mut text = received.recv().await.unwrap();
        let erased = store
            .erase_customer(id, &"+14155552671".parse().unwrap(), (ErasureId(fresh()), owner), &deed(id))
            .await
            .unwrap();
        assert!(matches!(erased, Erased::Erased(found) if found.bookings == 520), "{erased:?}");
        while let Some(piece) = received.recv().await {
            text.push_str(&piece);
        }
        assert!(matches!(export.join_next().await.unwrap().unwrap(), Err(Broken::Erased)));
        assert!(serde_json::from_str::<Value>(&text).is_err(), "a broken file is not taken for whole");
        // What was handed on before the erasure is consistent: it is from before it.
        assert!(!text.contains("\"Erased\""));
    })
    .await;
}

#[tokio::test]
async fn one_customer_is_erased_and_another_is_not() {
    each_engine(|store| async move {
        let business = opened(&store).await;
        let owner = member(&store, business.id, Role::Owner).await.id;
        let mut others = hold(&business, nine_plus(60));
        others.customer.phone = Some("+12125550199".parse().unwrap());
        let (mine, others) =
            (confirmed(&store, &hold(&business, nine_plus(0))).await, confirmed(&store, &others).await);
        let elsewhere = Business { id: BusinessId(fresh()), numbers: Vec::new(), ..salon() };
        store.create_business(&elsewhere, now()).await.unwrap();
        let there = confirmed(&store, &hold(&elsewhere, nine_plus(0))).await;
        let erase = async || {
            let asked = (ErasureId(fresh()), owner);
            store
                .erase_customer(business.id, &"+14155552671".parse().unwrap(), asked, &deed(business.id))
                .await
                .unwrap()
        };
        assert!(matches!(erase().await, Erased::Erased(found) if found.upcoming == 1));
        assert_eq!(erase().await, Erased::Unknown);
        let name = async |business: BusinessId, id| {
            let booking = store.booking(business, id).await.unwrap().unwrap();
            (booking.customer.name.as_str().to_owned(), booking.customer.phone.is_some())
        };
        assert_eq!(name(business.id, mine.id).await, ("Erased".to_owned(), false));
        assert_eq!(name(business.id, others.id).await, ("Ada Lovelace".to_owned(), true));
        assert_eq!(name(elsewhere.id, there.id).await, ("Ada Lovelace".to_owned(), true));
        assert_eq!(store.deeds(business.id, None, 9).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_erased_business_leaves_nothing_but_its_number() {
    for database in Database::each().await {
        let store = database.store().await;
        let business = opened(&store).await;
        let owner = member(&store, business.id, Role::Owner).await.id;
        for n in 0..450 {
            confirmed(&store, &hold(&business, nine_plus(n * 30))).await;
        }
        for _ in 0..3 {
            store.note_deed(&deed(business.id)).await.unwrap();
        }
        let id = ErasureId(fresh());
        let begun = Deed { business: None, ..deed(business.id) };
        assert!(store.begin_erasure(business.id, (id, owner), &begun).await.unwrap());
        assert!(!store.begin_erasure(business.id, (id, owner), &begun).await.unwrap(), "once");
        assert!(store.business(business.id).await.unwrap().is_none());
        let open = store.open_erasures().await.unwrap();
        assert_eq!(open, [Erasure { id, business: business.id, begun: begun.at, finished: None }]);
        // Two processes at once do no harm.
        let (a, b) = tokio::join!(store.finish_erasure(&open[0], now()), store.finish_erasure(&open[0], now()));
        a.unwrap();
        b.unwrap();
        assert!(store.open_erasures().await.unwrap().is_empty());
        for table in TABLES.iter().chain(&["businesses"]) {
            let left = count(&database, &format!("select count(*) from {table}")).await;
            let expected = i64::from(*table == "audit");
            assert_eq!(left, expected, "{table} on {}", database.engine);
        }
        assert!(store.erasure(owner, id).await.unwrap().unwrap().finished.is_some());
        store.close().await;
        database.close().await;
    }
}

/// A table that somebody adds is either erased with its business, or this fails.
#[tokio::test]
async fn every_table_that_belongs_to_a_business_is_erased_with_it() {
    let database = Database::sqlite();
    let store = database.store().await;
    let mut connection = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
    let sql = "select tables.name from sqlite_schema as tables join pragma_table_info(tables.name) as columns
        where tables.type = 'table' and columns.name = 'business_id'";
    let owned: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
    for table in owned {
        let known = TABLES.contains(&table.as_str()) || ["erasures", "partings"].contains(&table.as_str());
        assert!(known, "{table} has a business_id and is not in store::data::TABLES: add it there, and to the export");
    }
    let sql = "select tables.name, keys.\"table\", keys.on_delete from sqlite_schema as tables
        join pragma_foreign_key_list(tables.name) as keys where tables.type = 'table'";
    let keys: Vec<(String, String, String)> = sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap();
    for (table, on, how) in keys.into_iter().filter(|(_, on, _)| on == "calls" || on == "bookings") {
        assert_eq!(how, "CASCADE", "{table} hangs on {on} and would keep it from being erased");
    }
    connection.close().await.unwrap();
    store.close().await;
    database.close().await;
}

async fn count(database: &Database, sql: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if database.engine == "sqlite" {
        let mut connection = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    } else {
        let mut connection = sqlx::PgConnection::connect(&database.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }
}
