//! The business document as the OpenAPI document describes it. The document itself is the domain's; these types only
//! tell its shape, and a test holds the two together.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use uuid::Uuid;

/// Everything about a business: it is edited as a whole, or in the parts below.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Business {
    /// Given by the server when a new business comes without one.
    #[schema(required = false)]
    pub(super) id: Uuid,
    /// 1 to 120 characters.
    #[schema(max_length = 120, example = "Willow and Sage Salon")]
    pub(super) name: String,
    /// The IANA name of its time zone.
    #[schema(example = "America/New_York")]
    pub(super) zone: String,
    /// ISO 3166, two letters: how numbers without a country code and dates are read.
    #[schema(example = "US")]
    pub(super) country: String,
    /// The numbers callers dial, in E.164.
    #[schema(required = false, example = json!(["+12125550142"]))]
    pub(super) numbers: Vec<String>,
    pub(super) address: Option<String>,
    /// What it is, in a sentence or two, for the language model that talks for it.
    #[schema(max_length = 600)]
    pub(super) about: Option<String>,
    pub(super) hours: WeeklyHours,
    #[schema(required = false)]
    pub(super) exceptions: Vec<Exception>,
    pub(super) services: Vec<Service>,
    pub(super) staff: Vec<Staff>,
    #[schema(required = false)]
    pub(super) rules: Rules,
    #[schema(required = false)]
    pub(super) voice: Voice,
    /// Where callers who ask for a person are put through to, in E.164; without it a message is taken.
    pub(super) transfer_to: Option<String>,
    /// When they are; without it always.
    #[schema(required = false)]
    #[cfg_attr(test, serde(default, skip_serializing_if = "Option::is_none"))]
    pub(super) transfer_hours: Option<WeeklyHours>,
    /// What happens when an answer is not known, or a caller is not understood: "offer", "`take_message`" or "`put_through`".
    #[schema(required = false, default = "offer")]
    pub(super) when_unsure: String,
    /// The owner's words for the text messages, by language. What is not there is built in.
    #[schema(required = false)]
    #[cfg_attr(test, serde(default, skip_serializing_if = "BTreeMap::is_empty"))]
    pub(super) texts: BTreeMap<String, OwnWords>,
    /// What else callers ask.
    #[schema(required = false)]
    pub(super) facts: Vec<Fact>,
    /// True: callers hear a polite line and nothing else happens.
    #[schema(required = false)]
    pub(super) suspended: bool,
    /// Which calendar decides. `integrations.provider` "native" switches every calendar off.
    #[schema(required = false)]
    pub(super) ai_config: AiConfig,
    /// How its customers' pages look.
    #[schema(required = false)]
    pub(super) brand: Brand,
    /// Whether anybody may book on its public page.
    #[schema(required = false)]
    pub(super) public_page: bool,
    /// How far its owner is with setting it up.
    #[schema(required = false)]
    pub(super) setup: Setup,
    /// How long what was said is kept.
    #[schema(required = false)]
    pub(super) retention: Retention,
}

/// What customers recognise a business by.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Brand {
    /// Of buttons and links.
    #[schema(pattern = "^#[0-9a-f]{6}$", example = "#0f5a43")]
    pub(super) colour: Option<String>,
}

/// The guided path through the settings.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Setup {
    /// The steps its owner has been through, or has put off.
    #[schema(required = false, example = json!(["business", "zone"]))]
    pub(super) passed: Vec<String>,
}

/// So long after a call its transcript, summary and number, callers' messages, and the words of text messages are deleted.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Retention {
    /// 7 to 3650 days; null: until somebody erases them. A year unless said otherwise.
    #[schema(required = false, minimum = 7, maximum = 3650, example = 365)]
    pub(super) calls_days: Option<u16>,
}

/// When the door is open each week. A day that is missing is a closed day.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[schema(example = json!({"monday": [{"from": "09:00:00", "to": "12:30:00"}, {"from": "13:30:00", "to": "18:00:00"}]}))]
pub(super) struct WeeklyHours {
    #[schema(required = false)]
    pub(super) monday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub(super) tuesday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub(super) wednesday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub(super) thursday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub(super) friday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub(super) saturday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub(super) sunday: Vec<OpenPeriod>,
}

/// An unbroken time when the door is open. When `to` is not after `from` it ends on the following day.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct OpenPeriod {
    #[schema(format = "time", example = "09:00:00")]
    pub(super) from: String,
    #[schema(format = "time", example = "17:30:00")]
    pub(super) to: String,
}

/// Days that do not follow the week: a holiday, a vacation, a long Thursday.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Exception {
    #[schema(format = "date", example = "2026-12-24")]
    pub(super) from: String,
    /// The last day, inclusive.
    #[schema(format = "date", example = "2026-12-26")]
    pub(super) to: String,
    /// Empty: closed.
    #[schema(required = false)]
    pub(super) hours: Vec<OpenPeriod>,
    /// Only this member of staff; absent: the whole business.
    pub(super) staff: Option<Uuid>,
    /// The same days every year.
    #[schema(required = false)]
    pub(super) yearly: bool,
    /// What a caller who asks for such a day is told.
    #[schema(example = "Christmas")]
    pub(super) reason: Option<String>,
}

/// Something that can be booked.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Service {
    /// Given by the server when a new service comes without one.
    #[schema(required = false)]
    pub(super) id: Uuid,
    #[schema(max_length = 80, example = "Haircut")]
    pub(super) name: String,
    /// Other words callers use for it.
    #[schema(required = false, example = json!(["cut", "trim"]))]
    pub(super) also: Vec<String>,
    /// What it includes, in a sentence.
    #[schema(max_length = 200)]
    pub(super) description: Option<String>,
    #[schema(minimum = 1, maximum = 1440, example = 45)]
    pub(super) minutes: u16,
    /// Minutes kept free before it, which no caller hears of.
    #[schema(required = false, maximum = 240)]
    pub(super) buffer_before: u16,
    /// Minutes kept free after it.
    #[schema(required = false, maximum = 240)]
    pub(super) buffer_after: u16,
    pub(super) price: Option<Money>,
    /// Who offers it.
    pub(super) staff: Vec<Uuid>,
    /// How many customers share one start (a class); usually one.
    #[schema(required = false, minimum = 1, maximum = 500)]
    pub(super) capacity: u16,
}

/// A person, a chair, a bay or a room that can be booked.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Staff {
    /// Given by the server when a new member of staff comes without one.
    #[schema(required = false)]
    pub(super) id: Uuid,
    #[schema(max_length = 80, example = "Maria")]
    pub(super) name: String,
    /// Other names callers use.
    #[schema(required = false)]
    pub(super) also: Vec<String>,
    /// Their own week; absent: the business's.
    pub(super) hours: Option<WeeklyHours>,
}

/// A price in the smallest unit of its currency.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Money {
    #[schema(example = 4500)]
    pub(super) minor: u32,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub(super) currency: String,
}

/// What can be booked when.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Rules {
    /// How long before its start an appointment can still be booked.
    #[schema(required = false, default = 60)]
    pub(super) notice_minutes: u32,
    /// How far ahead can be booked, in days, today included.
    #[schema(required = false, minimum = 1, maximum = 730, default = 90)]
    pub(super) horizon_days: u16,
    /// Starts lie on multiples of this after midnight: 5, 6, 10, 12, 15, 20, 30 or 60.
    #[schema(required = false, default = 15)]
    pub(super) grid_minutes: u16,
    /// Until how long before the start customers may cancel or move by themselves.
    #[schema(required = false, default = 120)]
    pub(super) cancel_cutoff_minutes: u32,
    /// `book` or `confirm_by_text`.
    #[schema(required = false, default = "book")]
    pub(super) when_calendar_down: String,
    #[schema(required = false)]
    pub(super) limits: Limits,
}

/// How much callers may book. The business itself is not held to it.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Limits {
    /// In one call. Moving an appointment is not booking one.
    #[schema(required = false, minimum = 1, maximum = 20, default = 2)]
    pub(super) per_call: u16,
    /// From one number within 24 hours.
    #[schema(required = false, minimum = 1, maximum = 50, default = 3)]
    pub(super) per_number_a_day: u16,
}

/// The owner's words for text messages in one language. `{name}`, `{business}`, `{what}`, `{when}`, `{link}` and `{call}`
/// stand for what they say.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[schema(example = json!({"booked": "{name}, see you {when} at {business} for your {what}. Change it: {link}"}))]
pub(super) struct OwnWords {
    #[cfg_attr(test, serde(default, skip_serializing_if = "String::is_empty"))]
    #[schema(required = false)]
    pub(super) booked: String,
    #[cfg_attr(test, serde(default, skip_serializing_if = "String::is_empty"))]
    #[schema(required = false)]
    pub(super) moved: String,
    #[cfg_attr(test, serde(default, skip_serializing_if = "String::is_empty"))]
    #[schema(required = false)]
    pub(super) cancelled: String,
    #[cfg_attr(test, serde(default, skip_serializing_if = "String::is_empty"))]
    #[schema(required = false)]
    pub(super) requested: String,
}

/// How the phone sounds.
#[derive(ToSchema)]
#[expect(clippy::struct_field_names, reason = "the vendors' voice of our Voice")]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Voice {
    /// The first words; `{business}` stands for the name.
    #[schema(required = false)]
    pub(super) greeting: String,
    /// Said before anything else, when the law wants it.
    #[schema(required = false)]
    pub(super) disclosure: String,
    /// BCP 47.
    #[schema(required = false, default = "en-US")]
    pub(super) language: String,
    /// Others (BCP 47) that a model may go on in when a caller speaks one of them.
    #[schema(required = false)]
    pub(super) languages: Vec<String>,
    /// How a model should sound: "warm and brief".
    #[schema(required = false, max_length = 120)]
    pub(super) tone: String,
    pub(super) tts_provider: Option<String>,
    pub(super) voice: Option<String>,
    pub(super) transcription_provider: Option<String>,
    /// Whether callers can talk over what is said.
    #[schema(required = false, default = true)]
    pub(super) interruptible: bool,
    /// 1 to 60.
    #[schema(required = false, default = 15)]
    pub(super) longest_call_minutes: u16,
}

/// An answer to something callers ask.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Fact {
    #[schema(example = json!(["parking", "car"]))]
    pub(super) about: Vec<String>,
    #[schema(example = "There is free parking behind the house.")]
    pub(super) answer: String,
}

/// The integration settings.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct AiConfig {
    #[schema(required = false)]
    pub(super) integrations: Integrations,
    #[schema(required = false)]
    pub(super) receptionist: Answering,
}

/// Who talks with callers. Models are set up on the server; here they are only named.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Answering {
    /// `model`: the server's language models, if it has any. `scripted` switches them off at once.
    #[schema(required = false, default = "model")]
    pub(super) kind: String,
    /// The server's models to ask, by name, in order. Empty: all of them in the server's order.
    #[schema(required = false, max_items = 8, example = json!(["fast", "backup"]))]
    pub(super) models: Vec<String>,
}

/// Which calendar decides, and how each is used.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct Integrations {
    #[schema(required = false, default = "native")]
    pub(super) provider: String,
    #[schema(required = false)]
    pub(super) providers: BTreeMap<String, ProviderSettings>,
    /// Others that have to say free, too.
    #[schema(required = false, max_items = 4, example = json!(["caldav"]))]
    pub(super) also: Vec<String>,
    /// Another provider for some services, by the service's id; `native`: none.
    #[schema(required = false)]
    pub(super) services: BTreeMap<String, String>,
}

/// How one calendar is used.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub(super) struct ProviderSettings {
    #[schema(required = false)]
    pub(super) enabled: bool,
    #[schema(required = false)]
    pub(super) check_availability: bool,
    #[schema(required = false)]
    pub(super) create_events: bool,
    #[schema(required = false, default = 60)]
    pub(super) default_duration_minutes: u16,
}

/// Something that is wrong, and where.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Mistake {
    #[schema(example = "services[0].minutes")]
    pub(super) at: String,
    #[schema(example = "must be 1 to 1440")]
    pub(super) why: String,
}

#[cfg(test)]
mod tests {
    use crate::{domain::business, testing::salon};

    #[test]
    fn the_described_shape_is_the_shape_of_the_document() {
        let mut salon = salon();
        salon.transfer_to = Some("+14155552671".parse().unwrap());
        salon.transfer_hours = Some(salon.hours.clone());
        salon.texts.entry("en".into()).or_default().booked = "See you {when}".into();
        salon.voice.voice = Some("en-US-Journey-O".into());
        salon.voice.languages = vec!["es-US".into()];
        salon.voice.tone = "warm and brief".into();
        salon.about = Some("A small salon.".into());
        salon.ai_config.receptionist.models = vec!["fast".into()];
        salon.brand.colour = Some("#0f5a43".parse().unwrap());
        salon.public_page = true;
        salon.setup.passed = vec![crate::domain::setup::Step::Zone];
        salon.retention.calls_days = Some(90);
        for service in &mut salon.services {
            service.description = Some("With a wash.".into());
        }
        salon.staff[0].hours = Some(salon.hours.clone());
        let integrations = &mut salon.ai_config.integrations;
        integrations.providers.insert("google_calendar".into(), business::ProviderSettings::default());
        integrations.also = vec!["caldav".into()];
        integrations.services.insert(salon.services[0].id, "native".into());
        let document = serde_json::to_value(&salon).unwrap();
        let shape: super::Business = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(serde_json::to_value(&shape).unwrap(), document);
    }
}
