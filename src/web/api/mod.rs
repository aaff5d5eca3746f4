//! The JSON API, `/api/v1`: for the owner's own programs, with one bearer token that opens everything.

mod bookings;
mod businesses;
mod calls;
mod cursor;
mod edit;
mod extract;
mod guard;
mod idempotency;
mod notes;
mod openapi;
mod parts;
mod place;
mod problem;
mod reader;
#[cfg_attr(not(test), expect(dead_code, reason = "their fields are only described"))]
mod shapes;
mod slots;
mod views;

use axum::{
    Json, Router,
    handler::Handler,
    http::Method,
    middleware,
    routing::{MethodFilter, get, on},
};

pub(super) use guard::brings;
pub(super) use views::state as message_state;

use super::state::AppState;
use problem::{Kind, Problem};

/// Where the API begins.
pub const ROOT: &str = "/api/v1";

/// The API, its document and the page to read it.
pub(super) fn router(state: &AppState) -> Router<AppState> {
    let guarded = doors()
        .router
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::once))
        .layer(middleware::from_fn_with_state(state.clone(), guard::token))
        .fallback(async || Problem::new(Kind::NotFound))
        .method_not_allowed_fallback(async || Problem::new(Kind::WrongMethod));
    let open = Router::new().route("/openapi.json", get(async || Json(openapi::document())));
    Router::new().nest(ROOT, open.merge(guarded)).route("/docs", get(reader::page))
}

/// Every method and path of the API, as the router knows them.
pub fn routes() -> Vec<(Method, &'static str)> {
    doors().listed
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    openapi::document()
}

/// A router that remembers what is in it.
struct Doors {
    router: Router<AppState>,
    listed: Vec<(Method, &'static str)>,
}

impl Doors {
    fn at<T: 'static>(mut self, method: Method, path: &'static str, handler: impl Handler<T, AppState>) -> Self {
        // Every method below is one that a filter exists for.
        if let Ok(filter) = MethodFilter::try_from(method.clone()) {
            self.router = self.router.route(path, on(filter, handler));
            self.listed.push((method, path));
        }
        self
    }
}

fn doors() -> Doors {
    use Method as M;
    Doors { router: Router::new(), listed: Vec::new() }
        .at(M::GET, "/businesses", businesses::list)
        .at(M::POST, "/businesses", businesses::create)
        .at(M::GET, "/businesses/{business}", businesses::get)
        .at(M::PUT, "/businesses/{business}", businesses::replace)
        .at(M::GET, "/businesses/{business}/services", parts::services)
        .at(M::POST, "/businesses/{business}/services", parts::add_service)
        .at(M::PUT, "/businesses/{business}/services/{service}", parts::replace_service)
        .at(M::DELETE, "/businesses/{business}/services/{service}", parts::remove_service)
        .at(M::GET, "/businesses/{business}/staff", parts::staff)
        .at(M::POST, "/businesses/{business}/staff", parts::add_member)
        .at(M::PUT, "/businesses/{business}/staff/{member}", parts::replace_member)
        .at(M::DELETE, "/businesses/{business}/staff/{member}", parts::remove_member)
        .at(M::GET, "/businesses/{business}/hours", parts::hours)
        .at(M::PUT, "/businesses/{business}/hours", parts::replace_hours)
        .at(M::GET, "/businesses/{business}/exceptions", parts::exceptions)
        .at(M::POST, "/businesses/{business}/exceptions", parts::add_exception)
        .at(M::PUT, "/businesses/{business}/exceptions/{exception}", parts::replace_exception)
        .at(M::DELETE, "/businesses/{business}/exceptions/{exception}", parts::remove_exception)
        .at(M::GET, "/businesses/{business}/slots", slots::list)
        .at(M::GET, "/businesses/{business}/bookings", bookings::list)
        .at(M::POST, "/businesses/{business}/bookings", bookings::create)
        .at(M::GET, "/businesses/{business}/bookings/{booking}", bookings::get)
        .at(M::POST, "/businesses/{business}/bookings/{booking}/move", bookings::reschedule)
        .at(M::POST, "/businesses/{business}/bookings/{booking}/cancel", bookings::cancel)
        .at(M::GET, "/businesses/{business}/calls", calls::list)
        .at(M::GET, "/businesses/{business}/calls/{call}", calls::get)
        .at(M::GET, "/businesses/{business}/notes", notes::list)
}
