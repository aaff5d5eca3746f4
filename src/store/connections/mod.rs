//! The accounts that businesses have connected. What opens them goes through the [`Vault`]; everything else of them is read
//! and written here, always by business and id.

/// The columns of a [`Row`], and where they are from; a condition follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, business_id, provider, staff_id, subject, label, home, choice, state, reconnect_why,
                reconnect_since, well_at, problem, problem_since, version, created_at
            from connections ",
            $rest
        )
    };
}

mod choosing;
mod health;
mod keys;
mod lease;
mod partings;
mod vault;
mod ways;

use jiff::Timestamp;
use uuid::Uuid;

pub use choosing::Chosen;
pub use keys::{CheckError, Opens, Resealed, Sealings};
pub use lease::{Fresh, Lease, Leased};
pub(super) use partings::part;
pub use partings::{GivenUp, Parting};
pub use vault::{Kept, NewConnection, Vault, VaultError};
pub use ways::{Came, NewWay, Way};

use super::{
    Store, StoreError,
    engine::{Tx, on},
    values::{Moment, moment, parsed},
};
use crate::domain::{
    connection::{Account, Choice, Connection, ConnectionState, Health},
    ids::{BusinessId, ConnectionId, StaffId},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Uuid,
    provider: String,
    staff_id: Option<Uuid>,
    subject: String,
    label: String,
    home: Option<String>,
    choice: String,
    state: String,
    reconnect_why: Option<String>,
    reconnect_since: Option<Moment>,
    well_at: Option<Moment>,
    problem: Option<String>,
    problem_since: Option<Moment>,
    version: i32,
    created_at: Moment,
}

impl TryFrom<Row> for Connection {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let what = "connections.state";
        let state = match (row.state.as_str(), row.reconnect_why, row.reconnect_since) {
            ("choosing", None, None) => ConnectionState::Choosing,
            ("active", None, None) => ConnectionState::Active,
            ("reconnect", Some(why), Some(since)) => {
                ConnectionState::Reconnect { why: parsed(&why, "connections.reconnect_why")?, since: moment(since) }
            }
            _ => return Err(StoreError::Inconsistent { what }),
        };
        let choice = "connections.choice";
        Ok(Self {
            id: ConnectionId(row.id),
            business: BusinessId(row.business_id),
            provider: row.provider,
            staff: row.staff_id.map(StaffId),
            account: Account { subject: row.subject, label: row.label, home: row.home },
            choice: serde_json::from_str(&row.choice).map_err(|_| StoreError::Inconsistent { what: choice })?,
            state,
            health: Health {
                well: row.well_at.map(moment),
                problem: row.problem.zip(row.problem_since).map(|(problem, since)| (problem, moment(since))),
            },
            version: row.version,
            created: moment(row.created_at),
        })
    }
}

/// A choice that cannot be written as JSON is our mistake.
fn written(choice: &Choice) -> Result<String, StoreError> {
    serde_json::to_string(choice).map_err(|error| StoreError::Refused(sqlx::Error::Encode(error.into())))
}

/// A business's that may be written to, in the transaction that changes how they are used.
pub(super) async fn active_of(tx: &mut Tx, business: BusinessId) -> Result<Vec<Connection>, StoreError> {
    let sql = select!("where business_id = $1 and state = 'active' order by created_at, id");
    let rows = on!(tx, tx => sqlx::query_as::<_, Row>(sql).bind(business.0).fetch_all(&mut **tx).await)?;
    rows.into_iter().map(Connection::try_from).collect()
}

/// One of them, if it may be written to.
pub(super) async fn active_one(
    tx: &mut Tx,
    business: BusinessId,
    id: ConnectionId,
) -> Result<Option<Connection>, StoreError> {
    let sql = select!("where business_id = $1 and id = $2 and state = 'active'");
    let row = on!(tx, tx => sqlx::query_as::<_, Row>(sql)
        .bind(business.0).bind(id.0).fetch_optional(&mut **tx).await)?;
    row.map(Connection::try_from).transpose()
}

impl Store {
    /// What a business has connected, oldest first.
    pub async fn connections(&self, business: BusinessId) -> Result<Vec<Connection>, StoreError> {
        let sql = select!("where business_id = $1 order by created_at, id");
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).fetch_all(db).await)?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    /// One of them.
    pub async fn connection(&self, business: BusinessId, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
        let sql = select!("where business_id = $1 and id = $2");
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(id.0).fetch_optional(db).await)?;
        row.map(Connection::try_from).transpose()
    }

    /// Every business's that are active, in order of id, after `after`: for what goes round them all.
    pub async fn active_connections(
        &self,
        after: Option<ConnectionId>,
        limit: u32,
    ) -> Result<Vec<Connection>, StoreError> {
        let sql = select!("where state = 'active' and id > $1 order by id limit $2");
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(after.map_or(Uuid::nil(), |id| id.0)).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    /// Those whose newest access token has run out by a moment, the oldest first: nobody has asked them anything since. One
    /// that a key opens has none.
    pub async fn connections_running_out(&self, by: Timestamp, limit: u32) -> Result<Vec<Connection>, StoreError> {
        let sql = select!("where state <> 'reconnect' and access_expires_at <= $1 order by access_expires_at limit $2");
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(super::values::at(by)).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(Connection::try_from).collect()
    }

    /// Whether another business has connected the same account.
    pub async fn is_connected_elsewhere(
        &self,
        provider: &str,
        subject: &str,
        business: BusinessId,
    ) -> Result<bool, StoreError> {
        let sql = "select count(*) from connections where provider = $1 and subject = $2 and business_id <> $3";
        let others = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(provider).bind(subject).bind(business.0).fetch_one(db).await)?;
        Ok(others > 0)
    }

    /// Whether anybody has connected an account.
    pub async fn is_connected(&self, provider: &str, subject: &str) -> Result<bool, StoreError> {
        let sql = "select count(*) from connections where provider = $1 and subject = $2";
        let found = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(provider).bind(subject).fetch_one(db).await)?;
        Ok(found > 0)
    }
}
