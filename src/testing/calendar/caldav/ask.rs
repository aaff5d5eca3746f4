//! What a request's XML asks for.

use jiff::Timestamp;
use quick_xml::{
    NsReader,
    events::Event,
    name::{Namespace, ResolveResult},
};

use super::ical::moment;
use crate::ports::calendar::Interval;

/// Namespaces by the letters that stand for them here.
const SPACES: [(&str, &str); 3] =
    [("DAV:", "d"), ("urn:ietf:params:xml:ns:caldav", "c"), ("http://calendarserver.org/ns/", "s")];

/// A question, read.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// "c:calendar-query".
    pub(super) name: String,
    /// "d:getetag", and so on.
    pub(super) props: Vec<String>,
    pub(super) range: Option<Interval>,
    /// The server is to unfold recurrences in this range.
    pub(super) expand: Option<Interval>,
    pub(super) hrefs: Vec<String>,
    pub(super) token: Option<String>,
    /// Components that are looked for.
    pub(super) components: Vec<String>,
}

/// Nothing: it is no XML, or none that a server reads.
pub(super) fn question(body: &[u8]) -> Option<Question> {
    let text = std::str::from_utf8(body).ok()?;
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut asked = Question::default();
    let mut open: Vec<String> = Vec::new();
    let mut words = String::new();
    loop {
        let (space, event) = reader.read_resolved_event().ok()?;
        let space = match space {
            ResolveResult::Bound(Namespace(uri)) => {
                SPACES.iter().find(|(other, _)| *other == uri).map(|(_, short)| *short)
            }
            _ => None,
        };
        match event {
            Event::Start(tag) => {
                let name = format!("{}:{}", space.unwrap_or("x"), tag.local_name().into_inner());
                let attribute =
                    |name: &str| tag.try_get_attribute(name).ok().flatten().map(|found| found.value.into_owned());
                let time = |name: &str| attribute(name).map(|value| moment("", &value));
                let range = || -> Option<Interval> {
                    let from = time("start").unwrap_or(Some(Timestamp::MIN))?;
                    Some(Interval { from, to: time("end").unwrap_or(Some(Timestamp::MAX))? })
                };
                match name.as_str() {
                    _ if open.is_empty() => asked.name.clone_from(&name),
                    "c:time-range" => asked.range = Some(range()?),
                    "c:expand" => asked.expand = Some(range()?),
                    "c:comp-filter" => asked.components.extend(attribute("name")),
                    _ if open.last().is_some_and(|parent| parent == "d:prop") => asked.props.push(name.clone()),
                    _ => {}
                }
                open.push(name);
                words.clear();
            }
            Event::Text(text) => words.push_str(&text.xml10_content()),
            Event::GeneralRef(name) => words.push_str(quick_xml::escape::resolve_xml_entity(&name)?),
            Event::End(_) => match open.pop()?.as_str() {
                "d:href" => asked.hrefs.push(words.trim().to_owned()),
                "d:sync-token" if open.len() == 1 => asked.token = Some(words.trim().to_owned()),
                _ => {}
            },
            Event::DocType(_) => return None,
            Event::Eof => return (open.is_empty() && !asked.name.is_empty()).then_some(asked),
            _ => {}
        }
    }
}
