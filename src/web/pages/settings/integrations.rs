//! Calendars and other programs.

use crate::web::pages::doors::Doors;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
}
