//! XML as servers answer it, as a small tree: names by their namespace and never by their prefix, no document type, no
//! entities but XML's own five, at most so deep and so many elements.

use quick_xml::{
    NsReader,
    escape::resolve_xml_entity,
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
};
use thiserror::Error;

const DEEPEST: usize = 24;
const MOST: usize = 100_000;
/// Of the attributes only these are ever asked for.
const KEPT: &str = "name";

/// The namespaces that have something to say to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// RFC 4918.
    Dav,
    /// RFC 4791.
    CalDav,
    /// Of Apple's calendar server: `getctag`.
    Server,
    Other,
}

#[derive(Debug)]
pub(super) struct Node {
    space: Space,
    name: String,
    /// The attribute `name`.
    pub(super) named: Option<String>,
    pub(super) children: Vec<Node>,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not the XML that is expected: {0}")]
pub(super) struct Unreadable(pub(super) &'static str);

impl Node {
    pub(super) fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    pub(super) fn all<'n>(&'n self, space: Space, name: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |child| child.is(space, name))
    }

    pub(super) fn child(&self, space: Space, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(space, name))
    }

    /// Anywhere below, or this one.
    pub(super) fn holds(&self, space: Space, name: &str) -> bool {
        self.is(space, name) || self.children.iter().any(|child| child.holds(space, name))
    }
}

/// Reads a whole document.
pub(super) fn read(text: &str) -> Result<Node, Unreadable> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Node> = Vec::new();
    let mut count = 0;
    let mut root = None;
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|_| Unreadable("not well formed"))?;
        let space = match space {
            ResolveResult::Bound(Namespace("DAV:")) => Space::Dav,
            ResolveResult::Bound(Namespace("urn:ietf:params:xml:ns:caldav")) => Space::CalDav,
            ResolveResult::Bound(Namespace("http://calendarserver.org/ns/")) => Space::Server,
            _ => Space::Other,
        };
        match event {
            Event::Start(tag) => {
                count += 1;
                if open.len() >= DEEPEST || count > MOST {
                    return Err(Unreadable("too deep or too much"));
                }
                if root.is_some() {
                    return Err(Unreadable("two documents"));
                }
                open.push(node(space, &tag)?);
            }
            Event::End(_) => {
                let done = open.pop().ok_or(Unreadable("an end without a beginning"))?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => root = Some(done),
                }
            }
            Event::Text(words) => append(&mut open, &words.xml10_content()),
            Event::CData(words) => append(&mut open, &words.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|_| Unreadable("an odd character"))?;
                match (character, resolve_xml_entity(&reference)) {
                    (Some(c), _) => append(&mut open, c.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => append(&mut open, text),
                    (None, None) => return Err(Unreadable("an entity of its own")),
                }
            }
            Event::DocType(_) => return Err(Unreadable("a document type")),
            Event::Eof if open.is_empty() => return root.ok_or(Unreadable("empty")),
            Event::Eof => return Err(Unreadable("cut off")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Empty(_) => {}
        }
    }
}

fn node(space: Space, tag: &BytesStart<'_>) -> Result<Node, Unreadable> {
    let named = tag.try_get_attribute(KEPT).map_err(|_| Unreadable("odd attributes"))?;
    let named = named.map(|attribute| attribute.value.into_owned());
    let name = tag.local_name().into_inner().to_owned();
    Ok(Node { space, name, named, children: Vec::new(), text: String::new() })
}

fn append(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_count_by_their_namespace() {
        let text = r#"<?xml version="1.0"?><x:multistatus xmlns:x="DAV:" xmlns="urn:ietf:params:xml:ns:caldav">
            <x:prop><calendar/><comp name="VEVENT"/></x:prop><calendar xmlns="other">a&amp;&#65;<![CDATA[<b>]]></calendar>
            </x:multistatus>"#;
        let root = read(text).unwrap();
        assert!(root.is(Space::Dav, "multistatus"));
        let prop = root.child(Space::Dav, "prop").unwrap();
        assert!(prop.child(Space::CalDav, "calendar").is_some());
        assert_eq!(prop.child(Space::CalDav, "comp").unwrap().named.as_deref(), Some("VEVENT"));
        assert_eq!(root.child(Space::Other, "calendar").unwrap().text, "a&A<b>");
    }

    #[test]
    fn a_document_type_an_entity_a_cut_and_depth_are_refused() {
        let lol = r#"<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>"#;
        assert_eq!(read(lol).unwrap_err(), Unreadable("a document type"));
        assert_eq!(read("<a>&b;</a>").unwrap_err(), Unreadable("an entity of its own"));
        assert_eq!(read("<a><b></b>").unwrap_err(), Unreadable("cut off"));
        assert!(read("<a><b></a>").is_err() && read("").is_err() && read("<a/><a/>").is_err());
        assert!(read(&"<a>".repeat(100_000)).is_err());
        assert!(read("<!doctype html><title>Sign in</title><p>Please sign in.").is_err());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "[<>&;#x0-9a-c/!\\[\\]\"'= -]{0,60}") {
            let _ = read(&text);
        }
    }
}
