//! Models that behave, and models that do not: what stands behind both vendors' wire formats in tests and in
//! `deskbell simulate`.

mod completions;
pub mod direct;
pub mod faults;
pub mod hostile;
mod messages;
pub mod sensible;
pub mod server;
mod told;

use crate::ports::language_model::{Prompt, ToolCall};

/// What a model says to a prompt, before anybody puts it on a wire.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    pub words: String,
    pub calls: Vec<ToolCall>,
}

/// A model's mind: a pure function of the conversation, its memory being what stands in it.
pub trait Brain: Send + Sync {
    fn reply(&self, prompt: &Prompt) -> Reply;
}

impl<F: Fn(&Prompt) -> Reply + Send + Sync> Brain for F {
    fn reply(&self, prompt: &Prompt) -> Reply {
        self(prompt)
    }
}
