//! What an owner has done to an appointment in their calendar, and what comes of it here: nothing for some minutes, in which
//! it can be undone; then the appointment is moved or cancelled, once.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{
        connection::CalendarId,
        ids::{BookingId, BusinessId, ConnectionId, PlacementId, WishId},
    },
    ports::calendar::Interval,
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Db, Tx, on},
        placements::OwnTime,
        values::{Moment, at, moment},
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishKind {
    /// It was moved to there.
    Move(Interval),
    /// It was deleted.
    Cancel,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WishState {
    /// It can be undone until it is due.
    Waiting,
    /// It is being carried out.
    Carrying,
    Done,
    /// It could not be: why, in one of our own words: taken, `not_offered`, `whole_day`.
    Refused(String),
    /// Its owner took it back here.
    Undone,
    /// There is nothing to be done any more: the event stands again as it did, or the appointment was changed otherwise, or is
    /// past.
    Over,
}

impl WishState {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Carrying => "carrying",
            Self::Done => "done",
            Self::Refused(_) => "refused",
            Self::Undone => "undone",
            Self::Over => "over",
        }
    }

    fn read(state: &str, why: Option<String>) -> Result<Self, StoreError> {
        Ok(match state {
            "waiting" => Self::Waiting,
            "carrying" => Self::Carrying,
            "done" => Self::Done,
            "refused" => Self::Refused(why.unwrap_or_default()),
            "undone" => Self::Undone,
            "over" => Self::Over,
            _ => return Err(StoreError::Inconsistent { what: "wishes.state" }),
        })
    }
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct NewWish {
    pub id: WishId,
    pub business: BusinessId,
    pub connection: ConnectionId,
    pub placement: PlacementId,
    pub booking: BookingId,
    pub kind: WishKind,
    /// When the appointment is, as far as we know.
    pub was: Interval,
    pub due: Timestamp,
    pub now: Timestamp,
}

/// One that is written down.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredWish {
    pub id: WishId,
    pub business: BusinessId,
    pub connection: ConnectionId,
    pub placement: PlacementId,
    /// As it was when it was seen.
    pub booking: BookingId,
    pub kind: WishKind,
    pub was: Interval,
    pub state: WishState,
    /// Until then it can be undone.
    pub due: Timestamp,
    pub seen: Timestamp,
    pub ended: Option<Timestamp>,
}

/// What came of writing down what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nobody knew.
    New,
    /// It was known; the owner has meanwhile done something else to it, and has time again to undo it.
    Changed,
    /// It was known, or could not be done before.
    Known,
    /// It was taken back here, and the event was not put back as it should be.
    Undone,
}

/// Whose turn it is to carry one out.
#[derive(Clone, Debug, PartialEq)]
pub enum Carried {
    Yours,
    /// It was undone at the last moment, or somebody else is at it.
    NotYours,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Uuid,
    connection_id: Uuid,
    placement_id: Uuid,
    booking_id: Uuid,
    kind: String,
    was_from: Moment,
    was_to: Moment,
    wanted_from: Option<Moment>,
    wanted_to: Option<Moment>,
    state: String,
    why: Option<String>,
    due_at: Moment,
    seen_at: Moment,
    ended_at: Option<Moment>,
}

macro_rules! columns {
    () => {
        "id, business_id, connection_id, placement_id, booking_id, kind, was_from, was_to, wanted_from, wanted_to, state, \
         why, due_at, seen_at, ended_at"
    };
}

impl TryFrom<Row> for StoredWish {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wanted = row.wanted_from.map(moment).zip(row.wanted_to.map(moment));
        let kind = match (row.kind.as_str(), wanted) {
            ("move", Some((from, to))) => WishKind::Move(Interval { from, to }),
            ("cancel", None) => WishKind::Cancel,
            _ => return Err(StoreError::Inconsistent { what: "wishes.kind" }),
        };
        Ok(Self {
            id: WishId(row.id),
            business: BusinessId(row.business_id),
            connection: ConnectionId(row.connection_id),
            placement: PlacementId(row.placement_id),
            booking: BookingId(row.booking_id),
            kind,
            was: Interval { from: moment(row.was_from), to: moment(row.was_to) },
            state: WishState::read(&row.state, row.why)?,
            due: moment(row.due_at),
            seen: moment(row.seen_at),
            ended: row.ended_at.map(moment),
        })
    }
}

impl WishKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Move(_) => "move",
            Self::Cancel => "cancel",
        }
    }

    fn wanted(self) -> Option<Interval> {
        match self {
            Self::Move(to) => Some(to),
            Self::Cancel => None,
        }
    }
}

/// Times that calendars show as busy because an owner has moved an appointment of ours there, which is being followed at
/// this moment.
pub(in crate::store) async fn carried(
    db: &Store,
    business: BusinessId,
    range: Interval,
) -> Result<Vec<OwnTime>, StoreError> {
    let sql = "select wishes.connection_id, placements.calendar, wanted_from_w, wanted_to_w from (
            select connection_id, placement_id, wanted_from as wanted_from_w, wanted_to as wanted_to_w from wishes
            where business_id = $1 and state = 'carrying' and wanted_from < $3 and wanted_to > $2
        ) as wishes join placements on placements.id = wishes.placement_id";
    let rows = on!(&db.read, db => sqlx::query_as::<_, (Uuid, String, Moment, Moment)>(sql)
        .bind(business.0).bind(at(range.from)).bind(at(range.to)).fetch_all(db).await)?;
    let own = |(connection, calendar, from, to): (Uuid, String, Moment, Moment)| {
        let when = Interval { from: moment(from), to: moment(to) };
        Some(OwnTime { connection: ConnectionId(connection), calendar: CalendarId::new(calendar)?, when })
    };
    Ok(rows.into_iter().filter_map(own).collect())
}

impl Store {
    /// Writes down what an owner did to an event of ours. Safe to repeat.
    pub async fn wish(&self, new: &NewWish) -> Result<Seen, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = concat!(
            "select ",
            columns!(),
            " from wishes where placement_id = $1 order by seen_at desc, id desc limit 1"
        );
        let last = on!(&mut tx, tx => sqlx::query_as::<_, Row>(sql)
            .bind(new.placement.0).fetch_optional(&mut **tx).await)?;
        let last = last.map(StoredWish::try_from).transpose()?;
        let wanted = new.kind.wanted();
        match last {
            Some(last) if last.state == WishState::Waiting => {
                if last.kind == new.kind {
                    return Ok(Seen::Known);
                }
                let sql = "update wishes set kind = $2, wanted_from = $3, wanted_to = $4, due_at = $5, booking_id = $6
                    where id = $1 and state = 'waiting'";
                let done = on!(&mut tx, tx => sqlx::query(sql)
                    .bind(last.id.0)
                    .bind(new.kind.as_str())
                    .bind(wanted.map(|to| at(to.from)))
                    .bind(wanted.map(|to| at(to.to)))
                    .bind(at(new.due))
                    .bind(new.booking.0)
                    .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
                tx.commit().await?;
                return Ok(if done == 1 { Seen::Changed } else { Seen::Known });
            }
            // It is being carried out at this moment; what is different is seen again.
            Some(last) if last.state == WishState::Carrying => return Ok(Seen::Known),
            // The same was decided before, for the same booking.
            Some(last)
                if last.kind == new.kind
                    && last.booking == new.booking
                    && matches!(last.state, WishState::Refused(_) | WishState::Undone) =>
            {
                return Ok(if last.state == WishState::Undone { Seen::Undone } else { Seen::Known });
            }
            _ => {}
        }
        let sql =
            "insert into wishes (id, business_id, connection_id, placement_id, booking_id, kind, was_from, was_to,
                wanted_from, wanted_to, state, due_at, seen_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, $12) on conflict do nothing";
        let done = on!(&mut tx, tx => sqlx::query(sql)
            .bind(new.id.0)
            .bind(new.business.0)
            .bind(new.connection.0)
            .bind(new.placement.0)
            .bind(new.booking.0)
            .bind(new.kind.as_str())
            .bind(at(new.was.from))
            .bind(at(new.was.to))
            .bind(wanted.map(|to| at(to.from)))
            .bind(wanted.map(|to| at(to.to)))
            .bind(at(new.due))
            .bind(at(new.now))
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        tx.commit().await?;
        Ok(if done == 1 { Seen::New } else { Seen::Known })
    }

    /// What was deleted in an account and is not carried out yet.
    pub async fn waiting_cancels(&self, connection: ConnectionId) -> Result<Vec<StoredWish>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from wishes where connection_id = $1 and state = 'waiting' and kind = 'cancel' order by seen_at, id"
        );
        let rows = on!(&self.write, db => sqlx::query_as::<_, Row>(sql).bind(connection.0).fetch_all(db).await)?;
        rows.into_iter().map(StoredWish::try_from).collect()
    }

    /// It is carried out later than it would be.
    pub async fn put_off_wish(&self, id: WishId, until: Timestamp) -> Result<(), StoreError> {
        let sql = "update wishes set due_at = $2 where id = $1 and state = 'waiting'";
        on!(&self.write, db => sqlx::query(sql).bind(id.0).bind(at(until)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// An event stands again as we know it: what its owner did to it is over. `put_back`: it stands as the appointment is, so
    /// that what was taken back or refused is over, too, and may be done anew.
    pub async fn wish_is_over(
        &self,
        placement: PlacementId,
        put_back: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "update wishes set state = 'over', why = null, ended_at = $2
            where placement_id = $1 and (state = 'waiting' or ($3 and state in ('undone', 'refused')))";
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(placement.0).bind(at(now)).bind(put_back).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(done > 0)
    }

    /// Those at a vendor whose time to be undone is over, for one process alone; they are due again at `again`.
    pub async fn due_wishes(
        &self,
        provider: &str,
        now: Timestamp,
        again: Timestamp,
        limit: u32,
    ) -> Result<Vec<StoredWish>, StoreError> {
        let sql = match &self.write {
            Db::Postgres(_) => concat!(
                "update wishes set due_at = $2 where id in (select id from wishes
                    where state in ('waiting', 'carrying') and due_at <= $1
                        and exists (select 1 from connections where connections.id = connection_id and provider = $4)
                    order by due_at, id limit $3 for update skip locked) returning ",
                columns!()
            ),
            Db::Sqlite(_) => concat!(
                "update wishes set due_at = $2 where id in (select id from wishes
                    where state in ('waiting', 'carrying') and due_at <= $1
                        and exists (select 1 from connections where connections.id = connection_id and provider = $4)
                    order by due_at, id limit $3) returning ",
                columns!()
            ),
        };
        let rows = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(at(now)).bind(at(again)).bind(i64::from(limit)).bind(provider).fetch_all(db).await)?;
        rows.into_iter().map(StoredWish::try_from).collect()
    }

    /// It is carried out from now on, and cannot be undone any more.
    pub async fn carry_wish(&self, id: WishId) -> Result<Carried, StoreError> {
        let sql = "update wishes set state = 'carrying' where id = $1 and state in ('waiting', 'carrying')";
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(id.0).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(if done == 1 { Carried::Yours } else { Carried::NotYours })
    }

    /// What came of it.
    pub async fn end_wish(&self, id: WishId, state: &WishState, now: Timestamp) -> Result<(), StoreError> {
        let why = if let WishState::Refused(why) = state { Some(why.as_str()) } else { None };
        let sql =
            "update wishes set state = $2, why = $3, ended_at = $4 where id = $1 and state in ('waiting', 'carrying')";
        on!(&self.write, db => sqlx::query(sql)
            .bind(id.0).bind(state.as_str()).bind(why).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// What a business's owner should see: what can still be undone, and what could not be done and nobody has seen;
    /// newest first.
    pub async fn wishes_to_see(&self, business: BusinessId) -> Result<Vec<StoredWish>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from wishes where business_id = $1
                and (state = 'waiting' or (state = 'refused' and acknowledged_at is null))
            order by seen_at desc, id desc limit 50"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).fetch_all(db).await)?;
        rows.into_iter().map(StoredWish::try_from).collect()
    }

    /// One of them.
    pub async fn one_wish(&self, business: BusinessId, id: WishId) -> Result<Option<StoredWish>, StoreError> {
        let sql = concat!("select ", columns!(), " from wishes where business_id = $1 and id = $2");
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(id.0).fetch_optional(db).await)?;
        row.map(StoredWish::try_from).transpose()
    }

    /// Every wish of a business, newest first; for tests and exports.
    pub async fn wishes(&self, business: BusinessId, limit: u32) -> Result<Vec<StoredWish>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from wishes where business_id = $1 order by seen_at desc, id desc limit $2"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(StoredWish::try_from).collect()
    }

    /// Somebody takes it back, before it is carried out: the event is put back as the appointment is. False: too late.
    pub async fn undo_wish(
        &self,
        business: BusinessId,
        id: WishId,
        deed: &Deed,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "update wishes set state = 'undone', ended_at = $3
            where business_id = $1 and id = $2 and state = 'waiting' returning placement_id, wanted_from, wanted_to";
        let undone = on!(&mut tx, tx => sqlx::query_as::<_, (Uuid, Option<Moment>, Option<Moment>)>(sql)
            .bind(business.0).bind(id.0).bind(at(now)).fetch_optional(&mut **tx).await)?;
        let Some((placement, from, to)) = undone else { return Ok(false) };
        let stands = from.zip(to).map(|(from, to)| Interval { from: moment(from), to: moment(to) });
        put_back(&mut tx, placement, stands, now).await?;
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Somebody has seen that it could not be done.
    pub async fn acknowledge_wish(&self, business: BusinessId, id: WishId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "update wishes set acknowledged_at = $3
            where business_id = $1 and id = $2 and state = 'refused' and acknowledged_at is null";
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(id.0).bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }
}

impl Store {
    /// An event that was taken back here, and still stands as its owner has put it.
    pub async fn put_back(
        &self,
        placement: PlacementId,
        stands: Option<Interval>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.write.begin().await?;
        put_back(&mut tx, placement.0, stands, now).await?;
        tx.commit().await
    }
}

/// The event is known to stand elsewhere, or not to: whoever looks at what is due writes it anew. It stands as we say by
/// then, so nobody takes it for the owner's doing.
async fn put_back(tx: &mut Tx, placement: Uuid, stands: Option<Interval>, now: Timestamp) -> Result<(), StoreError> {
    let sql =
        "update placements set stands_from = $2, stands_to = $3, due_at = $4, digest = '', put_back = put_back + 1
        where id = $1 and state = 'placed'";
    on!(tx, tx => sqlx::query(sql)
        .bind(placement)
        .bind(stands.map(|stands| at(stands.from)))
        .bind(stands.map(|stands| at(stands.to)))
        .bind(at(now))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}
