//! What a business has connected: an account at a vendor of calendars or of bookings, and what is used of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    business::Business,
    ids::{BusinessId, ConnectionId, ServiceId, StaffId},
};

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
    /// Whose it is; nothing: the whole business's, and what is used of it is everybody's or one member's.
    pub staff: Option<StaffId>,
    pub account: Account,
    pub choice: Choice,
    pub state: ConnectionState,
    pub health: Health,
    /// Grows with every change, so that two editors notice each other.
    pub version: i32,
    pub created: Timestamp,
}

/// What is used of an account. Callers ask the [`Connection`], which knows for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// Busy there is busy for everybody.
    pub blocks: Vec<CalendarId>,
    /// Appointments are written there, unless whoever they are with has a calendar of their own for it.
    pub receives: Option<CalendarId>,
    /// What one member has besides, in an account of the whole business. Those who have left it count for nothing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<StaffId, Part>,
    /// For vendors that decide by their own rules: which of their kinds of appointment stands for which service.
    pub kinds: BTreeMap<ServiceId, CalendarId>,
    /// A video meeting is made with each appointment, where the vendor has them.
    pub meeting: bool,
}

/// One member's part of an account. A calendar may be in several: a room that two share, one calendar for all trainees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// Busy there is busy for them.
    pub blocks: Vec<CalendarId>,
    /// Appointments with them are written there.
    pub receives: Option<CalendarId>,
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

/// Whom a calendar's busy times are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everybody whom the account [concerns](Connection::concerns).
    All,
    Members(BTreeSet<StaffId>),
}

impl Connection {
    /// Whether its answers count for a member of staff.
    pub fn concerns(&self, staff: StaffId) -> bool {
        self.staff.is_none_or(|own| own == staff)
    }

    pub fn is_active(&self) -> bool {
        self.state == ConnectionState::Active
    }

    /// The same without the parts of those who have left the business: what was theirs is neither read nor missed.
    #[must_use]
    pub fn of(mut self, business: &Business) -> Self {
        self.choice.members.retain(|staff, _| business.member(*staff).is_some());
        self
    }

    /// Parts of members; somebody's own account has none.
    fn parts(&self) -> impl Iterator<Item = (StaffId, &Part)> {
        let parts = self.staff.is_none().then_some(&self.choice.members);
        parts.into_iter().flatten().map(|(staff, part)| (*staff, part))
    }

    fn part(&self, staff: StaffId) -> Option<&Part> {
        self.parts().find(|(of, _)| *of == staff).map(|(_, part)| part)
    }

    /// Every calendar that blocks, each once, and for whom.
    pub fn blocking(&self) -> Vec<(&CalendarId, Whom)> {
        let mut all: Vec<(&CalendarId, Whom)> = Vec::new();
        for calendar in &self.choice.blocks {
            if !all.iter().any(|(known, _)| *known == calendar) {
                all.push((calendar, Whom::All));
            }
        }
        for (staff, part) in self.parts() {
            for calendar in &part.blocks {
                match all.iter_mut().find(|(known, _)| *known == calendar) {
                    Some((_, Whom::All)) => {}
                    Some((_, Whom::Members(members))) => {
                        members.insert(staff);
                    }
                    None => all.push((calendar, Whom::Members(BTreeSet::from([staff])))),
                }
            }
        }
        all
    }

    /// Whether busy in a calendar of [`blocking`](Self::blocking) is busy for a member of staff.
    pub fn blocks(&self, whom: &Whom, staff: StaffId) -> bool {
        match whom {
            Whom::All => self.concerns(staff),
            Whom::Members(members) => members.contains(&staff),
        }
    }

    /// Where appointments with a member of staff are written because that calendar is theirs: the account is, or their part
    /// of it says so.
    pub fn receives_own(&self, staff: StaffId) -> Option<&CalendarId> {
        match self.staff {
            Some(own) if own == staff => self.choice.receives.as_ref(),
            Some(_) => None,
            None => self.part(staff)?.receives.as_ref(),
        }
    }

    /// Where appointments with a member of staff are written: their own calendar comes first.
    pub fn receives(&self, staff: StaffId) -> Option<&CalendarId> {
        self.receives_own(staff).or_else(|| self.choice.receives.as_ref().filter(|_| self.staff.is_none()))
    }

    /// Every calendar that receives appointments.
    pub fn receiving(&self) -> BTreeSet<&CalendarId> {
        self.choice.receives.iter().chain(self.parts().filter_map(|(_, part)| part.receives.as_ref())).collect()
    }

    /// Every calendar or kind of appointment that is used for something.
    pub fn used(&self) -> BTreeSet<&CalendarId> {
        let blocking = self.blocking().into_iter().map(|(calendar, _)| calendar);
        blocking.chain(self.receiving()).chain(self.choice.kinds.values()).collect()
    }

    /// The one member whose appointments alone are written into a calendar.
    pub fn receives_alone(&self, calendar: &CalendarId) -> Option<StaffId> {
        if self.choice.receives.as_ref() == Some(calendar) {
            return self.staff;
        }
        let mut theirs = self.parts().filter(|(_, part)| part.receives.as_ref() == Some(calendar));
        match (theirs.next(), theirs.next()) {
            (Some((staff, _)), None) => Some(staff),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::testing::salon;

    fn calendar(name: &str) -> CalendarId {
        CalendarId::new(name).unwrap()
    }

    fn part(blocks: &[&str], receives: Option<&str>) -> Part {
        Part { blocks: blocks.iter().map(|name| calendar(name)).collect(), receives: receives.map(calendar) }
    }

    fn connection(staff: Option<StaffId>, choice: Choice) -> Connection {
        Connection {
            id: ConnectionId(Uuid::nil()),
            business: salon().id,
            provider: "diary".to_owned(),
            staff,
            account: Account { subject: "1".to_owned(), label: "salon@example.com".to_owned(), home: None },
            choice,
            state: ConnectionState::Active,
            health: Health::default(),
            version: 1,
            created: Timestamp::UNIX_EPOCH,
        }
    }

    /// One calendar is everybody's, one each of two members, and one that they share.
    fn shared() -> (Connection, StaffId, StaffId) {
        let (anna, ben) = (salon().staff[0].id, salon().staff[1].id);
        let choice = Choice {
            blocks: vec![calendar("salon")],
            receives: Some(calendar("salon")),
            members: BTreeMap::from([
                (anna, part(&["anna", "room", "salon"], Some("anna"))),
                (ben, part(&["ben", "room"], None)),
            ]),
            ..Choice::default()
        };
        (connection(None, choice), anna, ben)
    }

    #[test]
    fn busy_in_a_members_calendar_is_busy_for_that_member_alone() {
        let (account, anna, ben) = shared();
        let blocks = |staff| {
            let all = account.blocking().into_iter().filter(|(_, whom)| account.blocks(whom, staff));
            all.map(|(calendar, _)| calendar.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(blocks(anna), ["salon", "anna", "room"]);
        assert_eq!(blocks(ben), ["salon", "room", "ben"]);
        assert_eq!(blocks(StaffId(Uuid::nil())), ["salon"]);
        assert_eq!(account.blocking().len(), 4, "each is read once");
    }

    #[test]
    fn a_members_own_calendar_receives_before_the_one_for_everybody() {
        let (account, anna, ben) = shared();
        assert_eq!(account.receives(anna), Some(&calendar("anna")));
        assert_eq!(account.receives(ben), Some(&calendar("salon")));
        assert_eq!((account.receives_own(ben), account.receiving().len()), (None, 2));
        assert_eq!(account.receives_alone(&calendar("anna")), Some(anna));
        assert_eq!(account.receives_alone(&calendar("salon")), None);
    }

    #[test]
    fn somebodys_own_account_has_no_parts_and_who_has_left_counts_for_nothing() {
        let (account, anna, ben) = shared();
        let own = Connection { staff: Some(ben), ..account.clone() };
        assert_eq!((own.receives(anna), own.receives(ben)), (None, Some(&calendar("salon"))));
        assert_eq!(own.blocking(), [(&calendar("salon"), Whom::All)]);
        assert!(own.blocks(&Whom::All, ben) && !own.blocks(&Whom::All, anna));
        assert_eq!(own.receives_alone(&calendar("salon")), Some(ben));
        let mut smaller = salon();
        smaller.staff.retain(|member| member.id != anna);
        let left = account.of(&smaller);
        assert_eq!((left.receiving().len(), left.used().len()), (1, 3));
    }

    #[test]
    fn what_was_stored_before_members_had_calendars_is_read_and_written_as_it_was() {
        let stored = r#"{"blocks":["a","b"],"receives":"a","kinds":{},"meeting":true}"#;
        let choice: Choice = serde_json::from_str(stored).unwrap();
        assert!(choice.members.is_empty() && choice.blocks.len() == 2);
        assert_eq!(serde_json::to_string(&choice).unwrap(), stored);
        let (account, ..) = shared();
        let written = serde_json::to_string(&account.choice).unwrap();
        assert_eq!(serde_json::from_str::<Choice>(&written).unwrap(), account.choice);
    }
}
