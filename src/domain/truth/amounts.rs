//! Amounts of money in a sentence, and whether they are the business's prices.

use std::borrow::Cow;

use super::{
    Ground,
    words::{self, Word},
};

/// An amount in minor units and the words that said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Amount {
    minor: u64,
    currency: Option<&'static str>,
    from: usize,
    to: usize,
}

/// Units of money: the word, the currencies it may be, how many minor units it is.
const UNITS: &[(&str, &str, u64)] = &[
    ("dollar", "dollar", 100),
    ("dollars", "dollar", 100),
    ("buck", "dollar", 100),
    ("bucks", "dollar", 100),
    ("usd", "dollar", 100),
    ("dolares", "dollar", 100),
    ("dollaro", "dollar", 100),
    ("dollari", "dollar", 100),
    ("dolar", "dollar", 100),
    ("doar", "dollar", 100),
    ("euro", "euro", 100),
    ("euros", "euro", 100),
    ("eur", "euro", 100),
    ("pound", "pound", 100),
    ("pounds", "pound", 100),
    ("quid", "pound", 100),
    ("gbp", "pound", 100),
    ("franc", "franc", 100),
    ("francs", "franc", 100),
    ("franken", "franc", 100),
    ("chf", "franc", 100),
    ("yen", "yen", 1),
    ("cent", "", 1),
    ("cents", "", 1),
    ("pence", "", 1),
    ("penny", "", 1),
    ("centavos", "", 1),
    ("centimes", "", 1),
    ("libras", "pound", 100),
    ("livres", "pound", 100),
    ("pfund", "pound", 100),
    ("grand", "dollar", 100_000),
    ("rupees", "rupee", 100),
    ("pesos", "peso", 100),
];

/// What a price is said after, without a unit.
const COST: &[&str] = &[
    "back", "owe", "owes", "cost", "costs", "costing", "price", "priced", "prices", "charge", "charges", "fee", "pay",
    "paying", "rate", "total", "runs", "totals", "cuesta", "cuestan", "precio", "kostet", "kosten", "preis", "coute",
    "prix", "costa", "costano", "prezzo", "custa", "preco", "kost", "prijs",
];

const NOT_MONEY: &[&str] = &[
    "minute",
    "minutes",
    "min",
    "hour",
    "hours",
    "hr",
    "percent",
    "people",
    "person",
    "o'clock",
    "am",
    "pm",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "times",
    "options",
    "services",
    "slots",
    "stylists",
    "of",
    "years",
    "minuten",
    "minutos",
    "minuti",
    "uhr",
    "stunden",
    "horas",
    "ore",
    "heures",
    "uur",
    "services",
    "different",
    "things",
    "more",
    "other",
    "appointments",
    "visits",
    "a.m",
    "p.m",
];

/// Whether every amount of money in the text is a price of the business, and of the service it is said of.
pub(super) fn hold(folded: &str, ground: &Ground<'_>) -> bool {
    let text = worded(folded);
    let words = words::split(&text);
    let services = named(&words, ground);
    let amounts = amounts(&words, !services.is_empty());
    if amounts.is_empty() {
        return true;
    }
    let known = known(ground);
    let sum = words.iter().any(|word| {
        word.any(&[
            "together",
            "total",
            "both",
            "altogether",
            "plus",
            "combined",
            "all",
            "totals",
            "insgesamt",
            "zusammen",
        ])
    });
    amounts.iter().all(|amount| {
        if !amount.currency.is_none_or(|unit| is_spent_here(unit, ground)) {
            return false;
        }
        let priced: Vec<u64> =
            ground.business.services.iter().filter_map(|service| Some(u64::from(service.price?.minor))).collect();
        let sums = |price: u64| {
            priced.iter().any(|other| {
                other + price == amount.minor || priced.iter().any(|third| price + other + third == amount.minor)
            })
        };
        let of = services.iter().rev().find(|named| named.1 <= amount.from).or_else(|| services.first());
        let own = of.and_then(|(service, _)| ground.business.services.get(*service)).map(|service| service.price);
        match own {
            Some(Some(price)) if u64::from(price.minor) == amount.minor => true,
            Some(Some(_)) => {
                sum && priced.iter().any(|price| sums(*price)) || told_of(amount.minor, of.map(|of| of.0), ground)
            }
            Some(None) => known.contains(&amount.minor),
            None => {
                priced.contains(&amount.minor)
                    || known.contains(&amount.minor)
                    || sum && priced.iter().any(|price| sums(*price))
            }
        }
    })
}

/// Whether a text of the server or a fact says this amount of this service.
fn told_of(minor: u64, service: Option<usize>, ground: &Ground<'_>) -> bool {
    texts(ground).any(|text| {
        let folded = words::fold(text).into_owned();
        let text = worded(&folded);
        let words = words::split(&text);
        let named = named(&words, ground);
        service.is_some_and(|service| named.iter().any(|(named, _)| *named == service))
            && amounts(&words, false).iter().any(|amount| amount.minor == minor)
            && named.len() == 1
    })
}

fn texts<'g>(ground: &'g Ground<'_>) -> impl Iterator<Item = &'g str> {
    ground.business.facts.iter().map(|fact| fact.answer.as_str()).chain(ground.told.iter().copied())
}

fn known(ground: &Ground<'_>) -> Vec<u64> {
    texts(ground)
        .flat_map(|text| {
            let folded = words::fold(text).into_owned();
            let text = worded(&folded);
            amounts(&words::split(&text), false).into_iter().map(|amount| amount.minor).collect::<Vec<_>>()
        })
        .collect()
}

fn is_spent_here(unit: &str, ground: &Ground<'_>) -> bool {
    let currencies = || ground.business.services.iter().filter_map(|service| service.price).map(|price| price.currency);
    let fits = |code: &str| match unit {
        "dollar" => matches!(code, "USD" | "CAD" | "AUD" | "NZD" | "SGD" | "HKD"),
        "euro" => code == "EUR",
        "pound" => code == "GBP",
        "franc" => code == "CHF",
        "yen" => code == "JPY",
        "peso" => matches!(code, "MXN" | "ARS" | "CLP" | "COP"),
        "rupee" => code == "INR",
        _ => true,
    };
    currencies().next().is_none() || currencies().any(|currency| fits(currency.code()))
}

/// Services by their place in the list, with the word after their name.
fn named(words: &[Word<'_>], ground: &Ground<'_>) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = ground
            .business
            .services
            .iter()
            .enumerate()
            .flat_map(|(nth, service)| std::iter::once(&service.name).chain(&service.also).map(move |name| (nth, name)))
            .filter_map(|(nth, name)| {
                let name = words::fold(name);
                let parts = words::split(&name);
                let here = parts.iter().enumerate().all(|(nth, part)| {
                    words
                        .get(at + nth)
                        .is_some_and(|word| word.text == part.text || word.text.strip_suffix('s') == Some(&part.text))
                });
                (here && !parts.is_empty()).then_some((parts.len(), nth))
            })
            .max_by_key(|(length, _)| *length);
        match longest {
            Some((length, nth)) => {
                found.push((nth, at + length));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Signs of currencies as words.
fn worded(text: &str) -> Cow<'_, str> {
    if !text.contains(['$', '€', '£', '¥', '¢', '₹']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let unit = match c {
            '$' => "dollars",
            '€' => "euros",
            '£' => "pounds",
            '¥' => "yen",
            '¢' => "cents",
            '₹' => "rupees",
            c => {
                out.push(c);
                continue;
            }
        };
        if out.trim_end().ends_with(|c: char| c.is_ascii_digit()) {
            out.push(' ');
            out.push_str(unit);
            out.push(' ');
            continue;
        }
        while chars.next_if(|next| *next == ' ').is_some() {}
        out.push(' ');
        let mut number = String::new();
        while let Some(next) = chars.next_if(|next| next.is_ascii_digit() || matches!(next, '.' | ',')) {
            number.push(next);
        }
        let digits = number.trim_end_matches(['.', ',']);
        out.push_str(digits);
        out.push(' ');
        out.push_str(unit);
        out.push_str(&number[digits.len()..]);
    }
    Cow::Owned(out)
}

fn amounts(words: &[Word<'_>], has_service: bool) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((value, next)) = number(words, at) else {
            at += 1;
            continue;
        };
        let unit = words.get(next).and_then(|word| UNITS.iter().find(|(unit, ..)| word.is(unit)));
        if let Some((_, currency, factor)) = unit {
            let minor = value * factor / 100;
            let currency = (!currency.is_empty()).then_some(*currency);
            let last = found.last_mut().filter(|last| last.currency.is_some() && at <= last.to + 1 && *factor == 1);
            match last {
                // "Twelve dollars and fifty cents".
                Some(last) => last.minor += minor,
                None => found.push(Amount { minor, currency, from: at, to: next + 1 }),
            }
            at = next + 1;
            // "45 dollars 50".
            if let Some((rest, end)) = number(words, at)
                && rest < 10_000
                && currency.is_some()
                && words.get(at).is_some_and(|word| word.before == super::words::Gap::Space)
                && !words
                    .get(end)
                    .is_some_and(|word| word.any(NOT_MONEY) || UNITS.iter().any(|(unit, ..)| word.is(unit)))
                && let Some(last) = found.last_mut()
            {
                last.minor += rest / 100;
                at = end;
            }
            continue;
        }
        let cost = words[at.saturating_sub(4)..at].iter().any(|word| word.any(COST));
        // "A trim is fifteen."
        let ends = words
            .get(next)
            .is_none_or(|word| word.before > super::words::Gap::Space || word.any(&["for", "and", "flat", "plus"]));
        let said =
            at > 0 && words[at - 1].any(&["is", "are", "just", "only", "be", "runs", "costs"]) && !words[at].is("one");
        let cost = cost || said && ends && (has_service || words.get(next).is_some_and(|word| word.is("for")));
        let counted = words.get(next).is_some_and(|word| word.any(NOT_MONEY)) || words[at].text.contains(':');
        if cost && !counted && value >= 500 {
            found.push(Amount { minor: value, currency: None, from: at, to: next });
        }
        at = next;
    }
    found
}

/// A number in digits or words, in hundredths, and the place after it.
fn number(words: &[Word<'_>], at: usize) -> Option<(u64, usize)> {
    let first = words.get(at)?;
    if first.text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some((decimal(&first.text)?, at + 1));
    }
    let (mut total, mut group, mut next, mut any) = (0_u64, 0_u64, at, false);
    while let Some(word) = words.get(next) {
        let text = &*word.text;
        if next > at && word.before > super::words::Gap::Space {
            break;
        }
        if let Some(value) = small(text) {
            // "Forty five fifty": another number begins.
            if any && (group % 100 != 0) && !(group % 10 == 0 && group % 100 >= 20 && value < 10) {
                break;
            }
            group += value;
        } else if text == "hundred" && any {
            group = group.max(1).checked_mul(100)?;
        } else if text == "hundred" && next > at {
            break;
        } else if text == "thousand" && any {
            total += group.checked_mul(1000)?;
            group = 0;
        } else if text == "and"
            && any
            && words.get(next + 1).is_some_and(|after| small(&after.text).is_some())
            && group % 100 == 0
            && group > 0
        {
            next += 1;
            continue;
        } else if (text == "a" || text == "one")
            && words.get(next + 1).is_some_and(|after| after.any(&["hundred", "thousand"]))
        {
            group += 1;
        } else {
            break;
        }
        any = true;
        next += 1;
        if group > 1_000_000 || total > 1_000_000_000 {
            return None;
        }
    }
    any.then(|| ((total + group) * 100, next))
}

fn decimal(text: &str) -> Option<u64> {
    let text = text.replace(',', if text.rsplit(',').next().is_some_and(|last| last.len() == 3) { "" } else { "." });
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let whole: u64 = whole.parse().ok().filter(|whole| *whole < 1_000_000_000)?;
    let part: u64 = match part.len() {
        0 => 0,
        1 => part.parse::<u64>().ok()? * 10,
        2 => part.parse().ok()?,
        _ => return None,
    };
    Some(whole * 100 + part)
}

/// Numbers up to ninety by their names.
pub(super) fn small(word: &str) -> Option<u64> {
    const NAMES: &[&str] = &[
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let place = |list: &[&str]| list.iter().position(|name| *name == word).and_then(|at| u64::try_from(at).ok());
    place(NAMES).or_else(|| place(TENS).map(|tens| (tens + 2) * 10))
}
