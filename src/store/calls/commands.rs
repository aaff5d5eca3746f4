//! What is asked of live calls by those they are for: written by whichever node a page is on, taken by the one the call is
//! on, once.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{
    domain::{
        dialogue::Order,
        ids::{BusinessId, CallId, CommandId, UserId},
        phone::PhoneNumber,
    },
    ports::live::Ordered,
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::on,
        values::{Moment, at, moment, parsed_if},
    },
};

/// A command that nobody has taken by then is not carried out any more: its call's node is gone.
const GOOD_FOR: SignedDuration = SignedDuration::from_secs(30);
/// Commands that are looked at together.
const AT_ONCE: i64 = 100;

/// What somebody wants done with a call.
#[derive(Clone, Debug)]
pub struct NewCommand {
    pub id: CommandId,
    pub business: BusinessId,
    pub call: CallId,
    pub ordered: Ordered,
    pub user: UserId,
    pub now: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commanded {
    Written,
    /// Somebody has stepped in already.
    Already,
    /// The call is over, or not connected.
    NotLive,
}

/// A command, as read.
#[derive(Clone, Debug)]
pub struct Command {
    pub id: CommandId,
    pub call: CallId,
    pub ordered: Ordered,
    pub created: Timestamp,
    /// When the call's session was handed it.
    pub taken: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    call_id: Uuid,
    kind: String,
    number: Option<String>,
    created_at: Moment,
    taken_at: Option<Moment>,
}

impl TryFrom<Row> for Command {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let order = match row.kind.as_str() {
            "put_through" => Order::PutThrough,
            "end" => Order::End,
            _ => return Err(StoreError::Inconsistent { what: "call_commands.kind" }),
        };
        let to = parsed_if(row.number.as_deref(), "call_commands.number")?;
        Ok(Self {
            id: CommandId(row.id),
            call: CallId(row.call_id),
            ordered: Ordered { order, to },
            created: moment(row.created_at),
            taken: row.taken_at.map(moment),
        })
    }
}

fn kind(order: Order) -> &'static str {
    match order {
        Order::PutThrough => "put_through",
        Order::End => "end",
    }
}

impl Store {
    /// Writes a command down, with its line in the audit log, if the call is live and nobody has stepped in before.
    pub async fn command_call(&self, command: &NewCommand, deed: &Deed) -> Result<Commanded, StoreError> {
        let mut tx = self.write.begin().await?;
        // The row is locked on Postgres, so that of two at once the second sees the first.
        let sql = "update calls set connected = connected
            where business_id = $1 and id = $2 and ended_at is null and connected = true";
        let live = on!(&mut tx, tx => sqlx::query(sql)
            .bind(command.business.0).bind(command.call.0)
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if live == 0 {
            return Ok(Commanded::NotLive);
        }
        let sql = "insert into call_commands (id, business_id, call_id, kind, number, user_id, created_at)
            select $1, $2, $3, $4, $5, $6, $7 where not exists (select 1 from call_commands
                where call_id = $3 and (taken_at is not null or created_at > $8))";
        let written = on!(&mut tx, tx => sqlx::query(sql)
            .bind(command.id.0)
            .bind(command.business.0)
            .bind(command.call.0)
            .bind(kind(command.ordered.order))
            .bind(command.ordered.to.as_ref().map(PhoneNumber::as_str))
            .bind(command.user.0)
            .bind(at(command.now))
            .bind(at(command.now - GOOD_FOR))
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if written == 0 {
            return Ok(Commanded::Already);
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(Commanded::Written)
    }

    /// Commands that nobody has taken and that are not too old, oldest first.
    pub async fn waiting_commands(&self, now: Timestamp) -> Result<Vec<Command>, StoreError> {
        let sql = "select id, call_id, kind, number, created_at, taken_at from call_commands
            where taken_at is null and created_at > $1 order by created_at, id limit $2";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(at(now - GOOD_FOR)).bind(AT_ONCE).fetch_all(db).await)?;
        rows.into_iter().map(Command::try_from).collect()
    }

    /// Takes one to carry it out. False: somebody else has.
    pub async fn take_command(&self, id: CommandId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "update call_commands set taken_at = $2 where id = $1 and taken_at is null";
        let taken = on!(&self.write, db => sqlx::query(sql)
            .bind(id.0).bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(taken == 1)
    }

    /// The last one for a call.
    pub async fn command_of(&self, call: CallId) -> Result<Option<Command>, StoreError> {
        let sql = "select id, call_id, kind, number, created_at, taken_at from call_commands
            where call_id = $1 order by created_at desc, id desc limit 1";
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(call.0).fetch_optional(db).await)?
            .map(Command::try_from)
            .transpose()
    }
}
