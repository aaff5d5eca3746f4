//! The frames as they are on the wire.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::ports::line::{MOST_OTHERS, Understood};

/// Every field that any of the vendor's frames has and we read. What is not named here is skipped, whatever it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Frame<'a> {
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) session_id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) account_sid: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) call_sid: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) from: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) voice_prompt: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) alternatives: Texts<'a>,
    #[serde(borrow, default)]
    pub(super) last: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) digit: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) name: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) value: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) utterance_until_interrupt: Loose<'a>,
}

/// A value that ought to be a text or a yes/no, and may be anything: one odd field must not cost the whole frame.
#[derive(Default)]
pub(super) enum Loose<'a> {
    Text(Cow<'a, str>),
    Bool(bool),
    #[default]
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Loose::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Loose::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Loose::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Loose::Other)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Other)
    }
}

/// A list of texts, of which the first few are read. Anything else is a list of none, and what is no text in it is skipped.
#[derive(Default)]
pub(super) struct Texts<'a>(pub(super) Vec<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyTexts)
    }
}

struct AnyTexts;

impl<'de> Visitor<'de> for AnyTexts {
    type Value = Texts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Texts::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Texts::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Texts::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Texts::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Texts::default())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Texts::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while texts.len() < MOST_OTHERS {
            match items.next_element::<Loose<'de>>()? {
                Some(Loose::Text(text)) => texts.push(text),
                Some(_) => {}
                None => return Ok(Texts(texts)),
            }
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Texts(texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Texts::default())
    }
}

/// What we send. `understood` is ours and goes to our own clients only.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Reply<'a> {
    Text {
        token: Cow<'a, str>,
        last: bool,
        interruptible: bool,
    },
    Play {
        source: &'a str,
        r#loop: u16,
        interruptible: bool,
    },
    SendDigits {
        digits: &'a str,
    },
    Language {
        #[serde(skip_serializing_if = "Option::is_none")]
        tts_language: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        transcription_language: Option<&'a str>,
    },
    End {
        handoff_data: String,
    },
    Understood(&'a Understood),
}

impl Reply<'_> {
    /// Nothing only if it could not be written, which texts and booleans always can.
    pub(super) fn json(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}
