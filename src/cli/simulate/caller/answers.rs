//! What a caller answers: as the scenario says, else from the goal.

use super::Caller;
use crate::{
    cli::simulate::{
        facts::{self, Wrong},
        listen::Heard,
        scenario::{Step, Steps, Style, Task, Topic},
        story::Fault,
        style,
        told::Told,
    },
    testing::dice::Dice,
};

/// How often a caller says no to all the times on offer, and how often to what is read back.
const REFUSALS: usize = 4;
const OBJECTIONS: usize = 3;

impl Caller<'_> {
    /// Answers a question: as the scenario says, else from the goal.
    pub(super) async fn answer(&mut self, topic: Topic, heard: &Heard, text: &str) -> anyhow::Result<()> {
        match topic {
            Topic::Which => return self.choose(heard).await,
            Topic::ReadBack | Topic::CancelIt => return self.check(topic, text).await,
            Topic::Else if self.next_goal() => return Box::pin(self.answer(Topic::Open, heard, text)).await,
            _ => {}
        }
        let nth = self.count(topic);
        let own_words = self.words(topic, nth);
        // What is told with words of the scenario shows in the words, where a name or a number is asked for.
        let shows =
            own_words.is_some() && matches!(topic, Topic::Name | Topic::WhoseName | Topic::Phone | Topic::Service);
        if let Some(fact) = facts::fact(topic).filter(|fact| !shows && !self.told.contains(fact)) {
            self.told.push(fact);
        }
        if let Some(steps) = own_words {
            return self.take(&steps).await;
        }
        let words = self.default_answer(topic);
        self.say(&words).await;
        Ok(())
    }

    fn count(&mut self, topic: Topic) -> usize {
        let times = self.answered.entry(topic).or_default();
        *times += 1;
        *times - 1
    }

    fn words(&self, topic: Topic, nth: usize) -> Option<Steps> {
        self.goal.says.to(topic, nth).or_else(|| self.scenario.says.to(topic, nth)).cloned()
    }

    /// Goes on to the next thing this caller wants.
    fn next_goal(&mut self) -> bool {
        let Some(goal) = self.scenario.goal.get(self.nth_goal + 1) else { return false };
        self.story.earlier_goals.push(std::mem::replace(&mut self.goal, goal.clone()));
        self.nth_goal += 1;
        self.reached = false;
        self.answered.clear();
        self.told.retain(|topic| matches!(topic, Topic::Name | Topic::Phone));
        self.last_question = None;
        true
    }

    fn default_answer(&mut self, topic: Topic) -> String {
        let goal = self.goal.clone();
        if matches!(goal.task, Task::Ask | Task::Message)
            && matches!(topic, Topic::Service | Topic::Staff | Topic::When)
        {
            return "I don't want to book anything".to_owned();
        }
        let one_of = |dice: &mut Dice, words: &[&str]| dice.pick(words).map_or_else(String::new, ToString::to_string);
        match topic {
            Topic::Service => {
                let service = goal.service.unwrap_or_else(|| "whatever you recommend".to_owned()).to_lowercase();
                match self.dice.below(2) {
                    0 => format!("{service}, please"),
                    _ => format!("I need the {service}"),
                }
            }
            Topic::Staff => goal.staff.first().cloned().unwrap_or_else(|| "I don't mind who".to_owned()),
            Topic::When if goal.task == Task::Cancel => "No other time, I want to cancel it".to_owned(),
            Topic::When => match goal.start.first() {
                Some(window) => style::moment(window.from, &mut self.dice),
                None => "whenever you have something".to_owned(),
            },
            Topic::Name | Topic::WhoseName => {
                let name = goal.name.first().cloned().unwrap_or_else(|| "I'd rather not say".to_owned());
                match self.dice.below(3) {
                    0 => format!("It's {name}"),
                    1 => format!("My name is {name}"),
                    _ => name,
                }
            }
            Topic::Spell => style::spelled(goal.name.first().map_or("", String::as_str)),
            Topic::Phone if goal.no_phone => "I'd rather not give a number".to_owned(),
            Topic::Phone => {
                let number = goal.phone.as_deref().unwrap_or(&self.scenario.from);
                style::number(number, &self.business.country, &mut self.dice)
            }
            Topic::Email => "I don't have one, sorry".to_owned(),
            Topic::WhichDay => {
                let day = goal.old.map(|old| style::moment(old, &mut self.dice));
                day.unwrap_or_else(|| "I don't remember".to_owned())
            }
            Topic::Change if self.wrong.is_empty() => "Nothing, it's fine".to_owned(),
            Topic::Change => {
                let wrong = self.wrong.clone();
                self.objection(&wrong)
            }
            Topic::Offer => one_of(&mut self.dice, &["No, thank you", "No thanks"]),
            Topic::AfterAll => "No, leave it as it is, please".to_owned(),
            Topic::Message => "Please call me back".to_owned(),
            Topic::There => "Yes, sorry, I'm here".to_owned(),
            _ => one_of(
                &mut self.dice,
                &[
                    "No, that's all, thank you",
                    "No, thanks, goodbye",
                    "That's everything, thank you",
                    "No, that's it. Bye",
                ],
            ),
        }
    }

    /// Takes one of the times that are offered, or none.
    async fn choose(&mut self, heard: &Heard) -> anyhow::Result<()> {
        let offers: Vec<Told> = heard.offers.iter().copied().filter(|told| told.time.is_some()).collect();
        let good: Vec<usize> = (0..offers.len()).filter(|at| self.suits(&offers[*at])).collect();
        let nth = self.count(Topic::Which);
        if let Some(steps) = self.words(Topic::Which, nth) {
            return self.take(&steps).await;
        }
        let Some(at) = self.dice.pick(&good).copied() else { return self.refuse().await };
        self.refusals = 0;
        let words = self.choice(at, &offers);
        self.say(&words).await;
        Ok(())
    }

    pub(super) fn suits(&self, told: &Told) -> bool {
        let starts = &self.goal.start;
        starts.is_empty()
            || starts.iter().any(|window| match (told.date, told.time) {
                (Some(date), Some(hour)) => facts::within(*window, date, hour),
                (None, Some(hour)) => facts::within(*window, window.from.date(), hour),
                _ => false,
            })
    }

    pub(super) fn choice(&mut self, at: usize, offers: &[Told]) -> String {
        if offers.len() == 1 {
            let yes = ["Yes, that works", "Yes please", "Perfect, yes", "That's fine, yes"];
            return self.dice.pick(&yes).map_or_else(String::new, ToString::to_string);
        }
        let chosen = offers[at];
        let alone = offers.iter().filter(|other| other.time == chosen.time).count() == 1;
        match chosen.time.filter(|_| alone && self.dice.percent(60)) {
            Some(hour) => {
                let time = style::time(hour.time(), &mut self.dice);
                match self.dice.below(3) {
                    0 => format!("{time} works"),
                    1 => format!("I'll take {time}"),
                    _ => format!("{time}, please"),
                }
            }
            None => format!("{}, please", style::ordinal(at, offers.len(), &mut self.dice)),
        }
    }

    pub(super) async fn refuse(&mut self) -> anyhow::Result<()> {
        self.refusals += 1;
        if self.refusals > REFUSALS {
            self.fault(Fault::Other("no time that was offered would do".into()));
            self.hang_up().await;
            return Ok(());
        }
        self.told.retain(|topic| *topic != Topic::When);
        let nth = self.count(Topic::None);
        if let Some(steps) = self.words(Topic::None, nth) {
            return self.take(&steps).await;
        }
        let nth = self.answered.get(&Topic::When).copied().unwrap_or_default();
        let words = match self.words(Topic::When, nth).map(|steps| steps.0) {
            Some(steps) => match steps.first() {
                Some(Step::Say(wordings)) => self.dice.pick(wordings).cloned().unwrap_or_default(),
                _ => String::new(),
            },
            None => self.default_answer(Topic::When),
        };
        self.say(&format!("No, sorry, that doesn't work for me. {words}")).await;
        Ok(())
    }

    /// Says yes to what is read back, if it is right, and what is wrong if it is not.
    async fn check(&mut self, topic: Topic, text: &str) -> anyhow::Result<()> {
        let mut wrong = facts::objections(text, &self.goal, &self.scenario.from, self.business, self.today());
        if self.goal.task == Task::Cancel && topic == Topic::ReadBack {
            wrong = vec![Wrong::Task];
        }
        if wrong.is_empty() {
            let nth = self.count(topic);
            if let Some(steps) = self.words(topic, nth) {
                return self.take(&steps).await;
            }
            let yes: &[&str] = match (topic, self.scenario.style) {
                (_, Style::Terse) => &["yes", "yep", "correct"],
                (Topic::CancelIt, _) => &["Yes, please", "Yes, cancel it", "Yes"],
                _ => &["Yes, please", "Yes, that's right", "Yeah, perfect", "That's correct", "Sounds good", "Yes"],
            };
            let words = self.dice.pick(yes).map_or_else(String::new, ToString::to_string);
            self.say(&words).await;
            return Ok(());
        }
        self.story.note(&format!("that is wrong: {wrong:?}"));
        self.objections += 1;
        if self.objections > OBJECTIONS {
            self.fault(Fault::Other("the agent would not take a correction".into()));
            self.hang_up().await;
            return Ok(());
        }
        let nth = self.count(Topic::Wrong);
        if let Some(steps) = self.words(Topic::Wrong, nth) {
            return self.take(&steps).await;
        }
        let words = format!("No, {}", self.objection(&wrong));
        self.wrong = wrong;
        self.say(&words).await;
        Ok(())
    }

    fn objection(&mut self, wrong: &[Wrong]) -> String {
        let goal = self.goal.clone();
        let parts: Vec<String> = wrong
            .iter()
            .map(|wrong| match wrong {
                Wrong::Time if goal.task == Task::Cancel => "that's not the one I mean".to_owned(),
                Wrong::Task => "I want to cancel it".to_owned(),
                Wrong::Time => goal.start.first().map_or_else(String::new, |w| style::moment(w.from, &mut self.dice)),
                Wrong::Service => format!("a {}", goal.service.clone().unwrap_or_default().to_lowercase()),
                Wrong::Staff => format!("with {}", goal.staff.join(" or ")),
                Wrong::Name => format!("the name is {}", goal.name.first().cloned().unwrap_or_default()),
                Wrong::Phone => {
                    let number = goal.phone.clone().unwrap_or_else(|| self.scenario.from.clone());
                    format!("my number is {}", style::number(&number, &self.business.country, &mut self.dice))
                }
            })
            .collect();
        parts.join(", and ")
    }
}
