//! What stands around a customer's page: whose it is, in which language, and how to call instead.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{StatusCode, Uri},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::Timestamp;

use super::{
    brand,
    sorry::Sorry,
    speech::{self, Speech},
    words::{self, Words},
};
use crate::{
    domain::business::Business,
    web::{assets, pages::form::Fields},
};

/// Somebody who looks at a business's pages, and how they are spoken to.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub business: Arc<Business>,
    pub speech: Speech,
    /// What the address asks for besides.
    pub query: Fields,
    pub now: Timestamp,
    path: String,
}

impl Visit {
    /// `spoken`: the language (BCP 47) in which the appointment was made.
    pub(super) fn new(business: Arc<Business>, spoken: Option<&str>, uri: &Uri, now: Timestamp) -> Self {
        let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
        let words = speech::chosen(query.text("lang"), spoken, &business);
        let speech = Speech::of(words, &business);
        Self { business, speech, query, now, path: uri.path().to_owned() }
    }

    pub(super) fn words(&self) -> &'static Words {
        self.speech.words
    }

    /// The language that was chosen on the page, for what is texted.
    pub(super) fn language(&self) -> Option<String> {
        words::of(self.query.text("lang")).map(|words| words.code.to_owned())
    }

    /// An address with what it asks for, in the language that was chosen.
    pub(super) fn address(&self, path: &str, asked: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(asked.iter().filter(|(_, value)| !value.is_empty()));
        if let Some(language) = self.language() {
            query.append_pair("lang", &language);
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The page where one can book, if there is one.
    pub(super) fn shop(&self) -> Option<String> {
        is_open(&self.business).then(|| self.address(&format!("/book/{}", self.business.id), &[]))
    }

    pub(super) fn frame(&self, title: impl Into<String>) -> Frame {
        let business = &self.business;
        let number = business.numbers.first().or(business.transfer_to.as_ref());
        Frame {
            assets: assets::path(),
            words: self.words(),
            lang: self.speech.tag(),
            title: title.into(),
            business: business.name.clone(),
            initial: business.name.trim().chars().take(1).flat_map(char::to_uppercase).collect(),
            brand: brand::address(business),
            home: self.shop(),
            number: number.map(|number| Number { shown: self.speech.number(number), dialled: number.to_string() }),
            place: business.address.clone(),
            map: business.address.as_deref().map(map),
            zone: words::about(self.words().zone, &city(business.zone.name())),
            zone_name: business.zone.name().to_owned(),
            languages: self.languages(),
        }
    }

    /// This page in every language.
    fn languages(&self) -> Vec<Language> {
        let in_language = |words: &'static Words| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(self.query.iter().filter(|(name, _)| *name != "lang"));
            query.append_pair("lang", words.code);
            let address = format!("{}?{}", self.path, query.finish());
            Language { code: words.code, itself: words.itself, address, current: words.code == self.words().code }
        };
        words::ALL.into_iter().map(in_language).collect()
    }
}

/// Whether a business can be booked by clicking.
pub(super) fn is_open(business: &Business) -> bool {
    business.public_page && !business.suspended
}

pub(super) struct Frame {
    pub assets: &'static str,
    pub words: &'static Words,
    /// BCP 47.
    pub lang: String,
    pub title: String,
    pub business: String,
    pub initial: String,
    /// The stylesheet with its colours.
    pub brand: String,
    pub home: Option<String>,
    pub number: Option<Number>,
    pub place: Option<String>,
    pub map: Option<String>,
    /// "All times are local to New York."
    pub zone: String,
    pub zone_name: String,
    pub languages: Vec<Language>,
}

pub(super) struct Number {
    pub shown: String,
    /// E.164.
    pub dialled: String,
}

pub(super) struct Language {
    pub code: &'static str,
    pub itself: &'static str,
    pub address: String,
    pub current: bool,
}

/// Nothing is loaded from there; it is a link to follow.
fn map(address: &str) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("query", address).finish();
    format!("https://www.openstreetmap.org/search?{query}")
}

/// `America/Argentina/Buenos_Aires` is Buenos Aires.
fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

pub(super) fn shown(page: &impl Template) -> Result<Response, Sorry> {
    shown_as(StatusCode::OK, page)
}

pub(super) fn shown_as(status: StatusCode, page: &impl Template) -> Result<Response, Sorry> {
    Ok((status, Html(page.render()?)).into_response())
}

/// 303, so that reloading sends nothing twice.
pub(super) fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}
