//! Businesses, each as a whole document.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    cursor::{self, List, Page},
    edit,
    extract::{Asked, Ids, IfMatch, Text},
    guard::Client,
    problem::{Kind, Problem},
    shapes,
};
use crate::{
    domain::{business::Business, ids::BusinessId},
    store::businesses::Saved,
    web::state::AppState,
};

/// A page of a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// Where the page before ended.
    #[param(nullable = false)]
    pub(super) cursor: Option<String>,
    /// 1 to 200, usually 50.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    pub(super) limit: Option<i64>,
}

/// A business and the version of its document.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedBusiness {
    version: i32,
    #[schema(value_type = shapes::Business)]
    business: Business,
}

/// List the businesses
///
/// A key of a business sees its own alone.
#[utoipa::path(get, path = "/businesses", tag = "Businesses", params(Paging),
    responses((status = 200, body = Page<ListedBusiness>)))]
pub(super) async fn list(
    State(state): State<AppState>,
    client: Client,
    Asked(asked): Asked<Paging>,
) -> Result<Answer<Page<ListedBusiness>>, Problem> {
    let limit = cursor::limit(asked.limit);
    let after = cursor::id(List::Businesses, asked.cursor.as_deref())?.map(BusinessId);
    let rows = match client.only() {
        None => state.store.businesses(after, limit + 1).await?,
        Some(id) if after.is_none_or(|after| after < id) => state.store.business(id).await?.into_iter().collect(),
        Some(_) => Vec::new(),
    };
    let cursor = |row: &crate::store::businesses::Versioned| cursor::after(List::Businesses, None, row.business.id.0);
    Ok(Answer(Page::of(rows, limit, cursor, |row| ListedBusiness { version: row.version, business: row.business })))
}

/// Create a business
///
/// Everything that is wrong with it is reported at once, each with its path.
#[utoipa::path(post, path = "/businesses", tag = "Businesses",
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, description = "Makes it safe to send twice.")),
    request_body = shapes::Business,
    responses((status = 201, body = shapes::Business, headers(("ETag" = String, description = "Its version.")))))]
pub(super) async fn create(State(state): State<AppState>, client: Client, body: Text) -> Result<Response, Problem> {
    let business: Business = body.read_with_id(state.clock.new_id())?;
    if business.id.0.is_nil() {
        return Err(Problem::at("id", "must not be nil"));
    }
    edit::check(&business)?;
    let deed = client.does("business.created", business.id).deed(&state, business.id, String::new());
    match state.store.create_business_as(&business, &deed).await? {
        Saved::Saved { version } => {
            state.businesses.forget(business.id);
            let place = format!("{}/businesses/{}", super::ROOT, business.id);
            let mut response = edit::tagged(version, (StatusCode::CREATED, Answer(business)));
            if let Ok(place) = HeaderValue::from_str(&place) {
                response.headers_mut().insert(header::LOCATION, place);
            }
            Ok(response)
        }
        Saved::NumberTaken(number) => Err(edit::number_taken(&business, number.as_str())),
        Saved::Conflict(_) | Saved::Missing => {
            Err(Problem::new(Kind::Conflict).because("There is a business with this id already."))
        }
    }
}

/// Get a business
#[utoipa::path(get, path = "/businesses/{business}", tag = "Businesses",
    params(("business" = Uuid, Path)),
    responses((status = 200, body = shapes::Business, headers(("ETag" = String, description = "Its version, for If-Match.")))))]
pub(super) async fn get(State(state): State<AppState>, Ids(id): Ids<BusinessId>) -> Result<Response, Problem> {
    let found = edit::load(&state, id).await?;
    Ok(edit::tagged(found.version, Answer(found.business)))
}

/// Replace a business
///
/// `If-Match` must name the version the edit was made on. When somebody else saved first nothing is changed, and the
/// answer tells the paths at which the two differ.
#[utoipa::path(put, path = "/businesses/{business}", tag = "Businesses",
    params(("business" = Uuid, Path), ("If-Match" = String, Header, description = "The ETag of the version that was edited.", example = "\"3\"")),
    request_body = shapes::Business,
    responses((status = 200, body = shapes::Business, headers(("ETag" = String, description = "Its new version."))),
        (status = 412, description = "Somebody else saved first.")))]
pub(super) async fn replace(
    State(state): State<AppState>,
    client: Client,
    Ids(id): Ids<BusinessId>,
    IfMatch(version): IfMatch,
    body: Text,
) -> Result<Response, Problem> {
    edit::load(&state, id).await?;
    let version = version.ok_or_else(|| Problem::new(Kind::NoVersion).because("Send If-Match with the ETag."))?;
    let business: Business = body.read_with_id(id.0)?;
    if business.id != id {
        return Err(Problem::at("id", "is not the id in the path"));
    }
    let save = |stored: &mut Business| {
        stored.clone_from(&business);
        Ok(())
    };
    let ((), version) = edit::edit(&state, id, Some(version), &client.does("settings.replaced", id), save).await?;
    Ok(edit::tagged(version, Answer(business)).into_response())
}
