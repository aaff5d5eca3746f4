//! `X-Twilio-Signature`: HMAC-SHA1 under the account's primary auth token, in base64.
//!
//! What is signed: the URL as Twilio was given it, and after it the form's parameters, sorted by name, each name followed
//! by its value, with nothing between them. Repeated names contribute each *different* value once, sorted. A JSON body is
//! signed through its SHA-256 in the URL's `bodySHA256`. An upgrade is signed over its `wss://` URL alone.
//! Sources: Twilio, "Webhooks security"; twilio-node `lib/webhooks/webhooks.ts` for the repeated names and the ports.
//!
//! The URL is never parsed and written again: libraries lower-case hosts and re-encode paths, and the signature with it
//! would no longer fit. The scheme has no time stamp; replays are the web room's to notice.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::wire::{FORM, MOST_PARAMS};
use crate::ports::telephony::{Forged, Request};

/// A signature is 28 characters; whoever sends far more is not Twilio.
const LONGEST_HEADER: usize = 200;

/// Whether the request was signed with this token. An empty token signs nothing.
pub(super) fn verify(token: &str, request: &Request<'_>) -> Result<(), Forged> {
    let given = request.signature.filter(|given| given.len() <= LONGEST_HEADER).ok_or(Forged)?;
    if token.is_empty() {
        return Err(Forged);
    }
    let params = signed_params(request)?;
    let genuine = origins(request.origin).into_iter().flatten().any(|origin| {
        let expected = sign_parts(token, &[&origin, request.target], &params);
        bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
    });
    if genuine { Ok(()) } else { Err(Forged) }
}

/// What Twilio would send for a form POST, or with no parameters for a GET, an upgrade or a JSON POST. The text phone and
/// the load program are callers, and sign as Twilio does.
pub fn sign<'a>(token: &str, url: &str, params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let params = params.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    sign_parts(token, &[url], &sorted(params))
}

type Params<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

fn sign_parts(token: &str, url: &[&str], params: &Params<'_>) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes keys of any length (RFC 2104)");
    for part in url {
        mac.update(part.as_bytes());
    }
    for (name, value) in params {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The parameters that the signature covers. Every byte of a body is covered one way or the other, or the request is
/// forged: a JSON body without its hash in the URL would be anybody's.
fn signed_params<'a>(request: &Request<'a>) -> Result<Params<'a>, Forged> {
    if let Some(hash) = body_hash(request.target) {
        let actual = hex(&Sha256::digest(request.body));
        let same = actual.as_bytes().ct_eq(hash.to_ascii_lowercase().as_bytes());
        return if same.into() { Ok(Vec::new()) } else { Err(Forged) };
    }
    if request.body.is_empty() {
        return Ok(Vec::new());
    }
    if request.content_type != FORM {
        return Err(Forged);
    }
    let params: Vec<_> = form_urlencoded::parse(request.body).take(MOST_PARAMS + 1).collect();
    if params.len() > MOST_PARAMS { Err(Forged) } else { Ok(sorted(params)) }
}

fn sorted(mut params: Params<'_>) -> Params<'_> {
    params.sort_unstable();
    params.dedup();
    params
}

fn body_hash(target: &str) -> Option<&str> {
    let (_, query) = target.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("bodySHA256="))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").expect("a String takes everything");
        out
    })
}

/// Our origin as it is set, and once more with the port left out or the standard port put in: Twilio's own libraries try
/// both, "since signature generation on the back end is inconsistent". Host and scheme stay exactly ours.
fn origins(origin: &str) -> [Option<Cow<'_, str>>; 2] {
    let standard = match origin.split_once("://") {
        Some(("https" | "wss", _)) => "443",
        Some(("http" | "ws", _)) => "80",
        _ => return [None, None],
    };
    let other = match origin.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => Cow::Borrowed(host),
        _ => Cow::Owned(format!("{origin}:{standard}")),
    };
    [Some(Cow::Borrowed(origin)), Some(other)]
}

#[cfg(test)]
mod tests;
