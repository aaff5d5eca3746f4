//! Keeping a time, reading it back, and the yes: the machine's own steps, set off by a model.

use super::{
    super::{Asked, Dialogue, NameKnown, Task, listen::MOST_NOTE},
    refused,
};
use crate::domain::{
    booking::{CustomerName, Slot},
    dialogue::tool::{Propose, ToolAnswer},
    understand::Answer,
};

/// As many times as are kept for one call, one after the other.
const MOST_HOLDS: u32 = 10;
/// As many appointments as one call makes; the desk counts them too.
const MOST_BOOKED: usize = 2;

impl Dialogue {
    pub(super) fn act_propose(&mut self, proposal: &Propose) -> Result<(), ToolAnswer> {
        let slot = proposal.slot.as_deref().map(|handle| self.shown_slot(handle)).transpose()?;
        let held = self.state.held.map(|held| held.slot);
        if slot.or(held).is_none() {
            return Err(refused("No time is kept for the caller yet. Give the slot of one of the times looked up."));
        }
        if proposal.people.is_some_and(|people| !(1..=500).contains(&people)) {
            return Err(refused("people has to be 1 to 500."));
        }
        let moves = self.state.task == Task::Move && self.state.chosen().is_some();
        if !moves && self.state.booked.len() >= MOST_BOOKED {
            return Err(refused("No more appointments can be made in this call. Offer to take a message."));
        }
        let fresh = slot.filter(|slot| held != Some(*slot));
        if fresh.is_some() && self.state.holds >= MOST_HOLDS {
            return Err(refused("No more times can be kept in this call. Offer to take a message."));
        }
        if let (Some(slot), true) = (fresh, moves)
            && self.service_asked_about().is_some_and(|service| service.id != slot.service)
        {
            return Err(refused("That time is for another service than the appointment that is to be moved."));
        }
        self.state.task = if moves { Task::Move } else { Task::Book };
        self.take_details(proposal);
        match fresh {
            Some(slot) => self.keep(slot),
            None => self.advance(),
        }
        Ok(())
    }

    /// Keeps a time, and nothing that was wished before it speaks against it.
    fn keep(&mut self, slot: Slot) {
        let state = &mut self.state;
        state.service = Some(slot.service);
        state.rather = None;
        if state.staff.is_some() || state.task == Task::Move {
            state.staff = Some(slot.staff);
        }
        state.times_meant.clear();
        state.services_meant.clear();
        state.staff_meant.clear();
        self.pick(slot);
    }

    fn take_details(&mut self, proposal: &Propose) {
        if let Some(name) = proposal.name.as_deref().and_then(cleaned_name) {
            let same = self.state.name.as_ref().is_some_and(|known| known.to_lowercase() == name.to_lowercase());
            if !same {
                self.state.name = Some(name);
                self.state.name_known = NameKnown::Heard;
            }
            if proposal.spelled {
                self.state.name_known = NameKnown::Spelled;
            }
        }
        if let Some(people) = proposal.people {
            self.state.party = Some(people).filter(|people| *people > 1);
        }
        if let Some(note) = proposal.note.as_deref().map(cleaned).filter(|note| !note.is_empty()) {
            self.state.note = Some(note.chars().take(MOST_NOTE).collect());
        }
        if proposal.without_number && self.state.number().is_none() {
            self.state.without_number = true;
        }
    }

    /// The yes that was heard by the machine; a model's own word for it is none.
    pub(super) fn act_confirm(&mut self) -> Result<(), ToolAnswer> {
        // What a model has said since the yes takes nothing back from it.
        self.state.aside &= !self.state.agreed;
        if self.state.agreed && self.state.asked == Asked::CancelIt {
            self.on_cancel_answer(Answer::Yes);
            return Ok(());
        }
        if self.state.agreed && self.state.asked == Asked::ReadBack && self.state.held.is_some() {
            self.on_yes();
            return Ok(());
        }
        Err(refused(match (self.state.asked, self.state.held) {
            (Asked::ReadBack, Some(_)) => {
                "The caller has not said a clear yes to what was read back. Use propose to have it read back again."
            }
            (Asked::CancelIt, _) => "The caller has not said a clear yes to cancelling it. Ask them.",
            (_, Some(_)) => "It has not been read back to the caller yet. Use propose.",
            (_, None) => "There is nothing to confirm: no time is kept. Look one up and use propose.",
        }))
    }

    fn shown_slot(&self, handle: &str) -> Result<Slot, ToolAnswer> {
        self.state.shown.slot(handle).ok_or_else(|| {
            let known: Vec<String> = self.state.shown.slots().into_iter().map(|(handle, _)| handle).collect();
            if known.is_empty() {
                return refused("That is none of the times offered in this call: there were none. Look them up first.");
            }
            refused(format!("That is none of the times offered in this call: {}.", known.join(", ")))
        })
    }
}

/// A name as it may be kept and said: no controls, no addresses, at most 60 letters. `None` when nothing is left.
pub(super) fn cleaned_name(name: &str) -> Option<String> {
    let words = name.split_whitespace().filter(|word| !is_address(word));
    let name = words.collect::<Vec<_>>().join(" ");
    // What no name holds is not spoken, and looks like nothing else where it is shown.
    let part = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '\'' | '’' | '-' | '.' | ',') || unicode_mark(c);
    let name: String = name.chars().map(|c| if part(c) { c } else { ' ' }).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.chars().any(char::is_alphabetic).then(|| CustomerName::new(&name).as_str().to_owned())
}

/// Accents that stand as letters of their own.
fn unicode_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Words for the business, without controls.
pub(super) fn cleaned(text: &str) -> String {
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A web or mail address, or a part of one.
fn is_address(word: &str) -> bool {
    let word = word.to_lowercase();
    let dotted = word.trim_end_matches('.').split('.').count() > 2 || word.contains(".com") || word.contains(".net");
    word.contains("://") || word.starts_with("www.") || word.contains('@') || dotted
}
