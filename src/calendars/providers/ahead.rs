//! What calendars say about the time ahead, remembered for a minute, so that a caller who asks hears at once.
//!
//! Time is cut into windows, the first of which is the two weeks that most callers ask about. A window is read once for all
//! who ask, and its reading goes on when they have stopped waiting. What a calendar said before is better than nothing
//! while it cannot be read: whatever is offered is checked again before it is booked.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared, join_all},
};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout};
use tokio_util::task::TaskTracker;

use crate::{
    domain::{connection::CalendarId, ids::ConnectionId},
    ports::calendar::{Interval, Trouble},
};

/// How old an answer may be, from the moment on at which it was asked for.
const FRESH: Duration = Duration::from_mins(1);
/// From here on it is read again in the background when somebody asks.
const AGEING: Duration = Duration::from_secs(40);
/// How old it may be while the calendar cannot be read.
const BETTER_THAN_NOTHING: Duration = Duration::from_mins(15);
/// After a failure the calendar is left alone for so long.
const PAUSE: Duration = Duration::from_secs(4);
/// How long one reading may take. Nobody waits for it so long, but the next one who asks finds it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Calendars that are remembered, and windows of each.
const KEYS: usize = 4_096;
const WINDOWS: usize = 12;

const DAY: i64 = 24 * 3600;
/// The first window: from the day before yesterday, two weeks ahead.
const FIRST: i64 = 17 * DAY;
const LATER: i64 = 28 * DAY;

/// Which calendars of which account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub connection: ConnectionId,
    pub calendars: Vec<CalendarId>,
}

/// A reading, as all who wait for it get it.
pub(super) type Answer<T> = Result<Arc<[T]>, Arc<Trouble>>;
type Flight<T> = Shared<BoxFuture<'static, Answer<T>>>;

struct Window<T> {
    items: Arc<[T]>,
    asked: Instant,
}

struct Entry<T> {
    /// By their beginning, seconds since 1970.
    windows: HashMap<i64, Window<T>>,
    flights: HashMap<i64, Flight<T>>,
    failed: HashMap<i64, (Instant, Arc<Trouble>)>,
    /// Grows when what was said is no longer so: a reading that was begun before is not kept.
    epoch: u64,
    used: Instant,
}

/// Cloning it shares it.
pub(super) struct Ahead<T>(Arc<Inner<T>>);

struct Inner<T> {
    entries: Mutex<HashMap<Key, Entry<T>>>,
    tasks: TaskTracker,
}

impl<T> Clone for Ahead<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone + Send + Sync + 'static> Ahead<T> {
    pub(super) fn new(tasks: TaskTracker) -> Self {
        Self(Arc::new(Inner { entries: Mutex::default(), tasks }))
    }

    /// What is known of the windows that a range touches, one answer each. `read` reads one. What has to be read is begun at
    /// once, and goes on when the future is dropped.
    pub(super) fn get<F, R>(
        &self,
        key: &Key,
        range: Interval,
        now: Timestamp,
        read: F,
    ) -> impl Future<Output = Vec<Answer<T>>> + use<T, F, R>
    where
        F: Fn(Interval) -> R,
        R: Future<Output = Result<Vec<T>, Trouble>> + Send + 'static,
    {
        let waiting = windows(range, now).into_iter().map(|window| self.window(key, window, read(window)));
        join_all(waiting.collect::<Vec<_>>())
    }

    /// What was said of an account is no longer so.
    pub(super) fn forget(&self, connection: ConnectionId) {
        for (_, entry) in self.lock().iter_mut().filter(|(key, _)| key.connection == connection) {
            entry.epoch += 1;
            entry.windows.clear();
            entry.flights.clear();
            entry.failed.clear();
        }
    }

    /// How long ago something was read that can still be answered with; for the tests and whoever is curious.
    #[cfg(test)]
    fn remembered(&self) -> usize {
        self.lock().values().map(|entry| entry.windows.len()).sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Entry<T>>> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One window. What it waits for is begun before the first `await`, so that dropping it drops nothing.
    fn window<R>(&self, key: &Key, window: Interval, read: R) -> impl Future<Output = Answer<T>> + use<T, R>
    where
        R: Future<Output = Result<Vec<T>, Trouble>> + Send + 'static,
    {
        let begun = self.begin(key, window, read);
        let (ahead, key) = (self.clone(), key.clone());
        async move {
            match begun {
                Begun::Known(answer) => answer,
                Begun::Flying(flight) => match flight.await {
                    Ok(items) => Ok(items),
                    Err(trouble) => ahead.stale(&key, window).ok_or(trouble),
                },
            }
        }
    }

    fn begin<R>(&self, key: &Key, window: Interval, read: R) -> Begun<T>
    where
        R: Future<Output = Result<Vec<T>, Trouble>> + Send + 'static,
    {
        let (at, now) = (window.from.as_second(), Instant::now());
        let mut entries = self.lock();
        make_room(&mut entries, key);
        let entry = entries.entry(key.clone()).or_insert_with(|| Entry::new(now));
        entry.used = now;
        let known = entry.windows.get(&at).map(|known| (Arc::clone(&known.items), known.asked.elapsed()));
        if let Some((items, age)) = &known
            && *age < AGEING
        {
            return Begun::Known(Ok(Arc::clone(items)));
        }
        if let Some(flight) = entry.flights.get(&at) {
            return match known {
                Some((items, age)) if age < FRESH => Begun::Known(Ok(items)),
                _ => Begun::Flying(flight.clone()),
            };
        }
        if let Some((failed, trouble)) = entry.failed.get(&at)
            && failed.elapsed() < PAUSE
        {
            let stale = known.filter(|(_, age)| *age < BETTER_THAN_NOTHING).map(|(items, _)| items);
            return Begun::Known(stale.ok_or_else(|| Arc::clone(trouble)));
        }
        let flight = self.fly(key.clone(), at, entry.epoch, now, read);
        entry.flights.insert(at, flight.clone());
        match known {
            Some((items, age)) if age < FRESH => Begun::Known(Ok(items)),
            _ => Begun::Flying(flight),
        }
    }

    /// Reads on a task of its own, and keeps what comes of it.
    fn fly<R>(&self, key: Key, at: i64, epoch: u64, asked: Instant, read: R) -> Flight<T>
    where
        R: Future<Output = Result<Vec<T>, Trouble>> + Send + 'static,
    {
        let ahead = self.clone();
        let flight = async move {
            let answer = timeout(PATIENCE, read).await;
            let answer = answer.unwrap_or_else(|late| Err(Trouble::Unavailable(late.into())));
            let answer: Answer<T> = answer.map(Arc::from).map_err(Arc::new);
            ahead.land(&key, at, epoch, asked, &answer);
            answer
        };
        let flight = flight.boxed().shared();
        let driven = flight.clone();
        self.0.tasks.spawn(async move { driven.await.map(drop) });
        flight
    }

    fn land(&self, key: &Key, at: i64, epoch: u64, asked: Instant, answer: &Answer<T>) {
        let mut entries = self.lock();
        let Some(entry) = entries.get_mut(key).filter(|entry| entry.epoch == epoch) else { return };
        entry.flights.remove(&at);
        match answer {
            Ok(items) => {
                entry.failed.remove(&at);
                if entry.windows.len() >= WINDOWS
                    && let Some(oldest) = entry.windows.iter().min_by_key(|(_, window)| window.asked).map(|(at, _)| *at)
                {
                    entry.windows.remove(&oldest);
                }
                entry.windows.insert(at, Window { items: Arc::clone(items), asked });
            }
            Err(trouble) => {
                entry.failed.retain(|_, (failed, _)| failed.elapsed() < PAUSE);
                entry.failed.insert(at, (Instant::now(), Arc::clone(trouble)));
            }
        }
    }

    fn stale(&self, key: &Key, window: Interval) -> Option<Arc<[T]>> {
        let entries = self.lock();
        let known = entries.get(key)?.windows.get(&window.from.as_second())?;
        (known.asked.elapsed() < BETTER_THAN_NOTHING).then(|| Arc::clone(&known.items))
    }
}

enum Begun<T> {
    Known(Answer<T>),
    Flying(Flight<T>),
}

impl<T> Entry<T> {
    fn new(now: Instant) -> Self {
        Self { windows: HashMap::new(), flights: HashMap::new(), failed: HashMap::new(), epoch: 0, used: now }
    }
}

/// Whoever was not asked for the longest goes.
fn make_room<T>(entries: &mut HashMap<Key, Entry<T>>, key: &Key) {
    if entries.len() < KEYS || entries.contains_key(key) {
        return;
    }
    if let Some(oldest) = entries.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone()) {
        entries.remove(&oldest);
    }
}

/// The windows that a range touches, soonest first; what is past is nobody's.
fn windows(range: Interval, now: Timestamp) -> Vec<Interval> {
    let first = (now.as_second().div_euclid(DAY) - 2) * DAY;
    let (mut from, mut to) = (first, first + FIRST);
    let mut found = Vec::new();
    while from < range.to.as_second() && found.len() < WINDOWS {
        if to > range.from.as_second()
            && let (Ok(from), Ok(to)) = (Timestamp::from_second(from), Timestamp::from_second(to))
        {
            found.push(Interval { from, to });
        }
        (from, to) = (to, to + LATER);
    }
    found
}

/// The two weeks that most callers ask about.
pub(super) fn next_weeks(now: Timestamp) -> Interval {
    Interval { from: now, to: now + SignedDuration::from_hours(24 * 14) }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use anyhow::anyhow;
    use uuid::Uuid;

    use super::*;

    fn key(n: u128) -> Key {
        Key { connection: ConnectionId(Uuid::from_u128(n)), calendars: Vec::new() }
    }

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    /// Answers with how often it was asked.
    fn counting(
        count: &Arc<AtomicUsize>,
    ) -> impl Fn(Interval) -> BoxFuture<'static, Result<Vec<usize>, Trouble>> + use<> {
        let count = Arc::clone(count);
        move |_| {
            let count = Arc::clone(&count);
            async move {
                // Not before it is waited for: a reading that is not needed is made and dropped.
                let asked = count.fetch_add(1, Ordering::SeqCst) + 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
                Ok(vec![asked])
            }
            .boxed()
        }
    }

    async fn one(
        ahead: &Ahead<usize>,
        read: impl Fn(Interval) -> BoxFuture<'static, Result<Vec<usize>, Trouble>>,
    ) -> Result<usize, ()> {
        let answers = ahead.get(&key(1), next_weeks(now()), now(), read).await;
        assert_eq!(answers.len(), 1, "two weeks are one window");
        answers.into_iter().next().unwrap().map(|items| items[0]).map_err(drop)
    }

    #[tokio::test(start_paused = true)]
    async fn a_hundred_who_ask_at_once_cost_one_reading_and_for_a_minute_no_other() {
        let (ahead, count) = (Ahead::new(TaskTracker::new()), Arc::default());
        let asking = (0..100).map(|_| one(&ahead, counting(&count)));
        assert!(join_all(asking).await.into_iter().all(|answer| answer == Ok(1)));
        tokio::time::advance(Duration::from_secs(35)).await;
        assert_eq!(one(&ahead, counting(&count)).await, Ok(1));
        assert_eq!(count.load(Ordering::SeqCst), 1);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(one(&ahead, counting(&count)).await, Ok(1), "it is answered at once, and read again meanwhile");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(one(&ahead, counting(&count)).await, Ok(2));
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(one(&ahead, counting(&count)).await, Ok(3), "older than a minute is not answered with");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_no_longer_so_is_read_again_even_while_it_was_being_read() {
        let (ahead, count) = (Ahead::new(TaskTracker::new()), Arc::default());
        let early = one(&ahead, counting(&count));
        let late = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            ahead.forget(key(1).connection);
            one(&ahead, counting(&count)).await
        };
        assert_eq!(tokio::join!(early, late), (Ok(1), Ok(2)));
        assert_eq!(one(&ahead, counting(&count)).await, Ok(2), "what was begun before is not kept");
    }

    #[tokio::test(start_paused = true)]
    async fn a_calendar_that_is_down_is_left_alone_and_what_it_said_before_is_better_than_nothing() {
        let (ahead, count) = (Ahead::new(TaskTracker::new()), Arc::default());
        let down = |_| async { Err(Trouble::Unavailable(anyhow!("503"))) }.boxed();
        assert_eq!(one(&ahead, down).await, Err(()));
        assert_eq!(one(&ahead, counting(&count)).await, Err(()), "it is not asked again at once");
        tokio::time::advance(PAUSE).await;
        assert_eq!(one(&ahead, counting(&count)).await, Ok(1));
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(one(&ahead, down).await, Ok(1));
        tokio::time::advance(BETTER_THAN_NOTHING).await;
        assert_eq!(one(&ahead, down).await, Err(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reading_goes_on_when_nobody_waits_for_it() {
        let (ahead, count) = (Ahead::new(TaskTracker::new()), Arc::default());
        let impatient = timeout(Duration::from_millis(10), one(&ahead, counting(&count))).await;
        assert!(impatient.is_err());
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(one(&ahead, counting(&count)).await, Ok(1));
    }

    #[tokio::test(start_paused = true)]
    async fn windows_meet_and_cover_a_range_and_memory_is_bounded() {
        let range = Interval { from: now(), to: now() + SignedDuration::from_hours(24 * 90) };
        let cut = windows(range, now());
        assert!(cut[0].from <= range.from && cut[cut.len() - 1].to >= range.to);
        assert!(cut.windows(2).all(|pair| pair[0].to == pair[1].from));
        assert!(cut.iter().all(|window| window.to.duration_since(window.from) <= SignedDuration::from_hours(31 * 24)));
        let ahead = Ahead::new(TaskTracker::new());
        for n in 0..(KEYS as u128 + 10) {
            ahead.get(&key(n), next_weeks(now()), now(), |_| async { Ok(vec![1_usize]) }).await;
        }
        assert!(ahead.remembered() <= KEYS);
    }
}
