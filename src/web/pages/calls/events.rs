//! A live call, told as it happens: server-sent events (WHATWG HTML §9.2). Works on any node: it reads the ledger, woken by
//! the journal of this process, else every second.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    hash::{DefaultHasher, Hasher as _},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep},
};

use super::{
    Named, found,
    live::{Card, Spoken, status},
    view::transcript,
};
use crate::{
    domain::ids::{CallId, UserId},
    session,
    store::{StoreError, accounts::SecretHash, calls::Call},
    web::{
        pages::{
            access::{Access, IDLE, Staff, cookie},
            fault::Fault,
            form::Fields,
            say::Say,
        },
        patience::in_time,
        state::AppState,
    },
};

/// One person's pages that watch at once, and everybody's on this node.
const EACH: usize = 6;
const ALL: usize = 500;
/// How often it is looked without news: the call may be on another node; and when it is here, for what others wrote.
const ELSEWHERE: Duration = Duration::from_secs(1);
const HERE: Duration = Duration::from_secs(5);
/// Something is sent at least this often, so that nobody in between takes the connection for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is looked whether whoever watches may still do so.
const PERMISSION: Duration = Duration::from_secs(30);
/// After so long, or so many bytes, the page connects anew: whoever does not read holds nothing for long.
const LONGEST: Duration = Duration::from_mins(15);
const MOST_BYTES: usize = 256 * 1024;
/// Lines before the last that may still change: one is cut when it is talked over, a turn goes on.
const UNSETTLED: i32 = 4;
/// As many lines as there are between two turns at most, or nearly so.
const BETWEEN_TURNS: i32 = 24;

/// How many watch. Cloning it shares it.
#[derive(Clone, Debug, Default)]
pub struct Watchers(Arc<Mutex<HashMap<UserId, usize>>>);

/// One who watches; dropping it counts them out.
#[derive(Debug)]
struct Place {
    user: UserId,
    watchers: Watchers,
}

impl Watchers {
    fn admit(&self, user: UserId) -> Option<Place> {
        let mut watching = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if watching.values().sum::<usize>() >= ALL || watching.get(&user).is_some_and(|count| *count >= EACH) {
            return None;
        }
        *watching.entry(user).or_default() += 1;
        Some(Place { user, watchers: self.clone() })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut watching = self.watchers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = watching.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                watching.remove(&self.user);
            }
        }
    }
}

struct Watcher {
    state: AppState,
    access: Access,
    cookie: SecretHash,
    call: CallId,
    news: Receiver<CallId>,
    _place: Place,
    /// The number of the last line that was sent.
    last: i32,
    /// What was sent, by line; and the card and the status. What has not changed is not sent again.
    sent: HashMap<i32, u64>,
    card: Option<u64>,
    status: Option<u64>,
    queue: VecDeque<String>,
    bytes: usize,
    begun: Instant,
    spoke: Instant,
    permitted: Instant,
    looked: bool,
    over: bool,
}

pub(super) async fn stream(
    State(state): State<AppState>,
    Staff(access): Staff,
    Named(id): Named<CallId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let news = state.live.watch();
    found(&state, &access.business, id).await?;
    let cookie = cookie(&headers).ok_or(Fault::NotFound)?;
    let place = state.watchers.admit(access.user.id).ok_or(Fault::TooMany)?;
    let now = Instant::now();
    let watcher = Watcher {
        state,
        access,
        cookie,
        call: id,
        news,
        _place: place,
        last: seen(&headers, query.as_deref().unwrap_or_default()),
        sent: HashMap::new(),
        card: None,
        status: None,
        queue: VecDeque::from(["retry: 2000\n\n".to_owned()]),
        bytes: 0,
        begun: now,
        spoke: now,
        permitted: now,
        looked: false,
        over: false,
    };
    let events = stream::unfold(watcher, |mut watcher| async {
        let piece = watcher.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(piece)), watcher))
    });
    let kind = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // For proxies that would gather it first.
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((kind, Body::from_stream(events)).into_response())
}

/// The number of the last line that the page has: what it says when it comes back, else what it was made with.
fn seen(headers: &HeaderMap, query: &str) -> i32 {
    let back = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    back.or_else(|| Fields::parse(query.as_bytes()).text("after").parse().ok()).unwrap_or(0).max(0)
}

impl Watcher {
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(piece) = self.queue.pop_front() {
                self.bytes += piece.len();
                self.spoke = Instant::now();
                return Some(piece);
            }
            if self.over || self.bytes > MOST_BYTES || self.begun.elapsed() > LONGEST || !self.may_watch().await {
                return None;
            }
            let stopping = self.state.lifecycle.stopping.clone();
            let every = if self.state.live.is_here(self.call) { HERE } else { ELSEWHERE };
            let looked = std::mem::replace(&mut self.looked, true);
            tokio::select! {
                () = stopping.cancelled() => return None,
                () = about(&mut self.news, self.call), if looked => {}
                () = sleep(every), if looked => {}
                () = std::future::ready(()), if !looked => {}
            }
            // What cannot be read now is read the next time.
            let _ = self.look().await;
            if self.queue.is_empty() && self.spoke.elapsed() >= HEARTBEAT {
                self.queue.push_back(":\n\n".to_owned());
            }
        }
    }

    /// Whoever was signed out or is no member any more watches no longer.
    async fn may_watch(&mut self) -> bool {
        if self.permitted.elapsed() < PERMISSION {
            return true;
        }
        self.permitted = Instant::now();
        let now = self.state.clock.now();
        let entered = self.state.store.enter(&self.cookie, self.access.business.id, now, now - IDLE);
        !matches!(in_time("entering a business", entered).await, Ok(None))
    }

    async fn look(&mut self) -> Result<(), Fault> {
        let call = found(&self.state, &self.access.business, self.call).await?;
        let say = Say::of(&self.access.business, self.state.clock.now());
        self.lines(&say).await?;
        self.card(&call);
        self.status(&call, &say).await?;
        if call.ended.is_some() {
            self.over = true;
            self.queue.push_back(event("over", None, ""));
        }
        Ok(())
    }

    async fn lines(&mut self, say: &Say) -> Result<(), Fault> {
        let from = (self.last - UNSETTLED).max(0);
        let read = async {
            // A turn is told by what is new in it, so the one before the first is wanted, too.
            let turns = self.state.store.turns_from(self.call, from - BETWEEN_TURNS);
            let lines = self.state.store.lines_from(self.call, from).await?;
            Ok::<_, StoreError>((lines, turns.await?))
        };
        let (lines, turns) = in_time("reading a live call", read).await?;
        for line in transcript(&lines, &turns, say) {
            let (n, print) = (line.n, print(&line));
            if self.sent.insert(n, print) != Some(print) {
                self.last = self.last.max(n);
                let text = Spoken { line }.render().map_err(|_| Fault::Broken)?;
                self.queue.push_back(event("line", Some(self.last), &text));
            }
        }
        self.sent.retain(|n, _| *n >= from);
        Ok(())
    }

    fn card(&mut self, call: &Call) {
        let now = self.state.clock.now();
        let card = session::card_of(&self.access.business, call.state.as_deref(), now).unwrap_or_default();
        if let Ok(text) = (Card { card }).render() {
            let print = print(&text);
            if self.card.replace(print) != Some(print) {
                self.queue.push_back(event("card", None, &text));
            }
        }
    }

    async fn status(&mut self, call: &Call, say: &Say) -> Result<(), Fault> {
        let status = status(&self.state, &self.access, call, say).await?;
        let print = print(&status);
        if self.status.replace(print) != Some(print) {
            let text = status.render().map_err(|_| Fault::Broken)?;
            self.queue.push_back(event("status", None, &text));
        }
        Ok(())
    }
}

/// Returns when there is news of a call, or news may have been missed. May be dropped half-way.
async fn about(news: &mut Receiver<CallId>, call: CallId) {
    loop {
        match news.recv().await {
            Ok(other) if other != call => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn print(value: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// One event. What it says may have several lines.
fn event(kind: &str, id: Option<i32>, text: &str) -> String {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    let mut event = format!("event: {kind}\n{id}");
    // A line ends with any of the three, so that none of them may be in one.
    for line in text.split(['\n', '\r']) {
        event.push_str("data: ");
        event.push_str(line);
        event.push('\n');
    }
    event.push('\n');
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_said_becomes_an_event_of_its_own() {
        let text = event("line", Some(3), "one\n\nevent: over\r\rdata: x");
        assert_eq!(text, "event: line\nid: 3\ndata: one\ndata: \ndata: event: over\ndata: \ndata: data: x\n\n");
    }

    #[test]
    fn one_person_watches_so_many_calls_at_once() {
        let watchers = Watchers::default();
        let (one, other) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let places: Vec<_> = (0..EACH).map(|_| watchers.admit(one).unwrap()).collect();
        assert!(watchers.admit(one).is_none() && watchers.admit(other).is_some());
        drop(places);
        assert_eq!(watchers.count(), 0);
        assert!(watchers.admit(one).is_some());
    }
}
