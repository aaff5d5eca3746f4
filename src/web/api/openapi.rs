//! The OpenAPI document, from the handlers and their types.

use std::sync::OnceLock;

use axum::http::Method;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, Components, Content, Paths, Ref, RefOr, ResponseBuilder,
        path::Operation,
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
        server::ServerBuilder,
    },
};

use super::{Opens, bookings, businesses, calls, notes, parts, problem, slots};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Deskbell",
        description = "Businesses, what they offer and when; free times; bookings; and the calls that made them.\n\nEvery \
                       request carries `Authorization: Bearer` with a key that an owner makes under Settings, API keys, or \
                       with the server's own `DESKBELL_API_TOKEN`. A key belongs to one business and opens what its scopes \
                       say; each operation names the one it needs. The server's token opens everything. Times are RFC 3339 \
                       with the business's offset, numbers are E.164. Lists come in pages: give `next` as `cursor`. What \
                       goes wrong is told as RFC 9457 problem details. A POST with an `Idempotency-Key` can be sent again \
                       within 24 hours and acts once.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        businesses::list,
        businesses::create,
        businesses::get,
        businesses::replace,
        parts::services,
        parts::add_service,
        parts::replace_service,
        parts::remove_service,
        parts::staff,
        parts::add_member,
        parts::replace_member,
        parts::remove_member,
        parts::hours,
        parts::replace_hours,
        parts::exceptions,
        parts::add_exception,
        parts::replace_exception,
        parts::remove_exception,
        slots::list,
        bookings::list,
        bookings::create,
        bookings::get,
        bookings::reschedule,
        bookings::cancel,
        calls::list,
        calls::get,
        notes::list,
    ),
    components(schemas(problem::ProblemBody)),
    modifiers(&Shared),
    security(("token" = [])),
    tags(
        (name = "Bookings", description = "Free times and appointments. They are changed where callers' are, so the same rules hold and no time is given twice."),
        (name = "Calls", description = "What was said, what came of it, and the notes callers left."),
        (name = "Businesses", description = "A business is one document with a version. Edit it as a whole, or in its parts."),
        (name = "Services", description = "What can be booked."),
        (name = "Staff", description = "Who, or what, can be booked."),
        (name = "Hours", description = "The week, and the days that do not follow it."),
    ),
)]
struct Document;

/// What stands in the place of a scope where no key is enough.
const SERVER_ALONE: &str = "server";

/// What every operation shares: where the API is, its token, its problems.
struct Shared;

impl Modify for Shared {
    fn modify(&self, document: &mut openapi::OpenApi) {
        document.servers = Some(vec![ServerBuilder::new().url(super::ROOT).build()]);
        let components = document.components.get_or_insert_with(Components::new);
        let token =
            Http::builder().scheme(HttpAuthScheme::Bearer).description(Some("A business's key, or DESKBELL_API_TOKEN"));
        components.add_security_scheme("token", SecurityScheme::Http(token.build()));
        for (method, path, opens) in super::routes_with_scopes() {
            if let Some(operation) = operation(&mut document.paths, &method, path) {
                // OpenAPI 3.1 §4.8.30: what a bearer must be allowed stands in the list.
                let needed: Vec<&str> = match opens {
                    Opens::With(scope) => vec![scope.as_str()],
                    Opens::ServerAlone => vec![SERVER_ALONE],
                };
                operation.security = Some(vec![SecurityRequirement::new("token", needed)]);
            }
        }
        for operation in operations(&mut document.paths) {
            operation.responses.responses.entry("4XX".to_owned()).or_insert_with(|| {
                ResponseBuilder::new().description("What went wrong, as problem details").build().into()
            });
            for (status, response) in &mut operation.responses.responses {
                if let (true, RefOr::T(response)) = (status.starts_with('4'), response) {
                    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
                    response.content.insert("application/problem+json".to_owned(), problem.into());
                }
            }
        }
    }
}

fn operations(paths: &mut Paths) -> impl Iterator<Item = &mut Operation> {
    paths.paths.values_mut().flat_map(|path| {
        [&mut path.get, &mut path.post, &mut path.put, &mut path.delete].into_iter().filter_map(Option::as_mut)
    })
}

fn operation<'a>(paths: &'a mut Paths, method: &Method, path: &str) -> Option<&'a mut Operation> {
    let item = paths.paths.get_mut(path)?;
    match method.as_str() {
        "GET" => item.get.as_mut(),
        "POST" => item.post.as_mut(),
        "PUT" => item.put.as_mut(),
        "DELETE" => item.delete.as_mut(),
        _ => None,
    }
}

/// Made once: it never changes.
pub(super) fn document() -> openapi::OpenApi {
    static DOCUMENT: OnceLock<openapi::OpenApi> = OnceLock::new();
    DOCUMENT.get_or_init(Document::openapi).clone()
}
