//! The record of a call's turns while they happen, and what of it is not written down yet.

use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    domain::{
        dialogue::{DeskReply, Dialogue, Request},
        report::TurnReport,
        turn::Turn,
    },
    ports::observer::{ToolCame, Why},
    session::card::known,
};

/// Turns with the numbers of the lines they begin at.
pub(super) type Numbered = Vec<(i32, Turn)>;

#[derive(Debug, Default)]
pub(super) struct Turns {
    /// The turn at hand; it may change after it was written down once.
    open: Option<Open>,
    /// Turns that are over and not written down as they ended.
    over: Numbered,
}

#[derive(Debug)]
struct Open {
    line: i32,
    since: Instant,
    turn: Turn,
    /// What is written down is not all of it.
    changed: bool,
    /// What is said now is no answer yet: "one moment".
    holding_on: bool,
}

impl Turns {
    /// The caller has said something, or pressed a key. `line` is the number of the line that stands for it.
    pub(super) fn begin(&mut self, line: i32, at: Timestamp) {
        self.close();
        let turn = Turn::beginning(at);
        self.open = Some(Open { line, since: Instant::now(), turn, changed: true, holding_on: false });
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take().filter(|open| open.changed) {
            self.over.push((open.line, open.turn));
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Turn)) {
        if let Some(open) = &mut self.open {
            change(&mut open.turn);
            open.changed = true;
        }
    }

    /// What the machine made of the words.
    pub(super) fn understood(&mut self, dialogue: &Dialogue) {
        self.change(|turn| turn.meant = dialogue.meant().into_iter().map(str::to_owned).collect());
    }

    pub(super) fn asked(&mut self, request: &Request) {
        self.change(|turn| turn.asks(request));
    }

    pub(super) fn came(&mut self, reply: &DeskReply) {
        self.change(|turn| turn.came(reply));
    }

    pub(super) fn called(&mut self, tool: &str, came: ToolCame) {
        let came = match came {
            ToolCame::Done => "done",
            ToolCame::Refused => "refused",
            ToolCame::Malformed => "malformed",
            ToolCame::Dropped => "dropped",
        };
        self.change(|turn| turn.called(tool, came));
    }

    /// Words of ours are on their way. The first that are no filler end the caller's wait.
    pub(super) fn spoke(&mut self) {
        let Some(open) = self.open.as_mut().filter(|open| !open.holding_on) else { return };
        if open.turn.first_word_ms.is_none() {
            open.turn.first_word_ms = u32::try_from(open.since.elapsed().as_millis()).ok();
            open.changed = true;
        }
    }

    /// "One moment" is about to be said; until [`went_on`](Self::went_on), words are no answer.
    pub(super) fn holds_on(&mut self) {
        self.change(|turn| turn.filler = true);
        if let Some(open) = &mut self.open {
            open.holding_on = true;
        }
    }

    pub(super) fn went_on(&mut self) {
        if let Some(open) = &mut self.open {
            open.holding_on = false;
        }
    }

    pub(super) fn withheld(&mut self) {
        self.change(|turn| turn.withheld = turn.withheld.saturating_add(1));
    }

    pub(super) fn fell_back(&mut self, why: Why) {
        let why = match why {
            Why::Slow => "slow",
            Why::Down => "down",
            Why::Spent => "spent",
            Why::Unusable => "unusable",
        };
        self.change(|turn| turn.fallback = Some(why.to_owned()));
    }

    /// A model's turn is over.
    pub(super) fn by_model(&mut self, report: &TurnReport) {
        self.change(|turn| {
            turn.model.clone_from(&report.model);
            turn.filler |= report.filler;
        });
    }

    /// What is to be written down, with what is known by now.
    pub(super) fn take(&mut self, dialogue: &Dialogue) -> Numbered {
        let mut taken = std::mem::take(&mut self.over);
        if let Some(open) = &mut self.open {
            let known = known(dialogue);
            open.changed |= open.turn.known != known;
            open.turn.known = known;
            if std::mem::take(&mut open.changed) {
                taken.push((open.line, open.turn.clone()));
            }
        }
        taken
    }

    /// They could not be written down. What has changed since is the truer one.
    pub(super) fn give_back(&mut self, mut turns: Numbered) {
        if let Some(open) = &mut self.open
            && turns.pop_if(|(line, _)| *line == open.line).is_some()
        {
            open.changed = true;
        }
        turns.retain(|(line, _)| !self.over.iter().any(|(newer, _)| newer == line));
        turns.append(&mut self.over);
        self.over = turns;
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::*;
    use crate::testing::salon;

    #[tokio::test(start_paused = true)]
    async fn a_turn_is_written_when_something_in_it_is_new() {
        let dialogue = Dialogue::new(Arc::new(salon()));
        let mut turns = Turns::default();
        assert!(turns.take(&dialogue).is_empty(), "nobody has said anything");
        turns.begin(1, Timestamp::UNIX_EPOCH);
        tokio::time::advance(Duration::from_millis(250)).await;
        turns.holds_on();
        turns.spoke();
        turns.went_on();
        tokio::time::advance(Duration::from_millis(250)).await;
        turns.spoke();
        turns.spoke();
        let taken = turns.take(&dialogue);
        assert_eq!((taken.len(), taken[0].0, taken[0].1.first_word_ms), (1, 1, Some(500)));
        assert!(turns.take(&dialogue).is_empty(), "nothing is new");
        turns.give_back(taken.clone());
        turns.asked(&Request::Upcoming);
        turns.begin(3, Timestamp::UNIX_EPOCH);
        let both = turns.take(&dialogue);
        assert_eq!(both.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(both[0].1.desk.len(), 1);
        turns.give_back(both);
        assert_eq!(turns.take(&dialogue).len(), 2);
    }
}
