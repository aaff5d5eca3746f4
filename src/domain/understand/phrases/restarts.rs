//! Words after which a caller starts again.

use std::sync::LazyLock;

use crate::domain::understand::pattern::Phrases;

/// Starts again: what follows replaces what was said before it. `false` is a decoy.
pub(in crate::domain::understand) static RESTARTS: LazyLock<Phrases<bool>> = LazyLock::new(|| {
    Phrases::new(&[
        (
            true,
            &[
                "actually",
                "i mean/meant",
                "i said",
                "sorry",
                "scratch that",
                "correction",
                "make that/it",
                "rather",
                "instead",
                "wait",
                "hold on",
                "change that/it to",
                "change to",
                "no",
                "nope",
                "not",
                "it/that is not",
                "it/that should be",
                "supposed to be",
                "on second thought/thoughts",
                "strike that",
                "let us say",
                "better yet",
                "is wrong",
                "was wrong",
                "got * wrong",
            ],
        ),
        (
            false,
            &[
                "no preference/preferences",
                "no one/body",
                "no thank/thanks/problem/worries/rush",
                "no idea",
                "not sure/certain/really/yet/fussy/picky/bothered",
                "not before/until/after/later/earlier",
                "do/does/did/can/could/will/would/is/are/was/am/have/should/might/may/had/has not",
                "why not",
                "make it to",
                "make it on",
                "would rather",
            ],
        ),
    ])
});
