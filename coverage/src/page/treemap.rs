//! A squarified treemap (Bruls, Huizing, van Wijk: "Squarified Treemaps", 2000): rectangles of given areas, as near to
//! squares as may be.

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Lays out `areas`, largest first and all above zero, in `room`. The rectangles come in the same order; their areas are in
/// the same proportion and fill the room.
#[must_use]
pub fn layout(areas: &[f64], room: Rectangle) -> Vec<Rectangle> {
    let sum: f64 = areas.iter().sum();
    let scale = room.width * room.height / sum;
    let areas: Vec<f64> = areas.iter().map(|area| area * scale).collect();
    let (mut out, mut room, mut rest) = (Vec::new(), room, areas.as_slice());
    while !rest.is_empty() {
        let side = room.width.min(room.height);
        let mut taken = 1;
        while taken < rest.len() && worst(&rest[..=taken], side) <= worst(&rest[..taken], side) {
            taken += 1;
        }
        let (row, later) = rest.split_at(taken);
        room = place(row, room, &mut out);
        rest = later;
    }
    out
}

/// The largest ratio of sides in a row along a side.
fn worst(row: &[f64], side: f64) -> f64 {
    let sum: f64 = row.iter().sum();
    let ratio = |area: &f64| (side * side * area / (sum * sum)).max(sum * sum / (side * side * area));
    row.iter().map(ratio).fold(0.0, f64::max)
}

/// Places a row along the shorter side, and returns the room that is left.
fn place(row: &[f64], room: Rectangle, out: &mut Vec<Rectangle>) -> Rectangle {
    let sum: f64 = row.iter().sum();
    let Rectangle { mut x, mut y, width, height } = room;
    if width >= height {
        let thick = sum / height;
        for area in row {
            out.push(Rectangle { x, y, width: thick, height: area / thick });
            y += area / thick;
        }
        Rectangle { x: room.x + thick, width: (width - thick).max(f64::MIN_POSITIVE), ..room }
    } else {
        let thick = sum / width;
        for area in row {
            out.push(Rectangle { x, y, width: area / thick, height: thick });
            x += area / thick;
        }
        Rectangle { y: room.y + thick, height: (height - thick).max(f64::MIN_POSITIVE), ..room }
    }
}
