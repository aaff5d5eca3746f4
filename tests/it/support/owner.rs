//! Somebody signed in to the owner's pages, as a browser would be: with the cookie, and the headers that say where a
//! request comes from.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use deskbell::{
    domain::{
        account::{Role, User},
        business::Business,
        ids::{BusinessId, SessionId, UserId},
    },
    ports::clock::Clock as _,
    store::accounts::NewSession,
    testing::salon,
};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use super::{
    database::fresh,
    server::{ORIGIN, TestServer},
};

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }
}

/// A browser. Without a secret, one that nobody is signed in with.
pub(crate) struct Browser<'a> {
    server: &'a TestServer,
    pub(crate) user: UserId,
    /// What the session's cookie holds.
    pub(crate) secret: String,
}

impl TestServer {
    /// Somebody new, signed in, with these places in these businesses.
    pub(crate) async fn signed_in(&self, places: &[(BusinessId, Role)]) -> Browser<'_> {
        let now = self.clock.now();
        let id = UserId(self.clock.new_id());
        let user = User { id, email: format!("{id}@example.com").parse().unwrap(), name: "Maria Lopez".to_owned() };
        assert!(self.state.store.add_user(&user, None, now).await.unwrap());
        for (business, role) in places {
            self.state.store.set_membership(id, *business, *role, now).await.unwrap();
        }
        let secret = fresh();
        let session = NewSession {
            id: SessionId(self.clock.new_id()),
            hash: Sha256::digest(&secret).into(),
            user: id,
            device: "Firefox on Linux".to_owned(),
            expires: now + SignedDuration::from_hours(12),
            now,
        };
        self.state.store.open_session(&session).await.unwrap();
        Browser { server: self, user: id, secret }
    }

    /// A second salon, of somebody else.
    pub(crate) async fn another_business(&self) -> BusinessId {
        let id = BusinessId(self.clock.new_id());
        let business = Business { id, numbers: Vec::new(), name: "Another Salon".to_owned(), ..salon() };
        self.state.store.create_business(&business, self.clock.now()).await.unwrap();
        id
    }

    /// A browser that nobody is signed in with.
    pub(crate) fn stranger(&self) -> Browser<'_> {
        Browser { server: self, user: UserId(uuid::Uuid::nil()), secret: String::new() }
    }
}

impl Browser<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "").await
    }

    /// Sends a form from a page of our own.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, &body).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &str) -> Answer {
        self.send_from(method, path, body, Some(ORIGIN), Some("same-origin")).await
    }

    /// With these headers besides the cookie, and no others.
    pub(crate) async fn send_with(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::COOKIE, format!("__Host-deskbell={}", self.secret));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answered(request.body(Body::empty()).unwrap()).await
    }

    /// From a page of whatever origin; what only looks carries none.
    pub(crate) async fn send_from(
        &self,
        method: Method,
        path: &str,
        body: &str,
        origin: Option<&str>,
        site: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method.clone()).uri(path);
        if !self.secret.is_empty() {
            request = request.header(header::COOKIE, format!("__Host-deskbell={}", self.secret));
        }
        if !matches!(method, Method::GET | Method::HEAD) {
            let kind = if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
            request = request.header(header::CONTENT_TYPE, kind);
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
        }
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        self.answered(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn answered(&self, request: Request<Body>) -> Answer {
        let response = self.server.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let endless = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if endless { Bytes::new() } else { body.collect().await.unwrap().to_bytes() };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}
