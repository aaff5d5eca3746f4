//! Asking a vendor on a page's behalf: within seconds, and with an answer in plain words when there is none.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use super::words;
use crate::{
    domain::connection::{CalendarId, Connection, ConnectionState},
    ports::{
        calendar::{Diary, Interval, Listed, Scheduler, Trouble},
        vendors::{Kind, Vendor},
    },
    web::state::AppState,
};

/// Somebody waits in front of a page.
const PATIENCE: Duration = Duration::from_secs(8);

async fn in_patience<T>(answer: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    match timeout(PATIENCE, answer).await {
        Ok(answer) => answer,
        Err(late) => Err(Trouble::Unavailable(late.into())),
    }
}

/// What the account has, to choose from; also while what was chosen is gone, since only choosing anew helps then.
pub(super) async fn listed(state: &AppState, connection: &Connection, vendor: &Vendor) -> Result<Vec<Listed>, Trouble> {
    let open = Connection { state: ConnectionState::Choosing, ..connection.clone() };
    let asked = state.opener.ask(&open, async |access| match &vendor.kind {
        Kind::Diary(diary) => diary.calendars(&access).await,
        Kind::Scheduler(scheduler) => scheduler.kinds(&access).await,
    });
    in_patience(asked).await
}

/// When these calendars are busy.
pub(super) async fn busy(
    state: &AppState,
    connection: &Connection,
    diary: &dyn Diary,
    calendars: &[CalendarId],
    range: Interval,
) -> Result<Vec<Interval>, Trouble> {
    in_patience(state.opener.ask(connection, async |access| diary.busy(&access, calendars, range).await)).await
}

/// When a kind of appointment could begin.
pub(super) async fn free(
    state: &AppState,
    connection: &Connection,
    scheduler: &dyn Scheduler,
    kind: &CalendarId,
    range: Interval,
) -> Result<Vec<Timestamp>, Trouble> {
    in_patience(state.opener.ask(connection, async |access| scheduler.free(&access, kind, range).await)).await
}

/// Why there is no answer, and what to do.
pub(super) fn told(trouble: &Trouble, label: &str) -> String {
    match trouble {
        Trouble::Reconnect(why) => words::reason(*why, label),
        Trouble::Unauthorized => format!("{label} does not let Deskbell in at the moment."),
        Trouble::Limited { .. } => format!("{label} has been asked too often. Wait a minute, and try it again."),
        Trouble::Gone => "A calendar that was chosen is not there any more. Choose another.".to_owned(),
        Trouble::Refused(_) | Trouble::Conflict | Trouble::Taken | Trouble::Stale => {
            format!(
                "{label} does not answer what it was asked. Try it again, and tell whoever runs the server if it stays so."
            )
        }
        Trouble::Unavailable(_) | Trouble::Unknown(_) => {
            format!("{label} does not answer at the moment. Nothing is lost; try it again in a moment.")
        }
    }
}
