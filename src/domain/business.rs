//! A business as its owner describes it: when it is open, what it offers, who does it, and how the phone is answered.
//!
//! It is one document with a version, so that an edit is all or nothing and two editors notice each other.

mod reception;

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use jiff::{
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

pub use reception::{Limits, WhenUnsure};

use super::{
    colour::Colour,
    dialogue::texts,
    ids::{BusinessId, ServiceId, StaffId},
    letters::OwnWords,
    money::Money,
    phone::PhoneNumber,
    retention::Retention,
    setup::Setup,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    pub id: BusinessId,
    pub name: String,
    pub zone: Zone,
    /// ISO 3166, two letters: decides how numbers without a country code and dates are read.
    pub country: String,
    /// Numbers that callers dial to get here, for the webhook that knows only the called number.
    #[serde(default)]
    pub numbers: Vec<PhoneNumber>,
    #[serde(default)]
    pub address: Option<String>,
    /// What it does, in a sentence or two, for a model that talks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    pub hours: WeeklyHours,
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    pub services: Vec<Service>,
    pub staff: Vec<Staff>,
    #[serde(default)]
    pub rules: Rules,
    #[serde(default)]
    pub voice: Voice,
    /// Where a caller who asks for a person is put through to; nothing means a message is taken.
    #[serde(default)]
    pub transfer_to: Option<PhoneNumber>,
    /// When callers are put through, on the business's wall clock; nothing: always. Else a message is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_hours: Option<WeeklyHours>,
    #[serde(default)]
    pub when_unsure: WhenUnsure,
    /// The owner's words for the text messages, by language ("en"). What is not there is built in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, OwnWords>,
    /// What else callers ask: "Is there parking?" → "Yes, behind the house."
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Not answering at all: callers hear a polite line, nothing is spent.
    #[serde(default)]
    pub suspended: bool,
    /// Which calendar decides, in the shape the owner's integration settings have.
    #[serde(default)]
    pub ai_config: AiConfig,
    /// How its customers' pages look.
    #[serde(default, skip_serializing_if = "Brand::is_plain")]
    pub brand: Brand,
    /// Whether anybody may book on its public page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public_page: bool,
    /// How far the owner is with setting it up.
    #[serde(default, skip_serializing_if = "Setup::is_untouched")]
    pub setup: Setup,
    /// How long what was said is kept.
    #[serde(default, skip_serializing_if = "Retention::is_usual")]
    pub retention: Retention,
}

/// What customers recognise a business by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Brand {
    /// Of buttons and links. Nothing: Deskbell's green.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
}

impl Brand {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// An IANA time zone by name, with its rules at hand.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

impl Zone {
    /// # Errors
    /// When there is no zone of that name in the bundled tz database.
    pub fn named(name: &str) -> Result<Self, jiff::Error> {
        TimeZone::get(name).map(Self)
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("Etc/UTC")
    }

    pub fn tz(&self) -> &TimeZone {
        &self.0
    }
}

impl TryFrom<String> for Zone {
    type Error = jiff::Error;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::named(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An unbroken time when the door is open; a lunch break is the gap between two of them. A period whose `to` is not
/// after `from` ends on the following day ("22:00" to "02:00"); "00:00" to "00:00" is the whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenPeriod {
    pub from: Time,
    pub to: Time,
}

impl OpenPeriod {
    pub fn overnight(&self) -> bool {
        self.to <= self.from
    }
}

/// A day that is missing is a day when the business is closed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WeeklyHours {
    pub monday: Vec<OpenPeriod>,
    pub tuesday: Vec<OpenPeriod>,
    pub wednesday: Vec<OpenPeriod>,
    pub thursday: Vec<OpenPeriod>,
    pub friday: Vec<OpenPeriod>,
    pub saturday: Vec<OpenPeriod>,
    pub sunday: Vec<OpenPeriod>,
}

impl WeeklyHours {
    pub fn on(&self, weekday: Weekday) -> &[OpenPeriod] {
        match weekday {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    pub fn on_mut(&mut self, weekday: Weekday) -> &mut Vec<OpenPeriod> {
        match weekday {
            Weekday::Monday => &mut self.monday,
            Weekday::Tuesday => &mut self.tuesday,
            Weekday::Wednesday => &mut self.wednesday,
            Weekday::Thursday => &mut self.thursday,
            Weekday::Friday => &mut self.friday,
            Weekday::Saturday => &mut self.saturday,
            Weekday::Sunday => &mut self.sunday,
        }
    }

    /// Whether there is a day that is not closed.
    pub fn is_open(&self) -> bool {
        Weekday::Monday.cycle_forward().take(7).any(|weekday| !self.on(weekday).is_empty())
    }
}

/// Days that do not follow the week: a holiday, a vacation, a long Thursday.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub from: Date,
    /// The last day, inclusive.
    pub to: Date,
    /// Empty: closed.
    #[serde(default)]
    pub hours: Vec<OpenPeriod>,
    /// Only this member of staff; nobody named: the whole business.
    #[serde(default)]
    pub staff: Option<StaffId>,
    /// The same days every year.
    #[serde(default)]
    pub yearly: bool,
    /// What is said to a caller who asks for such a day: "Christmas", "our summer break".
    #[serde(default)]
    pub reason: Option<String>,
}

impl Exception {
    pub fn covers(&self, date: Date) -> bool {
        if !self.yearly {
            return (self.from..=self.to).contains(&date);
        }
        let day = |date: Date| (date.month(), date.day());
        let (from, to, day) = (day(self.from), day(self.to), day(date));
        if from <= to { (from..=to).contains(&day) } else { day >= from || day <= to }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: ServiceId,
    pub name: String,
    /// Other words callers use for it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it includes, in a sentence, for customers who read and for a model that talks: 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// 1 to 1,440.
    pub minutes: u16,
    /// Minutes kept free before and after, which no caller hears of.
    #[serde(default)]
    pub buffer_before: u16,
    #[serde(default)]
    pub buffer_after: u16,
    #[serde(default)]
    pub price: Option<Money>,
    /// Who offers it.
    pub staff: Vec<StaffId>,
    /// How many customers share one start (a class); usually one.
    #[serde(default = "one")]
    pub capacity: u16,
}

fn one() -> u16 {
    1
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    pub id: StaffId,
    pub name: String,
    #[serde(default)]
    pub also: Vec<String>,
    /// Their own week; nothing: the business's.
    #[serde(default)]
    pub hours: Option<WeeklyHours>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// How long before its start an appointment can still be booked.
    pub notice_minutes: u32,
    /// How far ahead can be booked, in days, today included.
    pub horizon_days: u16,
    /// Starts lie on multiples of this after midnight, in minutes (5 to 60).
    pub grid_minutes: u16,
    /// Until how long before the start a customer may cancel or move by themselves.
    pub cancel_cutoff_minutes: u32,
    /// When the calendar cannot be read: book on our own ledger, or promise to confirm by text.
    pub when_calendar_down: WhenCalendarDown,
    pub limits: Limits,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            notice_minutes: 60,
            horizon_days: 90,
            grid_minutes: 15,
            cancel_cutoff_minutes: 120,
            when_calendar_down: WhenCalendarDown::Book,
            limits: Limits::default(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenCalendarDown {
    #[default]
    Book,
    ConfirmByText,
}

/// How the phone sounds. The names of voices are the telephony vendor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Voice {
    /// The first words; `{business}` stands for the name. Empty: a friendly default.
    pub greeting: String,
    /// Said before anything else when calls are recorded or the law wants it.
    pub disclosure: String,
    /// BCP 47, "en-US".
    pub language: String,
    /// Other languages (BCP 47) that a model may go on in when a caller speaks one of them; without a model they are not
    /// spoken.
    pub languages: Vec<String>,
    /// How a model should sound, in a few words: "cheerful and brief".
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tone: String,
    pub tts_provider: Option<String>,
    pub voice: Option<String>,
    pub transcription_provider: Option<String>,
    /// Whether callers can talk over the greeting and over what is said.
    pub interruptible: bool,
    /// Minutes until a call is brought to an end (1 to 60).
    pub longest_call_minutes: u16,
}

impl Default for Voice {
    fn default() -> Self {
        Self {
            greeting: String::new(),
            disclosure: String::new(),
            language: "en-US".to_owned(),
            languages: Vec::new(),
            tone: String::new(),
            tts_provider: None,
            voice: None,
            transcription_provider: None,
            interruptible: true,
            longest_call_minutes: 15,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Words that callers use when they ask: "parking", "park", "car".
    pub about: Vec<String>,
    pub answer: String,
}

/// The integration settings. Unknown providers are kept, so that an older binary does not lose a newer one's settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AiConfig {
    pub integrations: Integrations,
    pub receptionist: Answering,
}

/// Who talks with callers. No key and no address stands here: models are set up on the server, and named here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answering {
    pub kind: AnsweredBy,
    /// The server's models to ask, by name, in order. Empty: all of them in the server's order.
    pub models: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// The server's models, if it has any, and the scripted receptionist when none of them answers.
    #[default]
    Model,
    /// The scripted receptionist alone: switches every model off at once, without a deploy.
    Scripted,
}

/// More than a call could try before the caller has hung up.
pub const MOST_MODELS: usize = 8;

/// What a model can be called: a small letter, then small letters and digits, 20 at most. So its name can stand in that of
/// a variable, in a metric and in a log line.
pub fn is_model_name(name: &str) -> bool {
    name.len() <= 20
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Integrations {
    /// "native" switches every calendar off at once, without a deploy.
    pub provider: String,
    pub providers: BTreeMap<String, ProviderSettings>,
    /// Others that have to say free, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Another provider for some services; "native": none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<ServiceId, String>,
}

impl Default for Integrations {
    fn default() -> Self {
        let provider = "native".to_owned();
        Self { provider, providers: BTreeMap::new(), also: Vec::new(), services: BTreeMap::new() }
    }
}

/// More than can be asked while a caller waits.
const MOST_ALSO: usize = 4;

/// What a provider can be called. Whether this program knows one of that name is not asked: another version may.
fn is_provider_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

impl Integrations {
    fn check(&self, wrong: &mut impl FnMut(String, &str)) {
        const NAME: &str = "a provider's name: small letters, digits and underscores, 40 at most";
        let at = |field: &str| format!("ai_config.integrations.{field}");
        let mut seen = HashSet::from([self.provider.as_str()]);
        for (n, name) in self.also.iter().enumerate() {
            if !is_provider_name(name) {
                wrong(at(&format!("also[{n}]")), NAME);
            } else if name == "native" {
                wrong(at(&format!("also[{n}]")), "our own ledger is always asked: leave it out");
            } else if !seen.insert(name) {
                wrong(at(&format!("also[{n}]")), "is named twice");
            }
        }
        if self.also.len() > MOST_ALSO {
            wrong(at("also"), "4 at most");
        }
        // A service that is no longer there does no harm, and must not keep its owner from saving.
        for (service, name) in &self.services {
            if !is_provider_name(name) {
                wrong(at(&format!("services.{service}")), NAME);
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProviderSettings {
    pub enabled: bool,
    pub check_availability: bool,
    pub create_events: bool,
    /// Kept as it was given. Every service says how long it takes, so nothing is left for this to decide.
    pub default_duration_minutes: u16,
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self { enabled: false, check_availability: true, create_events: true, default_duration_minutes: 60 }
    }
}

/// Characters of what a business says about itself to a model, which is paid for with every turn.
const MOST_ABOUT: usize = 600;
const MOST_TONE: usize = 120;
pub const MOST_DESCRIPTION: usize = 200;

/// What is wrong with a business's setup: where, as a path into the document, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    pub at: String,
    pub why: String,
}

impl Business {
    pub fn service(&self, id: ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    pub fn member(&self, id: StaffId) -> Option<&Staff> {
        self.staff.iter().find(|member| member.id == id)
    }

    /// The staff who offer a service, in the owner's order.
    pub fn offering<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a Staff> {
        self.staff.iter().filter(|member| service.staff.contains(&member.id))
    }

    /// When the business is open on a date: exceptions first, then the week.
    pub fn open_on(&self, date: Date) -> &[OpenPeriod] {
        match self.exception_on(date) {
            Some(exception) => &exception.hours,
            None => self.hours.on(date.weekday()),
        }
    }

    /// The exception for the whole business that holds on a date; the one written last wins.
    pub fn exception_on(&self, date: Date) -> Option<&Exception> {
        self.exceptions.iter().rev().find(|exception| exception.staff.is_none() && exception.covers(date))
    }

    /// The first words of a call.
    pub fn greeting(&self) -> String {
        let greeting = match self.voice.greeting.as_str() {
            "" => texts::of(&self.voice.language).greeting(&self.name),
            text => text.replace("{business}", &self.name),
        };
        match self.voice.disclosure.as_str() {
            "" => greeting,
            disclosure => format!("{disclosure} {greeting}"),
        }
    }

    /// Everything that is wrong with the setup, in the document's order. Empty: it can be saved.
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut wrong = |at: String, why: &str| found.push(Mistake { at, why: why.to_owned() });
        if self.name.trim().is_empty() || self.name.chars().count() > 120 {
            wrong("name".into(), "give a name of 1 to 120 characters");
        }
        if self.about.as_ref().is_some_and(|about| about.chars().count() > MOST_ABOUT) {
            wrong("about".into(), "at most 600 characters");
        }
        if self.country.parse::<phonenumber::country::Id>().is_err() {
            wrong("country".into(), "two capital letters, such as US or GB");
        }
        check_week("hours", &self.hours, &mut wrong);
        for (n, exception) in self.exceptions.iter().enumerate() {
            if exception.to < exception.from {
                wrong(format!("exceptions[{n}].to"), "must not be before `from`");
            }
            check_periods(&format!("exceptions[{n}].hours"), &exception.hours, &mut wrong);
            if exception.staff.is_some_and(|id| self.member(id).is_none()) {
                wrong(format!("exceptions[{n}].staff"), "is not one of the staff");
            }
        }
        let mut seen = HashSet::new();
        for (n, member) in self.staff.iter().enumerate() {
            if member.name.trim().is_empty() || member.name.chars().count() > 80 {
                wrong(format!("staff[{n}].name"), "give a name of 1 to 80 characters");
            }
            if !seen.insert(member.id.0) {
                wrong(format!("staff[{n}].id"), "is used twice");
            }
            if let Some(hours) = &member.hours {
                check_week(&format!("staff[{n}].hours"), hours, &mut wrong);
            }
        }
        for (n, service) in self.services.iter().enumerate() {
            let at = |field: &str| format!("services[{n}].{field}");
            if service.name.trim().is_empty() || service.name.chars().count() > 80 {
                wrong(at("name"), "give a name of 1 to 80 characters");
            }
            if !seen.insert(service.id.0) {
                wrong(at("id"), "is used twice");
            }
            if !(1..=1440).contains(&service.minutes) {
                wrong(at("minutes"), "must be 1 to 1440");
            }
            if service.description.as_ref().is_some_and(|text| text.chars().count() > MOST_DESCRIPTION) {
                wrong(at("description"), "at most 200 characters");
            }
            if service.buffer_before > 240 || service.buffer_after > 240 {
                wrong(at("buffer_after"), "buffers are at most 240 minutes");
            }
            if !(1..=500).contains(&service.capacity) {
                wrong(at("capacity"), "must be 1 to 500");
            }
            if service.staff.iter().any(|id| self.member(*id).is_none()) {
                wrong(at("staff"), "names somebody who is not one of the staff");
            }
        }
        if !(1..=730).contains(&self.rules.horizon_days) {
            wrong("rules.horizon_days".into(), "must be 1 to 730");
        }
        if !(5..=60).contains(&self.rules.grid_minutes) || 60 % self.rules.grid_minutes != 0 {
            wrong("rules.grid_minutes".into(), "must be 5, 6, 10, 12, 15, 20, 30 or 60");
        }
        if self.rules.notice_minutes > 60 * 24 * 60 {
            wrong("rules.notice_minutes".into(), "must be at most 60 days");
        }
        if !(1..=60).contains(&self.voice.longest_call_minutes) {
            wrong("voice.longest_call_minutes".into(), "must be 1 to 60");
        }
        if self.voice.tone.chars().count() > MOST_TONE {
            wrong("voice.tone".into(), "at most 120 characters");
        }
        for (n, language) in std::iter::once(&self.voice.language).chain(&self.voice.languages).enumerate() {
            if !is_language(language) {
                let at = n.checked_sub(1).map_or("voice.language".into(), |n| format!("voice.languages[{n}]"));
                wrong(at, "a language such as en-US or es-MX");
            }
        }
        self.check_reception(&mut wrong);
        self.ai_config.receptionist.check(&mut wrong);
        self.ai_config.integrations.check(&mut wrong);
        if let Some(why) = self.retention.mistake() {
            wrong("retention.calls_days".into(), why);
        }
        found
    }
}

/// Subtags of letters and digits, the first of two or three letters (BCP 47, 2.1), as far as telephony vendors have them.
fn is_language(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let primary = subtags.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && subtags.all(|tag| (2..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

impl Answering {
    /// Whether the server has such models is not known here: one that it does not have is left out.
    fn check(&self, wrong: &mut impl FnMut(String, &str)) {
        let at = |n: usize| format!("ai_config.receptionist.models[{n}]");
        let mut seen = HashSet::new();
        for (n, name) in self.models.iter().enumerate() {
            if !is_model_name(name) {
                wrong(at(n), "small letters and digits, a letter first, as the server's settings name it");
            } else if !seen.insert(name) {
                wrong(at(n), "is named twice");
            }
        }
        if self.models.len() > MOST_MODELS {
            wrong("ai_config.receptionist.models".into(), "8 at most");
        }
    }
}

fn check_week(at: &str, week: &WeeklyHours, wrong: &mut impl FnMut(String, &str)) {
    for weekday in Weekday::Monday.cycle_forward().take(7) {
        let day = format!("{weekday:?}").to_lowercase();
        check_periods(&format!("{at}.{day}"), week.on(weekday), wrong);
    }
}

/// Periods stand in order, do not overlap, and only the last may run past midnight.
fn check_periods(at: &str, periods: &[OpenPeriod], wrong: &mut impl FnMut(String, &str)) {
    for (n, pair) in periods.windows(2).enumerate() {
        if pair[0].overnight() || pair[1].from < pair[0].to {
            wrong(format!("{at}[{}]", n + 1), "overlaps the period before it, or stands out of order");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn a_yearly_exception_may_wrap_the_new_year() {
        let break_ = Exception {
            from: date(2026, 12, 24),
            to: date(2026, 1, 2),
            hours: Vec::new(),
            staff: None,
            yearly: true,
            reason: None,
        };
        assert!(break_.covers(date(2030, 12, 31)) && break_.covers(date(2031, 1, 1)));
        assert!(!break_.covers(date(2031, 1, 3)));
    }

    /// The newest rules are compiled in and nothing else is looked at: machines of 2025 believe that Vancouver still
    /// changes its clocks in November 2026.
    #[test]
    fn m12_zones_come_with_the_program_and_not_from_the_machine() {
        let zone = Zone::named("America/Vancouver").unwrap();
        let at = date(2026, 12, 3).at(10, 0, 0, 0).to_zoned(zone.tz().clone()).unwrap();
        assert_eq!(at.timestamp().to_string(), "2026-12-03T17:00:00Z");
        assert!(Zone::named("Mars/Olympus").is_err());
    }

    #[test]
    fn who_answers_is_checked_and_unknown_words_are_refused() {
        let answering: Answering = serde_json::from_str(r#"{"models": ["fast", "Fast", "fast"]}"#).unwrap();
        let mut found = Vec::new();
        answering.check(&mut |at, _| found.push(at));
        assert_eq!(found, ["ai_config.receptionist.models[1]", "ai_config.receptionist.models[2]"]);
        assert!(serde_json::from_str::<Answering>(r#"{"kind": "robot"}"#).is_err());
        assert!(serde_json::from_str::<Answering>(r#"{"key": "sk-0a1b2c"}"#).is_err(), "no secret is kept here");
        let off: Answering = serde_json::from_str(r#"{"kind": "scripted"}"#).unwrap();
        assert_eq!((off.kind, AiConfig::default().receptionist.kind), (AnsweredBy::Scripted, AnsweredBy::Model));
    }

    #[test]
    fn a_chain_of_calendars_is_checked_and_its_shape_is_the_owners() {
        let cut = ServiceId(uuid::Uuid::from_u128(1));
        let text =
            format!(r#"{{"provider": "one", "also": ["two", "One", "native", "two"], "services": {{"{cut}": "X"}}}}"#);
        let integrations: Integrations = serde_json::from_str(&text).unwrap();
        let mut found = Vec::new();
        integrations.check(&mut |at, _| found.push(at));
        let at = |field: &str| format!("ai_config.integrations.{field}");
        let wrong = [at("also[1]"), at("also[2]"), at("also[3]"), at(&format!("services.{cut}"))];
        assert_eq!(found, wrong);
        let plain = serde_json::to_string(&Integrations::default()).unwrap();
        assert_eq!(plain, r#"{"provider":"native","providers":{}}"#, "what nobody chose is not written");
    }

    #[test]
    fn periods_that_overlap_are_named() {
        let week = WeeklyHours {
            monday: vec![
                OpenPeriod { from: time(9, 0, 0, 0), to: time(13, 0, 0, 0) },
                OpenPeriod { from: time(12, 0, 0, 0), to: time(17, 0, 0, 0) },
            ],
            ..WeeklyHours::default()
        };
        let mut found = Vec::new();
        check_week("hours", &week, &mut |at, _| found.push(at));
        assert_eq!(found, ["hours.monday[1]"]);
    }
}
