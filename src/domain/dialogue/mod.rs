//! The conversation as a pure machine: an event goes in, effects come out.
