//! What went wrong, as RFC 9457 problem details: a kind a program can act on, and a sentence for whoever reads it.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::{error, info};
use utoipa::ToSchema;

use crate::{
    domain::business::Mistake,
    ports::desk::DeskError,
    store::StoreError,
    web::{error::Refusal, patience::Late},
};

/// The kinds of problems, each with its status, its name (the end of its `type`) and its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Off,
    NoToken,
    NoScope,
    NotFound,
    WrongMethod,
    WrongType,
    TooLarge,
    TooSlow,
    Invalid,
    NoVersion,
    StaleVersion,
    Conflict,
    InUse,
    Taken,
    NotOffered,
    Gone,
    TooMany,
    KeyInFlight,
    KeyReused,
    Unavailable,
    Internal,
}

impl Kind {
    /// Every kind, for the page that explains them.
    pub(super) const ALL: [Self; 21] = [
        Self::Off,
        Self::NoToken,
        Self::NoScope,
        Self::NotFound,
        Self::WrongMethod,
        Self::WrongType,
        Self::TooLarge,
        Self::TooSlow,
        Self::Invalid,
        Self::NoVersion,
        Self::StaleVersion,
        Self::Conflict,
        Self::InUse,
        Self::Taken,
        Self::NotOffered,
        Self::Gone,
        Self::TooMany,
        Self::KeyInFlight,
        Self::KeyReused,
        Self::Unavailable,
        Self::Internal,
    ];

    /// Status, name, title.
    pub(super) fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Off => (StatusCode::SERVICE_UNAVAILABLE, "off", "API is off: set DESKBELL_API_TOKEN"),
            Self::NoToken => (StatusCode::UNAUTHORIZED, "no-token", "A valid bearer token is needed"),
            Self::NoScope => (StatusCode::FORBIDDEN, "no-scope", "The key may not do this"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is nothing here"),
            Self::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "Not with this method"),
            Self::WrongType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type", "The body must be JSON"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is longer than 64 KiB"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too-slow", "The body did not come in time"),
            Self::Invalid => (StatusCode::BAD_REQUEST, "invalid", "Something in the request is not right"),
            Self::NoVersion => (StatusCode::PRECONDITION_REQUIRED, "no-version", "Say which version you edit"),
            Self::StaleVersion => (StatusCode::PRECONDITION_FAILED, "stale-version", "Somebody else saved first"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "It conflicts with what is there"),
            Self::InUse => (StatusCode::CONFLICT, "in-use", "There are appointments with it"),
            Self::Taken => (StatusCode::CONFLICT, "taken", "That time is taken"),
            Self::NotOffered => (StatusCode::UNPROCESSABLE_ENTITY, "not-offered", "That time is not on offer"),
            Self::Gone => (StatusCode::CONFLICT, "gone", "It is no longer what it was"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many bookings"),
            Self::KeyInFlight => (StatusCode::CONFLICT, "key-in-flight", "The same request is being worked on"),
            Self::KeyReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "key-reused", "The Idempotency-Key was used for another request")
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The ledger does not answer"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong here"),
        }
    }
}

/// A problem on its way to the client. Boxed, since results of handlers should stay small.
#[derive(Debug)]
pub(super) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: Kind,
    detail: Option<String>,
    errors: Vec<Mistake>,
    members: Map<String, Value>,
}

/// A problem as it is sent (RFC 9457), `application/problem+json`.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "/docs#problem-invalid", "title": "Something in the request is not right", "status": 400,
    "errors": [{"at": "services[0].minutes", "why": "must be 1 to 1440"}]
}))]
pub(super) struct ProblemBody {
    /// Names the kind of problem; where it is explained.
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// What is wrong, and where, as a path into the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<super::shapes::Mistake>, required = false)]
    errors: Vec<Mistake>,
    #[serde(flatten)]
    #[schema(ignore)]
    members: Map<String, Value>,
}

impl Problem {
    pub(super) fn new(kind: Kind) -> Self {
        Self(Box::new(Parts { kind, detail: None, errors: Vec::new(), members: Map::new() }))
    }

    /// One thing is wrong, at a path into the body or at a parameter.
    pub(super) fn at(at: impl Into<String>, why: impl Into<String>) -> Self {
        Self::invalid(vec![Mistake { at: at.into(), why: why.into() }])
    }

    pub(super) fn invalid(errors: Vec<Mistake>) -> Self {
        let mut problem = Self::new(Kind::Invalid);
        problem.0.errors = errors;
        problem
    }

    #[must_use]
    pub(super) fn because(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds a member of its own, as RFC 9457 §3.2 allows.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.0.members.insert(name.to_owned(), value);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Parts { kind, detail, errors, members } = *self.0;
        let (status, name, title) = kind.parts();
        info!(status = status.as_u16(), kind = name, "an API request was refused: {name}");
        let body = ProblemBody {
            kind: format!("/docs#problem-{name}"),
            title,
            status: status.as_u16(),
            detail,
            errors,
            members,
        };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")], body)
                .into_response();
        let headers = response.headers_mut();
        match kind {
            // RFC 6750 §3.
            Kind::NoToken => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"deskbell\""));
            }
            // RFC 6750 §3.1.
            Kind::NoScope => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static("Bearer realm=\"deskbell\", error=\"insufficient_scope\""),
                );
            }
            Kind::Unavailable | Kind::KeyInFlight => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            Kind::TooSlow => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(failure: StoreError) -> Self {
        if let StoreError::Unavailable(_) = failure {
            return Self::new(Kind::Unavailable);
        }
        error!(error = %failure, "an API request met a broken ledger");
        Self::new(Kind::Internal)
    }
}

impl From<Late> for Problem {
    fn from(_: Late) -> Self {
        Self::new(Kind::Unavailable)
    }
}

impl From<DeskError> for Problem {
    fn from(failure: DeskError) -> Self {
        match failure {
            DeskError::Taken => Self::new(Kind::Taken),
            DeskError::Gone => Self::new(Kind::Gone),
            DeskError::TooLate => Self::new(Kind::Gone).because("It is too late to change it."),
            DeskError::NotOffered => Self::new(Kind::NotOffered),
            DeskError::TooMany => Self::new(Kind::TooMany),
            DeskError::ByPage { .. } => Self::new(Kind::Unavailable)
                .because("The calendar takes no booking from us now; it has a page of its own."),
            DeskError::Unavailable(_) => Self::new(Kind::Unavailable),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooLarge => Self::new(Kind::TooLarge),
            Refusal::TooSlow => Self::new(Kind::TooSlow),
            Refusal::WrongType => Self::new(Kind::WrongType),
            Refusal::WrongMethod => Self::new(Kind::WrongMethod),
            Refusal::NotFound => Self::new(Kind::NotFound),
            Refusal::Down => Self::new(Kind::Unavailable),
            _ => Self::new(Kind::Invalid),
        }
    }
}
