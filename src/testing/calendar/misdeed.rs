//! How a vendor goes wrong.

use std::time::Duration;

/// What becomes of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// Answered so, and not done.
    Status { status: u16, body: String, retry_after: Option<u64> },
    /// Done, after a while, and also when nobody waits for it any more.
    Slow(Duration),
    /// Done, and never answered.
    DoneUnanswered,
    /// Never answered, and done only when [`Kit::arrive`](super::Kit::arrive) says so: still under way while its sender has
    /// long given up.
    Late,
    /// Done; the answer says that it was not.
    DoneBut(u16),
    /// Neither done nor answered.
    Unanswered,
    /// Done; the answer breaks off in its middle.
    CutOff,
    /// Done; the answer is somebody's sign-in page, with 200.
    Html,
    /// Done; the answer is half of its JSON or XML, and complete as far as HTTP can tell.
    HalfABody,
    /// Done; ten megabytes of spaces stand before the answer.
    TooLong,
    /// Not done: to an address that would answer well, if one followed it.
    Redirect { to: String },
}

impl Misdeed {
    /// A refusal with a body of one's own.
    pub fn status(status: u16, body: impl Into<String>) -> Self {
        Self::Status { status, body: body.into(), retry_after: None }
    }
}

/// Which requests a misdeed is for.
#[derive(Clone, Debug)]
pub struct Trap {
    /// "POST"; empty: any.
    pub method: &'static str,
    /// A part of the path; empty: any.
    pub path: String,
    /// How many of them; the rest are treated well.
    pub times: u32,
    pub misdeed: Misdeed,
}
