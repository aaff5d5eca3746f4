//! What a business has connected: an account at a vendor of calendars or of bookings, and what is used of it.

use std::{collections::BTreeMap, fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{BusinessId, ConnectionId, ServiceId, StaffId};

/// A vendor's name for one calendar, or for one kind of appointment that it takes bookings for: an id, an address, a path.
/// 1 to 1,024 bytes, no control characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CalendarId(String);

impl CalendarId {
    /// Nothing when it cannot be one.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let good = (1..=1024).contains(&text.len()) && !text.chars().any(char::is_control);
        good.then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CalendarId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text).ok_or("a calendar's id is empty, too long, or has control characters")
    }
}

impl From<CalendarId> for String {
    fn from(id: CalendarId) -> Self {
        id.0
    }
}

/// Many of them are e-mail addresses, so it does not print.
impl fmt::Debug for CalendarId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CalendarId(…)")
    }
}

/// The account at the vendor, as the owner knows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Never changes and is nobody else's at this vendor. Not for showing.
    pub subject: String,
    /// "ann@example.com": to tell one's accounts apart.
    pub label: String,
    /// Where it lives, for vendors that have many servers: an https address.
    pub home: Option<String>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account(…)")
    }
}

/// One connected account.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    pub id: ConnectionId,
    pub business: BusinessId,
    /// The provider's name, as in `ai_config`: `google_calendar`.
    pub provider: String,
    /// Whose it is; nothing: the whole business's, and busy there is busy for everybody.
    pub staff: Option<StaffId>,
    pub account: Account,
    pub choice: Choice,
    pub state: ConnectionState,
    pub health: Health,
    /// Grows with every change, so that two editors notice each other.
    pub version: i32,
    pub created: Timestamp,
}

/// What is used of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// Busy there is busy here.
    pub blocks: Vec<CalendarId>,
    /// Appointments are written there.
    pub receives: Option<CalendarId>,
    /// For vendors that decide by their own rules: which of their kinds of appointment stands for which service.
    pub kinds: BTreeMap<ServiceId, CalendarId>,
    /// A video meeting is made with each appointment, where the vendor has them.
    pub meeting: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// Connected, and nothing chosen yet: not asked about anything.
    Choosing,
    Active,
    /// The vendor does not let us in any more: as if it were not there, until the owner connects it again.
    Reconnect {
        why: Why,
        since: Timestamp,
    },
}

/// Why an account has to be connected again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Access was taken back, or ran out: `invalid_grant`, a wrong password.
    Revoked,
    /// It lets us in, but not do what is needed.
    NotAllowed,
    /// The calendar that was chosen is not there any more.
    CalendarGone,
    /// A new token was given out and lost before it was written down.
    TokenLost,
    /// What opens it cannot be unsealed with this server's keys.
    Unreadable,
}

impl Why {
    pub const ALL: [Self; 5] = [Self::Revoked, Self::NotAllowed, Self::CalendarGone, Self::TokenLost, Self::Unreadable];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::NotAllowed => "not_allowed",
            Self::CalendarGone => "calendar_gone",
            Self::TokenLost => "token_lost",
            Self::Unreadable => "unreadable",
        }
    }
}

impl FromStr for Why {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|why| why.as_str() == text).ok_or(())
    }
}

/// How well it goes. Problems are fixed phrases, never a vendor's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// When it last answered as it should.
    pub well: Option<Timestamp>,
    /// What has been wrong since then, and from when on.
    pub problem: Option<(String, Timestamp)>,
}

impl Connection {
    /// Whether its answers count for a member of staff.
    pub fn concerns(&self, staff: StaffId) -> bool {
        self.staff.is_none_or(|own| own == staff)
    }

    pub fn is_active(&self) -> bool {
        self.state == ConnectionState::Active
    }
}
