//! The one door to what opens connected accounts: it is sealed on its way in, and opened on its way out.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;

use super::Row;
use crate::{
    domain::{
        connection::{Account, Connection, Why},
        ids::{BusinessId, ConnectionId, StaffId},
        secret::Secret,
    },
    secrets::{DataKey, KeyId, Keyring, Place, Sealed, SecretsError, Wrapped},
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Tx, on},
        placements::catch_up,
        values::{Moment, at, moment, parsed, parsed_if, text},
    },
};

/// The store, with the keys to it. Cloning it shares it.
#[derive(Clone)]
pub struct Vault {
    pub(super) store: Store,
    keyring: Option<Arc<Keyring>>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// What a caller of the vault can do about it.
#[derive(Debug, Error)]
pub enum VaultError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// This process has no master key (`DESKBELL_MASTER_KEY`): nothing is connected.
    #[error("this server has no master key")]
    NoKey,
    /// [`SecretsError::Refused`]: what is stored is not what was sealed. Else: not with the keys of this process.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
}

impl From<sqlx::Error> for VaultError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// An account that was opened to us.
#[derive(Clone, Debug)]
pub struct NewConnection {
    /// For one that is new.
    pub id: ConnectionId,
    pub business: BusinessId,
    pub provider: String,
    pub staff: Option<StaffId>,
    pub account: Account,
    /// A refresh token, an app password, an API key.
    pub credential: Secret,
    /// When the access token that came with it runs out; nothing: there is none.
    pub expires: Option<Timestamp>,
    /// The connection that was to be connected again.
    pub renews: Option<ConnectionId>,
}

/// What came of keeping one.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    New(Connection),
    /// The business had the account already: it is open again, as it was chosen.
    Renewed(Connection),
    /// One connection was to be renewed and another account was opened. Nothing was kept.
    OtherAccount,
}

/// A connection's row, as far as it is about opening it.
#[derive(sqlx::FromRow)]
struct SealedRow {
    business_id: Uuid,
    id: Uuid,
    credential: Vec<u8>,
    reconnect_why: Option<String>,
    leased_until: Option<Moment>,
    begun_at: Option<Moment>,
    fence: i64,
    key: Uuid,
    master_key: String,
    wrapped: Vec<u8>,
}

pub(super) struct Found {
    pub business: BusinessId,
    pub id: ConnectionId,
    pub credential: Sealed,
    pub reconnect: Option<Why>,
    pub leased_until: Option<Timestamp>,
    pub begun_at: Option<Timestamp>,
    pub fence: i64,
    pub key: Wrapped,
}

impl TryFrom<SealedRow> for Found {
    type Error = StoreError;

    fn try_from(row: SealedRow) -> Result<Self, StoreError> {
        let business = BusinessId(row.business_id);
        Ok(Self {
            business,
            id: ConnectionId(row.id),
            credential: Sealed::stored(row.credential),
            reconnect: parsed_if(row.reconnect_why.as_deref(), "connections.reconnect_why")?,
            leased_until: row.leased_until.map(moment),
            begun_at: row.begun_at.map(moment),
            fence: row.fence,
            key: Wrapped {
                id: row.key,
                business,
                master: parsed(&row.master_key, "data_keys.master_key")?,
                sealed: Sealed::stored(row.wrapped),
            },
        })
    }
}

macro_rules! find {
    ($rest:literal) => {
        concat!(
            "select connections.business_id, connections.id, credential, reconnect_why, leased_until, begun_at, fence,
                data_keys.id as key, master_key, wrapped
            from connections join data_keys on data_keys.id = connections.data_key_id ",
            $rest
        )
    };
}

const FIND: &str = find!("where connections.business_id = $1 and connections.id = $2");

macro_rules! key_in_use {
    ($lock:literal) => {
        concat!("select id, business_id, master_key, wrapped from data_keys where business_id = $1 and in_use ", $lock)
    };
}

impl Vault {
    /// Without a ring nothing can be sealed, and nothing opens.
    pub fn new(store: Store, keyring: Option<Arc<Keyring>>) -> Self {
        Self { store, keyring }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The id of the master key that seals; nothing: there is none.
    pub fn master_key(&self) -> Option<KeyId> {
        self.keyring.as_deref().map(Keyring::current)
    }

    pub(super) fn keyring(&self) -> Result<&Keyring, VaultError> {
        self.keyring.as_deref().ok_or(VaultError::NoKey)
    }

    pub(super) fn place(business: BusinessId, id: ConnectionId) -> Place {
        Place { table: "connections", column: "credential", business, row: id.0 }
    }

    /// A connection that was opened: with what opens it, and the line of the log that says who did it.
    ///
    /// # Errors
    /// When it could not be sealed or written.
    pub async fn keep(&self, new: &NewConnection, deed: &Deed) -> Result<Kept, VaultError> {
        let mut tx = self.store.write.begin().await?;
        let sql = "select id from connections where business_id = $1 and provider = $2 and subject = $3";
        let known = on!(&mut tx, tx => sqlx::query_scalar::<_, Uuid>(sql)
            .bind(new.business.0).bind(&new.provider).bind(&new.account.subject).fetch_optional(&mut **tx).await)?;
        if new.renews.is_some_and(|renews| known != Some(renews.0)) {
            return Ok(Kept::OtherAccount);
        }
        let id = known.unwrap_or(new.id.0);
        let (key, key_id) = self.key_in_use(&mut tx, new.business, deed.at).await?;
        let sealed = key.seal(&Self::place(new.business, ConnectionId(id)), &new.credential)?;
        let renew =
            "update connections set label = $4, home = $5, credential = $6, data_key_id = $7, access_expires_at = $8,
                state = case when chosen_at is null then 'choosing' else 'active' end,
                reconnect_why = null, reconnect_since = null, told_at = null, problem = null, problem_since = null,
                leased_until = null, begun_at = null, fence = fence + 1, version = version + 1
            where business_id = $1 and id = $2 and provider = $3
            returning id, business_id, provider, staff_id, subject, label, home, choice, state, reconnect_why,
                reconnect_since, well_at, problem, problem_since, version, created_at";
        let insert = "insert into connections (business_id, id, provider, label, home, credential, data_key_id,
                access_expires_at, staff_id, subject, choice, state, created_at, fence)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}', 'choosing', $11, $12)
            on conflict do nothing
            returning id, business_id, provider, staff_id, subject, label, home, choice, state, reconnect_why,
                reconnect_since, well_at, problem, problem_since, version, created_at";
        let sql = if known.is_some() { renew } else { insert };
        let row = on!(&mut tx, tx => {
            let query = sqlx::query_as::<_, Row>(sql)
                .bind(new.business.0)
                .bind(id)
                .bind(&new.provider)
                .bind(text(&new.account.label))
                .bind(new.account.home.as_deref())
                .bind(sealed.as_bytes())
                .bind(key_id)
                .bind(new.expires.map(at));
            let query = if known.is_some() {
                query
            } else {
                // Whoever is still at it with an earlier connection of the account writes nothing into this one.
                let fence = deed.at.as_second();
                query.bind(new.staff.map(|staff| staff.0)).bind(&new.account.subject).bind(at(deed.at)).bind(fence)
            };
            query.fetch_optional(&mut **tx).await
        })?;
        // It was connected or disconnected at this very moment, by another click.
        let Some(row) = row else { return Err(StoreError::Unavailable(sqlx::Error::RowNotFound).into()) };
        audit::write(&mut tx, deed).await?;
        let connection = Connection::try_from(row)?;
        catch_up(&mut tx, &connection, false, deed.at).await?;
        tx.commit().await?;
        Ok(if known.is_some() { Kept::Renewed(connection) } else { Kept::New(connection) })
    }

    /// What opens a connection; nothing: it is not there.
    ///
    /// # Errors
    /// When it cannot be read or opened.
    pub async fn credential(&self, business: BusinessId, id: ConnectionId) -> Result<Option<Secret>, VaultError> {
        let Some(found) = self.find(business, id).await? else { return Ok(None) };
        Ok(Some(self.open(&found)?))
    }

    pub(super) async fn find(&self, business: BusinessId, id: ConnectionId) -> Result<Option<Found>, VaultError> {
        let row = on!(&self.store.read, db => sqlx::query_as::<_, SealedRow>(FIND)
            .bind(business.0).bind(id.0).fetch_optional(db).await)?;
        Ok(row.map(Found::try_from).transpose()?)
    }

    pub(super) async fn find_in(
        tx: &mut Tx,
        business: BusinessId,
        id: ConnectionId,
    ) -> Result<Option<Found>, StoreError> {
        let row = on!(tx, tx => sqlx::query_as::<_, SealedRow>(FIND)
            .bind(business.0).bind(id.0).fetch_optional(&mut **tx).await)?;
        row.map(Found::try_from).transpose()
    }

    /// The next ones of all businesses, in order of id.
    pub(super) async fn find_after(&self, after: Uuid, limit: i64) -> Result<Vec<Found>, StoreError> {
        let sql = find!("where connections.id > $1 order by connections.id limit $2");
        let rows = on!(&self.store.read, db => sqlx::query_as::<_, SealedRow>(sql)
            .bind(after).bind(limit).fetch_all(db).await)?;
        rows.into_iter().map(Found::try_from).collect()
    }

    pub(super) fn open(&self, found: &Found) -> Result<Secret, VaultError> {
        let key = found.key.open(self.keyring()?)?;
        Ok(key.open(&Self::place(found.business, found.id), &found.credential)?)
    }

    /// The business's key that seals, made when there is none; and its id.
    pub(super) async fn key_in_use(
        &self,
        tx: &mut Tx,
        business: BusinessId,
        now: Timestamp,
    ) -> Result<(DataKey, Uuid), VaultError> {
        let keyring = self.keyring()?;
        if let Some(wrapped) = in_use(tx, business).await? {
            return Ok((wrapped.open(keyring)?, wrapped.id));
        }
        let wrapped = DataKey::fresh()?.wrap(business, keyring)?;
        add_key(tx, &wrapped, now).await?;
        // Another process may have been quicker.
        let missing = StoreError::Inconsistent { what: "data_keys" };
        let wrapped = in_use(tx, business).await?.ok_or(missing)?;
        Ok((wrapped.open(keyring)?, wrapped.id))
    }
}

/// Adds a key that is to seal from now on, unless the business has one that does.
pub(super) async fn add_key(tx: &mut Tx, wrapped: &Wrapped, now: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into data_keys (id, business_id, master_key, wrapped, in_use, created_at)
        values ($1, $2, $3, $4, true, $5) on conflict do nothing";
    on!(tx, tx => sqlx::query(sql)
        .bind(wrapped.id)
        .bind(wrapped.business.0)
        .bind(wrapped.master.to_string())
        .bind(wrapped.sealed.as_bytes())
        .bind(at(now))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}

/// The key that seals. Whoever seals with it has it until its transaction ends: it is not taken away in between.
pub(super) async fn in_use(tx: &mut Tx, business: BusinessId) -> Result<Option<Wrapped>, StoreError> {
    let sql = match tx {
        Tx::Postgres(_) => key_in_use!("for key share"),
        // The transaction is the only one that writes.
        Tx::Sqlite(_) => key_in_use!(""),
    };
    let row = on!(tx, tx => sqlx::query_as::<_, KeyRow>(sql).bind(business.0).fetch_optional(&mut **tx).await)?;
    row.map(Wrapped::try_from).transpose()
}

#[derive(sqlx::FromRow)]
pub(super) struct KeyRow {
    id: Uuid,
    business_id: Uuid,
    master_key: String,
    wrapped: Vec<u8>,
}

impl TryFrom<KeyRow> for Wrapped {
    type Error = StoreError;

    fn try_from(row: KeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            business: BusinessId(row.business_id),
            master: parsed(&row.master_key, "data_keys.master_key")?,
            sealed: Sealed::stored(row.wrapped),
        })
    }
}
