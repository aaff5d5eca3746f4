//! Where things stand in a column: rows of five minutes, and lanes beside each other where they overlap.
//!
//! No page may carry a style of its own, so a place is a few classes that calendar.css adds up: `h-3 m-6` is the row after
//! three hours and six steps, `sh-0 sm-9` nine steps long, `l-0 of-2` the first of two lanes.

/// More than so many beside each other share the last lane: nobody could read them.
const MOST: usize = 8;

/// The classes of rows [from, to) in a lane.
pub(super) fn place(rows: (u16, u16), lane: (usize, usize)) -> String {
    let (row, span) = (rows.0, rows.1.saturating_sub(rows.0).max(1));
    let beside = if lane.1 > 1 { format!(" l-{} of-{}", lane.0, lane.1) } else { String::new() };
    format!("h-{} m-{} sh-{} sm-{}{beside}", row / 12, row % 12, span / 12, span % 12)
}

/// The lane of each of these rows, and how many there are where it stands: the fewest that keep them apart. The rows are
/// in the order of their beginning.
pub(super) fn lanes(rows: &[(u16, u16)]) -> Vec<(usize, usize)> {
    let mut placed = Vec::with_capacity(rows.len());
    let (mut group, mut ends, mut until) = (0, Vec::<u16>::new(), 0);
    for (n, &(from, to)) in rows.iter().enumerate() {
        if from >= until {
            close(&mut placed, group, ends.len());
            (group, ends) = (n, Vec::new());
        }
        let lane = match ends.iter().position(|end| *end <= from) {
            Some(free) => free,
            None if ends.len() < MOST => {
                ends.push(0);
                ends.len() - 1
            }
            None => MOST - 1,
        };
        ends[lane] = ends[lane].max(to);
        until = until.max(to);
        placed.push((lane, 1));
    }
    close(&mut placed, group, ends.len());
    placed
}

fn close(placed: &mut [(usize, usize)], group: usize, lanes: usize) {
    placed[group..].iter_mut().for_each(|place| place.1 = lanes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_stands_side_by_side_and_nothing_else_does() {
        assert_eq!(lanes(&[(0, 9), (9, 18)]), [(0, 1), (0, 1)]);
        assert_eq!(lanes(&[(0, 9), (3, 6), (6, 12), (12, 15)]), [(0, 2), (1, 2), (1, 2), (0, 1)]);
        assert_eq!(lanes(&[]), []);
        let crowd = lanes(&[(0, 9); 12]);
        assert_eq!((crowd[0], crowd[11]), ((0, 8), (7, 8)));
    }

    #[test]
    fn a_place_is_a_few_classes() {
        assert_eq!(place((42, 51), (0, 1)), "h-3 m-6 sh-0 sm-9");
        assert_eq!(place((42, 42), (1, 2)), "h-3 m-6 sh-0 sm-1 l-1 of-2");
    }
}
