//! Takes in connections and attends to each.
//!
//! Our own loop because `axum::serve` times nothing: one half-sent request would hold up the shutdown for ever. HTTP/1.1
//! only: a proxy in front speaks TLS and HTTP/2, and no provider's WebSocket comes over HTTP/2.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv6Addr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tracing::{debug, error};

use super::connection::{Connection, Stage};
use crate::lifecycle::Lifecycle;

/// How long a connection may rest between two requests: longer than the proxies in front keep theirs (60 s with most),
/// so that it is they who close, and never under a request.
const REST: Duration = Duration::from_secs(75);
/// A request's head may be this long; longer ones are answered 431.
const HEAD_BYTES: usize = 32 * 1024;
/// How long to wait when the machine has no file or memory left for a connection.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// How many connections may be open.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// In all, calls included. More wait to be accepted.
    pub open: usize,
    /// From one address that have not sent a complete request yet; more are closed at once. The loopback address is
    /// exempt, because a proxy on the same machine has it, and so is everybody behind that.
    pub newcomers: usize,
}

impl Limits {
    /// As many as the calls need, and enough beside them for webhooks and pages.
    pub fn for_calls(max_calls: usize) -> Self {
        Self { open: max_calls + 1_000, newcomers: 100 }
    }
}

/// Serves until `lifecycle.stopping`; goes on while draining, since a call that comes then must hear something polite.
/// Connections end on `lifecycle.tasks`.
pub async fn serve(listener: TcpListener, router: Router, lifecycle: Lifecycle, limits: Limits) {
    let door = Door { router, lifecycle, newcomers: Newcomers::new(limits.newcomers) };
    tokio::select! {
        () = door.lifecycle.stopping.cancelled() => {}
        () = door.take_in(&listener, Arc::new(Semaphore::new(limits.open))) => {}
    }
}

struct Door {
    router: Router,
    lifecycle: Lifecycle,
    newcomers: Newcomers,
}

impl Door {
    async fn take_in(&self, listener: &TcpListener, open: Arc<Semaphore>) {
        let mut complained = false;
        while let Ok(place) = Arc::clone(&open).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    complained = false;
                    self.attend(stream, peer.ip(), place);
                }
                Err(error) if is_the_peers(&error) => {}
                Err(error) => {
                    if !std::mem::replace(&mut complained, true) {
                        error!(%error, "no connection can be accepted; trying again until it works");
                    }
                    sleep(EXHAUSTED).await;
                }
            }
        }
    }

    fn attend(&self, stream: TcpStream, from: IpAddr, place: OwnedSemaphorePermit) {
        let Ok(newcomer) = self.newcomers.welcome(from) else {
            debug!(reason = "too many from one address", "a connection was closed at once");
            return;
        };
        // Answers are small and people wait for them; an error here means the peer is gone already.
        let _ = stream.set_nodelay(true);
        let stage = Stage::new(newcomer);
        let connection = Connection::new(stream, Arc::clone(&stage), place);
        let stopping = self.lifecycle.stopping.clone();
        self.lifecycle.tasks.spawn(attend(connection, stage, from, self.router.clone(), stopping));
    }
}

/// Answers the requests of one connection until it closes, rests too long, becomes a WebSocket, or the server stops.
async fn attend(connection: Connection, stage: Arc<Stage>, from: IpAddr, router: Router, stopping: CancellationToken) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        stage.request();
        let stage = Arc::clone(&stage);
        let mut request: Request = request.map(Body::new);
        // For the page's limit on calls per address.
        request.extensions_mut().insert(ConnectInfo(from));
        let answer = router.clone().oneshot(request);
        async move {
            let answer = answer.await;
            stage.answered();
            answer
        }
    });
    let mut served = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(REST)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(connection), service)
            .with_upgrades()
    );
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stopping.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        debug!(%error, "a connection ended badly");
    }
}

/// Whether accepting failed because the one who connected has gone again; the next is waiting already.
fn is_the_peers(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// How many connections of each address have not sent a complete request yet.
struct Newcomers {
    limit: usize,
    count: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One of them; dropping it counts it out.
pub(super) struct Newcomer {
    from: IpAddr,
    count: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

struct TooMany;

impl Newcomers {
    fn new(limit: usize) -> Self {
        Self { limit, count: Arc::default() }
    }

    /// Nothing to count for the loopback address.
    fn welcome(&self, from: IpAddr) -> Result<Option<Newcomer>, TooMany> {
        let from = one_household(from);
        if from.is_loopback() {
            return Ok(None);
        }
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let here = count.entry(from).or_default();
        if *here >= self.limit {
            return Err(TooMany);
        }
        *here += 1;
        Ok(Some(Newcomer { from, count: Arc::clone(&self.count) }))
    }
}

impl Drop for Newcomer {
    fn drop(&mut self) {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = count.get_mut(&self.from) {
            *here -= 1;
            if *here == 0 {
                count.remove(&self.from);
            }
        }
    }
}

/// An IPv6 customer gets a whole /64 and would otherwise count as 2⁶⁴ addresses.
fn one_household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_opens_and_sends_nothing_is_turned_away_until_it_does() {
        let newcomers = Newcomers::new(2);
        let from: IpAddr = "192.0.2.7".parse().unwrap();
        let first = newcomers.welcome(from).ok().unwrap();
        let _second = newcomers.welcome(from).ok().unwrap();
        assert!(newcomers.welcome(from).is_err());
        assert!(newcomers.welcome("192.0.2.8".parse().unwrap()).is_ok(), "others are not affected");
        drop(first);
        assert!(newcomers.welcome(from).is_ok());
    }

    #[test]
    fn an_ipv6_household_counts_as_one() {
        let newcomers = Newcomers::new(1);
        let _one = newcomers.welcome("2001:db8:1:2::1".parse().unwrap()).ok().unwrap();
        assert!(newcomers.welcome("2001:db8:1:2:ffff::9".parse().unwrap()).is_err());
        assert!(newcomers.welcome("2001:db8:1:3::1".parse().unwrap()).is_ok());
    }

    #[test]
    fn a_proxy_on_the_same_machine_is_not_counted() {
        let newcomers = Newcomers::new(0);
        for loopback in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(newcomers.welcome(loopback.parse().unwrap()).ok().unwrap().is_none());
        }
    }
}
