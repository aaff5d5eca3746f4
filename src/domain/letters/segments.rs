//! How long a text message really is. Carriers cut it into segments, and one letter outside the GSM alphabet makes
//! every segment less than half as long.

/// The GSM 03.38 default alphabet (3GPP TS 23.038, 6.2.1), without the escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
                     abcdefghijklmnopqrstuvwxyzäöñüà";

/// Its extension table: these take two places.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// How many segments a text takes: 160 GSM characters or 70 UTF-16 units alone, 153 or 67 each in a longer one, since
/// each then starts with a header.
pub fn segments(text: &str) -> usize {
    size(text).segments
}

/// How long a text is, for whoever writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub segments: usize,
    /// Places taken, of `room`.
    pub length: usize,
    /// What as many segments hold.
    pub room: usize,
    /// Every letter is in the GSM alphabet.
    pub gsm: bool,
}

/// The size of a text.
pub fn size(text: &str) -> Size {
    let gsm = gsm_length(text);
    let (length, alone, each) = match gsm {
        Some(length) => (length, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    let segments = if length <= alone { 1 } else { length.div_ceil(each) };
    Size { segments, length, room: if segments == 1 { alone } else { segments * each }, gsm: gsm.is_some() }
}

/// The letters of a text that are not in the GSM alphabet, each once: they make every segment less than half as long.
pub fn dear(text: &str) -> Vec<char> {
    let mut found = Vec::new();
    for c in text.chars() {
        if gsm_length(c.encode_utf8(&mut [0; 4])).is_none() && !found.contains(&c) {
            found.push(c);
        }
    }
    found
}

fn gsm_length(text: &str) -> Option<usize> {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() || BASIC.contains(c) => Some(1),
            c if EXTENDED.contains(c) => Some(2),
            _ => None,
        })
        .sum()
}

/// The letters of typographers, as the GSM alphabet has them: a curly apostrophe should not double the price.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '`' => out.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' => out.push('"'),
            '\u{2010}'..='\u{2015}' => out.push('-'),
            '\u{2026}' => out.push_str("..."),
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_counted_as_carriers_do() {
        assert_eq!(segments(&"a".repeat(160)), 1);
        assert_eq!(segments(&"a".repeat(161)), 2);
        assert_eq!(segments(&"a".repeat(459)), 3);
        assert_eq!(segments(&"a".repeat(460)), 4);
        assert_eq!(segments(&"€".repeat(81)), 2, "two places each");
        assert_eq!(segments(&"š".repeat(70)), 1);
        assert_eq!(segments(&"š".repeat(71)), 2);
        assert_eq!(segments(&"💇".repeat(36)), 2, "two units each");
    }

    #[test]
    fn what_makes_a_text_dear_is_named() {
        assert_eq!(dear("Škoda für Žofka, Š"), ['Š', 'Ž']);
        assert_eq!(size("abc"), Size { segments: 1, length: 3, room: 160, gsm: true });
        assert_eq!(size(&"š".repeat(71)), Size { segments: 2, length: 71, room: 134, gsm: false });
    }

    #[test]
    fn typography_becomes_plain() {
        assert_eq!(plain("Willow’s “Salon” – 5\u{a0}p.m.…\n"), "Willow's \"Salon\" - 5 p.m.... ");
    }
}
