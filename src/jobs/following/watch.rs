//! Asking vendors to report changes, and asking again before they stop.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;
use tracing::debug;

use super::{Account, Follower, followed, hooks::secret_of};
use crate::{
    domain::connection::{CalendarId, Connection},
    ports::{
        calendar::{Hook, Trouble, Watch},
        vendors::Kind,
    },
    store::{
        StoreError,
        following::{Following, Hooking, NewHook},
    },
};

/// A vendor asks our address while it answers, and takes its time.
const ASKING: Duration = Duration::from_secs(30);
/// When a hook that could not be looked after is looked at again.
pub(super) const AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// One that has no end, or that a vendor does not do, is looked at so often.
const DAILY: SignedDuration = SignedDuration::from_hours(24);

/// What came of asking for reports.
enum Begun {
    Stands,
    /// This vendor, or this calendar, has none. The row says that it was tried; it is tried again tomorrow.
    Never,
    /// The row of this id is left: whether its vendor reports there is not known.
    Failed(String),
}

impl Follower {
    /// What is reported of a connection is to be brought in order: each calendar that is followed is watched by this address
    /// of ours, if its vendor can reach us, and nothing else is. Nobody is asked yet: whoever looks after hooks does that.
    /// `hooks`: those that it has.
    pub(super) async fn hook_up(
        &self,
        connection: &Connection,
        calendars: &[String],
        hooks: &[&Hooking],
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        for hook in hooks.iter().filter(|hook| !calendars.contains(&hook.calendar) || !self.is_here(&hook.id)) {
            self.store.hook_is_due(&hook.id, now).await?;
        }
        for calendar in calendars.iter().filter(|calendar| !hooks.iter().any(|hook| hook.calendar == **calendar)) {
            let Some(id) = self.origin.as_deref().and_then(fresh) else { return Ok(()) };
            let (business, connection, calendar) = (connection.business, connection.id, calendar.clone());
            self.store.add_hook(&NewHook { id, business, connection, calendar, due: now, now }).await?;
        }
        Ok(())
    }

    /// The row stands before the vendor is asked: some ask our address at once.
    async fn begin(&self, account: &Account, calendar: &str) -> Result<Begun, StoreError> {
        let (connection, now) = (&account.connection, self.clock.now());
        let Some(origin) = &self.origin else { return Ok(Begun::Never) };
        let Some(id) = fresh(origin) else { return Ok(Begun::Never) };
        let (business, due) = (connection.business, now + AGAIN);
        let new =
            NewHook { id: id.clone(), business, connection: connection.id, calendar: calendar.to_owned(), due, now };
        self.store.add_hook(&new).await?;
        let hook = Hook {
            address: format!("{origin}/hooks/calendar/{}/{id}", connection.id),
            secret: secret_of(&self.key, connection.id, &id),
            id: id.clone(),
        };
        match self.ask_to_watch(account, calendar, &hook).await {
            Ok(Some(watch)) => {
                if self.store.hook_stands(&id, &watch, due_of(&watch, now, now)).await? {
                    return Ok(Begun::Stands);
                }
                // It was disconnected while its vendor was asked.
                self.end(account, &watch).await;
                Ok(Begun::Never)
            }
            Ok(None) => {
                let never = Watch { id: String::new(), resource: None, until: Some(now) };
                self.store.hook_stands(&id, &never, now + DAILY).await?;
                Ok(Begun::Never)
            }
            Err(trouble) => {
                debug!(connection.id = %connection.id, "connection {} is not watched: {trouble}", connection.id);
                Ok(Begun::Failed(id))
            }
        }
    }

    async fn ask_to_watch(&self, account: &Account, calendar: &str, hook: &Hook) -> Result<Option<Watch>, Trouble> {
        let asking = async {
            match &account.vendor.kind {
                Kind::Diary(diary) => {
                    let calendar = &CalendarId::new(calendar).ok_or(Trouble::Refused("it is no calendar"))?;
                    let asking = self
                        .opener
                        .ask(&account.connection, |access| async move { diary.watch(&access, calendar, hook).await });
                    asking.await
                }
                Kind::Scheduler(scheduler) => {
                    let asking = self
                        .opener
                        .ask(&account.connection, |access| async move { scheduler.watch(&access, hook).await });
                    asking.await
                }
            }
        };
        timeout(ASKING, asking).await.unwrap_or_else(|late| Err(Trouble::Unknown(late.into())))
    }

    /// One that is due: it runs out soon, or it is to be asked whether it still stands. One row is left for a calendar that
    /// is followed, whatever comes of it.
    pub(super) async fn look_after(&self, hook: &Hooking) -> Result<(), StoreError> {
        let Some(business) = self.store.business(hook.business).await? else { return Ok(()) };
        // One of a connection that has to be connected again waits for that.
        let Some(account) = self.account(&business.business, hook.connection).await? else { return Ok(()) };
        let wanted = self.origin.is_some() && followed(&account.connection, &account.vendor).contains(&hook.calendar);
        if !wanted || self.is_doubled(hook).await? {
            return self.leave(&account, hook).await;
        }
        if self.still_stands(&account, hook).await {
            if let Some(watch) = &hook.watch {
                self.store.hook_stands(&hook.id, watch, due_of(watch, hook.created, self.clock.now())).await?;
            }
            return Ok(());
        }
        // The new one first: nothing is missed in between, and the same reported twice does no harm.
        match self.begin(&account, &hook.calendar).await? {
            // The old one is all there is, for as long as it reports.
            Begun::Failed(new) if real(hook).is_some() => self.store.remove_hook(&new).await,
            Begun::Stands | Begun::Never | Begun::Failed(_) => self.leave(&account, hook).await,
        }
    }

    /// Two processes may have asked for the same: the newest is enough.
    async fn is_doubled(&self, hook: &Hooking) -> Result<bool, StoreError> {
        let (now, all) = (self.clock.now(), self.store.hooks_of(hook.connection).await?);
        let mut newer = all.iter().take_while(|other| other.id != hook.id);
        Ok(newer.any(|other| other.calendar == hook.calendar && self.is_here(&other.id) && reports(other, now)))
    }

    async fn still_stands(&self, account: &Account, hook: &Hooking) -> bool {
        let (Some(watch), now) = (real(hook), self.clock.now()) else { return false };
        if !self.is_here(&hook.id) || watch.until.is_some_and(|until| now >= renewed(until, hook.created)) {
            return false;
        }
        let asking = async {
            match &account.vendor.kind {
                Kind::Diary(diary) => {
                    let asking = self
                        .opener
                        .ask(&account.connection, |access| async move { diary.watches(&access, watch).await });
                    asking.await
                }
                Kind::Scheduler(scheduler) => {
                    let asking = self
                        .opener
                        .ask(&account.connection, |access| async move { scheduler.watches(&access, watch).await });
                    asking.await
                }
            }
        };
        // Who does not answer today is asked tomorrow.
        timeout(ASKING, asking).await.is_ok_and(|answer| answer.unwrap_or(true))
    }

    async fn leave(&self, account: &Account, hook: &Hooking) -> Result<(), StoreError> {
        if let Some(watch) = real(hook) {
            self.end(account, watch).await;
        }
        self.store.remove_hook(&hook.id).await
    }

    /// As well as it goes: it runs out by itself, or nobody listens any more.
    async fn end(&self, account: &Account, watch: &Watch) {
        let vendor = &account.vendor;
        let ending = self.opener.ask(&account.connection, |access| async move { vendor.unwatch(&access, watch).await });
        if let Ok(Err(trouble)) = timeout(ASKING, ending).await {
            debug!(connection.id = %account.connection.id, "a watch could not be ended: {trouble}");
        }
    }

    /// Where its vendor has promised to report all that changes there.
    pub(super) async fn reporting(&self, following: &Following) -> Result<Option<Hooking>, StoreError> {
        let (now, hooks) = (self.clock.now(), self.store.hooks_of(following.connection).await?);
        let mut own = hooks.into_iter().filter(|hook| hook.calendar == following.calendar);
        Ok(own.find(|hook| self.is_here(&hook.id) && reports(hook, now)))
    }

    /// Whether a hook has the address that this server is reached by now: where that changes, vendors go on reporting to
    /// where it was.
    fn is_here(&self, id: &str) -> bool {
        self.origin.as_deref().is_some_and(|origin| id.len() == RANDOM + MARK && id.ends_with(&mark_of(origin)))
    }
}

/// What the vendor has promised; one that it does not do is none.
fn real(hook: &Hooking) -> Option<&Watch> {
    hook.watch.as_ref().filter(|watch| !watch.id.is_empty())
}

fn reports(hook: &Hooking, now: Timestamp) -> bool {
    real(hook).is_some_and(|watch| watch.until.is_none_or(|until| now < until))
}

/// When one of so long a life is made anew: a day before its end, or when two thirds of it are over.
fn renewed(until: Timestamp, created: Timestamp) -> Timestamp {
    until - (until.duration_since(created) / 3).clamp(SignedDuration::ZERO, DAILY)
}

fn due_of(watch: &Watch, created: Timestamp, now: Timestamp) -> Timestamp {
    watch.until.map_or(now + DAILY, |until| renewed(until, created).min(now + DAILY))
}

/// Characters of 128 random bits, and of an origin's mark.
const RANDOM: usize = 22;
const MARK: usize = 8;

/// 128 random bits that may stand in an address, and the mark of the origin before it.
fn fresh(origin: &str) -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes) + &mark_of(origin))
}

fn mark_of(origin: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(origin)[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_is_renewed_before_it_ends_and_looked_at_every_day() {
        let now: Timestamp = "2026-12-03T13:00:00Z".parse().unwrap();
        let watch = |hours: i64| {
            let until = Some(now + SignedDuration::from_hours(hours));
            Watch { id: "1".to_owned(), resource: None, until }
        };
        let due = |hours| due_of(&watch(hours), now, now).duration_since(now).as_hours();
        assert_eq!((due(7 * 24), due(30), due(3)), (24, 20, 2));
        let later =
            |hours| due_of(&watch(70), now, now + SignedDuration::from_hours(hours)).duration_since(now).as_hours();
        assert_eq!((later(24), later(45)), (46, 46), "not later and later, the nearer its end");
        assert_eq!(due_of(&Watch { id: "1".to_owned(), resource: None, until: None }, now, now), now + DAILY);
    }
}
