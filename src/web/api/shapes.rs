//! The business document as the OpenAPI document describes it. The document itself is the domain's; these types only
//! tell its shape, and a test holds the two together.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use uuid::Uuid;

/// Everything about a business: it is edited as a whole, or in the parts below.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Business {
    /// Given by the server when a new business comes without one.
    #[schema(required = false)]
    pub id: Uuid,
    /// 1 to 120 characters.
    #[schema(max_length = 120, example = "Willow and Sage Salon")]
    pub name: String,
    /// The IANA name of its time zone.
    #[schema(example = "America/New_York")]
    pub zone: String,
    /// ISO 3166, two letters: how numbers without a country code and dates are read.
    #[schema(example = "US")]
    pub country: String,
    /// The numbers callers dial, in E.164.
    #[schema(required = false, example = json!(["+12125550142"]))]
    pub numbers: Vec<String>,
    pub address: Option<String>,
    pub hours: WeeklyHours,
    #[schema(required = false)]
    pub exceptions: Vec<Exception>,
    pub services: Vec<Service>,
    pub staff: Vec<Staff>,
    #[schema(required = false)]
    pub rules: Rules,
    #[schema(required = false)]
    pub voice: Voice,
    /// Where callers who ask for a person are put through to, in E.164; without it a message is taken.
    pub transfer_to: Option<String>,
    /// What else callers ask.
    #[schema(required = false)]
    pub facts: Vec<Fact>,
    /// True: callers hear a polite line and nothing else happens.
    #[schema(required = false)]
    pub suspended: bool,
    /// Which calendar decides. `integrations.provider` "native" switches every calendar off.
    #[schema(required = false)]
    pub ai_config: AiConfig,
}

/// When the door is open each week. A day that is missing is a closed day.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[schema(example = json!({"monday": [{"from": "09:00:00", "to": "12:30:00"}, {"from": "13:30:00", "to": "18:00:00"}]}))]
pub struct WeeklyHours {
    #[schema(required = false)]
    pub monday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub tuesday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub wednesday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub thursday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub friday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub saturday: Vec<OpenPeriod>,
    #[schema(required = false)]
    pub sunday: Vec<OpenPeriod>,
}

/// An unbroken time when the door is open. When `to` is not after `from` it ends on the following day.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct OpenPeriod {
    #[schema(format = "time", example = "09:00:00")]
    pub from: String,
    #[schema(format = "time", example = "17:30:00")]
    pub to: String,
}

/// Days that do not follow the week: a holiday, a vacation, a long Thursday.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Exception {
    #[schema(format = "date", example = "2026-12-24")]
    pub from: String,
    /// The last day, inclusive.
    #[schema(format = "date", example = "2026-12-26")]
    pub to: String,
    /// Empty: closed.
    #[schema(required = false)]
    pub hours: Vec<OpenPeriod>,
    /// Only this member of staff; absent: the whole business.
    pub staff: Option<Uuid>,
    /// The same days every year.
    #[schema(required = false)]
    pub yearly: bool,
    /// What a caller who asks for such a day is told.
    #[schema(example = "Christmas")]
    pub reason: Option<String>,
}

/// Something that can be booked.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Service {
    /// Given by the server when a new service comes without one.
    #[schema(required = false)]
    pub id: Uuid,
    #[schema(max_length = 80, example = "Haircut")]
    pub name: String,
    /// Other words callers use for it.
    #[schema(required = false, example = json!(["cut", "trim"]))]
    pub also: Vec<String>,
    #[schema(minimum = 1, maximum = 1440, example = 45)]
    pub minutes: u16,
    /// Minutes kept free before it, which no caller hears of.
    #[schema(required = false, maximum = 240)]
    pub buffer_before: u16,
    /// Minutes kept free after it.
    #[schema(required = false, maximum = 240)]
    pub buffer_after: u16,
    pub price: Option<Money>,
    /// Who offers it.
    pub staff: Vec<Uuid>,
    /// How many customers share one start (a class); usually one.
    #[schema(required = false, minimum = 1, maximum = 500)]
    pub capacity: u16,
}

/// A person, a chair, a bay or a room that can be booked.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Staff {
    /// Given by the server when a new member of staff comes without one.
    #[schema(required = false)]
    pub id: Uuid,
    #[schema(max_length = 80, example = "Maria")]
    pub name: String,
    /// Other names callers use.
    #[schema(required = false)]
    pub also: Vec<String>,
    /// Their own week; absent: the business's.
    pub hours: Option<WeeklyHours>,
}

/// A price in the smallest unit of its currency.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Money {
    #[schema(example = 4500)]
    pub minor: u32,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
}

/// What can be booked when.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Rules {
    /// How long before its start an appointment can still be booked.
    #[schema(required = false, default = 60)]
    pub notice_minutes: u32,
    /// How far ahead can be booked, in days, today included.
    #[schema(required = false, minimum = 1, maximum = 730, default = 90)]
    pub horizon_days: u16,
    /// Starts lie on multiples of this after midnight: 5, 6, 10, 12, 15, 20, 30 or 60.
    #[schema(required = false, default = 15)]
    pub grid_minutes: u16,
    /// Until how long before the start customers may cancel or move by themselves.
    #[schema(required = false, default = 120)]
    pub cancel_cutoff_minutes: u32,
    /// "book" or "confirm_by_text".
    #[schema(required = false, default = "book")]
    pub when_calendar_down: String,
}

/// How the phone sounds.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Voice {
    /// The first words; `{business}` stands for the name.
    #[schema(required = false)]
    pub greeting: String,
    /// Said before anything else, when the law wants it.
    #[schema(required = false)]
    pub disclosure: String,
    /// BCP 47.
    #[schema(required = false, default = "en-US")]
    pub language: String,
    pub tts_provider: Option<String>,
    pub voice: Option<String>,
    pub transcription_provider: Option<String>,
    /// Whether callers can talk over what is said.
    #[schema(required = false, default = true)]
    pub interruptible: bool,
    /// 1 to 60.
    #[schema(required = false, default = 15)]
    pub longest_call_minutes: u16,
}

/// An answer to something callers ask.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Fact {
    #[schema(example = json!(["parking", "car"]))]
    pub about: Vec<String>,
    #[schema(example = "There is free parking behind the house.")]
    pub answer: String,
}

/// The integration settings.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct AiConfig {
    #[schema(required = false)]
    pub integrations: Integrations,
}

/// Which calendar decides, and how each is used.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Integrations {
    #[schema(required = false, default = "native")]
    pub provider: String,
    #[schema(required = false)]
    pub providers: BTreeMap<String, ProviderSettings>,
}

/// How one calendar is used.
#[derive(ToSchema)]
#[cfg_attr(test, derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct ProviderSettings {
    #[schema(required = false)]
    pub enabled: bool,
    #[schema(required = false)]
    pub check_availability: bool,
    #[schema(required = false)]
    pub create_events: bool,
    #[schema(required = false, default = 60)]
    pub default_duration_minutes: u16,
}

/// Something that is wrong, and where.
#[derive(ToSchema)]
pub struct Mistake {
    #[schema(example = "services[0].minutes")]
    pub at: String,
    #[schema(example = "must be 1 to 1440")]
    pub why: String,
}

#[cfg(test)]
mod tests {
    use crate::{domain::business, testing::salon};

    #[test]
    fn the_described_shape_is_the_shape_of_the_document() {
        let mut salon = salon();
        salon.transfer_to = Some("+14155552671".parse().unwrap());
        salon.voice.voice = Some("en-US-Journey-O".into());
        salon.staff[0].hours = Some(salon.hours.clone());
        let integrations = &mut salon.ai_config.integrations;
        integrations.providers.insert("google_calendar".into(), business::ProviderSettings::default());
        let document = serde_json::to_value(&salon).unwrap();
        let shape: super::Business = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(serde_json::to_value(&shape).unwrap(), document);
    }
}
