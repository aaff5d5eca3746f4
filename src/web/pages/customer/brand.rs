//! A business's colours, as a stylesheet of its own: the content policy lets no page carry a style in itself.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use super::sorry::Sorry;
use crate::{
    domain::{business::Business, colour::Colour, ids::BusinessId},
    web::state::AppState,
};

/// Ours, for a business that has not chosen one.
const USUAL: &str = "#0f5a43";

/// Where the stylesheet is: another address for every colour, so that it can be kept.
pub(super) fn address(business: &Business) -> String {
    format!("/book/{}/brand.css?v={}", business.id, digits(colour(business)))
}

fn colour(business: &Business) -> Colour {
    business.brand.colour.or_else(|| USUAL.parse().ok()).unwrap_or(Colour::INK)
}

fn digits(colour: Colour) -> String {
    colour.to_string().trim_start_matches('#').to_owned()
}

pub(super) async fn style(
    State(state): State<AppState>,
    Path(business): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Sorry> {
    let id: BusinessId = business.parse().map_err(|_| Sorry::Gone)?;
    let business = state.businesses.get(id).await?.ok_or(Sorry::Gone)?;
    let colour = colour(&business);
    let tag = format!("\"{}\"", digits(colour));
    let is_asked_for = uri.query() == Some(format!("v={}", digits(colour)).as_str());
    let kept = if is_asked_for { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    let told = [(header::CACHE_CONTROL, kept.to_owned()), (header::ETAG, tag.clone())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, told).into_response());
    }
    Ok((told, [(header::CONTENT_TYPE, "text/css; charset=utf-8")], sheet(colour)).into_response())
}

/// The colour itself for what is filled with it, a tone of it that can be read for what is written in it, and a breath of
/// it for grounds; the same for dark pages.
fn sheet(colour: Colour) -> String {
    let light = Tones {
        fill: colour,
        text: colour.readable_on(colour.mixed(Colour::WHITE, 88)),
        wash: colour.mixed(Colour::WHITE, 88),
    };
    let lit = colour.lit_on(Colour::NIGHT.mixed(colour, 18));
    let dark = Tones { fill: lit, text: lit, wash: Colour::NIGHT.mixed(colour, 18) };
    format!(":root{{{}}}\n@media (prefers-color-scheme:dark){{:root{{{}}}}}\n", light.variables(), dark.variables())
}

struct Tones {
    fill: Colour,
    text: Colour,
    wash: Colour,
}

impl Tones {
    fn variables(&self) -> String {
        let Self { fill, text, wash } = self;
        let (ink, text_ink) = (fill.ink(), text.ink());
        format!("--brand:{fill};--brand-ink:{ink};--green:{text};--green-ink:{text_ink};--green-wash:{wash}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_colour_its_words_can_be_read() {
        for colour in ["#0f5a43", "#ffd400", "#ffffff", "#000000", "#e91e63", "#7f7f7f", "#00ffff"] {
            let colour: Colour = colour.parse().unwrap();
            let wash = colour.mixed(Colour::WHITE, 88);
            assert!(colour.readable_on(wash).contrast(wash) >= 4.5, "{colour}");
            let night = Colour::NIGHT.mixed(colour, 18);
            assert!(colour.lit_on(night).contrast(night) >= 4.5, "{colour} at night");
            let sheet = sheet(colour);
            assert!(
                sheet.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":{}()-#;@ \n".contains(&byte)),
                "{sheet}"
            );
        }
    }
}
