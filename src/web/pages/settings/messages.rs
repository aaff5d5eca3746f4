//! What is texted to customers, and how it will look.

use crate::web::pages::doors::Doors;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
}
