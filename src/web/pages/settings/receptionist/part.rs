//! What the receptionist's form changes in a business.

use super::{facts, hours};
use crate::{
    domain::{
        business::{AnsweredBy, Business, Mistake, WhenUnsure},
        phone::{PhoneKind, PhoneNumber},
    },
    web::pages::{
        edit::Part,
        form::{Fields, wrong},
    },
};

/// The languages that have words here, with the places they are spoken in.
pub(super) const LANGUAGES: [(&str, &str); 15] = [
    ("en-US", "English (United States)"),
    ("en-GB", "English (United Kingdom)"),
    ("en-CA", "English (Canada)"),
    ("en-AU", "English (Australia)"),
    ("en-IE", "English (Ireland)"),
    ("es-US", "Spanish (United States)"),
    ("es-MX", "Spanish (Mexico)"),
    ("es-ES", "Spanish (Spain)"),
    ("de-DE", "German"),
    ("fr-FR", "French (France)"),
    ("fr-CA", "French (Canada)"),
    ("it-IT", "Italian"),
    ("pt-BR", "Portuguese (Brazil)"),
    ("pt-PT", "Portuguese (Portugal)"),
    ("nl-NL", "Dutch"),
];

/// The form.
pub(super) struct Receptionist {
    /// The server's models, in its order.
    models: Vec<String>,
}

impl Receptionist {
    pub(super) fn new(models: Vec<String>) -> Self {
        Self { models }
    }
}

impl Part for Receptionist {
    const DEED: &'static str = "settings.receptionist";

    fn fields(&self, business: &Business) -> Fields {
        let voice = &business.voice;
        let answering = &business.ai_config.receptionist;
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut fields = Fields::default()
            .and("greeting", &voice.greeting)
            .and("disclosure", &voice.disclosure)
            .and("language", &voice.language)
            .and("tone", &voice.tone)
            .and("interruptible", if voice.interruptible { "on" } else { "" })
            .and("speaker", optional(&voice.tts_provider))
            .and("voice", optional(&voice.voice))
            .and("listener", optional(&voice.transcription_provider))
            .and("answered", if answering.kind == AnsweredBy::Scripted { "scripted" } else { "model" })
            .and("when_unsure", unsure(business.when_unsure))
            .and("transfer_to", business.transfer_to.as_ref().map_or("", PhoneNumber::as_str))
            .and("longest_call", voice.longest_call_minutes.to_string());
        for language in &voice.languages {
            fields.add("languages", language);
        }
        for model in &answering.models {
            fields.add("models", model);
        }
        hours::add(&mut fields, business);
        facts::add(&mut fields, &business.facts);
        fields
    }

    fn apply(&self, typed: &Fields, business: &mut Business) -> Result<(), Vec<Mistake>> {
        let mut found = Vec::new();
        let voice = &mut business.voice;
        typed.text("greeting").clone_into(&mut voice.greeting);
        typed.text("disclosure").clone_into(&mut voice.disclosure);
        typed.text("language").clone_into(&mut voice.language);
        typed.text("tone").clone_into(&mut voice.tone);
        voice.languages =
            typed.all("languages").filter(|tag| *tag != typed.text("language")).map(str::to_owned).collect();
        voice.languages.dedup();
        voice.interruptible = typed.is_on("interruptible");
        voice.tts_provider = optional(typed, "speaker");
        voice.voice = optional(typed, "voice");
        voice.transcription_provider = optional(typed, "listener");
        match typed.text("longest_call").parse() {
            Ok(minutes) => voice.longest_call_minutes = minutes,
            Err(_) => found.push(wrong("longest_call", "a number of minutes, 1 to 60")),
        }
        let answering = &mut business.ai_config.receptionist;
        answering.kind = if typed.text("answered") == "scripted" { AnsweredBy::Scripted } else { AnsweredBy::Model };
        let chosen: Vec<String> = typed.all("models").map(str::to_owned).collect();
        let same = |names: &[String]| names.len() == chosen.len() && names.iter().all(|name| chosen.contains(name));
        // The boxes have no order of their own: the one that was saved holds while the choice is the same.
        if !same(&answering.models) {
            let ordered = self.models.iter().filter(|name| chosen.contains(name)).cloned();
            answering.models = ordered.collect();
        }
        business.when_unsure = match typed.text("when_unsure") {
            "take_message" => WhenUnsure::TakeMessage,
            "put_through" => WhenUnsure::PutThrough,
            _ => WhenUnsure::Offer,
        };
        transfer(typed, business, &mut found);
        hours::apply(typed, business, &mut found);
        business.facts = facts::read(typed);
        if business.when_unsure == WhenUnsure::PutThrough && business.transfer_to.is_none() && found.is_empty() {
            found.push(wrong("transfer_to", "is needed to put callers through; or choose to take a message"));
        }
        found.extend(business.mistakes().into_iter().filter_map(by_field));
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

/// The numbers that may be dialled are those of ordinary people and offices.
fn transfer(typed: &Fields, business: &mut Business, found: &mut Vec<Mistake>) {
    let text = typed.text("transfer_to");
    if text.is_empty() {
        business.transfer_to = None;
        return;
    }
    match PhoneNumber::parse(text, &business.country) {
        Ok(number) if number.kind() == PhoneKind::Never => {
            found.push(wrong("transfer_to", "is a number that costs whoever dials it, or reaches nobody"));
        }
        Ok(number) if business.numbers.contains(&number) => {
            found.push(wrong("transfer_to", "is the number that Deskbell answers: callers would come back here"));
        }
        Ok(number) => business.transfer_to = Some(number),
        Err(_) => found.push(wrong("transfer_to", "is no telephone number; write it with its area code")),
    }
}

fn optional(typed: &Fields, name: &str) -> Option<String> {
    let text: String = typed.text(name).chars().take(80).collect();
    (!text.is_empty()).then_some(text)
}

fn unsure(when: WhenUnsure) -> &'static str {
    match when {
        WhenUnsure::Offer => "offer",
        WhenUnsure::TakeMessage => "take_message",
        WhenUnsure::PutThrough => "put_through",
    }
}

/// What is wrong with the document, beside the field of this form that it came from; the rest is another form's.
fn by_field(mistake: Mistake) -> Option<Mistake> {
    let at = match mistake.at.as_str() {
        "voice.greeting" => "greeting".to_owned(),
        "voice.disclosure" => "disclosure".to_owned(),
        "voice.language" => "language".to_owned(),
        "voice.tone" => "tone".to_owned(),
        "voice.longest_call_minutes" => "longest_call".to_owned(),
        "facts" => "facts".to_owned(),
        at if at.starts_with("voice.languages") => "languages".to_owned(),
        at if at.starts_with("ai_config.receptionist") => "models".to_owned(),
        at => facts::field(at).or_else(|| hours::field(at))?,
    };
    Some(Mistake { at, ..mistake })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::salon;

    fn typed(change: impl Fn(&mut Vec<(String, String)>)) -> Fields {
        let part = Receptionist::new(Vec::new());
        let mut salon = salon();
        salon.transfer_to = Some("+12125550199".parse().unwrap());
        let mut pairs: Vec<(String, String)> =
            part.fields(&salon).iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        change(&mut pairs);
        pairs.into_iter().fold(Fields::default(), |fields, (name, value)| fields.and(name, value))
    }

    fn set(pairs: &mut [(String, String)], name: &str, value: &str) {
        for pair in pairs.iter_mut().filter(|pair| pair.0 == name) {
            value.clone_into(&mut pair.1);
        }
    }

    fn applied(typed: &Fields) -> Result<Business, Vec<Mistake>> {
        let mut business = salon();
        Receptionist::new(vec!["fast".into(), "slow".into()]).apply(typed, &mut business).map(|()| business)
    }

    #[test]
    fn what_is_saved_unchanged_is_the_same_business() {
        let mut expected = salon();
        expected.transfer_to = Some("+12125550199".parse().unwrap());
        assert_eq!(applied(&typed(|_| {})).unwrap(), expected);
    }

    #[test]
    fn a_number_that_must_not_be_dialled_is_refused_beside_its_field() {
        for (number, hint) in
            [("+1 900 555 1234", "costs"), ("12", "no telephone number"), (salon().numbers[0].as_str(), "answers")]
        {
            let wrong = applied(&typed(|pairs| set(pairs, "transfer_to", number))).unwrap_err();
            assert_eq!(wrong[0].at, "transfer_to");
            assert!(wrong[0].why.contains(hint), "{number}: {}", wrong[0].why);
        }
        let wrong = applied(&typed(|pairs| {
            set(pairs, "transfer_to", "");
            set(pairs, "when_unsure", "put_through");
        }));
        assert_eq!(wrong.unwrap_err()[0].at, "transfer_to");
    }

    #[test]
    fn facts_and_hours_are_read_by_row_and_day() {
        let fields = typed(|pairs| {
            pairs.retain(|(name, _)| !name.starts_with("fact_"));
            for (words, answer) in [("parking, car", "Behind the house."), ("", ""), ("dogs", "")] {
                pairs.push(("fact_words".into(), words.into()));
                pairs.push(("fact_answer".into(), answer.into()));
            }
            set(pairs, "transfer_when", "hours");
            set(pairs, "hours_monday", "9-17, 18:00 - 20:30");
            set(pairs, "hours_tuesday", "late");
        });
        let wrong: Vec<String> = applied(&fields).unwrap_err().into_iter().map(|mistake| mistake.at).collect();
        assert_eq!(wrong, ["hours_tuesday", "fact_answer_1"], "the row that is empty is no fact");
    }
}
