//! Time zones to choose from, and the country that each of them is in: whoever says where the clock is has said where the
//! business is.

/// The tz database's zone.tab: a zone and its country in each line.
const ZONES: &str = include_str!("zones/zones.txt");
/// Names that the database has given up and browsers still tell.
const FORMER: &str = include_str!("zones/former.txt");

/// The zones to choose from, by name.
pub fn all() -> impl Iterator<Item = &'static str> {
    rows(ZONES).map(|(zone, _)| zone)
}

/// The country (ISO 3166, two letters) that a zone is in. Nothing for one that is in none, such as Etc/UTC.
pub fn country(zone: &str) -> Option<&'static str> {
    rows(ZONES).chain(rows(FORMER)).find(|(name, _)| *name == zone).map(|(_, country)| country)
}

fn rows(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::business::Zone;

    #[test]
    fn every_zone_to_choose_from_is_one_and_its_country_too() {
        assert!(all().count() > 400);
        for zone in all().chain(rows(FORMER).map(|(zone, _)| zone)) {
            assert!(Zone::named(zone).is_ok(), "{zone}");
            // Where nobody has a telephone number of its own.
            let uninhabited = ["AQ", "PN", "TF", "GS", "UM"].contains(&country(zone).unwrap());
            let known = country(zone).unwrap().parse::<phonenumber::country::Id>().is_ok();
            assert!(known || uninhabited, "{zone}");
        }
        assert_eq!(
            (country("America/New_York"), country("Asia/Calcutta"), country("Etc/UTC")),
            (Some("US"), Some("IN"), None)
        );
    }
}
