//! Working at what is due, so many at once: a place that becomes free is filled at once, so whoever takes long holds up nobody
//! else. Each vendor has places of its own, so that one that hangs leaves the others theirs.

use std::{pin::pin, time::Duration};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};
use tracing::warn;

use crate::store::StoreError;

/// How often it is looked for what is due, when nobody calls.
const EVERY: Duration = Duration::from_secs(5);
/// So many are worked at together, of one vendor and kind.
pub(super) const AT_ONCE: usize = 25;
/// So many places are free before they are filled, or for so long: what is due is asked for in one question.
const ENOUGH: usize = 5;
const SOON: Duration = Duration::from_millis(250);

/// Wakes everybody who waits for it, and whoever waits for it next. Cloning it shares it.
#[derive(Clone, Debug, Default)]
pub(super) struct Bell(watch::Sender<()>);

impl Bell {
    pub(super) fn ring(&self) {
        self.0.send_replace(());
    }
}

/// Woken when something is to be done at once.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    pub(super) reading: Bell,
    pub(super) hooks: Bell,
}

/// Works on and on at what `claim` gives out, at most as many as it is asked for.
pub(super) async fn lane<D, C, W>(bell: &Bell, claim: impl Fn(u32) -> C, one: impl Fn(D) -> W)
where
    C: Future<Output = Result<Vec<D>, StoreError>>,
    W: Future<Output = ()>,
{
    let (mut rung, mut working) = (bell.0.subscribe(), FuturesUnordered::new());
    // When there may be something that is due, and when it was last asked for.
    let (mut look, mut asked) = (Instant::now(), Instant::now());
    loop {
        let room = AT_ONCE - working.len();
        let next = if room >= ENOUGH { look } else { look.max(asked + SOON) };
        if room > 0 && Instant::now() >= next {
            asked = Instant::now();
            let mut claiming = pin!(claim(u32::try_from(room).unwrap_or_default()));
            // Those at work go on meanwhile: they may hold what the claim waits for.
            let found = loop {
                tokio::select! {
                    found = &mut claiming => break found,
                    Some(()) = working.next() => {}
                }
            };
            let found = found.unwrap_or_else(|error| {
                warn!(%error, "calendars could not be followed: {error}");
                Vec::new()
            });
            // As many as there was room for: there may be more, for the next place.
            if found.len() < room {
                look = Instant::now() + EVERY;
            }
            working.extend(found.into_iter().map(&one));
            continue;
        }
        tokio::select! {
            Some(()) = working.next() => {}
            // The bell goes when nobody follows any more.
            Ok(()) = rung.changed() => look = Instant::now(),
            () = sleep_until(next), if room > 0 => {}
        }
    }
}

/// Works at all that is due now.
pub(super) async fn all<D, C, W>(claim: impl Fn(u32) -> C, one: impl Fn(D) -> W) -> Result<(), StoreError>
where
    C: Future<Output = Result<Vec<D>, StoreError>>,
    W: Future<Output = ()>,
{
    loop {
        let found = claim(u32::try_from(AT_ONCE).unwrap_or_default()).await?;
        let more = found.len() >= AT_ONCE;
        let mut working: FuturesUnordered<_> = found.into_iter().map(&one).collect();
        while working.next().await.is_some() {}
        if !more {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, future::pending};

    use tokio::time::{sleep, timeout};

    use super::*;

    /// Gives out what is left, in order.
    fn out_of(left: &RefCell<Vec<u32>>, room: u32) -> Vec<u32> {
        let mut left = left.borrow_mut();
        let room = usize::try_from(room).unwrap().min(left.len());
        left.drain(..room).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_hang_keep_their_places_and_nobody_else_waits_for_them() {
        // The first 24 never end, the others take a tenth of a second.
        let (left, done) = (RefCell::new((0..224).collect::<Vec<u32>>()), RefCell::new(0));
        let bell = Bell::default();
        let working = lane(
            &bell,
            |room| std::future::ready(Ok(out_of(&left, room))),
            async |n: u32| {
                if n < 24 {
                    pending::<()>().await;
                }
                sleep(Duration::from_millis(100)).await;
                *done.borrow_mut() += 1;
            },
        );
        assert!(timeout(Duration::from_mins(1), working).await.is_err(), "it goes on and on");
        assert_eq!(*done.borrow(), 200);
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_becomes_free_is_filled_while_others_are_still_at_it() {
        let (left, begun) = (RefCell::new((0..250).collect::<Vec<u32>>()), Instant::now());
        let slowest = RefCell::new(Duration::ZERO);
        let bell = Bell::default();
        let working = lane(
            &bell,
            |room| std::future::ready(Ok(out_of(&left, room))),
            async |n: u32| {
                // One in fifty takes ten seconds.
                sleep(Duration::from_millis(if n.is_multiple_of(50) { 10_000 } else { 100 })).await;
                *slowest.borrow_mut() = begun.elapsed();
            },
        );
        assert!(timeout(Duration::from_mins(1), working).await.is_err());
        assert!(left.borrow().is_empty() && *slowest.borrow() < Duration::from_secs(13), "{slowest:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn those_at_work_go_on_while_it_is_asked_for_more() {
        // The one connection that writes: fair, so whoever has waited for it has it, also while nobody asks them to go on.
        let (writer, left) = (tokio::sync::Mutex::new(()), RefCell::new((0..100).collect::<Vec<u32>>()));
        let (bell, done) = (Bell::default(), RefCell::new(0));
        let working = lane(
            &bell,
            async |room| {
                drop(writer.lock().await);
                Ok(out_of(&left, room))
            },
            async |_| {
                let writing = writer.lock().await;
                sleep(Duration::from_millis(10)).await;
                drop(writing);
                *done.borrow_mut() += 1;
            },
        );
        assert!(timeout(Duration::from_secs(10), working).await.is_err());
        assert_eq!(*done.borrow(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn a_bell_that_rings_while_there_is_work_is_heard() {
        let (left, done, begun) = (RefCell::new(vec![1]), RefCell::new(Vec::new()), Instant::now());
        let bell = Bell::default();
        let working = lane(
            &bell,
            |room| std::future::ready(Ok(out_of(&left, room))),
            async |n: u32| {
                sleep(Duration::from_secs(2)).await;
                done.borrow_mut().push((n, begun.elapsed().as_secs()));
            },
        );
        let ringing = async {
            sleep(Duration::from_secs(1)).await;
            left.borrow_mut().push(2);
            bell.ring();
            pending::<()>().await;
        };
        let both = async { tokio::join!(working, ringing) };
        assert!(timeout(Duration::from_secs(4), both).await.is_err());
        assert_eq!(*done.borrow(), [(1, 2), (2, 3)]);
    }
}
