//! What callers may book beside a connected calendar, and what comes to stand in it.
