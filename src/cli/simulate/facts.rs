//! Which facts are in what a caller has said, so that a question after one of them is noticed; and which are in what is
//! read back, so that a wrong one is objected to.

use jiff::civil::Date;

use super::{
    scenario::{Goal, Task, Topic},
    style,
    told::{self, MONTHS, WEEKDAYS},
};
use crate::domain::{booking::Booking, business::Business};

/// The questions that these words answer.
pub(super) fn told_in(words: &str, goal: &Goal, business: &Business) -> Vec<Topic> {
    let small = padded(words);
    let mut topics = Vec::new();
    let service = business.services.iter().find(|service| Some(&service.name) == goal.service.as_ref());
    if service.is_some_and(|service| has(&small, &service.name) || service.also.iter().any(|also| has(&small, also))) {
        topics.push(Topic::Service);
    }
    if goal.staff.iter().any(|member| has(&small, member)) {
        topics.push(Topic::Staff);
    }
    if goal.name.iter().any(|name| has(&small, name)) {
        topics.push(Topic::Name);
    }
    if names_a_day(&small) && names_a_time(&small) {
        topics.push(Topic::When);
    }
    if digits(words).len() >= 7 {
        topics.push(Topic::Phone);
    }
    topics
}

/// The fact that a question is about; questions about one fact are one question.
pub(super) fn fact(topic: Topic) -> Option<Topic> {
    match topic {
        Topic::Name | Topic::WhoseName => Some(Topic::Name),
        Topic::Service | Topic::When | Topic::Phone | Topic::Open | Topic::WhichDay => Some(topic),
        _ => None,
    }
}

fn names_a_day(small: &str) -> bool {
    ["today", "tomorrow", "tonight"].iter().chain(&WEEKDAYS).chain(&MONTHS).any(|day| has(small, day))
}

fn names_a_time(small: &str) -> bool {
    small.contains(':')
        || ["am", "pm", "o'clock", "noon", "midday", "midnight", "half past", "quarter past", "quarter to"]
            .iter()
            .any(|word| has(small, word))
}

/// Lower case, words between single spaces, so that whole words can be looked for.
fn padded(text: &str) -> String {
    let small = text.to_lowercase().replace("a.m.", "am").replace("p.m.", "pm").replace('’', "'");
    let words: Vec<&str> = small
        .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == ':'))
        .map(|word| word.trim_matches(|c| c == ':' || c == '\''))
        .filter(|word| !word.is_empty())
        .collect();
    format!(" {} ", words.join(" "))
}

fn has(small: &str, words: &str) -> bool {
    small.contains(&padded(words))
}

/// The digits in a text, written as figures or as words.
pub(super) fn digits(text: &str) -> String {
    const WORDS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let mut digits = String::new();
    for word in padded(text).split_whitespace() {
        if let Some(digit) = WORDS.iter().position(|name| *name == word) {
            digits.push_str(&digit.to_string());
        } else if word == "oh" {
            digits.push('0');
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
            digits.push_str(word);
        }
    }
    digits
}

/// Something that is read back, and is not so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Time,
    Service,
    Staff,
    Name,
    Phone,
    /// Another thing is about to be done than was wanted.
    Task,
}

/// What is wrong in a read-back, as the caller sees it.
pub(super) fn objections(text: &str, goal: &Goal, from: &str, business: &Business, today: Date) -> Vec<Wrong> {
    let small = padded(text);
    let mut wrong = Vec::new();
    let times: Vec<_> = told::read(text, today).into_iter().filter(|told| told.time.is_some()).collect();
    // Of two, the one that it is to be from now on comes last.
    if let Some((Some(date), Some(hour))) = times.last().map(|told| (told.date, told.time)) {
        let fits = |start: jiff::civil::DateTime| start.date() == date && hour.is(start.time());
        let right = if goal.task == Task::Cancel {
            goal.old.is_none_or(fits)
        } else {
            goal.start.is_empty() || goal.start.iter().any(|window| within(*window, date, hour))
        };
        if !right {
            wrong.push(Wrong::Time);
        }
    }
    if let Some(service) = &goal.service
        && !has(&small, service)
        && business.services.iter().any(|other| has(&small, &other.name))
    {
        wrong.push(Wrong::Service);
    }
    let named: Vec<_> = business.staff.iter().filter(|member| has(&small, &member.name)).collect();
    if !goal.staff.is_empty() && !named.is_empty() && !named.iter().any(|member| goal.staff.contains(&member.name)) {
        wrong.push(Wrong::Staff);
    }
    if goal.task == Task::Book
        && !goal.name.is_empty()
        && !goal.name.iter().any(|name| has(&small, name))
        && for_somebody(text)
    {
        wrong.push(Wrong::Name);
    }
    if goal.task == Task::Book && small.contains(" number ") {
        let mine = goal.phone.as_deref().unwrap_or(from);
        let read = digits(text.rsplit("number").next().unwrap_or_default());
        let (whole, there) = (digits(mine), digits(&style::dialled(mine, &business.country)));
        if read.len() >= 7 && read != whole && read != there {
            wrong.push(Wrong::Phone);
        }
    }
    wrong
}

/// Whether a start within the window has this date and this time of day.
pub(super) fn within(window: super::scenario::Window, date: Date, hour: told::Hour) -> bool {
    // Appointments start on multiples of five minutes.
    (0..24 * 12).any(|step: i16| {
        let (h, m) = (i8::try_from(step / 12), i8::try_from(step % 12 * 5));
        let (Ok(h), Ok(m)) = (h, m) else { return false };
        let start = date.at(h, m, 0, 0);
        hour.is(start.time()) && window.holds(start)
    })
}

/// "…, for Anna Kovacs": a name is read back.
fn for_somebody(text: &str) -> bool {
    text.split(" for ").skip(1).any(|after| after.starts_with(|c: char| c.is_uppercase()))
}

/// What of a booking was never read back: the day and time in one piece, the service, who, the name.
pub(super) fn unread(read_backs: &[String], row: &Booking, business: &Business, today: Date) -> Vec<&'static str> {
    let all = padded(&read_backs.join(" "));
    let mut unread = Vec::new();
    let starts = business.zone.tz().to_datetime(row.slot.starts);
    let same_time =
        |told: &told::Told| told.date == Some(starts.date()) && told.time.is_some_and(|hour| hour.is(starts.time()));
    if !read_backs.iter().any(|text| told::read(text, today).iter().any(same_time)) {
        unread.push("the time");
    }
    let service = business.service(row.slot.service);
    if business.services.len() > 1 && !service.is_some_and(|service| has(&all, &service.name)) {
        unread.push("the service");
    }
    let member = business.member(row.slot.staff);
    if business.staff.len() > 1 && !member.is_some_and(|member| has(&all, &member.name)) {
        unread.push("who");
    }
    if !has(&all, row.customer.name.as_str()) {
        unread.push("the name");
    }
    unread
}

/// Whether two names are one, but for the size of letters and accents.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn plain(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const SALON: &str = include_str!("../../../fixtures/demo_business.json");

    fn goal() -> Goal {
        let text = r#"
            service = "Haircut"
            staff = ["Maria"]
            start = ["2026-12-01T15:30"]
            name = ["Anna Kovacs"]
            phone = "+12125550177"
        "#;
        toml::from_str(text).unwrap()
    }

    #[test]
    fn facts_are_noticed_in_ones_own_words() {
        let business: Business = serde_json::from_str(SALON).unwrap();
        let told = |words: &str| told_in(words, &goal(), &business);
        assert_eq!(told("a haircut with Maria tomorrow at 3:30"), [Topic::Service, Topic::Staff, Topic::When]);
        assert_eq!(
            told("it's Anna Kovacs, two one two, five five five, oh one seven seven"),
            [Topic::Name, Topic::Phone]
        );
        assert!(told("tomorrow").is_empty(), "a day alone leaves the time to be asked");
    }

    #[test]
    fn each_wrong_detail_is_objected_to_and_no_right_one() {
        let business: Business = serde_json::from_str(SALON).unwrap();
        let hear = |text: &str| objections(text, &goal(), "anonymous", &business, date(2026, 11, 24));
        let right = "That's a haircut with Maria, Tuesday, December 1st at 3:30 p.m., for Anna Kovacs, and your number is \
                     2 1 2, 5 5 5, 0 1 7 7. Shall I book it?";
        assert_eq!(hear(right), []);
        for (said, instead, wrong) in [
            ("haircut", "beard trim", Wrong::Service),
            ("Maria", "James", Wrong::Staff),
            ("3:30 p.m.", "3:30 a.m.", Wrong::Time),
            ("December 1st", "December 8th", Wrong::Time),
            ("Anna Kovacs", "Hannah Novak", Wrong::Name),
            ("0 1 7 7", "0 1 1 7", Wrong::Phone),
        ] {
            assert_eq!(hear(&right.replace(said, instead)), [wrong], "{instead}");
        }
    }
}
