//! Access tokens: one refresh for everybody, and never a loop.
