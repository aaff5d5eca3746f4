//! Bytes in, pieces out: no I/O, so that a test can cut an answer at every byte.

use std::collections::VecDeque;

use sse_parse::SseParser;

use crate::ports::language_model::{ModelError, Piece};

/// A vendor's longest event is a few KiB; what does not end by here is none.
const LONGEST_EVENT: usize = 256 * 1024;

/// What one vendor's events mean.
pub(super) trait Events: Default + Send + 'static {
    /// Takes in the data of one event.
    fn take(&mut self, data: &str, pieces: &mut Pieces) -> Result<(), ModelError>;

    /// Whether the answer is there, and only its last formalities may be missing: then a stream that stops here has
    /// ended all the same.
    fn is_whole(&self) -> bool;

    /// The stream stops after a whole answer.
    fn conclude(&mut self, pieces: &mut Pieces);
}

/// The pieces that are ready.
#[derive(Default)]
pub(super) struct Pieces {
    ready: VecDeque<Piece>,
    ended: bool,
}

impl Pieces {
    /// Words that came together are one piece.
    pub(super) fn words(&mut self, words: String) {
        match self.ready.back_mut() {
            Some(Piece::Words(before)) => before.push_str(&words),
            _ if words.is_empty() => {}
            _ => self.ready.push_back(Piece::Words(words)),
        }
    }

    pub(super) fn call(&mut self, call: crate::ports::language_model::ToolCall) {
        self.ready.push_back(Piece::Call(call));
    }

    pub(super) fn end(&mut self, end: Piece) {
        self.ready.push_back(end);
        self.ended = true;
    }
}

/// An answer on its way through.
pub(super) struct Decoder<E> {
    parser: SseParser,
    events: E,
    pieces: Pieces,
    begun: bool,
}

impl<E: Events> Decoder<E> {
    pub(super) fn new() -> Self {
        let parser = SseParser::new().max_buffer(LONGEST_EVENT);
        Self { parser, events: E::default(), pieces: Pieces::default(), begun: false }
    }

    /// Takes in what has arrived. After an error or the end, nothing more is taken in.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
        self.parser.feed(bytes);
        while let Some(event) = self.parser.next_event() {
            if self.pieces.ended {
                return Ok(());
            }
            self.begun = true;
            self.events.take(&event.data, &mut self.pieces)?;
        }
        if self.parser.overflows() > 0 && !self.pieces.ended {
            return Err(ModelError::Broken("an event that does not end"));
        }
        Ok(())
    }

    /// No more bytes come.
    pub(super) fn close(&mut self) -> Result<(), ModelError> {
        if self.pieces.ended {
            Ok(())
        } else if self.events.is_whole() {
            self.events.conclude(&mut self.pieces);
            Ok(())
        } else if self.begun {
            Err(ModelError::Broken("cut off"))
        } else {
            Err(ModelError::Broken("empty"))
        }
    }

    pub(super) fn next(&mut self) -> Option<Piece> {
        self.pieces.ready.pop_front()
    }

    /// Whether words are the next piece.
    pub(super) fn has_words(&self) -> bool {
        matches!(self.pieces.ready.front(), Some(Piece::Words(_)))
    }

    pub(super) fn is_whole(&self) -> bool {
        self.events.is_whole()
    }

    pub(super) fn has_ended(&self) -> bool {
        self.pieces.ended
    }
}
