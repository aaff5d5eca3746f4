//! What customers see without signing in: their appointment behind its link, and booking by clicking.

mod appointment;
mod booking;
mod calendar;
mod changes;
mod strangers;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use deskbell::{
    domain::{
        booking::{Booking, Customer, CustomerName, Slot},
        business::Business,
    },
    ports::{
        clock::Clock as _,
        desk::{Actor, Confirm, DeskError, Hold},
    },
    store::bookings::Filter,
    testing::salon,
};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower::ServiceExt as _;

use crate::support::server::{ORIGIN, TestServer};

/// The salon, with its page open.
fn open_salon() -> Business {
    Business { public_page: true, ..salon() }
}

async fn start() -> TestServer {
    TestServer::start_for(open_salon(), 100).await
}

/// A page, as somebody's browser got it.
struct Page {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Page {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    fn says(&self, what: &str) -> &Self {
        assert!(self.text.contains(what), "{what} is not in {}: {}", self.status, self.text);
        self
    }

    #[track_caller]
    fn says_not(&self, what: &str) -> &Self {
        assert!(!self.text.contains(what), "{what} is in {}", self.text);
        self
    }

    /// The addresses that links lead to and that contain this.
    fn links(&self, part: &str) -> Vec<String> {
        let targets = self.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        targets.filter(|target| target.contains(part)).map(plain).collect()
    }

    /// Where the form goes whose address contains this, and its hidden fields.
    #[track_caller]
    fn form(&self, part: &str) -> (String, Vec<(String, String)>) {
        let forms = self.text.split("<form").skip(1).map(|form| form.split("</form>").next().unwrap());
        let found =
            forms.map(|form| (plain(attribute(form, "action")), form)).find(|(action, _)| action.contains(part));
        let (action, form) = found.unwrap_or_else(|| panic!("no form goes to {part}: {}", self.text));
        let hidden = form.split("<input").skip(1).filter(|input| input.contains("type=\"hidden\""));
        let fields = hidden.map(|input| (attribute(input, "name").to_owned(), plain(attribute(input, "value"))));
        (action, fields.collect())
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let start = format!("{name}=\"");
    tag.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

fn plain(text: &str) -> String {
    text.replace("&#38;", "&").replace("&amp;", "&").split('#').next().unwrap().to_owned()
}

/// A browser of somebody who is not signed in. All its requests come from one address.
#[derive(Clone)]
struct Visitor {
    router: Router,
}

impl Visitor {
    fn of(server: &TestServer) -> Self {
        Self { router: server.router() }
    }

    async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, "", &[]).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, &body, &[]).await
    }

    /// Sends a page's form with what it holds, and more.
    async fn submit(&self, page: &Page, part: &str, more: &[(&str, &str)]) -> Page {
        let (action, fields) = page.form(part);
        let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(more);
        self.post(&action, &all).await
    }

    async fn send(&self, method: Method, path: &str, body: &str, headers: &[(&str, &str)]) -> Page {
        let mut request = Request::builder().method(method.clone()).uri(path);
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            if headers.iter().all(|(name, _)| *name != "origin") {
                request = request.header(header::ORIGIN, ORIGIN).header("sec-fetch-site", "same-origin");
            }
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        assert!(!parts.headers.contains_key(header::SET_COOKIE), "{path} sets a cookie");
        Page { status: parts.status, headers: parts.headers, text }
    }
}

fn ts(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn anna() -> Customer {
    Customer { name: CustomerName::new("Anna Kovács"), phone: "+12125550123".parse().ok() }
}

/// A haircut with Maria.
fn slot(business: &Business, starts: &str) -> Slot {
    Slot::at(&business.services[0], business.staff[0].id, ts(starts))
}

/// As somebody who calls books it.
async fn book(server: &TestServer, starts: &str) -> Booking {
    let business = Arc::new(open_salon());
    let slot = slot(&business, starts);
    try_book(server, &business, slot, anna(), Actor::Business).await.unwrap()
}

async fn try_book(
    server: &TestServer,
    business: &Arc<Business>,
    slot: Slot,
    customer: Customer,
    by: Actor,
) -> Result<Booking, DeskError> {
    let hold = Hold {
        business: Arc::clone(business),
        slot,
        customer: customer.clone(),
        call: None,
        by,
        anyway: false,
        key: format!("test/{}", server.clock.new_id()),
        replacing: None,
    };
    let held = server.state.desk.hold(hold).await?;
    let confirm = Confirm { business: Arc::clone(business), hold: held.id, customer, by, tell: true, language: None };
    server.state.desk.confirm(confirm).await
}

/// "/c/…".
fn page_of(server: &TestServer, booking: &Booking) -> String {
    format!("/c/{}", server.state.links.token(booking.id).unwrap())
}

/// The salon's bookings with this status.
async fn with_status(server: &TestServer, status: &str) -> Vec<Booking> {
    let filter = Filter { status: Some(status.to_owned()), ..Filter::default() };
    server.state.store.bookings(salon().id, &filter, None, 200).await.unwrap()
}

async fn texts(server: &TestServer, booking: &Booking) -> Vec<(String, String)> {
    let rows = server.state.store.outbox_of_booking(booking.id).await.unwrap();
    rows.into_iter().map(|row| (row.template, row.body)).collect()
}
