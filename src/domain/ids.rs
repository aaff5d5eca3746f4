//! Names for things, so that a call can never be passed where a booking is meant.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A business whose phone we answer.
    BusinessId
);
id!(
    /// Something a business offers.
    ServiceId
);
id!(
    /// A person (or a chair, a bay, a room) that can be booked.
    StaffId
);
id!(
    /// One appointment, held or confirmed. A hold keeps its id when it is confirmed.
    BookingId
);
id!(
    /// Time that a business keeps for itself.
    BlockId
);
id!(
    /// One telephone call or one conversation in the browser.
    CallId
);
id!(
    /// A business's settings as somebody typed them, to be tried.
    DraftId
);
id!(
    /// A message that a caller left for the business.
    MessageId
);
id!(
    /// One row of the outbox.
    OutboxId
);
id!(
    /// What somebody wants done with a live call.
    CommandId
);
id!(
    /// Somebody who signs in to the owner's pages.
    UserId
);
id!(
    /// One browser that somebody is signed in with, as the list of sessions calls it. Not the secret in its cookie.
    SessionId
);
id!(
    /// A program's key to one business's API, as the list of keys calls it. Not the key itself.
    ApiKeyId
);
id!(
    /// One line of the audit log.
    DeedId
);
id!(
    /// An invitation into a business, as the team's page calls it. Not the secret in its address.
    InvitationId
);
id!(
    /// One erasure, which stays known when what it erased is gone.
    ErasureId
);
id!(
    /// Somebody who books, by the number they call from.
    CustomerId
);
id!(
    /// An account at a calendar's or a booking system's vendor that a business has connected.
    ConnectionId
);
id!(
    /// What stands in somebody's calendar for a booking of ours.
    PlacementId
);
id!(
    /// Something that the owner did in their own calendar, and that Deskbell has yet to follow.
    WishId
);
