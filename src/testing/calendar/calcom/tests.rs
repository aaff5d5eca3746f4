//! Of the double itself.
