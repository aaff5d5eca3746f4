//! What the vendors' fakes have in common: a listener, a list of what they were asked, and traps.

use std::{
    collections::VecDeque,
    future::pending,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Response, StatusCode, header},
    middleware::{self, Next},
};
use futures_util::{StreamExt as _, stream};
use tokio::{net::TcpListener, sync::oneshot, task::JoinSet, time::sleep};

use super::{Misdeed, Trap};

/// How many of the newest requests are kept to be looked at.
const KEPT: usize = 5_000;
const LARGEST: usize = 4 * 1024 * 1024;

/// A request as it came, without what opens the account.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    /// As it came, undecoded; empty when there is none.
    pub query: String,
    /// Names in small letters. `authorization` is there, cut to its scheme.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    /// What was answered; nothing: nothing was.
    pub status: Option<u16>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

#[derive(Default)]
struct Inner {
    asked: VecDeque<Asked>,
    /// How many there were in all.
    count: usize,
    traps: Vec<Trap>,
    /// Requests that have not arrived yet.
    under_way: Vec<(Request, Next)>,
    /// What is done though whoever asked for it may be gone.
    going_on: JoinSet<()>,
}

/// One vendor's server, with what every one of them can do. It runs until the last clone is dropped.
#[derive(Clone)]
pub struct Kit {
    address: String,
    inner: Arc<Mutex<Inner>>,
    _server: Arc<JoinSet<()>>,
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kit {
    /// Serves what `router` makes of the server's own address ("<http://127.0.0.1:4711>").
    ///
    /// # Panics
    /// When the machine has no free port.
    pub async fn serve(router: impl FnOnce(&str) -> Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let inner = Arc::new(Mutex::new(Inner::default()));
        let app = router(&address).layer(middleware::from_fn_with_state(Arc::clone(&inner), treat));
        let mut server = JoinSet::new();
        server.spawn(async move {
            let _ = axum::serve(listener, app).await;
        });
        Self { address, inner, _server: Arc::new(server) }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Everything that was asked, oldest first.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.inner).asked.iter().cloned().collect()
    }

    /// How many requests there were, by a method and a part of the path; both may be empty.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let wanted = |asked: &&Asked| (method.is_empty() || asked.method == method) && asked.path.contains(path);
        lock(&self.inner).asked.iter().filter(wanted).count()
    }

    pub fn forget_asked(&self) {
        lock(&self.inner).asked.clear();
    }

    /// The next requests that it concerns are treated so. Traps are looked at in the order in which they were set.
    pub fn trap(&self, trap: Trap) {
        lock(&self.inner).traps.push(trap);
    }

    /// The next request of a method to a path with this part.
    pub fn once(&self, method: &'static str, path: &str, misdeed: Misdeed) {
        self.trap(Trap { method, path: path.to_owned(), times: 1, misdeed });
    }

    pub fn clear_traps(&self) {
        lock(&self.inner).traps.clear();
    }

    /// Does what was [late](Misdeed::Late), in the order in which it was sent. How many requests that were.
    pub async fn arrive(&self) -> usize {
        let late = std::mem::take(&mut lock(&self.inner).under_way);
        let count = late.len();
        for (request, next) in late {
            next.run(request).await;
        }
        count
    }
}

fn sprung(inner: &Mutex<Inner>, method: &str, path: &str) -> Option<Misdeed> {
    let mut inner = lock(inner);
    let concerns =
        |trap: &Trap| trap.times > 0 && (trap.method.is_empty() || trap.method == method) && path.contains(&trap.path);
    let trap = inner.traps.iter_mut().find(|trap| concerns(trap))?;
    trap.times -= 1;
    Some(trap.misdeed.clone())
}

/// What opens the account is not kept.
fn written_down(request: &Request, body: &Bytes) -> Asked {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = value.to_str().unwrap_or_default();
        let kept = if name == header::AUTHORIZATION { value.split(' ').next().unwrap_or_default() } else { value };
        (name.as_str().to_owned(), kept.to_owned())
    });
    Asked {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: body.clone(),
        status: None,
    }
}

async fn treat(State(inner): State<Arc<Mutex<Inner>>>, request: Request, next: Next) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else { return plain(StatusCode::PAYLOAD_TOO_LARGE, "") };
    let request = Request::from_parts(parts, Body::from(body.clone()));
    let asked = written_down(&request, &body);
    let misdeed = sprung(&inner, &asked.method, &asked.path);
    let number = {
        let mut inner = lock(&inner);
        if inner.asked.len() == KEPT {
            inner.asked.pop_front();
        }
        inner.asked.push_back(asked);
        inner.count += 1;
        inner.count
    };
    let response = match misdeed {
        None => next.run(request).await,
        Some(misdeed) => spoiled(misdeed, request, next, &inner).await,
    };
    let mut inner = lock(&inner);
    let after = inner.count - number;
    if let Some(at) = inner.asked.len().checked_sub(after + 1)
        && let Some(asked) = inner.asked.get_mut(at)
    {
        asked.status = Some(response.status().as_u16());
    }
    response
}

async fn spoiled(misdeed: Misdeed, request: Request, next: Next, inner: &Mutex<Inner>) -> Response<Body> {
    match misdeed {
        Misdeed::Status { status, body, retry_after } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = plain(status, &body);
            if body.starts_with('{') {
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
        Misdeed::Slow(pause) => {
            let (tell, told) = oneshot::channel();
            {
                let going_on = &mut lock(inner).going_on;
                while going_on.try_join_next().is_some() {}
                going_on.spawn(async move {
                    sleep(pause).await;
                    let _ = tell.send(next.run(request).await);
                });
            }
            told.await.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, ""))
        }
        Misdeed::DoneUnanswered => {
            next.run(request).await;
            pending().await
        }
        Misdeed::Unanswered => pending().await,
        Misdeed::Late => {
            lock(inner).under_way.push((request, next));
            pending().await
        }
        Misdeed::DoneBut(status) => {
            next.run(request).await;
            plain(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), "")
        }
        Misdeed::CutOff => {
            rebuilt(next.run(request).await, |body| {
                let half = body.slice(..body.len() / 2);
                // What is cut off at once takes the head of the answer with it.
                let cut = stream::once(async {
                    sleep(Duration::from_millis(20)).await;
                    Err(io::Error::other("cut off"))
                });
                Body::from_stream(stream::iter([Ok(half)]).chain(cut))
            })
            .await
        }
        Misdeed::Html => {
            next.run(request).await;
            let mut response = plain(StatusCode::OK, "<!doctype html><title>Sign in</title><p>Please sign in.");
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
            response
        }
        Misdeed::HalfABody => rebuilt(next.run(request).await, |body| Body::from(body.slice(..body.len() / 2))).await,
        Misdeed::TooLong => {
            rebuilt(next.run(request).await, |body| {
                let mut long = vec![b' '; 10 * 1024 * 1024];
                long.extend_from_slice(&body);
                Body::from(long)
            })
            .await
        }
        Misdeed::Redirect { to } => {
            let mut response = plain(StatusCode::TEMPORARY_REDIRECT, "");
            if let Ok(to) = HeaderValue::from_str(&to) {
                response.headers_mut().insert(header::LOCATION, to);
            }
            response
        }
    }
}

fn plain(status: StatusCode, body: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_owned()));
    *response.status_mut() = status;
    response
}

/// The same answer with another body.
async fn rebuilt(response: Response<Body>, body: impl FnOnce(Bytes) -> Body) -> Response<Body> {
    let (mut parts, old) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let old = to_bytes(old, LARGEST).await.unwrap_or_default();
    Response::from_parts(parts, body(old))
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;
    use crate::adapters::http::builder;

    #[tokio::test]
    async fn a_trap_is_sprung_as_often_as_it_was_set_for() {
        let kit = Kit::serve(|_| Router::new().route("/events", get(async || "four"))).await;
        kit.once("GET", "/events", Misdeed::status(503, "{}"));
        kit.once("GET", "/events", Misdeed::HalfABody);
        kit.once("GET", "/events", Misdeed::CutOff);
        let client = builder().build().unwrap();
        let ask = || client.get(format!("{}/events?x=1", kit.address())).bearer_auth("a-token").send();
        assert_eq!(ask().await.unwrap().status(), 503);
        assert_eq!(ask().await.unwrap().text().await.unwrap(), "fo");
        assert!(ask().await.unwrap().text().await.is_err());
        assert_eq!(ask().await.unwrap().text().await.unwrap(), "four");
        let asked = kit.asked();
        assert_eq!(
            asked.iter().map(|asked| asked.status).collect::<Vec<_>>(),
            [Some(503), Some(200), Some(200), Some(200)]
        );
        assert_eq!((asked[0].query.as_str(), asked[0].header("authorization")), ("x=1", Some("Bearer")));
    }
}
