//! How our values are written into columns and read back. The one place that decides what a moment looks like.

use std::{borrow::Cow, str::FromStr};

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;

use super::StoreError;

/// A moment in a column: `timestamptz`, or RFC 3339 text.
pub(super) type Moment = jiff_sqlx::Timestamp;

/// A moment to be bound, cut to whole seconds: SQLite compares moments as text, and "…:00Z" sorts after "…:00.5Z".
pub(super) fn at(moment: Timestamp) -> Moment {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment).to_sqlx()
}

pub(super) fn moment(column: Moment) -> Timestamp {
    column.to_jiff()
}

/// Text without U+0000, which Postgres cannot store and nobody says.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Reads a column that our own code wrote.
pub(super) fn parsed<T: FromStr>(column: &str, what: &'static str) -> Result<T, StoreError> {
    column.parse().map_err(|_| StoreError::Inconsistent { what })
}

pub(super) fn parsed_if<T: FromStr>(column: Option<&str>, what: &'static str) -> Result<Option<T>, StoreError> {
    column.map(|column| parsed(column, what)).transpose()
}
