//! Keys, ids, names of tools and the words of the prompt: nothing that a caller should hear.

use super::words::Word;

/// Two words in a row that only somebody who reads out their instructions says.
const TALK: &[&[&str]] = &[
    &["system", "prompt"],
    &["my", "instructions"],
    &["my", "prompt"],
    &["the", "prompt"],
    &["instructions", "are"],
    &["instructions", "say"],
    &["instructions", "tell"],
    &["am", "instructed"],
    &["was", "instructed"],
    &["been", "instructed"],
    &["instructed", "to"],
    &["was", "told", "to", "never"],
    &["am", "not", "allowed", "to", "reveal"],
    &["tool", "call"],
    &["tool", "calls"],
    &["function", "call"],
    &["api", "key"],
    &["access", "token"],
    &["secret", "key"],
    &["developer", "message"],
    &["system", "message"],
    &["language", "model"],
    &["training", "data"],
    &["as", "an", "ai", "model"],
    &["json"],
    &["underscore"],
    &["my", "developer"],
    &["my", "developers"],
    &["uuid"],
    &["the", "handle"],
    &["a", "handle"],
    &["slot", "handle"],
    &["booking", "handle"],
    &["my", "guidelines"],
    &["my", "rules", "are"],
    &["my", "programming"],
    &["gpt"],
    &["chatgpt"],
    &["look", "up", "times"],
    &["answer", "from", "facts"],
    &["find", "bookings"],
    &["cancel", "booking", "tool"],
    &["take", "message", "tool"],
    &["speak", "language", "tool"],
    &["end", "call", "tool"],
    &["propose", "tool"],
    &["confirm", "tool"],
    &["the", "tool"],
    &["tool", "says"],
    &["tool", "returned"],
    &["waits", "for"],
    &["next", "free", "field"],
    &["slot", "id"],
    &["booking", "id"],
    &["session", "id"],
    &["call", "sid"],
    &["password"],
    &["passcode"],
    &["base64"],
    &["sudo"],
    &["bearer"],
    &["parameter"],
    &["parameters"],
    &["argument"],
    &["schema"],
    &["null"],
    &["undefined"],
    &["true", "false"],
    &["ignore", "previous"],
    &["previous", "instructions"],
    &["you", "are", "a", "receptionist"],
    &["you", "are", "the", "receptionist"],
    &["you", "are", "an", "ai"],
    &["you", "are", "a", "helpful"],
    &["never", "reveal"],
    &["context", "window"],
    &["backend"],
];

/// The text as it is written, and its words.
pub(super) fn are_told(text: &str, words: &[Word<'_>], known: impl Fn(&str) -> bool) -> bool {
    let token = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '“' | '”' | '(' | ')' | ';'))
        .any(|token| is_key(token.trim_matches(|c: char| !c.is_alphanumeric()), &known));
    let code = text.contains("\":")
        || text.contains("://{")
        || text.contains("=>")
        || text.contains("};")
        || text.contains("</");
    if token || code {
        return true;
    }
    let talks = |at: usize| {
        TALK.iter().any(|phrase| {
            phrase.iter().enumerate().all(|(nth, text)| words.get(at + nth).is_some_and(|word| word.is(text)))
                && !known(&phrase.join(" "))
        })
    };
    if (0..words.len()).any(talks) {
        return true;
    }
    // "Slot s 1", "b two".
    let spelled = |at: usize| {
        words[at].any(&["s", "b"])
            && words.get(at + 1).is_some_and(|next| {
                next.text.bytes().all(|byte| byte.is_ascii_digit()) && next.text.len() <= 3
                    || super::amounts::small(&next.text).is_some()
            })
            && at > 0
            && words[at - 1].any(&["slot", "handle", "option", "booking", "id", "number", "is", "to", "take"])
    };
    (0..words.len()).any(spelled)
}

fn is_key(token: &str, known: &impl Fn(&str) -> bool) -> bool {
    let bytes = token.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let handle = matches!(bytes, [b's' | b'b' | b'S' | b'B', rest @ ..] if (1..=3).contains(&rest.len()) && rest.iter().all(u8::is_ascii_digit));
    if handle {
        return !known(token);
    }
    // "look_up_times", "waitsFor".
    if token.contains('_') && letters > 1 {
        return true;
    }
    let humps = bytes.windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
    if humps >= 2 && letters > 8 && !known(token) {
        return true;
    }
    let uuid = bytes.len() == 36 && token.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let prefixed = ["sk-", "pk-", "sk_", "ghp", "eyj", "akia", "xox", "bearer"]
        .iter()
        .any(|prefix| token.len() > 12 && token.to_ascii_lowercase().starts_with(prefix));
    let times = token.contains(':') || token.contains('@');
    let random = token.len() >= 14
        && digits >= 3
        && letters >= 3
        && !times
        && token.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '/' | '='));
    let endless = letters + digits >= 28 && !token.contains('.') && !token.contains('-');
    uuid || prefixed || random && !known(token) || endless
}
