//! Messages that callers left for the business.

use axum::{Json as Answer, extract::State};

use super::{
    businesses::Paging,
    cursor::{self, List, Page},
    edit::load,
    extract::{Asked, Ids},
    problem::Problem,
    views::NoteView,
};
use crate::{
    domain::ids::{BusinessId, MessageId},
    store::notes::StoredNote,
    web::state::AppState,
};

/// List notes
///
/// What callers asked to be passed on, newest first.
#[utoipa::path(get, path = "/businesses/{business}/notes", tag = "Calls", params(("business" = Uuid, Path), Paging),
    responses((status = 200, body = Page<NoteView>)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Ids(id): Ids<BusinessId>,
    Asked(asked): Asked<Paging>,
) -> Result<Answer<Page<NoteView>>, Problem> {
    let business = load(&state, id).await?.business;
    let limit = cursor::limit(asked.limit);
    let before = cursor::id(List::Notes, asked.cursor.as_deref())?.map(MessageId);
    let rows = state.store.notes(id, before, limit + 1).await?;
    let cursor = |row: &StoredNote| cursor::after(List::Notes, None, row.id.0);
    Ok(Answer(Page::of(rows, limit, cursor, |row| NoteView::of(row, &business.zone))))
}
