//! What is sent after a booking, and what is written while a call goes on, on both engines.

mod events;
mod journal;
mod texts;
