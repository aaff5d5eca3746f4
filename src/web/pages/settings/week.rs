//! Opening hours as fields of a form: any number of periods a day, with or without script.
//!
//! A day has a key ("monday"), and of each period two fields, "monday.from" and "monday.to". Adding a row, taking one
//! away and copying a day to others are buttons of the same form: they send it, and get it back changed and not saved.

use jiff::civil::{Time, Weekday};

use crate::{
    domain::business::{Mistake, OpenPeriod, WeeklyHours},
    web::pages::form::{Fields, Form, wrong},
};

/// Key and name of each day.
pub(super) const DAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "monday", "Monday"),
    (Weekday::Tuesday, "tuesday", "Tuesday"),
    (Weekday::Wednesday, "wednesday", "Wednesday"),
    (Weekday::Thursday, "thursday", "Thursday"),
    (Weekday::Friday, "friday", "Friday"),
    (Weekday::Saturday, "saturday", "Saturday"),
    (Weekday::Sunday, "sunday", "Sunday"),
];

/// More periods than any day has; more rows than that are not added.
const MOST: usize = 8;
/// A night that is longer is more likely a period the wrong way round.
const LONGEST_NIGHT: i64 = 14 * 3600;

/// One day as a template shows it.
pub(super) struct DayView {
    pub(super) key: String,
    pub(super) label: &'static str,
    pub(super) rows: Vec<RowView>,
    pub(super) all_day: bool,
    pub(super) wrong: Option<String>,
    /// What somebody else saved.
    pub(super) theirs: Option<String>,
}

pub(super) struct RowView {
    pub(super) n: usize,
    pub(super) from: String,
    pub(super) to: String,
    /// It ends on the following day.
    pub(super) overnight: bool,
    /// Just added, so it gets the focus.
    pub(super) fresh: bool,
}

/// "9:00" and the like.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let minute = minute.split(':').next().unwrap_or_default();
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i8>().ok()).flatten();
    match (number(hour)?, number(minute)?) {
        (24, 0) => Some(Time::midnight()),
        (hour, minute) => Time::new(hour, minute, 0, 0).ok(),
    }
}

fn written(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// "09:00 to 12:30"
pub(super) fn told(period: &OpenPeriod) -> String {
    if is_all_day(period) {
        return "all day".to_owned();
    }
    format!("{} to {}", written(period.from), written(period.to))
}

/// "09:00 to 12:30, 13:30 to 18:00"; "closed".
pub(super) fn told_all(periods: &[OpenPeriod]) -> String {
    if periods.is_empty() { "closed".to_owned() } else { periods.iter().map(told).collect::<Vec<_>>().join(", ") }
}

fn is_all_day(period: &OpenPeriod) -> bool {
    period.from == Time::midnight() && period.to == Time::midnight()
}

/// Writes a day's periods.
pub(super) fn write(fields: &mut Fields, key: &str, periods: &[OpenPeriod]) {
    if let [only] = periods
        && is_all_day(only)
    {
        fields.add(format!("{key}.all_day"), "on");
        return;
    }
    for period in periods {
        fields.add(format!("{key}.from"), written(period.from));
        fields.add(format!("{key}.to"), written(period.to));
    }
}

pub(super) fn write_week(fields: &mut Fields, week: &WeeklyHours) {
    for (weekday, key, _) in DAYS {
        write(fields, key, week.on(weekday));
    }
}

/// Reads a day's periods, in order. Rows that are empty are none.
pub(super) fn read(typed: &Fields, key: &str) -> Result<Vec<OpenPeriod>, Mistake> {
    if typed.is_on(&format!("{key}.all_day")) {
        return Ok(vec![OpenPeriod { from: Time::midnight(), to: Time::midnight() }]);
    }
    let mut periods = Vec::new();
    for (from, to) in rows(typed, key) {
        if from.is_empty() && to.is_empty() {
            continue;
        }
        let (Some(from), Some(to)) = (time(&from), time(&to)) else {
            return Err(wrong(key, "give each period a beginning and an end, such as 09:00 and 17:30"));
        };
        periods.push(OpenPeriod { from, to });
    }
    periods.sort_by_key(|period| period.from);
    check(key, &periods)?;
    Ok(periods)
}

fn check(key: &str, periods: &[OpenPeriod]) -> Result<(), Mistake> {
    for period in periods {
        let length = period.to.duration_since(period.from).as_secs();
        if period.overnight() && length + 24 * 3600 > LONGEST_NIGHT && !is_all_day(period) {
            let why = format!(
                "{} would be open through the night, until {} the next day. Is it the other way round?",
                told(period),
                written(period.to)
            );
            return Err(wrong(key, why));
        }
    }
    for pair in periods.windows(2) {
        if pair[0].overnight() || pair[1].from < pair[0].to {
            return Err(wrong(key, format!("{} and {} overlap", told(&pair[0]), told(&pair[1]))));
        }
    }
    if periods.len() > MOST {
        return Err(wrong(key, format!("{MOST} periods at most")));
    }
    Ok(())
}

pub(super) fn read_week(typed: &Fields) -> Result<WeeklyHours, Vec<Mistake>> {
    let mut week = WeeklyHours::default();
    let mut found = Vec::new();
    for (weekday, key, _) in DAYS {
        match read(typed, key) {
            Ok(periods) => *week.on_mut(weekday) = periods,
            Err(mistake) => found.push(mistake),
        }
    }
    if found.is_empty() { Ok(week) } else { Err(found) }
}

/// The field that a path such as "hours.monday[1]" stands for.
pub(super) fn field_of(at: &str) -> Option<&'static str> {
    let day = at.rsplit('.').next()?.split('[').next()?;
    DAYS.iter().find(|(_, key, _)| *key == day).map(|(_, key, _)| *key)
}

/// What a field is called in the audit log.
pub(super) fn word(field: &str) -> Option<&'static str> {
    let day = field.split('.').next()?;
    DAYS.iter().find(|(_, key, _)| *key == day).map(|(.., label)| *label)
}

fn rows(fields: &Fields, key: &str) -> Vec<(String, String)> {
    let (from, to) = (format!("{key}.from"), format!("{key}.to"));
    let (from, to): (Vec<_>, Vec<_>) = (fields.all(&from).collect(), fields.all(&to).collect());
    let at = |side: &[&str], n: usize| side.get(n).copied().unwrap_or_default().to_owned();
    (0..from.len().max(to.len())).map(|n| (at(&from, n), at(&to, n))).collect()
}

pub(super) fn view(form: &Form, key: &str, label: &'static str) -> DayView {
    let added = form.value("added") == key;
    let given = rows(&form.fields, key);
    let last = given.len().saturating_sub(1);
    let row = |(n, (from, to)): (usize, (String, String))| RowView {
        overnight: matches!((time(&from), time(&to)), (Some(from), Some(to)) if to <= from && to != Time::midnight()),
        fresh: added && n == last,
        n,
        from,
        to,
    };
    let in_words = |fields: &Fields| read(fields, key).map(|periods| told_all(&periods));
    let theirs = form.theirs.as_ref().and_then(|theirs| {
        let saved = in_words(theirs).ok()?;
        (in_words(&form.fields) != Ok(saved.clone())).then_some(saved)
    });
    DayView {
        rows: given.into_iter().enumerate().map(row).collect(),
        all_day: form.fields.is_on(&format!("{key}.all_day")),
        wrong: form.wrong(key).map(str::to_owned),
        theirs,
        key: key.to_owned(),
        label,
    }
}

pub(super) fn view_week(form: &Form) -> Vec<DayView> {
    DAYS.into_iter().map(|(_, key, label)| view(form, key, label)).collect()
}

/// What the form is after a button of a day was pressed: "add monday", "drop monday 1", "copy monday". Nothing: it was
/// another button.
pub(super) fn pressed(typed: &Fields) -> Option<Fields> {
    let mut words = typed.text("do").split(' ');
    let (what, key) = (words.next()?, words.next()?);
    let mut given = rows(typed, key);
    match what {
        "add" if given.len() < MOST => {
            let usual = if given.is_empty() { ("09:00", "17:00") } else { ("", "") };
            given.push((usual.0.to_owned(), usual.1.to_owned()));
            Some(replaced(typed, &[key], &given, false).and("added", key))
        }
        "add" => Some(replaced(typed, &[key], &given, false)),
        "drop" => {
            let n = words.next()?.parse().unwrap_or(usize::MAX);
            if n < given.len() {
                given.remove(n);
            }
            Some(replaced(typed, &[key], &given, false))
        }
        "copy" => {
            let name = format!("copy.{key}");
            let to: Vec<&str> = typed.all(&name).filter(|to| DAYS.iter().any(|(_, day, _)| day == to)).collect();
            Some(replaced(typed, &to, &given, typed.is_on(&format!("{key}.all_day"))))
        }
        _ => None,
    }
}

/// The same form with other rows for some days, and without the buttons.
fn replaced(typed: &Fields, keys: &[&str], rows: &[(String, String)], all_day: bool) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in typed.iter() {
        let (key, part) = name.rsplit_once('.').unwrap_or((name, ""));
        let theirs = keys.contains(&key) && matches!(part, "from" | "to" | "all_day");
        if !theirs && !matches!(name, "do" | "added") && !name.starts_with("copy.") {
            fields.add(name, value);
        }
    }
    for key in keys {
        for (from, to) in rows {
            fields.add(format!("{key}.from"), from);
            fields.add(format!("{key}.to"), to);
        }
        if all_day {
            fields.add(format!("{key}.all_day"), "on");
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    fn typed(text: &str) -> Fields {
        Fields::parse(text.as_bytes())
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut hours = salon().hours;
        hours.sunday = vec![OpenPeriod { from: Time::midnight(), to: Time::midnight() }];
        hours.saturday = vec![OpenPeriod { from: Time::constant(20, 0, 0, 0), to: Time::constant(2, 30, 0, 0) }];
        let mut fields = Fields::default();
        write_week(&mut fields, &hours);
        assert_eq!(read_week(&fields), Ok(hours));
    }

    #[test]
    fn k5_hours_that_overlap_or_are_the_wrong_way_round_are_told() {
        for (text, why) in [
            ("monday.from=09:00&monday.to=13:00&monday.from=12:00&monday.to=17:00", "overlap"),
            ("monday.from=17:00&monday.to=09:00", "the other way round"),
            ("monday.from=20:00&monday.to=02:00&monday.from=21:00&monday.to=23:00", "overlap"),
            ("monday.from=09:00&monday.to=", "a beginning and an end"),
            ("monday.from=9h&monday.to=25:61", "a beginning and an end"),
            ("monday.from=-1&monday.to=NaN", "a beginning and an end"),
        ] {
            let wrong = read(&typed(text), "monday").unwrap_err();
            assert!(wrong.at == "monday" && wrong.why.contains(why), "{text}: {wrong:?}");
        }
    }

    #[test]
    fn rows_out_of_order_are_put_in_order_and_empty_ones_left_out() {
        let periods = read(
            &typed("monday.from=13:00&monday.to=17:00&monday.from=&monday.to=&monday.from=9&monday.to=12"),
            "monday",
        );
        assert_eq!(told_all(&periods.unwrap()), "09:00 to 12:00, 13:00 to 17:00");
    }

    #[test]
    fn a_day_is_copied_to_others_and_rows_come_and_go() {
        let form = "base=x&monday.from=09:00&monday.to=12:00&tuesday.all_day=on";
        let copied = pressed(&typed(&format!("{form}&copy.monday=tuesday&copy.monday=friday&do=copy+monday"))).unwrap();
        for day in ["monday", "tuesday", "friday"] {
            assert_eq!(told_all(&read(&copied, day).unwrap()), "09:00 to 12:00", "{day}");
        }
        assert_eq!(copied.text("base"), "x");
        let added = pressed(&typed(&format!("{form}&do=add+monday"))).unwrap();
        assert_eq!(rows(&added, "monday").len(), 2);
        let dropped = pressed(&typed(&format!("{form}&do=drop+monday+0"))).unwrap();
        assert_eq!(read(&dropped, "monday"), Ok(Vec::new()));
        assert_eq!(pressed(&typed("do=save")), None);
        assert!(pressed(&typed("do=drop+monday+99999999999999999999")).is_some());
    }
}
