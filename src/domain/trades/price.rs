//! What a price in dollars usually is elsewhere: an order of magnitude that an owner corrects, never an exchange rate.

use crate::domain::money::{Currency, Money};

/// How many of it a service for one US dollar usually costs, in hundredths.
const PER_DOLLAR: &[(&str, u32)] = &[
    ("USD", 100),
    ("EUR", 85),
    ("GBP", 75),
    ("CHF", 140),
    ("CAD", 125),
    ("AUD", 140),
    ("NZD", 145),
    ("DKK", 700),
    ("NOK", 900),
    ("SEK", 850),
    ("PLN", 250),
    ("CZK", 1300),
    ("HUF", 20_000),
    ("RON", 250),
    ("JPY", 9000),
    ("INR", 1000),
    ("BRL", 200),
    ("MXN", 800),
    ("ZAR", 700),
    ("AED", 250),
    ("SGD", 110),
    ("HKD", 600),
    ("ILS", 300),
    ("TRY", 1500),
];

/// A round amount that such a service could cost. Nothing for money that is not in the list.
pub(super) fn usual(dollars: u32, currency: Currency) -> Option<Money> {
    let (_, factor) = PER_DOLLAR.iter().find(|(code, _)| *code == currency.code())?;
    let amount = dollars * factor / 100;
    // To a step that prices there are usually made of: one hundredth of the amount's own size, on a 5.
    let step = match amount {
        0..200 => 5,
        200..2000 => 10,
        2000..20_000 => 100,
        _ => 500,
    };
    let round = ((amount + step / 2) / step).max(1) * step;
    Some(Money::new(round * Money::new(1, currency).unit(), currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_round_in_every_money() {
        let told = |dollars, code: &str| {
            usual(dollars, code.parse().unwrap()).map(|price| price.to_string()).unwrap_or_default()
        };
        assert_eq!(told(45, "USD"), "45.00 USD");
        assert_eq!(told(45, "EUR"), "40.00 EUR");
        assert_eq!(told(45, "JPY"), "4100 JPY");
        assert_eq!(told(110, "DKK"), "770.00 DKK");
        assert_eq!(told(45, "KWD"), "");
    }
}
