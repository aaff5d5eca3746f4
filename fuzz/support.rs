//! What the targets share: a business in any zone, and how the bytes of the fuzzer become a moment and a text.

use deskbell::{
    domain::{
        business::{Business, OpenPeriod, Zone},
        understand::Expecting,
    },
    testing::salon,
};
use jiff::{Timestamp, Zoned, civil::Time};

/// The first bytes of an input choose where and when it is said, the others are the text.
pub struct Scene<'a> {
    pub business: Business,
    pub now: Zoned,
    pub expecting: Expecting,
    pub text: std::borrow::Cow<'a, str>,
}

/// How many bytes stand before the text. A seed begins with as many of any.
pub const HEAD: usize = 8;

const COUNTRIES: [&str; 8] = ["US", "GB", "CA", "AU", "DE", "IN", "ZZ", ""];

impl<'a> Scene<'a> {
    pub fn read(data: &'a [u8]) -> Self {
        let (head, text) = data.split_at(data.len().min(HEAD));
        let byte = |at: usize| usize::from(head.get(at).copied().unwrap_or(0));
        let zones: Vec<_> = jiff::tz::db().available().collect();
        let zone = zones[(byte(0) << 8 | byte(1)) % zones.len()].as_str();
        let mut business = salon();
        business.zone = Zone::named(zone).expect("a name of the database");
        business.country = COUNTRIES[byte(2) % COUNTRIES.len()].to_owned();
        business.rules.horizon_days = [60, 1, 365, 800, u16::MAX, 0][byte(3) % 6];
        if byte(3) & 1 == 1 {
            let whole_day = OpenPeriod { from: Time::midnight(), to: Time::midnight() };
            business.hours.monday = vec![whole_day];
            business.hours.sunday =
                vec![OpenPeriod { from: Time::constant(22, 0, 0, 0), to: Time::constant(2, 0, 0, 0) }];
        }
        // From 1970 to 2106 by the second.
        let seconds = u32::from_be_bytes([4, 5, 6, 7].map(|at| head.get(at).copied().unwrap_or(0)));
        let now = Timestamp::from_second(i64::from(seconds)).expect("in range").to_zoned(business.zone.tz().clone());
        let expecting = [
            Expecting::Anything,
            Expecting::Service,
            Expecting::Staff,
            Expecting::When,
            Expecting::Choice(3),
            Expecting::Name,
            Expecting::Phone,
            Expecting::YesNo,
            Expecting::Message,
        ][byte(2) / COUNTRIES.len() % 9];
        Self { business, now, expecting, text: String::from_utf8_lossy(text) }
    }
}
