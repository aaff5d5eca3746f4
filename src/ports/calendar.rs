//! What can be asked of a vendor of calendars or of bookings. An adapter knows its vendor and nothing of businesses,
//! tokens' lives or what is kept; `calendars` knows those, and no vendor.
//!
//! Two kinds: a [`Diary`] has busy times and events, so our rules decide what is free (Google, Microsoft, CalDAV). A
//! [`Scheduler`] has its own rules and takes bookings (Calendly, Cal.com), so its rules decide.

use std::{fmt, str::FromStr, time::Duration};

use async_trait::async_trait;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use thiserror::Error;

use crate::domain::{
    connection::{Account, CalendarId, Why},
    ids::BookingId,
    secret::Secret,
};

/// Calendars of one account that are read at a time.
const AT_ONCE: usize = 4;

/// What a request is made with.
#[derive(Clone, Debug)]
pub struct Access {
    /// An access token, an app password, an API key.
    pub secret: Secret,
    pub account: Account,
}

/// Why an answer is not what was asked for, by what can be done about it.
#[derive(Debug, Error)]
pub enum Trouble {
    /// The access token is not good (401): get a new one, once, and ask again.
    #[error("the access token is not accepted")]
    Unauthorized,
    /// Nothing helps but the owner's connecting it again.
    #[error("it has to be connected again")]
    Reconnect(Why),
    /// The event or the booking that was named is not there (404, 410).
    #[error("it is not there")]
    Gone,
    /// It was changed meanwhile, or its id was used up (409, 412): read it again before deciding anew.
    #[error("it was changed meanwhile")]
    Conflict,
    /// Somebody else has that time: only schedulers say so.
    #[error("the time is taken")]
    Taken,
    /// The cursor is too old (410 of a listing): begin from the start.
    #[error("the cursor is too old")]
    Stale,
    /// Over a limit of the vendor's (429, 403 with a rate's reason). `after`: how long it asks us to wait.
    #[error("over the vendor's limit")]
    Limited { after: Option<Duration> },
    /// The request as such is refused, and would be again (400, 422). The words are ours, never the vendor's.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// Nothing was done: not reached, 5xx to a reading, an answer that makes no sense to a reading.
    #[error("it cannot be reached")]
    Unavailable(#[source] anyhow::Error),
    /// A writing was sent and its answer lost or unreadable: find out before sending it again.
    #[error("it is not known whether it was done")]
    Unknown(#[source] anyhow::Error),
}

/// A calendar of an account, or a kind of appointment that it takes bookings for, to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: CalendarId,
    pub name: String,
    /// The account's main one.
    pub primary: bool,
    /// We may write events there.
    pub writable: bool,
    /// Minutes of a kind of appointment.
    pub minutes: Option<u16>,
    /// The page where customers book it by themselves.
    pub page: Option<String>,
}

/// From ≤ t < to, whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// What makes an event ours: the booking it stands for. An id that a vendor burns when an event is deleted is not used
/// again, so each new try has a new generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventKey {
    pub booking: BookingId,
    pub generation: u16,
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.booking, self.generation)
    }
}

/// Reads exactly what it writes: a mark that somebody wrote otherwise is not ours.
impl FromStr for EventKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (booking, generation) = text.split_once('.').ok_or(())?;
        let key = Self { booking: booking.parse().map_err(drop)?, generation: generation.parse().map_err(drop)? };
        if key.to_string() == text { Ok(key) } else { Err(()) }
    }
}

/// An appointment as it is to stand in a calendar.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    pub key: EventKey,
    pub title: String,
    pub description: String,
    pub location: Option<String>,
    pub when: Interval,
    /// IANA, the business's: how the event is shown.
    pub zone: String,
    pub meeting: bool,
}

/// Personal data is in it.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event").field("key", &self.key).field("when", &self.when).finish_non_exhaustive()
    }
}

/// Which words of an event have changed since it was written. The others stay as they stand there: its owner may have made them
/// theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub title: bool,
    pub location: bool,
    pub description: bool,
}

impl Words {
    pub const ALL: Self = Self { title: true, location: true, description: true };
}

/// Where an event stands, as the vendor knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Placed {
    /// An id, an address or a path. At most 1,024 bytes.
    pub id: String,
    /// Which version of it we know.
    pub etag: Option<String>,
    /// Where its owner sees it.
    pub link: Option<String>,
    /// The address of its video meeting, when there is one already.
    pub meeting: Option<String>,
}

impl fmt::Debug for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Placed(…)")
    }
}

/// An event as a listing of changes shows it. Only what is needed: its title is nobody's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub placed: Placed,
    /// Ours, by the mark that we left in it. A copy that the owner made of one of ours may carry the mark, too: compare ids.
    pub key: Option<EventKey>,
    /// Nothing: it was deleted or cancelled.
    pub when: Option<Interval>,
}

/// What has changed since a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    pub seen: Vec<Seen>,
    /// For the next time.
    pub cursor: String,
}

/// Where a vendor is to report changes.
#[derive(Clone, Debug)]
pub struct Hook {
    /// https, with a path of ours that names the connection.
    pub address: String,
    /// What makes a report believable: sent back by the vendor with each, or the key of its signature.
    pub secret: Secret,
    /// Unique to this watch, at most 64 characters of `[A-Za-z0-9_-]`.
    pub id: String,
}

/// A vendor's promise to report changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The vendor's name for it, needed to end it.
    pub id: String,
    pub resource: Option<String>,
    /// Nothing: until it is ended.
    pub until: Option<Timestamp>,
}

/// A request that came to a hook, before anything of it is believed.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// Names in small letters.
    pub headers: &'a [(String, String)],
    /// Decoded, in order.
    pub query: &'a [(String, String)],
    pub body: &'a [u8],
    pub now: Timestamp,
}

/// What a report comes to, when it is believable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Not a report yet: the vendor makes sure that the address is ours, and wants this text back, as `text/plain`.
    Echo(String),
    /// Something has changed; what, a listing tells.
    Changed,
    /// Of a scheduler: this booking was made, moved or cancelled there.
    Booking(SeenVisit),
    /// The vendor will send no more reports: watch again, and list.
    Lost,
    /// Nothing that concerns us.
    Nothing,
    /// Its secret or signature is not ours.
    Forged,
}

/// A vendor whose calendars have busy times and events.
///
/// Every method makes its requests within the time that its caller gives it (dropping the future drops the request), reads
/// at most 2 MiB, follows no redirect and at most 50 pages. None retries: the caller knows what may be repeated.
#[async_trait]
pub trait Diary: Send + Sync {
    /// What the account has, to choose from.
    async fn calendars(&self, access: &Access) -> Result<Vec<Listed>, Trouble>;

    /// When the calendars are busy in from ≤ t < to: recurrences unfolded, what is shown as free left out, all-day events
    /// by the calendar's own zone; merged, sorted, cut to the range. All of the calendars or an error: one that could not
    /// be read is never free. At most 62 days.
    async fn busy(&self, access: &Access, calendars: &[CalendarId], range: Interval) -> Result<Vec<Interval>, Trouble>;

    /// The same of each by itself, in the order of `calendars`: one may keep others busy than another, and what is ours is
    /// taken out of the one that it stands in. In one request where the vendor can.
    async fn busy_each(
        &self,
        access: &Access,
        calendars: &[CalendarId],
        range: Interval,
    ) -> Result<Vec<Vec<Interval>>, Trouble> {
        let mut each = Vec::with_capacity(calendars.len());
        for some in calendars.chunks(AT_ONCE) {
            let asking = some.iter().map(|calendar| self.busy(access, std::slice::from_ref(calendar), range));
            each.extend(try_join_all(asking).await?);
        }
        Ok(each)
    }

    /// Writes a new event. With the same key again, the event that stands there is the answer, after a look that it is
    /// ours. [`Trouble::Conflict`]: the key is used up (the event was deleted since) or its id is somebody else's; take
    /// the next generation.
    async fn place(&self, access: &Access, calendar: &CalendarId, event: &Event) -> Result<Placed, Trouble>;

    /// Brings an event that was placed to what is to stand there: its time, and those of its words that have changed. All
    /// else stays as it is. [`Trouble::Conflict`]: somebody has changed it since `placed`; [`Trouble::Gone`]: it was deleted.
    async fn revise(
        &self,
        access: &Access,
        calendar: &CalendarId,
        placed: &Placed,
        event: &Event,
        words: Words,
    ) -> Result<Placed, Trouble>;

    /// Takes an event away, whatever was changed in it since. One that is gone already is taken away.
    async fn withdraw(&self, access: &Access, calendar: &CalendarId, placed: &Placed) -> Result<(), Trouble>;

    /// The event of a key, when it stands there: what a writing with a lost answer came to.
    async fn find(&self, access: &Access, calendar: &CalendarId, key: EventKey) -> Result<Option<Seen>, Trouble>;

    /// What has changed since a cursor; without one, what stands there from `from` on, as a beginning.
    async fn changes(
        &self,
        access: &Access,
        calendar: &CalendarId,
        cursor: Option<&str>,
        from: Timestamp,
    ) -> Result<Changes, Trouble>;

    /// Asks for reports of changes. Nothing: this vendor has none, so it is looked at again and again.
    async fn watch(&self, access: &Access, calendar: &CalendarId, hook: &Hook) -> Result<Option<Watch>, Trouble>;

    /// Whether a watch still stands, of a vendor that can be asked; some drop one and do not say so.
    async fn watches(&self, _access: &Access, _watch: &Watch) -> Result<bool, Trouble> {
        Ok(true)
    }

    /// Ends a watch. One that is over already is ended.
    async fn unwatch(&self, access: &Access, watch: &Watch) -> Result<(), Trouble>;

    /// Reads a report. `secret` is what the hook was made with.
    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard;
}

/// A visit to be booked at a vendor that keeps its own bookings.
#[derive(Clone, PartialEq, Eq)]
pub struct Visit {
    pub key: EventKey,
    pub starts: Timestamp,
    pub minutes: u16,
    /// IANA, the business's.
    pub zone: String,
    pub name: String,
    /// Always there when the vendor [needs](Scheduler::needs_email) one.
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// BCP 47.
    pub language: String,
    /// For the business to read.
    pub notes: String,
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").field("key", &self.key).field("starts", &self.starts).finish_non_exhaustive()
    }
}

/// A visit that was booked.
#[derive(Clone, PartialEq, Eq)]
pub struct Booked {
    /// The vendor's id of it. At most 1,024 bytes.
    pub id: String,
    /// Where the customer cancels or moves it by themselves, at the vendor's.
    pub cancel_link: Option<String>,
    pub change_link: Option<String>,
}

/// The links open somebody's appointment.
impl fmt::Debug for Booked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Booked(…)")
    }
}

/// A visit as the vendor shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenVisit {
    pub booked: Booked,
    /// Ours, by the mark that we left in it.
    pub key: Option<EventKey>,
    /// Nothing: it was cancelled.
    pub when: Option<Interval>,
    /// The vendor's id of the visit that took this one's place, when it was moved there.
    pub moved_to: Option<String>,
}

/// How often bookings may be made within a time, for one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub within: Duration,
    pub bookings: u32,
}

/// A vendor that decides by its own rules when something can be booked, and keeps the bookings. What is said of
/// [`Diary`]'s methods holds here, too.
#[async_trait]
pub trait Scheduler: Send + Sync {
    /// It takes no booking without an e-mail address.
    fn needs_email(&self) -> bool;

    /// It can move a booking; else the old one is cancelled when the new one stands.
    fn moves(&self) -> bool;

    /// What it allows; counted by us, since it tells only when it is too late. Empty: nothing worth counting.
    fn allowances(&self) -> &'static [Allowance];

    /// The kinds of appointment that the account takes bookings for.
    async fn kinds(&self, access: &Access) -> Result<Vec<Listed>, Trouble>;

    /// When a kind could begin, from ≤ start < to, sorted. At most 31 days.
    async fn free(&self, access: &Access, kind: &CalendarId, range: Interval) -> Result<Vec<Timestamp>, Trouble>;

    /// Books. [`Trouble::Taken`]: not free (any more).
    async fn book(&self, access: &Access, kind: &CalendarId, visit: &Visit) -> Result<Booked, Trouble>;

    /// The booking of a key, when there is one: what a booking with a lost answer came to.
    async fn find(&self, access: &Access, kind: &CalendarId, visit: &Visit) -> Result<Option<SeenVisit>, Trouble>;

    /// Moves a booking, where it [can](Self::moves).
    async fn move_to(&self, access: &Access, booked: &Booked, starts: Timestamp) -> Result<Booked, Trouble>;

    /// Cancels. One that is cancelled or gone already is cancelled.
    async fn cancel(&self, access: &Access, booked: &Booked) -> Result<(), Trouble>;

    /// The visits that begin in a range, ours or not: to compare with what we know.
    async fn visits(&self, access: &Access, range: Interval) -> Result<Vec<SeenVisit>, Trouble>;

    /// A visit that was booked, as it is now, wherever it was moved to since: `booked` is the one that stands. Its key is not
    /// told. [`Trouble::Gone`]: nobody there knows of it.
    async fn stands(&self, access: &Access, booked: &Booked) -> Result<SeenVisit, Trouble>;

    /// As of a [`Diary`], for the account as a whole.
    async fn watch(&self, access: &Access, hook: &Hook) -> Result<Option<Watch>, Trouble>;

    /// Whether a watch still stands: some vendors end one that failed for a day, and do not say so.
    async fn watches(&self, access: &Access, watch: &Watch) -> Result<bool, Trouble>;

    async fn unwatch(&self, access: &Access, watch: &Watch) -> Result<(), Trouble>;

    fn heard(&self, report: Report<'_>, secret: &Secret) -> Heard;
}
