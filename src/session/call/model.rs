//! A call that a model talks in: how the caller's words reach it, how its words reach the caller, and what happens when it
//! does not answer.

use std::{
    future::pending,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::time::Instant;

use super::{CallSession, Done};
use crate::{
    domain::{
        dialogue::{Dialogue, Effect, Heard, Overheard, texts},
        truth::{Claim, Speech, Spoken},
    },
    ports::{
        language_model::Why,
        line::Line,
        observer::{Seen, ToolCame, Why as FellBack},
        purse::Spent,
    },
    session::{
        errands::Errand,
        receptionist::{Early, Ends, MOST_STEPS, Progress, Race, Talk, Turn, caller_turn},
    },
};

/// What is recognised and has not changed for so long is probably all that is said.
const EARLY: Duration = Duration::from_millis(250);
/// So many digits may be the beginning of something that no model is to read.
const MANY_DIGITS: usize = 5;
/// What stands in the place of words that are kept nowhere.
const KEPT_BACK: &str = "(not kept)";

/// The next piece of what a model says. Waits for ever when none is asked. What is said too early is kept meanwhile.
pub(super) async fn next_piece(talk: &mut Option<Box<Talk>>) -> Progress {
    let Some(talk) = talk else { return pending().await };
    match (&mut talk.turn, &mut talk.early) {
        (Some(turn), _) => match &mut turn.race {
            Some(race) => race.next().await,
            None => pending().await,
        },
        (None, Some(early)) => early.listen().await,
        (None, None) => pending().await,
    }
}

impl<L: Line> CallSession<L> {
    pub(super) fn turn(&self) -> Option<&Turn> {
        self.talk.as_ref()?.turn.as_deref()
    }

    pub(super) fn turn_mut(&mut self) -> Option<&mut Turn> {
        self.talk.as_mut()?.turn.as_deref_mut()
    }

    /// The call is connected: what is needed soon is looked up before anybody asks, in the background.
    pub(super) fn prepare_talk(&mut self) {
        let Some(talk) = self.talk.as_ref().filter(|talk| talk.leads()) else { return };
        let account = Arc::clone(&talk.account);
        self.errands.spawn(async move {
            account.purse.open(&account.payer).await;
            Done::Nothing
        });
        for request in self.dialogue.prefetch(self.clock.now()) {
            let state = self.dialogue.state();
            let errand = Errand::new(&self.desk, &self.business, self.lease.call, state, request.clone());
            self.errands.spawn(async move { Done::Prefetched { request, reply: errand.run().await } });
        }
    }

    pub(super) fn model_leads(&self) -> bool {
        self.talk.as_ref().is_some_and(|talk| talk.leads())
    }

    /// Does something with the conversation. A fault in its rules ends this call with an apology, and no other.
    pub(super) fn with_dialogue<T>(
        &mut self,
        act: impl FnOnce(&mut Dialogue, Timestamp) -> T,
    ) -> Result<T, Vec<Effect>> {
        self.version += 1;
        let now = self.clock.now();
        let dialogue = &mut self.dialogue;
        catch_unwind(AssertUnwindSafe(|| act(dialogue, now))).map_err(|_| {
            tracing::error!(call.id = %self.lease.call, "the conversation of call {} failed", self.lease.call);
            vec![Effect::Say(texts::of(self.dialogue.language()).failed()), Effect::End]
        })
    }

    /// What the caller has said, in a call that models talk in.
    pub(super) async fn overhear(&mut self, heard: Heard, write_down: bool) {
        let text = heard.text.clone();
        let overheard = self.with_dialogue(|dialogue, now| dialogue.overhear(heard, now));
        self.turns.understood(&self.dialogue);
        let keep = !self.dialogue.heard_something_sensitive();
        let has_words = text.contains(char::is_alphanumeric);
        if write_down && has_words {
            self.transcript.heard(&text, keep, self.clock.now());
        }
        if let Some(talk) = self.talk.as_mut().filter(|_| keep && has_words) {
            talk.known.heard(&text);
        }
        match overheard {
            Ok(Overheard::ForTheModel) => {
                self.closing = None; // The caller had something more to say.
                self.begin_turn(&text).await;
            }
            Ok(Overheard::Waits) => self.drop_early(),
            Ok(Overheard::Handled(effects)) | Err(effects) => {
                self.drop_early();
                if has_words {
                    self.remember_caller(if keep { &text } else { KEPT_BACK });
                }
                self.carry_out(effects).await;
            }
        }
    }

    /// The caller has said something, or pressed a key, that the machine answers.
    pub(super) fn remember_caller(&mut self, words: &str) {
        let now = self.clock.now();
        if let Some(talk) = self.talk.as_mut().filter(|talk| talk.leads()) {
            talk.history.caller(caller_turn(words, &self.dialogue.situation(now)));
        }
    }

    async fn begin_turn(&mut self, words: &str) {
        let now = self.clock.now();
        let Some(talk) = &mut self.talk else { return };
        let mut turn = Turn::begin();
        let early = talk.early.take_if(|early| early.answers(words));
        talk.drop_early();
        let mut pieces = Vec::new();
        if let Some(early) = early {
            talk.report.early_used += 1;
            talk.saw(Seen::Early { used: true });
            talk.history.caller(early.turn);
            turn.race = Some(early.race);
            talk.turn = Some(Box::new(turn));
            pieces = early.pieces;
        } else {
            talk.history.caller(caller_turn(words, &self.dialogue.situation(now)));
            talk.turn = Some(Box::new(turn));
            self.ask_model();
        }
        for piece in pieces {
            self.on_piece(piece).await;
        }
        // When every model is left alone, the machine answers at once.
        if let Some(race) = self.turn_mut().and_then(|turn| turn.race.as_mut())
            && let Some(over) = race.nobody()
        {
            self.on_piece(over).await;
        }
    }

    /// When an answer is begun on what has been recognised so far, if it is to be.
    pub(super) fn early_at(&self) -> Option<Instant> {
        let talk = self.talk.as_ref().filter(|talk| talk.leads() && talk.receptionist.settings.early_start)?;
        let partial = self.partial.as_ref().filter(|partial| !partial.tried)?;
        (talk.turn.is_none() && self.asking.is_none() && !self.deaf).then(|| partial.same_since + EARLY)
    }

    /// The caller seems to have finished: a model is asked, and what it says is kept until they have. Nothing else is
    /// done before: the conversation that takes their words in is a copy.
    pub(super) fn start_early(&mut self) {
        let Some(partial) = &mut self.partial else { return };
        partial.tried = true;
        let text = partial.text.clone();
        if text.bytes().filter(u8::is_ascii_digit).count() >= MANY_DIGITS {
            return; // It may become the number of a card.
        }
        let (mut copy, now) = (self.dialogue.clone(), self.clock.now());
        let heard = Heard::from(text.as_str());
        let for_model = catch_unwind(AssertUnwindSafe(|| copy.overhear(heard, now) == Overheard::ForTheModel));
        let Some(talk) = self.talk.as_mut().filter(|_| for_model.unwrap_or(false)) else { return };
        let turn = caller_turn(&text, &copy.situation(now));
        let race = talk.ask(true, Some(&turn));
        talk.report.early += 1;
        talk.early = Some(Box::new(Early { text, turn, race, pieces: Vec::new() }));
    }

    pub(super) fn ask_model(&mut self) {
        let Some(talk) = &mut self.talk else { return };
        let Some(steps) = talk.turn.as_ref().map(|turn| turn.steps) else { return };
        let race = talk.ask(steps < MOST_STEPS, None);
        if let Some(turn) = &mut talk.turn {
            turn.next_message();
            turn.race = Some(race);
        }
    }

    pub(super) async fn on_piece(&mut self, progress: Progress) {
        match progress {
            Progress::Words(words) => {
                self.on_words(Some(&words)).await;
                if self.turn().is_some_and(Turn::is_noise) {
                    self.on_message(Why::Length).await;
                }
            }
            Progress::Call(call) => {
                if let Some(turn) = self.turn_mut() {
                    turn.remember(call);
                }
            }
            Progress::Over(why) => self.on_message(why).await,
            Progress::BrokenOff => self.on_broken_off().await,
            Progress::Nobody => self.give_up(FellBack::Down).await,
            Progress::NoMoney(spent) => self.on_no_money(spent).await,
        }
    }

    /// Words of a model, or the end of a message of it: what may be said is said.
    async fn on_words(&mut self, words: Option<&str>) {
        let now = self.clock.now();
        let Some(Talk { turn: Some(turn), known, .. }) = self.talk.as_deref_mut() else { return };
        let mut ground = self.dialogue.ground(now);
        known.complete(&mut ground);
        turn.unspoken += words.map_or(0, str::len);
        let spoken = match words {
            Some(words) => turn.speech.hear(words, &ground),
            None => turn.speech.finish(&ground),
        };
        for spoken in spoken {
            match spoken {
                Spoken::Say(words) => self.say_for_model(words).await,
                Spoken::Withheld(claim) => self.on_withheld(claim),
            }
        }
    }

    async fn say_for_model(&mut self, words: String) {
        let begins = self.turn().is_some_and(|turn| turn.message.is_empty());
        let words = match (self.speaking, begins) {
            (false, _) => words.trim_start().to_owned(),
            // After words of another message, or a filler.
            (true, true) => format!(" {}", words.trim_start()),
            (true, false) => words,
        };
        self.speak_piece(words.clone()).await;
        if !words.trim().is_empty() {
            self.turns.spoke();
        }
        let heard_until = self.pace.until();
        let Some(talk) = &mut self.talk else { return };
        talk.by_model += words.len();
        if let Some(turn) = &mut talk.turn {
            turn.unspoken = 0;
            turn.said.push_str(&words);
            turn.message.push_str(&words);
            turn.heard_until = heard_until;
            let model = turn.race.as_ref().and_then(Race::model);
            if !words.trim().is_empty()
                && let Some(after) = turn.first_word()
                && let Some(model) = model
            {
                talk.account.observer.saw(Seen::FirstWord { model: &model, after });
            }
        }
    }

    fn on_withheld(&mut self, claim: Claim) {
        self.turns.withheld();
        let Some(talk) = &mut self.talk else { return };
        tracing::info!(call.id = %self.lease.call, claim = ?claim, "a sentence of a model was kept back in call {}", self.lease.call);
        talk.report.withheld += 1;
        talk.saw(Seen::Withheld(claim));
        if let Some(turn) = &mut talk.turn {
            turn.withheld.get_or_insert((claim, Instant::now()));
        }
    }

    /// A model's message is complete.
    async fn on_message(&mut self, why: Why) {
        self.on_words(None).await;
        self.close_race(false);
        let Some(turn) = self.turn_mut() else { return };
        if turn.steps >= MOST_STEPS && !turn.calls.is_empty() {
            turn.asked_again = true; // It calls though it may not, and would again.
            turn.calls.clear();
        }
        let nothing_said = turn.ends() == Ends::Nothing;
        let may_ask_again = nothing_said && !turn.asked_again;
        match turn.withheld {
            _ if why == Why::Refused && nothing_said => self.decline().await,
            _ if !turn.calls.is_empty() => {
                turn.steps += 1;
                turn.listen_again();
                self.run_calls().await;
            }
            // In another language than the caller's it is asked for once more.
            Some((Claim::Language, _)) | None if may_ask_again => {
                turn.asked_again = true;
                turn.speech = Speech::new();
                turn.withheld = None;
                self.ask_model();
            }
            // Nothing in it was false, but nobody could follow it: the machine answers what was asked.
            Some((Claim::Language, _)) if nothing_said => self.fall_back(FellBack::Unusable).await,
            Some((claim, _)) => self.say_instead(claim).await,
            None if nothing_said || turn.leaves_waiting() => self.fall_back(FellBack::Unusable).await,
            None => self.end_turn(true).await,
        }
    }

    /// The model that spoke has stopped in the middle. If the caller has heard nothing yet, another one may answer.
    async fn on_broken_off(&mut self) {
        let Some(turn) = self.turn_mut() else { return };
        turn.calls.clear();
        if turn.ends() == Ends::Nothing && turn.withheld.is_none() {
            turn.speech = Speech::new();
            if turn.race.as_mut().is_some_and(Race::go_on) {
                return;
            }
        }
        self.give_up(FellBack::Down).await;
    }

    async fn on_no_money(&mut self, spent: Spent) {
        if let Some(talk) = &mut self.talk {
            talk.spent = Some(spent);
            talk.saw(Seen::Capped(spent));
        }
        tracing::info!(call.id = %self.lease.call, spent = ?spent, "call {} goes on without a model: the money is spent", self.lease.call);
        self.give_up(FellBack::Spent).await;
    }

    /// No more is heard of a model in this turn.
    async fn give_up(&mut self, why: FellBack) {
        let Some(turn) = self.turn() else { return };
        match (turn.withheld, turn.ends()) {
            (Some((claim, _)), _) => self.say_instead(claim).await,
            (None, Ends::Question) => self.end_turn(true).await,
            (None, _) => self.fall_back(why).await,
        }
    }

    /// The machine takes the turn. Nothing that was said is said again.
    pub(super) async fn fall_back(&mut self, why: FellBack) {
        self.turns.fell_back(why);
        let mut effects = self.with_dialogue(Dialogue::fall_back).unwrap_or_else(|failed| failed);
        let Some(talk) = &mut self.talk else { return };
        talk.report.fallbacks += 1;
        talk.saw(Seen::FellBack(why));
        if let Some(turn) = &mut talk.turn {
            turn.report.fallback = true;
        }
        if self.turn().is_some_and(|turn| turn.ends() == Ends::Middle) {
            effects.insert(0, Effect::Say(texts::of(self.dialogue.language()).say_again()));
        }
        self.leave_to_machine(effects).await;
    }

    async fn say_instead(&mut self, claim: Claim) {
        let instead = self.with_dialogue(|dialogue, now| dialogue.instead_of(claim, now));
        self.leave_to_machine(instead.unwrap_or_else(|failed| failed)).await;
    }

    /// The model, or its vendor, would not answer this.
    async fn decline(&mut self) {
        let effects = self.with_dialogue(Dialogue::decline).unwrap_or_else(|failed| failed);
        self.leave_to_machine(effects).await;
    }

    /// The turn is over for the model, and the machine speaks.
    pub(super) async fn leave_to_machine(&mut self, effects: Vec<Effect>) {
        if effects.iter().any(|effect| matches!(effect, Effect::Say(_)))
            && let Some(turn) = self.turn_mut()
        {
            turn.first_word();
        }
        self.settle_turn();
        self.carry_out(effects).await;
        if self.asking.is_none() {
            self.end_utterance().await; // Else the desk's answer ends it.
        }
    }

    /// The turn is over: `question` when the last words were the model's, which the machine has to know.
    pub(super) async fn end_turn(&mut self, by_model: bool) {
        let said = self.settle_turn();
        if by_model && !said.is_empty() {
            let _ = self.with_dialogue(|dialogue, _| dialogue.said_by_model(&said));
        }
        self.end_utterance().await;
        self.save(false);
        self.show().await;
    }

    /// Ends the turn before it is over: the caller has said something new. What was said so far was said.
    pub(super) async fn drop_turn(&mut self) {
        self.forget_turn();
        self.end_utterance().await;
    }

    /// The same, when nobody listens any more.
    pub(super) fn forget_turn(&mut self) {
        if self.turn().is_none() {
            return;
        }
        let filled = self.turn().is_some_and(|turn| turn.filled);
        let said = self.settle_turn();
        if let Some(asking) = &mut self.asking {
            asking.wondered = filled; // A write that goes on without the turn.
        }
        if !said.is_empty() {
            let _ = self.with_dialogue(|dialogue, _| dialogue.said_by_model(&said));
        }
    }

    /// Takes the turn away and keeps what is to be kept of it. Returns what the model has said in it.
    fn settle_turn(&mut self) -> String {
        self.close_race(false);
        let Some(talk) = &mut self.talk else { return String::new() };
        let Some(turn) = talk.turn.take() else { return String::new() };
        let turn = *turn;
        talk.history.said(&turn.message);
        self.turns.by_model(&turn.report);
        talk.report.turns.push(turn.report);
        match turn.doing {
            // The server has spoken, or will: its words are the last.
            Some(doing) if !doing.tool.is_read() => {
                talk.history.said(&doing.say);
                String::new()
            }
            Some(doing) => {
                talk.account.observer.saw(Seen::Tool { name: doing.name, came: ToolCame::Dropped });
                self.turns.called(doing.name, ToolCame::Dropped);
                turn.said
            }
            None => turn.said,
        }
    }

    /// What the answer has cost is known, or estimated if it was given up.
    fn close_race(&mut self, late: bool) {
        let Some(talk) = &mut self.talk else { return };
        let Some(turn) = &mut talk.turn else { return };
        let Some(race) = turn.race.take() else { return };
        if let Some(model) = race.model() {
            model.as_ref().clone_into(&mut turn.report.model);
        }
        if race.shortened {
            talk.history.shorten();
        }
        let tally = if late { race.close_late() } else { race.close() };
        talk.pay(&tally);
    }

    pub(super) fn drop_early(&mut self) {
        if let Some(talk) = &mut self.talk {
            talk.drop_early();
        }
    }

    /// Something is due in the turn.
    pub(super) async fn on_turn_time(&mut self, now: Instant) {
        let (talking, playing) = (self.partial.is_some(), self.pace.until() > now);
        let Some(turn) = self.turn_mut() else { return };
        if !turn.filled && now >= turn.filler_at() {
            turn.filled = true;
            if !talking && !playing {
                self.say_filler().await;
            }
        } else if now >= turn.given_up_at() {
            self.close_race(true);
            self.give_up(FellBack::Slow).await;
        }
    }

    /// Something to hold on to while a model thinks: an utterance of its own unless one is being said.
    async fn say_filler(&mut self) {
        let words = texts::of(self.dialogue.language()).hold_on(self.dialogue.state().turns);
        let Some(talk) = &mut self.talk else { return };
        talk.report.fillers += 1;
        talk.saw(Seen::Filler);
        if let Some(turn) = &mut talk.turn {
            turn.report.filler = true;
        }
        let goes_on = self.speaking;
        let words = if goes_on { format!(" {words} ") } else { words };
        let long = words.len();
        self.speak_piece(words).await;
        if let Some(talk) = &mut self.talk {
            talk.by_model += long;
        }
        if !goes_on {
            self.end_utterance().await;
        }
    }

    /// The caller talked over us: what they heard of it is all that was said. Returns what of it were the machine's words,
    /// if it had a part in them: only those can have been a read-back.
    pub(super) async fn cut_short(&mut self, heard: &str, whole: usize) -> Option<String> {
        self.drop_turn().await;
        let Some(talk) = &mut self.talk else { return Some(heard.to_owned()) };
        talk.history.cut(heard);
        (talk.by_model < whole).then(|| heard.get(talk.by_model..).unwrap_or_default().to_owned())
    }

    /// What was said while the desk was busy.
    pub(super) async fn hear_meanwhile(&mut self) {
        if self.asking.is_none() && self.model_leads() {
            let said = self.dialogue.take_meanwhile();
            if !said.is_empty() {
                self.overhear(said.join(" ").into(), false).await;
            }
        }
    }
}
