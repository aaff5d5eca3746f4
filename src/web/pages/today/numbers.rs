//! How today goes, beside the same day of last week until the same time.

use jiff::{Timestamp, ToSpan};

use super::super::{access::Access, fault::Fault, say::Say};
use crate::{
    domain::insights::{CallFact, Fate},
    web::{patience::in_time, state::AppState},
};

/// Calls, as two days compare.
pub(super) struct Numbers {
    /// "Thursday".
    pub(super) weekday: String,
    pub(super) rows: Vec<(&'static str, usize, usize)>,
}

pub(super) async fn read(state: &AppState, access: &Access, say: &Say) -> Result<Numbers, Fault> {
    let (store, business) = (&state.store, access.business.id);
    let now = say.zoned(state.clock.now());
    // By the clock on the wall there, which may have been changed meanwhile.
    let then = now.checked_sub(7.days()).unwrap_or_else(|_| now.clone());
    let since = |at: &jiff::Zoned| -> (Timestamp, Timestamp) {
        (at.start_of_day().map_or(at.timestamp(), |start| start.timestamp()), at.timestamp())
    };
    let reading =
        async { Ok((store.call_facts(business, since(&now)).await?, store.call_facts(business, since(&then)).await?)) };
    let (today, before) = in_time("counting today's calls", reading).await?;
    let answered = |calls: &[CallFact]| calls.iter().filter(|call| call.answered.is_some()).count();
    let booked = |calls: &[CallFact]| calls.iter().filter(|call| Fate::of(call) == Fate::Booked).count();
    Ok(Numbers {
        weekday: now.strftime("%A").to_string(),
        rows: vec![
            ("Calls", today.len(), before.len()),
            ("Answered", answered(&today), answered(&before)),
            ("Booked", booked(&today), booked(&before)),
        ],
    })
}
