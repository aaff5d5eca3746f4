//! One's own account: name, password, where one is signed in, and one's businesses.

use super::doors::Doors;

pub(super) fn doors(doors: Doors) -> Doors {
    doors
}
