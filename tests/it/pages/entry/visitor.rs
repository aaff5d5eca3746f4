//! A browser that keeps the cookies it is given, as browsers do.

use std::{cell::RefCell, collections::BTreeMap, net::IpAddr};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::{EMAIL, PASSWORD};
use crate::support::{
    owner::Answer,
    server::{ORIGIN, TestServer},
};

pub(super) const SESSION: &str = "__Host-deskbell";

pub(super) struct Visitor<'a> {
    server: &'a TestServer,
    address: IpAddr,
    jar: RefCell<BTreeMap<String, String>>,
}

impl<'a> Visitor<'a> {
    pub(super) fn of(server: &'a TestServer) -> Self {
        Self::at(server, "198.51.100.1")
    }

    /// One that comes from this address.
    pub(super) fn at(server: &'a TestServer, address: &str) -> Self {
        Self { server, address: address.parse().unwrap(), jar: RefCell::default() }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[]).await
    }

    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, fields).await
    }

    /// Signs in as Maria.
    pub(super) async fn sign_in(&self, password: &str) -> Answer {
        self.post("/sign-in", &[("email", EMAIL), ("password", password)]).await
    }

    /// The same, and is let in.
    pub(super) async fn come_in(&self) {
        let answer = self.sign_in(PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        self.jar.borrow().get(name).cloned()
    }

    pub(super) fn set_cookie(&self, name: &str, value: &str) {
        self.jar.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    async fn send(&self, method: Method, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .extension(ConnectInfo(self.address))
            .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
        let cookies: Vec<String> = self.jar.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if method != Method::GET {
            request = request
                .header(header::ORIGIN, ORIGIN)
                .header("sec-fetch-site", "same-origin")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.server.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
        self.keep(&parts.headers);
        Answer { status: parts.status, headers: parts.headers, text }
    }

    fn keep(&self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.jar.borrow_mut().remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
    }
}
