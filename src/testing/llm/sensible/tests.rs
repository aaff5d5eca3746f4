//! Whole calls without a session or a wire: what the brain asks for is done at once, and the words are heard as they are.

use std::sync::Arc;

use jiff::Timestamp;

use super::Sensible;
use crate::{
    domain::{
        booking::{Booking, Customer, CustomerName},
        business::Business,
        call::Caller,
        dialogue::{DeskReply, Dialogue, Effect, Event, Failure, Heard, Overheard, Request, tool::*},
        slots::offer::Wish,
    },
    ports::{
        clock::Clock,
        desk::{Actor, Cancel, Confirm, Desk, DeskError, Find, Hold, Note},
        language_model::{Prompt, ToolCall, ToolResult, Turn},
    },
    testing::{desk::LedgerInMemory, llm::Brain, salon},
};

struct Stopped(Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

struct Talk {
    brain: Sensible,
    dialogue: Dialogue,
    desk: LedgerInMemory,
    business: Arc<Business>,
    now: Timestamp,
    turns: Vec<Turn>,
    over: bool,
    /// What tools were called, in order.
    called: Vec<String>,
}

impl Talk {
    /// The salon on Friday 2026-11-20 at 10:00 in New York.
    fn begins() -> Self {
        let now: Timestamp = "2026-11-20T15:00:00Z".parse().unwrap();
        let business = Arc::new(salon());
        let mut dialogue = Dialogue::new(Arc::clone(&business));
        dialogue.on(Event::Answered(Caller { number: Some("+12125550177".parse().unwrap()) }), now);
        Self {
            brain: Sensible::new(vec![Arc::clone(&business)]),
            dialogue,
            desk: LedgerInMemory::new(Arc::new(Stopped(now))),
            business,
            now,
            turns: Vec::new(),
            over: false,
            called: Vec::new(),
        }
    }

    async fn says(&mut self, words: &str) -> String {
        let answer = self.answer(words).await;
        println!("Caller: {words}\nAgent:  {answer}");
        answer
    }

    async fn answer(&mut self, words: &str) -> String {
        let overheard = self.dialogue.overhear(Heard::from(words), self.now);
        let desk = serde_json::to_value(self.dialogue.situation(self.now)).unwrap();
        self.turns.push(Turn::Caller(serde_json::json!({ "caller": words, "desk": desk }).to_string()));
        match overheard {
            Overheard::Handled(effects) => {
                let said = self.carry_out(effects).await;
                self.turns.push(Turn::Agent { text: said.clone(), calls: Vec::new() });
                return said;
            }
            Overheard::Waits => panic!("nothing takes time here"),
            Overheard::ForTheModel => {}
        }
        let (mut said, mut own, mut spoken) = (String::new(), String::new(), false);
        for step in 0..4 {
            let prompt = Prompt {
                system: self.business.name.as_str().into(),
                tools: Arc::new([]),
                turns: self.turns.clone(),
                may_call: step < 3,
                most_tokens: 500,
            };
            let reply = self.brain.reply(&prompt);
            said = format!("{said} {}", reply.words).trim().to_owned();
            own = format!("{own} {}", reply.words).trim().to_owned();
            self.turns.push(Turn::Agent { text: reply.words, calls: reply.calls.clone() });
            if reply.calls.is_empty() {
                break;
            }
            let mut results = Vec::new();
            for call in reply.calls {
                self.called.push(format!("{}{}", call.name, call.arguments));
                let tool = parsed(&call);
                let (answer, failed) = match self.dialogue.act(tool.clone(), self.now) {
                    Ok(effects) => {
                        let words = self.carry_out(effects).await;
                        if !tool.is_read() {
                            said = format!("{said} {words}").trim().to_owned();
                            spoken = true;
                        }
                        (self.dialogue.answer(words, self.now), false)
                    }
                    Err(refused) => (refused, true),
                };
                let content = serde_json::to_string(&answer).unwrap();
                println!("        {} -> {content}", self.called.last().unwrap());
                results.push(ToolResult { id: call.id, content, failed });
            }
            self.turns.push(Turn::Results(results));
            if spoken {
                break;
            }
        }
        if !spoken {
            self.dialogue.said_by_model(&own);
        }
        said
    }

    async fn carry_out(&mut self, effects: Vec<Effect>) -> String {
        let mut said = Vec::new();
        let mut left: std::collections::VecDeque<Effect> = effects.into();
        while let Some(effect) = left.pop_front() {
            match effect {
                Effect::Say(words) => said.push(words),
                Effect::Desk(request) => {
                    let reply = self.ask(request).await;
                    left.extend(self.dialogue.on(Event::Desk(reply), self.now));
                }
                Effect::Release(hold) => self.desk.release(&self.business, hold).await.unwrap(),
                Effect::End | Effect::PutThrough => self.over = true,
                Effect::Language(_) => {}
            }
        }
        said.join(" ")
    }

    async fn ask(&self, request: Request) -> DeskReply {
        let business = Arc::clone(&self.business);
        let state = self.dialogue.state();
        let customer = Customer {
            name: CustomerName::new(state.name.as_deref().unwrap_or_default()),
            phone: state.number().cloned(),
        };
        let done = async {
            Ok::<_, DeskError>(match request {
                Request::Find { service, staff, from, to, near, within, count, replacing, .. } => {
                    let wish = near.map_or(Wish::Soonest, Wish::Near);
                    let find = Find { business, service, staff, from, to, within, wish, count, replacing };
                    DeskReply::Found(self.desk.find(find).await?)
                }
                Request::Hold { slot, attempt, replacing } => {
                    let hold = Hold {
                        business,
                        slot,
                        customer,
                        call: None,
                        by: Actor::Customer,
                        anyway: false,
                        key: attempt.to_string(),
                        replacing,
                    };
                    DeskReply::Held(self.desk.hold(hold).await?)
                }
                Request::Confirm { hold } => {
                    let by = Actor::Customer;
                    let confirm = Confirm { business, hold, customer, by, tell: true, language: None };
                    DeskReply::Confirmed(self.desk.confirm(confirm).await?)
                }
                Request::Cancel { booking } => {
                    let by = Actor::Customer;
                    let cancel = Cancel { business, booking, by, reason: None, tell: true, language: None };
                    DeskReply::Cancelled(self.desk.cancel(cancel).await?)
                }
                Request::Upcoming => {
                    DeskReply::Upcoming(self.desk.upcoming(&business, state.line.as_ref().unwrap()).await?)
                }
                Request::Note { text, .. } => {
                    self.desk.take_note(Note { business, call: None, from: None, name: None, text }).await?;
                    DeskReply::NoteTaken
                }
            })
        };
        done.await.unwrap_or(DeskReply::Failed(Failure::Taken))
    }

    fn booked(&self) -> Vec<Booking> {
        self.desk.confirmed()
    }
}

fn parsed(call: &ToolCall) -> Tool {
    fn read<T: serde::de::DeserializeOwned>(arguments: &str) -> T {
        serde_json::from_str(arguments).unwrap_or_else(|error| panic!("{arguments}: {error}"))
    }
    let arguments = &call.arguments;
    match call.name.as_str() {
        "look_up_times" => Tool::LookUpTimes(read(arguments)),
        "propose" => Tool::Propose(read(arguments)),
        "confirm" => Tool::Confirm(read(arguments)),
        "find_bookings" => Tool::FindBookings(read(arguments)),
        "cancel_booking" => Tool::CancelBooking(read(arguments)),
        "answer_from_facts" => Tool::AnswerFromFacts(read(arguments)),
        "take_message" => Tool::TakeMessage(read(arguments)),
        "transfer" => Tool::Transfer(read(arguments)),
        "speak_language" => Tool::SpeakLanguage(read(arguments)),
        "end_call" => Tool::EndCall(read(arguments)),
        other => panic!("there is no tool {other}"),
    }
}

#[tokio::test]
async fn an_appointment_is_booked_piece_by_piece() {
    let mut talk = Talk::begins();
    talk.says("Hello, I'd like to make an appointment").await;
    talk.says("a haircut please").await;
    talk.says("Tuesday afternoon").await;
    talk.says("the second one").await;
    let read_back = talk.says("Anna Kovacs").await;
    assert!(read_back.contains("Shall I book it?"), "{read_back}");
    let booked = talk.says("yes, please").await;
    assert!(booked.contains("You're booked"), "{booked}");
    talk.says("no, that's all, thanks").await;
    assert!(talk.over);
    assert_eq!(talk.booked()[0].customer.name.as_str(), "Anna Kovacs");
}

#[tokio::test]
async fn an_appointment_is_booked_in_one_breath() {
    let mut talk = Talk::begins();
    let read_back = talk.says("This is Anna Kovacs, a haircut with Maria on Tuesday at half past three, please").await;
    assert!(read_back.contains("Shall I book it?"), "{read_back}");
    talk.says("no, make it Thursday").await;
    let read_back = talk.says("could we make that three instead").await;
    assert!(read_back.contains("Thursday") && read_back.contains("3 p.m."), "{read_back}");
    talk.says("where are you exactly?").await;
    let booked = talk.says("yes").await;
    assert!(booked.contains("You're booked"), "{booked}");
}

#[tokio::test]
async fn an_appointment_is_moved_and_then_cancelled() {
    let mut talk = Talk::begins();
    talk.says("This is Anna Kovacs, a haircut with Maria on Tuesday at half past three, please").await;
    talk.says("yes").await;
    talk.says("Could you move it to Wednesday at ten in the morning?").await;
    talk.says("it's on Tuesday").await;
    talk.says("yes, that's right").await;
    talk.says("Actually, please cancel my appointment on Wednesday").await;
    talk.says("yes").await;
    assert!(talk.booked().is_empty());
}

#[tokio::test]
async fn what_was_just_booked_is_given_up() {
    let mut talk = Talk::begins();
    talk.says("Vince Hobbs, a haircut with Maria on Tuesday at ten in the morning").await;
    talk.says("Yeah, perfect").await;
    talk.says("Oh no, I have a meeting then. Please cancel that appointment").await;
    talk.says("on Tuesday").await;
    talk.says("yes").await;
    assert!(talk.booked().is_empty());
}

#[tokio::test]
async fn other_things_are_seen_to() {
    let mut talk = Talk::begins();
    let hours = talk.says("What are your opening hours?").await;
    assert!(hours.contains("9 a.m.") && hours.ends_with('?'), "{hours}");
    let price = talk.says("How much is a color, and do you have anything on Friday?").await;
    assert!(price.contains("120"), "{price}");
    talk.says("none of those. What about Saturday?").await;
    talk.says("never mind").await;
    talk.says("can I leave a message?").await;
    talk.says("I forgot my umbrella").await;
    talk.says("purple is such a nice color for a sofa").await;
    talk.says("bye").await;
    assert!(talk.over && talk.desk.notes()[0].contains("umbrella"));
}
