//! What handlers take out of a request, with problem details when it is not there.

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, header, request},
};
use serde::de::{DeserializeOwned, IgnoredAny};
use uuid::Uuid;

use super::{
    place,
    problem::{Kind, Problem},
};
use crate::web::body;

/// A JSON body of at most 64 KiB.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let text = Text::from_request(request, &()).await?;
        Ok(Self(text.read()?))
    }
}

/// A JSON body, not yet read.
pub(super) struct Text(String);

impl<S: Send + Sync> FromRequest<S> for Text {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(Problem::new(Kind::WrongType));
        }
        let bytes = body::whole(&parts.headers, body).await?;
        let text = String::from_utf8(bytes.into()).map_err(|_| Problem::at("", "is not UTF-8"))?;
        Ok(Self(text))
    }
}

impl Text {
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        place::read(&self.0).map_err(|mistake| Problem::invalid(vec![mistake]))
    }

    /// Reads an object that is given this id unless it brings one.
    pub(super) fn read_with_id<T: DeserializeOwned>(&self, id: Uuid) -> Result<T, Problem> {
        #[derive(serde::Deserialize)]
        struct Id {
            id: Option<IgnoredAny>,
        }
        match (serde_json::from_str::<Id>(&self.0), self.0.find('{')) {
            (Ok(Id { id: None }), Some(open)) if !self.0[..open].contains('[') => {
                let (before, after) = self.0.split_at(open + 1);
                let comma = if after.trim_start().starts_with('}') { "" } else { "," };
                Self(format!("{before}\"id\":\"{id}\"{comma}{after}")).read()
            }
            _ => self.read(),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// Ids out of the path. What cannot be an id is not found.
pub(super) struct Ids<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Ids<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<Self, Problem> {
        let found = Path::<T>::from_request_parts(parts, state).await;
        found.map(|Path(ids)| Self(ids)).map_err(|_| Problem::new(Kind::NotFound))
    }
}

/// The query, with every parameter known.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(Problem::at("query", rejection.body_text())),
        }
    }
}

/// The version of the document that an edit was made on, from `If-Match: "3"`.
pub(super) struct IfMatch(pub(super) Option<i32>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let version = value.to_str().ok().and_then(|value| value.trim().trim_matches('"').parse().ok());
        match version {
            Some(version) => Ok(Self(Some(version))),
            None => Err(Problem::at("If-Match", "must be the ETag that came with the document, such as \"3\"")),
        }
    }
}
