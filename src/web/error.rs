//! Why a request is refused. Refusals say as little as possible: an empty body, and a label for the log.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tracing::info;

/// A refusal, by what the other side did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not from whom it says, or without the token. The label is for the log alone.
    Forbidden(&'static str),
    /// Genuine, but not a request we can act on.
    Bad(&'static str),
    NotFound,
    WrongMethod,
    WrongType,
    TooLarge,
    TooSlow,
    /// As many calls as there may be, or the server stops.
    Busy(&'static str),
    /// The ledger does not answer.
    Down,
}

impl Refusal {
    pub fn status(self) -> StatusCode {
        match self {
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy(_) | Self::Down => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::Forbidden(reason) | Self::Bad(reason) | Self::Busy(reason) => reason,
            Self::NotFound => "not found",
            Self::WrongMethod => "wrong method",
            Self::WrongType => "wrong content type",
            Self::TooLarge => "too large",
            Self::TooSlow => "too slow",
            Self::Down => "the ledger does not answer",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        info!(status = self.status().as_u16(), reason = self.reason(), "a request was refused: {}", self.reason());
        let mut response = self.status().into_response();
        if self == Self::TooSlow {
            // RFC 9110 §15.5.9: whoever answers 408 wants the connection closed.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
