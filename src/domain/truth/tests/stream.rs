//! The stream: clauses, limits, splits.
