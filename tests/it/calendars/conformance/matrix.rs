//! What the suite has to show, and the vendors that have no such thing, each with the reason.

use super::world::ALL;

/// One row of the matrix.
#[derive(Clone, Copy, Debug)]
pub(super) enum Point {
    /// Free, busy, and busy by the time it counts.
    FreeBusyConflict,
    /// 500, 503, a page with 200, half of an answer, one that breaks off, a redirect, ten megabytes.
    Senseless,
    /// 429, with and without a time to wait.
    Limited,
    /// Late, but in time; and too late.
    Slow,
    AllDay,
    Transparent,
    OtherZone,
    /// A series of which one day was taken out and one moved.
    Series,
    /// 02:30 does not exist.
    Gap,
    /// 01:30 comes twice.
    Fold,
    /// The same one made, moved and cancelled a second time, in vain.
    Again,
    /// It was done, nobody knew, and it is made a second time.
    DuplicateCreate,
    TimeoutAfterSend,
    /// What cannot be made under this name, or at this time.
    Conflict409,
    /// Deleted there, and then moved or cancelled here.
    Missing404,
    /// A cursor that is too old.
    Gone410,
    /// Its text was changed there, and then it is moved here.
    Changed412,
    /// Moved there, and then moved here.
    MovedThere,
    /// A token that is not accepted.
    Unauthorized401,
    Revoked,
    Forbidden403,
    CalendarDeleted,
}

const OWN_RULES: &str = "it reads its owner's calendars by itself, and shows only when it can be booked";

impl Point {
    /// Why a vendor has no such case.
    fn not_at(self, vendor: &str) -> Option<&'static str> {
        match (self, vendor) {
            (Self::AllDay | Self::Transparent | Self::OtherZone | Self::Series, "calendly" | "calcom") => {
                Some(OWN_RULES)
            }
            (Self::Gone410, "calendly" | "calcom") => Some("it has no cursors: its visits are listed by their time"),
            (Self::Changed412, "calendly" | "calcom") => Some("a visit has no version, and no text of ours to change"),
            (Self::Unauthorized401, "caldav" | "calcom") => {
                Some("what an owner has typed is not renewed: not accepted is taken back, as in `Revoked`")
            }
            _ => None,
        }
    }

    pub(super) fn vendors(self) -> impl Iterator<Item = &'static str> {
        ALL.into_iter().filter(move |vendor| self.not_at(vendor).is_none())
    }

    /// All of its vendors, one after the other: a desk that is kept waiting by a busy machine calls a calendar unread.
    pub(super) async fn each(self, case: impl AsyncFn(&'static str)) {
        for vendor in self.vendors() {
            case(vendor).await;
        }
    }
}
