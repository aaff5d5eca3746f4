//! People who sign in: what they may do in a business.

pub mod device;
pub mod password;
pub mod patience;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{email::EmailAddress, ids::UserId};

/// What somebody is in a business. Ordered: an owner may do all that staff may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees calls, customers and the calendar, and changes bookings.
    Staff,
    /// All of that, and the settings, the team, keys and data.
    Owner,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Owner => "owner",
        }
    }
}

/// Neither "owner" nor "staff".
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is owner or staff")]
pub struct NoSuchRole;

impl FromStr for Role {
    type Err = NoSuchRole;

    fn from_str(text: &str) -> Result<Self, NoSuchRole> {
        [Self::Staff, Self::Owner].into_iter().find(|role| role.as_str() == text).ok_or(NoSuchRole)
    }
}

/// Somebody who signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: EmailAddress,
    /// As they want to be called; personal data.
    pub name: String,
}
