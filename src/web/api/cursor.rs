//! Pages of a list: opaque cursors, and how many items are on a page.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::problem::Problem;

const USUAL: i64 = 50;
const MOST: i64 = 200;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// Give it as `cursor` to get what follows; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) next: Option<String>,
}

impl<T> Page<T> {
    /// `rows` were asked for one more than fit, which tells whether more follow.
    pub(super) fn of<R>(mut rows: Vec<R>, limit: u32, cursor: impl Fn(&R) -> String, view: impl Fn(R) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows.into_iter().map(view).collect(), next }
    }
}

/// How many items a page has: 50 unless asked otherwise, 200 at most.
pub(super) fn limit(asked: Option<i64>) -> u32 {
    u32::try_from(asked.unwrap_or(USUAL).clamp(1, MOST)).unwrap_or(1)
}

/// Which list a cursor belongs to, so that one cannot be used on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum List {
    Businesses = 1,
    Bookings = 2,
    Calls = 3,
    Notes = 4,
}

/// A cursor after an item. `at` is only used by lists in order of time.
pub(super) fn after(list: List, at: Option<Timestamp>, id: Uuid) -> String {
    let mut bytes = vec![list as u8];
    bytes.extend(id.as_bytes());
    if let Some(at) = at {
        bytes.extend(at.as_second().to_be_bytes());
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The id in a cursor of a list in order of ids.
pub(super) fn id(list: List, cursor: Option<&str>) -> Result<Option<Uuid>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = decode::<17>(list, cursor)?;
    Ok(Some(uuid_in(&bytes)))
}

/// The time and the id in a cursor of a list in order of time.
pub(super) fn time_and_id(list: List, cursor: Option<&str>) -> Result<Option<(Timestamp, Uuid)>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = decode::<25>(list, cursor)?;
    let mut seconds = [0; 8];
    seconds.copy_from_slice(&bytes[17..]);
    let at = Timestamp::from_second(i64::from_be_bytes(seconds)).map_err(|_| forged())?;
    Ok(Some((at, uuid_in(&bytes))))
}

fn uuid_in(bytes: &[u8]) -> Uuid {
    let mut id = [0; 16];
    id.copy_from_slice(&bytes[1..17]);
    Uuid::from_bytes(id)
}

fn decode<const N: usize>(list: List, cursor: &str) -> Result<[u8; N], Problem> {
    let bytes: Option<[u8; N]> = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.filter(|bytes| bytes[0] == list as u8).ok_or_else(forged)
}

fn forged() -> Problem {
    Problem::at("cursor", "is not one that this list gave out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_where_it_was_made() {
        let (at, item) = (Timestamp::from_second(1_800_000_000).unwrap(), Uuid::from_u128(77));
        let cursor = after(List::Bookings, Some(at), item);
        assert_eq!(time_and_id(List::Bookings, Some(&cursor)).unwrap(), Some((at, item)));
        let cursor = after(List::Calls, None, item);
        assert_eq!(id(List::Calls, Some(&cursor)).unwrap(), Some(item));
    }

    #[test]
    fn k13_a_forged_cursor_is_refused_and_a_limit_is_clamped() {
        let of_calls = after(List::Calls, None, Uuid::from_u128(1));
        for forged in
            ["", "x", "////", "AAAA", of_calls.as_str(), &"A".repeat(9_000), "AgAAAAAAAAAAAAAAAAAAAAAAf_________8"]
        {
            assert!(time_and_id(List::Bookings, Some(forged)).is_err(), "{forged}");
            assert!(id(List::Notes, Some(forged)).is_err(), "{forged}");
        }
        assert_eq!([Some(-1), Some(0), None, Some(1_000_000_000)].map(limit), [1, 1, 50, 200]);
    }
}
