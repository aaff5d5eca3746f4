//! What the vendor asks over HTTP: who is believed, what is answered, and what happens to everything else.
//! Cases are named by their number in the catalogue of bad input.

mod answers;
mod genuine;
mod http;
