//! The JSON API, `/api/v1`: for the owner's own programs. The server's token opens everything; a key of a business opens
//! what its scopes say, there.

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

pub use guard::Opens;
pub(super) use guard::{PREFIX, brings};
pub(super) use views::state as message_state;

use super::state::AppState;
use crate::domain::scope::Scope;
use problem::{Kind, Problem};

/// Where the API begins.
pub const ROOT: &str = "/api/v1";

/// The API, its document and the page to read it.
pub(super) fn router(state: &AppState) -> Router<AppState> {
    let guarded = doors()
        .router
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::once))
        .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
        .fallback(async || Problem::new(Kind::NotFound))
        .method_not_allowed_fallback(async || Problem::new(Kind::WrongMethod));
    let open = Router::new().route("/openapi.json", get(async || Json(openapi::document())));
    Router::new().nest(ROOT, open.merge(guarded)).route("/docs", get(reader::page))
}

/// Every method and path of the API, as the router knows them.
pub fn routes() -> Vec<(Method, &'static str)> {
    doors().listed.into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// The same with what a key needs for each.
pub fn routes_with_scopes() -> Vec<(Method, &'static str, Opens)> {
    doors().listed
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    openapi::document()
}

/// A router that remembers what is in it, and for whom.
struct Doors {
    router: Router<AppState>,
    listed: Vec<(Method, &'static str, Opens)>,
}

impl Doors {
    fn at<T: 'static>(
        mut self,
        method: Method,
        path: &'static str,
        opens: impl Into<Opens>,
        handler: impl Handler<T, AppState>,
    ) -> Self {
        // Every method below is one that a filter exists for.
        if let Ok(filter) = MethodFilter::try_from(method.clone()) {
            self.router = self.router.route(path, on(filter, handler));
            self.listed.push((method, path, opens.into()));
        }
        self
    }
}

impl From<Scope> for Opens {
    fn from(scope: Scope) -> Self {
        Self::With(scope)
    }
}

fn doors() -> Doors {
    use Method as M;
    use Scope as S;
    Doors { router: Router::new(), listed: Vec::new() }
        .at(M::GET, "/businesses", S::SettingsRead, businesses::list)
        .at(M::POST, "/businesses", Opens::ServerAlone, businesses::create)
        .at(M::GET, "/businesses/{business}", S::SettingsRead, businesses::get)
        .at(M::PUT, "/businesses/{business}", S::SettingsWrite, businesses::replace)
        .at(M::GET, "/businesses/{business}/services", S::SettingsRead, parts::services)
        .at(M::POST, "/businesses/{business}/services", S::SettingsWrite, parts::add_service)
        .at(M::PUT, "/businesses/{business}/services/{service}", S::SettingsWrite, parts::replace_service)
        .at(M::DELETE, "/businesses/{business}/services/{service}", S::SettingsWrite, parts::remove_service)
        .at(M::GET, "/businesses/{business}/staff", S::SettingsRead, parts::staff)
        .at(M::POST, "/businesses/{business}/staff", S::SettingsWrite, parts::add_member)
        .at(M::PUT, "/businesses/{business}/staff/{member}", S::SettingsWrite, parts::replace_member)
        .at(M::DELETE, "/businesses/{business}/staff/{member}", S::SettingsWrite, parts::remove_member)
        .at(M::GET, "/businesses/{business}/hours", S::SettingsRead, parts::hours)
        .at(M::PUT, "/businesses/{business}/hours", S::SettingsWrite, parts::replace_hours)
        .at(M::GET, "/businesses/{business}/exceptions", S::SettingsRead, parts::exceptions)
        .at(M::POST, "/businesses/{business}/exceptions", S::SettingsWrite, parts::add_exception)
        .at(M::PUT, "/businesses/{business}/exceptions/{exception}", S::SettingsWrite, parts::replace_exception)
        .at(M::DELETE, "/businesses/{business}/exceptions/{exception}", S::SettingsWrite, parts::remove_exception)
        .at(M::GET, "/businesses/{business}/slots", S::SlotsRead, slots::list)
        .at(M::GET, "/businesses/{business}/bookings", S::BookingsRead, bookings::list)
        .at(M::POST, "/businesses/{business}/bookings", S::BookingsWrite, bookings::create)
        .at(M::GET, "/businesses/{business}/bookings/{booking}", S::BookingsRead, bookings::get)
        .at(M::POST, "/businesses/{business}/bookings/{booking}/move", S::BookingsWrite, bookings::reschedule)
        .at(M::POST, "/businesses/{business}/bookings/{booking}/cancel", S::BookingsWrite, bookings::cancel)
        .at(M::GET, "/businesses/{business}/calls", S::CallsRead, calls::list)
        .at(M::GET, "/businesses/{business}/calls/{call}", S::CallsRead, calls::get)
        .at(M::GET, "/businesses/{business}/notes", S::CallsRead, notes::list)
}
