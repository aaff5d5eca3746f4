//! What is left of written text when it is to be spoken: no markdown, no tags, no code, no stage directions, no emoji.
//!
//! A piece is cleaned by itself, so nothing may be cut inside a bracket, a tag or a fence: [`is_open`] tells.

/// Bytes after which a bracket that nothing closes is only a character.
const LONGEST_ASIDE: usize = 200;

/// Elements whose text is not for the caller either.
const UNSPOKEN: &[&str] = &[
    "script",
    "style",
    "think",
    "thinking",
    "thought",
    "reasoning",
    "reflection",
    "scratchpad",
    "analysis",
    "tool",
    "tool_call",
    "tool_use",
    "tool_result",
    "function",
    "function_call",
    "function_calls",
    "invoke",
    "antml",
    "system",
    "json",
    "code",
    "pre",
    "audio",
    "sub",
];

/// Words that a stage direction begins with.
const STAGE: &[&str] = &[
    "pause",
    "pauses",
    "pausing",
    "beat",
    "smile",
    "smiles",
    "smiling",
    "smiled",
    "laugh",
    "laughs",
    "laughing",
    "laughter",
    "chuckle",
    "chuckles",
    "chuckling",
    "giggles",
    "sigh",
    "sighs",
    "sighing",
    "nod",
    "nods",
    "nodding",
    "typing",
    "types",
    "clicks",
    "clicking",
    "checks",
    "checking",
    "clears",
    "whispers",
    "whispering",
    "wait",
    "waits",
    "waiting",
    "silence",
    "silent",
    "music",
    "hold",
    "keyboard",
    "breathes",
    "breath",
    "thinks",
    "thinking",
    "hums",
    "humming",
    "coughs",
    "grins",
    "winks",
    "shrugs",
    "looks",
    "looking",
    "warmly",
    "cheerfully",
    "softly",
    "gently",
    "friendly",
    "excited",
    "excitedly",
    "brief",
    "short",
    "long",
    "moment",
    "searching",
    "searches",
    "writes",
    "writing",
    "reads",
    "reading",
    "scrolls",
    "internal",
    "note",
    "thought",
    "aside",
    "tone",
    "voice",
    "end",
    "background",
    "sound",
    "ring",
    "rings",
    "dial",
    "inaudible",
    "tool",
    "calls",
    "calling",
    "booking",
    "processing",
    "loading",
    "action",
    "system",
];

/// Whether the text ends inside something that has to be seen whole.
pub(super) fn is_open(raw: &str) -> bool {
    if !raw.bytes().any(|byte| matches!(byte, b'`' | b'<' | b'{' | b'(' | b'[' | b'*')) {
        return false;
    }
    let mut at = 0;
    while let Some(c) = raw.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &raw[at..];
        let end = match construct(rest) {
            Some(Construct { end: Some(end), .. }) => end,
            // What is not closed yet may still be, if it is one of those that hold what is never spoken, or is short.
            Some(Construct { end: None, endless, .. }) if endless || rest.len() <= LONGEST_ASIDE => return true,
            _ => c.len_utf8(),
        };
        at += end;
    }
    false
}

/// The text as it can be spoken, with single spaces. `line_start`: it begins a line, so "- " is no dash.
pub(super) fn clean(raw: &str, line_start: bool) -> String {
    let simple = |byte: u8| byte.is_ascii_alphanumeric() || b" ,.!?':;$%\"".contains(&byte);
    if raw.bytes().all(simple) && !(line_start && raw.trim_start().starts_with(|c: char| c.is_ascii_digit())) {
        return single_spaced(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut line_start = line_start;
    let mut listed = false;
    let mut at = 0;
    while let Some(c) = raw.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &raw[at..];
        if line_start && !c.is_whitespace() {
            line_start = false;
            if let Some(marker) = list_marker(rest) {
                listed = true;
                at += marker;
                continue;
            }
        }
        if c == '\n' {
            let next = rest.trim_start();
            let blank = rest[..rest.len() - next.len()].matches('\n').count() > 1;
            let word_before = out.trim_end().ends_with(char::is_alphanumeric);
            if word_before && !next.is_empty() {
                let next_listed = list_marker(next).is_some() || next.starts_with('|');
                out.truncate(out.trim_end().len());
                match (next_listed, listed || blank) {
                    (true, _) => out.push_str(", "),
                    (false, true) => out.push_str(". "),
                    (false, false) => out.push(' '),
                }
            } else {
                out.push(' ');
            }
            listed = false;
            line_start = true;
            at += 1;
            continue;
        }
        if let Some(found) = construct(rest) {
            match found.end {
                Some(end) => {
                    speak(&found, &rest[..end], &mut out);
                    at += end;
                    continue;
                }
                None if found.endless => break,
                None => {}
            }
        }
        if c == '&'
            && let Some((text, length)) = entity(rest)
        {
            out.push_str(&text);
            at += length;
            continue;
        }
        if let Some(scheme) =
            ["https://", "http://", "mailto:", "tel:"].iter().find(|scheme| rest.starts_with(**scheme))
        {
            at += scheme.len();
            continue;
        }
        spoken_char(c, rest, &mut out);
        at += c.len_utf8();
    }
    let mut text = tidy(&single_spaced(&out));
    // A comma that took the place of something is not the last word.
    if !raw.chars().rev().take_while(|c| !c.is_alphanumeric()).any(|c| c == ',') {
        text.truncate(text.trim_end_matches([',', ' ']).len());
    }
    text
}

fn spoken_char(c: char, rest: &str, out: &mut String) {
    let in_word =
        |out: &str| out.ends_with(char::is_alphanumeric) && rest.chars().nth(1).is_some_and(char::is_alphanumeric);
    match c {
        // The last bar of a row divides nothing.
        '|' if rest[1..].trim_start_matches([' ', '\t', '\r']).chars().next().is_none_or(|next| next == '\n') => {}
        '|' | '(' | ')' => out.push_str(", "),
        '_' if in_word(out) => out.push('_'),
        '*' | '_' | '~' | '`' | '#' | '\\' | '^' | '<' | '>' | '{' | '}' | '[' | ']' => {}
        '=' => out.push_str(" = "),
        c if c.is_whitespace() => out.push(' '),
        c if is_invisible(c) => {}
        '‐' | '‑' => out.push('-'),
        c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) || SPOKEN.contains(c) => {
            out.push(c);
        }
        _ => out.push(' '),
    }
}

/// Signs that a voice makes something of.
const SPOKEN: &str = ".,;:!?'\"-/%&@+$€£¥¢₹°’‘“”„«»–—…¿¡·。、，？！：";

/// Characters that nobody sees: zero-width ones, marks of direction, controls, soft hyphens.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Something in brackets of whatever kind, from the start of a text.
struct Construct {
    kind: Kind,
    /// Where it ends (bytes); none when it is not closed in this text.
    end: Option<usize>,
    /// Unclosed, it hides all that follows.
    endless: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Never spoken: code, JSON, tags and what some of them enclose.
    Hidden,
    Paren,
    /// The text of a link; its bytes.
    Link(usize, usize),
    /// Between stars, so many.
    Stars(usize),
}

fn construct(rest: &str) -> Option<Construct> {
    let some = |kind, end, endless| Some(Construct { kind, end, endless });
    let after = |pattern: &str, from: usize| rest.get(from..)?.find(pattern).map(|at| from + at + pattern.len());
    match rest.as_bytes().first()? {
        b'`' if rest.starts_with("```") => some(Kind::Hidden, after("```", 3), true),
        b'<' => tag(rest),
        b'{' => some(Kind::Hidden, balanced(rest, b'{', b'}'), true),
        b'(' => some(Kind::Paren, balanced(rest, b'(', b')').filter(|end| *end <= LONGEST_ASIDE), false),
        b'[' => Some(bracket(rest)),
        b'!' if rest.starts_with("![") => {
            let found = bracket(&rest[1..]);
            some(Kind::Hidden, found.end.map(|end| end + 1), false)
        }
        b'*' => {
            let count = rest.bytes().take_while(|byte| *byte == b'*').count();
            // "* item", "2 * 3": no emphasis begins before a space.
            let opens = rest[count..].chars().next().is_none_or(|next| !next.is_whitespace());
            if !opens || count > 3 {
                return None;
            }
            let end = after(&"*".repeat(count), count).filter(|end| *end <= LONGEST_ASIDE);
            some(Kind::Stars(count), end, false)
        }
        _ => None,
    }
}

fn tag(rest: &str) -> Option<Construct> {
    let inside = &rest[1..];
    let begins = inside.chars().next();
    if let Some(begins) = begins
        && !(begins.is_ascii_alphabetic() || matches!(begins, '/' | '!' | '?' | '|'))
    {
        return None;
    }
    let close = inside.find('>').map(|at| at + 2);
    let name: String =
        inside.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>().to_lowercase();
    let Some(close) = close else {
        return Some(Construct { kind: Kind::Hidden, end: None, endless: false });
    };
    if close > LONGEST_ASIDE {
        return None;
    }
    if rest[..close].ends_with("/>") || !UNSPOKEN.contains(&&*name) {
        return Some(Construct { kind: Kind::Hidden, end: Some(close), endless: false });
    }
    let closing = format!("</{name}");
    let end = find_ignoring_case(&rest[close..], &closing)
        .and_then(|at| rest[close + at..].find('>').map(|end| close + at + end + 1));
    Some(Construct { kind: Kind::Hidden, end, endless: true })
}

fn find_ignoring_case(text: &str, pattern: &str) -> Option<usize> {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    text.windows(pattern.len().max(1)).position(|window| window.eq_ignore_ascii_case(pattern))
}

/// "[text](address)" is its text; anything else in square brackets is not spoken; a list of JSON neither.
fn bracket(rest: &str) -> Construct {
    let json = rest[1..].trim_start().starts_with(['{', '"', '[']);
    let limit = if json { usize::MAX } else { LONGEST_ASIDE };
    let Some(end) = balanced(rest, b'[', b']').filter(|end| *end <= limit) else {
        return Construct { kind: Kind::Hidden, end: None, endless: json };
    };
    if !rest[end..].starts_with('(') {
        return Construct { kind: Kind::Hidden, end: Some(end), endless: false };
    }
    let address = balanced(&rest[end..], b'(', b')').filter(|length| *length <= LONGEST_ASIDE);
    let all = address.map(|length| end + length);
    Construct { kind: Kind::Link(1, end - 1), end: all, endless: false }
}

/// Where the bracket that opens the text is closed again.
fn balanced(rest: &str, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate() {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}

fn speak(found: &Construct, text: &str, out: &mut String) {
    match found.kind {
        Kind::Hidden => out.push(' '),
        Kind::Paren => {
            let inside = clean(&text[1..text.len() - 1], false);
            if !is_stage(&inside) {
                out.push_str(", ");
                out.push_str(&inside);
                out.push_str(", ");
            }
        }
        Kind::Link(from, to) => out.push_str(&clean(&text[from..to], false)),
        Kind::Stars(count) => {
            let inside = clean(&text[count..text.len() - count], false);
            if count != 1 || !is_stage(&inside) && !is_acted(&inside) {
                out.push_str(&inside);
            }
        }
    }
}

fn is_stage(inside: &str) -> bool {
    let first: String = inside.chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    STAGE.contains(&&*first)
}

/// "adjusts headset": more than a word, and what somebody does.
fn is_acted(inside: &str) -> bool {
    let mut words = inside.split(' ');
    let first = words.next().unwrap_or_default();
    let verb = first.len() > 3 && (first.ends_with('s') || first.ends_with("ing")) && !first.ends_with("ss");
    verb && words.next().is_some() && inside.chars().next().is_some_and(char::is_lowercase)
}

/// How long the marker is that a line begins with: of a list, a heading, a quotation, a rule.
fn list_marker(line: &str) -> Option<usize> {
    let spaces = line.len() - line.trim_start().len();
    let text = &line[spaces..];
    let first = text.chars().next()?;
    let run = text.chars().take_while(|c| *c == first).count() * first.len_utf8();
    let after = text[run..].chars().next();
    let spaced = after.is_none_or(char::is_whitespace);
    let marker = match first {
        '-' | '*' | '=' | '_' if run >= 3 && spaced => run,
        '#' | '>' if spaced => run,
        '-' | '*' | '+' | '•' | '–' | '·' | '▪' | '●' | '◦' if run == first.len_utf8() && spaced => run,
        '|' => text.find('\n').unwrap_or(text.len()).min(rule_of_table(text)),
        '0'..='9' => numbered(text)?,
        _ => return None,
    };
    (marker > 0).then_some(spaces + marker)
}

/// "|---|:--:|" is nothing but a line.
fn rule_of_table(text: &str) -> usize {
    let line = text.lines().next().unwrap_or_default();
    if line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) { line.len() } else { 1 }
}

/// How months and the like begin, after a day.
const MONTHS: &[&str] = &[
    "jan", "jän", "feb", "mar", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "oct", "nov", "dez", "dec",
    "uhr",
];

/// "1. ", "2) "; but "24. November" is a date.
fn numbered(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let mut after = rest.chars();
    if digits > 2 || !matches!(after.next(), Some('.' | ')')) || !after.next().is_none_or(char::is_whitespace) {
        return None;
    }
    let word: String = rest[1..].trim_start().chars().take(3).collect::<String>().to_lowercase();
    (!MONTHS.contains(&&*word)).then_some(digits + 1)
}

fn entity(rest: &str) -> Option<(String, usize)> {
    let end = rest.get(1..)?.find(';').filter(|end| (2..=8).contains(end))?;
    let name = &rest[1..=end];
    let text = match name {
        "amp" => "&".to_owned(),
        "nbsp" | "lt" | "gt" | "zwj" | "zwnj" | "shy" => " ".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" | "rsquo" | "lsquo" => "'".to_owned(),
        "mdash" | "ndash" => " — ".to_owned(),
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !is_invisible(*c)).map(String::from).unwrap_or_default()
        }
    };
    Some((text, end + 2))
}

fn single_spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Takes back what taking out leaves behind: spaces before commas, commas after commas.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ',' | '.' | '!' | '?' | ';' | ':') && out.ends_with(' ') && !out.ends_with(". ") {
            out.pop();
        }
        if out.ends_with(',') && matches!(c, ',' | '.' | '!' | '?' | ';' | ':') {
            out.pop();
        }
        if c == ',' && (out.is_empty() || out.ends_with(['.', '!', '?', ';', ':'])) && !out.ends_with("m.") {
            continue;
        }
        out.push(c);
    }
    let spoken =
        out.trim_start_matches([' ', ',', ';', ':', '.', '-', '!', '?', '/', '=', '%', '+', '&', '@', '"', '\'']);
    // "…and so on" keeps its beginning only when nothing but signs stands before it.
    let kept = if spoken.is_empty() {
        ""
    } else if out.starts_with(['"', '-']) {
        &*out
    } else {
        out.trim_start_matches([' ', ',', ';', ':', '/', '='])
    };
    kept.trim_end().to_owned()
}
