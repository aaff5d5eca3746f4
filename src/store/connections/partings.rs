//! Access that is to be given back at its vendor, when nothing else of the account is left here: written down in the
//! transaction that takes the account away, so that no crash leaves it open, and gone after a day whatever comes of it.
//!
//! What opens the account is copied as it is sealed, with the key that it is sealed with: that one is gone from where it was.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::vault::{Vault, VaultError};
use crate::{
    domain::{
        connection::Account,
        ids::{BusinessId, ConnectionId},
        secret::Secret,
    },
    ports::calendar::Watch,
    secrets::{Sealed, Wrapped},
    store::{
        Store, StoreError,
        engine::{Db, Tx, on},
        values::{Moment, at, moment, parsed},
    },
};

/// For so long it is tried.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Access that is to be given back.
#[derive(Debug)]
pub struct Parting {
    pub connection: ConnectionId,
    pub business: BusinessId,
    pub provider: String,
    /// Without a label.
    pub account: Account,
    /// What its vendor reports, and is to report no longer.
    pub watches: Vec<Watch>,
    /// How often it was tried before.
    pub tries: i32,
    connected: Timestamp,
    sealed: Sealed,
    key: Wrapped,
}

/// One that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    pub connection: ConnectionId,
    pub provider: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    connection_id: Uuid,
    connected_at: Moment,
    business_id: Uuid,
    provider: String,
    subject: String,
    home: Option<String>,
    credential: Vec<u8>,
    data_key_id: Uuid,
    master_key: String,
    wrapped: Vec<u8>,
    watches: String,
    tries: i32,
}

/// A watch, as it is written down: its name, and what it is of.
type Watching = (String, Option<String>);

impl TryFrom<Row> for Parting {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let business = BusinessId(row.business_id);
        let watches: Vec<Watching> =
            serde_json::from_str(&row.watches).map_err(|_| StoreError::Inconsistent { what: "partings.watches" })?;
        Ok(Self {
            connection: ConnectionId(row.connection_id),
            business,
            provider: row.provider,
            account: Account { subject: row.subject, label: String::new(), home: row.home },
            watches: watches.into_iter().map(|(id, resource)| Watch { id, resource, until: None }).collect(),
            tries: row.tries,
            connected: moment(row.connected_at),
            sealed: Sealed::stored(row.credential),
            key: Wrapped {
                id: row.data_key_id,
                business,
                master: parsed(&row.master_key, "partings.master_key")?,
                sealed: Sealed::stored(row.wrapped),
            },
        })
    }
}

/// Writes down what is to be given back of a business's connections, or of one of them, before they are deleted.
pub(in crate::store) async fn part(
    tx: &mut Tx,
    business: BusinessId,
    only: Option<ConnectionId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "select connection_id, watch_id, resource from hooks where business_id = $1 and watch_id <> ''
        and (connection_id = $2 or $2 is null) order by connection_id, id";
    let rows = on!(&mut *tx, tx => sqlx::query_as::<_, (Uuid, String, Option<String>)>(sql)
        .bind(business.0).bind(only.map(|only| only.0)).fetch_all(&mut **tx).await)?;
    let sql = "insert into partings (connection_id, connected_at, business_id, provider, subject, home, credential,
            data_key_id, master_key, wrapped, watches, due_at, until_at)
        select connections.id, connections.created_at, connections.business_id, provider, subject, home, credential,
            data_keys.id, master_key, wrapped, '[]', $3, $4
        from connections join data_keys on data_keys.id = data_key_id
        where connections.business_id = $1 and (connections.id = $2 or $2 is null)
        on conflict do nothing";
    on!(&mut *tx, tx => sqlx::query(sql)
        .bind(business.0)
        .bind(only.map(|only| only.0))
        .bind(at(now))
        .bind(at(now + TRIED_FOR))
        .execute(&mut **tx).await.map(drop))?;
    for watched in rows.chunk_by(|one, other| one.0 == other.0) {
        let watches: Vec<Watching> = watched.iter().map(|(_, id, resource)| (id.clone(), resource.clone())).collect();
        let watches =
            serde_json::to_string(&watches).map_err(|error| StoreError::Refused(sqlx::Error::Encode(error.into())))?;
        let sql = "update partings set watches = $2 where connection_id = $1 and due_at = $3 and tries = 0";
        on!(&mut *tx, tx => sqlx::query(sql)
            .bind(watched[0].0).bind(&watches).bind(at(now)).execute(&mut **tx).await.map(drop))?;
    }
    Ok(())
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "update partings set due_at = $2, tries = tries + 1 where (connection_id, connected_at) in (
                select connection_id, connected_at from partings
                where due_at <= $1 and (business_id = $3 or $3 is null)
                order by due_at, connection_id limit $4 ",
            $lock,
            ") returning connection_id, connected_at, business_id, provider, subject, home, credential, data_key_id,
                master_key, wrapped, watches, tries"
        )
    };
}

impl Store {
    /// What is to be given back now, of one business or of all, for one process alone until `again`.
    pub async fn due_partings(
        &self,
        business: Option<BusinessId>,
        now: Timestamp,
        again: Timestamp,
        limit: u32,
    ) -> Result<Vec<Parting>, StoreError> {
        let sql = match &self.write {
            Db::Postgres(_) => claim!("for update skip locked"),
            Db::Sqlite(_) => claim!(""),
        };
        let rows = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(at(now)).bind(at(again)).bind(business.map(|business| business.0)).bind(i64::from(limit))
            .fetch_all(db).await)?;
        rows.into_iter().map(Parting::try_from).collect()
    }

    /// It was given back, or never can be.
    pub async fn parted(&self, parting: &Parting) -> Result<(), StoreError> {
        let sql = "delete from partings where connection_id = $1 and connected_at = $2";
        on!(&self.write, db => sqlx::query(sql)
            .bind(parting.connection.0).bind(at(parting.connected)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// It is tried again then.
    pub async fn part_later(&self, parting: &Parting, when: Timestamp) -> Result<(), StoreError> {
        let sql = "update partings set due_at = $3 where connection_id = $1 and connected_at = $2";
        on!(&self.write, db => sqlx::query(sql)
            .bind(parting.connection.0).bind(at(parting.connected)).bind(at(when)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// What was tried for long enough is erased: which those were.
    pub async fn give_partings_up(&self, now: Timestamp) -> Result<Vec<GivenUp>, StoreError> {
        let sql = "delete from partings where until_at <= $1 returning connection_id, provider";
        let rows = on!(&self.write, db => sqlx::query_as::<_, (Uuid, String)>(sql)
            .bind(at(now)).fetch_all(db).await)?;
        let given_up = |(connection, provider)| GivenUp { connection: ConnectionId(connection), provider };
        Ok(rows.into_iter().map(given_up).collect())
    }
}

impl Vault {
    /// What opens an account that is to be given back.
    ///
    /// # Errors
    /// When it does not open here.
    pub fn credential_of(&self, parting: &Parting) -> Result<Secret, VaultError> {
        let key = parting.key.open(self.keyring()?)?;
        Ok(key.open(&Self::place(parting.business, parting.connection), &parting.sealed)?)
    }

    /// A new credential in the place of the old one, which its vendor has used up.
    ///
    /// # Errors
    /// When it is not known to be written.
    pub async fn renew_parting(&self, parting: &Parting, credential: &Secret) -> Result<(), VaultError> {
        let key = parting.key.open(self.keyring()?)?;
        let sealed = key.seal(&Self::place(parting.business, parting.connection), credential)?;
        let sql = "update partings set credential = $3 where connection_id = $1 and connected_at = $2";
        on!(&self.store.write, db => sqlx::query(sql)
            .bind(parting.connection.0)
            .bind(at(parting.connected))
            .bind(sealed.as_bytes())
            .execute(db).await.map(drop))?;
        Ok(())
    }
}
