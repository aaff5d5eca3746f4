//! Which dates a named day comes to for a business: the calendar's days, cut to what is not past and can be booked.

use jiff::civil::Date;

use super::{Around, Resolution};
use crate::domain::time::{
    Day,
    calendar::{Extent, Today, Unreal},
};

pub(super) enum Days {
    One(Date),
    /// Both included, within what can be booked.
    Several {
        first: Date,
        last: Date,
    },
    Unsaid,
}

/// # Errors
/// The resolution that says why there is no such day, or none that can be booked.
pub(super) fn days(day: Option<Day>, around: Around<'_>) -> Result<Days, Resolution> {
    let Some(day) = day else { return Ok(Days::Unsaid) };
    let date = around.now.date();
    let today = Today { date, country: &around.business.country };
    match today.days(day).map_err(|why| refused(why, date, around))? {
        None => Ok(Days::Unsaid),
        Some(extent) => bookable(extent, around),
    }
}

fn refused(why: Unreal, today: Date, around: Around<'_>) -> Resolution {
    match why {
        Unreal::NoSuchDate { day, month, last } => Resolution::NoSuchDate { day, month, last },
        Unreal::WrongWeekday { said, date } => Resolution::WrongWeekday { said, date },
        Unreal::TooEarly => Resolution::Past { asked: today.at(0, 0, 0, 0) },
        Unreal::TooLate => Resolution::TooFar { last: around.last_day() },
    }
}

/// The part that is still to come and can be booked.
fn bookable(extent: Extent, around: Around<'_>) -> Result<Days, Resolution> {
    let (today, end) = (around.now.date(), around.last_day());
    let first = extent.first.unwrap_or(today);
    let last = extent.last.unwrap_or(end.max(first));
    if last < today || first > last {
        return Err(Resolution::Past { asked: first.min(last).at(0, 0, 0, 0) });
    }
    if first > end {
        return Err(Resolution::TooFar { last: end });
    }
    if extent.single().is_some() {
        return Ok(Days::One(first));
    }
    Ok(Days::Several { first: first.max(today), last: last.min(end) })
}
