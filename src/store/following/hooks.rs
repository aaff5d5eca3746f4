//! Where vendors report that something has changed.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::ids::{BusinessId, ConnectionId},
    ports::calendar::Watch,
    store::{
        Store, StoreError,
        engine::{Db, on},
        values::{Moment, at, moment},
    },
};

/// One that is about to be told to a vendor.
#[derive(Clone, Debug)]
pub struct NewHook {
    pub id: String,
    pub business: BusinessId,
    pub connection: ConnectionId,
    /// Empty: the account as a whole.
    pub calendar: String,
    /// When somebody has to look after it, if nothing is heard of it.
    pub due: Timestamp,
    pub now: Timestamp,
}

/// One that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hooking {
    pub id: String,
    pub business: BusinessId,
    pub connection: ConnectionId,
    pub calendar: String,
    /// Nothing: the vendor has not said that it reports there.
    pub watch: Option<Watch>,
    /// When something believable last arrived there; nothing: whether reports reach us is not known.
    pub heard: Option<Timestamp>,
    pub created: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    business_id: Uuid,
    connection_id: Uuid,
    calendar: String,
    watch_id: Option<String>,
    resource: Option<String>,
    until_at: Option<Moment>,
    heard_at: Option<Moment>,
    created_at: Moment,
}

impl From<Row> for Hooking {
    fn from(row: Row) -> Self {
        let (resource, until) = (row.resource, row.until_at.map(moment));
        Self {
            id: row.id,
            business: BusinessId(row.business_id),
            connection: ConnectionId(row.connection_id),
            calendar: row.calendar,
            watch: row.watch_id.map(|id| Watch { id, resource, until }),
            heard: row.heard_at.map(moment),
            created: moment(row.created_at),
        }
    }
}

macro_rules! columns {
    () => {
        "id, business_id, connection_id, calendar, watch_id, resource, until_at, heard_at, created_at"
    };
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "update hooks set due_at = $2 where id in (
                select id from hooks where due_at <= $1
                    and exists (select 1 from connections where connections.id = connection_id and provider = $4)
                order by due_at, id limit $3 ",
            $lock,
            ") returning ",
            columns!()
        )
    };
}

impl Store {
    pub async fn add_hook(&self, new: &NewHook) -> Result<(), StoreError> {
        let sql = "insert into hooks (id, connection_id, business_id, calendar, due_at, created_at)
            values ($1, $2, $3, $4, $5, $6)";
        on!(&self.write, db => sqlx::query(sql)
            .bind(&new.id).bind(new.connection.0).bind(new.business.0).bind(&new.calendar).bind(at(new.due))
            .bind(at(new.now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// The vendor reports there from now on. `due`: when somebody has to look after it. False: the hook is gone.
    pub async fn hook_stands(&self, id: &str, watch: &Watch, due: Timestamp) -> Result<bool, StoreError> {
        let sql = "update hooks set watch_id = $2, resource = $3, until_at = $4, due_at = $5 where id = $1";
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(id).bind(&watch.id).bind(watch.resource.as_deref()).bind(watch.until.map(at)).bind(at(due))
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    pub async fn remove_hook(&self, id: &str) -> Result<(), StoreError> {
        let sql = "delete from hooks where id = $1";
        on!(&self.write, db => sqlx::query(sql).bind(id).execute(db).await.map(drop))?;
        Ok(())
    }

    /// The hook of an address.
    pub async fn hook(&self, connection: ConnectionId, id: &str) -> Result<Option<Hooking>, StoreError> {
        let sql = concat!("select ", columns!(), " from hooks where id = $1 and connection_id = $2");
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(id).bind(connection.0).fetch_optional(db).await)?;
        Ok(row.map(Hooking::from))
    }

    /// Those of a connection, the newest first.
    pub async fn hooks_of(&self, connection: ConnectionId) -> Result<Vec<Hooking>, StoreError> {
        let sql = concat!("select ", columns!(), " from hooks where connection_id = $1 order by created_at desc, id");
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(connection.0).fetch_all(db).await)?;
        Ok(rows.into_iter().map(Hooking::from).collect())
    }

    /// What vendors watch for a connection, all its calendars.
    pub async fn watches_of(&self, connection: ConnectionId) -> Result<Vec<Watch>, StoreError> {
        let hooks = self.hooks_of(connection).await?;
        Ok(hooks.into_iter().filter_map(|hook| hook.watch).filter(|watch| !watch.id.is_empty()).collect())
    }

    /// Those of connections, by their ids: from the first to the last of these.
    pub async fn hooks_between(&self, (first, last): (ConnectionId, ConnectionId)) -> Result<Vec<Hooking>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from hooks where connection_id between $1 and $2 order by created_at desc, id"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(first.0).bind(last.0).fetch_all(db).await)?;
        Ok(rows.into_iter().map(Hooking::from).collect())
    }

    /// Those at a vendor that somebody has to look after, for one process alone; they are due again at `again`.
    pub async fn due_hooks(
        &self,
        provider: &str,
        now: Timestamp,
        again: Timestamp,
        limit: u32,
    ) -> Result<Vec<Hooking>, StoreError> {
        let sql = match &self.write {
            Db::Postgres(_) => claim!("for update skip locked"),
            Db::Sqlite(_) => claim!(""),
        };
        let rows = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(at(now)).bind(at(again)).bind(i64::from(limit)).bind(provider).fetch_all(db).await)?;
        Ok(rows.into_iter().map(Hooking::from).collect())
    }

    /// Somebody has to look after it now.
    pub async fn hook_is_due(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "update hooks set due_at = $2 where id = $1";
        on!(&self.write, db => sqlx::query(sql).bind(id).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Something believable has arrived there.
    pub async fn hook_is_heard(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "update hooks set heard_at = $2 where id = $1";
        on!(&self.write, db => sqlx::query(sql).bind(id).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Something has happened and nothing has arrived: until something does, it is as if there were no reports. Not when
    /// something has arrived after `heard`.
    pub async fn hook_is_mute(&self, id: &str, heard: Timestamp) -> Result<(), StoreError> {
        let sql = "update hooks set heard_at = null where id = $1 and heard_at = $2";
        on!(&self.write, db => sqlx::query(sql).bind(id).bind(at(heard)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// No more is reported, or it is not known whether there is: they are looked after now.
    pub async fn hooks_are_lost(&self, connection: ConnectionId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "update hooks set until_at = $2, due_at = $2 where connection_id = $1";
        on!(&self.write, db => sqlx::query(sql).bind(connection.0).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }
}
