//! Which event in a calendar, or which booking at a vendor that keeps its own, stands for which of our bookings.
//!
//! A row is written before the request that makes it leaves, so that no crash leaves anything at a vendor that nobody knows
//! of. Rows of one appointment, through all its moves, are changed by one process at a time: whoever has its
//! [turn](Turn), and every change of a row asks for that again.

mod catch_up;
mod due;
mod lineage;
mod turn;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub(super) use self::{
    catch_up::{catch_up, catch_up_all},
    due::{wake, withdraw_sooner},
};
pub use self::{lineage::Lineage, turn::Turn};

use super::{
    Store, StoreError,
    engine::on,
    values::{Moment, at, moment, text},
};
use crate::{
    domain::{
        connection::CalendarId,
        ids::{BookingId, BusinessId, ConnectionId, PlacementId},
    },
    ports::calendar::{EventKey, Interval, Placed},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlacementState {
    /// It is to stand there, and perhaps does.
    Placing,
    Placed,
    /// It is to be taken away, and perhaps still stands.
    Withdrawing,
    /// It does not stand there, and will not again: its key is used up.
    Gone,
}

impl PlacementState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Placing => "placing",
            Self::Placed => "placed",
            Self::Withdrawing => "withdrawing",
            Self::Gone => "gone",
        }
    }
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    pub id: PlacementId,
    pub business: BusinessId,
    /// What it stands for. A move hands it on.
    pub booking: BookingId,
    pub connection: ConnectionId,
    pub calendar: CalendarId,
    /// What the vendor's side is marked with: made for the first booking it stood for, and kept.
    pub key: EventKey,
    pub state: PlacementState,
    /// When the request that makes it left last. Set: look for it before another leaves.
    pub asked: Option<Timestamp>,
    pub placed: Option<Placed>,
    /// As it was written last; nothing: it never stood, as far as is known.
    pub stands: Option<Interval>,
    /// As it is to stand.
    pub wanted: Interval,
    /// Of what was written last; empty: nothing was, or it is not known what.
    pub digest: String,
    /// How often it was looked at in vain.
    pub tries: i32,
    /// When somebody has to look at it again; nothing: all is as it should be.
    pub due: Option<Timestamp>,
    /// How often it was to be put back where it belongs, because its owner took back here what they had done there.
    pub put_back: i32,
    pub created: Timestamp,
}

/// The shortest day has so many hours.
const WHOLE_DAY: SignedDuration = SignedDuration::from_hours(23);

impl Placement {
    /// Whether an event that is at `when` begins when this one is known to, or is about to. That it was made longer or shorter
    /// is its owner's business: how long an appointment takes is a matter of its service. So is a whole day that was made of
    /// its own day: it says no hour.
    pub fn begins(&self, when: Interval) -> bool {
        let whole_days = self.is_whole_days(when);
        let begins = |known: Interval| {
            known.from == when.from || (whole_days && when.from <= known.from && known.from < when.to)
        };
        self.stands.is_some_and(begins) || begins(self.wanted)
    }

    /// Whether an event was made one of whole days.
    pub fn is_whole_days(&self, when: Interval) -> bool {
        let lasts = |it: Interval| it.to.duration_since(it.from);
        lasts(when) >= WHOLE_DAY && lasts(self.wanted) < WHOLE_DAY
    }

    /// From the earlier to the later of what it may show.
    pub fn reach(&self) -> Interval {
        let stands = self.stands.unwrap_or(self.wanted);
        Interval { from: stands.from.min(self.wanted.from), to: stands.to.max(self.wanted.to) }
    }
}

/// Times that a calendar may show as busy because of us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTime {
    pub connection: ConnectionId,
    pub calendar: CalendarId,
    pub when: Interval,
}

macro_rules! columns {
    () => {
        "id, business_id, booking_id, connection_id, calendar, key_booking, generation, state, asked_at, vendor_id, etag, \
         link, meeting, stands_from, stands_to, wanted_from, wanted_to, digest, tries, due_at, put_back, created_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Uuid,
    booking_id: Uuid,
    connection_id: Uuid,
    calendar: String,
    key_booking: Uuid,
    generation: i32,
    state: String,
    asked_at: Option<Moment>,
    vendor_id: Option<String>,
    etag: Option<String>,
    link: Option<String>,
    meeting: Option<String>,
    stands_from: Option<Moment>,
    stands_to: Option<Moment>,
    wanted_from: Moment,
    wanted_to: Moment,
    digest: String,
    tries: i32,
    due_at: Option<Moment>,
    put_back: i32,
    created_at: Moment,
}

fn interval(from: Option<Moment>, to: Option<Moment>) -> Option<Interval> {
    Some(Interval { from: moment(from?), to: moment(to?) })
}

impl TryFrom<Row> for Placement {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let broken = |what| StoreError::Inconsistent { what };
        let placed = row.vendor_id.map(|id| Placed { id, etag: row.etag, link: row.link, meeting: row.meeting });
        Ok(Self {
            id: PlacementId(row.id),
            business: BusinessId(row.business_id),
            booking: BookingId(row.booking_id),
            connection: ConnectionId(row.connection_id),
            calendar: CalendarId::new(row.calendar).ok_or(broken("placements.calendar"))?,
            key: EventKey {
                booking: BookingId(row.key_booking),
                generation: u16::try_from(row.generation).map_err(|_| broken("placements.generation"))?,
            },
            state: match row.state.as_str() {
                "placing" => PlacementState::Placing,
                "placed" => PlacementState::Placed,
                "withdrawing" => PlacementState::Withdrawing,
                "gone" => PlacementState::Gone,
                _ => return Err(broken("placements.state")),
            },
            asked: row.asked_at.map(moment),
            placed,
            stands: interval(row.stands_from, row.stands_to),
            wanted: Interval { from: moment(row.wanted_from), to: moment(row.wanted_to) },
            digest: row.digest,
            tries: row.tries,
            due: row.due_at.map(moment),
            put_back: row.put_back,
            created: moment(row.created_at),
        })
    }
}

impl Store {
    /// All that ever stood for a booking, in the order in which they were made.
    pub async fn placements_of(&self, booking: BookingId) -> Result<Vec<Placement>, StoreError> {
        let sql = concat!("select ", columns!(), " from placements where booking_id = $1 order by created_at, id");
        let rows = on!(&self.write, db => sqlx::query_as::<_, Row>(sql).bind(booking.0).fetch_all(db).await)?;
        rows.into_iter().map(Placement::try_from).collect()
    }

    /// Addresses of what stands for a booking, as the vendor gave them with it (of an event, its video call), with the
    /// provider's name.
    pub async fn meetings_of(&self, booking: BookingId) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "select connections.provider, placements.meeting from placements
            join connections on connections.id = placements.connection_id
            where placements.booking_id = $1 and placements.state = 'placed' and placements.meeting is not null
            order by placements.created_at, placements.id";
        Ok(on!(&self.read, db => sqlx::query_as::<_, (String, String)>(sql).bind(booking.0).fetch_all(db).await)?)
    }

    /// One of them.
    pub async fn placement(&self, id: PlacementId) -> Result<Option<Placement>, StoreError> {
        let sql = concat!("select ", columns!(), " from placements where id = $1");
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(id.0).fetch_optional(db).await)?;
        row.map(Placement::try_from).transpose()
    }

    /// What stands in a calendar from a moment on, as far as we know.
    pub async fn placed_in(
        &self,
        connection: ConnectionId,
        calendar: &str,
        from: Timestamp,
    ) -> Result<Vec<Placement>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from placements where connection_id = $1 and calendar = $2 and state = 'placed' and reach_to > $3
            order by reach_from, id"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(connection.0).bind(calendar).bind(at(from)).fetch_all(db).await)?;
        rows.into_iter().map(Placement::try_from).collect()
    }

    /// Whether anything that is not over stands in a calendar of an account, or is to; in any of it, without one.
    pub async fn is_kept_in(
        &self,
        connection: ConnectionId,
        calendar: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "select count(*) from placements where connection_id = $1 and (calendar = $2 or $2 is null)
            and state in ('placing', 'placed') and reach_to > $3";
        let kept = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(connection.0).bind(calendar).bind(at(now)).fetch_one(db).await)?;
        Ok(kept > 0)
    }

    /// What stands in an account and begins in a range, as far as we know.
    pub async fn placed_of(&self, connection: ConnectionId, range: Interval) -> Result<Vec<Placement>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from placements where connection_id = $1 and state = 'placed' and stands_from >= $2 and stands_from < $3
            order by stands_from, id"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(connection.0).bind(at(range.from)).bind(at(range.to)).fetch_all(db).await)?;
        rows.into_iter().map(Placement::try_from).collect()
    }

    /// The one behind what a vendor calls so, and which still counts.
    pub async fn placement_by_vendor(
        &self,
        connection: ConnectionId,
        vendor_id: &str,
    ) -> Result<Option<Placement>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from placements where connection_id = $1 and vendor_id = $2 and state <> 'gone'
            order by created_at desc limit 1"
        );
        let row = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(connection.0).bind(vendor_id).fetch_optional(db).await)?;
        row.map(Placement::try_from).transpose()
    }

    /// What a business's calendars may show as busy in from ≤ t < to because of appointments that the ledger keeps that time
    /// for. Where an event still stands that was moved or cancelled here, or that its owner has moved, something else may be at
    /// that time, too, and nobody can tell: it is busy until the event is gone.
    pub async fn own_times(&self, business: BusinessId, range: Interval) -> Result<Vec<OwnTime>, StoreError> {
        let sql = "select connection_id, calendar, wanted_from, wanted_to from placements
            where business_id = $1 and state <> 'gone' and reach_to > $2 and reach_from < $3
                and exists (select 1 from bookings where bookings.id = placements.booking_id
                    and bookings.status in ('held', 'confirmed'))";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (Uuid, String, Moment, Moment)>(sql)
            .bind(business.0).bind(at(range.from)).bind(at(range.to)).fetch_all(db).await)?;
        let own = |(connection, calendar, from, to): (Uuid, String, Moment, Moment)| {
            let when = Interval { from: moment(from), to: moment(to) };
            Some(OwnTime { connection: ConnectionId(connection), calendar: CalendarId::new(calendar)?, when })
        };
        let mut own: Vec<_> = rows.into_iter().filter_map(own).collect();
        own.extend(super::following::carried(self, business, range).await?);
        Ok(own)
    }

    /// Writes a new one. False: it is no longer our turn, or there is one of this key already.
    pub async fn begin_placement(&self, turn: &Turn, placement: &Placement) -> Result<bool, StoreError> {
        let sql = concat!(
            "insert into placements (",
            columns!(),
            ", reach_from, reach_to)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23, $24
            where exists (select 1 from placement_turns where booking_id = $25 and holder = $26 and provider = $27)
            on conflict do nothing"
        );
        let (placed, reach) = (placement.placed.as_ref(), placement.reach());
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(placement.id.0)
            .bind(placement.business.0)
            .bind(placement.booking.0)
            .bind(placement.connection.0)
            .bind(placement.calendar.as_str())
            .bind(placement.key.booking.0)
            .bind(i32::from(placement.key.generation))
            .bind(placement.state.as_str())
            .bind(placement.asked.map(at))
            .bind(placed.map(|placed| text(&placed.id)))
            .bind(placed.and_then(|placed| placed.etag.as_deref()).map(text))
            .bind(placed.and_then(|placed| placed.link.as_deref()).map(text))
            .bind(placed.and_then(|placed| placed.meeting.as_deref()).map(text))
            .bind(placement.stands.map(|stands| at(stands.from)))
            .bind(placement.stands.map(|stands| at(stands.to)))
            .bind(at(placement.wanted.from))
            .bind(at(placement.wanted.to))
            .bind(&placement.digest)
            .bind(placement.tries)
            .bind(placement.due.map(at))
            .bind(placement.put_back)
            .bind(at(placement.created))
            .bind(at(reach.from))
            .bind(at(reach.to))
            .bind(turn.root.0)
            .bind(turn.holder)
            .bind(turn.provider)
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    /// Writes what it has become. False: it is no longer our turn.
    pub async fn write_placement(&self, turn: &Turn, placement: &Placement) -> Result<bool, StoreError> {
        let sql = "update placements set booking_id = $2, generation = $3, state = $4, asked_at = $5, vendor_id = $6,
                etag = $7, link = $8, meeting = $9, wanted_from = $12, wanted_to = $13, reach_from = $14, reach_to = $15,
                tries = $17,
                stands_from = case when put_back = $22 then $10 else stands_from end,
                stands_to = case when put_back = $22 then $11 else stands_to end,
                digest = case when put_back = $22 then $16 else '' end,
                due_at = case when put_back = $22 or $4 = 'gone' then $18 else due_at end
            where id = $1 and exists (select 1 from placement_turns where booking_id = $19 and holder = $20 and provider = $21)";
        let (placed, reach) = (placement.placed.as_ref(), placement.reach());
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(placement.id.0)
            .bind(placement.booking.0)
            .bind(i32::from(placement.key.generation))
            .bind(placement.state.as_str())
            .bind(placement.asked.map(at))
            .bind(placed.map(|placed| text(&placed.id)))
            .bind(placed.and_then(|placed| placed.etag.as_deref()).map(text))
            .bind(placed.and_then(|placed| placed.link.as_deref()).map(text))
            .bind(placed.and_then(|placed| placed.meeting.as_deref()).map(text))
            .bind(placement.stands.map(|stands| at(stands.from)))
            .bind(placement.stands.map(|stands| at(stands.to)))
            .bind(at(placement.wanted.from))
            .bind(at(placement.wanted.to))
            .bind(at(reach.from))
            .bind(at(reach.to))
            .bind(&placement.digest)
            .bind(placement.tries)
            .bind(placement.due.map(at))
            .bind(turn.root.0)
            .bind(turn.holder)
            .bind(turn.provider)
            .bind(placement.put_back)
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    /// A visit that its vendor has given another name when it was moved there: that one stands now. Until its booking
    /// follows, it is ours in both places. False: it is not placed (any more).
    pub async fn moved_placement(
        &self,
        placement: &Placement,
        placed: &Placed,
        when: Interval,
    ) -> Result<bool, StoreError> {
        let reach = Placement { stands: Some(when), ..placement.clone() }.reach();
        let sql = "update placements set stands_from = $2, stands_to = $3, vendor_id = $4, link = $5, meeting = $6,
                reach_from = $7, reach_to = $8
            where id = $1 and state = 'placed'";
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(placement.id.0)
            .bind(at(when.from))
            .bind(at(when.to))
            .bind(text(&placed.id))
            .bind(placed.link.as_deref().map(text))
            .bind(placed.meeting.as_deref().map(text))
            .bind(at(reach.from))
            .bind(at(reach.to))
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    /// Its owner has put it into another calendar of the account. False: it is not placed (any more).
    pub async fn rehoused(
        &self,
        placement: &Placement,
        calendar: &CalendarId,
        placed: &Placed,
    ) -> Result<bool, StoreError> {
        let sql = "update placements set calendar = $3, vendor_id = $4, etag = $5, link = $6
            where id = $1 and calendar = $2 and state = 'placed'";
        let done = on!(&self.write, db => sqlx::query(sql)
            .bind(placement.id.0)
            .bind(placement.calendar.as_str())
            .bind(calendar.as_str())
            .bind(text(&placed.id))
            .bind(placed.etag.as_deref().map(text))
            .bind(placed.link.as_deref().map(text))
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    /// How many requests for a booking have left for a connection since then, for what its vendor allows.
    pub async fn placements_asked(&self, connection: ConnectionId, since: Timestamp) -> Result<u32, StoreError> {
        let sql = "select count(*) from placements where connection_id = $1 and asked_at > $2";
        let count = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(connection.0).bind(at(since)).fetch_one(db).await)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
