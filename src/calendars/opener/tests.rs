//! Who gets a token, and how often the vendor is asked for one.
