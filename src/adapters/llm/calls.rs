//! Calls of tools on the wire: collected from their pieces in an answer, and numbered in a request.
//!
//! Nobody sees a call before the answer has ended as its vendor ends answers: until then its arguments may be half of
//! what was meant, and half of them may well be JSON.

use std::fmt::Write;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::ports::language_model::{ModelError, ToolCall};

/// More calls in one answer, or longer arguments, are a model gone astray.
const MOST_CALLS: usize = 128;
const LONGEST: usize = 64 * 1024;

/// The calls of an answer that is still coming.
#[derive(Default)]
pub(super) struct Calls {
    open: Vec<Open>,
    /// The one that was written to last: if the answer is cut for its length, it is this one that is not whole.
    last: usize,
    length: usize,
}

struct Open {
    index: Option<u64>,
    call: ToolCall,
}

/// A piece of a call; what it does not say is empty.
#[derive(Default)]
pub(super) struct Part<'a> {
    pub(super) index: Option<u64>,
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) arguments: &'a str,
}

impl Calls {
    /// Takes a piece in, by its index and its id: endpoints number parallel calls with gaps, give all of them the same
    /// index, or none, and name a call once or in every piece.
    pub(super) fn take(&mut self, part: &Part) -> Result<(), ModelError> {
        self.length += part.arguments.len() + part.name.len();
        let at = match self.place(part) {
            Some(at) => at,
            None if part.name.is_empty() => return Err(ModelError::Broken("arguments without their call")),
            None => {
                let call = ToolCall { id: part.id.to_owned(), name: part.name.to_owned(), arguments: String::new() };
                self.open.push(Open { index: part.index, call });
                self.open.len() - 1
            }
        };
        if self.open.len() > MOST_CALLS || self.length > LONGEST {
            return Err(ModelError::Broken("more calls than anybody can mean"));
        }
        self.last = at;
        let call = &mut self.open[at].call;
        if call.id.is_empty() {
            part.id.clone_into(&mut call.id);
        }
        if call.name.is_empty() {
            part.name.clone_into(&mut call.name);
        }
        call.arguments.push_str(part.arguments);
        Ok(())
    }

    /// The call that a piece belongs to, if it has begun.
    fn place(&self, part: &Part) -> Option<usize> {
        let same_id = |open: &Open| part.id.is_empty() || open.call.id.is_empty() || open.call.id == part.id;
        let at = match part.index {
            Some(_) => self.open.iter().rposition(|open| open.index == part.index && same_id(open)),
            None if part.id.is_empty() => self.open.len().checked_sub(1),
            None => self.open.iter().rposition(|open| open.call.id == part.id),
        }?;
        // With neither an id nor an index of its own, a name behind whole arguments begins another call; unless it only
        // says the same name once more.
        let call = &self.open[at].call;
        let repeats = part.name == call.name && part.arguments.is_empty();
        let another = part.id.is_empty() && !part.name.is_empty() && is_object(&call.arguments) && !repeats;
        (!another).then_some(at)
    }

    /// The answer has ended: its calls, in their order, each with an id of its own. `cut` says that it was cut for its
    /// length; then the call that was being written is dropped, and so is any whose arguments are not all there.
    pub(super) fn whole(self, cut: bool) -> Vec<ToolCall> {
        let last = self.last;
        let calls = self.open.into_iter().enumerate().map(|(at, open)| (at, open.call));
        let mut whole: Vec<ToolCall> = Vec::new();
        for (at, mut call) in calls.filter(|(at, call)| !cut || (*at != last && is_object(&call.arguments))) {
            if call.arguments.trim().is_empty() {
                "{}".clone_into(&mut call.arguments);
            }
            let taken = |id: &str| id.is_empty() || whole.iter().any(|other| other.id == id);
            let mut more = at;
            while taken(&call.id) {
                call.id.clear();
                write!(call.id, "call-{more}").expect("a string takes what is written to it");
                more += MOST_CALLS;
            }
            whole.push(call);
        }
        whole
    }
}

/// Whether a text is one whole JSON object.
fn is_object(text: &str) -> bool {
    object(text).is_some()
}

fn object(text: &str) -> Option<&RawValue> {
    text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok()).flatten()
}

/// The arguments of an earlier call as a JSON object; what was none (the model has been told so) goes back as an empty
/// one, because vendors refuse a conversation in which it stands.
pub(super) fn arguments(call: &ToolCall) -> &RawValue {
    object(&call.arguments).unwrap_or_else(|| serde_json::from_str("{}").expect("it is JSON"))
}

/// Names the calls of a conversation for the wire: by their place in it. The ids that came with them may be another
/// vendor's, too long or with signs that this one refuses (OpenAI: at most 40; Mistral: nine letters and digits;
/// Anthropic: letters, digits, `_`, `-`), and the same conversation must have the same ones in every turn.
#[derive(Default)]
pub(super) struct Ids<'a> {
    count: u32,
    /// Those of the turn that is answered.
    last: Vec<(&'a str, u32)>,
}

/// `call` and five digits.
#[derive(Clone, Copy)]
pub(super) struct Id(u32);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("call{:05}", self.0))
    }
}

impl<'a> Ids<'a> {
    pub(super) fn of_calls(&mut self, calls: &'a [ToolCall]) -> impl Iterator<Item = (Id, &'a ToolCall)> + use<'a> {
        let first = self.count;
        let numbered = (first..).zip(calls);
        self.last = numbered.clone().map(|(number, call)| (call.id.as_str(), number)).collect();
        self.count += u32::try_from(calls.len()).unwrap_or_default();
        numbered.map(|(number, call)| (Id(number), call))
    }

    /// A result of no call of the turn before gets a number that no call has; the vendor refuses it.
    pub(super) fn of_result(&self, id: &str) -> Id {
        Id(self.last.iter().find(|(call, _)| *call == id).map_or(99_999, |(_, number)| *number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part<'a>(index: Option<u64>, id: &'a str, name: &'a str, arguments: &'a str) -> Part<'a> {
        Part { index, id, name, arguments }
    }

    fn calls(parts: &[Part], cut: bool) -> Vec<(String, String, String)> {
        let mut calls = Calls::default();
        for part in parts {
            calls.take(part).unwrap();
        }
        calls.whole(cut).into_iter().map(|call| (call.id, call.name, call.arguments)).collect()
    }

    fn call(id: &str, name: &str, arguments: &str) -> (String, String, String) {
        (id.into(), name.into(), arguments.into())
    }

    #[test]
    fn e18_pieces_find_their_call_however_the_endpoint_numbers_them() {
        let both = [call("a", "look", r#"{"x":1}"#), call("b", "hold", r#"{"y":2}"#)];
        let numbered = [
            part(Some(0), "a", "look", ""),
            part(Some(0), "", "", r#"{"x""#),
            part(Some(0), "", "", ":1}"),
            part(Some(1), "b", "hold", r#"{"y":2}"#),
        ];
        assert_eq!(calls(&numbered, false), both);
        let jumping = [part(Some(3), "a", "look", r#"{"x":1}"#), part(Some(70), "b", "hold", r#"{"y":2}"#)];
        assert_eq!(calls(&jumping, false), both);
        let mixed = [
            part(Some(0), "a", "look", r#"{"x""#),
            part(Some(1), "b", "hold", r#"{"y""#),
            part(Some(0), "", "", ":1}"),
            part(Some(1), "", "", ":2}"),
        ];
        assert_eq!(calls(&mixed, false), both);
        let all_zero = [part(Some(0), "a", "look", r#"{"x":1}"#), part(Some(0), "b", "hold", r#"{"y":2}"#)];
        assert_eq!(calls(&all_zero, false), both);
        let no_index = [
            part(None, "a", "look", r#"{"x""#),
            part(None, "", "", ":1}"),
            part(None, "b", "hold", ""),
            part(None, "b", "", r#"{"y":2}"#),
        ];
        assert_eq!(calls(&no_index, false), both);
        let named_every_time = [part(Some(0), "a", "look", r#"{"x""#), part(Some(0), "a", "look", ":1}")];
        assert_eq!(calls(&named_every_time, false), both[..1]);
        let named_at_the_end = [part(Some(0), "", "look", r#"{"x":1}"#), part(Some(0), "", "look", "")];
        assert_eq!(calls(&named_at_the_end, false), [call("call-0", "look", r#"{"x":1}"#)]);
    }

    #[test]
    fn e18_a_call_without_an_id_or_with_anothers_gets_one() {
        let none = [part(Some(0), "", "look", r#"{"x":1}"#), part(Some(0), "", "hold", r#"{"y":2}"#)];
        assert_eq!(calls(&none, false), [call("call-0", "look", r#"{"x":1}"#), call("call-1", "hold", r#"{"y":2}"#)]);
        let twice = [part(Some(0), "call-1", "look", "{}"), part(Some(1), "call-1", "hold", "")];
        assert_eq!(calls(&twice, false), [call("call-1", "look", "{}"), call("call-129", "hold", "{}")]);
    }

    #[test]
    fn arguments_of_no_call_break_the_answer() {
        let mut calls = Calls::default();
        calls.take(&part(Some(0), "a", "look", "{")).unwrap();
        assert!(matches!(calls.take(&part(Some(1), "", "", "}")), Err(ModelError::Broken(_))));
        assert!(matches!(Calls::default().take(&part(None, "x", "", "{}")), Err(ModelError::Broken(_))));
    }

    #[test]
    fn a_model_gone_astray_is_stopped() {
        let mut calls = Calls::default();
        let long = "x".repeat(1000);
        assert!((0..70).any(|_| calls.take(&part(Some(0), "a", "look", &long)).is_err()));
        let mut calls = Calls::default();
        assert!((0..200).any(|n| calls.take(&part(Some(n), "", "look", "{}")).is_err()));
    }

    #[test]
    fn e25_of_an_answer_cut_for_its_length_only_whole_calls_are_left() {
        let parts = [
            part(Some(0), "a", "look", r#"{"x":1}"#),
            part(Some(1), "b", "hold", r#"{"y":"#),
            part(Some(2), "c", "book", r#"{"z":{}}"#),
        ];
        assert_eq!(calls(&parts, true), [call("a", "look", r#"{"x":1}"#)]);
        assert_eq!(calls(&[], true), []);
    }

    #[test]
    fn the_wire_numbers_calls_by_their_place() {
        let made = |id: &str| ToolCall { id: id.into(), name: "look".into(), arguments: "{}".into() };
        let (first, second) =
            ([made("toolu_01"), made("chatcmpl-tool-0123456789abcdef0123456789abcdef")], [made("toolu_01")]);
        let json = |id: Id| serde_json::to_string(&id).unwrap();
        let mut ids = Ids::default();
        assert_eq!(
            ids.of_calls(&first).map(|(id, _)| json(id)).collect::<Vec<_>>(),
            ["\"call00000\"", "\"call00001\""]
        );
        assert_eq!(json(ids.of_result("toolu_01")), "\"call00000\"");
        assert_eq!(ids.of_calls(&second).map(|(id, _)| json(id)).collect::<Vec<_>>(), ["\"call00002\""]);
        assert_eq!(json(ids.of_result("toolu_01")), "\"call00002\"");
        assert_eq!(json(ids.of_result("other")), "\"call99999\"");
    }

    #[test]
    fn what_was_no_object_goes_back_as_an_empty_one() {
        let back = |text: &str| {
            arguments(&ToolCall { id: String::new(), name: String::new(), arguments: text.into() }).get().to_owned()
        };
        assert_eq!(back(r#"{"a": 1}"#), r#"{"a": 1}"#);
        for wrong in ["", "{'a': 1}", r#"{"a":"#, "[1]", "null", "{} and more"] {
            assert_eq!(back(wrong), "{}");
        }
    }
}
