//! Days that are called by a name: "Christmas Eve", "Thanksgiving 2027", "the Fourth of July".

use super::{ahead, date, day::weekday, words::Words};
use crate::domain::time::{Day, Holiday, InYear, Unit};

/// The names, without a possessive and, where it does not matter, without "day".
const NAMES: &[(&str, Holiday)] = &[
    ("christmas eve", Holiday::ChristmasEve),
    ("xmas eve", Holiday::ChristmasEve),
    ("christmas day", Holiday::Christmas),
    ("christmas", Holiday::Christmas),
    ("xmas day", Holiday::Christmas),
    ("xmas", Holiday::Christmas),
    ("boxing day", Holiday::Boxing),
    ("st stephen day", Holiday::Boxing),
    ("new year eve", Holiday::NewYearsEve),
    ("nye", Holiday::NewYearsEve),
    ("new year day", Holiday::NewYearsDay),
    ("new year", Holiday::NewYearsDay),
    ("epiphany", Holiday::Epiphany),
    ("martin luther king jr day", Holiday::MartinLutherKing),
    ("martin luther king day", Holiday::MartinLutherKing),
    ("mlk day", Holiday::MartinLutherKing),
    ("australia day", Holiday::Australia),
    ("groundhog day", Holiday::Groundhog),
    ("valentine day", Holiday::Valentines),
    ("valentine", Holiday::Valentines),
    ("president day", Holiday::Presidents),
    ("washington birthday", Holiday::Presidents),
    ("international women day", Holiday::Womens),
    ("women day", Holiday::Womens),
    ("st patrick day", Holiday::StPatricks),
    ("st paddy day", Holiday::StPatricks),
    ("shrove tuesday", Holiday::ShroveTuesday),
    ("mardi gra", Holiday::ShroveTuesday),
    ("fat tuesday", Holiday::ShroveTuesday),
    ("pancake tuesday", Holiday::ShroveTuesday),
    ("pancake day", Holiday::ShroveTuesday),
    ("ash wednesday", Holiday::AshWednesday),
    ("palm sunday", Holiday::PalmSunday),
    ("maundy thursday", Holiday::MaundyThursday),
    ("good friday", Holiday::GoodFriday),
    ("holy saturday", Holiday::HolySaturday),
    ("easter monday", Holiday::EasterMonday),
    ("easter sunday", Holiday::Easter),
    ("easter saturday", Holiday::HolySaturday),
    ("easter friday", Holiday::GoodFriday),
    ("easter", Holiday::Easter),
    ("ascension day", Holiday::Ascension),
    ("pentecost", Holiday::Pentecost),
    ("whit sunday", Holiday::Pentecost),
    ("whit monday", Holiday::WhitMonday),
    ("pentecost monday", Holiday::WhitMonday),
    ("corpus christi", Holiday::CorpusChristi),
    ("april fool day", Holiday::AprilFools),
    ("april fool", Holiday::AprilFools),
    ("earth day", Holiday::Earth),
    ("st george day", Holiday::StGeorges),
    ("anzac day", Holiday::Anzac),
    ("administrative professional day", Holiday::AdministrativeProfessionals),
    ("may day", Holiday::MayDay),
    ("cinco de mayo", Holiday::CincoDeMayo),
    ("early may bank holiday", Holiday::EarlyMayBank),
    ("may bank holiday", Holiday::EarlyMayBank),
    ("spring bank holiday", Holiday::SpringBank),
    ("summer bank holiday", Holiday::SummerBank),
    ("august bank holiday", Holiday::SummerBank),
    ("mother day", Holiday::Mothers),
    ("mothering sunday", Holiday::Mothers),
    ("victoria day", Holiday::Victoria),
    ("memorial day", Holiday::Memorial),
    ("decoration day", Holiday::Memorial),
    ("flag day", Holiday::Flag),
    ("juneteenth", Holiday::Juneteenth),
    ("father day", Holiday::Fathers),
    ("canada day", Holiday::Canada),
    ("independence day", Holiday::Independence),
    ("fourth of july", Holiday::Independence),
    ("4 of july", Holiday::Independence),
    ("bastille day", Holiday::Bastille),
    ("labor day", Holiday::Labor),
    ("labour day", Holiday::Labor),
    ("grandparent day", Holiday::Grandparents),
    ("columbus day", Holiday::Columbus),
    ("indigenous people day", Holiday::Columbus),
    ("boss day", Holiday::Bosses),
    ("halloween day", Holiday::Halloween),
    ("halloween", Holiday::Halloween),
    ("all saint day", Holiday::AllSaints),
    ("all soul day", Holiday::AllSouls),
    ("guy fawke day", Holiday::GuyFawkes),
    ("guy fawke night", Holiday::GuyFawkes),
    ("bonfire night", Holiday::GuyFawkes),
    ("election day", Holiday::Election),
    ("veteran day", Holiday::Veterans),
    ("armistice day", Holiday::Remembrance),
    ("remembrance day", Holiday::Remembrance),
    ("remembrance sunday", Holiday::Remembrance),
    ("thanksgiving day", Holiday::Thanksgiving),
    ("thanksgiving", Holiday::Thanksgiving),
    ("turkey day", Holiday::Thanksgiving),
    ("black friday", Holiday::BlackFriday),
    ("cyber monday", Holiday::CyberMonday),
    ("st andrew day", Holiday::StAndrews),
];

/// What makes of a holiday's name something else: "a Christmas party".
const NO_DAY: &[&str] = &[
    "party",
    "parties",
    "present",
    "presents",
    "dinner",
    "special",
    "card",
    "cards",
    "gift",
    "gifts",
    "tree",
    "lunch",
    "shopping",
    "sale",
    "resolution",
    "resolutions",
    "holidays",
];

pub(super) fn holiday(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let led = words.skip_all(at, &["on", "at", "the", "this", "coming"]);
    let (year, start) = match words.word(led) {
        "next" | "upcoming" => (InYear::Coming, led + 1),
        "last" | "past" | "previous" => (InYear::After(-1), led + 1),
        _ => (InYear::Coming, led),
    };
    // "Happy New Year" is a greeting.
    if matches!(words.before(start), "happy" | "merry" | "jolly") {
        return None;
    }
    let (holiday, next) = name(words, start)?;
    let vague =
        next == start + 2 && holiday == Holiday::NewYearsDay || next == start + 1 && holiday == Holiday::Valentines;
    let leads = ["on", "at", "before", "after", "by", "until", "till", "for", "since", "from", "this", "next", "the"];
    if words.is_any(next, NO_DAY) || vague && start == at && !leads.contains(&words.before(at)) && words.len() > next {
        return None;
    }
    let (year, next) = said_year(words, next).unwrap_or((year, next));
    Some((Day::Holiday { holiday, year }, next))
}

fn name(words: &Words<'_>, at: usize) -> Option<(Holiday, usize)> {
    let first = words.word(at);
    if first.is_empty() {
        return None;
    }
    NAMES.iter().find_map(|(name, holiday)| {
        let mut next = at;
        for part in name.split(' ') {
            let same_weekday = weekday(part).is_some() && weekday(part) == weekday(words.word(next));
            if !(is_named(words.word(next), part) || same_weekday) {
                return None;
            }
            next += 1;
        }
        Some((*holiday, next))
    })
}

/// "Patrick", "Patrick's" and "Patricks"; "St" and "Saint".
fn is_named(word: &str, part: &str) -> bool {
    let Some(rest) = word.strip_prefix(part) else { return part == "st" && word == "saint" };
    matches!(rest, "" | "s" | "'s" | "es" | "s's")
}

/// "2027", "of next year", "in three years".
pub(super) fn said_year(words: &Words<'_>, at: usize) -> Option<(InYear, usize)> {
    const YEARS: &[(&[&str], InYear)] = &[
        (&["this", "year"], InYear::YearsAfter(0)),
        (&["next", "year"], InYear::YearsAfter(1)),
        (&["last", "year"], InYear::YearsAfter(-1)),
    ];
    if let Some((year, next)) = date::year(words, at) {
        return Some((InYear::Said(year), next));
    }
    let named = words.skip_all(at, &["of", "in"]);
    if let Some(found) = YEARS.iter().find_map(|(phrase, year)| words.phrase(named, phrase).map(|next| (*year, next))) {
        return Some(found);
    }
    match ahead::ahead(words, at)? {
        (Day::Ahead(length), next) if length.unit == Unit::Year => {
            Some((InYear::YearsAfter(i8::try_from(length.count).ok()?), next))
        }
        (Day::Ahead(length), next) if length.unit == Unit::Month && (1..=12).contains(&length.count) => {
            Some((InYear::Coming, next))
        }
        _ => None,
    }
}
