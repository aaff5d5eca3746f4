//! The simulated caller: listens to the agent's real words, works out what was asked, and answers from the goal.

mod answers;
mod breaks;

use std::{collections::BTreeMap, time::Duration};

use jiff::civil::{Date, DateTime};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use self::breaks::Since;
use super::{
    facts::{self, Wrong},
    listen::{Claim, Done, Heard, listen},
    scenario::{Booked, Event, Goal, Scenario, Step, Steps, Task, Topic},
    stage::Stage,
    story::{Fault, Story},
    style,
    told::Told,
};
use crate::{
    cli::phone::{LiveCall, PhoneEvent},
    domain::{booking::BookingState, business::Business},
    ports::clock::Clock,
    testing::dice::Dice,
};

/// How long an answer is waited for before it counts as missing.
const PATIENCE: Duration = Duration::from_secs(8);
/// Quiet after a question that means the agent has finished.
const SETTLED: Duration = Duration::from_millis(25);
/// Quiet after words without a question: more may come, since something is being looked up.
const MORE_MAY_COME: Duration = Duration::from_millis(1_500);
/// A caller who has been talked to in circles for so many turns puts the phone down.
const ENOUGH: usize = 30;

pub(super) struct Caller<'a> {
    scenario: &'a Scenario,
    stage: &'a Stage,
    business: &'a Business,
    call: LiveCall,
    dice: Dice,
    story: Story,
    goal: Goal,
    /// Which of the goals that is.
    nth_goal: usize,
    reached: bool,
    events: Vec<(&'a Event, usize)>,
    /// How often each thing was answered, for this goal.
    answered: BTreeMap<Topic, usize>,
    /// What this caller has told already, and need not be asked.
    told: Vec<Topic>,
    last_question: Option<(Topic, Heard, String)>,
    refusals: usize,
    objections: usize,
    /// What was objected to last.
    wrong: Vec<Wrong>,
    /// What was heard last was a read-back.
    being_read_back: bool,
    /// How many sentences were said since the agent spoke.
    said: usize,
    nothings: usize,
    over: bool,
    /// Heard while waiting, to be answered next.
    pending: Option<String>,
    /// What was heard since this caller spoke last.
    since: Since,
    /// For so many more utterances of theirs.
    overlaps: u8,
}

/// What was heard next.
enum Next {
    Utterance(String),
    /// An event took place in the middle of it.
    Interrupted,
    Nothing,
    Over,
}

impl<'a> Caller<'a> {
    pub(super) fn new(scenario: &'a Scenario, stage: &'a Stage, call: LiveCall, seed: u64) -> Self {
        let story = Story::of(call.id());
        Self {
            scenario,
            stage,
            business: &stage.ledger.business,
            call,
            dice: Dice::named(&scenario.id, seed),
            story,
            goal: scenario.goal.first().cloned().unwrap_or_default(),
            nth_goal: 0,
            reached: false,
            events: scenario.event.iter().map(|event| (event, 0)).collect(),
            answered: BTreeMap::new(),
            told: Vec::new(),
            last_question: None,
            refusals: 0,
            objections: 0,
            wrong: Vec::new(),
            being_read_back: false,
            said: 0,
            nothings: 0,
            over: false,
            pending: None,
            since: Since::default(),
            overlaps: 0,
        }
    }

    /// Talks until the call is over.
    pub(super) async fn talk(mut self) -> anyhow::Result<Story> {
        while !self.over {
            let next = match self.pending.take() {
                Some(text) => Next::Utterance(text),
                None => self.next(PATIENCE).await?,
            };
            match next {
                Next::Utterance(text) => self.on_utterance(&text).await?,
                Next::Interrupted => {}
                Next::Nothing => self.on_nothing().await?,
                Next::Over => break,
            }
            if self.story.turns >= ENOUGH && !self.over {
                self.fault(Fault::Other("the call goes round in circles".into()));
                self.hang_up().await;
            }
        }
        self.notice_breaks();
        self.story.goals = self.goals();
        Ok(self.story)
    }

    /// The goals as they are by now: the current one may have become another.
    fn goals(&self) -> Vec<Goal> {
        let mut goals = self.scenario.goal.clone();
        if let Some(goal) = goals.get_mut(self.nth_goal) {
            *goal = self.goal.clone();
        }
        for (nth, goal) in self.story.earlier_goals.iter().enumerate() {
            goals[nth] = goal.clone();
        }
        goals
    }

    /// The next complete utterance.
    async fn next(&mut self, patience: Duration) -> anyhow::Result<Next> {
        let mut text = String::new();
        let mut until = Instant::now() + patience;
        let mut complete = false;
        let mut deaf = false;
        loop {
            let Ok(event) = timeout_at(until, self.call.next()).await else {
                return Ok(if text.is_empty() { Next::Nothing } else { Next::Utterance(text) });
            };
            let Some(event) = event else {
                self.over = true;
                return Ok(if text.is_empty() { Next::Over } else { Next::Utterance(text) });
            };
            match event {
                PhoneEvent::Greeting(words) | PhoneEvent::Said(words) => {
                    self.since.said_by_the_vendor();
                    add(&mut text, &words);
                    complete = true;
                }
                PhoneEvent::Token { text: words, last } => {
                    if deaf {
                        // Cut off by this caller's own voice.
                        if last {
                            return Ok(Next::Interrupted);
                        }
                        continue;
                    }
                    if complete {
                        text.push(' ');
                    }
                    text.push_str(&words);
                    complete = last;
                    self.since.piece(&words, last);
                    if let Some(steps) = self.midway(&text) {
                        self.story.agent(&format!("{}—", text.trim()));
                        self.check_claims(&text).await?;
                        text.clear();
                        self.being_read_back = false;
                        self.take(&steps).await?;
                        if complete || self.over {
                            return Ok(Next::Interrupted);
                        }
                        deaf = true;
                    }
                }
                PhoneEvent::Dropped => {
                    self.since.cut_off();
                    self.story.note("the line breaks, and is taken up again");
                }
                PhoneEvent::PutThrough(_) => self.story.note("is put through to a person"),
                PhoneEvent::Ended { .. } => self.story.note("the agent hangs up"),
                PhoneEvent::Trouble(error) => self.fault(Fault::Other(format!("the call breaks down: {error}"))),
                PhoneEvent::Connected | PhoneEvent::Asked(_) | PhoneEvent::Understood(_) => {}
            }
            if complete {
                let settled = if text.trim_end().ends_with('?') { SETTLED } else { MORE_MAY_COME };
                until = Instant::now() + settled;
            }
        }
    }

    /// An event that does not wait for the end of the utterance.
    fn midway(&mut self, text: &str) -> Option<Steps> {
        let small = text.to_lowercase();
        let at = self.events.iter().position(|(event, _)| {
            event.midway && event.hears.as_ref().is_some_and(|words| small.contains(&words.to_lowercase()))
        })?;
        self.happens(at)
    }

    /// This caller speaks: was what they have heard one answer?
    fn notice_breaks(&mut self) {
        for what in std::mem::take(&mut self.since).breaks() {
            self.fault(Fault::Break(what));
        }
    }

    /// Counts an event's trigger; what to do when it was the one it waits for.
    fn happens(&mut self, at: usize) -> Option<Steps> {
        let (event, seen) = &mut self.events[at];
        *seen += 1;
        if *seen < event.nth {
            return None;
        }
        let (event, _) = self.events.remove(at);
        if let Some(other) = &event.becomes {
            self.goal = self.goal.changed_to(other);
        }
        Some(event.steps.clone())
    }

    async fn on_utterance(&mut self, text: &str) -> anyhow::Result<()> {
        let heard = listen(text, self.today());
        self.story.agent(text);
        self.check_claims(text).await?;
        if self.over {
            return Ok(());
        }
        // Whoever says two things is asked about both.
        if heard.questions > 1 && self.said < 2 && self.overlaps == 0 {
            self.fault(Fault::DoubleQuestion(text.to_owned()));
        }
        self.said = 0;
        let certain =
            matches!(heard.asked, Some(Topic::Which | Topic::ReadBack | Topic::CancelIt)) || !heard.claims.is_empty();
        if certain && heard.told.iter().any(|told| told.contradicts) && !heard.gives_reason {
            self.fault(Fault::Other(format!("a weekday that is not the date's: {text}")));
        }
        self.being_read_back = heard.asked == Some(Topic::ReadBack);
        if self.being_read_back {
            self.story.read_back(text);
        }
        let small = text.to_lowercase();
        let fits = |event: &Event| {
            !(event.midway || event.unless_done && self.reached)
                && event.on.is_none_or(|topic| heard.asked == Some(topic))
                && event.hears.as_ref().is_none_or(|words| small.contains(&words.to_lowercase()))
        };
        let fires = self.events.iter().position(|(event, _)| fits(event)).and_then(|at| self.happens(at));
        if let Some(topic) = heard.asked {
            self.last_question = Some((topic, heard.clone(), text.to_owned()));
        }
        match (fires, heard.asked) {
            (Some(steps), _) => self.take(&steps).await,
            (None, Some(topic)) => {
                self.notice_repeats(topic, &heard);
                self.answer(topic, &heard, text).await
            }
            (None, None) if heard.leaves => self.until_the_end().await,
            (None, None) => {
                self.nothings += 1;
                self.on_senseless(text).await
            }
        }
    }

    /// Asked for what was told, and not because it cannot be had.
    fn notice_repeats(&mut self, topic: Topic, heard: &Heard) {
        let Some(fact) = facts::fact(topic) else { return };
        // "What time on Friday?" asks for more than was told.
        let narrower = fact == Topic::When && heard.told.iter().any(|told| told.date.is_some());
        if self.told.contains(&fact) && !heard.gives_reason && !narrower {
            self.story.repeats += 1;
            self.story.note(&format!("asked again for what was told: {fact:?}"));
        }
    }

    /// Words that leave a caller with nothing to say to them.
    async fn on_senseless(&mut self, text: &str) -> anyhow::Result<()> {
        if self.nothings > 1 {
            self.fault(Fault::Other(format!("nothing to say to this: {text}")));
            self.hang_up().await;
            return Ok(());
        }
        match self.last_question.clone() {
            Some((topic, heard, text)) if topic != Topic::Open => self.answer(topic, &heard, &text).await,
            _ => self.answer(Topic::Open, &Heard::default(), "").await,
        }
    }

    /// The agent says nothing.
    async fn on_nothing(&mut self) -> anyhow::Result<()> {
        self.nothings += 1;
        self.fault(Fault::Break("what was said is not answered".into()));
        if self.nothings > 2 {
            self.fault(Fault::Other("the agent does not answer".into()));
            self.hang_up().await;
            return Ok(());
        }
        self.say_words("Hello? Are you there?").await;
        Ok(())
    }

    async fn until_the_end(&mut self) -> anyhow::Result<()> {
        loop {
            match self.next(Duration::from_secs(20)).await? {
                Next::Utterance(text) if !self.over => {
                    self.pending = Some(text);
                    return Ok(());
                }
                Next::Interrupted => {}
                Next::Nothing => {
                    self.fault(Fault::Other("the agent says goodbye and does not hang up".into()));
                    self.hang_up().await;
                    return Ok(());
                }
                Next::Utterance(_) | Next::Over => return Ok(()),
            }
        }
    }

    fn today(&self) -> Date {
        self.stage.clock.now().to_zoned(self.business.zone.tz().clone()).date()
    }

    fn fault(&mut self, fault: Fault) {
        self.story.note(&format!("FAULT: {fault}"));
        self.story.faults.push(fault);
    }

    /// Whatever is said to have been done must be in the book in this moment.
    async fn check_claims(&mut self, text: &str) -> anyhow::Result<()> {
        let heard = listen(text, self.today());
        for claim in &heard.claims {
            if !self.is_true(claim).await? {
                self.fault(Fault::FalseClaim(claim.sentence.clone()));
                continue;
            }
            let mine = match self.goal.task {
                Task::Book => Done::Booked,
                Task::Move => Done::Moved,
                Task::Cancel => Done::Cancelled,
                _ => continue,
            };
            if claim.what == mine && !self.reached {
                self.reached = true;
                if mine == Done::Booked {
                    self.story.turns_to_book.get_or_insert(self.story.turns);
                }
            }
        }
        Ok(())
    }

    async fn is_true(&self, claim: &Claim) -> anyhow::Result<bool> {
        let rows = self.stage.ledger.rows().await?;
        let told: Vec<Told> = listen(&claim.sentence, self.today()).told;
        let told = told.last().copied();
        let tz = self.business.zone.tz();
        let fits = |row: &crate::domain::booking::Booking| {
            let starts = tz.to_datetime(row.slot.starts);
            told.is_none_or(|told| {
                told.date.is_none_or(|date| date == starts.date())
                    && told.time.is_none_or(|hour| hour.is(starts.time()))
            })
        };
        let phones: Vec<&str> =
            [Some(self.scenario.from.as_str()), self.goal.phone.as_deref()].into_iter().flatten().collect();
        let theirs = |row: &crate::domain::booking::Booking| {
            row.call.is_some() || row.customer.phone.as_ref().is_some_and(|phone| phones.contains(&phone.as_str()))
        };
        Ok(rows.iter().filter(|row| theirs(row) && fits(row)).any(|row| match claim.what {
            Done::Booked | Done::Moved => matches!(row.state, BookingState::Confirmed { .. }),
            Done::Cancelled => matches!(row.state, BookingState::Cancelled { .. }),
        }))
    }

    // What the caller does

    async fn take(&mut self, steps: &Steps) -> anyhow::Result<()> {
        for step in &steps.0 {
            if self.over {
                break;
            }
            match step {
                Step::Say(wordings) => {
                    let words = self.dice.pick(wordings).cloned().unwrap_or_default();
                    self.say(&words).await;
                }
                Step::Answer => {
                    if let Some((topic, heard, text)) = self.last_question.clone() {
                        Box::pin(self.answer(topic, &heard, &text)).await?;
                    }
                }
                Step::Interrupt => {
                    self.story.note("talks over the agent");
                    self.since.cut_off();
                    if self.being_read_back {
                        self.story.half_heard();
                    }
                    self.over |= self.call.interrupt().await.is_err();
                }
                Step::HangUp => self.hang_up().await,
                Step::Drop => self.over |= self.call.lose().await.is_err(),
                Step::Keys(keys) => {
                    self.notice_breaks();
                    self.story.caller(&format!("(presses {keys})"));
                    self.story.turns += 1;
                    for key in keys.chars().filter(|key| !key.is_whitespace()) {
                        self.over |= self.call.key(key).await.is_err();
                    }
                }
                Step::Wait(time) => self.wait(*time).await?,
                Step::Later(time) => {
                    self.story.note(&format!("{time:#} go by"));
                    self.stage.clock.turn_forward(*time);
                }
                Step::Take(start, staff) => self.somebody_takes(*start, staff).await?,
                Step::TakeOffered => self.somebody_takes_what_is_offered().await?,
            }
        }
        Ok(())
    }

    async fn somebody_takes(&mut self, start: DateTime, staff: &str) -> anyhow::Result<()> {
        self.story.note(&format!("somebody else books {start} with {staff}"));
        let service = self.goal.service.clone().unwrap_or_default();
        self.stage.ledger.put(&Booked::by_somebody(service, staff.to_owned(), start)).await
    }

    /// The first good time is gone when this caller chooses it.
    async fn somebody_takes_what_is_offered(&mut self) -> anyhow::Result<()> {
        let Some((_, heard, _)) = self.last_question.clone() else { return Ok(()) };
        let offers: Vec<Told> = heard.offers.iter().copied().filter(|told| told.time.is_some()).collect();
        let Some(at) = (0..offers.len()).find(|at| self.suits(&offers[*at])) else {
            return Box::pin(self.refuse()).await;
        };
        if let (Some(date), Some(hour)) = (offers[at].date, offers[at].time) {
            for member in self.goal.staff.clone() {
                self.somebody_takes(date.to_datetime(hour.time()), &member).await?;
            }
        }
        let words = self.choice(at, &offers);
        self.say(&words).await;
        Ok(())
    }

    async fn hang_up(&mut self) {
        self.story.note("hangs up");
        let _ = self.call.hang_up().await;
        // What is still under way is not heard any more.
        while let Ok(Some(_)) = timeout(PATIENCE, self.call.next()).await {}
        self.over = true;
    }

    /// Listens and says nothing; a question that comes is answered afterwards.
    async fn wait(&mut self, time: Duration) -> anyhow::Result<()> {
        self.story.note(&format!("says nothing for {} s", time.as_secs_f32()));
        self.since.is_unusual();
        let until = Instant::now() + time;
        while Instant::now() < until && !self.over {
            let left = until.saturating_duration_since(Instant::now());
            match Box::pin(self.next(left)).await? {
                Next::Utterance(text) => {
                    if let Some(earlier) = self.pending.replace(text) {
                        self.story.agent(&earlier);
                        self.check_claims(&earlier).await?;
                    }
                }
                Next::Nothing | Next::Over => break,
                Next::Interrupted => {}
            }
        }
        if self.over
            && let Some(last) = self.pending.take()
        {
            self.story.agent(&last);
            self.check_claims(&last).await?;
        }
        Ok(())
    }

    /// Says something in this caller's own way.
    async fn say(&mut self, words: &str) {
        let words = style::spoken(words, self.scenario.style, &mut self.dice);
        self.say_words(&words).await;
    }

    async fn say_words(&mut self, words: &str) {
        self.notice_breaks();
        // The answers to two things said at once may overlap with the next.
        self.overlaps = if self.said > 0 { 2 } else { self.overlaps.saturating_sub(1) };
        if self.overlaps > 0 {
            self.since.is_unusual();
        }
        // A recogniser hears one utterance after another, never two at once.
        sleep(Duration::from_millis(2)).await;
        self.story.caller(words);
        self.story.turns += 1;
        self.said += 1;
        for topic in facts::told_in(words, &self.goal, self.business) {
            if !self.told.contains(&topic) {
                self.told.push(topic);
            }
        }
        self.over |= self.call.say(words).await.is_err();
    }
}

fn add(text: &mut String, words: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(words);
}
