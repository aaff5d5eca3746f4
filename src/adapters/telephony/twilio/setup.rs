//! How a number is set up at Twilio, for an owner who has never seen its console.
//!
//! Source: Twilio, "Configure phone numbers to receive and respond to voice calls", and "ConversationRelay onboarding".

use crate::ports::telephony::{Addresses, SetupStep, Speech};

/// Providers and voices of ConversationRelay. Source: Twilio, "ConversationRelay: text-to-speech voices" and "TwiML Voice:
/// ConversationRelay" (attributes `ttsProvider`, `transcriptionProvider`, `voice`).
pub(super) const SPEECH: Speech = Speech {
    speakers: &["ElevenLabs", "Google", "Amazon"],
    listeners: &["Deepgram", "Google"],
    voices: &["en-US-Journey-O", "en-US-Chirp3-HD-Aoede", "Joanna-Neural", "Matthew-Neural"],
    more: "https://www.twilio.com/docs/voice/conversationrelay/voice-configuration",
};

pub(super) const WHEN_REFUSED: &str = "Twilio signs every request with the account’s primary auth token over the exact address \
    it calls. A signature that does not fit means that TWILIO_AUTH_TOKEN on this server is not that token (a secondary one, or \
    one that was replaced), that the number belongs to another Twilio account, or that DESKBELL_PUBLIC_ORIGIN is not the \
    address that stands in Twilio’s console, letter by letter.";

pub(super) fn steps(addresses: &Addresses) -> Vec<SetupStep> {
    let step = |title, text: &str, paste| SetupStep { title, text: text.to_owned(), paste };
    vec![
        step(
            "Have a number that can take calls",
            "In the Twilio Console open Phone Numbers, Manage, Active numbers. Buy one there if you have none (Voice must be \
             among what it can do), or keep the number your customers know: let your phone company forward it to a Twilio \
             number, always or when you do not pick up.",
            Vec::new(),
        ),
        step(
            "Allow spoken conversations, once for the account",
            "Under Voice, Settings, General, accept the “Predictive and Generative AI/ML Features Addendum”. Without it Twilio \
             ends every call with an error before anybody is heard.",
            Vec::new(),
        ),
        step(
            "Tell Twilio where calls go",
            "Open the number. In its Voice Configuration choose “Webhook, TwiML Bin, Function, Studio Flow, Proxy Service”, then \
             for “A call comes in” choose Webhook, paste this address, and HTTP POST.",
            vec![("A call comes in", addresses.calls.clone())],
        ),
        step(
            "Tell Twilio where to say that a call is over",
            "A little further down in the same place, so that a call that breaks off is not shown as running. HTTP POST again.",
            vec![("Call status changes", addresses.call_status.clone())],
        ),
        step(
            "Save, then call the number",
            "Press “Save configuration”, add the number to the list on this page, and call it from any phone. The panel on this \
             page turns green as soon as Twilio asks us about the call.",
            Vec::new(),
        ),
        step(
            "Several numbers?",
            "Each can have the address above. Or give all of them this one, which finds the business by the number that was \
             called: then every number must stand in the list on this page.",
            vec![("A call comes in", addresses.calls_by_number.clone())],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_can_be_pasted_somewhere() {
        let addresses = Addresses {
            calls: "https://voice.example.com/voice/incoming/1".into(),
            calls_by_number: "https://voice.example.com/voice/incoming".into(),
            call_status: "https://voice.example.com/voice/status/1".into(),
        };
        let pasted: Vec<String> = steps(&addresses).into_iter().flat_map(|step| step.paste).map(|(_, to)| to).collect();
        assert_eq!(pasted, [addresses.calls, addresses.call_status, addresses.calls_by_number]);
    }
}
