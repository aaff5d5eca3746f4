//! The task that owns a call.

mod model;
mod records;
mod tools;
mod words;

use std::{sync::Arc, time::Duration};

use tokio::{
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until},
};

use super::{
    Call, Ended, Resumed,
    pace::Pace,
    receptionist::{FILLER, Talk},
    transcript::Transcript,
    turns::{Numbered, Turns},
};
use crate::{
    domain::{
        business::Business,
        call::{Caller, Line as Spoken, Outcome},
        dialogue::{DeskReply, Dialogue, Effect, Event, Failure, Heard, Order, Request},
        phone::PhoneNumber,
    },
    ports::{
        clock::Clock,
        desk::Desk,
        journal::{Journal, JournalError, Lease},
        line::{Gone, Handoff, Line, LineCommand, LineEvent, LineGone, Understood},
        live::{Ordered, Orders},
    },
};

/// Quiet for this long after our last word: we ask whether somebody is there. Three times, then goodbye.
const QUIET: Duration = Duration::from_secs(10);
/// A partial result that stops changing without ever becoming final is taken as it is.
const STALE_PARTIAL: Duration = Duration::from_secs(8);
/// Somebody who talks this long without a pause is answered all the same.
const LONGEST_BREATH: Duration = Duration::from_mins(1);
/// What a model reads when the machine has answered to a key. Which one is not told: it may be one of a card's number.
const PRESSED: &str = "[pressed a key]";
/// What a model reads when a call is connected again; what was said before it is not known any more.
const CAME_BACK: &str = "[the connection broke and the caller is back]";
/// Keys within one second that are acted upon; more are a stuck button or a fax.
const KEYS_PER_SECOND: u32 = 20;
/// A write that takes longer is no longer waited for aloud; it still runs to its end.
const WRITE_PATIENCE: Duration = Duration::from_secs(6);
/// Writing down where the conversation stands; longer, and a change at the desk is not begun.
const JOURNAL_BUDGET: Duration = Duration::from_secs(2);
/// The warning before the longest call is over.
const LAST_MINUTES: Duration = Duration::from_mins(2);
/// Last words are played before we hang up, but a caller who put the phone down is not waited for longer than this.
const LONGEST_GOODBYE: Duration = Duration::from_secs(12);
/// The vendor's word that all has been played, when it comes this soon after the business stepped in, is of what was said
/// before.
const STILL_BEFORE: Duration = Duration::from_millis(800);
/// After a hang-up, for what is still under way at the desk.
const AFTERMATH: Duration = Duration::from_secs(30);

/// What a started errand brings back.
enum Done {
    Desk {
        number: u32,
        reply: DeskReply,
    },
    Saved {
        version: u32,
        first: i32,
        lines: Vec<Spoken>,
        turns: Numbered,
        result: Result<(), JournalError>,
    },
    /// Looked up before anybody asked.
    Prefetched {
        request: Request,
        reply: DeskReply,
    },
    Nothing,
}

/// What is being said, as far as it has been recognised. It replaces what was recognised before, so it stays small.
struct Partial {
    text: String,
    since: Instant,
    /// When it was told last, and since when it has been the same.
    changed: Instant,
    same_since: Instant,
    /// An answer to it has been begun, or cannot be.
    tried: bool,
}

impl Partial {
    /// When it is taken as it is.
    fn taken_at(&self) -> Instant {
        (self.changed + STALE_PARTIAL).min(self.since + LONGEST_BREATH)
    }
}

/// Something asked of the desk that the conversation waits for.
struct Asking {
    /// Its number; an answer to an earlier one is late and counts no more.
    number: u32,
    since: Instant,
    wondered: bool,
    read: Option<AbortHandle>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the call")]
pub(super) struct CallSession<L> {
    line: L,
    lease: Lease,
    business: Arc<Business>,
    desk: Arc<dyn Desk>,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    stopping: tokio_util::sync::CancellationToken,
    dialogue: Dialogue,
    resumed: bool,
    transcript: Transcript,
    turns: Turns,
    errands: JoinSet<Done>,
    /// Grows with every event; what is saved is saved as of one.
    version: u32,
    saving: bool,
    /// A change to be begun as soon as this version is written down.
    after_save: Option<(u32, Request)>,
    asking: Option<Asking>,
    asked: u32,
    pace: Pace,
    quiet_since: Instant,
    partial: Option<Partial>,
    /// The second we count key presses in, and how many there were.
    keys: (Instant, u32),
    /// When to end the call, and how.
    closing: Option<(Instant, &'static str)>,
    /// The last words are being said and nothing more is listened to.
    deaf: bool,
    ends_at: Instant,
    warned: bool,
    shown: Option<Understood>,
    /// An utterance has been begun in pieces and is not ended.
    speaking: bool,
    /// What there is when models do the talking; nothing when the call is scripted.
    talk: Option<Box<Talk>>,
    orders: Orders,
    /// Whom the business wants the caller put through to.
    put_through_to: Option<PhoneNumber>,
    stepped_in: Option<Instant>,
}

impl<L: Line> CallSession<L> {
    pub(super) fn new(call: Call, line: L) -> Self {
        let Call { lease, business, desk, journal, clock, stopping, resumed, receptionist, orders } = call;
        let lines = resumed.as_ref().map_or(0, |resumed| resumed.lines);
        let now = Instant::now();
        let longest = Duration::from_secs(60 * u64::from(business.voice.longest_call_minutes));
        let dialogue = pick_up(&business, resumed.as_ref());
        let number = dialogue.state().line.clone();
        let talk = receptionist.map(|receptionist| Box::new(Talk::new(receptionist, lease.call, &business, number)));
        Self {
            line,
            lease,
            desk,
            journal,
            clock,
            stopping,
            resumed: resumed.is_some(),
            dialogue,
            transcript: Transcript::after(lines),
            turns: Turns::default(),
            errands: JoinSet::new(),
            version: 0,
            saving: false,
            after_save: None,
            asking: None,
            asked: 0,
            pace: Pace::new(),
            quiet_since: now,
            partial: None,
            keys: (now, 0),
            closing: None,
            deaf: false,
            ends_at: now + longest,
            warned: longest <= LAST_MINUTES * 2,
            shown: None,
            speaking: false,
            talk,
            orders,
            put_through_to: None,
            stepped_in: None,
            business,
        }
    }

    pub(super) async fn run(mut self) -> (Ended, Outcome) {
        let stopping = self.stopping.clone();
        let mut told_to_stop = false;
        let ended = loop {
            let deadline = self.next_deadline();
            tokio::select! {
                event = self.line.recv() => {
                    if let Some(ended) = self.on_line(event).await { break ended; }
                }
                progress = model::next_piece(&mut self.talk) => self.on_piece(progress).await,
                Some(done) = self.errands.join_next() => {
                    if let Ok(done) = done && let Some(ended) = self.on_done(done).await { break ended; }
                }
                () = stopping.cancelled(), if !told_to_stop => {
                    told_to_stop = true;
                    self.deaf = true;
                    self.drop_turn().await;
                    self.on(Event::Stopping).await;
                }
                Some(order) = self.orders.next(), if !told_to_stop => self.on_order(order).await,
                () = sleep_until(deadline) => {
                    if let Some(ended) = self.on_time().await { break ended; }
                }
            }
        };
        self.wind_up(ended).await;
        (ended, self.dialogue.outcome())
    }

    /// The earliest moment at which something happens by itself.
    fn next_deadline(&self) -> Instant {
        if let Some((at, _)) = self.closing {
            return at;
        }
        let warning = !self.warned && self.turn().is_none();
        let mut next = if warning { self.ends_at - LAST_MINUTES } else { self.ends_at };
        if let Some(partial) = &self.partial {
            next = next.min(partial.taken_at());
        }
        if let Some(early) = self.early_at() {
            next = next.min(early);
        }
        if let Some(turn) = self.turn() {
            next = next.min(turn.deadline(self.asking.is_some()));
        }
        match &self.asking {
            Some(asking) if !asking.wondered => next.min(asking.since + FILLER),
            Some(asking) => next.min(asking.since + WRITE_PATIENCE),
            None if self.turn().is_some() => next,
            None => next.min(self.quiet_at()),
        }
    }

    fn quiet_at(&self) -> Instant {
        self.quiet_since.max(self.pace.until()) + QUIET
    }

    async fn on_time(&mut self) -> Option<Ended> {
        let now = Instant::now();
        if let Some((at, reason)) = self.closing {
            return if now >= at { Some(self.end_line(reason).await) } else { None };
        }
        if now >= self.ends_at {
            self.deaf = true;
            self.drop_turn().await;
            self.on(Event::TimeUp).await;
        } else if !self.warned && self.turn().is_none() && now >= self.ends_at - LAST_MINUTES {
            self.warned = true;
            self.on(Event::TimeAlmostUp).await;
        } else if let Some(partial) = self.partial.take_if(|partial| now >= partial.taken_at()) {
            self.on_heard(partial.text.into()).await;
        } else if self.early_at().is_some_and(|at| now >= at) {
            self.start_early();
        } else if self.turn().is_some_and(|turn| now >= turn.deadline(self.asking.is_some())) {
            self.on_turn_time(now).await;
        } else if let Some(asking) = &mut self.asking {
            if !asking.wondered && now >= asking.since + FILLER {
                asking.wondered = true;
                self.turns.holds_on();
                self.on(Event::StillWaiting).await;
                self.turns.went_on();
            } else if now >= asking.since + WRITE_PATIENCE {
                self.asking = None;
                self.after_save = None; // What was not begun by now is not begun behind the caller's back.
                self.on_desk(DeskReply::Failed(Failure::Unavailable)).await;
            }
        } else if self.turn().is_none() && now >= self.quiet_at() {
            self.quiet_since = now;
            self.on(Event::Silent).await;
        }
        None
    }

    async fn on_line(&mut self, event: LineEvent) -> Option<Ended> {
        match event {
            LineEvent::Heard { .. } | LineEvent::TalkedOver { .. } | LineEvent::Key(_) if self.deaf => {}
            LineEvent::Answered(caller) => {
                if !self.resumed {
                    let greeting = self.business.greeting();
                    self.pace.says(greeting.len());
                    if let Some(talk) = &mut self.talk {
                        talk.known.told(&greeting);
                    }
                    self.transcript.said(greeting, self.clock.now());
                }
                self.on_answered(caller).await;
            }
            LineEvent::Heard { text, last: false, .. } => {
                self.quiet_since = Instant::now();
                self.on_partial(text);
                // They have not finished: nothing is said over them.
                if self.turn().is_some_and(|turn| turn.said.is_empty() && turn.doing.is_none()) {
                    self.drop_turn().await;
                }
            }
            LineEvent::Heard { text, others, last: true } => {
                self.partial = None;
                self.on_heard(Heard { text, others }).await;
            }
            LineEvent::TalkedOver { heard } => self.on_talked_over(&heard).await,
            LineEvent::Key(key) if self.may_press() => {
                self.quiet_since = Instant::now();
                self.drop_early();
                self.drop_turn().await;
                self.drop_read();
                let effects = self.step(Event::Key(key));
                if !effects.is_empty() {
                    self.turns.begin(self.transcript.next(), self.clock.now());
                    self.turns.understood(&self.dialogue);
                    self.remember_caller(PRESSED);
                }
                self.carry_out(effects).await;
            }
            LineEvent::Played if self.stepped_in.is_some_and(|at| at.elapsed() < STILL_BEFORE) => {}
            LineEvent::Played => {
                self.pace.stops();
                if let Some((at, _)) = &mut self.closing {
                    *at = Instant::now();
                }
            }
            LineEvent::Complaint => {
                tracing::error!(call.id = %self.lease.call, "the vendor refused a message of call {}", self.lease.call);
            }
            LineEvent::Key(_) | LineEvent::Nothing | LineEvent::Junk(_) => {}
            LineEvent::Gone(Gone::Closed) => return Some(Ended::HungUp),
            LineEvent::Gone(Gone::Broken) => return Some(Ended::Broken),
            LineEvent::Gone(Gone::Refused(code)) => return Some(Ended::Refused(code)),
        }
        None
    }

    fn on_partial(&mut self, text: String) {
        let now = self.quiet_since;
        match &mut self.partial {
            Some(partial) if partial.text == text => partial.changed = now,
            partial => {
                let since = partial.as_ref().map_or(now, |partial| partial.since);
                *partial = Some(Partial { text, since, changed: now, same_since: now, tried: false });
                self.drop_early();
            }
        }
    }

    fn may_press(&mut self) -> bool {
        let now = Instant::now();
        if now >= self.keys.0 + Duration::from_secs(1) {
            self.keys = (now, 0);
        }
        self.keys.1 += 1;
        self.keys.1 <= KEYS_PER_SECOND
    }

    async fn on_answered(&mut self, caller: Caller) {
        if !self.resumed
            && let Some(talk) = &mut self.talk
        {
            talk.is_called_from(caller.number.clone());
        }
        if self.resumed && self.talk.is_some() {
            self.remember_caller(CAME_BACK);
        }
        let answered = if self.resumed { Event::Reconnected } else { Event::Answered(caller) };
        self.on(answered).await;
        self.prepare_talk();
    }

    async fn on_heard(&mut self, heard: Heard) {
        self.quiet_since = Instant::now();
        self.pace.stops();
        self.drop_turn().await;
        self.drop_read();
        if heard.text.contains(char::is_alphanumeric) {
            self.turns.begin(self.transcript.next(), self.clock.now());
        }
        if self.model_leads() {
            return self.overhear(heard, true).await;
        }
        self.drop_early();
        let at = self.clock.now();
        // The transcript has the words as they were most likely said; what the others were good for is in the state.
        let text = heard.text.clone();
        let effects = self.step(Event::Heard(heard));
        self.turns.understood(&self.dialogue);
        if text.contains(char::is_alphanumeric) {
            self.transcript.heard(&text, !self.dialogue.heard_something_sensitive(), at);
        }
        self.carry_out(effects).await;
    }

    async fn on_talked_over(&mut self, heard: &str) {
        self.quiet_since = Instant::now();
        let playing = self.pace.until() > Instant::now();
        if heard.trim().is_empty() && !playing {
            return; // Nothing was being said.
        }
        let whole = self.transcript.last_of_ours().map_or(0, str::len);
        if let Some(heard) = self.transcript.cut(heard) {
            self.pace.stops();
            match self.cut_short(&heard, whole).await {
                Some(heard) => self.on(Event::TalkedOver { heard }).await,
                None => self.dialogue.heard_of_model(&heard),
            }
        }
    }

    /// What is only looked up is dropped when the caller says something new; it may not be wanted any more.
    fn drop_read(&mut self) {
        if let Some(read) = self.asking.as_ref().and_then(|asking| asking.read.as_ref()) {
            read.abort();
            self.asking = None;
        }
    }

    async fn on_done(&mut self, done: Done) -> Option<Ended> {
        match done {
            Done::Desk { number, reply } => {
                if self.asking.as_ref().is_some_and(|asking| asking.number == number) {
                    self.asking = None;
                    self.on_desk(reply).await;
                }
            }
            Done::Prefetched { request, reply } => {
                let _ = self.with_dialogue(|dialogue, _| dialogue.prefetched(&request, reply));
            }
            Done::Saved { version, first, lines, turns, result } => {
                self.saving = false;
                match result {
                    Ok(()) => self.on_saved(version),
                    Err(JournalError::Fenced) => return Some(Ended::Fenced),
                    Err(JournalError::Unavailable(cause)) => {
                        tracing::warn!(call.id = %self.lease.call, error = %cause, "call {} could not be written down", self.lease.call);
                        self.transcript.give_back(first, lines);
                        self.turns.give_back(turns);
                        if self.after_save.take().is_some() {
                            self.asking = None;
                            self.on_desk(DeskReply::Failed(Failure::Unavailable)).await;
                        }
                    }
                }
            }
            Done::Nothing => {}
        }
        None
    }

    fn on_saved(&mut self, version: u32) {
        match self.after_save.take() {
            Some((wanted, request)) if wanted <= version => self.send_to_desk(request),
            other => self.after_save = other,
        }
        if version != self.version {
            self.save(false);
        }
    }

    /// The desk has answered, for a tool of a model or for the conversation itself.
    async fn on_desk(&mut self, reply: DeskReply) {
        self.turns.came(&reply);
        let effects = self.step(Event::Desk(reply));
        if self.turn().is_some_and(|turn| turn.doing.is_some()) {
            self.on_desk_for_tool(effects).await;
        } else {
            self.carry_out(effects).await;
        }
        self.hear_meanwhile().await;
    }

    /// The business steps in. Whatever is being said is broken off, and nothing more is listened to; a change that is
    /// under way at the desk is finished first.
    async fn on_order(&mut self, Ordered { order, to }: Ordered) {
        if self.deaf {
            return; // It is being ended already.
        }
        tracing::info!(call.id = %self.lease.call, ?order, "the business steps into call {}", self.lease.call);
        self.deaf = true;
        self.stepped_in = Some(Instant::now());
        self.partial = None;
        self.put_through_to = to.filter(|_| order == Order::PutThrough);
        self.drop_early();
        self.drop_turn().await;
        self.drop_read();
        self.on(Event::Ordered(order)).await;
    }

    async fn on(&mut self, event: Event) {
        let effects = self.step(event);
        self.carry_out(effects).await;
    }

    fn step(&mut self, event: Event) -> Vec<Effect> {
        self.with_dialogue(|dialogue, now| dialogue.on(event, now)).unwrap_or_else(|failed| failed)
    }

    async fn end_line(&mut self, reason: &'static str) -> Ended {
        let state = self.dialogue.state();
        let handoff = Handoff {
            reason: reason.to_owned(),
            outcome: self.dialogue.outcome().as_str().to_owned(),
            booking: state.booked.last().map(ToString::to_string),
            to: self.put_through_to.clone(),
        };
        match self.line.send(LineCommand::End { handoff }).await {
            Ok(()) => Ended::ByUs,
            Err(LineGone) => Ended::Broken,
        }
    }
}

/// The conversation of an earlier connection, or a new one. A state that cannot be read is one of another version: then
/// the caller is asked anew, rather than cut off.
fn pick_up(business: &Arc<Business>, resumed: Option<&Resumed>) -> Dialogue {
    match resumed.map(|resumed| serde_json::from_str(&resumed.state)) {
        Some(Ok(state)) => Dialogue::resume(Arc::clone(business), state),
        Some(Err(_)) | None => Dialogue::new(Arc::clone(business)),
    }
}
