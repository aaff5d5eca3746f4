//! The task that owns a call.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use tokio::{
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until, timeout},
};

use super::{Call, Ended, Resumed, card::card, errands::Errand, pace::Pace, transcript::Transcript};
use crate::{
    domain::{
        business::Business,
        call::{Line as Spoken, Outcome},
        dialogue::{DeskReply, Dialogue, Effect, Event, Failure, Heard, Request, texts},
    },
    ports::{
        clock::Clock,
        desk::Desk,
        journal::{Entry, Journal, JournalError, Lease},
        line::{Gone, Handoff, Line, LineCommand, LineEvent, LineGone, Understood},
    },
};

/// Quiet for this long after our last word: we ask whether somebody is there. Three times, then goodbye.
const QUIET: Duration = Duration::from_secs(10);
/// A partial result that stops changing without ever becoming final is taken as it is.
const STALE_PARTIAL: Duration = Duration::from_secs(8);
/// Somebody who talks this long without a pause is answered all the same.
const LONGEST_BREATH: Duration = Duration::from_mins(1);
/// Keys within one second that are acted upon; more are a stuck button or a fax.
const KEYS_PER_SECOND: u32 = 20;
/// The caller starts to wonder: say something.
const FILLER: Duration = Duration::from_millis(900);
/// A write that takes longer is no longer waited for aloud; it still runs to its end.
const WRITE_PATIENCE: Duration = Duration::from_secs(6);
/// Writing down where the conversation stands; longer, and a change at the desk is not begun.
const JOURNAL_BUDGET: Duration = Duration::from_secs(2);
/// The warning before the longest call is over.
const LAST_MINUTES: Duration = Duration::from_mins(2);
/// Last words are played before we hang up, but a caller who put the phone down is not waited for longer than this.
const LONGEST_GOODBYE: Duration = Duration::from_secs(12);
/// After a hang-up, for what is still under way at the desk.
const AFTERMATH: Duration = Duration::from_secs(30);

/// What a started errand brings back.
#[expect(clippy::large_enum_variant, reason = "taken apart as soon as it arrives")]
enum Done {
    Desk { number: u32, reply: DeskReply },
    Saved { version: u32, first: i32, lines: Vec<Spoken>, result: Result<(), JournalError> },
    Released,
}

/// What is being said, as far as it has been recognised. It replaces what was recognised before, so it stays small.
struct Partial {
    text: String,
    since: Instant,
    changed: Instant,
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
}

impl<L: Line> CallSession<L> {
    pub(super) fn new(call: Call, line: L) -> Self {
        let Call { lease, business, desk, journal, clock, stopping, resumed } = call;
        let lines = resumed.as_ref().map_or(0, |resumed| resumed.lines);
        let now = Instant::now();
        let longest = Duration::from_secs(60 * u64::from(business.voice.longest_call_minutes));
        let dialogue = pick_up(&business, resumed.as_ref());
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
                Some(done) = self.errands.join_next() => {
                    if let Ok(done) = done && let Some(ended) = self.on_done(done).await { break ended; }
                }
                () = stopping.cancelled(), if !told_to_stop => {
                    told_to_stop = true;
                    self.deaf = true;
                    self.on(Event::Stopping).await;
                }
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
        let mut next = if self.warned { self.ends_at } else { self.ends_at - LAST_MINUTES };
        if let Some(partial) = &self.partial {
            next = next.min(partial.taken_at());
        }
        match &self.asking {
            Some(asking) if !asking.wondered => next.min(asking.since + FILLER),
            Some(asking) => next.min(asking.since + WRITE_PATIENCE),
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
            self.on(Event::TimeUp).await;
        } else if !self.warned && now >= self.ends_at - LAST_MINUTES {
            self.warned = true;
            self.on(Event::TimeAlmostUp).await;
        } else if let Some(partial) = self.partial.take_if(|partial| now >= partial.taken_at()) {
            self.on_heard(partial.text.into()).await;
        } else if let Some(asking) = &mut self.asking {
            if !asking.wondered && now >= asking.since + FILLER {
                asking.wondered = true;
                self.on(Event::StillWaiting).await;
            } else if now >= asking.since + WRITE_PATIENCE {
                self.asking = None;
                self.after_save = None; // What was not begun by now is not begun behind the caller's back.
                self.on(Event::Desk(DeskReply::Failed(Failure::Unavailable))).await;
            }
        } else if now >= self.quiet_at() {
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
                    self.transcript.said(greeting, self.clock.now());
                }
                let answered = if self.resumed { Event::Reconnected } else { Event::Answered(caller) };
                self.on(answered).await;
            }
            LineEvent::Heard { text, last: false, .. } => {
                self.quiet_since = Instant::now();
                let since = self.partial.as_ref().map_or(self.quiet_since, |partial| partial.since);
                self.partial = Some(Partial { text, since, changed: self.quiet_since });
            }
            LineEvent::Heard { text, others, last: true } => {
                self.partial = None;
                self.on_heard(Heard { text, others }).await;
            }
            LineEvent::TalkedOver { heard } => self.on_talked_over(&heard).await,
            LineEvent::Key(key) if self.may_press() => {
                self.quiet_since = Instant::now();
                self.drop_read();
                self.on(Event::Key(key)).await;
            }
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

    fn may_press(&mut self) -> bool {
        let now = Instant::now();
        if now >= self.keys.0 + Duration::from_secs(1) {
            self.keys = (now, 0);
        }
        self.keys.1 += 1;
        self.keys.1 <= KEYS_PER_SECOND
    }

    async fn on_heard(&mut self, heard: Heard) {
        self.quiet_since = Instant::now();
        self.pace.stops();
        self.drop_read();
        let at = self.clock.now();
        // The transcript has the words as they were most likely said; what the others were good for is in the state.
        let text = heard.text.clone();
        let effects = self.step(Event::Heard(heard));
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
        if let Some(heard) = self.transcript.cut(heard) {
            self.pace.stops();
            self.on(Event::TalkedOver { heard }).await;
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
                    self.on(Event::Desk(reply)).await;
                }
            }
            Done::Saved { version, first, lines, result } => {
                self.saving = false;
                match result {
                    Ok(()) => self.on_saved(version),
                    Err(JournalError::Fenced) => return Some(Ended::Fenced),
                    Err(JournalError::Unavailable(cause)) => {
                        tracing::warn!(call.id = %self.lease.call, error = %cause, "call {} could not be written down", self.lease.call);
                        self.transcript.give_back(first, lines);
                        if self.after_save.take().is_some() {
                            self.asking = None;
                            self.on(Event::Desk(DeskReply::Failed(Failure::Unavailable))).await;
                        }
                    }
                }
            }
            Done::Released => {}
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

    async fn on(&mut self, event: Event) {
        let effects = self.step(event);
        self.carry_out(effects).await;
    }

    /// A fault in the conversation's rules ends this call with an apology, and no other.
    fn step(&mut self, event: Event) -> Vec<Effect> {
        self.version += 1;
        let now = self.clock.now();
        let dialogue = &mut self.dialogue;
        let sorry = texts::of(dialogue.language());
        catch_unwind(AssertUnwindSafe(|| dialogue.on(event, now))).unwrap_or_else(|_| {
            tracing::error!(call.id = %self.lease.call, "the conversation of call {} failed", self.lease.call);
            vec![Effect::Say(sorry.failed()), Effect::End]
        })
    }

    async fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut utterance = String::new();
        let mut end = None;
        for effect in effects {
            match effect {
                Effect::Say(text) => {
                    if !utterance.is_empty() {
                        utterance.push(' ');
                    }
                    utterance.push_str(&text);
                }
                Effect::Desk(request) => self.ask_desk(request),
                Effect::Release(hold) => {
                    let (desk, business) = (Arc::clone(&self.desk), Arc::clone(&self.business));
                    self.errands.spawn(async move {
                        // It runs out by itself when this fails.
                        let _ = desk.release(&business, hold).await;
                        Done::Released
                    });
                }
                Effect::Language(language) => {
                    let switch = LineCommand::Language { speak: Some(language.clone()), hear: Some(language) };
                    let _ = self.line.send(switch).await; // `recv` tells why, next.
                }
                Effect::End => end = Some("goodbye"),
                Effect::PutThrough => end = Some("transfer"),
            }
        }
        if !utterance.is_empty() {
            self.speak(utterance).await;
        }
        if let Some(reason) = end {
            let now = Instant::now();
            self.closing = Some((self.pace.until().min(now + LONGEST_GOODBYE), reason));
        } else if self.closing.is_some() && !self.dialogue.is_over() {
            self.closing = None; // The caller had something more to say.
        }
        // While something is only being looked up, the answer is written down together with the question.
        if self.asking.as_ref().is_none_or(|asking| asking.read.is_none() || asking.wondered) {
            self.save(false);
        }
        self.show().await;
    }

    /// Sends an utterance sentence by sentence, so that the first is heard while the next is being made.
    async fn speak(&mut self, utterance: String) {
        self.pace.says(utterance.len());
        let interruptible = self.business.voice.interruptible;
        let mut rest = utterance.as_str();
        while !rest.is_empty() {
            let (sentence, after) = rest.split_at(sentence_end(rest));
            let say = LineCommand::Say { text: sentence.to_owned(), last: after.is_empty(), interruptible };
            if self.line.send(say).await.is_err() {
                break; // `recv` tells why, next.
            }
            rest = after;
        }
        self.transcript.said(utterance, self.clock.now());
    }

    async fn show(&mut self) {
        if !self.line.shows_understood() {
            return;
        }
        let card = card(&self.dialogue, self.clock.now());
        if self.shown.as_ref() != Some(&card) {
            self.shown = Some(card.clone());
            let _ = self.line.send(LineCommand::Understood(Box::new(card))).await;
        }
    }

    /// A read starts at once. A change starts when it is written down that it was begun.
    fn ask_desk(&mut self, request: Request) {
        self.drop_read();
        self.asked += 1;
        self.asking = Some(Asking { number: self.asked, since: Instant::now(), wondered: false, read: None });
        if request.is_read() {
            self.send_to_desk(request);
        } else {
            self.after_save = Some((self.version, request));
        }
    }

    fn send_to_desk(&mut self, request: Request) {
        let read = request.is_read();
        let errand = Errand::new(&self.desk, &self.business, self.lease.call, self.dialogue.state(), request);
        let number = self.asked;
        let handle = self.errands.spawn(async move { Done::Desk { number, reply: errand.run().await } });
        if let Some(asking) = &mut self.asking
            && read
        {
            asking.read = Some(handle);
        }
    }

    /// Writes down where the conversation stands; one writing at a time, the newest state next.
    fn save(&mut self, ended: bool) {
        if self.saving {
            return;
        }
        self.saving = true;
        let (first, lines) = self.transcript.take();
        let entry = self.entry(first, lines.clone(), ended);
        let (journal, version) = (Arc::clone(&self.journal), self.version);
        self.errands.spawn(async move {
            let result = write(journal, entry).await;
            Done::Saved { version, first, lines, result }
        });
    }

    fn entry(&self, first_line: i32, lines: Vec<Spoken>, ended: bool) -> Entry {
        Entry {
            lease: self.lease,
            at: self.clock.now(),
            state: serde_json::to_string(self.dialogue.state()).unwrap_or_default(),
            outcome: self.dialogue.outcome(),
            first_line,
            lines,
            ended,
        }
    }

    async fn end_line(&mut self, reason: &'static str) -> Ended {
        let state = self.dialogue.state();
        let handoff = Handoff {
            reason: reason.to_owned(),
            outcome: self.dialogue.outcome().as_str().to_owned(),
            booking: state.booked.last().map(ToString::to_string),
        };
        match self.line.send(LineCommand::End { handoff }).await {
            Ok(()) => Ended::ByUs,
            Err(LineGone) => Ended::Broken,
        }
    }

    /// What is under way is finished and written down. A change that was only about to begin is begun: the caller said
    /// yes to it.
    async fn wind_up(&mut self, ended: Ended) {
        self.drop_read();
        if ended == Ended::Fenced {
            return;
        }
        let finish = Instant::now() + AFTERMATH;
        while let Ok(Some(done)) = tokio::time::timeout_at(finish, self.errands.join_next()).await {
            match done {
                Ok(Done::Saved { version, result: Ok(()), .. }) => {
                    self.saving = false;
                    self.on_saved(version);
                }
                Ok(Done::Saved { first, lines, .. }) => {
                    self.saving = false;
                    self.after_save = None;
                    self.transcript.give_back(first, lines);
                }
                Ok(Done::Desk { number, reply }) if self.asking.take_if(|asking| asking.number == number).is_some() => {
                    let effects = self.step(Event::Desk(reply));
                    self.finish_quietly(effects);
                }
                _ => {}
            }
        }
        // A caller who hung up does not come back; one whose connection broke may, to the same hold.
        let over = matches!(ended, Ended::ByUs | Ended::HungUp);
        if over && let Some(held) = self.dialogue.state().held {
            let _ = timeout(JOURNAL_BUDGET, self.desk.release(&self.business, held.id)).await;
        }
        let (first, lines) = self.transcript.take();
        let _ = write(Arc::clone(&self.journal), self.entry(first, lines, over)).await;
    }

    /// Nobody hears it any more: what was promised is still done, the rest is dropped.
    fn finish_quietly(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let (desk, business) = (Arc::clone(&self.desk), Arc::clone(&self.business));
            match effect {
                Effect::Release(hold) => {
                    self.errands.spawn(async move {
                        let _ = desk.release(&business, hold).await;
                        Done::Released
                    });
                }
                // What the caller told with their booking is passed on.
                Effect::Desk(request @ Request::Note { .. }) => {
                    let errand = Errand::new(&desk, &business, self.lease.call, self.dialogue.state(), request);
                    self.errands.spawn(async move {
                        errand.run().await;
                        Done::Released
                    });
                }
                _ => {}
            }
        }
    }
}

async fn write(journal: Arc<dyn Journal>, entry: Entry) -> Result<(), JournalError> {
    match timeout(JOURNAL_BUDGET, journal.write(entry)).await {
        Ok(result) => result,
        Err(late) => Err(JournalError::Unavailable(late.into())),
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

/// Where the first sentence ends, its space included; all of it when it is one sentence. "3 p.m. on" is no end.
fn sentence_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    for (at, pair) in bytes.windows(2).enumerate() {
        let starts_new = bytes.get(at + 2).is_some_and(u8::is_ascii_uppercase);
        if matches!(pair, [b'.' | b'?' | b'!', b' ']) && starts_new {
            return at + 2;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::sentence_end;

    #[test]
    fn sentences_are_told_from_abbreviations() {
        assert_eq!(sentence_end("Sure. When?"), 6);
        assert_eq!(sentence_end("At 3 p.m. or 4 p.m."), 19);
        assert_eq!(sentence_end("Hello"), 5);
        assert_eq!(sentence_end(""), 0);
    }
}
