//! A scenario: who calls, what they want, what happens on the way, and what has to be so afterwards. Written in TOML, one
//! file per family; fixtures/callers/README.md explains the format to whoever writes one.

use std::{collections::BTreeMap, str::FromStr, time::Duration};

use jiff::{SignedDuration, civil::DateTime};
use serde::{Deserialize, de};

use crate::domain::business::Business;

/// What may stand in one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scenario: Vec<Scenario>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    pub(super) id: String,
    /// In a sentence, for whoever reads the file.
    #[expect(dead_code, reason = "read by people")]
    story: String,
    /// The name of a business's file.
    pub(super) business: String,
    /// The time of day at the business when the phone rings.
    pub(super) now: DateTime,
    /// The caller's number in international form, or "anonymous".
    #[serde(default = "anonymous")]
    pub(super) from: String,
    #[serde(default)]
    pub(super) style: Style,
    /// What is in the book already.
    #[serde(default)]
    pub(super) booked: Vec<Booked>,
    /// What the caller wants, one thing after the other.
    pub(super) goal: Vec<Goal>,
    /// What is said whatever the goal.
    #[serde(default)]
    pub(super) says: Says,
    #[serde(default)]
    pub(super) event: Vec<Event>,
    #[serde(default)]
    pub(super) expect: Expect,
}

fn anonymous() -> String {
    "anonymous".to_owned()
}

/// How the caller's words reach the agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Style {
    /// As they are written.
    #[default]
    Clean,
    /// As a recogniser without punctuation writes them: lower case, no commas.
    Recogniser,
    /// With "um" and "you know" and false starts.
    Fillers,
    /// No word too many.
    Terse,
    /// With stories around them.
    Chatty,
}

/// An appointment that is in the book when the call begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Booked {
    pub(super) service: String,
    pub(super) staff: String,
    pub(super) start: DateTime,
    #[serde(default = "somebody")]
    pub(super) name: String,
    pub(super) phone: Option<String>,
}

fn somebody() -> String {
    Booked::SOMEBODY.to_owned()
}

impl Booked {
    /// The name of everybody who does not matter.
    pub(super) const SOMEBODY: &str = "Somebody Else";

    pub(super) fn by_somebody(service: String, staff: String, start: DateTime) -> Self {
        Self { service, staff, start, name: somebody(), phone: None }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Task {
    #[default]
    Book,
    Move,
    Cancel,
    /// To hear something; nothing changes in the book.
    Ask,
    /// To leave a message.
    Message,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Goal {
    pub(super) task: Task,
    pub(super) service: Option<String>,
    /// Whoever of these; empty: whoever there is.
    pub(super) staff: Vec<String>,
    /// Any of these; empty: any time.
    pub(super) start: Vec<Window>,
    /// In the hour that comes twice: "first" or "second".
    pub(super) fold: Option<Fold>,
    /// As it has to stand in the book; the first is the caller's own way of saying it.
    pub(super) name: Vec<String>,
    /// As it has to stand in the book. Nothing: the number they call from, if it shows.
    pub(super) phone: Option<String>,
    /// They would not give one: the booking has none.
    pub(super) no_phone: bool,
    /// Of the appointment that is to be moved or cancelled.
    pub(super) old: Option<DateTime>,
    /// What must come of it.
    pub(super) ends: Ends,
    pub(super) says: Says,
}

/// Whether the book has to be as the goal says when the call is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ends {
    #[default]
    Reached,
    /// Nothing may have changed.
    Nothing,
    /// Either is right: the line was lost while it was being done.
    Either,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fold {
    First,
    Second,
}

/// One start, or all from one up to before another: "2026-12-01T15:30", "2026-12-01T09:00/2026-12-01T12:00".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: DateTime,
    /// Nothing: exactly `from`.
    pub(super) before: Option<DateTime>,
}

impl Window {
    pub(super) fn holds(&self, start: DateTime) -> bool {
        self.before.map_or(start == self.from, |before| self.from <= start && start < before)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let moment = |text: &str| text.parse::<DateTime>().map_err(de::Error::custom);
        match text.split_once('/') {
            Some((from, before)) => Ok(Self { from: moment(from)?, before: Some(moment(before)?) }),
            None => Ok(Self { from: moment(&text)?, before: None }),
        }
    }
}

/// What the agent can ask for, or say, that a caller has something to say to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Topic {
    /// "How can I help you?"; what is said to it opens the call.
    Open,
    Service,
    Staff,
    When,
    /// "Which of these suits you?"
    Which,
    Name,
    Spell,
    Phone,
    Email,
    /// The details, with a question whether they are right.
    ReadBack,
    /// "What should I change?"
    Change,
    WhoseName,
    WhichDay,
    /// "Shall I cancel it?"
    CancelIt,
    /// "What should I tell them?"
    Message,
    /// "Shall I take a message?", "Shall I put you through?"
    Offer,
    Else,
    /// "Would you like to move it or cancel it?"
    AfterAll,
    There,
    /// None of the times will do.
    None,
    /// The agent has got something wrong.
    Wrong,
}

/// Wordings by what was asked: the first time, the second time, …; the last for ever after. Each may be several, between
/// bars, of which the seed takes one: "yes | that's right".
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Says(BTreeMap<Topic, Wordings>);

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Wordings {
    Always(Steps),
    InTurn(Vec<Steps>),
}

impl Says {
    fn all(&self) -> impl Iterator<Item = &Steps> {
        self.0.values().flat_map(|wordings| match wordings {
            Wordings::Always(steps) => std::slice::from_ref(steps),
            Wordings::InTurn(turns) => turns.as_slice(),
        })
    }

    /// What to do when asked for the `nth` time, from 0.
    pub(super) fn to(&self, topic: Topic, nth: usize) -> Option<&Steps> {
        match self.0.get(&topic)? {
            Wordings::Always(steps) => Some(steps),
            Wordings::InTurn(turns) => turns.get(nth).or(turns.last()),
        }
    }
}

/// What a caller does in one turn, step after step: "/interrupt >> no, wait >> /hangup".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Steps(pub(super) Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// One of these wordings.
    Say(Vec<String>),
    /// What this caller would have said anyway.
    Answer,
    Interrupt,
    HangUp,
    /// The line breaks, and the carrier takes the call up again.
    Drop,
    Keys(String),
    /// Listens without a word for so long.
    Wait(Duration),
    /// The clock goes on by so much.
    Later(SignedDuration),
    /// Somebody else books this start, with this member of staff.
    Take(DateTime, String),
    /// Somebody else books the time that this caller is just about to take.
    TakeOffered,
}

impl FromStr for Steps {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(">>").map(|step| Step::read(step.trim())).collect::<Result<_, _>>().map(Self)
    }
}

impl Step {
    fn read(text: &str) -> Result<Self, String> {
        let Some(command) = text.strip_prefix('/') else {
            let wordings: Vec<String> = text.split('|').map(|wording| wording.trim().to_owned()).collect();
            return if wordings.iter().any(String::is_empty) {
                Err(format!("an empty wording in {text:?}"))
            } else {
                Ok(Self::Say(wordings))
            };
        };
        let (command, rest) = command.split_once(' ').unwrap_or((command, ""));
        let bad = || format!("/{command} {rest} is nothing a caller does");
        match (command, rest.trim()) {
            ("answer", "") => Ok(Self::Answer),
            ("interrupt", "") => Ok(Self::Interrupt),
            ("hangup", "") => Ok(Self::HangUp),
            ("drop", "") => Ok(Self::Drop),
            ("keys", keys) if !keys.is_empty() => Ok(Self::Keys(keys.to_owned())),
            ("wait", seconds) => {
                seconds.parse().ok().and_then(|s| Duration::try_from_secs_f64(s).ok()).map(Self::Wait).ok_or_else(bad)
            }
            ("later", minutes) => minutes.parse().map(|m: u16| Self::Later(mins(m))).map_err(|_| bad()),
            ("take", "offered") => Ok(Self::TakeOffered),
            ("take", which) => {
                let (start, staff) = which.split_once(' ').ok_or_else(bad)?;
                Ok(Self::Take(start.parse().map_err(|_| bad())?, staff.to_owned()))
            }
            _ => Err(bad()),
        }
    }
}

fn mins(minutes: u16) -> SignedDuration {
    SignedDuration::from_mins(i64::from(minutes))
}

impl<'de> Deserialize<'de> for Steps {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// Something that happens once, in place of what the caller would have said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    /// When this is asked, …
    pub(super) on: Option<Topic>,
    /// … and these words are in what is said; in any case.
    pub(super) hears: Option<String>,
    /// … for the nth time, from 1.
    #[serde(default = "first")]
    pub(super) nth: usize,
    /// As soon as the words are heard, before the agent has finished.
    #[serde(default)]
    pub(super) midway: bool,
    /// Only as long as this caller has not got what they want.
    #[serde(default)]
    pub(super) unless_done: bool,
    #[serde(rename = "do")]
    pub(super) steps: Steps,
    /// The caller wants something else from now on; what is not named stays.
    pub(super) becomes: Option<Goal>,
}

fn first() -> usize {
    1
}

/// What has to be so beside the book, which follows from the goals.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Expect {
    /// Words that must be heard; between bars: any of these.
    pub(super) heard: Vec<String>,
    pub(super) never: Vec<String>,
    /// Words that the message must hold.
    pub(super) message: Vec<String>,
    /// As the ledger has it: "booked", "moved", …
    pub(super) outcome: Option<String>,
    /// How often the caller may have to speak.
    pub(super) turns: usize,
    /// How often something may be asked again that was told.
    pub(super) repeats: usize,
}

impl Default for Expect {
    fn default() -> Self {
        Self { heard: Vec::new(), never: Vec::new(), message: Vec::new(), outcome: None, turns: 12, repeats: 0 }
    }
}

impl Goal {
    /// This goal with what another one names in place of its own.
    pub(super) fn changed_to(&self, other: &Self) -> Self {
        let mut goal = self.clone();
        if other.service.is_some() {
            goal.service.clone_from(&other.service);
        }
        for (mine, theirs) in [(&mut goal.staff, &other.staff), (&mut goal.name, &other.name)] {
            if !theirs.is_empty() {
                mine.clone_from(theirs);
            }
        }
        if !other.start.is_empty() {
            goal.start.clone_from(&other.start);
        }
        if other.phone.is_some() {
            goal.phone.clone_from(&other.phone);
        }
        if other.ends != Ends::default() {
            goal.ends = other.ends;
        }
        goal.says.0.extend(other.says.0.clone());
        goal
    }
}

/// Reads a file of scenarios.
///
/// # Errors
/// What is wrong and where, for a person.
pub(super) fn read(text: &str) -> Result<Vec<Scenario>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    Ok(file.scenario)
}

impl Scenario {
    /// The longest silence in it.
    pub(super) fn silence(&self) -> Duration {
        let said = self.goal.iter().map(|goal| &goal.says).chain([&self.says]);
        let steps = said.flat_map(Says::all).chain(self.event.iter().map(|event| &event.steps));
        let waits = steps.flat_map(|steps| &steps.0).filter_map(|step| match step {
            Step::Wait(time) => Some(*time),
            _ => None,
        });
        waits.max().unwrap_or_default()
    }

    /// What cannot be played, so that a slip of the pen is not taken for the agent's fault.
    pub(super) fn mistakes(&self, business: &Business) -> Vec<String> {
        let mut found = Vec::new();
        let services = self.goal.iter().filter_map(|goal| goal.service.as_ref());
        for service in services.chain(self.booked.iter().map(|booked| &booked.service)) {
            if !business.services.iter().any(|known| known.name == *service) {
                found.push(format!("{}: {} has no service {service}", self.id, business.name));
            }
        }
        let staff = self.goal.iter().flat_map(|goal| &goal.staff);
        for member in staff.chain(self.booked.iter().map(|booked| &booked.staff)) {
            if !business.staff.iter().any(|known| known.name == *member) {
                found.push(format!("{}: {member} does not work at {}", self.id, business.name));
            }
        }
        if self.goal.is_empty() {
            found.push(format!("{}: the caller wants nothing", self.id));
        }
        if self.says.to(Topic::Open, 0).or_else(|| self.goal.first()?.says.to(Topic::Open, 0)).is_none() {
            found.push(format!("{}: the caller has no first words", self.id));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_one_after_the_other() {
        let steps: Steps =
            "/interrupt >> no, wait | hold on >> /wait 2.5 >> /take 2026-12-01T10:00 Maria".parse().unwrap();
        assert_eq!(
            steps.0,
            [
                Step::Interrupt,
                Step::Say(vec!["no, wait".into(), "hold on".into()]),
                Step::Wait(Duration::from_millis(2_500)),
                Step::Take("2026-12-01T10:00".parse().unwrap(), "Maria".into()),
            ]
        );
        for bad in ["/dance", "yes |", "/take tomorrow Maria", "/later soon", ""] {
            assert!(bad.parse::<Steps>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_window_is_one_start_or_a_stretch() {
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        let file = r#"
            [[scenario]]
            id = "x"
            story = "y"
            business = "salon"
            now = "2026-11-24T10:00"
            [[scenario.goal]]
            start = ["2026-12-01T15:30", "2026-12-02T09:00/2026-12-02T12:00"]
            says = { open = ["hello | hi", "well"] }
        "#;
        let scenario = read(file).unwrap().remove(0);
        let [exactly, stretch] = scenario.goal[0].start[..] else { panic!("two windows") };
        assert!(exactly.holds(at("2026-12-01T15:30")) && !exactly.holds(at("2026-12-01T15:45")));
        assert!(stretch.holds(at("2026-12-02T11:45")) && !stretch.holds(at("2026-12-02T12:00")));
        let says = &scenario.goal[0].says;
        assert_eq!(says.to(Topic::Open, 7), says.to(Topic::Open, 1));
        assert!(read("[[scenario]]\nid = 1").is_err());
    }
}
