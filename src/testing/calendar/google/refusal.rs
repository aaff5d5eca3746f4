//! How Google says no.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// A status, and the one cause in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) domain: &'static str,
    pub(super) reason: &'static str,
    pub(super) message: &'static str,
}

const fn global(code: u16, reason: &'static str, message: &'static str) -> Refusal {
    Refusal { code, domain: "global", reason, message }
}

pub(super) const UNAUTHORIZED: Refusal = global(401, "authError", "Invalid Credentials");
pub(super) const NO_SCOPE: Refusal =
    global(403, "insufficientPermissions", "Request had insufficient authentication scopes.");
pub(super) const FORBIDDEN: Refusal = global(403, "forbidden", "Forbidden");
pub(super) const NOT_A_WRITER: Refusal = Refusal {
    domain: "calendar",
    ..global(403, "requiredAccessLevel", "You need to have writer access to this calendar.")
};
pub(super) const OVER_QUOTA: Refusal =
    Refusal { domain: "usageLimits", ..global(403, "rateLimitExceeded", "Rate Limit Exceeded") };
pub(super) const NOT_FOUND: Refusal = global(404, "notFound", "Not Found");
pub(super) const DUPLICATE: Refusal = global(409, "duplicate", "The requested identifier already exists.");
pub(super) const DELETED: Refusal = global(410, "deleted", "Resource has been deleted");
pub(super) const FULL_SYNC: Refusal =
    global(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.");
pub(super) const CHANGED: Refusal = global(412, "conditionNotMet", "Precondition Failed");
pub(super) const TOO_LONG: Refusal = global(400, "timeRangeTooLong", "The requested time range is too long.");
pub(super) const EMPTY_RANGE: Refusal = global(400, "timeRangeEmpty", "The specified time range is empty.");

pub(super) fn invalid(message: &'static str) -> Refusal {
    global(400, "invalid", message)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::BAD_REQUEST);
        let cause = json!({"domain": self.domain, "reason": self.reason, "message": self.message});
        let body = json!({"error": {"code": self.code, "message": self.message, "errors": [cause]}});
        let mut response = (status, Json(body)).into_response();
        if self.code == 401 {
            let realm =
                HeaderValue::from_static("Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
        }
        response
    }
}
