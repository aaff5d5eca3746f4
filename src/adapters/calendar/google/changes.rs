//! What has changed in a calendar (`events.list` with a sync token,
//! <https://developers.google.com/workspace/calendar/api/guides/sync>).

use anyhow::anyhow;
use jiff::{Timestamp, tz::TimeZone};
use reqwest::Method;

use super::{Google, refusals, wire};
use crate::{
    adapters::calendar::exchange::{self, Doing, Pages},
    domain::connection::CalendarId,
    ports::calendar::{Access, Changes, Trouble},
};

/// Of a listing: its zone is for whole days, its cursor for the next time. The events' are [`wire::FIELDS`].
const FIELDS: &str = "timeZone,nextPageToken,nextSyncToken,items(id,etag,status,htmlLink,hangoutLink,start,end,\
                      extendedProperties/private)";

impl Google {
    pub(super) async fn list(
        &self,
        access: &Access,
        calendar: &CalendarId,
        cursor: Option<&str>,
        from: Timestamp,
    ) -> Result<Changes, Trouble> {
        let parts = ["calendars", calendar.as_str(), "events"];
        let from = from.to_string();
        // A sync token goes with no other limit, and with the same of these that it was made with.
        let start = cursor.map_or(("timeMin", from.as_str()), |cursor| ("syncToken", cursor));
        let mut seen = Vec::new();
        let (mut pages, mut page) = (Pages::default(), None::<String>);
        loop {
            // Ours do not come again, so what does is not unfolded: a daily walk is one row, and not one for each day of years.
            let mut query = vec![("showDeleted", "true"), ("maxResults", "1000"), ("fields", FIELDS), start];
            if let Some(page) = &page {
                query.push(("pageToken", page));
            }
            let answer = exchange::ask(self.request(Method::GET, &parts, &query, access), Doing::Reading).await?;
            if !answer.is_success() {
                let stale = cursor.and_then(|_| refusals::of_cursor(&answer));
                return Err(stale.unwrap_or_else(|| refusals::of_account(&answer)));
            }
            let said: wire::Events = answer.read()?;
            let zone = said.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
            seen.extend(said.items.into_iter().filter_map(|event| event.seen(zone.as_ref())));
            match (said.next_page_token, said.next_sync_token) {
                (Some(next), _) => {
                    pages.go_on(&next)?;
                    page = Some(next);
                }
                (None, Some(cursor)) => return Ok(Changes { seen, cursor }),
                (None, None) => return Err(Trouble::Unavailable(anyhow!("the listing ends without a cursor"))),
            }
        }
    }
}
