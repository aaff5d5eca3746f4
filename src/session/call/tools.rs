//! The tools that a model calls: each is a nudge to the conversation's machine, one after the other.

use std::sync::Arc;

use super::CallSession;
use crate::{
    domain::dialogue::{Effect, tool::ToolAnswer},
    ports::{
        language_model::{ToolCall, ToolResult},
        line::Line,
        observer::{Seen, ToolCame, Why as FellBack},
    },
    session::receptionist::{Doing, MOST_CALLS, tools},
};

/// For a tool that there is not.
const UNKNOWN: &str = "unknown";

impl<L: Line> CallSession<L> {
    /// Does what the model's message asks for, as far as it can be done now; the desk's answers bring it back here.
    pub(super) async fn run_calls(&mut self) {
        while let Some(call) = self.next_call() {
            let effects = match self.begin_call(&call) {
                Begun::Answered(result) => {
                    self.note_result(&call, result);
                    continue;
                }
                Begun::Doing(effects) => effects,
                Begun::Failed(effects) => return self.leave_to_machine(effects).await,
            };
            if !self.follow_call(effects).await {
                return;
            }
        }
        self.after_calls().await;
    }

    /// What the tool at work has set off is done, or the desk has answered. False when there is nothing to go on with now.
    pub(super) async fn follow_call(&mut self, effects: Vec<Effect>) -> bool {
        let Some(doing) = self.turn_mut().and_then(|turn| turn.doing.as_mut()) else { return false };
        if doing.tool.is_read() {
            // The words are for the model.
            let (said, rest) = effects.into_iter().partition::<Vec<_>, _>(|effect| matches!(effect, Effect::Say(_)));
            for effect in said {
                if let Effect::Say(text) = effect {
                    doing.says(&text);
                }
            }
            self.carry_out(rest).await;
        } else {
            self.carry_out(effects).await;
        }
        self.asking.is_none() && self.end_call().await
    }

    /// The desk has answered what a tool has asked.
    pub(super) async fn on_desk_for_tool(&mut self, effects: Vec<Effect>) {
        if self.follow_call(effects).await {
            self.run_calls().await;
        }
    }

    /// The first call without a result.
    fn next_call(&mut self) -> Option<ToolCall> {
        let turn = self.turn_mut()?;
        turn.calls.get(turn.results.len()).cloned()
    }

    fn begin_call(&mut self, call: &ToolCall) -> Begun {
        let business = Arc::clone(&self.business);
        let Some(turn) = self.turn_mut() else { return Begun::Failed(Vec::new()) };
        if turn.results.len() >= MOST_CALLS {
            return Begun::Answered(refused(call, "Too many calls at once. Call it alone, if it is still needed."));
        }
        let key = tools::key(call);
        let name = tools::name(call).unwrap_or(UNKNOWN);
        if let Some((_, result)) = turn.done.iter().find(|(done, _)| *done == key) {
            let result = ToolResult { id: call.id.clone(), ..result.clone() };
            if result.failed {
                turn.went_wrong(name == UNKNOWN);
            }
            return Begun::Answered(result);
        }
        turn.report.tools.push(name.to_owned());
        let tool = match tools::parse(call, &business) {
            Ok(tool) => tool,
            Err(answer) => {
                turn.went_wrong(name == UNKNOWN);
                self.saw_tool(name, ToolCame::Malformed);
                return Begun::Answered(result(call, &answer));
            }
        };
        turn.doing = Some(Doing { name, tool: tool.clone(), say: String::new() });
        match self.with_dialogue(|dialogue, now| dialogue.act(tool, now)) {
            Ok(Ok(effects)) => Begun::Doing(effects),
            Ok(Err(answer)) => {
                if let Some(turn) = self.turn_mut() {
                    turn.doing = None;
                    turn.went_wrong(false);
                }
                self.saw_tool(name, ToolCame::Refused);
                Begun::Answered(result(call, &answer))
            }
            Err(failed) => Begun::Failed(failed),
        }
    }

    pub(super) fn saw_tool(&mut self, name: &'static str, came: ToolCame) {
        self.turns.called(name, came);
        if let Some(talk) = &self.talk {
            talk.saw(Seen::Tool { name, came });
        }
    }

    /// The tool is done. True when the model goes on; when the server has answered the caller, the turn is over.
    async fn end_call(&mut self) -> bool {
        let Some(doing) = self.turn_mut().and_then(|turn| turn.doing.take()) else { return false };
        let said = doing.say.clone();
        let Ok(answer) = self.with_dialogue(|dialogue, now| dialogue.answer(said, now)) else { return false };
        let Some(call) = self.next_call() else { return false };
        let answered = result(&call, &answer);
        if let Some(talk) = &mut self.talk {
            talk.known.told(&answer.say);
        }
        self.note_result(&call, answered);
        self.saw_tool(doing.name, ToolCame::Done);
        if doing.tool.is_read() || doing.say.is_empty() {
            return true;
        }
        while let Some(call) = self.next_call() {
            self.note_result(&call, refused(&call, "Not done: the caller has been answered already."));
        }
        self.remember_calls();
        if let Some(talk) = &mut self.talk {
            talk.history.said(&doing.say);
        }
        self.end_turn(false).await;
        false
    }

    fn note_result(&mut self, call: &ToolCall, result: ToolResult) {
        if let Some(turn) = self.turn_mut() {
            turn.results.push(result.clone());
            turn.done.push((tools::key(call), result));
        }
    }

    /// All calls of the message are answered: the model is asked again, unless it has been wrong too often.
    async fn after_calls(&mut self) {
        self.remember_calls();
        let Some(turn) = self.turn() else { return };
        if turn.is_hopeless() {
            self.fall_back(FellBack::Unusable).await;
        } else {
            self.ask_model();
        }
    }

    fn remember_calls(&mut self) {
        let Some(talk) = &mut self.talk else { return };
        let Some(turn) = &mut talk.turn else { return };
        let (calls, results) = (std::mem::take(&mut turn.calls), std::mem::take(&mut turn.results));
        talk.history.called(&std::mem::take(&mut turn.message), calls, results);
    }
}

/// How a call begins.
enum Begun {
    Doing(Vec<Effect>),
    /// It is over before it has begun.
    Answered(ToolResult),
    Failed(Vec<Effect>),
}

fn refused(call: &ToolCall, why: &str) -> ToolResult {
    result(call, &ToolAnswer { refused: Some(why.to_owned()), ..ToolAnswer::default() })
}

fn result(call: &ToolCall, answer: &ToolAnswer) -> ToolResult {
    let content = serde_json::to_string(answer).unwrap_or_default();
    ToolResult { id: call.id.clone(), content, failed: answer.refused.is_some() }
}
