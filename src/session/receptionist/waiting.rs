//! Whether a model has left the caller waiting: it says that it will look, calls nothing, and would never come back.

/// Beginnings of last sentences that ask for a moment, in small letters; in the languages that we have words in.
const BEGINNINGS: &[&str] = &[
    "let me check",
    "let me see",
    "let me look",
    "let me have a look",
    "let me take a look",
    "let me find",
    "let me pull",
    "let me get that",
    "let me just",
    "let me verify",
    "let me confirm",
    "one moment",
    "one second",
    "just a moment",
    "just a second",
    "just one moment",
    "give me a",
    "hold on",
    "please hold",
    "bear with me",
    "hang on",
    "i'll check",
    "i will check",
    "i'll look",
    "i'll take a look",
    "i'm checking",
    "checking",
    "looking",
    "un momento",
    "déjeme ver",
    "un instant",
    "je regarde",
    "je vérifie",
    "einen moment",
    "ich schaue",
    "moment bitte",
    "un attimo",
    "controllo",
    "um momento",
    "deixe-me ver",
    "een moment",
    "ik kijk even",
];

/// Openers that may stand before them.
const OPENERS: &[&str] = &[
    "sure",
    "okay",
    "ok",
    "of course",
    "certainly",
    "great",
    "alright",
    "all right",
    "thanks",
    "thank you",
    "well",
    "so",
    "yes",
];

pub(super) fn asks_to_wait(said: &str) -> bool {
    let said = said.trim_end().trim_end_matches(['.', '!', '…', ' ']);
    if said.ends_with('?') {
        return false;
    }
    let last = said.rsplit(['.', '!', '?']).next().unwrap_or_default().to_lowercase().replace('’', "'");
    let mut last = last.trim();
    while let Some((opener, rest)) = last.split_once(',') {
        if !OPENERS.contains(&opener.trim()) {
            break;
        }
        last = rest.trim();
    }
    BEGINNINGS.iter().any(|beginning| last.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::asks_to_wait;

    #[test]
    fn who_says_that_they_look_and_does_not_keeps_the_caller_waiting() {
        for said in [
            "Let me check.",
            "Sure, let me have a look at that for you.",
            "Great! One moment, please.",
            "Okay, I’ll check…",
        ] {
            assert!(asks_to_wait(said), "{said}");
        }
        for said in [
            "Let me check. We're open until six.",
            "Let me check, is Friday fine?",
            "Your name, please.",
            "",
            "Checking accounts are at the bank?",
        ] {
            assert!(!asks_to_wait(said), "{said}");
        }
    }
}
