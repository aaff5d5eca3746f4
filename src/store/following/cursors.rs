//! How far each calendar has been read.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{
        connection::Connection,
        ids::{BusinessId, ConnectionId},
    },
    store::{
        Store, StoreError,
        engine::{Db, on},
        values::{Moment, at, moment},
    },
};

/// A calendar that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Following {
    pub business: BusinessId,
    pub connection: ConnectionId,
    /// The vendor's id of the calendar; empty: the account as a whole.
    pub calendar: String,
    pub cursor: Option<String>,
    /// When it is read next, unless something else comes of this reading.
    pub due: Timestamp,
    /// When it was last read as far as there was anything.
    pub looked: Option<Timestamp>,
    pub tries: i32,
}

#[derive(sqlx::FromRow)]
struct Row {
    business_id: Uuid,
    connection_id: Uuid,
    calendar: String,
    cursor: Option<String>,
    due_at: Moment,
    looked_at: Option<Moment>,
    tries: i32,
}

impl From<Row> for Following {
    fn from(row: Row) -> Self {
        Self {
            business: BusinessId(row.business_id),
            connection: ConnectionId(row.connection_id),
            calendar: row.calendar,
            cursor: row.cursor,
            due: moment(row.due_at),
            looked: row.looked_at.map(moment),
            tries: row.tries,
        }
    }
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "update followings set due_at = $2 where (connection_id, calendar) in (
                select connection_id, calendar from followings
                where due_at <= $1 and exists (select 1 from connections where id = connection_id and provider = $4)
                order by due_at, connection_id limit $3 ",
            $lock,
            ") returning business_id, connection_id, calendar, cursor, due_at, looked_at, tries"
        )
    };
}

impl Store {
    /// A calendar is read from now on, if it was not before.
    pub async fn follow(&self, connection: &Connection, calendar: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "insert into followings (connection_id, business_id, calendar, due_at) values ($1, $2, $3, $4)
            on conflict do nothing";
        on!(&self.write, db => sqlx::query(sql)
            .bind(connection.id.0).bind(connection.business.0).bind(calendar).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// It is read no longer.
    pub async fn unfollow(&self, following: &Following) -> Result<(), StoreError> {
        let sql = "delete from followings where connection_id = $1 and calendar = $2";
        on!(&self.write, db => sqlx::query(sql)
            .bind(following.connection.0).bind(&following.calendar).execute(db).await.map(drop))?;
        Ok(())
    }

    /// What is followed of connections, by their ids: from the first to the last of these.
    pub async fn followings_between(
        &self,
        (first, last): (ConnectionId, ConnectionId),
    ) -> Result<Vec<(ConnectionId, String)>, StoreError> {
        let sql = "select connection_id, calendar from followings where connection_id between $1 and $2";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (Uuid, String)>(sql)
            .bind(first.0).bind(last.0).fetch_all(db).await)?;
        Ok(rows.into_iter().map(|(connection, calendar)| (ConnectionId(connection), calendar)).collect())
    }

    /// Calendars at a vendor that are to be read, for one process alone; they are due again at `again`, whatever becomes of
    /// them.
    pub async fn due_followings(
        &self,
        provider: &str,
        now: Timestamp,
        again: Timestamp,
        limit: u32,
    ) -> Result<Vec<Following>, StoreError> {
        let sql = match &self.write {
            Db::Postgres(_) => claim!("for update skip locked"),
            Db::Sqlite(_) => claim!(""),
        };
        let rows = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(at(now)).bind(at(again)).bind(i64::from(limit)).bind(provider).fetch_all(db).await)?;
        Ok(rows.into_iter().map(Following::from).collect())
    }

    /// It was read as far as `cursor`; not when somebody else has read on meanwhile.
    pub async fn followed(&self, following: &Following, cursor: &str, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "update followings set cursor = $4, looked_at = $5, tries = 0
            where connection_id = $1 and calendar = $2 and (cursor = $3 or (cursor is null and $3 is null))";
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(following.connection.0)
            .bind(&following.calendar)
            .bind(following.cursor.as_deref())
            .bind(cursor)
            .bind(at(now))
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    /// It could not be read, or not far enough. `stale`: it has to be read from its beginning.
    pub async fn not_followed(&self, following: &Following, stale: bool, again: Timestamp) -> Result<(), StoreError> {
        let sql =
            "update followings set tries = tries + 1, due_at = $3, cursor = case when $4 then null else cursor end
            where connection_id = $1 and calendar = $2";
        on!(&self.write, db => sqlx::query(sql)
            .bind(following.connection.0).bind(&following.calendar).bind(at(again)).bind(stale).execute(db).await
            .map(drop))?;
        Ok(())
    }

    /// Changes there are reported: it is read later than it would be, unless one has been reported meanwhile. `due`: when it
    /// would be.
    pub async fn rest_following(
        &self,
        following: &Following,
        due: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "update followings set due_at = $4 where connection_id = $1 and calendar = $2 and due_at = $3";
        on!(&self.write, db => sqlx::query(sql)
            .bind(following.connection.0).bind(&following.calendar).bind(at(due)).bind(at(until)).execute(db).await
            .map(drop))?;
        Ok(())
    }

    /// Its vendor reports that something has changed there: it is read now.
    pub async fn want_following(&self, connection: ConnectionId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "update followings set due_at = $2 where connection_id = $1 and due_at > $2";
        on!(&self.write, db => sqlx::query(sql).bind(connection.0).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }
}
