//! Asking vendors to report changes, and asking again before they stop.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
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
        following::{Hooking, NewHook},
    },
};

/// A vendor asks our address while it answers, and takes its time.
const ASKING: Duration = Duration::from_secs(30);
/// When a hook that could not be looked after is looked at again.
pub(super) const AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// One that has no end, or that a vendor does not do, is looked at so often.
const DAILY: SignedDuration = SignedDuration::from_hours(24);

impl Follower {
    /// A calendar that no vendor reports on is watched from now on, if its vendor can reach us.
    pub(super) async fn hook_up(&self, connection: &Connection, calendar: &str) -> Result<(), StoreError> {
        if self.origin.is_none() || !self.store.hooks_of(connection.id, calendar).await?.is_empty() {
            return Ok(());
        }
        let Some(account) = self.account(connection.business, connection.id).await? else { return Ok(()) };
        self.begin(&account, calendar).await.map(drop)
    }

    /// The row stands before the vendor is asked: some ask our address at once. Whether it reports from now on.
    async fn begin(&self, account: &Account, calendar: &str) -> Result<bool, StoreError> {
        let (connection, now) = (&account.connection, self.clock.now());
        let Some(origin) = &self.origin else { return Ok(false) };
        let Some(id) = fresh() else { return Ok(false) };
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
                self.store.hook_stands(&id, &watch, due_of(&watch, now)).await?;
                Ok(true)
            }
            // This vendor, or this calendar, has none. The row says that it was tried; it is tried again tomorrow.
            Ok(None) => {
                let never = Watch { id: String::new(), resource: None, until: Some(now) };
                self.store.hook_stands(&id, &never, now + DAILY).await?;
                Ok(false)
            }
            Err(trouble) => {
                debug!(connection.id = %connection.id, "connection {} is not watched: {trouble}", connection.id);
                Ok(false)
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

    /// One that is due: it runs out soon, or it is to be asked whether it still stands.
    pub(super) async fn look_after(&self, hook: &Hooking) -> Result<(), StoreError> {
        let Some(account) = self.account(hook.business, hook.connection).await? else { return Ok(()) };
        if !followed(&account.connection, &account.vendor).contains(&hook.calendar) {
            self.end(&account, hook).await;
            return self.store.remove_hook(&hook.id).await;
        }
        if self.still_stands(&account, hook).await {
            let now = self.clock.now();
            if let Some(watch) = &hook.watch {
                self.store.hook_stands(&hook.id, watch, due_of(watch, now)).await?;
            }
            return Ok(());
        }
        // The new one first: nothing is missed in between, and the same reported twice does no harm.
        if self.begin(&account, &hook.calendar).await? || hook.watch.is_none() {
            self.end(&account, hook).await;
            self.store.remove_hook(&hook.id).await?;
        }
        Ok(())
    }

    async fn still_stands(&self, account: &Account, hook: &Hooking) -> bool {
        let (Some(watch), now) = (&hook.watch, self.clock.now()) else { return false };
        if watch.id.is_empty() || watch.until.is_some_and(|until| now + margin(until, now) >= until) {
            return false;
        }
        match &account.vendor.kind {
            Kind::Diary(_) => true,
            Kind::Scheduler(scheduler) => {
                let asking = self
                    .opener
                    .ask(&account.connection, |access| async move { scheduler.watches(&access, watch).await });
                // Who does not answer today is asked tomorrow.
                timeout(ASKING, asking).await.is_ok_and(|answer| answer.unwrap_or(true))
            }
        }
    }

    /// As well as it goes: it runs out by itself.
    async fn end(&self, account: &Account, hook: &Hooking) {
        let Some(watch) = hook.watch.as_ref().filter(|watch| !watch.id.is_empty()) else { return };
        let vendor = &account.vendor;
        let ending = self.opener.ask(&account.connection, |access| async move { vendor.unwatch(&access, watch).await });
        if let Ok(Err(trouble)) = timeout(ASKING, ending).await {
            debug!(connection.id = %hook.connection, "a watch could not be ended: {trouble}");
        }
    }
}

/// A day before its end, or a third of what is left.
fn margin(until: Timestamp, now: Timestamp) -> SignedDuration {
    (until.duration_since(now) / 3).clamp(SignedDuration::ZERO, DAILY)
}

fn due_of(watch: &Watch, now: Timestamp) -> Timestamp {
    watch.until.map_or(now + DAILY, |until| (until - margin(until, now)).min(now + DAILY))
}

/// 128 random bits that may stand in an address.
fn fresh() -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_is_renewed_before_it_ends_and_looked_at_every_day() {
        let now: Timestamp = "2026-12-03T13:00:00Z".parse().unwrap();
        let due = |hours: i64| {
            let until = Some(now + SignedDuration::from_hours(hours));
            due_of(&Watch { id: "1".to_owned(), resource: None, until }, now).duration_since(now).as_hours()
        };
        assert_eq!((due(7 * 24), due(30), due(3)), (24, 20, 2));
        assert_eq!(due_of(&Watch { id: "1".to_owned(), resource: None, until: None }, now), now + DAILY);
    }
}
