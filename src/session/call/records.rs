//! What is asked of the desk and written down, during a call and after it.

use std::sync::Arc;

use tokio::time::{Instant, timeout};

use super::{AFTERMATH, Asking, CallSession, Done, JOURNAL_BUDGET};
use crate::{
    domain::{
        call::{Line as Spoken, WhyNot},
        dialogue::{Effect, Event, Request},
    },
    ports::{
        journal::{Entry, Journal, JournalError},
        line::Line,
    },
    session::{
        Ended,
        errands::Errand,
        receptionist::summary::{Aftermath, Facts},
        turns::Numbered,
    },
};

impl<L: Line> CallSession<L> {
    /// A read starts at once. A change starts when it is written down that it was begun.
    pub(super) fn ask_desk(&mut self, request: Request) {
        self.drop_read();
        self.turns.asked(&request);
        self.asked += 1;
        // In a model's turn the turn has a filler of its own.
        let wondered = self.turn().is_some();
        self.asking = Some(Asking { number: self.asked, since: Instant::now(), wondered, read: None });
        if request.is_read() {
            self.send_to_desk(request);
        } else {
            self.after_save = Some((self.version, request));
        }
    }

    pub(super) fn send_to_desk(&mut self, request: Request) {
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
    pub(super) fn save(&mut self, ended: bool) {
        if self.saving {
            return;
        }
        self.saving = true;
        let (first, lines) = self.transcript.take();
        let turns = self.turns.take(&self.dialogue);
        let entry = Entry { ended, ..self.entry(first, lines.clone(), turns.clone()) };
        let (journal, version) = (Arc::clone(&self.journal), self.version);
        self.errands.spawn(async move {
            let result = write(journal, entry).await;
            Done::Saved { version, first, lines, turns, result }
        });
    }

    fn entry(&self, first_line: i32, lines: Vec<Spoken>, turns: Numbered) -> Entry {
        Entry {
            lease: self.lease,
            at: self.clock.now(),
            state: serde_json::to_string(self.dialogue.state()).unwrap_or_default(),
            outcome: self.dialogue.outcome(),
            first_line,
            lines,
            turns,
            why_not: None,
            ended: false,
        }
    }

    /// What is under way is finished and written down. A change that was only about to begin is begun: the caller said
    /// yes to it.
    pub(super) async fn wind_up(&mut self, ended: Ended) {
        self.forget_turn();
        self.drop_early();
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
                Ok(Done::Saved { first, lines, turns, .. }) => {
                    self.turns.give_back(turns);
                    self.saving = false;
                    self.after_save = None;
                    self.transcript.give_back(first, lines);
                }
                Ok(Done::Desk { number, reply }) if self.asking.take_if(|asking| asking.number == number).is_some() => {
                    self.turns.came(&reply);
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
        let turns = self.turns.take(&self.dialogue);
        let why_not: Option<WhyNot> = self.dialogue.why_not();
        let entry = Entry { ended: over, why_not, ..self.entry(first, lines, turns) };
        let _ = write(Arc::clone(&self.journal), entry).await;
        self.report(over);
    }

    /// What the call was about is put into words beside whatever comes next.
    fn report(&mut self, over: bool) {
        let facts = Facts::of(&self.dialogue, self.clock.now());
        let Some(talk) = &mut self.talk else { return };
        let aftermath = Aftermath::of(talk, self.lease, facts, over, self.stopping.clone());
        talk.receptionist.tasks.spawn(aftermath.run());
    }

    /// Nobody hears it any more: what was promised is still done, the rest is dropped.
    pub(super) fn finish_quietly(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let (desk, business) = (Arc::clone(&self.desk), Arc::clone(&self.business));
            match effect {
                Effect::Release(hold) => {
                    self.errands.spawn(async move {
                        let _ = desk.release(&business, hold).await;
                        Done::Nothing
                    });
                }
                // What the caller told with their booking is passed on.
                Effect::Desk(request @ Request::Note { .. }) => {
                    let errand = Errand::new(&desk, &business, self.lease.call, self.dialogue.state(), request);
                    self.errands.spawn(async move {
                        errand.run().await;
                        Done::Nothing
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
