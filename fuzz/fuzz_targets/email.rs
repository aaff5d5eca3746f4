//! An e-mail address, written or said: what is taken stays itself, and what is said of it is ours to say.
#![no_main]

use std::sync::LazyLock;

use deskbell::{
    domain::{
        business::Business,
        email::EmailAddress,
        understand::{Expecting, understand},
    },
    testing::salon,
};
use libfuzzer_sys::fuzz_target;

static SALON: LazyLock<Business> = LazyLock::new(salon);

fuzz_target!(|text: &str| {
    let said = understand(text, &SALON, Expecting::Anything).email.map(|email| email.address);
    for address in [EmailAddress::parse(text).ok(), said].into_iter().flatten() {
        assert_eq!(EmailAddress::parse(address.as_str()).as_ref(), Ok(&address));
        assert!(address.as_str().len() <= 254 && !address.spoken().is_empty());
    }
});
