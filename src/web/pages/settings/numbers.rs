//! Phone numbers, and what to enter at the carrier.

use crate::web::pages::doors::Doors;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
}
