//! What may be said on which ground: tables of sentences, and the stream.

mod sentences;
mod speed;
mod stream;

use jiff::{Zoned, civil::DateTime};

use super::{Claim, Ground, Speech, Spoken};
use crate::{domain::business::Business, testing::salon};

/// What a call knows, in a few grounds that the tables name.
struct Call {
    business: Business,
    language: &'static str,
    booked: Vec<Zoned>,
    own: Vec<Zoned>,
    moved: bool,
    cancelled: bool,
    message: bool,
    held: Option<Zoned>,
    offered: Vec<Zoned>,
    told: Vec<&'static str>,
    heard: Vec<&'static str>,
}

fn at(time: &str) -> Zoned {
    let time: DateTime = time.parse().expect("a civil time");
    time.in_tz("America/New_York").expect("a time in New York")
}

impl Call {
    /// Friday, the 20th of November, five past ten.
    fn on(name: &str) -> Self {
        let (tuesday, thursday) = (at("2026-11-24T15:30"), at("2026-11-26T14:00"));
        let mut call = Self {
            business: salon(),
            language: "en-US",
            booked: Vec::new(),
            own: Vec::new(),
            moved: false,
            cancelled: false,
            message: false,
            held: None,
            offered: Vec::new(),
            told: vec!["Thanks for calling Willow and Sage Salon. How can I help you?"],
            heard: vec!["I'd like a haircut on Tuesday afternoon, maybe at three."],
        };
        let offers = [tuesday.clone(), at("2026-11-24T16:15"), at("2026-11-25T10:00")];
        match name {
            "start" => {}
            "offered" | "held" => {
                call.offered = offers.to_vec();
                call.told.push("For a haircut with Maria I have Tuesday the 24th at 3:30 p.m., 4:15 p.m. or Wednesday the 25th at 10 a.m.");
                call.held = (name == "held").then_some(tuesday);
            }
            "taken" => {
                call.heard.push("What about Friday at four?");
                call.offered = vec![at("2026-11-28T10:00")];
                call.told.push("I'm afraid there's nothing free on Friday the 27th. The nearest I have is Saturday the 28th at 10 a.m.");
            }
            "booked" => call.booked = vec![tuesday],
            "own" => {
                call.own = vec![thursday];
                call.told.push("You have a haircut with Maria, Thursday, November 26th at 2 p.m.");
            }
            "moved" => {
                call.own = vec![thursday];
                call.booked = vec![tuesday];
                call.moved = true;
            }
            "cancelled" => {
                call.own = vec![thursday];
                call.cancelled = true;
            }
            "message" => call.message = true,
            other => panic!("there is no ground {other}"),
        }
        call
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            business: &self.business,
            now: at("2026-11-20T10:05"),
            language: self.language,
            booked: self.booked.clone(),
            own: self.own.clone(),
            moved: self.moved,
            cancelled: self.cancelled,
            message: self.message,
            held: self.held.clone(),
            offered: self.offered.clone(),
            told: self.told.clone(),
            heard: self.heard.clone(),
        }
    }

    /// What comes out of one message.
    fn says(&self, text: &str) -> (String, Option<Claim>) {
        let ground = self.ground();
        let mut speech = Speech::new();
        let mut spoken = speech.hear(text, &ground);
        spoken.extend(speech.finish(&ground));
        told(spoken)
    }
}

fn told(spoken: Vec<Spoken>) -> (String, Option<Claim>) {
    let mut said = String::new();
    let mut withheld = None;
    for piece in spoken {
        match piece {
            Spoken::Say(text) => said.push_str(&text),
            Spoken::Withheld(claim) => withheld = Some(claim),
        }
    }
    (said, withheld)
}
