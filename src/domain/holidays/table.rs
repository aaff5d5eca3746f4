//! The holidays of each country that is known.

use jiff::civil::Weekday::{Monday, Sunday, Thursday, Wednesday};

use super::{
    Country,
    rule::{
        Rule, Weekend,
        When::{Before, Brigid, Easter, FifthYears, Fixed, KingsDay, Listed, Nth},
        day, english,
    },
};

pub(super) fn of(code: &str) -> Option<&'static Country> {
    ALL.iter().find(|country| country.code == code)
}

const fn whole(code: &'static str, language: &'static str, rules: &'static [Rule]) -> Country {
    Country { code, language, kind: "", regions: &[], rules }
}

pub(super) const ALL: &[Country] = &[
    whole("AT", "de", AUSTRIA),
    whole("AU", "en", AUSTRALIA),
    whole("BE", "nl", BELGIUM),
    Country { code: "CA", language: "en", kind: "province or territory", regions: PROVINCES, rules: CANADA },
    whole("CH", "de", SWITZERLAND),
    Country { code: "DE", language: "de", kind: "state", regions: STATES, rules: GERMANY },
    whole("ES", "es", SPAIN),
    whole("FR", "fr", FRANCE),
    Country { code: "GB", language: "en", kind: "country", regions: NATIONS, rules: BRITAIN },
    whole("IE", "en", IRELAND),
    whole("IT", "it", ITALY),
    whole("NL", "nl", NETHERLANDS),
    whole("NZ", "en", NEW_ZEALAND),
    whole("PT", "pt", PORTUGAL),
    whole("US", "en", UNITED_STATES),
];

const NATIONS: &[(&str, &str)] =
    &[("ENG", "England"), ("NIR", "Northern Ireland"), ("SCT", "Scotland"), ("WLS", "Wales")];

const STATES: &[(&str, &str)] = &[
    ("BW", "Baden-Württemberg"),
    ("BY", "Bavaria"),
    ("BE", "Berlin"),
    ("BB", "Brandenburg"),
    ("HB", "Bremen"),
    ("HH", "Hamburg"),
    ("HE", "Hesse"),
    ("NI", "Lower Saxony"),
    ("MV", "Mecklenburg-Vorpommern"),
    ("NW", "North Rhine-Westphalia"),
    ("RP", "Rhineland-Palatinate"),
    ("SL", "Saarland"),
    ("SN", "Saxony"),
    ("ST", "Saxony-Anhalt"),
    ("SH", "Schleswig-Holstein"),
    ("TH", "Thuringia"),
];

const PROVINCES: &[(&str, &str)] = &[
    ("AB", "Alberta"),
    ("BC", "British Columbia"),
    ("MB", "Manitoba"),
    ("NB", "New Brunswick"),
    ("NL", "Newfoundland and Labrador"),
    ("NT", "Northwest Territories"),
    ("NS", "Nova Scotia"),
    ("NU", "Nunavut"),
    ("ON", "Ontario"),
    ("PE", "Prince Edward Island"),
    ("QC", "Quebec"),
    ("SK", "Saskatchewan"),
    ("YT", "Yukon"),
];

/// The federal holidays (5 U.S.C. 6103).
const UNITED_STATES: &[Rule] = &[
    english("New Year's Day", Fixed(1, 1)).weekend(Weekend::Nearest),
    english("Martin Luther King Jr. Day", Nth(1, 3, Monday)),
    english("Presidents' Day", Nth(2, 3, Monday)),
    english("Memorial Day", Nth(5, -1, Monday)),
    english("Juneteenth", Fixed(6, 19)).weekend(Weekend::Nearest),
    english("Independence Day", Fixed(7, 4)).weekend(Weekend::Nearest),
    english("Labor Day", Nth(9, 1, Monday)),
    english("Columbus Day", Nth(10, 2, Monday)),
    english("Veterans Day", Fixed(11, 11)).weekend(Weekend::Nearest),
    english("Thanksgiving", Nth(11, 4, Thursday)),
    english("Christmas Day", Fixed(12, 25)).weekend(Weekend::Nearest),
];

const CANADA: &[Rule] = &[
    english("New Year's Day", Fixed(1, 1)).weekend(Weekend::Monday),
    english("Family Day", Nth(2, 3, Monday)).in_("AB BC NB ON SK"),
    english("Louis Riel Day", Nth(2, 3, Monday)).in_("MB"),
    english("Heritage Day", Nth(2, 3, Monday)).in_("NS"),
    english("Islander Day", Nth(2, 3, Monday)).in_("PE"),
    english("Good Friday", Easter(-2)),
    english("Victoria Day", Before(5, 25, Monday)).in_("AB BC MB NT NU ON SK YT"),
    english("National Patriots' Day", Before(5, 25, Monday)).in_("QC"),
    english("National Indigenous Peoples Day", Fixed(6, 21)).in_("NT YT"),
    english("Saint-Jean-Baptiste Day", Fixed(6, 24)).weekend(Weekend::SundayOnly).in_("QC"),
    english("Canada Day", Fixed(7, 1)),
    english("Canada Day", Fixed(7, 1)).weekend(Weekend::SundayOnly).in_("AB BC QC"),
    english("Canada Day", Fixed(7, 1)).weekend(Weekend::Monday).in_("NL PE SK YT"),
    english("Nunavut Day", Fixed(7, 9)).in_("NU"),
    english("British Columbia Day", Nth(8, 1, Monday)).in_("BC"),
    english("New Brunswick Day", Nth(8, 1, Monday)).in_("NB"),
    english("Saskatchewan Day", Nth(8, 1, Monday)).in_("SK"),
    english("Civic Holiday", Nth(8, 1, Monday)).in_("NT NU"),
    english("Civic Holiday", Nth(8, 1, Monday)).in_("AB MB NS ON").in_places(),
    english("Discovery Day", Nth(8, 3, Monday)).in_("YT"),
    english("Labour Day", Nth(9, 1, Monday)),
    english("National Day for Truth and Reconciliation", Fixed(9, 30)).weekend(Weekend::Monday).in_("BC MB"),
    english("National Day for Truth and Reconciliation", Fixed(9, 30)).in_("NT NU PE YT"),
    english("Thanksgiving", Nth(10, 2, Monday)).in_("AB BC MB NT NU ON QC SK YT"),
    english("Remembrance Day", Fixed(11, 11)).in_("BC NB NT NU"),
    english("Remembrance Day", Fixed(11, 11)).weekend(Weekend::Monday).in_("AB NL NS PE SK YT"),
    english("Christmas Day", Fixed(12, 25)).weekend(Weekend::Monday),
    english("Boxing Day", Fixed(12, 26)).weekend(Weekend::TwoLater).in_("ON"),
];

/// Bank holidays (Banking and Financial Dealings Act 1971, and proclamations since).
const BRITAIN: &[Rule] = &[
    english("New Year's Day", Fixed(1, 1)).weekend(Weekend::Monday).in_("ENG NIR WLS"),
    english("New Year's Day", Fixed(1, 1)).weekend(Weekend::TwoLater).in_("SCT"),
    english("2nd January", Fixed(1, 2)).weekend(Weekend::TwoLater).in_("SCT"),
    english("St Patrick's Day", Fixed(3, 17)).weekend(Weekend::Monday).in_("NIR"),
    english("Good Friday", Easter(-2)),
    english("Easter Monday", Easter(1)).in_("ENG NIR WLS"),
    english("Early May bank holiday", Nth(5, 1, Monday)),
    english("Spring bank holiday", Nth(5, -1, Monday)),
    english("World Cup bank holiday", Listed(&[(2026, 6, 15)])).in_("SCT"),
    english("Battle of the Boyne", Fixed(7, 12)).weekend(Weekend::Monday).in_("NIR"),
    english("Summer bank holiday", Nth(8, 1, Monday)).in_("SCT"),
    english("Summer bank holiday", Nth(8, -1, Monday)).in_("ENG NIR WLS"),
    english("St Andrew's Day", Fixed(11, 30)).weekend(Weekend::Monday).in_("SCT"),
    english("Christmas Day", Fixed(12, 25)).weekend(Weekend::TwoLater),
    english("Boxing Day", Fixed(12, 26)).weekend(Weekend::TwoLater),
];

const IRELAND: &[Rule] = &[
    english("New Year's Day", Fixed(1, 1)),
    english("St Brigid's Day", Brigid).since(2023),
    english("St Patrick's Day", Fixed(3, 17)),
    english("Good Friday", Easter(-2)).in_places(),
    english("Easter Monday", Easter(1)),
    english("May bank holiday", Nth(5, 1, Monday)),
    english("June bank holiday", Nth(6, 1, Monday)),
    english("August bank holiday", Nth(8, 1, Monday)),
    english("October bank holiday", Nth(10, -1, Monday)),
    english("Christmas Day", Fixed(12, 25)),
    english("St Stephen's Day", Fixed(12, 26)),
];

const GERMANY: &[Rule] = &[
    day("New Year's Day", "Neujahr", Fixed(1, 1)),
    day("Epiphany", "Heilige Drei Könige", Fixed(1, 6)).in_("BW BY ST"),
    day("International Women's Day", "Frauentag", Fixed(3, 8)).in_("BE MV"),
    day("Good Friday", "Karfreitag", Easter(-2)),
    day("Easter Sunday", "Ostersonntag", Easter(0)).in_("BB"),
    day("Easter Monday", "Ostermontag", Easter(1)),
    day("Labour Day", "Tag der Arbeit", Fixed(5, 1)),
    day("Liberation Day", "Tag der Befreiung", Listed(&[(2025, 5, 8)])).in_("BE"),
    day("Ascension Day", "Christi Himmelfahrt", Easter(39)),
    day("Whit Sunday", "Pfingstsonntag", Easter(49)).in_("BB"),
    day("Whit Monday", "Pfingstmontag", Easter(50)),
    day("Corpus Christi", "Fronleichnam", Easter(60)).in_("BW BY HE NW RP SL"),
    day("Anniversary of the uprising of 1953", "Jahrestag des Volksaufstands", Listed(&[(2028, 6, 17)])).in_("BE"),
    day("Peace Festival (Augsburg)", "Friedensfest (Augsburg)", Fixed(8, 8)).in_("BY").in_places(),
    day("Assumption Day", "Mariä Himmelfahrt", Fixed(8, 15)).in_("SL"),
    day("Assumption Day", "Mariä Himmelfahrt", Fixed(8, 15)).in_("BY").in_places(),
    day("Children's Day", "Weltkindertag", Fixed(9, 20)).in_("TH"),
    day("German Unity Day", "Tag der Deutschen Einheit", Fixed(10, 3)),
    day("Reformation Day", "Reformationstag", Fixed(10, 31)).in_("BB HB HH MV NI SH SN ST TH"),
    day("All Saints' Day", "Allerheiligen", Fixed(11, 1)).in_("BW BY NW RP SL"),
    day("Day of Repentance", "Buß- und Bettag", Before(11, 23, Wednesday)).in_("SN"),
    day("Christmas Day", "1. Weihnachtstag", Fixed(12, 25)),
    day("Second Day of Christmas", "2. Weihnachtstag", Fixed(12, 26)),
];

const AUSTRIA: &[Rule] = &[
    day("New Year's Day", "Neujahr", Fixed(1, 1)),
    day("Epiphany", "Heilige Drei Könige", Fixed(1, 6)),
    day("Easter Monday", "Ostermontag", Easter(1)),
    day("Labour Day", "Staatsfeiertag", Fixed(5, 1)),
    day("Ascension Day", "Christi Himmelfahrt", Easter(39)),
    day("Whit Monday", "Pfingstmontag", Easter(50)),
    day("Corpus Christi", "Fronleichnam", Easter(60)),
    day("Assumption Day", "Mariä Himmelfahrt", Fixed(8, 15)),
    day("National Day", "Nationalfeiertag", Fixed(10, 26)),
    day("All Saints' Day", "Allerheiligen", Fixed(11, 1)),
    day("Immaculate Conception", "Mariä Empfängnis", Fixed(12, 8)),
    day("Christmas Day", "Christtag", Fixed(12, 25)),
    day("St Stephen's Day", "Stefanitag", Fixed(12, 26)),
];

/// Four days are the whole country's; the cantons have the others.
const SWITZERLAND: &[Rule] = &[
    day("New Year's Day", "Neujahr", Fixed(1, 1)),
    day("Berchtold's Day", "Berchtoldstag", Fixed(1, 2)).in_places(),
    day("Epiphany", "Heilige Drei Könige", Fixed(1, 6)).in_places(),
    day("St Joseph's Day", "Josefstag", Fixed(3, 19)).in_places(),
    day("Good Friday", "Karfreitag", Easter(-2)).in_places(),
    day("Easter Monday", "Ostermontag", Easter(1)).in_places(),
    day("Labour Day", "Tag der Arbeit", Fixed(5, 1)).in_places(),
    day("Ascension Day", "Auffahrt", Easter(39)),
    day("Whit Monday", "Pfingstmontag", Easter(50)).in_places(),
    day("Corpus Christi", "Fronleichnam", Easter(60)).in_places(),
    day("National Day", "Bundesfeiertag", Fixed(8, 1)),
    day("Assumption Day", "Mariä Himmelfahrt", Fixed(8, 15)).in_places(),
    day("All Saints' Day", "Allerheiligen", Fixed(11, 1)).in_places(),
    day("Immaculate Conception", "Mariä Empfängnis", Fixed(12, 8)).in_places(),
    day("Christmas Day", "Weihnachten", Fixed(12, 25)),
    day("St Stephen's Day", "Stephanstag", Fixed(12, 26)).in_places(),
];

const FRANCE: &[Rule] = &[
    day("New Year's Day", "Jour de l'An", Fixed(1, 1)),
    day("Easter Monday", "Lundi de Pâques", Easter(1)),
    day("Labour Day", "Fête du Travail", Fixed(5, 1)),
    day("Victory Day", "Victoire 1945", Fixed(5, 8)),
    day("Ascension Day", "Ascension", Easter(39)),
    day("Whit Monday", "Lundi de Pentecôte", Easter(50)),
    day("National Day", "Fête nationale", Fixed(7, 14)),
    day("Assumption Day", "Assomption", Fixed(8, 15)),
    day("All Saints' Day", "Toussaint", Fixed(11, 1)),
    day("Armistice Day", "Armistice 1918", Fixed(11, 11)),
    day("Christmas Day", "Noël", Fixed(12, 25)),
];

const ITALY: &[Rule] = &[
    day("New Year's Day", "Capodanno", Fixed(1, 1)),
    day("Epiphany", "Epifania", Fixed(1, 6)),
    day("Easter Sunday", "Pasqua", Easter(0)),
    day("Easter Monday", "Lunedì dell'Angelo", Easter(1)),
    day("Liberation Day", "Festa della Liberazione", Fixed(4, 25)),
    day("Labour Day", "Festa dei Lavoratori", Fixed(5, 1)),
    day("Republic Day", "Festa della Repubblica", Fixed(6, 2)),
    day("Assumption Day", "Ferragosto", Fixed(8, 15)),
    day("St Francis of Assisi", "San Francesco", Fixed(10, 4)).since(2026),
    day("All Saints' Day", "Ognissanti", Fixed(11, 1)),
    day("National Unity Day", "Giornata dell'Unità Nazionale", Nth(11, 1, Sunday)),
    day("Immaculate Conception", "Immacolata Concezione", Fixed(12, 8)),
    day("Christmas Day", "Natale", Fixed(12, 25)),
    day("St Stephen's Day", "Santo Stefano", Fixed(12, 26)),
];

/// The national ones; the regions put another day in the place of one that falls on a Sunday, and have more of their own.
const SPAIN: &[Rule] = &[
    day("New Year's Day", "Año Nuevo", Fixed(1, 1)).weekend(Weekend::Lost),
    day("Epiphany", "Reyes", Fixed(1, 6)).weekend(Weekend::Lost),
    day("Good Friday", "Viernes Santo", Easter(-2)),
    day("Labour Day", "Fiesta del Trabajo", Fixed(5, 1)).weekend(Weekend::Lost),
    day("Assumption Day", "Asunción de la Virgen", Fixed(8, 15)).weekend(Weekend::Lost),
    day("National Day", "Fiesta Nacional", Fixed(10, 12)).weekend(Weekend::Lost),
    day("All Saints' Day", "Todos los Santos", Fixed(11, 1)).weekend(Weekend::Lost),
    day("Constitution Day", "Día de la Constitución", Fixed(12, 6)).weekend(Weekend::Lost),
    day("Immaculate Conception", "Inmaculada Concepción", Fixed(12, 8)).weekend(Weekend::Lost),
    day("Christmas Day", "Navidad", Fixed(12, 25)).weekend(Weekend::Lost),
];

const PORTUGAL: &[Rule] = &[
    day("New Year's Day", "Ano Novo", Fixed(1, 1)),
    day("Good Friday", "Sexta-feira Santa", Easter(-2)),
    day("Easter Sunday", "Páscoa", Easter(0)),
    day("Freedom Day", "Dia da Liberdade", Fixed(4, 25)),
    day("Labour Day", "Dia do Trabalhador", Fixed(5, 1)),
    day("Corpus Christi", "Corpo de Deus", Easter(60)),
    day("Portugal Day", "Dia de Portugal", Fixed(6, 10)),
    day("Assumption Day", "Assunção de Nossa Senhora", Fixed(8, 15)),
    day("Republic Day", "Implantação da República", Fixed(10, 5)),
    day("All Saints' Day", "Todos os Santos", Fixed(11, 1)),
    day("Restoration of Independence", "Restauração da Independência", Fixed(12, 1)),
    day("Immaculate Conception", "Imaculada Conceição", Fixed(12, 8)),
    day("Christmas Day", "Natal", Fixed(12, 25)),
];

const NETHERLANDS: &[Rule] = &[
    day("New Year's Day", "Nieuwjaarsdag", Fixed(1, 1)),
    day("Good Friday", "Goede Vrijdag", Easter(-2)).in_places(),
    day("Easter Sunday", "Eerste paasdag", Easter(0)),
    day("Easter Monday", "Tweede paasdag", Easter(1)),
    day("King's Day", "Koningsdag", KingsDay),
    day("Liberation Day", "Bevrijdingsdag", FifthYears),
    day("Ascension Day", "Hemelvaartsdag", Easter(39)),
    day("Whit Sunday", "Eerste pinksterdag", Easter(49)),
    day("Whit Monday", "Tweede pinksterdag", Easter(50)),
    day("Christmas Day", "Eerste kerstdag", Fixed(12, 25)),
    day("Second Day of Christmas", "Tweede kerstdag", Fixed(12, 26)),
];

const BELGIUM: &[Rule] = &[
    day("New Year's Day", "Nieuwjaar", Fixed(1, 1)),
    day("Easter Sunday", "Pasen", Easter(0)),
    day("Easter Monday", "Paasmaandag", Easter(1)),
    day("Labour Day", "Dag van de Arbeid", Fixed(5, 1)),
    day("Ascension Day", "Hemelvaart", Easter(39)),
    day("Whit Sunday", "Pinksteren", Easter(49)),
    day("Whit Monday", "Pinkstermaandag", Easter(50)),
    day("National Day", "Nationale feestdag", Fixed(7, 21)),
    day("Assumption Day", "O.L.V. Hemelvaart", Fixed(8, 15)),
    day("All Saints' Day", "Allerheiligen", Fixed(11, 1)),
    day("Armistice Day", "Wapenstilstand", Fixed(11, 11)),
    day("Christmas Day", "Kerstmis", Fixed(12, 25)),
];

/// The national ones; the states have more of their own, and days in lieu.
const AUSTRALIA: &[Rule] = &[
    english("New Year's Day", Fixed(1, 1)),
    english("Australia Day", Fixed(1, 26)),
    english("Good Friday", Easter(-2)),
    english("Easter Saturday", Easter(-1)).in_places(),
    english("Easter Sunday", Easter(0)).in_places(),
    english("Easter Monday", Easter(1)),
    english("Anzac Day", Fixed(4, 25)),
    english("King's Birthday", Nth(6, 2, Monday)).in_places(),
    english("Christmas Day", Fixed(12, 25)),
    english("Boxing Day", Fixed(12, 26)),
];

/// The Holidays Act 2003, section 44; regional anniversary days are not among them.
const NEW_ZEALAND: &[Rule] = &[
    english("New Year's Day", Fixed(1, 1)).weekend(Weekend::TwoLater),
    english("Day after New Year's Day", Fixed(1, 2)).weekend(Weekend::TwoLater),
    english("Waitangi Day", Fixed(2, 6)).weekend(Weekend::Monday),
    english("Good Friday", Easter(-2)),
    english("Easter Monday", Easter(1)),
    english("Anzac Day", Fixed(4, 25)).weekend(Weekend::Monday),
    english("King's Birthday", Nth(6, 1, Monday)),
    english("Matariki", Listed(MATARIKI)),
    english("Labour Day", Nth(10, 4, Monday)),
    english("Christmas Day", Fixed(12, 25)).weekend(Weekend::TwoLater),
    english("Boxing Day", Fixed(12, 26)).weekend(Weekend::TwoLater),
];

/// Set by Te Kāhui o Matariki Public Holiday Act 2022, schedule 1.
const MATARIKI: &[(i16, i8, i8)] = &[
    (2022, 6, 24),
    (2023, 7, 14),
    (2024, 6, 28),
    (2025, 6, 20),
    (2026, 7, 10),
    (2027, 6, 25),
    (2028, 7, 14),
    (2029, 7, 6),
    (2030, 6, 21),
    (2031, 7, 11),
    (2032, 7, 2),
    (2033, 6, 24),
    (2034, 7, 7),
    (2035, 6, 29),
    (2036, 7, 18),
    (2037, 7, 10),
    (2038, 6, 25),
    (2039, 7, 15),
    (2040, 7, 6),
    (2041, 7, 19),
    (2042, 7, 11),
    (2043, 7, 3),
    (2044, 6, 24),
    (2045, 7, 7),
    (2046, 6, 29),
    (2047, 7, 19),
    (2048, 7, 3),
    (2049, 6, 25),
    (2050, 7, 15),
    (2051, 6, 30),
    (2052, 6, 21),
];
