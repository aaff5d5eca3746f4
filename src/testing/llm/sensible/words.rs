//! What it says, in a handful of ways each; and which of its questions stands at the end of a text.

/// What can be asked of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Open,
    Service,
    Staff,
    Time,
    /// Another time, for an appointment they have.
    NewTime,
    Which,
    Name,
    Number,
    ReadBack,
    Change,
    WhoseName,
    WhichDay,
    CancelIt,
    Message,
    OfferMessage,
    OfferPerson,
    Else,
}

impl Question {
    /// The ways it is put. The server has words of its own for those that have none here.
    pub(super) fn ways(self) -> &'static [&'static str] {
        match self {
            Self::Open => &["How can I help?", "What can I help you with today?"],
            Self::Service => {
                &["What is the appointment for?", "Which service would you like?", "What should we do for you?"]
            }
            Self::Staff => &["Who would you like to come to?", "Is there somebody you would like to come to?"],
            Self::Time => {
                &["When would suit you?", "What day and time would be good?", "When were you hoping to come in?"]
            }
            Self::NewTime => &["When would you like to come instead?", "What day and time would you rather have?"],
            Self::Which => &[
                "Which of those suits you best?",
                "Would any of those be good?",
                "Which one shall it be?",
                "Would that be good for you?",
                "How does that sound?",
                "Does that suit you?",
            ],
            Self::Name => &["What name shall I put it under?", "And who is it for?", "Could I have your name?"],
            Self::Number => &["What's the best number to reach you on?"],
            Self::Change => &["What should be different?", "What would you like to change?"],
            Self::WhoseName => &["What name is it booked under?", "Whose name is that appointment under?"],
            Self::WhichDay => &["What day is your appointment?", "Which day is it booked for?"],
            Self::Message => &["What should I tell them?", "What would you like me to pass on?"],
            Self::OfferMessage => &["Shall I take a message, so that somebody calls you back?"],
            Self::OfferPerson => &["Shall I put you through to somebody?"],
            Self::Else => {
                &["Is there anything else I can help with?", "Can I do anything else for you?", "Anything else today?"]
            }
            Self::ReadBack | Self::CancelIt => &[],
        }
    }

    const ALL: [Self; 15] = [
        Self::Open,
        Self::Service,
        Self::Staff,
        Self::Time,
        Self::NewTime,
        Self::Which,
        Self::Name,
        Self::Number,
        Self::Change,
        Self::WhoseName,
        Self::WhichDay,
        Self::Message,
        Self::OfferMessage,
        Self::OfferPerson,
        Self::Else,
    ];
}

/// Which question of its own a text ends with.
pub(super) fn asked_in(text: &str) -> Option<Question> {
    let text = text.trim_end();
    Question::ALL.into_iter().find(|question| question.ways().iter().any(|way| text.ends_with(way)))
}

pub(super) const OPENERS: &[&str] = &["Let me have a look.", "Sure, let me check.", "Let me see what there is."];
pub(super) const SURE: &[&str] = &["Of course.", "Sure.", "With pleasure."];
pub(super) const SORRY: &[&str] = &["Sorry, I didn't get that.", "Sorry, I didn't quite catch that."];
pub(super) const LEFT: &[&str] = &["No problem, then we leave it.", "That's fine, I've put nothing in the book."];
pub(super) const TAKE_YOUR_TIME: &[&str] = &["Of course, take your time.", "No hurry at all."];

/// "ten, eleven or two"
pub(super) fn or(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
