//! The lines of iCalendar (RFC 5545, 3.1): read without losing anything, and written back.

use std::fmt::Write as _;

use super::Unclear;

/// A calendar in an event in a calendar is deep enough.
const DEEPEST: usize = 8;
/// Content lines of one resource.
const MOST_LINES: usize = 100_000;
/// Octets of a written line, without its end.
const WIDEST: usize = 75;

/// A content line. Its name and its parameters' names are in capitals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Line {
    pub(in super::super) name: String,
    params: Vec<(String, String)>,
    /// As it stands there: escaped, when it is text.
    pub(in super::super) value: String,
    /// As it came, unfolded.
    raw: String,
}

impl Line {
    /// A line of our own. `value` is not escaped here.
    pub(in super::super) fn new(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), params: Vec::new(), value: value.to_owned(), raw: format!("{name}:{value}") }
    }

    /// A line with text for people to read in it.
    pub(in super::super) fn text(name: &str, text: &str) -> Self {
        Self::new(name, &escaped(text))
    }

    /// A parameter's value; of several, as they stand there.
    pub(in super::super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A line that is none (no colon, an odd name) is kept, with no name.
    fn read(raw: String) -> Self {
        match split(&raw) {
            Some((name, params, value)) => Self { name, params, value, raw },
            None => Self { name: String::new(), params: Vec::new(), value: String::new(), raw },
        }
    }
}

type Parts = (String, Vec<(String, String)>, String);

/// `name *(";" param "=" value) ":" value`, where a parameter's value may be quoted.
fn split(raw: &str) -> Option<Parts> {
    let end = raw.find([';', ':'])?;
    let name = &raw[..end];
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') {
        return None;
    }
    // "item1.DTSTART": a group, as in vCard. Some programs write them.
    let name = name.rsplit('.').next().unwrap_or(name).to_ascii_uppercase();
    let mut params = Vec::new();
    let mut rest = &raw[end..];
    while let Some(after) = rest.strip_prefix(';') {
        let equals = after.find('=')?;
        let key = after[..equals].to_ascii_uppercase();
        let (value, left) = param_value(&after[equals + 1..])?;
        params.push((key, value));
        rest = left;
    }
    Some((name, params, rest.strip_prefix(':')?.to_owned()))
}

/// The value up to the `;` or `:` that ends it, without quotes.
fn param_value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' | ':' if !quoted => return Some((value, &text[at..])),
            c => value.push(c),
        }
    }
    None
}

/// `BEGIN:…` to `END:…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Component {
    pub(in super::super) name: String,
    pub(in super::super) lines: Vec<Line>,
    pub(in super::super) parts: Vec<Component>,
}

impl Component {
    pub(in super::super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Reads one `VCALENDAR`.
    pub(in super::super) fn read(text: &str) -> Result<Self, Unclear> {
        let mut open: Vec<Self> = Vec::new();
        let mut done: Option<Self> = None;
        for (number, line) in unfolded(text).enumerate() {
            if number >= MOST_LINES {
                return Err(Unclear::TooMuch);
            }
            let line = Line::read(line);
            match line.name.as_str() {
                "BEGIN" if open.len() >= DEEPEST => return Err(Unclear::TooMuch),
                "BEGIN" if done.is_some() => return Err(Unclear::Broken("two calendars")),
                "BEGIN" => open.push(Self::new(&line.value.trim().to_ascii_uppercase())),
                "END" => {
                    let closed = open.pop().ok_or(Unclear::Broken("an end without a beginning"))?;
                    if !closed.name.eq_ignore_ascii_case(line.value.trim()) {
                        return Err(Unclear::Broken("parts overlap"));
                    }
                    match open.last_mut() {
                        Some(parent) => parent.parts.push(closed),
                        None => done = Some(closed),
                    }
                }
                _ => match open.last_mut() {
                    Some(part) => part.lines.push(line),
                    None => return Err(Unclear::Broken("a line outside of the calendar")),
                },
            }
        }
        if !open.is_empty() {
            return Err(Unclear::Broken("cut off"));
        }
        done.filter(|calendar| calendar.name == "VCALENDAR").ok_or(Unclear::Broken("no calendar"))
    }

    pub(in super::super) fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }

    pub(in super::super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }

    pub(in super::super) fn parts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.parts.iter().filter(move |part| part.name == name)
    }

    /// Puts a line where lines of its name stood, or at the end.
    pub(in super::super) fn set(&mut self, line: Line) {
        let at = self.lines.iter().position(|old| old.name == line.name).unwrap_or(self.lines.len());
        self.lines.retain(|old| old.name != line.name);
        self.lines.insert(at.min(self.lines.len()), line);
    }

    pub(in super::super) fn remove(&mut self, name: &str) {
        self.lines.retain(|line| line.name != name);
    }

    /// As it goes over the wire: CRLF, at most 75 octets a line.
    pub(in super::super) fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out);
        out
    }

    fn write_to(&self, out: &mut String) {
        let _ = write!(out, "BEGIN:{}\r\n", self.name);
        for line in &self.lines {
            fold(&line.raw, out);
        }
        for part in &self.parts {
            part.write_to(out);
        }
        let _ = write!(out, "END:{}\r\n", self.name);
    }
}

/// Lines, with those that go on in the next one put together. Ends of lines may be any.
fn unfolded(text: &str) -> impl Iterator<Item = String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).peekable();
    std::iter::from_fn(move || {
        let mut whole = lines.find(|line| !line.trim().is_empty())?.to_owned();
        while let Some(more) = lines.peek().and_then(|line| line.strip_prefix([' ', '\t'])) {
            whole.push_str(more);
            lines.next();
        }
        Some(whole)
    })
}

fn fold(line: &str, out: &mut String) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > WIDEST {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// Text as a value (RFC 5545, 3.3.11). A caller's name is in it: what could end the line goes, new lines stay new lines.
fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\t' => out.push(' '),
            // Some programs read Unicode's own ends of lines as such.
            '\n' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// The text that a value stands for.
pub(in super::super) fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n' | 'N')) => out.push('\n'),
            ('\\', Some(other)) => out.push(other),
            (c, _) => out.push(c),
        }
    }
    out
}
