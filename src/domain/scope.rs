//! What a key to a business's API may do. A key has the fewest scopes that its program needs.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// One thing that a program may do in one business. In the order in which they are listed and stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    BookingsRead,
    BookingsWrite,
    SlotsRead,
    CallsRead,
    SettingsRead,
    SettingsWrite,
}

impl Scope {
    pub const ALL: [Self; 6] = [
        Self::BookingsRead,
        Self::BookingsWrite,
        Self::SlotsRead,
        Self::CallsRead,
        Self::SettingsRead,
        Self::SettingsWrite,
    ];

    /// As it is stored and documented.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BookingsRead => "bookings:read",
            Self::BookingsWrite => "bookings:write",
            Self::SlotsRead => "slots:read",
            Self::CallsRead => "calls:read",
            Self::SettingsRead => "settings:read",
            Self::SettingsWrite => "settings:write",
        }
    }

    /// What it opens, for whoever makes a key.
    pub const fn about(self) -> &'static str {
        match self {
            Self::BookingsRead => "see appointments, with customers' names and numbers",
            Self::BookingsWrite => "book, move and cancel appointments",
            Self::SlotsRead => "see free times",
            Self::CallsRead => "see calls with what was said, and messages that callers left",
            Self::SettingsRead => "see the business: hours, services, staff, rules",
            Self::SettingsWrite => "change the business",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not the name of a scope.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no such scope")]
pub struct NoSuchScope;

impl FromStr for Scope {
    type Err = NoSuchScope;

    fn from_str(text: &str) -> Result<Self, NoSuchScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(NoSuchScope)
    }
}

/// The scopes of one key: in order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        let mut scopes: Vec<_> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }
}

/// "bookings:read slots:read".
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&names.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = NoSuchScope;

    fn from_str(text: &str) -> Result<Self, NoSuchScope> {
        text.split_whitespace().map(str::parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_they_were_written() {
        let scopes = Scopes::from_iter([Scope::SlotsRead, Scope::BookingsRead, Scope::SlotsRead]);
        assert_eq!(scopes.to_string(), "bookings:read slots:read");
        assert_eq!(scopes.to_string().parse(), Ok(scopes));
        assert_eq!("bookings:read everything".parse::<Scopes>(), Err(NoSuchScope));
        assert!(Scope::ALL.iter().all(|scope| scope.as_str().parse() == Ok(*scope)));
    }
}
