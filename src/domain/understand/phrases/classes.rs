//! Words that stand for each other in many phrases; a table names the class in capitals.

/// The words of a class, or nothing if there is no such class.
pub(in crate::domain::understand) fn class(name: &str) -> &'static [&'static str] {
    match name {
        "GOOD" => GOOD,
        "THAT" => THAT,
        "THING" => THING,
        "SEEMS" => SEEMS,
        "VERY" => VERY,
        "BOOK" => BOOK,
        "APPOINTMENT" => APPOINTMENT,
        "PERSON" => PERSON,
        _ => &[],
    }
}

const GOOD: &[&str] = &[
    "fine",
    "good",
    "great",
    "perfect",
    "right",
    "correct",
    "okay",
    "alright",
    "lovely",
    "wonderful",
    "excellent",
    "fantastic",
    "amazing",
    "awesome",
    "brilliant",
    "ideal",
    "super",
    "nice",
    "fabulous",
    "accurate",
    "acceptable",
    "terrific",
    "marvelous",
    "marvellous",
    "splendid",
    "delightful",
    "convenient",
    "suitable",
    "agreeable",
    "dandy",
];

const THAT: &[&str] = &["that", "this", "it", "everything", "these", "those", "which", "all"];

/// What "that" may be followed by.
const THING: &[&str] = &[
    "time",
    "day",
    "date",
    "one",
    "info",
    "information",
    "plan",
    "slot",
    "appointment",
    "arrangement",
    "option",
    "place",
    "spelling",
    "number",
    "name",
];

const SEEMS: &[&str] =
    &["is", "are", "was", "would", "will", "sounds", "sound", "seems", "seem", "looks", "look", "feels"];

const VERY: &[&str] = &[
    "just",
    "really",
    "so",
    "absolutely",
    "very",
    "pretty",
    "totally",
    "perfectly",
    "completely",
    "quite",
    "simply",
    "honestly",
    "exactly",
    "entirely",
];

const BOOK: &[&str] = &["book", "reserve", "schedule", "confirm", "take", "make", "arrange"];

const APPOINTMENT: &[&str] = &[
    "appointment",
    "appointments",
    "booking",
    "bookings",
    "reservation",
    "reservations",
    "visit",
    "slot",
    "session",
    "table",
];

const PERSON: &[&str] =
    &["stylist", "barber", "therapist", "hairdresser", "doctor", "dentist", "colorist", "technician", "trainer", "vet"];
