//! The sandbox's page: plain forms, for whoever sits at this machine, and for nobody else.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use askama::Template as _;
use axum::{
    Router,
    body::Bytes,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    stand::{Done, New, Stand, Weather},
    view::{self, Sheet},
};
use crate::ports::clock::Clock;

/// Nothing is loaded, and forms go nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";
/// Minutes of an event.
const LONGEST: i64 = 7 * 24 * 60;
const TITLE: usize = 200;

#[derive(Clone)]
pub(super) struct Page(Arc<Inner>);

struct Inner {
    stands: Vec<Box<dyn Stand>>,
    weather: Mutex<HashMap<&'static str, Weather>>,
    clock: Arc<dyn Clock>,
    zone: TimeZone,
    desk: String,
    /// As a browser on this machine names it.
    hosts: [String; 2],
}

type Form = HashMap<String, String>;

impl Page {
    pub(super) fn new(
        stands: Vec<Box<dyn Stand>>,
        clock: Arc<dyn Clock>,
        zone: TimeZone,
        desk: &str,
        at: SocketAddr,
    ) -> Self {
        let hosts = [at.to_string(), format!("localhost:{}", at.port())];
        let weather = Mutex::default();
        Self(Arc::new(Inner { stands, weather, clock, zone, desk: desk.to_owned(), hosts }))
    }

    pub(super) fn routes(self) -> Router {
        Router::new()
            .route("/", get(all))
            .route("/{vendor}", get(one))
            .route("/{vendor}/{what}", post(act))
            .layer(middleware::from_fn_with_state(self.clone(), guard))
            .with_state(self)
    }

    fn stand(&self, name: &str) -> Option<&dyn Stand> {
        self.0.stands.iter().map(AsRef::as_ref).find(|stand| stand.name() == name)
    }

    fn weather(&self, name: &str) -> Weather {
        let weather = self.0.weather.lock().unwrap_or_else(PoisonError::into_inner);
        weather.get(name).copied().unwrap_or_default()
    }

    fn sheet(&self, vendor: Option<&dyn Stand>, sorry: Option<&'static str>) -> Response {
        let inner = &self.0;
        let tab = |stand: &dyn Stand| {
            let here = vendor.is_some_and(|vendor| vendor.name() == stand.name());
            view::tab(stand, self.weather(stand.name()), here)
        };
        let sheet = Sheet {
            desk: inner.desk.clone(),
            zone: inner.zone.iana_name().unwrap_or("UTC").to_owned(),
            tabs: inner.stands.iter().map(|stand| tab(stand.as_ref())).collect(),
            vendor: vendor.map(|one| view::vendor(one, self.weather(one.name()), &inner.zone, inner.clock.now())),
            sorry,
        };
        let status = if sorry.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        match sheet.render() {
            Ok(text) => (status, Html(text)).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

async fn all(State(page): State<Page>) -> Response {
    page.sheet(None, None)
}

async fn one(State(page): State<Page>, Path(vendor): Path<String>) -> Response {
    match page.stand(&vendor) {
        Some(stand) => page.sheet(Some(stand), None),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn act(State(page): State<Page>, Path((vendor, what)): Path<(String, String)>, body: Bytes) -> Response {
    let Some(stand) = page.stand(&vendor) else { return StatusCode::NOT_FOUND.into_response() };
    let form: Form = form_urlencoded::parse(&body).into_owned().collect();
    match page.done(stand, &what, &form) {
        Ok(()) => Redirect::to(&format!("/{}", stand.name())).into_response(),
        Err(sorry) => page.sheet(Some(stand), Some(sorry)),
    }
}

impl Page {
    fn done(&self, stand: &dyn Stand, what: &str, form: &Form) -> Done {
        let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        match what {
            "add" => {
                let (from, to) = self.times(form)?;
                let title: String =
                    text("title").trim().chars().filter(|char| !char.is_control()).take(TITLE).collect();
                if title.is_empty() {
                    return Err("It needs a name.");
                }
                stand.add(text("shelf"), New { title, from, to, free: text("free") == "on" })
            }
            "move" => {
                let (from, to) = self.times(form)?;
                stand.relocate(text("shelf"), text("id"), from, to)
            }
            "delete" => stand.delete(text("shelf"), text("id")),
            "revoke" => {
                stand.revoke(text("subject"));
                Ok(())
            }
            "weather" => {
                let weather = Weather::named(text("weather")).ok_or("There is no such button.")?;
                weather.set(stand.kit());
                if weather == Weather::Well {
                    stand.recover();
                }
                self.0.weather.lock().unwrap_or_else(PoisonError::into_inner).insert(stand.name(), weather);
                Ok(())
            }
            _ => Err("There is no such button."),
        }
    }

    /// By the business's clock, as the form's fields have them.
    fn times(&self, form: &Form) -> Result<(Timestamp, Timestamp), &'static str> {
        let start: DateTime = form.get("start").and_then(|text| text.parse().ok()).ok_or("When does it begin?")?;
        let minutes: i64 = form.get("minutes").and_then(|text| text.parse().ok()).ok_or("How many minutes?")?;
        if !(1..=LONGEST).contains(&minutes) {
            return Err("It lasts between a minute and a week.");
        }
        let from = self.0.zone.to_timestamp(start).map_err(|_| "That is no time.")?;
        let to = from.checked_add(SignedDuration::from_mins(minutes)).map_err(|_| "That is no time.")?;
        Ok((from, to))
    }
}

/// A page elsewhere can name this address, and send forms to it, in a browser on this machine: neither is let in.
async fn guard(State(page): State<Page>, request: Request, next: Next) -> Response {
    if !is_ours(&page.0.hosts, request.method(), request.headers()) {
        return (StatusCode::FORBIDDEN, "The sandbox answers only this machine's own pages.").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // With "no-referrer", a form's origin would be "null".
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn is_ours(hosts: &[String], method: &Method, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(host) = text(header::HOST).filter(|host| hosts.iter().any(|own| own == host)) else { return false };
    // Browsers say where a form comes from; what is no browser sends neither header.
    let origin = text(header::ORIGIN);
    let elsewhere = text(header::HeaderName::from_static("sec-fetch-site"));
    method == Method::GET
        || (origin.is_none_or(|origin| origin == format!("http://{host}"))
            && elsewhere.is_none_or(|site| matches!(site, "same-origin" | "none")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &Method, headers: &[(&'static str, &str)]) -> bool {
        let hosts = ["127.0.0.1:8090".to_owned(), "localhost:8090".to_owned()];
        let headers = headers.iter().map(|(name, value)| {
            (header::HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"))
        });
        is_ours(&hosts, method, &headers.collect())
    }

    #[test]
    fn only_this_machines_own_pages_are_let_in() {
        let host = ("host", "127.0.0.1:8090");
        assert!(asked(&Method::GET, &[host]) && asked(&Method::GET, &[("host", "localhost:8090")]));
        assert!(!asked(&Method::GET, &[("host", "evil.example")]) && !asked(&Method::GET, &[]));
        assert!(asked(&Method::POST, &[host, ("origin", "http://127.0.0.1:8090"), ("sec-fetch-site", "same-origin")]));
        assert!(!asked(&Method::POST, &[host, ("origin", "http://evil.example")]));
        assert!(!asked(&Method::POST, &[host, ("origin", "null")]));
        assert!(!asked(&Method::POST, &[host, ("sec-fetch-site", "cross-site")]));
    }
}
