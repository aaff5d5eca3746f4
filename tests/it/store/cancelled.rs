//! Whoever gives up in the middle, because their budget is used up, leaves nothing behind in a connection that others get.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use deskbell::{
    domain::{business::Business, ids::BusinessId},
    testing::salon,
};
use sqlx::{Connection as _, PgConnection};
use tokio::{
    task::yield_now,
    time::{sleep, timeout},
};

use super::samples::{fresh, now};
use crate::support::database::Database;

/// Nobody is in a transaction any more: one that was given up is rolled back within this.
async fn all_are_over(database: &mut PgConnection) -> bool {
    let sql = "select count(*) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'";
    let over = async {
        while sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut *database).await.unwrap() > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(3), over).await.is_ok()
}

/// Given up at each step of the way, also while it begins: what others then write would be in a transaction that nobody ever
/// commits.
#[tokio::test]
async fn a_transaction_that_is_given_up_anywhere_is_not_left_open() {
    let Some(database) = Database::postgres().await else { return };
    let store = database.store().await;
    let mut watching = PgConnection::connect(&database.url).await.unwrap();
    let another = || Business { id: BusinessId(fresh()), numbers: Vec::new(), ..salon() };
    // There is a connection that is waited for by nobody.
    store.create_business(&another(), now()).await.unwrap();
    let mut done = false;
    for steps in 1.. {
        let business = another();
        {
            let mut making = pin!(store.create_business(&business, now()));
            for _ in 0..steps {
                done = poll_fn(|context| Poll::Ready(making.as_mut().poll(context).is_ready())).await;
                if done {
                    break;
                }
                yield_now().await;
            }
        }
        // The next one gets the connection as it was left.
        store.business(business.id).await.unwrap();
        assert!(all_are_over(&mut watching).await, "given up after {steps} steps");
        if done {
            break;
        }
    }
    assert!(done);
    watching.close().await.unwrap();
    store.close().await;
    database.close().await;
}
