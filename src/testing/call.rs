//! A caller on a line, in paused time: says things, hears what is said, hangs up.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::JoinHandle,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{desk::LedgerInMemory, journal::JournalInMemory};
use crate::{
    domain::{
        business::Business,
        call::{Caller, Outcome},
        ids::CallId,
    },
    ports::{
        clock::Clock,
        journal::Lease,
        line::{Gone, Handoff, Line, LineCommand, LineEvent, LineGone},
        live::{LiveCalls, Ordered},
    },
    session::{Call, Ended, Resumed, receptionist::Receptionist, run},
};

/// Tells the time that tokio's clock has come to since it was made, so that pausing and advancing turns both.
#[derive(Clone, Debug)]
pub struct TokioClock {
    start: Timestamp,
    since: Instant,
}

impl TokioClock {
    pub fn starting_at(start: Timestamp) -> Self {
        Self { start, since: Instant::now() }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.since.elapsed()).unwrap_or_default();
        self.start + passed
    }
}

/// A line made of two channels.
struct ChannelLine {
    events: Receiver<LineEvent>,
    commands: Sender<LineCommand>,
}

impl Line for ChannelLine {
    async fn recv(&mut self) -> LineEvent {
        self.events.recv().await.unwrap_or(LineEvent::Gone(Gone::Broken))
    }

    async fn send(&mut self, command: LineCommand) -> Result<(), LineGone> {
        self.commands.send(command).await.map_err(|_| LineGone)
    }
}

/// One call against the real session, with a ledger and a journal in memory.
pub struct TestCall {
    pub desk: Arc<LedgerInMemory>,
    pub journal: Arc<JournalInMemory>,
    pub stopping: CancellationToken,
    /// Where the business steps in.
    pub live: LiveCalls,
    clock: Arc<TokioClock>,
    business: Arc<Business>,
    receptionist: Option<Arc<Receptionist>>,
    lease: Lease,
    events: Sender<LineEvent>,
    commands: Receiver<LineCommand>,
    task: JoinHandle<(Ended, Outcome)>,
}

impl TestCall {
    /// The salon is called on Friday 2026-11-20 at 10:00 in New York, from a number that is shown.
    pub async fn answer() -> Self {
        Self::answer_with(super::salon(), Some("+12125550177")).await
    }

    pub async fn answer_with(business: Business, from: Option<&str>) -> Self {
        Self::answer_by(business, from, None).await
    }

    /// The same, and models do the talking.
    pub async fn answer_by_models(receptionist: Receptionist) -> Self {
        Self::answer_by(super::salon(), Some("+12125550177"), Some(Arc::new(receptionist))).await
    }

    pub async fn answer_by(business: Business, from: Option<&str>, receptionist: Option<Arc<Receptionist>>) -> Self {
        let clock = Arc::new(TokioClock::starting_at("2026-11-20T15:00:00Z".parse().expect("a timestamp")));
        let desk = Arc::new(LedgerInMemory::new(Arc::clone(&clock) as Arc<dyn Clock>));
        let journal = Arc::new(JournalInMemory::default());
        let lease = Lease { call: CallId(clock.new_id()), epoch: 1 };
        let call = Self::connect(Arc::new(business), desk, journal, clock, lease, None, receptionist);
        let number = from.map(|number| number.parse().expect("an E.164 number"));
        call.send(LineEvent::Answered(Caller { number })).await;
        call.send(LineEvent::Played).await;
        call
    }

    #[expect(clippy::disallowed_methods, reason = "a test waits for its call by itself")]
    fn connect(
        business: Arc<Business>,
        desk: Arc<LedgerInMemory>,
        journal: Arc<JournalInMemory>,
        clock: Arc<TokioClock>,
        lease: Lease,
        resumed: Option<Resumed>,
        receptionist: Option<Arc<Receptionist>>,
    ) -> Self {
        let (events, from_caller) = channel(64);
        let (to_caller, commands) = channel(64);
        let stopping = CancellationToken::new();
        let live = LiveCalls::default();
        let call = Call {
            lease,
            business: Arc::clone(&business),
            desk: Arc::clone(&desk) as _,
            journal: Arc::clone(&journal) as _,
            clock: Arc::clone(&clock) as _,
            stopping: stopping.clone(),
            resumed,
            receptionist: receptionist.clone(),
            orders: live.listen(lease.call),
        };
        let task = tokio::spawn(run(call, ChannelLine { events: from_caller, commands: to_caller }));
        Self { desk, journal, stopping, live, clock, business, receptionist, lease, events, commands, task }
    }

    /// The connection breaks, and the call comes back on another one, in another process as it were.
    pub async fn breaks_and_comes_back(self) -> Self {
        let Self { desk, journal, clock, business, receptionist, lease, events, task, .. } = self;
        drop(events);
        task.abort(); // As kill -9 would: nothing is finished, nothing is written.
        let resumed = journal.last(lease.call).map(|(state, lines)| Resumed { state, lines });
        let lease = Lease { epoch: lease.epoch + 1, ..lease };
        let call = Self::connect(business, desk, journal, clock, lease, resumed, receptionist);
        call.send(LineEvent::Answered(Caller::default())).await;
        call
    }

    /// The business steps in. Whether its order reached the call.
    pub fn is_ordered(&self, ordered: Ordered) -> bool {
        self.live.order(self.lease.call, ordered)
    }

    pub async fn send(&self, event: LineEvent) {
        self.events.send(event).await.expect("the call is live");
    }

    pub async fn says(&self, text: &str) {
        self.send(LineEvent::Heard { text: text.to_owned(), others: Vec::new(), last: true }).await;
    }

    /// Says something that the recogniser is not sure of: its guesses, best first.
    pub async fn says_one_of(&self, guesses: &[&str]) {
        let mut guesses = guesses.iter().map(|guess| (*guess).to_owned());
        let text = guesses.next().unwrap_or_default();
        self.send(LineEvent::Heard { text, others: guesses.collect(), last: true }).await;
    }

    /// Says something and hears the whole answer.
    pub async fn ask(&mut self, text: &str) -> String {
        self.says(text).await;
        self.hears().await
    }

    /// The next whole utterance, played to its end. Waits (in paused time) as long as a call can last.
    pub async fn hears(&mut self) -> String {
        let mut heard = String::new();
        loop {
            match self.next().await {
                LineCommand::Say { text, last, .. } => {
                    heard.push_str(&text);
                    if last {
                        self.events.send(LineEvent::Played).await.ok();
                        return heard;
                    }
                }
                LineCommand::End { .. } => panic!("the call ended before anything was said; heard so far: {heard}"),
                _ => {}
            }
        }
    }

    /// The next thing that comes down the line.
    pub async fn next(&mut self) -> LineCommand {
        timeout(Duration::from_hours(1), self.commands.recv())
            .await
            .expect("something is said within an hour")
            .expect("the call is live")
    }

    /// Nothing is said for this long.
    pub async fn is_quiet_for(&mut self, time: Duration) -> bool {
        timeout(time, self.commands.recv()).await.is_err()
    }

    /// What is said within this time; nothing of it is played to its end.
    pub async fn listens_for(&mut self, time: Duration) -> String {
        let end = Instant::now() + time;
        let mut heard = String::new();
        while let Ok(command) = tokio::time::timeout_at(end, self.commands.recv()).await {
            match command {
                Some(LineCommand::Say { text, .. }) => heard.push_str(&text),
                Some(_) => {}
                None => break,
            }
        }
        heard
    }

    /// What is said within this time, from the beginning of the utterance that was being said at its end.
    pub async fn last_utterance_within(&mut self, time: Duration) -> String {
        let end = Instant::now() + time;
        let (mut heard, mut ended) = (String::new(), true);
        while let Ok(Some(command)) = tokio::time::timeout_at(end, self.commands.recv()).await {
            if let LineCommand::Say { text, last, .. } = command {
                if ended {
                    heard.clear();
                }
                heard.push_str(&text);
                ended = last;
            }
        }
        heard
    }

    /// We end the call, saying why.
    pub async fn ends(&mut self) -> Handoff {
        loop {
            if let LineCommand::End { handoff } = self.next().await {
                return handoff;
            }
        }
    }

    /// Hangs up and waits for everything that is still under way.
    pub async fn hangs_up(self) -> (Ended, Outcome, Arc<LedgerInMemory>) {
        self.events.send(LineEvent::Gone(Gone::Closed)).await.ok();
        let (ended, outcome) = self.task.await.expect("the call ends well");
        (ended, outcome, self.desk)
    }
}
