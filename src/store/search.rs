//! What is typed into a search box, as a pattern for `like`.

/// Longer than anything that is looked for.
const LONGEST: usize = 80;

/// Anything with these characters in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    typed: String,
    lower: String,
}

impl Pattern {
    /// Nothing: there is nothing to look for. At most 80 characters count; `%`, `_` and `\` stand for themselves.
    pub fn of(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().filter(|c| *c != '\0').take(LONGEST).collect();
        let mut typed = String::from("%");
        for c in text.trim().chars() {
            if matches!(c, '%' | '_' | '\\') {
                typed.push('\\');
            }
            typed.push(c);
        }
        if typed.len() == 1 {
            return None;
        }
        typed.push('%');
        let lower = typed.to_lowercase();
        Some(Self { typed, lower })
    }

    /// As typed: SQLite's `lower` knows ASCII only.
    pub(super) fn typed(&self) -> &str {
        &self.typed
    }

    pub(super) fn lower(&self) -> &str {
        &self.lower
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_what_was_typed_and_nothing_else() {
        assert_eq!(Pattern::of(" 100% \\ a_b ").unwrap().typed(), "%100\\% \\\\ a\\_b%");
        assert_eq!(Pattern::of("Ágnes").unwrap().lower(), "%ágnes%");
        assert_eq!(Pattern::of(" \0 "), None);
        assert_eq!(Pattern::of(&"x".repeat(500)).unwrap().typed().len(), 82);
    }
}
