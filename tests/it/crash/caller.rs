//! A caller who wants a haircut and answers whatever is asked, as often as it is asked.

use std::{future::Future, pin::Pin, time::Duration};

use deskbell::{
    adapters::clock::SystemClock,
    cli::phone::{LiveCall, PhoneEvent},
    ports::clock::Clock,
};
use jiff::{ToSpan, civil::Weekday, tz::TimeZone};
use tokio::{
    task::yield_now,
    time::{Instant, timeout},
};

/// Longer than a call that goes well, and than one in which nobody says anything any more.
const PATIENCE: Duration = Duration::from_secs(90);

/// What the agent wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Service,
    When,
    Name,
    Yes,
    AnythingElse,
}

/// When the server dies: in the turn of the caller's sentence number `turn` (0: before the first).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) turn: usize,
    pub(super) when: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// So long after the sentence was sent; the turn may be over by then.
    After(Duration),
    /// When this many frames of the answer have come, or the answer is complete.
    Frames(usize),
}

/// What a caller went through.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) call: String,
    /// Everything that was heard and said, for whoever reads a failure.
    pub(super) lines: Vec<String>,
    /// Somebody said "You're booked".
    pub(super) told_booked: bool,
    /// Facts that were asked for although a turn after theirs had been answered before the crash.
    pub(super) asked_again: Vec<Question>,
    pub(super) drops: u32,
    /// The call came to its end by itself.
    pub(super) over: bool,
}

type Crash<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

pub(super) struct Caller<'a> {
    call: LiveCall,
    story: Story,
    moment: Moment,
    crash: Option<Crash<'a>>,
    /// After the crash, until the line drops: what still comes was under way, and is heard but not answered.
    waits_for_the_drop: bool,
    /// Which of the caller's sentences was the last, from one; and when it was said.
    turn: usize,
    since: Instant,
    frames: usize,
    utterance: String,
    /// A question that was heard to its end and is to be answered.
    asked: Option<Question>,
    /// What was answered, and in which turn.
    given: Vec<(Question, usize)>,
    /// The last turn whose answer was heard to its end.
    answered: usize,
    /// `answered`, when the server died.
    answered_before: usize,
}

impl<'a> Caller<'a> {
    /// `crash` is run once, at the moment.
    pub(super) fn new(call: LiveCall, moment: Moment, crash: impl Future<Output = ()> + Send + 'a) -> Self {
        let story = Story { call: call.id().to_owned(), ..Story::default() };
        Self {
            call,
            story,
            moment,
            crash: Some(Box::pin(crash)),
            waits_for_the_drop: false,
            turn: 0,
            since: Instant::now(),
            frames: 0,
            utterance: String::new(),
            asked: None,
            given: Vec::new(),
            answered: 0,
            answered_before: 0,
        }
    }

    /// Talks until the call is over, or for as long as anybody would.
    pub(super) async fn talk(mut self) -> Story {
        let over = timeout(PATIENCE, self.talk_on()).await;
        self.story.over = over.is_ok();
        self.story.drops = self.call.summary().drops;
        self.story
    }

    async fn talk_on(&mut self) {
        loop {
            if self.is_the_moment() {
                self.server_dies().await;
            }
            // The turn in which the server dies lasts until it has.
            let dies_in_this_turn = self.crash.is_some() && self.turn == self.moment.turn;
            if let Some(question) = self.asked.take_if(|_| !dies_in_this_turn) {
                self.answer(question).await;
            }
            let event = match self.moment.when {
                When::After(time) if dies_in_this_turn => tokio::select! {
                    biased;
                    () = exactly(self.since + time) => continue,
                    event = self.call.next() => event,
                },
                _ => self.call.next().await,
            };
            let Some(event) = event else { break };
            self.on(event);
        }
    }

    fn is_the_moment(&self) -> bool {
        let is_over = self.asked.is_some();
        self.crash.is_some()
            && self.turn == self.moment.turn
            && match self.moment.when {
                When::After(time) => self.since.elapsed() >= time,
                When::Frames(frames) => self.frames >= frames || is_over,
            }
    }

    async fn server_dies(&mut self) {
        self.story.lines.push(format!("* the server dies in turn {} after {} frames", self.turn, self.frames));
        self.answered_before = self.answered;
        self.asked = None;
        self.waits_for_the_drop = true;
        if let Some(crash) = self.crash.take() {
            crash.await;
        }
    }

    fn on(&mut self, event: PhoneEvent) {
        match event {
            PhoneEvent::Connected => self.frames += 1,
            PhoneEvent::Greeting(text) => self.heard(&text),
            PhoneEvent::Token { text, last } => {
                self.utterance.push_str(&text);
                self.story.told_booked |= self.utterance.contains("You're booked");
                self.frames += 1;
                if last {
                    let utterance = std::mem::take(&mut self.utterance);
                    self.heard(&utterance);
                }
            }
            PhoneEvent::Dropped => {
                self.story.lines.push(format!("* the line drops; unfinished: {:?}", self.utterance));
                self.utterance.clear();
                self.waits_for_the_drop = false;
            }
            other => self.story.lines.push(format!("* {other:?}")),
        }
    }

    fn heard(&mut self, utterance: &str) {
        self.story.lines.push(format!("Agent: {utterance}"));
        if !self.waits_for_the_drop {
            self.answered = self.turn;
            self.asked = question(utterance).or(self.asked);
        }
    }

    async fn answer(&mut self, question: Question) {
        if self.crash.is_none() && self.was_acknowledged(question) {
            self.story.asked_again.push(question);
        }
        let words = answer(question);
        self.story.lines.push(format!("Caller: {words}"));
        self.turn += 1;
        self.frames = 0;
        self.given.push((question, self.turn));
        // An error means that the call is over, which `next` tells too.
        let _ = self.call.say(&words).await;
        self.since = Instant::now();
    }

    /// Whether a turn after the one in which it was said had been answered when the server died.
    fn was_acknowledged(&self, question: Question) -> bool {
        let is_fact = matches!(question, Question::Service | Question::When | Question::Name);
        is_fact && self.given.iter().any(|(given, turn)| *given == question && *turn < self.answered_before)
    }
}

/// Until an instant, to the microsecond: the runtime's timers only know milliseconds.
async fn exactly(at: Instant) {
    while Instant::now() < at {
        yield_now().await;
    }
}

/// What is asked, by the words it is asked with. The last question of an utterance counts.
fn question(utterance: &str) -> Option<Question> {
    let words = [
        ("Shall I book it?", Question::Yes),
        ("Is there anything else", Question::AnythingElse),
        ("change it or cancel it", Question::AnythingElse),
        ("name", Question::Name),
        ("hen would you like to come in?", Question::When),
        ("day and time", Question::When),
        ("How can I help you?", Question::Service),
        ("What would you like to book", Question::Service),
        ("Would you like to book", Question::Service),
    ];
    words.iter().find(|(asked, _)| utterance.contains(asked)).map(|(_, question)| *question)
}

fn answer(question: Question) -> String {
    match question {
        Question::Service => "I'd like to book a haircut with Maria".to_owned(),
        Question::When => a_good_time(),
        Question::Name => "Anna Kovacs".to_owned(),
        Question::Yes => "Yes, please".to_owned(),
        Question::AnythingElse => "No, thank you, goodbye".to_owned(),
    }
}

/// "December 3rd at 2 pm": a Thursday that is no holiday, at least three days ahead.
fn a_good_time() -> String {
    let zone = TimeZone::get("America/New_York").unwrap();
    let mut day = SystemClock.now().to_zoned(zone).date() + 3.days();
    while day.weekday() != Weekday::Thursday || day.month() == 12 && day.day() > 23 || day.month() == 1 && day.day() < 2
    {
        day += 1.day();
    }
    let ending = match day.day() {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    format!("{} {}{ending} at 2 pm", day.strftime("%B"), day.day())
}
