//! A business's colour, and the tones of it that can be read.
//!
//! An owner picks what they like; what customers see is that colour where it can be read, and a darker or lighter tone of
//! it where it could not.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// "#0f5a43": red, green and blue, 8 bits each (sRGB).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("a colour such as #0f5a43")]
pub struct NotAColour;

/// The contrast of text that everybody can read (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;

impl Colour {
    pub const WHITE: Self = Self([255; 3]);
    /// The ink of the light pages.
    pub const INK: Self = Self([0x17, 0x21, 0x1c]);
    /// The cards of the dark pages.
    pub const NIGHT: Self = Self([0x17, 0x1d, 0x1a]);

    /// Between 1 (the same) and 21 (black on white): WCAG 2.2, "contrast ratio".
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// What is written on it: white where that can be read, or else black.
    #[must_use]
    pub fn ink(self) -> Self {
        let black = Self([0; 3]);
        if self.contrast(Self::WHITE) >= READABLE || self.contrast(Self::WHITE) >= self.contrast(black) {
            Self::WHITE
        } else {
            black
        }
    }

    /// Itself, or the nearest darker or lighter tone of it that can be read on `background`.
    #[must_use]
    pub fn readable_on(self, background: Self) -> Self {
        let towards = if background.luminance() > 0.4 { Self([0; 3]) } else { Self::WHITE };
        let tones = (0..=100).map(|percent| self.mixed(towards, percent));
        tones.into_iter().find(|tone| tone.contrast(background) >= READABLE).unwrap_or(towards)
    }

    /// Itself with more light on it, until it can be read on a dark background: it stays a colour for longer than one that
    /// is mixed with white.
    #[must_use]
    pub fn lit_on(self, background: Self) -> Self {
        let lit =
            |percent: u16| Self(self.0.map(|part| u8::try_from(u16::from(part) * percent / 100).unwrap_or(u8::MAX)));
        let tones = (100..=250).step_by(5).map(lit);
        tones
            .into_iter()
            .find(|tone| tone.contrast(background) >= READABLE)
            .unwrap_or_else(|| lit(250).readable_on(background))
    }

    /// Itself with so much of another in it, 0 to 100.
    #[must_use]
    pub fn mixed(self, other: Self, percent: u16) -> Self {
        let percent = percent.min(100);
        let part = |n: usize| {
            let sum = u16::from(self.0[n]) * (100 - percent) + u16::from(other.0[n]) * percent;
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Self([part(0), part(1), part(2)])
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl FromStr for Colour {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAColour);
        }
        let part = |n: usize| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).map_err(|_| NotAColour);
        Ok(Self([part(0)?, part(1)?, part(2)?]))
    }
}

impl TryFrom<String> for Colour {
    type Error = NotAColour;

    fn try_from(text: String) -> Result<Self, NotAColour> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> Self {
        colour.to_string()
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl fmt::Debug for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn black_on_white_is_twenty_one_to_one() {
        assert!((colour("#000000").contrast(Colour::WHITE) - 21.0).abs() < 0.001);
        assert!((colour("#777777").contrast(Colour::WHITE) - 4.48).abs() < 0.01, "WCAG's own example");
    }

    #[test]
    fn every_colour_has_tones_that_can_be_read() {
        for n in 0..4096_u32 {
            let wide = |part: u32| part * 17;
            let any = colour(&format!("#{:02x}{:02x}{:02x}", wide(n >> 8), wide(n >> 4 & 15), wide(n & 15)));
            assert!(any.contrast(any.ink()) >= READABLE, "{any} under its own ink");
            assert!(any.lit_on(Colour::NIGHT).contrast(Colour::NIGHT) >= READABLE, "{any} lit");
            for background in [Colour::WHITE, Colour::NIGHT] {
                assert!(any.readable_on(background).contrast(background) >= READABLE, "{any} on {background}");
            }
        }
        assert_eq!(colour("#0f5a43").readable_on(Colour::WHITE), colour("#0f5a43"), "what can be read stays");
    }

    #[test]
    fn only_six_digits_are_a_colour() {
        for wrong in ["", "#fff", "#12345g", "red", "#1234567", "url(x)", "#é2345"] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong}");
        }
        assert_eq!(colour("#0F5A43").to_string(), "#0f5a43");
    }
}
