//! The receptionist: how it greets, sounds, and what it does when unsure.

use crate::web::pages::doors::Doors;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
}
