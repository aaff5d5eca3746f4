//! Words as they are meant: what people write short and what recognisers and hasty fingers make of the long names.

/// Short and variant spellings.
const VARIANTS: &[(&str, &str)] = &[
    ("tmrw", "tomorrow"),
    ("tmr", "tomorrow"),
    ("tmw", "tomorrow"),
    ("tommorow", "tomorrow"),
    ("tomorow", "tomorrow"),
    ("tommorrow", "tomorrow"),
    ("tonite", "tonight"),
    ("untill", "until"),
    ("til", "till"),
    ("thru", "through"),
    ("halfe", "half"),
    ("hlaf", "half"),
    ("quater", "quarter"),
    ("fourty", "forty"),
    ("fourtieth", "fortieth"),
    ("eigth", "eighth"),
    ("nineth", "ninth"),
    ("twelvth", "twelfth"),
    ("noontime", "noon"),
    ("midd", "mid"),
    ("wensday", "wednesday"),
    ("wendsday", "wednesday"),
    ("tusday", "tuesday"),
    ("teusday", "tuesday"),
    ("thrusday", "thursday"),
    ("moring", "morning"),
    ("mornin", "morning"),
    ("evning", "evening"),
    ("aftenoon", "afternoon"),
    ("afternon", "afternoon"),
    ("weekned", "weekend"),
];

/// The long names that one wrong letter does not make anything else of.
const NAMES: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "august",
    "september",
    "october",
    "november",
    "december",
    "tomorrow",
    "yesterday",
    "afternoon",
    "christmas",
    "thanksgiving",
];

/// Words that are one letter away from a name and are words of their own.
const OTHERS: &[&str] = &["sundae", "mundane", "augusta", "augusto", "novembre", "fridge", "friary"];

/// The usual spelling of a word; itself when there is nothing to mend.
pub(super) fn usual(word: &str) -> &str {
    if let Some((_, usual)) = VARIANTS.iter().find(|(variant, _)| *variant == word) {
        return usual;
    }
    let stem = word.strip_suffix("'s").unwrap_or(word);
    if !(6..=13).contains(&stem.len()) || !stem.is_ascii() || OTHERS.contains(&stem) {
        return word;
    }
    NAMES
        .iter()
        .find(|name| {
            let plural = stem.len() == name.len() + 1 && stem.starts_with(*name);
            name.as_bytes().first() == stem.as_bytes().first() && **name != stem && !plural && is_near(name, stem)
        })
        .copied()
        .unwrap_or(word)
}

/// Two words that recognisers make of one, and whether they only sound like it.
pub(super) fn together(first: &str, second: &str) -> Option<(&'static str, bool)> {
    const DAYS: &[(&str, &str, bool)] = &[
        ("mon", "monday", false),
        ("mun", "monday", false),
        ("tues", "tuesday", false),
        ("choose", "tuesday", true),
        ("chews", "tuesday", true),
        ("twos", "tuesday", true),
        ("wednes", "wednesday", false),
        ("wens", "wednesday", false),
        ("wins", "wednesday", true),
        ("when's", "wednesday", true),
        ("thurs", "thursday", false),
        ("thirst", "thursday", true),
        ("fri", "friday", false),
        ("fry", "friday", true),
        ("satur", "saturday", false),
        ("sater", "saturday", false),
        ("saturn", "saturday", true),
        ("yester", "yesterday", false),
    ];
    match (first, second) {
        (first, "day") => DAYS.iter().find(|(half, ..)| *half == first).map(|(_, day, misheard)| (*day, *misheard)),
        ("to", "morrow") => Some(("tomorrow", false)),
        ("to", "nights" | "night") => Some(("tonight", false)),
        ("thanks", "giving") => Some(("thanksgiving", false)),
        ("mid", "night") => Some(("midnight", false)),
        ("mid", "morning") => Some(("midmorning", false)),
        ("o", "clock") => Some(("o'clock", false)),
        _ => None,
    }
}

/// One letter too many, too few, wrong, or two swapped.
fn is_near(name: &str, word: &str) -> bool {
    let (name, word) = (name.as_bytes(), word.as_bytes());
    if name.len().abs_diff(word.len()) > 1 {
        return false;
    }
    let same = name.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (left, right) = (name.get(same..).unwrap_or_default(), word.get(same..).unwrap_or_default());
    match (left, right) {
        ([a, b, left @ ..], [c, d, right @ ..]) if a == d && b == c && left == right => true,
        ([_, left @ ..], [_, right @ ..]) if left == right => true,
        ([_, left @ ..], right) if left == right => true,
        (left, [_, right @ ..]) => left == right,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::usual;

    #[test]
    fn a_long_name_with_a_wrong_letter_is_that_name() {
        for (word, name) in [
            ("thursady", "thursday"),
            ("wednsday", "wednesday"),
            ("saterday", "saturday"),
            ("tommorow", "tomorrow"),
            ("tommorrow", "tomorrow"),
            ("febuary", "february"),
            ("septembr", "september"),
            ("mondays", "mondays"),
            ("sundae", "sundae"),
            ("someday", "someday"),
            ("today", "today"),
            ("march", "march"),
        ] {
            assert_eq!(usual(word), name, "{word}");
        }
    }
}
