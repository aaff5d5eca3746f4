//! The language models that talk to callers: which there are, in which order they are tried, what they cost, and how much
//! may be spent.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::{
    Secret, flag,
    origin::{is_authority, is_loopback},
    settings as s,
    sources::Given,
};
use crate::domain::{
    business::{MOST_MODELS, is_model_name},
    report::{Micros, Price},
};

/// Everything that is set about models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// `DESKBELL_MODELS`, in the order in which they are tried. Empty: the scripted receptionist answers alone.
    pub order: Vec<Model>,
    /// `DESKBELL_EARLY_START`: an answer is begun before the caller has finished, and thrown away if they go on.
    pub early_start: bool,
    /// `DESKBELL_SENTIMENT`: summaries tell how the caller felt.
    pub sentiment: bool,
    /// `DESKBELL_CAP_…`.
    pub caps: Caps,
}

/// One model, at one address, with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Small letters and digits: in `DESKBELL_MODELS`, in businesses' documents, logs, reports and metrics.
    pub name: String,
    pub format: WireFormat,
    /// Without a slash at its end: `https://api.openai.com/v1`.
    pub url: String,
    /// As the vendor calls it.
    pub model: String,
    pub key: Option<Secret>,
    /// Names in small letters. The values may be secrets.
    pub headers: Vec<(String, Secret)>,
    /// Nothing: as the address tells.
    pub dialect: Option<Dialect>,
    /// Further fields of every request: what a vendor has that others have not.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// Per million tokens.
    pub price: Price,
    /// Nobody has said what it costs, so it is taken for a dear one.
    pub price_is_a_guess: bool,
}

impl Model {
    /// "api.openai.com"
    pub fn host(&self) -> &str {
        authority(&self.url)
    }
}

/// What is spoken with a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireFormat {
    /// Chat completions, as most speak it.
    OpenAi,
    /// Messages.
    Anthropic,
}

/// How chat completions are spoken, where servers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `max_completion_tokens`.
    OpenAi,
    /// `max_tokens`, as most others have it.
    Compatible,
    /// As Google's compatible end has it.
    Gemini,
}

/// What may be spent, in the currency that the prices are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    pub call: Micros,
    /// In a day of the business's own zone.
    pub business: Micros,
    /// By one caller's number at one business, in the same day.
    pub number: Micros,
}

impl Default for Caps {
    fn default() -> Self {
        Self { call: Micros(1_000_000), business: Micros(50_000_000), number: Micros(3_000_000) }
    }
}

/// What `…_KIND` can be, and what it decides.
struct Kind {
    name: &'static str,
    format: WireFormat,
    url: &'static str,
}

const KINDS: &[Kind] = &[
    Kind { name: "openai", format: WireFormat::OpenAi, url: "https://api.openai.com/v1" },
    Kind { name: "anthropic", format: WireFormat::Anthropic, url: "https://api.anthropic.com" },
    Kind { name: "groq", format: WireFormat::OpenAi, url: "https://api.groq.com/openai/v1" },
    Kind { name: "gemini", format: WireFormat::OpenAi, url: "https://generativelanguage.googleapis.com/v1beta/openai" },
    Kind { name: "ollama", format: WireFormat::OpenAi, url: "http://127.0.0.1:11434/v1" },
];

/// What a model costs that nobody has told the price of: more than most do, so that the caps hold.
const DEAR: Price = Price { input: Micros(5_000_000), cached: Micros(5_000_000), output: Micros(25_000_000) };

/// Everything about models, as far as it can be understood; what is wrong is noted.
pub(super) fn models(given: &mut Given) -> Models {
    let names = given.parsed(s::MODELS, names);
    let set = given.models();
    match &names {
        None if given.text(s::MODELS).is_none() && !set.is_empty() => {
            let all = set.iter().cloned().collect::<Vec<_>>().join(",");
            given.wrong(s::MODELS, format!("is missing: name the models in the order to try them, such as {all}"));
        }
        Some(names) => {
            for name in set.iter().filter(|name| !names.contains(name)) {
                let settings = format!("{}{}_…", s::MODEL, name.to_ascii_uppercase());
                let near = s::nearest_of(name, names.iter().map(String::as_str));
                let hint = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
                given.wrong(
                    &settings,
                    format!("is for a model that {} does not name: name it there, or remove it{hint}", s::MODELS),
                );
            }
        }
        None => {}
    }
    let order = names.unwrap_or_default().iter().filter_map(|name| one(given, name, set.contains(name))).collect();
    let default = Caps::default();
    Models {
        order,
        early_start: given.parsed(s::EARLY_START, flag).unwrap_or(false),
        sentiment: given.parsed(s::SENTIMENT, flag).unwrap_or(false),
        caps: Caps {
            call: given.parsed(s::CAP_CALL, amount).unwrap_or(default.call),
            business: given.parsed(s::CAP_BUSINESS, amount).unwrap_or(default.business),
            number: given.parsed(s::CAP_NUMBER, amount).unwrap_or(default.number),
        },
    }
}

fn names(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> =
        text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if let Some(name) = names.iter().find(|name| !is_model_name(name)) {
        return Err(format!(
            "has {name:?} in it: a name is small letters and digits, a letter first, 20 at most, and commas stand between"
        ));
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(format!("names {twice} twice: name it once"));
    }
    if names.len() > MOST_MODELS {
        return Err(format!("names {} models: {MOST_MODELS} at most", names.len()));
    }
    Ok(names)
}

/// The settings of one model. `any`: something is set for it.
fn one(given: &mut Given, name: &str, any: bool) -> Option<Model> {
    let setting = |field: &str| format!("{}{}_{field}", s::MODEL, name.to_ascii_uppercase());
    if !any {
        let (model, key) = (setting(s::MODEL_NAME), setting(s::KEY));
        given.wrong(&model, format!("is missing, as is everything about {name}: set {model} and {key} at the least"));
        return None;
    }
    let openai = &KINDS[0];
    let kind = match given.text(&setting(s::KIND)) {
        None => Some(openai),
        Some(_) => given.parsed(&setting(s::KIND), kind),
    };
    let url_is_given = given.text(&setting(s::URL)).is_some();
    let url =
        if url_is_given { given.parsed(&setting(s::URL), base_url) } else { kind.map(|kind| kind.url.to_owned()) };
    if given.text(&setting(s::MODEL_NAME)).is_none() {
        given.wrong(&setting(s::MODEL_NAME), "is missing: set it to what the vendor calls the model");
    }
    let model = given.parsed(&setting(s::MODEL_NAME), model_name);
    let key = given.parsed(&setting(s::KEY), key).map(Secret::new);
    let headers = given.parsed(&setting(s::HEADERS), headers);
    let dialect = given.parsed(&setting(s::DIALECT), dialect);
    let extra = given.parsed(&setting(s::EXTRA), extra);
    let home = url.as_deref().is_some_and(|url| is_loopback(authority(url)));
    let prices = [s::PRICE_INPUT, s::PRICE_CACHED, s::PRICE_OUTPUT].map(|field| given.parsed(&setting(field), amount));
    let (kind, url) = (kind?, url?);
    let at_vendor = KINDS.iter().any(|kind| authority(kind.url) == authority(&url) && !home);
    if at_vendor && given.text(&setting(s::KEY)).is_none() {
        given.wrong(&setting(s::KEY), format!("is missing: {} lets nobody in without a key", authority(&url)));
    }
    if kind.format == WireFormat::Anthropic && given.text(&setting(s::DIALECT)).is_some() {
        given.wrong(&setting(s::DIALECT), "is for models of kind openai: remove it");
    }
    let default = if home { Price::default() } else { DEAR };
    let [input, cached, output] = prices;
    let input_price = input.unwrap_or(default.input);
    Some(Model {
        name: name.to_owned(),
        format: kind.format,
        dialect,
        url,
        model: model?,
        key,
        headers: headers.unwrap_or_default(),
        extra: extra.unwrap_or_default(),
        price: Price {
            input: input_price,
            cached: cached.unwrap_or(input_price),
            output: output.unwrap_or(default.output),
        },
        price_is_a_guess: !home && (input.is_none() || output.is_none()),
    })
}

fn kind(text: &str) -> Result<&'static Kind, String> {
    let known = || KINDS.iter().map(|kind| kind.name);
    KINDS.iter().find(|kind| kind.name == text).ok_or_else(|| {
        let near = s::nearest_of(text, known()).map_or(String::new(), |near| format!("; did you mean {near}?"));
        let known = known().collect::<Vec<_>>().join(", ");
        format!("must be one of {known} (another vendor that speaks as OpenAI does: openai, with its URL){near}")
    })
}

/// "api.openai.com" of `https://api.openai.com/v1`.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())]
}

/// Where a model is asked. What callers say goes there, so it is encrypted unless it stays on this machine.
fn base_url(text: &str) -> Result<String, String> {
    const LIKE: &str = "such as https://api.openai.com/v1";
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(format!("must be an address {LIKE}"));
    };
    if rest.contains('@') {
        return Err("must have no user name or password in it: the key is a setting of its own".into());
    }
    if rest.contains('#') || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("must have no fragment and no spaces: {LIKE}"));
    }
    let authority = authority(text);
    if !is_authority(authority) {
        return Err(format!("must have a host name after the scheme: {LIKE}"));
    }
    match scheme {
        "https" => Ok(text.trim_end_matches('/').to_owned()),
        "http" if is_loopback(authority) => Ok(text.trim_end_matches('/').to_owned()),
        "http" => Err(format!(
            "must be https, since what callers say is sent there: https://{authority}. Only a loopback address may be http"
        )),
        _ => Err(format!("must start with https://: {LIKE}")),
    }
}

fn model_name(text: &str) -> Result<String, String> {
    if text.len() <= 200 && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err("must be the model's name without spaces, as the vendor writes it".into())
}

/// A vendor's key: nobody knows their forms for good, but none has spaces in it, and no placeholder is one.
fn key(text: &str) -> Result<String, String> {
    let lower = text.to_ascii_lowercase();
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("must be letters, digits and signs without spaces".into());
    }
    let placeholder = ["change", "your", "example", "placeholder", "sk-...", "sk-xxx", "<"];
    if text.len() < 8 || placeholder.iter().any(|word| lower.starts_with(word)) {
        return Err("is too short or a placeholder: copy the key from the vendor's console".into());
    }
    Ok(text.to_owned())
}

/// "Name: value; Other-Name: value". RFC 9110 §5.1 and §5.5 say what may be in them.
fn headers(text: &str) -> Result<Vec<(String, Secret)>, String> {
    let mut found: Vec<(String, Secret)> = Vec::new();
    for pair in text.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((name, value)) = pair.split_once(':') else {
            return Err("must be written as Name: value; Other-Name: value".into());
        };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return Err("has a name in it that is no header's: Name: value; Other-Name: value".into());
        }
        if value.is_empty() || !value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(format!("has a value for {name} that cannot be sent: visible ASCII signs and spaces"));
        }
        if ["authorization", "content-type", "content-length", "host", "transfer-encoding"].contains(&name.as_str()) {
            return Err(format!("must not set {name}: the program does, from the other settings"));
        }
        if found.iter().any(|(other, _)| *other == name) {
            return Err(format!("sets {name} twice"));
        }
        found.push((name, Secret::new(value)));
    }
    Ok(found)
}

fn dialect(text: &str) -> Result<Dialect, String> {
    match text {
        "openai" => Ok(Dialect::OpenAi),
        "compatible" => Ok(Dialect::Compatible),
        "gemini" => Ok(Dialect::Gemini),
        _ => Err("must be openai, compatible or gemini".into()),
    }
}

/// Fields that the program fills in itself.
const OURS: &[&str] = &[
    "model",
    "messages",
    "system",
    "tools",
    "tool_choice",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "n",
];

fn extra(text: &str) -> Result<serde_json::Map<String, serde_json::Value>, String> {
    let Ok(fields) = serde_json::from_str::<serde_json::Map<_, _>>(text) else {
        return Err(r#"must be a JSON object such as {"reasoning_effort": "low"}"#.into());
    };
    match fields.keys().find(|name| OURS.contains(&name.as_str())) {
        Some(ours) => Err(format!("must not set {ours}: the program does")),
        None => Ok(fields),
    }
}

fn amount(text: &str) -> Result<Micros, String> {
    Micros::parse(text).ok_or_else(|| "must be an amount such as 0.15 or 3, with six decimal places at most".into())
}
