//! What stands before a name, and the number somebody calls from.

use std::sync::LazyLock;

use crate::domain::understand::pattern::Phrases;

/// What comes before a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::domain::understand) enum NameCue {
    /// "My name is": a name follows, whatever it is.
    Sure,
    /// "For", "under": a name follows if it is written as one.
    Written,
    /// "I'm", "this is": a name may follow.
    Maybe,
    /// "It's": a name may follow when one was asked for.
    Asked,
    /// "First name", "last name": a part of it follows.
    First,
    Last,
}

pub(in crate::domain::understand) static NAME_CUES: LazyLock<Phrases<NameCue>> = LazyLock::new(|| {
    use NameCue::{Asked, First, Last, Maybe, Sure, Written};
    Phrases::new(&[
        (
            Sure,
            &[
                "my/the full? name 's/is/will/would be?",
                "^ name is",
                "my name",
                "name of",
                "under the name of?",
                "use the name",
                "on the? name of?",
                "for/under the name",
                "my names",
                "under my name",
                "known as",
                "i am called",
                "call me",
                "you can call me",
                "i go by",
                "name is",
                "this is me",
                "put it under",
                "put me down as",
                "in the name of",
                "my name should be",
                "i said my name is",
            ],
        ),
        (Maybe, &["i am", "this is", "here is", "i meant", "am called"]),
        (Maybe, &["for my wife/husband/son/daughter/mother/father/mum/mom/dad/partner/friend/sister/brother"]),
        (
            Asked,
            &[
                "it is",
                "that is",
                "that would be",
                "it would be",
                "make that",
                "actually",
                "is",
                "i said",
                "no",
                "sorry",
                "not",
            ],
        ),
        (Written, &["for", "under", "on behalf of", "made/booked/reserved/is by"]),
        (First, &["my? first/given/christian name is/'s?", "first name"]),
        (Last, &["my? last/second/family name is/'s?", "my? surname is/'s?", "last/family name", "surname"]),
    ])
});

/// The number the caller calls from.
pub(in crate::domain::understand) static THIS_NUMBER: LazyLock<Phrases<()>> = LazyLock::new(|| {
    Phrases::new(&[(
        (),
        &[
            "this number",
            "this one $",
            "^ this one",
            "this phone",
            "same number",
            "the same one",
            "number i am calling/ringing/phoning/on",
            "one i am calling/ringing/phoning/on",
            "number you see/have",
            "number * calling from",
            "one * calling from",
            "what i am calling from",
            "calling from $",
            "calling you from $",
            "my current number",
            "number on your screen/display",
            "number that is? showing",
            "caller id",
            "the number you have on file?",
        ],
    )])
});
