//! Reads the TwiML that a server answers, as far as a text phone can follow it.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::PhoneError;

/// One verb of a TwiML document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instruction {
    Connect {
        socket: String,
        action: Option<String>,
        greeting: Option<String>,
        /// Whether the server wants to hear when speech is being played.
        speaker_events: bool,
    },
    Say(String),
    Dial(String),
    HangUp,
}

/// The verbs in their order. Unknown ones are an error: a telephone would hang up on them.
pub fn read(xml: &str) -> Result<Vec<Instruction>, PhoneError> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().trim_text(false);
    let mut instructions = Vec::new();
    let mut action = None;
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|error| not_twiml(&error))? {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "Connect" => action = attribute(&tag, "action")?,
                "ConversationRelay" => instructions.push(connect(&tag, action.take())?),
                "Hangup" => instructions.push(Instruction::HangUp),
                "Say" | "Dial" => text.clear(),
                "Response" => {}
                other => return Err(PhoneError::NotTwiml(format!("<{other}> is not a verb it knows"))),
            },
            Event::End(tag) => match tag.name().as_ref() {
                "Say" => instructions.push(Instruction::Say(text.trim().to_owned())),
                "Dial" => instructions.push(Instruction::Dial(text.trim().to_owned())),
                _ => {}
            },
            Event::Text(piece) => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(entity) => {
                let whole = format!("&{};", entity.xml10_content());
                text.push_str(&quick_xml::escape::unescape(&whole).map_err(|error| not_twiml(&error))?);
            }
            Event::Eof => return Ok(instructions),
            _ => {}
        }
    }
}

fn connect(tag: &BytesStart<'_>, action: Option<String>) -> Result<Instruction, PhoneError> {
    let socket =
        attribute(tag, "url")?.ok_or_else(|| PhoneError::NotTwiml("a ConversationRelay without url".into()))?;
    let events = attribute(tag, "events")?.unwrap_or_default();
    Ok(Instruction::Connect {
        socket,
        action,
        greeting: attribute(tag, "welcomeGreeting")?,
        speaker_events: events.split_whitespace().any(|event| event == "speaker-events"),
    })
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, PhoneError> {
    let Some(found) = tag.try_get_attribute(name).map_err(|error| not_twiml(&error))? else { return Ok(None) };
    let value = found.normalized_value(XmlVersion::Implicit1_0).map_err(|error| not_twiml(&error))?;
    Ok(Some(value.into_owned()))
}

fn not_twiml(error: &dyn std::error::Error) -> PhoneError {
    PhoneError::NotTwiml(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        adapters::telephony::twilio::Twilio,
        config::Secret,
        ports::telephony::{Answer, Telephony},
        testing::salon,
    };

    fn answered(answer: &Answer<'_>) -> Vec<Instruction> {
        read(&Twilio::new("AC1".into(), Secret::new("t")).answer(answer).body).unwrap()
    }

    #[test]
    fn what_the_server_writes_is_read_back() {
        let (socket, action) = ("wss://x.example/s?a=1&b=2".to_owned(), "https://x.example/a".to_owned());
        let greeting = Some("Tom & \"Jerry's\"".to_owned());
        let business = salon();
        let connect = Answer::Connect {
            business: &business,
            socket: socket.clone(),
            action: action.clone(),
            greeting: greeting.clone(),
        };
        assert_eq!(
            answered(&connect),
            [Instruction::Connect { socket, action: Some(action), greeting, speaker_events: true }]
        );
        let say = Answer::SayAndHangUp { text: "Sorry, we're closed & gone.", language: "en-US" };
        assert_eq!(answered(&say), [Instruction::Say("Sorry, we're closed & gone.".into()), Instruction::HangUp]);
        let number = "+12125550142".parse().unwrap();
        let through = Answer::PutThrough { number: &number, language: "en-US" };
        assert_eq!(answered(&through), [Instruction::Dial("+12125550142".into())]);
        assert_eq!(answered(&Answer::HangUp), [Instruction::HangUp]);
    }

    #[test]
    fn what_a_telephone_cannot_follow_is_said_so() {
        for xml in ["<Response><Juggle/></Response>", "<html>Not found</html>", "<Response><Say>x</Respo", "<a b=c>"] {
            assert!(matches!(read(xml), Err(PhoneError::NotTwiml(_))), "{xml}");
        }
    }
}
