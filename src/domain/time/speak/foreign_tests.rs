//! Times in other languages.
