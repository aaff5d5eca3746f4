//! What models are told of a business, made once and kept for all its calls: it is the same for each of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::{prompt, tools};
use crate::{
    domain::{business::Business, ids::BusinessId},
    ports::language_model::ToolSpec,
};

/// So many businesses are remembered; then it begins anew.
const MOST: usize = 1_024;

#[derive(Clone)]
pub(in crate::session) struct Instruction {
    pub(in crate::session) system: Arc<str>,
    pub(in crate::session) tools: Arc<[ToolSpec]>,
    /// The document it was made from.
    business: Weak<Business>,
}

/// The instructions of every business that has been called lately.
#[derive(Default)]
pub struct Instructions(Mutex<HashMap<BusinessId, Instruction>>);

impl Instructions {
    pub(in crate::session) fn of(&self, business: &Arc<Business>) -> Instruction {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.get(&business.id);
        if let Some(known) = known
            && known.business.as_ptr() == Arc::as_ptr(business)
        {
            return known.clone();
        }
        let system = prompt::system(business);
        let instruction = match known {
            // Read anew from the store, and nothing in it has changed that matters here.
            Some(known) if known.system == system => {
                Instruction { business: Arc::downgrade(business), ..known.clone() }
            }
            _ => Instruction { system, tools: tools::specs(business), business: Arc::downgrade(business) },
        };
        if made.len() >= MOST {
            made.clear();
        }
        made.insert(business.id, instruction.clone());
        instruction
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    #[test]
    fn what_has_not_changed_is_not_made_again() {
        let kept = Instructions::default();
        let (one, other) = (Arc::new(salon()), Arc::new(salon()));
        let first = kept.of(&one);
        for again in [kept.of(&one), kept.of(&other), kept.of(&other)] {
            assert!(Arc::ptr_eq(&first.system, &again.system) && Arc::ptr_eq(&first.tools, &again.tools));
        }
        let mut changed = salon();
        changed.name = "Another Name".into();
        assert_ne!(first.system, kept.of(&Arc::new(changed)).system);
    }
}
