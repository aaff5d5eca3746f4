//! Which part of the calendar is wanted, and the addresses of its parts.

use jiff::{ToSpan as _, civil::Date};

use crate::{
    domain::{
        business::Business,
        ids::{BookingId, StaffId},
    },
    web::pages::{form::Fields, frame::root},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Day,
    Week,
}

impl View {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
        }
    }
}

/// What an address asks for. What cannot be read is as if it were not there: nobody types these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) on: Date,
    pub(super) view: View,
    pub(super) staff: Option<StaffId>,
}

impl Asked {
    pub(super) fn read(query: Option<&str>, business: &Business, today: Date) -> Self {
        let fields = Fields::parse(query.unwrap_or_default().as_bytes());
        let sane = |date: &Date| (1970..=2200).contains(&date.year());
        let staff = fields.text("staff").parse().ok();
        Self {
            on: fields.text("on").parse().ok().filter(sane).unwrap_or(today),
            view: if fields.text("view") == "day" { View::Day } else { View::Week },
            staff: staff.filter(|staff| business.member(*staff).is_some()),
        }
    }

    /// The dates that are shown: a day, or the week (from Monday) that it is in.
    pub(super) fn dates(&self) -> Vec<Date> {
        match self.view {
            View::Day => vec![self.on],
            View::Week => {
                let past = i32::from(self.on.weekday().to_monday_zero_offset());
                let monday = self.on.checked_sub(past.days()).unwrap_or(self.on);
                monday.series(1.day()).take(7).collect()
            }
        }
    }

    /// A page further, or back.
    pub(super) fn turned(&self, pages: i32) -> Self {
        let days = match self.view {
            View::Day => pages,
            View::Week => 7 * pages,
        };
        Self { on: self.on.checked_add(days.days()).unwrap_or(self.on), ..*self }
    }

    pub(super) fn at(&self, on: Date) -> Self {
        Self { on, ..*self }
    }

    pub(super) fn as_view(&self, view: View) -> Self {
        Self { view, ..*self }
    }

    pub(super) fn with(&self, staff: Option<StaffId>) -> Self {
        Self { staff, ..*self }
    }

    /// Where it is.
    pub(super) fn path(&self, business: &Business) -> String {
        let staff = self.staff.map(|staff| format!("&staff={staff}")).unwrap_or_default();
        format!("{}/calendar?on={}&view={}{staff}", root(business), self.on, self.view.as_str())
    }
}

/// The page of a booking.
pub(super) fn booking_path(business: &Business, booking: BookingId) -> String {
    format!("{}/bookings/{booking}", root(business))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    #[test]
    fn an_address_leads_back_to_itself_and_nonsense_to_today() {
        let salon = salon();
        let today: Date = "2026-11-26".parse().unwrap();
        let maria = salon.staff[0].id;
        let asked = Asked { on: "2026-12-01".parse().unwrap(), view: View::Day, staff: Some(maria) };
        let path = asked.path(&salon);
        assert_eq!(Asked::read(path.split_once('?').map(|(_, query)| query), &salon, today), asked);
        let plain = Asked { on: today, view: View::Week, staff: None };
        for query in
            [None, Some(""), Some("on=yesterday&view=year&staff=1"), Some("on=9999-12-31"), Some("on=-0001-01-01")]
        {
            assert_eq!(Asked::read(query, &salon, today), plain, "{query:?}");
        }
        let week = plain.dates();
        assert_eq!((week[0].to_string(), week[6].to_string()), ("2026-11-23".to_owned(), "2026-11-29".to_owned()));
        assert_eq!(plain.turned(-1).on.to_string(), "2026-11-19");
    }
}
