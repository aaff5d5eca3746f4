//! Whose turn it is to bring an appointment's placements in order.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::ids::{BookingId, BusinessId},
    store::{Store, StoreError, engine::on, values::at},
};

/// A turn. What it may write, it may write until somebody else has the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The first booking of the appointment, before all moves.
    pub root: BookingId,
    /// At which of them.
    pub provider: &'static str,
    /// A number of one's own: whoever was asleep for so long that somebody else took over finds it changed.
    pub holder: Uuid,
}

impl Store {
    /// Takes the turn of an appointment until a moment. False: somebody else has it.
    pub async fn take_turn(
        &self,
        business: BusinessId,
        turn: &Turn,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "insert into placement_turns (booking_id, business_id, holder, leased_until, provider)
            values ($1, $2, $3, $4, $6)
            on conflict (booking_id, provider) do update set holder = excluded.holder, leased_until = excluded.leased_until
            where placement_turns.leased_until <= $5 or placement_turns.holder = excluded.holder";
        let taken = on!(&self.write, db => sqlx::query(sql)
            .bind(turn.root.0).bind(business.0).bind(turn.holder).bind(at(until)).bind(at(now))
            .bind(turn.provider)
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(taken == 1)
    }

    /// Gives it back, if it is still ours.
    pub async fn end_turn(&self, turn: &Turn) -> Result<(), StoreError> {
        let sql = "delete from placement_turns where booking_id = $1 and holder = $2 and provider = $3";
        on!(&self.write, db => sqlx::query(sql)
            .bind(turn.root.0).bind(turn.holder).bind(turn.provider).execute(db).await.map(drop))?;
        Ok(())
    }
}
