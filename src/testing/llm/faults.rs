//! What a model's server can do instead of answering.

use std::time::Duration;

/// What is wrong with one request's answer, or with all from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Closes the connection without an answer.
    Closes,
    /// Takes the request and says nothing, for ever.
    Silent,
    /// Begins an answer, and never says a word of it.
    SilentAfterHead,
    /// The first token comes this late.
    SlowFirst(Duration),
    /// There is this long between two tokens.
    SlowBetween(Duration),
    /// This status with the vendor's own error: 401, 500, 503, 529 …
    Status(u16),
    /// 429. The text is a `Retry-After`, in seconds or a date.
    Limited(Option<String>),
    /// 400: the conversation is longer than the model can read.
    TooLong,
    /// 200, and the first event says that it is overloaded.
    OverloadedInside,
    /// 200, and after this many events one says that something failed.
    ErrorAfter(usize),
    /// The connection is cut after this many bytes of the body.
    CutAfter(usize),
    /// All events but those that end the answer, and then an orderly end.
    NoEnd,
    /// All events but the very last, and then nothing, for ever.
    StaysOpen,
    /// An orderly end with nothing before it.
    Empty,
    /// Bytes that are no events, and events that are no JSON.
    Garbage,
    /// Comments that keep the connection alive, and nothing else, for ever.
    Comments,
    /// A line that does not end.
    EndlessLine,
    /// A page for people, with 200.
    Html,
    /// A whole answer with 200, but not as a stream.
    NotAStream,
    /// Goes on for this many tokens.
    ManyTokens(usize),
    /// It is cut for its length in the middle of the last call's arguments, or of the words if there is no call.
    HalfArguments,
    /// The vendor's filter takes over after half of the words.
    Refuses,
    /// Another end of line for the events, and a byte order mark before them: all that the standard allows.
    OddLines(&'static str),
}
