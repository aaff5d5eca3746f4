//! One thing in one calendar: looking for it, putting it there, changing it, taking it away. The same for vendors that have
//! events and for those that have bookings.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use super::wording;
use crate::{
    calendars::opener::Opener,
    domain::{
        booking::Booking,
        business::Business,
        connection::{CalendarId, Connection},
    },
    ports::calendar::{Booked, Diary, Event, EventKey, Interval, Placed, Scheduler, Trouble, Visit, Words},
};

/// For one request.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a vendor is for us.
#[derive(Clone)]
pub(in crate::calendars) enum Side {
    Diary(Arc<dyn Diary>),
    /// `alias`: the domain that addresses for callers without one are made in.
    Scheduler {
        vendor: Arc<dyn Scheduler>,
        alias: Option<Arc<str>>,
    },
}

impl Side {
    /// Whether what stands for a booking can be moved to the time of the one that takes its place.
    pub(super) fn moves(&self) -> bool {
        match self {
            Self::Diary(_) => true,
            Self::Scheduler { vendor, .. } => vendor.moves(),
        }
    }
}

/// What is to stand, or stood.
#[derive(Clone, Copy)]
pub(super) struct What<'a> {
    pub business: &'a Business,
    pub booking: &'a Booking,
    pub key: EventKey,
    pub when: Interval,
}

/// A calendar of a connection, to be asked with good access and in good time.
pub(super) struct Hand<'a> {
    pub opener: &'a Opener,
    pub connection: &'a Connection,
    pub calendar: &'a CalendarId,
    pub side: &'a Side,
}

impl Hand<'_> {
    fn event(&self, what: What<'_>) -> Event {
        wording::event(what.business, (self.connection, self.calendar), what.booking, what.key, what.when)
    }

    pub(super) fn digest(&self, what: What<'_>) -> String {
        match self.side {
            Side::Diary(_) => wording::digest(&self.event(what)),
            Side::Scheduler { .. } => wording::digest_of_visit(what.when),
        }
    }

    /// What stands there under a key, and when; a time that is missing means that it was deleted or cancelled.
    pub(super) async fn find(&self, what: What<'_>) -> Result<Option<(Placed, Option<Interval>)>, Trouble> {
        let found = async {
            match self.side {
                Side::Diary(diary) => {
                    let seen = self.opener.ask(self.connection, |access| async move {
                        diary.find(&access, self.calendar, what.key).await
                    });
                    Ok(seen.await?.map(|seen| (seen.placed, seen.when)))
                }
                Side::Scheduler { vendor, alias } => {
                    let visit = &visit(what, alias.as_deref());
                    let seen = self
                        .opener
                        .ask(self.connection, |access| async move { vendor.find(&access, self.calendar, visit).await });
                    Ok(seen.await?.map(|seen| (seen.booked.into(), seen.when)))
                }
            }
        };
        match timeout(PATIENCE, found).await {
            Ok(answer) => answer,
            Err(late) => Err(Trouble::Unavailable(late.into())),
        }
    }

    pub(super) async fn put(&self, what: What<'_>) -> Result<Placed, Trouble> {
        self.write(async {
            match self.side {
                Side::Diary(diary) => {
                    let event = &self.event(what);
                    let placed = self
                        .opener
                        .ask(self.connection, |access| async move { diary.place(&access, self.calendar, event).await });
                    placed.await
                }
                Side::Scheduler { vendor, alias } => {
                    let visit = &visit(what, alias.as_deref());
                    let booking = self.opener.ask(self.connection, |access| async move {
                        match vendor.book(&access, self.calendar, visit).await {
                            // This limit is of bookings alone, for a day perhaps; whatever else is asked is not told to wait.
                            Err(limited @ Trouble::Limited { .. }) => Ok(Err(limited)),
                            made => made.map(Ok),
                        }
                    });
                    booking.await?.map(Placed::from)
                }
            }
        })
        .await
    }

    pub(super) async fn change(&self, placed: &Placed, what: What<'_>, words: Words) -> Result<Placed, Trouble> {
        self.write(async {
            match self.side {
                Side::Diary(diary) => {
                    let event = &self.event(what);
                    let changed = self.opener.ask(self.connection, |access| async move {
                        diary.revise(&access, self.calendar, placed, event, words).await
                    });
                    changed.await
                }
                Side::Scheduler { vendor, .. } => {
                    let booked = &Booked::from(placed);
                    let moved = self.opener.ask(self.connection, |access| async move {
                        vendor.move_to(&access, booked, what.when.from).await
                    });
                    moved.await.map(Placed::from)
                }
            }
        })
        .await
    }

    pub(super) async fn take_away(&self, placed: &Placed) -> Result<(), Trouble> {
        self.write(async {
            match self.side {
                Side::Diary(diary) => {
                    let gone = self.opener.ask(self.connection, |access| async move {
                        diary.withdraw(&access, self.calendar, placed).await
                    });
                    gone.await
                }
                Side::Scheduler { vendor, .. } => {
                    let booked = &Booked::from(placed);
                    let gone =
                        self.opener.ask(self.connection, |access| async move { vendor.cancel(&access, booked).await });
                    gone.await
                }
            }
        })
        .await
    }

    /// What took too long may have been done.
    async fn write<T>(&self, writing: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        match timeout(PATIENCE, writing).await {
            Ok(answer) => answer,
            Err(late) => Err(Trouble::Unknown(late.into())),
        }
    }
}

fn visit(what: What<'_>, alias: Option<&str>) -> Visit {
    wording::visit(what.business, what.booking, what.key, what.when, alias)
}

/// What is kept of a booking elsewhere: the address where it is changed there, as an event's is.
impl From<Booked> for Placed {
    fn from(booked: Booked) -> Self {
        Self { id: booked.id, etag: None, link: booked.change_link, meeting: booked.cancel_link }
    }
}

impl From<&Placed> for Booked {
    fn from(placed: &Placed) -> Self {
        Self { id: placed.id.clone(), cancel_link: placed.meeting.clone(), change_link: placed.link.clone() }
    }
}
