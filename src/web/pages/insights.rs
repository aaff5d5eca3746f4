//! What the calls came to, as charts with the numbers beneath.

use super::doors::Doors;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
}
