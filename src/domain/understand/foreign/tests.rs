//! Answers in other languages.
